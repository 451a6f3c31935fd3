"""Run a function over the cases of an exercise and write down all that can be seen of it."""

import copy
import re
from dataclasses import dataclass, field

import numpy as np

from labs.checking import tracebacks, worker
from labs.checking.exercise import bind, changed_arguments
from labs.checking.values import difference, read, type_name
from labs.errors import CourseError

BESIDE = 1e-3  # how far from the arguments gradients are compared
ROUNDING = 1e-2  # of gradients, which float32 computes in many steps


@dataclass(frozen=True)
class Failure:
    """An exception, formatted where it was raised; `kinds` are the names of its classes."""

    kinds: tuple
    text: str
    trace: str
    advice: str


@dataclass(frozen=True)
class Observation:
    """What one call showed: its result, or the exception, and what it did to its arguments."""

    value: object = None
    failure: Failure | None = None
    changed: tuple = ()
    gradients: dict = field(default_factory=dict)  # argument → what reaches it from each result


@dataclass
class Run:
    """The observations of one function, filled case by case, so that a run that is cut short shows where."""

    cases: list
    seen: list = field(default_factory=list)


def observe(exercise, function, run, expected=None):
    """Fill `run.seen` with one Observation a case; `expected` are the reference's."""
    for number, case in enumerate(run.cases):
        like = expected[number].value if expected else None
        run.seen.append(_observe_case(exercise, function, case, like))


def _observe_case(exercise, function, case, like):
    arguments = {
        name: copy.deepcopy(value) if isinstance(value, (np.ndarray, list, dict)) else value
        for name, value in case.items()
    }
    try:
        if exercise.observe:
            value, gradients = exercise.observe(function, **arguments), {}
        elif exercise.differentiable:
            value, gradients = _differentiate(exercise, function, arguments)
        else:
            args, kwargs = bind(exercise.signature, function, arguments)
            value, gradients = function(*args, **kwargs), {}
        return Observation(read(value, like), None, changed_arguments(case, arguments), gradients)
    except CourseError:  # damaged data, for example: not the answer's fault
        raise
    except BaseException as error:  # whatever the answer raises is an observation
        if worker.is_stopping():
            raise
        return Observation(failure=failure(error))


def _differentiate(exercise, function, arguments):
    """The result, and what reaches each float argument from each part of it.

    Gradients are compared a little beside the arguments: at a kink, as that of |x| at 0, several are right. At the
    arguments themselves they must be finite.
    """
    import tensorflow as tf

    tensors = {
        name: tf.constant(value, tf.float32) if _is_float(value) else value
        for name, value in arguments.items()
    }
    value, here = _value_and_gradients(exercise, function, tensors)
    random = np.random.default_rng(1)
    beside = {
        name: one + random.uniform(-BESIDE, BESIDE, one.shape).astype("float32")
        if isinstance(one, tf.Tensor)
        else one
        for name, one in tensors.items()
    }
    _value, gradients = _value_and_gradients(exercise, function, beside)
    return value, {name: tuple(map(_finite_first, here[name], gradients[name])) for name in here}


def _value_and_gradients(exercise, function, tensors):
    import tensorflow as tf

    watched = {name: one for name, one in tensors.items() if isinstance(one, tf.Tensor)}
    with tf.GradientTape(persistent=True) as tape:
        tape.watch(list(watched.values()))
        args, kwargs = bind(exercise.signature, function, tensors)
        value = function(*args, **kwargs)
    parts = value if isinstance(value, (list, tuple)) else [value]
    return value, {name: tuple(_gradient(tape, part, one) for part in parts) for name, one in watched.items()}


def _finite_first(here, beside):
    """The gradient beside the arguments, unless the one at the arguments is no finite number."""
    return beside if here is None or np.isfinite(here).all() else here


def _gradient(tape, result, argument):
    """What reaches an argument from a result, each entry of which has a weight of its own; None for nothing."""
    import tensorflow as tf

    if not isinstance(result, (tf.Tensor, tf.Variable)) or not result.dtype.is_floating:
        return None
    weights = np.random.default_rng(0).uniform(0.5, 1.5, size=result.shape)
    gradient = tape.gradient(result, argument, output_gradients=tf.constant(weights, result.dtype))
    # tf.gather gives the rows that it took, IndexedSlices: as good a gradient, and here the whole array.
    return None if gradient is None else np.asarray(tf.convert_to_tensor(gradient), float)


def _is_float(value):
    return isinstance(value, np.ndarray) and value.dtype.kind == "f"


def failure(error):
    """An exception written down, inside the answer's thread and time: its own methods may do anything."""
    try:
        text = _COLORS.sub("", str.__str__(str(error)))[:300]
    except Exception:  # noqa: BLE001  a student's exception class may be broken itself
        text = ""
    return Failure(
        kinds=tuple(type_name(kind) for kind in type.mro(type(error))),
        text=text,
        trace=tracebacks.own_frames(error),
        advice=tracebacks.advice(error),
    )


_COLORS = re.compile("\x1b\\[[0-9;]*m")  # TensorFlow writes some messages for a terminal


def same(one, two, tolerance):
    """Whether two observations cannot be told apart."""
    if (one.failure is None) != (two.failure is None):
        return False
    if one.failure:
        return one.failure.kinds == two.failure.kinds
    return (
        one.changed == two.changed
        and one.gradients.keys() == two.gradients.keys()
        and all(same_gradients(gradients, two.gradients[name]) for name, gradients in one.gradients.items())
        and difference(one.value, two.value, tolerance) is None
    )


def same_gradients(expected, actual):
    """Whether what reaches an argument from each result is the same, but for rounding."""
    return len(expected) == len(actual) and all(map(_same_gradient, expected, actual))


def _same_gradient(one, two):
    if one is None or two is None:
        return one is two
    if not (np.isfinite(one).all() and np.isfinite(two).all()):
        return np.array_equal(one, two, equal_nan=True)
    return np.allclose(two, one, rtol=0, atol=ROUNDING * max(1.0, np.abs(one).max(initial=0)))
