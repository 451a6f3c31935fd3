"""Lesson 01 · From pixels to LeNet."""

import keras
import numpy as np
from keras import layers

from labs import data
from labs.check import challenge, exercise, quiz
from labs.checking.classifier import ClassifierChallenge, classifier_mistakes


def _random(*shape, seed=0):
    """Reproducible numbers of both signs for the cases."""
    return np.random.default_rng([seed, *shape]).normal(size=shape).round(2)


# ---------------------------------------------------------------------------------- conv_output_size


@exercise(
    cases=[
        dict(size=28, kernel=5),
        dict(size=7, kernel=3, stride=2),
        dict(size=28, kernel=3, padding=1),
        dict(size=8, kernel=3, stride=2),
        dict(size=10, kernel=4, stride=3, padding=2),
        dict(size=5, kernel=5),
        dict(size=224, kernel=7, stride=2, padding=3),
        dict(size=11, kernel=2, stride=3),
        dict(size=6, kernel=3, padding=2),
        dict(size=9, kernel=1, stride=4),
    ],
    hints=[
        "Put the kernel at the far left of the padded axis. How many steps can it go to the right?",
        "The padded axis has size + 2·padding pixels, so the kernel has size + 2·padding - kernel steps to go, "
        "one by one.",
        "With a stride it makes only every stride-th step: divide with //. Then count the first position, too.",
    ],
)
def conv_output_size(size, kernel, stride=1, padding=0):
    """Length of one output axis of a convolution.

    Args:
        size: int, pixels along the axis of the input.
        kernel: int, pixels along the axis of the kernel.
        stride: int, pixels from one kernel position to the next.
        padding: int, zeros added at *each* end of the axis.

    Returns:
        int: the number of positions at which the whole kernel lies on the padded input.
    """
    # BEGIN SOLUTION
    return (size + 2 * padding - kernel) // stride + 1
    # END SOLUTION


@conv_output_size.mistake("Padding is added at both ends of the axis: count it twice.")
def padding_once(size, kernel, stride=1, padding=0):
    return (size + padding - kernel) // stride + 1


@conv_output_size.mistake("You counted the steps between positions. The first position counts, too: add 1.")
def first_position_forgotten(size, kernel, stride=1, padding=0):
    return (size + 2 * padding - kernel) // stride


