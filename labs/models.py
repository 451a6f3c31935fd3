"""Networks that other people trained, as ordinary Keras models with their weights from `data/`.

Each is written out layer by layer, so that it can be read, cut open and trained further.
"""

import keras
import numpy as np
from keras import layers

from labs import data
from labs.errors import CourseError
from labs.text import _

# Stages of EfficientNet-Lite0: repeats, kernel, stride of the first block, expansion, channels.
EFFICIENTNET_LITE0_STAGES = (
    (1, 3, 1, 1, 16),
    (2, 3, 2, 6, 24),
    (2, 5, 2, 6, 40),
    (3, 3, 2, 6, 80),
    (3, 5, 1, 6, 112),
    (4, 5, 2, 6, 192),
    (1, 3, 1, 6, 320),
)

BLAZEFACE_CHANNELS = (24, 28, 32, 36, 42, 48, 56, 64, 72, 80, 88, 96, 96, 96, 96, 96)  # of each block
BLAZEFACE_HALVING = (3, 6, 12)  # blocks that halve height and width
BLAZEFACE_GRIDS = ((16, 2), (8, 6))  # cells along each side, anchors in each cell


def efficientnet_lite0(size=224):
    """EfficientNet-Lite0 with its head: ImageNet's 1,000 classes in the order of `data.imagenet_classes()`.

    Args:
        size: int, height and width of the images; 224 in training, 96 to 224 work.

    Returns:
        keras.Model from (N, size, size, 3), preprocessed as (pixels - 127) / 128 with RGB pixels 0 to 255,
        to probabilities (N, 1000). The layer `logits` gives the values before softmax.

    Source: Tan, Le, "EfficientNet", 2019, in the Lite form of 2020 (no squeeze-and-excitation, ReLU6).
    Raises `DataError` when the file of the weights is missing, truncated, altered or unreadable.
    """
    image = keras.Input((size, size, 3), name="image")
    x = layers.GlobalAveragePooling2D(name="average_pool")(_efficientnet_lite0_features(image))
    x = layers.Dropout(0.2, name="dropout")(x)
    x = layers.Dense(1000, name="logits")(x)
    x = layers.Softmax(name="probabilities")(x)
    return _with_weights(keras.Model(image, x, name="efficientnet_lite0"), data.efficientnet_lite0())


def efficientnet_lite0_backbone(size=224):
    """EfficientNet-Lite0 without its head: the part that turns images into features.

    Args:
        size: int, height and width of the images; 224 in training, 96 to 224 work.

    Returns:
        keras.Model from (N, size, size, 3), preprocessed as (pixels - 127) / 128 with RGB pixels 0 to 255,
        to feature maps (N, size / 32, size / 32, 1280), sides rounded up.

    Source: Tan, Le, "EfficientNet", 2019, in the Lite form of 2020 (no squeeze-and-excitation, ReLU6).
    Raises `DataError` when the file of the weights is missing, truncated, altered or unreadable.
    """
    image = keras.Input((size, size, 3), name="image")
    features = _efficientnet_lite0_features(image)
    model = keras.Model(image, features, name="efficientnet_lite0_backbone")
    return _with_weights(model, data.efficientnet_lite0())


def blazeface():
    """BlazeFace: finds faces, and in each six landmarks, with a hundred thousand weights.

    Returns:
        keras.Model from (N, 128, 128, 3) to [offsets (N, 896, 16), logits (N, 896, 1)], one row for each anchor
        in the order of `blazeface_anchors`.

        Its input is an RGB image in [-1, 1], its longer side scaled to 128 pixels, the rest of the square
        filled with 0: `tf.image.resize_with_pad(photo / 127.5 - 1, 128, 128)`. MediaPipe itself fills with -1.

        The 16 offsets count pixels of that square, 128 to its side: the center x, y of the box, its width and
        height, then x, y of right eye, left eye, nose, mouth, right ear, left ear; right and left are those of the
        person. A center or a landmark is offset / 128 + the anchor's center, a width or height offset / 128.
        The sigmoid of a logit is the score; MediaPipe keeps scores of 0.5 or more and merges boxes that overlap
        by an IoU above 0.3.

    Source: Bazarevsky et al., "BlazeFace", 2019; the short-range model of MediaPipe.
    Raises `DataError` when the file of the weights is missing, truncated, altered or unreadable.
    """
    image = keras.Input((128, 128, 3), name="image")
    x = layers.Conv2D(24, 5, 2, padding="same", activation="relu", name="stem_conv")(image)
    maps = {}
    for number, channels in enumerate(BLAZEFACE_CHANNELS, 1):
        x = _blaze_block(x, channels, 2 if number in BLAZEFACE_HALVING else 1, f"block{number}_")
        maps[x.shape[1]] = x  # the last block of each size remains
    offsets, logits = [], []
    for cells, copies in BLAZEFACE_GRIDS:
        for values, name, found in ((16, "offsets", offsets), (1, "logits", logits)):
            head = layers.Conv2D(copies * values, 1, name=f"{name}_{cells}")(maps[cells])
            found.append(layers.Reshape((cells * cells * copies, values), name=f"{name}_{cells}_rows")(head))
    outputs = [layers.Concatenate(axis=1, name="offsets")(offsets)]
    outputs.append(layers.Concatenate(axis=1, name="logits")(logits))
    return _with_weights(keras.Model(image, outputs, name="blazeface"), data.blazeface())


def blazeface_anchors():
    """The centers of BlazeFace's 896 anchors.

    Returns:
        float32 array of shape (896, 2): x, y from 0 to 1. First the 16 × 16 cells of the finer grid, row by row,
        x fastest, each center twice; then the 8 × 8 cells of the coarser grid, each center six times.
    """
    centers = []
    for cells, copies in BLAZEFACE_GRIDS:
        y, x = (np.indices((cells, cells)).reshape(2, -1) + 0.5) / cells
        centers.append(np.repeat(np.stack([x, y], axis=1), copies, axis=0))
    return np.concatenate(centers).astype(np.float32)


