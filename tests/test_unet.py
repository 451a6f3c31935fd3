"""U-Nets written differently: what is right passes, whichever tensor a join takes first."""

import pytest

from labs.check import grade
from labs.exercises import segmentation as lesson


def _unet(size, classes, base, depth, join, block):
    import keras
    from keras import layers

    def level(x, filters, below):
        if not below:
            return block(x, filters)
        skip = block(x, filters)
        x = level(layers.MaxPooling2D(2)(skip), 2 * filters, below - 1)
        x = layers.Conv2DTranspose(filters, 2, strides=2)(x)
        return block(join(x, skip), filters)

    inputs = keras.Input((size, size, 3))
    return keras.Model(inputs, layers.Conv2D(classes, 1, activation="softmax")(level(inputs, base, depth)))


def _block_as_a_model(x, filters):
    import keras

    inner = keras.Input(x.shape[1:])
    return keras.Model(inner, lesson.double_conv(inner, filters))(x)


def _upsampled_first(x, skip):
    import keras

    return keras.layers.Concatenate()([x, skip])


def _skip_first(x, skip):
    import keras

    return keras.layers.Concatenate()([skip, x])


def _skip_first_without_a_layer(x, skip):
    import keras

    return keras.ops.concatenate([skip, x], axis=-1)


@pytest.mark.parametrize("join", [_upsampled_first, _skip_first, _skip_first_without_a_layer])
@pytest.mark.parametrize("block", [lesson.double_conv.reference, _block_as_a_model])
def test_either_order_of_a_join_is_right(join, block):
    def build_unet(size=64, classes=5, base=16, depth=3):
        return _unet(size, classes, base, depth, join, block)

    result = grade("build_unet", build_unet)
    assert result.status == "passed", result.message


@pytest.mark.parametrize("twice", ["upsampled", "skip"])
def test_a_join_of_one_tensor_with_itself_is_wrong(twice):
    def build_unet(size=64, classes=5, base=16, depth=3):
        def join(x, skip):
            return _upsampled_first(x, x) if twice == "upsampled" else _upsampled_first(skip, skip)

        return _unet(size, classes, base, depth, join, lesson.double_conv.reference)

    assert grade("build_unet", build_unet).status == "wrong"
