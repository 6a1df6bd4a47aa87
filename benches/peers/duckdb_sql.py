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
from question import Question
from shape import KEYS, Shape

# Every subset of the tiers that is a tier: the same as a `ROLLUP` for each period.
TIERS = "GROUPING SETS ((period), (area // 10000, period), (area // 100, period), (area, period))"
# The code of an area of any tier.
AREA = "coalesce(area, (area // 100) * 100, (area // 10000) * 10000, 0)"


def types(shape: Shape) -> dict[str, str]:
    """The narrowest types that hold the keys: groups are found fastest by them.

    An enumeration makes a filter a comparison of bytes.
    """
    keys = ["INTEGER", "SMALLINT"] if shape.numbered else ["area", "period"]
    types = dict(zip(KEYS, keys, strict=True)) | {"school": "INTEGER", shape.category: "category"}
    types |= dict.fromkeys([shape.filtered_column, *shape.counts], "BIGINT")
    return types | dict.fromkeys(shape.amounts, "DOUBLE")


def listed(values: list[str]) -> str:
    """Texts as a list of SQL."""
    return "(" + ", ".join(f"'{value}'" for value in values) + ")"


def sums(shape: Shape) -> str:
    """All sums."""
    plain = [f"sum({name}) AS {name}" for name in [*shape.counts, *shape.amounts]]
    one = f"sum({shape.filtered_column}) FILTER (WHERE {shape.category} IN"
    filtered = [f"{one} {listed(values)}) AS {name}" for name, values in shape.filtered.items()]
    return ", ".join(plain + filtered)


def county(rows: str, shape: Shape) -> str:
    """Sums of areas as they are given."""
    return f"SELECT area, period, {sums(shape)} FROM {rows} GROUP BY area, period"


def rollup(rows: str, sums: str) -> str:
    """Sums of four tiers."""
    return f"SELECT {AREA} AS area, period, {sums} FROM {rows} GROUP BY {TIERS}"


def sql(question: Question, rows: str, *, from_rows: bool) -> str:
    """A question in SQL."""
    shape = question.shape
    if question.tiers == "county":
        return county(rows, shape)
    if from_rows:
        return rollup(rows, sums(shape))
    again = ", ".join(f"sum({name}) AS {name}" for name in shape.sums)
    return f"WITH counties AS MATERIALIZED ({county(rows, shape)}) {rollup('counties', again)}"


def prepare(
    question: Question, *, from_rows: bool = False
) -> tuple[Callable[[], object], Callable[[object], pl.DataFrame]]:
    """What answers the question, and what reads the answer."""
    shape = question.shape
    connection = duckdb.connect(config={"threads": os.cpu_count() or 1})
    connection.execute(f"CREATE TYPE category AS ENUM {listed(shape.categories)}")
    rows = f"read_parquet('{question.file}')"
    if question.source == "csv":
        rows = csv(question)
    if question.source == "memory":
        if not shape.numbered:
            for key in KEYS:
                values = f"SELECT DISTINCT {key} FROM {rows}"
                connection.execute(f"CREATE TYPE {key} AS ENUM ({values})")
        columns = ", ".join(f"{name}::{types(shape)[name]} AS {name}" for name in shape.used)
        connection.execute(f"CREATE TABLE loaded AS SELECT {columns} FROM {rows}")
        rows = "loaded"
    statement = f"CREATE OR REPLACE TEMP TABLE answer AS {sql(question, rows, from_rows=from_rows)}"

    def numbers(_: object) -> pl.DataFrame:
        whole = [f"{name}::BIGINT AS {name}" for name in [*shape.counts, *shape.filtered]]
        columns = [f"{key}::VARCHAR AS {key}" for key in KEYS] + whole + shape.amounts
        answer: pl.DataFrame = connection.sql(f"SELECT {', '.join(columns)} FROM answer").pl()
        return answer

    return lambda: connection.execute(statement), numbers


def csv(question: Question) -> str:
    """A CSV file whose types are told, so that they need not be looked for."""
    with Path(question.file).open(encoding="utf-8") as lines:
        header = lines.readline().strip().split(",")
    known = types(question.shape)
    columns = ", ".join(f"'{name}': '{known[name]}'" for name in header)
    return f"read_csv('{question.file}', header = true, columns = {{{columns}}})"
