"""Exercise modules read as text: the starter and the answer of an exercise, the text of a quiz."""

import ast
import builtins
import symtable

from labs.checking import catalog, source

ALLOWED = {"np", "keras", "layers", "tf", "math"}  # what an answer may use besides its own names


class LessonError(Exception):
    """A lesson or an exercise breaks a rule of the course; the message says which and where."""


class ExerciseSource:
    """The exercises and quizzes of one lesson, as source text."""

    def __init__(self, path):
        self.path = path
        self.text = path.read_text(encoding="utf-8")
        tree = ast.parse(self.text)
        self.functions = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}

    @classmethod
    def of_lesson(cls, number):
        """The module whose docstring begins with "Lesson NN"."""
        for entry in catalog.entries().values():
            if entry.lesson.startswith(f"Lesson {number} "):
                return cls(catalog.FOLDER / f"{entry.module}.py")
        raise LessonError(f"No module in labs/exercises begins with the docstring 'Lesson {number} · ...'.")

    def cell(self, name, solved, imported):
        """The code cell of an exercise: the starter, or the answer."""
        self._check_names(name, imported)
        return "@check\n" + (source.answer(name) if solved else source.starter(name))

    def quiz_text(self, name):
        """Markdown: the question and its lettered options."""
        quiz = catalog.find(name)
        options = [f"- **{letter})** {text}" for letter, (text, _why) in quiz.options.items()]
        return "\n".join([f"**Question** · {quiz.question}", "", *options])

    def _check_names(self, name, imported):
        used = _globals_used(ast.get_source_segment(self.text, self.functions[name]))
        modules, others = used & ALLOWED, used - ALLOWED
        earlier = list(self.functions)[: list(self.functions).index(name) + 1]
        strange = {one for one in others if one not in earlier or one not in catalog.entries()}
        if strange:
            raise LessonError(
                f"{self.path.name}: the answer to {name} uses {', '.join(sorted(strange))}; "
                f"allowed are {', '.join(sorted(ALLOWED))}, its parameters and earlier exercises."
            )
        if missing := modules - imported:
            raise LessonError(f"The setup cell must import {', '.join(sorted(missing))}: {name} uses it.")


def _globals_used(source):
    """Names a function reads from outside itself, without Python's built-ins."""
    found = set()

    def visit(table):
        if table.get_type() == "function":
            found.update(symbol.get_name() for symbol in table.get_symbols() if symbol.is_global())
        for child in table.get_children():
            visit(child)

    visit(symtable.symtable(source, "<answer>", "exec"))
    return found - set(dir(builtins))
