"""A challenge that trains the student's image translator on pairs for a fixed number of steps and measures its images."""

from dataclasses import dataclass

import numpy as np

from labs.checking.restorer import RestorerChallenge
from labs.text import _


@dataclass(frozen=True, kw_only=True)
class TranslatorChallenge(RestorerChallenge):
    """A `RestorerChallenge` for pairs of two styles; it asks how much nearer to the truth outputs come."""

    def score(self, outputs, truths):
        """1 - mean|output - truth| / mean|input - truth|: 0 for the unchanged inputs, 1 for the truths."""
        _train, (inputs, _truths) = self.load()
        before = np.mean(np.abs(inputs.astype(float) - truths))
        return 1 - np.mean(np.abs(outputs.astype(float) - truths)) / before

    def found(self, count, score):
        return _("{count:,} parameters, score {score:.3f} after {steps} steps").format(
            count=count, score=score, steps=self.steps
        )
