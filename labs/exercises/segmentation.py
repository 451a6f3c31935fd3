"""Lesson 06 · Every pixel a label."""

import keras
import numpy as np
from keras import layers

from labs import data
from labs.check import challenge, exercise, quiz
from labs.checking.models import block_model, joined_either_way
from labs.checking.segmenter import SegmenterChallenge
from labs.checking.training import model_mistakes

MODEL_SECONDS = 30.0  # for a network on all cases: a loaded machine takes its time to build models


def _random(*shape, seed=0):
    """Reproducible numbers of both signs for the cases."""
    return np.random.default_rng([seed, *shape]).normal(size=shape).round(2)


# ------------------------------------------------------------------------------------- dense_to_conv


@exercise(
    cases=[
        dict(dense_kernel=np.arange(12.0).reshape(12, 1), height=2, width=3, channels=2),
        dict(dense_kernel=_random(24, 3), height=3, width=2, channels=4),
        dict(dense_kernel=_random(20, 2), height=5, width=1, channels=4),
        dict(dense_kernel=_random(48, 5), height=4, width=4, channels=3),
        dict(dense_kernel=_random(6, 4), height=1, width=1, channels=6),
    ],
    hints=[
        "Flatten reads row by row, in a row place by place, and at each place channel by channel.",
        "That is NumPy's own order, too: no number has to move, only the shape is another.",
        "np.reshape(dense_kernel, (height, width, channels, ...)): the last axis has one entry for each unit.",
    ],
)
def dense_to_conv(dense_kernel, height, width, channels):
    """The kernel of a convolution that does what a dense layer after Flatten did.

    Args:
        dense_kernel: float array (height · width · channels, units), a dense layer's weights; its rows are in
            the order in which Flatten reads maps of (height, width, channels).
        height, width, channels: ints, the shape of the maps before Flatten.

    Returns:
        float array (height, width, channels, units): a Keras convolution with it, `valid`, gives the dense layer's
        output at its only position on such maps.
    """
    # BEGIN SOLUTION
    units = dense_kernel.shape[1]
    return np.reshape(dense_kernel, (height, width, channels, units))
    # END SOLUTION


@dense_to_conv.mistake("Height and width are swapped: Flatten reads row by row, so the height comes first.")
def sides_swapped(dense_kernel, height, width, channels):
    return np.reshape(dense_kernel, (width, height, channels, -1))


@dense_to_conv.mistake(
    "The shape is right, the order is not: Flatten reads the channels of one place first, and you reshape as if a "
    "whole channel came first."
)
def channels_first(dense_kernel, height, width, channels):
    return np.transpose(np.reshape(dense_kernel, (channels, height, width, -1)), (1, 2, 0, 3))


@dense_to_conv.mistake("Keras wants (height, width, channels, units). You have the channels in front.")
def channels_in_front(dense_kernel, height, width, channels):
    return np.reshape(dense_kernel, (channels, height, width, -1))


@dense_to_conv.mistake("The units come last: (height, width, channels, units).")
def units_in_front(dense_kernel, height, width, channels):
    return np.reshape(dense_kernel.T, (-1, height, width, channels))


@dense_to_conv.mistake(
    "Do not transpose the dense kernel: its rows are the inputs already, its columns the units."
)
def transposed_before(dense_kernel, height, width, channels):
    return np.reshape(dense_kernel.T, (height, width, channels, -1))


@dense_to_conv.mistake("A convolution in Keras does not flip its kernel, so do not flip it here.")
def kernel_turned(dense_kernel, height, width, channels):
    return np.reshape(dense_kernel, (height, width, channels, -1))[::-1, ::-1]


@dense_to_conv.mistake("The last axis is missing: one kernel for each unit of the dense layer.")
def one_unit(dense_kernel, height, width, channels):
    return np.reshape(dense_kernel[:, 0], (height, width, channels))


@dense_to_conv.mistake(
    'order="F" reads column by column. Flatten reads row by row, which is NumPy\'s default.'
)
def column_by_column(dense_kernel, height, width, channels):
    return np.reshape(dense_kernel, (height, width, channels, -1), order="F")


@dense_to_conv.mistake("The kernel is unchanged: give it four axes, (height, width, channels, units).")
def still_flat(dense_kernel, height, width, channels):
    return np.array(dense_kernel)


# -------------------------------------------------------------------------------- transposed_conv2d


@exercise(
    cases=[
        dict(image=np.array([[1.0, 2.0], [3.0, 4.0]]), kernel=np.array([[1.0, 0.0], [0.0, 2.0]])),
        dict(image=_random(2, 3), kernel=_random(3, 3)),
        dict(image=_random(3, 2), kernel=_random(3, 3), stride=1),
        dict(image=_random(4, 3), kernel=_random(4, 4), stride=2),
        dict(image=_random(2, 4), kernel=_random(2, 2), stride=3),
        dict(image=_random(3, 3), kernel=_random(1, 1), stride=2),
        dict(image=np.array([[2, 3]]), kernel=np.array([[1, 2], [3, 4]]), stride=1),
    ],
    hints=[
        "Begin with an output of zeros. Its sides are (n - 1) · stride + k.",
        "The value at [row, column] lays its multiple of the kernel at [row · stride, column · stride].",
        "Add it there with +=, so that overlapping copies sum up.",
    ],
)
def transposed_conv2d(image, kernel, stride=2):
    """Transposed convolution of one channel: each value lays its multiple of the kernel on the output.

    Args:
        image: array (H, W), float or int.
        kernel: array (k, k), not flipped.
        stride: int, pixels of the output between the corners of two neighboring copies.

    Returns:
        array ((H - 1) · stride + k, (W - 1) · stride + k): the sum of all copies; 0 where no copy lies. Nothing is
        cut off or padded.
    """
    # BEGIN SOLUTION
    size = len(kernel)
    height, width = image.shape
    output = np.zeros(((height - 1) * stride + size, (width - 1) * stride + size))
    for row in range(height):
        for column in range(width):
            top, left = row * stride, column * stride
            output[top : top + size, left : left + size] += image[row, column] * kernel
    return output
    # END SOLUTION


