"""A lesson source and the two notebooks that are made of it."""

import ast
import base64
import hashlib
import re
import sys
import tomllib
from pathlib import Path

import jupytext
import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

ROOT = Path(__file__).resolve().parents[1]
LESSONS = ROOT / "lessons"
sys.path.insert(0, str(ROOT))

from exercise_source import ExerciseSource, LessonError  # noqa: E402

from labs.checking import catalog  # noqa: E402

INSTALL = """\
# On Colab and Kaggle this installs the course; elsewhere `make lab` has done so.
import os
import sys

if "google.colab" in sys.modules or "KAGGLE_KERNEL_RUN_TYPE" in os.environ:
    %pip install --quiet --no-deps git+{repository}@v{version}
"""
MARKER = """\
---
**The core of this lesson ends here.** What follows is extra: take it for depth, or come back later."""
_PICTURE = re.compile(r"!\[([^\]]*)\]\((pictures/[^)]+)\)")
_TITLE = re.compile(r"^## (.+)$", re.MULTILINE)
_PLACEHOLDER = re.compile(r"\{\{(\w+)\}\}")

__all__ = ["LESSONS", "ROOT", "Lesson", "LessonError"]


class Lesson:
    """One `lessons/NN_topic.py`, parsed.

    Raises:
        LessonError: the source, or an exercise it uses, breaks a rule; the message says which and where.
    """

    def __init__(self, path):
        self.path = path
        self.stem = path.stem
        self.number = path.stem[:2]
        self.text = path.read_text(encoding="utf-8")
        self.tree = ast.parse(self.text)
        self.exercises = ExerciseSource.of_lesson(self.number)
        self.cells = jupytext.reads(self.text, fmt="py:percent").cells
        self.setup_names = _imported_names(self.cells)

    def student(self):
        """The notebook that students open: blanks, no outputs."""
        return self._notebook(solved=False)

    def solution(self):
        """The notebook with the answers, not executed yet."""
        notebook = self._notebook(solved=True)
        notebook.metadata["keras_labs"] = {
            "lesson_sha256": _sha256(self.path.read_bytes()),
            "exercises_sha256": _sha256(self.exercises.path.read_bytes()),
        }
        return notebook

    def sections(self):
        """Title of each `## ` section → names of the exercises and questions in it, in the lesson's order."""
        found, title = {}, None
        for cell in self.cells:
            if cell.cell_type == "markdown":
                for title in _TITLE.findall(cell.source):
                    found[title] = []
            elif name := _exercise_import(cell.source):
                found[title].append(name)
            elif quiz := _quiz_call(cell.source):
                found[title].append(quiz[0])
        return found

    def _notebook(self, solved):
        cells = []
        for cell in self.cells:
            cells += self._markdown(cell) if cell.cell_type == "markdown" else self._code(cell, solved)
        cells += [
            ("markdown", text, [])
            for text in (_glossary(self.number), _credits(self.tree, ast.parse(self.exercises.text)))
            if text
        ]
        notebook = new_notebook(cells=self._with_ids(cells, solved))
        notebook.metadata = nbformat.from_dict(
            {
                "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
                "language_info": {"name": "python"},
            }
        )
        return notebook

    def _markdown(self, cell):
        if cell.source.strip() == "{{extra}}":
            return [("markdown", MARKER, [])]
        text = _PLACEHOLDER.sub(self._placeholder, cell.source)
        return [("markdown", _PICTURE.sub(self._embedded, text), [])]

    def _placeholder(self, match):
        if match.group(1) == "measured":
            return measured(self.number)
        raise LessonError(f"{self.path.name}: unknown placeholder {match.group(0)}.")

    def _embedded(self, match):
        alt, name = match.groups()
        if not alt:
            raise LessonError(f"{self.path.name}: {name} has no alt text.")
        data = base64.b64encode((LESSONS / name).read_bytes()).decode()
        return f"![{alt}](data:image/{Path(name).suffix[1:]};base64,{data})"

    def _code(self, cell, solved):
        tags = list(cell.metadata.get("tags", []))
        if name := _exercise_import(cell.source):
            return [("code", self.exercises.cell(name, solved, self.setup_names), tags)]
        if quiz := _quiz_call(cell.source):
            name, answer = quiz
            if catalog.find(name).right != answer:
                raise LessonError(f"{self.path.name}: the answer to {name} is not {answer!r}.")
            shown = cell.source if solved else f'check("{name}", ...)'
            return [("markdown", self.exercises.quiz_text(name), []), ("code", shown, tags)]
        if "labs.start(" in cell.source:
            return [("code", _install_lines() + "\n" + cell.source, tags)]
        return [("code", cell.source, tags)]

    def _with_ids(self, cells, solved):
        """Cells with ids that depend on lesson, kind, source and how often the same came before."""
        seen, made = {}, []
        for kind, source, tags in cells:
            key = (kind, source)
            seen[key] = seen.get(key, 0) + 1
            name = _sha256("\0".join([self.stem, kind, source, str(seen[key])]).encode())[:16]
            cell = new_code_cell(source) if kind == "code" else new_markdown_cell(source)
            cell["id"] = name
            if tags and solved:  # tags are for the tests of outputs, which a student's copy does not have
                cell.metadata["tags"] = tags
            made.append(cell)
        return made


