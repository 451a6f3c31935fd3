"""Lesson 10 · CycleGAN, and the ideas of StyleGAN."""

import functools

import keras
import numpy as np
from keras import layers, ops

from labs import data
from labs.check import challenge, exercise, quiz
from labs.checking.training import model_mistakes
from labs.checking.translator import TranslatorChallenge

TENSOR_SECONDS = 10.0  # for gradients on all cases: the first ones of a session take their time
MODEL_SECONDS = 30.0  # for the networks of all cases: a loaded machine takes its time to build models


def _random(*shape, seed=0):
    """Reproducible numbers of both signs for the cases."""
    return np.random.default_rng([seed, *shape]).normal(size=shape).round(2)


# ---------------------------------------------------------------------------------------- cycle_loss


@exercise(
    cases=[
        dict(real=np.array([[1.0, -1.0], [0.5, 0.0]]), cycled=np.array([[0.5, 0.0], [0.5, 2.0]])),
        dict(real=_random(3, 4, 5, 3), cycled=_random(3, 4, 5, 3, seed=1)),
        dict(real=_random(2, 3, 6, 3, seed=2), cycled=_random(2, 3, 6, 3, seed=3), weight=2.5),
        dict(real=_random(1, 2, 2, 1, seed=4), cycled=_random(1, 2, 2, 1, seed=5), weight=1.0),
        dict(real=100 * _random(2, 2, 3, 3, seed=6), cycled=100 * _random(2, 2, 3, 3, seed=7), weight=0.5),
        dict(real=_random(2, 3, 2, 3, seed=8), cycled=_random(2, 3, 2, 3, seed=8)),
    ],
    differentiable=True,
    seconds=TENSOR_SECONDS,
    hints=[
        "Subtract, and drop the signs: too dark and too bright count alike.",
        "One mean over all images, pixels and channels; then the weight.",
        "keras.ops.mean(keras.ops.abs(real - cycled)) is the mean; multiply it by the weight.",
    ],
)
def cycle_loss(real, cycled, weight=10.0):
    """How far images are from what comes back after a translation to the other style and back again.

    Args:
        real: float tensor of any shape, the images before both translations.
        cycled: float tensor of the same shape, the images after both.
        weight: float, how much the loss counts beside the other losses.

    Returns:
        tensor (): the weight times the mean absolute difference over all entries: images, pixels, channels. Gradients
        reach both tensors, so use keras.ops or tf functions, not NumPy.

    Source: Zhu, Park, Isola, Efros, "Unpaired image-to-image translation using cycle-consistent adversarial
    networks", 2017.
    """
    # BEGIN SOLUTION
    return weight * keras.ops.mean(keras.ops.abs(real - cycled))
    # END SOLUTION


@cycle_loss.mistake("The weight is missing: multiply the mean by it.")
def no_weight(real, cycled, weight=10.0):
    return ops.mean(ops.abs(real - cycled))


@cycle_loss.mistake("The weight is always 10. Use the parameter: 10 is its default only.")
def weight_of_ten(real, cycled, weight=10.0):
    return 10.0 * ops.mean(ops.abs(real - cycled))


@cycle_loss.mistake("The mean is divided by the weight. Multiply: a larger weight makes the loss count more.")
def divided_by_the_weight(real, cycled, weight=10.0):
    return ops.mean(ops.abs(real - cycled)) / weight


@cycle_loss.mistake("The differences are squared. CycleGAN takes their absolute values: keras.ops.abs.")
def squared(real, cycled, weight=10.0):
    return weight * ops.mean(ops.square(real - cycled))


@cycle_loss.mistake(
    "That is the root of the mean square, an L2 distance. CycleGAN takes the mean of the absolute values, L1."
)
def root_mean_square(real, cycled, weight=10.0):
    return weight * ops.sqrt(ops.mean(ops.square(real - cycled)))


@cycle_loss.mistake("Positive and negative differences cancel. Take the absolute values before the mean.")
def signed(real, cycled, weight=10.0):
    return weight * ops.mean(real - cycled)


@cycle_loss.mistake(
    "The absolute value comes after the mean, when differences have canceled already. Take it first."
)
def absolute_of_the_mean(real, cycled, weight=10.0):
    return weight * ops.abs(ops.mean(real - cycled))


@cycle_loss.mistake("The mean goes over the batch only. One number is wanted: no axis.")
def over_the_batch(real, cycled, weight=10.0):
    return weight * ops.mean(ops.abs(real - cycled), axis=0)


@cycle_loss.mistake(
    "The mean goes over the last axis only, as keras.losses.mean_absolute_error does it. One number is wanted."
)
def over_the_channels(real, cycled, weight=10.0):
    return weight * ops.mean(ops.abs(real - cycled), axis=-1)


@cycle_loss.mistake("That is one loss for each image. Take the mean over the images, too.")
def for_each_image(real, cycled, weight=10.0):
    return weight * ops.mean(ops.abs(real - cycled), axis=tuple(range(1, len(real.shape))))


@cycle_loss.mistake("There is no mean: one loss for each entry comes back.")
def not_averaged(real, cycled, weight=10.0):
    return weight * ops.abs(real - cycled)


@cycle_loss.mistake("That is the sum. The mean does not grow with the size of images and batches.")
def summed(real, cycled, weight=10.0):
    return weight * ops.sum(ops.abs(real - cycled))


@cycle_loss.mistake(
    "The sum over an image is averaged over the batch. Take the mean over the pixels and channels, too."
)
def summed_over_an_image(real, cycled, weight=10.0):
    return weight * ops.sum(ops.abs(real - cycled)) / len(real)


@cycle_loss.mistake(
    "The values are right, but NumPy or float() cuts the gradient: the generators would learn nothing from this loss. "
    "Use keras.ops."
)
def numpy_cycle(real, cycled, weight=10.0):
    return weight * np.mean(np.abs(real - cycled))


# ---------------------------------------------------------------------------------------- lsgan_loss


@exercise(
    cases=[
        dict(real_scores=np.array([[1.0], [0.5], [2.0]]), fake_scores=np.array([[0.0], [-1.0], [0.25]])),
        dict(real_scores=_random(2, 3, 4, 1), fake_scores=_random(2, 3, 4, 1, seed=1)),
        dict(real_scores=_random(2, 2, 2, 1, seed=2), fake_scores=_random(5, 2, 2, 1, seed=3)),
        dict(real_scores=np.ones((3, 2, 2, 1)), fake_scores=np.zeros((3, 2, 2, 1))),
        dict(real_scores=np.zeros((2, 3)), fake_scores=np.ones((2, 3))),
        dict(real_scores=20 * _random(4, 1, seed=4), fake_scores=20 * _random(2, 1, seed=5)),
    ],
    differentiable=True,
    seconds=TENSOR_SECONDS,
    hints=[
        "Least squares: each score has a target, and the loss is the mean of the squared distance from it.",
        "The discriminator wants 1 for real and 0 for fake images; its loss is half the sum of both means. The generator "
        "wants that the discriminator says 1 to its images.",
        "keras.ops.mean(keras.ops.square(fake_scores - 1)) is the generator's loss. Return the discriminator's first.",
    ],
)
def lsgan_loss(real_scores, fake_scores):
    """The two losses of a least-squares GAN.

    The scores are a discriminator's plain outputs, without sigmoid: one for each image, or, as in a PatchGAN below, one for
    each patch.

    Args:
        real_scores: float tensor of any shape, scores of real images.
        fake_scores: float tensor of any shape, scores of a generator's images; there may be more or fewer of them.

    Returns:
        (discriminator, generator): two tensors (). The discriminator's loss is half the sum of two means: of the squared
        distances of the real scores from 1, and of the fake scores from 0. The generator's is the mean of the squared
        distances of the fake scores from 1, not halved. Means go over all entries. Gradients reach both tensors of
        scores, so use keras.ops or tf functions, not NumPy.

    Source: Mao and others, "Least squares generative adversarial networks", 2017; the halves as in CycleGAN.
    """
    # BEGIN SOLUTION
    real_part = keras.ops.mean(keras.ops.square(real_scores - 1))
    fake_part = keras.ops.mean(keras.ops.square(fake_scores))
    discriminator = (real_part + fake_part) / 2
    generator = keras.ops.mean(keras.ops.square(fake_scores - 1))
    return discriminator, generator
    # END SOLUTION


