"""The verdict on an answer: passed, wrong, error or unattempted, and the sentence for it."""

import contextlib
import functools
import inspect
import random
import sys
import types
import warnings
from dataclasses import dataclass

import numpy as np

from labs.checking import worker
from labs.checking.exercise import Challenge, Met, Quiz
from labs.checking.observe import Failure, Run, failure, observe, same, same_gradients
from labs.checking.stubs import is_stub
from labs.checking.values import Array, Nothing, as_array, difference, relation, show, type_name
from labs.errors import CourseError
from labs.text import _, ngettext

PASSED, WRONG, ERROR, UNATTEMPTED = "passed", "wrong", "error", "unattempted"
OWN_SECONDS = 120.0  # for a reference or a mistake, which come to an end
INLINE_ELEMENTS = 9  # arguments up to this size are written out in the call


@dataclass(frozen=True)
class Result:
    """What a check found. `message` is plain text; `detail` is preformatted; `printed` is the answer's own."""

    name: str
    status: str
    message: str
    mistake: str | None = None
    detail: str = ""
    printed: str = ""


def judge(exercise, answer, report=None):
    """The Result for an answer to an exercise, a challenge or a quiz question.

    `report(fraction)` is called while a challenge trains.
    """
    if isinstance(exercise, Quiz):
        return _judge_quiz(exercise, answer)
    name = exercise.name
    if answer is ... or answer is None or is_stub(answer, exercise.starter_function):
        return Result(name, UNATTEMPTED, _("Not attempted yet."))
    if not callable(answer):
        message = _("This exercise asks for a function; it was given an object of type {type}.")
        return Result(name, WRONG, message.format(type=type_name(type(answer))))
    if problem := _signature_problem(exercise, answer):
        return Result(name, WRONG, problem)
    with warnings.catch_warnings(), _unchanged_settings():
        warnings.simplefilter("ignore")  # what NumPy warns of, the result shows
        if isinstance(exercise, Challenge):
            return _judge_challenge(exercise, answer, report)
        return _judge_function(exercise, answer)


@contextlib.contextmanager
def _unchanged_settings():
    """A check must not change what the notebook draws next, nor how deep it may recurse."""
    python, numpy, depth = random.getstate(), np.random.get_state(), sys.getrecursionlimit()
    try:
        yield
    finally:
        sys.setrecursionlimit(depth)
        random.setstate(python)
        np.random.set_state(numpy)


# ------------------------------------------------------------------------------------------ functions


def _judge_function(exercise, answer):
    expected = _reference_observations(exercise)
    run = Run(exercise.make_cases())
    with _own_name(exercise.name, answer):
        ending = worker.run(lambda: observe(exercise, answer, run, expected), exercise.seconds)
    if ending.timed_out:
        return _out_of_time(exercise, run, ending)
    if ending.error:  # not the answer's fault: damaged data, for example
        raise ending.error
    verdict = _first_difference(exercise, run, expected)
    if verdict is None:
        message = ngettext("Right.", "Right in all {count} cases.", len(run.cases)).format(
            count=len(run.cases)
        )
        return Result(exercise.name, PASSED, message, printed=ending.printed)
    number, sentence = verdict
    changed_default = _changed_default(exercise, answer)
    mistake = None if changed_default else _matching_mistake(exercise, run.seen, expected)
    seen = run.seen[number]
    if seen.failure:
        return _raised(exercise, run.cases[number], seen.failure, mistake, ending.printed)
    parts = [_(mistake.message)] if mistake else []
    if changed_default:
        parts.append(changed_default)
    elif not mistake and (hint := _general_hint(exercise, run, expected, ending.printed)):
        parts.append(hint)
    parts.append(call_text(exercise, run.cases[number]) + "\n" + sentence)
    if not mistake and len(run.cases) > 2:
        right = sum(
            _sentence(exercise, one, two) is None for one, two in zip(expected, run.seen, strict=True)
        )
        if right:
            parts.append(_("Right in {right} of {count} cases.").format(right=right, count=len(run.cases)))
    detail = "" if seen.changed else _side_by_side(expected[number].value, seen.value)
    return Result(exercise.name, WRONG, "\n".join(parts), mistake and mistake.name, detail, ending.printed)


