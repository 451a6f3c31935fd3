"""Lesson 09: the conditional GAN, its weights in data/, silent channels, unusual answers, and an interrupted training."""

import itertools

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import layers, ops
from lesson_source import LESSONS, Lesson

from labs import adversarial, data, gan, models, samples
from labs.check import grade
from labs.exercises.gan import discriminator_loss, generator_loss
from labs.training import endless_batches


@pytest.fixture
def conditional():
    keras.utils.set_random_seed(0)
    return gan.ConditionalGAN(discriminator_loss, generator_loss)


def test_stored_weights_are_those_of_the_networks(conditional):
    conditional.load()
    for name, values in models.named_weights(conditional.networks).items():
        np.testing.assert_array_equal(values, data.conditional_gan()[name])


def test_stored_weights_draw_the_digit_asked_for(conditional):
    (images, labels), _test = data.mnist()
    means = np.stack([images[labels == digit].mean(axis=0) for digit in range(10)]) / 127.5 - 1
    asked = np.arange(200) % 10
    drawn = conditional.load().draw(asked, np.random.default_rng(0).normal(size=(200, gan.LATENT)))
    assert drawn.shape == (200, 28, 28) and drawn.min() >= -1 and drawn.max() <= 1
    distances = np.mean((drawn[:, None] - means) ** 2, axis=(2, 3))
    assert (
        np.mean(distances.argmin(axis=1) == asked) > 0.7
    )  # a nearest-mean classifier knows about 0.82 of real digits
    spread = [drawn[asked == digit].std(axis=0).mean() for digit in range(10)]
    assert min(spread) > 0.05


def test_a_step_moves_both_networks_and_reports_their_losses(conditional):
    before = models.named_weights(conditional.networks)
    images = np.random.default_rng(0).uniform(-1, 1, size=(32, 28, 28, 1)).astype("float32")
    labels = np.eye(10, dtype="float32")[np.arange(32) % 10]
    batches = endless_batches((images, labels), batch_size=16, seed=0)
    history = conditional.fit(batches, steps_per_epoch=3, shuffle=False, verbose=0).history
    assert set(history) == {"discriminator", "generator"}
    assert all(np.isfinite(values).all() for values in history.values())
    after = models.named_weights(conditional.networks)
    for network in conditional.networks:
        assert not np.array_equal(before[f"{network}/0"], after[f"{network}/0"])


def test_average_gives_the_generator_the_mean_of_its_last_weights(conditional):
    images = np.zeros((16, 28, 28, 1), "float32")
    labels = np.eye(10, dtype="float32")[np.arange(16) % 10]
    batches = endless_batches((images, labels), batch_size=16, seed=0)
    conditional.fit(batches, steps_per_epoch=5, shuffle=False, verbose=0)
    last = models.named_weights(conditional.networks)
    conditional.average()
    averaged = models.named_weights(conditional.networks)
    assert not np.array_equal(last["generator/0"], averaged["generator/0"])
    assert np.array_equal(last["discriminator/0"], averaged["discriminator/0"])


@pytest.mark.parametrize(("slope", "silent"), [(0.0, 3), (0.2, 0)])
def test_silent_channels(slope, silent):
    network = keras.Sequential(
        [
            keras.Input((4, 4, 1)),
            layers.Conv2D(5, 1),
            layers.LeakyReLU(slope),
            layers.Flatten(),
            layers.Dense(1),
        ]
    )
    kernel, bias = np.zeros((1, 1, 1, 5)), np.array([-1.0, -2, -3, 1, 2])
    network.layers[0].set_weights([kernel, bias])
    assert gan.silent_channels(network, np.zeros((6, 4, 4, 1))) == (silent, 5)


# ------------------------------------------------------------------ unusual answers to the exercises


def _discriminator(*parts):
    return lambda: keras.Sequential([keras.Input((28, 28, 1)), *(part() for part in parts)])


def _averaged():
    image = keras.Input((28, 28, 1))
    x = layers.Flatten()(layers.Conv2D(8, 3, strides=2, activation="relu")(image))
    hidden = layers.Dense(16, activation="relu")(x)
    return keras.Model(image, layers.Average()([layers.Dense(1)(x), layers.Dense(1)(hidden)]))


def _convolution(filters=16, activation=None):
    return lambda: layers.Conv2D(filters, 4, strides=2, activation=activation)


def _logit():
    return layers.Dense(1)


@pytest.mark.parametrize(
    "build",
    [
        _discriminator(_convolution(16, "relu"), layers.GlobalAveragePooling2D, _logit),
        _discriminator(_convolution(16, "relu"), _convolution(1), layers.GlobalAveragePooling2D),
        _discriminator(_convolution(16, "tanh"), layers.GlobalAveragePooling2D, _logit),
        _discriminator(
            _convolution(), layers.BatchNormalization, layers.LeakyReLU, layers.GlobalMaxPooling2D, _logit
        ),
        _discriminator(lambda: layers.Reshape((28, 28)), lambda: layers.LSTM(8), _logit),
        _averaged,
    ],
    ids=["pooled", "map of logits", "tanh inside", "batch norm", "rows read by an LSTM", "averaged"],
)
def test_any_discriminator_with_a_logit_passes(build):
    result = grade("build_discriminator", build)
    assert result.status == "passed", result.message