def _exercise_import(source):
    """The name that a cell consisting of one import from an exercise module brings in, else None."""
    body = ast.parse(source).body if "labs.exercises" in source else []
    if len(body) == 1 and isinstance(body[0], ast.ImportFrom) and len(body[0].names) == 1:
        return body[0].names[0].name
    if body:
        raise LessonError(f"An exercise is imported alone, in a cell of its own, not as in:\n{source}")
    return None


def _quiz_call(source):
    """(name, answer) of a cell `check("name", "letter")`, else None."""
    body = ast.parse(source).body if source.startswith("check(") else []
    if len(body) != 1:
        return None
    name, answer = (argument.value for argument in body[0].value.args)
    return (name, answer) if catalog.entries()[name].kind == "quiz" else None


def _imported_names(cells):
    """What the lesson imports before its first exercise."""
    names = set()
    for cell in cells:
        if cell.cell_type != "code":
            continue
        if _exercise_import(cell.source):
            break
        for node in ast.walk(ast.parse(cell.source)):
            if isinstance(node, (ast.Import, ast.ImportFrom)):
                names |= {alias.asname or alias.name for alias in node.names}
    return names


def _install_lines():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return INSTALL.format(repository=project["urls"]["Repository"], version=project["version"])


def measured(number):
    """A lesson's run time and memory, as a sentence in Markdown."""
    path = LESSONS / "measured.toml"
    lesson = (
        tomllib.loads(path.read_text(encoding="utf-8")).get(f"lesson_{number}", {}) if path.exists() else {}
    )
    if "seconds" not in lesson:
        return "*Run time not measured yet: `make benchmark`.*"
    return f"**Runs in** {lesson['seconds']} s on two processor cores, in {lesson['megabytes']:,} MB of memory, offline."


def glossary():
    """The terms of the course: list of dicts with lesson, english, korean, section, meaning."""
    return tomllib.loads((LESSONS / "glossary.toml").read_text(encoding="utf-8"))["term"]


def _glossary(number):
    terms = [term for term in glossary() if term["lesson"] == number]
    if not terms:
        return ""
    rows = [f"| {term['english']} | {term['korean']} | {term['meaning']} |" for term in terms]
    return "\n".join(["## Glossary", "", "| Term | Korean | Meaning |", "|---|---|---|", *rows])


def _credits(*trees):
    """A Markdown cell with the credit of every data set and every network that a lesson or its exercises load."""
    from labs import data

    used = {
        # A network's functions begin with the name of its weights.
        next((name for name in data.CREDITS if node.attr.startswith(name)), node.attr)
        for tree in trees
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id in ("data", "models")
    } & set(data.CREDITS)
    used = used.union(*(data.MADE_OF.get(name, ()) for name in used))
    # A set that others are part of comes after them.
    lines = [
        f"- {data.CREDITS[name]}" for name in sorted(used, key=lambda name: (name in data.MADE_OF, name))
    ]
    text = "Text: the Keras Labs authors, CC BY 4.0. Code: MIT license."
    return "\n".join(["## Credits", "", *lines, f"- {text}"])


def _sha256(content):
    return hashlib.sha256(content).hexdigest()
