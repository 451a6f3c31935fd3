"""Lesson 12 · What else pixels can do."""

import math

import keras
import numpy as np
from keras import layers, ops

from labs import data, super_resolution
from labs.check import challenge, exercise, quiz
from labs.checking.training import model_mistakes
from labs.checking.upscaler import UpscalerChallenge
from labs.colorization import MATRIX, WHITE


def _random(*shape, seed=0):
    """Reproducible numbers of both signs for the cases."""
    return np.random.default_rng([seed, *shape]).normal(size=shape).round(2)


def _image(*shape, seed=0):
    """Reproducible brightnesses from 0 to 1 for the cases."""
    return np.random.default_rng([seed, *shape]).uniform(size=shape).round(2)


# --------------------------------------------------------------------------------------- gram_matrix


@exercise(
    cases=[
        dict(features=np.array([[[1.0, 2.0], [3.0, -1.0], [0.0, 4.0]]])),
        dict(features=_random(4, 5, 3)),
        dict(features=_random(2, 3, 6, seed=1)),
        dict(features=_random(5, 2, 2, seed=2) + 3),
        dict(features=_random(3, 3, 1, seed=3)),
        dict(features=np.zeros((2, 2, 3))),
    ],
    differentiable=True,
    hints=[
        "Forget where the pixels lie: keras.ops.reshape(features, (-1, C)) has one row for each pixel.",
        "Entry [i, j] sums, over all pixels, channel i times channel j. That is the transposed rows times the rows.",
        "keras.ops.matmul(keras.ops.transpose(rows), rows), divided by the number of rows.",
    ],
)
def gram_matrix(features):
    """How strongly each pair of channels is active at the same places.

    Entry [i, j] is the mean, over all pixels, of channel i times channel j. The means of the channels are not
    subtracted.

    Args:
        features: float tensor (H, W, C), the feature maps of one image.

    Returns:
        tensor (C, C), symmetric. Gradients reach the features, so use keras.ops, not NumPy.

    Source: Gatys, Ecker, Bethge, "Image style transfer using convolutional neural networks", 2016; here divided by
    H · W, so that images of different sizes can be compared.
    """
    # BEGIN SOLUTION
    rows = keras.ops.reshape(features, (-1, features.shape[-1]))
    return keras.ops.matmul(keras.ops.transpose(rows), rows) / rows.shape[0]
    # END SOLUTION


def _rows(features):
    """Feature maps (H, W, C) as one row for each pixel."""
    return ops.reshape(features, (-1, features.shape[-1]))


def _products(one, two):
    """Sums over the rows of all products of a column of one and a column of two."""
    return ops.matmul(ops.transpose(one), two)


@gram_matrix.mistake(
    "The sums are right, but they grow with the image. Divide by the number of pixels, H · W."
)
def undivided(features):
    return _products(_rows(features), _rows(features))


@gram_matrix.mistake("Divide by the pixels, H · W, only; the channels are not summed over.")
def divided_by_channels_too(features):
    return undivided(features) / math.prod(features.shape)


@gram_matrix.mistake("You divide by the number of channels. The sums run over the pixels: divide by H · W.")
def divided_by_channels(features):
    return undivided(features) / features.shape[-1]


@gram_matrix.mistake("len(features) counts the rows of the image. The sums run over H · W pixels.")
def divided_by_height(features):
    return undivided(features) / features.shape[0]


@gram_matrix.mistake(
    "The features are divided before they are multiplied, so that each product is divided twice. Divide the product once."
)
def divided_twice(features):
    return undivided(features) / (features.shape[0] * features.shape[1]) ** 2


@gram_matrix.mistake(
    "The channels' means are subtracted: that is the covariance. A Gram matrix takes the features as they are."
)
def covariance(features):
    rows = _rows(features)
    rows = rows - ops.mean(rows, axis=0)
    return _products(rows, rows) / rows.shape[0]


@gram_matrix.mistake(
    "The matrix compares pixels with pixels. Transpose the first factor: (C, H·W) times (H·W, C)."
)
def pixels_with_pixels(features):
    rows = _rows(features)
    return ops.matmul(rows, ops.transpose(rows)) / rows.shape[0]


@gram_matrix.mistake(
    "reshape to (C, H·W) does not move the channels to the front: it cuts the numbers into other rows. Reshape to "
    "(H·W, C), then transpose."
)
def reshaped_without_transposing(features):
    lines = ops.reshape(features, (features.shape[-1], -1))
    return ops.matmul(lines, ops.transpose(lines)) / lines.shape[1]


@gram_matrix.mistake(
    "The channels were moved to the front, and then reshape cut them into rows of C numbers. Reshape to (-1, C) without "
    "moving anything: each row must be one pixel."
)
def channels_moved_before_reshaping(features):
    rows = ops.reshape(ops.transpose(features, (2, 0, 1)), (-1, features.shape[-1]))
    return _products(rows, rows) / rows.shape[0]


@gram_matrix.mistake(
    "Each channel is scaled to length 1, which loses how strong it is. Leave the features as they are."
)
def correlations(features):
    rows = _rows(features)
    rows = rows / ops.maximum(ops.sqrt(ops.sum(rows**2, axis=0)), 1e-7)
    return _products(rows, rows)


@gram_matrix.mistake(
    "The channels are averaged over the pixels first, and then multiplied. Multiply at each pixel, then average."
)
def means_multiplied(features):
    means = ops.mean(_rows(features), axis=0)
    return ops.expand_dims(means, 1) * means


@gram_matrix.mistake(
    "That is each channel with itself, the diagonal. All pairs of channels are wanted: a matrix product."
)
def squares_alone(features):
    return ops.mean(_rows(features) ** 2, axis=0)


@gram_matrix.mistake("* multiplies entry by entry. The matrix product is keras.ops.matmul, or @.")
def entry_by_entry(features):
    return features * features / (features.shape[0] * features.shape[1])


@gram_matrix.mistake("A root was taken of the sums. The mean of the products is the answer as it is.")
def rooted(features):
    gram = undivided(features) / (features.shape[0] * features.shape[1])
    return ops.sign(gram) * ops.sqrt(ops.abs(gram))


@gram_matrix.mistake(
    "The values are right, but NumPy cuts the gradient, and no image could be trained. Use keras.ops.reshape, "
    "keras.ops.transpose and keras.ops.matmul."
)
def gram_in_numpy(features):
    rows = np.asarray(features).reshape(-1, features.shape[-1])
    return rows.T @ rows / len(rows)


@gram_matrix.mistake(
    "Two things: divide by the number of pixels, H · W; and NumPy cuts the gradient, so use keras.ops."
)
def undivided_in_numpy(features):
    rows = np.asarray(features).reshape(-1, features.shape[-1])
    return rows.T @ rows


