"""The engine: what students hand it, and what they get."""

import json
import subprocess
import sys
import textwrap
import time
from decimal import Decimal
from fractions import Fraction

import keras
import numpy as np
import pytest
import tensorflow as tf
from conftest import ROOT

import labs
from labs import check
from labs.check import exercise, grade
from labs.checking import catalog, notebook, progress, worker
from labs.checking.judge import judge
from labs.errors import CourseError

SIZE = "conv_output_size"


def _right(size, kernel, stride=1, padding=0):
    return (size + 2 * padding - kernel) // stride + 1


def _returning(value):
    """An answer that returns value() whatever it is given."""
    return lambda size, kernel, stride=1, padding=0: value()


class _Liar:
    """Equal to everything, and an error as an array or a text."""

    __hash__ = None

    def __eq__(self, other):
        return True

    def __array__(self, *arguments, **options):
        raise RuntimeError("no array")

    def __repr__(self):
        raise RuntimeError("no text")


class _LyingInt(int):
    __hash__ = None

    def __eq__(self, other):
        return True

    def __int__(self):
        return 24


class _LyingArray(np.ndarray):
    def __eq__(self, other):
        return np.True_

    def __array__(self, *arguments, **options):
        return np.array(24)


# ------------------------------------------------------------------------------- right, in any form


@pytest.mark.parametrize(
    "form",
    [
        int,
        float,
        np.int64,
        np.float32,
        np.array,
        tf.constant,
        tf.Variable,
        keras.ops.convert_to_tensor,
        Fraction,
        Decimal,
    ],
)
def test_right_numbers_of_any_kind_pass(form):
    assert grade(SIZE, lambda *arguments: form(_right(*arguments))).status == "passed"


@pytest.mark.parametrize(
    "form",
    [
        np.array,
        list,
        tuple,
        tf.constant,
        lambda rows: [list(row) for row in rows],
        lambda rows: [tf.constant(row) for row in rows],
        lambda rows: np.array(rows, dtype=np.float32),
        lambda rows: np.array(rows, dtype=object),
        np.matrix,
    ],
)
def test_right_arrays_of_any_kind_pass(form):
    reference = catalog.find("max_pool2d").reference
    assert grade("max_pool2d", lambda image, size=2: form(reference(image, size))).status == "passed"