def _spread(image, kernel, stride, add=True):
    """Transposed convolution, for the mistakes below; copies overwrite each other when they are not added."""
    size = len(kernel)
    output = np.zeros(tuple((side - 1) * stride + size for side in image.shape))
    for (row, column), value in np.ndenumerate(image):
        part = np.s_[row * stride : row * stride + size, column * stride : column * stride + size]
        output[part] = value * kernel + (output[part] if add else 0)
    return output


@transposed_conv2d.mistake("Where copies overlap, they add up: use += in place of =.")
def overwritten(image, kernel, stride=2):
    return _spread(image, kernel, stride, add=False)


@transposed_conv2d.mistake("The kernel is flipped. Lay it down as it is.")
def flipped_copies(image, kernel, stride=2):
    return _spread(image, kernel[::-1, ::-1], stride)


@transposed_conv2d.mistake(
    "The kernel is transposed. The name speaks of a matrix, not of turning the kernel."
)
def kernel_transposed(image, kernel, stride=2):
    return _spread(image, kernel.T, stride)


@transposed_conv2d.mistake("The stride is missing: copies lie `stride` pixels apart.")
def stride_left_out(image, kernel, stride=2):
    return _spread(image, kernel, 1)


@transposed_conv2d.mistake(
    "The output is cut to stride times the image's size. Here it is full: (n - 1) · stride + k."
)
def cut_to_same(image, kernel, stride=2):
    height, width = image.shape
    return _spread(image, kernel, stride)[: height * stride, : width * stride]


@transposed_conv2d.mistake("The output is too large: its sides are (n - 1) · stride + k, not n · stride + k.")
def one_step_too_many(image, kernel, stride=2):
    return np.pad(_spread(image, kernel, stride), ((0, stride), (0, stride)))


@transposed_conv2d.mistake("That repeats each pixel `stride` times. Each value must lay down the kernel.")
def repeated(image, kernel, stride=2):
    return image.repeat(stride, axis=0).repeat(stride, axis=1)


@transposed_conv2d.mistake("The sums are divided by the number of copies. They stay sums.")
def averaged_copies(image, kernel, stride=2):
    copies = _spread(np.ones(image.shape), np.ones(kernel.shape), stride)
    return _spread(image, kernel, stride) / np.maximum(copies, 1)


