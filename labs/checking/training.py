"""Challenges that train the student's model for a fixed number of steps and measure it."""

import math
from dataclasses import dataclass

import numpy as np

from labs.checking.exercise import Met, Unmet
from labs.text import _

ROUNDING = 1e-3  # by which an output may leave 0 to 1


@dataclass(frozen=True, kw_only=True)
class ModelChallenge:
    """The `examine` of a challenge: a compiled model within a parameter budget must reach a score.

    A subclass says which outputs it wants, how it scores them and how it writes the score. Unmet
    requirements, in this order: no_model, not_built, other_shapes, too_large, not_compiled, those that a
    subclass sees before training, loss_for_other_labels, does_not_train, too_weak. The last takes all steps.
    """

    load: object  # function that returns (inputs, truths) to train with and (inputs, truths) to test on
    input_shape: tuple  # without the batch axis
    parameters: int  # the number that the model must stay below; or a function that returns it
    steps: int
    batch_size: int
    asked: float  # the score on the test examples
    seed: int = 0

    @property
    def output_shape(self):
        """The shape of one output, without the batch axis."""
        raise NotImplementedError

    def score(self, outputs, truths):
        """A number, larger for better outputs of the test examples."""
        raise NotImplementedError

    def found(self, count, score):
        """The sentence, without its end, that tells parameters and score."""
        raise NotImplementedError

    def missed(self, found):
        """The sentence for a score below the one that is asked for; `found` begins it."""
        return _("{found}; asked for is {wanted:.3f}.").format(found=found, wanted=self.asked)

    def not_ready(self, model):
        """Unmet where the model lacks what its training needs."""
        if model.compiled and model.loss is not None:
            return None
        return Unmet("not_compiled", _("model.compile was not called."))

    def look(self, outputs):
        """Unmet where the outputs for a few test examples show, before training, that the model is wrong."""
        return None

    def prepare(self, inputs):
        """The inputs of the data set as the model gets them."""
        return inputs

    @property
    def limit(self):
        """The number of parameters that the model must stay below."""
        return self.parameters() if callable(self.parameters) else self.parameters

    def __call__(self, build, report):
        """Met or Unmet for a function that builds the model; `report(fraction)` is called while it trains."""
        unmet, score, count = self.measure(build, report)
        if unmet:
            return unmet
        found = self.found(count, score)
        if not score >= self.asked:  # NaN, too, where the training diverged
            return Unmet("too_weak", self.missed(found))
        return Met(found + ".")

    def measure(self, build, report):
        """(Unmet or None, score, number of parameters) of a function that builds the model."""
        import keras

        keras.utils.set_random_seed(self.seed)
        model = build()
        unmet = self._contract(keras, model)
        if unmet:
            return unmet, math.nan, 0
        (x_train, y_train), (x_test, y_test) = self.load()
        unmet = self.look(model.predict(self.prepare(x_test[:50]), verbose=0))
        unmet = unmet or self._train(model, self.prepare(x_train), y_train, report)
        if unmet:
            return unmet, math.nan, model.count_params()
        outputs = model.predict(self.prepare(x_test), batch_size=500, verbose=0)
        return None, float(self.score(outputs, y_test)), model.count_params()

    def _contract(self, keras, model):
        if not isinstance(model, keras.Model):
            return Unmet(
                "no_model", _("It returns an object of type {type}.").format(type=type(model).__name__)
            )
        if not model.built:
            return Unmet("not_built", _("The model has no input shape."))
        shapes = tuple(model.input_shape[1:]), tuple(model.output_shape[1:])
        if shapes != (self.input_shape, self.output_shape):
            message = _("It maps {inputs} to {outputs}; asked for is {wanted} to {results}.")
            return Unmet(
                "other_shapes",
                message.format(
                    inputs=shapes[0], outputs=shapes[1], wanted=self.input_shape, results=self.output_shape
                ),
            )
        if model.count_params() >= self.limit:
            message = _("It has {count:,} parameters; allowed are fewer than {limit:,}.")
            return Unmet("too_large", message.format(count=model.count_params(), limit=self.limit))
        return self.not_ready(model)

    def _train(self, model, inputs, truths, report):
        import tensorflow as tf

        from labs.training import Report, endless_batches

        batches = endless_batches((inputs, truths), self.batch_size, self.seed)
        bar = Report(self.steps, report)
        try:
            model.fit(batches, shuffle=False, steps_per_epoch=self.steps, verbose=0, callbacks=[bar])
        except (ValueError, TypeError, tf.errors.InvalidArgumentError) as error:
            # Keras and TensorFlow write pages; the last line says what did not fit.
            line = (str(error).strip().splitlines() or [type(error).__name__])[-1][:200]
            misfit = any(word in str(error) for word in ("target", "labels"))
            return Unmet("loss_for_other_labels" if misfit else "does_not_train", line)
        return None


def no_probabilities(outputs):
    """Unmet where the numbers along the last axis do not sum to 1, else None."""
    if np.allclose(outputs.sum(axis=-1), 1, atol=1e-3):
        return None
    return Unmet("no_probabilities", _("The numbers of an image do not sum to 1."))


def outside_0_to_1(outputs):
    """Unmet where an output leaves 0 to 1 by more than rounding, or is NaN, else None."""
    if outputs.min() >= -ROUNDING and outputs.max() <= 1 + ROUNDING:
        return None
    message = _("Its outputs go from {low:.2f} to {high:.2f}; asked for is 0 to 1.")
    return Unmet("out_of_range", message.format(low=outputs.min(), high=outputs.max()))


def model_mistakes(challenge, model_of):
    """Register with a challenge the wrong models that every `ModelChallenge` meets.

    `model_of(compiled=True)` makes a weak model of the right shapes.
    """

    @challenge.mistake("Return the model: a `return` is missing at the end.")
    def no_model():
        model_of()

    @challenge.mistake("Begin the model with keras.Input and the shape of one example.")
    def not_built():
        import keras

        return keras.Sequential([keras.layers.Flatten(), keras.layers.Dense(4)])

    @challenge.mistake("Compile the model before you return it: model.compile(optimizer, loss).")
    def not_compiled():
        return model_of(compiled=False)

    @challenge.mistake("It learns, but not enough yet. The hints of this challenge say what helps.")
    def too_weak():
        return model_of()
