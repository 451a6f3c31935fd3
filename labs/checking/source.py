"""An exercise as source text: what the student starts from, and the answer."""

import ast
import textwrap

from labs.checking import catalog

BEGIN, END = "# BEGIN SOLUTION", "# END SOLUTION"
BLANK = "...  # your code here"


def answer(name):
    """The reference answer, without decorator and markers."""
    lines = _function(name)
    return "\n".join(line for line in lines if line.strip() not in (BEGIN, END))


def starter(name):
    """The same function with a blank in place of the solution, or with the exercise's own starter."""
    lines = _function(name)
    marks = [number for number, line in enumerate(lines) if line.strip() in (BEGIN, END)]
    if len(marks) != 2:
        raise ValueError(f"the answer to {name} needs one '{BEGIN}' and one '{END}'")
    begin, end = marks
    indent = lines[begin].removesuffix(BEGIN)
    blank = textwrap.indent(catalog.find(name).starter or BLANK, indent)
    return "\n".join([*lines[:begin], blank, *lines[end + 1 :]])


def _function(name):
    """The lines of a function, from `def` to its end or to the END marker, which Python does not count."""
    text = (catalog.FOLDER / f"{catalog.entries()[name].module}.py").read_text(encoding="utf-8")
    node = next(one for one in ast.parse(text).body if isinstance(one, ast.FunctionDef) and one.name == name)
    lines = text.splitlines()
    end = node.end_lineno
    if end < len(lines) and lines[end].strip() == END:
        end += 1
    return lines[node.lineno - 1 : end]
