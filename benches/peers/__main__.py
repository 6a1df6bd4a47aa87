"""Compares zhibiao with other engines in one run: equal numbers first, then times.

`python benches/peers [--quick] [--large] [--out FILE]`
"""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from itertools import product
from pathlib import Path

import kentucky
from alone import alone
from measure import Measured, measure
from panel import path
from question import Order, Question, Source, Tiers
from report import Section, machine, markdown, section, text

NULLS = (0, 10)
ORDERS: tuple[Order, ...] = ("sorted", "shuffled")
TIERS: tuple[Tiers, ...] = ("county", "four")
FILES: tuple[Source, ...] = ("parquet", "csv")
IN_MEMORY_AND_FILE: tuple[Source, ...] = ("memory", "parquet")
# Schools of a county, for about six million rows.
SCHOOLS = 100
# For about fifty.
LARGE_SCHOOLS = 878


def questions(*, large: bool) -> Iterator[Question]:
    """What is asked of the panels, and of a real table where it is there."""
    for nulls, order, tiers in product(NULLS, ORDERS, TIERS):
        file = str(path(SCHOOLS, order, nulls, "parquet"))
        yield Question(file, "memory", tiers, order, nulls)
    for source, tiers in product(FILES, TIERS):
        yield Question(str(path(SCHOOLS, "sorted", 0, source)), source, tiers)
    if large:
        file = str(path(LARGE_SCHOOLS, "sorted", 0, "parquet"))
        yield Question(file, "parquet", "county", million_rows=50)
    if real := kentucky.path():
        for source in IN_MEMORY_AND_FILE:
            yield Question(str(real), source, "county", nulls=40, table="kentucky")
    else:
        sys.stdout.write(f"Kentucky is left out: there is no {kentucky.TABLE}\n\n")


def sections(runs: int, *, large: bool) -> Iterator[Section]:
    """All tables, as soon as each is there."""
    yield alone([1, 5, 25, 50] if large else [1, 5])
    fewer: dict[tuple[Source, Tiers], list[Measured]] = {}
    for question in questions(large=large):
        measured = measure(question, runs)
        same = fewer.setdefault((question.source, question.tiers), measured)
        yield section(question, measured, fewer=same if question.million_rows > 6 else None)


def main() -> None:
    """Measures, and prints each table as soon as it is there."""
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="three runs of each, not five")
    parser.add_argument("--large", action="store_true", help="50 million rows of Parquet, too")
    parser.add_argument("--out", type=Path, help="a Markdown file for the same tables")
    options = parser.parse_args()
    runs = 3 if options.quick else 5
    head = f"Median and best of {runs} runs after one to warm up, on {machine()}."
    sys.stdout.write(f"{head}\n\n")
    pages = [f"{head}\n"]
    for made in sections(runs, large=options.large):
        sys.stdout.write(f"{text(made)}\n")
        sys.stdout.flush()
        pages.append(markdown(made))
    if options.out:
        options.out.write_text("\n".join(pages), encoding="utf-8")


if __name__ == "__main__":
    main()
