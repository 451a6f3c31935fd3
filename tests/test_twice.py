"""Every student notebook with all its cells run twice in one kernel, as a student who goes back runs them.

A module of its own: tests are given to the two processes by module, and these take as long as all of test_nbval.
"""

import nbformat
import pytest
from notebook_run import STUDENT, exercises, nbval


@pytest.mark.slow
@pytest.mark.parametrize("path", STUDENT, ids=lambda path: path.stem)
def test_student_notebook_runs_twice_in_one_kernel(path, tmp_path):
    notebook = nbformat.read(path, as_version=4)
    again = [nbformat.v4.new_code_cell(cell.source) for cell in notebook.cells if cell.cell_type == "code"]
    notebook.cells += again
    twice = tmp_path / path.name
    nbformat.write(notebook, twice)
    assert nbval(twice, tmp_path) == dict.fromkeys(exercises(path), "unattempted")
