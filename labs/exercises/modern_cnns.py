"""Lesson 04 · AlexNet to DenseNet."""

import keras
import numpy as np
from keras import layers

from labs import data
from labs.check import challenge, exercise, quiz
from labs.checking.classifier import ClassifierChallenge, classifier_mistakes
from labs.checking.models import block_model

MODEL_SECONDS = 20.0  # for a block on all cases: a loaded machine takes its time to build models


# ----------------------------------------------------------------------------------- receptive_field


@exercise(
    cases=[
        dict(layers=[(3, 1)]),
        dict(layers=[(3, 1), (3, 1)]),
        dict(layers=[(3, 1), (3, 1), (3, 1)]),
        dict(layers=[(3, 2), (3, 1)]),
        dict(layers=[(3, 1), (3, 2)]),
        dict(layers=[(5, 1), (2, 2), (5, 1), (2, 2)]),
        dict(layers=[(4, 2), (4, 2), (4, 2), (4, 1), (4, 1)]),
        dict(layers=[(7, 2), (3, 2), (1, 1), (3, 1), (5, 3), (3, 1)]),
        dict(layers=[(1, 1), (1, 1)]),
        dict(layers=[]),
    ],
    hints=[
        "Begin with 1 pixel. A layer with a kernel of 3 adds 2 more: kernel - 1 new places.",
        "How far apart are two neighbors of a layer's input, in pixels of the image? All strides before it, multiplied.",
        "Keep two numbers, field = 1 and step = 1. For each layer: field += (kernel - 1) * step, then step *= stride.",
    ],
)
def receptive_field(layers):
    """Length of the receptive field: how many image pixels, along one axis, one output value depends on.

    Args:
        layers: list of (kernel, stride), two ints for each convolution or pooling, first layer first.

    Returns:
        int: pixels along one axis, where no border is in the way. Without layers it is 1.
    """
    # BEGIN SOLUTION
    field, step = 1, 1
    for kernel, stride in layers:
        field += (kernel - 1) * step
        step *= stride
    return field
    # END SOLUTION


def _field(layers):
    field, step = 1, 1
    for kernel, stride in layers:
        field += (kernel - 1) * step
        step *= stride
    return field


@receptive_field.mistake(
    "Kernels are added. Neighbors overlap: two 3×3 see 5 pixels, not 6. Each adds kernel - 1."
)
def kernels_added(layers):
    return sum(kernel for kernel, _stride in layers)


@receptive_field.mistake(
    "The stride is not used yet: after a stride of 2, each step is 2 pixels of the image."
)
def strides_ignored(layers):
    return 1 + sum(kernel - 1 for kernel, _stride in layers)


@receptive_field.mistake("A layer's own stride widens the layers after it, not the layer itself.")
def own_stride_used(layers):
    field, step = 1, 1
    for kernel, stride in layers:
        step *= stride
        field += (kernel - 1) * step
    return field


@receptive_field.mistake(
    "Strides multiply: after 2 and 2 a step is 4 pixels. Yours keeps the last stride only."
)
def last_stride_only(layers):
    field, step = 1, 1
    for kernel, stride in layers:
        field += (kernel - 1) * step
        step = stride
    return field


@receptive_field.mistake("Strides multiply: after 2, 2 and 2 a step is 8 pixels. Yours adds them.")
def strides_added(layers):
    field, step = 1, 0
    for kernel, stride in layers:
        field += (kernel - 1) * max(step, 1)
        step += stride if stride > 1 else 0
    return field


@receptive_field.mistake("Kernels are multiplied. Each layer adds (kernel - 1) · step pixels.")
def kernels_multiplied(layers):
    field = 1
    for kernel, _stride in layers:
        field *= kernel
    return field


@receptive_field.mistake("Begin with 1: a single output value, before any layer, sees one pixel.")
def begun_with_zero(layers):
    return _field(layers) - 1


@receptive_field.mistake("A kernel of 3 adds 2 pixels, not 3: add (kernel - 1) · step.")
def whole_kernel_added(layers):
    field, step = 1, 1
    for kernel, stride in layers:
        field += kernel * step
        step *= stride
    return field


@receptive_field.mistake("That is the area. Return the length along one axis.")
def area(layers):
    return _field(layers) ** 2


@receptive_field.mistake("The list is read from its end: the first pair is the layer next to the image.")
def read_backwards(layers):
    return _field(layers[::-1])


@receptive_field.mistake("The largest kernel is not enough: every layer widens the field.")
def largest_kernel(layers):
    return max((kernel for kernel, _stride in layers), default=1)


@receptive_field.mistake("Multiply by the strides of the layers before: yours multiplies by the layer's own.")
def only_own_stride(layers):
    return 1 + sum((kernel - 1) * stride for kernel, stride in layers)


@receptive_field.mistake("Each pair is (kernel, stride): yours reads it as (stride, kernel).")
def pair_read_backwards(layers):
    return _field([(stride, kernel) for kernel, stride in layers])


@receptive_field.mistake(
    "Multiply by the strides before the layer alone: yours takes the strides of all layers."
)
def all_strides_for_each(layers):
    step = 1
    for _kernel, stride in layers:
        step *= stride
    return 1 + sum(kernel - 1 for kernel, _stride in layers) * step


@receptive_field.mistake(
    "Add (kernel - 1) · step: yours is the product of the strides, the distance of two outputs."
)
def distance_of_outputs(layers):
    step = 1
    for _kernel, stride in layers:
        step *= stride
    return step


# -------------------------------------------------------------------------------- bottleneck_weights


@exercise(
    cases=[
        dict(channels=256, reduced=64),
        dict(channels=256, reduced=64, kernel=5),
        dict(channels=192, reduced=16, kernel=5),
        dict(channels=12, reduced=12),
        dict(channels=10, reduced=3, kernel=1),
        dict(channels=7, reduced=2, kernel=4),
    ],
    hints=[
        "A convolution has kernel · kernel · input channels · filters weights.",
        "Direct: from channels to channels. Through the bottleneck: three convolutions, one after the other.",
        "channels → reduced with 1×1, reduced → reduced with kernel×kernel, reduced → channels with 1×1.",
    ],
)
def bottleneck_weights(channels, reduced, kernel=3):
    """Weights of a convolution, and of a bottleneck in its place. No biases.

    The bottleneck is three convolutions: 1×1 from `channels` to `reduced`, kernel×kernel from `reduced` to
    `reduced`, and 1×1 back to `channels`.

    Args:
        channels: int, channels of the input and of the output.
        reduced: int, channels inside the bottleneck.
        kernel: int, rows and columns of the square kernel.

    Returns:
        (direct, bottleneck): two ints, the weights of one kernel×kernel convolution from `channels` to
        `channels`, and of the three convolutions together.
    """
    # BEGIN SOLUTION
    direct = kernel * kernel * channels * channels
    bottleneck = channels * reduced + kernel * kernel * reduced * reduced + reduced * channels
    return direct, bottleneck
    # END SOLUTION


def _both_weights(channels, reduced, kernel):
    return kernel**2 * channels**2, 2 * channels * reduced + kernel**2 * reduced**2


@bottleneck_weights.mistake("The last 1×1 convolution, back to all channels, is missing.")
def way_back_missing(channels, reduced, kernel=3):
    return kernel**2 * channels**2, channels * reduced + kernel**2 * reduced**2


