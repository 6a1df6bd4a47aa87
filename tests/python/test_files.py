"""Tables from files, quantities and reports: what the known answers of the core do not ask."""

from __future__ import annotations

from pathlib import Path

import pytest
import zhibiao as zb

TEXT = "为7838名家庭经济贫困学生提供资助金965万元。"


def test_a_path_is_a_path_whatever_its_name(tmp_path: Path) -> None:
    path = tmp_path / "报告。终稿.txt"
    path.write_text(TEXT, "utf-8")
    assert zb.read_report(path).to_polars()["written"].to_list() == ["7838名", "965万元"]


def test_a_report_that_proposes_nothing_is_held_against_nothing() -> None:
    reading = zb.read_report("共有3个。", against={"area": ["140728"], "projects": [60]})
    assert reading.summary == {"follows": 0, "contradicts": 0, "cannot-tell": 0}


@pytest.mark.parametrize("year", [-1, 99_999])
def test_a_year_that_is_none_is_refused(year: int) -> None:
    with pytest.raises(zb.RequestError, match="year of a report"):
        zb.read_report(TEXT, year=year)


@pytest.mark.parametrize("denominator", [0, -9000, 2**200])
def test_a_denominator_is_positive(denominator: int) -> None:
    with pytest.raises(zb.RequestError, match="denominator"):
        zb.numerator_of("55.5", denominator)


def test_a_table_that_was_read_is_any_frame(tmp_path: Path) -> None:
    path = tmp_path / "2022.tsv"
    path.write_bytes("区划代码\t启建项目数\t已完成项目数\n140728\t60\t…\n".encode("gb18030"))
    table = zb.read_table(path, symbols="nbs")
    assert (len(table), [finding.code for finding in table.findings]) == (1, ["read-as"])
    assert table.to_arrow().num_rows == len(table.to_pandas()) == 1
    assert "140728" in table._repr_html_()
    answer = zb.compute(table, "projects.completion")
    assert answer.to_polars()["status"].to_list() == ["reported"]
    assert answer.bounds().to_polars()["upper_end"].to_list() == ["open"]