# ---------------------------------------------------------------------------------------- style_loss


def _mean_square_mistakes(loss):
    """Register with a mean squared difference the wrong answers that every one of them meets."""

    @loss.mistake("The squares are summed. Take their mean, so that the size does not count.")
    def summed(one, other):
        return ops.sum((one - other) ** 2)

    @loss.mistake("The original paper takes half of a sum. Here it is the mean, without a half.")
    def half_of_the_sum(one, other):
        return ops.sum((one - other) ** 2) / 2

    @loss.mistake("A mean square has no factor of a half.")
    def half_of_the_mean(one, other):
        return ops.mean((one - other) ** 2) / 2

    @loss.mistake("These are absolute differences. Square them.")
    def absolute(one, other):
        return ops.mean(ops.abs(one - other))

    @loss.mistake("A root is taken at the end. The mean square itself is wanted.")
    def rooted(one, other):
        return ops.sqrt(ops.mean((one - other) ** 2) + 1e-12)

    @loss.mistake("Positive and negative differences cancel out here. Square first, then take the mean.")
    def mean_before_square(one, other):
        return ops.mean(one - other) ** 2

    @loss.mistake("The differences are not squared: positive and negative ones cancel out.")
    def not_squared(one, other):
        return ops.mean(one - other)

    @loss.mistake("Each is squared before the difference is taken. Take the difference, then square it.")
    def difference_of_squares(one, other):
        return ops.mean(one**2) - ops.mean(other**2)

    @loss.mistake(
        "The mean runs over the last axis only. One number is wanted: keras.ops.mean without an axis."
    )
    def one_axis(one, other):
        return ops.mean((one - other) ** 2, axis=-1)

    @loss.mistake("These are the squares of all entries. Take their mean: one number.")
    def no_mean(one, other):
        return (one - other) ** 2

    @loss.mistake("The root is too much: the mean of the squares is asked for.")
    def root_of_the_mean(one, other):
        return ops.sqrt(ops.mean((one - other) ** 2))

    @loss.mistake("Here the two are added. Their difference is to be small: subtract.")
    def added(one, other):
        return ops.mean((one + other) ** 2)

    @loss.mistake("The difference is divided by the size of the second argument. Leave that out.")
    def relative(one, other):
        return ops.sum((one - other) ** 2) / ops.maximum(ops.sum(other**2), 1e-7)

    @loss.mistake(
        "The values are right, but NumPy cuts the gradient, and the picture would never change. Use keras.ops.mean, "
        "and keras.ops.square or **."
    )
    def in_numpy(one, other):
        return np.mean((np.asarray(one) - np.asarray(other)) ** 2)


@exercise(
    cases=[
        dict(gram_a=np.array([[1.0, 2.0], [2.0, 5.0]]), gram_b=np.array([[0.0, 2.5], [2.5, 1.0]])),
        dict(gram_a=_random(3, 3), gram_b=_random(3, 3, seed=1)),
        dict(gram_a=4 * _random(5, 5, seed=2), gram_b=_random(5, 5, seed=3)),
        dict(gram_a=np.array([[2.0]]), gram_b=np.array([[-1.0]])),
        dict(gram_a=_random(4, 4, seed=4), gram_b=_random(4, 4, seed=4)),
    ],
    differentiable=True,
    hints=[
        "It is the mean squared error, with matrices in place of images.",
        "Difference, square, mean over all entries: three steps with keras.ops or operators.",
        "keras.ops.mean((gram_a - gram_b) ** 2).",
    ],
)
def style_loss(gram_a, gram_b):
    """How far two styles are from each other: the mean squared difference of two Gram matrices.

    Args:
        gram_a, gram_b: float tensors (C, C).

    Returns:
        tensor (), 0 for equal matrices. Gradients reach both, so use keras.ops, not NumPy.

    Source: Gatys, Ecker, Bethge, "Image style transfer using convolutional neural networks", 2016; the factors of
    the paper are left out.
    """
    # BEGIN SOLUTION
    return keras.ops.mean((gram_a - gram_b) ** 2)
    # END SOLUTION


_mean_square_mistakes(style_loss)


@style_loss.mistake("The sum is divided by C. The matrix has C · C entries: take the mean over all of them.")
def divided_by_one_side(gram_a, gram_b):
    return ops.sum((gram_a - gram_b) ** 2) / gram_a.shape[0]


@style_loss.mistake("The paper divides by 4, too. Here it is the mean as it is.")
def factor_of_the_paper(gram_a, gram_b):
    return ops.mean((gram_a - gram_b) ** 2) / 4


@style_loss.mistake(
    "Only the diagonals are compared. Which channels go together stands beside them: take all entries."
)
def diagonals_alone(gram_a, gram_b):
    return ops.mean((ops.diagonal(gram_a) - ops.diagonal(gram_b)) ** 2)


# -------------------------------------------------------------------------------------- depth_to_space


@exercise(
    cases=[
        dict(x=np.arange(4.0).reshape(1, 1, 1, 4)),
        dict(x=np.arange(48.0).reshape(1, 2, 3, 8)),
        dict(x=_random(2, 3, 2, 12), block=2),
        dict(x=_random(1, 2, 2, 9, seed=1), block=3),
        dict(x=_random(2, 2, 3, 18, seed=2).astype(np.float32), block=3),
        dict(x=_random(1, 3, 2, 4, seed=3), block=2),
    ],
    hints=[
        "block · block channels of one place become a square of pixels. First give the channels three axes: row in the "
        "square, column in the square, new channel.",
        "x.reshape(N, H, W, block, block, C). Now the row in the square must stand right after H, and the column right "
        "after W.",
        "transpose with (0, 1, 3, 2, 4, 5), then reshape to (N, H * block, W * block, C).",
    ],
)
def depth_to_space(x, block=2):
    """Channels become pixels: the last step of a sub-pixel convolution.

    The channels of a place are block · block groups of C. The groups fill a square of block × block pixels row by
    row: channel (row · block + column) · C + c of the input is channel c at (row, column) of the square.

    Args:
        x: array (N, H, W, block · block · C).
        block: int, side of the square, 2 or more.

    Returns:
        array (N, H · block, W · block, C), as `tf.nn.depth_to_space` gives it. An array or a tensor.

    Source: Shi and others, "Real-time single image and video super-resolution using an efficient sub-pixel
    convolutional neural network", 2016.
    """
    # BEGIN SOLUTION
    count, height, width, depth = x.shape
    channels = depth // block**2
    x = np.reshape(x, (count, height, width, block, block, channels))
    x = np.transpose(x, (0, 1, 3, 2, 4, 5))
    return np.reshape(x, (count, height * block, width * block, channels))
    # END SOLUTION


