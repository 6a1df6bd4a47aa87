"""Bad inputs: what is told of each, where, with which value and remedy, and what still stands."""

from __future__ import annotations

import gzip
import tomllib
import zipfile
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import zhibiao as zb
from conftest import CASES

Case = dict[str, Any]
SUITE: list[Case] = tomllib.loads((CASES / "bad_inputs.toml").read_text("utf-8"))["case"]
ENCODINGS = {"utf-8-bom": "utf-8-sig", "utf-16-le": "utf-16-le", "utf-16-be": "utf-16-be"}
# Where something stands; all else that is wanted of an error is its code, remedy, value or others.
PLACES = ("line", "sheet", "row", "column")


def named(case: Case) -> str:
    """The name of the file."""
    name: str = case.get("file", "table.xlsx" if "sheets" in case else "table.csv")
    return name


def source(case: Case, folder: Path) -> Any:
    """The table as a frame, or the path of its file."""
    if "columns" in case:
        return case["columns"]
    path = folder / named(case)
    path.write_bytes(content(case, path.name))
    return path


def content(case: Case, name: str) -> bytes:
    """The bytes of a file."""
    whole = bytes.fromhex(case["hex"]) if "hex" in case else written(case, name)
    return whole[: len(whole) - case.get("cut", 0)]


def written(case: Case, name: str) -> bytes:
    """A workbook or a text."""
    if "zeros" in case:
        file = BytesIO()
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as book:
            book.writestr("xl/workbook.xml", "")
            book.writestr("xl/worksheets/sheet1.xml", bytes(case["zeros"]))
        return file.getvalue()
    if "sheets" in case:
        return workbook(case["sheets"])
    encoding: str = case.get("encoding", "utf-8")
    mark = "\ufeff" if encoding.startswith("utf-16") else ""
    text: bytes = (mark + case["text"]).encode(ENCODINGS.get(encoding, encoding))
    return gzip.compress(text) if name.endswith(".gz") else text


def workbook(sheets: list[dict[str, Any]]) -> bytes:
    """A workbook of sheets."""
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for said in sheets:
        sheet = book.create_sheet(said["name"])
        for row, cells in enumerate(said["rows"], 1):
            for column, cell in enumerate(cells, 1):
                said_of = cell if isinstance(cell, dict) else {"value": cell}
                placed = sheet.cell(row, column, next(iter(said_of.values())))
                placed.number_format = said_of.get("format", placed.number_format)
        for region in said.get("merged", []):
            sheet.merge_cells(region)
        for row in said.get("hidden_rows", []):
            sheet.row_dimensions[row].hidden = True
        for column in said.get("hidden_columns", []):
            sheet.column_dimensions[column].hidden = True
        if said.get("hidden"):
            sheet.sheet_state = "hidden"
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def ask(case: Case, folder: Path) -> tuple[list[zb.ZhibiaoError], dict[str, str]]:
    """All that is found beside the answer, and printed values by area."""
    given = source(case, folder)
    options = dict(case.get("options", {}))
    indicators = case.get("indicators", ["projects.completion"])
    match case.get("ask", "compute"):
        case "compute":
            how = {name: options.pop(name) for name in ("sheet", "mapping") if name in options}
            if how:
                given = zb.read_table(given, **how)
            table = zb.compute(given, indicators, **options)
            rows = table.to_polars().iter_rows(named=True)
            return list(table.findings), {row["area"]: row["display"] or "" for row in rows}
        case "judge":
            return list(zb.judge(given, **options).findings), {}
        case "check":
            return [found(row) for row in zb.check(given).to_polars().iter_rows(named=True)], {}
        case "catalogue":
            zb.Catalog.builtin().extend(zb.Catalog.load(given))
        case "areas":
            zb.Areas.load(given)
        case "scheme":
            zb.Scheme.load(given)
        case other:
            pytest.fail(f"nothing is asked by {other}")
    return [], {}


def found(row: dict[str, Any]) -> zb.ZhibiaoError:
    """A row of a check as an error."""
    return zb.ZhibiaoError(row["message"], code=row["code"], remedy=row["remedy"], details=row)


def compare(error: zb.ZhibiaoError, want: dict[str, Any], file: str | None) -> None:
    """Hold what was told against what is wanted."""
    assert error.code == want["code"], error
    assert want.get("remedy", "") in error.remedy
    assert {place: error.details.get(place) for place in PLACES if place in want} == {
        place: want[place] for place in PLACES if place in want
    }, error.details
    assert want.get("value") in [None, *error.details.values()], error.details
    assert [other.code for other in error.others] == want.get("others", [])
    if file and (told := error.details.get("file")):
        assert Path(told).name == file


@pytest.mark.parametrize("case", SUITE, ids=[case["name"] for case in SUITE])
def test_bad_inputs(case: Case, tmp_path: Path) -> None:
    file = None if "columns" in case else named(case)
    if "fails" in case:
        with pytest.raises(zb.ZhibiaoError) as caught:
            ask(case, tmp_path)
        compare(caught.value, case["fails"], file)
        return
    told, printed = ask(case, tmp_path)
    wanted = case.get("told", [])
    assert [error.code for error in told] == [want["code"] for want in wanted]
    for error, want in zip(told, wanted, strict=True):
        compare(error, want, file)
    assert "told" in case or "stands" in case, "nothing would be tested"
    stands = case.get("stands", {})
    assert {area: printed.get(area) for area in stands} == stands


def test_there_are_enough() -> None:
    assert len(SUITE) >= 80
    assert len({case["name"] for case in SUITE}) == len(SUITE)
    assert all(case["source"] for case in SUITE)
