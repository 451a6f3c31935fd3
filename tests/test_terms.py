"""Every term of the lecture notes is taught in its lesson or before, and every term is spelled one way."""

import itertools
import re
import tomllib

import pytest
from lesson_source import LESSONS, glossary

NOTES = tomllib.loads((LESSONS / "lecture_notes.toml").read_text(encoding="utf-8"))
SOURCES = sorted(LESSONS.glob("[0-9][0-9]_*.py"))
# Words that are right in another spelling, too: a noun in two words, an adjective with a hyphen.
BOTH = {"one-stage", "two-stage", "zero padding", "short-term", "long-term"}


def _single(english):
    """The terms of a glossary entry: "max pooling, average pooling" holds two."""
    return [term for part in english.split(", ") for term in part.split(" or ")]


def _prose(path):
    """The text cells of a lesson, without code and formulas."""
    source = path.read_text(encoding="utf-8")
    cells = re.findall(r"^# %% \[markdown\]\n(.*?)(?=^# %%|\Z)", source, flags=re.MULTILINE | re.DOTALL)
    return re.sub(r"`[^`]*`|\$[^$]*\$|\]\([^)]*\)", " ", "\n".join(cells))


@pytest.mark.parametrize("lesson", [path.name[:2] for path in SOURCES])
def test_terms_of_the_lecture_notes_are_taught(lesson):
    taught = {
        term.lower() for one in glossary() if one["lesson"] <= lesson for term in _single(one["english"])
    }
    assert [term for term in NOTES[lesson] if term.lower() not in taught] == []


def _spellings():
    """Each term of several parts, and each word with a hyphen, with the ways to write it that the course does not use."""
    terms = {term for one in glossary() for term in _single(one["english"])}
    hyphenated = {word for term in terms for word in term.split() if re.search(r"\w-\w", word)}
    for term in sorted({term for term in terms | hyphenated if re.search(r"\w[ -]\w", term)} - BOTH):
        parts = re.split(r"[ -]", term)
        signs = itertools.product((" ", "-", ""), repeat=len(parts) - 1)
        others = {"".join(map("".join, zip(parts, (*chosen, ""), strict=True))) for chosen in signs}
        yield term, sorted(others - terms - hyphenated)


@pytest.mark.parametrize(
    ("term", "others"), list(_spellings()), ids=lambda value: value if isinstance(value, str) else ""
)
def test_a_term_is_spelled_one_way(term, others):
    found = [
        (path.stem, other)
        for path in SOURCES
        for other in others
        if re.search(rf"\b{re.escape(other)}\b", _prose(path), flags=re.IGNORECASE)
    ]
    assert found == []
