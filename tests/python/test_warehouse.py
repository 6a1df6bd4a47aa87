"""Tables that are summed where they stand: the same digits from every engine."""

from __future__ import annotations

import os
import re
from collections import Counter
from random import Random
from typing import Any

import polars as pl
import pytest
import zhibiao as zb
from conftest import shared, text_table
from draws import draw
from engines import NAMES, Engine, engine, skipped
from test_cases import OPTIONS, Skip, cases_of, compare, worlds

LONG = bool(os.environ.get("ZHIBIAO_SLOW"))

# How many draws each engine is held against the embedded one on.
DRAWS = {"duckdb": 300, "postgres": 300, "spark": 20}
MANY = {"duckdb": 10_000, "postgres": 10_000, "spark": 200}

# Of rows that contradict each other a file tells the rows, a warehouse how many there are.
CONTRADICTED = {"duplicate-key", "repeated-keys", "mixed-spelling", "missing-key"}


@pytest.fixture(params=NAMES)
def there(request: pytest.FixtureRequest) -> Engine:
    """An engine that runs here, started once."""
    name: str = request.param
    if skipped(name):
        pytest.skip(f"{name} is left out by ZHIBIAO_SKIP")
    return engine(name)


def catalogue(toml: str) -> zb.Catalog:
    """The built-in catalogue with more."""
    return zb.Catalog.builtin().extend(zb.Catalog.from_toml(toml, name="draw.toml"))


def codes(table: Any) -> set[str]:
    """What is found, but for what is told otherwise."""
    return {finding.code for finding in table.findings} - CONTRADICTED


def test_random_questions_have_the_same_states_and_displays(there: Engine) -> None:
    too_wide = 0
    number = (MANY if LONG else DRAWS)[there.name]
    for seed in range(number):
        drawn = draw(seed)
        options = drawn.options | {"catalog": catalogue(drawn.catalog)}
        asked = (drawn.indicators,)
        elsewhere = there.load("t", drawn.frame)
        here = zb.compute(drawn.frame, *asked, **options)
        try:
            table = zb.compute(elsewhere, *asked, **options)
        except zb.TableError as error:
            assert error.code == "sum-too-wide", (seed, error)  # noqa: PT017
            too_wide += 1
            continue
        assert table.to_polars().equals(here.to_polars()), seed
        assert codes(table) == codes(here), seed
        if seed % 5 == 0:
            made = zb.states(elsewhere, *asked, **options)
            assert made.to_polars().equals(
                zb.states(drawn.frame, *asked, **options).to_polars()
            ), seed
    # Decimals of 28 digits with coefficients: refused before anything runs.
    assert too_wide <= number // 50 + 1


def test_the_draws_are_of_many_kinds() -> None:
    met: Counter[str] = Counter()
    for seed in range(DRAWS["duckdb"]):
        drawn = draw(seed)
        table = zb.compute(
            drawn.frame, drawn.indicators, catalog=catalogue(drawn.catalog), **drawn.options
        )
        met.update(f"status {status}" for status in set(table.to_polars()["status"]))
        met.update(f"finds {finding.code}" for finding in table.findings)
        met.update(f"column {kind}" for kind in {str(of) for of in drawn.frame.dtypes})
        met["records"] += drawn.options["records"]
        met["contradicted"] += any(f.code == "duplicate-key" for f in table.findings)
    wanted = {
        "status ok",
        "status missing",
        "status partial",
        "status zero_denominator",
        "finds unknown-value",
        "finds total-row",
        "finds negative-count",
        "finds not-finite",
        "finds too-many-decimals",
        "finds unknown-area",
        "column Float32",
        "contradicted",
        "records",
    }
    assert {name for name in wanted if met[name] < 3} == set()


# Files of cases with tables, and how many of them can be asked of a warehouse.
CASES = ("binding", "kinds", "missing", "pingyao", "reported", "rollup", "shares", "time", "trees", "units")
COUNTS = {
    "asked": 422,
    "a row for each figure": 64,
    "an error of the table as a file": 109,
    "figures in words": 11,
    "not a question to compute": 20,
}
KEYS = ("area", "area_code", "区划代码", "period", "年份", "school", "学校")


def typed(case: dict[str, Any]) -> pl.DataFrame:
    """The table of a case with numbers as numbers, as warehouses have them."""
    frame = text_table(case["table"])
    if {"measure", "value"} <= set(frame.columns) or {"指标", "数值"} <= set(frame.columns):
        raise Skip("a row for each figure")
    columns = []
    for column in frame.iter_columns():
        cells = [cell for cell in column if cell]
        number = all(re.fullmatch(r"-?(0|[1-9]\d{0,15})(\.\d{1,6})?", cell) for cell in cells)
        if column.name in KEYS or not cells or not number:
            columns.append(column)
            continue
        scale = max(len(cell.partition(".")[2]) for cell in cells)
        of = pl.Decimal(22, scale) if scale else pl.Int64
        texts = pl.Series(column.name, [cell or None for cell in column], dtype=pl.String)
        columns.append(texts.cast(of))
    return pl.DataFrame(columns)


def ask(case: dict[str, Any], there: Engine) -> None:
    """A case, with its table in an engine."""
    if "fails" in case:
        raise Skip("an error of the table as a file")
    if "standard" in case or "indicators" not in case:
        raise Skip("not a question to compute")
    options = {name: case[name] for name in OPTIONS if name in case} | worlds(case)
    elsewhere = there.load("t", typed(case))
    try:
        table = zb.compute(elsewhere, case["indicators"], **options)
    except zb.TableError as error:
        if error.code == "column-type":
            raise Skip("figures in words") from error
        if error.code == "missing-column":
            raise Skip("figures that are only reported") from error
        raise
    compare(table.to_polars(), case.get("want", []), some=case.get("some", False))
    assert codes(table) == set(case.get("finds", [])) - CONTRADICTED


def test_known_answers_come_from_every_engine(there: Engine) -> None:
    counts: Counter[str] = Counter()
    for file in CASES:
        for case in cases_of(file):
            if "table" not in case:
                continue
            try:
                ask(case, there)
                counts["asked"] += 1
            except Skip as skip:
                counts[str(skip)] += 1
            except Exception as error:
                error.add_note(f"{file}: {case['name']}")
                raise
    assert dict(counts) == COUNTS
