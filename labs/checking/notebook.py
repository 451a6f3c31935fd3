"""Syntax errors in exercise cells become cards, so that they do not stop the notebook either."""

import ast
import re
import warnings

from labs.checking import catalog
from labs.text import _

_EXERCISE = re.compile(r"^@check\b[^\n]*\n(?:\s*#[^\n]*\n|\s*\n)*\s*(?:async\s+)?def\s+(\w+)", re.MULTILINE)
_QUIZ = re.compile(r"""^check\(\s*["']?(\w+)["']?\s*,""", re.MULTILINE)
_BARE_LETTER = re.compile(r"""^(check\(\s*["'](\w+)["']\s*,\s*)([A-Za-z])(\s*\)\s*(?:#.*)?)$""", re.MULTILINE)


def catch_syntax_errors():
    """In IPython, look at every cell before it is compiled. Calling it twice changes nothing."""
    shell = _shell()
    if shell and rescue not in shell.input_transformers_post:
        shell.input_transformers_post.append(rescue)


def _shell():
    try:
        from IPython import get_ipython
    except ImportError:
        return None
    return get_ipython()


def rescue(lines):
    """The lines of a cell; when it is an exercise that does not compile, a call that shows the error.

    A quiz letter without quotes gets them.
    """
    cell = _BARE_LETTER.sub(_quoted, "".join(lines))
    found = _EXERCISE.search(cell) or _QUIZ.search(cell)
    if not found:
        return lines
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # IPython warns when it compiles the cell itself
            compile(cell, "<cell>", "exec", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT, dont_inherit=True)
    except SyntaxError as error:
        name = found.group(1)
        call = f"__import__('labs.check').check.show_syntax_error({name!r}, {describe(error)!r})"
        return [f"{name} = {call}\n" if found.re is _EXERCISE else f"{call};\n"]
    return cell.splitlines(keepends=True)


def _quoted(match):
    begin, name, letter, end = match.groups()
    entry = catalog.entries().get(name)
    return f'{begin}"{letter}"{end}' if entry and entry.kind == "quiz" else match.group(0)


def describe(error):
    """A SyntaxError as text: line, the line's source, a caret, and the message."""
    source = (error.text or "").rstrip("\n")
    caret = " " * max((error.offset or 1) - 1, 0) + "^"
    return "\n".join([_("line {line}").format(line=error.lineno), source, caret, str(error.msg)])
