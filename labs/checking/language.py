"""A challenge that trains the student's language model for a fixed number of steps and measures its predictions."""

from dataclasses import dataclass

import numpy as np

from labs.checking.exercise import Unmet
from labs.checking.training import ModelChallenge
from labs.text import _

PROBE_LENGTH = 6  # symbols of the sequences that show whether a model looks ahead
ROUNDING = 1e-4


@dataclass(frozen=True, kw_only=True)
class LanguageModelChallenge(ModelChallenge):
    """A `ModelChallenge` from symbols (time,) to the logits of each next symbol (time, vocabulary).

    It asks for few bits a symbol. The score is minus the bits, so that larger is better; so is `asked`.
    Three more requirements, before training: loss_of_probabilities, sees_the_future, no_logits.
    """

    vocabulary: int

    @property
    def output_shape(self):
        return (None, self.vocabulary)

    def not_ready(self, model):
        if unmet := super().not_ready(model):
            return unmet
        if expects_probabilities(model.loss):
            return Unmet("loss_of_probabilities", _("Its loss takes its outputs for probabilities."))
        if sees_the_future(model, self.vocabulary):
            return Unmet("sees_the_future", _("Its outputs depend on symbols that come later."))
        return None

    def look(self, outputs):
        if outputs.min() >= 0 and np.allclose(outputs.sum(axis=-1), 1, atol=1e-3):
            return Unmet("no_logits", _("The numbers of a step sum to 1: they are probabilities."))
        return None

    def score(self, outputs, truths):
        """Minus the mean number of bits of a next symbol."""
        logits = outputs.astype(float)
        logits -= logits.max(axis=-1, keepdims=True)
        chosen = np.take_along_axis(logits, truths[..., None], axis=-1)[..., 0]
        return np.mean(chosen - np.log(np.exp(logits).sum(axis=-1))) / np.log(2)

    def found(self, count, score):
        return _("{count:,} parameters, {bits:.3f} bits a character after {steps} steps").format(
            count=count, bits=-score, steps=self.steps
        )

    def missed(self, found):
        return _("{found}; asked for are {wanted:.3f} or less.").format(found=found, wanted=-self.asked)


def expects_probabilities(loss):
    """Whether a loss, as given to `compile`, is one of Keras' cross-entropies without `from_logits=True`."""
    if isinstance(loss, str):
        return "crossentropy" in loss
    settings = loss.get_config() if hasattr(loss, "get_config") else {}
    return settings.get("from_logits") is False


def sees_the_future(model, vocabulary):
    """Whether an output of a model changes when only symbols after its step do."""
    random = np.random.default_rng(11)
    ids = random.integers(vocabulary, size=(2, PROBE_LENGTH))
    middle = PROBE_LENGTH // 2
    changed = ids.copy()
    changed[:, middle:] = (ids[:, middle:] + 1) % vocabulary
    before, after = (np.asarray(model(one, training=False))[:, :middle] for one in (ids, changed))
    return bool(np.abs(before - after).max() > ROUNDING)
