"""Measurements that take too long for a lesson: made beforehand by the lesson's own code, kept in `labs/results/`."""

import csv
from pathlib import Path

FOLDER = Path(__file__).parent / "results"


def table(name):
    """The rows of a stored table, each a dict of strings; the tool that wrote it is named in the lesson."""
    with (FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def write_table(name, columns, rows):
    """Write a table row by row, so that a long measurement can be watched.

    Args:
        name: str, the file's name without `.csv`.
        columns: list of str.
        rows: iterable of lists of values, one for each column.
    """
    with (FOLDER / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        for row in rows:
            writer.writerow(row)
            file.flush()
