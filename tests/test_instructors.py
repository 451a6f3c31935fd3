"""The instructors' pages: current, and with plans that fit their lessons."""

import copy

import instructor_pages
import pytest
from lesson_source import LESSONS, Lesson, LessonError

SOURCES = sorted(LESSONS.glob("[0-9][0-9]_*.py"))


@pytest.fixture(scope="module")
def first():
    """The first lesson and its plan."""
    lesson = Lesson(SOURCES[0])
    return lesson, instructor_pages.plan_of(lesson)


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.stem)
def test_page_is_current_and_its_plan_fits_the_lesson(path):
    assert list(instructor_pages.build(Lesson(path), check=True)) == []


def test_page_has_its_links_and_the_usual_wrong_answers(first):
    text = instructor_pages.page(*first)
    for link in ("../../notebooks/00_start.ipynb", "../../notebooks/solutions/00_start.ipynb"):
        assert f"]({link})" in text and (instructor_pages.PAGES / link).exists()
    answers = text.split("## Usual wrong answers")[1]
    assert answers.count("### `") == 5 and answers.count("\n- ") == 15
    assert "- `bias_left_out`: The bias is missing: add it to every sum." in answers


def test_sections_hold_their_exercises_and_questions(first):
    sections = first[0].sections()
    assert sections["3 · Layers and activations"] == ["what_is_a_layer", "relu", "why_activation", "softmax"]
    assert sections["Recap"] == []


def test_extras_and_challenges_are_no_core():
    lesson = Lesson(SOURCES[1])
    core = instructor_pages.core_exercises(lesson)
    assert core[0] == "conv_output_size" and not {"visit_counts", "build_compact_cnn"} & set(core)
    text = instructor_pages.page(lesson, instructor_pages.plan_of(lesson))
    assert "`visit_counts` (extra)" in text and "`build_compact_cnn` (challenge)" in text


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (lambda plan: plan["section"].pop(), "the sections are"),
        (lambda plan: plan["section"][1].update(title="1 · Lists"), "the sections are"),
        (lambda plan: plan["section"][0].update(minutes=30), "promises about 45"),
        (lambda plan: plan["section"][0].update(question=[]), "has 0 questions"),
        (lambda plan: plan["section"][0]["question"][0].pop("answer"), "without an answer"),
        (lambda plan: plan["section"][0]["question"][0].update(ask=""), "without words"),
        (lambda plan: plan.pop("homework"), "nothing stands under 'homework'"),
        (lambda plan: plan.update(stop_after="9 · Coffee"), "no section is named"),
        (lambda plan: plan["section"][-1].update(minutes=20), "later than 60"),
    ],
)
def test_plan_that_does_not_fit_is_rejected(first, change, fault):
    lesson, plan = first
    broken = copy.deepcopy(plan)
    change(broken)
    assert fault in "\n".join(instructor_pages.faults(broken, lesson))


def test_lesson_without_a_plan_is_rejected(first, tmp_path, monkeypatch):
    monkeypatch.setattr(instructor_pages, "ROOT", tmp_path)
    monkeypatch.setattr(instructor_pages, "PAGES", tmp_path)
    with pytest.raises(LessonError, match=r"00_start\.toml is missing"):
        list(instructor_pages.build(first[0], check=True))


def test_missing_page_is_written(first, tmp_path, monkeypatch):
    lesson, _plan = first
    plan = (instructor_pages.PAGES / f"{lesson.stem}.toml").read_bytes()
    monkeypatch.setattr(instructor_pages, "ROOT", tmp_path)
    monkeypatch.setattr(instructor_pages, "PAGES", tmp_path)
    (tmp_path / f"{lesson.stem}.toml").write_bytes(plan)
    assert len(list(instructor_pages.build(lesson, check=False))) == 1
    assert list(instructor_pages.build(lesson, check=True)) == []