def _arranged(x, block, split, order):
    """Split the channels into axes, put all axes into an order, and join them to an enlarged image."""
    count, height, width, depth = x.shape
    channels = depth // block**2
    sizes = {"row": block, "column": block, "channel": channels}
    parts = np.reshape(x, (count, height, width, *(sizes[name] for name in split)))
    axes = {"count": 0, "height": 1, "width": 2} | {name: place for place, name in enumerate(split, 3)}
    parts = np.transpose(parts, [axes[name] for name in order])
    return np.reshape(parts, (count, height * block, width * block, channels))


_GROUPS = ("row", "column", "channel")
_SQUARES = ("count", "height", "row", "width", "column", "channel")


@depth_to_space.mistake(
    "The shape is right, but reshape alone keeps the order of the numbers: the squares fall apart into lines. Transpose "
    "between two reshapes."
)
def reshape_alone(x, block=2):
    return _arranged(x, block, _GROUPS, ("count", "height", "width", *_GROUPS))


@depth_to_space.mistake(
    "The squares are filled column by column. The first block channel groups are the first row of the square."
)
def columns_first(x, block=2):
    return _arranged(x, block, ("column", "row", "channel"), _SQUARES)


@depth_to_space.mistake(
    "That is PyTorch's order, in which the new channel changes slowest. TensorFlow keeps the C channels of a pixel side "
    "by side: split into (block, block, C)."
)
def order_of_pytorch(x, block=2):
    return _arranged(x, block, ("channel", "row", "column"), _SQUARES)


@depth_to_space.mistake(
    "The picture is repeated as tiles. The row in the square belongs right after H, not before it."
)
def tiles(x, block=2):
    return _arranged(x, block, _GROUPS, ("count", "row", "height", "column", "width", "channel"))


@depth_to_space.mistake("block is always taken as 2. Use the argument.")
def block_of_two(x, block=2):
    return _arranged(x, 2, _GROUPS, _SQUARES)


@depth_to_space.mistake(
    "Height and width are exchanged: each row of the square belongs to H, each column to W."
)
def picture_turned(x, block=2):
    right = _arranged(x, block, _GROUPS, _SQUARES)
    return np.swapaxes(right, 1, 2)


