"""Lesson 09 · Two networks against each other."""

import keras
import numpy as np
import tensorflow as tf
from keras import layers, ops

from labs import data
from labs.check import challenge, exercise, quiz
from labs.checking.drawn import differ, draw_weights, mapping
from labs.checking.generator import GeneratorChallenge

MODEL_SECONDS = 60.0  # for the networks of all cases: a loaded machine takes its time to build models
LOSS_SECONDS = 20.0  # the first call of a Keras loss takes its time on a loaded machine
PIXELS = (28, 28, 1)


def _random(*shape, seed=0):
    """Reproducible numbers of both signs for the cases."""
    return np.random.default_rng([seed, *shape]).normal(size=shape).round(2)


# ---------------------------------------------------------------------------------------- leaky_relu


@exercise(
    cases=[
        dict(x=np.array([-2.0, -0.5, 0.0, 0.5, 3.0])),
        dict(x=np.array([-2.0, -0.5, 0.0, 0.5, 3.0]), slope=0.01),
        dict(x=_random(3, 4), slope=0.5),
        dict(x=_random(2, 3, 2, 2)),
        dict(x=np.array([-100.0, 100.0, -1.0]), slope=0.0),
        dict(x=np.array([[-4.0], [4.0]]), slope=1.0),
    ],
    hints=[
        "Positive numbers stay as they are. What happens to a negative number, such as -2 with a slope of 0.2?",
        "It is multiplied by the slope: -2 becomes -0.4. It keeps its sign.",
        "np.where(condition, one, other) takes `one` where the condition holds: np.where(x > 0, x, ...).",
    ],
)
def leaky_relu(x, slope=0.2):
    """ReLU that lets a part of each negative number through.

    Args:
        x: float array of any shape.
        slope: float, 0 to 1: by what a negative number is multiplied.

    Returns:
        float array, shape of x: x where x is positive, slope · x elsewhere. x itself does not change.

    Source: Maas, Hannun, Ng, "Rectifier nonlinearities improve neural network acoustic models", 2013.
    """
    # BEGIN SOLUTION
    return np.where(x > 0, x, slope * x)
    # END SOLUTION


@leaky_relu.mistake("That is the plain ReLU: negative numbers become slope · x, not 0.")
def plain_relu(x, slope=0.2):
    return np.maximum(x, 0)


@leaky_relu.mistake("Positive numbers are multiplied by the slope, too. They stay as they are.")
def slope_everywhere(x, slope=0.2):
    return slope * x


@leaky_relu.mistake("The sides are exchanged: the slope belongs to the negative numbers.")
def slope_on_the_right(x, slope=0.2):
    return np.where(x > 0, slope * x, x)


@leaky_relu.mistake("Every negative number becomes the slope itself. Multiply the number by it: slope * x.")
def slope_itself(x, slope=0.2):
    return np.where(x > 0, x, slope)


@leaky_relu.mistake("Negative numbers become positive. They keep their sign: slope · x, without a minus.")
def sign_lost(x, slope=0.2):
    return np.where(x > 0, x, -slope * x)


@leaky_relu.mistake("The slope is subtracted. It is a factor.")
def slope_subtracted(x, slope=0.2):
    return np.where(x > 0, x, x - slope)


@leaky_relu.mistake("Dividing makes negative numbers larger. Multiply by the slope.")
def divided_by_slope(x, slope=0.2):
    return np.where(x > 0, x, x / np.float64(slope))


@leaky_relu.mistake("The sum of ReLU and slope · x is too large for positive numbers: they get both parts.")
def both_parts(x, slope=0.2):
    return np.maximum(x, 0) + slope * x


@leaky_relu.mistake("That is ELU, with an exponential. The leaky ReLU is a straight line on each side.")
def exponential(x, slope=0.2):
    return np.where(x > 0, x, slope * np.expm1(np.minimum(x, 0)))


@leaky_relu.mistake("The slope is always 0.2. Use the argument.")
def slope_fixed(x, slope=0.2):
    return np.where(x > 0, x, 0.2 * x)


@leaky_relu.mistake("Negative numbers are cut off at -slope. They are multiplied by the slope.")
def cut_off(x, slope=0.2):
    return np.maximum(x, -slope)


@leaky_relu.mistake("The result is right, but x is changed in place. Work on a copy, or use np.where.")
def changed_in_place(x, slope=0.2):
    x[x < 0] *= slope
    return x


# -------------------------------------------------------------------------------- discriminator_loss


def _column(*values):
    """Logits as a discriminator gives them: one row an image."""
    return np.array(values, dtype=float).reshape(-1, 1)


@exercise(
    cases=lambda: [
        dict(real_logits=_column(2, -1, 0.5, 3), fake_logits=_column(-2, 1, -0.5, -4)),
        dict(real_logits=_column(1, -3, 0.2), fake_logits=_column(-1, 0.4, 2, -2, -0.3)),
        dict(real_logits=_column(0, 0), fake_logits=_column(0, 0)),
        dict(real_logits=_column(-200, -80, 80), fake_logits=_column(-80, 80, 200)),
        dict(real_logits=_column(6), fake_logits=_column(-7)),
        dict(real_logits=_random(5, 1), fake_logits=_random(5, 1, seed=1) - 1),
    ],
    differentiable=True,
    seconds=LOSS_SECONDS,
    hints=[
        "The discriminator is a classifier with two classes: real images have label 1, fakes have label 0. Which loss "
        "does such a classifier have?",
        "Take the binary cross-entropy of the real logits with ones, and that of the fake logits with zeros, each as "
        "the mean over its batch. Add the two.",
        "keras.losses.BinaryCrossentropy(from_logits=True) is that mean; keras.ops.ones_like makes the labels. "
        "Without Keras' loss: softplus(-logit) for label 1, softplus(logit) for label 0.",
    ],
)
def discriminator_loss(real_logits, fake_logits):
    """The loss of a discriminator: binary cross-entropy, with label 1 for real images and 0 for fakes.

    Training goes through it: use keras.ops, tf or keras.losses, so that gradients get through.

    Args:
        real_logits: float tensor (N, 1), the discriminator's outputs for real images, before any sigmoid.
        fake_logits: float tensor (M, 1), those for generated images. M may differ from N.

    Returns:
        float tensor (): the mean cross-entropy of the N real images plus that of the M fakes. It is a sum of two
        means, not their mean. Exact for logits as large as ±200.

    Source: Goodfellow and others, "Generative adversarial networks", 2014.
    """
    # BEGIN SOLUTION
    cross_entropy = keras.losses.BinaryCrossentropy(from_logits=True)
    real_loss = cross_entropy(keras.ops.ones_like(real_logits), real_logits)
    fake_loss = cross_entropy(keras.ops.zeros_like(fake_logits), fake_logits)
    return real_loss + fake_loss
    # END SOLUTION


def _cross_entropy(label, logits):
    """Mean binary cross-entropy of logits that all have the same label."""
    return ops.mean(ops.softplus(-logits if label else logits))


def _of_probabilities(label, probabilities):
    """The same from probabilities, as Keras computes it by default: they are kept away from 0 and 1."""
    probabilities = ops.clip(probabilities, 1e-7, 1 - 1e-7)
    return -ops.mean(ops.log(probabilities if label else 1 - probabilities))


def _exchanged(label, logits):
    """Keras' loss with its two arguments exchanged."""
    return keras.losses.BinaryCrossentropy(from_logits=True)(logits, ops.full_like(logits, label))


@discriminator_loss.mistake("The labels are reversed: real images have label 1, fakes have label 0.")
def labels_reversed(real_logits, fake_logits):
    return _cross_entropy(0, real_logits) + _cross_entropy(1, fake_logits)


