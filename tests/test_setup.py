"""The environment, JupyterLab's command line, and running one lesson: the parts that need no network."""

import json
import re
import subprocess
import sys

import nbformat
import pytest

from labs.setup import environment, page, progress, run, serve

# --- which Python ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("version", [(3, 11), (3, 12), (3, 13)])
def test_suitable_python_is_used_itself(version):
    running = (version, "python3")
    assert environment.choose_python(running, [((3, 13), "other")]) == running


@pytest.mark.parametrize("version", [(3, 6), (3, 10), (3, 14)])
def test_another_python_on_path_is_used_instead(version):
    assert environment.choose_python((version, "python3"), [((3, 12), "python3.12")])[0] == (3, 12)


@pytest.mark.parametrize(("version", "fault"), [((3, 10), "too old"), ((3, 14), "too new")])
def test_no_suitable_python_is_one_line(version, fault):
    with pytest.raises(environment.SetupError, match=fault) as error:
        environment.choose_python((version, "python3"), [])
    assert "3.11 to 3.13" in str(error.value)
    assert "\n" not in str(error.value)


def test_a_program_that_is_no_python_has_no_version(tmp_path):
    shim = tmp_path / "python3.12"
    shim.write_text("#!/bin/sh\nexit 127\n")
    shim.chmod(0o755)
    assert environment.ask_python(shim) is None
    assert environment.ask_python(tmp_path / "missing") is None
    assert environment.ask_python(sys.executable) == sys.version_info[:2]


def test_environment_is_seen_past(monkeypatch):
    """Inside an activated .venv the Python outside is found, so that .venv can be made anew."""
    monkeypatch.setattr(sys, "prefix", "/somewhere/.venv")
    version, executable = environment.running_python()
    assert version == sys.version_info[:2]
    prefix = subprocess.check_output([executable, "-c", "import sys; print(sys.prefix)"], text=True)
    assert prefix.strip() == sys.base_prefix


def test_missing_venv_module_names_the_package():
    with pytest.raises(environment.SetupError, match=r"apt install python3\.12-venv"):
        environment.require_venv_module((3, 12), "false")


# --- disk --------------------------------------------------------------------------------------------------


def test_enough_space_is_silent(tmp_path):
    environment.require_space(tmp_path, environment.NEEDED_MB * 1e6)


def test_too_little_space_names_both_numbers(tmp_path):
    with pytest.raises(environment.SetupError, match=r"1\.0 GB is free and about 2\.9 GB"):
        environment.require_space(tmp_path, 1e9)


# --- the stamp ---------------------------------------------------------------------------------------------


@pytest.fixture
def course(tmp_path):
    """A folder with the two files that an environment is made from, and a finished environment."""
    (tmp_path / "requirements.txt").write_text("numpy==2.4.6\n")
    (tmp_path / "pyproject.toml").write_text("[project]\n")
    python = environment.python_in(tmp_path / ".venv")
    python.parent.mkdir(parents=True)
    python.touch()
    stamp = environment.wanted_stamp(tmp_path, sys.version_info[:2])
    (tmp_path / ".venv" / "ready").write_text(json.dumps(stamp))
    return tmp_path


@pytest.fixture
def installs(monkeypatch):
    """What would have been done to the environment, which is not done."""
    done = []
    monkeypatch.setattr(environment, "make_venv", lambda venv, executable: done.append("make"))
    monkeypatch.setattr(environment, "install", lambda root, venv: done.append("install"))
    monkeypatch.setattr(environment, "require_space", lambda folder, free: None)
    return done


def test_up_to_date_does_nothing_and_prints_nothing(course, installs, capsys):
    environment.make_environment(course)
    assert installs == []
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("name", ["requirements.txt", "pyproject.toml"])
def test_changed_file_brings_it_up_to_date(course, installs, name, capsys):
    (course / name).write_text("changed")
    environment.make_environment(course)
    assert installs == ["install"]
    assert "has changed" in capsys.readouterr().out
    environment.make_environment(course)
    assert installs == ["install"]


def test_moved_folder_is_made_anew(course, installs, tmp_path_factory, capsys):
    moved = course.rename(tmp_path_factory.mktemp("elsewhere") / "course")
    environment.make_environment(moved)
    assert installs == ["make", "install"]
    assert f"was made in another folder ({course})" in capsys.readouterr().out


@pytest.mark.parametrize("stamp", ["", '{"python": "3.', None])
def test_half_made_never_passes_for_ready(course, installs, stamp, capsys):
    if stamp is None:
        (course / ".venv" / "ready").unlink()
    else:
        (course / ".venv" / "ready").write_text(stamp)
    environment.make_environment(course)
    assert installs == ["make", "install"]
    assert "was not finished" in capsys.readouterr().out


def test_failed_update_leaves_no_stamp(course, installs, monkeypatch):
    def fail(root, venv):
        raise environment.SetupError("No connection")

    monkeypatch.setattr(environment, "install", fail)
    (course / "requirements.txt").write_text("changed")
    with pytest.raises(environment.SetupError):
        environment.make_environment(course)
    assert environment.read_stamp(course / ".venv") == {}


