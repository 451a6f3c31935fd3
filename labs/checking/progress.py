"""Which exercises a student has passed, in a small file in the user's own state folder."""

import json
import os
import tempfile
from pathlib import Path

from labs.checking.catalog import entries
from labs.errors import CourseError
from labs.text import _

SYMBOLS = {"passed": "✓", "wrong": "✗", "error": "!", "unattempted": "○"}


def state_file():
    """Where the progress is kept: `$LABS_STATE` or the user's state folder."""
    if folder := os.environ.get("LABS_STATE"):
        return Path(folder) / "progress.json"
    import platformdirs

    return platformdirs.user_state_path("keras-labs") / "progress.json"


_unsaved = None  # the state of this process, once it could not be written


def load():
    """Status by exercise name, and the number of hints shown: {"status": {...}, "hints": {...}}.

    Raises:
        CourseError: the file is there and cannot be read.
    """
    if _unsaved is not None:
        return _unsaved
    path = state_file()
    try:
        state = json.loads(path.read_text(encoding="utf-8"))
        return {"status": dict(state["status"]), "hints": dict(state["hints"])}
    except (FileNotFoundError, NotADirectoryError):
        return {"status": {}, "hints": {}}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise CourseError(
            _("The progress file {path} cannot be read ({error}). Move it away to begin a new one.").format(
                path=path, error=type(error).__name__
            )
        ) from error


def record(name, status):
    """Write down the outcome of a check; what was passed once stays passed."""
    state = load()
    if state["status"].get(name) != "passed":
        state["status"][name] = status
    _save(state)


def next_hint(name, count):
    """The index of the next of `count` hints for an exercise; after the last it stays there."""
    state = load()
    index = min(state["hints"].get(name, 0), count - 1)
    state["hints"][name] = index + 1
    _save(state)
    return index


def _save(state):
    """Write the state; where that is refused, say so once and keep it until the notebook is closed."""
    global _unsaved
    path = state_file()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        # Written beside and moved, so that two notebooks never leave half a file.
        with tempfile.NamedTemporaryFile("w", dir=path.parent, delete=False, encoding="utf-8") as file:
            json.dump(state, file, indent=1)
        Path(file.name).replace(path)
    except OSError as error:
        if _unsaved is None:
            print(
                _(
                    "Your progress is kept until you close the notebook: {path} cannot be written ({error})."
                ).format(path=path, error=error.strerror)
            )
        _unsaved = state


def board():
    """The board as (lesson, [(name, kind, status)]) for every lesson of the course."""
    status = load()["status"]
    lessons = {}
    for entry in entries().values():
        row = (entry.name, entry.kind, status.get(entry.name, "unattempted"))
        lessons.setdefault(entry.lesson, []).append(row)
    return list(lessons.items())