@discriminator_loss.mistake(
    "The sigmoid is applied twice. from_logits=True does it inside the loss, so hand over the logits as they are."
)
def sigmoid_twice(real_logits, fake_logits):
    return _cross_entropy(1, ops.sigmoid(real_logits)) + _cross_entropy(0, ops.sigmoid(fake_logits))


@discriminator_loss.mistake(
    "The logits are taken for probabilities. Keras' loss needs from_logits=True, because there was no sigmoid yet."
)
def logits_for_probabilities(real_logits, fake_logits):
    return _of_probabilities(1, real_logits) + _of_probabilities(0, fake_logits)


@discriminator_loss.mistake(
    "For large logits the probability is cut off near 0 or 1, and the loss with it. Skip the sigmoid and use "
    "from_logits=True."
)
def probabilities_cut_off(real_logits, fake_logits):
    return _of_probabilities(1, ops.sigmoid(real_logits)) + _of_probabilities(0, ops.sigmoid(fake_logits))


@discriminator_loss.mistake(
    "For large logits the sigmoid is rounded to 0 or 1, and its logarithm is infinite. Compute from the logits: "
    "from_logits=True, or softplus."
)
def not_stable(real_logits, fake_logits):
    return -ops.mean(ops.log(ops.sigmoid(real_logits))) - ops.mean(ops.log(1 - ops.sigmoid(fake_logits)))


@discriminator_loss.mistake("That is half the loss: add the two means, do not divide by 2.")
def mean_of_both(real_logits, fake_logits):
    return (_cross_entropy(1, real_logits) + _cross_entropy(0, fake_logits)) / 2


@discriminator_loss.mistake(
    "Real and fake are joined before the mean. Take a mean of each, and add the two: the batches may differ in size."
)
def joined_mean(real_logits, fake_logits):
    return ops.mean(ops.concatenate([ops.softplus(-real_logits), ops.softplus(fake_logits)]))


@discriminator_loss.mistake(
    "The losses of a batch are summed. Take their mean, so that the loss does not grow with the batch."
)
def summed(real_logits, fake_logits):
    return ops.sum(ops.softplus(-real_logits)) + ops.sum(ops.softplus(fake_logits))


@discriminator_loss.mistake(
    "There is one loss for each image. Take the mean of the real ones and that of the fakes."
)
def losses_of_images(real_logits, fake_logits):
    return ops.softplus(-real_logits) + ops.softplus(fake_logits)


@discriminator_loss.mistake(
    "There is one loss for each image: the function binary_crossentropy gives a row of them. Take the mean of each row."
)
def rows_of_losses(real_logits, fake_logits):
    return ops.softplus(-real_logits)[:, 0] + ops.softplus(fake_logits)[:, 0]


@discriminator_loss.mistake(
    "The two parts come back as a pair. Add them: the discriminator is trained with one number."
)
def pair_of_losses(real_logits, fake_logits):
    return _cross_entropy(1, real_logits), _cross_entropy(0, fake_logits)


@discriminator_loss.mistake(
    "The label of real images is 0.9: label smoothing, a trick for later. Here it is 1, ones_like(real_logits)."
)
def smoothed_labels(real_logits, fake_logits):
    smoothed = 0.9 * _cross_entropy(1, real_logits) + 0.1 * _cross_entropy(0, real_logits)
    return smoothed + _cross_entropy(0, fake_logits)


@discriminator_loss.mistake("The arguments of the loss are exchanged: first the labels, then the logits.")
def labels_and_logits_exchanged(real_logits, fake_logits):
    return _exchanged(1, real_logits) + _exchanged(0, fake_logits)


@discriminator_loss.mistake("The part of the fakes is subtracted. Both parts are losses: add them.")
def fake_subtracted(real_logits, fake_logits):
    return _cross_entropy(1, real_logits) - _cross_entropy(0, fake_logits)


@discriminator_loss.mistake("Only the real images count. Add the cross-entropy of the fakes, with label 0.")
def real_alone(real_logits, fake_logits):
    return _cross_entropy(1, real_logits)


@discriminator_loss.mistake("Only the fakes count. Add the cross-entropy of the real images, with label 1.")
def fake_alone(real_logits, fake_logits):
    return _cross_entropy(0, fake_logits)


@discriminator_loss.mistake("Real and fake have the same label, 1. The fakes have label 0.")
def same_label(real_logits, fake_logits):
    return _cross_entropy(1, real_logits) + _cross_entropy(1, fake_logits)


@discriminator_loss.mistake(
    "The sign is missing. The discriminator maximizes log D(x) + log(1 - D(G(z))); a loss is minimized, so it is minus "
    "that."
)
def sign_missing(real_logits, fake_logits):
    return -_cross_entropy(1, real_logits) - _cross_entropy(0, fake_logits)


@discriminator_loss.mistake(
    "That is the loss of a Wasserstein GAN: a difference of means. Here it is a cross-entropy."
)
def difference_of_means(real_logits, fake_logits):
    return ops.mean(fake_logits) - ops.mean(real_logits)


@discriminator_loss.mistake(
    "The values are right, but NumPy cuts the gradient. Use keras.ops, tf or keras.losses throughout."
)
def with_numpy(real_logits, fake_logits):
    return np.mean(np.logaddexp(0, -np.asarray(real_logits))) + np.mean(
        np.logaddexp(0, np.asarray(fake_logits))
    )


@discriminator_loss.mistake("Return the loss: a `return` is missing at the end.")
def no_loss_returned(real_logits, fake_logits):
    _cross_entropy(1, real_logits)


# ------------------------------------------------------------------------------------ generator_loss


@exercise(
    cases=lambda: [
        dict(fake_logits=_column(-2, 1, -0.5, -4)),
        dict(fake_logits=_column(-1, 0.4, 2, -2, -0.3)),
        dict(fake_logits=_column(0, 0)),
        dict(fake_logits=_column(-200, -80, 80, 200)),
        dict(fake_logits=_column(-7)),
        dict(fake_logits=_random(6, 1)),
    ],
    differentiable=True,
    seconds=LOSS_SECONDS,
    hints=[
        "The generator wants the discriminator to take its images for real. Which label do real images have?",
        "It is the binary cross-entropy of the fake logits with label 1, the mean over the batch.",
        "keras.losses.BinaryCrossentropy(from_logits=True), with keras.ops.ones_like(fake_logits) as labels.",
    ],
)
def generator_loss(fake_logits):
    """The non-saturating loss of a generator: binary cross-entropy of its fakes with the label of real images.

    Training goes through it: use keras.ops, tf or keras.losses, so that gradients get through.

    Args:
        fake_logits: float tensor (N, 1), the discriminator's outputs for generated images, before any sigmoid.

    Returns:
        float tensor (): the mean of -log D, where D is the sigmoid of a logit. Exact for logits as large as ±200.

    Source: Goodfellow and others, "Generative adversarial networks", 2014, end of section 3.
    """
    # BEGIN SOLUTION
    cross_entropy = keras.losses.BinaryCrossentropy(from_logits=True)
    return cross_entropy(keras.ops.ones_like(fake_logits), fake_logits)
    # END SOLUTION


@generator_loss.mistake(
    "That is the saturating loss, the mean of log(1 - D). It has almost no gradient while the discriminator sees "
    "through the fakes. Take -log D: label 1."
)
def saturating(fake_logits):
    return -_cross_entropy(0, fake_logits)


@generator_loss.mistake(
    "That is the saturating loss, the mean of log(1 - D), and for large logits it is infinite. Take -log D, label 1, "
    "and compute it from the logits."
)
def saturating_and_infinite(fake_logits):
    return ops.mean(ops.log(1 - ops.sigmoid(fake_logits)))


@generator_loss.mistake("The arguments of the loss are exchanged: first the labels, then the logits.")
def labels_last(fake_logits):
    return _exchanged(1, fake_logits)


