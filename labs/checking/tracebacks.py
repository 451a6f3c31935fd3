"""Tracebacks cut down to the student's own lines, and a sentence for common exceptions."""

import linecache
import os
import sysconfig
import traceback
from pathlib import Path

import numpy as np

from labs.text import _

_PACKAGE = str(Path(__file__).resolve().parents[1])
_LIBRARIES = tuple({sysconfig.get_path(name) for name in ("stdlib", "platstdlib", "purelib", "platlib")})
SHOWN_FRAMES = 6


def own_frames(error):
    """The student's own frames of an exception's traceback and the exception's last line, as text."""
    frames = [frame for frame in _frames(error.__traceback__) if _is_own(frame.filename)]
    places = [(frame.filename, frame.lineno, frame.name) for frame in frames]
    lines = []
    for place in list(dict.fromkeys(places))[:SHOWN_FRAMES]:
        filename, line, function = place
        lines.append(_("line {line}, in {function}").format(line=line, function=function))
        if source := linecache.getline(filename, line).strip():
            lines.append("    " + source)
        if places.count(place) > 1:
            lines.append(_("    ({count} times)").format(count=places.count(place)))
    return "\n".join(lines)


def _frames(trace):
    return [
        traceback.FrameSummary(frame.f_code.co_filename, line, frame.f_code.co_name, lookup_line=False)
        for frame, line in traceback.walk_tb(trace)
    ]


def _is_own(filename):
    if filename.startswith("<frozen") or filename.startswith(_LIBRARIES):
        return False
    # The reference and its mistakes live in the package; a student's function never does.
    return not filename.startswith(_PACKAGE + os.sep)


def advice(error):
    """A sentence on what such an exception usually means, or an empty string."""
    for kind, sentence in ADVICE:
        if isinstance(error, kind):
            if kind is NameError and error.name in {"np", "keras", "layers", "tf", "math"}:
                return _("Run the setup cell at the top of the notebook first: it defines {name}.").format(
                    name=error.name
                )
            return _(sentence)
    if type(error).__name__ == "ResourceExhaustedError":
        return _(_MEMORY)
    return ""


_MEMORY = "It asked for more memory than an answer may use (2 GB). Look at the shapes it makes."

ADVICE = [
    (SystemExit, "It calls exit(). Use `return` to hand back a result."),
    (RecursionError, "The function calls itself without an end. Which case must return without a call?"),
    (MemoryError, _MEMORY),
    (NotImplementedError, "It still raises NotImplementedError on this path."),
    (UnboundLocalError, "A variable is used before it gets a value on this path."),
    (NameError, "A name is used that is not defined. Look for a typing error, or for a missing parameter."),
    (ZeroDivisionError, "A number is divided by zero."),
    (np.exceptions.AxisError, "The array has fewer axes than you name. axis=-1 is always the last one."),
    (
        IndexError,
        "An index lies beyond the end. Print the shape, and the index at the last step of the loop.",
    ),
    (AttributeError, "The object has no such attribute. Print its type."),
]
