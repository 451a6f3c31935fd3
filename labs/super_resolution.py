"""Enlarging photographs: pairs of small and large images, a sub-pixel network, bicubic interpolation, PSNR."""

import keras
import numpy as np
import tensorflow as tf
from keras import layers
from PIL import Image

from labs.training import ProgressBar, endless_batches

FACTOR = 2  # small images have half the height and width


def shrink(photo, factor=FACTOR):
    """A photo, cut so that its sides divide evenly, and the same made smaller with bicubic interpolation.

    Args:
        photo: uint8 array (H, W, 3).
        factor: int.

    Returns:
        (small, large): float32 arrays (H // factor, W // factor, 3) and `factor` times larger, 0 to 1.
    """
    height, width = (side // factor for side in photo.shape[:2])
    large = photo[: height * factor, : width * factor]
    small = np.asarray(Image.fromarray(large).resize((width, height), Image.Resampling.BICUBIC))
    return small / np.float32(255), large / np.float32(255)


def bicubic(images, factor=FACTOR):
    """Images (N, H, W, C) enlarged by bicubic interpolation, the usual way without a network, cut off at 0 and 1."""
    height, width = (side * factor for side in images.shape[1:3])
    return np.clip(tf.image.resize(images, (height, width), "bicubic"), 0, 1)


def patches(photos, count, side=16, factor=FACTOR, seed=0):
    """Random parts of photos, turned and mirrored, as training pairs.

    Args:
        photos: sequence of uint8 arrays (H, W, 3).
        count: int, how many pairs.
        side: int, pixels of the small image's sides.
        factor, seed: ints.

    Returns:
        (small, large): float32 arrays (count, side, side, 3) and (count, side · factor, side · factor, 3), 0 to 1.
    """
    pairs = [shrink(photo, factor) for photo in photos]
    random = np.random.default_rng(seed)
    chosen = []
    for _patch in range(count):
        small, large = pairs[random.integers(len(pairs))]
        top, left = (random.integers(length - side + 1) for length in small.shape[:2])
        part = small[top : top + side, left : left + side]
        top, left, wide = top * factor, left * factor, side * factor
        turns, mirrored = random.integers(4), random.integers(2)
        both = (np.rot90(one, turns) for one in (part, large[top : top + wide, left : left + wide]))
        chosen.append([one[:, ::-1] if mirrored else one for one in both])
    return tuple(np.stack(images) for images in zip(*chosen, strict=True))


class SubPixel(layers.Layer):
    """Channels become pixels, (N, H, W, block² · C) to (N, H · block, W · block, C): `tf.nn.depth_to_space`."""

    def __init__(self, block=FACTOR):
        super().__init__()
        self.block = block

    def call(self, x):
        return tf.nn.depth_to_space(x, self.block)


class Bicubic(layers.Layer):
    """Enlarges images (N, H, W, C) by bicubic interpolation, nothing to learn."""

    def __init__(self, factor=FACTOR):
        super().__init__()
        self.factor = factor

    def call(self, x):
        return tf.image.resize(x, [side * self.factor for side in tf.unstack(tf.shape(x)[1:3])], "bicubic")

    def compute_output_shape(self, shape):
        count, height, width, channels = shape
        return count, *(side and side * self.factor for side in (height, width)), channels


def upscaler(filters=24, depth=3, factor=FACTOR):
    """A sub-pixel network: keras.Model from images (N, H, W, 3) of any size to images `factor` times larger.

    All convolutions work at the small size. The last gives factor² numbers for each color, which become pixels.
    Their sum with the bicubic image is the result, and the last convolution starts at 0: an untrained
    network gives the bicubic image.

    Source: Shi and others, "Real-time single image and video super-resolution using an efficient sub-pixel
    convolutional neural network", 2016; the sum from Kim and others, "Accurate image super-resolution using very
    deep convolutional networks", 2016.
    """
    image = keras.Input((None, None, 3))
    x = layers.Conv2D(filters, 5, padding="same", activation="relu")(image)
    for _layer in range(depth):
        x = layers.Conv2D(filters, 3, padding="same", activation="relu")(x)
    x = layers.Conv2D(3 * factor**2, 3, padding="same", kernel_initializer="zeros", name="last")(x)
    return keras.Model(image, layers.Add()([SubPixel(factor)(x), Bicubic(factor)(image)]))


def train(model, small, large, steps, batch_size=16, rate=3e-3, seed=0):
    """Compile an enlarging network and fit it for a number of steps, with a learning rate that falls to 0.

    Args:
        model: keras.Model from small to large images.
        small, large: float arrays of `patches`.
        steps, batch_size: ints.
        rate: float, the first learning rate.
        seed: int, for the order of the patches.
    """
    schedule = keras.optimizers.schedules.CosineDecay(rate, decay_steps=steps)
    model.compile(keras.optimizers.Adam(schedule), loss="mean_squared_error", steps_per_execution=8)
    batches = endless_batches((small, large), batch_size, seed)
    model.fit(batches, shuffle=False, steps_per_epoch=steps, verbose=0, callbacks=[ProgressBar()])


def enlarge(model, image):
    """One image (H, W, 3), 0 to 1, through an enlarging network: float array, cut off at 0 and 1."""
    return np.clip(model(image[None], training=False)[0], 0, 1)


def psnr(image, reference):
    """Peak signal-to-noise ratio in dB of an image from 0 to 1: a float; equal images give infinity."""
    return float(tf.image.psnr(image, reference, max_val=1.0))
