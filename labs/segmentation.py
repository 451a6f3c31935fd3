"""Segmentation networks that lesson 06 trains beside the student's, and how their masks are measured."""

import keras
import numpy as np
from keras import layers

from labs.training import ProgressBar

ENCODER_LEVELS = ("block2b_add", "block3b_add", "block5c_add", "block7a_project_bn")
MOMENTUM = 0.9  # of batch normalization: 0.99 needs more than the few hundred steps of a lesson


def unet(size=64, channels=3, classes=5, base=16, depth=3, skips=True):
    """A U-Net with batch normalization.

    Args:
        size: int, height and width, divisible by 2 ** depth; None for images of any such size.
        channels: int, of the images.
        classes: int, the background included.
        base: int, filters of the first level; each level has twice as many.
        depth: int, how many times the maps are halved.
        skips: whether each level of the encoder is joined to its level of the decoder.

    Returns:
        keras.Model from (N, size, size, channels) to probabilities (N, size, size, classes).

    Source: Ronneberger, Fischer, Brox, "U-Net", 2015; padded, with batch normalization (2015).
    """
    image = keras.Input((size, size, channels))
    x, levels = image, []
    for level in range(depth):
        x = _two_convolutions(x, base * 2**level)
        levels.append(x)
        x = layers.MaxPooling2D()(x)
    x = _two_convolutions(x, base * 2**depth)
    for level in reversed(range(depth)):
        x = layers.Conv2DTranspose(base * 2**level, 2, strides=2)(x)
        if skips:
            x = layers.Concatenate()([x, levels[level]])
        x = _two_convolutions(x, base * 2**level)
    return keras.Model(image, layers.Conv2D(classes, 1, activation="softmax")(x))


def encoder(backbone):
    """The maps of a backbone at four sizes, the largest first: what a decoder needs.

    Args:
        backbone: `labs.models.efficientnet_lite0_backbone(size)`.

    Returns:
        frozen keras.Model from (N, size, size, 3) to a list of maps, 1/4, 1/8, 1/16 and 1/32 of the size.
    """
    model = keras.Model(backbone.input, [backbone.get_layer(name).output for name in ENCODER_LEVELS])
    model.trainable = False
    return model


def encode(model, images, batch_size=8):
    """The encoder's maps of many images, computed in parts and kept in half precision, to save memory.

    Args:
        model: keras.Model from (N, H, W, 3), preprocessed, to a list of maps.
        images: uint8 array (N, H, W, 3), not preprocessed.
        batch_size: int.

    Returns:
        list of float16 arrays (N, h, w, C).
    """
    parts = []
    for begin in range(0, len(images), batch_size):
        batch = (images[begin : begin + batch_size].astype(np.float32) - 127) / 128
        parts.append([np.asarray(one, np.float16) for one in model.predict_on_batch(batch)])
    return [np.concatenate(level) for level in zip(*parts, strict=True)]


def decoder(shapes, size=64, classes=5, width=48):
    """A small decoder: from the coarsest maps up, each finer level is added.

    Args:
        shapes: shapes (H, W, C) of the encoder's maps, the largest first.
        size: int, height and width of the masks.
        classes: int, the background included.
        width: int, channels inside.

    Returns:
        keras.Model from the list of maps to probabilities (N, size, size, classes).

    Source: the top-down path of Lin and others, "Feature Pyramid Networks", 2017, with depthwise convolutions.
    """
    levels = [keras.Input(shape) for shape in shapes]
    x = None
    for level in reversed(levels):
        same_width = _norm_relu(layers.Conv2D(width, 1, use_bias=False)(layers.SpatialDropout2D(0.2)(level)))
        if x is not None:
            same_width = layers.Add()([layers.UpSampling2D(interpolation="bilinear")(x), same_width])
        x = layers.Add()([same_width, _separable(same_width, width)])
    x = layers.Resizing(size, size)(layers.Conv2D(classes, 1)(x))
    return keras.Model(levels, layers.Softmax()(x))