@transposed_conv2d.mistake(
    "That is an ordinary convolution: it gathers and makes the image smaller. Spread each value instead."
)
def gathered(image, kernel, stride=2):
    size = len(kernel)
    rows, columns = ((max(side - size, 0)) // stride + 1 for side in image.shape)
    padded = np.pad(image, ((0, size), (0, size)))
    return np.array(
        [
            [
                np.sum(padded[r * stride : r * stride + size, c * stride : c * stride + size] * kernel)
                for c in range(columns)
            ]
            for r in range(rows)
        ],
        float,
    )


@transposed_conv2d.mistake(
    "Where the stride is larger than the kernel, Keras' layer adds zeros at the end. Here the output ends with the last "
    "copy: (n - 1) · stride + k."
)
def layer_of_keras(image, kernel, stride=2):
    rest = max(stride - len(kernel), 0)
    return np.pad(_spread(image, kernel, stride), ((0, rest), (0, rest)))


@transposed_conv2d.mistake("Rows and columns are swapped: the row sets the top, the column the left.")
def sides_turned(image, kernel, stride=2):
    return _spread(image.T, kernel, stride)


# --------------------------------------------------------------------------------------- double_conv


@exercise(
    cases=lambda: [
        dict(x=keras.Input((6, 6, 3)), filters=4),
        dict(x=keras.Input((8, 5, 2)), filters=3),
        dict(x=keras.Input((7, 7, 4)), filters=4),
        dict(x=keras.Input((4, 6, 5)), filters=1),
    ],
    observe=block_model,
    seconds=MODEL_SECONDS,
    hints=[
        "Two convolutions, one after the other: the second reads what the first gives.",
        "Every convolution has a kernel of 3, keeps the size of its maps and ends with ReLU.",
        'layers.Conv2D(filters, 3, padding="same", activation="relu")(x), and once more.',
    ],
)
def double_conv(x, filters):
    """Two 3×3 convolutions, the part that a U-Net is built of.

    Each has `filters` filters, padding "same", a bias, and ReLU after it. No batch normalization. The paper
    does without padding, so its maps become smaller; here they keep their size.

    Args:
        x: Keras tensor (None, H, W, C), from keras.Input or a layer.
        filters: int, filters of both convolutions.

    Returns:
        Keras tensor (None, H, W, filters).

    Source: Ronneberger, Fischer, Brox, "U-Net: Convolutional networks for biomedical image
    segmentation", 2015.
    """
    # BEGIN SOLUTION
    x = layers.Conv2D(filters, 3, padding="same", activation="relu")(x)
    return layers.Conv2D(filters, 3, padding="same", activation="relu")(x)
    # END SOLUTION


def _double(x, filters, count=2, kernel=3, padding="same", bias=True, relus="both", normalize=False):
    """The block with one thing different, for the mistakes below."""
    for number in range(count):
        x = layers.Conv2D(filters, kernel, padding=padding, use_bias=bias)(x)
        x = layers.BatchNormalization()(x) if normalize else x
        if relus == "both" or (relus, number) in {("first", 0), ("second", 1)}:
            x = layers.ReLU()(x)
    return x


@double_conv.mistake(
    "Only one convolution leads to the result: the second one reads what the first one gives, not x."
)
def only_one_convolution(x, filters):
    return _double(x, filters, count=1)


@double_conv.mistake(
    "There is one layer, called twice: both convolutions then share their weights. Make two layers."
)
def one_layer_twice(x, filters):
    layer = layers.Conv2D(filters, 3, padding="same", activation="relu")
    return layer(layer(x)) if x.shape[-1] == filters else layer(x)


@double_conv.mistake('The maps become smaller: padding="same" keeps their size.')
def valid_padding(x, filters):
    return _double(x, filters, padding="valid")


@double_conv.mistake("Neither convolution has a ReLU: two of them in a row are then one linear step.")
def no_relu(x, filters):
    return _double(x, filters, relus="none")


@double_conv.mistake("The second convolution has no ReLU: each of the two has one.")
def first_relu_only(x, filters):
    return _double(x, filters, relus="first")


@double_conv.mistake("The first convolution has no ReLU: each of the two has one.")
def second_relu_only(x, filters):
    return _double(x, filters, relus="second")


@double_conv.mistake("There is batch normalization in it. This block has none.")
def with_batch_norm(x, filters):
    return _double(x, filters, normalize=True)


@double_conv.mistake("The convolutions have no bias: leave out use_bias=False.")
def without_bias(x, filters):
    return _double(x, filters, bias=False)


@double_conv.mistake("The kernels are 3×3.")
def kernels_five_by_five(x, filters):
    return _double(x, filters, kernel=5)


@double_conv.mistake("Both convolutions have `filters` filters: the second one has twice as many.")
def second_twice_as_wide(x, filters):
    return _double(_double(x, filters, count=1), 2 * filters, count=1)


# ---------------------------------------------------------------------------------------- build_unet


def _joined_model(build, **arguments):
    """The network, observed without the order in which its skips are joined: any order is right."""
    return joined_either_way(build(*arguments.values()))


@exercise(
    cases=[
        dict(size=8, classes=2, base=2, depth=1),
        dict(size=8, classes=3, base=2, depth=2),
        dict(size=16, classes=4, base=4, depth=2),
        dict(size=16, classes=2, base=2, depth=3),
        dict(size=8),
    ],
    observe=_joined_model,
    seconds=MODEL_SECONDS,
    hints=[
        "On the way down keep each level in a list before you pool it: skips.append(x). On the way up take "
        "them from its end: skips.pop().",
        "Down, for each level in range(depth): x = double_conv(x, base * 2**level), keep it, then "
        "layers.MaxPooling2D(2)(x). After the loop the middle: x = double_conv(x, base * 2**depth).",
        "Up, for each level in reversed(range(depth)): layers.Conv2DTranspose(base * 2**level, 2, "
        "strides=2), "
        "then layers.Concatenate()([x, skips.pop()]), then double_conv with as many filters.",
        'The last layer is layers.Conv2D(classes, 1, activation="softmax"): a dense layer at every pixel.',
    ],
)
def build_unet(size=64, classes=5, base=16, depth=3):
    """U-Net: down to small maps, up again to a label for every pixel, with skips from each level to its like.

    Down, `depth` times: `double_conv` with base, 2·base, 4·base, ... filters, then 2×2 max pooling.
    Middle: `double_conv` with base·2^depth filters.
    Up, `depth` times: a 2×2 transposed convolution with stride 2, a bias, no activation, and half the filters
    of its input; its result and the `double_conv` of that size from the way down are joined along the
    channels; then `double_conv` with as many filters as the transposed convolution.
    End: a 1×1 convolution with `classes` filters, a bias, and softmax over the channels.

    The upsampled maps or the skip may come first in the join: the check accepts both. Everything is padded
    with "same". There is no batch normalization and no dropout.

    Args:
        size: int, height and width of the images, a multiple of 2^depth.
        classes: int, with the background.
        base: int, filters of the first level.
        depth: int, how many times the maps are halved.

    Returns:
        keras.Model, functional, not compiled: (size, size, 3) to (size, size, classes), probabilities.

    Source: Ronneberger, Fischer, Brox, "U-Net: Convolutional networks for biomedical image
    segmentation", 2015.
    """
    # BEGIN SOLUTION
    inputs = keras.Input((size, size, 3))
    x, skips = inputs, []
    for level in range(depth):
        x = double_conv(x, base * 2**level)
        skips.append(x)
        x = layers.MaxPooling2D(2)(x)
    x = double_conv(x, base * 2**depth)
    for level in reversed(range(depth)):
        x = layers.Conv2DTranspose(base * 2**level, 2, strides=2)(x)
        x = layers.Concatenate()([x, skips.pop()])
        x = double_conv(x, base * 2**level)
    return keras.Model(inputs, layers.Conv2D(classes, 1, activation="softmax")(x))
    # END SOLUTION


def _transposed(x, filters):
    return layers.Conv2DTranspose(filters, 2, strides=2)(x)


def _concatenated(x, skip):
    return layers.Concatenate()([x, skip])


def _unet(
    size,
    classes,
    base,
    depth,
    widths=lambda base, level: base * 2**level,
    block=_double,
    pooling=layers.MaxPooling2D,
    skip_pooled=False,
    skips_from=-1,
    middle=True,
    up=_transposed,
    join=_concatenated,
    up_block=None,
    kernel=1,
    activation="softmax",
):
    """The network with one thing different, for the mistakes below."""
    inputs = keras.Input((size, size, 3))
    x, skips = inputs, []
    for level in range(depth):
        x = block(x, widths(base, level))
        pooled = pooling(2)(x)
        skips.append(pooled if skip_pooled else x)
        x = pooled
    x = block(x, widths(base, depth)) if middle else x
    for level in reversed(range(depth)):
        x = join(up(x, widths(base, level)), skips.pop(skips_from))
        x = (up_block or block)(x, widths(base, level))
    last = layers.Conv2D(classes, kernel, padding="same", activation=activation)
    return keras.Model(inputs, last(x))


@build_unet.mistake(
    "Skip and upsampled maps are added. U-Net joins them along the channels with Concatenate; FCN adds."
)
def skips_added(size=64, classes=5, base=16, depth=3):
    return _unet(size, classes, base, depth, join=lambda x, skip: layers.Add()([x, skip]))


@build_unet.mistake("The skips are missing: join each level's double_conv to the upsampled maps of its size.")
def no_skips(size=64, classes=5, base=16, depth=3):
    return _unet(size, classes, base, depth, join=lambda x, skip: x)


@build_unet.mistake(
    "The skip is taken after the pooling, so it is half as large as the upsampled maps. Keep it before."
)
def skip_after_pooling(size=64, classes=5, base=16, depth=3):
    return _unet(size, classes, base, depth, skip_pooled=True)


@build_unet.mistake("The skips come in the order of the way down. On the way up the last one comes first.")
def skips_from_the_front(size=64, classes=5, base=16, depth=3):
    return _unet(size, classes, base, depth, skips_from=0)


@build_unet.mistake(
    "UpSampling2D repeats values and learns nothing. The way up is Conv2DTranspose(filters, 2, strides=2)."
)
def upsampling_alone(size=64, classes=5, base=16, depth=3):
    return _unet(size, classes, base, depth, up=lambda x, filters: layers.UpSampling2D(2)(x))


@build_unet.mistake(
    "UpSampling2D and a convolution stand where Conv2DTranspose(filters, 2, strides=2) is asked for."
)
def upsampling_and_convolution(size=64, classes=5, base=16, depth=3):
    def up(x, filters):
        return layers.Conv2D(filters, 2, padding="same")(layers.UpSampling2D(2)(x))

    return _unet(size, classes, base, depth, up=up)


@build_unet.mistake("The transposed convolution has a kernel of 3: here it is 2, and its stride divides it.")
def transposed_kernel_of_three(size=64, classes=5, base=16, depth=3):
    def up(x, filters):
        return layers.Conv2DTranspose(filters, 3, strides=2, padding="same")(x)

    return _unet(size, classes, base, depth, up=up)


@build_unet.mistake("The transposed convolution has no activation: leave out its ReLU.")
def activation_in_the_transpose(size=64, classes=5, base=16, depth=3):
    def up(x, filters):
        return layers.Conv2DTranspose(filters, 2, strides=2, activation="relu")(x)

    return _unet(size, classes, base, depth, up=up)


@build_unet.mistake("The transposed convolution keeps the number of filters: it halves them.")
def filters_not_halved(size=64, classes=5, base=16, depth=3):
    return _unet(size, classes, base, depth, up=lambda x, filters: _transposed(x, x.shape[-1]))


@build_unet.mistake(
    "A pixel has one class: softmax over the classes. With sigmoid its numbers do not sum to 1."
)
def sigmoid_at_the_end(size=64, classes=5, base=16, depth=3):
    return _unet(size, classes, base, depth, activation="sigmoid")


@build_unet.mistake('The last convolution gives no probabilities: activation="softmax".')
def no_softmax(size=64, classes=5, base=16, depth=3):
    return _unet(size, classes, base, depth, activation=None)


@build_unet.mistake("The last convolution is 1×1: it decides at each pixel on its own.")
def last_convolution_three_by_three(size=64, classes=5, base=16, depth=3):
    return _unet(size, classes, base, depth, kernel=3)


@build_unet.mistake("There is batch normalization in it. This network has none.")
def unet_with_batch_norm(size=64, classes=5, base=16, depth=3):
    def block(x, filters):
        return _double(x, filters, normalize=True)

    return _unet(size, classes, base, depth, block=block)


@build_unet.mistake("The number of filters stays the same. It doubles at each level: base * 2**level.")
def filters_not_doubled(size=64, classes=5, base=16, depth=3):
    return _unet(size, classes, base, depth, widths=lambda base, level: base)


@build_unet.mistake("The filters grow by base at each level. They double: base * 2**level.")
def filters_added(size=64, classes=5, base=16, depth=3):
    return _unet(size, classes, base, depth, widths=lambda base, level: base * (level + 1))


@build_unet.mistake("The first level has 2·base filters: it has base. Levels count from 0.")
def levels_from_one(size=64, classes=5, base=16, depth=3):
    return _unet(size, classes, 2 * base, depth)


@build_unet.mistake("A level is missing: the maps are halved `depth` times, and the middle comes after that.")
def one_level_too_few(size=64, classes=5, base=16, depth=3):
    return _unet(size, classes, base, depth - 1)


@build_unet.mistake("The depth is always 3: use the argument.")
def depth_always_three(size=64, classes=5, base=16, depth=3):
    return _unet(size, classes, base, 3)


@build_unet.mistake(
    "The middle is missing: a double_conv with base * 2**depth filters after the last pooling."
)
def middle_missing(size=64, classes=5, base=16, depth=3):
    return _unet(size, classes, base, depth, middle=False)


@build_unet.mistake("On the way up each join is followed by one convolution: double_conv has two.")
def one_convolution_on_the_way_up(size=64, classes=5, base=16, depth=3):
    def up_block(x, filters):
        return _double(x, filters, count=1)

    return _unet(size, classes, base, depth, up_block=up_block)


@build_unet.mistake("The maps are halved by average pooling. Here it is max pooling.")
def average_pooling(size=64, classes=5, base=16, depth=3):
    return _unet(size, classes, base, depth, pooling=layers.AveragePooling2D)


# ------------------------------------------------------------------------------ mask_iou and dice


def _block(top, left, bottom, right, dtype=bool, shape=(8, 9)):
    """A mask of zeros with a rectangle of ones."""
    mask = np.zeros(shape, dtype)
    mask[top:bottom, left:right] = 1
    return mask


_LARGE = np.ones((30, 20), np.uint8)  # 600 pixels: more than uint8 counts


def _mask_pairs():
    """Pairs of masks that tell the scores apart."""
    return [
        dict(a=_block(1, 1, 5, 5), b=_block(3, 2, 7, 8)),
        dict(a=_block(0, 0, 4, 4), b=_block(0, 0, 4, 4)),
        dict(a=_block(0, 0, 2, 2), b=_block(4, 4, 6, 6)),
        dict(a=_block(0, 0, 6, 6), b=_block(1, 1, 3, 4)),
        dict(a=_block(1, 1, 3, 4), b=_block(0, 0, 6, 6)),
        dict(a=np.zeros((4, 5), bool), b=np.zeros((4, 5), bool)),
        dict(a=np.zeros((8, 9), bool), b=_block(0, 0, 2, 2)),
        dict(a=_block(0, 0, 5, 4, np.uint8), b=_block(2, 1, 8, 7, np.uint8)),
        dict(a=_block(0, 0, 5, 4, float), b=_block(2, 1, 8, 7, float)),
        dict(a=_LARGE, b=_block(0, 0, 20, 20, np.uint8, (30, 20))),
        dict(a=np.stack([_block(0, 0, 3, 3), _block(1, 1, 2, 9)]), b=np.stack([_block(1, 1, 4, 4)] * 2)),
    ]


@exercise(
    cases=_mask_pairs,
    hints=[
        "Intersection: pixels of both masks. Union: pixels of at least one.",
        "Change the masks to bool first; then & and | work, and sums do not overflow.",
        "If the union has no pixel, return 1.0.",
    ],
)
def mask_iou(a, b):
    """Intersection over union (Jaccard index) of two masks.

    Args:
        a, b: arrays of one shape, bool or 0 and 1 of any type.

    Returns:
        float: the pixels in both over the pixels in at least one. Two empty masks agree: 1.0.
    """
    # BEGIN SOLUTION
    a, b = np.asarray(a, bool), np.asarray(b, bool)
    union = np.sum(a | b)
    if union == 0:
        return 1.0
    return float(np.sum(a & b) / union)
    # END SOLUTION


def _counts(a, b):
    """Pixels of the intersection, of the union, of a, of b, and of the whole, as ints."""
    a, b = np.asarray(a, bool), np.asarray(b, bool)
    return int(np.sum(a & b)), int(np.sum(a | b)), int(a.sum()), int(b.sum()), a.size


@mask_iou.mistake("That is Dice: 2 · intersection over the sum of both masks. IoU divides by the union.")
def dice_for_iou(a, b):
    both, _either, first, second, _all = _counts(a, b)
    return 2 * both / (first + second) if first + second else 1.0


@mask_iou.mistake("Two empty masks agree: return 1.0 where the union is empty, not 0.")
def nothing_is_wrong(a, b):
    both, either, *_rest = _counts(a, b)
    return both / max(either, 1)


@mask_iou.mistake(
    "You divide by the sum of both masks. The union counts the pixels in both only once: subtract them."
)
def sum_for_union(a, b):
    both, _either, first, second, _all = _counts(a, b)
    return both / (first + second) if first + second else 1.0


@mask_iou.mistake("That is the accuracy of all pixels: it counts the background, too.")
def all_pixels(a, b):
    return float(np.mean(np.asarray(a, bool) == np.asarray(b, bool)))


@mask_iou.mistake("You divide by the first mask only. Divide by the union of both.")
def over_the_first(a, b):
    both, either, first, _second, _all = _counts(a, b)
    return both / first if first else float(either == 0)


@mask_iou.mistake("You divide by the second mask only. Divide by the union of both.")
def over_the_second(a, b):
    both, either, _first, second, _all = _counts(a, b)
    return both / second if second else float(either == 0)


@mask_iou.mistake("That is the number of pixels in both. Divide it by the union.")
def intersection_alone(a, b):
    both, either, *_rest = _counts(a, b)
    return float(both) if either else 1.0


@mask_iou.mistake("You divide by all pixels of the image. Divide by the union.")
def over_the_image(a, b):
    both, either, _first, _second, whole = _counts(a, b)
    return both / whole if either else 1.0


@mask_iou.mistake("An empty intersection is 0, not 1: only two empty masks give 1.0.")
def disjoint_is_one(a, b):
    both, either, *_rest = _counts(a, b)
    return both / either if both else 1.0


@mask_iou.mistake("That is 1 - IoU, the Jaccard distance.")
def jaccard_distance(a, b):
    both, either, *_rest = _counts(a, b)
    return 1 - both / either if either else 0.0


@exercise(
    cases=_mask_pairs,
    hints=[
        "Twice the pixels in both, over the pixels of the one plus the pixels of the other.",
        "Change the masks to bool first, so that sums do not overflow.",
        "If both masks are empty, return 1.0.",
    ],
)
def dice(a, b):
    """Dice coefficient of two masks.

    Args:
        a, b: arrays of one shape, bool or 0 and 1 of any type.

    Returns:
        float: twice the pixels in both over the sum of the pixels of a and the pixels of b. Two empty masks agree: 1.0.
    """
    # BEGIN SOLUTION
    a, b = np.asarray(a, bool), np.asarray(b, bool)
    total = np.sum(a) + np.sum(b)
    if total == 0:
        return 1.0
    return float(2 * np.sum(a & b) / total)
    # END SOLUTION


@dice.mistake("That is IoU: it divides by the union. Dice divides by the sum of both masks.")
def iou_for_dice(a, b):
    both, either, *_rest = _counts(a, b)
    return both / either if either else 1.0


@dice.mistake("The factor 2 is missing: two equal masks must give 1.")
def factor_missing(a, b):
    both, _either, first, second, _all = _counts(a, b)
    return both / (first + second) if first + second else 1.0


@dice.mistake("Two empty masks agree: return 1.0 for them, not 0.")
def empty_is_zero(a, b):
    both, _either, first, second, _all = _counts(a, b)
    return 2 * both / max(first + second, 1)


@dice.mistake("You divide twice the intersection by the union. Divide by the sum of both masks.")
def twice_over_union(a, b):
    both, either, *_rest = _counts(a, b)
    return 2 * both / either if either else 1.0


@dice.mistake("That is the Dice loss, 1 - Dice. Return Dice itself.")
def dice_loss(a, b):
    both, _either, first, second, _all = _counts(a, b)
    return 1 - 2 * both / (first + second) if first + second else 0.0


@dice.mistake("A 1 is added above and below, as in some losses. A score of masks needs no smoothing.")
def smoothed(a, b):
    both, _either, first, second, _all = _counts(a, b)
    return (2 * both + 1) / (first + second + 1)


@dice.mistake("That is the accuracy of all pixels: it counts the background, too.")
def pixel_accuracy(a, b):
    return float(np.mean(np.asarray(a, bool) == np.asarray(b, bool)))


@dice.mistake("Masks that do not meet give 0. Only two empty masks give 1.0.")
def apart_is_one(a, b):
    both, _either, first, second, _all = _counts(a, b)
    return 2 * both / (first + second) if both else 1.0


# ------------------------------------------------------------------------------------------ mean_iou


def _class_masks():
    """Masks of several images with classes of unequal size; some classes are absent."""
    random = np.random.default_rng(4)
    truth = random.integers(0, 3, (3, 6, 7))
    guess = np.where(random.random((3, 6, 7)) < 0.6, truth, random.integers(0, 3, (3, 6, 7)))
    uneven_truth = np.zeros((2, 5, 5), int)
    uneven_truth[0, :4], uneven_truth[1, 0, 0] = 1, 1
    uneven_guess = np.zeros((2, 5, 5), int)
    uneven_guess[0, 1:5], uneven_guess[1, 2, 2] = 1, 1
    return [
        dict(y_true=truth, y_pred=guess, classes=3),
        dict(y_true=uneven_truth, y_pred=uneven_guess, classes=2),
        dict(y_true=truth, y_pred=guess, classes=5),
        dict(y_true=np.where(truth == 1, 3, truth), y_pred=np.where(guess == 1, 0, guess), classes=5),
        dict(y_true=np.where(truth == 2, 0, truth), y_pred=guess, classes=3),
        dict(y_true=np.zeros((1, 4, 4), int), y_pred=np.zeros((1, 4, 4), int), classes=2),
        dict(y_true=truth.astype(np.uint8), y_pred=truth.astype(np.uint8), classes=4),
        dict(y_true=np.full((2, 3, 3), 1), y_pred=np.full((2, 3, 3), 2), classes=3),
    ]


@exercise(
    cases=_class_masks,
    hints=[
        "For one class: y_true == number and y_pred == number are two masks, over all images at once.",
        "Leave a class out that neither of them holds; one that only one of them holds counts with 0.",
        "Collect the IoU of each class that is left in a list, and take the mean of the list.",
    ],
)
def mean_iou(y_true, y_pred, classes):
    """The mean over the classes of their IoU, each over the pixels of all images together.

    Args:
        y_true, y_pred: int arrays of one shape (N, H, W), or (H, W) for one image; class numbers 0 to classes - 1, the
            background included.
        classes: int, how many classes there are.

    Returns:
        float: the mean IoU of the classes that appear in y_true or in y_pred. A class absent in both is left out.
    """
    # BEGIN SOLUTION
    scores = []
    for number in range(classes):
        truth, guess = y_true == number, y_pred == number
        if np.any(truth | guess):
            scores.append(mask_iou(truth, guess))
    return float(np.mean(scores))
    # END SOLUTION


def _scores(y_true, y_pred, classes, absent=None):
    """IoU of each class, `absent` for one that neither mask holds (left out when it is None)."""
    scores = []
    for number in range(classes):
        both, either, *_rest = _counts(y_true == number, y_pred == number)
        if either or absent is not None:
            scores.append(both / either if either else absent)
    return scores


@mean_iou.mistake("A class absent in both is counted as 0. Leave it out of the mean.")
def absent_as_zero(y_true, y_pred, classes):
    return float(np.mean(_scores(y_true, y_pred, classes, absent=0.0)))


@mean_iou.mistake("A class absent in both is counted as 1. Leave it out of the mean.")
def absent_as_one(y_true, y_pred, classes):
    return float(np.mean(_scores(y_true, y_pred, classes, absent=1.0)))


@mean_iou.mistake(
    "You average over the images. Take the pixels of all images together for each class: a small image part must not "
    "weigh as much as a large one."
)
def mean_over_images(y_true, y_pred, classes):
    return float(np.mean([np.mean(_scores(*pair, classes)) for pair in zip(y_true, y_pred, strict=True)]))


@mean_iou.mistake("The background is left out. Class 0 is a class like the others here.")
def without_background(y_true, y_pred, classes):
    scores = []
    for number in range(1, classes):
        both, either, *_rest = _counts(y_true == number, y_pred == number)
        if either:
            scores.append(both / either)
    return float(np.mean(scores)) if scores else 1.0


@mean_iou.mistake("That is the accuracy of all pixels.")
def share_of_right_pixels(y_true, y_pred, classes):
    return float(np.mean(y_true == y_pred))


@mean_iou.mistake("A class that only y_pred holds is left out. It counts, with IoU 0.")
def only_true_classes(y_true, y_pred, classes):
    scores = []
    for number in np.unique(y_true):
        both, either, *_rest = _counts(y_true == number, y_pred == number)
        scores.append(both / either)
    return float(np.mean(scores))


@mean_iou.mistake("That is the mean Dice. Take the IoU of each class.")
def mean_dice(y_true, y_pred, classes):
    scores = [2 * score / (1 + score) for score in _scores(y_true, y_pred, classes)]
    return float(np.mean(scores))


@mean_iou.mistake(
    "Intersections and unions of all classes are summed before dividing. Divide for each class."
)
def summed_first(y_true, y_pred, classes):
    counts = [_counts(y_true == number, y_pred == number) for number in range(classes)]
    return sum(count[0] for count in counts) / sum(count[1] for count in counts)


@mean_iou.mistake("The classes are weighted by their pixels. Each class counts equally.")
def weighted_by_pixels(y_true, y_pred, classes):
    total, pixels = 0.0, 0
    for number in range(classes):
        both, either, first, *_rest = _counts(y_true == number, y_pred == number)
        total += first * both / max(either, 1)
        pixels += first
    return total / pixels


@mean_iou.mistake("Return the mean of the list, not the list.")
def list_of_scores(y_true, y_pred, classes):
    return _scores(y_true, y_pred, classes)


# ----------------------------------------------------------------------------------- count_instances


def _drawn(*rows):
    """A mask from rows of text: # is 1."""
    return np.array([[sign == "#" for sign in row] for row in rows])


def _many_blobs(shape, seed):
    """A large mask of many regions."""
    noise = np.random.default_rng(seed).normal(size=shape)
    for _time in range(3):
        noise = noise + np.roll(noise, 1, 0) + np.roll(noise, 1, 1)
    return noise > 0.8 * noise.std()


def _components(mask, diagonal=False):
    """The regions of a mask as a list of their numbers of pixels."""
    steps = [(0, 1), (1, 0), (0, -1), (-1, 0)]
    if diagonal:
        steps += [(1, 1), (1, -1), (-1, 1), (-1, -1)]
    left = {(int(row), int(column)) for row, column in np.argwhere(mask)}
    sizes = []
    while left:
        waiting, size = [left.pop()], 0
        while waiting:
            row, column = waiting.pop()
            size += 1
            for down, right in steps:
                if (row + down, column + right) in left:
                    left.remove((row + down, column + right))
                    waiting.append((row + down, column + right))
        sizes.append(size)
    return sizes


@exercise(
    cases=lambda: [
        dict(mask=_drawn("##..#", "#...#", "...#.", "##...")),
        dict(mask=_drawn("#.#", "#.#", "###")),
        dict(mask=_drawn("#.#.#", "#.#.#", "#####", ".....", "#.#..")),
        dict(mask=_drawn("..#", ".#.", "#..")),
        dict(mask=np.zeros((3, 4), bool)),
        dict(mask=np.ones((3, 4), np.uint8)),
        dict(
            mask=_drawn("#######", "#.....#", "#.###.#", "#.#.#.#", "#.###.#", "#.....#", "#######").astype(
                float
            )
        ),
        dict(mask=_drawn("#")),
        dict(mask=_drawn("#..#", "....", "#..#")),
        dict(mask=_many_blobs((60, 40), 1)),
        dict(mask=_many_blobs((256, 128), 2)),
    ],
    hints=[
        "Keep a set of the pixels that are not visited yet. Take one out: it begins a new region.",
        "Put it on a list. While the list is not empty, take a pixel, and move its four neighbors from the set to the list.",
        "When the list is empty the region is complete: count one, and take the next pixel from the set.",
    ],
    extra=True,
    seconds=5.0,
)
def count_instances(mask):
    """The number of connected regions of a mask: pixels belong together when they share an edge.

    Args:
        mask: array (H, W), bool or 0 and 1 of any type. Pixels that touch at a corner only are not connected.

    Returns:
        int: how many regions of ones there are, however small; 0 for an empty mask.
    """
    # BEGIN SOLUTION
    unvisited = {(int(row), int(column)) for row, column in np.argwhere(mask)}
    count = 0
    while unvisited:
        count += 1
        waiting = [unvisited.pop()]
        while waiting:
            row, column = waiting.pop()
            neighbors = {(row + 1, column), (row - 1, column), (row, column + 1), (row, column - 1)}
            waiting.extend(neighbors & unvisited)
            unvisited -= neighbors
    return count
    # END SOLUTION


@count_instances.mistake("Pixels that touch at a corner are counted as connected. They must share an edge.")
def corners_connect(mask):
    return len(_components(mask, diagonal=True))


@count_instances.mistake("The background is counted as a region, too.")
def background_counted(mask):
    return len(_components(mask)) + 1


@count_instances.mistake("That counts the pixels. Count the regions that they form.")
def pixels_counted(mask):
    return int(np.sum(np.asarray(mask, bool)))


@count_instances.mistake(
    "A region is counted wherever nothing lies above or to the left. Arms that meet further down are one region: visit "
    "the neighbors of the neighbors."
)
def one_pass(mask):
    padded = np.pad(np.asarray(mask, bool), 1)
    return int(np.sum(padded[1:, 1:] & ~padded[:-1, 1:] & ~padded[1:, :-1]))


@count_instances.mistake(
    "Holes are subtracted, as in Euler's number. A region with a hole is still one region."
)
def holes_subtracted(mask):
    padded = np.pad(np.asarray(mask, int), 1)
    edges = np.sum(padded[1:] * padded[:-1]) + np.sum(padded[:, 1:] * padded[:, :-1])
    squares = np.sum(padded[1:, 1:] * padded[1:, :-1] * padded[:-1, 1:] * padded[:-1, :-1])
    return int(padded.sum() - edges + squares)


@count_instances.mistake("Regions of a single pixel are left out. They count.")
def specks_left_out(mask):
    return sum(size > 1 for size in _components(mask))


@count_instances.mistake("Only neighbors in the same row are connected; those above and below are, too.")
def rows_alone(mask):
    padded = np.pad(np.asarray(mask, bool), ((0, 0), (1, 0)))
    return int(np.sum(padded[:, 1:] & ~padded[:, :-1]))


@count_instances.mistake("The largest region's number of pixels comes back, not the number of regions.")
def largest_region(mask):
    return max(_components(mask), default=0)


# ---------------------------------------------------------------------------------------- challenge


def _scenes_with_masks():
    """Images in 0 to 1 and their masks: 800 scenes to train with, 200 to test on."""
    train, test = data.scenes(800), data.scenes(200, split="test")
    return tuple((scenes.images / np.float32(255), scenes.masks) for scenes in (train, test))


@challenge(
    examine=SegmenterChallenge(
        load=_scenes_with_masks,
        input_shape=(64, 64, 3),
        classes=5,
        parameters=60_000,
        steps=600,
        batch_size=16,
        asked=0.34,
    ),
    hints=[
        "A U-Net with fewer filters is a start. Most parameters sit where the maps are small: there the "
        "filters "
        "need not double.",
        "The time goes into large maps: let the first convolution have strides=2, and let the last "
        "Conv2DTranspose bring 32×32 maps back to 64×64.",
        "Batch norm after each convolution helps in so few steps. It needs momentum=0.9 for its averages.",
        "The loss is that of a classifier, at every pixel: sparse_categorical_crossentropy. A learning "
        "rate that "
        "falls helps: keras.optimizers.schedules.CosineDecay(5e-3, decay_steps=600).",
    ],
)
def build_segmenter():
    """A small network that gives every pixel of a scene a class: background, bird, flower, mammal, vehicle.

    The check trains it for 600 steps of 16 scenes with your optimizer and loss; masks are integers 0 to 4 of
    shape (64, 64). It tests on 200 scenes with other objects before other backgrounds. The score is the mean
    over the five classes of the IoU that all pixels of these scenes have together, so the background is no
    more than one class of five. You may try again, so the number is a target, not an honest test result.

    Returns:
        keras.Model: compiled, images (64, 64, 3), from 0 to 1, to probabilities (64, 64, 5). Fewer than
        60,000 parameters. The mean IoU of the test scenes must be 0.34.
    """

    # BEGIN SOLUTION
    def convolution(x, filters, kernel=3, stride=1):
        x = layers.Conv2D(filters, kernel, strides=stride, padding="same", use_bias=False)(x)
        return layers.ReLU()(layers.BatchNormalization(momentum=0.9)(x))

    inputs = keras.Input((64, 64, 3))
    x = skip32 = convolution(inputs, 16, kernel=5, stride=2)
    x = skip16 = convolution(x, 24, stride=2)
    x = skip8 = convolution(x, 28, stride=2)
    x = convolution(x, 28, stride=2)
    for skip in (skip8, skip16, skip32):
        filters = skip.shape[-1]
        x = layers.Conv2DTranspose(filters, 2, strides=2)(x)
        x = convolution(layers.Concatenate()([x, skip]), filters)
    x = layers.Conv2DTranspose(5, 2, strides=2)(x)
    model = keras.Model(inputs, layers.Softmax()(x))
    rate = keras.optimizers.schedules.CosineDecay(5e-3, decay_steps=600)
    model.compile(keras.optimizers.Adam(rate), loss="sparse_categorical_crossentropy")
    return model
    # END SOLUTION


def _segmenter(
    filters=5, kernel=1, activation="softmax", loss="sparse_categorical_crossentropy", compiled=True
):
    """The segmenters of the mistakes below."""
    inputs = keras.Input((64, 64, 3))
    x = layers.Conv2D(filters, kernel, padding="same")(inputs)
    model = keras.Model(inputs, layers.Conv2D(5, 1, activation=activation)(x))
    if compiled:
        model.compile("adam", loss=loss)
    return model


model_mistakes(build_segmenter, _segmenter)


@build_segmenter.mistake(
    "The model must give every pixel five probabilities: has each halving a doubling on the way up?"
)
def other_shapes():
    inputs = keras.Input((64, 64, 3))
    return keras.Model(inputs, layers.Conv2D(5, 3, strides=2, padding="same", activation="softmax")(inputs))


@build_segmenter.mistake(
    "The model is too large. Look in model.summary() for the layer with most parameters: it often is the "
    "middle."
)
def too_large():
    return _segmenter(filters=2000, kernel=3)


@build_segmenter.mistake('The last layer gives no probabilities: activation="softmax", over the channels.')
def no_probabilities():
    return _segmenter(activation="sigmoid")


@build_segmenter.mistake(
    'The masks hold integers, not one-hot vectors: loss="sparse_categorical_crossentropy".'
)
def loss_for_other_labels():
    return _segmenter(loss="categorical_crossentropy")


# --------------------------------------------------------------------------------------------- quiz

semantic_or_classification = quiz(
    "Is semantic segmentation the same task as classification?",
    options={
        "a": (
            "Yes: both give one class for an image.",
            "Classification does. Segmentation of a 64×64 image gives 4,096 classes, one for each pixel.",
        ),
        "b": (
            "No: it gives every pixel a class.",
            "Each pixel is classified, and the answer has the height and width of the image.",
        ),
        "c": (
            "No: it gives a box around each object.",
            "That is object detection. A box also holds pixels that do not belong to the object.",
        ),
    },
    right="b",
)

transposed_inverse = quiz(
    "A convolution makes 4×4 maps of 8×8 maps. Does a transposed convolution with the same kernel bring the "
    "8×8 values back?",
    options={
        "a": (
            "Yes: it is the inverse of the convolution.",
            "16 values cannot tell what all 64 were. The matrix is transposed, not inverted.",
        ),
        "b": (
            "No: it brings back the shape, not the values.",
            "It spreads each value over the places that the convolution read it from.",
        ),
        "c": (
            "No: it cannot even bring the shape back.",
            "With fitting padding and stride it gives 8×8 maps. The values in them are other ones.",
        ),
    },
    right="b",
)

skip_join = quiz(
    "How do FCN and U-Net join a skip with the upsampled maps?",
    options={
        "a": (
            "FCN adds them, U-Net concatenates them.",
            "FCN adds scores of classes, so the channels are equal. U-Net keeps both and lets the next "
            "convolution weigh them.",
        ),
        "b": ("FCN concatenates them, U-Net adds them.", "It is the other way around."),
        "c": (
            "Both add them.",
            "FCN does. In a U-Net the join has the channels of both.",
        ),
        "d": (
            "Both concatenate them.",
            "U-Net does. FCN adds the scores of its levels.",
        ),
    },
    right="a",
)

misleading_accuracy = quiz(
    "95 % of all pixels are background. A network calls every pixel background. What do its pixel "
    "accuracy and "
    "its mean IoU over background and object tell?",
    options={
        "a": (
            "Accuracy 0.95, mean IoU 0.95.",
            "The object has IoU 0, because none of its pixels is found. That halves the mean.",
        ),
        "b": (
            "Accuracy 0.95, mean IoU 0.475.",
            "IoU is 0.95 for the background and 0 for the object. Each class counts equally, however few its "
            "pixels are.",
        ),
        "c": (
            "Accuracy 0.05, mean IoU 0.",
            "The background is right: 95 % of the pixels, with an IoU of 0.95.",
        ),
    },
    right="b",
)

crop_or_pad = quiz(
    'The U-Net paper convolves without padding and crops its skips. We pad with "same". What changes?',
    options={
        "a": (
            "Our output is as large as the input, but near the border the network sees zeros.",
            "In the paper each output sees real pixels only, so the output is smaller than the input: "
            "388×388 "
            "of 572×572.",
        ),
        "b": (
            "Our network has more weights.",
            "Padding has no weights: the kernels are equally large.",
        ),
        "c": (
            "Our network needs no skips.",
            "The skips are still needed. They need no cropping, because the sizes are equal.",
        ),
    },
    right="a",
)

semantic_or_instance = quiz(
    "Two birds overlap in a picture. What do semantic and instance segmentation say?",
    options={
        "a": (
            "Semantic: one region of bird pixels. Instance: two masks, one for each bird.",
            "Semantic segmentation knows the class of a pixel, not which of the birds it belongs to.",
        ),
        "b": (
            "Semantic: two masks. Instance: one region.",
            "It is the other way around: an instance is a single object.",
        ),
        "c": (
            "Both: two masks, because there are two birds.",
            "Semantic segmentation gives both birds the same label, and where they touch no border is left.",
        ),
    },
    right="a",
)

skip_brings = quiz(
    "What does a U-Net's skip bring to the way up?",
    options={
        "a": (
            "The class of the object.",
            "The deep maps know that best: they see more of the image.",
        ),
        "b": (
            "The places of edges and details, which pooling lost.",
            "The maps from the way down have the full resolution of their level. The deep maps add what "
            "is there.",
        ),
        "c": (
            "The labels of the training images.",
            "Labels enter through the loss alone.",
        ),
        "d": (
            "Fewer parameters.",
            "It brings more: the convolution after the join reads twice as many channels.",
        ),
    },
    right="b",
)

checkerboard_cause = quiz(
    "A transposed convolution has a 3×3 kernel and stride 2. Why can its output show a checkerboard?",
    options={
        "a": (
            "Its weights are random.",
            "A kernel of equal weights shows the pattern, too.",
        ),
        "b": (
            "The stride does not divide the kernel size, so output pixels get different numbers of terms.",
            "Along one axis 3 / 2 does not come out even: the pixels get one and two terms in turn. With a "
            "kernel of 2 or 4 all get equally many, but for the border.",
        ),
        "c": (
            "Every second input pixel is skipped.",
            "Each input pixel is spread over 3×3 output pixels. None is skipped.",
        ),
    },
    right="b",
)