def test_renamed_parameters_pass():
    assert grade(SIZE, lambda n, k, s=1, p=0: (n + 2 * p - k) // s + 1).status == "passed"
    assert grade(SIZE, lambda *numbers, **named: _right(*numbers, **named)).status == "passed"


def test_own_defaults_count():
    assert (
        grade(SIZE, lambda size, kernel, stride=2, padding=0: _right(size, kernel, stride, padding)).status
        == "wrong"
    )


def test_recursive_answer_passes_even_after_a_fallback():
    space = {"check": check}
    exec("@check\ndef conv_output_size(size, kernel, stride=1, padding=0):\n    return 0", space)
    assert space[SIZE] is catalog.find(SIZE).reference
    recursive = """
        @check
        def conv_output_size(size, kernel, stride=1, padding=0):
            if size + 2 * padding < kernel:
                return 0
            return 1 + conv_output_size(size - stride, kernel, stride, padding)
    """
    exec(textwrap.dedent(recursive), space)
    assert space[SIZE] is not catalog.find(SIZE).reference
    assert space[SIZE](28, 5) == 24


def test_wrong_answer_that_calls_itself_does_not_reach_the_reference():
    space = {"check": check, SIZE: catalog.find(SIZE).reference}
    wrong = "def conv_output_size(size, kernel, stride=1, padding=0):\n    return conv_output_size(size, kernel, stride, padding)"
    exec(wrong, space)
    assert grade(SIZE, space[SIZE]).status == "error"
    assert space[SIZE].__code__.co_filename == "<string>"  # and its name is bound as before


# ----------------------------------------------------------------------------------- not attempted


@pytest.mark.parametrize(
    "body",
    ["...", "pass", "return None", "'text'", "raise NotImplementedError", "return ...", "'a'\n    ..."],
)
def test_blank_is_not_attempted(body):
    space = {}
    exec(f"def conv_output_size(size, kernel, stride=1, padding=0):\n    {body}", space)
    assert grade(SIZE, space[SIZE]).status == "unattempted"


@pytest.mark.parametrize("answer", [..., None])
def test_no_answer_is_not_attempted(answer):
    assert grade(SIZE, answer).status == "unattempted"


def test_starter_of_broken_code_is_not_attempted():
    starter = "return x + x + 1"

    @exercise(cases=[{"x": 1}, {"x": 2}], hints=["a", "b"], starter=starter)
    def double(x):
        return 2 * x

    space = {}
    exec(f"def double(x):\n    'text'\n    {starter}", space)
    assert judge(double, space["double"]).status == "unattempted"
    assert judge(double, lambda x: x + x).status == "passed"


# ------------------------------------------------------------------------------------------- wrong


@pytest.mark.parametrize(
    ("value", "part"),
    [
        (lambda: [24], "one number"),
        (lambda: "24", "type str"),
        (lambda: float("nan"), "NaN means"),
        (lambda: float("inf"), "inf means"),
        (lambda: 24j, "complex"),
        (lambda: [[1, 2], [3]], "one number"),
        (lambda: (one for one in [24]), "list(...)"),
        (lambda: map(int, "24"), "list(...)"),
        (lambda: {24}, "no order"),
        (lambda: {"a": 24}, "dict"),
        (lambda: keras.Input((3,)), "symbolic"),
        (lambda: b"24", "bytes"),
        (lambda: np.array("2026-01-01", dtype="datetime64[D]"), "datetime64"),
        (lambda: _LyingInt(7), "returns 7"),
        (lambda: np.array(7).view(_LyingArray), "returns 7"),
        (lambda: print, "Call it"),
        (lambda: None, "None"),
    ],
)
def test_wrong_values_are_named(value, part):
    result = grade(SIZE, _returning(value))
    assert result.status == "wrong"
    assert part in result.message


def test_list_that_contains_itself():
    endless = []
    endless.append(endless)
    assert grade("max_pool2d", lambda image, size=2: endless).status == "wrong"


def test_ragged_list_is_named():
    assert "differ in length" in grade("max_pool2d", lambda image, size=2: [[1, 2], [3]]).message


@pytest.mark.parametrize("answer", [24, "text", [1], float("nan"), np.zeros(3), _Liar(), object()])
def test_value_in_place_of_a_function(answer):
    assert grade(SIZE, answer).status == "wrong"


@pytest.mark.parametrize("answer", [lambda: 5, lambda size: 5, lambda a, b, c: 5, lambda a, b, c, d, e: 5])
def test_wrong_number_of_parameters_is_named(answer):
    result = grade(SIZE, answer)
    assert result.status == "wrong"
    assert "Keep the parameters" in result.message


def test_printing_instead_of_returning_is_named():
    def answer(size, kernel, stride=1, padding=0):
        print(_right(size, kernel, stride, padding))

    result = grade(SIZE, answer)
    assert "prints its result" in result.message
    assert result.printed.startswith("24\n")


def test_printing_ten_thousand_lines_is_cut(capsys):
    def answer(size, kernel, stride=1, padding=0):
        for number in range(1000):
            print("line", number)
        return _right(size, kernel, stride, padding)

    result = grade(SIZE, answer)
    assert result.status == "passed"
    assert result.printed.endswith("10000 lines in all")
    assert capsys.readouterr().out == ""


def test_changed_argument_is_named():
    def answer(image, size=2):
        result = catalog.find("max_pool2d").reference(image, size)
        image[:] = 0
        return result

    result = grade("max_pool2d", answer)
    assert result.status == "wrong"
    assert "changes its argument image" in result.message


def test_cases_are_not_changed_by_an_answer_that_changes_its_arguments():
    def answer(image, size=2):
        image[:] = 0
        return image

    grade("max_pool2d", answer)
    assert grade("max_pool2d", catalog.find("max_pool2d").reference).status == "passed"


def test_regular_relations_are_named():
    reference = catalog.find("max_pool2d").reference
    assert "wrong sign" in grade("max_pool2d", lambda image, size=2: -reference(image, size)).message
    assert "exchanged" in grade("max_pool2d", lambda image, size=2: reference(image, size).T).message


def test_how_many_cases_are_right_is_said():
    result = grade(SIZE, lambda size, kernel, stride=1, padding=0: 24 if size == 28 else 3)
    assert "of 10 cases" in result.message


# ------------------------------------------------------------------------------------------- error


class _BrokenError(Exception):
    def __str__(self):
        raise RuntimeError("no text")


def _raise(error):
    raise error


@pytest.mark.parametrize(
    ("act", "part"),
    [
        (lambda: sys.exit(3), "exit()"),
        (lambda: exit(), "exit()"),
        (lambda: quit(), "exit()"),
        (lambda: input("?"), "parameters"),
        (lambda: 1 / 0, "divided by zero"),
        (lambda: [][1], "beyond the end"),
        (lambda: undefined_name, "not defined"),  # noqa: F821
        (lambda: _raise(KeyboardInterrupt()), "KeyboardInterrupt"),
        (lambda: _raise(GeneratorExit()), "GeneratorExit"),
        (lambda: _raise(StopIteration()), "StopIteration"),
        (lambda: _raise(_BrokenError()), "_BrokenError"),
        (lambda: np.ones((10**6, 10**6)), "more memory"),
        (lambda: _Liar(), "no array"),
    ],
)
def test_exceptions_are_errors_with_a_sentence(act, part):
    result = grade(SIZE, _returning(act))
    assert result.status == "error"
    assert part in result.message


def test_recursion_is_an_error_with_a_sentence():
    def answer(size, kernel, stride=1, padding=0):
        return answer(size, kernel, stride, padding)

    result = grade(SIZE, answer)
    assert result.status == "error"
    assert "calls itself" in result.message
    assert "times)" in result.detail


def test_error_shows_the_students_lines_and_the_case():
    def answer(size, kernel, stride=1, padding=0):
        return size / (padding - padding)

    result = grade(SIZE, answer)
    assert "return size / (padding - padding)" in result.detail
    assert "labs" not in result.detail
    assert "conv_output_size(size=28, kernel=5)" in result.message


def test_missing_setup_cell_is_named():
    space = {}
    exec("def relu(x):\n    return np.maximum(x, 0)", space)
    assert "setup cell" in grade("relu", space["relu"]).message


@pytest.mark.parametrize(
    "body",
    [
        "while True: pass",
        "while True:\n    try: size += 1\n    except: pass",
        "while True:\n    try: size += 1\n    except Exception: pass",
        "numbers = []\nwhile True: numbers.append(bytes(10 ** 7))",
        "while True: tf.add(1, 2)",
        "for n in iter(int, 1): print(n)",
    ],
)
def test_endless_answers_are_stopped(body):
    space = {"tf": tf}
    exec("def answer(size, kernel, stride=1, padding=0):\n" + textwrap.indent(body, "    "), space)
    result = grade(SIZE, space["answer"])
    assert result.status == "error"
    assert "come to an end" in result.message or "memory" in result.message
    assert grade(SIZE, _right).status == "passed"


def test_time_in_which_the_process_does_not_compute_is_given_back():
    assert worker.run(lambda: time.sleep(1) or "done", 0.5).result == "done"


UNSTOPPABLE = {
    "sleep": "import time; time.sleep(1000)",
    "recursion that catches everything": "while True:\n    try: answer(size, kernel)\n    except: pass",
    "graph loop": "tf.function(lambda: tf.while_loop(lambda i: i >= 0, lambda i: (i + 1) % 5, [0]))()",
    "memory that catches everything": (
        "numbers = []\nwhile True:\n    try: numbers.append(np.ones(10 ** 6))\n    except: pass"
    ),
    "printing that catches everything": "while True:\n    try: print('x' * 1000)\n    except: pass",
}


@pytest.mark.parametrize("body", UNSTOPPABLE.values(), ids=UNSTOPPABLE)
def test_answers_that_do_not_stop_leave_the_process_alive(body):
    script = f"""
        import numpy as np, tensorflow as tf, json
        from labs.check import grade
        {_indented_answer(body)}
        first = grade("{SIZE}", answer)
        second = grade("{SIZE}", lambda n, k, s=1, p=0: (n + 2 * p - k) // s + 1)
        print(json.dumps([first.status, first.message, second.status]), flush=True)
        import os; os._exit(0)
    """
    lines = [line[8:] if line.startswith(" " * 8) else line for line in script.splitlines()]
    done = subprocess.run(
        [sys.executable, "-c", "\n".join(lines)],
        capture_output=True,
        text=True,
        timeout=120,
        cwd=ROOT,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    first, message, second = json.loads(done.stdout.splitlines()[-1])
    assert first == "error" and second == "passed"
    assert "come to an end" in message
    assert len(done.stdout) < 5000


def _indented_answer(body):
    lines = ["def answer(size, kernel, stride=1, padding=0):", *("    " + line for line in body.splitlines())]
    return "\n        ".join(lines)


def test_interrupting_the_kernel_ends_the_answer():
    script = """
import _thread, signal, threading
from labs.check import grade
# As a kernel does: Python leaves the signal alone where the tests run in the background of a shell script.
signal.signal(signal.SIGINT, signal.default_int_handler)
def answer(size, kernel, stride=1, padding=0):
    threading.Timer(0.3, _thread.interrupt_main).start()
    while True: pass
grade("conv_output_size", lambda *a: 0)
try:
    print(grade("conv_output_size", answer))
except KeyboardInterrupt:
    print("interrupted", [t.name for t in threading.enumerate() if t.name == "answer"])
"""
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, timeout=120, cwd=ROOT, check=False
    )
    assert done.stdout.strip() == "interrupted []", (done.returncode, done.stderr)


# -------------------------------------------------------------------------- gradients and mutation


@exercise(
    cases=[
        {"x": np.array([1.0, 2.0]), "y": np.array([0.5, 4.0])},
        {"x": np.array([3.0]), "y": np.array([1.0])},
    ],
    hints=["a", "b"],
    differentiable=True,
)
def squared_error(x, y):
    """d"""
    return keras.ops.mean((x - y) ** 2)


def test_gradient_must_reach_the_arguments():
    assert judge(squared_error, lambda x, y: tf.reduce_mean(tf.square(x - y))).status == "passed"
    taken = judge(squared_error, lambda x, y: tf.reduce_mean((tf.gather(x, tf.range(len(x))) - y) ** 2))
    assert taken.status == "passed", taken.message  # its gradient comes as tf.IndexedSlices
    result = judge(squared_error, lambda x, y: np.mean((np.asarray(x) - np.asarray(y)) ** 2))
    assert result.status == "wrong"
    assert "no gradient reaches x" in result.message


@exercise(cases=[{"n": 1}, {"n": -1}], hints=["a", "b"], raises=(ValueError,))
def root(n):
    """d"""
    if n < 0:
        raise ValueError("negative")
    return n**0.5


def test_expected_exceptions():
    def also_right(n):
        if n < 0:
            raise ValueError("no")
        return 1.0

    assert judge(root, also_right).status == "passed"
    assert "must raise ValueError" in judge(root, lambda n: 1.0).message


def test_failing_reference_is_not_blamed_on_the_student():
    @exercise(cases=[{"n": 1}], hints=["a", "b"])
    def broken(n):
        raise OSError("disk")

    with pytest.raises(CourseError, match="reference of broken failed"):
        judge(broken, lambda n: 1)


# --------------------------------------------------------------------------------- check and board


def test_every_way_to_import_gives_one_object():
    script = """
import sys
{first}
{second}
import labs, labs.check
from labs.check import grade
assert labs.check is sys.modules["labs.check"] and callable(labs.check)
from labs import check
assert check is labs.check and check.grade is grade and callable(check.hint)
"""
    ways = ["import labs", "from labs import check", "from labs.check import grade", "import labs.check as c"]
    for first in ways:
        for second in ways:
            subprocess.run(
                [sys.executable, "-c", script.format(first=first, second=second)], check=True, cwd=ROOT
            )


def test_importing_labs_imports_no_numpy_and_no_tensorflow():
    script = "import labs, sys; print([m for m in ('numpy', 'tensorflow', 'keras', 'matplotlib') if m in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, cwd=ROOT, check=True
    )
    assert done.stdout.strip() == "[]"