@generator_loss.mistake(
    "The label is reversed. 0 is what the discriminator learns for fakes; the generator wants them to pass for real: 1."
)
def label_reversed(fake_logits):
    return _cross_entropy(0, fake_logits)


@generator_loss.mistake(
    "The sigmoid is applied twice. from_logits=True does it inside the loss, so hand over the logits as they are."
)
def two_sigmoids(fake_logits):
    return _cross_entropy(1, ops.sigmoid(fake_logits))


@generator_loss.mistake(
    "The logits are taken for probabilities. Keras' loss needs from_logits=True, because there was no sigmoid yet."
)
def logits_as_probabilities(fake_logits):
    return _of_probabilities(1, fake_logits)


@generator_loss.mistake(
    "For large logits the probability is cut off near 0, and the loss with it. Skip the sigmoid and use "
    "from_logits=True."
)
def probability_cut_off(fake_logits):
    return _of_probabilities(1, ops.sigmoid(fake_logits))


@generator_loss.mistake(
    "For very negative logits the sigmoid is rounded to 0, and its logarithm is infinite. Compute from the logits: "
    "from_logits=True, or softplus."
)
def infinite(fake_logits):
    return -ops.mean(ops.log(ops.sigmoid(fake_logits)))


@generator_loss.mistake(
    "The losses of a batch are summed. Take their mean, so that the loss does not grow with the batch."
)
def sum_over_batch(fake_logits):
    return ops.sum(ops.softplus(-fake_logits))


@generator_loss.mistake("There is one loss for each image. Take the mean over the batch.")
def one_loss_an_image(fake_logits):
    return ops.softplus(-fake_logits)


@generator_loss.mistake(
    "There is one loss for each image: the function binary_crossentropy gives a row of them. Take the mean over the batch."
)
def row_of_losses(fake_logits):
    return ops.softplus(-fake_logits)[:, 0]


@generator_loss.mistake("The sign is missing: log D is to grow, so the loss is -log D.")
def minus_missing(fake_logits):
    return -_cross_entropy(1, fake_logits)


@generator_loss.mistake(
    "That is the loss of a Wasserstein GAN, the negative mean of the logits. Here it is a cross-entropy."
)
def negative_mean(fake_logits):
    return -ops.mean(fake_logits)


@generator_loss.mistake("The logarithm is missing: the loss is -log D, not 1 - D.")
def logarithm_missing(fake_logits):
    return ops.mean(1 - ops.sigmoid(fake_logits))


@generator_loss.mistake(
    "The values are right, but NumPy cuts the gradient. Use keras.ops, tf or keras.losses throughout."
)
def numpy_mean(fake_logits):
    return np.mean(np.logaddexp(0, -np.asarray(fake_logits)))


@generator_loss.mistake("Return the loss: a `return` is missing at the end.")
def loss_not_returned(fake_logits):
    _cross_entropy(1, fake_logits)


# ----------------------------------------------------------------------------------- build_generator


DRAWS = 4  # of all weights: with some of them a small network with ReLUs may be silent


def _outputs(model, inputs):
    return np.asarray(model(inputs, training=False))


def _described(model):
    """What an answer returned, in words."""
    return "a Keras model" if isinstance(model, keras.Model) else "another object"


def _shape_properties(model, example, wanted):
    """What is returned, the shapes it maps, and whether it can be trained; and whether all that is right."""
    found = {"what is returned": _described(model)}
    if not isinstance(model, keras.Model):
        return found, False
    found["it maps"] = mapping(model, example)
    if found["it maps"] != wanted:
        return found, False
    found["it can be trained"] = bool(model.trainable_weights)
    return found, found["it can be trained"]


def _over_draws(lasting, seen):
    """One dict of truths: the first must hold for all drawn weights, the second be seen for some."""
    return {name: all(bool(one[name]) for one in lasting) for name in lasting[0]} | {
        name: any(bool(one[name]) for one in seen) for name in seen[0]
    }


def _cut_off(model, noise):
    """Whether growing noise takes pixels to 1 or -1 at once; tanh comes near first, and is 1 by rounding only."""
    before = 0.0
    for scale in 2.0 ** np.arange(-4, 8, 0.5):
        largest = np.abs(_outputs(model, scale * noise)).max()
        if largest >= 1:
            return bool(before < 0.999)
        before = largest
    return False


def _every_entry_counts(model, noise):
    """Whether the images have a slope by each entry of the noise."""
    noise = tf.constant(noise)
    with tf.GradientTape() as tape:
        tape.watch(noise)
        images = model(noise, training=False)
        # Weights that differ: the slopes of a plain sum might cancel out.
        weighted = ops.sum(images * np.linspace(1, 2, 784, dtype="float32").reshape(PIXELS))
    slopes = tape.gradient(weighted, noise)
    return slopes is not None and bool((np.abs(slopes).max(axis=0) > 1e-7).all())


def _generator_properties(build, **case):
    """What must hold for a generator, whatever its layers."""
    latent = case.get("latent", 64)
    model = build(*case.values())
    if model is None:
        return None
    noise = np.random.default_rng(latent).normal(size=(2, latent)).astype("float32")
    found, usable = _shape_properties(model, noise, f"{(latent,)} to {PIXELS}")
    if not usable:
        return found
    lasting, seen = [], []
    for seed in range(DRAWS):
        draw_weights(model, seed)
        pixels = _outputs(model, 1000 * noise)
        lasting.append(
            {
                "no pixel is below -1": pixels.min() >= -1,
                "no pixel is above 1": pixels.max() <= 1,
                "equal noise gives equal images": not differ(
                    np.concatenate([pixels[:1], pixels[:1]]), _outputs(model, 1000 * noise[[0, 0]])
                ),
            }
        )
        seen.append(
            {
                "some pixels are below 0": pixels.min() < 0,
                "some pixels are above 0": pixels.max() > 0,
                "other noise gives another image": differ(pixels, pixels[::-1]),
                "every entry of the noise counts": _every_entry_counts(model, 0.1 * noise),
                "the pixels of an image differ": pixels.std(axis=(1, 2, 3)).max() > 1e-3,
            }
        )
    found |= _over_draws(lasting, seen)
    found["the pixels are not cut off at -1 or 1"] = not _cut_off(model, noise)
    return found


@exercise(
    cases=[dict(), dict(latent=5), dict(latent=100)],
    observe=_generator_properties,
    seconds=MODEL_SECONDS,
    hints=[
        "Begin with keras.Input((latent,)). A dense layer makes enough numbers for small maps: Dense(7 * 7 * 32), then "
        "Reshape((7, 7, 32)).",
        'Each Conv2DTranspose(filters, 4, strides=2, padding="same") doubles the sides: 7, 14, 28. Between them stand '
        "BatchNormalization and ReLU.",
        'The last layer has one filter and activation="tanh", so that pixels lie between -1 and 1.',
    ],
)
def build_generator(latent=64):
    """A generator: noise in, images of 28×28 gray pixels out.

    The layers and their sizes are free; batch normalization and dropout are allowed. There are these rules. The last
    activation keeps each pixel between -1 and 1 and cuts none off: tanh, or one like it. Outside of training, each
    image depends on its own noise alone, and on every entry of it. The model can be trained; it does not have to be
    compiled.

    Args:
        latent: int, entries of one noise vector.

    Returns:
        keras.Model: noise (latent,) to images (28, 28, 1), from -1 to 1.

    Source: Radford, Metz, Chintala, "Unsupervised representation learning with deep convolutional generative
    adversarial networks", 2015.
    """
    # BEGIN SOLUTION
    return keras.Sequential(
        [
            keras.Input((latent,)),
            layers.Dense(7 * 7 * 32, use_bias=False),
            layers.BatchNormalization(),
            layers.LeakyReLU(0.2),
            layers.Reshape((7, 7, 32)),
            layers.Conv2DTranspose(16, 4, strides=2, padding="same", use_bias=False),
            layers.BatchNormalization(),
            layers.LeakyReLU(0.2),
            layers.Conv2DTranspose(1, 4, strides=2, padding="same", activation="tanh"),
        ]
    )
    # END SOLUTION


