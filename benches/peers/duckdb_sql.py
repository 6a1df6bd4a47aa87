"""DuckDB: a native table in memory, or its own readers of files.

Answers stay in DuckDB, as a temporary table: none is converted while its time runs. Four tiers are
asked for in two ways, and both are shown: by `ROLLUP` over the rows, and rolled up from the sums of
counties, which needs less work.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import duckdb
import polars as pl
from panel import AMOUNTS, COUNTS, OWNERSHIP
from question import FILTERED, KEYS, SUMS, USED, Question

# The narrowest types that hold codes of six digits and years: groups are found fastest by them. The
# enumeration makes a filter a comparison of bytes.
TYPES = {"area": "INTEGER", "period": "SMALLINT", "school": "INTEGER", "ownership": "ownership"}
TYPES |= dict.fromkeys(COUNTS, "BIGINT") | dict.fromkeys(AMOUNTS, "DOUBLE")


def listed(values: list[str]) -> str:
    """Texts as a list of SQL."""
    return "(" + ", ".join(f"'{value}'" for value in values) + ")"


def sums() -> str:
    """The 17 sums."""
    plain = [f"sum({name}) AS {name}" for name in [*COUNTS, *AMOUNTS]]
    filtered = [
        f"sum(children) FILTER (WHERE ownership IN {listed(values)}) AS {name}"
        for name, values in FILTERED.items()
    ]
    return ", ".join(plain + filtered)


ROLLED = (
    """GROUPING SETS ((period), (area // 10000, period), (area // 100, period), (area, period))"""
)
# The code of an area of any tier.
AREA = "coalesce(area, (area // 100) * 100, (area // 10000) * 10000, 0)"


def county(rows: str) -> str:
    """Sums of counties."""
    return f"SELECT area, period, {sums()} FROM {rows} GROUP BY area, period"


def rollup(rows: str, sums: str) -> str:
    """Sums of four tiers."""
    return f"SELECT {AREA} AS area, period, {sums} FROM {rows} GROUP BY {ROLLED}"


def sql(question: Question, rows: str, *, from_rows: bool) -> str:
    """A question in SQL."""
    if question.tiers == "county":
        return county(rows)
    if from_rows:
        return rollup(rows, sums())
    again = ", ".join(f"sum({name}) AS {name}" for name in SUMS)
    return f"WITH counties AS MATERIALIZED ({county(rows)}) {rollup('counties', again)}"


def prepare(
    question: Question, *, from_rows: bool = False
) -> tuple[Callable[[], object], Callable[[object], pl.DataFrame]]:
    """What answers the question, and what reads the answer."""
    connection = duckdb.connect(config={"threads": os.cpu_count() or 1})
    connection.execute(f"CREATE TYPE ownership AS ENUM {listed(OWNERSHIP)}")
    if question.source == "csv":
        # Told its types, so that it need not look for them.
        types = ", ".join(f"'{name}': '{sql}'" for name, sql in file_types(question).items())
        rows = f"read_csv('{question.file}', header = true, columns = {{{types}}})"
    else:
        rows = f"read_parquet('{question.file}')"
    if question.source == "memory":
        columns = ", ".join(f"{name}::{TYPES[name]} AS {name}" for name in USED)
        connection.execute(f"CREATE TABLE panel AS SELECT {columns} FROM {rows}")
        rows = "panel"
    statement = f"CREATE OR REPLACE TEMP TABLE answer AS {sql(question, rows, from_rows=from_rows)}"

    def numbers(_: object) -> pl.DataFrame:
        whole = [f"{name}::BIGINT AS {name}" for name in [*KEYS, *SUMS] if name not in AMOUNTS]
        return connection.sql(f"SELECT {', '.join([*whole, *AMOUNTS])} FROM answer").pl()

    return lambda: connection.execute(statement), numbers


def file_types(question: Question) -> dict[str, str]:
    """Types of the columns of a CSV file, in its order."""
    with Path(question.file).open(encoding="utf-8") as lines:
        return {name: TYPES[name] for name in lines.readline().strip().split(",")}
