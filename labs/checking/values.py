"""What an answer returned, read once into plain NumPy arrays, and how two such values differ.

Reading trusts nothing but the exact type of an object: a returned object may lie in `__eq__`,
`__class__` or `__repr__`. After reading, only values made here are compared and shown.
"""

import inspect
import sys
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

import numpy as np

from labs.text import _

DEEPEST = 8  # nesting of lists, so that a list that contains itself comes to an end
SHOWN_ELEMENTS = 36  # arrays up to this size are shown whole


@dataclass(frozen=True)
class Array:
    """Numbers of any rank; a single number has shape ()."""

    data: np.ndarray
    type_name: str


@dataclass(frozen=True)
class Sequence:
    """A list or tuple that is not one array of numbers."""

    items: tuple
    type_name: str


@dataclass(frozen=True)
class Mapping:
    """A dictionary; keys are strings or numbers."""

    items: dict
    type_name: str = "dict"


@dataclass(frozen=True)
class Text:
    """A string."""

    data: str
    type_name: str = "str"


@dataclass(frozen=True)
class Nothing:
    """None."""

    type_name: str = "NoneType"


@dataclass(frozen=True)
class Unusable:
    """Something without values to compare; `why` says so to the student."""

    type_name: str
    why: str


@dataclass(frozen=True)
class Difference:
    """The first thing in which a value differs from the expected one."""

    kind: str  # "type", "structure", "shape" or "value"
    message: str


def type_name(kind):
    """The name of a class, even where its metaclass answers for it."""
    return type.__dict__["__name__"].__get__(kind)


def read(value, like=None, depth=0):
    """Read a returned value into one of the classes above.

    `like` is the expected value, already read: a model without an input shape is built for its.
    What is unknown becomes `Unusable`; only an object's own methods can raise here.
    """
    kind = type(value)
    if kind is Unusable:  # an exercise's own `observe` has found the reason
        return value
    if value is None:
        return Nothing()
    if issubclass(kind, str):
        return Text(str.__str__(value))
    if issubclass(kind, (bool, int, float, complex)):
        return _read_number(value, kind)
    if kind in (Fraction, Decimal):
        return _numeric(np.array(float(value)), type_name(kind))
    if issubclass(kind, (np.ndarray, np.generic)):
        return _numeric(np.array(value, subok=False), type_name(kind))
    if issubclass(kind, (list, tuple)):
        return _read_sequence(value, kind, like, depth)
    if kind is range:
        return _numeric(np.array(value), "range")
    if issubclass(kind, dict):
        return _read_mapping(value, like, depth)
    if issubclass(kind, (set, frozenset)):
        return Unusable("set", _("A set has no order and no duplicates. Return a list or an array."))
    if inspect.iscoroutine(value):
        value.close()  # otherwise Python warns that it was never awaited
        return Unusable("coroutine", _("Write `def` instead of `async def`."))
    if hasattr(kind, "__next__"):
        return Unusable(
            type_name(kind),
            _("It holds no values until something loops over it. Return a list: `return list(...)`."),
        )
    return _read_object(value, kind, like)


def _read_number(value, kind):
    # The base class's own conversion, so that a subclass cannot lie about the number it holds.
    for base, convert in (
        (int, int.__int__),
        (float, float.__float__),
        (complex, complex.__complex__),
    ):
        if issubclass(kind, base):
            plain = convert(value)
    return _numeric(np.array(bool(plain) if kind is bool else plain), type_name(kind))


def _numeric(array, type_name):
    if array.dtype.kind in "biufc":
        return Array(array, type_name)
    if array.dtype.kind in "US" and array.ndim == 0:
        return Text(str(array.item()))
    if array.dtype.name == "bfloat16":
        return Array(array.astype(np.float32), type_name)
    if array.dtype.kind == "O" and array.ndim:
        return _read_sequence(array.tolist(), list, None, 1)
    return Unusable(type_name, _("Its elements are of type {dtype}, not numbers.").format(dtype=array.dtype))


