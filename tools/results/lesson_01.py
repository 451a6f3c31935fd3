"""Lesson 01: LeNet over three seeds, and the challenge."""

import statistics
import time

import keras
import numpy as np

import labs
from labs import data
from labs.exercises.cnn_basics import build_lenet
from results.challenge import challenge

SEEDS = range(3)


def measure():
    """LeNet's test accuracies and training seconds, trained as in the lesson, and the challenge's accuracies."""
    (x_train, y_train), (x_test, y_test) = data.mnist()
    images, test_images = (x[..., None] / np.float32(255) for x in (x_train, x_test))
    accuracies, seconds = [], []
    for seed in SEEDS:
        keras.utils.set_random_seed(seed)
        model = build_lenet()
        begin = time.perf_counter()
        labs.train_classifier(model, images, y_train)
        seconds.append(time.perf_counter() - begin)
        accuracies.append(round(labs.accuracy(model, test_images, y_test)[0], 4))
    lenet = {"lenet_accuracies": accuracies, "lenet_seconds": round(statistics.median(seconds), 1)}
    return lenet | challenge("build_compact_cnn")
