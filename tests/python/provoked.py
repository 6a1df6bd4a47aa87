"""What is wrong with files, mappings, quantities and reports, by code."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import zhibiao as zb

Provoked = tuple[str, Callable[[Path], Any], dict[str, Any]]


def text(folder: Path, content: bytes, name: str = "table.csv") -> str:
    """A file."""
    (folder / name).write_bytes(content)
    return str(folder / name)


def book(folder: Path, *, sheets: int = 1, hide: str = "", cell: object = 60) -> str:
    """A workbook with a table on each sheet."""
    made = openpyxl.Workbook()
    made.remove(made.active)
    for at in range(sheets):
        sheet = made.create_sheet(f"表{at + 1}")
        sheet.append(["区划代码", "启建项目数", "已完成项目数"])
        sheet.append(["140728", cell, 52])
        sheet.append(["140729", 40, 40])
    if hide == "row":
        made.worksheets[0].row_dimensions[3].hidden = True
    if hide == "sheet":
        made.worksheets[1].sheet_state = "hidden"
    made.save(folder / "book.xlsx")
    return str(folder / "book.xlsx")


def packed(folder: Path, size: int) -> str:
    """What is no workbook, but packed as one."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("xl/workbook.xml", b" " * size)
    return text(folder, stream.getvalue(), "packed.xlsx")


def told(path: str, code: str) -> zb.ZhibiaoError:
    """What is told of a file that can be read."""
    (found,) = (found for found in zb.read_table(path).findings if found.code == code)
    return found


def mapped(folder: Path, mapping: str) -> zb.SourceTable:
    """A table that is read by a mapping."""
    content = "代码,启建项目数\n140728,60\n".encode()
    return zb.read_table(text(folder, content), mapping=mapping + "\n")


def audited(report: str, code: str) -> zb.ZhibiaoError:
    """What is told of a report."""
    return next(found for found in zb.read_report(report).findings if found.code == code)


def against(report: str, code: str) -> zb.ZhibiaoError:
    """What is told of a report beside a table."""
    table = {"area": ["140728"], "aid_recipients": [7839]}
    reading = zb.read_report(report, against=table)
    return next(found for found in reading.findings if found.code == code)


# A container that names an encrypted package, and a book without a table: tests of the core.
NOT_HERE = {"encrypted-file", "no-table"}

FILES: list[Provoked] = [
    ("not-a-quantity", lambda _: zb.quantity("很多人"), {"value": "很多人"}),
    (
        "unknown-symbol",
        lambda _: zb.compute(
            {"area": ["140728"], "projects": ["60"], "projects_done": ["…"]}, "projects.completion"
        ).findings[0],
        {"value": "…", "dialect": "plain", "column": "projects_done"},
    ),
    (
        "read-as",
        lambda folder: told(text(folder, b"area;projects\n140728;60\n"), "read-as"),
        {"said": "UTF-8, semicolon"},
    ),
    (
        "unknown-encoding",
        lambda folder: zb.read_table(text(folder, b"a,b\n1,\xff\n")),
        {"line": 2},
    ),
    ("nul-byte", lambda folder: zb.read_table(text(folder, b"a,b\n1,\0\n")), {"line": 2}),
    (
        "ambiguous-separator",
        lambda folder: zb.read_table(text(folder, b"a;b|c\n1;2|3\n")),
        {},
    ),
    ("unclosed-quote", lambda folder: zb.read_table(text(folder, b'a,b\n1,"2\n')), {"line": 2}),
    (
        "ragged-row",
        lambda folder: zb.read_table(text(folder, b"a,b\n1,2\n3,4,5\n")),
        {"row": 3, "cells": 3, "headers": 2},
    ),
    (
        "wrong-file-type",
        lambda folder: zb.read_table(text(folder, b"<html></html>", "page.xls")),
        {},
    ),
    ("damaged-workbook", lambda folder: zb.read_table(packed(folder, 9)), {}),
    ("too-large", lambda folder: zb.read_table(packed(folder, 2 << 20)), {"limit": 200}),
    (
        "hidden-cells",
        lambda folder: told(book(folder, hide="row"), "hidden-cells"),
        {"rows": 1, "sheet": "表1"},
    ),
    (
        "hidden-sheet",
        lambda folder: told(book(folder, sheets=2, hide="sheet"), "hidden-sheet"),
        {"sheet": "表2"},
    ),
    (
        "uncomputed-formula",
        lambda folder: told(book(folder, cell="=1+1"), "uncomputed-formula"),
        {"sheet": "表1", "row": 2, "column": "B"},
    ),
    (
        "error-cell",
        lambda folder: told(book(folder, cell="#DIV/0!"), "error-cell"),
        {"sheet": "表1", "row": 2, "column": "B", "value": "#DIV/0!"},
    ),
    (
        "unnamed-column",
        lambda folder: told(text(folder, b"area,projects,\n140728,60,1\n"), "unnamed-column"),
        {"column": "C"},
    ),
    (
        "text-too-large",
        lambda _: zb.read_report("项目。\n" * (2 << 20)),
        {"bytes": 20 << 20},
    ),
    ("several-tables", lambda folder: zb.read_table(book(folder, sheets=2)), {}),
    (
        "unknown-sheet",
        lambda folder: zb.read_table(book(folder), sheet="表9"),
        {"sheet": "表9"},
    ),
    ("bad-mapping", lambda folder: mapped(folder, '[columns]\n"代码" = "area"'), {"line": 1}),
    ("unmapped-column", lambda folder: mapped(folder, '[columns]\n"代码" = "?"'), {"line": 2}),
    (
        "parts-only",
        lambda folder: mapped(
            folder,
            '[columns]\n"代码" = "area"\n"启建项目数" = '
            '{ measure = "kindergartens", where = { ownership = "public" } }',
        ).findings[0],
        {"measure": "kindergartens", "given": "公办", "lacking": "普惠性民办、其他民办"},
    ),
    (
        "missing-header",
        lambda folder: mapped(folder, '[columns]\n"代码" = "area"\n"园数" = "kindergartens"'),
        {"line": 3},
    ),
    (
        "share-differs",
        lambda _: audited("启建项目60个，目前52个项目已完成，完成率85%。", "share-differs"),
        {"said": "85%"},
    ),
    (
        "parts-differ",
        lambda _: audited("全县共有学校100所，其中小学60所、初中50所。", "parts-differ"),
        {"said": "100所"},
    ),
    (
        "change-differs",
        lambda _: audited("公办园幼儿占比由52.3%提高到55.5%，提高3.5个百分点。", "change-differs"),
        {"said": "3.5个百分点"},
    ),
    (
        "percent-for-points",
        lambda _: audited("公办园幼儿占比由52.3%提高到55.5%，提高3.2%。", "percent-for-points"),
        {"said": "3.2%"},
    ),
    (
        "figures-differ",
        lambda _: audited(
            "资助家庭经济贫困学生7838名。全年共资助家庭经济贫困学生7839名。", "figures-differ"
        ),
        {"second": "7839名"},
    ),
    (
        "per-head-differs",
        lambda _: audited("为7838名学生提供资助金965万元，人均1300元。", "per-head-differs"),
        {"said": "1300元"},
    ),
    (
        "text-differs",
        lambda _: against("为7838名家庭经济贫困学生提供资助金965万元。", "text-differs"),
        {"said": "7838名"},
    ),
]


