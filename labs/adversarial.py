"""A training loop for steps of one's own: several networks, several optimizers, several losses."""

import time
from dataclasses import dataclass, field

import numpy as np

from labs.display import Bar
from labs.errors import CourseError
from labs.text import _
from labs.training import REDRAW


@dataclass
class Run:
    """What a training has done so far.

    Attributes:
        losses: dict name → list of floats, one for each step.
        done: int, how many steps were made.
    """

    losses: dict = field(default_factory=dict)
    done: int = 0


def train(step, batches, steps, run=None, watch=None):
    """Call a training step again and again, with a progress bar; stopping it loses nothing.

    "Interrupt kernel" (or Ctrl-C) ends the loop: what was learned and recorded stays, and a line says how to go
    on. So a cell that hands its own earlier run in, `run = train(step, batches, 1000, run)`, goes on where it was.

    Args:
        step: function of one batch that updates the networks and returns a dict name → scalar loss; compiled with
            `tf.function`, for speed.
        batches: endless tf.data.Dataset or iterator. A dataset begins anew at each call, an iterator goes on.
        steps: int, how many steps the run has made at the end, earlier ones included.
        run: `Run` that an earlier call returned, to go on from.
        watch: function of the `Run`, called at the start of this call and after every step, for example to keep
            samples. An interruption may have cut off its last call, so it may be called twice for one step.

    Returns:
        Run: the one given, or a new one.

    Raises:
        CourseError: when a loss is not a finite number, or when the batches end.
    """
    run = Run() if run is None else run
    bar = Bar(_("training"))
    batches = iter(batches)
    begin = drawn = time.perf_counter()
    try:
        if watch:
            watch(run)
        while run.done < steps:
            _record(run, step(_next(batches, run.done)))
            if watch:
                watch(run)
            if run.done < steps and time.perf_counter() - drawn > REDRAW:
                drawn = time.perf_counter()
                bar.show(run.done / steps, _latest(run))
    except KeyboardInterrupt:
        sentence = _(
            "Stopped after {done:,} of {steps:,} steps; nothing is lost. Run the cell again to go on."
        )
        print(sentence.format(done=run.done, steps=steps))
        return run
    seconds = _("{seconds:.0f} s").format(seconds=time.perf_counter() - begin)
    bar.show(1.0, f"{_latest(run)}  {seconds}".strip())
    return run


def _next(batches, done):
    """The next batch; an error that says what to do when there is none."""
    batch = next(batches, None)
    if batch is None:
        sentence = _("The batches ended after {done:,} steps. Make them endless: batches.repeat()")
        raise CourseError(sentence.format(done=done))
    return batch


def _record(run, losses):
    """Append the losses of one step; all or none of them, also when an interruption comes in between."""
    values = {name: float(value) for name, value in losses.items()}
    for name, value in values.items():
        if not np.isfinite(value):
            sentence = _(
                "The loss {name} became {value} at step {step:,}. Likely causes: a learning rate that is too high, "
                "a logarithm of 0, inputs outside [-1, 1]. Mend it, build the networks again, and train anew."
            )
            raise CourseError(sentence.format(name=name, value=value, step=run.done + 1))
    for name, value in values.items():
        earlier = run.losses.setdefault(name, [])
        earlier[run.done :] = [value]  # an interrupted step may have left its value behind
    run.done += 1


def _latest(run):
    """The last losses, as the progress bar shows them."""
    return "  ".join(f"{name} {values[-1]:.3f}" for name, values in run.losses.items())