@bottleneck_weights.mistake("The first 1×1 convolution, from all channels to few, is missing in the sum.")
def one_way_and_kernel_back(channels, reduced, kernel=3):
    return kernel**2 * channels**2, channels * reduced + kernel**2 * reduced * channels


@bottleneck_weights.mistake("The middle convolution reads `reduced` channels, not all of them.")
def middle_reads_all(channels, reduced, kernel=3):
    return kernel**2 * channels**2, 2 * channels * reduced + kernel**2 * channels * reduced


@bottleneck_weights.mistake("No biases are counted here.")
def biases_counted(channels, reduced, kernel=3):
    direct, bottleneck = _both_weights(channels, reduced, kernel)
    return direct + channels, bottleneck + 2 * reduced + channels


@bottleneck_weights.mistake("A kernel has kernel · kernel weights for each channel: square it.")
def length_for_area(channels, reduced, kernel=3):
    return kernel * channels**2, 2 * channels * reduced + kernel * reduced**2


@bottleneck_weights.mistake("The kernel is not always 3: use the argument.")
def kernel_always_three(channels, reduced, kernel=3):
    return _both_weights(channels, reduced, 3)


@bottleneck_weights.mistake("The order is (direct, bottleneck).")
def pair_exchanged(channels, reduced, kernel=3):
    return _both_weights(channels, reduced, kernel)[::-1]


@bottleneck_weights.mistake("Only the middle convolution has a kernel×kernel kernel; the other two are 1×1.")
def all_kernels_large(channels, reduced, kernel=3):
    return kernel**2 * channels**2, kernel**2 * (2 * channels * reduced + reduced**2)


@bottleneck_weights.mistake("Return both counts, not their ratio.")
def ratio(channels, reduced, kernel=3):
    direct, bottleneck = _both_weights(channels, reduced, kernel)
    return direct / bottleneck


@bottleneck_weights.mistake("Add the two 1×1 convolutions: yours counts the middle one alone.")
def middle_alone(channels, reduced, kernel=3):
    return kernel * kernel * channels**2, kernel * kernel * reduced**2


@bottleneck_weights.mistake("The direct convolution goes from channels to channels: yours goes to reduced.")
def direct_to_reduced(channels, reduced, kernel=3):
    return kernel * kernel * channels * reduced, _both_weights(channels, reduced, kernel)[1]


@bottleneck_weights.mistake(
    "Multiply input channels by output channels: each filter has a kernel for every input channel."
)
def one_kernel_for_all_channels(channels, reduced, kernel=3):
    return kernel * kernel * channels, 2 * reduced + kernel * kernel * reduced


@bottleneck_weights.mistake(
    "Keep the order of the parameters: channels is the large number, reduced the small one."
)
def channels_and_reduced_exchanged(channels, reduced, kernel=3):
    return _both_weights(reduced, channels, kernel)


@bottleneck_weights.mistake(
    "The last 1×1 convolution reads reduced channels: the middle one goes from reduced to reduced."
)
def middle_back_to_channels(channels, reduced, kernel=3):
    direct = kernel * kernel * channels**2
    return direct, channels * reduced + kernel * kernel * reduced * channels + channels**2


# ---------------------------------------------------------------------------------- separable_weights


@exercise(
    cases=[
        dict(kernel=3, in_channels=64, filters=128),
        dict(kernel=5, in_channels=3, filters=32),
        dict(kernel=3, in_channels=512, filters=512),
        dict(kernel=1, in_channels=6, filters=10),
        dict(kernel=7, in_channels=5, filters=2),
    ],
    hints=[
        "Depthwise: each input channel has one kernel×kernel kernel of its own, and the channels stay apart.",
        "Then a 1×1 convolution mixes the channels: in_channels · filters weights.",
        "The two steps follow each other, so their weights are added.",
    ],
)
def separable_weights(kernel, in_channels, filters):
    """Weights of an ordinary convolution, and of a depthwise-separable one in its place. No biases.

    Depthwise-separable: first one kernel×kernel kernel for each input channel, which reads that channel
    alone; then a 1×1 convolution from all of them to the filters.

    Args:
        kernel: int, rows and columns of the square kernel.
        in_channels: int, channels of the input.
        filters: int, channels of the output.

    Returns:
        (ordinary, separable): two ints.

    Source: Howard and others, "MobileNets", 2017.
    """
    # BEGIN SOLUTION
    ordinary = kernel * kernel * in_channels * filters
    separable = kernel * kernel * in_channels + in_channels * filters
    return ordinary, separable
    # END SOLUTION


def _ordinary_and_separable(kernel, in_channels, filters):
    return kernel**2 * in_channels * filters, kernel**2 * in_channels + in_channels * filters


@separable_weights.mistake("The two steps follow each other: their weights are added, not multiplied.")
def steps_multiplied(kernel, in_channels, filters):
    return kernel**2 * in_channels * filters, kernel**2 * in_channels * in_channels * filters


@separable_weights.mistake("The depthwise step has one kernel for each *input* channel, not for each filter.")
def kernel_for_each_filter(kernel, in_channels, filters):
    return kernel**2 * in_channels * filters, kernel**2 * filters + in_channels * filters


@separable_weights.mistake("The depthwise step alone does not mix channels: add the 1×1 convolution.")
def depthwise_alone(kernel, in_channels, filters):
    return kernel**2 * in_channels * filters, kernel**2 * in_channels


@separable_weights.mistake("The depthwise step is missing: kernel · kernel weights for each input channel.")
def pointwise_alone(kernel, in_channels, filters):
    return kernel**2 * in_channels * filters, in_channels * filters


@separable_weights.mistake("Each input channel has a depthwise kernel of its own: multiply by in_channels.")
def one_depthwise_kernel(kernel, in_channels, filters):
    return kernel**2 * in_channels * filters, kernel**2 + in_channels * filters


@separable_weights.mistake("No biases are counted here.")
def separable_biases_counted(kernel, in_channels, filters):
    ordinary, separable = _ordinary_and_separable(kernel, in_channels, filters)
    return ordinary + filters, separable + in_channels + filters


@separable_weights.mistake("The order is (ordinary, separable).")
def separable_pair_exchanged(kernel, in_channels, filters):
    return _ordinary_and_separable(kernel, in_channels, filters)[::-1]


@separable_weights.mistake("A square has kernel · kernel weights: square the kernel's length.")
def separable_kernel_not_squared(kernel, in_channels, filters):
    return kernel * in_channels * filters, kernel * in_channels + in_channels * filters


@separable_weights.mistake("The second step is 1×1: its kernel has a single weight for each channel.")
def pointwise_with_kernel(kernel, in_channels, filters):
    return kernel**2 * in_channels * filters, kernel**2 * in_channels * (1 + filters)


@separable_weights.mistake("Take the kernel from the argument: yours is always 3.")
def separable_kernel_always_three(kernel, in_channels, filters):
    return 9 * in_channels * filters, 9 * in_channels + in_channels * filters


@separable_weights.mistake("Leave the biases out: no convolution has one here.")
def biases_but_for_the_depthwise(kernel, in_channels, filters):
    ordinary, separable = _ordinary_and_separable(kernel, in_channels, filters)
    return ordinary + filters, separable + filters


