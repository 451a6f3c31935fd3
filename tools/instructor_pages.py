"""The instructor's page of each lesson: `lessons/instructors/NN_topic.md`.

An author writes `NN_topic.toml` beside it, the plan: the minutes of each section, what to show there, what to
ask the room, where to stop after an hour. Exercises, questions and usual wrong answers come from the lesson itself.
"""

import re
import tomllib
from itertools import accumulate

from lesson_source import LESSONS, ROOT, LessonError, measured

from labs.checking import catalog

PAGES = LESSONS / "instructors"
HOUR = 60  # minutes, after which a shorter class stops
TOLERANCE = 10  # minutes between the plan and the time that the lesson promises
SHOWN = 3  # wrong answers of each exercise, the first that its author registered
_TIME = re.compile(r"\*\*Time:\*\* about (\d+) minutes")


def build(lesson, check):
    """Write a lesson's page; yields that it is (or was) out of date.

    Raises:
        LessonError: the plan is missing or does not fit the lesson; the message says where.
    """
    text = page(lesson, plan_of(lesson))
    path = PAGES / f"{lesson.stem}.md"
    if not path.exists() or path.read_text(encoding="utf-8") != text:
        yield f"{path.relative_to(ROOT)} does not match its plan, its lesson or its exercises."
        if not check:
            path.write_text(text, encoding="utf-8", newline="\n")


def plan_of(lesson):
    """What the author planned for a lesson, as a dict: aim, stop_after, homework, and a list of sections.

    Raises:
        LessonError: the plan is missing or does not fit the lesson.
    """
    path = PAGES / f"{lesson.stem}.toml"
    if not path.exists():
        raise LessonError(f"{path.relative_to(ROOT)} is missing; CONTRIBUTING.md says what stands in it.")
    plan = tomllib.loads(path.read_text(encoding="utf-8"))
    if found := faults(plan, lesson):
        raise LessonError("\n".join(f"{path.relative_to(ROOT)}: {fault}" for fault in found))
    return plan


def faults(plan, lesson):
    """What is wrong with a plan, as a list of sentences."""
    found = [
        f"nothing stands under {key!r}." for key in ("aim", "stop_after", "homework") if not plan.get(key)
    ]
    titles = [section["title"] for section in plan["section"]]
    if titles != list(lesson.sections()):
        found.append(f"the sections are {titles}, those of the lesson {list(lesson.sections())}.")
    total, promised = running_totals(plan)[-1], int(_TIME.search(lesson.text).group(1))
    if abs(total - promised) > TOLERANCE:
        found.append(f"the sections take {total} minutes, the lesson promises about {promised}.")
    if plan.get("stop_after") not in titles:
        found.append(f"no section is named {plan.get('stop_after')!r}, after which to stop.")
    elif (minutes := minutes_until(plan, plan["stop_after"])) > HOUR:
        found.append(f"{plan['stop_after']!r} ends after {minutes} minutes, later than {HOUR}.")
    return found + [fault for section in plan["section"] for fault in question_faults(section)]


def question_faults(section):
    """What is wrong with the questions of a section, as a list of sentences."""
    questions = section.get("question", [])
    found = []
    if not 1 <= len(questions) <= 3:
        found.append(f"{section['title']!r} has {len(questions)} questions; 1 to 3 are asked for.")
    if not all(question.get("ask") and question.get("answer") for question in questions):
        found.append(f"{section['title']!r} has a question without words, or without an answer.")
    return found


def running_totals(plan):
    """Minutes from the beginning to the end of each section."""
    return list(accumulate(section["minutes"] for section in plan["section"]))


def minutes_until(plan, title):
    """Minutes from the beginning to the end of the section of that title."""
    ends = zip(plan["section"], running_totals(plan), strict=True)
    return next(end for section, end in ends if section["title"] == title)


def page(lesson, plan):
    """The page's Markdown."""
    parts = [*opening(lesson, plan), *table(lesson, plan), *short_class(plan)]
    for section in plan["section"]:
        parts += section_text(section)
    parts += ["## Usual wrong answers", ""]
    parts += [
        "The check knows these and more. Have one of them explained before you show the right answer.",
        "",
    ]
    for name in core_exercises(lesson):
        parts += wrong_answers(catalog.find(name))
    return "\n".join(parts).rstrip("\n") + "\n"


def opening(lesson, plan):
    """Title, links and sizes."""
    notebook, solution = f"notebooks/{lesson.stem}.ipynb", f"notebooks/solutions/{lesson.stem}.ipynb"
    title = next(line[2:] for line in lesson.cells[0].source.splitlines() if line.startswith("# "))
    return [
        f"# {title}: for instructors",
        "",
        f"Made of `{lesson.stem}.toml`, the lesson and its exercises by `make notebooks`.",
        "",
        f"[Notebook](../../{notebook}) · [solution](../../{solution}) · "
        f"**{running_totals(plan)[-1]} minutes.** {measured(lesson.number)}",
        "",
        plan["aim"],
        "",
    ]


def table(lesson, plan):
    """Minutes, exercises and the notebook's own questions of each section."""
    lines = ["| Section | Minutes | Until | Exercises | Questions in the notebook |", "|---|---|---|---|---|"]
    for section, end in zip(plan["section"], running_totals(plan), strict=True):
        names = lesson.sections()[section["title"]]
        exercises = [described(name) for name in names if kind(name) != "quiz"]
        quizzes = [f"`{name}`" for name in names if kind(name) == "quiz"]
        cells = [
            section["title"],
            str(section["minutes"]),
            str(end),
            "<br>".join(exercises),
            "<br>".join(quizzes),
        ]
        lines.append(f"| {' | '.join(cells)} |")
    return [*lines, ""]


def short_class(plan):
    """What to do in an hour."""
    minutes = minutes_until(plan, plan["stop_after"])
    return [
        f"**Only {HOUR} minutes?** Stop after *{plan['stop_after']}*, at {minutes} minutes.",
        f"**Homework:** {plan['homework']}",
        "",
    ]


def section_text(section):
    """What to show in a section and what to ask."""
    lines = [f"## {section['title']} ({section['minutes']} minutes)", "", section["show"], ""]
    for question in section["question"]:
        lines += [f"- **{question['ask']}** {question['answer']}"]
    return [*lines, ""]


def core_exercises(lesson):
    """Names of the exercises of the core, in the lesson's order; the challenge is not among them."""
    names = [name for section in lesson.sections().values() for name in section]
    return [name for name in names if kind(name) == "exercise" and not catalog.find(name).extra]


def kind(name):
    """Whether a name is an "exercise", a "challenge" or a "quiz"."""
    return catalog.entries()[name].kind


def described(name):
    """An exercise's name, with a word where it is not of the core."""
    if kind(name) == "challenge":
        return f"`{name}` (challenge)"
    return f"`{name}` (extra)" if catalog.find(name).extra else f"`{name}`"


def wrong_answers(exercise):
    """The first mistakes of an exercise, and what the check says to each."""
    sentences = [f"- `{mistake.name}`: {mistake.message}" for mistake in exercise.mistakes[:SHOWN]]
    return [f"### `{exercise.name}`", "", *sentences, ""]
