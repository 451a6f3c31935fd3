"""Lesson 10: three seeds of the short training, the stored network, and the challenge."""

import itertools

import keras
import numpy as np

from labs import data, translation
from labs.exercises.image_translation import cycle_loss, lsgan_loss
from results.challenge import challenge

SEEDS = range(3)
STEPS = 250  # those of the lesson


def measure():
    """Distance to the true partner and share of partners found: untranslated, after the short training, stored."""
    train, test = (tuple(images / np.float32(255) for images in split) for split in data.emoji())
    results = {"short_distances": [], "short_found": []}
    for seed in SEEDS:
        short = _scores(_trained(train, seed), test)
        results["short_distances"].append(short["distance"][1])
        results["short_found"].append(short["found"][1])
    gan = translation.CycleGan(cycle_loss, lsgan_loss)
    translation.load(gan)
    for direction, scores in (("there", _scores(gan, test)), ("back", _scores(gan, test, back=True))):
        for name, (before, after, _change, error) in scores.items():
            results[f"{direction}_{name}"] = [before, after, error]
    rounded = {name: [round(value, 4) for value in values] for name, values in results.items()}
    return rounded | challenge("build_translator")


def _trained(train, seed):
    keras.utils.set_random_seed(seed)
    gan = translation.CycleGan(cycle_loss, lsgan_loss)
    batches = translation.unpaired_batches(*(2 * images - 1 for images in train), size=16, seed=seed)
    for batch in itertools.islice(batches, STEPS):
        gan.step(batch)
    gan.average()
    return gan


def _scores(gan, test, back=False):
    inputs, truths = reversed(test) if back else test
    network = gan.to_google if back else gan.to_twitter
    return translation.compare(translation.translated(network, 2 * inputs - 1), inputs, truths)
