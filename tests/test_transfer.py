"""What lesson 05 takes from `labs`: learning curves, a folded summary, checked images, and facts about Keras."""

import keras
import numpy as np
import pytest
from keras import layers

import labs
from labs import models


def two_groups(count=40, seed=0):
    """Points of two classes that a line can part, as (inputs, labels)."""
    random = np.random.default_rng(seed)
    labels = random.integers(0, 2, count)
    return (random.normal(size=(count, 3)) + 4 * labels[:, None]).astype("float32"), labels


def small_classifier():
    """A compiled softmax regression."""
    model = keras.Sequential([keras.Input((3,)), layers.Dense(2, activation="softmax")])
    model.compile(keras.optimizers.Adam(0.05), loss="sparse_categorical_crossentropy")
    return model


def test_learning_curve_has_an_accuracy_for_each_epoch_and_rises():
    keras.utils.set_random_seed(0)
    curve = labs.learning_curve(
        small_classifier(), two_groups(), two_groups(seed=1), epochs=20, batch_size=10
    )
    assert len(curve) == 20
    assert curve[-1] > 0.95 and curve[-1] >= curve[0]


def test_learning_curve_starts_the_optimizer_afresh():
    model = small_classifier()
    start = model.get_weights()
    curves, ends = [], []
    for _repeat in range(2):
        model.set_weights(start)
        curves.append(labs.learning_curve(model, two_groups(), two_groups(seed=1), epochs=3))
        ends.append(model.get_weights())
    assert curves[0] == curves[1]
    assert all(np.allclose(one, two, atol=1e-6) for one, two in zip(*ends, strict=True))
    assert float(model.optimizer.learning_rate.numpy()) == pytest.approx(0.05)


def test_learning_curve_does_not_train_what_is_frozen():
    model = keras.Sequential([keras.Input((3,)), layers.Dense(4), layers.Dense(2, activation="softmax")])
    model.layers[0].trainable = False
    model.compile("adam", loss="sparse_categorical_crossentropy")
    before = model.layers[0].get_weights()
    labs.learning_curve(model, two_groups(), two_groups(seed=1), epochs=2)
    assert all(
        np.array_equal(one, two) for one, two in zip(before, model.layers[0].get_weights(), strict=True)
    )


def test_fold_gathers_all_layers_and_parameters():
    model = models.efficientnet_lite0(224)
    rows = models.fold(model)
    assert len(rows) == 6
    assert [shape[0] for _name, _count, shape, _parameters in rows] == [112, 56, 28, 14, 7, 1000]
    assert sum(count for _name, count, _shape, _parameters in rows) == len(model.layers) - 1
    assert sum(parameters for *_row, parameters in rows) == model.count_params()


@pytest.mark.parametrize(
    ("shape", "scale", "says"),
    [
        ((2, 8, 8, 3), 1.0, None),
        ((2, 9, 8, 3), 1.0, r"shape \(2, 9, 8, 3\); the network takes \(N, 8, 8, 3\): resize"),
        ((8, 8, 3), 1.0, r"shape \(8, 8, 3\)"),
        ((2, 8, 8, 3), 255.0, "range from -255 to 255; preprocessed once"),
        ((2, 8, 8, 3), 0.01, "range from -0.01 to 0.01"),
    ],
)
def test_required_images(shape, scale, says):
    model = keras.Sequential([keras.Input((8, 8, 3)), layers.Flatten()])
    images = np.linspace(-scale, scale, int(np.prod(shape)), dtype=np.float32).reshape(shape)
    if says is None:
        models.require_images(model, images)
    else:
        with pytest.raises(labs.CourseError, match=says) as caught:
            models.require_images(model, images)
        assert "\n" not in str(caught.value)


# Facts about Keras that the lesson states.


def test_outer_model_overrides_training_false():
    norm, image = layers.BatchNormalization(), keras.Input((2,))
    outer = keras.Model(image, norm(image, training=False))
    outer(np.ones((4, 2)), training=True)
    assert np.any(norm.moving_mean)


def test_frozen_batch_norm_works_in_inference_mode():
    norm = layers.BatchNormalization()
    norm.trainable = False
    values = np.arange(8.0).reshape(4, 2)
    assert np.allclose(norm(values, training=True), norm(values, training=False))
    assert not np.any(norm.moving_mean)


def test_trainable_is_fixed_by_the_first_step():
    model = keras.Sequential([keras.Input((3,)), layers.Dense(4), layers.Dense(2, activation="softmax")])
    first = model.layers[0]
    first.trainable = False
    model.compile("sgd", loss="sparse_categorical_crossentropy")
    inputs, labels = two_groups()
    model.train_on_batch(inputs, labels)
    first.trainable = True
    before = first.get_weights()[0]
    model.train_on_batch(inputs, labels)
    assert np.array_equal(before, first.get_weights()[0])
    model.compile("sgd", loss="sparse_categorical_crossentropy")
    model.train_on_batch(inputs, labels)
    assert not np.array_equal(before, first.get_weights()[0])
