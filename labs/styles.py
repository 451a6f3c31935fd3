"""A small style-based generator of clothes, and the discriminator that it was trained against."""

import keras
import numpy as np
from keras import layers, ops

from labs import data, models

STAGES = (
    (7, 64),
    (14, 32),
    (28, 16),
)  # side and channels of the maps; two layers with a style of their own each
LAYERS = 2 * len(STAGES)


class StyledLayer(layers.Layer):
    """Convolution, noise, leaky ReLU, and a new mean and standard deviation for each channel.

    `layer([maps, style, noise])` takes maps (N, H, W, C), style vectors (N, D) and noise (N, H', W', 1), and gives maps
    (N, H', W', filters), where H' and W' are twice H and W when `double` is true.

    Source: Karras, Laine, Aila, "A style-based generator architecture for generative adversarial networks", 2019.
    """

    def __init__(self, filters, adain, double=False):
        super().__init__()
        if double:
            self.convolution = layers.Conv2DTranspose(filters, 4, strides=2, padding="same")
        else:
            self.convolution = layers.Conv2D(filters, 3, padding="same")
        # A mapping network's outputs begin small; large weights here let images differ from the first step on.
        large = keras.initializers.VarianceScaling(8.0)
        self.mean = layers.Dense(filters, kernel_initializer=large)
        self.deviation = layers.Dense(filters, kernel_initializer=large, bias_initializer="ones")
        self.adain, self.filters = adain, filters

    def build(self, shapes):
        maps, style, _noise = shapes
        self.convolution.build(maps)
        self.mean.build(style)
        self.deviation.build(style)
        self.noise_strength = self.add_weight(shape=(self.filters,), initializer="zeros")

    def call(self, inputs):
        maps, style, noise = inputs
        maps = self.convolution(maps) + self.noise_strength * noise
        return self.adain(ops.leaky_relu(maps, 0.2), self.mean(style), self.deviation(style))


class ConstantMaps(layers.Layer):
    """Learned maps (N, side, side, channels), the same for every row of the input: where each image begins."""

    def __init__(self, side, channels):
        super().__init__()
        self.shape = (1, side, side, channels)

    def build(self, shape):
        self.maps = self.add_weight(shape=self.shape, initializer="random_normal")

    def call(self, rows):
        return ops.repeat(self.maps, ops.shape(rows)[0], axis=0)


class StyleGenerator:
    """Images of 28×28 gray pixels, -1 to 1, from six style vectors each.

    Attributes:
        mapping: keras.Model, latent vectors (N, D) to style vectors (N, D).
        synthesis: keras.Model, [style vectors (N, 6, D), noise (N, 7, 7, 2), (N, 14, 14, 2), (N, 28, 28, 2)] to images
            (N, 28, 28, 1). Layers 0 and 1 have maps of 7×7, 2 and 3 of 14×14, 4 and 5 of 28×28.

    Source: Karras, Laine, Aila, 2019, with three stages in place of nine.
    """

    def __init__(self, mapping, adain):
        """`mapping` as above; `adain(content, style_mean, style_std)` normalizes and restyles maps."""
        self.mapping = mapping
        self.size = mapping.output_shape[-1]
        styles = keras.Input((LAYERS, self.size))
        noises = [keras.Input((side, side, 2)) for side, _channels in STAGES]
        maps = ConstantMaps(*STAGES[0])(styles)
        for stage, (_side, channels) in enumerate(STAGES):
            for half in (0, 1):
                style, noise = styles[:, 2 * stage + half], noises[stage][..., half : half + 1]
                layer = StyledLayer(channels, adain, double=stage > 0 and half == 0)
                maps = layer([maps, style, noise])
        image = layers.Conv2D(1, 3, padding="same", activation="tanh")(maps)
        self.synthesis = keras.Model([styles, *noises], image)

    def networks(self):
        """Both networks by their names."""
        return {"mapping": self.mapping, "synthesis": self.synthesis}

    def styles(self, latents):
        """Style vectors (N, D) of latent vectors (N, D), as a NumPy array."""
        return np.asarray(self.mapping(np.asarray(latents, np.float32)))

    def images(self, styles, seed=0, strength=1.0):
        """Images (N, 28, 28), 0 to 1, as a NumPy array.

        Args:
            styles: float array (N, D), one style vector for all layers, or (N, 6, D), one for each.
            seed: int, of the noise; every image gets noise of its own.
            strength: float, what the noise is multiplied by; 0 leaves it out.
        """
        styles = np.asarray(styles, np.float32)
        if styles.ndim == 2:
            styles = np.repeat(styles[:, None], LAYERS, axis=1)
        random = np.random.default_rng(seed)
        noises = [
            strength * random.standard_normal((len(styles), side, side, 2), dtype=np.float32)
            for side, _channels in STAGES
        ]
        return np.asarray(self.synthesis([styles, *noises]))[..., 0] / 2 + 0.5


def load(generator):
    """Give a `StyleGenerator` the weights that tools/train_translation.py trained on Fashion-MNIST."""
    models.set_named_weights(generator.networks(), data.fashion_styles())


def discriminator():
    """One score for an image: keras.Model (N, 28, 28, 1) to (N, 1)."""
    return keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            layers.Conv2D(32, 4, strides=2, padding="same"),
            layers.LeakyReLU(negative_slope=0.2),
            layers.Conv2D(64, 4, strides=2, padding="same"),
            layers.LeakyReLU(negative_slope=0.2),
            layers.Conv2D(64, 3, padding="same"),
            layers.LeakyReLU(negative_slope=0.2),
            layers.Flatten(),
            layers.Dense(1),
        ]
    )
