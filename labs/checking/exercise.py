"""What an author writes: exercises with their mistakes, challenges, and quiz questions."""

import copy
import functools
import inspect
import textwrap
from dataclasses import dataclass

import numpy as np

TOLERANCE = 1e-5  # relative to the largest expected magnitude, at least 1
SECONDS = 2.0  # for one answer on all cases


@dataclass(frozen=True)
class Mistake:
    """A wrong answer that students give, and the sentence for it."""

    name: str
    function: object
    message: str


class Exercise:
    """A reference answer with its cases, hints and mistakes; calling it calls the reference.

    Made by the decorator `exercise`; the arguments are described there.
    """

    def __init__(
        self, reference, cases, hints, tolerance, seconds, differentiable, observe, starter, extra, raises
    ):
        functools.update_wrapper(self, reference)
        self.name = reference.__name__
        self.reference = reference
        self.cases = cases
        self.hints = hints
        self.tolerance = tolerance
        self.seconds = seconds
        self.differentiable = differentiable
        self.observe = observe
        self.starter = starter
        self.extra = extra
        self.raises = raises
        self.mistakes = []

    def __call__(self, *args, **kwargs):
        return self.reference(*args, **kwargs)

    def mistake(self, message):
        """Decorator: register a wrong answer and the sentence that a student who gives it reads."""

        def register(function):
            self.mistakes.append(Mistake(function.__name__, function, message))
            return function

        return register

    @property
    def signature(self):
        """The reference's signature, which the student's starter has, too."""
        return inspect.signature(self.reference)

    @property
    def starter_function(self):
        """The starter as the source of a whole function, without its docstring; None where it is a blank."""
        if self.starter is None:
            return None
        return f"def {self.name}{self.signature}:\n{textwrap.indent(self.starter, '    ')}"

    def make_cases(self):
        """Fresh arguments for one run over all cases, as a list of dicts."""
        if callable(self.cases):
            return self.cases()
        return copy.deepcopy(self.cases)


def exercise(
    cases,
    hints,
    tolerance=TOLERANCE,
    seconds=SECONDS,
    differentiable=False,
    observe=None,
    starter=None,
    extra=False,
    raises=(),
):
    """Decorator that makes an `Exercise` of a reference answer.

    Args:
        cases: list of dicts of arguments, or a function that returns one (called at each run; models
            belong into such a function, so that each run gets fresh ones).
        hints: list of sentences, from a nudge to nearly the answer.
        tolerance: allowed error relative to the largest expected magnitude (at least 1).
        seconds: limit for the answer on all cases together.
        differentiable: the answer must let gradients through to its float array arguments, which it then
            gets as TensorFlow tensors.
        observe: `observe(function, **case)` returns what is compared instead of `function(**case)`;
            for answers that are random or that need a setting to be seen.
        starter: the lines the student starts from where they are not a blank, for code that is to be
            repaired; they stand in the place of the solution, and a comment in them says `your code here`.
        extra: an exercise beyond the core of its lesson.
        raises: tuple of the exceptions that a right answer raises on some case.
    """

    def make(reference):
        return Exercise(
            reference, cases, hints, tolerance, seconds, differentiable, observe, starter, extra, raises
        )

    return make


class Challenge(Exercise):
    """An answer without a reference result: it passes when it meets requirements.

    `examine(answer, report)` returns `Met`, or the first requirement that is not met as an `Unmet`.
    It may train, and then calls `report(fraction)` to move the progress bar. A mistake has the name of
    the requirement that it fails.
    """

    def __init__(self, reference, hints, seconds, examine):
        super().__init__(reference, [{}], hints, TOLERANCE, seconds, False, None, None, False, ())
        self.examine = examine


@dataclass(frozen=True)
class Met:
    """All requirements of a challenge are met."""

    message: str


@dataclass(frozen=True)
class Unmet:
    """A requirement of a challenge that an answer does not meet."""

    requirement: str  # a name, by which an answer and a mistake are found to be alike
    message: str


def challenge(examine, hints, seconds=180.0):
    """Decorator that makes a `Challenge`; `seconds` only ends an answer that never would."""

    def make(reference):
        return Challenge(reference, hints, seconds, examine)

    return make


@dataclass
class Quiz:
    """A question with lettered options, each with a text and an explanation."""

    question: str
    options: dict
    right: str
    name: str = ""  # set by the catalog from the variable's name
    hints: tuple = ()


def quiz(question, options, right, hints=()):
    """A quiz question.

    Args:
        question: the question, Markdown.
        options: dict letter → (text, explanation of why it is right or wrong).
        right: the letter of the right option.
        hints: sentences for `check.hint`.
    """
    if right not in options:
        raise ValueError(f"the right option {right!r} is not among {list(options)}")
    return Quiz(question, options, right, hints=tuple(hints))


def bind(signature, function, case):
    """Positional and keyword arguments with which to call `function` for a case.

    The student may rename parameters: then all go by position, defaults filled in from the reference.
    Where names are kept, only what the case names is passed, so that the student's own defaults count.
    """
    bound = signature.bind(**case)
    try:
        own = inspect.signature(function).parameters
    except (TypeError, ValueError):  # some built-in functions have no signature
        own = {}
    kinds = {parameter.kind for parameter in own.values()}
    if inspect.Parameter.KEYWORD_ONLY in kinds or kinds == {inspect.Parameter.VAR_KEYWORD}:
        return [], dict(case)
    names, given = list(signature.parameters), list(case)
    if given == names[: len(given)]:
        return list(bound.arguments.values()), {}
    if set(given) <= set(own) and inspect.Parameter.POSITIONAL_ONLY not in kinds:
        return [], dict(case)
    bound.apply_defaults()
    return list(bound.arguments.values()), {}


def changed_arguments(before, after):
    """The names of the arguments that a call changed in place."""
    return tuple(name for name in before if not _same(before[name], after[name]))


def _same(one, two):
    if type(one) is not type(two):
        return False
    if isinstance(one, np.ndarray):
        is_float = one.dtype.kind in "fc"
        return one.dtype == two.dtype and np.array_equal(one, two, equal_nan=is_float)
    if isinstance(one, (list, tuple)):
        return len(one) == len(two) and all(map(_same, one, two))
    if isinstance(one, dict):
        return one.keys() == two.keys() and all(_same(one[key], two[key]) for key in one)
    if isinstance(one, (int, float, str)):
        return one == two or (one != one and two != two)  # NaN is NaN
    return True  # tensors cannot change, and models may
