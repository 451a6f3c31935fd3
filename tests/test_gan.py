"""The conditional GAN of lesson 09, its weights in data/, and silent channels."""

import keras
import numpy as np
import pytest
from keras import layers

from labs import data, gan, models
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
