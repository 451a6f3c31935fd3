"""Challenges that train the student's classifier for a fixed number of steps and measure it."""

from dataclasses import dataclass

import numpy as np

from labs.checking.exercise import Met, Unmet
from labs.text import _


@dataclass(frozen=True)
class ClassifierChallenge:
    """The `examine` of a challenge: a compiled classifier within a parameter budget must reach an accuracy.

    Unmet requirements, in this order: no_model, not_built, other_shapes, too_large, not_compiled,
    loss_for_other_labels, does_not_train, no_probabilities, too_weak. The last four take training.
    """

    load: object  # function that returns (x_train, y_train), (x_test, y_test), uint8 images, integer labels
    input_shape: tuple  # without the batch axis; with or without channels
    classes: int
    parameters: object  # function that returns the number of parameters that the model must stay below
    steps: int
    batch_size: int
    accuracy: float  # on the test images
    seed: int = 0

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
        if not np.allclose(outputs.sum(axis=-1), 1, atol=1e-3):
            return Unmet("no_probabilities", _("The ten numbers of an image do not sum to 1."))
        accuracy = float(np.mean(np.argmax(outputs, axis=-1) == y_test))
        found = _("{count:,} parameters, test accuracy {accuracy:.3f} after {steps} steps").format(
            count=model.count_params(), accuracy=accuracy, steps=self.steps
        )
        if accuracy < self.accuracy:
            asked = _("{found}; asked for is {wanted:.3f}.").format(found=found, wanted=self.accuracy)
            return Unmet("too_weak", asked)
        return Met(found + ".")

    def _images(self, images):
        return (images / np.float32(255)).reshape(-1, *self.input_shape)
