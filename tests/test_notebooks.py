"""The notebooks as files: built from their sources, stable to the byte, and ready for students."""

import ast
import json
import re

import build_notebooks
import nbformat
import pytest
from lesson_source import LESSONS, ROOT, Lesson, LessonError, glossary

from labs import data
from labs.checking import catalog

SOURCES = sorted(LESSONS.glob("[0-9][0-9]_*.py"))
STUDENT = sorted((ROOT / "notebooks").glob("*.ipynb"))
SOLUTIONS = sorted((ROOT / "notebooks" / "solutions").glob("*.ipynb"))
FILLER = re.compile(
    r"\b(simply|just|obviously|of course|easily|trivial\w*|basically|powerful)\b", re.IGNORECASE
)


def _name(path):
    return f"{path.parent.name}/{path.stem}"


@pytest.mark.parametrize("path", SOURCES, ids=_name)
def test_committed_notebooks_match_their_sources(path):
    assert list(build_notebooks.build(Lesson(path), check=True, force=False)) == []


def test_every_notebook_has_a_source():
    assert (
        [path.stem for path in STUDENT]
        == [path.stem for path in SOURCES]
        == [path.stem for path in SOLUTIONS]
    )
    assert list(build_notebooks.leftovers()) == []


def test_terms_page_is_current():
    assert list(build_notebooks.build_terms(check=True)) == []


@pytest.mark.parametrize("path", SOURCES, ids=_name)
def test_build_is_stable(path):
    first, second = (build_notebooks.as_text(Lesson(path).student()) for _unused in range(2))
    assert first == second
    ids = [cell["id"] for cell in json.loads(first)["cells"]]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("path", SOURCES, ids=_name)
def test_changed_source_is_noticed(path, tmp_path):
    copy = tmp_path / path.name
    copy.write_text(path.read_text(encoding="utf-8") + "\n# %%\n1 + 1\n", encoding="utf-8")
    assert len(list(build_notebooks.build(_moved(copy, path), check=True, force=False))) == 2


def _moved(copy, original):
    lesson = Lesson(copy)
    lesson.path = original  # messages name the real source
    return lesson


@pytest.mark.parametrize("path", STUDENT, ids=_name)
def test_student_notebook_is_blank(path):
    text = path.read_text(encoding="utf-8")
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    assert "BEGIN SOLUTION" not in text and "labs.exercises" not in text
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert all(not cell.outputs and cell.execution_count is None for cell in code)
    blanks = sum("your code here" in cell.source for cell in code if cell.source.startswith("@check"))
    assert blanks == sum(cell.source.startswith("@check") for cell in code) > 0
    quizzes = [cell.source for cell in code if re.match(r'check\("', cell.source)]
    assert len(quizzes) >= 4 and all(source.endswith("...)") for source in quizzes)


@pytest.mark.parametrize("path", STUDENT, ids=_name)
def test_student_notebook_has_the_size_the_course_promises(path):
    cells = nbformat.read(path, as_version=4).cells
    code = [cell.source for cell in cells if cell.cell_type == "code"]
    prose = "\n".join(
        re.sub(r"\(data:[^)]*\)", "", cell.source) for cell in cells if cell.cell_type == "markdown"
    )
    assert 20 <= len(code) <= 45
    assert max(_lines(source) for source in code) <= 30
    assert 900 <= len(re.findall(r"\w+", prose)) <= 2500
    assert FILLER.findall(prose) == []


def _lines(source):
    return len(re.sub(r'"""[\s\S]*?"""', "", source).splitlines())


@pytest.mark.parametrize("path", STUDENT + SOLUTIONS, ids=_name)
def test_images_have_alt_text(path):
    cells = nbformat.read(path, as_version=4).cells
    prose = "\n".join(cell.source for cell in cells if cell.cell_type == "markdown")
    assert "![](" not in prose and re.search(r"!\[[^\]]{20,}\]\(data:image/png", prose)
    for cell in cells:
        for output in cell.get("outputs", []):
            if "image/png" in output.get("data", {}):
                assert len(output.metadata["image/png"]["alt"]) > 10, cell.source


@pytest.mark.parametrize("path", SOLUTIONS, ids=_name)
def test_solution_is_executed_and_clean(path):
    cells = [cell for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "code"]
    assert [cell.execution_count for cell in cells] == list(range(1, len(cells) + 1))
    outputs = [output for cell in cells for output in cell.outputs]
    assert [output for output in outputs if output.output_type == "error"] == []
    assert [output.text for output in outputs if output.get("name") == "stderr"] == []
    assert path.stat().st_size <= build_notebooks.LARGEST


@pytest.mark.parametrize("path", SOURCES, ids=_name)
def test_lesson_uses_every_exercise_of_its_module(path):
    lesson = Lesson(path)
    text = path.read_text(encoding="utf-8")
    for entry in catalog.entries().values():
        if entry.module == lesson.exercises.path.stem:
            assert re.search(rf'import {entry.name}\b|check\("{entry.name}"', text), entry.name


@pytest.mark.parametrize("path", SOURCES, ids=_name)
def test_credits_name_the_data_shown(path):
    last = nbformat.read(ROOT / "notebooks" / f"{path.stem}.ipynb", as_version=4).cells[-1].source
    used = set(re.findall(r"\bdata\.(\w+)\(", path.read_text(encoding="utf-8")))
    assert used and all(data.CREDITS[name] in last for name in used)


def test_every_term_stands_in_its_section():
    texts = {path.name[:2]: path.read_text(encoding="utf-8") for path in SOURCES}
    for term in glossary():
        text = texts[term["lesson"]]
        assert f"## {term['section']}" in text, term
        section = text.split(f"## {term['section']}")[1].split("\n# ## ")[0].lower()
        names = [name.strip().lower() for name in re.split(r"[,()]", term["english"])]
        module = next(
            one for one in catalog.entries().values() if one.lesson.startswith(f"Lesson {term['lesson']} ")
        )
        section += (catalog.FOLDER / f"{module.module}.py").read_text(encoding="utf-8").lower()
        assert any(_stem(name) in section for name in names), term


def _stem(name):
    return name.removesuffix("ing").removesuffix("s")


@pytest.mark.parametrize(
    ("cell", "message"),
    [
        ("from labs.exercises.start import neuron, relu", "imported alone"),
        ('check("what_is_a_layer", "a")', "is not 'a'"),
        ("# %% [markdown]\n# {{nonsense}}", "unknown placeholder"),
        ("# %% [markdown]\n# ![](pictures/00_start.png)", "no alt text"),
    ],
)
def test_builder_rejects_what_breaks_a_rule(cell, message, tmp_path):
    path = tmp_path / "00_start.py"
    begin = "# %%\nimport labs\nfrom labs import check\nlabs.start()\n\n"
    path.write_text(begin + (cell if cell.startswith("# %%") else "# %%\n" + cell) + "\n", encoding="utf-8")
    with pytest.raises(LessonError, match=message):
        Lesson(path).student()


def test_builder_rejects_an_answer_with_strange_names():
    exercises = Lesson(SOURCES[0]).exercises
    exercises.text = exercises.text.replace("return x @ weights + bias", "return os.listdir(x)")
    exercises.functions = {
        node.name: node for node in ast.parse(exercises.text).body if isinstance(node, ast.FunctionDef)
    }
    with pytest.raises(LessonError, match="uses os"):
        exercises.cell("neuron", solved=True, imported={"np", "keras", "layers"})
    with pytest.raises(LessonError, match="must import np"):
        exercises.cell("relu", solved=True, imported=set())