@separable_weights.mistake("In the depthwise step each channel is read alone: in_channels counts once.")
def depthwise_reads_all(kernel, in_channels, filters):
    return kernel**2 * in_channels * filters, kernel**2 * in_channels**2 + in_channels * filters


@separable_weights.mistake("The 1×1 convolution goes from in_channels to filters: multiply the two.")
def pointwise_counts_filters_alone(kernel, in_channels, filters):
    return kernel**2 * in_channels * filters, kernel**2 * in_channels + filters


@separable_weights.mistake("Return both counts, not their ratio.")
def separable_ratio(kernel, in_channels, filters):
    return 1 / filters + 1 / kernel**2


# ----------------------------------------------------------------------------------- inception_block


def _inception_cases():
    # All six numbers differ, so that branches cannot be confused.
    return [
        dict(x=keras.Input((8, 8, 9)), filters=(3, 4, 6, 2, 5, 7)),
        dict(x=keras.Input((7, 6, 4)), filters=(5, 3, 2, 6, 4, 1)),
        dict(x=keras.Input((5, 5, 3)), filters=(1, 2, 8, 4, 3, 5)),
    ]


@exercise(
    cases=_inception_cases,
    observe=block_model,
    seconds=MODEL_SECONDS,
    hints=[
        "Four branches, and each begins at x: four times layers.Conv2D or layers.MaxPooling2D called on x.",
        'For example the second: layers.Conv2D(filters[1], 1, padding="same", activation="relu")(x), and on its '
        "result the 3×3 with filters[2].",
        'layers.MaxPooling2D(3, strides=1, padding="same")(x) keeps height and width. '
        "Join with layers.Concatenate()([one, three, five, pool]).",
    ],
)
def inception_block(x, filters):
    """Inception block: four branches side by side, joined along the channels.

    1. a 1×1 convolution with filters[0];
    2. a 1×1 convolution with filters[1], then a 3×3 with filters[2];
    3. a 1×1 convolution with filters[3], then a 5×5 with filters[4];
    4. 3×3 max pooling with stride 1, then a 1×1 convolution with filters[5].

    Every convolution has a bias and ReLU; everything is padded with "same". There is no batch normalization.

    Args:
        x: Keras tensor (None, H, W, C), from keras.Input or a layer.
        filters: six ints: 1×1, 3×3 reduce, 3×3, 5×5 reduce, 5×5, pool projection.

    Returns:
        Keras tensor (None, H, W, filters[0] + filters[2] + filters[4] + filters[5]), joined in this order.

    Source: Szegedy and others, "Going deeper with convolutions", 2015.
    """
    # BEGIN SOLUTION
    one, three_reduce, three, five_reduce, five, projection = filters
    a = layers.Conv2D(one, 1, padding="same", activation="relu")(x)
    b = layers.Conv2D(three_reduce, 1, padding="same", activation="relu")(x)
    b = layers.Conv2D(three, 3, padding="same", activation="relu")(b)
    c = layers.Conv2D(five_reduce, 1, padding="same", activation="relu")(x)
    c = layers.Conv2D(five, 5, padding="same", activation="relu")(c)
    d = layers.MaxPooling2D(3, strides=1, padding="same")(x)
    d = layers.Conv2D(projection, 1, padding="same", activation="relu")(d)
    return layers.Concatenate()([a, b, c, d])
    # END SOLUTION


def _inception(
    x,
    filters,
    kernels=(3, 5),
    activation="relu",
    reduce_activation="relu",
    bias=True,
    padding="same",
    normalize=False,
    pooling=layers.MaxPooling2D,
    order=(0, 1, 2, 3),
    reduce=True,
    project="after",
):
    """The block with one thing different, for the mistakes below."""

    def convolution(inputs, number, kernel, function=activation):
        layer = layers.Conv2D(number, kernel, padding=padding, activation=function, use_bias=bias)
        return layers.BatchNormalization()(layer(inputs)) if normalize else layer(inputs)

    def reduced(number):
        return convolution(x, number, 1, reduce_activation) if reduce else x

    pool = pooling(3, strides=1, padding="same")
    last = {
        "after": lambda: convolution(pool(x), filters[5], 1),
        "before": lambda: pool(convolution(x, filters[5], 1)),
        "missing": lambda: pool(x),
    }[project]()
    branches = [
        convolution(x, filters[0], 1),
        convolution(reduced(filters[1]), filters[2], kernels[0]),
        convolution(reduced(filters[3]), filters[4], kernels[1]),
        last,
    ]
    return layers.Concatenate()([branches[number] for number in order])


@inception_block.mistake(
    'Branches of different height and width cannot be joined: padding="same" in every convolution and in the '
    "pooling, which also needs strides=1. (Joined means Concatenate, not Add.)"
)
def sizes_do_not_fit(x, filters):
    return _inception(x, filters, padding="valid")


@inception_block.mistake('ReLU is missing: activation="relu" in every convolution.')
def inception_without_relu(x, filters):
    return _inception(x, filters, activation=None, reduce_activation=None)


@inception_block.mistake("The 1×1 convolutions before the 3×3 and the 5×5 have ReLU, too.")
def reductions_without_relu(x, filters):
    return _inception(x, filters, reduce_activation=None)


@inception_block.mistake(
    "The 1×1 convolutions before the 3×3 and the 5×5 are missing: filters[1] and filters[3]."
)
def reductions_missing(x, filters):
    return _inception(x, filters, reduce=False)


@inception_block.mistake("The branches are joined in another order than 1×1, 3×3, 5×5, pool.")
def pool_first(x, filters):
    return _inception(x, filters, order=(3, 0, 1, 2))


@inception_block.mistake("The branches are joined in reversed order: 1×1, 3×3, 5×5, pool is asked for.")
def joined_in_reverse(x, filters):
    return _inception(x, filters, order=(3, 2, 1, 0))


@inception_block.mistake("The pooling is max pooling here.")
def average_in_inception(x, filters):
    return _inception(x, filters, pooling=layers.AveragePooling2D)


@inception_block.mistake("The 1×1 convolution comes after the pooling, not before it.")
def projection_before_pooling(x, filters):
    return _inception(x, filters, project="before")


@inception_block.mistake("The pooling branch needs its 1×1 convolution with filters[5].")
def pool_projection_missing(x, filters):
    return _inception(x, filters, project="missing")


@inception_block.mistake("The third branch has a 5×5 kernel; yours has 3×3 twice.")
def three_by_three_twice(x, filters):
    return _inception(x, filters, kernels=(3, 3))


@inception_block.mistake("The 5×5 stands in the second branch and the 3×3 in the third: exchange them.")
def kernels_exchanged(x, filters):
    return _inception(x, filters, kernels=(5, 3))


@inception_block.mistake("Every convolution here has a bias: leave out use_bias=False.")
def inception_without_bias(x, filters):
    return _inception(x, filters, bias=False)


@inception_block.mistake("This block, of 2014, has no batch normalization.")
def inception_with_batch_norm(x, filters):
    return _inception(x, filters, normalize=True)


