"""What lesson 10 needs for CycleGAN: its networks, losses and step, unpaired batches, and measures.

Images are float32 arrays (N, 32, 32, 3) from -1 to 1, except where 0 to 1 is named.
"""

import keras
import numpy as np
import tensorflow as tf
from keras import layers, ops

from labs import data, models

PIXELS = (32, 32, 3)
PATCH_LAYERS = ((4, 2), (4, 2), (3, 1))  # kernel and stride of each convolution of the discriminator


class Places(layers.Layer):
    """Two channels more: x and y of each pixel, -1 to 1; a convolution alone cannot tell where it is.

    Source: Liu and others, "An intriguing failing of convolutional neural networks and the CoordConv solution", 2018.
    """

    def call(self, images):
        count, height, width, _channels = ops.shape(images)
        x, y = ops.meshgrid(ops.linspace(-1.0, 1.0, width), ops.linspace(-1.0, 1.0, height))
        places = ops.broadcast_to(ops.stack([x, y], axis=-1), (count, height, width, 2))
        return ops.concatenate([images, places], axis=-1)


class Zoom(layers.Layer):
    """Enlarges or shrinks square images about their middle by one learned factor: (N, S, S, C), -1 to 1, shape kept.

    What comes in from outside is white, 1. Between pixels it interpolates linearly, so that the factor has a gradient.

    Source: Jaderberg and others, "Spatial transformer networks", 2015.
    """

    def build(self, shape):
        # Not 0: where pixels meet pixels exactly, the interpolation's gradient is 0.
        self.log_factor = self.add_weight(shape=(), initializer=keras.initializers.Constant(0.01))

    def factor(self):
        """How many times as large drawings become, a float."""
        return float(ops.exp(self.log_factor))

    def call(self, images):
        side = images.shape[1]
        places = ops.arange(side, dtype=images.dtype) - (side - 1) / 2
        sources = places * ops.exp(-self.log_factor)  # where the pixels of the output lie in the input
        shares = ops.relu(1 - ops.abs(sources[:, None] - places))  # of each input pixel in each output pixel
        moved = ops.einsum("ai,bj,nijc->nabc", shares, shares, images - 1)  # white is 0
        return moved + 1


def generator(filters=24):
    """A translator that zooms its input and adds a change: keras.Model (N, 32, 32, 3) to (N, 32, 32, 3).

    One convolution halves the maps, two residual blocks work on them, a transposed convolution makes the change.
    """
    image = keras.Input(PIXELS)
    zoomed = Zoom(name="zoom")(image)
    x = _leaky(layers.Conv2D(filters, 4, strides=2, padding="same")(Places()(zoomed)))
    for _block in range(2):
        x = layers.Add()([x, _leaky(layers.Conv2D(filters, 3, padding="same")(x))])
    change = layers.Conv2DTranspose(3, 4, strides=2, padding="same")(x)
    return keras.Model(image, layers.Add()([zoomed, change]))


def discriminator(filters=24):
    """A PatchGAN: keras.Model (N, 32, 32, 3) to scores (N, 8, 8, 1), one for each patch, without sigmoid.

    Source: Isola and others, "Image-to-image translation with conditional adversarial networks", 2017.
    """
    image = keras.Input(PIXELS)
    x = Places()(image)
    for number, (kernel, stride) in enumerate(PATCH_LAYERS[:-1], 1):
        x = _leaky(layers.Conv2D(number * filters, kernel, strides=stride, padding="same")(x))
    kernel, stride = PATCH_LAYERS[-1]
    return keras.Model(image, layers.Conv2D(1, kernel, strides=stride, padding="same")(x))


def mean_image(images):
    """Mean of images (N, H, W, C) and their mirror images, as batches are mirrored at random: tensor (H, W, C)."""
    return ops.mean(ops.concatenate([images, ops.flip(images, axis=2)]), axis=0)


def _leaky(x):
    """Leaky ReLU with slope 0.2."""
    # Not layers.LeakyReLU: TensorFlow 2.21 prints an error when it fuses one with a convolution (remapper).
    return ops.maximum(x, 0.2 * x)