def _distance(scores, target):
    """Mean squared distance of scores from a target."""
    return ops.mean(ops.square(scores - target))


def _halves(real_scores, fake_scores):
    """The discriminator's loss."""
    return (_distance(real_scores, 1) + _distance(fake_scores, 0)) / 2


@lsgan_loss.mistake("The order is the other one: first the discriminator's loss, then the generator's.")
def losses_swapped(real_scores, fake_scores):
    return _distance(fake_scores, 1), _halves(real_scores, fake_scores)


@lsgan_loss.mistake("The discriminator's loss is half the sum of its two parts: the half is missing.")
def half_missing(real_scores, fake_scores):
    return 2 * _halves(real_scores, fake_scores), _distance(fake_scores, 1)


@lsgan_loss.mistake(
    "The generator's loss is halved, too. CycleGAN halves the discriminator's alone, so that it learns more slowly."
)
def generator_halved(real_scores, fake_scores):
    return _halves(real_scores, fake_scores), _distance(fake_scores, 1) / 2


@lsgan_loss.mistake(
    "The halves are mixed up: the discriminator's loss is halved, the generator's is not. Here it is the other way "
    "around."
)
def other_half(real_scores, fake_scores):
    return 2 * _halves(real_scores, fake_scores), _distance(fake_scores, 1) / 2


@lsgan_loss.mistake("Only one part is halved: check the parentheses, (real part + fake part) / 2.")
def fake_part_halved(real_scores, fake_scores):
    return _distance(real_scores, 1) + _distance(fake_scores, 0) / 2, _distance(fake_scores, 1)


@lsgan_loss.mistake(
    "The generator's target is 0, so it would learn to be found out. It wants the discriminator to say 1."
)
def generator_wants_zero(real_scores, fake_scores):
    return _halves(real_scores, fake_scores), _distance(fake_scores, 0)


@lsgan_loss.mistake(
    "The generator's loss is the negative of the fake part. In a least-squares GAN it is the squared distance of the fake "
    "scores from 1."
)
def generator_negative(real_scores, fake_scores):
    return _halves(real_scores, fake_scores), -_distance(fake_scores, 0)


@lsgan_loss.mistake(
    "The generator's loss is the negative of the discriminator's. In a least-squares GAN it is the squared distance of the "
    "fake scores from 1."
)
def discriminator_negative(real_scores, fake_scores):
    loss = _halves(real_scores, fake_scores)
    return loss, -loss


@lsgan_loss.mistake("The discriminator's targets are reversed: 1 for real images, 0 for fake ones.")
def targets_reversed(real_scores, fake_scores):
    return (_distance(real_scores, 0) + _distance(fake_scores, 1)) / 2, _distance(fake_scores, 1)


@lsgan_loss.mistake("The target of fake scores is 0 here, not -1.")
def target_of_minus_one(real_scores, fake_scores):
    return (_distance(real_scores, 1) + _distance(fake_scores, -1)) / 2, _distance(fake_scores, 1)


@lsgan_loss.mistake(
    "The generator's loss comes from the real scores. The generator changes the fake images only: use fake_scores."
)
def generator_from_real(real_scores, fake_scores):
    return _halves(real_scores, fake_scores), _distance(real_scores, 1)


@lsgan_loss.mistake("The fake part is missing: the discriminator also has to give fake images 0.")
def fake_part_missing(real_scores, fake_scores):
    return _distance(real_scores, 1) / 2, _distance(fake_scores, 1)


@lsgan_loss.mistake("Those are absolute distances. Least squares means squared ones.")
def absolute_distances(real_scores, fake_scores):
    real, fake = ops.mean(ops.abs(real_scores - 1)), ops.mean(ops.abs(fake_scores))
    return (real + fake) / 2, ops.mean(ops.abs(fake_scores - 1))


@lsgan_loss.mistake("The mean is squared. Square the distance of each score, then take the mean.")
def mean_squared_afterwards(real_scores, fake_scores):
    real, fake = ops.square(ops.mean(real_scores) - 1), ops.square(ops.mean(fake_scores))
    return (real + fake) / 2, ops.square(ops.mean(fake_scores) - 1)


@lsgan_loss.mistake("Those are sums. Take means over all scores.")
def sums(real_scores, fake_scores):
    real, fake = ops.sum(ops.square(real_scores - 1)), ops.sum(ops.square(fake_scores))
    return (real + fake) / 2, ops.sum(ops.square(fake_scores - 1))


@lsgan_loss.mistake(
    "That is the mean over real and fake scores together. There may be more of one kind: take the mean of each, then half "
    "the sum."
)
def joined_mean(real_scores, fake_scores):
    real, fake = (ops.reshape(part, (-1,)) for part in (ops.square(real_scores - 1), ops.square(fake_scores)))
    return ops.mean(ops.concatenate([real, fake])), _distance(fake_scores, 1)


@lsgan_loss.mistake("A sigmoid is too much: a least-squares GAN compares the plain scores with 1 and 0.")
def sigmoid_first(real_scores, fake_scores):
    real, fake = ops.sigmoid(real_scores), ops.sigmoid(fake_scores)
    return _halves(real, fake), _distance(fake, 1)


@lsgan_loss.mistake(
    "That is the cross-entropy of lesson 09. Least squares: the squared distance from the target."
)
def cross_entropies(real_scores, fake_scores):
    real, fake = ops.mean(ops.softplus(-real_scores)), ops.mean(ops.softplus(fake_scores))
    return (real + fake) / 2, ops.mean(ops.softplus(-fake_scores))


@lsgan_loss.mistake("Both losses are added. Two networks learn from them: return them as two.")
def one_loss(real_scores, fake_scores):
    return _halves(real_scores, fake_scores) + _distance(fake_scores, 1)


@lsgan_loss.mistake("The generator's loss is missing: return both, the discriminator's first.")
def discriminator_alone(real_scores, fake_scores):
    return _halves(real_scores, fake_scores)


@lsgan_loss.mistake(
    "The values are right, but NumPy or float() cuts the gradient: neither network would learn. Use keras.ops."
)
def numpy_least_squares(real_scores, fake_scores):
    real, fake = np.mean(np.square(real_scores - 1)), np.mean(np.square(fake_scores))
    return (real + fake) / 2, np.mean(np.square(fake_scores - 1))


