"""Checks answers: `@check` above a function, `check(name, answer)` for a quiz question.

    check.hint("name")       the next hint
    check.solution("name")   the reference answer
    check.progress()         the board of all lessons

The module itself is callable, so that `from labs import check` gives everything under one name.
"""

import json
import os
import sys
import types
from pathlib import Path

from labs.checking import cards, catalog, source
from labs.checking.exercise import Challenge, Exercise, Met, Quiz, Unmet, challenge, exercise, quiz
from labs.checking.judge import Result, judge
from labs.display import Bar, show
from labs.errors import CourseError
from labs.text import _

__all__ = [
    "Challenge",
    "Exercise",
    "Met",
    "Quiz",
    "Result",
    "Unmet",
    "challenge",
    "exercise",
    "grade",
    "hint",
    "progress",
    "quiz",
    "solution",
]

_MISSING = object()


def _check(name=_MISSING, answer=_MISSING):
    """Check an answer, show the outcome, and hand back what the notebook goes on with.

    Use it as a decorator, `@check`, above a function with the name of an exercise, or call it as
    `check(name, answer)`.

    Returns:
        The student's function when it passes, else the reference; None for a quiz question.
    """
    if name is _MISSING:
        name, answer = "", None
    elif answer is _MISSING:
        name, answer = (name, ...) if isinstance(name, str) else (_decorated_name(name), name)
    if not isinstance(name, str) or name not in catalog.entries():
        name = name if isinstance(name, str) else ""
        sentence = _("Use it as @check above a function, or as check(name, answer).")
        show(cards.Card("error", str(name), [catalog.unknown(name) if name else sentence]))
        return _stand_in(name, answer)
    found = catalog.find(name)
    try:
        result = _graded(found, answer)
    except CourseError as error:
        result = Result(name, "error", str(error))
    _write_down(result)
    show(cards.result_card(result, _footer(found, result)))
    if isinstance(found, Quiz):
        return None
    return answer if result.status == "passed" else found.reference


def grade(name, answer):
    """The Result for an answer to the exercise of that name; nothing is shown or written down.

    Args:
        name: name of the exercise or quiz question.
        answer: the student's function or value.

    Returns:
        A Result with `status` ("passed", "wrong", "error" or "unattempted"), `message` (plain text) and
        `mistake` (name of the matched mistake, or None).

    Raises:
        CourseError: the course has no such exercise.
    """
    if not isinstance(name, str):
        raise CourseError(catalog.unknown(name))
    return judge(catalog.find(name), answer)


def hint(name):
    """Show the next hint for an exercise; after the last one it stays."""
    from labs.checking import progress as state

    if (found := _found(name)) is None:
        return
    if not found.hints:
        show(cards.Card("hint", name, [_("There is no hint for this one: try an answer, and read why.")]))
        return
    index = state.next_hint(name, len(found.hints))
    title = _("{name}, hint {number} of {count}").format(name=name, number=index + 1, count=len(found.hints))
    show(cards.Card("hint", title, [_(found.hints[index])]))


def solution(name):
    """Show the reference answer of an exercise, or the right option of a quiz question."""
    if (found := _found(name)) is None:
        return
    if isinstance(found, Quiz):
        text, explanation = found.options[found.right]
        show(cards.Card("solution", name, [f"{found.right}) {_(text)}", _(explanation)]))
    else:
        show(cards.Card("solution", name, [], [source.answer(name)]))


def _found(name):
    """The exercise of that name; None after showing that there is none."""
    if isinstance(name, str) and name in catalog.entries():
        return catalog.find(name)
    show(cards.Card("error", str(name)[:60], [catalog.unknown(name)]))
    return None


def progress(lesson=""):
    """Show the board: every exercise and where it stands, of one lesson ("01") or of all."""
    from labs.checking import progress as state

    for title, rows in state.board():
        if not title.startswith(f"Lesson {lesson}"):
            continue
        passed = sum(status == "passed" for _name, _kind, status in rows)
        lines = "\n".join(
            f"{state.SYMBOLS[status]} {name}" + (f"  ({_(kind)})" if kind != "exercise" else "")
            for name, kind, status in rows
        )
        count = _("{passed} of {count} passed").format(passed=passed, count=len(rows))
        show(cards.Card("board", title, [count], [lines]))


def show_syntax_error(name, description):
    """Show that an exercise cell does not parse, and hand back the reference.

    `labs.checking.notebook` puts this call in the place of such a cell.
    """
    if name not in catalog.entries():
        near = catalog.nearest(name)
        show(cards.Card("error", name, [catalog.unknown(name)], [description]))
        return catalog.find(near).reference if near and catalog.entries()[near].kind != "quiz" else None
    found = catalog.find(name)
    message = _("Python cannot read this cell. The mistake is at the mark, or shortly before it.")
    result = Result(name, "error", message, detail=description)
    _write_down(result)
    show(cards.result_card(result, _footer(found, result)))
    return None if isinstance(found, Quiz) else found.reference


def _decorated_name(answer):
    """The name of a function, or of what a decorator made of one; "" for anything else."""
    try:
        name = answer.__name__
    except Exception:  # noqa: BLE001  any object may be handed in, and its attributes may raise
        return ""
    return name if type(name) is str else ""


def _stand_in(name, answer):
    """What takes the place of an answer under an unknown name.

    A function whose name is a typing error leaves the right name bound to its reference, so that the
    rest of the notebook runs.
    """
    near = catalog.nearest(name) if name else None
    if near and type(answer) is types.FunctionType:
        found = catalog.find(near)
        if not isinstance(found, Quiz):
            answer.__globals__.setdefault(near, found.reference)
    return answer


def _graded(found, answer):
    if not isinstance(found, Challenge):
        return judge(found, answer)
    bar = Bar(found.name)
    return judge(found, answer, bar.show)


def _footer(found, result):
    if result.status == "passed":
        return ""
    asks = f'check.hint("{result.name}")'
    if isinstance(found, Quiz):
        return _("Change the letter and run the cell again.")
    if result.status == "unattempted":
        return _("The notebook goes on with the reference answer. A hint: {asks}").format(asks=asks)
    return _("Until this passes, the notebook goes on with the reference answer. A hint: {asks}").format(
        asks=asks
    )


def _write_down(result):
    """Keep the outcome in the student's progress, and in `$LABS_REPORT` for tests."""
    from labs.checking import progress as state

    if path := os.environ.get("LABS_REPORT"):
        line = {"name": result.name, "status": result.status, "mistake": result.mistake}
        with Path(path).open("a", encoding="utf-8") as report:
            report.write(json.dumps(line) + "\n")
    else:
        try:
            state.record(result.name, result.status)
        except CourseError as error:
            show(
                cards.Card(
                    "error", result.name, [_("Your progress was not saved: {error}").format(error=error)]
                )
            )


class _CallableModule(types.ModuleType):
    """Lets the module itself be called."""

    def __call__(self, name=_MISSING, answer=_MISSING):
        return _check(name, answer)


sys.modules[__name__].__class__ = _CallableModule
check = sys.modules[__name__]  # so that `from labs.check import check` is the same object
