"""A challenge that trains the student's image restorer for a fixed number of steps and measures its images."""

from dataclasses import dataclass

import numpy as np

from labs.checking.exercise import Unmet
from labs.checking.training import ModelChallenge
from labs.text import _

ROUNDING = 1e-3  # by which an output may leave 0 to 1


@dataclass(frozen=True, kw_only=True)
class RestorerChallenge(ModelChallenge):
    """A `ModelChallenge` from damaged to undamaged images of one shape, 0 to 1; it asks for a mean PSNR in dB.

    One more requirement before training: out_of_range.
    """

    @property
    def output_shape(self):
        return self.input_shape

    def look(self, outputs):
        if outputs.min() >= -ROUNDING and outputs.max() <= 1 + ROUNDING:
            return None
        message = _("Its outputs go from {low:.2f} to {high:.2f}; asked for is 0 to 1.")
        return Unmet("out_of_range", message.format(low=outputs.min(), high=outputs.max()))

    def score(self, outputs, truths):
        """Mean over the images of their peak signal-to-noise ratios."""
        errors = np.mean((outputs.astype(float) - truths) ** 2, axis=(1, 2, 3))
        return np.mean(-10 * np.log10(errors))

    def found(self, count, score):
        return _("{count:,} parameters, mean PSNR {decibels:.2f} dB after {steps} steps").format(
            count=count, decibels=score, steps=self.steps
        )