@conv_output_size.mistake("A last step that does not fit is dropped: round down, with // and not up.")
def rounded_up(size, kernel, stride=1, padding=0):
    return -(-(size + 2 * padding - kernel) // stride) + 1


@conv_output_size.mistake(
    "Divide the steps by the stride first, and add 1 for the first position after that."
)
def one_added_before_division(size, kernel, stride=1, padding=0):
    return (size + 2 * padding - kernel + 1) // stride


@conv_output_size.mistake("Half a position does not exist: divide with //, which rounds down, instead of /.")
def not_rounded(size, kernel, stride=1, padding=0):
    return (size + 2 * padding - kernel) / stride + 1


@conv_output_size.mistake(
    "round() goes up for some fractions. A step that does not fit is always dropped: use //."
)
def rounded_to_nearest(size, kernel, stride=1, padding=0):
    return round((size + 2 * padding - kernel) / stride) + 1


@conv_output_size.mistake(
    "The stride is not used yet: with stride 2 the kernel stops at every second position only."
)
def stride_ignored(size, kernel, stride=1, padding=0):
    return size + 2 * padding - kernel + 1


@conv_output_size.mistake("The padding is not used yet: it makes the axis longer before the kernel slides.")
def padding_ignored(size, kernel, stride=1, padding=0):
    return (size - kernel) // stride + 1


@conv_output_size.mistake("Stride and padding are not used yet.")
def stride_and_padding_ignored(size, kernel, stride=1, padding=0):
    return size - kernel + 1


@conv_output_size.mistake(
    "That is the length for `same` padding. Here the padding is the number that is given."
)
def formula_for_same(size, kernel, stride=1, padding=0):
    return -(-size // stride)


@conv_output_size.mistake("Padding adds to the axis, so the kernel gets more room: its sign is wrong.")
def padding_subtracted(size, kernel, stride=1, padding=0):
    return (size - 2 * padding - kernel) // stride + 1


@conv_output_size.mistake(
    "Each term is divided by itself: put parentheses around size + 2 * padding - kernel."
)
def parentheses_missing(size, kernel, stride=1, padding=0):
    return size + 2 * padding - kernel // stride + 1


@conv_output_size.mistake(
    "The padding belongs inside the division: it lengthens the axis before the kernel slides."
)
def padding_outside(size, kernel, stride=1, padding=0):
    return (size - kernel) // stride + 1 + 2 * padding


@conv_output_size.mistake(
    "Divide first, then count the first position: ... // stride + 1. And the padding is not used yet."
)
def padding_ignored_one_before_division(size, kernel, stride=1, padding=0):
    return (size - kernel + 1) // stride


# -------------------------------------------------------------------------------------- same_padding


@exercise(
    cases=[
        dict(size=28, kernel=5),
        dict(size=28, kernel=3, stride=2),
        dict(size=7, kernel=3, stride=2),
        dict(size=28, kernel=4),
        dict(size=8, kernel=3, stride=2),
        dict(size=10, kernel=1, stride=2),
        dict(size=6, kernel=5, stride=4),
        dict(size=9, kernel=2, stride=4),
        dict(size=10, kernel=3, stride=5),
        dict(size=28, kernel=1),
        dict(size=13, kernel=6, stride=2),
    ],
    hints=[
        "First the output length: with `same` it is ceil(size / stride).",
        "That many positions, stride pixels apart, reach over (output - 1)·stride + kernel pixels. "
        "What is missing at the input is padded, and it is never less than 0.",
        "Half of it goes before, rounded down; the rest goes after.",
    ],
)
def same_padding(size, kernel, stride=1):
    """Zeros that `padding="same"` adds along one axis, by TensorFlow's rule.

    The output gets ceil(size / stride) positions. The zeros that this takes are split in two halves;
    when their number is odd, the extra zero goes after the image (right, bottom).

    Args:
        size: int, pixels along the axis of the input.
        kernel: int, pixels along the axis of the kernel.
        stride: int, pixels from one kernel position to the next.

    Returns:
        (before, after): two ints, the zeros before and after the image; (0, 0) where none are needed.
    """
    # BEGIN SOLUTION
    output = -(-size // stride)  # rounds up
    total = max((output - 1) * stride + kernel - size, 0)
    before = total // 2
    return before, total - before
    # END SOLUTION


def _total_padding(size, kernel, stride):
    return max((-(-size // stride) - 1) * stride + kernel - size, 0)


@same_padding.mistake("When the number of zeros is odd, TensorFlow puts the extra one *after* the image.")
def odd_one_before(size, kernel, stride=1):
    total = _total_padding(size, kernel, stride)
    return total - total // 2, total // 2


@same_padding.mistake("That holds for stride 1. With a larger stride fewer zeros are needed.")
def stride_has_no_part(size, kernel, stride=1):
    return (kernel - 1) // 2, kernel - 1 - (kernel - 1) // 2


@same_padding.mistake(
    "Both ends get the same number here. TensorFlow splits an odd number unevenly: 3 into 1 and 2."
)
def symmetric(size, kernel, stride=1):
    total = _total_padding(size, kernel, stride)
    return total // 2, total // 2


@same_padding.mistake(
    "kernel // 2 on both sides is the rule of other libraries, for odd kernels and stride 1."
)
def half_the_kernel(size, kernel, stride=1):
    return kernel // 2, kernel // 2


@same_padding.mistake("(kernel - 1) // 2 on both sides holds for odd kernels and stride 1 only.")
def half_of_kernel_minus_one(size, kernel, stride=1):
    return (kernel - 1) // 2, (kernel - 1) // 2


@same_padding.mistake("Each side gets the whole number of zeros here: split it in two halves.")
def whole_on_both_sides(size, kernel, stride=1):
    total = _total_padding(size, kernel, stride)
    return total, total


@same_padding.mistake("Where the positions do not reach over the image, no zeros are needed: max(..., 0).")
def negative_padding(size, kernel, stride=1):
    total = (-(-size // stride) - 1) * stride + kernel - size
    return total // 2, total - total // 2


@same_padding.mistake("The number of positions with `same` is rounded up: ceil(size / stride).")
def positions_rounded_down(size, kernel, stride=1):
    total = max((size // stride - 1) * stride + kernel - size, 0)
    return total // 2, total - total // 2


@same_padding.mistake("Return two numbers, before and after, not their sum.")
def sum_of_both(size, kernel, stride=1):
    return _total_padding(size, kernel, stride)


@same_padding.mistake(
    "kernel - stride holds where the stride divides the size. Begin with ceil(size / stride)."
)
def only_for_even_division(size, kernel, stride=1):
    total = max(kernel - stride, 0)
    return total // 2, total - total // 2


@same_padding.mistake("Halves of a pixel do not exist: divide with // and give the rest to the other side.")
def halves_not_rounded(size, kernel, stride=1):
    total = _total_padding(size, kernel, stride)
    return total / 2, total / 2


@same_padding.mistake(
    "Here the output keeps the length of the input. With a stride, `same` means ceil(size / stride) positions."
)
def output_as_long_as_input(size, kernel, stride=1):
    total = max((size - 1) * stride + kernel - size, 0)
    return total // 2, total - total // 2


@same_padding.mistake("All zeros go after the image here. Split them in two halves; an odd one goes after.")
def all_after(size, kernel, stride=1):
    return 0, _total_padding(size, kernel, stride)


@same_padding.mistake(
    "Both ends get the rounded-up half. TensorFlow splits an odd number unevenly: 3 into 1 and 2."
)
def both_rounded_up(size, kernel, stride=1):
    half = -(-_total_padding(size, kernel, stride) // 2)
    return half, half


# ---------------------------------------------------------------------------------------- convolve2d


@exercise(
    cases=[
        dict(image=np.arange(16.0).reshape(4, 4), kernel=np.array([[0.0, 1.0], [2.0, 3.0]])),
        dict(image=_random(5, 7), kernel=_random(3, 3)),
        dict(image=_random(7, 6), kernel=_random(3, 3, seed=1), stride=2),
        dict(image=_random(8, 11), kernel=_random(2, 2), stride=3),
        dict(image=_random(4, 4), kernel=_random(4, 4, seed=2)),
        dict(image=_random(3, 5), kernel=np.array([[2.5]])),
        dict(image=np.arange(30).reshape(5, 6), kernel=np.array([[1, 0, -1], [2, 0, -2], [1, 0, -1]])),
        dict(image=np.arange(42).reshape(6, 7), kernel=_random(3, 3, seed=3)),
    ],
    hints=[
        "Begin with the output: np.zeros((rows, columns)), both lengths by conv_output_size.",
        "Two loops, over row and column of the output. The patch begins at row·stride and column·stride.",
        "Each output value is np.sum(patch * kernel): products of the elements, then their sum.",
    ],
)
def convolve2d(image, kernel, stride=1):
    """Slide a kernel over an image, as Keras' Conv2D does: `valid`, and the kernel is not flipped.

    Args:
        image: array (H, W).
        kernel: array (k, k).
        stride: int, pixels from one position to the next, the same in both directions.

    Returns:
        2-D array: at each position where the whole kernel lies on the image, the sum of the products of
        kernel and image elements. Positions run from the top left corner; the image stays as it is.
    """
    # BEGIN SOLUTION
    size = kernel.shape[0]
    rows = conv_output_size(image.shape[0], size, stride)
    columns = conv_output_size(image.shape[1], size, stride)
    output = np.zeros((rows, columns))
    for row in range(rows):
        for column in range(columns):
            top, left = row * stride, column * stride
            patch = image[top : top + size, left : left + size]
            output[row, column] = np.sum(patch * kernel)
    return output
    # END SOLUTION


def _slide(image, size, stride, value, step=None):
    """The loop of the answers below: value(patch) at each position, `step` pixels apart in the image."""
    step = stride if step is None else step
    rows, columns = (conv_output_size(length, size, stride) for length in image.shape[:2])
    return np.array(
        [
            [
                value(image[row * step : row * step + size, column * step : column * step + size])
                for column in range(columns)
            ]
            for row in range(rows)
        ]
    )


@convolve2d.mistake("Your kernel is turned by 180°. Deep learning slides it as it is: no flip.")
def kernel_flipped(image, kernel, stride=1):
    return _slide(image, len(kernel), stride, lambda patch: np.sum(patch * kernel[::-1, ::-1]))


@convolve2d.mistake(
    "Rows and columns of your kernel are exchanged: element [i, j] belongs to pixel [i, j] of the patch."
)
def kernel_transposed(image, kernel, stride=1):
    return _slide(image, len(kernel), stride, lambda patch: np.sum(patch * kernel.T))


@convolve2d.mistake(
    "@ and np.dot are the matrix product. A convolution multiplies element by element: patch * kernel."
)
def matrix_product(image, kernel, stride=1):
    return _slide(image, len(kernel), stride, lambda patch: np.sum(patch @ kernel))


@convolve2d.mistake("The products are summed, not averaged: np.sum instead of np.mean.")
def products_averaged(image, kernel, stride=1):
    return _slide(image, len(kernel), stride, lambda patch: np.mean(patch * kernel))


@convolve2d.mistake("Sum the products of kernel and patch; you sum the pixels of the patch alone.")
def kernel_unused(image, kernel, stride=1):
    return _slide(image, len(kernel), stride, np.sum)


@convolve2d.mistake(
    "The output has the right size, but the patch moves by 1: begin it at row·stride, column·stride."
)
def patch_moves_by_one(image, kernel, stride=1):
    return _slide(image, len(kernel), stride, lambda patch: np.sum(patch * kernel), step=1)


@convolve2d.mistake("The stride is not used yet: with stride 2 the output has only every second position.")
def stride_of_one(image, kernel, stride=1):
    return _slide(image, len(kernel), 1, lambda patch: np.sum(patch * kernel))


@convolve2d.mistake(
    "The last row and column of positions are missing: the kernel also fits flush at the end, + 1."
)
def last_position_missing(image, kernel, stride=1):
    return _slide(image, len(kernel), stride, lambda patch: np.sum(patch * kernel))[:-1, :-1]


@convolve2d.mistake(
    "Your output is as large as the image. `valid` has only positions where the kernel lies on the image."
)
def same_size(image, kernel, stride=1):
    before = (len(kernel) - 1) // 2
    padded = np.pad(image, (before, len(kernel) - 1 - before))
    return _slide(padded, len(kernel), 1, lambda patch: np.sum(patch * kernel))[::stride, ::stride]


@convolve2d.mistake(
    "The output array holds integers and cuts off the fractions: np.zeros((rows, columns)) holds floats."
)
def fractions_cut_off(image, kernel, stride=1):
    return _slide(image, len(kernel), stride, lambda patch: np.sum(patch * kernel)).astype(int)


@convolve2d.mistake(
    "Fractions are cut off where the image holds integers: np.zeros_like(image) takes over its dtype."
)
def dtype_of_the_image(image, kernel, stride=1):
    return _slide(image, len(kernel), stride, lambda patch: np.sum(patch * kernel)).astype(image.dtype)


@convolve2d.mistake(
    "patch * kernel is still an array. One output element is its sum: np.sum(patch * kernel)."
)
def products_not_summed(image, kernel, stride=1):
    output = np.zeros([conv_output_size(length, len(kernel), stride) for length in image.shape])
    output[0, 0] = image[: len(kernel), : len(kernel)] * kernel
    return output


@convolve2d.mistake(
    "patch * kernel is still an array. One output element is its sum: np.sum(patch * kernel)."
)
def products_kept(image, kernel, stride=1):
    return _slide(image, len(kernel), stride, lambda patch: patch * kernel)


@convolve2d.mistake("Here row and column of the positions are exchanged: the image is image[row, column].")
def positions_exchanged(image, kernel, stride=1):
    return _slide(image.T, len(kernel), stride, lambda patch: np.sum(patch.T * kernel))


@convolve2d.mistake("The result is cut off at 0. A convolution has no activation: negative sums stay.")
def cut_off_at_zero(image, kernel, stride=1):
    return np.maximum(_slide(image, len(kernel), stride, lambda patch: np.sum(patch * kernel)), 0)


def _sum_of(kernel):
    return lambda patch: np.sum(patch * kernel)


@convolve2d.mistake("`valid` pads nothing: no zeros around the image.")
def padded_by_half(image, kernel, stride=1):
    return _slide(np.pad(image, len(kernel) // 2), len(kernel), stride, _sum_of(kernel))


@convolve2d.mistake("Only square images work so: rows come from shape[0], columns from shape[1].")
def square_images_only(image, kernel, stride=1):
    rows = conv_output_size(image.shape[0], len(kernel), stride)
    return _slide(image, len(kernel), stride, _sum_of(kernel))[:, :rows]


@convolve2d.mistake("`return` stands inside the loop: only the first row is computed.")
def first_row_only(image, kernel, stride=1):
    output = _slide(image, len(kernel), stride, _sum_of(kernel))
    output[1:] = 0
    return output


@convolve2d.mistake("The stride counts in both directions: here only the columns have it.")
def stride_for_columns_only(image, kernel, stride=1):
    return _slide(image, len(kernel), 1, _sum_of(kernel))[:, ::stride]


@convolve2d.mistake("The stride counts in both directions: here only the rows have it.")
def stride_for_rows_only(image, kernel, stride=1):
    return _slide(image, len(kernel), 1, _sum_of(kernel))[::stride]


@convolve2d.mistake(
    "The output is as large as the image and partly empty: make it rows × columns positions large."
)
def output_of_image_size(image, kernel, stride=1):
    output = np.zeros(image.shape)
    values = _slide(image, len(kernel), stride, _sum_of(kernel))
    output[: len(values), : values.shape[1]] = values
    return output


@convolve2d.mistake("The sum runs on from position to position: set it back to 0 for each.")
def sum_not_reset(image, kernel, stride=1):
    values = _slide(image, len(kernel), stride, _sum_of(kernel))
    return np.cumsum(values).reshape(values.shape)


# --------------------------------------------------------------------------------- convolution_layer


@exercise(
    cases=[
        dict(image=_random(5, 6, 3), kernels=_random(3, 3, 3, 2), bias=np.array([0.5, -1.0])),
        dict(image=_random(6, 5, 1), kernels=_random(2, 2, 1, 4), bias=_random(4)),
        dict(image=_random(7, 8, 2), kernels=_random(3, 3, 2, 3), bias=_random(3), stride=2),
        dict(image=_random(4, 4, 4), kernels=_random(1, 1, 4, 2), bias=_random(2)),
        dict(image=_random(9, 7, 2), kernels=_random(2, 2, 2, 2), bias=_random(2), stride=3),
    ],
    hints=[
        "The loops of convolve2d stay. Only the patch is now (k, k, C), and there is one output value per filter.",
        "For filter f: the sum of patch * kernels[..., f] over all three axes, plus bias[f].",
        "All filters in one line: np.tensordot(patch, kernels, axes=3) + bias.",
    ],
)
def convolution_layer(image, kernels, bias, stride=1):
    """The whole convolution of a Conv2D layer, for one image: `valid`, without activation, equal to Keras'.

    Args:
        image: array (H, W, C), C input channels.
        kernels: array (k, k, C, F), F filters; each has a k×k kernel for every input channel.
        bias: array (F,), one number per filter.
        stride: int, pixels from one position to the next, the same in both directions.

    Returns:
        array (H', W', F): one output map per filter. A filter's products are summed over the k×k pixels and
        all C channels; then its bias is added once. Kernels are not flipped.
    """
    # BEGIN SOLUTION
    size, filters = kernels.shape[0], kernels.shape[3]
    rows = conv_output_size(image.shape[0], size, stride)
    columns = conv_output_size(image.shape[1], size, stride)
    output = np.zeros((rows, columns, filters))
    for row in range(rows):
        for column in range(columns):
            top, left = row * stride, column * stride
            patch = image[top : top + size, left : left + size]
            output[row, column] = np.tensordot(patch, kernels, axes=3) + bias
    return output
    # END SOLUTION


def _layer(image, kernels, stride, step=None):
    return _slide(image, len(kernels), stride, lambda patch: np.tensordot(patch, kernels, axes=3), step)


@convolution_layer.mistake("A filter sums over all input channels. Yours looks at the first channel only.")
def first_channel_only(image, kernels, bias, stride=1):
    return _layer(image[..., :1], kernels[:, :, :1], stride) + bias


@convolution_layer.mistake("A filter sums over all input channels. Yours looks at the last channel only.")
def last_channel_only(image, kernels, bias, stride=1):
    return _layer(image[..., -1:], kernels[:, :, -1:], stride) + bias


@convolution_layer.mistake("The channels of a filter are summed, not averaged.")
def channels_averaged(image, kernels, bias, stride=1):
    return _layer(image, kernels, stride) / image.shape[2] + bias


@convolution_layer.mistake(
    "A filter's channels are not summed yet: the output has one map a filter, not one a channel of a filter."
)
def channels_not_summed(image, kernels, bias, stride=1):
    return _slide(image, len(kernels), stride, lambda patch: (patch[..., None] * kernels).sum((0, 1)) + bias)


@convolution_layer.mistake("The bias is missing: each filter adds its own number to its whole map.")
def bias_missing(image, kernels, bias, stride=1):
    return _layer(image, kernels, stride)


@convolution_layer.mistake(
    "The bias is added once a channel. It belongs to the filter: add it once, after the sum."
)
def bias_for_each_channel(image, kernels, bias, stride=1):
    return _layer(image, kernels, stride) + image.shape[2] * bias


@convolution_layer.mistake(
    "The bias is added to every product. It belongs to the filter: add it once, after the sum."
)
def bias_for_each_weight(image, kernels, bias, stride=1):
    return _layer(image, kernels, stride) + kernels[..., 0].size * bias


@convolution_layer.mistake("Each filter adds its own bias, bias[f], not the sum of all.")
def bias_summed(image, kernels, bias, stride=1):
    return _layer(image, kernels, stride) + np.sum(bias)


@convolution_layer.mistake("The kernels are turned by 180°. Deep learning slides them as they are: no flip.")
def kernels_flipped(image, kernels, bias, stride=1):
    return _layer(image, kernels[::-1, ::-1], stride) + bias


@convolution_layer.mistake(
    "An activation is applied. This exercise asks for the convolution and the bias alone."
)
def relu_applied(image, kernels, bias, stride=1):
    return np.maximum(_layer(image, kernels, stride) + bias, 0)


@convolution_layer.mistake(
    "The output has the right size, but the patch moves by 1: begin it at row·stride, column·stride."
)
def layer_patch_moves_by_one(image, kernels, bias, stride=1):
    return _layer(image, kernels, stride, step=1) + bias


@convolution_layer.mistake("The stride is not used yet.")
def layer_stride_of_one(image, kernels, bias, stride=1):
    return _layer(image, kernels, 1) + bias


@convolution_layer.mistake("The maps stand in front: the shape is (F, H', W'). In Keras channels come last.")
def channels_first(image, kernels, bias, stride=1):
    return np.moveaxis(_layer(image, kernels, stride) + bias, -1, 0)


@convolution_layer.mistake("The filters are added up into one map. Each filter has a map of its own.")
def filters_summed(image, kernels, bias, stride=1):
    return (_layer(image, kernels, stride) + bias).sum(-1)


@convolution_layer.mistake("Only the first filter is computed: the output needs a map for each of them.")
def first_filter_only(image, kernels, bias, stride=1):
    return (_layer(image, kernels, stride) + bias)[..., :1]


@convolution_layer.mistake("Rows and columns of the kernels are exchanged.")
def kernels_transposed(image, kernels, bias, stride=1):
    return _layer(image, kernels.swapaxes(0, 1), stride) + bias


@convolution_layer.mistake("`valid` pads nothing: no zeros around the image.")
def layer_padded(image, kernels, bias, stride=1):
    before = (len(kernels) - 1) // 2
    after = len(kernels) - 1 - before
    return _layer(np.pad(image, ((before, after), (before, after), (0, 0))), kernels, stride) + bias


@convolution_layer.mistake("Each filter adds its own bias, bias[f], not the first one.")
def first_bias_for_all(image, kernels, bias, stride=1):
    return _layer(image, kernels, stride) + bias[0]


@convolution_layer.mistake("The bias is added, not subtracted.")
def layer_bias_subtracted(image, kernels, bias, stride=1):
    return _layer(image, kernels, stride) - bias


@convolution_layer.mistake(
    "Only the first filter is computed, as a flat map: the output needs a map for each, (H', W', F)."
)
def first_filter_flat(image, kernels, bias, stride=1):
    return (_layer(image, kernels, stride) + bias)[..., 0]


@convolution_layer.mistake("The stride counts in both directions: here only the columns have it.")
def layer_stride_for_columns_only(image, kernels, bias, stride=1):
    return _layer(image, kernels, 1)[:, ::stride] + bias


# ---------------------------------------------------------------------------------------- max_pool2d


@exercise(
    cases=[
        dict(image=np.arange(16.0).reshape(4, 4)),
        dict(image=_random(6, 4)),
        dict(image=_random(5, 7)),
        dict(image=_random(7, 8), size=3),
        dict(image=-np.abs(_random(4, 6)) - 0.1),
        dict(image=-1e7 - np.arange(16.0).reshape(4, 4)),
        dict(image=_random(8, 8), size=4),
        dict(image=_random(3, 5), size=1),
        dict(image=np.array([[3, 1, 4, 1], [5, 9, 2, 6], [5, 3, 5, 8], [9, 7, 9, 3]])),
    ],
    hints=[
        "How many whole windows fit? shape // size, in both directions.",
        "Window [row, column] is image[row·size : (row + 1)·size, column·size : (column + 1)·size].",
    ],
)
def max_pool2d(image, size=2):
    """The largest value of each window of an image; windows do not overlap (stride = size).

    Args:
        image: array (H, W).
        size: int, rows and columns of a window.

    Returns:
        2-D array (H // size, W // size). Rows and columns at the end that do not fill a window are dropped.
    """
    # BEGIN SOLUTION
    rows, columns = image.shape[0] // size, image.shape[1] // size
    output = np.zeros((rows, columns))
    for row in range(rows):
        for column in range(columns):
            top, left = row * size, column * size
            output[row, column] = np.max(image[top : top + size, left : left + size])
    return output
    # END SOLUTION


def _windows(image, size, value):
    return _slide(image, size, size, value)


@max_pool2d.mistake("That is average pooling. Max pooling keeps the largest value of each window.")
def average_for_max(image, size=2):
    return _windows(image, size, np.mean)


@max_pool2d.mistake("That is the smallest value of each window; it must be the largest.")
def min_for_max(image, size=2):
    return _windows(image, size, np.min)


@max_pool2d.mistake("The values of a window are summed; only the largest is kept.")
def sum_for_max(image, size=2):
    return _windows(image, size, np.sum)


@max_pool2d.mistake("Your windows overlap: the next one begins size pixels further, not 1.")
def windows_overlap(image, size=2):
    return _slide(image, size, 1, np.max)


@max_pool2d.mistake("The output has the right size, but the windows begin 1 pixel apart: begin at row·size.")
def windows_one_apart(image, size=2):
    return _slide(image, size, size, np.max, step=1)


@max_pool2d.mistake("Rows and columns that do not fill a window are dropped; you kept them.")
def rest_kept(image, size=2):
    rows, columns = (-(-length // size) for length in image.shape)
    return np.array(
        [
            [
                np.max(image[row * size : (row + 1) * size, column * size : (column + 1) * size])
                for column in range(columns)
            ]
            for row in range(rows)
        ]
    )


@max_pool2d.mistake(
    "Where a whole window is negative you return 0: begin with the window's own values, not with 0."
)
def negative_lost(image, size=2):
    return np.maximum(_windows(image, size, np.max), 0)


@max_pool2d.mistake("The size is not used: your windows are always 2×2.")
def always_two(image, size=2):
    return _windows(image, 2, np.max)


@max_pool2d.mistake("You take the top left pixel of each window; take the largest.")
def corner_of_window(image, size=2):
    return _windows(image, size, lambda window: window[0, 0])


@max_pool2d.mistake("That is one number for the whole image; each window has its own maximum.")
def maximum_of_all(image, size=2):
    return image.max()


@max_pool2d.mistake("Each row of a window has a maximum here; a window has only one.")
def maximum_of_rows(image, size=2):
    return _windows(image, size, lambda window: window.max(axis=1))


@max_pool2d.mistake("The largest magnitude is not the largest value: -5 is less than 3.")
def largest_magnitude(image, size=2):
    return _windows(image, size, lambda window: window.flat[np.argmax(np.abs(window))])


@max_pool2d.mistake("Crop first: rows and columns that do not fill a window are dropped before a reshape.")
def reshaped_without_cropping(image, size=2):
    rows, columns = image.shape[0] // size, image.shape[1] // size
    return image.reshape(rows, size, columns, size).max(axis=(1, 3))


@max_pool2d.mistake("The result is returned as integers: the fractions are lost.")
def pooled_as_integers(image, size=2):
    return _windows(image, size, np.max).astype(int)


@max_pool2d.mistake("Reshape to (rows, size, columns, size), and take the maximum over axes 1 and 3.")
def axes_of_reshape_mixed(image, size=2):
    rows, columns = image.shape[0] // size, image.shape[1] // size
    return image[: rows * size, : columns * size].reshape(rows, columns, size, size).max(axis=(2, 3))


@max_pool2d.mistake("argmax gives the place of the largest value; return the value: np.max.")
def place_of_maximum(image, size=2):
    return _windows(image, size, np.argmax)


@max_pool2d.mistake("Every size-th pixel is taken, the rest included; take the largest of each window.")
def every_pixel_of_a_grid(image, size=2):
    return image[::size, ::size]


@max_pool2d.mistake(
    "Your start value may be larger than a whole window: begin with the window's own values, or -inf."
)
def start_value_too_large(image, size=2):
    return np.maximum(_windows(image, size, np.max), -999)


# ----------------------------------------------------------------------------------- conv_parameters


@exercise(
    cases=[
        dict(kernel=5, in_channels=1, filters=6),
        dict(kernel=3, in_channels=128, filters=64, bias=False),
        dict(kernel=5, in_channels=6, filters=16),
        dict(kernel=3, in_channels=3, filters=32),
        dict(kernel=1, in_channels=64, filters=16),
        dict(kernel=7, in_channels=3, filters=64, bias=False),
        dict(kernel=2, in_channels=5, filters=1),
    ],
    hints=[
        "How many weights has one filter? It is kernel pixels high and wide, and in_channels deep.",
        "All filters have the same shape; a bias is one number more for each of them.",
    ],
)
def conv_parameters(kernel, in_channels, filters, bias=True):
    """Number of parameters of a Conv2D layer.

    Args:
        kernel: int, rows and columns of the square kernel.
        in_channels: int, channels of the input.
        filters: int, filters of the layer, which is the number of its output channels.
        bias: bool, whether each filter has a bias.

    Returns:
        int: the number of weights, and of biases if there are any.
    """
    # BEGIN SOLUTION
    weights = kernel * kernel * in_channels * filters
    return weights + filters if bias else weights
    # END SOLUTION


@conv_parameters.mistake("A kernel has kernel · kernel weights for each input channel: square it.")
def kernel_not_squared(kernel, in_channels, filters, bias=True):
    return kernel * in_channels * filters + (filters if bias else 0)


@conv_parameters.mistake("A filter is as deep as its input: multiply by in_channels.")
def depth_forgotten(kernel, in_channels, filters, bias=True):
    return kernel * kernel * filters + (filters if bias else 0)


@conv_parameters.mistake("That is one filter. Multiply by the number of filters.")
def one_filter(kernel, in_channels, filters, bias=True):
    return kernel * kernel * in_channels + (1 if bias else 0)


@conv_parameters.mistake("You count one bias a weight. There is one bias a filter.")
def bias_per_weight(kernel, in_channels, filters, bias=True):
    return kernel * kernel * in_channels * filters * (2 if bias else 1)


@conv_parameters.mistake("You count a bias for every channel of a filter. There is one bias a filter.")
def bias_per_channel(kernel, in_channels, filters, bias=True):
    return (kernel * kernel + (1 if bias else 0)) * in_channels * filters


@conv_parameters.mistake("You count one bias an input channel. There is one bias a filter.")
def bias_per_input(kernel, in_channels, filters, bias=True):
    return kernel * kernel * in_channels * filters + (in_channels if bias else 0)


@conv_parameters.mistake("You count one bias for the whole layer. There is one a filter.")
def one_bias(kernel, in_channels, filters, bias=True):
    return kernel * kernel * in_channels * filters + (1 if bias else 0)


@conv_parameters.mistake("With bias=False there are no biases to count.")
def bias_always(kernel, in_channels, filters, bias=True):
    return kernel * kernel * in_channels * filters + filters


@conv_parameters.mistake("The biases are missing: one a filter, when bias=True.")
def bias_never(kernel, in_channels, filters, bias=True):
    return kernel * kernel * in_channels * filters


@conv_parameters.mistake("Channels and filters multiply: each filter has a kernel for each input channel.")
def channels_added(kernel, in_channels, filters, bias=True):
    return kernel * kernel * (in_channels + filters) + (filters if bias else 0)


@conv_parameters.mistake(
    "Biases are counted where bias=False, and not where bias=True: the condition is turned round."
)
def bias_reversed(kernel, in_channels, filters, bias=True):
    return kernel * kernel * in_channels * filters + (0 if bias else filters)


@conv_parameters.mistake("Without a bias you return 0: put parentheses around (filters if bias else 0).")
def nothing_without_bias(kernel, in_channels, filters, bias=True):
    return kernel * kernel * in_channels * filters + filters if bias else 0


@conv_parameters.mistake("^ is not a power in Python: write kernel**2 or kernel * kernel.")
def caret_for_power(kernel, in_channels, filters, bias=True):
    return (kernel ^ 2) * in_channels * filters + (filters if bias else 0)


@conv_parameters.mistake("A square has kernel · kernel weights, not 2 · kernel.")
def kernel_doubled(kernel, in_channels, filters, bias=True):
    return 2 * kernel * in_channels * filters + (filters if bias else 0)


# --------------------------------------------------------------------------------------- build_lenet


@exercise(
    cases=[{}],
    hints=[
        'keras.Sequential([keras.Input((28, 28, 1)), layers.Conv2D(6, 5, activation="relu"), ...])',
        "Between the second pooling and the first dense layer the maps become one vector: layers.Flatten().",
        "Check yourself with model.summary(): 47,154 parameters, 256 values after Flatten.",
    ],
)
def build_lenet():
    """A modern LeNet-5 for 28×28 gray images and ten classes.

    In this order: convolution with 6 filters 5×5, ReLU · average pooling 2×2 · convolution with 16 filters
    5×5, ReLU · average pooling 2×2 · flatten · dense 128, ReLU · dense 84, ReLU · dense 10, softmax.
    Both convolutions are `valid`, and every convolution and dense layer has a bias.

    Returns:
        keras.Model: images (28, 28, 1) to 10 probabilities. It need not be compiled.

    Source: LeCun, Bottou, Bengio, Haffner, "Gradient-based learning applied to document recognition", 1998.
    """
    # BEGIN SOLUTION
    return keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            layers.Conv2D(6, 5, activation="relu"),
            layers.AveragePooling2D(2),
            layers.Conv2D(16, 5, activation="relu"),
            layers.AveragePooling2D(2),
            layers.Flatten(),
            layers.Dense(128, activation="relu"),
            layers.Dense(84, activation="relu"),
            layers.Dense(10, activation="softmax"),
        ]
    )
    # END SOLUTION


def _lenet(
    shape=(28, 28, 1),
    kernel=5,
    pooling=layers.AveragePooling2D,
    activation="relu",
    dense_activation="relu",
    last="softmax",
    flatten=layers.Flatten,
    units=(128, 84),
    padding="valid",
    bias=True,
    filters=(6, 16),
):
    """LeNet with one thing different, for the mistakes below."""
    stack = [keras.Input(shape)]
    for number in filters:
        convolution = layers.Conv2D(number, kernel, activation=activation, padding=padding, use_bias=bias)
        stack += [convolution] + ([pooling(2)] if pooling else [])
    stack += [flatten()] if flatten else []
    stack += [layers.Dense(number, activation=dense_activation) for number in units]
    return keras.Sequential([*stack, layers.Dense(10, activation=last)])


@build_lenet.mistake("LeNet averages: AveragePooling2D where you have MaxPooling2D.")
def max_pooling():
    return _lenet(pooling=layers.MaxPooling2D)


@build_lenet.mistake('There is no activation after the convolutions: activation="relu".')
def convolutions_without_activation():
    return _lenet(activation=None)


@build_lenet.mistake('There is no activation in the dense layers: activation="relu", softmax in the last.')
def dense_without_activation():
    return _lenet(dense_activation=None)


@build_lenet.mistake('No layer but the last has an activation: add activation="relu".')
def no_activation():
    return _lenet(activation=None, dense_activation=None)


@build_lenet.mistake("That is closer to 1998. Our modern one has ReLU where yours has tanh.")
def tanh_activation():
    return _lenet(activation="tanh", dense_activation="tanh")


@build_lenet.mistake("ReLU is asked for; sigmoid squashes every value between 0 and 1.")
def sigmoid_activation():
    return _lenet(activation="sigmoid", dense_activation="sigmoid")


@build_lenet.mistake('The model gives logits. The last layer makes them probabilities: activation="softmax".')
def no_softmax():
    return _lenet(last=None)


@build_lenet.mistake("Sigmoid gives ten numbers that do not sum to 1. For one class of ten: softmax.")
def sigmoid_output():
    return _lenet(last="sigmoid")


@build_lenet.mistake("ReLU in the last layer gives no probabilities: softmax.")
def relu_output():
    return _lenet(last="relu")


@build_lenet.mistake('The convolutions are `valid` here: leave out padding="same".')
def same_convolutions():
    return _lenet(padding="same")


@build_lenet.mistake("The kernels are 5×5; yours are 3×3.")
def three_by_three():
    return _lenet(kernel=3)


@build_lenet.mistake("The 1998 network had 120 units here. The exercise asks for 128.")
def units_of_1998():
    return _lenet(units=(120, 84))


@build_lenet.mistake("The dense layer with 84 units is missing.")
def second_dense_missing():
    return _lenet(units=(128,))


@build_lenet.mistake("A Flatten is missing: the dense layers work on each pixel, so the output is a map.")
def flatten_missing():
    return _lenet(flatten=None)


@build_lenet.mistake("Flatten keeps every value. Global average pooling leaves only 16.")
def global_pooling():
    return _lenet(flatten=layers.GlobalAveragePooling2D)


@build_lenet.mistake(
    "The pooling layers are missing: the maps stay large, and the first dense layer becomes huge."
)
def pooling_missing():
    return _lenet(pooling=None)


@build_lenet.mistake("The convolutions need their biases: leave out use_bias=False.")
def no_biases():
    return _lenet(bias=False)


@build_lenet.mistake("MNIST images are 28×28 with one channel: keras.Input((28, 28, 1)).")
def size_of_1998():
    return _lenet(shape=(32, 32, 1))


@build_lenet.mistake("Conv2D needs a channel axis, also for one channel: keras.Input((28, 28, 1)).")
def channel_axis_missing():
    return _lenet(shape=(28, 28))


@build_lenet.mistake("The filters are in reversed order: 6 in the first convolution, 16 in the second.")
def filters_exchanged():
    return _lenet(filters=(16, 6))


@build_lenet.mistake("Softmax is applied twice: once in the last layer is enough.")
def softmax_twice():
    return keras.Sequential([_lenet(), layers.Softmax()])


@build_lenet.mistake("ReLU is asked for; yours lets a part of the negative numbers through.")
def leaky_activation():
    return _lenet(activation="leaky_relu", dense_activation="leaky_relu")


@build_lenet.mistake("ReLU is asked for; yours is GELU.")
def gelu_activation():
    return _lenet(activation="gelu", dense_activation="gelu")


@build_lenet.mistake("The dense layers are in reversed order: first 128 units, then 84.")
def units_exchanged():
    return _lenet(units=(84, 128))


# -------------------------------------------------------------------------------------- visit_counts


@exercise(
    extra=True,
    cases=[
        dict(size=5, kernel=3),
        dict(size=5, kernel=3, padding=1),
        dict(size=5, kernel=3, padding=2),
        dict(size=6, kernel=2),
        dict(size=4, kernel=4),
        dict(size=7, kernel=5, padding=1),
        dict(size=3, kernel=1),
        dict(size=6, kernel=4, padding=3),
    ],
    hints=[
        "Think of one axis first: an array of zeros, as long as the padded image.",
        "For every kernel position add 1 to the pixels it covers; at the end cut the padding off.",
        "A pixel is covered when its row and its column are: np.outer(counts, counts).",
    ],
)
def visit_counts(size, kernel, padding=0):
    """How many kernel positions cover each pixel of an image, at stride 1.

    Args:
        size: int, rows and columns of the image.
        kernel: int, rows and columns of the kernel.
        padding: int, zeros added on each of the four sides.

    Returns:
        int array (size, size): for each pixel of the image itself, without the padding.
    """
    # BEGIN SOLUTION
    counts = np.zeros(size + 2 * padding, dtype=int)
    for start in range(conv_output_size(size, kernel, padding=padding)):
        counts[start : start + kernel] += 1
    counts = counts[padding : padding + size]
    return np.outer(counts, counts)
    # END SOLUTION


def _axis_counts(size, kernel, padding):
    counts = np.zeros(size + 2 * padding, dtype=int)
    for start in range(size + 2 * padding - kernel + 1):
        counts[start : start + kernel] += 1
    return counts


@visit_counts.mistake("The padding is still in your result: return the pixels of the image alone.")
def padding_kept(size, kernel, padding=0):
    counts = _axis_counts(size, kernel, padding)
    return np.outer(counts, counts)


@visit_counts.mistake("Rows and columns multiply: 3 row positions and 3 column positions are 9 positions.")
def axes_added(size, kernel, padding=0):
    counts = _axis_counts(size, kernel, padding)[padding : padding + size]
    return counts[:, None] + counts


@visit_counts.mistake("The padding is not used yet: it lets the kernel begin outside the image.")
def padding_unused(size, kernel, padding=0):
    counts = _axis_counts(size, kernel, 0)
    return np.outer(counts, counts)


@visit_counts.mistake("Pixels at the border are covered less often, unless the padding is large enough.")
def everywhere_equal(size, kernel, padding=0):
    return np.full((size, size), kernel * kernel)


@visit_counts.mistake("That is one axis. The result is (size, size): combine rows and columns.")
def one_axis(size, kernel, padding=0):
    return _axis_counts(size, kernel, padding)[padding : padding + size]


@visit_counts.mistake(
    "Every pixel gets 1. Add 1 for each position that covers it; one position covers kernel·kernel pixels."
)
def kernel_of_one(size, kernel, padding=0):
    return np.ones((size, size), dtype=int)


@visit_counts.mistake("The last position is missing: there are size + 2·padding - kernel + 1.")
def visits_last_position_missing(size, kernel, padding=0):
    counts = np.zeros(size + 2 * padding, dtype=int)
    for start in range(size + 2 * padding - kernel):
        counts[start : start + kernel] += 1
    counts = counts[padding : padding + size]
    return np.outer(counts, counts)


@visit_counts.mistake("With padding 0, [0:-0] is empty: cut with [padding : padding + size].")
def empty_slice(size, kernel, padding=0):
    counts = _axis_counts(size, kernel, padding)[padding:-padding]
    return np.outer(counts, counts)


# --------------------------------------------------------------------------------------------- quiz

why_stride = quiz(
    "You set the stride of a convolution from 1 to 2. What becomes smaller?",
    options={
        "a": ("Its kernels.", "A kernel keeps its size; it only stops at fewer places."),
        "b": (
            "Its output maps, and with them a dense layer that follows.",
            "Half as many stops in each direction: a quarter of the values, and the first dense layer has a "
            "quarter of the weights.",
        ),
        "c": (
            "Its own number of parameters.",
            "Parameters sit in the kernels, and the kernels stay as they are.",
        ),
        "d": ("Its number of filters.", "There is one output map a filter, whatever the stride."),
    },
    right="b",
)

why_channels = quiz(
    "Why does a convolution have several filters, and so several output channels?",
    options={
        "a": (
            "Each filter can learn another feature of the same place.",
            "One finds vertical edges, one horizontal ones, one spots: different spatial features at once.",
        ),
        "b": (
            "Because an image has three colors.",
            "That decides how deep a filter is, not how many there are.",
        ),
        "c": (
            "To average out noise.",
            "Filters are not copies of each other: each starts and ends with other weights.",
        ),
        "d": ("To visit more positions.", "Every filter visits the same positions."),
    },
    right="a",
)

relu_and_pooling = quiz(
    "ReLU and then max pooling, or max pooling and then ReLU: what is true?",
    options={
        "a": ("The first order keeps more information.", "Try it: the results are equal to the last digit."),
        "b": (
            "Both orders give the same; pooling first does less work.",
            "ReLU keeps the order of numbers, so the largest stays the largest. With average pooling it is not so.",
        ),
        "c": ("They agree only for positive inputs.", "A window of negative numbers gives 0 both ways."),
        "d": (
            "It holds for average pooling, too.",
            "Take -1 and 3: the average of the ReLUs is 1.5, the ReLU of the average 1.",
        ),
    },
    right="b",
)

padding_parameters = quiz(
    "Padding goes from `valid` to `same`, and the stride from 1 to 2. What happens to this layer's parameter count?",
    options={
        "a": ("It grows with the padding.", "The zeros are input, not weights."),
        "b": ("It falls to a quarter.", "The output falls to about a quarter; the kernels do not change."),
        "c": (
            "Nothing.",
            "Parameters are kernel × kernel × channels × filters and the biases: nothing else counts.",
        ),
    },
    right="c",
)

broken_lenet = quiz(
    "Which layer of the broken LeNet is wrong?",
    options={
        "a": ("The first convolution.", "It has 156 parameters and gives 24×24 maps, as it should."),
        "b": ("The second convolution.", "It has 2,416 parameters and gives 8×8 maps, as it should."),
        "c": (
            "The second pooling.",
            "It gives 7×7 maps in place of 4×4: its stride is 1. So the first dense layer has three times the weights.",
        ),
        "d": ("The first dense layer.", "It only multiplies what it is given. Look at the shape before it."),
    },
    right="c",
)

which_net_is_blind = quiz(
    "All pixels of all images are shuffled in the same way. Which network hardly notices?",
    options={
        "a": ("The convnet.", "It looks for patterns of neighbors, and the neighbors are gone."),
        "b": (
            "The dense network.",
            "Every unit sees every pixel with a weight of its own, so the order of the pixels means nothing to it.",
        ),
        "c": ("Neither: both fail.", "Look at the accuracies above once more."),
    },
    right="b",
)


# ---------------------------------------------------------------------------------------- challenge


@challenge(
    examine=ClassifierChallenge(
        load=data.fashion_mnist,
        input_shape=(28, 28, 1),
        classes=10,
        parameters=lambda: build_lenet().count_params(),
        steps=600,
        batch_size=64,
        asked=0.86,
    ),
    hints=[
        "Where do LeNet's parameters sit? model.summary() tells. What makes that layer small?",
        "Three convolutions 3×3 with `same` padding and growing filters, max pooling after each.",
        "keras.optimizers.Adam(3e-3) learns faster in so few steps. layers.BatchNormalization(momentum=0.9) after each convolution helps; lesson 02 explains it.",
    ],
)
def build_compact_cnn():
    """A convnet for Fashion-MNIST with fewer parameters than LeNet: at least 86 % of the test images right.

    The check trains your model for 600 steps of 64 images with the optimizer and the loss you compiled it
    with, and measures it on 2,000 test images. Images are 28×28×1, from 0 to 1; labels are integers 0 to 9.
    You may try again, so the number is a target, not an honest test result.

    Returns:
        keras.Model: compiled, images (28, 28, 1) to 10 probabilities, fewer than 47,154 parameters.
    """
    # BEGIN SOLUTION
    model = keras.Sequential([keras.Input((28, 28, 1))])
    for filters in (16, 32, 64):
        model.add(layers.Conv2D(filters, 3, padding="same", use_bias=False))
        model.add(layers.BatchNormalization(momentum=0.9))
        model.add(layers.ReLU())
        model.add(layers.MaxPooling2D(2))
    model.add(layers.Flatten())
    model.add(layers.Dense(10, activation="softmax"))
    schedule = keras.optimizers.schedules.CosineDecay(3e-3, decay_steps=600)
    model.compile(keras.optimizers.Adam(schedule), loss="sparse_categorical_crossentropy")
    return model
    # END SOLUTION


classifier_mistakes(build_compact_cnn)