def require_images(model, images):
    """Make sure that preprocessed images fit a network of this module.

    Args:
        model: keras.Model whose input is (N, height, width, 3).
        images: float array, preprocessed as (pixels - 127) / 128.

    Raises:
        CourseError: the shape or the range is another; one line that says what was expected.
    """
    shape, wanted = tuple(images.shape), tuple(model.input_shape[1:])
    if shape[1:] != wanted:
        sentence = _(
            "The images have the shape {shape}; the network takes (N, {height}, {width}, 3): resize them."
        )
        raise CourseError(sentence.format(shape=shape, height=wanted[0], width=wanted[1]))
    low, high = float(keras.ops.min(images)), float(keras.ops.max(images))
    if low < -1.01 or high > 1.01 or high - low < 0.05:
        sentence = _(
            "The images range from {low:.3g} to {high:.3g}; preprocessed once, they range from about -1 to 1."
        )
        raise CourseError(sentence.format(low=low, high=high))


def fold(model):
    """The layers of an image network gathered into one row for each size of their output maps.

    Args:
        model: keras.Model, a chain of blocks whose maps become smaller.

    Returns:
        list of (name, count, shape, parameters): the first layer of the row, how many layers there are, the
        shape of the last one's output without the batch axis, and the parameters of all.
    """
    rows = []
    for layer in model.layers[1:]:  # the first is the input
        shape = layer.output.shape[1:]
        size = shape[:-1]  # () after the maps became a vector
        if not rows or rows[-1][2][:-1] != size:
            rows.append((layer.name, 0, shape, 0))
        name, count, _shape, parameters = rows[-1]
        rows[-1] = (name, count + 1, shape, parameters + layer.count_params())
    return rows


def _efficientnet_lite0_features(image):
    """From images to the last feature maps; block 2a is the first block of stage 2."""
    x = _convolution(image, 32, 3, 2, name="stem")
    for stage, (repeats, kernel, stride, expansion, channels) in enumerate(EFFICIENTNET_LITE0_STAGES, 1):
        for repeat in range(repeats):
            name = f"block{stage}{'abcd'[repeat]}_"
            x = _inverted_residual(x, kernel, stride if repeat == 0 else 1, expansion, channels, name)
    return _convolution(x, 1280, 1, 1, name="top")


def _inverted_residual(x, kernel, stride, expansion, channels, name):
    """Widen by 1×1, filter each channel by itself, narrow by 1×1; add the input where shapes allow."""
    block_input = x
    if expansion > 1:
        x = _convolution(x, expansion * x.shape[-1], 1, 1, name=f"{name}expand")
    x = layers.DepthwiseConv2D(kernel, stride, padding="same", use_bias=False, name=f"{name}depthwise_conv")(
        x
    )
    x = _normalized(x, f"{name}depthwise")
    x = layers.Conv2D(channels, 1, use_bias=False, name=f"{name}project_conv")(x)
    x = layers.BatchNormalization(epsilon=1e-3, name=f"{name}project_bn")(x)
    if x.shape == block_input.shape:
        x = layers.Add(name=f"{name}add")([x, block_input])
    return x


def _convolution(x, filters, kernel, stride, name):
    """Convolution, batch normalization, ReLU6."""
    x = layers.Conv2D(filters, kernel, stride, padding="same", use_bias=False, name=f"{name}_conv")(x)
    return _normalized(x, name)


def _normalized(x, name):
    """Batch normalization with the statistics of ImageNet, then ReLU6."""
    x = layers.BatchNormalization(epsilon=1e-3, name=f"{name}_bn")(x)
    return layers.ReLU(6.0, name=f"{name}_relu6")(x)


def _blaze_block(x, channels, stride, name):
    """Filter each channel by itself, mix by 1×1, add the input: halved where the block halves, widened by zeros."""
    shortcut = x if stride == 1 else layers.MaxPooling2D(2, name=f"{name}pool")(x)
    added = channels - x.shape[-1]
    if added:
        # Not `pad`: TensorFlow 2.21 crashes in a graph that adds a padded tensor to a convolution (oneDNN).
        zeros = keras.ops.zeros_like(shortcut[..., :added])
        shortcut = layers.Concatenate(name=f"{name}widen")([shortcut, zeros])
    x = layers.DepthwiseConv2D(3, stride, padding="same", name=f"{name}depthwise")(x)
    x = layers.Conv2D(channels, 1, name=f"{name}project")(x)
    x = layers.Add(name=f"{name}add")([x, shortcut])
    return layers.ReLU(name=f"{name}relu")(x)


def _with_weights(model, arrays):
    """The model with its weights set from arrays named `layer/variable`."""
    for layer in model.layers:
        layer.set_weights([arrays[f"{layer.name}/{variable.name}"] for variable in layer.weights])
    return model


def named_weights(networks):
    """The weights of several networks as one dict: `network/number` → float32 array, numbered from 0.

    Args:
        networks: dict name → keras.Model.
    """
    return {
        f"{name}/{number}": values
        for name, network in networks.items()
        for number, values in enumerate(network.get_weights())
    }


def set_named_weights(networks, arrays):
    """Give networks the weights that `named_weights` took from equal ones.

    Args:
        networks: dict name → keras.Model.
        arrays: dict `network/number` → array. Weights of networks that are not asked for may be among them.
    """
    for name, network in networks.items():
        network.set_weights([arrays[f"{name}/{number}"] for number in range(len(network.weights))])
