"""Challenges that train the student's classifier for a fixed number of steps and measure it."""

import math
from dataclasses import dataclass

import numpy as np

from labs.checking.exercise import Met, Unmet
from labs.text import _


@dataclass(frozen=True)
class ClassifierChallenge:
    """The `examine` of a challenge: a compiled classifier within a parameter budget must reach an accuracy.

    Unmet requirements, in this order: no_model, not_built, other_shapes, too_large, not_compiled,
    no_probabilities, loss_for_other_labels, does_not_train, too_weak. The last one takes all the steps.
    """

    load: object  # function that returns (x_train, y_train), (x_test, y_test), images, integer labels
    input_shape: tuple  # without the batch axis; with or without channels
    classes: int
    parameters: object  # function that returns the number of parameters that the model must stay below
    steps: int
    batch_size: int
    accuracy: float  # on the test images
    seed: int = 0
    scale: float = 255.0  # the images are divided by it

    def __call__(self, build, report):
        """Met or Unmet for a function that builds the model; `report(fraction)` is called while it trains."""
        import keras

        keras.utils.set_random_seed(self.seed)
        model = build()
        unmet = self._contract(keras, model)
        return unmet or self._train(keras, model, report)

    def _contract(self, keras, model):
        if not isinstance(model, keras.Model):
            return Unmet(
                "no_model", _("It returns an object of type {type}.").format(type=type(model).__name__)
            )
        if not model.built:
            return Unmet("not_built", _("The model has no input shape."))
        if tuple(model.input_shape[1:]) != self.input_shape or tuple(model.output_shape[1:]) != (
            self.classes,
        ):
            message = _("It maps {inputs} to {outputs}; asked for is {wanted} to ({classes},).")
            return Unmet(
                "other_shapes",
                message.format(
                    inputs=model.input_shape[1:],
                    outputs=model.output_shape[1:],
                    wanted=self.input_shape,
                    classes=self.classes,
                ),
            )
        if model.count_params() >= self.parameters():
            message = _("It has {count:,} parameters; allowed are fewer than {limit:,}.")
            return Unmet("too_large", message.format(count=model.count_params(), limit=self.parameters()))
        if not model.compiled or model.loss is None:
            return Unmet("not_compiled", _("model.compile was not called."))
        return None

    def _train(self, keras, model, report):
        import tensorflow as tf

        from labs.training import Report, endless_batches

        (x_train, y_train), (x_test, y_test) = self.load()
        sums = model.predict(self._images(x_test[:50]), verbose=0).sum(axis=-1)
        if not np.allclose(sums, 1, atol=1e-3):
            return Unmet("no_probabilities", _("The numbers of an image do not sum to 1."))
        batches = endless_batches(self._images(x_train), y_train, self.batch_size, self.seed)
        bar = Report(self.steps, report)
        try:
            model.fit(batches, shuffle=False, steps_per_epoch=self.steps, verbose=0, callbacks=[bar])
        except (ValueError, TypeError, tf.errors.InvalidArgumentError) as error:
            # Keras and TensorFlow write pages; the last line says what did not fit.
            line = (str(error).strip().splitlines() or [type(error).__name__])[-1][:200]
            misfit = "target" in str(error) or "labels" in str(error)
            return Unmet("loss_for_other_labels" if misfit else "does_not_train", line)
        outputs = model.predict(self._images(x_test), batch_size=500, verbose=0)
        accuracy = float(np.mean(np.argmax(outputs, axis=-1) == y_test))
        found = _("{count:,} parameters, test accuracy {accuracy:.3f} after {steps} steps").format(
            count=model.count_params(), accuracy=accuracy, steps=self.steps
        )
        if accuracy < self.accuracy:
            asked = _("{found}; asked for is {wanted:.3f}.").format(found=found, wanted=self.accuracy)
            return Unmet("too_weak", asked)
        return Met(found + ".")

    def _images(self, images):
        return (images / np.float32(self.scale)).reshape(-1, *self.input_shape)


def classifier_mistakes(challenge):
    """Register with a challenge the wrong models that every `ClassifierChallenge` meets.

    They are made of the challenge's own shapes and budget; what is particular to a lesson stands in its hints.
    """
    examine = challenge.examine

    def model_of(*units, activation="softmax", loss="sparse_categorical_crossentropy"):
        import keras
        from keras import layers

        hidden = [layers.Dense(number, activation="relu") for number in units]
        output = layers.Dense(examine.classes, activation=activation)
        model = keras.Sequential([keras.Input(examine.input_shape), layers.Flatten(), *hidden, output])
        if loss:
            model.compile("adam", loss=loss)
        return model

    @challenge.mistake("Return the model: a `return` is missing at the end.")
    def no_model():
        model_of(1)

    @challenge.mistake("Begin the model with keras.Input and the shape of one image.")
    def not_built():
        import keras

        return keras.Sequential([keras.layers.Flatten(), keras.layers.Dense(examine.classes)])

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
        return model_of(examine.parameters() // math.prod(examine.input_shape) + 1)

    @challenge.mistake("Compile the model before you return it: model.compile(optimizer, loss).")
    def not_compiled():
        return model_of(1, loss=None)

    @challenge.mistake('The last layer gives no probabilities: activation="softmax".')
    def no_probabilities():
        return model_of(1, activation=None)

    @challenge.mistake('Labels are integers, not one-hot vectors: loss="sparse_categorical_crossentropy".')
    def loss_for_other_labels():
        return model_of(1, loss="categorical_crossentropy")

    @challenge.mistake("It learns, but not enough yet. The hints of this challenge say what helps.")
    def too_weak():
        return model_of(1)