def panel(code: str, year: int, counties: dict[str, int]) -> zb.ZhibiaoError:
    """What is first told of a table of one year in the areas of 2020."""
    table = {"area": list(counties), "period": [year] * len(counties)}
    table |= {"projects": list(counties.values()), "projects_done": list(counties.values())}
    areas = zb.Areas.harmonised(2020, [year])
    findings = zb.compute(table, "projects.completion", areas=areas).findings
    return next(found for found in findings if found.code == code)


PANELS: list[Provoked] = [
    ("no-area-table", lambda _: zb.Areas.at(1980), {"year": 1980, "first": 1981, "last": 2024}),
    ("code-not-in-year", lambda _: zb.translate("140726", 2020, 2024), {"code": "140726"}),
    (
        "bad-shares",
        lambda _: zb.Areas.harmonised(2020, [2015], weights={("140202", 2015): {"140728": 1}}),
        {"code": "140202", "year": 2015},
    ),
    (
        "bad-share-row",
        lambda folder: zb.Areas.harmonised(
            2020,
            [2015],
            weights=text(folder, b"code,year,to,weight\n140202,2015,140213,many\n"),
        ),
        {"reason": "have `many` in column weight, which is no number", "row": 2},
    ),
    ("no-successor", lambda _: panel("no-successor", 1990, {"231011": 1}), {"code": "231011"}),
    (
        "no-predecessor",
        lambda _: panel("no-predecessor", 1990, {"130105": 1}),
        {"code": "130107", "year": 1990},
    ),
    ("divided-area", lambda _: panel("divided-area", 1990, {"342600": 1}), {"code": "342600"}),
    (
        "other-extent",
        lambda _: panel("other-extent", 2014, {"341500": 1}),
        {"code": "341500", "other": "341500", "difference": "341521 寿县 left"},
    ),
    (
        "united-areas",
        lambda _: panel("united-areas", 2015, {"140202": 4, "140203": 3, "140211": 2, "140212": 1}),
        {"code": "140212+2"},
    ),
    (
        "part-absent",
        lambda _: panel("part-absent", 2015, {"140402": 60}),
        {"code": "140403", "period": "2015"},
    ),
    (
        "two-units",
        lambda _: zb.compute(
            {
                "area": ["140728"],
                "measure": ["aid_amount"],
                "value": ["965万"],
                "unit": ["万元"],
            },
            "aid.amount",
        ).findings[0],
        {"value": "965万", "given": "万元", "row": 2},
    ),
]
