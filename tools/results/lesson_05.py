"""Lesson 05: frozen features over five splits by object and three seeds, and the challenge."""

import keras
import numpy as np
from keras import layers

import labs
from labs import data, models
from labs.exercises.transfer_learning import extract_features, preprocess
from results.challenge import challenge

SEEDS = range(3)
SPLITS = range(5)


def measure():
    """Mean accuracy of the frozen features for each seed, as the lesson trains them, and the challenge's."""
    stamps = data.stamps().of("bird", "flower", "food", "household", "mammal", "vehicle")
    images = keras.ops.image.resize(stamps.on().astype("float32"), (224, 224))
    features = extract_features(models.efficientnet_lite0_backbone(), preprocess(images))
    accuracies = [_frozen_accuracy(stamps, features, seed) for seed in SEEDS]
    return {"frozen_accuracies": accuracies} | challenge("build_few_photo_head")


def _frozen_accuracy(stamps, features, seed):
    """The mean over the splits of a new head's test accuracy."""
    keras.utils.set_random_seed(seed)
    head = keras.Sequential(
        [
            keras.Input((features.shape[1],)),
            layers.Dropout(0.2),
            layers.Dense(6, activation="softmax", kernel_initializer="zeros"),
        ]
    )
    head.compile(keras.optimizers.Adam(1e-3), loss="sparse_categorical_crossentropy")
    start, accuracies = head.get_weights(), []
    for split in SPLITS:
        train, test = ((features[part], stamps.labels[part]) for part in stamps.split_indices(12, split))
        head.set_weights(start)
        accuracies.append(labs.learning_curve(head, train, test, epochs=30, seed=seed)[-1])
    return round(float(np.mean(accuracies)), 4)