def test_other_python_and_lost_python_are_told_apart():
    wanted = {"python": "3.12", "folder": "/course", "packages": "a"}
    assert environment.reason_to_rebuild(wanted, wanted, has_python=True) is None
    assert environment.reason_to_rebuild(wanted, wanted, has_python=False) == "has lost its Python"
    other = dict(wanted, python="3.11")
    assert "Python 3.11, and this is Python 3.12" in environment.reason_to_rebuild(other, wanted, True)


def test_newer_python_keeps_an_environment_that_works(course, installs, monkeypatch):
    monkeypatch.setattr(environment, "running_python", lambda: ((3, 14), "python3.14"))
    environment.make_environment(course)
    assert installs == []


# --- what pip says -----------------------------------------------------------------------------------------


HASH_LOG = """\
Collecting absl-py==2.5.1 (from -r requirements.txt (line 3))
ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE. If you have updated the package
    absl-py==2.5.1 from https://example.org/absl_py-2.5.1.whl (from -r requirements.txt (line 3)):
        Expected sha256 0000
             Got        721200f2
"""
NETWORK_LOG = """\
WARNING: Retrying (Retry(total=0)) after connection broken by 'NewConnectionError('Failed to establish a new \
connection: [Errno -3] Temporary failure in name resolution')': /simple/absl-py/
ERROR: Could not find a version that satisfies the requirement absl-py==2.5.1 (from versions: none)
ERROR: No matching distribution found for absl-py==2.5.1
"""
BUILD_LOG = """\
      OSError: Readme file does not exist: README.md
      [end of output]
error: metadata-generation-failed
hint: See above for details.
"""


@pytest.mark.parametrize(
    ("log", "expected"),
    [
        (HASH_LOG, r"A downloaded package \(absl-py==2\.5\.1\) is not the one"),
        (NETWORK_LOG, "No connection to the package index"),
        ("ReadTimeoutError: HTTPSConnectionPool: Read timed out.", "No connection to the package index"),
        (
            "ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device",
            "disk is full",
        ),
        (
            "SSLError(SSLCertVerificationError(1, '[SSL: CERTIFICATE_VERIFY_FAILED]",
            "certificate is not trusted",
        ),
        ("ERROR: No matching distribution found for tensorflow==2.21.0", r"no tensorflow==2\.21\.0 for this"),
        ("OSError: [Errno 13] Permission denied: '/home/x'", "pip may not write"),
        (BUILD_LOG, "^OSError: Readme file does not exist: README.md$"),
        ("WARNING: something\nERROR: Something else\n\n", "^ERROR: Something else$"),
        ("", "no output"),
    ],
)
def test_failure_of_pip_is_one_line(log, expected):
    line = environment.explain(log)
    assert re.search(expected, line)
    assert "\n" not in line


def test_last_download_is_shown(tmp_path):
    log = tmp_path / "install.log"
    log.write_text("Collecting numpy\n  Downloading numpy-2.4.6.whl (16.6 MB)\nCollecting keras\n")
    assert environment.last_download(log) == "Downloading numpy-2.4.6.whl (16.6 MB)"
    log.write_text("Collecting numpy\n")
    assert environment.last_download(log) == ""


def test_failed_step_names_the_log(tmp_path):
    log = tmp_path / "install.log"
    log.touch()
    command = [sys.executable, "-c", "raise SystemExit('ERROR: broken')"]
    with pytest.raises(environment.SetupError, match=r"^ERROR: broken \(Log: .*install.log\)$"):
        environment.run_step("Installing", command, log)
    assert not (tmp_path / "tmp").exists()


# --- JupyterLab --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("variables", "platform", "expected"),
    [
        ({}, "linux", False),
        ({"DISPLAY": ":0"}, "linux", True),
        ({"WAYLAND_DISPLAY": "wayland-0"}, "linux", True),
        ({"DISPLAY": ":0", "SSH_CONNECTION": "a b"}, "linux", False),
        ({"DISPLAY": ":0", "CODESPACES": "true"}, "linux", False),
        ({}, "darwin", True),
        ({}, "win32", True),
    ],
)
def test_browser_only_where_there_is_one(variables, platform, expected):
    assert serve.has_browser(variables, platform) is expected


def test_options_of_the_student_come_last():
    line = serve.arguments(["--port=9000"], with_browser=False)
    assert line[-1] == "--port=9000"
    assert "--no-browser" in line
    assert "--no-browser" not in serve.arguments([], with_browser=True)


def test_address_has_the_token():
    assert serve.address("http://localhost:8888/", "abc") == "http://localhost:8888/lab?token=abc"
    assert serve.address("http://localhost:8888/", "") == "http://localhost:8888/lab"


# --- one lesson --------------------------------------------------------------------------------------------


def write_notebook(path, *cells):
    """A notebook of the given cells."""
    notebook = nbformat.v4.new_notebook(cells=list(cells))
    nbformat.write(notebook, path)


