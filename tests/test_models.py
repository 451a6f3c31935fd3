"""Models compared by behavior."""

import keras
import pytest
from keras import layers, ops

from labs.check import exercise, grade
from labs.checking.judge import judge


def _lenet_functional(activation="relu", pooling=layers.AveragePooling2D, last="softmax"):
    inputs = keras.Input((28, 28, 1))
    x = inputs
    for filters in (6, 16):
        x = layers.Activation(activation)(layers.Conv2D(filters, 5)(x))
        x = pooling(2)(x)
    x = layers.Flatten()(x)
    for units in (128, 84):
        x = ops.relu(layers.Dense(units)(x)) if activation == "relu" else layers.Dense(units, activation)(x)
    return keras.Model(inputs, layers.Dense(10, activation=last)(x))


def _lenet_nested():
    features = keras.Sequential(
        [
            layers.Conv2D(6, 5, activation="relu"),
            layers.AveragePooling2D(2),
            layers.Conv2D(16, 5, activation="relu"),
            layers.AveragePooling2D(2),
        ]
    )
    classifier = keras.Sequential(
        [
            layers.Dense(128, activation="relu"),
            layers.Dense(84, activation="relu"),
            layers.Dense(10),
            layers.Softmax(),
        ]
    )
    return keras.Sequential([keras.Input((28, 28, 1)), features, layers.Reshape((256,)), classifier])


class _LenetSubclassed(keras.Model):
    def __init__(self):
        super().__init__()
        self.stack = [layers.Conv2D(6, 5, activation="relu"), layers.AveragePooling2D(2)]
        self.stack += [layers.Conv2D(16, 5, activation="relu"), layers.AveragePooling2D(2), layers.Flatten()]
        self.stack += [layers.Dense(units, activation="relu") for units in (128, 84)]
        self.stack += [layers.Dense(10, activation="softmax")]

    def call(self, x):
        for layer in self.stack:
            x = layer(x)
        return x


@pytest.mark.parametrize("build", [_lenet_functional, _lenet_nested, _LenetSubclassed])
def test_right_models_of_any_style_pass(build):
    result = grade("build_lenet", lambda: build())
    assert result.status == "passed", result.message


@pytest.mark.parametrize(
    "options",
    [
        {"activation": "tanh"},
        {"pooling": layers.MaxPooling2D},
        {"last": None},
        {"last": "sigmoid"},
        {"activation": "gelu"},
    ],
)
def test_equal_counts_do_not_make_equal_models(options):
    assert grade("build_lenet", lambda: _lenet_functional(**options)).status == "wrong"


def test_messages_name_what_differs():
    wrong = keras.Sequential(
        [keras.Input((28, 28, 1)), layers.Flatten(), layers.Dense(10, activation="softmax")]
    )
    assert "7,850 trainable parameters; expected are 47,154" in grade("build_lenet", lambda: wrong).message
    assert (
        "outputs of shape"
        in grade(
            "build_lenet", lambda: keras.Sequential([keras.Input((28, 28, 1)), layers.Flatten()])
        ).message
    )
    assert "expected is a Keras model" in grade("build_lenet", lambda: [1, 2]).message
    assert grade("build_lenet", lambda: keras.Sequential()).status in ("wrong", "error")
    assert grade("build_lenet", wrong).status in ("wrong", "error")


@exercise(cases=[{"units": 3}, {"units": 5}, {"units": 8}], hints=["a", "b"], seconds=60.0)
def build_block(units):
    """Dense, batch normalization, ReLU, dropout."""
    stack = [
        keras.Input((7,)),
        layers.Dense(units),
        layers.BatchNormalization(),
        layers.ReLU(),
        layers.Dropout(0.25),
    ]
    return keras.Sequential(stack)


BLOCK = build_block.reference  # during a check the exercise's own name means the answer


@build_block.mistake("ReLU comes after the normalization.")
def relu_first(units):
    return keras.Sequential(
        [
            keras.Input((7,)),
            layers.Dense(units),
            layers.ReLU(),
            layers.BatchNormalization(),
            layers.Dropout(0.25),
        ]
    )


def _block(*stack):
    return lambda units: keras.Sequential(
        [keras.Input((7,)), layers.Dense(units), *[one(units) for one in stack]]
    )