@depth_to_space.mistake(
    "That is the way back, space to depth: fewer pixels and more channels. Here pixels become more."
)
def way_back(x, block=2):
    count, height, width, depth = x.shape
    x = np.reshape(x, (count, height // block, block, width // block, block, depth))
    x = np.transpose(x, (0, 1, 3, 2, 4, 5))
    return np.reshape(x, (count, height // block, width // block, block**2 * depth))


@depth_to_space.mistake(
    "Each place gives block · block equal pixels. Each of them has a channel group of its own."
)
def repeated(x, block=2):
    first = x[..., : x.shape[-1] // block**2]
    return np.repeat(np.repeat(first, block, axis=1), block, axis=2)


@depth_to_space.mistake(
    "The channel groups of a place are averaged. Each of them is one pixel of the square: nothing is averaged."
)
def averaged(x, block=2):
    groups = np.reshape(x, (*x.shape[:3], block**2, -1)).mean(axis=3)
    return np.repeat(np.repeat(groups, block, axis=1), block, axis=2)


@depth_to_space.mistake("The pixels of a square are in reverse order: the first group is its top left pixel.")
def square_reversed(x, block=2):
    groups = np.reshape(x, (*x.shape[:3], block**2, -1))[..., ::-1, :]
    return _arranged(np.reshape(groups, x.shape), block, _GROUPS, _SQUARES)


@depth_to_space.mistake(
    "The channels stay as many as before, and pixels are added between. They must become block · block times fewer."
)
def channels_kept(x, block=2):
    return np.repeat(np.repeat(x, block, axis=1), block, axis=2)


@depth_to_space.mistake("Only the first image comes back. Keep the batch axis with all its images.")
def first_image_alone(x, block=2):
    return _arranged(x, block, _GROUPS, _SQUARES)[0]


# ------------------------------------------------------------------------------------------ rgb_to_lab


_LAB_STARTER = """\
matrix = np.array(
    [[0.412453, 0.357580, 0.180423], [0.212671, 0.715160, 0.072169], [0.019334, 0.119193, 0.950227]]
)
white = np.array([0.95047, 1.0, 1.08883])
...  # your code here"""


@exercise(
    cases=[
        dict(image=np.array([[[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]]])),
        dict(image=np.array([[[0.0, 0.0, 0.0]], [[1.0, 1.0, 1.0]], [[0.5, 0.5, 0.5]]])),
        dict(image=_image(3, 4, 3)),
        dict(image=0.1 * _image(2, 3, 3, seed=1)),
        dict(
            image=np.array([[[0.0, 0.0, 0.35], [0.3, 0.0, 0.0], [0.0, 0.12, 0.0]]])
        ),  # dark in one value only
        dict(image=_image(5, 2, 3, seed=2).astype(np.float32)),
    ],
    tolerance=1e-3,  # 0.1 where the lightness reaches 100: other tables round the matrix differently
    starter=_LAB_STARTER,
    hints=[
        "Three steps, each on the whole image. First: np.where(image > 0.04045, ((image + 0.055) / 1.055) ** 2.4, "
        "image / 12.92).",
        "Second: for each pixel, matrix times its three values. linear @ matrix.T does it for all; then divide by white.",
        "Third: f = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116). L, a and b are sums of its "
        "channels; np.stack([...], axis=-1) joins them.",
    ],
)
def rgb_to_lab(image):
    """An image in CIE Lab: lightness L, green to red a, blue to yellow b.

    1. Undo sRGB's gamma, value by value: ((v + 0.055) / 1.055) ** 2.4 where v > 0.04045, else v / 12.92.
    2. For each pixel X, Y, Z = matrix · (red, green, blue); divide by `white`, entry by entry.
    3. f(t) = cube root of t where t > 0.008856, else 7.787 · t + 16 / 116. Then L = 116 · f(Y) - 16,
       a = 500 · (f(X) - f(Y)), b = 200 · (f(Y) - f(Z)).

    Args:
        image: float array (H, W, 3), sRGB from 0 to 1: red, green, blue. It is not changed.

    Returns:
        float array (H, W, 3): L from 0 (black) to 100 (white), a and b of either sign, 0 for grays. Rounding may
        differ by 0.1.

    Source: IEC 61966-2-1 (sRGB, white D65) and CIE 1976.
    """
    # BEGIN SOLUTION
    matrix = np.array(
        [[0.412453, 0.357580, 0.180423], [0.212671, 0.715160, 0.072169], [0.019334, 0.119193, 0.950227]]
    )
    white = np.array([0.95047, 1.0, 1.08883])
    linear = np.where(image > 0.04045, ((image + 0.055) / 1.055) ** 2.4, image / 12.92)
    xyz = linear @ matrix.T / white
    f = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    x, y, z = f[..., 0], f[..., 1], f[..., 2]
    return np.stack([116 * y - 16, 500 * (x - y), 200 * (y - z)], axis=-1)
    # END SOLUTION


def _linear(image):
    """sRGB values as shares of light."""
    return np.where(image > 0.04045, ((image + 0.055) / 1.055) ** 2.4, image / 12.92)


def _bent(xyz):
    """Shares of light as the eye sees them: the f of the definition."""
    return np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)


def _lab(image, linear=_linear, matrix=MATRIX, white=WHITE, bend=_bent):
    """Lab with one step exchanged, for the mistakes below."""
    x, y, z = np.moveaxis(bend(linear(image) @ matrix.T / white), -1, 0)
    return np.stack([116 * y - 16, 500 * (x - y), 200 * (y - z)], axis=-1)


@rgb_to_lab.mistake("Step 1 is missing: the stored values are not shares of light. Undo the gamma first.")
def gamma_skipped(image):
    return _lab(image, linear=lambda values: values)


@rgb_to_lab.mistake("A power of 2.2 is only near sRGB's curve. Take the two branches of step 1.")
def power_of_2_2(image):
    return _lab(image, linear=lambda values: values**2.2)


@rgb_to_lab.mistake("The gamma is applied once more, not undone: the exponent is 2.4, not 1 / 2.4.")
def gamma_applied_again(image):
    return _lab(
        image,
        linear=lambda values: np.where(
            values > 0.0031308, 1.055 * values ** (1 / 2.4) - 0.055, 12.92 * values
        ),
    )


@rgb_to_lab.mistake("Dark values have a branch of their own in step 1: v / 12.92 where v is 0.04045 or less.")
def one_branch_of_the_gamma(image):
    return _lab(image, linear=lambda values: ((values + 0.055) / 1.055) ** 2.4)


@rgb_to_lab.mistake("The two branches of step 1 are exchanged: dark values are divided by 12.92.")
def branches_exchanged(image):
    return _lab(
        image,
        linear=lambda values: np.where(values > 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4),
    )


@rgb_to_lab.mistake("The matrix is applied from the wrong side. For rows of pixels write linear @ matrix.T.")
def matrix_not_transposed(image):
    return _lab(image, matrix=MATRIX.T)


@rgb_to_lab.mistake("Grays come out colored: divide X, Y and Z by those of white.")
def white_missing(image):
    return _lab(image, white=1.0)


@rgb_to_lab.mistake("X, Y and Z are multiplied by white. Divide by it.")
def white_multiplied(image):
    return _lab(image, white=1 / WHITE)


@rgb_to_lab.mistake("f is missing: take the cube root (and the straight line near 0) before L, a and b.")
def cube_root_missing(image):
    return _lab(image, bend=lambda xyz: xyz)


@rgb_to_lab.mistake("f takes the cube root, not the square root.")
def square_root(image):
    return _lab(image, bend=lambda xyz: np.where(xyz > 0.008856, np.sqrt(xyz), 7.787 * xyz + 16 / 116))


@rgb_to_lab.mistake("Near 0, f is a straight line: 7.787 · t + 16 / 116 where t is 0.008856 or less.")
def cube_root_alone(image):
    return _lab(image, bend=np.cbrt)


@rgb_to_lab.mistake("L lacks its - 16: black must be 0.")
def lightness_of_black(image):
    return _lab(image) + np.array([16, 0, 0])


@rgb_to_lab.mistake("L goes from 0 to 100 here, not from 0 to 1.")
def lightness_to_one(image):
    return _lab(image) / np.array([100, 1, 1])


@rgb_to_lab.mistake("All three are scaled to 0 to 1. Leave L, a and b in their own units.")
def all_scaled(image):
    return _lab(image) / 100


@rgb_to_lab.mistake("a and b stand in each other's place: a comes from X and Y, b from Y and Z.")
def a_and_b_exchanged(image):
    return _lab(image)[..., [0, 2, 1]]


@rgb_to_lab.mistake("The factors are exchanged: 500 for a, 200 for b.")
def factors_exchanged(image):
    return _lab(image) * np.array([1, 0.4, 2.5])


@rgb_to_lab.mistake("The signs of a and b are turned: f(X) - f(Y), and f(Y) - f(Z).")
def signs_turned(image):
    return _lab(image) * np.array([1, -1, -1])


@rgb_to_lab.mistake("The channels are read as blue, green, red. They are red, green, blue.")
def channels_reversed(image):
    return _lab(image[..., ::-1])


@rgb_to_lab.mistake("The image goes from 0 to 1 already. Leave out the division by 255.")
def divided_by_255(image):
    return _lab(image / 255)


@rgb_to_lab.mistake(
    "Three images come back, one for each of L, a and b. Stack them along the last axis: axis=-1."
)
def channels_first(image):
    return np.moveaxis(_lab(image), -1, 0)


@rgb_to_lab.mistake("That is X, Y, Z, divided by white. Step 3 is still to be done.")
def xyz_alone(image):
    return _linear(image) @ MATRIX.T / WHITE


# ------------------------------------------------------------------------------------ decode_landmarks


def _offsets(count, seed=0):
    """Rows of 16 offsets in pixels for the cases."""
    return np.random.default_rng([seed, count]).normal(scale=30, size=(count, 16)).round(1)


@exercise(
    cases=[
        dict(raw=np.arange(16.0)[None], anchors=np.array([[0.5, 0.25]])),
        dict(raw=_offsets(3), anchors=_image(3, 2)),
        dict(raw=_offsets(4, seed=1), anchors=_image(4, 2, seed=1), size=192),
        dict(raw=_offsets(2, seed=2).astype(np.float32), anchors=_image(2, 2, seed=2).astype(np.float32)),
        dict(raw=np.zeros((0, 16)), anchors=np.zeros((0, 2))),
    ],
    hints=[
        "The first four numbers are the box. What remains are six pairs.",
        "raw[:, 4:].reshape(-1, 6, 2) has one pair for each landmark. Divide it by size.",
        "Each face has its own anchor, which all six share: add anchors[:, None, :].",
    ],
)
def decode_landmarks(raw, anchors, size=128):
    """The six landmarks of faces, from BlazeFace's offsets.

    A row of `raw` holds the box (center x, center y, width, height) and then x, y of right eye, left eye, nose, mouth,
    right ear and left ear. All are pixels of the network's input; positions are counted from the row's anchor.

    Args:
        raw: float array (N, 16), offsets in pixels. N may be 0. It is not changed.
        anchors: float array (N, 2), x, y of each row's anchor from 0 to 1.
        size: int, height and width of the network's input in pixels.

    Returns:
        float array (N, 6, 2): x, y of the landmarks, as shares of the input's sides: offset / size + anchor.

    Source: Bazarevsky and others, "BlazeFace", 2019.
    """
    # BEGIN SOLUTION
    return raw[:, 4:].reshape(-1, 6, 2) / size + anchors[:, None, :]
    # END SOLUTION


def _pairs(raw, begin=4):
    """The six pairs that begin at a column."""
    return raw[:, begin : begin + 12].reshape(-1, 6, 2)


@decode_landmarks.mistake("The first four numbers are the box. The landmarks begin at the fifth: raw[:, 4:].")
def box_taken_for_landmarks(raw, anchors, size=128):
    return _pairs(raw, 0) / size + anchors[:, None]


@decode_landmarks.mistake("The landmarks begin after all four numbers of the box: not after its center.")
def width_taken_for_a_landmark(raw, anchors, size=128):
    return _pairs(raw, 2) / size + anchors[:, None]


@decode_landmarks.mistake("The offsets are counted from the anchor: add it.")
def anchor_missing(raw, anchors, size=128):
    return _pairs(raw) / size


@decode_landmarks.mistake("The anchor is subtracted. Offsets lead from the anchor to the landmark: add it.")
def anchor_subtracted(raw, anchors, size=128):
    return _pairs(raw) / size - anchors[:, None]


@decode_landmarks.mistake("Pixels are added to shares. Divide the offsets by size first.")
def size_missing(raw, anchors, size=128):
    return _pairs(raw) + anchors[:, None]


@decode_landmarks.mistake(
    "The anchor is divided by size, too. It is a share already: divide the offsets alone."
)
def anchor_divided(raw, anchors, size=128):
    return (_pairs(raw) + anchors[:, None]) / size


@decode_landmarks.mistake("size is always taken as 128. Use the argument.")
def size_of_128(raw, anchors, size=128):
    return _pairs(raw) / 128 + anchors[:, None]


@decode_landmarks.mistake("These are pixels. Shares of the input's sides are wanted: from 0 to 1 inside it.")
def in_pixels(raw, anchors, size=128):
    return _pairs(raw) + size * anchors[:, None]


@decode_landmarks.mistake("x and y of the landmarks are exchanged: in each pair x comes first.")
def x_and_y_exchanged(raw, anchors, size=128):
    return (_pairs(raw) / size + anchors[:, None])[..., ::-1]


@decode_landmarks.mistake("The anchor's y is added to x. Its columns are x, y, as those of the landmarks.")
def anchor_exchanged(raw, anchors, size=128):
    return _pairs(raw) / size + anchors[:, None, ::-1]


@decode_landmarks.mistake(
    "The numbers are read as six x and then six y. They come in pairs: reshape to (-1, 6, 2)."
)
def all_x_first(raw, anchors, size=128):
    return raw[:, 4:].reshape(-1, 2, 6).swapaxes(1, 2) / size + anchors[:, None]


@decode_landmarks.mistake("The offsets are counted from the anchor, not from the center of the box.")
def from_the_center_of_the_box(raw, anchors, size=128):
    centers = raw[:, :2] / size + anchors
    return _pairs(raw) / size + centers[:, None]


@decode_landmarks.mistake(
    "The offsets are scaled by the width and height of the box. They are pixels of the input: divide by size alone."
)
def scaled_by_the_box(raw, anchors, size=128):
    return _pairs(raw) / size * (raw[:, None, 2:4] / size) + anchors[:, None]


@decode_landmarks.mistake("All faces get the anchor of the first. Each row has its own.")
def first_anchor(raw, anchors, size=128):
    return _pairs(raw) / size + anchors[:1, None]


@decode_landmarks.mistake(
    "(N, 6, 2) and (N, 2) do not fit together: each anchor belongs to six landmarks. Insert an axis: anchors[:, None, :]."
)
def anchors_without_an_axis(raw, anchors, size=128):
    return _pairs(raw) / size + anchors


@decode_landmarks.mistake("The numbers are right, but in a row. One pair a landmark is wanted: (N, 6, 2).")
def not_in_pairs(raw, anchors, size=128):
    return (_pairs(raw) / size + anchors[:, None]).reshape(-1, 12)


@decode_landmarks.mistake("/= or += changes the arguments of the caller. Compute a new array.")
def offsets_changed(raw, anchors, size=128):
    raw[:, 4:] /= size
    return _pairs(raw) + anchors[:, None]


# ----------------------------------------------------------------------------------------- align_angle


@exercise(
    cases=[
        dict(eye_on_the_left=(10.0, 20.0), eye_on_the_right=(30.0, 24.0)),
        dict(eye_on_the_left=(40, 60), eye_on_the_right=(70, 30)),
        dict(eye_on_the_left=(0.2, 0.5), eye_on_the_right=(0.6, 0.5)),
        dict(eye_on_the_left=(50.0, 10.0), eye_on_the_right=(50.0, 35.0)),
        dict(eye_on_the_left=np.array([80.0, 40.0]), eye_on_the_right=np.array([45.0, 30.0])),
        dict(eye_on_the_left=np.array([5.0, 90.0]), eye_on_the_right=np.array([-3.0, 102.5])),
    ],
    hints=[
        "Which way is it from the left eye to the right one, dx to the right and dy down?",
        "atan2 takes two sides of a triangle, works in all directions, and wants dy first. It answers in radians.",
        "math.degrees(math.atan2(dy, dx)), or np.degrees(np.arctan2(dy, dx)).",
    ],
)
def align_angle(eye_on_the_left, eye_on_the_right):
    """By how much a face is tilted: the angle of the line from one eye to the other.

    Left and right are those of the picture: in an upright face, eye_on_the_left has the smaller x. (It is the
    person's right eye.)

    Args:
        eye_on_the_left, eye_on_the_right: pairs x, y (tuples or arrays), in any unit; y points down.

    Returns:
        float, degrees from -180 to 180: the direction from eye_on_the_left to eye_on_the_right. 0 when it
        points right, 90 when it points down (y grows); 180 or -180 when it points left.
    """
    # BEGIN SOLUTION
    dx, dy = eye_on_the_right[0] - eye_on_the_left[0], eye_on_the_right[1] - eye_on_the_left[1]
    return float(np.degrees(np.arctan2(dy, dx)))
    # END SOLUTION


def _way(eye_on_the_left, eye_on_the_right):
    """dx, dy from the left to the right eye."""
    return eye_on_the_right[0] - eye_on_the_left[0], eye_on_the_right[1] - eye_on_the_left[1]


@align_angle.mistake("atan2 wants dy first, then dx. Yours are exchanged.")
def atan2_swapped(eye_on_the_left, eye_on_the_right):
    return math.degrees(math.atan2(*_way(eye_on_the_left, eye_on_the_right)))


@align_angle.mistake("That is radians. math.degrees turns them into degrees.")
def in_radians(eye_on_the_left, eye_on_the_right):
    return math.atan2(*_way(eye_on_the_left, eye_on_the_right)[::-1])


@align_angle.mistake(
    "The sign is turned: y points down here, and so does a positive angle. Leave dy as it is."
)
def y_turned_up(eye_on_the_left, eye_on_the_right):
    dx, dy = _way(eye_on_the_left, eye_on_the_right)
    return math.degrees(math.atan2(-dy, dx))


@align_angle.mistake("The line goes from the right eye to the left. Start at the left one: right minus left.")
def from_right_to_left(eye_on_the_left, eye_on_the_right):
    return math.degrees(math.atan2(*_way(eye_on_the_right, eye_on_the_left)[::-1]))


@align_angle.mistake(
    "atan(dy / dx) fails for dx = 0, and cannot tell a line from its reverse. Use atan2(dy, dx)."
)
def atan_of_a_quotient(eye_on_the_left, eye_on_the_right):
    dx, dy = (float(part) for part in _way(eye_on_the_left, eye_on_the_right))
    return math.degrees(math.atan(dy / dx))


@align_angle.mistake(
    "arctan(dy / dx) cannot tell a line from its reverse. Use arctan2(dy, dx), with the two sides apart."
)
def arctan_of_a_quotient(eye_on_the_left, eye_on_the_right):
    dx, dy = _way(np.asarray(eye_on_the_left, float), np.asarray(eye_on_the_right, float))
    with np.errstate(divide="ignore"):
        return np.degrees(np.arctan(dy / dx))


@align_angle.mistake("asin(dy / distance) cannot tell a line from its mirror image. Use atan2(dy, dx).")
def arcsine(eye_on_the_left, eye_on_the_right):
    dx, dy = _way(eye_on_the_left, eye_on_the_right)
    return math.degrees(math.asin(dy / math.hypot(dx, dy)))


@align_angle.mistake("The pairs are read as y, x. They are x, y: as in all boxes and landmarks here.")
def pairs_read_backward(eye_on_the_left, eye_on_the_right):
    dy, dx = _way(eye_on_the_left, eye_on_the_right)
    return math.degrees(math.atan2(dy, -dx))


@align_angle.mistake("The sign is lost: a face may be tilted to either side.")
def sign_lost(eye_on_the_left, eye_on_the_right):
    return abs(math.degrees(math.atan2(*_way(eye_on_the_left, eye_on_the_right)[::-1])))


@align_angle.mistake("Negative angles become large ones here. Stay between -180 and 180.")
def from_0_to_360(eye_on_the_left, eye_on_the_right):
    return math.degrees(math.atan2(*_way(eye_on_the_left, eye_on_the_right)[::-1])) % 360


@align_angle.mistake("That is the slope, dy / dx. An angle is wanted.")
def slope(eye_on_the_left, eye_on_the_right):
    dx, dy = _way(np.asarray(eye_on_the_left, float), np.asarray(eye_on_the_right, float))
    with np.errstate(divide="ignore"):
        return dy / dx


@align_angle.mistake("The angle is rounded to whole degrees. Leave it as it is.")
def rounded(eye_on_the_left, eye_on_the_right):
    return round(math.degrees(math.atan2(*_way(eye_on_the_left, eye_on_the_right)[::-1])))


@align_angle.mistake(
    "That is the middle between the eyes. The direction from one to the other is their difference."
)
def sum_for_difference(eye_on_the_left, eye_on_the_right):
    dx, dy = eye_on_the_left[0] + eye_on_the_right[0], eye_on_the_left[1] + eye_on_the_right[1]
    return math.degrees(math.atan2(dy, dx))


@align_angle.mistake("Radians times 180 are not degrees yet: divide by pi, too, or use math.degrees.")
def pi_missing(eye_on_the_left, eye_on_the_right):
    return 180 * math.atan2(*_way(eye_on_the_left, eye_on_the_right)[::-1])


# ---------------------------------------------------------------------------------------- content_loss


@exercise(
    cases=[
        dict(a=np.array([[[1.0, 2.0]], [[0.0, -3.0]]]), b=np.array([[[0.0, 2.5]], [[1.0, 1.0]]])),
        dict(a=_random(3, 4, 2), b=_random(3, 4, 2, seed=1)),
        dict(a=3 * _random(2, 5, 3, seed=2), b=_random(2, 5, 3, seed=3)),
        dict(a=_random(1, 1, 1, seed=4), b=_random(1, 1, 1, seed=5)),
        dict(a=_random(2, 2, 4, seed=6), b=_random(2, 2, 4, seed=6)),
    ],
    differentiable=True,
    hints=[
        "Here places matter: compare the features themselves, not their Gram matrices.",
        "It is the mean squared error over all three axes.",
        "keras.ops.mean((a - b) ** 2).",
    ],
    extra=True,
)
def content_loss(a, b):
    """How far the contents of two images are from each other: the mean squared difference of their feature maps.

    Args:
        a, b: float tensors (H, W, C), feature maps of two images at one layer.

    Returns:
        tensor (), 0 for equal maps. Gradients reach both, so use keras.ops, not NumPy.

    Source: Gatys, Ecker, Bethge, "Image style transfer using convolutional neural networks", 2016; a mean in place
    of half a sum.
    """
    # BEGIN SOLUTION
    return keras.ops.mean((a - b) ** 2)
    # END SOLUTION


_mean_square_mistakes(content_loss)


@content_loss.mistake(
    "Gram matrices are compared, which forget the places. Content is where things are: compare the features."
)
def grams_compared(a, b):
    return ops.mean((gram_matrix(a) - gram_matrix(b)) ** 2)


@content_loss.mistake(
    "The maps are averaged over the pixels before they are compared. Compare pixel by pixel."
)
def means_compared(a, b):
    return ops.mean((ops.mean(a, axis=(0, 1)) - ops.mean(b, axis=(0, 1))) ** 2)


# ------------------------------------------------------------------------------------- total_variation


@exercise(
    cases=[
        dict(image=np.array([[[0.0], [1.0]], [[0.5], [0.25]]])),
        dict(image=_image(4, 5, 3)),
        dict(image=_image(3, 6, 1, seed=1)),
        dict(image=_image(1, 4, 3, seed=2)),
        dict(image=_random(5, 3, 2, seed=3)),
        dict(image=np.full((3, 3, 3), 0.5)),
    ],
    differentiable=True,
    hints=[
        "Compare each pixel with the one below, and each pixel with the one to its right.",
        "image[1:] - image[:-1] are the differences downward; image[:, 1:] - image[:, :-1] those to the right.",
        "Absolute values with keras.ops.abs, sums with keras.ops.sum, and both sums added.",
    ],
    extra=True,
)
def total_variation(image):
    """How restless an image is: the sum of all absolute differences between neighboring pixels.

    Neighbors share an edge: one above the other, or side by side. Each pair counts once, in each channel.

    Args:
        image: float tensor (H, W, C).

    Returns:
        tensor (), 0 for an image of one color; as `tf.image.total_variation` gives it. Gradients reach the image, so
        use keras.ops, not NumPy.

    Source: Rudin, Osher, Fatemi, "Nonlinear total variation based noise removal algorithms", 1992, with absolute
    values in each direction.
    """
    # BEGIN SOLUTION
    down = keras.ops.abs(image[1:] - image[:-1])
    right = keras.ops.abs(image[:, 1:] - image[:, :-1])
    return keras.ops.sum(down) + keras.ops.sum(right)
    # END SOLUTION


def _neighbors(image):
    """Differences to the pixel above, and to the pixel on the left."""
    return image[1:] - image[:-1], image[:, 1:] - image[:, :-1]


@total_variation.mistake("Only neighbors one above the other are compared. Add those side by side.")
def downward_alone(image):
    return ops.sum(ops.abs(_neighbors(image)[0]))


@total_variation.mistake("Only neighbors side by side are compared. Add those one above the other.")
def sideward_alone(image):
    return ops.sum(ops.abs(_neighbors(image)[1]))


@total_variation.mistake("Positive and negative differences cancel out. Take absolute values before the sum.")
def without_absolute_values(image):
    down, right = _neighbors(image)
    return ops.sum(down) + ops.sum(right)


@total_variation.mistake(
    "The differences are squared. Absolute values are wanted: large steps must not count so much."
)
def squared(image):
    down, right = _neighbors(image)
    return ops.sum(down**2) + ops.sum(right**2)


@total_variation.mistake("These are means. The sum of all differences is wanted.")
def means(image):
    down, right = _neighbors(image)
    return ops.mean(ops.abs(down)) + ops.mean(ops.abs(right))  # NaN for an image of one row


@total_variation.mistake("These are means, and halved. The sum of all differences is wanted.")
def mean_of_two_means(image):
    return means(image) / 2


@total_variation.mistake("Means are added. The sum of all differences is wanted, not their mean.")
def means_of_what_is_there(image):
    return sum(ops.mean(ops.abs(part)) for part in _neighbors(image) if math.prod(part.shape))


@total_variation.mistake("The sum is divided by the number of values. Leave it as it is.")
def divided(image):
    down, right = _neighbors(image)
    return (ops.sum(ops.abs(down)) + ops.sum(ops.abs(right))) / math.prod(image.shape)


@total_variation.mistake(
    "The image is closed to a ring: roll compares the last row with the first. Use slices."
)
def rolled(image):
    return sum(ops.sum(ops.abs(image - ops.roll(image, 1, axis=axis))) for axis in (0, 1))


@total_variation.mistake(
    "Channels are compared with each other, too. Only neighbors in height and width count."
)
def across_channels(image):
    down, right = _neighbors(image)
    channels = image[..., 1:] - image[..., :-1]
    return sum(ops.sum(ops.abs(part)) for part in (down, right, channels))


@total_variation.mistake(
    "Diagonal neighbors are compared. Take those below, and those to the right, each by itself."
)
def diagonal(image):
    return ops.sum(ops.abs(image[1:, 1:] - image[:-1, :-1]))


@total_variation.mistake(
    "Both differences of a pixel are joined by a root. Here their absolute values are added."
)
def with_a_root(image):
    down, right = image[1:, :-1] - image[:-1, :-1], image[:-1, 1:] - image[:-1, :-1]
    return ops.sum(ops.sqrt(down**2 + right**2 + 1e-12))


@total_variation.mistake(
    "Both differences are cut to one shape, so the last row and the last column lose their pairs. Sum each of the two by "
    "itself."
)
def last_row_and_column_left_out(image):
    down, right = _neighbors(image)
    return ops.sum(ops.abs(down[:, :-1]) + ops.abs(right[:-1]))


@total_variation.mistake("Each pair counts twice, once from either side. Count it once.")
def counted_twice(image):
    down, right = _neighbors(image)
    return 2 * (ops.sum(ops.abs(down)) + ops.sum(ops.abs(right)))


@total_variation.mistake("One number for each channel comes back. Sum over the channels, too.")
def for_each_channel(image):
    down, right = _neighbors(image)
    return ops.sum(ops.abs(down), axis=(0, 1)) + ops.sum(ops.abs(right), axis=(0, 1))


@total_variation.mistake("The absolute value is taken of the sum. Take it of each difference, then sum.")
def absolute_value_of_the_sum(image):
    down, right = _neighbors(image)
    return ops.abs(ops.sum(down)) + ops.abs(ops.sum(right))


@total_variation.mistake(
    "The values are right, but NumPy cuts the gradient, and no image would become smoother. Use keras.ops.abs and "
    "keras.ops.sum."
)
def variation_in_numpy(image):
    down, right = _neighbors(np.asarray(image))
    return np.abs(down).sum() + np.abs(right).sum()


# ------------------------------------------------------------------------------------------- challenge

SMALL, LARGE = (16, 16, 3), (32, 32, 3)


def _small_and_large():
    """Emoji of one vendor at 16×16 and at 32×32, 0 to 1: 1,426 to train with, 215 other ones to test on."""
    train, test = (google for google, _twitter in data.emoji())
    pairs = ([super_resolution.shrink(image) for image in images] for images in (train, test))
    return tuple(tuple(np.stack(images) for images in zip(*part, strict=True)) for part in pairs)


@challenge(
    examine=UpscalerChallenge(
        load=_small_and_large,
        input_shape=SMALL,
        parameters=20_000,
        steps=400,
        batch_size=16,
        asked=24.3,
        factor=super_resolution.FACTOR,
    ),
    hints=[
        'A few Conv2D layers with padding="same" at 16×16, then twice as many pixels, is the plan of section 2.',
        "For the sub-pixel step in a model use layers: Conv2D(12, 3), Reshape((16, 16, 2, 2, 3)), "
        "Permute((1, 3, 2, 4, 5)), Reshape((32, 32, 3)).",
        'Let the network learn only what is missing: add layers.UpSampling2D(2, interpolation="bilinear")(inputs) to '
        'its output, and begin with nothing: kernel_initializer="zeros" in the last convolution.',
        'The score is made of squared errors, so let the loss be loss="mean_squared_error". A learning rate that falls '
        "helps: keras.optimizers.schedules.CosineDecay(3e-3, decay_steps=400).",
    ],
)
def build_upscaler():
    """A small network that enlarges emoji from 16×16 to 32×32 pixels.

    The check trains your model for 400 steps of 16 pairs, small image and large image, with your optimizer and loss.
    It tests on 215 emoji of other things. The score is the mean of their PSNR in decibels, after values below 0 and
    above 1 are cut off. You may try again, so the number is a target, not an honest test result.

    Returns:
        keras.Model: compiled, images (16, 16, 3) to images (32, 32, 3), both from 0 to 1, red, green, blue. Fewer than
        20,000 parameters. The mean PSNR must be 24.3 dB; bicubic interpolation reaches 22.1 dB.
    """
    # BEGIN SOLUTION
    inputs = keras.Input((16, 16, 3))
    x = layers.Conv2D(24, 5, padding="same", activation="relu")(inputs)
    x = layers.Conv2D(24, 3, padding="same", activation="relu")(x)
    x = layers.Conv2D(24, 3, padding="same", activation="relu")(x)
    x = layers.Conv2D(12, 3, padding="same", kernel_initializer="zeros")(x)
    x = layers.Reshape((16, 16, 2, 2, 3))(x)
    x = layers.Permute((1, 3, 2, 4, 5))(x)
    x = layers.Reshape((32, 32, 3))(x)
    enlarged = layers.UpSampling2D(2, interpolation="bilinear")(inputs)
    model = keras.Model(inputs, layers.Add()([x, enlarged]))
    rate = keras.optimizers.schedules.CosineDecay(3e-3, decay_steps=400)
    model.compile(keras.optimizers.Adam(rate), loss="mean_squared_error")
    return model
    # END SOLUTION


def _upscaler(filters=1, kernel=1, loss="mean_squared_error", compiled=True):
    """The networks of the mistakes below: one filter sees no edges."""
    model = keras.Sequential(
        [
            keras.Input(SMALL),
            layers.Conv2D(filters, kernel, padding="same"),
            layers.UpSampling2D(2),
            layers.Conv2D(3, 1),
        ]
    )
    if compiled:
        model.compile("adam", loss=loss)
    return model


model_mistakes(build_upscaler, _upscaler)


@build_upscaler.mistake(
    "The model must give images twice as high and wide, with three channels: is the enlarging step missing, or has the "
    "last layer another number of filters?"
)
def other_shapes():
    return keras.Sequential([keras.Input(SMALL), layers.Conv2D(3, 3, padding="same")])


@build_upscaler.mistake(
    "The model is too large. Look in model.summary() for the layer with most parameters. Convolutions at the small "
    "size need few filters."
)
def too_large():
    return _upscaler(filters=64, kernel=11)


@build_upscaler.mistake('This loss wants classes. The truth is an image: loss="mean_squared_error".')
def loss_for_other_labels():
    return _upscaler(loss="sparse_categorical_crossentropy")


# ------------------------------------------------------------------------------------------------ quiz

what_a_gram_matrix_forgets = quiz(
    "You mirror the feature maps from left to right. What happens to their Gram matrix?",
    options={
        "a": (
            "It stays the same: it sums over the places and forgets them.",
            "Each place adds its own products, in any order. That is why it describes style and not content.",
        ),
        "b": (
            "It is mirrored in the same way.",
            "Its rows and columns are channels, not places. The channels were not moved.",
        ),
        "c": (
            "Everything but its diagonal changes.",
            "Entries beside the diagonal multiply two channels at one place. Both moved together, so the product is "
            "still there.",
        ),
    },
    right="a",
)

why_not_numpy = quiz(
    "Why must the Gram matrix be computed with keras.ops, and not with NumPy?",
    options={
        "a": (
            "NumPy would be too slow for eight layers.",
            "NumPy multiplies matrices fast. What it lacks is the way back.",
        ),
        "b": (
            "NumPy would give other numbers.",
            "The numbers are the same, to rounding. What would be missing is the gradient.",
        ),
        "c": (
            "The gradient must lead from the loss through the matrix to the pixels.",
            "TensorFlow records what keras.ops does. It cannot look into NumPy, and the pixels would never change.",
        ),
    },
    right="c",
)

why_at_the_small_size = quiz(
    "Why does a sub-pixel network enlarge at its very end, and not before its first layer?",
    options={
        "a": (
            "Enlarging first would lose detail.",
            "Interpolation loses nothing that the small image holds. It only costs.",
        ),
        "b": (
            "All convolutions then run on fewer pixels: for a factor of 2, a quarter.",
            "The cost of a convolution grows with the number of places. The last step only moves numbers.",
        ),
        "c": (
            "The network then has fewer weights.",
            "A convolution has the same weights at every size of image.",
        ),
    },
    right="b",
)

can_it_read_the_plate = quiz(
    "A camera shows a license plate that is only 8 pixels wide. A super-resolution network makes a sharp image of it. "
    "Is the number proof?",
    options={
        "a": (
            "Yes: the network computes the detail that the camera could not show.",
            "What the camera did not record is gone. Many plates shrink to the same 8 pixels.",
        ),
        "b": (
            "Yes, if its PSNR is high on test photos.",
            "PSNR is a mean over many pixels. It promises nothing about this one number.",
        ),
        "c": (
            "No: among all plates that fit, the network draws a likely one.",
            "It adds what was typical in its training photos. That is a guess, however sharp it looks.",
        ),
    },
    right="c",
)

why_colors_are_dull = quiz(
    "A network trained with the squared error sees a gray car that could be yellow or light blue. Which "
    "color does it give?",
    options={
        "a": (
            "Yellow or light blue, whichever was more frequent in training.",
            "That would be the best guess for counting hits. The squared error asks for the mean.",
        ),
        "b": (
            "The mean of the two, near gray.",
            "In Lab, yellow and blue lie on opposite sides of gray. The mean has the smallest expected squared error, even "
            "where no car has that color.",
        ),
        "c": (
            "Yellow in one half of the pixels, light blue in the other.",
            "Each pixel is wrong by a whole color then. The mean is nearer to both.",
        ),
    },
    right="b",
)

landmarks_of_a_cat = quiz(
    "BlazeFace gives six landmarks for everything it takes for a face. What do they mean on a cat?",
    options={
        "a": (
            "Where the cat's eyes, nose and mouth are: the network has learned what an eye is.",
            "It learned human faces only. On anything else its places are not to be trusted, even where they look right.",
        ),
        "b": (
            "Nothing certain: the network gives six landmarks for any input, face or not.",
            "A regression always gives numbers. Whether there is something to measure is a question of its own, and here even "
            "the score said face.",
        ),
        "c": (
            "Nothing: for a cat all offsets are 0.",
            "Nothing in training made them 0 there. The offsets of empty places were not trained at all.",
        ),
    },
    right="b",
)