def train_segmenter(model, inputs, masks, epochs=2, batch_size=8, rate=5e-3):
    """Compile a segmentation network and fit it with a learning rate that rises, then falls.

    Args:
        model: keras.Model from the inputs to probabilities of each pixel's class.
        inputs: array, or list of arrays, of N examples.
        masks: int array (N, H, W) of classes.
        epochs, batch_size: ints.
        rate: float, the largest learning rate.

    Returns:
        list of floats, the mean training loss of each epoch.
    """
    steps = epochs * (len(masks) // batch_size)
    schedule = keras.optimizers.schedules.CosineDecay(
        rate / 10, decay_steps=steps, warmup_target=rate, warmup_steps=steps // 10
    )
    model.compile(keras.optimizers.Adam(schedule), loss="sparse_categorical_crossentropy")
    history = model.fit(
        inputs, masks, batch_size=batch_size, epochs=epochs, verbose=0, callbacks=[ProgressBar()]
    )
    return history.history["loss"]


def random_patches(image, mask, count, size, seed=0):
    """Square parts of an image and its mask, turned by quarters and mirrored by chance.

    Args:
        image: (H, W) array. mask: bool array (H, W).
        count, size, seed: ints; `size` is at most H and W.

    Returns:
        (patches, masks): patches (count, size, size, 1) of the image's type, uint8 masks (count, size, size).
    """
    random = np.random.default_rng(seed)
    patches = np.empty((count, size, size, 1), image.dtype)
    masks = np.empty((count, size, size), np.uint8)
    for number in range(count):
        top, left = (random.integers(0, side - size + 1) for side in image.shape)
        turns, mirrored = random.integers(4), random.random() < 0.5
        for source, target in ((image, patches[number, ..., 0]), (mask, masks[number])):
            part = np.rot90(source[top : top + size, left : left + size], turns)
            target[:] = part[:, ::-1] if mirrored else part
    return patches, masks


def predict_masks(model, inputs):
    """The likeliest class of each pixel: uint8 (N, H, W)."""
    return model.predict(inputs, batch_size=50, verbose=0).argmax(axis=-1).astype(np.uint8)


def class_ious(y_true, y_pred, classes):
    """IoU of each class over the pixels of all images: float (classes,), NaN for a class absent in both.

    Args:
        y_true, y_pred: int arrays of one shape, 0 to classes - 1.
        classes: int.
    """
    pairs = np.ravel(y_true).astype(int) * classes + np.ravel(y_pred)
    counts = np.bincount(pairs, minlength=classes**2).reshape(classes, classes)
    intersections = np.diag(counts)
    unions = counts.sum(axis=0) + counts.sum(axis=1) - intersections
    return np.where(unions > 0, intersections / np.maximum(unions, 1), np.nan)


def borders(masks, width=1):
    """Where masks have a border: bool (N, H, W), True within `width` pixels of a pixel of the other kind.

    Args:
        masks: bool array (N, H, W).
        width: int, in pixels, counted along rows, columns and diagonals.
    """
    values = np.asarray(masks, np.float32)[..., None]
    pooled = [
        keras.ops.max_pool(one, 2 * width + 1, strides=1, padding="same") for one in (values, 1 - values)
    ]
    # Both kinds of pixels are in the window.
    return np.asarray(pooled[0] * pooled[1])[..., 0] > 0


def _two_convolutions(x, filters):
    for _convolution in range(2):
        x = _norm_relu(layers.Conv2D(filters, 3, padding="same", use_bias=False)(x))
    return x


def _separable(x, filters):
    x = layers.DepthwiseConv2D(3, padding="same", use_bias=False)(x)
    x = layers.BatchNormalization(momentum=MOMENTUM)(x)
    return _norm_relu(layers.Conv2D(filters, 1, use_bias=False)(x))


def _norm_relu(x):
    return layers.ReLU()(layers.BatchNormalization(momentum=MOMENTUM)(x))
