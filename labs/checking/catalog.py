"""Which exercises and quiz questions the course has, and in which module each lives.

Names are found by reading the modules' syntax, so that a check imports only the module it needs.
"""

import ast
import difflib
import functools
import importlib
from dataclasses import dataclass
from pathlib import Path

from labs.checking.exercise import Quiz
from labs.errors import CourseError
from labs.text import _

FOLDER = Path(__file__).resolve().parents[1] / "exercises"
_MAKERS = ("exercise", "challenge", "quiz")


@dataclass(frozen=True)
class Entry:
    """Where a name of the course lives."""

    name: str
    kind: str  # "exercise", "challenge" or "quiz"
    lesson: str  # first line of the module's docstring: "Lesson 01 · From pixels to LeNet."
    module: str


@functools.cache
def entries():
    """All entries by name, in the order of the lessons and of the modules' text."""
    modules = []
    for path in FOLDER.glob("*.py"):
        if path.stem != "__init__":
            tree = ast.parse(path.read_text(encoding="utf-8"))
            lesson = (ast.get_docstring(tree) or path.stem).splitlines()[0].rstrip(".")
            modules.append((lesson, path.stem, tree))
    found = {}
    for lesson, module, tree in sorted(modules, key=lambda one: one[:2]):
        for name, kind in _names(tree):
            if name in found:
                raise CourseError(f"Two exercises are named {name}: in {found[name].module} and in {module}.")
            found[name] = Entry(name, kind, lesson, module)
    return found


def _names(tree):
    for node in tree.body:
        if isinstance(node, ast.FunctionDef):
            for decorator in node.decorator_list:
                if maker := _maker(decorator):
                    yield node.name, maker
        elif isinstance(node, ast.Assign) and (maker := _maker(node.value)):
            yield node.targets[0].id, maker


def _maker(node):
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in _MAKERS:
        return node.func.id
    return None


def find(name):
    """The exercise, challenge or quiz of that name.

    Raises:
        CourseError: there is none; the message names the nearest.
    """
    if name not in entries():
        raise CourseError(unknown(name))
    entry = entries()[name]
    found = getattr(importlib.import_module(f"labs.exercises.{entry.module}"), name)
    if isinstance(found, Quiz):
        found.name = name
    return found


def unknown(name):
    """The sentence for a name that the course does not have."""
    sentence = _("The course has no exercise named {name}.").format(name=str(name)[:60])
    near = nearest(name)
    return sentence + " " + _("Did you mean {near}?").format(near=near) if near else sentence


def nearest(name):
    """The name most like `name`, or None."""
    matches = difflib.get_close_matches(str(name), entries(), n=1, cutoff=0.6)
    return matches[0] if matches else None
