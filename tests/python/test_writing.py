"""What is written is opened by other readers: workbooks by openpyxl, CSV by polars."""

from __future__ import annotations

import hashlib
from pathlib import Path

import openpyxl
import polars as pl
import pytest
import zhibiao as zb
from conftest import named_as_a_formula
from openpyxl.worksheet.worksheet import Worksheet

INDICATORS = ["projects.completion", "aid.amount", "aid.per_recipient"]
COUNTIES = {
    "区划代码": ["140728", "140729", "140702"],
    "启建项目数": [60, 0, 40],
    "已完成项目数": [52, 0, None],
    "资助金额（万元）": ["965", "0.5", "12"],
    "资助学生数": [7838, 3, 1],
}
LOANS = {
    "area": ["140728", "140729", "140702"],
    "period": [2022, 2022, 2022],
    "loan_amount": [6860000, 999999999, None],
    "loan_borrowers": [1015, 1, 1],
}


@pytest.fixture
def table() -> zb.IndicatorTable:
    return zb.compute(COUNTIES, INDICATORS)


def sheet(path: Path, name: str) -> Worksheet:
    return openpyxl.load_workbook(path)[name]


def rows(page: Worksheet, first: int) -> list[tuple[object, ...]]:
    """The rows of a page, without those after the first empty one."""
    found = []
    for row in page.iter_rows(min_row=first, values_only=True):
        if not any(row):
            break
        found.append(row)
    return found


def test_a_workbook_holds_the_values_of_the_table(table: zb.IndicatorTable, tmp_path: Path) -> None:
    path = tmp_path / "out.xlsx"
    assert table.write(path) == ()
    page = sheet(path, "派生指标")
    frame = table.to_polars()
    given = rows(page, 3)
    assert len(given) == frame.height
    for cells, row in zip(given, frame.iter_rows(named=True), strict=True):
        area, name, _, value, numerator, denominator, *_ = cells
        assert (area, name) == (row["area"], row["area_name"])
        if row["display"] is None:
            assert value == "—"
        else:
            assert value == float(row["display"])
            assert value == pytest.approx(row["value"], abs=0.05)
        for cell, part in ((numerator, row["numerator"]), (denominator, row["denominator"])):
            assert cell is part is None or cell == pytest.approx(float(part), abs=0)


def test_cells_have_types_and_number_formats(table: zb.IndicatorTable, tmp_path: Path) -> None:
    table.write(tmp_path / "out.xlsx")
    page = sheet(tmp_path / "out.xlsx", "派生指标")
    assert [cell.value for cell in page[2]] == [
        "区划", "名称", "指标", "数值", "分子", "分母", "说明",
    ]  # fmt: skip
    assert page["A3"].data_type == "s"
    formats = [page.cell(row, 4).number_format for row in range(6, 9)]
    assert formats == ['0.0" %"', '0.00" 万元"', '0.00" 元/人"']
    assert all(cell.data_type != "f" for row in page.iter_rows() for cell in row)


def test_heads_and_keys_stay_in_view(table: zb.IndicatorTable, tmp_path: Path) -> None:
    table.write(tmp_path / "out.xlsx")
    book = openpyxl.load_workbook(tmp_path / "out.xlsx")
    assert book.sheetnames[:3] == ["派生指标", "指标对照", "说明"]
    assert book["派生指标"].freeze_panes == "C3"
    wide = book["指标对照"]
    assert wide.freeze_panes == "C4"
    merged = {str(area) for area in wide.merged_cells.ranges}
    assert {"A2:A3", "B2:B3", "C2:F2"} <= merged
    heads = [cell.value for cell in wide[2] if cell.value]
    assert heads[2:] == [zb.Catalog.builtin().indicator(id).name for id in INDICATORS]


def test_verdicts_are_told_by_word_and_colour(tmp_path: Path) -> None:
    verdicts = zb.judge(LOANS, "loan-cap")
    verdicts.write(tmp_path / "out.xlsx")
    book = openpyxl.load_workbook(tmp_path / "out.xlsx")
    page = book.worksheets[0]
    colours = {
        cell.value: cell.fill.start_color.rgb
        for row in page.iter_rows(min_row=3)
        for cell in row
        if isinstance(cell.value, str) and cell.value[:1] in "✓✗?" and cell.value
    }
    assert colours == {"✓ 达标": "FFE2F0D9", "✗ 未达标": "FFF8CBAD", "? 无法判定": "FFD9D9D9"}


def test_the_same_table_gives_the_same_file(table: zb.IndicatorTable, tmp_path: Path) -> None:
    hashes = set()
    for name in ("a.xlsx", "b.xlsx"):
        table.write(tmp_path / name)
        hashes.add(hashlib.sha256((tmp_path / name).read_bytes()).hexdigest())
    assert len(hashes) == 1


