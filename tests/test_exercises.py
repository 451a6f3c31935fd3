"""Every exercise of the course: its reference, its starter, its mistakes and its hints."""

import functools
import itertools
import types

import pytest

from labs.check import Challenge, Quiz, grade
from labs.checking import catalog, source
from labs.checking.judge import _mistake_observation, _reference_observations
from labs.checking.observe import same

ENTRIES = catalog.entries()
FUNCTIONS = [name for name, entry in ENTRIES.items() if entry.kind != "quiz"]
EXERCISES = [name for name, entry in ENTRIES.items() if entry.kind == "exercise"]
CHALLENGES = [name for name, entry in ENTRIES.items() if entry.kind == "challenge"]
QUIZZES = [name for name, entry in ENTRIES.items() if entry.kind == "quiz"]
TRAINED = {"too_weak", "loss_for_other_labels"}  # requirements that are seen only in training


def _mistakes(names):
    return [(name, mistake.name) for name in names for mistake in catalog.find(name).mistakes]


def _mistake(name, mistake):
    return next(one for one in catalog.find(name).mistakes if one.name == mistake)


def _function(text, name):
    """The function of that name from source text, in a namespace like a notebook's."""
    import keras
    import numpy as np
    import tensorflow as tf
    from keras import layers

    module = types.ModuleType("notebook")
    module.__dict__.update(np=np, keras=keras, layers=layers, tf=tf, check=lambda function: function)
    module.__dict__.update({one: catalog.find(one).reference for one in FUNCTIONS if one != name})
    exec(text, module.__dict__)
    return module.__dict__[name]


@pytest.fixture(autouse=True)
def seeds():
    """Set, as `labs.start()` leaves them in a notebook: the tests' order then makes no difference, either."""
    import keras

    keras.utils.set_random_seed(0)


@pytest.mark.parametrize("name", EXERCISES)
def test_reference_passes(name):
    result = grade(name, catalog.find(name).reference)
    assert (result.status, result.mistake) == ("passed", None), result.message


@pytest.mark.parametrize("name", EXERCISES)
def test_answer_as_a_student_would_write_it_passes(name):
    result = grade(name, _function(source.answer(name), name))
    assert result.status == "passed", result.message


@pytest.mark.parametrize("name", FUNCTIONS)
def test_starter_is_not_attempted(name):
    assert grade(name, _function(source.starter(name), name)).status == "unattempted"


@pytest.mark.parametrize(("name", "mistake"), _mistakes(EXERCISES))
def test_mistake_is_rejected_with_its_message(name, mistake):
    known = _mistake(name, mistake)
    result = grade(name, known.function)
    assert result.status in ("wrong", "error")
    assert result.mistake == mistake
    assert result.message.startswith(known.message)


@pytest.mark.parametrize("name", EXERCISES)
def test_mistakes_can_be_told_apart(name):
    exercise = catalog.find(name)
    cases = range(len(_reference_observations(exercise)))

    @functools.cache  # the first case that tells two apart is enough: most of the others are never observed
    def seen(mistake, number):
        return _mistake_observation(exercise, _mistake(name, mistake), number)

    for one, two in itertools.combinations([mistake.name for mistake in exercise.mistakes], 2):
        alike = all(same(seen(one, number), seen(two, number), exercise.tolerance) for number in cases)
        assert not alike, f"{one} and {two} cannot be told apart"


@pytest.mark.parametrize("name", EXERCISES)
def test_each_case_is_deterministic(name):
    exercise = catalog.find(name)
    first = _reference_observations(exercise)
    _reference_observations.cache_clear()
    for one, two in zip(first, _reference_observations(exercise), strict=True):
        assert same(one, two, exercise.tolerance)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_exercise_has_what_the_course_promises(name):
    exercise = catalog.find(name)
    takes_arguments = bool(exercise.signature.parameters)
    assert len(exercise.make_cases()) >= (3 if takes_arguments else 1)
    assert len(exercise.mistakes) >= 2
    assert len(exercise.hints) >= 2
    assert "Returns:" in exercise.reference.__doc__


@pytest.mark.parametrize(("name", "mistake"), [one for one in _mistakes(CHALLENGES) if one[1] not in TRAINED])
def test_challenge_rejects_before_training(name, mistake):
    known = _mistake(name, mistake)
    result = grade(name, known.function)
    assert (result.status, result.mistake) == ("wrong", mistake), result.message
    assert result.message.startswith(known.message)


@pytest.mark.slow
@pytest.mark.parametrize(("name", "mistake"), [one for one in _mistakes(CHALLENGES) if one[1] in TRAINED])
def test_challenge_rejects_after_training(name, mistake):
    result = grade(name, _mistake(name, mistake).function)
    assert (result.status, result.mistake) == ("wrong", mistake), result.message


@pytest.mark.slow
@pytest.mark.parametrize("name", CHALLENGES)
def test_challenge_reference_passes(name):
    assert isinstance(catalog.find(name), Challenge)
    result = grade(name, catalog.find(name).reference)
    assert result.status == "passed", result.message


@pytest.mark.parametrize("name", QUIZZES)
def test_quiz(name):
    quiz = catalog.find(name)
    assert isinstance(quiz, Quiz)
    assert grade(name, ...).status == "unattempted"
    assert grade(name, f" {quiz.right.upper()}) ").status == "passed"
    for letter, (text, explanation) in quiz.options.items():
        result = grade(name, letter)
        assert text and result.message == explanation
        assert result.status == ("passed" if letter == quiz.right else "wrong")
    for strange in ("z", "", 3, None, object(), ["a"]):
        assert grade(name, strange).status in ("wrong", "unattempted")