# --------------------------------------------------------------------------------------------- adain


@exercise(
    cases=[
        dict(
            content=np.array([[[[1.0], [3.0]], [[5.0], [7.0]]]]),
            style_mean=np.array([[10.0]]),
            style_std=np.array([[2.0]]),
        ),
        dict(content=_random(2, 4, 5, 3), style_mean=_random(2, 3), style_std=_random(2, 3, seed=1) ** 2),
        # As many images as columns: a style that is not broadcast over height and width raises no error.
        dict(
            content=2 * _random(3, 4, 3, 2, seed=2) + 1,
            style_mean=_random(3, 2, seed=2),
            style_std=_random(3, 2, seed=3),
        ),
        dict(
            content=0.01 * _random(2, 3, 4, 4, seed=3),
            style_mean=_random(2, 4, seed=4),
            style_std=np.array([[1.0, 2.0, 0.5, 0.0], [3.0, 1.0, 2.0, 0.25]]),
        ),
        dict(
            content=np.concatenate([_random(2, 3, 3, 1, seed=5), np.full((2, 3, 3, 1), 0.5)], axis=-1),
            style_mean=_random(2, 2, seed=6),
            style_std=np.ones((2, 2)),
        ),
        dict(
            content=_random(1, 2, 6, 3, seed=7),
            style_mean=_random(1, 3, seed=8),
            style_std=3 + _random(1, 3, seed=9),
            epsilon=0.5,
        ),
    ],
    differentiable=True,
    seconds=TENSOR_SECONDS,
    hints=[
        "Two steps: take the image's own style away, then give it the other one.",
        "Mean and variance of each image and channel: over axes 1 and 2, with keepdims=True. Subtract the mean, divide by the "
        "root of variance + epsilon.",
        "style_std[:, None, None, :] has the four axes that the content has. Multiply by it, then add "
        "style_mean[:, None, None, :].",
    ],
)
def adain(content, style_mean, style_std, epsilon=1e-5):
    """Adaptive instance normalization: each channel of each image gets a new mean and standard deviation.

    Args:
        content: float tensor (N, H, W, C).
        style_mean: float tensor (N, C), for each image and channel the mean it gets.
        style_std: float tensor (N, C), for each image and channel the number that scales its normalized values. A network
            may give negative ones.
        epsilon: float, added to the variance, so that a channel of equal values does not divide by zero.

    Returns:
        tensor (N, H, W, C): the content, normalized for each image and channel over height and width, times style_std, plus
        style_mean. Give style_mean and style_std two axes of length 1, so that they fit the content. To normalize is to
        subtract the mean and to divide by √(variance + epsilon); the variance is the mean squared distance from the mean
        (biased). Gradients reach all three tensors, so use keras.ops or tf functions, not NumPy.

    Source: Huang, Belongie, "Arbitrary style transfer in real-time with adaptive instance normalization", 2017.
    """
    # BEGIN SOLUTION
    mean = keras.ops.mean(content, axis=(1, 2), keepdims=True)
    variance = keras.ops.var(content, axis=(1, 2), keepdims=True)
    normalized = (content - mean) / keras.ops.sqrt(variance + epsilon)
    return normalized * style_std[:, None, None, :] + style_mean[:, None, None, :]
    # END SOLUTION


def _normalized(content, epsilon, axes=(1, 2)):
    """Content with mean 0 and variance 1 over the axes."""
    mean, variance = ops.moments(content, axes=axes, keepdims=True)
    return (content - mean) / ops.sqrt(variance + epsilon)


def _styled(normalized, style_mean, style_std):
    """Normalized content with its new style."""
    return normalized * style_std[:, None, None, :] + style_mean[:, None, None, :]


@adain.mistake(
    "Mean and variance go over the batch, too: that is batch normalization. Each image has its own: axes 1 and 2."
)
def over_batch(content, style_mean, style_std, epsilon=1e-5):
    return _styled(_normalized(content, epsilon, (0, 1, 2)), style_mean, style_std)


@adain.mistake(
    "Mean and variance go over the channels, too: that is layer normalization. Each channel has its own: axes 1 and 2."
)
def over_channels(content, style_mean, style_std, epsilon=1e-5):
    return _styled(_normalized(content, epsilon, (1, 2, 3)), style_mean, style_std)


@adain.mistake(
    "Mean and variance go over the channels of each pixel. They go over height and width: axes 1 and 2."
)
def over_the_last_axis(content, style_mean, style_std, epsilon=1e-5):
    return _styled(_normalized(content, epsilon, -1), style_mean, style_std)


@adain.mistake("Mean and variance go over everything. Each image and channel has its own: axes 1 and 2.")
def over_all(content, style_mean, style_std, epsilon=1e-5):
    return _styled(_normalized(content, epsilon, (0, 1, 2, 3)), style_mean, style_std)


@adain.mistake("Axes 2 and 3 are height and width where channels come first. In NHWC they are axes 1 and 2.")
def axes_of_channels_first(content, style_mean, style_std, epsilon=1e-5):
    return _styled(_normalized(content, epsilon, (2, 3)), style_mean, style_std)


@adain.mistake("epsilon is added to the standard deviation. Add it to the variance, before the root.")
def epsilon_after_the_root(content, style_mean, style_std, epsilon=1e-5):
    mean, variance = ops.moments(content, axes=(1, 2), keepdims=True)
    return _styled((content - mean) / (ops.sqrt(variance) + epsilon), style_mean, style_std)


@adain.mistake("epsilon is always 1e-5. Use the parameter: that is its default only.")
def epsilon_fixed(content, style_mean, style_std, epsilon=1e-5):
    return _styled(_normalized(content, 1e-5), style_mean, style_std)


@adain.mistake("Without epsilon a channel of equal values becomes NaN: √(variance + epsilon).")
def no_epsilon(content, style_mean, style_std, epsilon=1e-5):
    return _styled(_normalized(content, 0.0), style_mean, style_std)


@adain.mistake("The root is missing: divide by √(variance + epsilon).")
def root_missing(content, style_mean, style_std, epsilon=1e-5):
    mean, variance = ops.moments(content, axes=(1, 2), keepdims=True)
    return _styled((content - mean) / (variance + epsilon), style_mean, style_std)


@adain.mistake("The content is not centered: subtract its mean before you divide.")
def not_centered(content, style_mean, style_std, epsilon=1e-5):
    variance = ops.var(content, axis=(1, 2), keepdims=True)
    return _styled(content / ops.sqrt(variance + epsilon), style_mean, style_std)


@adain.mistake(
    "The mean of the squares is the variance only where the mean is 0. Subtract the mean before you square."
)
def variance_not_centered(content, style_mean, style_std, epsilon=1e-5):
    mean = ops.mean(content, axis=(1, 2), keepdims=True)
    squares = ops.mean(ops.square(content), axis=(1, 2), keepdims=True)
    return _styled((content - mean) / ops.sqrt(squares + epsilon), style_mean, style_std)


