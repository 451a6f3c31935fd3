"""Colors for gray images: Lab and back, training pairs, a small network."""

import keras
import numpy as np
from keras import layers, ops

from labs.training import ProgressBar

MATRIX = np.array(
    [[0.412453, 0.357580, 0.180423], [0.212671, 0.715160, 0.072169], [0.019334, 0.119193, 0.950227]]
)  # linear sRGB to XYZ, white D65
WHITE = np.array([0.95047, 1.0, 1.08883])
SCALE = np.float32(100)  # L, a and b are divided by it for the network


def lab_to_rgb(lab):
    """sRGB images (..., 3), 0 to 1, from Lab; colors that no screen can show are cut off.

    Source: the inverse of CIE 1976 Lab and of IEC 61966-2-1 (sRGB, white D65).
    """
    lightness, a, b = np.moveaxis(np.asarray(lab, float), -1, 0)
    y = (lightness + 16) / 116
    f = np.stack([y + a / 500, y, y - b / 200], axis=-1)
    xyz = np.where(f > 6 / 29, f**3, (f - 16 / 116) / 7.787) * WHITE
    linear = np.clip(xyz @ np.linalg.inv(MATRIX).T, 0, 1)
    return np.where(linear > 0.0031308, 1.055 * linear ** (1 / 2.4) - 0.055, 12.92 * linear)


def pairs(images, to_lab):
    """What a colorizer is trained on: the lightness of images, and their colors at half the size.

    Args:
        images: uint8 array (N, H, W, 3); H and W are even.
        to_lab: function from one image (H, W, 3), 0 to 1, to Lab.

    Returns:
        (lightness, colors): float32 arrays (N, H, W, 1), L / 100, and (N, H / 2, W / 2, 2), the means of
        a / 100 and b / 100 over squares of 2×2 pixels.
    """
    count, height, width, _channels = images.shape
    tall = images.reshape(count * height, width, 3) / np.float32(255)  # all images as one: one call
    lab = np.asarray(to_lab(tall), np.float32).reshape(images.shape) / SCALE
    squares = lab[..., 1:].reshape(count, height // 2, 2, width // 2, 2, 2)
    return lab[..., :1], squares.mean(axis=(2, 4))


def colorizer(filters=16):
    """A network from lightness (N, H, W, 1) to colors (N, H / 2, W / 2, 2); H and W are multiples of 8.

    Maps of three sizes, joined on the way up as in a U-Net.
    """

    def convolution(x, filters, stride=1):
        x = layers.Conv2D(filters, 3, strides=stride, padding="same", use_bias=False)(x)
        return layers.ReLU()(layers.BatchNormalization(momentum=0.9)(x))

    lightness = keras.Input((None, None, 1))
    x, levels = convolution(lightness, filters, stride=2), []
    for level in (1, 2):
        levels.append(x)
        x = convolution(x, filters * 2**level, stride=2)
    for level, before in reversed(list(enumerate(levels))):
        x = layers.Conv2DTranspose(filters * 2**level, 2, strides=2)(x)
        x = convolution(layers.Concatenate()([x, before]), filters * 2**level)
    colors = layers.Conv2D(2, 3, padding="same", kernel_initializer="zeros")(x)  # gray to begin with
    return keras.Model(lightness, colors)


def train(model, lightness, colors, epochs, batch_size=32, rate=4e-3):
    """Compile a colorizer with the mean squared error and fit it, with a learning rate that falls to 0."""
    steps = epochs * -(-len(lightness) // batch_size)
    schedule = keras.optimizers.schedules.CosineDecay(rate, decay_steps=steps)
    model.compile(keras.optimizers.Adam(schedule), loss="mean_squared_error", steps_per_execution=8)
    model.fit(lightness, colors, batch_size=batch_size, epochs=epochs, verbose=0, callbacks=[ProgressBar()])


def colored(lightness, colors):
    """Images from lightness and colors.

    Args:
        lightness: float array (N, H, W, 1), L / 100.
        colors: float array (N, H / 2, W / 2, 2), a / 100 and b / 100.

    Returns:
        float array (N, H, W, 3), 0 to 1.
    """
    large = ops.image.resize(colors, lightness.shape[1:3], interpolation="bilinear")
    return lab_to_rgb(np.concatenate([lightness, large], axis=-1) * SCALE)


def color_errors(predicted, truth):
    """Mean distance of two color maps (N, h, w, 2) in the plane of a and b, in Lab's units: float array (N,)."""
    return SCALE * np.sqrt(np.sum((predicted - truth) ** 2, axis=-1)).mean(axis=(1, 2))