@pytest.fixture
def notebooks(tmp_path):
    """A folder with three lessons: one that runs, one that fails, one that is no notebook."""
    folder = tmp_path / "notebooks"
    folder.mkdir()
    code, markdown = nbformat.v4.new_code_cell, nbformat.v4.new_markdown_cell
    formula = markdown(r"Size $\frac{n - k}{s} + 1$, not $\notacommand{$")
    picture = code(
        "import matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.show()\nprint(1 < 2)",
        metadata={"tags": ["x"]},
    )
    write_notebook(folder / "01_cnn_basics.ipynb", formula, picture, code("import os; print(os.getcwd())"))
    write_notebook(folder / "02_training.ipynb", code("x = 1"), markdown("text"), code("1 / 0"), code("x"))
    (folder / "03_broken.ipynb").write_text("{ no json")
    return folder


@pytest.mark.parametrize("wanted", ["1", "01", "cnn_basics", "01_cnn_basics"])
def test_lesson_is_found_by_number_and_by_topic(notebooks, wanted):
    assert run.find_lesson(wanted, run.lessons_in(notebooks)).name == "01_cnn_basics.ipynb"


@pytest.mark.parametrize(("wanted", "expected"), [("99", "no lesson 99"), ("", "Which lesson")])
def test_unknown_lesson_lists_the_lessons(notebooks, wanted, expected):
    with pytest.raises(run.LessonError, match=f"{expected}.*01 cnn_basics, 02 training, 03 broken"):
        run.find_lesson(wanted, run.lessons_in(notebooks))


def test_no_notebooks_names_the_remedy(tmp_path):
    with pytest.raises(run.LessonError, match="make notebooks"):
        run.find_lesson("01", run.lessons_in(tmp_path))


def test_broken_notebook_names_the_remedy(notebooks):
    with pytest.raises(run.LessonError, match="git restore"):
        run.read_notebook(notebooks / "03_broken.ipynb")


def test_results_go_to_a_temporary_folder_when_read_only(tmp_path):
    assert run.results_folder(tmp_path) == tmp_path / "runs"
    blocked = tmp_path / "blocked"
    blocked.mkdir()
    (blocked / "runs").write_text("a file, so that no folder can be made")
    assert blocked not in run.results_folder(blocked).parents


def test_lesson_runs_and_leaves_a_page_that_needs_no_network(notebooks, tmp_path, capsys):
    assert run.run_lesson("01", notebooks, tmp_path) is None
    executed = nbformat.read(tmp_path / "runs" / "01_cnn_basics.ipynb", as_version=4)
    assert executed.cells[2].outputs[0].text.strip() == str(notebooks)
    html = (tmp_path / "runs" / "01_cnn_basics.html").read_text(encoding="utf-8")
    assert "data:image/png;base64" in html
    assert "<mfrac>" in html
    assert r"\notacommand" in html
    assert re.findall(r"<(?:script|link|img|iframe)[^>]+(?:src|href)=[\"'](?!data:)", html) == []
    assert re.findall(r"import\s*\(?[\"']https?:|url\([\"']?https?:", html) == []
    assert "2/2 cells" in capsys.readouterr().out


def test_failing_cell_is_named_and_what_ran_is_left(notebooks, tmp_path):
    problem = run.run_lesson("training", notebooks, tmp_path)
    assert problem == "Cell [2] did not finish: ZeroDivisionError: division by zero"
    executed = nbformat.read(tmp_path / "runs" / "02_training.ipynb", as_version=4)
    assert [cell.execution_count for cell in executed.cells if cell.cell_type == "code"] == [1, 2, None]
    assert "ZeroDivisionError" in (tmp_path / "runs" / "02_training.html").read_text(encoding="utf-8")


def test_dead_kernel_is_named(notebooks, tmp_path):
    write_notebook(notebooks / "04_dies.ipynb", nbformat.v4.new_code_cell("import os; os._exit(1)"))
    problem = run.run_lesson("04", notebooks, tmp_path)
    assert problem.startswith("Cell [1] did not finish: Python ended")
    assert (tmp_path / "runs" / "04_dies.html").exists()


def test_page_leaves_widgets_out():
    widget = nbformat.v4.new_output(
        "display_data", {page.WIDGET: {"model_id": "a"}, "text/plain": "interactive()"}
    )
    text = nbformat.v4.new_output("stream", text="kept")
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("x", outputs=[widget, text])])
    html = page.page_of(notebook, "01_widgets")
    assert "kept" in html
    assert "interactive()" not in html
    assert len(notebook.cells[0].outputs) == 2


def test_progress_bar():
    assert progress.bar_line(0, 4, 0.0) == "[" + "." * 30 + "] 0/4 cells, 0 s"
    assert progress.bar_line(4, 4, 61.2) == "[" + "#" * 30 + "] 4/4 cells, 61 s"
    assert progress.bar_line(0, 0, 0.0).startswith("[###")
