"""A challenge that trains the student's generator against a discriminator of the course and measures its images."""

import functools
from dataclasses import dataclass

import numpy as np

from labs.checking.exercise import Unmet
from labs.checking.training import ModelChallenge
from labs.text import _

ROUNDING = 1e-3  # by which a pixel may leave -1 to 1
RATE = 2e-3  # of Adam, for both networks
MOMENTUM = 0.5  # of Adam, smaller than usual, as Radford and others found for GANs
AVERAGED = 0.98  # what the average of the weights keeps at each step
FEATURES = "features"  # the layer of the judge whose outputs are compared


@dataclass(frozen=True, kw_only=True)
class GeneratorChallenge(ModelChallenge):
    """A `ModelChallenge` from noise to images, -1 to 1; it asks for a Fréchet distance of a judge's features.

    `load` returns (images, labels) to train generator and judge with, and (noise, images): the noise to make the
    images from that are compared with real ones. Discriminator, losses and optimizers are the same for every
    answer, so the model needs no `compile`. The score is minus the distance, so that larger is better; so is
    `asked`. Three more requirements, before training and after it: out_of_range, never_below_zero,
    always_the_same; and frozen, before.
    """

    image_shape: tuple
    build_discriminator: object  # function that returns a model from images to one logit
    discriminator_loss: object  # function of the logits of real images and of fakes
    generator_loss: object  # function of the logits of fakes
    distance: object  # function of mean and covariance of two distributions

    @property
    def output_shape(self):
        return self.image_shape

    def not_ready(self, model):
        if model.trainable_weights:
            return None
        return Unmet("frozen", _("It has no weights that can be trained."))

    def look(self, outputs):
        low, high = outputs.min(), outputs.max()
        if low < -1 - ROUNDING or high > 1 + ROUNDING:
            message = _("Its pixels go from {low:.2f} to {high:.2f}; asked for is -1 to 1.")
            return Unmet("out_of_range", message.format(low=low, high=high))
        if low >= 0:
            message = _("Its lowest pixel is {low:.2f}; those of the real images go down to -1.")
            return Unmet("never_below_zero", message.format(low=low))
        if np.ptp(outputs, axis=0).max() < ROUNDING:
            return Unmet("always_the_same", _("Its images are all equal, whatever the noise."))
        return None

    def score(self, outputs, truths):
        """Minus the Fréchet distance between the judge's features of generated and of real images."""
        if not np.isfinite(outputs).all():
            return np.nan
        features = _judge(self.load)
        statistics = []
        for images in (outputs, truths):
            values = features.predict(images, batch_size=500, verbose=0).astype(float)
            statistics += [values.mean(axis=0), np.cov(values, rowvar=False)]
        return -self.distance(*statistics)

    def found(self, count, score):
        return _("{count:,} parameters, Fréchet distance {distance:.2f} after {steps} steps").format(
            count=count, distance=-score, steps=self.steps
        )

    def missed(self, found):
        return _("{found}; it must be {wanted:.2f} or less.").format(found=found, wanted=-self.asked)

    def _train(self, model, inputs, truths, report):
        import keras

        discriminator = self.build_discriminator()
        optimizers = [_optimizer(keras, network) for network in (model, discriminator)]
        step = self._step(model, discriminator, *optimizers)
        random = np.random.default_rng(self.seed)
        for done in range(self.steps):
            real = inputs[random.integers(len(inputs), size=self.batch_size)]
            step(real, _noise(random, self.batch_size, self.input_shape))
            report((done + 1) / self.steps)
        # Averaged weights: the last steps alone would make the score a matter of luck.
        optimizers[0].finalize_variable_values(model.trainable_variables)
        return self.look(model.predict(_noise(random, self.batch_size, self.input_shape), verbose=0))

    def _step(self, generator, discriminator, generator_optimizer, discriminator_optimizer):
        """A function of real images and noise that takes one step of both networks."""
        import tensorflow as tf

        @tf.function  # compiled once: the student's steps are counted, not their time
        def step(real, noise):
            with tf.GradientTape(persistent=True) as tape:
                fake = generator(noise, training=True)
                real_logits = discriminator(real, training=True)
                fake_logits = discriminator(fake, training=True)
                generator_loss = self.generator_loss(fake_logits)
                discriminator_loss = self.discriminator_loss(real_logits, fake_logits)
            # Both gradients before any weight moves: each network answers the other as it was.
            own = tape.gradient(generator_loss, generator.trainable_variables)
            other = tape.gradient(discriminator_loss, discriminator.trainable_variables)
            generator_optimizer.apply(own, generator.trainable_variables)
            discriminator_optimizer.apply(other, discriminator.trainable_variables)

        return step


def _optimizer(keras, network):
    optimizer = keras.optimizers.Adam(RATE, beta_1=MOMENTUM, use_ema=True, ema_momentum=AVERAGED)
    optimizer.build(network.trainable_variables)
    return optimizer


def _noise(random, count, shape):
    return random.normal(size=(count, *shape)).astype("float32")


@functools.cache
def _judge(load):
    """The part of a small classifier, trained on the challenge's real images, that gives its features."""
    import keras
    from keras import layers

    keras.utils.set_random_seed(0)
    (images, labels), _test = load()
    inputs = keras.Input(images.shape[1:])
    x = layers.Conv2D(8, 5, strides=2, padding="same", activation="relu")(inputs)
    x = layers.Conv2D(16, 3, strides=2, padding="same", activation="relu")(x)
    features = layers.Dense(16, activation="relu", name=FEATURES)(layers.Flatten()(x))
    classes = layers.Dense(int(labels.max()) + 1, activation="softmax")(features)
    classifier = keras.Model(inputs, classes)
    classifier.compile(keras.optimizers.Adam(3e-3), "sparse_categorical_crossentropy")
    classifier.fit(images, labels, batch_size=64, epochs=2, verbose=0)
    return keras.Model(inputs, features)
