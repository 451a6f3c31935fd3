"""Learning from few images: subsets, the network, the curves, and the stored results of lesson 03."""

import numpy as np
import pytest

from labs import small_data
from labs.errors import CourseError

LABELS = np.repeat(np.arange(3), [10, 20, 30])[np.random.default_rng(0).permutation(60)]


def test_subset_is_balanced_shuffled_and_follows_the_seed():
    chosen = small_data.balanced_subset(LABELS, 8, seed=1)
    assert len(np.unique(chosen)) == 24
    assert np.bincount(LABELS[chosen]).tolist() == [8, 8, 8]
    assert not np.array_equal(LABELS[chosen], np.sort(LABELS[chosen]))
    assert np.array_equal(chosen, small_data.balanced_subset(LABELS, 8, seed=1))
    assert not np.array_equal(chosen, small_data.balanced_subset(LABELS, 8, seed=2))


def test_subset_of_too_small_a_class_is_refused_in_one_line():
    with pytest.raises(CourseError, match=r"^Class 0 has 10 examples, 11 are asked for: [^\n]+$"):
        small_data.balanced_subset(LABELS, 11)


def test_network_takes_scaled_images_or_an_augmenter():
    import keras

    images = np.random.default_rng(0).uniform(0, 255, (4, 28, 28, 1)).astype("float32")
    plain = small_data.small_cnn()
    scaling = small_data.small_cnn(keras.Sequential([keras.layers.Rescaling(1 / 255)]))
    scaling.set_weights(plain.get_weights())
    assert plain.count_params() == scaling.count_params()
    assert np.allclose(plain.predict(images / 255, verbose=0), scaling.predict(images, verbose=0), atol=1e-5)
    assert np.allclose(plain.predict(images / 255, verbose=0).sum(axis=1), 1, atol=1e-5)


def test_training_learns_few_images_by_heart():
    import labs

    random = np.random.default_rng(0)
    images, labels = random.uniform(0, 1, (40, 28, 28, 1)).astype("float32"), np.arange(40) % 10
    model = small_data.small_cnn()
    history = small_data.train(model, images, labels)
    assert len(history.epoch) == 1
    assert labs.accuracy(model, images, labels)[0] > 0.9


def test_validation_curves_measure_each_part_after_each_epoch():
    import tensorflow as tf

    generator = tf.keras.preprocessing.image.ImageDataGenerator()
    images, labels = np.random.default_rng(0).uniform(0, 1, (20, 28, 28, 1)), np.arange(20) % 10
    batches = [generator.flow(images, labels, batch_size=10, shuffle=False) for _part in range(3)]
    parts = {"one": batches[1], "two": batches[2]}
    model = small_data.small_cnn()
    curves = small_data.validation_curves(model, batches[0], parts, epochs=2)
    assert {name: len(values) for name, values in curves.items()} == {"one": 2, "two": 2}
    assert curves["one"] == curves["two"]
    assert curves["one"][-1] == pytest.approx(model.evaluate(images, labels, verbose=0)[1])


def test_speed_counts_images_and_leaves_the_first_batch_out(monkeypatch):
    taken = []

    def batches():
        while True:
            taken.append(1)
            yield np.zeros((50, 2)), np.zeros(50)

    clock = iter([10.0, 14.0])
    monkeypatch.setattr(small_data.time, "perf_counter", lambda: next(clock))
    assert small_data.images_per_second(batches(), images=200) == 50
    assert len(taken) == 5


def test_stored_accuracies_are_those_of_the_file():
    stored = small_data.stored_accuracies()
    assert list(stored) == ["none", "gentle", "strong", "strong, unblurred"]
    for sizes, accuracies in stored.values():
        assert sizes.tolist() == [25, 50, 100, 200]
        assert accuracies.shape == (4, 5)
        assert ((accuracies > 0.5) & (accuracies < 0.95)).all()


def test_gentle_augmentation_gains_what_the_lesson_says():
    stored = small_data.stored_accuracies()
    sizes, without = stored["none"]
    gains = stored["gentle"][1] - without
    errors = gains.std(axis=1, ddof=1) / gains.shape[1] ** 0.5
    for size in (50, 100):
        at = sizes.tolist().index(size)
        assert gains[at].mean() > 0.02
        assert gains[at].mean() > 2 * errors[at]


def test_most_of_what_the_strong_augmentation_loses_is_blur():
    stored = {
        name: accuracies.mean(axis=1) for name, (_sizes, accuracies) in small_data.stored_accuracies().items()
    }
    lost, left = stored["none"] - stored["strong"], stored["none"] - stored["strong, unblurred"]
    assert (lost > 0).all()
    assert (left < lost / 2).all()
