"""The challenge that measures translated images."""

import numpy as np
import pytest

from labs.checking.translator import TranslatorChallenge

INPUTS = np.full((2, 4, 5, 3), 0.2, np.float32)
TRUTHS = np.full((2, 4, 5, 3), 0.6, np.float32)
CHALLENGE = TranslatorChallenge(
    load=lambda: ((INPUTS, TRUTHS), (INPUTS, TRUTHS)),
    input_shape=(4, 5, 3),
    parameters=1,
    steps=1,
    batch_size=1,
    asked=0.0,
)


@pytest.mark.parametrize(("value", "score"), [(0.2, 0), (0.6, 1), (0.5, 0.75), (0.7, 0.75), (0.0, -0.5)])
def test_score_is_the_share_of_the_way_to_the_truth(value, score):
    assert CHALLENGE.score(np.full_like(TRUTHS, value), TRUTHS) == pytest.approx(score, abs=1e-6)


def test_all_images_count_together():
    outputs = TRUTHS.copy()
    outputs[0] = INPUTS[0]
    assert CHALLENGE.score(outputs, TRUTHS) == pytest.approx(0.5, abs=1e-6)


def test_diverged_outputs_have_no_score():
    assert not CHALLENGE.score(np.full_like(TRUTHS, np.nan), TRUTHS) >= 0


@pytest.mark.parametrize("value", [-0.1, 1.1, np.nan])
def test_outputs_that_leave_0_to_1_are_refused(value):
    outputs = TRUTHS.copy()
    assert CHALLENGE.look(outputs) is None
    outputs[1, 2, 3] = value
    assert CHALLENGE.look(outputs).requirement == "out_of_range"