@inception_block.mistake(
    "The six numbers are in the order 1×1, 3×3 reduce, 3×3, 5×5 reduce, 5×5, pool projection: "
    "reductions do not come first."
)
def numbers_in_another_order(x, filters):
    one, three_reduce, five_reduce, three, five, projection = filters
    return _inception(x, (one, three_reduce, three, five_reduce, five, projection))


@inception_block.mistake("The branches stand side by side: each begins at x, not at the branch before it.")
def branches_in_a_chain(x, filters):
    one = layers.Conv2D(filters[0], 1, padding="same", activation="relu")(x)
    three = layers.Conv2D(filters[1], 1, padding="same", activation="relu")(one)
    three = layers.Conv2D(filters[2], 3, padding="same", activation="relu")(three)
    five = layers.Conv2D(filters[3], 1, padding="same", activation="relu")(three)
    five = layers.Conv2D(filters[4], 5, padding="same", activation="relu")(five)
    pool = layers.MaxPooling2D(3, strides=1, padding="same")(five)
    pool = layers.Conv2D(filters[5], 1, padding="same", activation="relu")(pool)
    return layers.Concatenate()([one, three, five, pool])


@inception_block.mistake("Four results are returned. Join them: layers.Concatenate()([...]).")
def branches_not_joined(x, filters):
    joined = _inception(x, filters)
    return [joined, joined]


@inception_block.mistake("Join in the order 1×1, 3×3, 5×5, pool: yours has the 5×5 before the 3×3.")
def five_before_three(x, filters):
    one = layers.Conv2D(filters[0], 1, activation="relu")(x)
    three = layers.Conv2D(filters[1], 1, activation="relu")(x)
    three = layers.Conv2D(filters[2], 3, padding="same", activation="relu")(three)
    five = layers.Conv2D(filters[3], 1, activation="relu")(x)
    five = layers.Conv2D(filters[4], 5, padding="same", activation="relu")(five)
    pool = layers.MaxPooling2D(3, strides=1, padding="same")(x)
    pool = layers.Conv2D(filters[5], 1, activation="relu")(pool)
    return layers.Concatenate()([one, five, three, pool])


@inception_block.mistake(
    "filters[1] and filters[3] are the reductions, filters[2] and filters[4] the 3×3 and the 5×5: exchange them."
)
def reductions_exchanged(x, filters):
    one, reduce3, three, reduce5, five, pool = filters
    return _inception(x, (one, three, reduce3, five, reduce5, pool))


# ------------------------------------------------------------------------------------ residual_block


def _residual_cases():
    return [
        dict(x=keras.Input((6, 6, 4)), filters=4),
        dict(x=keras.Input((6, 8, 3)), filters=5),
        dict(x=keras.Input((8, 6, 4)), filters=4, stride=2),
        dict(x=keras.Input((7, 7, 3)), filters=6, stride=2),
    ]


@exercise(
    cases=_residual_cases,
    observe=block_model,
    seconds=MODEL_SECONDS,
    hints=[
        "Two paths begin at x: the convolutions, and the shortcut. layers.Add()([one, two]) joins them.",
        'First path: layers.Conv2D(filters, 3, strides=stride, padding="same", use_bias=False), '
        "layers.BatchNormalization(), layers.ReLU(); then the same with stride 1 and without the ReLU.",
        "Shapes differ when stride != 1 or x.shape[-1] != filters. Then the shortcut is "
        "layers.Conv2D(filters, 1, strides=stride, use_bias=False) and layers.BatchNormalization().",
    ],
)
def residual_block(x, filters, stride=1):
    """Residual block: two convolutions, and a shortcut around them.

    First path: 3×3 convolution with `stride`, batch normalization, ReLU, 3×3 convolution with stride 1, batch
    normalization. Shortcut: x itself where the shapes are equal, else a 1×1 convolution with `stride` and
    batch normalization. The two are added, and ReLU comes after the sum.

    No convolution has a bias; the 3×3 ones are padded with "same". Batch normalization has Keras' defaults.

    Args:
        x: Keras tensor (None, H, W, C), from keras.Input or a layer.
        filters: int, channels of the output.
        stride: int, of the first convolution and of the shortcut's.

    Returns:
        Keras tensor (None, H', W', filters), H' = ceil(H / stride).

    Source: He, Zhang, Ren, Sun, "Deep residual learning for image recognition", 2016.
    """
    # BEGIN SOLUTION
    y = layers.Conv2D(filters, 3, strides=stride, padding="same", use_bias=False)(x)
    y = layers.BatchNormalization()(y)
    y = layers.ReLU()(y)
    y = layers.Conv2D(filters, 3, padding="same", use_bias=False)(y)
    y = layers.BatchNormalization()(y)
    if stride != 1 or x.shape[-1] != filters:
        x = layers.Conv2D(filters, 1, strides=stride, use_bias=False)(x)
        x = layers.BatchNormalization()(x)
    y = layers.Add()([x, y])
    return layers.ReLU()(y)
    # END SOLUTION


def _residual(
    x,
    filters,
    stride=1,
    bias=False,
    normalize=True,
    norm_first=True,
    middle_relu=True,
    before="",
    after=True,
    shortcut=True,
    needed=lambda stride, unequal: stride != 1 or unequal,
    projection=(1, True),
    strides=lambda stride: (stride, 1, stride),
):
    """The block with one thing different, for the mistakes below. `before`: paths with ReLU before the sum; `projection`: kernel, normalized."""

    def normalized(tensor):
        return layers.BatchNormalization()(tensor) if normalize else tensor

    first, second, third = strides(stride)
    y = layers.Conv2D(filters, 3, strides=first, padding="same", use_bias=bias)(x)
    y = normalized(y) if norm_first else y
    y = layers.ReLU()(y) if middle_relu else y
    y = y if norm_first else normalized(y)
    y = layers.Conv2D(filters, 3, strides=second, padding="same", use_bias=bias)(y)
    y = normalized(y)
    if needed(stride, x.shape[-1] != filters):
        kernel, norm = projection
        x = layers.Conv2D(filters, kernel, strides=third, padding="same", use_bias=bias)(x)
        x = normalized(x) if norm else x
    y = layers.ReLU()(y) if "y" in before else y
    x = layers.ReLU()(x) if "x" in before else x
    y = layers.Add()([x, y]) if shortcut else y
    return layers.ReLU()(y) if after else y


@residual_block.mistake(
    "ReLU comes after the addition, once. You have it before: then the sum can only grow."
)
def relu_before_addition(x, filters, stride=1):
    return _residual(x, filters, stride, before="y", after=False)


@residual_block.mistake("ReLU comes after the addition only; the second convolution has none before it.")
def relu_before_and_after(x, filters, stride=1):
    return _residual(x, filters, stride, before="y")


@residual_block.mistake("The ReLU after the addition is missing.")
def last_relu_missing(x, filters, stride=1):
    return _residual(x, filters, stride, after=False)


@residual_block.mistake("The ReLU between the two convolutions is missing.")
def middle_relu_missing(x, filters, stride=1):
    return _residual(x, filters, stride, middle_relu=False)


@residual_block.mistake("The shortcut is missing: add x to the result of the convolutions.")
def plain_block(x, filters, stride=1):
    return _residual(x, filters, stride, needed=lambda stride, unequal: False, shortcut=False)