def _read_sequence(value, kind, like, depth):
    name = "tuple" if issubclass(kind, tuple) else "list"
    if depth >= DEEPEST:
        return Unusable(name, _("It is nested more than {depth} levels deep.").format(depth=DEEPEST))
    base = tuple if issubclass(kind, tuple) else list
    elements = tuple(base.__iter__(value))
    if elements and all(type(element) in (bool, int, float) for element in elements):
        array = np.array(elements)
        if array.dtype.kind in "biuf":
            return Array(array, name)
    models = (
        like.items
        if isinstance(like, Sequence) and len(like.items) == len(elements)
        else [None] * len(elements)
    )
    return Sequence(
        tuple(read(element, model, depth + 1) for element, model in zip(elements, models, strict=True)), name
    )


def _read_mapping(value, like, depth):
    if depth >= DEEPEST:
        return Unusable("dict", _("It is nested more than {depth} levels deep.").format(depth=DEEPEST))
    items = {}
    for key, element in dict.items(value):
        if issubclass(type(key), np.generic):
            key = key.item()
        if type(key) not in (str, int, float, bool):
            return Unusable("dict", _("Its keys must be strings or numbers."))
        expected = like.items.get(key) if isinstance(like, Mapping) else None
        items[key] = read(element, expected, depth + 1)
    return Mapping(items)


def _read_object(value, kind, like):
    if "keras" in sys.modules:
        import keras

        if issubclass(kind, keras.Model):
            from labs.checking.models import read_model

            return read_model(value, like)
        if issubclass(kind, keras.KerasTensor):
            return Unusable(
                "KerasTensor",
                _("A symbolic tensor has a shape but no values yet. Compute with the argument itself."),
            )
    if "tensorflow" in sys.modules:
        import tensorflow as tf

        if issubclass(kind, tf.RaggedTensor):
            return _read_sequence(value.to_list(), list, None, 0)
        if issubclass(kind, tf.Tensor) and not hasattr(value, "numpy"):
            return Unusable("Tensor", _("A symbolic tensor has a shape but no values yet."))
    if hasattr(kind, "__array__"):
        array = np.asarray(value)
        return _numeric(np.array(array, subok=False), type_name(kind))
    if callable(value):
        return Unusable(type_name(kind), _("Call it, and return what it gives."))
    return Unusable(type_name(kind), _("It holds no numbers that can be compared."))


def as_array(value):
    """One array from an Array or from a Sequence of equal shapes, else None."""
    if isinstance(value, Array):
        return value.data
    if not isinstance(value, Sequence):
        return None
    parts = [as_array(item) for item in value.items]
    if any(part is None for part in parts) or len({part.shape for part in parts}) > 1:
        return None
    return np.array(parts) if parts else np.zeros(0)


def difference(expected, actual, tolerance):
    """The first Difference of `actual` from `expected`, or None.

    Integers must be equal. Other numbers may be off by `tolerance` times the largest expected
    magnitude (at least 1).
    """
    if isinstance(actual, Nothing) and not isinstance(expected, Nothing):
        return Difference(
            "type", _("It returns None. Is a `return` missing at the end, or on one of its paths?")
        )
    if isinstance(actual, Unusable) and not isinstance(expected, Unusable):
        return Difference(
            "type", _("It returns an object of type {type}. ").format(type=actual.type_name) + actual.why
        )
    if hasattr(expected, "difference_from"):
        return expected.difference_from(actual, tolerance)
    if isinstance(expected, Array):
        return _array_difference(expected.data, actual, tolerance)
    if isinstance(expected, Sequence):
        return _sequence_difference(expected, actual, tolerance)
    if isinstance(expected, Mapping):
        return _mapping_difference(expected, actual, tolerance)
    if expected != actual:
        return Difference(
            "value" if type(expected) is type(actual) else "type",
            _("It returns {actual}; expected is {expected}.").format(
                actual=show(actual), expected=show(expected)
            ),
        )
    return None


def _array_difference(expected, actual, tolerance):
    array = as_array(actual)
    if array is None:
        return _not_an_array(expected, actual)
    if array.shape != expected.shape:
        return Difference("shape", _shape_message(expected, array, actual.type_name))
    if array.dtype.kind == "c" and expected.dtype.kind != "c":
        return Difference("type", _("It returns complex numbers; expected are real ones."))
    wrong = _unequal(expected, array, tolerance)
    if not wrong.any():
        return None
    return Difference("value", _value_message(expected, array, wrong))