def test_every_answer_has_a_workbook(tmp_path: Path) -> None:
    path = tmp_path / "out.xlsx"
    table = zb.compute({**COUNTIES, "时期": [2022] * 3}, INDICATORS)
    scheme = zb.Scheme.from_toml(
        'id = "mine"\nname = { zh = "评价" }\ntotal = "100"\nmissing = "unknown"\n'
        'items = [{ indicator = "projects.completion", weight = "100", '
        'linear = { from = "0", to = "100" } }]\n'
    )
    targets = {"area": ["140728"], "时期": [2022], "projects.completion": ["90"]}
    answers = {
        "位次": table.ranks(),
        "置信限": table.limits(),
        "评价得分": table.score(scheme),
        "去指标分析": table.without_each(scheme),
        "敏感性分析": table.sensitivity(scheme, draws=10),
        "任务完成情况": zb.attain({**COUNTIES, "时期": [2022] * 3}, targets),
        "检查结果": zb.check(COUNTIES),
    }
    for name, answer in answers.items():
        answer.write(path)
        assert sheet(path, name)["A1"].value


def test_a_written_table_is_read_again_with_equal_values(
    table: zb.IndicatorTable, tmp_path: Path
) -> None:
    path = tmp_path / "out.csv"
    assert table.write(path) == ()
    frame = table.to_polars()
    back = pl.read_csv(path, schema=frame.schema)
    assert back.equals(frame)
    table.write(path, bom=True)
    assert path.read_bytes().startswith(b"\xef\xbb\xbf" + b"area,")
    table.write(tmp_path / "out.parquet")
    assert pl.read_parquet(tmp_path / "out.parquet").equals(frame)
    table.write(tmp_path / "out.html")
    assert "平遥县" in (tmp_path / "out.html").read_text("utf-8")
    table.write(tmp_path / "out.md")
    assert (tmp_path / "out.md").read_text("utf-8") == table.to_markdown()


def test_text_that_begins_as_a_formula_is_disarmed_and_told(tmp_path: Path) -> None:
    (finding,) = named_as_a_formula().write(tmp_path / "out.csv")
    assert finding.code == "formula-text"
    assert finding.details["cells"] == 1
    assert "A,'=1+1," in (tmp_path / "out.csv").read_text("utf-8")


def test_endings_that_are_not_known_are_refused(table: zb.IndicatorTable, tmp_path: Path) -> None:
    for name, options in (("out.docx", {}), ("out", {}), ("out.xlsx", {"bom": True})):
        with pytest.raises(zb.RequestError, match="bad-option"):
            table.write(tmp_path / name, **options)
        assert not (tmp_path / name).exists()


def test_ratios_to_one_are_numbers_that_print_so(tmp_path: Path) -> None:
    school = {"area": ["140728"], "pupils": [16970], "teachers": [1000]}
    table = zb.compute(school, "edu.pupil_teacher_ratio")
    table.write(tmp_path / "out.xlsx")
    cell = sheet(tmp_path / "out.xlsx", "派生指标")["D3"]
    assert (cell.value, cell.number_format) == (16.97, '0.00":1"')


def test_more_digits_than_a_cell_keeps_are_text(tmp_path: Path) -> None:
    amounts = {"area": ["140728"], "aid_amount": ["90071992547409.93"], "aid_recipients": [1]}
    zb.compute(amounts, "aid.per_recipient").write(tmp_path / "out.xlsx")
    page = sheet(tmp_path / "out.xlsx", "派生指标")
    assert page["E3"].value == "90071992547409.93"
    assert page["F3"].value == 1


def test_a_workbook_of_a_bureau_is_read_computed_and_written_back(tmp_path: Path) -> None:
    """Merged headers, 万元, a title and a note; what comes back is what was in it."""
    made = openpyxl.Workbook()
    page = made.active
    assert isinstance(page, Worksheet)
    page.title = "2022年"
    page.append(["各县学前教育和学生资助情况"])
    page.append(["区划代码", "县区", "在园幼儿数", None, None, "资助", None])
    page.append([None, None, "合计", "公办", "普惠性民办", "金额（万元）", "学生数"])
    page.append(["140728", "平遥县", 9000, 4995, 1899, 965, 7838])
    page.append(["140729", "灵石县", 4000, 1000, 3000, 120.5, 500])
    page.append(["注：含附设幼儿班"])
    for merged in ("A1:G1", "A2:A3", "B2:B3", "C2:E2", "F2:G2"):
        page.merge_cells(merged)
    made.save(tmp_path / "bureau.xlsx")

    proposed = zb.propose_mapping(tmp_path / "bureau.xlsx")
    mapping = "\n".join(
        line.partition(" = ")[0] + ' = "ignore"' if line.endswith("删去上一行") else line
        for line in proposed.replace('# period = "2022"', 'period = "2022"').splitlines()
    )
    source = zb.read_table(tmp_path / "bureau.xlsx", mapping=mapping)
    asked = ["preschool.public_share", "aid.amount", "aid.per_recipient"]
    table = zb.compute(source, asked)
    assert table.findings == ()
    assert table.write(tmp_path / "out.xlsx") == ()

    written = rows(sheet(tmp_path / "out.xlsx", "派生指标"), 3)
    back = {(row[0], at % len(asked)): row[4] for at, row in enumerate(written)}
    known = [
        ("140728", 4995 / 9000 * 100, 965, 9650000 / 7838),
        ("140729", 1000 / 4000 * 100, 120.5, 1205000 / 500),
    ]
    for area, *values in known:
        for at, (value, decimals) in enumerate(zip(values, (1, 2, 2), strict=True)):
            assert back[area, at] == pytest.approx(round(value, decimals), abs=1e-9)