@residual_block.mistake(
    "The sum needs equal sizes: the projection has the stride of the first convolution, the second "
    "convolution has none."
)
def projection_without_stride(x, filters, stride=1):
    return _residual(x, filters, stride, strides=lambda stride: (stride, 1, 1))


@residual_block.mistake(
    "Where channels or sizes differ, the shortcut needs a 1×1 convolution with the stride."
)
def projection_missing(x, filters, stride=1):
    return _residual(x, filters, stride, needed=lambda stride, unequal: False)


@residual_block.mistake("Equal channels are not enough: with a stride the sizes differ, too.")
def stride_not_considered(x, filters, stride=1):
    return _residual(x, filters, stride, needed=lambda stride, unequal: unequal)


@residual_block.mistake("Stride 1 is not enough: the channels may differ, too.")
def channels_not_considered(x, filters, stride=1):
    return _residual(x, filters, stride, needed=lambda stride, unequal: stride != 1)


@residual_block.mistake("Where the shapes are equal, the shortcut is x itself, without a convolution.")
def always_projected(x, filters, stride=1):
    return _residual(x, filters, stride, needed=lambda stride, unequal: True)


@residual_block.mistake("The shortcut's 1×1 convolution has a batch normalization, too.")
def projection_not_normalized(x, filters, stride=1):
    return _residual(x, filters, stride, projection=(1, False))


@residual_block.mistake("The shortcut's convolution is 1×1, not 3×3.")
def projection_three_by_three(x, filters, stride=1):
    return _residual(x, filters, stride, projection=(3, True))


@residual_block.mistake("Batch normalization is missing after the convolutions.")
def batch_norm_forgotten(x, filters, stride=1):
    return _residual(x, filters, stride, normalize=False)


@residual_block.mistake("Batch normalization comes before the ReLU, right after the convolution.")
def norm_after_relu(x, filters, stride=1):
    return _residual(x, filters, stride, norm_first=False)


@residual_block.mistake("No convolution has a bias here: use_bias=False. Batch normalization adds its own.")
def residual_with_bias(x, filters, stride=1):
    return _residual(x, filters, stride, bias=True)


@residual_block.mistake("The stride belongs to the first convolution; you have it in the second.")
def stride_in_second(x, filters, stride=1):
    return _residual(x, filters, stride, strides=lambda stride: (1, stride, stride))


@residual_block.mistake("The stride is not used yet.")
def block_stride_ignored(x, filters, stride=1):
    return _residual(
        x, filters, stride, needed=lambda stride, unequal: unequal, strides=lambda stride: (1, 1, 1)
    )


@residual_block.mistake("The shortcut has no ReLU of its own: ReLU comes after the addition.")
def shortcut_with_relu(x, filters, stride=1):
    return _residual(x, filters, stride, before="xy", after=False)


@residual_block.mistake("Join with Add, which keeps the channels: Concatenate makes them twice as many.")
def concatenated(x, filters, stride=1):
    y = _residual(x, filters, stride, shortcut=False, after=False)
    if stride != 1 or x.shape[-1] != filters:
        x = layers.Conv2D(filters, 1, strides=stride, use_bias=False)(x)
        x = layers.BatchNormalization()(x)
    return layers.ReLU()(layers.Concatenate()([x, y]))


# --------------------------------------------------------------------------------------- dense_block


def _dense_cases():
    return [
        dict(x=keras.Input((6, 6, 5)), layers=1, growth=3),
        dict(x=keras.Input((6, 7, 4)), layers=3, growth=2),
        dict(x=keras.Input((5, 5, 3)), layers=2, growth=4),
    ]


@exercise(
    cases=_dense_cases,
    observe=block_model,
    seconds=MODEL_SECONDS,
    hints=[
        "A loop over range(layers). Inside it `layers` is a number: write keras.layers.Conv2D.",
        "y = BatchNormalization, then ReLU, then Conv2D(growth, 3), all beginning at the present x.",
        "At the end of each round: x = keras.layers.Concatenate()([x, y]). The next round reads this longer x.",
    ],
)
def dense_block(x, layers, growth):
    """Dense block: each layer reads everything before it and adds `growth` channels.

    One layer is batch normalization, ReLU and a 3×3 convolution with `growth` filters, padded with "same" and
    without bias; its result is joined to its input along the channels, the input first. This is done `layers`
    times. Batch normalization has Keras' defaults.

    Inside this function `layers` is a number, so Keras' layers are written keras.layers.Conv2D, and so on.

    Args:
        x: Keras tensor (None, H, W, C), from keras.Input or a layer.
        layers: int, how many layers.
        growth: int, channels that each of them adds.

    Returns:
        Keras tensor (None, H, W, C + layers · growth).

    Source: Huang, Liu, van der Maaten, Weinberger, "Densely connected convolutional networks", 2017.
    """
    # BEGIN SOLUTION
    for _number in range(layers):
        y = keras.layers.BatchNormalization()(x)
        y = keras.layers.ReLU()(y)
        y = keras.layers.Conv2D(growth, 3, padding="same", use_bias=False)(y)
        x = keras.layers.Concatenate()([x, y])
    return x
    # END SOLUTION


def _dense_layer(x, growth, normalize=True, relu=True, bias=False, kernel=3):
    """BatchNormalization, ReLU, convolution, with one thing different."""
    x = layers.BatchNormalization()(x) if normalize else x
    x = layers.ReLU()(x) if relu else x
    return layers.Conv2D(growth, kernel, padding="same", use_bias=bias)(x)


def _dense_chain(x, count, growth, join=None, **changed):
    for _number in range(count):
        y = _dense_layer(x, growth, **changed)
        x = join(x, y) if join else layers.Concatenate()([x, y])
    return x


@dense_block.mistake(
    "Inside this function `layers` is the number of layers, so it has no Conv2D: write keras.layers.Conv2D."
)
def layers_is_a_number(x, layers, growth):
    return layers.Conv2D(growth, 3)(x)


@dense_block.mistake("A layer's result is joined to its input: without that, x is forgotten.")
def never_joined(x, layers, growth):
    return _dense_chain(x, layers, growth, join=lambda x, y: y)


@dense_block.mistake("The input comes first: Concatenate()([x, y]).")
def input_joined_last(x, layers, growth):
    return _dense_chain(x, layers, growth, join=lambda x, y: keras.layers.Concatenate()([y, x]))


@dense_block.mistake("Each layer reads everything before it. Yours all read the block's input.")
def all_read_the_input(x, layers, growth):
    return keras.layers.Concatenate()([x, *(_dense_layer(x, growth) for _number in range(layers))])


@dense_block.mistake("Each layer reads everything before it. Yours reads the layer before it only.")
def reads_the_last_only(x, layers, growth):
    parts = [x]
    for _number in range(layers):
        parts.append(_dense_layer(parts[-1], growth))
    return keras.layers.Concatenate()(parts)


@dense_block.mistake("Batch normalization is missing: it comes first, before ReLU and convolution.")
def dense_norm_forgotten(x, layers, growth):
    return _dense_chain(x, layers, growth, normalize=False)


@dense_block.mistake("ReLU is missing between batch normalization and convolution.")
def dense_relu_forgotten(x, layers, growth):
    return _dense_chain(x, layers, growth, relu=False)


