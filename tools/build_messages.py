"""Collect every sentence a student reads into labs/locale/labs.pot: `python tools/build_messages.py`.

A translator copies it to labs/locale/LANGUAGE/LC_MESSAGES/labs.po, and compiles it with
`pybabel compile -d labs/locale -D labs`; `LABS_LANGUAGE=ko` then selects it.
"""

import sys
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import write_po

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
TEMPLATE = ROOT / "labs" / "locale" / "labs.pot"


def main():
    """Write the template, or with --check say that it is out of date."""
    text = template()
    if "--check" in sys.argv[1:]:
        current = TEMPLATE.exists() and TEMPLATE.read_bytes() == text
        print(
            "" if current else f"{TEMPLATE.relative_to(ROOT)} is out of date: run `make notebooks`.", end=""
        )
        return 0 if current else 1
    TEMPLATE.parent.mkdir(exist_ok=True)
    TEMPLATE.write_bytes(text)
    return 0


def template():
    """The template's bytes: the engine's own sentences, then those of the exercises."""
    import io

    catalog = Catalog(project="keras-labs", charset="utf-8")
    keywords = {"_": None, "ngettext": (1, 2)}
    for name, _line, message, comments, _context in extract_from_dir(ROOT / "labs", keywords=keywords):
        catalog.add(message, locations=[(f"labs/{name}", 1)], auto_comments=comments)
    for place, message in exercise_sentences():
        catalog.add(message, locations=[(place, 1)])
    content = io.BytesIO()
    write_po(content, catalog, omit_header=True, sort_output=True, include_lineno=False)
    return content.getvalue()


def exercise_sentences():
    """(place, sentence) of every hint, mistake and quiz question, and of the sentences kept in tables."""
    from labs.checking import cards, catalog, tracebacks, values

    for entry in catalog.entries().values():
        place = f"labs/exercises/{entry.module}.py"
        found = catalog.find(entry.name)
        sentences = list(found.hints)
        if entry.kind == "quiz":
            sentences += [found.question, *(text for option in found.options.values() for text in option)]
        else:
            sentences += [mistake.message for mistake in found.mistakes]
        yield from ((place, sentence) for sentence in sentences)
    yield from (("labs/checking/cards.py", word) for _symbol, word, _color in cards.LOOKS.values())
    yield from (("labs/checking/tracebacks.py", sentence) for _kind, sentence in tracebacks.ADVICE)
    yield from (("labs/checking/values.py", sentence) for _holds, sentence in values.RELATIONS)


if __name__ == "__main__":
    sys.exit(main())
