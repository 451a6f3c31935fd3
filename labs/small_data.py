"""Learning from few images: subsets, the network of lesson 03, and what it reached over many seeds."""

import time

import keras
import numpy as np
from keras import layers

from labs.errors import CourseError
from labs.stored import table
from labs.text import _
from labs.training import ProgressBar, endless_batches

STEPS = 1200
BATCH_SIZE = 32
STEPS_AT_ONCE = 50  # batches a call: less waiting between them


def balanced_subset(labels, per_class, seed=0):
    """Indices of `per_class` examples of each class, drawn without replacement, in shuffled order.

    Args:
        labels: int array (N,).
        per_class, seed: ints.

    Returns:
        int array (classes · per_class,).

    Raises:
        CourseError: a class has fewer examples.
    """
    random = np.random.default_rng(seed)
    chosen = []
    for label in np.unique(labels):
        members = np.flatnonzero(labels == label)
        if len(members) < per_class:
            sentence = _(
                "Class {label} has {count} examples, {per_class} are asked for: take a smaller number."
            )
            raise CourseError(sentence.format(label=label, count=len(members), per_class=per_class))
        chosen.append(random.permutation(members)[:per_class])
    return random.permutation(np.concatenate(chosen))


def small_cnn(augmenter=None):
    """A convnet of 24,000 parameters for ten classes, behind an augmenter.

    Args:
        augmenter: Keras model from images (N, 28, 28, 1), 0 to 255, to images of that shape, 0 to 1; without
            one, the images come from 0 to 1.

    Returns:
        keras.Sequential, not compiled, to 10 probabilities.
    """
    model = keras.Sequential([keras.Input((28, 28, 1))] + ([augmenter] if augmenter else []))
    for filters in (16, 32, 64):
        model.add(layers.Conv2D(filters, 3, strides=2, padding="same", use_bias=False))
        model.add(layers.BatchNormalization(momentum=0.9))
        model.add(layers.ReLU())
    model.add(layers.GlobalAveragePooling2D())
    model.add(layers.Dense(10, activation="softmax"))
    return model


def train(model, images, labels, seed=0):
    """Fit a classifier for 1,200 steps of 32 images, whatever the number of images, with a falling learning rate.

    Args:
        model: Keras model from images to probabilities of integer labels.
        images, labels: arrays of the training examples.
        seed: int, of their order.

    Returns:
        keras.callbacks.History.
    """
    rate = keras.optimizers.schedules.CosineDecay(4e-3, decay_steps=STEPS)
    model.compile(
        keras.optimizers.Adam(rate),
        loss="sparse_categorical_crossentropy",
        metrics=[keras.metrics.SparseCategoricalAccuracy("accuracy")],
        steps_per_execution=STEPS_AT_ONCE,
    )
    batches = endless_batches((images, labels), BATCH_SIZE, seed)
    return model.fit(batches, shuffle=False, steps_per_epoch=STEPS, verbose=0, callbacks=[ProgressBar()])


def validation_curves(model, training, validation, epochs):
    """Fit a model on batches, and measure its accuracy on several validation parts after each epoch.

    Args:
        model: Keras model from images to probabilities of integer labels.
        training: iterator of batches (images, labels), as `ImageDataGenerator.flow` gives them.
        validation: dict name → such an iterator.
        epochs: int.

    Returns:
        dict name → list of accuracies, one an epoch.
    """
    model.compile(
        keras.optimizers.Adam(2e-3),
        loss="sparse_categorical_crossentropy",
        metrics=[keras.metrics.SparseCategoricalAccuracy("accuracy")],
    )
    curves = {name: [] for name in validation}

    def measure(_epoch, _logs):
        for name, batches in validation.items():
            curves[name].append(model.evaluate(batches, verbose=0)[1])

    after_epoch = keras.callbacks.LambdaCallback(on_epoch_end=measure)
    model.fit(training, epochs=epochs, verbose=0, callbacks=[after_epoch, ProgressBar()])
    return curves


def images_per_second(batches, images=2_000):
    """How many images a second an endless iterator of batches (images, labels) gives, its first batch left out."""
    batches = iter(batches)
    next(batches)
    seen, begin = 0, time.perf_counter()
    while seen < images:
        seen += len(next(batches)[0])
    return round(seen / (time.perf_counter() - begin))


def stored_accuracies():
    """Test accuracies of `small_cnn` on Fashion-MNIST, measured beforehand.

    Returns:
        dict name of the augmentation → (images a class (S,), accuracies (S, seeds)), two arrays.
    """
    rows = table("augmentation")
    found = {}
    for name in dict.fromkeys(row["augmentation"] for row in rows):
        by_size = {}
        for row in rows:
            if row["augmentation"] == name:
                by_size.setdefault(int(row["images_a_class"]), []).append(float(row["accuracy"]))
        found[name] = np.array(list(by_size)), np.array(list(by_size.values()))
    return found
