"""A challenge that trains the student's enlarging network for a fixed number of steps and measures its images."""

from dataclasses import dataclass

import numpy as np

from labs.checking.restorer import RestorerChallenge


@dataclass(frozen=True, kw_only=True)
class UpscalerChallenge(RestorerChallenge):
    """A `RestorerChallenge` from small images to images `factor` times as high and wide.

    What an image has below 0 or above 1 is cut off before it is scored, so any range is allowed.
    """

    factor: int

    @property
    def output_shape(self):
        height, width, channels = self.input_shape
        return height * self.factor, width * self.factor, channels

    def look(self, outputs):
        return None

    def score(self, outputs, truths):
        return super().score(np.clip(outputs, 0, 1), truths)