@functools.cache
def _reference_observations(exercise):
    seen = _observations(exercise, exercise.reference, None)
    allowed = {kind.__name__ for kind in exercise.raises}
    for one in seen:
        if one.failure and one.failure.kinds[0] not in allowed:
            # Not a verdict on the answer: the machine or the installation is at fault.
            raise CourseError(
                _(
                    "The reference of {name} failed with {error}: {text}. Restart the kernel and try again."
                ).format(name=exercise.name, error=one.failure.kinds[0], text=one.failure.text)
            )
    return tuple(seen)


def _observations(exercise, function, expected):
    """What our own function shows, in a thread like the student's: Keras keeps settings by thread."""
    return _run_on(exercise, function, exercise.make_cases(), expected)


def _run_on(exercise, function, cases, expected):
    run = Run(cases)
    ending = worker.run(lambda: observe(exercise, function, run, expected), OWN_SECONDS)
    if ending.error:
        raise ending.error
    return run.seen


@functools.cache
def _mistake_observation(exercise, mistake, number):
    """What a mistake shows on one case: models take time, and most mistakes differ on the first."""
    return _observed_like(exercise, mistake, number, _reference_observations(exercise)[number])


def _observed_like(exercise, mistake, number, like):
    return _run_on(exercise, mistake.function, [exercise.make_cases()[number]], [like])[0]


def _matching_mistake(exercise, seen, expected):
    """The registered mistake whose observations equal the answer's on every case."""
    alike = _same_for(exercise)
    if all(map(alike, expected, seen)):
        return None
    for mistake in exercise.mistakes:
        if all(
            alike(_mistake_observation(exercise, mistake, number), one) for number, one in enumerate(seen)
        ):
            return mistake
    for mistake in exercise.mistakes:
        if all(_alike_reordered(exercise, mistake, number, one) for number, one in enumerate(seen)):
            return mistake
    return None


def _alike_reordered(exercise, mistake, number, seen):
    """Whether models agree on a case when the weights of the mistake's are matched to those of the answer's."""
    shapes = [
        getattr(one.value, "weight_shapes", None)
        for one in (_mistake_observation(exercise, mistake, number), seen)
    ]
    if None in shapes or sorted(shapes[0]) != sorted(shapes[1]):
        return False
    again = _observed_like(exercise, mistake, number, seen)
    return same(again, seen, exercise.tolerance)


def _same_for(exercise):
    return lambda one, two: same(one, two, exercise.tolerance)


def _first_difference(exercise, run, expected):
    """Index of the first case that differs and the sentence for it; None when all agree."""
    for number, (wanted, seen) in enumerate(zip(expected, run.seen, strict=True)):
        if (sentence := _sentence(exercise, wanted, seen)) is not None:
            return number, sentence
    return None


def _sentence(exercise, wanted, seen):
    """What differs between two observations, as a sentence; None where nothing does."""
    if wanted.failure:
        kind = wanted.failure.kinds[0]
        if seen.failure and kind in seen.failure.kinds:
            return None
        return _("It must raise {kind} here.").format(kind=kind)
    if seen.failure:
        return seen.failure.text
    if found := difference(wanted.value, seen.value, exercise.tolerance):
        if seen.changed:
            also = _(
                "The function also changes its argument {name}: `+=` or `*=` on a part changes the original."
            )
            return found.message + " " + also.format(name=seen.changed[0])
        return found.message
    if seen.changed:
        return _(
            "The result is right, but the function changes its argument {name}. Work on a copy: {name}.copy()."
        ).format(name=seen.changed[0])
    for name, gradients in wanted.gradients.items():
        if not same_gradients(gradients, seen.gradients[name]):
            return _gradient_sentence(name, seen.gradients[name])
    return None


