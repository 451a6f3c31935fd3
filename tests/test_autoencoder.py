"""What lesson 08 takes from labs: PCA, the variational autoencoder, distances of codes, and the measures of anomalies."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from labs import autoencoder, data, models
from labs.check import grade
from labs.errors import CourseError
from labs.exercises.autoencoder import kl_divergence, reparameterize


def test_principal_components_restore_what_lies_in_their_plane():
    random = np.random.default_rng(0)
    axes = random.normal(size=(3, 4, 5))
    images = np.tensordot(random.normal(size=(50, 3)), axes, axes=1) + 2.0
    pca = autoencoder.PrincipalComponents(images, 3)
    assert np.allclose(pca.decode(pca.encode(images)), images)
    assert np.allclose(pca.components @ pca.components.T, np.eye(3))


def test_more_components_leave_less_error():
    images = np.random.default_rng(1).normal(size=(80, 6, 6))
    errors = []
    for size in (1, 5, 20):
        pca = autoencoder.PrincipalComponents(images, size)
        errors.append(np.mean((pca.decode(pca.encode(images)) - images) ** 2))
    assert errors[0] > errors[1] > errors[2] > 0


def test_area_under_roc_is_the_share_of_ordered_pairs():
    random = np.random.default_rng(2)
    normal, anomalous = random.integers(0, 9, 40) / 10, random.integers(3, 12, 30) / 10
    larger = anomalous[:, None] > normal
    equal = anomalous[:, None] == normal
    expected = np.mean(larger + 0.5 * equal)
    assert autoencoder.area_under_roc(normal, anomalous) == pytest.approx(expected)
    assert autoencoder.area_under_roc(np.zeros(3), np.ones(2)) == 1.0


def test_roc_rises_from_nothing_to_everything():
    random = np.random.default_rng(3)
    normal, anomalous = random.normal(size=50), 1 + random.normal(size=70)
    false_alarms, found = autoencoder.roc(normal, anomalous)
    assert (false_alarms[0], found[0], false_alarms[-1], found[-1]) == (0, 0, 1, 1)
    area = np.sum(np.diff(false_alarms) * found[1:])
    assert area == pytest.approx(autoencoder.area_under_roc(normal, anomalous))


def test_distances_are_those_of_the_nearest_code():
    random = np.random.default_rng(5)
    codes, places = random.normal(size=(40, 3)), random.normal(size=(7, 3))
    expected = np.linalg.norm(places[:, None] - codes, axis=2).min(axis=1)
    assert np.allclose(autoencoder.distances(codes, places), expected)
    assert np.allclose(autoencoder.distances(codes, codes), 0, atol=1e-6)


def test_the_first_numbers_of_a_code_are_a_code_of_fewer_numbers():
    images = np.random.default_rng(6).normal(size=(30, 4, 2))
    long, short = autoencoder.PrincipalComponents(images, 5), autoencoder.PrincipalComponents(images, 2)
    restored = long.decode(long.encode(images)[:, :2])
    assert np.allclose(restored, short.decode(short.encode(images)))


def test_a_variational_autoencoder_learns_and_reports_its_terms():
    images = (np.random.default_rng(4).uniform(size=(64, 16)) > 0.5).astype(np.float32)
    keras.utils.set_random_seed(0)
    model = autoencoder.VariationalAutoencoder(reparameterize, kl_divergence, pixels=16, beta=0.5)
    history = autoencoder.train_variational(model, images, epochs=30, batch_size=16)
    assert history["loss"][-1] < history["loss"][0]
    total = np.array(history["reconstruction"]) + 0.5 * np.array(history["kl"])
    assert np.allclose(total, history["loss"], rtol=1e-3)
    mean, log_variance = model.clouds(images)
    assert mean.shape == log_variance.shape == (64, 2)
    assert np.array_equal(model.codes(images), mean)
    assert model.images(np.zeros((3, 2))).shape == (3, 4, 4)


def test_a_draw_is_random_in_training_and_in_use():
    keras.utils.set_random_seed(0)
    model = autoencoder.VariationalAutoencoder(reparameterize, kl_divergence, pixels=16)
    images = np.ones((2, 16), np.float32)
    assert not np.allclose(model(images), model(images))


@pytest.fixture(scope="module")
def stored():
    return {
        beta: autoencoder.VariationalAutoencoder(reparameterize, kl_divergence, beta=beta).load()
        for beta in autoencoder.STORED_BETAS
    }


@pytest.fixture(scope="module")
def digits():
    _train, (images, _labels) = data.mnist()
    return images[:1000].reshape(-1, 784) / np.float32(255)


def test_stored_weights_are_those_of_the_networks(stored):
    networks = {name: network for model in stored.values() for name, network in model.networks().items()}
    arrays = data.digit_vae()
    assert models.named_weights(networks).keys() == arrays.keys()
    for name, values in models.named_weights(networks).items():
        np.testing.assert_array_equal(values, arrays[name])


def test_beta_trades_reconstruction_for_closeness_to_the_standard_normal(stored, digits):
    terms = [stored[beta].measure(digits) for beta in sorted(stored)]
    reconstructions, divergences = ([each[name] for each in terms] for name in ("reconstruction", "kl"))
    assert reconstructions == sorted(reconstructions) and reconstructions[-1] < 200
    assert divergences == sorted(divergences, reverse=True) and divergences[-1] > 1


def test_measure_gives_the_terms_of_these_images_alone(stored, digits):
    mean, log_variance = stored[1].clouds(digits)
    expected = float(np.mean(np.asarray(kl_divergence(mean, log_variance))))
    for _time in range(2):
        assert stored[1].measure(digits)["kl"] == pytest.approx(expected, rel=1e-3)
    restored = np.clip(stored[1].images(mean).reshape(-1, 784), 1e-6, 1 - 1e-6)
    entropy = -np.sum(digits * np.log(restored) + (1 - digits) * np.log(1 - restored), axis=1)
    # Draws from the clouds restore a little worse than their means.
    assert entropy.mean() < stored[1].measure(digits)["reconstruction"] < 1.1 * entropy.mean()


def test_a_beta_without_weights_is_told_which_have_some():
    model = autoencoder.VariationalAutoencoder(reparameterize, kl_divergence, beta=4)
    with pytest.raises(CourseError, match=r"no weights for beta 4 in data/, only for 0\.1, 1, 10"):
        model.load()
    model = autoencoder.VariationalAutoencoder(reparameterize, kl_divergence, latent=3)
    with pytest.raises(CourseError, match="latent 2 and pixels 784"):
        model.load()


def _divergence_row_by_row(mean, log_variance):
    rows = []
    for number in range(len(mean)):
        center, spread = tf.gather(mean, number), tf.gather(log_variance, number)
        rows.append(tf.reduce_sum(0.5 * (tf.exp(spread) + center**2 - 1 - spread)))
    return tf.stack(rows)


def _drawn_for_all_rows_at_once(mean, log_variance, noise):
    return tf.vectorized_map(lambda row: row[0] + tf.exp(row[1] / 2) * row[2], (mean, log_variance, noise))


@pytest.mark.parametrize(
    ("name", "answer"),
    [("kl_divergence", _divergence_row_by_row), ("reparameterize", _drawn_for_all_rows_at_once)],
)
def test_gradients_that_come_as_slices_are_gradients(name, answer):
    result = grade(name, answer)
    assert result.status == "passed", result.message