@keras.saving.register_keras_serializable("tests")
class _Cut(layers.Layer):
    def call(self, x):
        return ops.stop_gradient(x)


@keras.saving.register_keras_serializable("tests")
class _Clipped(layers.Layer):
    def call(self, x):
        return ops.clip(x, -5, 5)


@pytest.mark.parametrize(
    ("build", "sentence"),
    [
        (_discriminator(_Cut, layers.Flatten, _logit), "a gradient reaches the image"),
        (_discriminator(layers.Flatten, _logit, _Clipped), "logits go below -20"),
    ],
    ids=["cut off", "clipped"],
)
def test_a_discriminator_that_teaches_nothing_is_wrong(build, sentence):
    result = grade("build_discriminator", build)
    assert result.status == "wrong" and sentence in result.message


def test_a_generator_that_looks_at_the_other_noise_of_its_batch_is_wrong():
    def build(latent=64):
        noise = keras.Input((latent,))
        x = layers.Dense(784)(noise - ops.mean(noise, axis=0, keepdims=True))
        return keras.Model(noise, layers.Reshape((28, 28, 1))(ops.tanh(x)))

    result = grade("build_generator", build)
    assert result.status == "wrong" and "equal noise gives equal images" in result.message


def test_gradients_of_each_loss_count():
    def cut(real_scores, fake_scores):
        losses = lsgan(real_scores, fake_scores)
        return losses[0], ops.stop_gradient(losses[1])

    def lsgan(real_scores, fake_scores):
        of_real, of_fake = ops.mean((real_scores - 1) ** 2), ops.mean(fake_scores**2)
        return (of_real + of_fake) / 2, ops.mean((fake_scores - 1) ** 2)

    assert grade("lsgan_loss", lsgan).status == "passed"
    assert grade("lsgan_loss", cut).status == "wrong"


def test_a_loss_whose_gradient_is_not_a_number_is_wrong():
    def softplus(x):
        return ops.where(x > 30, x, ops.log(1 + ops.exp(x)))

    result = grade("generator_loss", lambda fake_logits: ops.mean(softplus(-fake_logits)))
    assert result.status == "wrong" and "not a finite number" in result.message


@pytest.mark.parametrize(
    ("activation", "mistake"),
    [("softsign", None), (lambda x: 2 * ops.sigmoid(x) - 1, None), ("hard_tanh", "clipped_pixels")],
    ids=["softsign", "scaled sigmoid", "hard tanh"],
)
@pytest.mark.parametrize("normalized", [False, True])
def test_a_generator_may_end_like_tanh_but_cuts_no_pixel_off(activation, mistake, normalized):
    def build(latent=64):
        norm = [layers.BatchNormalization()] if normalized else []
        hidden = [layers.Dense(64), *norm, layers.LeakyReLU(0.2)]
        last = [layers.Dense(784, activation=activation), layers.Reshape((28, 28, 1))]
        return keras.Sequential([keras.Input((latent,)), *hidden, *last])

    result = grade("build_generator", build)
    assert (result.status, result.mistake) == ("wrong" if mistake else "passed", mistake), result.message


# ---------------------------------------------------------------------------- cells that are interrupted


def _code_cells():
    lesson = Lesson(next(LESSONS.glob("09_*.py")))
    return [cell.source for cell in lesson.cells if cell.cell_type == "code"]


def _interrupted(step, at):
    """The step, and an interruption at its calls of these numbers."""
    calls = itertools.count(1)

    def wrapped(images):
        if next(calls) in at:
            raise KeyboardInterrupt
        return step(images)

    return wrapped


def test_the_training_of_lesson_09_goes_on_where_it_was_interrupted():
    (prepare,) = [cell for cell in _code_cells() if "def step(images)" in cell]
    (train,) = [cell for cell in _code_cells() if "watch=album" in cell]
    notebook = {
        "keras": keras,
        "np": np,
        "tf": tf,
        "adversarial": adversarial,
        "samples": samples,
        "endless_batches": endless_batches,
        "build_generator": lambda latent: keras.Sequential(
            [keras.Input((latent,)), layers.Dense(784, activation="tanh"), layers.Reshape((28, 28, 1))]
        ),
        "build_discriminator": lambda: keras.Sequential(
            [keras.Input((28, 28, 1)), layers.Flatten(), layers.Dense(1)]
        ),
        "discriminator_loss": discriminator_loss,
        "generator_loss": generator_loss,
        "real": np.zeros((128, 28, 28, 1), "float32"),
        "noise": np.zeros((4, 64), "float32"),
    }
    exec(prepare, notebook)
    notebook["step"] = _interrupted(notebook["step"], at=(61, 180))
    pages = []
    for _attempt in range(4):  # twice interrupted, once to the end, and once more when all is done
        exec(train, notebook)
        pages.append(list(notebook["album"].pages))
    assert pages == [[0, 25, 50], [0, 25, 50, 100], *2 * [[0, 25, 50, 100, 200, 400]]]
    assert notebook["run"].done == 400 and len(notebook["run"].losses["generator"]) == 400