def _generator(latent, activation="tanh", shape=PIXELS, last=()):
    """A small generator with one thing different, for the mistakes below."""
    return keras.Sequential(
        [
            keras.Input((latent,)),
            layers.Dense(16),
            layers.LeakyReLU(0.2),
            layers.Dense(int(np.prod(shape)), activation=activation),
            layers.Reshape(shape),
            *last,
        ]
    )


@build_generator.mistake("Return the model: a `return` is missing at the end.")
def no_generator(latent=64):
    _generator(latent)


@build_generator.mistake(
    "That is no model. A tensor is what flows between layers: keras.Model(inputs, outputs) makes the model."
)
def tensor_of_images(latent=64):
    inputs = keras.Input((latent,))
    return _generator(latent)(inputs)


@build_generator.mistake(
    "The sigmoid keeps pixels between 0 and 1. The real images go from -1 to 1, so the fakes must, too: tanh."
)
def sigmoid_at_the_end(latent=64):
    return _generator(latent, "sigmoid")


@build_generator.mistake("Pixels leave -1 to 1 on both sides: the last layer needs a tanh.")
def no_tanh(latent=64):
    return _generator(latent, None)


@build_generator.mistake("relu gives no pixel below 0 and has no upper limit. The last layer needs a tanh.")
def relu_at_the_end(latent=64):
    return _generator(latent, "relu")


@build_generator.mistake(
    "Pixels are cut off at -1 and 1, and where they are, no gradient comes back. tanh approaches both smoothly."
)
def clipped_pixels(latent=64):
    return _generator(latent, lambda x: ops.clip(10 * x, -1, 1))


@build_generator.mistake("The noise always has 64 entries. Use the argument: keras.Input((latent,)).")
def noise_of_fixed_size(latent=64):
    return _generator(64)


@build_generator.mistake(
    "The images have 14×14 pixels. One more layer with strides=2, or UpSampling2D, doubles the sides."
)
def half_the_size(latent=64):
    return _generator(latent, shape=(14, 14, 1))


@build_generator.mistake(
    "The images have 784 pixels in a row. Layers.Reshape((28, 28, 1)) gives them two sides and a channel."
)
def flat_images(latent=64):
    return _generator(latent, shape=(784,))


@build_generator.mistake("The channel is missing: (28, 28, 1), not (28, 28).")
def channel_missing(latent=64):
    return _generator(latent, shape=(28, 28))


@build_generator.mistake("The images have three channels. Gray images have one: filters=1 in the last layer.")
def three_channels(latent=64):
    return _generator(latent, shape=(28, 28, 3))


@build_generator.mistake("That is a discriminator: it takes images. A generator makes them out of noise.")
def images_to_logits(latent=64):
    return _discriminator()


@build_generator.mistake("No weight of the model can be trained: leave `trainable` at True.")
def frozen_generator(latent=64):
    model = _generator(latent)
    model.trainable = False
    return model


# ------------------------------------------------------------------------------- build_discriminator


def _adds_up(model, images, weight):
    """Whether adding to a bias adds one and the same number to every logit; less where results are averaged."""
    before = _outputs(model, images)
    weight.assign_add([3.0])
    added = _outputs(model, images) - before
    weight.assign_sub([3.0])
    return bool(added.min() > 0.1 and np.ptp(added) < 1e-2)


def _reaches_image(model, images):
    """Whether the generator would get a gradient: the logits have a slope by the pixels."""
    images = tf.constant(images)
    with tf.GradientTape() as tape:
        tape.watch(images)
        logits = model(images, training=False)
    gradient = tape.gradient(logits, images)
    return gradient is not None and bool(np.abs(gradient).max() > 0)


def _steep(model, images):
    """The logits when the weights that lead to the one output are large: as large, unless something holds them."""
    last = [weight for weight in model.trainable_weights if weight.shape and weight.shape[-1] == 1]
    before = [weight.numpy() for weight in last]
    for weight in last:
        weight.assign(1000 * weight)
    logits = _outputs(model, images)
    for weight, values in zip(last, before, strict=True):
        weight.assign(values)
    return logits


def _discriminator_properties(build):
    """What must hold for a discriminator, whatever its layers."""
    model = build()
    if model is None:
        return None
    images = np.random.default_rng(0).uniform(-1, 1, size=(8, *PIXELS)).astype("float32")
    found, usable = _shape_properties(model, images, f"{PIXELS} to {(1,)}")
    if not usable:
        return found
    # The bias of the last layer is one of them; it may have none.
    biases = [weight for weight in model.trainable_weights if tuple(weight.shape) == (1,)]
    lasting, seen = [], []
    for seed in range(DRAWS):
        draw_weights(model, seed)
        logits = _outputs(model, np.concatenate([images, 10 * images]))
        lasting.append(
            {
                "what is added to the last bias is added to the logit": not biases
                or any(_adds_up(model, images, bias) for bias in biases),
                "equal images get equal logits": not differ(logits[:8], _outputs(model, images)),
            }
        )
        found_slope = _reaches_image(model, images)
        steep = _steep(model, images)
        seen.append(
            {
                "some logits are below 0": logits.min() < 0,
                "with large weights, logits go below -20": steep.min() < -20,
                "with large weights, logits go above 20": steep.max() > 20,
                "another image gets another logit": differ(logits, logits[::-1]),
                "a gradient reaches the image": found_slope,
            }
        )
    return found | _over_draws(lasting, seen)


@exercise(
    cases=[dict()],
    observe=_discriminator_properties,
    seconds=MODEL_SECONDS,
    hints=[
        "It is a classifier with two classes, so one number is enough: how real the image looks.",
        'Begin with keras.Input((28, 28, 1)). Convolutions with strides=2 and padding="same" halve the sides: 28, 14, 7. '
        "After each stands LeakyReLU.",
        "Then Flatten and Dense(1), without an activation: the loss takes logits.",
    ],
)
def build_discriminator():
    """A discriminator: images of 28×28 gray pixels in, one logit out.

    The layers and their sizes are free; dropout and batch normalization are allowed. There are these rules. The last
    layer is linear: its output is a logit, of any size and of both signs, because the losses apply the sigmoid.
    Outside of training, it judges each image by itself. The model can be trained; it does not have to be compiled.

    Returns:
        keras.Model: images (28, 28, 1), from -1 to 1, to logits (1,). A large logit says: this image is real.

    Source: Radford, Metz, Chintala, "Unsupervised representation learning with deep convolutional generative
    adversarial networks", 2015.
    """
    # BEGIN SOLUTION
    return keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            layers.Conv2D(16, 4, strides=2, padding="same"),
            layers.LeakyReLU(0.2),
            layers.Conv2D(32, 4, strides=2, padding="same"),
            layers.LeakyReLU(0.2),
            layers.Flatten(),
            layers.Dropout(0.3),
            layers.Dense(1),
        ]
    )
    # END SOLUTION


def _discriminator(activation=None, units=1, flat=True, shape=PIXELS):
    """A small discriminator with one thing different, for the mistakes below."""
    return keras.Sequential(
        [
            keras.Input(shape),
            *([layers.Flatten()] if flat else []),
            layers.Dense(16),
            layers.LeakyReLU(0.2),
            layers.Dense(units, activation=activation),
        ]
    )


@build_discriminator.mistake("Return the model: a `return` is missing at the end.")
def no_discriminator():
    _discriminator()