def _gradient_sentence(name, gradients):
    """What is wrong with the gradients that reach an argument."""
    if all(one is None for one in gradients):
        sentence = _(
            "The values are right, but no gradient reaches {name}: NumPy, float() or stop_gradient cuts it. "
            "Use keras.ops or tf functions throughout."
        )
    elif any(one is not None and not np.isfinite(one).all() for one in gradients):
        sentence = _(
            "The values are right, but the gradient that reaches {name} is not a finite number: a part that is not "
            "chosen has none. Use a function that is safe for all numbers."
        )
    else:
        sentence = _(
            "The values are right, but the gradient that reaches {name} is another. Does NumPy, float() or "
            "stop_gradient cut a part of the way? Use keras.ops or tf functions throughout."
        )
    return sentence.format(name=name)


def _general_hint(exercise, run, expected, printed):
    """A sentence for an answer that matches no registered mistake, or None."""
    if any(seen.failure or wanted.failure for seen, wanted in zip(run.seen, expected, strict=True)):
        return None
    if all(isinstance(seen.value, Nothing) for seen in run.seen) and printed:
        return _("The function prints its result. Hand it back with `return`.")
    return relation([one.value for one in expected], [one.value for one in run.seen])


def _side_by_side(expected, actual):
    """Both arrays in full where they are small enough to read."""
    one, two = as_array(expected), as_array(actual)
    if one is None or two is None or not (0 < one.ndim <= 2 and max(one.size, two.size) <= 36):
        return ""
    return "\n".join([_("yours:"), show(Array(two, "")), _("expected:"), show(Array(one, ""))])


def _raised(exercise, case, found, mistake, printed):
    head = _(mistake.message) if mistake else found.advice
    line = f"{found.kinds[0]}: {found.text}" if found.text else found.kinds[0]
    message = "\n".join(
        part for part in (head, call_text(exercise, case), _("It raises {line}").format(line=line)) if part
    )
    return Result(exercise.name, ERROR, message, mistake and mistake.name, found.trace, printed)


def _out_of_time(exercise, run, ending):
    message = _(
        "The answer did not come to an end within {seconds:g} s. Which loop, or which call, never ends?"
    ).format(seconds=exercise.seconds)
    message += "\n" + call_text(exercise, run.cases[min(len(run.seen), len(run.cases) - 1)])
    if not ending.stopped:
        message += "\n" + _(
            "It could not be stopped and goes on in the background. To end it choose “Restart kernel” in the menu."
        )
    return Result(exercise.name, ERROR, message, printed=ending.printed)


def _signature_problem(exercise, answer):
    """A sentence when the function cannot be called as the exercise calls it, else None."""
    own = _own_signature(answer)
    if own is None:  # the call will tell
        return None
    wanted = exercise.signature
    kinds = {parameter.kind for parameter in own.parameters.values()}
    if inspect.Parameter.VAR_POSITIONAL in kinds:
        return None
    needed = [
        name
        for name, one in own.parameters.items()
        if one.default is one.empty and one.kind != one.VAR_KEYWORD
    ]
    names, count = list(own.parameters), len(wanted.parameters)
    if names != list(wanted.parameters) and sorted(names) == sorted(wanted.parameters):
        return _("Keep the parameters in their order: {wanted}.").format(wanted=_parameters(wanted))
    required = [name for name, one in wanted.parameters.items() if one.default is one.empty]
    if len(needed) <= len(required) and (len(names) >= count or inspect.Parameter.VAR_KEYWORD in kinds):
        return None
    return _(
        "The function takes {own}; the exercise calls it with {wanted}. Keep the parameters of the starter."
    ).format(own=_parameters(own), wanted=_parameters(wanted))


def _own_signature(answer):
    """The signature of a plain function, else None: other callables may lie."""
    if type(answer) is not types.FunctionType:
        return None
    try:
        return inspect.signature(answer, follow_wrapped=False)
    except (TypeError, ValueError):
        return None


def _changed_default(exercise, answer):
    """A sentence where a default of the starter was changed, else None."""
    own = _own_signature(answer)
    for name, parameter in exercise.signature.parameters.items():
        mine = own.parameters.get(name) if own else None
        if mine and parameter.default is not parameter.empty and mine.default is not parameter.default:
            if type(mine.default) is type(parameter.default) and mine.default == parameter.default:
                continue
            return _("A default of the starter was changed: it is {parameter}.").format(parameter=parameter)
    return None