@dense_block.mistake("The convolution has no bias: use_bias=False.")
def dense_with_bias(x, layers, growth):
    return _dense_chain(x, layers, growth, bias=True)


@dense_block.mistake("The kernel is 3×3; yours is 1×1.")
def dense_one_by_one(x, layers, growth):
    return _dense_chain(x, layers, growth, kernel=1)


@dense_block.mistake(
    "Convolution first is the older order. Here it is batch normalization, ReLU, convolution."
)
def convolution_first(x, layers, growth):
    for _number in range(layers):
        y = keras.layers.Conv2D(growth, 3, padding="same", use_bias=False)(x)
        y = keras.layers.ReLU()(keras.layers.BatchNormalization()(y))
        x = keras.layers.Concatenate()([x, y])
    return x


@dense_block.mistake("Every layer adds `growth` channels, not twice, three times, ... as many.")
def growth_grows(x, layers, growth):
    for number in range(1, layers + 1):
        x = keras.layers.Concatenate()([x, _dense_layer(x, number * growth)])
    return x


@dense_block.mistake("One layer is made; the loop over range(layers) is missing, or `return` stands in it.")
def one_layer_only(x, layers, growth):
    return _dense_chain(x, 1, growth)


@dense_block.mistake("One layer too many: range(layers) counts from 0 to layers - 1.")
def one_layer_too_many(x, layers, growth):
    return _dense_chain(x, layers + 1, growth)


@dense_block.mistake(
    "The sizes do not fit: join with Concatenate, not with Add, which is ResNet's way; and pad the convolution with "
    '"same".'
)
def added_not_joined(x, layers, growth):
    return _dense_chain(x, layers, growth, join=lambda x, y: keras.layers.Add()([x, y]))


@dense_block.mistake("Return x, into which everything is joined: yours is the last layer's result alone.")
def last_result_alone(x, layers, growth):
    for _number in range(layers):
        y = _dense_layer(x, growth)
        x = keras.layers.Concatenate()([x, y])
    return y


@dense_block.mistake("Batch normalization comes first: yours has ReLU before it.")
def dense_relu_first(x, layers, growth):
    for _number in range(layers):
        y = keras.layers.BatchNormalization()(keras.layers.ReLU()(x))
        y = keras.layers.Conv2D(growth, 3, padding="same", use_bias=False)(y)
        x = keras.layers.Concatenate()([x, y])
    return x


@dense_block.mistake("ReLU comes before the convolution: yours comes after it.")
def dense_relu_last(x, layers, growth):
    for _number in range(layers):
        y = keras.layers.BatchNormalization()(x)
        y = keras.layers.Conv2D(growth, 3, padding="same", use_bias=False)(y)
        x = keras.layers.Concatenate()([x, keras.layers.ReLU()(y)])
    return x


@dense_block.mistake("layers and growth are exchanged: repeat `layers` times, with `growth` filters.")
def layers_and_growth_exchanged(x, layers, growth):
    return _dense_chain(x, growth, layers)


# ------------------------------------------------------------------------------------ alexnet_weights