@build_discriminator.mistake(
    "That is no model. A tensor is what flows between layers: keras.Model(inputs, outputs) makes the model."
)
def tensor_of_logits():
    return _discriminator()(keras.Input(PIXELS))


@build_discriminator.mistake(
    "The model ends with a sigmoid, and the loss applies another one. Leave the activation away: Dense(1)."
)
def probability_at_the_end():
    return _discriminator("sigmoid")


@build_discriminator.mistake(
    "tanh keeps the output between -1 and 1. A logit has no limits: Dense(1) without an activation."
)
def tanh_on_the_logit():
    return _discriminator("tanh")


@build_discriminator.mistake(
    "relu after the last layer gives no logit below 0, so no image can be called a fake. Leave it away: Dense(1)."
)
def relu_on_the_logit():
    return _discriminator("relu")


@build_discriminator.mistake(
    "The last layer has a LeakyReLU behind it, too. It belongs between the layers; the logit stays as it is."
)
def leaky_relu_on_the_logit():
    return _discriminator(lambda x: ops.leaky_relu(x, 0.2))


@build_discriminator.mistake(
    "softmax over a single unit is always 1. One logit needs no activation: Dense(1)."
)
def softmax_of_one():
    return _discriminator("softmax")


@build_discriminator.mistake(
    "There are two outputs. Real or fake is one number: Dense(1), whose sigmoid is the probability of real."
)
def two_outputs():
    return _discriminator(units=2)


@build_discriminator.mistake(
    "There are ten outputs. The discriminator names no classes, it tells real from fake: Dense(1)."
)
def ten_outputs():
    return _discriminator(units=10)


@build_discriminator.mistake("There is one output for each pixel: a Flatten before Dense(1) is missing.")
def flatten_missing():
    return _discriminator(flat=False)


@build_discriminator.mistake(
    "There is one output for each place of 7×7 maps: a Flatten before Dense(1) is missing."
)
def flatten_missing_after_convolutions():
    return keras.Sequential(
        [
            keras.Input(PIXELS),
            layers.Conv2D(4, 4, strides=4),
            layers.LeakyReLU(0.2),
            layers.Dense(1),
        ]
    )


@build_discriminator.mistake("That is a generator: it makes images. A discriminator judges them.")
def noise_to_images():
    return _generator(64)


@build_discriminator.mistake("The channel is missing: images have the shape (28, 28, 1), not (28, 28).")
def image_without_channel():
    return _discriminator(shape=(28, 28))


@build_discriminator.mistake(
    "The input is a row of 784 pixels. It gets images: keras.Input((28, 28, 1)), and Flatten in the model."
)
def flat_input():
    return _discriminator(shape=(784,))


@build_discriminator.mistake(
    "No weight of the model can be trained. The generator's step leaves it alone without that: it changes the "
    "generator's weights only."
)
def frozen_discriminator():
    model = _discriminator()
    model.trainable = False
    return model


# ------------------------------------------------------------------------------------ class_coverage


@exercise(
    cases=[
        dict(
            probabilities=np.array(
                [[0.95, 0.03, 0.02], [0.02, 0.97, 0.01], [0.96, 0.02, 0.02], [0.2, 0.2, 0.6]]
            )
        ),
        dict(probabilities=np.array([[0.75, 0.25], [0.125, 0.875], [0.25, 0.75]]), confidence=0.75),
        dict(
            probabilities=np.array([[0.45, 0.4, 0.1, 0.05], [0.5, 0.35, 0.15, 0.0], [0.1, 0.3, 0.2, 0.4]]),
            confidence=0.3,
        ),
        dict(probabilities=np.array([[0.5, 0.3, 0.2], [0.1, 0.8, 0.1]])),
        dict(probabilities=np.eye(6)[[5, 1, 1, 3, 5, 5, 0]] * 0.94 + 0.01),
        dict(probabilities=np.array([[0.75, 0.25], [0.9375, 0.0625]]), confidence=0.75),
        # Of two samples of a class one is enough, the first or the last.
        dict(
            probabilities=np.array([[0.95, 0.04, 0.01], [0.6, 0.3, 0.1], [0.2, 0.5, 0.3], [0.05, 0.92, 0.03]])
        ),
        dict(probabilities=np.zeros((0, 10))),
    ],
    hints=[
        "For each sample: which class is the likeliest, and how likely is it? Samples below the confidence do not count.",
        "Collect the likeliest classes of the samples that remain, each once. How many are there?",
        "np.argmax and np.max with axis=-1 give class and probability; np.unique gives each class once, len counts them.",
    ],
    extra=True,
)
def class_coverage(probabilities, confidence=0.9):
    """How many classes a judge finds among generated samples.

    A class is found when it is the likeliest class of at least one sample, with a probability of `confidence` or
    more.

    Args:
        probabilities: float array (N, classes), a judge's probabilities for N samples; each row sums to 1, and no
            two entries share the largest value. N may be 0.
        confidence: float, 0 to 1.

    Returns:
        int: classes found, 0 to the number of classes.
    """
    # BEGIN SOLUTION
    sure = np.max(probabilities, axis=-1) >= confidence
    likeliest = np.argmax(probabilities, axis=-1)
    return len(np.unique(likeliest[sure]))
    # END SOLUTION


def _found(probabilities, confidence):
    """The likeliest classes of all samples that reach the confidence."""
    return np.argmax(probabilities, axis=-1)[np.max(probabilities, axis=-1) >= confidence]


@class_coverage.mistake(
    "A class counts only when its samples are sure on average. One sample with the confidence is enough."
)
def mean_of_a_class(probabilities, confidence=0.9):
    likeliest = np.argmax(probabilities, axis=-1)
    best = np.max(probabilities, axis=-1)
    return sum(bool(best[likeliest == one].mean() >= confidence) for one in np.unique(likeliest))


@class_coverage.mistake(
    "Each class is judged by its last sample, which takes the place of the earlier ones. One sure sample is enough, "
    "whichever it is."
)
def last_of_a_class(probabilities, confidence=0.9):
    found = {}
    for row in probabilities:
        found[int(np.argmax(row))] = bool(np.max(row) >= confidence)
    return sum(found.values())


@class_coverage.mistake(
    "Every class that reaches the confidence in some sample is counted. It must be the likeliest of that sample, too: "
    "argmax."
)
def any_likely_class(probabilities, confidence=0.9):
    return int(np.sum(np.any(probabilities >= confidence, axis=0)))


@class_coverage.mistake("A probability equal to the confidence counts, too: >= in place of >.")
def strictly_greater(probabilities, confidence=0.9):
    sure = np.max(probabilities, axis=-1) > confidence
    return len(np.unique(np.argmax(probabilities, axis=-1)[sure]))


@class_coverage.mistake("The confidence is not looked at: samples of which the judge is unsure do not count.")
def confidence_left_out(probabilities, confidence=0.9):
    return len(np.unique(np.argmax(probabilities, axis=-1)))


@class_coverage.mistake("The confidence is always 0.9. Use the argument.")
def confidence_fixed(probabilities, confidence=0.9):
    return len(np.unique(_found(probabilities, 0.9)))


@class_coverage.mistake("That counts samples. Count each class once, however many samples show it.")
def samples_counted(probabilities, confidence=0.9):
    return len(_found(probabilities, confidence))


@class_coverage.mistake("That is the share of the classes. Return their number.")
def share_of_classes(probabilities, confidence=0.9):
    return len(np.unique(_found(probabilities, confidence))) / probabilities.shape[1]


@class_coverage.mistake("The classes themselves come back. Return how many there are.")
def classes_themselves(probabilities, confidence=0.9):
    return np.unique(_found(probabilities, confidence))


@class_coverage.mistake("That counts the classes that are missing.")
def missing_classes(probabilities, confidence=0.9):
    return probabilities.shape[1] - len(np.unique(_found(probabilities, confidence)))


