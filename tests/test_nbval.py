"""Every notebook executed: offline, with the checkout read-only, as a student or an instructor would."""

import json
import os
import subprocess
import sys

import nbformat
import pytest
from lesson_source import LESSONS, ROOT
from offline import has_namespaces, offline_command

from labs.checking import catalog

STUDENT = sorted((ROOT / "notebooks").glob("[0-9][0-9]_*.ipynb"))
SOLUTIONS = sorted((ROOT / "notebooks" / "solutions").glob("[0-9][0-9]_*.ipynb"))
SOURCES = sorted(LESSONS.glob("[0-9][0-9]_*.py"))
CELL_SECONDS = "300"


def run(command, tmp_path):
    """Run a command offline; the finished process and what the checks reported, by name."""
    report = tmp_path / "report.jsonl"
    arguments, environment = offline_command(command)
    environment |= {
        "LABS_REPORT": str(report),
        "LABS_STATE": str(tmp_path / "state"),
        "PYTHONDONTWRITEBYTECODE": "1",
        "MPLBACKEND": "",
        # Tests run two at a time on two cores.
        "TF_NUM_INTRAOP_THREADS": "1",
        "TF_NUM_INTEROP_THREADS": "1",
    }
    paths = [str(ROOT / "tests"), environment.get("PYTHONPATH", ""), os.environ.get("PYTHONPATH", "")]
    environment["PYTHONPATH"] = os.pathsep.join(filter(None, paths))
    inherited = {name: value for name, value in os.environ.items() if name != "MPLBACKEND"}
    done = subprocess.run(
        arguments, env={**inherited, **environment}, cwd=ROOT, capture_output=True, text=True, check=False
    )
    lines = report.read_text(encoding="utf-8").splitlines() if report.exists() else []
    return done, {line["name"]: line["status"] for line in map(json.loads, lines)}


def nbval(path, tmp_path):
    """Run a notebook with nbval, offline; what the checks reported, by name."""
    command = [sys.executable, "-m", "pytest", "--nbval-lax", "-p", "nbval_guard", "-p", "no:cacheprovider"]
    command += ["--nbval-cell-timeout", CELL_SECONDS, "-q", str(path)]
    done, outcomes = run(command, tmp_path)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-1000:]
    return outcomes


def exercises(path):
    """Names of the exercises of the lesson that a file belongs to."""
    return {
        one.name for one in catalog.entries().values() if one.lesson.startswith(f"Lesson {path.name[:2]} ")
    }


def _name(path):
    return path.stem


@pytest.mark.quick
@pytest.mark.parametrize("path", STUDENT, ids=_name)
def test_student_notebook_runs_to_its_end_unattempted(path, tmp_path):
    outcomes = nbval(path, tmp_path)
    assert outcomes == dict.fromkeys(exercises(path), "unattempted")


@pytest.mark.slow
@pytest.mark.parametrize("path", STUDENT, ids=_name)
def test_student_notebook_runs_twice_in_one_kernel(path, tmp_path):
    """As a student who goes back runs it."""
    notebook = nbformat.read(path, as_version=4)
    again = [nbformat.v4.new_code_cell(cell.source) for cell in notebook.cells if cell.cell_type == "code"]
    notebook.cells += again
    twice = tmp_path / path.name
    nbformat.write(notebook, twice)
    assert nbval(twice, tmp_path) == dict.fromkeys(exercises(path), "unattempted")


@pytest.mark.parametrize("path", SOLUTIONS, ids=_name)
def test_solution_passes_every_exercise(path, tmp_path):
    outcomes = nbval(path, tmp_path)
    assert outcomes == dict.fromkeys(exercises(path), "passed")


def test_offline_means_offline(tmp_path):
    script = tmp_path / "probe.py"
    script.write_text(
        "import pathlib, socket, sys\n"
        "def tries(act):\n"
        "    try:\n"
        "        act()\n"
        "    except OSError:\n"
        "        return 'refused'\n"
        "    return 'done'\n"
        "print(tries(lambda: socket.create_connection(('192.0.2.1', 80), timeout=2)))\n"
        "print(tries(lambda: pathlib.Path(sys.argv[1], 'probe').write_text('x')))\n"
    )
    done, _outcomes = run([sys.executable, str(script), str(ROOT / "notebooks")], tmp_path)
    network, writing = done.stdout.split()
    (ROOT / "notebooks" / "probe").unlink(missing_ok=True)
    assert network == "refused"
    assert writing == ("refused" if has_namespaces() else "done")


def test_dead_kernel_is_noticed(tmp_path):
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("import os; os._exit(1)")])
    path = tmp_path / "dies.ipynb"
    nbformat.write(notebook, path)
    command = [sys.executable, "-m", "pytest", "--nbval-lax", "-p", "nbval_guard", "-p", "no:cacheprovider"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "tests")}
    done = subprocess.run(
        [*command, str(path)],
        env=environment,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 1
    assert "The kernel died" in done.stdout


@pytest.mark.slow
@pytest.mark.parametrize("path", SOURCES, ids=_name)
def test_lesson_runs_as_a_script(path, tmp_path):
    os.environ["MPLBACKEND"] = "agg"
    done, outcomes = run([sys.executable, str(path)], tmp_path)
    assert done.returncode == 0, done.stderr[-3000:]
    assert "Warning" not in done.stderr
    quizzes = {name for name in exercises(path) if catalog.entries()[name].kind == "quiz"}
    assert outcomes == dict.fromkeys(quizzes, "passed")