def _parameters(signature):
    return "(" + ", ".join(map(str, signature.parameters.values())) + ")"


def call_text(exercise, case):
    """The call of a case, as code; large arrays as their shape."""
    return f"{exercise.name}({', '.join(f'{name}={_argument(value)}' for name, value in case.items())})"


def _argument(value):
    if isinstance(value, np.ndarray):
        if value.size <= INLINE_ELEMENTS:
            return np.array2string(value, precision=4, suppress_small=True, separator=", ").replace("\n", "")
        return _("<array of shape {shape}>").format(shape=value.shape)
    if hasattr(value, "shape"):  # a symbolic tensor; its own text is long
        return _("<tensor of shape {shape}>").format(shape=value.shape)
    text = repr(value)
    return text if len(text) <= 60 else f"<{type(value).__name__}>"


class _own_name:
    """While checking, the exercise's name means the student's function, so that recursion reaches it.

    `exit` and `quit` mean `sys.exit`: those of IPython would end the kernel.
    """

    def __init__(self, name, answer):
        # A decorated answer hides its own globals; a notebook's are those of __main__.
        self.spaces = [vars(sys.modules["__main__"])]
        if type(answer) is types.FunctionType and answer.__globals__ is not self.spaces[0]:
            self.spaces.append(answer.__globals__)
        self.names = {name: answer, "exit": _leave, "quit": _leave}

    def __enter__(self):
        self.before = [{name: space[name] for name in self.names if name in space} for space in self.spaces]
        for space in self.spaces:
            space.update(self.names)

    def __exit__(self, *error):
        for space, before in zip(self.spaces, self.before, strict=True):
            for name in self.names:
                space.pop(name, None)
            space.update(before)


def _leave(code=None):
    raise SystemExit(code)


# ------------------------------------------------------------------------------------------ challenges


def _judge_challenge(exercise, answer, report):
    progress = _Progress(report)
    with _own_name(exercise.name, answer):
        ending = worker.run(
            lambda: _examined(exercise, answer, progress), exercise.seconds, on_wait=progress.show
        )
    if ending.timed_out:
        return _out_of_time(exercise, Run([{}]), ending)
    if ending.error:
        raise ending.error
    found = ending.result
    if isinstance(found, Failure):
        return _raised(exercise, {}, found, None, ending.printed)
    if isinstance(found, Met):
        return Result(exercise.name, PASSED, found.message, printed=ending.printed)
    mistake = next((one for one in exercise.mistakes if one.name == found.requirement), None)
    message = "\n".join([_(mistake.message), found.message] if mistake else [found.message])
    return Result(exercise.name, WRONG, message, mistake and mistake.name, printed=ending.printed)


def _examined(exercise, answer, progress):
    """What the challenge finds, or the Failure of an answer that raises."""
    try:
        return exercise.examine(answer, progress.move)
    except CourseError:
        raise
    except BaseException as error:
        if worker.is_stopping():
            raise
        return failure(error)


class _Progress:
    """Carries the fraction done from the thread that trains to the one that draws."""

    def __init__(self, report):
        self.fraction = 0.0
        self.report = report

    def move(self, fraction):
        self.fraction = fraction

    def show(self):
        if self.report:
            self.report(self.fraction)


# ------------------------------------------------------------------------------------------ quiz


def _judge_quiz(quiz, answer):
    if answer is ... or answer is None:
        return Result(
            quiz.name, UNATTEMPTED, _("Not answered yet: put the letter of your answer in place of the dots.")
        )
    letters = ", ".join(quiz.options)
    letter = str.strip(answer).strip("().").lower() if issubclass(type(answer), str) else None
    if letter not in quiz.options:
        example = f'check("{quiz.name}", "{next(iter(quiz.options))}")'
        message = _("Answer with one of the letters {letters} in quotes, for example {example}.")
        return Result(quiz.name, WRONG, message.format(letters=letters, example=example))
    _text, explanation = quiz.options[letter]
    if letter == quiz.right:
        return Result(quiz.name, PASSED, _(explanation))
    return Result(quiz.name, WRONG, _(explanation), mistake=letter)