@class_coverage.mistake(
    "The probabilities are averaged over the samples first. Look at each sample by itself."
)
def averaged_over_samples(probabilities, confidence=0.9):
    return int(np.sum(np.sum(probabilities, axis=0) >= confidence * max(len(probabilities), 1)))


@class_coverage.mistake(
    "Samples below the confidence are counted as a class of their own. They count nowhere."
)
def unsure_as_a_class(probabilities, confidence=0.9):
    sure = np.max(probabilities, axis=-1) >= confidence
    return len(np.unique(np.where(sure, np.argmax(probabilities, axis=-1), -1)))


@class_coverage.mistake("That is True or False. Return the number of classes that are present.")
def all_present(probabilities, confidence=0.9):
    return len(np.unique(_found(probabilities, confidence))) == probabilities.shape[1]


# ---------------------------------------------------------------------------------- frechet_distance


def _covariance(size, seed=0):
    """A correlated covariance matrix with round entries."""
    factors = np.random.default_rng([seed, size]).integers(-2, 3, size=(size, size + 2))
    return (factors @ factors.T).astype(float)


@exercise(
    cases=lambda: [
        dict(
            mean_a=np.array([1.0, -2.0]),
            covariance_a=np.diag([4.0, 1.0]),
            mean_b=np.array([4.0, 2.0]),
            covariance_b=np.diag([1.0, 9.0]),
        ),
        dict(
            mean_a=_random(3),
            covariance_a=_covariance(3),
            mean_b=_random(3, seed=1),
            covariance_b=_covariance(3, seed=1),
        ),
        dict(
            mean_a=_random(4),
            covariance_a=_covariance(4, seed=2),
            mean_b=_random(4),
            covariance_b=_covariance(4, seed=2),
        ),
        dict(
            mean_a=np.array([3.0]),
            covariance_a=np.array([[4.0]]),
            mean_b=np.array([1.0]),
            covariance_b=np.array([[0.25]]),
        ),
        dict(
            # The last feature of the first distribution never varies.
            mean_a=np.zeros(3),
            covariance_a=np.array([[2.0, 1.0, 0.0], [1.0, 2.0, 0.0], [0.0, 0.0, 0.0]]),
            mean_b=np.ones(3),
            covariance_b=_covariance(3, seed=3),
        ),
        dict(
            # What rounding does: the second eigenvalue should be 0 and lies so far below that its root counts.
            mean_a=np.array([0.5, 0.0]),
            covariance_a=np.array([[1.0, 1.0001], [1.0001, 1.0]]),
            mean_b=np.array([0.0, 0.5]),
            covariance_b=np.array([[2.0, -0.5], [-0.5, 1.0]]),
        ),
    ],
    tolerance=2e-3,  # a square root of rounded zeros is that large in float32
    hints=[
        "There are two parts: the squared length of the difference of the means, and a trace.",
        "The root is the matrix root: R @ R gives back the matrix. For a symmetric matrix np.linalg.eigh gives "
        "eigenvalues and eigenvectors: R = vectors @ np.diag(np.sqrt(values)) @ vectors.T. Rounding can make a value a "
        "little negative: np.maximum(values, 0).",
        "The trace of a root is the sum of the roots of the eigenvalues. With R the root of covariance_a, the matrix "
        "R @ covariance_b @ R is symmetric and has the eigenvalues of covariance_a @ covariance_b: "
        "np.linalg.eigvalsh gives them.",
    ],
    extra=True,
)
def frechet_distance(mean_a, covariance_a, mean_b, covariance_b):
    """The squared Fréchet distance between two normal distributions, as the FID of generated images uses it.

    It is |mean_a - mean_b|² + trace(covariance_a + covariance_b - 2 · root(covariance_a @ covariance_b)). The root
    is that of a matrix, not of its entries: root(M) @ root(M) = M.

    Args:
        mean_a, mean_b: float arrays (D,).
        covariance_a, covariance_b: float arrays (D, D), symmetric. They may be singular; then rounding can make an
            eigenvalue a little negative: count it as 0.

    Returns:
        float: the distance, squared; 0 for two equal distributions.

    Source: Heusel and others, "GANs trained by a two time-scale update rule converge to a local Nash equilibrium",
    2017; Dowson, Landau, "The Fréchet distance between multivariate normal distributions", 1982.
    """
    # BEGIN SOLUTION
    values, vectors = np.linalg.eigh(covariance_a)
    root = vectors @ np.diag(np.sqrt(np.maximum(values, 0))) @ vectors.T
    # The same eigenvalues as covariance_a @ covariance_b, but symmetric.
    products = np.linalg.eigvalsh(root @ covariance_b @ root)
    trace_of_root = np.sum(np.sqrt(np.maximum(products, 0)))
    between_means = np.sum((mean_a - mean_b) ** 2)
    return between_means + np.trace(covariance_a) + np.trace(covariance_b) - 2 * trace_of_root
    # END SOLUTION


def _matrix_root(matrix):
    """The root of a symmetric matrix without negative eigenvalues."""
    values, vectors = np.linalg.eigh(matrix)
    return (vectors * np.sqrt(np.maximum(values, 0))) @ vectors.T


def _root_trace(one, two):
    """Trace of the matrix root of a product of two covariances."""
    root = _matrix_root(one)
    return np.sum(np.sqrt(np.maximum(np.linalg.eigvalsh(root @ two @ root), 0)))


def _spread_part(one, two, factor=2.0):
    """The trace of the distance."""
    return np.trace(one) + np.trace(two) - factor * _root_trace(one, two)


@frechet_distance.mistake(
    "np.sqrt takes the root of each entry. The root of a matrix is another one: R @ R gives back the matrix."
)
def root_of_entries(mean_a, covariance_a, mean_b, covariance_b):
    trace = np.trace(covariance_a + covariance_b - 2 * np.sqrt(covariance_a @ covariance_b))
    return np.sum((mean_a - mean_b) ** 2) + trace


@frechet_distance.mistake(
    "What you compute depends on the diagonals only, as with a root of each entry. That is right for uncorrelated "
    "features alone: use the matrix root."
)
def diagonals_alone(mean_a, covariance_a, mean_b, covariance_b):
    spreads = np.sqrt(np.diag(covariance_a)) - np.sqrt(np.diag(covariance_b))
    return np.sum((mean_a - mean_b) ** 2) + np.sum(spreads**2)


@frechet_distance.mistake(
    "The root of a product of matrices is not the product of their roots. Take the root after the product."
)
def product_of_roots(mean_a, covariance_a, mean_b, covariance_b):
    roots = _matrix_root(covariance_a) @ _matrix_root(covariance_b)
    return np.sum((mean_a - mean_b) ** 2) + np.trace(covariance_a + covariance_b - 2 * roots)


@frechet_distance.mistake("That is the distance. FID is its square: take no root at the end.")
def root_at_the_end(mean_a, covariance_a, mean_b, covariance_b):
    squared = np.sum((mean_a - mean_b) ** 2) + _spread_part(covariance_a, covariance_b)
    return np.sqrt(np.maximum(squared, 0))


@frechet_distance.mistake("The length of the difference of the means must be squared.")
def length_not_squared(mean_a, covariance_a, mean_b, covariance_b):
    return np.linalg.norm(mean_a - mean_b) + _spread_part(covariance_a, covariance_b)


@frechet_distance.mistake("The squares of the means' differences are averaged. Sum them.")
def mean_of_squares(mean_a, covariance_a, mean_b, covariance_b):
    return np.mean((mean_a - mean_b) ** 2) + _spread_part(covariance_a, covariance_b)


@frechet_distance.mistake("The factor 2 before the root is missing.")
def factor_missing(mean_a, covariance_a, mean_b, covariance_b):
    return np.sum((mean_a - mean_b) ** 2) + _spread_part(covariance_a, covariance_b, factor=1.0)


