"""Reports: `tests/cases/prose.toml` asked through Python."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
import zhibiao as zb
from known import named, told_apart
from test_cases import Case, cases_of

SUITE = cases_of("prose")
YEAR = 2022


def rows(frame: pl.DataFrame, *columns: str) -> list[str]:
    """Some columns as the cases write them: `128所 | count | 各级各类学校 | schools`."""
    return [" | ".join(row) for row in frame.select(pl.col(columns).fill_null("")).rows()]


def read(case: Case, above: str = "") -> zb.ReportReading:
    """The text of a case, held against its table, if it has one."""
    columns = case.get("against")
    rows = len(next(iter(columns.values()))) if columns else 0
    table = {"area": ["140728"] * rows, **columns} if columns else None
    return zb.read_report(above + case["text"], year=YEAR, against=table)


@named(SUITE)
def test_a_sentence_is_read_as_known(case: Case) -> None:
    reading = read(case)
    found = reading.to_polars().with_columns(pl.col("proposal").fill_null("-"))
    assert rows(found, "written", "sort", "subject", "proposal") == case["found"]
    assert rows(reading.passed_over, "written", "reason") == case.get("passed", [])
    assert rows(reading.claims, "kind", "words", "subject") == case.get("claims", [])
    assert rows(reading.audit, "rule", "verdict", "written") == case.get("findings", [])


@named(SUITE)
def test_verdicts_are_counted_and_contradictions_are_told(case: Case) -> None:
    reading = read(case)
    told = [finding.split(" | ")[1] for finding in case.get("findings", [])]
    verdicts = ("follows", "contradicts", "cannot-tell")
    assert reading.summary == {verdict: told.count(verdict) for verdict in verdicts}
    against = reading.audit.filter(verdict="contradicts")
    assert [finding.code for finding in reading.findings] == against["code"].to_list()
    places = [(finding.details["line"], finding.details["column"]) for finding in reading.findings]
    assert places == against.select("line", "column").rows()


@named(SUITE)
def test_what_is_found_stands_where_it_is_said_to(case: Case) -> None:
    # Two lines above, so that lines are counted, too.
    reading = read(case, above="教育\n\n")
    claims = reading.claims.rename({"words": "written"})
    places = [
        row
        for frame in (reading.to_polars(), reading.passed_over, claims, reading.audit)
        for row in frame.select("written", "line", "column").rows()
    ]
    assert len(places) == sum(
        len(case.get(part, [])) for part in ("found", "passed", "claims", "findings")
    )
    for written, line, column in places:
        assert line == 3
        assert case["text"].startswith(written, column - 1), (written, column)


def test_no_case_is_lost() -> None:
    assert len(SUITE) == 142
    assert told_apart(SUITE)
    parts = {"found": 362, "passed": 56, "claims": 3, "findings": 116}
    assert {part: sum(len(case.get(part, [])) for case in SUITE) for part in parts} == parts
    assert {key for case in SUITE for key in case} == {"name", "source", "text", "against", *parts}


def test_a_report_is_text_and_of_one_area(tmp_path: Path) -> None:
    book = tmp_path / "report.xlsx"
    book.write_bytes(b"PK\x03\x04")
    with pytest.raises(zb.RequestError, match="give workbooks to `compute`") as refused:
        zb.read_report(book)
    assert refused.value.code == "bad-option"
    two = {"area": ["140728", "140729"], "projects": [60, 61]}
    with pytest.raises(zb.RequestError, match="平遥县, 灵石县") as refused:
        zb.read_report("启建项目60个。", against=two)
    assert refused.value.code == "bad-option"