def _normalization(_units):
    return layers.BatchNormalization()


def _relu(_units):
    return layers.ReLU()


def _dropout(rate):
    return lambda _units: layers.Dropout(rate)


def test_training_mode_counts():
    assert judge(build_block, build_block.reference).status == "passed"
    assert judge(build_block, _block(_normalization, _relu, _dropout(0.25))).status == "passed"
    assert "fixed" in judge(build_block, _block(_normalization, _relu)).message
    assert "dropout rates" in judge(build_block, _block(_normalization, _relu, _dropout(0.6))).message
    assert judge(build_block, relu_first).mistake == "relu_first"


def _branches(order):
    def build(filters):
        inputs = keras.Input((8, 8, 2))
        first = layers.Conv2D(filters, 3, padding="same", activation="relu")
        second = layers.Conv2D(filters, 3, padding="same")
        branches = [first(inputs), second(inputs)]
        return keras.Model(inputs, layers.Add()([branches[place] for place in order]))

    return build


@exercise(cases=[{"filters": 2}, {"filters": 3}, {"filters": 4}], hints=["a", "b"], seconds=60.0)
def build_branches(filters):
    """d"""
    return _branches((0, 1))(filters)


def test_branches_may_be_added_in_either_order():
    assert judge(build_branches, _branches((1, 0))).status == "passed"
    assert judge(build_branches, _branches((1, 1))).status == "wrong"


def _deep(activation):
    def build(blocks):
        x = inputs = keras.Input((6, 6, 2))
        for _block in range(blocks):
            x = layers.Add()([x, layers.Conv2D(2, 3, padding="same", activation=activation)(x)])
        return keras.Model(inputs, layers.Dense(3, activation="softmax")(layers.Flatten()(x)))

    return build


@exercise(cases=[{"blocks": 2}, {"blocks": 6}, {"blocks": 12}], hints=["a", "b"], seconds=60.0)
def build_deep(blocks):
    """d"""
    return _deep("relu")(blocks)


@pytest.mark.parametrize("activation", ["leaky_relu", "relu6", "elu", "tanh"])
def test_deep_models_are_told_apart(activation):
    assert judge(build_deep, _deep("relu")).status == "passed"
    assert judge(build_deep, _deep(activation)).status == "wrong"


def test_models_with_named_outputs():
    def build(units):
        inputs = keras.Input((3,))
        return keras.Model(inputs, {"a": layers.Dense(units)(inputs), "b": layers.Dense(1)(inputs)})

    named = exercise(cases=[{"units": 2}, {"units": 3}, {"units": 4}], hints=["a", "b"], seconds=60.0)(build)
    assert judge(named, build).status == "passed"


def test_frozen_layers_count():
    def frozen(units):
        model = BLOCK(units)
        model.layers[0].trainable = False
        return model

    assert "trainable parameters" in judge(build_block, frozen).message


@exercise(cases=[{"latent": 2}, {"latent": 3}, {"latent": 4}], hints=["a", "b"], seconds=60.0)
def build_pair(latent):
    """Encoder and decoder."""
    encoder = keras.Sequential([keras.Input((6,)), layers.Dense(latent, activation="tanh")])
    decoder = keras.Sequential([keras.Input((latent,)), layers.Dense(6)])
    return encoder, decoder


PAIR = build_pair.reference


def test_several_models_at_once():
    assert judge(build_pair, lambda latent: list(PAIR(latent))).status == "passed"
    swapped = judge(build_pair, lambda latent: PAIR(latent)[::-1])
    assert "Element 0" in swapped.message


def test_models_as_arguments_are_fresh_for_each_run():
    def cases():
        keras.utils.set_random_seed(0)
        return [{"model": keras.Sequential([keras.Input((3,)), layers.Dense(2), layers.Dense(1)])}]

    @exercise(cases=cases, hints=["a", "b"], seconds=60.0)
    def freeze_first(model):
        """Freeze the first layer."""
        model.layers[0].trainable = False
        return model

    assert judge(freeze_first, freeze_first.reference).status == "passed"
    assert judge(freeze_first, lambda model: model).status == "wrong"
