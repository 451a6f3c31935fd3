"""Run one lesson without a browser: `make run LESSON=01`."""

import contextlib
import logging
import os
import sys
import tempfile
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, DeadKernelError

from labs.errors import CourseError
from labs.setup.page import page_of
from labs.setup.progress import Progress
from labs.text import _

ROOT = Path(__file__).resolve().parents[2]


class LessonError(CourseError):
    """The lesson cannot be run, or stopped on the way."""


def lessons_in(folder):
    """The lessons' notebooks in their order."""
    return sorted(folder.glob("[0-9][0-9]_*.ipynb"))


def find_lesson(wanted, lessons):
    """The notebook of a lesson, by its number (1 or 01), its topic (cnn_basics) or both (01_cnn_basics)."""
    for path in lessons:
        number, topic = path.stem.split("_", 1)
        if wanted in (path.stem, topic) or (wanted.isdigit() and int(wanted) == int(number)):
            return path
    known = ", ".join(path.stem.replace("_", " ", 1) for path in lessons)
    if not known:
        raise LessonError(_("There are no notebooks to run: `make notebooks` builds them."))
    if not wanted:
        raise LessonError(_("Which lesson? `make run LESSON=01`. There are: {known}.").format(known=known))
    raise LessonError(
        _("There is no lesson {wanted}. There are: {known}.").format(wanted=wanted, known=known)
    )


def results_folder(root):
    """Where the executed notebook goes: `runs/` in the course, or a temporary folder if that is read-only."""
    runs = root / "runs"
    with contextlib.suppress(OSError):
        runs.mkdir(exist_ok=True)
    if runs.is_dir() and os.access(runs, os.W_OK):
        return runs
    return Path(tempfile.mkdtemp(prefix="keras-labs-"))


def read_notebook(path):
    """The notebook, or one line that says it is not one."""
    try:
        return nbformat.read(path, as_version=4)
    except (nbformat.reader.NotJSONError, nbformat.validator.NotebookValidationError):
        raise LessonError(
            _("{path} is not a notebook that can be read: `git restore {path}` brings it back.").format(
                path=path
            )
        ) from None


def execute(notebook, folder, log_file):
    """Run every cell in `folder`; the text of what went wrong, or None. The outputs are in the notebook."""
    code_cells = [
        (index, cell)
        for index, cell in enumerate(notebook.cells)
        if cell.cell_type == "code" and cell.source.strip()
    ]
    client = NotebookClient(
        notebook, timeout=None, kernel_name="python3", resources={"metadata": {"path": str(folder)}}
    )
    # The task that Ctrl-C leaves behind in nbclient would show its traceback.
    logging.getLogger("asyncio").setLevel(logging.CRITICAL)
    progress = Progress(len(code_cells))
    try:
        # TensorFlow's C++ lines go to the log: they would run through the progress bar.
        with log_file.open("wb") as log, client.setup_kernel(stdout=log, stderr=log):
            for index, cell in code_cells:
                client.execute_cell(cell, index, execution_count=progress.done + 1)
                progress.step()
    except CellExecutionError as error:
        problem = f"{error.ename}: {(error.evalue.splitlines() or [''])[-1]}"
    except DeadKernelError:
        problem = _("Python ended, as it does when the memory is full; its last lines are in {log}").format(
            log=log_file
        )
    except RuntimeError as error:
        problem = _("Python did not start ({error}); its last lines are in {log}").format(
            error=error, log=log_file
        )
    except KeyboardInterrupt:
        problem = _("stopped by Ctrl-C")
    else:
        return None
    finally:
        progress.close()
    return _("Cell [{number}] did not finish: {problem}").format(number=progress.done + 1, problem=problem)


def run_lesson(wanted, notebooks, root):
    """Run a lesson and leave the executed notebook and its page; the text of what went wrong, or None."""
    path = find_lesson(wanted, lessons_in(notebooks))
    notebook = read_notebook(path)
    folder = results_folder(root)
    print(_("Running {name}").format(name=path.stem), flush=True)
    problem = execute(notebook, path.parent, folder / f"{path.stem}.log")
    nbformat.write(notebook, folder / path.name)
    page = folder / f"{path.stem}.html"
    page.write_text(page_of(notebook, path.stem), encoding="utf-8")
    print(_("The executed notebook: {path}").format(path=folder / path.name))
    print(_("The same as a page:    {path}").format(path=page), flush=True)
    return problem


def main():
    """Run the lesson that the command line names."""
    # The kernel named python3 is this environment's, whatever the student's home folder holds.
    os.environ["JUPYTER_PREFER_ENV_PATH"] = "1"
    wanted = " ".join(sys.argv[1:]).strip()
    try:
        problem = run_lesson(wanted, ROOT / "notebooks", ROOT)
    except CourseError as error:
        problem = str(error)
    except OSError as error:
        problem = _("Jupyter may not write {file}: name a home folder that it can use, `HOME=/tmp make run`.")
        problem = problem.format(file=error.filename)
    except KeyboardInterrupt:
        problem = _("Stopped.")
    if problem:
        print(problem, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
