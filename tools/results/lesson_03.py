"""Lesson 03: what gentle augmentation gains over three seeds, and the challenge."""

import statistics

from measure_augmentation import accuracy_of, augmentations

from results.challenge import challenge

SIZES = (50, 100)  # images a class
SEEDS = range(3)


def measure():
    """Mean gains in test accuracy at two numbers of images a class, and the challenge's accuracies."""
    return {f"gain_at_{size}": gain(size) for size in SIZES} | challenge("build_small_data_cnn")


def gain(size):
    """Mean difference of the test accuracies with gentle augmentation and without."""
    made = augmentations()
    differences = [
        accuracy_of(made["gentle"], size, seed) - accuracy_of(made["none"], size, seed) for seed in SEEDS
    ]
    return round(statistics.mean(differences), 4)
