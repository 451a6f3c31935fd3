"""Measure what patience gives in lesson 04: `python tools/measure_longer_training.py`.

It trains the reference of the lesson's challenge three times, for minutes each, and writes
labs/results/longer_training.csv.
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import labs

SEEDS = range(3)
EPOCHS = 6  # over the images and their mirror images


def main():
    """Train, measure, write; one line a seed."""
    labs.start()
    from labs.stored import write_table

    write_table("longer_training", ["seed", "accuracy"], measured())


def measured():
    """One row a seed: the seed and the test accuracy on Fashion-MNIST."""
    import keras
    import numpy as np

    from labs import data
    from labs.exercises.modern_cnns import build_efficient_cnn

    (x_train, y_train), (x_test, y_test) = data.fashion_mnist()
    images, test_images = (x[..., None] / np.float32(255) for x in (x_train, x_test))
    images, labels = np.concatenate([images, images[:, :, ::-1]]), np.concatenate([y_train, y_train])
    for seed in SEEDS:
        keras.utils.set_random_seed(seed)
        model = build_efficient_cnn()
        labs.train_classifier(model, images, labels, epochs=EPOCHS)
        yield seed, f"{labs.accuracy(model, test_images, y_test)[0]:.4f}"


if __name__ == "__main__":
    main()
