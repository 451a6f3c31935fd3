"""Lesson 02: the two-block network over three seeds, the batch-norm trap, and the challenge."""

import statistics
import time

import keras
import numpy as np
from keras import layers

import labs
from labs import data
from results.challenge import challenge

SEEDS = range(3)


def measure():
    """Test accuracies and seconds of the network of section 8, both accuracies of the trap, the challenge's."""
    (x_train, y_train), (x_test, y_test) = data.fashion_mnist()
    images, test_images = (x[..., None] / np.float32(255) for x in (x_train[:10_000], x_test))
    accuracies, seconds = [], []
    for seed in SEEDS:
        keras.utils.set_random_seed(seed)
        model = two_blocks()
        begin = time.perf_counter()
        labs.train_classifier(model, images, y_train[:10_000], epochs=3)
        seconds.append(time.perf_counter() - begin)
        accuracies.append(round(labs.accuracy(model, test_images, y_test)[0], 4))
    network = {
        "two_blocks_accuracies": accuracies,
        "two_blocks_seconds": round(statistics.median(seconds), 1),
    }
    return network | trap(images[..., 0], y_train[:10_000].astype(int)) | challenge("build_fast_learner")


def two_blocks():
    """The small two-block network, as the lesson builds it."""
    x = inputs = keras.Input((28, 28, 1))
    for filters in (8, 16):
        for _repeat in range(2):
            x = layers.Conv2D(filters, 3, padding="same", activation="relu")(x)
            x = layers.BatchNormalization(momentum=0.9)(x)
        x = layers.Dropout(0.1)(layers.MaxPooling2D(2)(x))
    x = layers.Dense(64, activation="relu")(layers.Flatten()(x))
    x = layers.BatchNormalization(momentum=0.9)(x)
    return keras.Model(inputs, layers.Dense(10, activation="softmax")(x))


def trap(images, labels):
    """Accuracies on training images of ten sigmoid layers with batch norm: at inference, and as in training."""
    measured = {}
    for momentum in (0.99, 0.9):
        for seed in SEEDS:
            keras.utils.set_random_seed(seed)
            model = keras.Sequential([keras.Input((28, 28)), layers.Flatten()])
            for _layer in range(10):
                model.add(layers.Dense(64))
                model.add(layers.BatchNormalization(momentum=momentum))
                model.add(layers.Activation("sigmoid"))
            model.add(layers.Dense(10, activation="softmax"))
            labs.train_steps(model, keras.optimizers.SGD(0.1), images, labels)
            for training, name in ((False, "inference"), (True, "training")):
                right = np.argmax(model(images[:2000], training=training), axis=1) == labels[:2000]
                key = f"trap_{name}_momentum_{str(momentum).replace('.', '')}"
                measured.setdefault(key, []).append(round(float(right.mean()), 3))
    return measured
