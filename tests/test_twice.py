"""Every student notebook with all its cells run twice in one kernel, as a student who goes back runs them.

A module of its own: tests are given to the two processes by module, and these take as long as all of test_nbval.
"""

import nbformat
import pytest
from lesson_source import ROOT
from nbclient import NotebookClient

STUDENT = sorted((ROOT / "notebooks").glob("[0-9][0-9]_*.ipynb"))
CELL_SECONDS = 300


@pytest.mark.slow
@pytest.mark.parametrize("path", STUDENT, ids=lambda path: path.stem)
def test_student_notebook_runs_twice_in_one_kernel(path, tmp_path, monkeypatch):
    monkeypatch.setenv("LABS_HEADLESS", "1")
    monkeypatch.delenv("MPLBACKEND", raising=False)
    notebook = nbformat.read(path, as_version=4)
    notebook.cells += [
        nbformat.v4.new_code_cell(cell.source) for cell in notebook.cells if cell.cell_type == "code"
    ]
    NotebookClient(notebook, timeout=CELL_SECONDS, kernel_name="python3").execute(cwd=str(tmp_path))
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    assert [output for output in outputs if output.get("name") == "stderr"] == []
