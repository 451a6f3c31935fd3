"""Measure the curve of lesson 03: `python tools/measure_augmentation.py` writes labs/results/augmentation.csv.

It trains 80 small networks, which takes some ten minutes on two processor cores.
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import labs

SIZES = (25, 50, 100, 200)  # images a class
SEEDS = range(5)


def main():
    """Train, measure, write; one line a network."""
    labs.start()
    from labs.stored import write_table

    write_table("augmentation", ["augmentation", "images_a_class", "seed", "accuracy"], measured())


def measured():
    """One row a network: augmentation, images a class, seed, test accuracy."""
    for name, make in augmentations().items():
        for size in SIZES:
            for seed in SEEDS:
                yield name, size, seed, f"{accuracy_of(make, size, seed):.4f}"


def augmentations():
    """Name → function that makes the augmenter, as lesson 03 shows them."""
    import keras
    from keras import layers

    from labs.exercises.augmentation import build_augmenter

    def none():
        return keras.Sequential([layers.Rescaling(1 / 255)])

    def gentle():
        return keras.Sequential(
            [
                layers.RandomFlip("horizontal"),
                layers.RandomTranslation(0.05, 0.05, fill_mode="nearest"),
                layers.Rescaling(1 / 255),
            ]
        )

    def unblurred():
        model = keras.Sequential()
        for layer in build_augmenter().layers:
            settings = layer.get_config()
            if "interpolation" in settings:
                settings["interpolation"] = "nearest"
            model.add(type(layer).from_config(settings))
        return model

    return {"none": none, "gentle": gentle, "strong": build_augmenter, "strong, unblurred": unblurred}


def accuracy_of(make, size, seed):
    """Test accuracy of one network; the seed draws its images, their order and its first weights."""
    import keras

    from labs import data, small_data

    (x_train, y_train), (x_test, y_test) = data.fashion_mnist()
    few = small_data.balanced_subset(y_train, size, seed)
    keras.backend.clear_session()
    keras.utils.set_random_seed(seed)
    model = small_data.small_cnn(make())
    small_data.train(model, x_train[few, ..., None].astype("float32"), y_train[few], seed)
    return labs.accuracy(model, x_test[..., None].astype("float32"), y_test)[0]


if __name__ == "__main__":
    main()