def test_check_gives_back_the_answer_or_the_reference(capsys):
    assert check(SIZE, _right) is _right
    assert check(SIZE, lambda *a: 0) is catalog.find(SIZE).reference
    assert check(SIZE, ...) is catalog.find(SIZE).reference
    assert check("why_stride", "b") is None
    shown = capsys.readouterr().out
    assert "✓ Passed · conv_output_size" in shown
    assert "✗ Not right yet" in shown and 'check.hint("conv_output_size")' in shown
    assert "○ Not attempted" in shown


def test_check_of_nonsense_shows_a_line_and_goes_on(capsys):
    assert check() is None
    assert check(5) == 5
    assert check("no_such_exercise", 3) == 3
    assert "Use it as @check" in capsys.readouterr().out
    with pytest.raises(CourseError, match="Did you mean conv_output_size"):
        grade("conv_outputsize", _right)


def test_mistyped_name_leaves_the_right_one_bound(capsys):
    space = {"check": check}
    exec("@check\ndef conv_outputsize(size, kernel, stride=1, padding=0):\n    return 1", space)
    assert space[SIZE](28, 5) == 24
    assert "Did you mean conv_output_size" in capsys.readouterr().out


def test_hints_come_one_after_the_other(capsys):
    for _unused in range(5):
        check.hint(SIZE)
    shown = capsys.readouterr().out
    hints = catalog.find(SIZE).hints
    assert [shown.count(hint) for hint in hints] == [1] * (len(hints) - 1) + [6 - len(hints)]


