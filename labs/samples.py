"""What generated digits are worth: a judge of digits, and samples kept during a training."""

import keras
import numpy as np
from keras import layers

from labs import data, models

CONFIDENCE = 0.9  # from which on the judge counts as sure
FEATURES = "features"  # the judge's layer whose outputs the Fréchet distance compares


def judge_network():
    """A convnet that is to tell digits, untrained: keras.Model from (N, 28, 28, 1), 0 to 1, to 10 probabilities."""
    return keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            layers.Conv2D(16, 5, activation="relu"),
            layers.MaxPooling2D(),
            layers.Conv2D(32, 5, activation="relu"),
            layers.MaxPooling2D(),
            layers.Flatten(),
            layers.Dense(64, activation="relu", name=FEATURES),
            layers.Dense(10, activation="softmax"),
        ]
    )


def digit_judge():
    """The convnet with the weights in `data/`, trained on 60,000 digits; more than 99 % of new digits are right."""
    judge = judge_network()
    models.set_named_weights({"judge": judge}, data.digit_judge())
    return judge


def probabilities(judge, images):
    """The judge's probabilities (N, 10) of images (N, 28, 28), 0 to 1."""
    return judge.predict(np.asarray(images)[..., None], batch_size=500, verbose=0)


def recognized(judge, images):
    """Share of images (N, 28, 28) whose likeliest class has a probability of 0.9 or more, and its standard error."""
    share = float(np.mean(probabilities(judge, images).max(axis=-1) >= CONFIDENCE))
    return share, (share * (1 - share) / len(images)) ** 0.5


def class_shares(judge, images):
    """Share of the images (N, 28, 28) that the judge takes for each digit: float array (10,) that sums to 1."""
    likeliest = probabilities(judge, images).argmax(axis=-1)
    return np.bincount(likeliest, minlength=10) / len(images)


def statistics(judge, images):
    """Mean (64,) and covariance (64, 64) of the features that the judge sees in images (N, 28, 28)."""
    features = keras.Model(judge.inputs, judge.get_layer(FEATURES).output)
    values = probabilities(features, images).astype(float)
    return values.mean(axis=0), np.cov(values, rowvar=False)


class Album:
    """Samples of a generator from the same noise, kept at some steps: hand it to `adversarial.train` as `watch`.

    Attributes:
        pages: dict step → float array (N, 28, 28), 0 to 1.
    """

    def __init__(self, generator, noise, steps):
        """`generator` gives images (N, 28, 28, 1), -1 to 1, of `noise`; they are kept after each of `steps`."""
        self.generator, self.noise, self.steps = generator, noise, set(steps)
        self.pages = {}

    def __call__(self, run):
        if run.done in self.steps - self.pages.keys():  # a page that is there is of that step, and stays
            self.pages[run.done] = drawn(self.generator, self.noise)

    def strip(self, count):
        """The first images of each page: (pages, count, 28, 28)."""
        return np.stack([page[:count] for page in self.pages.values()])


def drawn(generator, noise):
    """Images (N, 28, 28), 0 to 1, of a generator whose pixels go from -1 to 1."""
    return (generator.predict(noise, batch_size=500, verbose=0)[..., 0] + 1) / 2
