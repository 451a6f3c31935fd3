"""The helpers around `fit`, and what lesson 02 says of Keras."""

import warnings

import keras
import numpy as np
import pytest
from keras import layers

import labs

IMAGES = np.random.default_rng(0).random((400, 4)).astype("float32")
LABELS = (IMAGES[:, 0] > IMAGES[:, 1]).astype(int)


def _model():
    keras.utils.set_random_seed(0)
    return keras.Sequential([keras.Input((4,)), layers.Dense(2, activation="softmax")])


def test_train_steps_are_those_of_fit():
    by_steps, by_fit = _model(), _model()
    labs.train_steps(by_steps, keras.optimizers.SGD(0.5), IMAGES, LABELS, batch_size=20)
    by_fit.compile(keras.optimizers.SGD(0.5), "sparse_categorical_crossentropy")
    by_fit.fit(IMAGES, LABELS, batch_size=20, shuffle=False, verbose=0)
    for one, two in zip(by_steps.get_weights(), by_fit.get_weights(), strict=True):
        np.testing.assert_allclose(one, two, atol=1e-5)


def test_train_steps_gives_means_of_ten_losses_that_fall():
    steps, losses = labs.train_steps(_model(), keras.optimizers.SGD(0.5), IMAGES, LABELS, batch_size=10)
    assert list(steps) == [10, 20, 30, 40]
    assert losses.shape == (4,) and losses[-1] < losses[0]


def test_train_steps_takes_another_loss():
    def nothing(labels, probabilities):
        return keras.ops.sum(0 * probabilities)

    model = _model()
    before = model.get_weights()
    _steps, losses = labs.train_steps(
        model, keras.optimizers.SGD(0.5), IMAGES, LABELS, nothing, batch_size=40
    )
    assert list(losses) == [0.0]
    assert all(np.array_equal(*pair) for pair in zip(before, model.get_weights(), strict=True))


class Counted(layers.Dense):
    """A dense layer that counts how often TensorFlow traces it."""

    traced = 0

    def call(self, x):
        self.traced += 1
        return super().call(x)


def fit_counted(callbacks):
    """How often a fit with one metric traces its only layer."""
    layer = Counted(3, activation="softmax")
    model = keras.Sequential([keras.Input((4,)), layer])
    metric = keras.metrics.SparseCategoricalAccuracy("accuracy")
    model.compile(keras.optimizers.Adam(), "sparse_categorical_crossentropy", metrics=[metric])
    layer.traced = 0
    model.fit(np.zeros((8, 4)), np.zeros(8), verbose=0, callbacks=callbacks)
    return layer.traced


def test_with_a_bar_the_training_step_is_traced_once():
    assert fit_counted([]) > 1  # else Keras has mended it, and BuildOptimizer can go
    assert fit_counted([labs.ProgressBar()]) == 1


def test_a_bar_waits_for_weights_that_the_first_batch_makes():
    model = keras.Sequential([layers.Dense(2)])
    model.compile("adam", "mse")
    model.fit(np.zeros((8, 4)), np.zeros((8, 2)), verbose=0, callbacks=[labs.ProgressBar()])
    assert len(model.trainable_variables) == 2


def test_a_bar_builds_no_optimizer_where_train_step_brings_its_own():
    class Own(keras.Model):
        def train_step(self, batch):
            return {"loss": 0.0}

    model = Own()
    model.compile()
    model.fit(np.zeros((8, 4)), verbose=0, callbacks=[labs.ProgressBar()])
    assert not model.optimizer.built


def test_keras_warns_of_probabilities_as_logits():
    """Lesson 02, section 2: `from_logits=True` with a softmax at the end."""
    model = _model()
    model.compile("sgd", keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    with pytest.warns(UserWarning, match="does not represent logits"):
        model.evaluate(IMAGES, LABELS, verbose=0)


def test_old_learning_rate_name_does_nothing():
    """Lesson 02, From older Keras."""
    optimizer = keras.optimizers.SGD(learning_rate=0.1)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        optimizer.lr = 0.5
    assert float(optimizer.learning_rate) == pytest.approx(0.1)


def test_model_in_h5_is_saved_as_legacy(tmp_path, caplog):
    """Lesson 02, From older Keras."""
    model = _model()
    with caplog.at_level("WARNING", logger="absl"):
        model.save(tmp_path / "model.h5")
    assert "legacy" in caplog.text
    np.testing.assert_array_equal(
        keras.models.load_model(tmp_path / "model.h5")(IMAGES[:3]), model(IMAGES[:3])
    )