@exercise(
    extra=True,
    cases=[{}],
    hints=[
        "A convolution has kernel · kernel · channels it reads · filters weights; a dense layer inputs · units.",
        "In convolutions 2, 4 and 5 a filter reads half of the channels: 48, 192 and 192.",
        "The third pooling makes 13×13 maps into 6×6: the first dense layer reads 6 · 6 · 256 values.",
    ],
)
def alexnet_weights():
    """Weights of AlexNet's eight layers, without biases, computed layer by layer.

    The network of 2012, on two GPUs: 227×227×3 images; convolutions 96 filters 11×11 (stride 4), 256 filters
    5×5, 384 filters 3×3, 384 filters 3×3, 256 filters 3×3; then dense layers of 4096, 4096 and 1000 units. In
    the second, fourth and fifth convolution a filter reads only the half of the channels that lies on its own
    GPU; in the third it reads all. Max pooling 3×3 with stride 2, `valid`, follows the first, the second and
    the fifth convolution: maps are 55, 27, 13 and, at the end, 6 pixels wide.

    Returns:
        list of eight ints, first layer first.

    Source: Krizhevsky, Sutskever, Hinton, "ImageNet classification with deep convolutional neural networks", 2012.
    """
    # BEGIN SOLUTION
    convolutions = [(11, 3, 96), (5, 96 // 2, 256), (3, 256, 384), (3, 384 // 2, 384), (3, 384 // 2, 256)]
    dense = [(6 * 6 * 256, 4096), (4096, 4096), (4096, 1000)]
    weights = [kernel * kernel * channels * filters for kernel, channels, filters in convolutions]
    return weights + [inputs * units for inputs, units in dense]
    # END SOLUTION


def _alexnet(second=48, third=256, fourth=192, fifth=192, width=6, biases=0):
    convolutions = [(11, 3, 96), (5, second, 256), (3, third, 384), (3, fourth, 384), (3, fifth, 256)]
    dense = [(width * width * 256, 4096), (4096, 4096), (4096, 1000)]
    weights = [
        kernel**2 * channels * filters + biases * filters for kernel, channels, filters in convolutions
    ]
    return weights + [inputs * units + biases * units for inputs, units in dense]


@alexnet_weights.mistake("The pooling after the fifth convolution is forgotten: its maps are 6×6, not 13×13.")
def last_pooling_forgotten():
    return _alexnet(width=13)


@alexnet_weights.mistake(
    "That is one tower: in convolutions 2, 4 and 5 a filter reads half of the channels only."
)
def one_tower():
    return _alexnet(second=96, fourth=384, fifth=384)


@alexnet_weights.mistake("No biases are counted here.")
def alexnet_with_biases():
    return _alexnet(biases=1)


@alexnet_weights.mistake("The third convolution reads all 256 channels, those of both GPUs.")
def third_reads_half():
    return _alexnet(third=128)


@alexnet_weights.mistake("Return the eight counts, not their sum.")
def alexnet_total():
    return sum(_alexnet())


@alexnet_weights.mistake("13 pixels, a 3×3 pooling with stride 2 and `valid`: 6, not 7.")
def rounded_up_pooling():
    return _alexnet(width=7)


@alexnet_weights.mistake(
    "The first dense layer reads every value of 6×6 maps with 256 channels: multiply by 6 · 6."
)
def pixels_forgotten():
    counts = _alexnet()
    return [*counts[:5], 256 * 4096, *counts[6:]]


@alexnet_weights.mistake("The image has three channels: multiply the first count by 3.")
def gray_image():
    counts = _alexnet()
    return [counts[0] // 3, *counts[1:]]


@alexnet_weights.mistake(
    "Halve in convolutions 2, 4 and 5 the channels that are read, and forget no pooling: maps end with 6×6."
)
def one_tower_without_last_pooling():
    return _alexnet(second=96, fourth=384, fifth=384, width=13)


# ----------------------------------------------------------------------------------------- transition


def _transition_cases():
    return [
        dict(x=keras.Input((6, 6, 6))),
        dict(x=keras.Input((8, 6, 7))),
        dict(x=keras.Input((7, 5, 8)), compression=0.25),
        dict(x=keras.Input((4, 4, 5)), compression=1.0),
        dict(x=keras.Input((4, 6, 7)), compression=0.4),
    ]


@exercise(
    extra=True,
    cases=_transition_cases,
    observe=block_model,
    seconds=MODEL_SECONDS,
    hints=[
        "x.shape[-1] is the number of channels.",
        "BatchNormalization, ReLU, Conv2D(int(channels * compression), 1, use_bias=False), AveragePooling2D(2).",
    ],
)
def transition(x, compression=0.5):
    """Transition block between two dense blocks: fewer channels, half the height and width.

    Batch normalization (Keras' defaults), ReLU, a 1×1 convolution without bias to int(channels · compression)
    channels, 2×2 average pooling.

    Args:
        x: Keras tensor (None, H, W, C), from keras.Input or a layer.
        compression: float, the part of the channels that stays.

    Returns:
        Keras tensor (None, H // 2, W // 2, int(C · compression)).

    Source: Huang, Liu, van der Maaten, Weinberger, "Densely connected convolutional networks", 2017.
    """
    # BEGIN SOLUTION
    channels = int(x.shape[-1] * compression)
    x = layers.BatchNormalization()(x)
    x = layers.ReLU()(x)
    x = layers.Conv2D(channels, 1, use_bias=False)(x)
    return layers.AveragePooling2D(2)(x)
    # END SOLUTION


def _transition(
    x, channels, normalize=True, relu=True, bias=False, kernel=1, stride=1, pooling=layers.AveragePooling2D
):
    x = layers.BatchNormalization()(x) if normalize else x
    x = layers.ReLU()(x) if relu else x
    x = layers.Conv2D(channels, kernel, strides=stride, padding="same", use_bias=bias)(x)
    return pooling(2)(x) if pooling else x


@transition.mistake("The pooling is average pooling here.")
def max_in_transition(x, compression=0.5):
    return _transition(x, int(x.shape[-1] * compression), pooling=layers.MaxPooling2D)


@transition.mistake("Round the channels down: int(channels * compression).")
def channels_rounded_up(x, compression=0.5):
    return _transition(x, int(np.ceil(x.shape[-1] * compression)))


@transition.mistake("`compression` is the part that stays, not the part that goes.")
def part_that_goes(x, compression=0.5):
    return _transition(x, max(int(x.shape[-1] * (1 - compression)), 1))


@transition.mistake("`compression` is not used: it is not always a half.")
def always_half(x, compression=0.5):
    return _transition(x, x.shape[-1] // 2)


@transition.mistake("Batch normalization is missing: it comes first.")
def transition_norm_forgotten(x, compression=0.5):
    return _transition(x, int(x.shape[-1] * compression), normalize=False)


@transition.mistake("ReLU is missing between batch normalization and convolution.")
def transition_relu_forgotten(x, compression=0.5):
    return _transition(x, int(x.shape[-1] * compression), relu=False)


@transition.mistake("The convolution has no bias: use_bias=False.")
def transition_with_bias(x, compression=0.5):
    return _transition(x, int(x.shape[-1] * compression), bias=True)


@transition.mistake("The convolution is 1×1.")
def transition_three_by_three(x, compression=0.5):
    return _transition(x, int(x.shape[-1] * compression), kernel=3)


@transition.mistake("The pooling is missing: half the height, half the width.")
def transition_pooling_missing(x, compression=0.5):
    return _transition(x, int(x.shape[-1] * compression), pooling=None)


@transition.mistake(
    "The size is halved by average pooling, not by a stride: a stride skips three values of four."
)
def stride_for_pooling(x, compression=0.5):
    return _transition(x, int(x.shape[-1] * compression), stride=2, pooling=None)


@transition.mistake("Batch normalization and ReLU come before the convolution.")
def transition_convolution_first(x, compression=0.5):
    x = layers.Conv2D(int(x.shape[-1] * compression), 1, use_bias=False)(x)
    return layers.AveragePooling2D(2)(layers.ReLU()(layers.BatchNormalization()(x)))


@transition.mistake("`compression` is the part that stays: multiply by it, not by 1 - compression.")
def compression_is_dropped_part(x, compression=0.5):
    x = layers.ReLU()(layers.BatchNormalization()(x))
    x = layers.Conv2D(int(x.shape[-1] * (1 - compression)), 1, use_bias=False)(x)
    return layers.AveragePooling2D(2)(x)


@transition.mistake('Leave out padding="same" in the pooling: an odd last row is dropped.')
def pooled_with_padding(x, compression=0.5):
    x = layers.ReLU()(layers.BatchNormalization()(x))
    x = layers.Conv2D(int(x.shape[-1] * compression), 1, use_bias=False)(x)
    return layers.AveragePooling2D(2, padding="same")(x)


# -------------------------------------------------------------------------------- global_average_pool


def _random(*shape, seed=0):
    """Reproducible numbers of both signs for the cases."""
    return np.random.default_rng([seed, *shape]).normal(size=shape).round(2)


@exercise(
    extra=True,
    cases=[
        dict(x=_random(2, 3, 5, 4)),
        dict(x=_random(3, 4, 4, 4)),
        dict(x=_random(1, 7, 7, 3)),
        dict(x=np.arange(48.0).reshape(2, 2, 4, 3)),
        dict(x=_random(5, 1, 1, 2)),
        dict(x=_random(2, 3, 2, 1)),
    ],
    hints=[
        "Every map becomes one number: its mean. How many numbers has one image then?",
        "Average over the axes of rows and columns, which are 1 and 2.",
    ],
)
def global_average_pool(x):
    """Global average pooling: each map of each image becomes its mean.

    Args:
        x: array (N, H, W, C).

    Returns:
        array (N, C).

    Source: Lin, Chen, Yan, "Network in network", 2014.
    """
    # BEGIN SOLUTION
    return np.mean(x, axis=(1, 2))
    # END SOLUTION


@global_average_pool.mistake("That averages over the channels, too: keep the last axis.")
def channels_pooled_too(x):
    return np.mean(x, axis=(1, 2, 3))


@global_average_pool.mistake("That averages over the images of the batch: keep axis 0.")
def batch_pooled(x):
    return np.mean(x, axis=(0, 1, 2))


@global_average_pool.mistake("Axes count from 0: rows and columns are axes 1 and 2, axis 0 counts images.")
def axes_from_zero(x):
    return np.mean(x, axis=(0, 1))


@global_average_pool.mistake("In Keras channels come last: rows and columns are axes 1 and 2, not 2 and 3.")
def channels_first_axes(x):
    return np.mean(x, axis=(2, 3))


@global_average_pool.mistake("That is global max pooling: the mean is asked for.")
def global_maximum(x):
    return np.max(x, axis=(1, 2))


@global_average_pool.mistake("Values are summed. Divide by the number of pixels, or take np.mean.")
def global_sum(x):
    return np.sum(x, axis=(1, 2))


@global_average_pool.mistake("The shape is (N, 1, 1, C). Leave out keepdims: (N, C) is asked for.")
def axes_kept(x):
    return np.mean(x, axis=(1, 2), keepdims=True)


@global_average_pool.mistake("Only the rows are averaged: columns, axis 2, too.")
def rows_only(x):
    return np.mean(x, axis=1)


@global_average_pool.mistake("That is flattening: it keeps every value. Take the mean of each map.")
def flattened(x):
    return np.reshape(x, (len(x), -1))


@global_average_pool.mistake("Divide by height · width: yours divides by the square of the height.")
def square_assumed(x):
    return x.sum(axis=(1, 2)) / x.shape[1] ** 2


@global_average_pool.mistake("Average over rows and columns, axes 1 and 2, and keep the channels, axis 3.")
def channels_averaged(x):
    return x.mean(axis=3)


@global_average_pool.mistake("reshape cannot move an axis: average over axes 1 and 2 of x itself.")
def reshaped_to_channels_first(x):
    return x.reshape(x.shape[0], x.shape[3], -1).mean(axis=2)


# --------------------------------------------------------------------------------------------- quiz

copied_number = quiz(
    "The copied list has 177,209,344 in sixth place, the first dense layer. What did its author forget?",
    options={
        "a": (
            "The bias of each unit.",
            "4,096 units have 4,096 biases. The difference is 139 million.",
        ),
        "b": (
            "That the network ran on two GPUs.",
            "That halves convolutions 2, 4 and 5. The first dense layer reads everything.",
        ),
        "c": (
            "The pooling after the fifth convolution.",
            "177,209,344 / 4,096 units is 43,264 inputs, and that is 13 · 13 · 256: the maps before the pooling. "
            "After it they are 6 · 6 · 256.",
        ),
        "d": (
            "Nothing: the number is right.",
            "Then the network would have 200 million weights. Its paper says 60 million.",
        ),
    },
    right="c",
)

two_three_by_three = quiz(
    "Two 3×3 convolutions in place of one 5×5, equal channels. What is true?",
    options={
        "a": (
            "They see 5×5 pixels, with 28 % fewer weights, and a ReLU more.",
            "18 weights in place of 25 for each pair of channels, and one more bend in between.",
        ),
        "b": ("They see 6×6 pixels.", "Neighbors overlap: 3 pixels, and 2 more."),
        "c": (
            "They see 3×3 pixels, as each of them does.",
            "The second one sees 3×3 values, and each of these sees 3×3 pixels.",
        ),
        "d": ("They need as many weights.", "2 · 3 · 3 is 18; 5 · 5 is 25."),
    },
    right="a",
)

does_reduction_cost = quiz(
    "Does it cost accuracy to reduce the channels with 1×1 convolutions?",
    options={
        "a": (
            "Always: channels are features, and features are lost.",
            "Look at the figure: halving the width several times changed nothing that could be measured.",
        ),
        "b": (
            "Never: a 1×1 convolution only leaves out what is not needed.",
            "Look at the left end of the figure: a bottleneck can be too narrow.",
        ),
        "c": (
            "At first not measurably, but clearly when it becomes too narrow.",
            "The channels hold much of the same. What the network needs fits through a part of them, but not through two.",
        ),
    },
    right="c",
)

how_skips_help = quiz(
    "How does a shortcut help the gradient?",
    options={
        "a": (
            "The gradient goes back through the addition unchanged, besides its way through the convolutions.",
            "So early layers get a direct signal, however many blocks lie between.",
        ),
        "b": (
            "It makes the network less deep.",
            "All convolutions are still there, and all are used.",
        ),
        "c": (
            "It removes layers that learn nothing.",
            "Nothing is removed; a block may learn to add nearly 0.",
        ),
        "d": (
            "It scales the gradient to length 1.",
            "Nothing scales it: an addition hands the gradient on as it is.",
        ),
    },
    right="a",
)

dense_growth = quiz(
    "A dense block begins with 24 channels and has growth 12. How many channels has it after 4 layers, and after 8?",
    options={
        "a": ("72 and 120.", "24 + 4 · 12 and 24 + 8 · 12: a straight line."),
        "b": ("384 and 6,144.", "That would double at each layer. Each layer adds 12, whatever came before."),
        "c": ("48 and 96.", "The block's own 24 input channels stay in it: add them."),
        "d": ("12 and 12.", "That is what one layer adds; everything before is joined to it."),
    },
    right="a",
)

broken_residual = quiz(
    "What is wrong with the broken block?",
    options={
        "a": (
            "It lacks parameters.",
            "Both blocks have the same number: the mistake does not show in the count.",
        ),
        "b": (
            "Its shortcut does not begin at the input.",
            "x is overwritten before the addition, so the block adds its own result to itself. With kernels of 0 "
            "nothing is left; a right block hands its input on.",
        ),
        "c": (
            "Batch normalization turns the ones into zeros.",
            "It does the same in the right block. There the shortcut goes around it.",
        ),
        "d": ("The last ReLU cuts everything off.", "ReLU keeps positive numbers, and ones went in."),
    },
    right="b",
)


# ---------------------------------------------------------------------------------------- challenge


@challenge(
    examine=ClassifierChallenge(
        load=data.fashion_mnist,
        input_shape=(28, 28, 1),
        classes=10,
        parameters=50_000,
        steps=600,
        batch_size=64,
        asked=0.865,
    ),
    hints=[
        "Shrink early: the first layers are dear on large maps. Two convolutions with 16 and 24 filters, max pooling "
        "after each, leave 7×7 maps.",
        "Then one or two blocks of this lesson, global average pooling, and the dense layer.",
        "A learning rate that falls: keras.optimizers.schedules.CosineDecay(5e-3, decay_steps=600). In so few steps "
        "batch normalization needs momentum=0.9 for its averages.",
    ],
)
def build_efficient_cnn():
    """The best classifier you can make with fewer than 50,000 parameters: at least 86.5 % of the
    Fashion-MNIST test images right.

    The check trains your model for 600 steps of 64 images with the optimizer and the loss you compiled it
    with, and measures it on 2,000 test images. Images are 28×28×1, from 0 to 1; labels are integers 0 to 9.
    You may try again, so the number is a target, not an honest test result.

    Returns:
        keras.Model: compiled, images (28, 28, 1) to 10 probabilities, fewer than 50,000 parameters.
    """
    # BEGIN SOLUTION
    inputs = keras.Input((28, 28, 1))
    x = inputs
    for filters in (16, 32):
        x = layers.Conv2D(filters, 3, padding="same", activation="relu")(x)
        x = layers.MaxPooling2D(2)(x)
    for filters in (32, 48, 48):  # inverted residuals, three times as wide inside
        y = layers.Conv2D(3 * x.shape[-1], 1, use_bias=False)(x)
        y = layers.ReLU()(layers.BatchNormalization(momentum=0.9)(y))
        y = layers.DepthwiseConv2D(3, padding="same", use_bias=False)(y)
        y = layers.ReLU()(layers.BatchNormalization(momentum=0.9)(y))
        y = layers.Conv2D(filters, 1, use_bias=False)(y)
        y = layers.BatchNormalization(momentum=0.9)(y)
        x = layers.Add()([x, y]) if x.shape[-1] == filters else y
    x = layers.Conv2D(96, 1, activation="relu")(x)
    x = layers.GlobalAveragePooling2D()(x)
    model = keras.Model(inputs, layers.Dense(10, activation="softmax")(x))
    schedule = keras.optimizers.schedules.CosineDecay(5e-3, decay_steps=600)
    model.compile(keras.optimizers.Adam(schedule), loss="sparse_categorical_crossentropy")
    return model
    # END SOLUTION


classifier_mistakes(build_efficient_cnn)