def _not_an_array(expected, actual):
    if isinstance(actual, Sequence):
        if expected.ndim and not all(isinstance(item, (Array, Sequence)) for item in actual.items):
            why = _("It returns a {type} that holds something else than numbers.")
        elif expected.ndim:
            why = _("It returns a {type} whose rows differ in length; expected is shape {shape}.")
        else:
            why = _("It returns a {type}; expected is one number.")
        return Difference("structure", why.format(type=actual.type_name, shape=expected.shape))
    return Difference(
        "type",
        _("It returns {actual} (type {type}); expected is {wanted}.").format(
            actual=show(actual), type=actual.type_name, wanted=_wanted(expected)
        ),
    )


def _wanted(expected):
    if expected.ndim == 0:
        return _("one number")
    return _("an array of shape {shape}").format(shape=expected.shape)


def _shape_message(expected, array, type_name):
    if expected.ndim == 0:
        return _("It returns a {type} of shape {actual}; expected is one number.").format(
            type=type_name, actual=array.shape
        )
    if array.ndim == 0:
        return _("It returns one number, {value}; expected is {wanted}.").format(
            value=_number(array), wanted=_wanted(expected)
        )
    return _("The result has shape {actual}; expected is {expected}.").format(
        actual=array.shape, expected=expected.shape
    )


def _unequal(expected, actual, tolerance):
    """Boolean array: where the two differ by more than the tolerance. NaN equals NaN."""
    if expected.dtype.kind in "biu":
        return np.asarray(actual != expected)
    kind = np.complex128 if expected.dtype.kind == "c" else np.float64
    expected, actual = expected.astype(kind), actual.astype(kind)
    finite = np.isfinite(expected)
    largest = np.abs(expected[finite]).max() if finite.any() else 0.0
    return ~np.isclose(actual, expected, rtol=tolerance, atol=tolerance * max(largest, 1.0), equal_nan=True)


def _value_message(expected, actual, wrong):
    if expected.ndim == 0:
        shown, wanted = _numbers(actual, expected)
        message = _("It returns {actual}; expected is {expected}.").format(actual=shown, expected=wanted)
        return message + _not_finite(expected, actual)
    where = tuple(int(index) for index in np.argwhere(wrong)[0])
    place = ", ".join(str(index) for index in where)
    message = _(
        "{count} of {size} values differ, first at [{place}]: {actual} instead of {expected}."
    ).format(
        count=int(wrong.sum()),
        size=wrong.size,
        place=place,
        actual=_number(actual[where]),
        expected=_number(expected[where]),
    )
    return message + _not_finite(expected, actual)


def _not_finite(expected, actual):
    """What NaN or infinity among the answer's numbers means, where none is expected."""
    if actual.dtype.kind not in "fc":
        return ""
    if np.isnan(actual).any() and not np.isnan(expected).any():
        return " " + _("NaN means that something like 0/0 or inf - inf was computed.")
    if np.isinf(actual).any() and not np.isinf(expected).any():
        return " " + _("inf means that a number grew too large, or was divided by 0.")
    return ""


def _sequence_difference(expected, actual, tolerance):
    items = _items(actual)
    if items is None:
        return Difference(
            "type",
            _("It returns {actual} (type {type}); expected is a {wanted} of {count}.").format(
                actual=show(actual),
                type=actual.type_name,
                wanted=expected.type_name,
                count=len(expected.items),
            ),
        )
    if len(items) != len(expected.items):
        return Difference(
            "structure",
            _("It returns {actual} elements; expected are {expected}.").format(
                actual=len(items), expected=len(expected.items)
            ),
        )
    for number, (wanted, item) in enumerate(zip(expected.items, items, strict=True)):
        found = difference(wanted, item, tolerance)
        if found:
            place = _("Element {number} of the result, counted from 0: ").format(number=number)
            return Difference(found.kind, place + found.message)
    return None


def _items(value):
    """The elements of a Sequence, or the rows of an Array; None for anything else."""
    if isinstance(value, Sequence):
        return value.items
    if isinstance(value, Array) and value.data.ndim:
        return tuple(Array(row, value.type_name) for row in value.data)
    return None