class CycleGan:
    """Two generators and two discriminators that learn from images of two styles, without pairs.

    Attributes:
        to_twitter, to_google: the generators. judge_twitter, judge_google: the discriminators.
        generator_weights, discriminator_weights: lists of variables, of both each.
        mean_google, mean_twitter: the mean images (32, 32, 3) that translations are to have.
        cycle_weight, identity_weight, mean_weight: floats, how much the losses count beside the adversarial one.

    Source: Zhu, Park, Isola, Efros, "Unpaired image-to-image translation using cycle-consistent adversarial
    networks", 2017; the loss of means is feature matching of Salimans and others, "Improved techniques for training
    GANs", 2016, with pixels as features.
    """

    def __init__(
        self,
        cycle_loss,
        lsgan_loss,
        google,
        twitter,
        cycle_weight=2.0,
        identity_weight=0.2,
        mean_weight=10.0,
        rate=2e-3,
    ):
        """`cycle_loss(real, other, weight)` serves for the other weighted losses, too; `rate` is the learning rate.

        `google` and `twitter` are all images to learn from, (N, 32, 32, 3), -1 to 1: the mean of the translations is
        to be theirs. Both sets have to show the same mix of things. Since the mean of a batch strays less when its
        images are paler, this loss also rewards fading, by a few percent of the contrast.
        """
        self.to_twitter, self.to_google = generator(), generator()
        self.judge_twitter, self.judge_google = discriminator(), discriminator()
        self.cycle_loss, self.lsgan_loss = cycle_loss, lsgan_loss
        self.cycle_weight, self.identity_weight = cycle_weight, identity_weight
        self.mean_weight = mean_weight
        self.mean_google, self.mean_twitter = mean_image(google), mean_image(twitter)
        self.generator_weights = self.to_twitter.trainable_weights + self.to_google.trainable_weights
        self.discriminator_weights = (
            self.judge_twitter.trainable_weights + self.judge_google.trainable_weights
        )
        self._optimizers = []
        for weights, average in ((self.generator_weights, True), (self.discriminator_weights, False)):
            # Gradients are clipped: without it, losses leapt to a hundred times their height once in three trainings.
            optimizer = keras.optimizers.Adam(
                rate, beta_1=0.5, global_clipnorm=1.0, use_ema=average, ema_momentum=0.98
            )
            optimizer.build(weights)
            self._optimizers.append(optimizer)

    def losses(self, google, twitter):
        """The losses of one batch of each style; the two need not show the same objects.

        Returns:
            dict of scalar tensors: `generators` and `discriminators`, what each side makes small, and the parts of the
            first, `adversarial`, `cycle`, `identity` and `mean`.
        """
        fake_twitter, fake_google = self.to_twitter(google), self.to_google(twitter)
        judge_of_twitter, fool_twitter = self.lsgan_loss(
            self.judge_twitter(twitter), self.judge_twitter(fake_twitter)
        )
        judge_of_google, fool_google = self.lsgan_loss(
            self.judge_google(google), self.judge_google(fake_google)
        )
        adversarial = fool_twitter + fool_google
        cycle = self.cycle_loss(google, self.to_google(fake_twitter), self.cycle_weight)
        cycle += self.cycle_loss(twitter, self.to_twitter(fake_google), self.cycle_weight)
        identity = self.cycle_loss(twitter, self.to_twitter(twitter), self.identity_weight)
        identity += self.cycle_loss(google, self.to_google(google), self.identity_weight)
        mean = self.cycle_loss(self.mean_twitter, mean_image(fake_twitter), self.mean_weight)
        mean += self.cycle_loss(self.mean_google, mean_image(fake_google), self.mean_weight)
        return {
            "generators": adversarial + cycle + identity + mean,
            "discriminators": judge_of_twitter + judge_of_google,
            "adversarial": adversarial,
            "cycle": cycle,
            "identity": identity,
            "mean": mean,
        }

    @tf.function
    def step(self, batch):
        """Update all four networks once; the losses before the update. `batch` is (google, twitter)."""
        with tf.GradientTape(persistent=True) as tape:
            losses = self.losses(*batch)
        sides = ("generators", self.generator_weights), ("discriminators", self.discriminator_weights)
        for optimizer, (side, weights) in zip(self._optimizers, sides, strict=True):
            optimizer.apply(tape.gradient(losses[side], weights), weights)
        return losses

    def average(self):
        """Give the generators the moving average of their weights: the last steps' back and forth cancels."""
        if self._optimizers[0].iterations > 0:  # before the first step the averages are zeros
            self._optimizers[0].finalize_variable_values(self.generator_weights)

    def networks(self):
        """The four networks by their names."""
        names = ("to_twitter", "to_google", "judge_twitter", "judge_google")
        return {name: getattr(self, name) for name in names}


