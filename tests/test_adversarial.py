"""The training loop for steps of one's own: it counts, stops, goes on, and says what went wrong."""

import itertools

import numpy as np
import pytest
import tensorflow as tf

from labs import adversarial
from labs.errors import CourseError


def _counting_step(fails_at=None, error=KeyboardInterrupt):
    """A step that returns how often it was called as its loss, and fails once."""
    calls = itertools.count(1)

    def step(batch):
        number = next(calls)
        if number == fails_at:
            raise error
        return {"one": tf.constant(float(number)), "two": 0.5}

    return step


def test_train_records_every_loss():
    batches = tf.data.Dataset.from_tensor_slices(np.zeros((4, 2))).repeat()
    run = adversarial.train(_counting_step(), batches, 5)
    assert run.done == 5
    assert run.losses == {"one": [1, 2, 3, 4, 5], "two": [0.5] * 5}


def test_interruption_keeps_what_was_learned_and_the_next_call_goes_on(capsys):
    step = _counting_step(fails_at=4)
    run = adversarial.train(step, itertools.repeat(0), 6)
    assert run.done == 3 and run.losses["one"] == [1, 2, 3]
    assert "Stopped after 3 of 6 steps" in capsys.readouterr().out
    again = adversarial.train(step, itertools.repeat(0), 6, run)
    assert again is run and run.done == 6
    assert run.losses == {"one": [1, 2, 3, 5, 6, 7], "two": [0.5] * 6}


def test_interruption_between_two_losses_leaves_lists_of_one_length():
    run = adversarial.Run(losses={"one": [1.0, 9.0], "two": [0.5]}, done=1)  # a step half recorded
    adversarial.train(_counting_step(), itertools.repeat(0), 3, run)
    assert run.losses == {"one": [1, 1, 2], "two": [0.5] * 3}


def test_a_finished_run_does_nothing_more():
    run = adversarial.train(_counting_step(), itertools.repeat(0), 3)
    adversarial.train(_counting_step(fails_at=1, error=AssertionError), itertools.repeat(0), 3, run)
    assert run.done == 3


@pytest.mark.parametrize("value", [float("nan"), float("inf"), -float("inf")])
def test_a_loss_that_is_no_number_stops_with_one_sentence(value):
    with pytest.raises(CourseError, match=r"loss generator became .* at step 1\..*learning rate.*\[-1, 1\]"):
        adversarial.train(lambda batch: {"generator": value}, itertools.repeat(0), 3)


def test_batches_that_end_are_named():
    with pytest.raises(CourseError, match="ended after 2 steps"):
        adversarial.train(_counting_step(), iter([0, 0]), 3)


def test_watch_sees_the_start_of_each_call_and_every_step():
    seen = []
    run = adversarial.train(_counting_step(), itertools.repeat(0), 2, watch=lambda run: seen.append(run.done))
    adversarial.train(_counting_step(), itertools.repeat(0), 3, run, watch=lambda run: seen.append(run.done))
    assert seen == [0, 1, 2, 2, 3]


def test_watch_is_called_again_when_it_was_interrupted_itself():
    seen = []

    def watch(run):
        if run.done == 2 and 2 not in seen:
            seen.append(2)
            raise KeyboardInterrupt
        seen.append(run.done)

    run = adversarial.train(_counting_step(), itertools.repeat(0), 3, watch=watch)
    assert run.done == 2
    adversarial.train(_counting_step(), itertools.repeat(0), 3, run, watch=watch)
    assert seen == [0, 1, 2, 2, 3]


def test_other_errors_of_a_step_are_not_hidden():
    with pytest.raises(ZeroDivisionError):
        adversarial.train(_counting_step(fails_at=1, error=ZeroDivisionError), itertools.repeat(0), 3)
