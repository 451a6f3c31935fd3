"""Build the notebooks and the instructors' pages from the lesson sources.

python tools/build_notebooks.py              build what changed; execute solutions that changed
python tools/build_notebooks.py --check      change nothing; exit 1 when something is out of date
python tools/build_notebooks.py --force 01   build and execute lesson 01 in any case
"""

import argparse
import os
import sys
import tempfile
import time

import instructor_pages
import nbformat
from lesson_source import LESSONS, ROOT, Lesson, LessonError, glossary

import labs

NOTEBOOKS = ROOT / "notebooks"
SOLUTIONS = NOTEBOOKS / "solutions"
TERMS = LESSONS / "TERMS.md"
LARGEST = 3_000_000  # bytes of an executed solution
CELL_SECONDS = 600


def main():
    """Build or check; returns the exit code."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("lessons", nargs="*", help="numbers of lessons, for example 01; all without")
    parser.add_argument("--check", action="store_true", help="only say what is out of date")
    parser.add_argument("--force", action="store_true", help="execute solutions that did not change, too")
    options = parser.parse_args()
    paths = [path for path in sorted(LESSONS.glob("[0-9][0-9]_*.py")) if wanted(path, options.lessons)]
    if not paths:
        print(f"No lesson {' '.join(options.lessons)} in {LESSONS}.", file=sys.stderr)
        return 1
    labs.start()  # the exercises import Keras, and its log lines do not belong here
    try:
        stale = []
        for lesson in map(Lesson, paths):
            stale += build(lesson, options.check, options.force)
            stale += instructor_pages.build(lesson, options.check)
    except LessonError as error:
        print(error, file=sys.stderr)
        return 1
    stale += [] if options.lessons else [*leftovers(), *build_terms(options.check)]
    if options.check and stale:
        print("\n".join([*stale, "Run `make notebooks` and commit what it writes."]), file=sys.stderr)
        return 1
    return 0


def wanted(path, numbers):
    """Whether a lesson was asked for."""
    return not numbers or path.name[:2] in numbers


def build(lesson, check, force):
    """Build one lesson's two notebooks; yields what is (or was) out of date."""
    student_path, solution_path = NOTEBOOKS / f"{lesson.stem}.ipynb", SOLUTIONS / f"{lesson.stem}.ipynb"
    student = as_text(lesson.student())
    if not student_path.exists() or student_path.read_text(encoding="utf-8") != student:
        yield f"{student_path.relative_to(ROOT)} does not match {lesson.path.relative_to(ROOT)}."
        if not check:
            student_path.parent.mkdir(parents=True, exist_ok=True)
            student_path.write_text(student, encoding="utf-8", newline="\n")
    solution = lesson.solution()
    if force or not is_current(solution_path, solution):
        yield f"{solution_path.relative_to(ROOT)} does not match {lesson.path.relative_to(ROOT)}."
        if not check and (force or not keep_outputs(solution, solution_path)):
            execute(solution, solution_path)


def is_current(path, solution):
    """Whether an executed notebook has the sources and digests of `solution`."""
    if not path.exists():
        return False
    executed = nbformat.read(path, as_version=4)
    return executed.metadata.get("keras_labs") == solution.metadata["keras_labs"] and sources(
        executed
    ) == sources(solution)


def sources(notebook):
    """What a rebuild must reproduce."""
    return [(cell.id, cell.cell_type, cell.source, cell.metadata.get("tags", [])) for cell in notebook.cells]


def keep_outputs(solution, path):
    """Write a solution with the outputs it has, where only text has changed; whether that could be done."""
    if not path.exists():
        return False
    executed = nbformat.read(path, as_version=4)
    if (
        executed.metadata["keras_labs"]["exercises_sha256"]
        != solution.metadata["keras_labs"]["exercises_sha256"]
    ):
        return False
    old, new = ([cell for cell in one.cells if cell.cell_type == "code"] for one in (executed, solution))
    if [cell.source for cell in old] != [cell.source for cell in new]:
        return False
    for before, after in zip(old, new, strict=True):
        after.outputs, after.execution_count = before.outputs, before.execution_count
    path.write_text(as_text(solution), encoding="utf-8", newline="\n")
    print(f"{path.relative_to(ROOT)}: new text, the outputs are kept")
    return True


def execute(solution, path):
    """Run a solution notebook and write it with its outputs."""
    from nbclient import NotebookClient

    print(f"executing {path.relative_to(ROOT)} ...", end=" ", flush=True)
    begin = time.perf_counter()
    metadata = solution.metadata.copy()
    os.environ["LABS_HEADLESS"] = "1"  # nobody is there to move a slider
    client = NotebookClient(solution, timeout=CELL_SECONDS, kernel_name="python3", record_timing=False)
    with tempfile.TemporaryDirectory() as folder:
        os.environ["LABS_STATE"] = folder  # not the author's own progress
        client.execute(cwd=str(ROOT))
    solution.metadata = metadata  # the kernel's own language_info would change with every Python
    text = as_text(solution)
    if len(text.encode()) > LARGEST:
        raise LessonError(f"{path.name} is {len(text.encode()):,} bytes; {LARGEST:,} are allowed.")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="\n")
    print(f"{time.perf_counter() - begin:.0f} s, {len(text) // 1000} kB")


def as_text(notebook):
    """The notebook as it is written to disk."""
    nbformat.validate(notebook)
    return nbformat.writes(notebook, version=4) + "\n"


def build_terms(check):
    """Write the page *which lesson for which term*; yields that it is (or was) out of date."""
    text = terms_page()
    if not TERMS.exists() or TERMS.read_text(encoding="utf-8") != text:
        yield f"{TERMS.relative_to(ROOT)} does not match lessons/glossary.toml."
        if not check:
            TERMS.write_text(text, encoding="utf-8", newline="\n")


def terms_page():
    """The terms of the lecture notes: where each is taught."""
    titles = {path.name[:2]: path.stem for path in LESSONS.glob("[0-9][0-9]_*.py")}
    lines = ["# Which lesson for which term", "", "Made of `glossary.toml` by `make notebooks`.", ""]
    lines += ["| Term | Korean | Lesson | Section |", "|---|---|---|---|"]
    for term in sorted(glossary(), key=lambda term: term["english"].lower()):
        notebook = titles[term["lesson"]]
        link = f"[{term['lesson']}](../notebooks/{notebook}.ipynb)"
        lines.append(f"| {term['english']} | {term['korean']} | {link} | {term['section']} |")
    return "\n".join(lines) + "\n"


def leftovers():
    """Notebooks and instructors' pages without a lesson source."""
    known = {path.stem for path in LESSONS.glob("[0-9][0-9]_*.py")}
    for folder, pattern in ((NOTEBOOKS, "*.ipynb"), (SOLUTIONS, "*.ipynb"), (instructor_pages.PAGES, "*.md")):
        for path in folder.glob(pattern):
            if path.stem not in known:
                yield f"{path.relative_to(ROOT)} has no lesson source: remove it."


if __name__ == "__main__":
    sys.exit(main())
