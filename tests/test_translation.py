"""What lesson 10 takes from labs: networks, losses, batches, measures, and the stored weights."""

import itertools

import keras
import numpy as np
import pytest
import style_training
import tensorflow as tf

from labs import adversarial, data, models, styles, translation
from labs.exercises.image_translation import adain, build_mapping_network, cycle_loss, lsgan_loss
from labs.exercises.modern_cnns import receptive_field


@pytest.fixture(scope="module")
def test_emoji():
    """Held-out emoji of both vendors, 0 to 1."""
    _train, test = data.emoji()
    return tuple(images / np.float32(255) for images in test)


@pytest.fixture(scope="module")
def gan():
    """A CycleGAN with the stored weights."""
    train, _test = data.emoji()
    made = translation.CycleGan(cycle_loss, lsgan_loss, *map(translation.scaled, train))
    translation.load(made)
    return made


@pytest.fixture(scope="module")
def generator():
    """The style-based generator with the stored weights."""
    made = styles.StyleGenerator(build_mapping_network(), adain)
    styles.load(made)
    return made


@pytest.fixture
def noise():
    """Random images of both styles, -1 to 1."""
    return np.random.default_rng(2).uniform(-1, 1, (2, 4, 32, 32, 3)).astype(np.float32)


def test_a_generator_keeps_the_shape_zooms_and_adds_a_change(noise):
    network = translation.generator()
    assert network(noise[0]).shape == noise[0].shape
    network.layers[-2].set_weights([np.zeros_like(weight) for weight in network.layers[-2].get_weights()])
    assert np.allclose(network(noise[0]), network.get_layer("zoom")(noise[0]))


@pytest.mark.parametrize(("factor", "side"), [(1.0, 8), (2.0, 16), (0.5, 4)])
def test_a_zoom_enlarges_about_the_middle_and_fills_with_white(factor, side):
    zoom = translation.Zoom()
    square = np.ones((1, 32, 32, 3), np.float32)
    square[:, 12:20, 12:20] = -1
    zoom(square)  # makes its weight
    zoom.set_weights([np.log(np.float32(factor))])
    assert zoom.factor() == pytest.approx(factor)
    zoomed = np.asarray(zoom(square))
    first, last = 16 - side // 2, 16 + side // 2
    assert np.allclose(zoomed[:, first + 1 : last - 1, first + 1 : last - 1], -1, atol=1e-5)
    outside = zoomed.copy()
    outside[:, first - 1 : last + 1, first - 1 : last + 1] = 1
    assert np.allclose(outside, 1, atol=1e-5)
    assert np.allclose(zoomed, zoomed[:, ::-1, ::-1], atol=1e-5)


def test_a_zoom_learns_how_large_drawings_are():
    small, large = np.ones((2, 1, 32, 32, 3), np.float32)
    small[:, 8:24, 8:24] = large[:, 6:26, 6:26] = -1
    zoom = translation.Zoom()
    zoom(small)
    optimizer = keras.optimizers.Adam(0.02)
    for _step in range(60):
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean(tf.abs(zoom(small) - large))
        optimizer.apply(tape.gradient(loss, zoom.trainable_weights), zoom.trainable_weights)
    assert zoom.factor() == pytest.approx(20 / 16, abs=0.04)


def test_the_stored_networks_learned_size_and_margin_and_keep_contrast(gan, test_emoji):
    google, twitter = test_emoji
    assert (
        gan.to_twitter.get_layer("zoom").factor() > 1.03 and gan.to_google.get_layer("zoom").factor() < 0.97
    )
    to_twitter = translation.translated(gan.to_twitter, 2 * google - 1)
    to_google = translation.translated(gan.to_google, 2 * twitter - 1)
    assert translation.painted_edge(to_twitter) > 5 * translation.painted_edge(google)
    assert translation.painted_edge(to_google) < translation.painted_edge(twitter) / 5
    for outputs, real in ((to_twitter, twitter), (to_google, google)):
        assert 0.9 < outputs.std(axis=0).mean() / real.std(axis=0).mean() < 1.1


def test_places_are_the_coordinates_of_each_pixel():
    with_places = np.asarray(translation.Places()(np.zeros((2, 32, 32, 3), np.float32)))
    assert with_places.shape == (2, 32, 32, 5)
    assert with_places[1, 5, 31, 3] == 1 and with_places[1, 0, 5, 4] == -1
    assert np.all(np.diff(with_places[0, 0, :, 3]) > 0) and np.all(np.diff(with_places[0, :, 0, 4]) > 0)


def test_a_score_sees_its_receptive_field():
    network = translation.discriminator()
    image = tf.Variable(np.random.default_rng(1).uniform(-1, 1, (1, 32, 32, 3)).astype(np.float32))
    with tf.GradientTape() as tape:
        score = network(image)[0, 4, 4, 0]
    seen = np.abs(tape.gradient(score, image)[0]).sum(axis=-1)
    rows, columns = (np.flatnonzero(seen.sum(axis=axis)) for axis in (1, 0))
    field = receptive_field(list(translation.PATCH_LAYERS))
    assert rows[-1] - rows[0] + 1 == columns[-1] - columns[0] + 1 == field


