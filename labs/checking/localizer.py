"""A challenge that trains the student's localizer for a fixed number of steps and measures its boxes."""

from dataclasses import dataclass

import numpy as np

from labs.checking.exercise import Met, Unmet
from labs.text import _


@dataclass(frozen=True)
class LocalizerChallenge:
    """The `examine` of a challenge: a compiled model within a parameter budget must reach a mean IoU.

    Unmet requirements, in this order: no_model, not_built, other_shapes, too_large, not_compiled,
    loss_for_other_labels, too_weak. The last one takes all the steps.
    """

    load: object  # function that returns (images, boxes) to train with and to test on; boxes (N, 4) in 0 to 1
    iou: object  # function of two arrays of boxes (N, 4), (M, 4) that returns (N, M)
    input_shape: tuple  # without the batch axis
    parameters: int  # the number that the model must stay below
    steps: int
    batch_size: int
    mean_iou: float  # on the test images
    seed: int = 0

    def __call__(self, build, report):
        """Met or Unmet for a function that builds the model; `report(fraction)` is called while it trains."""
        import keras

        keras.utils.set_random_seed(self.seed)
        model = build()
        unmet = self._contract(keras, model)
        return unmet or self._train(model, report)

    def _contract(self, keras, model):
        if not isinstance(model, keras.Model):
            return Unmet(
                "no_model", _("It returns an object of type {type}.").format(type=type(model).__name__)
            )
        if not model.built:
            return Unmet("not_built", _("The model has no input shape."))
        shapes = tuple(model.input_shape[1:]), tuple(model.output_shape[1:])
        if shapes != (self.input_shape, (4,)):
            message = _("It maps {inputs} to {outputs}; asked for is {wanted} to ({classes},).")
            return Unmet(
                "other_shapes",
                message.format(inputs=shapes[0], outputs=shapes[1], wanted=self.input_shape, classes=4),
            )
        if model.count_params() >= self.parameters:
            message = _("It has {count:,} parameters; allowed are fewer than {limit:,}.")
            return Unmet("too_large", message.format(count=model.count_params(), limit=self.parameters))
        if not model.compiled or model.loss is None:
            return Unmet("not_compiled", _("model.compile was not called."))
        return None

    def _train(self, model, report):
        import tensorflow as tf

        from labs.training import Report, endless_batches

        (x_train, y_train), (x_test, y_test) = self.load()
        batches = endless_batches(x_train, y_train, self.batch_size, self.seed)
        bar = Report(self.steps, report)
        try:
            model.fit(batches, shuffle=False, steps_per_epoch=self.steps, verbose=0, callbacks=[bar])
        except (ValueError, TypeError, tf.errors.InvalidArgumentError) as error:
            # Keras and TensorFlow write pages; the last line says what did not fit.
            line = (str(error).strip().splitlines() or [type(error).__name__])[-1][:200]
            return Unmet("loss_for_other_labels", line)
        boxes = np.clip(model.predict(x_test, batch_size=500, verbose=0), 0, 1)
        overlaps = [self.iou(one[None], two[None])[0, 0] for one, two in zip(boxes, y_test, strict=True)]
        mean_iou = float(np.mean(overlaps))
        found = _("{count:,} parameters, mean IoU {iou:.3f} after {steps} steps").format(
            count=model.count_params(), iou=mean_iou, steps=self.steps
        )
        if not mean_iou >= self.mean_iou:  # NaN, too, where the training diverged
            asked = _("{found}; asked for is {wanted:.3f}.").format(found=found, wanted=self.mean_iou)
            return Unmet("too_weak", asked)
        return Met(found + ".")