def test_solution_is_the_answer_without_markers(capsys):
    check.solution(SIZE)
    check.solution("why_stride")
    shown = capsys.readouterr().out
    assert "// stride + 1" in shown and "SOLUTION" not in shown
    assert "b) Its output maps" in shown


def test_what_was_passed_stays_passed(capsys):
    check(SIZE, _right)
    check(SIZE, lambda *a: 0)
    check("relu", lambda x: 0)
    check.progress()
    shown = capsys.readouterr().out
    assert "✓ conv_output_size" in shown and "✗ relu" in shown and "○ neuron" in shown


def test_unreadable_progress_file_loses_nothing(capsys):
    path = progress.state_file()
    path.parent.mkdir(parents=True)
    path.write_text("{half a fi", encoding="utf-8")
    assert check(SIZE, _right) is _right
    assert "progress was not saved" in capsys.readouterr().out
    assert path.read_text(encoding="utf-8") == "{half a fi"


def test_report_for_tests(tmp_path, monkeypatch):
    monkeypatch.setenv("LABS_REPORT", str(tmp_path / "report"))
    check(SIZE, lambda *a: 0)
    check("why_stride", ...)
    lines = [json.loads(line) for line in (tmp_path / "report").read_text().splitlines()]
    assert [line["status"] for line in lines] == ["wrong", "unattempted"]


