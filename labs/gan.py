"""What lesson 09 takes from labs: a GAN that draws the digit it is asked for, and a count of silent channels."""

import keras
import numpy as np
import tensorflow as tf
from keras import layers, ops

from labs import data, models

LATENT = 64  # entries of a noise vector
CLASSES = 10
AVERAGED = 0.99  # what the moving average of the weights keeps at each step
MOMENTUM = 0.9  # of batch normalization: 0.99 needs more steps than a lesson has


def conditional_generator():
    """Generator of the class asked for: keras.Model from [noise (N, 64), one-hot labels (N, 10)] to (N, 28, 28, 1)."""
    noise, labels = keras.Input((LATENT,)), keras.Input((CLASSES,))
    x = layers.Concatenate()([noise, labels])
    x = _norm_leaky(layers.Dense(7 * 7 * 64, use_bias=False)(x))
    x = layers.Reshape((7, 7, 64))(x)
    x = _norm_leaky(layers.Conv2DTranspose(32, 4, strides=2, padding="same", use_bias=False)(x))
    image = layers.Conv2DTranspose(1, 4, strides=2, padding="same", activation="tanh")(x)
    return keras.Model([noise, labels], image)


def conditional_discriminator():
    """Discriminator that knows the class: from [images (N, 28, 28, 1), one-hot labels (N, 10)] to logits (N, 1)."""
    image, labels = keras.Input((28, 28, 1)), keras.Input((CLASSES,))
    plane = layers.Reshape((28, 28, 1))(layers.Dense(28 * 28)(labels))  # the class as a second channel
    x = layers.Concatenate()([image, plane])
    for filters in (32, 64):
        x = layers.Conv2D(filters, 4, strides=2, padding="same")(x)
        x = layers.LeakyReLU(0.2)(x)
    x = layers.Dropout(0.3)(layers.Flatten()(x))
    return keras.Model([image, labels], layers.Dense(1)(x))


class ConditionalGAN(keras.Model):
    """A GAN whose two networks both get the class, as a one-hot label.

    `fit` takes batches of images (N, 28, 28, 1), -1 to 1, and one-hot labels (N, 10), and reports the losses
    `discriminator` and `generator`.

    Attributes:
        networks: dict of the two keras.Model, `discriminator` and `generator`.

    Source: Mirza, Osindero, "Conditional generative adversarial nets", 2014.
    """

    def __init__(self, discriminator_loss, generator_loss, rate=1e-3):
        """`discriminator_loss(real_logits, fake_logits)` and `generator_loss(fake_logits)` give scalars."""
        super().__init__()
        self.networks = {"discriminator": conditional_discriminator(), "generator": conditional_generator()}
        self.discriminator_loss, self.generator_loss = discriminator_loss, generator_loss
        self.adams = {}
        for name, network in self.networks.items():
            self.adams[name] = keras.optimizers.Adam(rate, beta_1=0.5, use_ema=True, ema_momentum=AVERAGED)
            self.adams[name].build(network.trainable_variables)
        self.seeds = keras.random.SeedGenerator()
        self.compile(optimizer=None)  # train_step has its own

    def load(self):
        """Give the networks the weights in `data/`, which this class learned in 6,000 steps; returns itself."""
        models.set_named_weights(self.networks, data.conditional_gan())
        return self

    def train_step(self, batch):
        real, labels = batch
        noise = keras.random.normal((ops.shape(real)[0], LATENT), seed=self.seeds)
        with tf.GradientTape(persistent=True) as tape:
            fake = self.networks["generator"]([noise, labels], training=True)
            real_logits = self.networks["discriminator"]([real, labels], training=True)
            fake_logits = self.networks["discriminator"]([fake, labels], training=True)
            losses = {
                "discriminator": self.discriminator_loss(real_logits, fake_logits),
                "generator": self.generator_loss(fake_logits),
            }
        # Both gradients before any weight moves: each network answers the other as it was.
        gradients = {
            name: tape.gradient(losses[name], network.trainable_variables)
            for name, network in self.networks.items()
        }
        for name, network in self.networks.items():
            self.adams[name].apply(gradients[name], network.trainable_variables)
        return losses

    def average(self):
        """Replace the generator's weights by their moving average: it draws more evenly than the last step."""
        self.adams["generator"].finalize_variable_values(self.networks["generator"].trainable_variables)

    def draw(self, labels, noise):
        """Images of classes.

        Args:
            labels: int array (N,), 0 to 9.
            noise: float array (N, 64).

        Returns:
            float32 array (N, 28, 28), from -1 to 1.
        """
        inputs = [np.asarray(noise), np.eye(CLASSES, dtype=np.float32)[labels]]
        return self.networks["generator"].predict(inputs, batch_size=500, verbose=0)[..., 0]


def silent_channels(network, images):
    """Channels of the last activation that no gradient passes: what they say of the images can never change.

    Args:
        network: keras.Sequential that ends with an activation, Flatten and Dense.
        images: float array (N, H, W, C).

    Returns:
        (silent, channels): ints, how many and of how many.
    """
    before = keras.Model(network.inputs, network.layers[-4].output)
    maps = tf.constant(before.predict(images, batch_size=500, verbose=0))
    with tf.GradientTape() as tape:
        tape.watch(maps)
        x = maps
        for layer in network.layers[-3:]:
            x = layer(x)
    largest = np.abs(tape.gradient(x, maps)).max(axis=(0, 1, 2))
    return int(np.sum(largest == 0)), len(largest)


def _norm_leaky(x):
    return layers.LeakyReLU(0.2)(layers.BatchNormalization(momentum=MOMENTUM)(x))
