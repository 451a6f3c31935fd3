"""A challenge that trains the student's image restorer for a fixed number of steps and measures its images."""

from dataclasses import dataclass

import numpy as np

from labs.checking.training import ModelChallenge, outside_0_to_1
from labs.text import _


@dataclass(frozen=True, kw_only=True)
class RestorerChallenge(ModelChallenge):
    """A `ModelChallenge` from damaged to undamaged images of one shape, 0 to 1; it asks for a mean PSNR in dB.

    One more requirement before training: out_of_range.
    """

    @property
    def output_shape(self):
        return self.input_shape

    def look(self, outputs):
        return outside_0_to_1(outputs)

    def score(self, outputs, truths):
        """Mean over the images of their peak signal-to-noise ratios."""
        errors = np.mean((outputs.astype(float) - truths) ** 2, axis=(1, 2, 3))
        return np.mean(-10 * np.log10(errors))

    def found(self, count, score):
        return _("{count:,} parameters, mean PSNR {decibels:.2f} dB after {steps} steps").format(
            count=count, decibels=score, steps=self.steps
        )
