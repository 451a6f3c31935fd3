"""Lesson 03: right answers of other makes pass, and what the lesson says of the libraries is so."""

import numpy as np
import pytest

from labs.check import grade


def _flip_answers():
    import keras
    import tensorflow as tf

    return {
        "np.flip": lambda images: np.flip(images, axis=2),
        "tf.reverse": lambda images: tf.reverse(images, axis=[2]),
        "keras.ops": lambda images: keras.ops.flip(images, axis=-2),
        "lists": lambda images: [[row[::-1].tolist() for row in image] for image in images],
    }


def _shift_by_loops(image, dx, dy, fill=0):
    output = np.full(image.shape, fill, image.dtype)
    for row in range(image.shape[0]):
        for column in range(image.shape[1]):
            if 0 <= row - dy < image.shape[0] and 0 <= column - dx < image.shape[1]:
                output[row, column] = image[row - dy, column - dx]
    return output


def _shift_by_roll(image, dx, dy, fill=0):
    output = np.roll(image, (dy, dx), axis=(0, 1))
    rows, columns = np.indices(image.shape[:2])
    outside = (rows - dy < 0) | (rows - dy >= image.shape[0]) | (columns - dx < 0)
    output[outside | (columns - dx >= image.shape[1])] = fill
    return output


def _datagen_answers():
    import tensorflow as tf

    kind = tf.keras.preprocessing.image.ImageDataGenerator
    same = dict(rotation_range=15.0, horizontal_flip=True, rescale=1.0 / 255, validation_split=0.2)
    shifts = dict(width_shift_range=0.1, height_shift_range=0.1)
    return {
        "zoom as limits": lambda: kind(**same, **shifts, zoom_range=(0.9, 1.1)),
        "scaled by a function": lambda: kind(
            **same | {"rescale": None},
            **shifts,
            zoom_range=0.1,
            preprocessing_function=lambda image: image / 255,
        ),
    }


def _augmenter_answers():
    import keras
    from keras import layers

    moving = dict(fill_mode="nearest")

    def one_by_one():
        model = keras.Sequential(name="mine")
        model.add(layers.Rescaling(1 / 255))
        model.add(layers.RandomFlip(mode="horizontal", seed=3))
        model.add(layers.RandomRotation((-15 / 360, 15 / 360), **moving))
        model.add(layers.RandomTranslation((-0.1, 0.1), width_factor=0.1, **moving))
        model.add(layers.RandomZoom(0.1, width_factor=(-0.1, 0.1), **moving))
        return model

    def functional():
        inputs = x = keras.Input((None, None, None))
        x = layers.RandomRotation(1 / 24, **moving)(x)
        x = layers.RandomTranslation(0.1, 0.1, **moving)(x)
        x = layers.RandomZoom(0.1, 0.1, **moving)(x)
        return keras.Model(inputs, layers.Rescaling(1 / 255)(layers.RandomFlip("horizontal")(x)))

    return {"one by one, flip first": one_by_one, "functional": functional}


def _dataset_answers():
    import tensorflow as tf

    def in_another_style(x, y, augmenter, batch_size):
        @tf.function
        def augment(images, labels):
            return augmenter(images, training=True), labels

        images, labels = (tf.data.Dataset.from_tensor_slices(part) for part in (x, y))
        dataset = tf.data.Dataset.zip((images, labels)).cache().shuffle(10_000, seed=1)
        dataset = dataset.batch(batch_size, num_parallel_calls=2)
        return dataset.map(augment, num_parallel_calls=tf.data.AUTOTUNE).prefetch(tf.data.AUTOTUNE)

    def with_options(x, y, augmenter, batch_size):
        dataset = tf.data.Dataset.from_tensor_slices((x, y)).shuffle(len(x)).batch(batch_size)
        dataset = dataset.map(lambda images, labels: (augmenter(images, training=True), labels))
        return dataset.prefetch(1).with_options(tf.data.Options())

    return {"in another style": in_another_style, "with options": with_options}


def _mixup_answers():
    import tensorflow as tf

    def with_tensors(x1, y1, x2, y2, weight):
        return tuple(weight * tf.constant(a) + (1 - weight) * tf.constant(b) for a, b in ((x1, x2), (y1, y2)))

    def as_a_list(x1, y1, x2, y2, weight):
        return [x2 + weight * (x1 - x2), y2 + weight * (y1 - y2)]

    return {"with tensors": with_tensors, "as a list": as_a_list}


def _cutout_by_mask(image, top, left, size):
    rows, columns = np.indices(image.shape[:2])
    inside = (top <= rows) & (rows < top + size) & (left <= columns) & (columns < left + size)
    mask = inside if image.ndim == 2 else inside[..., None]
    return np.where(mask, image.dtype.type(0), image)


ANSWERS = {
    "flip_horizontal": _flip_answers,
    "shift_image": lambda: {"loops": _shift_by_loops, "roll": _shift_by_roll},
    "build_datagen": _datagen_answers,
    "build_augmenter": _augmenter_answers,
    "training_dataset": _dataset_answers,
    "mixup": _mixup_answers,
    "cutout": lambda: {"mask": _cutout_by_mask},
}


@pytest.mark.parametrize("name", ANSWERS)
def test_right_answers_of_other_makes_pass(name):
    for make, answer in ANSWERS[name]().items():
        result = grade(name, answer)
        assert result.status == "passed", f"{make}: {result.message}"


def test_width_shift_moves_up_and_down():
    """The lesson says so; when Keras mends it, this test asks for a new text."""
    import tensorflow as tf

    rows = np.broadcast_to(np.arange(40.0)[:, None, None], (40, 40, 1))
    generator = tf.keras.preprocessing.image.ImageDataGenerator(width_shift_range=0.3)
    moved = generator.random_transform(rows, seed=1)
    assert np.abs(moved - rows).max() > 1  # rows changed places
    assert np.ptp(moved, axis=1).max() < 1e-6  # and within a row all stayed alike


def test_layers_rest_outside_training():
    from labs.exercises.augmentation import build_augmenter

    images = np.random.default_rng(0).uniform(0, 255, (4, 20, 20, 3)).astype("float32")
    augmenter = build_augmenter()
    assert np.allclose(augmenter(images, training=False), images / 255, atol=1e-6)
    assert not np.allclose(augmenter(images, training=True), images / 255, atol=1e-2)