@frechet_distance.mistake("The root is added. It is subtracted, so that equal distributions give 0.")
def root_added(mean_a, covariance_a, mean_b, covariance_b):
    return np.sum((mean_a - mean_b) ** 2) + _spread_part(covariance_a, covariance_b, factor=-2.0)


@frechet_distance.mistake("The root is missing: the product of the covariances goes in as it is.")
def root_left_out(mean_a, covariance_a, mean_b, covariance_b):
    trace = np.trace(covariance_a + covariance_b - 2 * covariance_a @ covariance_b)
    return np.sum((mean_a - mean_b) ** 2) + trace


@frechet_distance.mistake("Only the means are compared. Add the trace with the covariances.")
def means_alone(mean_a, covariance_a, mean_b, covariance_b):
    return np.sum((mean_a - mean_b) ** 2)


@frechet_distance.mistake("Only the covariances are compared. Add the squared distance of the means.")
def covariances_alone(mean_a, covariance_a, mean_b, covariance_b):
    return _spread_part(covariance_a, covariance_b)


@frechet_distance.mistake("The trace is missing: a whole matrix comes back.")
def trace_missing(mean_a, covariance_a, mean_b, covariance_b):
    root = _matrix_root(covariance_a)
    inner = _matrix_root(root @ covariance_b @ root)
    return np.sum((mean_a - mean_b) ** 2) + covariance_a + covariance_b - 2 * inner


@frechet_distance.mistake(
    "The root of a slightly negative eigenvalue is NaN. Rounding makes such values: np.maximum(values, 0)."
)
def negative_eigenvalue(mean_a, covariance_a, mean_b, covariance_b):
    values = np.linalg.eigvals(covariance_a @ covariance_b).real
    roots = np.sqrt(values)
    trace = np.trace(covariance_a) + np.trace(covariance_b) - 2 * np.sum(roots)
    return np.sum((mean_a - mean_b) ** 2) + trace


@frechet_distance.mistake(
    "The root has tiny imaginary parts, because rounding made an eigenvalue negative. Keep its real part: np.real."
)
def imaginary_parts(mean_a, covariance_a, mean_b, covariance_b):
    roots = np.emath.sqrt(np.linalg.eigvals(covariance_a @ covariance_b))
    trace = np.trace(covariance_a) + np.trace(covariance_b) - 2 * np.sum(roots)
    return np.sum((mean_a - mean_b) ** 2) + trace


def _of_eigenvalues(values, mean_a, covariance_a, mean_b, covariance_b):
    """The distance, if these were the eigenvalues of the product of the covariances."""
    trace = np.trace(covariance_a) + np.trace(covariance_b) - 2 * np.sum(np.sqrt(values))
    return np.sum((mean_a - mean_b) ** 2) + trace


@frechet_distance.mistake(
    "covariance_a @ covariance_b is not symmetric, and eigvalsh and eigh read one half of a matrix only. Hint 3 says "
    "which symmetric matrix has the same eigenvalues."
)
def half_read(mean_a, covariance_a, mean_b, covariance_b):
    values = np.maximum(np.linalg.eigvalsh(covariance_a @ covariance_b), 0)
    return _of_eigenvalues(values, mean_a, covariance_a, mean_b, covariance_b)


@frechet_distance.mistake(
    "covariance_b @ covariance_a is not symmetric, and eigvalsh and eigh read one half of a matrix only. Hint 3 says "
    "which symmetric matrix has the same eigenvalues."
)
def other_half_read(mean_a, covariance_a, mean_b, covariance_b):
    values = np.maximum(np.linalg.eigvalsh(covariance_b @ covariance_a), 0)
    return _of_eigenvalues(values, mean_a, covariance_a, mean_b, covariance_b)


@frechet_distance.mistake(
    "An eigenvalue a little below 0 counts as 0; np.abs and the SVD make a positive number of it. Take eigenvalues and "
    "np.maximum(values, 0)."
)
def absolute_values(mean_a, covariance_a, mean_b, covariance_b):
    values = np.abs(np.linalg.eigvals(covariance_a @ covariance_b))
    return _of_eigenvalues(values, mean_a, covariance_a, mean_b, covariance_b)


@frechet_distance.mistake(
    "The eigenvalues of a product are not the products of the eigenvalues. Multiply the matrices first."
)
def products_of_eigenvalues(mean_a, covariance_a, mean_b, covariance_b):
    pairs = np.maximum(np.linalg.eigvalsh(covariance_a), 0), np.maximum(np.linalg.eigvalsh(covariance_b), 0)
    return _of_eigenvalues(pairs[0] * pairs[1], mean_a, covariance_a, mean_b, covariance_b)


# ---------------------------------------------------------------------------------------- challenge


CLOTHES = (1, 5, 8)  # trousers, sandals, bags: shapes that nobody takes for each other
LATENT = 32
SAMPLES = 1_000  # generated for the score


def _clothes():
    """Images of three classes, -1 to 1, and their labels 0 to 2; noise, and other images of these classes."""
    train, test = data.fashion_mnist()
    (images, labels), (others, _labels) = (_chosen(*part) for part in (train, test))
    noise = np.random.default_rng(9).normal(size=(SAMPLES, LATENT)).astype("float32")
    return (images, labels), (noise, others)


def _chosen(images, labels):
    """The images of the three classes, and their labels counted from 0."""
    wanted = np.isin(labels, CLOTHES)
    scaled = images[wanted, :, :, np.newaxis] / np.float32(127.5) - np.float32(1)
    return scaled, np.searchsorted(CLOTHES, labels[wanted])


@challenge(
    examine=GeneratorChallenge(
        load=_clothes,
        input_shape=(LATENT,),
        image_shape=PIXELS,
        parameters=70_000,
        steps=400,
        batch_size=64,
        asked=-10.0,
        build_discriminator=build_discriminator,
        discriminator_loss=discriminator_loss,
        generator_loss=generator_loss,
        distance=frechet_distance,
    ),
    hints=[
        "Dense layers alone know nothing of neighboring pixels, and spend their parameters on 784 outputs. Begin with "
        "small maps and enlarge them, as in build_generator.",
        "Batch norm before each LeakyReLU helps most in so few steps. It needs momentum=0.9 for its averages.",
        "Twice UpSampling2D and Conv2D with a kernel of 3 or 5 is an alternative to Conv2DTranspose: without "
        "checkerboards. The last layer has one filter and tanh.",
    ],
)
def build_clothes_generator():
    """A small generator of clothes: trousers, sandals and bags of Fashion-MNIST.

    The check trains it for 400 steps of 64 images against a discriminator like that of build_discriminator, with
    discriminator_loss and generator_loss, and with Adam for both. Then it makes 1,000 images and compares
    them with real ones that were not trained with: by the Fréchet distance, squared, of 16 features, which a small
    classifier of the three classes sees in them. It compares their mean and their spread; 0 is equal.
    Images that are all alike are far away, however good they are. You may try again, so the number is a target, not
    an honest test result.

    Returns:
        keras.Model: noise (32,) to images (28, 28, 1), from -1 to 1; it needs no compile. Fewer than 70,000
        parameters. The Fréchet distance must be 10 or less.
    """
    # BEGIN SOLUTION
    return keras.Sequential(
        [
            keras.Input((32,)),
            layers.Dense(7 * 7 * 32, use_bias=False),
            layers.BatchNormalization(momentum=0.9),
            layers.LeakyReLU(0.2),
            layers.Reshape((7, 7, 32)),
            layers.Conv2DTranspose(16, 4, strides=2, padding="same", use_bias=False),
            layers.BatchNormalization(momentum=0.9),
            layers.LeakyReLU(0.2),
            layers.Conv2DTranspose(1, 4, strides=2, padding="same", activation="tanh"),
        ]
    )
    # END SOLUTION


