"""A challenge that trains the student's segmenter for a fixed number of steps and measures its masks."""

from dataclasses import dataclass

import numpy as np

from labs.checking.training import ModelChallenge, no_probabilities
from labs.text import _


@dataclass(frozen=True, kw_only=True)
class SegmenterChallenge(ModelChallenge):
    """A `ModelChallenge` for images with integer masks (N, H, W); it asks for a mean IoU.

    One more requirement before training: no_probabilities.
    """

    classes: int  # with the background

    @property
    def output_shape(self):
        return (*self.input_shape[:2], self.classes)

    def look(self, outputs):
        return no_probabilities(outputs)

    def score(self, outputs, truths):
        """Mean over the classes of the IoU that all pixels of all images have together."""
        if not np.isfinite(outputs).all():
            return np.nan  # argmax would call every pixel background
        from labs.segmentation import class_ious

        return np.nanmean(class_ious(truths, np.argmax(outputs, axis=-1), self.classes))

    def found(self, count, score):
        return _("{count:,} parameters, mean IoU {iou:.3f} after {steps} steps").format(
            count=count, iou=score, steps=self.steps
        )
