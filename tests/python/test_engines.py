"""The same states and the same digits from every engine: embedded, streamed, in parts, in SQL."""

from __future__ import annotations

import hashlib
import os
import re
from collections import Counter
from itertools import pairwise
from random import Random
from typing import Any

import polars as pl
import pyarrow as pa
import zhibiao as zb
from conftest import CASES, python, said, text_table
from draws import Draw, draw
from engines import Engine
from test_cases import ELSEWHERE, OPTIONS, Skip, cases_of, compare, worlds

LONG = bool(os.environ.get("ZHIBIAO_SLOW"))

# How many draws each engine is held against the embedded one on.
DRAWS = {"duckdb": 300, "postgres": 300, "spark": 20}
MANY = {"duckdb": 10_000, "postgres": 10_000, "spark": 200}
EMBEDDED = 10_000 if LONG else 300

# Of rows that contradict each other a file tells the rows, a warehouse how many there are.
CONTRADICTED = {"duplicate-key", "repeated-keys", "mixed-spelling", "missing-key"}


def catalogue(toml: str) -> zb.Catalog:
    """The built-in catalogue with more."""
    return zb.Catalog.builtin().extend(zb.Catalog.from_toml(toml, name="draw.toml"))


def codes(table: Any) -> set[str]:
    """What is found, but for what is told otherwise."""
    return {finding.code for finding in table.findings} - CONTRADICTED


def computed(drawn: Draw, frame: Any) -> zb.IndicatorTable:
    """The answer to a draw, from its table wherever that is."""
    options = drawn.options | {"catalog": catalogue(drawn.catalog)}
    return zb.compute(frame, drawn.indicators, **options)


def summed(drawn: Draw, frame: Any) -> zb.States:
    """The states of a draw."""
    options = drawn.options | {"catalog": catalogue(drawn.catalog)}
    return zb.states(frame, drawn.indicators, **options)


def test_random_questions_have_the_same_states_and_displays(there: Engine) -> None:
    too_wide = 0
    number = (MANY if LONG else DRAWS)[there.name]
    for seed in range(number):
        drawn = draw(seed)
        elsewhere = there.load("t", drawn.frame)
        here = computed(drawn, drawn.frame)
        try:
            table = computed(drawn, elsewhere)
        except zb.TableError as error:
            assert error.code == "sum-too-wide", (seed, error)  # noqa: PT017
            too_wide += 1
            continue
        assert table.to_polars().equals(here.to_polars()), seed
        assert codes(table) == codes(here), seed
        # One question more of the engine: where it is cheap of all, else of some.
        if there.name != "spark" or seed % 5 == 0:
            states = summed(drawn, elsewhere).to_polars()
            assert states.equals(summed(drawn, drawn.frame).to_polars()), seed
    # Decimals of 28 digits with coefficients: refused before anything runs.
    assert too_wide <= number // 50 + 1


def digest(number: int) -> str:
    """What all draws answer, in short."""
    hashed = hashlib.sha256()
    for seed in range(number):
        drawn = draw(seed)
        table = computed(drawn, drawn.frame)
        hashed.update(table.to_polars().write_json().encode())
        hashed.update(repr([str(finding) for finding in table.findings]).encode())
        hashed.update(summed(drawn, drawn.frame).to_polars().write_json().encode())
    return hashed.hexdigest()


def test_one_thread_and_two_give_the_same() -> None:
    script = f"from test_engines import digest; print(digest({EMBEDDED}))"
    told = {said(python(script, timeout=3600, RAYON_NUM_THREADS=threads)) for threads in ("1", "2")}
    assert len(told) == 1


def cut(rng: Random, frame: pl.DataFrame) -> list[pl.DataFrame]:
    """A frame in some parts, which may be empty."""
    places = sorted(rng.randint(0, frame.height) for _ in range(rng.randint(1, 4)))
    ends = [0, *places, frame.height]
    return [frame[begin:end] for begin, end in pairwise(ends)]


def test_streams_and_merged_parts_give_the_same() -> None:
    merged = 0
    for seed in range(EMBEDDED):
        drawn = draw(seed)
        here = computed(drawn, drawn.frame).to_polars()
        parts = cut(Random(seed), drawn.frame)
        schema = drawn.frame.to_arrow().schema
        batches = [batch for part in parts for batch in part.to_arrow().cast(schema).to_batches()]
        stream = pa.RecordBatchReader.from_batches(schema, batches)
        assert computed(drawn, stream).to_polars().equals(here), seed
        if not drawn.options["records"]:
            # Rows of different parts may contradict each other, which only the whole can tell.
            continue
        states = [summed(drawn, part) for part in parts if part.height]
        whole = summed(drawn, drawn.frame).to_polars()
        assert zb.merge(states, overlap=True).to_polars().equals(whole), seed
        merged += 1
    assert merged > EMBEDDED // 3


def test_the_draws_are_of_many_kinds() -> None:
    met: Counter[str] = Counter()
    for seed in range(DRAWS["duckdb"]):
        drawn = draw(seed)
        table = computed(drawn, drawn.frame)
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
        "finds parts-absent",
        "finds negative-count",
        "finds not-finite",
        "finds too-many-decimals",
        "finds unknown-area",
        "column Float32",
        "contradicted",
        "records",
    }
    assert {name for name in wanted if met[name] < 3} == set()


# How many known answers can be asked of a warehouse, and why the others cannot.
COUNTS = {
    "asked": 510,
    "a row for each figure": 75,
    "an error of the table as a file": 113,
    "figures in words": 15,
    "no table": 352,
    "not a question to compute": 226,
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
    if "table" not in case:
        raise Skip("no table")
    if "standard" in case or "targets" in case or "indicators" not in case:
        raise Skip("not a question to compute")
    if "fails" in case:
        raise Skip("an error of the table as a file")
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
    for path in sorted(CASES.glob("*.toml")):
        # What is made of an answer is made here, wherever the rows stand.
        if path.stem in {*ELSEWHERE, "symbols"}:
            continue
        for case in cases_of(path.stem):
            try:
                ask(case, there)
                counts["asked"] += 1
            except Skip as skip:
                counts[str(skip)] += 1
            except Exception as error:
                error.add_note(f"{path.stem}: {case['name']}")
                raise
    assert dict(counts) == COUNTS