@adain.mistake("Here the sum of squares is divided by H·W - 1. The variance is their mean: divide by H·W.")
def variance_unbiased(content, style_mean, style_std, epsilon=1e-5):
    mean, variance = ops.moments(content, axes=(1, 2), keepdims=True)
    count = content.shape[1] * content.shape[2]
    return _styled(
        (content - mean) / ops.sqrt(variance * count / (count - 1) + epsilon), style_mean, style_std
    )


@adain.mistake("The content is multiplied by its standard deviation. To normalize it, divide.")
def multiplied(content, style_mean, style_std, epsilon=1e-5):
    mean, variance = ops.moments(content, axes=(1, 2), keepdims=True)
    return _styled((content - mean) * ops.sqrt(variance + epsilon), style_mean, style_std)


@adain.mistake("The content keeps its own style: normalize it before it gets the new one.")
def not_normalized(content, style_mean, style_std, epsilon=1e-5):
    return _styled(content, style_mean, style_std)


@adain.mistake(
    "The mean is added before the scaling, so it is scaled, too. First times style_std, then plus style_mean."
)
def mean_added_first(content, style_mean, style_std, epsilon=1e-5):
    return (_normalized(content, epsilon) + style_mean[:, None, None, :]) * style_std[:, None, None, :]


@adain.mistake("Mean and standard deviation are swapped: times style_std, plus style_mean.")
def style_swapped(content, style_mean, style_std, epsilon=1e-5):
    return _styled(_normalized(content, epsilon), style_std, style_mean)


@adain.mistake("style_mean is missing: add it at the end.")
def style_mean_missing(content, style_mean, style_std, epsilon=1e-5):
    return _normalized(content, epsilon) * style_std[:, None, None, :]


@adain.mistake("style_std is missing: scale the normalized content by it.")
def style_std_missing(content, style_mean, style_std, epsilon=1e-5):
    return _normalized(content, epsilon) + style_mean[:, None, None, :]


@adain.mistake("style_std is a standard deviation already: take no root of it.")
def root_of_the_style(content, style_mean, style_std, epsilon=1e-5):
    return _styled(_normalized(content, epsilon), style_mean, ops.sqrt(style_std))


@adain.mistake("The content is normalized but has no new style: times style_std, plus style_mean.")
def no_style(content, style_mean, style_std, epsilon=1e-5):
    return _normalized(content, epsilon)


@adain.mistake(
    "The style (N, C) needs two axes between: style_std[:, None, None, :]. Without them the images are matched with the columns."
)
def not_broadcast(content, style_mean, style_std, epsilon=1e-5):
    return _normalized(content, epsilon) * style_std + style_mean


@adain.mistake(
    "Mean and variance lose their axes of height and width, so they are matched with the columns: keepdims=True keeps the axes."
)
def axes_not_kept(content, style_mean, style_std, epsilon=1e-5):
    mean, variance = ops.moments(content, axes=(1, 2))
    return _styled((content - mean) / ops.sqrt(variance + epsilon), style_mean, style_std)


@adain.mistake(
    "Statistics and style are (N, C) and are matched with the columns. They need two axes between: keepdims=True for the "
    "statistics, [:, None, None, :] for the style."
)
def axes_missing_everywhere(content, style_mean, style_std, epsilon=1e-5):
    mean, variance = ops.moments(content, axes=(1, 2))
    return (content - mean) / ops.sqrt(variance + epsilon) * style_std + style_mean


@adain.mistake(
    "[:, :, None, None] fits where channels come second. In NHWC they come last: [:, None, None, :]."
)
def style_for_channels_first(content, style_mean, style_std, epsilon=1e-5):
    return _normalized(content, epsilon) * style_std[:, :, None, None] + style_mean[:, :, None, None]


@adain.mistake("All images get the style of the first. Each has its own row: style_std[:, None, None, :].")
def style_of_the_first(content, style_mean, style_std, epsilon=1e-5):
    return _normalized(content, epsilon) * style_std[0] + style_mean[0]


@adain.mistake(
    "The values are right, but NumPy cuts the gradient: the network that makes the style would never learn. Use keras.ops."
)
def numpy_adain(content, style_mean, style_std, epsilon=1e-5):
    content, style_mean, style_std = (np.asarray(one) for one in (content, style_mean, style_std))
    mean, variance = content.mean((1, 2), keepdims=True), content.var((1, 2), keepdims=True)
    return _styled((content - mean) / np.sqrt(variance + epsilon), style_mean, style_std)


# ---------------------------------------------------------------------------------------- mix_styles


@exercise(
    cases=[
        dict(first=_random(5, 3), second=_random(5, 3, seed=1), crossover=2),
        dict(first=_random(4, 6, seed=2), second=_random(4, 6, seed=3), crossover=1),
        dict(first=_random(6, 2, seed=4), second=_random(6, 2, seed=5), crossover=5),
        dict(first=_random(5, 4, seed=6), second=_random(5, 4, seed=7), crossover=0),
        dict(first=_random(3, 4, seed=8), second=_random(3, 4, seed=9), crossover=3),
        dict(first=_random(1, 2, seed=8), second=_random(1, 2, seed=9), crossover=1),
    ],
    hints=[
        "Each row is the style of one layer. Rows keep their places; the question is whose row stands there.",
        "Rows 0 to crossover - 1 come from the first, all others from the second.",
        "np.concatenate([first[:crossover], ...]) with the rest of the second.",
    ],
)
def mix_styles(first, second, crossover):
    """The styles of two images mixed: one gives the early layers their styles, the other the late ones.

    Args:
        first: float array (layers, D), one style vector for each layer. It is not changed.
        second: float array (layers, D). It is not changed.
        crossover: int from 0 to layers, the number of the first layer, counted from 0, that gets the second style.

    Returns:
        float array (layers, D): layers before `crossover` have their style from the first, the others from the second.

    Source: Karras, Laine, Aila, "A style-based generator architecture for generative adversarial networks", 2019.
    """
    # BEGIN SOLUTION
    return np.concatenate([first[:crossover], second[crossover:]])
    # END SOLUTION


@mix_styles.mistake("First and second are swapped: the first gives the layers before the crossover.")
def parents_swapped(first, second, crossover):
    return np.concatenate([second[:crossover], first[crossover:]])


@mix_styles.mistake("The crossover is one layer late: layer `crossover` itself has the second style already.")
def one_layer_late(first, second, crossover):
    return np.concatenate([first[: crossover + 1], second[crossover + 1 :]])


@mix_styles.mistake("The crossover is one layer early: layer `crossover` - 1 still has the first style.")
def one_layer_early(first, second, crossover):
    early = max(crossover - 1, 0)
    return np.concatenate([first[:early], second[early:]])


@mix_styles.mistake("The crossover is counted from the end. Count the layers from the first one.")
def counted_from_the_end(first, second, crossover):
    place = len(first) - crossover
    return np.concatenate([first[:place], second[place:]])


@mix_styles.mistake("The columns are mixed. Rows are layers: cut along axis 0.")
def columns_mixed(first, second, crossover):
    return np.concatenate([first[:, :crossover], second[:, crossover:]], axis=1)


@mix_styles.mistake(
    "The second's early layers are used for the late ones. Each layer keeps its place: second[crossover:]."
)
def second_from_its_start(first, second, crossover):
    return np.concatenate([first[:crossover], second[: len(first) - crossover]])