@build_clothes_generator.mistake("Return the model: a `return` is missing at the end.")
def no_model():
    _generator(LATENT)


@build_clothes_generator.mistake("Begin the model with keras.Input and the shape of one noise vector.")
def not_built():
    return keras.Sequential([layers.Dense(784, activation="tanh"), layers.Reshape(PIXELS)])


@build_clothes_generator.mistake(
    "The model must make one image of one noise vector: does each doubling lead from 7 to 14 to 28?"
)
def other_shapes():
    return _generator(LATENT, shape=(14, 14, 1))


@build_clothes_generator.mistake(
    "The model is too large. Look in model.summary() for the layer with most parameters: it often is the dense one."
)
def too_large():
    return keras.Sequential(
        [
            keras.Input((LATENT,)),
            layers.Dense(100),
            layers.Dense(784, activation="tanh"),
            layers.Reshape(PIXELS),
        ]
    )


@build_clothes_generator.mistake("No weight of the model can be trained: leave `trainable` at True.")
def frozen():
    model = _generator(LATENT)
    model.trainable = False
    return model


@build_clothes_generator.mistake("Pixels leave -1 to 1: the last layer needs a tanh.")
def out_of_range():
    return _generator(LATENT, lambda x: 10 * x)


@build_clothes_generator.mistake(
    "No pixel is below 0, as with a sigmoid. The discriminator tells such fakes from real images at a glance: tanh."
)
def never_below_zero():
    return _generator(LATENT, "sigmoid")


@build_clothes_generator.mistake(
    "The images do not depend on the noise. Every layer must read what the one before it gives."
)
def always_the_same():
    return _generator(LATENT, last=[layers.Rescaling(0.0, -0.5)])


@build_clothes_generator.mistake("It learns, but not enough yet. The hints of this challenge say what helps.")
def too_weak():
    return _generator(LATENT)


# --------------------------------------------------------------------------------------------- quiz

generator_sees = quiz(
    "From what does the generator learn how digits look?",
    options={
        "a": (
            "From the real images: it compares its fakes with them.",
            "No real image enters the generator or its loss. Only the discriminator sees them.",
        ),
        "b": (
            "From the gradient that comes back through the discriminator.",
            "It tells how each pixel of a fake should change to look more real. The generator never sees a real image.",
        ),
        "c": (
            "From the labels of the digits.",
            "A plain GAN needs no labels of digits: real or fake is all it asks.",
        ),
        "d": (
            "From the noise, which holds digits already.",
            "The noise is random numbers. What they come to mean is learned.",
        ),
    },
    right="b",
)

leaky_in_discriminator = quiz(
    "Why does the discriminator use LeakyReLU and not ReLU?",
    options={
        "a": (
            "LeakyReLU is faster to compute.",
            "Both take about the same time.",
        ),
        "b": (
            "LeakyReLU keeps the output between -1 and 1.",
            "It has no limits. tanh keeps the generator's pixels there.",
        ),
        "c": (
            "A ReLU that gives 0 passes no gradient on, and the generator learns from that gradient.",
            "A negative slope lets a part through, so that units cannot fall silent and the generator always hears "
            "something.",
        ),
        "d": (
            "With ReLU the logit could not be negative.",
            "The logit comes from a linear last layer, which gives both signs after ReLU, too.",
        ),
    },
    right="c",
)

collapse_signs = quiz(
    "A generator makes the digit 1 only, in good quality. How do you notice?",
    options={
        "a": (
            "The generator's loss is high.",
            "If the ones fool the discriminator, this loss is low. It looks at one image at a time.",
        ),
        "b": (
            "The discriminator's loss is 0.",
            "That would mean that every fake is found out. Here the fakes are good.",
        ),
        "c": (
            "The judge's confidence is low.",
            "The ones look like ones, so the judge is sure of them.",
        ),
        "d": (
            "By many samples: they are alike, and a judge finds one class only.",
            "That is mode collapse. Neither loss tells it reliably; a look at many samples does, or a measure of "
            "diversity.",
        ),
    },
    right="d",
)

why_non_saturating = quiz(
    "The discriminator is far ahead and gives a fake D = 0.001. Why do we minimize -log D and not log(1 - D)?",
    options={
        "a": (
            "The slope of log(1 - D) with respect to the logit is about -0.001 there, that of -log D about -1.",
            "The slopes are -D and -(1 - D). The first vanishes exactly where the generator has most to learn.",
        ),
        "b": (
            "The two push the fakes in opposite directions.",
            "Both fall when D grows. They differ in how strongly they push.",
        ),
        "c": (
            "log(1 - D) is infinite there.",
            "log(0.999) is about -0.001. It is infinite at D = 1, where the fakes are perfect.",
        ),
        "d": (
            "-log D needs no discriminator.",
            "D is the discriminator's output in both.",
        ),
    },
    right="a",
)

generator_step = quiz(
    "What does `generator_optimizer.apply(gradients, weights)` do to the discriminator's weights?",
    options={
        "a": (
            "It changes them so that the fakes look more real.",
            "Then the discriminator would learn to be fooled. `weights` are those of the generator alone.",
        ),
        "b": (
            "Nothing: the gradient only passed through them.",
            "`weights` are those of the generator. The other optimizer moves the discriminator's, in the next line.",
        ),
        "c": (
            "It sets them to their starting values.",
            "Nothing is reset: what the discriminator knows is needed in the next step.",
        ),
        "d": (
            "Nothing: the gradient stops before them.",
            "If it stopped there, the generator would learn nothing. It passes through.",
        ),
    },
    right="b",
)

accuracy_of_half = quiz(
    "On fresh real images and fakes, half and half, the discriminator's accuracy is 0.5. What does that say?",
    options={
        "a": (
            "The fakes are perfect.",
            "They may be. A discriminator that has learned nothing guesses as well: look at the samples.",
        ),
        "b": (
            "The discriminator recognizes half of the digits.",
            "It names no digits. It tells real from fake, and guessing gets half of these right.",
        ),
        "c": (
            "It cannot tell these fakes from real images: they are good, or it is poor.",
            "0.5 is guessing. It is what perfect fakes lead to, but it proves nothing about them.",
        ),
        "d": (
            "Its loss, real part plus fake part, must be 0.",
            "If it answers 0.5 for all of them, each part is log 2, about 0.69. The loss is 0 where it is sure and right.",
        ),
    },
    right="c",
)

range_of_real = quiz(
    "What is wrong in the colleague's lab?",
    options={
        "a": (
            "The generator has no tanh.",
            "Then pixels could leave -1 to 1. The printed range of the fakes is within it. And that of the real images?",
        ),
        "b": (
            "The real images have another range than the fakes.",
            "Any pixel below 0 gives a fake away. The real images must be scaled to -1 to 1, the range of tanh.",
        ),
        "c": (
            "100 steps are too few.",
            "The first row is ours, after 100 steps, too: its background is black already.",
        ),
        "d": (
            "The generator trained alone.",
            "`GAN` trains both networks, and the fakes differ.",
        ),
    },
    right="b",
)

two_equal_losses = quiz(
    "The discriminator answers 0.5 for every image. How large are its loss and the generator's?",
    options={
        "a": (
            "2 log 2 = 1.39 and log 2 = 0.69.",
            "Each cross-entropy is -log 0.5. The discriminator's loss has two of them, the generator's one.",
        ),
        "b": (
            "0 and 0.",
            "A cross-entropy is 0 where the answer is sure and right.",
        ),
        "c": (
            "0.5 and 0.5.",
            "0.5 is the probability. The loss is minus its logarithm.",
        ),
        "d": (
            "0.69 and 1.39.",
            "It is the discriminator's loss that has two parts.",
        ),
    },
    right="a",
)
