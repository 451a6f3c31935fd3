"""Lesson 10: three seeds of the short training and of the stored networks' training, and the challenge."""

import itertools

import keras
import numpy as np
import train_translation

from labs import data, translation
from labs.exercises.image_translation import cycle_loss, lsgan_loss
from results.challenge import challenge

SEEDS = range(3)
STEPS = 250  # those of the lesson
OTHER_SEEDS = (train_translation.SEED + 1, train_translation.SEED + 2)  # beside that of the stored networks


def measure():
    """Distance to the true partner and share of partners found, before and after, each way, a value for each seed.

    `short` is the training in the lesson; `there` and `back` the stored networks, then two whole trainings (eight
    minutes each) that differ in the seed.
    """
    train, test = (tuple(images / np.float32(255) for images in split) for split in data.emoji())
    results = {}
    for seed in SEEDS:
        _add(results, "short", _scores(_briefly_trained(train, seed), test))
    stored = translation.CycleGan(cycle_loss, lsgan_loss, *(2 * images - 1 for images in train))
    translation.load(stored)
    for gan in itertools.chain([stored], map(train_translation.trained_cyclegan, OTHER_SEEDS)):
        _add(results, "there", _scores(gan, test))
        _add(results, "back", _scores(gan, test, back=True))
    return results | challenge("build_translator")


def _briefly_trained(train, seed):
    keras.utils.set_random_seed(seed)
    scaled = [2 * images - 1 for images in train]
    gan = translation.CycleGan(cycle_loss, lsgan_loss, *scaled)
    batches = translation.unpaired_batches(*scaled, size=16, seed=seed)
    for batch in itertools.islice(batches, STEPS):
        gan.step(batch)
    gan.average()
    return gan


def _scores(gan, test, back=False):
    inputs, truths = reversed(test) if back else test
    network = gan.to_google if back else gan.to_twitter
    return translation.compare(translation.translated(network, 2 * inputs - 1), inputs, truths)


def _add(results, prefix, scores):
    """Append what a network reached; the values before it do not depend on the seed."""
    for name, (before, after, _change, error) in scores.items():
        results[f"{prefix}_{name}_before"] = round(before, 4)
        results.setdefault(f"{prefix}_{name}", []).append(round(after, 4))
        results.setdefault(f"{prefix}_{name}_errors", []).append(round(error, 4))