@mix_styles.mistake(
    "A negative index goes wrong where no layer is left for the second: [-0:] is everything. Use second[crossover:]."
)
def negative_index(first, second, crossover):
    return np.concatenate([first[:crossover], second[-(len(first) - crossover) :]])


@mix_styles.mistake("All layers of both are joined: there are twice as many now. Take a part of each.")
def both_whole(first, second, crossover):
    return np.concatenate([first, second])


@mix_styles.mistake("Two parts come back. Join them to one array: np.concatenate([...]).")
def two_parts(first, second, crossover):
    return first[:crossover], second[crossover:]


@mix_styles.mistake("The late layers are missing: the second gives them their style.")
def early_layers_alone(first, second, crossover):
    return first[:crossover].copy()


@mix_styles.mistake("The styles are averaged. Mixing takes each layer's style whole, from one of the two.")
def averaged_styles(first, second, crossover):
    return (first + second) / 2


@mix_styles.mistake("The late layers have the mean of both styles. They get the second style alone.")
def late_layers_averaged(first, second, crossover):
    return np.concatenate([first[:crossover], (first[crossover:] + second[crossover:]) / 2])


@mix_styles.mistake("The crossover is always in the middle. Use the parameter.")
def always_in_the_middle(first, second, crossover):
    middle = len(first) // 2
    return np.concatenate([first[:middle], second[middle:]])


@mix_styles.mistake("The function writes into `first`. Work on a copy: first.copy().")
def written_into_the_first(first, second, crossover):
    first[crossover:] = second[crossover:]
    return first


@mix_styles.mistake("The function writes into `second`. Work on a copy: second.copy().")
def written_into_the_second(first, second, crossover):
    second[:crossover] = first[:crossover]
    return second


# ------------------------------------------------------------------------------------------ truncate


@exercise(
    cases=[
        dict(style_vectors=np.array([[1.0, -2.0], [3.0, 0.0]]), mean=np.array([2.0, 1.0]), psi=0.25),
        dict(style_vectors=_random(4, 3), mean=_random(3)),
        dict(style_vectors=_random(3, 5, seed=1), mean=_random(5, seed=1), psi=0.25),
        dict(style_vectors=2 * _random(3, 3, seed=2), mean=_random(3, seed=2), psi=1.0),
        dict(style_vectors=_random(2, 4, seed=3), mean=_random(4, seed=3), psi=0.0),
        dict(style_vectors=5 * _random(2, 2, seed=4), mean=_random(2, seed=4), psi=1.5),
        dict(style_vectors=np.zeros((0, 3)), mean=_random(3, seed=5)),
    ],
    hints=[
        "Each style vector moves on the straight line to the mean. psi says which part of its distance is left.",
        "The way from the mean to the vectors is style_vectors - mean. psi shortens it.",
        "mean + psi * (style_vectors - mean).",
    ],
)
def truncate(style_vectors, mean, psi=0.7):
    """The truncation trick: style vectors are pulled toward their mean.

    Args:
        style_vectors: float array (N, D), outputs of a mapping network, the paper's w; N may be 0. It is not changed.
        mean: float array (D,), the mean of many such outputs. It is not changed.
        psi: float, 0 or more: the part of its distance from the mean that each vector keeps. At 1 nothing changes, at 0
            all become the mean, above 1 they move away from it.

    Returns:
        float array (N, D).

    Source: Karras, Laine, Aila, "A style-based generator architecture for generative adversarial networks", 2019.
    """
    # BEGIN SOLUTION
    return mean + psi * (style_vectors - mean)
    # END SOLUTION


@truncate.mistake(
    "The vectors are pulled toward 0. Pull them toward the mean: mean + psi * (style_vectors - mean)."
)
def toward_zero(style_vectors, mean, psi=0.7):
    return psi * style_vectors


@truncate.mistake("psi is on the wrong side: at 1 nothing may change, at 0 all vectors are the mean.")
def psi_for_the_mean(style_vectors, mean, psi=0.7):
    return style_vectors + psi * (mean - style_vectors)


@truncate.mistake("The mean is missing at the end: add it to psi * (style_vectors - mean).")
def mean_not_added(style_vectors, mean, psi=0.7):
    return psi * (style_vectors - mean)


@truncate.mistake("The mean is not subtracted before psi scales: mean + psi * (style_vectors - mean).")
def mean_not_subtracted(style_vectors, mean, psi=0.7):
    return mean + psi * style_vectors


@truncate.mistake("The way goes from the vectors to the mean. It is style_vectors - mean.")
def mirrored(style_vectors, mean, psi=0.7):
    return mean + psi * (mean - style_vectors)


@truncate.mistake(
    "The shortened way is added to the vectors. Begin at the mean: mean + psi * (style_vectors - mean)."
)
def begun_at_the_vector(style_vectors, mean, psi=0.7):
    return style_vectors + psi * (style_vectors - mean)


@truncate.mistake("psi divides. Multiply: a smaller psi brings the vectors nearer to the mean.")
def divided_by_psi(style_vectors, mean, psi=0.7):
    return mean + (style_vectors - mean) / psi


@truncate.mistake("psi is always 0.7. Use the parameter: that is its default only.")
def psi_fixed(style_vectors, mean, psi=0.7):
    return mean + 0.7 * (style_vectors - mean)


@truncate.mistake("The way is cut off at psi. All entries of it are scaled by psi instead.")
def cut_off_at_psi(style_vectors, mean, psi=0.7):
    return mean + np.clip(style_vectors - mean, -psi, psi)


@truncate.mistake("The mean is computed from these few vectors. Use the parameter `mean`.")
def mean_of_these(style_vectors, mean, psi=0.7):
    center = style_vectors.mean(axis=0)
    return center + psi * (style_vectors - center)


@truncate.mistake("The mean becomes one number. Each entry of a vector has its own mean.")
def mean_of_the_mean(style_vectors, mean, psi=0.7):
    return mean.mean() + psi * (style_vectors - mean.mean())


@truncate.mistake("One mean vector comes back: there is one truncated vector for each row.")
def averaged_vectors(style_vectors, mean, psi=0.7):
    return (mean + psi * (style_vectors - mean)).mean(axis=0)


@truncate.mistake(
    "-= and *= change the array of the caller. Make a new one: mean + psi * (style_vectors - mean)."
)
def changed_in_place(style_vectors, mean, psi=0.7):
    style_vectors -= mean
    style_vectors *= psi
    style_vectors += mean
    return style_vectors


# ------------------------------------------------------------------------------------- identity_loss


