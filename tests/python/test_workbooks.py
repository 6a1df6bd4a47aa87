"""Workbooks: `tests/cases/blocks.toml` as files, and the tables that Python finds in them."""

from __future__ import annotations

from pathlib import Path
from string import ascii_uppercase

import pytest
import zhibiao as zb
from known import named, told_apart
from test_bad_inputs import workbook
from test_cases import Case, cases_of

SUITE = cases_of("blocks")
LAYOUT: list[str] = ["merged", "hidden_rows", "hidden_columns"]
SHEET = "表1"
ABOVE = "# 表上："

ONE = [case for case in SUITE if len(case["want"]) == 1 and case["want"][0]["rows"]]
SEVERAL = [case for case in SUITE if len(case["want"]) > 1]
EMPTY = [case for case in SUITE if not any(want["rows"] for want in case["want"])]

# What stands below a table is told nowhere. A table has no numbers of its rows: they are asked by
# the cells that stand in them.
NOT_SHOWN = {"below"}
# Of several tables only the headers, and the row where each begins, are told.
NOT_SHOWN_OF_SEVERAL = {"above", "below"}


def file_of(case: Case, folder: Path) -> Path:
    """The workbook of a case, of one sheet."""
    rows = [[cell or None for cell in row.split("|")] for row in case["rows"]]
    layout = {key: case[key] for key in LAYOUT if key in case}
    path = folder / "table.xlsx"
    path.write_bytes(workbook([{"name": SHEET, "rows": rows, **layout}]))
    return path


def cells_of(case: Case, row: int) -> list[str]:
    """The cells of a row, counted from 1, that are not blank and not hidden."""
    hidden = case.get("hidden_columns", [])
    cells = zip(ascii_uppercase, case["rows"][row - 1].split("|"), strict=False)
    return [cell for letter, cell in cells if cell and letter not in hidden]


@named(ONE)
def test_the_one_table_of_a_sheet_is_read(case: Case, tmp_path: Path) -> None:
    path, want = file_of(case, tmp_path), case["want"][0]
    table = zb.read_table(path)
    frame = table.to_polars()
    assert frame.columns == want["columns"]
    cells = [[cell for cell in row if cell is not None] for row in frame.rows()]
    assert cells == [cells_of(case, row) for row in want["rows"]]
    lines = zb.propose_mapping(path).splitlines()
    above = [line.removeprefix(ABOVE) for line in lines if line.startswith(ABOVE)]
    assert above == want.get("above", [])
    hidden = [
        [finding.details["rows"], finding.details["columns"], finding.details["sheet"]]
        for finding in table.findings
        if finding.code == "hidden-cells"
    ]
    assert hidden == ([[*want["hidden"], SHEET]] if "hidden" in want else [])


@named(SEVERAL)
def test_several_tables_are_told(case: Case, tmp_path: Path) -> None:
    path = file_of(case, tmp_path)
    # All of them have a header of one row, which stands above the first row.
    wanted = "; ".join(
        f"{SHEET}, row {want['rows'][0] - 1} ({', '.join(want['columns'])})"
        for want in case["want"]
    )
    for ask in (zb.read_table, zb.propose_mapping):
        with pytest.raises(zb.TableError) as caught:
            ask(path)
        assert caught.value.code == "several-tables"
        assert caught.value.details["tables"] == wanted


@named(EMPTY)
def test_a_table_without_rows_is_refused(case: Case, tmp_path: Path) -> None:
    path = file_of(case, tmp_path)
    with pytest.raises(zb.TableError) as caught:
        zb.read_table(path)
    assert caught.value.code == "empty-table"
    if not case["want"]:
        with pytest.raises(zb.TableError) as caught:
            zb.propose_mapping(path)
        assert caught.value.code == "empty-table"
        return
    # Its headers are known nevertheless.
    _, columns = zb.propose_mapping(path).split("[columns]\n")
    headers = [line.removeprefix("# ").split('"')[1] for line in columns.splitlines() if line]
    assert headers == case["want"][0]["columns"]


def test_no_case_is_lost() -> None:
    assert (len(ONE), len(SEVERAL), len(EMPTY), len(SUITE)) == (31, 5, 2, 38)
    assert told_apart(SUITE)
    given = {"name", "source", "rows", *LAYOUT}
    assert {key for case in SUITE for key in case} == given | {"want"}
    asked = {"columns", "rows", "above", "hidden"}
    assert {key for case in ONE for key in case["want"][0]} == asked | NOT_SHOWN
    of_several = {key for case in SEVERAL for want in case["want"] for key in want}
    assert of_several == {"columns", "rows"} | NOT_SHOWN_OF_SEVERAL


def test_a_table_of_several_is_chosen_by_the_rows_of_its_header(tmp_path: Path) -> None:
    """Two tables stand on one sheet; the proposal names the rows it was made for."""
    path = tmp_path / "two.xlsx"
    first, second = ["区划代码", "启建项目数"], ["区划代码", "在园幼儿数"]
    rows = [first, ["140728", 60], [None, None], second, ["140728", 9000]]
    path.write_bytes(workbook([{"name": "表1", "rows": rows}]))
    assert "在园幼儿数" in zb.propose_mapping(path, header=(4, 4))
    mapping = zb.propose_mapping(path, header=(1, 1))
    assert zb.read_table(path, mapping=mapping).to_polars().columns == ["area", "projects"]
    for header in [(0, 1), (4, 3)]:
        with pytest.raises(zb.RequestError, match="first and the last row"):
            zb.propose_mapping(path, header=header)
