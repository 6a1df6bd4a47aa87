"""Mappings: `tests/cases/mapping.toml` as workbooks: what is proposed, and what is read by it."""

from __future__ import annotations

import re
from pathlib import Path

import polars as pl
import pytest
import zhibiao as zb
from known import named, told_apart
from test_bad_inputs import workbook
from test_cases import Case, cases_of
from zhibiao.language import Lang

SUITE = cases_of("mapping")
SHEET = "表1"
FIGURE = re.compile(r"(?!140\d{3}$|2022$)[\d.]+")
OPEN = ' = "?"'

PROPOSED = [case for case in SUITE if "columns" in case or "toml" in case]
MAPPED = [case for case in SUITE if "mapping" in case]
OPEN_ENDED = [case for case in SUITE if "mapping" not in case and "fails" in case]
READ = [case for case in SUITE if "mapping" not in case and "fails" not in case]
WITH_ORIGINS = [case for case in SUITE if "origins" in case]


def cells_of(case: Case) -> list[list[str | None]]:
    """The rows of a case."""
    return [
        [cell.strip().replace("\\n", "\n") or None for cell in row.split("|")]
        for row in case["rows"].splitlines()
    ]


def file_of(case: Case, rows: list[list[str | None]], folder: Path) -> Path:
    """The workbook of a case, of one sheet."""
    path = folder / "table.xlsx"
    path.write_bytes(workbook([{"name": SHEET, "rows": rows, "merged": case.get("merged", [])}]))
    return path


def catalog_of(case: Case) -> zb.Catalog:
    """The built-in catalogue, with what a case adds."""
    mine = zb.Catalog.from_toml(case.get("catalogue", ""), name="own.toml")
    return zb.Catalog.builtin().extend(mine)


def proposed(case: Case, path: Path, lang: Lang = "zh") -> str:
    """The proposal for a file."""
    return zb.propose_mapping(path, catalog=catalog_of(case), lang=lang)


def compare(table: zb.SourceTable, case: Case) -> None:
    """Lines, and what was told of columns."""
    frame = table.to_polars()
    lines = [
        "|".join(frame.columns),
        *("|".join(cell or "" for cell in row) for row in frame.rows()),
    ]
    assert lines == case.get("lines", lines)
    told = [
        f"{told.code} sheet {told.details['sheet']}, column {told.details['column']}"
        for told in table.findings
    ]
    assert told == case.get("told", [])


@named(PROPOSED)
def test_a_mapping_is_proposed(case: Case, tmp_path: Path) -> None:
    toml = proposed(case, file_of(case, cells_of(case), tmp_path))
    _, columns = toml.split("[columns]\n")
    # Comments behind the lines are in `toml`.
    lines = [line.split("  #")[0] for line in columns.splitlines() if line]
    assert lines == case.get("columns", lines)
    assert toml == case.get("toml", toml)


@named(READ)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_proposal_reads_its_file(case: Case, lang: Lang, tmp_path: Path) -> None:
    path = file_of(case, cells_of(case), tmp_path)
    toml = proposed(case, path, lang)
    assert OPEN not in toml
    # The rows of the header are found, and may be said.
    for mapping in (toml, f"header = {case['header']}\n{toml}"):
        compare(zb.read_table(path, mapping=mapping, catalog=catalog_of(case)), case)


@named(OPEN_ENDED)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_what_a_proposal_leaves_open_is_told(case: Case, lang: Lang, tmp_path: Path) -> None:
    path = file_of(case, cells_of(case), tmp_path)
    toml = proposed(case, path, lang)
    with pytest.raises(zb.TableError) as caught:
        zb.read_table(path, mapping=toml, catalog=catalog_of(case))
    codes = [error.code for error in (caught.value, *caught.value.others)]
    assert len(codes) == toml.count(OPEN)
    assert codes == case["fails"]


@named(MAPPED)
def test_a_mapping_is_read_and_reads_the_file(case: Case, tmp_path: Path) -> None:
    path, mine = file_of(case, cells_of(case), tmp_path), tmp_path / "mine.toml"
    mine.write_text(case["mapping"], "utf-8")
    if "fails" not in case:
        compare(zb.read_table(path, mapping=mine, catalog=catalog_of(case)), case)
        return
    with pytest.raises(zb.ZhibiaoError) as caught:
        zb.read_table(path, mapping=mine, catalog=catalog_of(case))
    fails = [place_of(error) for error in (caught.value, *caught.value.others)]
    assert fails == case["fails"]


def place_of(error: zb.ZhibiaoError) -> str:
    """Code, and place in the mapping."""
    told = error.details
    # Where a problem names a header, that is its `column`.
    column = told.get("position", told["column"])
    return f"{error.code} {Path(told['file']).name}:{told['line']}:{column}"


@named(WITH_ORIGINS)
def test_a_flaw_has_the_row_and_header_of_its_cell(case: Case, tmp_path: Path) -> None:
    rows, (_, last) = cells_of(case), case["header"]
    # Figures become what is none, so that each is told; codes and years stay.
    for row in rows[last:]:
        row[:] = ["x" if cell and FIGURE.fullmatch(cell) else cell for cell in row]
    path = file_of(case, rows, tmp_path)
    table = zb.read_table(path, mapping=case.get("mapping") or proposed(case, path))
    found = zb.check(table).to_polars()
    assert set(found["file"]) == {str(path)}
    assert set(found["sheet"]) == {SHEET}
    # A line that was not turned has no header of its own.
    turned = " " in case["origins"][0]
    origins = [f"{row} {column}" if turned else f"{row}" for row, column in places(found)]
    # Of a row that no measure goes by, its name is told, and no figure.
    nameless = {row for (row,) in found.filter(code="unknown-measure").select("row").rows()}
    wanted = [
        f"{origin.split()[0]} 指标" if int(origin.split()[0]) in nameless else origin
        for origin in case["origins"]
    ]
    assert list(dict.fromkeys(origins)) == wanted


def places(found: pl.DataFrame) -> list[tuple[int, str]]:
    """Rows and columns of findings."""
    pairs: list[tuple[int, str]] = found.select("row", "column").rows()
    return pairs


def test_no_case_is_lost() -> None:
    assert len(SUITE) == len(MAPPED) + len(OPEN_ENDED) + len(READ)
    assert (len(PROPOSED), len(WITH_ORIGINS)) == (51, 7)
    assert (len(MAPPED), len(OPEN_ENDED), len(READ)) == (23, 14, 37)
    assert told_apart(SUITE)
    given = {"name", "source", "catalogue", "rows", "merged", "header", "mapping"}
    asked = {"columns", "toml", "lines", "origins", "told", "fails"}
    assert {key for case in SUITE for key in case} == given | asked