@exercise(
    cases=[
        dict(real=np.array([[0.0, 1.0], [-1.0, 0.5]]), same=np.array([[1.0, 1.0], [0.0, -1.5]])),
        dict(real=_random(2, 5, 4, 3, seed=1), same=_random(2, 5, 4, 3, seed=2)),
        dict(real=_random(3, 2, 6, 3, seed=3), same=_random(3, 2, 6, 3, seed=4), weight=2.0),
        dict(real=_random(1, 3, 3, 1, seed=5), same=_random(1, 3, 3, 1, seed=6), weight=0.5),
        dict(real=100 * _random(2, 2, 2, 3, seed=7), same=100 * _random(2, 2, 2, 3, seed=8), weight=1.0),
        dict(real=_random(2, 2, 3, 3, seed=9), same=_random(2, 2, 3, 3, seed=9)),
    ],
    differentiable=True,
    seconds=TENSOR_SECONDS,
    hints=[
        "The image is in the generator's own target style already. It is not to change: measure how much it does.",
        "The distance is the one of the cycle loss: a mean of absolute differences.",
        "keras.ops.mean(keras.ops.abs(real - same)), times the weight.",
    ],
    extra=True,
)
def identity_loss(real, same, weight=5.0):
    """How much a generator changes images that have its target style already.

    Args:
        real: float tensor of any shape, images of the generator's target style.
        same: float tensor of the same shape, what the generator makes of them.
        weight: float, how much the loss counts beside the other losses; 5 is half of the cycle loss's 10.

    Returns:
        tensor (): the weight times the mean absolute difference over all entries: images, pixels, channels. Gradients
        reach both tensors, so use keras.ops or tf functions, not NumPy.

    Source: Zhu, Park, Isola, Efros, "Unpaired image-to-image translation using cycle-consistent adversarial
    networks", 2017.
    """
    # BEGIN SOLUTION
    return weight * keras.ops.mean(keras.ops.abs(real - same))
    # END SOLUTION


@identity_loss.mistake("The weight is missing: multiply the mean by it.")
def weight_left_out(real, same, weight=5.0):
    return ops.mean(ops.abs(real - same))


@identity_loss.mistake("Half is taken twice: the weight of 5 is half of the cycle loss's 10 already.")
def halved_again(real, same, weight=5.0):
    return 0.5 * weight * ops.mean(ops.abs(real - same))


@identity_loss.mistake("cycle_loss(real, same) has the weight 10. Hand on the weight of this loss.")
def weight_not_handed_on(real, same, weight=5.0):
    return 10.0 * ops.mean(ops.abs(real - same))


@identity_loss.mistake("The weight is always 5. Use the parameter: 5 is its default only.")
def weight_of_five(real, same, weight=5.0):
    return 5.0 * ops.mean(ops.abs(real - same))


@identity_loss.mistake(
    "The mean is divided by the weight. Multiply: a larger weight makes the loss count more."
)
def weight_divides(real, same, weight=5.0):
    return ops.mean(ops.abs(real - same)) / weight


@identity_loss.mistake("The differences are squared. CycleGAN takes their absolute values: keras.ops.abs.")
def squared_differences(real, same, weight=5.0):
    return weight * ops.mean(ops.square(real - same))


@identity_loss.mistake(
    "That is the root of the mean square, an L2 distance. CycleGAN takes the mean of the absolute values, L1."
)
def root_of_the_squares(real, same, weight=5.0):
    return weight * ops.sqrt(ops.mean(ops.square(real - same)))


@identity_loss.mistake("Positive and negative differences cancel. Take the absolute values before the mean.")
def differences_cancel(real, same, weight=5.0):
    return weight * ops.mean(real - same)


@identity_loss.mistake(
    "The absolute value comes after the mean, when differences have canceled already. Take it first."
)
def absolute_afterwards(real, same, weight=5.0):
    return weight * ops.abs(ops.mean(real - same))


@identity_loss.mistake("The mean goes over the batch only. One number is wanted: no axis.")
def mean_over_the_batch(real, same, weight=5.0):
    return weight * ops.mean(ops.abs(real - same), axis=0)


@identity_loss.mistake(
    "The mean goes over the last axis only, as keras.losses.mean_absolute_error does it. One number is wanted."
)
def mean_over_the_channels(real, same, weight=5.0):
    return weight * ops.mean(ops.abs(real - same), axis=-1)


@identity_loss.mistake("That is one loss for each image. Take the mean over the images, too.")
def one_for_each_image(real, same, weight=5.0):
    return weight * ops.mean(ops.abs(real - same), axis=tuple(range(1, len(real.shape))))


@identity_loss.mistake("There is no mean: one loss for each entry comes back.")
def no_mean(real, same, weight=5.0):
    return weight * ops.abs(real - same)


@identity_loss.mistake("That is the sum. The mean does not grow with the size of images and batches.")
def sum_of_differences(real, same, weight=5.0):
    return weight * ops.sum(ops.abs(real - same))


@identity_loss.mistake(
    "The sum over an image is averaged over the batch. Take the mean over the pixels and channels, too."
)
def sum_over_an_image(real, same, weight=5.0):
    return weight * ops.sum(ops.abs(real - same)) / len(real)


@identity_loss.mistake(
    "The values are right, but NumPy or float() cuts the gradient: the generator would learn nothing from this loss. "
    "Use keras.ops."
)
def numpy_identity(real, same, weight=5.0):
    return weight * np.mean(np.abs(real - same))


# ----------------------------------------------------------------------------- build_mapping_network


@exercise(
    cases=[
        dict(latent=8, layers=2),
        dict(latent=5, layers=3),
        dict(latent=12, layers=1),
        dict(layers=5),
    ],
    seconds=MODEL_SECONDS,
    hints=[
        "Begin with keras.Input((latent,)). A loop adds the layers.",
        "Each turn adds keras.layers.Dense(latent) and LeakyReLU. `layers` is a number here, so write keras.layers.",
        "keras.layers.LeakyReLU(negative_slope=0.2): Keras' own default is another slope.",
    ],
    extra=True,
)
def build_mapping_network(latent=64, layers=4):
    """StyleGAN's mapping network, which turns random numbers into a style vector.

    Args:
        latent: int, length of the input, of the output, and of all vectors between.
        layers: int, how many dense layers, at least 1. The parameter hides the module `layers` of Keras inside this
            function: write keras.layers.Dense.

    Returns:
        keras.Model, not compiled, (latent,) to (latent,): `layers` times a dense layer of `latent` units with bias, and after
        each, the last too, LeakyReLU with negative slope 0.2. The paper normalizes the input before; here it
        enters as it is.

    Source: Karras, Laine, Aila, "A style-based generator architecture for generative adversarial networks", 2019.
    """
    # BEGIN SOLUTION
    inputs = keras.Input((latent,))
    x = inputs
    for _ in range(layers):
        x = keras.layers.Dense(latent)(x)
        x = keras.layers.LeakyReLU(negative_slope=0.2)(x)
    return keras.Model(inputs, x)
    # END SOLUTION


def _leaky():
    """The activation of the mapping network."""
    return layers.LeakyReLU(negative_slope=0.2)


def _mapping(latent, count, activation=_leaky, last=None, bias=True, after=None, first=None, width=None):
    """The mapping network with one thing different, for the mistakes below."""
    inputs = x = keras.Input((latent,))
    x = first()(x) if first else x
    for number in range(count):
        final = number == count - 1
        x = layers.Dense(latent if final or not width else width, use_bias=bias)(x)
        x = after()(x) if after else x
        x = (last if last and final else activation)()(x)
    return keras.Model(inputs, x)


def _linear():
    return layers.Activation("linear")


@build_mapping_network.mistake("The last layer is linear. LeakyReLU comes after it, too.")
def last_layer_linear(latent=64, layers=4):
    return _mapping(latent, layers, last=_linear)