def test_names_are_unique_and_found_without_importing():
    script = "import sys; from labs.checking.catalog import entries; print(len(entries()), 'labs.exercises.start' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, cwd=ROOT, check=True
    )
    assert done.stdout.split() == [str(len(catalog.entries())), "False"]


# ---------------------------------------------------------------------------------- syntax errors


def test_syntax_error_in_an_exercise_becomes_a_card(capsys):
    cell = ["@check\n", "def relu(x):\n", "    return np.maximum(x, 0\n"]
    space = {"check": check}
    exec("".join(notebook.rescue(cell)), space)
    assert space["relu"] is catalog.find("relu").reference
    assert "never closed" in capsys.readouterr().out


def test_syntax_error_in_a_quiz_becomes_a_card(capsys):
    exec("".join(notebook.rescue(['check("why_stride", "b)\n'])), {"check": check})
    assert "! Error · why_stride" in capsys.readouterr().out


def test_letter_without_quotes_counts(capsys):
    exec("".join(notebook.rescue(['check("why_stride", b)\n'])), {"check": check})
    assert "✓ Passed" in capsys.readouterr().out


@pytest.mark.parametrize("cell", ["x = 1\n", "x = = 1\n", "%timeit 1\n", "def relu(x:\n", "# @check\n"])
def test_other_cells_are_left_alone(cell):
    assert notebook.rescue([cell]) == [cell]


# ----------------------------------------------------------------------------------------- session


def test_expect_error_leaves_out_where_a_package_lies(capsys):
    with labs.expect_error(ImportError):
        from json import nonsense  # noqa: F401
    assert capsys.readouterr().out == "ImportError: cannot import name 'nonsense' from 'json'\n"


def test_expect_error(capsys):
    with labs.expect_error(ValueError):
        raise ValueError("first line\nsecond")
    assert capsys.readouterr().out == "ValueError: first line\n"
    with pytest.raises(CourseError, match="and it ran"), labs.expect_error(ValueError):
        pass
    with pytest.raises(KeyError), labs.expect_error(ValueError):
        raise KeyError


def test_work_folder_is_one_and_outside_the_checkout():
    folder = labs.work_folder()
    assert folder == labs.work_folder() and folder.is_dir()
    assert ROOT not in folder.parents


def test_start_is_quiet_and_sets_the_seed():
    script = "import labs; labs.start(3); import numpy as np; print(np.random.rand())"
    runs = [
        subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, cwd=ROOT, check=True)
        for _ in range(2)
    ]
    assert runs[0].stdout == runs[1].stdout
    assert runs[0].stderr == ""


def test_failing_import_is_one_line(tmp_path):
    (tmp_path / "tensorflow.py").write_text("raise ImportError('libfoo.so is missing')")
    script = f"import sys; sys.path.insert(0, {str(tmp_path)!r}); import labs; labs.start()"
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, cwd=ROOT, check=False
    )
    assert done.returncode == 1
    assert "TensorFlow cannot be imported" in done.stderr.splitlines()[-1]
