"""How the small style-based generator of lesson 10 learns: first as the decoder of a variational autoencoder, then against a discriminator.

A GAN from the start, as in the paper, needs many more images; a decoder that restores them learns in minutes.
"""

import keras
import tensorflow as tf
from keras import layers

from labs.exercises.autoencoder import kl_divergence, reparameterize
from labs.styles import LAYERS, STAGES

BETA = 2.0  # of the autoencoder: random styles must look like those of images
RESTORING_RATE, RATE = 2e-3, 5e-4
PENALTY_EVERY, PENALTY_WEIGHT = 8, 1.0  # the gradient penalty is dear, so it comes rarely and counts more


def batches(clothes, size, seed):
    """Endless shuffled batches of uint8 images (N, 28, 28), mirrored at random, as (size, 28, 28, 1) from -1 to 1."""
    images = (clothes[..., None] / 127.5 - 1).astype("float32")
    order = tf.data.Dataset.from_tensor_slices(images).shuffle(len(images), seed=seed).repeat()
    mirrored = order.map(lambda image: tf.image.random_flip_left_right(image, seed=seed))
    return mirrored.batch(size).prefetch(2)


def noises(count):
    """Noise for all layers of `count` images."""
    return [tf.random.normal((count, side, side, 2)) for side, _channels in STAGES]


def weights_of(generator):
    """All weights of a `StyleGenerator` that learn."""
    return [weight for network in generator.networks().values() for weight in network.trainable_weights]


class Restoring:
    """The generator as the decoder of a variational autoencoder.

    Source: Kingma, Welling, "Auto-encoding variational Bayes", 2014.
    """

    def __init__(self, generator):
        self.generator = generator
        self.encoder = keras.Sequential(
            [
                keras.Input((28, 28, 1)),
                layers.Conv2D(32, 4, strides=2, padding="same", activation="relu"),
                layers.Conv2D(64, 4, strides=2, padding="same", activation="relu"),
                layers.Flatten(),
                layers.Dense(2 * generator.size),  # mean and log variance side by side
            ]
        )
        self.weights = weights_of(generator) + self.encoder.trainable_weights
        self.optimizer = keras.optimizers.Adam(RESTORING_RATE)
        self.optimizer.build(self.weights)

    @tf.function
    def step(self, images):
        """One update; the losses before it, in nats per image."""
        with tf.GradientTape() as tape:
            mean, log_variance = tf.split(self.encoder(images), 2, axis=-1)
            latents = reparameterize(mean, log_variance, tf.random.normal(tf.shape(mean)))
            styles = tf.repeat(self.generator.mapping(latents)[:, None], LAYERS, axis=1)
            restored = self.generator.synthesis([styles, *noises(len(images))])
            entropies = keras.losses.binary_crossentropy(images / 2 + 0.5, restored / 2 + 0.5)
            reconstruction = tf.reduce_mean(tf.reduce_sum(entropies, axis=(1, 2)))
            divergence = tf.reduce_mean(kl_divergence(mean, log_variance))
            loss = reconstruction + BETA * divergence
        self.optimizer.apply(tape.gradient(loss, self.weights), self.weights)
        return {"reconstruction": reconstruction, "kl": divergence}


class Adversarial:
    """The generator against a discriminator: logistic losses, mixed styles, a gradient penalty, averaged weights.

    Source: Karras, Laine, Aila, 2019; the penalty: Mescheder, Geiger, Nowozin, "Which training methods for GANs do
    actually converge?", 2018.
    """

    def __init__(self, generator, discriminator):
        self.generator, self.discriminator = generator, discriminator
        self.weights = weights_of(generator)
        self.optimizer, self.discriminator_optimizer = (
            keras.optimizers.Adam(RATE, beta_1=0.0, beta_2=0.99, use_ema=average, ema_momentum=0.99)
            for average in (True, False)
        )
        self.optimizer.build(self.weights)
        self.discriminator_optimizer.build(discriminator.trainable_weights)
        self.done = 0
        self._compiled = tf.function(self._update)  # once with the penalty, once without

    def step(self, real):
        """One update of both networks; the losses before it."""
        penalized = self.done % PENALTY_EVERY == 0
        self.done += 1
        return self._compiled(real, penalized)

    def average(self):
        """Give the generator the running average of its weights."""
        self.optimizer.finalize_variable_values(self.weights)

    def _update(self, real, penalized):
        with tf.GradientTape() as tape, tf.GradientTape() as discriminator_tape:
            fake_scores = self.discriminator(self._fakes(len(real)))
            real_scores, penalty = self._judged(real, penalized)
            loss = tf.reduce_mean(tf.nn.softplus(-fake_scores))
            discriminator_loss = tf.reduce_mean(tf.nn.softplus(fake_scores))
            discriminator_loss += tf.reduce_mean(tf.nn.softplus(-real_scores)) + penalty
        self.optimizer.apply(tape.gradient(loss, self.weights), self.weights)
        weights = self.discriminator.trainable_weights
        self.discriminator_optimizer.apply(discriminator_tape.gradient(discriminator_loss, weights), weights)
        return {"generator": loss, "discriminator": discriminator_loss}

    def _fakes(self, count):
        """Images; from a random layer on, the styles of half of them are those of another latent."""
        latents = tf.random.normal((2, count, self.generator.size))
        early, late = (self.generator.mapping(one)[:, None] for one in tf.unstack(latents))
        crossover = tf.random.uniform((count, 1, 1), 1, 2 * LAYERS, dtype=tf.int32)
        styles = tf.where(tf.range(LAYERS)[None, :, None] < crossover, early, late)
        return self.generator.synthesis([styles, *noises(count)])

    def _judged(self, real, penalized):
        """Scores of real images, and the penalty on their gradient, 0 where it is left out."""
        if not penalized:
            return self.discriminator(real), 0.0
        with tf.GradientTape() as tape:
            tape.watch(real)
            scores = self.discriminator(real)
        squares = tf.reduce_sum(tf.square(tape.gradient(scores, real)), axis=(1, 2, 3))
        return scores, PENALTY_EVERY * PENALTY_WEIGHT / 2 * tf.reduce_mean(squares)