@build_mapping_network.mistake("The last layer ends with tanh. It ends with LeakyReLU, as all others do.")
def last_layer_tanh(latent=64, layers=4):
    return _mapping(latent, layers, last=lambda: keras.layers.Activation("tanh"))


@build_mapping_network.mistake("ReLU sets all negative values to 0. LeakyReLU keeps 0.2 of them.")
def relu_for_leaky(latent=64, layers=4):
    return _mapping(latent, layers, activation=keras.layers.ReLU)


@build_mapping_network.mistake("LeakyReLU() has the slope 0.3 in Keras. Asked for is negative_slope=0.2.")
def slope_of_keras(latent=64, layers=4):
    return _mapping(latent, layers, activation=keras.layers.LeakyReLU)


@build_mapping_network.mistake("The slope is 0.01. Asked for is negative_slope=0.2.")
def slope_of_a_hundredth(latent=64, layers=4):
    return _mapping(latent, layers, activation=lambda: keras.layers.LeakyReLU(negative_slope=0.01))


@build_mapping_network.mistake(
    "There is no activation, so all layers together are one linear map. Add LeakyReLU after each."
)
def no_activation(latent=64, layers=4):
    return _mapping(latent, layers, activation=_linear)


@build_mapping_network.mistake("One layer is missing: `layers` dense layers, the last one counts.")
def one_layer_missing(latent=64, layers=4):
    return _mapping(latent, layers - 1)


@build_mapping_network.mistake("There is one dense layer too many: `layers` counts all of them.")
def one_layer_too_many(latent=64, layers=4):
    return _mapping(latent, layers + 1)


@build_mapping_network.mistake(
    "There is one dense layer too many, a linear one at the end: `layers` counts all of them, and each has LeakyReLU."
)
def linear_layer_at_the_end(latent=64, layers=4):
    return _mapping(latent, layers + 1, last=_linear)


@build_mapping_network.mistake(
    "One layer is called again and again, so all share its weights. Make a new Dense in each turn of the loop."
)
def weights_shared(latent=64, layers=4):
    inputs = x = keras.Input((latent,))
    dense = keras.layers.Dense(latent)
    for _ in range(layers):
        x = _leaky()(dense(x))
    return keras.Model(inputs, x)


@build_mapping_network.mistake(
    "Only one dense layer leads to the output: in the loop each layer reads x, and x must become its output."
)
def loop_reads_the_input(latent=64, layers=4):
    return _mapping(latent, 1)


@build_mapping_network.mistake("`layers` is not used: there are always four. Use the parameter.")
def always_four(latent=64, layers=4):
    return _mapping(latent, 4)


@build_mapping_network.mistake("`latent` is not used: the vectors always have 64 numbers. Use the parameter.")
def always_of_64(latent=64, layers=4):
    return _mapping(64, layers)


@build_mapping_network.mistake("The dense layers have no bias. Leave use_bias as it is.")
def no_bias(latent=64, layers=4):
    return _mapping(latent, layers, bias=False)


@build_mapping_network.mistake(
    "Here is no batch normalization: dense layers with LeakyReLU, and nothing between."
)
def batch_norms_between(latent=64, layers=4):
    return _mapping(latent, layers, after=keras.layers.BatchNormalization)


@build_mapping_network.mistake("The paper normalizes the input first. Here it enters as it is.")
def input_scaled(latent=64, layers=4):
    root = latent**0.5
    return _mapping(
        latent,
        layers,
        first=lambda: keras.layers.Lambda(lambda z: root * z / (ops.norm(z, axis=-1, keepdims=True) + 1e-8)),
    )


@build_mapping_network.mistake("The layers between are wider. All have `latent` units.")
def wider_between(latent=64, layers=4):
    return _mapping(latent, layers, width=2 * latent)


@build_mapping_network.mistake(
    "If the error speaks of an int: in this function `layers` is the number of layers, so write keras.layers.Dense."
)
def layers_hidden(latent=64, layers=4):
    return layers.Dense(latent)


# ---------------------------------------------------------------------------------- build_translator

PIXELS = (32, 32, 3)


@functools.cache
def _google_and_twitter():
    """Pairs of one emoji by two vendors, in 0 to 1: to train with, and other objects to test on."""
    return tuple(tuple(images / np.float32(255) for images in split) for split in data.emoji())


@challenge(
    examine=TranslatorChallenge(
        load=_google_and_twitter,
        input_shape=PIXELS,
        parameters=200_000,
        steps=300,
        batch_size=16,
        asked=0.13,
    ),
    hints=[
        "One layer of convolutions can change colors and edges, but the shapes differ, too: an output pixel must depend on "
        "much of the input. Halve the maps several times, then double them again.",
        "Join the maps from the way down with those of the same size on the way up, as in a U-Net. Batch norm with "
        "momentum=0.9 after each convolution helps in so few steps.",
        'The score is made of absolute differences, so let the loss be loss="mean_absolute_error". A learning rate that '
        "falls helps: keras.optimizers.schedules.CosineDecay(5e-3, decay_steps=300).",
    ],
)
def build_translator():
    """A small network that redraws Google's emoji in Twitter's style, learned from pairs.

    The check trains it for 300 steps of 16 pairs, the same emoji by both vendors, with your optimizer and loss. It tests
    on 215 pairs; none of their objects is in the training pairs. The score is how much nearer to Twitter's emoji your
    outputs are than Google's emoji are: 1 - mean|output - Twitter| / mean|Google - Twitter|, means over all pixels and
    colors of all test pairs. 0 is what you get for the unchanged input, 1 for a perfect copy; section 1's network has about
    0.1. You may try again, so the number is a target, not an honest test result.

    Inputs and targets are from 0 to 1. Lesson 06 had networks that give an image for an image.

    Returns:
        keras.Model: compiled, from images (32, 32, 3) to images (32, 32, 3). Its outputs are from 0 to 1, before training,
        too: end with a sigmoid. Fewer than 200,000 parameters. The score must be at least 0.13.
    """

    # BEGIN SOLUTION
    def convolution(x, filters, kernel=3, stride=1):
        x = layers.Conv2D(filters, kernel, strides=stride, padding="same", use_bias=False)(x)
        return layers.ReLU()(layers.BatchNormalization(momentum=0.9)(x))

    inputs = keras.Input((32, 32, 3))
    x = skip16 = convolution(inputs, 16, kernel=5, stride=2)
    x = skip8 = convolution(x, 32, stride=2)
    x = skip4 = convolution(x, 48, stride=2)
    x = convolution(x, 48, stride=2)
    x = convolution(x, 48)
    for skip in (skip4, skip8, skip16):
        filters = skip.shape[-1]
        x = layers.Conv2DTranspose(filters, 2, strides=2)(x)
        x = convolution(layers.Concatenate()([x, skip]), filters)
    x = layers.Conv2DTranspose(3, 4, strides=2, padding="same", activation="sigmoid")(x)
    model = keras.Model(inputs, x)
    rate = keras.optimizers.schedules.CosineDecay(5e-3, decay_steps=300)
    model.compile(keras.optimizers.Adam(rate), loss="mean_absolute_error")
    return model
    # END SOLUTION


