"""Compares zhibiao with other engines in one run: equal numbers first, then times.

`python benches/peers [--quick] [--large ROWS] [--out FILE]`
"""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from itertools import product
from pathlib import Path

from measure import measure
from panel import path
from question import Question
from report import Section, machine, markdown, section, text

# Schools of a county, for about six million rows.
SCHOOLS = 100


def questions() -> Iterator[Question]:
    """What is asked of the panel of six million rows."""
    for nulls, order, tiers in product((0, 10), ("sorted", "shuffled"), ("county", "four")):
        file = str(path(SCHOOLS, order, nulls, "parquet"))
        yield Question(file, "memory", tiers, order, nulls)
    for suffix, tiers in product(("parquet", "csv"), ("county", "four")):
        yield Question(str(path(SCHOOLS, "sorted", 0, suffix)), suffix, tiers)


def sections(runs: int) -> Iterator[Section]:
    """All tables, as soon as each is there."""
    for question in questions():
        yield section(question, measure(question, runs))


def main() -> None:
    """Measures, and prints each table as soon as it is there."""
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="three runs of each, not five")
    parser.add_argument("--out", type=Path, help="a Markdown file for the same tables")
    options = parser.parse_args()
    runs = 3 if options.quick else 5
    head = f"Median and best of {runs} runs after one to warm up, on {machine()}."
    sys.stdout.write(f"{head}\n\n")
    pages = [f"{head}\n"]
    for made in sections(runs):
        sys.stdout.write(f"{text(made)}\n")
        sys.stdout.flush()
        pages.append(markdown(made))
    if options.out:
        options.out.write_text("\n".join(pages), encoding="utf-8")


if __name__ == "__main__":
    main()