def test_the_losses_are_those_of_the_paper_and_that_of_the_means(noise):
    google, twitter = noise
    learned_from = google[:3], twitter[1:]
    gan = translation.CycleGan(
        cycle_loss, lsgan_loss, *learned_from, cycle_weight=3.0, identity_weight=0.5, mean_weight=7.0
    )
    losses = {name: float(value) for name, value in gan.losses(google, twitter).items()}
    fake = gan.to_twitter(google), gan.to_google(twitter)
    cycle = np.mean(np.abs(google - gan.to_google(fake[0]))) + np.mean(
        np.abs(twitter - gan.to_twitter(fake[1]))
    )
    assert losses["cycle"] == pytest.approx(3.0 * cycle, rel=1e-4)
    same = np.mean(np.abs(twitter - gan.to_twitter(twitter))) + np.mean(
        np.abs(google - gan.to_google(google))
    )
    assert losses["identity"] == pytest.approx(0.5 * same, rel=1e-4)
    means = (np.mean(np.concatenate([images, images[:, :, ::-1]]), axis=0) for images in learned_from)
    mean_google, mean_twitter = means
    mean = np.mean(np.abs(mean_twitter - translation.mean_image(fake[0])))
    mean += np.mean(np.abs(mean_google - translation.mean_image(fake[1])))
    assert losses["mean"] == pytest.approx(7.0 * mean, rel=1e-4)
    parts = losses["adversarial"] + losses["cycle"] + losses["identity"] + losses["mean"]
    assert losses["generators"] == pytest.approx(parts, rel=1e-5)


def test_a_step_changes_every_network(noise):
    keras.utils.set_random_seed(3)
    gan = translation.CycleGan(cycle_loss, lsgan_loss, *noise)
    before = models.named_weights(gan.networks())
    gan.step(tuple(noise))
    after = models.named_weights(gan.networks())
    assert all(not np.array_equal(before[name], after[name]) for name in before)
    gan.average()
    for network in gan.networks().values():
        assert all(np.all(np.isfinite(weight)) for weight in network.get_weights())


def test_an_average_before_the_first_step_changes_nothing(noise):
    gan = translation.CycleGan(cycle_loss, lsgan_loss, *noise)
    before = models.named_weights(gan.networks())
    gan.average()
    after = models.named_weights(gan.networks())
    assert all(np.array_equal(before[name], after[name]) for name in before)


@pytest.mark.parametrize("stop", [0, 1, 3])
def test_an_interrupted_training_goes_on_and_a_finished_one_stays(stop, noise):
    keras.utils.set_random_seed(4)
    gan = translation.CycleGan(cycle_loss, lsgan_loss, *noise)

    def interrupted(batch):
        if run.done == stop:
            raise KeyboardInterrupt
        return gan.step(batch)

    batches = translation.unpaired_batches(*noise, size=2, seed=4)
    run = adversarial.Run()
    run = adversarial.train(interrupted, batches, 5, run)
    gan.average()
    assert run.done == stop
    run = adversarial.train(gan.step, batches, 5, run)
    gan.average()
    assert run.done == len(run.losses["cycle"]) == 5
    before = models.named_weights(gan.networks())
    again = adversarial.train(gan.step, batches, 5, run)
    gan.average()
    after = models.named_weights(gan.networks())
    assert again.done == 5 and all(np.array_equal(before[name], after[name]) for name in before)


def test_painted_edge_counts_the_outermost_pixels():
    white = np.ones((2, 6, 6, 3))
    inner, corner, edge = white.copy(), white.copy(), white.copy()
    inner[:, 1:-1, 1:-1] = 0
    corner[:, 0, 0, 2] = 0
    edge[0] = 0
    assert [translation.painted_edge(one) for one in (white, inner, edge)] == [0, 0, 0.5]
    assert translation.painted_edge(corner) == pytest.approx(2 / 24)  # a corner ends two edges


def test_unpaired_batches_shuffle_each_side_by_itself_and_repeat():
    numbers = np.arange(20, dtype=np.float32)[:, None, None, None] * np.ones((1, 2, 2, 3), np.float32)
    drawn = list(itertools.islice(translation.unpaired_batches(numbers, -numbers, 5, seed=0), 8))
    first, second = (np.concatenate([batch[side][:, 0, 0, 0] for batch in drawn]) for side in (0, 1))
    assert sorted(first[:20]) == list(range(20)) and sorted(-second[:20]) == list(range(20))
    assert not np.array_equal(first, -second) and not np.array_equal(first[:20], first[20:])
    again = next(iter(translation.unpaired_batches(numbers, -numbers, 5, seed=0)))
    assert np.array_equal(again[0][:, 0, 0, 0], first[:5])


