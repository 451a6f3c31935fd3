"""How generated digits are measured, and samples kept during a training."""

import keras
import numpy as np
import pytest

from labs import data, samples
from labs.adversarial import Run


@pytest.fixture
def judge():
    """Takes an image of 2×2 pixels for the class of its brightest pixel."""
    return keras.Sequential(
        [
            keras.Input((2, 2, 1)),
            keras.layers.Flatten(),
            keras.layers.Rescaling(1.0, name=samples.FEATURES),
            keras.layers.Softmax(),
        ]
    )


def test_recognized_counts_confident_answers(judge):
    images = np.zeros((4, 2, 2))
    images[0, 0, 0] = images[1, 1, 1] = 10
    share, error = samples.recognized(judge, images)
    assert share == 0.5 and error == pytest.approx(0.25)


def test_class_shares_count_the_likeliest_class(judge):
    images = np.eye(4)[[0, 0, 3, 0]].reshape(4, 2, 2)
    assert samples.class_shares(judge, images).tolist() == [0.75, 0, 0, 0.25, 0, 0, 0, 0, 0, 0]


def test_statistics_are_those_of_the_features(judge):
    images = np.random.default_rng(0).uniform(size=(50, 2, 2))
    mean, covariance = samples.statistics(judge, images)
    flat = images.reshape(50, 4)
    np.testing.assert_allclose(mean, flat.mean(axis=0), atol=1e-6)
    np.testing.assert_allclose(covariance, np.cov(flat.T), atol=1e-6)


def test_an_album_keeps_the_pages_asked_for():
    generator = keras.Sequential([keras.Input((4,)), keras.layers.Reshape((2, 2, 1))])
    noise = np.linspace(-1, 1, 12).reshape(3, 4)
    album = samples.Album(generator, noise, [0, 20])
    for done in range(25):
        album(Run(done=done))
    assert list(album.pages) == [0, 20]
    assert album.strip(2).shape == (2, 2, 2, 2)
    first = album.pages[20]
    album(Run(done=20))
    assert album.pages[20] is first  # a page is drawn once: later the generator may be another one
    np.testing.assert_allclose(first, (noise.reshape(3, 2, 2) + 1) / 2, atol=1e-6)


def test_the_stored_judge_knows_new_digits_and_is_rarely_sure_of_noise():
    judge = samples.digit_judge()
    for values, stored in zip(judge.get_weights(), data.digit_judge().values(), strict=True):
        np.testing.assert_array_equal(values, stored)
    _train, (images, labels) = data.mnist()
    images = images / np.float32(255)
    assert np.mean(samples.probabilities(judge, images).argmax(axis=-1) == labels) > 0.99
    assert samples.recognized(judge, images)[0] > 0.95
    noise = np.random.default_rng(0).uniform(size=(500, 28, 28)).astype(np.float32)
    assert samples.recognized(judge, noise)[0] < 0.05