def _translator(filters=3, kernel=1, activation="sigmoid", loss="mean_absolute_error", compiled=True):
    """The translators of the mistakes below: one that changes each pixel's color by itself."""
    inputs = keras.Input(PIXELS)
    x = layers.Conv2D(filters, kernel, padding="same")(inputs)
    model = keras.Model(inputs, layers.Conv2D(3, 1, activation=activation)(x))
    if compiled:
        model.compile("adam", loss=loss)
    return model


model_mistakes(build_translator, _translator)


@build_translator.mistake(
    "The model must give an image of the size that it gets: has each halving a doubling on the way back, and has the last "
    "layer three filters?"
)
def other_shapes():
    inputs = keras.Input(PIXELS)
    return keras.Model(inputs, layers.Conv2D(3, 3, strides=2, padding="same", activation="sigmoid")(inputs))


@build_translator.mistake(
    "The model is too large. Look in model.summary() for the layer with most parameters: it often is the middle."
)
def too_large():
    return _translator(filters=8000, kernel=3)


@build_translator.mistake('The outputs leave 0 to 1. End with activation="sigmoid".')
def out_of_range():
    return _translator(activation=None)


@build_translator.mistake(
    'The targets are images, not class numbers: compile with loss="mean_absolute_error".'
)
def loss_for_other_labels():
    return _translator(loss="sparse_categorical_crossentropy")


# --------------------------------------------------------------------------------------------- quiz

no_pairs_needed = quiz(
    "CycleGAN learns from photographs of horses and others of zebras. Why does it need no pairs?",
    options={
        "a": (
            "It finds for each horse the zebra most like it.",
            "It never matches two images of the sets. A batch of horses and a batch of zebras are drawn independently.",
        ),
        "b": (
            "Each loss compares an image with itself, or asks whether it fits a set.",
            "The cycle loss compares an image with what comes back of it, the adversarial loss an output with the whole set. "
            "No loss asks for one right answer.",
        ),
        "c": (
            "The discriminators know the right answer.",
            "They only tell real images of their style from made ones.",
        ),
    },
    right="b",
)

what_a_cycle_prevents = quiz(
    "A generator of zebras gets images of horses and is trained with the adversarial loss alone. What may it do "
    "unpunished?",
    options={
        "a": (
            "Make convincing zebras that have nothing to do with its input.",
            "The discriminator sees the output alone. Nobody asks whether it still shows what the input shows.",
        ),
        "b": (
            "Return its input unchanged.",
            "The discriminator sees that it is no zebra, so the adversarial loss punishes that.",
        ),
        "c": (
            "Make blurry images.",
            "The discriminator tells them from real ones, which are sharp.",
        ),
    },
    right="a",
)

perfect_cycle = quiz(
    "The cycle loss of two generators is exactly 0. Do they translate well?",
    options={
        "a": (
            "Yes: every image comes back as it was.",
            "Two generators that change nothing have a cycle loss of 0, too.",
        ),
        "b": (
            "It does not tell: returning every input gives 0, too.",
            "Whether the image between has the other style is what the adversarial loss asks for. Both are needed.",
        ),
        "c": (
            "No: they overfit.",
            "It may be 0 on new images as well, for example where nothing is changed.",
        ),
    },
    right="b",
)

why_patches = quiz(
    "A PatchGAN gives a grid of scores. What does that ask of the generator?",
    options={
        "a": (
            "That each patch looks real: colors, lines, texture.",
            "Each score sees only its receptive field. What the whole image shows must be kept by another loss (section 3). "
            "And the discriminator needs fewer weights.",
        ),
        "b": (
            "That all parts of the image fit together.",
            "Parts that are farther apart than a receptive field are never seen by one score.",
        ),
        "c": (
            "That it makes its image patch by patch.",
            "The generator makes the image at once. Only the discriminator's judgement is local.",
        ),
    },
    right="a",
)

identity_keeps = quiz(
    "What does the identity loss keep in a CycleGAN from paintings to photographs?",
    options={
        "a": (
            "The size of the image.",
            "The network's layers set the size. No loss is needed for it.",
        ),
        "b": (
            "The person in the image.",
            "The name misleads: identity means the function that returns its input.",
        ),
        "c": (
            "The colors: without it the generator may tint all images.",
            "A photograph is to stay as it is, so the generator learns to change no more than the style asks for. Without it, the "
            "paper's generators turned day into sunset.",
        ),
    },
    right="c",
)

scores_of_a_half = quiz(
    "A least-squares discriminator gives 0.5 to all images, real and fake. What does `lsgan_loss` return, discriminator "
    "first?",
    options={
        "a": (
            "0.25 and 0.25.",
            "Each squared distance is 0.25, from either target. The discriminator's is half of 0.25 + 0.25.",
        ),
        "b": ("0.5 and 0.25.", "The half is missing: the discriminator's loss is (0.25 + 0.25) / 2."),
        "c": ("0.693 and 0.693.", "Those are cross-entropies, ln 2. Here distances are squared."),
    },
    right="a",
)

blurry_pairs = quiz(
    "Trained on pairs with the mean absolute error alone, a network gives blurry translations. Why?",
    options={
        "a": (
            "Many outputs fit the input. The loss is smallest between them, at each pixel.",
            "The median of several sharp drawings is no sharp drawing. An adversarial loss asks for one that looks real.",
        ),
        "b": (
            "The mean absolute error ignores edges.",
            "It counts every pixel, those at edges, too. What makes an edge soft is the doubt where it lies.",
        ),
        "c": (
            "Convolutions can only blur.",
            "They can make sharp edges, as a GAN's generator shows with the same layers.",
        ),
    },
    right="a",
)

adain_discards = quiz(
    "The second of two contents is 2 times the first, plus 3. Both get the same style from AdaIN. How do the results differ? "
    "(Leave epsilon aside.)",
    options={
        "a": (
            "Not at all.",
            "Normalizing takes away each channel's mean and scale. What is left is where it is high and low.",
        ),
        "b": (
            "The second is twice as large, plus 3.",
            "Mean and standard deviation of the content are divided out before the style comes.",
        ),
        "c": (
            "The second has the style twice as strongly.",
            "The style scales the normalized content, and that is equal for both.",
        ),
    },
    right="a",
)

coarse_and_fine = quiz(
    "A large network of faces has maps from 4×4 to 1024×1024. It takes the styles of face A up to 8×8, of face B above. What "
    "comes from A?",
    options={
        "a": (
            "Pose and the shape of the head.",
            "Layers with small maps decide on large parts of the image. B brings the colors and small details.",
        ),
        "b": (
            "Colors and fine texture.",
            "Those come from the layers with large maps, which have B's style.",
        ),
        "c": (
            "A half of everything.",
            "Each layer gets one of the two styles whole.",
        ),
    },
    right="a",
)

truncation_trades = quiz(
    "You lower psi of the truncation trick from 1 to 0.5. What changes in the images?",
    options={
        "a": (
            "They become more alike, and rare failures fewer.",
            "Style vectors near the mean were seen often in training. The rare ones, good or bad, are left out: variety is the "
            "price.",
        ),
        "b": (
            "They become more varied.",
            "All style vectors move toward one point, so the images become more alike.",
        ),
        "c": (
            "Nothing, until the network is trained again.",
            "Truncation is applied to a trained network, when images are made.",
        ),
    },
    right="a",
)