def test_the_measures_of_a_perfect_and_of_a_constant_translation(test_emoji):
    google, twitter = test_emoji
    perfect = translation.compare(twitter, google, twitter)
    assert perfect["distance"][1] == 0 and perfect["found"][1] == 1
    gray = np.full_like(twitter, 0.5)
    assert translation.finds_partner(gray, twitter).sum() == 1  # one drawing is the nearest for all
    before, after, change, error = translation.compare(gray, google, twitter)["distance"]
    assert change == pytest.approx(after - before) and error > 0


def test_distances_agree_with_those_to_the_partner(test_emoji):
    google, twitter = (images[:7] for images in test_emoji)
    table = translation.distances(google, twitter)
    assert table.shape == (7, 7) and np.allclose(np.diag(table), translation.to_partner(google, twitter))
    assert table[2, 5] == pytest.approx(np.mean(np.abs(google[2] - twitter[5])), rel=1e-5)


def test_the_stored_networks_bring_unseen_emoji_nearer_to_their_partners(gan, test_emoji):
    google, twitter = test_emoji
    for network, inputs, truths in ((gan.to_twitter, google, twitter), (gan.to_google, twitter, google)):
        compared = translation.compare(translation.translated(network, 2 * inputs - 1), inputs, truths)
        _before, _after, change, error = compared["distance"]
        assert change < -4 * error
        _before, _after, change, error = compared["found"]
        assert change > (error if network is gan.to_twitter else -error)  # the way back: no clear change


def test_the_stored_weights_are_small():
    for name in ("emoji_cyclegan", "fashion_styles"):
        assert (data.CHECKOUT / f"{name}.npz").stat().st_size < 500_000


def test_styled_layers_get_the_mean_and_deviation_of_their_style():
    layer = styles.StyledLayer(4, adain, double=True)
    random = np.random.default_rng(4)
    maps, style = random.normal(size=(2, 7, 7, 8)), random.normal(size=(2, 5))
    inputs = [tensor.astype(np.float32) for tensor in (maps, style, random.normal(size=(2, 14, 14, 1)))]
    outputs = np.asarray(layer(inputs))
    assert outputs.shape == (2, 14, 14, 4)
    assert np.allclose(outputs.mean(axis=(1, 2)), layer.mean(inputs[1]), atol=1e-4)
    assert np.allclose(outputs.std(axis=(1, 2)), np.abs(layer.deviation(inputs[1])), rtol=0.02, atol=1e-3)


def test_one_style_for_all_layers_is_that_style_in_each(generator):
    latents = np.random.default_rng(5).normal(size=(3, 64))
    style = generator.styles(latents)
    images = generator.images(style, seed=1)
    assert images.shape == (3, 28, 28) and images.min() >= 0 and images.max() <= 1
    assert np.allclose(images, generator.images(np.repeat(style[:, None], styles.LAYERS, axis=1), seed=1))


def test_noise_changes_details_and_styles_change_images(generator):
    style = generator.styles(np.random.default_rng(6).normal(size=(2, 64)))
    first, other_noise = (generator.images(style, seed=seed) for seed in (1, 2))
    assert np.array_equal(first, generator.images(style, seed=1))
    without = generator.images(style, strength=0.0)
    assert np.array_equal(without, generator.images(style, seed=3, strength=0.0))
    assert 0 < np.mean(np.abs(first - other_noise)) < np.mean(np.abs(first[0] - first[1]))


def test_the_made_clothes_vary_as_real_ones_do(generator):
    (clothes, _labels), _test = data.fashion_mnist()
    made = generator.images(generator.styles(np.random.default_rng(7).normal(size=(300, 64))))
    real = clothes[:300] / 255
    assert made.mean() == pytest.approx(real.mean(), abs=0.08)
    assert made.std(axis=0).mean() == pytest.approx(real.std(axis=0).mean(), rel=0.3)


def test_the_clothes_discriminator_gives_one_score():
    assert styles.discriminator().output_shape == (None, 1)


@pytest.mark.slow
def test_both_trainings_of_the_clothes_change_every_weight():
    clothes = np.random.default_rng(8).integers(0, 256, (8, 28, 28), dtype=np.uint8)
    images = next(iter(style_training.batches(clothes, 4, seed=0)))
    made = styles.StyleGenerator(build_mapping_network(8, 2), adain)
    for training in (
        style_training.Restoring(made),
        style_training.Adversarial(made, styles.discriminator()),
    ):
        before = models.named_weights(made.networks())
        for _step in range(2):  # with and without the penalty
            losses = training.step(images)
        assert all(np.isfinite(float(loss)) for loss in losses.values())
        after = models.named_weights(made.networks())
        assert all(not np.array_equal(before[name], after[name]) for name in before)
