"""The challenge that measures restored images."""

import numpy as np
import pytest

from labs.checking.restorer import RestorerChallenge

CHALLENGE = RestorerChallenge(
    load=None, input_shape=(4, 5, 1), parameters=1, steps=1, batch_size=1, asked=0.0
)


def test_score_is_the_mean_over_the_images_of_their_psnr():
    truths = np.zeros((2, 4, 5, 1), np.float32)
    outputs = np.stack([np.full((4, 5, 1), 0.1), np.full((4, 5, 1), 0.01)]).astype(np.float32)
    assert CHALLENGE.score(outputs, truths) == pytest.approx((20 + 40) / 2, abs=1e-4)


@pytest.mark.parametrize("value", [-0.1, 1.1, np.nan])
def test_outputs_that_leave_0_to_1_are_refused(value):
    outputs = np.full((2, 4, 5, 1), 0.5, np.float32)
    assert CHALLENGE.look(outputs) is None
    outputs[1, 2, 3] = value
    assert CHALLENGE.look(outputs).requirement == "out_of_range"


def test_both_ends_are_inside():
    assert CHALLENGE.look(np.array([0.0, 1.0])) is None