def _mapping_difference(expected, actual, tolerance):
    """Common keys are compared first: an observation may end early with the property that fails."""
    if not isinstance(actual, Mapping):
        return Difference("type", _("It returns a {type}; expected is a dict.").format(type=actual.type_name))
    for key, wanted in expected.items.items():
        found = difference(wanted, actual.items[key], tolerance) if key in actual.items else None
        if found and isinstance(wanted, Array) and wanted.type_name == "bool" and wanted.data:
            return Difference(found.kind, _("This does not hold: {key}.").format(key=key))
        if found:
            return Difference(found.kind, _("{key}: {message}").format(key=key, message=found.message))
    if set(actual.items) != set(expected.items):
        return Difference(
            "structure",
            _("The keys are {actual}; expected are {expected}.").format(
                actual=sorted(map(str, actual.items)), expected=sorted(map(str, expected.items))
            ),
        )
    return None


def _number(value, digits=6):
    """A number as a student would write it, six significant digits."""
    number = np.asarray(value)[()]
    if number.dtype.kind in "biu":
        return str(number)
    return f"{number:.{digits}g}"


def _numbers(actual, expected):
    """Both as text, with as many digits as it takes to tell them apart."""
    for digits in (6, 9, 17):
        pair = _number(actual, digits), _number(expected, digits)
        if pair[0] != pair[1]:
            break
    return pair


def show(value):
    """A short text for a read value."""
    if isinstance(value, Array):
        if value.data.ndim == 0:
            return _number(value.data)
        if value.data.size <= SHOWN_ELEMENTS:
            return np.array2string(value.data, precision=4, suppress_small=True, separator=", ")
        return _("an array of shape {shape}").format(shape=value.data.shape)
    if isinstance(value, Text):
        return repr(value.data if len(value.data) <= 40 else value.data[:37] + "...")
    if isinstance(value, Nothing):
        return "None"
    array = as_array(value)
    if array is not None:
        return show(Array(array, value.type_name))
    if isinstance(value, Sequence):
        inner = ", ".join(show(item) for item in value.items[:4]) + (", ..." if len(value.items) > 4 else "")
        return f"({inner})" if value.type_name == "tuple" else f"[{inner}]"
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key!r}: {show(item)}" for key, item in list(value.items.items())[:4]) + "}"
    return value.type_name


def relation(expected, actual):
    """A sentence for a regular relation over all cases (off by one, doubled, transposed...), or None.

    `expected` and `actual` are lists of read values, one a case.
    """
    pairs = [(as_array(wanted), as_array(given)) for wanted, given in zip(expected, actual, strict=True)]
    if any(
        one is None or two is None or one.dtype.kind == "c" or two.dtype.kind == "c" for one, two in pairs
    ):
        return None
    pairs = [(one.astype(np.float64), two.astype(np.float64)) for one, two in pairs]
    for holds, sentence in RELATIONS:
        if all(holds(one, two) for one, two in pairs) and not all(map(_equal, pairs)):
            return _(sentence)
    return None


def _equal(pair):
    return pair[0].shape == pair[1].shape and np.allclose(*pair, rtol=1e-5, atol=1e-6)


def _is(change):
    def holds(expected, actual):
        changed = change(expected)
        return changed.shape == actual.shape and np.allclose(changed, actual, rtol=1e-5, atol=1e-6)

    return holds


def _has_extra_axis(expected, actual):
    return (
        expected.shape != actual.shape
        and expected.squeeze().shape == actual.squeeze().shape
        and np.allclose(expected.squeeze(), actual.squeeze(), rtol=1e-5, atol=1e-6)
    )


RELATIONS = [
    (_has_extra_axis, "The numbers are right; the shape has an axis of length 1 too many, or lacks one."),
    (_is(np.trunc), "The fractions are cut off: the result must hold floats, not integers."),
    (_is(np.round), "The result is rounded to whole numbers. Return it as it is."),
    (_is(lambda x: np.round(x, 1)), "The result is rounded. Return it as it is."),
    (_is(lambda x: np.round(x, 2)), "The result is rounded. Return it as it is."),
    (_is(lambda x: 100 * x), "Every number is 100 times the expected one."),
    (_is(lambda x: x + 1), "Every number is exactly one too large."),
    (_is(lambda x: x - 1), "Every number is exactly one too small."),
    (_is(lambda x: -x), "Every number has the wrong sign."),
    (_is(lambda x: 2 * x), "Every number is exactly twice the expected one."),
    (_is(lambda x: x / 2), "Every number is exactly half the expected one."),
    (_is(lambda x: x.T if x.ndim == 2 else x + np.inf), "Rows and columns are exchanged."),
    (_is(lambda x: x[::-1] if x.ndim else x + np.inf), "The elements are right, in reversed order."),
]