def load(gan):
    """Give a `CycleGan` the weights that tools/train_translation.py made with its own step."""
    models.set_named_weights(gan.networks(), data.emoji_cyclegan())


def scaled(images):
    """uint8 images, 0 to 255, as float32 from -1 to 1."""
    return images / np.float32(127.5) - 1


def unpaired_batches(first, second, size, seed):
    """Endless batches of two sets of images, each shuffled and mirrored by itself: a tf.data.Dataset of pairs.

    Args:
        first, second: float arrays (N, 32, 32, 3) and (M, 32, 32, 3).
        size: int, images of each in a batch.
        seed: int, of the order and of the mirroring.
    """

    def batches(images, seed):
        order = tf.data.Dataset.from_tensor_slices(images).shuffle(len(images), seed=seed).repeat()
        mirrored = order.map(lambda image: tf.image.random_flip_left_right(image, seed=seed))
        return mirrored.batch(size, drop_remainder=True)

    return tf.data.Dataset.zip((batches(first, seed), batches(second, seed + 1))).prefetch(2)


def translated(network, images):
    """What a generator makes of images from -1 to 1: float array of the same shape, 0 to 1 and cut off there."""
    return np.clip(network.predict(images, batch_size=256, verbose=0) / 2 + 0.5, 0, 1)


def distances(outputs, truths):
    """Mean absolute difference of every output from every truth.

    Args:
        outputs, truths: float arrays (N, H, W, C), 0 to 1; row i of both shows the same object.

    Returns:
        float array (N, N): a row for each output, a column for each truth.
    """
    flat = truths.reshape(len(truths), -1)
    return np.stack([np.mean(np.abs(flat - output.ravel()), axis=1) for output in outputs])


def to_partner(outputs, truths):
    """How far each output is from its true partner: float array (N,), 0 to 1. Arguments as for `distances`."""
    return np.mean(np.abs(outputs - truths), axis=(1, 2, 3))


def finds_partner(outputs, truths):
    """Whether the true partner is the nearest of all truths: float array (N,) of 0 and 1. Arguments as for `distances`."""
    return (distances(outputs, truths).argmin(axis=1) == np.arange(len(truths))).astype(float)


def painted_edge(images):
    """Which part of the outermost pixels is not white, a float from 0 to 1, of images (N, H, W, 3) from 0 to 1."""
    edges = images[:, 0], images[:, -1], images[:, :, 0], images[:, :, -1]
    return float(np.mean([np.mean(edge.min(axis=-1) < 0.9) for edge in edges]))


def compare(outputs, inputs, truths):
    """How much a translation helps, by two measures.

    Args:
        outputs: float array (N, H, W, C), 0 to 1, the translations.
        inputs: the same shape, the images before.
        truths: the same shape, row by row the true partners.

    Returns:
        dict `distance` and `found` → (before, after, change, error): means over the images of `to_partner` and
        `finds_partner`, the mean change of an image, and the standard error of that mean.
    """
    compared = {}
    for name, measure in (("distance", to_partner), ("found", finds_partner)):
        before, after = measure(inputs, truths), measure(outputs, truths)
        change = after - before
        error = np.std(change) / len(change) ** 0.5
        compared[name] = tuple(float(value) for value in (before.mean(), after.mean(), change.mean(), error))
    return compared
