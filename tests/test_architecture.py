"""Networks looked at without training, and several trained at once."""

import keras
import numpy as np
import pytest
from keras import layers

import labs
from labs.check import grade


def _chain(depth):
    stack = [layers.Conv2D(4, 3, padding="same", kernel_initializer="zeros") for _number in range(depth)]
    return keras.Sequential(
        [
            keras.Input((6, 6, 1)),
            *stack,
            layers.GlobalAveragePooling2D(),
            layers.Dense(3, activation="softmax"),
        ]
    )


def test_blueprint_counts_like_the_model_itself():
    for build in (lambda: _chain(2), lambda: keras.Sequential([keras.Input((5,)), layers.Dense(7)])):
        assert labs.blueprint(build).count_params() == build().count_params()


def test_blueprint_hands_its_arguments_on():
    assert labs.blueprint(_chain, depth=3).count_params() == _chain(3).count_params()


def _huge():
    return keras.Sequential([keras.Input((1_000_000,)), layers.Dense(1_000_000)])


def test_blueprint_takes_no_memory_for_weights():
    assert labs.blueprint(_huge).count_params() == 10**12 + 10**6  # 4 TB of numbers


def test_blueprint_leaves_nothing_behind_for_a_later_layer_to_fill_in():
    class Doubled(layers.Layer):
        def call(self, x):
            return 2 * x

    labs.blueprint(_huge)
    model = keras.Sequential([keras.Input((4,)), Doubled()])  # Keras works out what `call` returns
    assert model.output_shape == (None, 4)


def test_gradient_norms_are_those_of_a_tape():
    keras.utils.set_random_seed(0)
    model = keras.Sequential(
        [
            keras.Input((6, 6, 1)),
            layers.Conv2D(4, 3),
            layers.Conv2D(2, 1),
            layers.GlobalAveragePooling2D(),
            layers.Dense(3, activation="softmax"),
        ]
    )
    random = np.random.default_rng(0)
    images, labels = random.normal(size=(8, 6, 6, 1)).astype("float32"), np.arange(8) % 3
    norms = labs.gradient_norms(model, images, labels)
    kernel = model.layers[0].kernel
    before, step, slope = kernel.numpy(), 1e-2, np.zeros(kernel.shape)
    for place in np.ndindex(*kernel.shape):
        losses = []
        for sign in (1, -1):
            moved = before.copy()
            moved[place] += sign * step
            kernel.assign(moved)
            chosen = np.asarray(model(images))[np.arange(8), labels]
            losses.append(-np.log(chosen).mean())
        slope[place] = (losses[0] - losses[1]) / (2 * step)
    assert len(norms) == 2
    assert norms[0] == pytest.approx(np.linalg.norm(slope), rel=1e-2)


def test_networks_side_by_side_learn_as_each_would_alone():
    random = np.random.default_rng(0)
    x = random.normal(size=(120, 2)).astype("float32")
    y = (x[:, 0] > 0).astype(int)

    def build(seed):
        return keras.Sequential(
            [
                keras.Input((2,)),
                layers.Dense(
                    2, activation="softmax", kernel_initializer=keras.initializers.GlorotNormal(seed)
                ),
            ]
        )

    models = {"first, small": build(1), "second": build(2)}
    keras.utils.set_random_seed(3)
    learned = labs.train_side_by_side(
        models, x, y, epochs=3, batch_size=40, optimizer=keras.optimizers.Adam(0.1)
    )
    alone = build(1)
    alone.compile(keras.optimizers.Adam(0.1), "sparse_categorical_crossentropy", metrics=["accuracy"])
    keras.utils.set_random_seed(3)
    history = alone.fit(x, y, epochs=3, batch_size=40, verbose=0).history
    assert list(learned) == ["first, small", "second"]
    assert learned["first, small"] == pytest.approx(history["accuracy"])
    assert np.allclose(models["first, small"].get_weights()[0], alone.get_weights()[0], atol=1e-5)


# ----------------------------------------------------------------- blocks written in other ways


def _residual_with_ops(x, filters, stride=1):
    shortcut = x
    if stride > 1 or filters != x.shape[-1]:
        shortcut = layers.Conv2D(filters, 1, stride, padding="same", use_bias=False)(shortcut)
        shortcut = layers.BatchNormalization()(shortcut)
    y = layers.ZeroPadding2D(1)(x) if stride == 1 else x
    y = layers.Conv2D(filters, 3, stride, padding="valid" if stride == 1 else "same", use_bias=False)(y)
    y = keras.ops.relu(layers.BatchNormalization()(y))
    y = layers.BatchNormalization()(layers.Conv2D(filters, (3, 3), padding="same", use_bias=False)(y))
    return layers.Activation("relu")(y + shortcut)


def _inception_backwards(x, filters):
    def convolution(inputs, number, kernel):
        return keras.ops.relu(layers.Conv2D(number, kernel, padding="same")(inputs))

    pool = convolution(layers.MaxPooling2D((3, 3), (1, 1), "same")(x), filters[5], 1)
    five = convolution(convolution(x, filters[3], 1), filters[4], 5)
    three = convolution(convolution(x, filters[1], 1), filters[2], 3)
    return keras.ops.concatenate([convolution(x, filters[0], 1), three, five, pool], axis=-1)


def _dense_with_a_list(start, count, rate):
    maps = [start]
    for _number in range(count):
        x = keras.layers.concatenate(maps) if len(maps) > 1 else maps[0]
        x = keras.layers.Activation("relu")(keras.layers.BatchNormalization()(x))
        maps.append(keras.layers.Conv2D(rate, 3, padding="same", use_bias=False)(x))
    return keras.layers.concatenate(maps)


def _transition_pooled_first(x, compression=0.5):
    y = keras.ops.relu(layers.BatchNormalization()(x))
    y = layers.AveragePooling2D(2)(y)  # a 1×1 convolution and a mean may change places
    return layers.Conv2D(int(compression * x.shape[-1]), (1, 1), use_bias=False)(y)


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("residual_block", _residual_with_ops),
        ("inception_block", _inception_backwards),
        ("dense_block", _dense_with_a_list),
        ("transition", _transition_pooled_first),
    ],
)
def test_right_blocks_of_any_style_pass(name, answer):
    result = grade(name, lambda *arguments: answer(*arguments))
    assert result.status == "passed", result.message


def test_a_model_in_place_of_a_tensor_is_named():
    result = grade("transition", lambda x, compression=0.5: keras.Model(x, layers.ReLU()(x)))
    assert result.status == "wrong"
    assert "Return the tensor that the last layer gives" in result.message
    assert "<tensor of shape (None, 6, 6, 6)>" in result.message


def test_a_block_without_return_is_named():
    def forgotten(x, compression=0.5):
        x = layers.ReLU()(x)

    assert "Is a `return` missing" in grade("transition", forgotten).message
