"""Neural style transfer with the features of EfficientNet-Lite0, and a painting drawn by the computer."""

import keras
import numpy as np
import tensorflow as tf
from PIL import Image, ImageDraw

from labs.display import Bar
from labs.text import _

# From fine to coarse; the first is the image itself, whose Gram matrix holds its colors.
STYLE_LAYERS = (
    "image",
    "stem_conv",
    "block2a_expand_conv",
    "block2b_expand_conv",
    "block3a_expand_conv",
    "block3b_expand_conv",
    "block4a_expand_conv",
    "block4b_expand_conv",
)
CONTENT_LAYER = "block4a_expand_conv"

# Red, green, blue of the painting: around the whirls, and between them.
LIGHTS = ((245, 226, 150), (235, 200, 90), (170, 205, 215))
DARKS = ((20, 44, 110), (38, 84, 160), (92, 150, 200), (170, 205, 215), (16, 26, 60), (60, 110, 120))
WHIRLS = 5


def square(photo, size):
    """The middle of a photo as a square: float32 array (size, size, 3), 0 to 1, from a uint8 array (H, W, 3)."""
    side = min(photo.shape[:2])
    top, left = ((length - side) // 2 for length in photo.shape[:2])
    middle = Image.fromarray(photo[top : top + side, left : left + side])
    return np.asarray(middle.resize((size, size), Image.Resampling.LANCZOS)) / np.float32(255)


def painting(size=256, strokes=2600, seed=12):
    """A painting of strokes that follow whirls: uint8 array (size, size, 3). Nobody else's picture is in it."""
    random = np.random.default_rng(seed)
    centers, turns = random.uniform(size=(WHIRLS, 2)), np.array([1, -1, 1, 1, -1])
    canvas = Image.new("RGB", (2 * size, 2 * size), DARKS[0])
    brush = ImageDraw.Draw(canvas)
    for _stroke in range(strokes):
        place = random.uniform(-0.05, 1.05, 2)
        near = 1 - 3.2 * np.linalg.norm(place - centers, axis=1).min()
        colors = LIGHTS if random.uniform() < max(near, 0) ** 1.5 else DARKS
        color = np.clip(colors[random.integers(len(colors))] + random.normal(0, 12, 3), 0, 255)
        way = [place]
        for _step in range(7):
            way.append(way[-1] + 0.011 * _flow(way[-1], centers, turns))
        points = [tuple(2 * size * point) for point in way]
        brush.line(points, tuple(color.astype(int)), width=int(random.integers(5, 10)), joint="curve")
    return np.asarray(canvas.resize((size, size), Image.Resampling.LANCZOS))


def _flow(place, centers, turns):
    """The direction of a stroke at a place: around the whirls, and to the right where they are far."""
    away = place - centers
    around = np.stack([-away[:, 1], away[:, 0]], axis=1) / (np.sum(away**2, axis=1, keepdims=True) + 0.01)
    flow = turns @ around + np.array([1.2, 0.3])
    return flow / np.linalg.norm(flow)


def extractor(backbone):
    """The network that looks at pictures.

    Args:
        backbone: keras.Model of `labs.models.efficientnet_lite0_backbone(size)`; it is frozen.

    Returns:
        keras.Model from (1, size, size, 3), 0 to 1, to a dict of feature maps with the keys `STYLE_LAYERS` and
        `CONTENT_LAYER`.
    """
    backbone.trainable = False
    names = dict.fromkeys([*STYLE_LAYERS, CONTENT_LAYER])
    maps = keras.Model(backbone.input, {name: backbone.get_layer(name).output for name in names})
    image = keras.Input(backbone.input_shape[1:])
    return keras.Model(image, maps((image * 255 - 127) / 128))


class StyleTransfer:
    """A picture with the content of one image and the style of another.

    The style loss is the mean over `STYLE_LAYERS`; each layer's is divided by the mean square of the style's own
    Gram matrix, and the content loss by that of the content's features, so that no layer drowns the others.

    Source: Gatys, Ecker, Bethge, "Image style transfer using convolutional neural networks", 2016.
    """

    def __init__(
        self, look, content, style, gram, style_loss, content_weight=0.02, smoothness=0.02, rate=0.05
    ):
        """Prepare both goals; the picture starts as the content.

        Args:
            look: keras.Model of `extractor`.
            content, style: float arrays (size, size, 3), 0 to 1.
            gram: function from features (H, W, C) to a tensor (C, C).
            style_loss: function from two such tensors to a number.
            content_weight, smoothness: floats, weights of the content loss and of the total variation per value.
            rate: float, Adam's learning rate.
        """
        self.look = look
        self.gram, self.style_loss = gram, style_loss
        self.content_weight, self.smoothness = content_weight, smoothness
        self.content = self.look(content[None])[CONTENT_LAYER]
        maps = self.look(style[None])
        self.grams = {name: gram(maps[name][0]) for name in STYLE_LAYERS}
        self.picture = tf.Variable(content[None])
        self.optimizer = keras.optimizers.Adam(rate)
        self.optimizer.build([self.picture])
        self.step = tf.function(self._step)

    def losses(self, picture):
        """(style, content) losses of a picture (1, size, size, 3): two tensors."""
        maps = self.look(picture)
        parts = [
            self.style_loss(self.gram(maps[name][0]), wanted) / tf.reduce_mean(wanted**2)
            for name, wanted in self.grams.items()
        ]
        content = tf.reduce_mean((maps[CONTENT_LAYER] - self.content) ** 2) / tf.reduce_mean(self.content**2)
        return tf.add_n(parts) / len(parts), content

    def _step(self):
        """Change the pixels a little; returns the losses before the change."""
        with tf.GradientTape() as tape:
            style, content = self.losses(self.picture)
            restless = tf.image.total_variation(self.picture)[0] / tf.size(self.picture, tf.float32)
            loss = style + self.content_weight * content + self.smoothness * restless
        self.optimizer.apply([tape.gradient(loss, self.picture)], [self.picture])
        self.picture.assign(tf.clip_by_value(self.picture, 0, 1))
        return style, content

    def run(self, steps, keep=()):
        """Take a number of steps, behind a progress bar.

        Args:
            steps: int.
            keep: steps after which the picture is kept.

        Returns:
            (pictures, losses): dict step → float array (size, size, 3), and dict name → list of floats.
        """
        bar, kept, losses = Bar(_("painting")), {}, {"style": [], "content": []}
        for step in range(1, steps + 1):
            for name, value in zip(losses, self.step(), strict=True):
                losses[name].append(float(value))
            if step in keep:
                kept[step] = self.picture[0].numpy()
            bar.show(step / steps)
        return kept, losses
