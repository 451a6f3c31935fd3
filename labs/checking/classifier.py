"""A challenge that trains the student's classifier for a fixed number of steps and measures its accuracy."""

import math
from dataclasses import dataclass

import numpy as np

from labs.checking.training import ModelChallenge, model_mistakes, no_probabilities
from labs.text import _


@dataclass(frozen=True, kw_only=True)
class ClassifierChallenge(ModelChallenge):
    """A `ModelChallenge` for images with integer labels; it asks for an accuracy.

    One more requirement before training: no_probabilities.
    """

    classes: int
    scale: float = 255.0  # the images are divided by it

    @property
    def output_shape(self):
        return (self.classes,)

    def prepare(self, inputs):
        return (inputs / np.float32(self.scale)).reshape(-1, *self.input_shape)

    def look(self, outputs):
        return no_probabilities(outputs)

    def score(self, outputs, truths):
        return np.mean(np.argmax(outputs, axis=-1) == truths)

    def found(self, count, score):
        return _("{count:,} parameters, test accuracy {accuracy:.3f} after {steps} steps").format(
            count=count, accuracy=score, steps=self.steps
        )


def classifier_mistakes(challenge):
    """Register with a challenge the wrong models that every `ClassifierChallenge` meets.

    They are made of the challenge's own shapes and budget; what is particular to a lesson stands in its hints.
    """
    examine = challenge.examine

    def model_of(units=1, activation="softmax", loss="sparse_categorical_crossentropy", compiled=True):
        import keras
        from keras import layers

        hidden = layers.Dense(units, activation="relu")
        output = layers.Dense(examine.classes, activation=activation)
        model = keras.Sequential([keras.Input(examine.input_shape), layers.Flatten(), hidden, output])
        if compiled:
            model.compile("adam", loss=loss)
        return model

    model_mistakes(challenge, model_of)

    @challenge.mistake(
        "The model must map one image to one row of probabilities, one for each class: is a Flatten or a "
        "global pooling missing?"
    )
    def other_shapes():
        import keras

        return keras.Sequential(
            [keras.Input(examine.input_shape), keras.layers.Dense(examine.classes, activation="softmax")]
        )

    @challenge.mistake("The model is too large. Look in model.summary() for the layer with most parameters.")
    def too_large():
        return model_of(examine.limit // math.prod(examine.input_shape) + 1)

    @challenge.mistake('The last layer gives no probabilities: activation="softmax".')
    def no_probabilities():
        return model_of(activation=None)

    @challenge.mistake('Labels are integers, not one-hot vectors: loss="sparse_categorical_crossentropy".')
    def loss_for_other_labels():
        return model_of(loss="categorical_crossentropy")
