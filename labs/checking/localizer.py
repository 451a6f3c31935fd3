"""A challenge that trains the student's localizer for a fixed number of steps and measures its boxes."""

from dataclasses import dataclass

import numpy as np

from labs.checking.training import ModelChallenge
from labs.text import _


@dataclass(frozen=True, kw_only=True)
class LocalizerChallenge(ModelChallenge):
    """A `ModelChallenge` for images with one box each, (N, 4) in 0 to 1; it asks for a mean IoU."""

    iou: object  # function of two arrays of boxes (N, 4), (M, 4) that returns (N, M)

    @property
    def output_shape(self):
        return (4,)

    def score(self, outputs, truths):
        boxes = np.clip(outputs, 0, 1)
        overlaps = [self.iou(one[None], two[None])[0, 0] for one, two in zip(boxes, truths, strict=True)]
        return np.mean(overlaps)

    def found(self, count, score):
        return _("{count:,} parameters, mean IoU {iou:.3f} after {steps} steps").format(
            count=count, iou=score, steps=self.steps
        )
