"""Areas compared: known answers, which Rust is asked, too, and what shows itself to readers."""

from __future__ import annotations

import tomllib
from collections import Counter
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import polars as pl
import pytest
import zhibiao as zb
from conftest import CASES, text_table

Case = dict[str, Any]

# How many there are of each question.
COUNTS = {
    "ranks": 11,
    "limits": 5,
    "against": 12,
    "disparity": 7,
    "gaps": 1,
    "trends": 7,
    "standardize": 4,
    "standardize_by": 1,
    "peers": 3,
}


def known() -> list[Case]:
    cases: list[Case] = tomllib.loads((CASES / "comparing.toml").read_text("utf-8"))["case"]
    return cases


def computed(case: Case) -> zb.IndicatorTable:
    options = {name: case[name] for name in ("tiers", "slices", "coverage") if name in case}
    return zb.compute(text_table(case["table"]), case["indicators"], **options)


def asked(case: Case) -> zb.ComparisonTable:
    table, options = computed(case), dict(case.get("options", {}))
    if case["call"] == "peers":
        return table.peers(zb.Neighbors.read(options["pairs"]))
    return getattr(table, case["call"])(**options)


def met(found: object, want: str) -> bool:
    if found is None or isinstance(found, str):
        return (found or "none") == want
    decimals = Decimal(1).scaleb(-len(want.partition(".")[2]))
    return Decimal(repr(found)).quantize(decimals, ROUND_HALF_UP) == Decimal(want)


@pytest.mark.parametrize("case", [pytest.param(case, id=case["name"]) for case in known()])
def test_a_known_answer_is_given(case: Case) -> None:
    rows = asked(case).to_polars().to_dicts()
    for want in case["want"]:
        at = want["at"]
        [row] = [row for row in rows if all(met(row[name], at[name]) for name in at)]
        missed = {
            name: row[name] for name in want if name != "at" and not met(row[name], want[name])
        }
        assert not missed, at


def test_no_known_answer_is_lost() -> None:
    assert Counter(case["call"] for case in known()) == COUNTS


@pytest.fixture(scope="module")
def counties() -> zb.IndicatorTable:
    areas = ["140703", "140728", "140729", "140727", "140721"]
    children = [1000, 5000, 400, 300, 20]
    public = [600, 2000, 300, 150, 19]
    frame = {"area": areas, "children": children, "children_public": public}
    tiers = ["county", "prefecture"]
    return zb.compute(frame, "preschool.public_share", tiers=tiers, coverage="given")


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_comparison_shows_itself(lang: zb.language.Lang) -> None:
    frame = {
        "area": ["140728", "140728", "140729", "140729"],
        "period": [2021, 2022, 2021, 2022],
        "children": [1000, 1000, 900, 900],
        "children_public": [500, 550, 400, 380],
    }
    table = zb.compute(frame, "preschool.public_share", lang=lang)
    near = zb.Neighbors.read({"area": ["140728"], "neighbor": ["140729"]})
    answers = [
        table.limits(),
        table.ranks(bands=2),
        table.against(target=50, level=0.95),
        table.peers(near),
        table.disparity(),
        table.trends(points=3),
    ]
    for answer in answers:
        assert answer.lang == lang
        assert "平遥县" in repr(answer) or "全国" in repr(answer) or "China" in repr(answer)
        assert answer.to_markdown().count("|") > 20
        html = answer.to_html(page=True)
        assert html.startswith("<!DOCTYPE html>")
        assert "nan" not in html.lower().replace("zh-cn", "")
        frame = pl.DataFrame(answer)
        assert frame.height == len(answer)


def test_rows_of_a_long_comparison_are_cut_from_the_middle(counties: zb.IndicatorTable) -> None:
    assert counties.ranks().to_html(rows=2).count("<tr") < counties.ranks().to_html().count("<tr")


def test_order_of_rows_changes_no_comparison(counties: zb.IndicatorTable) -> None:
    rows = {
        "area": ["140721", "140727", "140729", "140728", "140703"],
        "children": [20, 300, 400, 5000, 1000],
        "children_public": [19, 150, 300, 2000, 600],
    }
    tiers = ["county", "prefecture"]
    other = zb.compute(rows, "preschool.public_share", tiers=tiers, coverage="given")
    asked = (
        lambda table: table.ranks(),
        lambda table: table.against("parent", level=[0.95, 0.998]),
        lambda table: table.disparity(),
        lambda table: table.neighbors(count=2),
    )
    for ask in asked:
        assert ask(counties).to_polars().equals(ask(other).to_polars())


def test_a_percentage_is_refused_as_level(counties: zb.IndicatorTable) -> None:
    with pytest.raises(zb.RequestError, match=r"0\.95") as caught:
        counties.limits(level=95)
    assert caught.value.code == "bad-level"


@pytest.mark.parametrize(
    "ask",
    [
        lambda table: table.ranks(bands=1),
        lambda table: table.ranks(ties="first"),
        lambda table: table.ranks(method="r8"),
        lambda table: table.ranks(within="village"),
        lambda table: table.against(),
        lambda table: table.against("parent", target=50),
        lambda table: table.against("mother"),
        lambda table: table.against(target=True),
        lambda table: table.against("parent", by="feeling"),
        lambda table: table.disparity(share=0.6),
        lambda table: table.disparity(within="county"),
        lambda table: table.disparity(order="nothing"),
        lambda table: table.gaps("sex", "female", "male"),
        lambda table: table.trends(points=2),
        lambda table: table.neighbors("nothing"),
        lambda table: table.neighbors({"preschool.public_share": -1}),
        lambda table: table.neighbors({"preschool.public_share": 0}),
        lambda table: table.peers("140729"),
        lambda table: table.standardize({"female": 1}),
        lambda table: table.standardize_by("140728"),
        lambda table: table.limits(level="0.95"),
        lambda table: table.ranks(within="county"),
        lambda table: table.against(area="140781"),
        lambda table: table.against(periods_before=0),
        lambda table: table.against(years_before=-1),
        lambda table: table.against(years_before="1"),
        lambda table: table.neighbors(count=-1),
        lambda table: table.neighbors(period=1999),
        lambda table: table.trends(points=-1),
        lambda table: table.trends(years_before=0),
        lambda table: table.standardize({1: 1}),
        lambda table: table.standardize({"female": "1"}),
        lambda table: table.limits(proportion="wald"),
        lambda table: table.limits(count="wald"),
    ],
)
def test_what_cannot_be_is_refused(counties: zb.IndicatorTable, ask: Any) -> None:
    with pytest.raises(zb.RequestError) as caught:
        ask(counties)
    assert caught.value.code == "bad-option"
    assert caught.value.remedy


def test_strata_of_only_one_side_are_refused() -> None:
    frame = {"area": ["140728"] * 2, "sex": ["女", "男"]}
    frame |= {"projects": [10, 10], "projects_done": [1, 2]}
    table = zb.compute(frame, "projects.completion", slices="sex")
    for population in ({"female": 1}, {"female": 1, "male": 1, "other": 1}):
        with pytest.raises(zb.RequestError, match="stratum"):
            table.standardize(population)
    with pytest.raises(zb.RequestError, match="reference area"):
        table.standardize_by("140729")


def test_a_stratum_by_id_and_by_name_is_refused() -> None:
    frame = {"area": ["140728"] * 2, "sex": ["女", "男"]}
    frame |= {"projects": [10, 10], "projects_done": [1, 2]}
    table = zb.compute(frame, "projects.completion", slices="sex")
    with pytest.raises(zb.RequestError, match="once"):
        table.standardize({"male": 3, "男": 300, "female": 1})
    with pytest.raises(zb.RequestError, match="another"):
        table.gaps("sex", "female", "女")


def test_years_to_date_are_held_against_the_same_part_of_the_year() -> None:
    periods = [f"{year}-{month:02}" for year in (2021, 2022) for month in (1, 2, 3)]
    done = [100, 100, 100, 95, 95, 95]
    frame = {"area": ["140728"] * 6, "period": periods, "projects_done": done}
    table = zb.compute(frame, "projects.done", over="year-to-date")
    row = table.trends(points=3).to_polars().row(0, named=True)
    assert (row["change"], row["points"], row["status"]) == (-15.0, 2, "few_points")
    assert row["annual_growth"] == pytest.approx(-5)


def test_neighbors_of_a_city_in_two_tiers_are_of_its_tier() -> None:
    frame = {
        "area": ["441900", "442000", "440103", "440104"],
        "projects": [100] * 4,
        "projects_done": [90, 80, 70, 60],
    }
    tiers = ["county", "prefecture"]
    table = zb.compute(frame, "projects.completion", tiers=tiers, coverage="given")
    pairs = table.neighbors(count=1).to_polars()
    of_city = dict(pairs.filter(pl.col("area") == "442000").select("tier", "neighbor").iter_rows())
    assert of_city == {"county": "440103", "prefecture": "441900"}


def test_gradient_counts_areas_that_have_the_order() -> None:
    frame = {
        "area": ["140703", "140728", "140729", "140727"],
        "projects": [10, 10, 10, 10],
        "projects_done": [1, 2, 3, 4],
        "pupils": [100, 200, None, None],
        "teachers": [10, 10, 10, 10],
    }
    order = "edu.pupil_teacher_ratio"
    table = zb.compute(frame, ["projects.completion", order])
    found = table.filter(indicator="projects.completion")
    with pytest.raises(zb.RequestError):
        found.disparity(order=order)
    rows = table.disparity(order=order).to_polars().filter(indicator="projects.completion")
    counted = dict(rows.select("measure", "counted").unique().iter_rows())
    assert (counted["cv"], counted["sii"], counted["rii"]) == (4, 2, 2)


def test_the_mean_of_weighed_areas_has_no_limits() -> None:
    frame = {"area": ["140703", "140728", "140729"], "projects": [10, 10, 10_000]}
    frame |= {"projects_done": [9, 8, 5000]}
    table = zb.compute(frame, "projects.completion")
    for weighted in (True, False):
        found = table.disparity(weighted=weighted, level=0.95).to_polars()
        row = found.filter(measure="mean").row(0, named=True)
        assert (row["lower"] is None) == weighted
        assert weighted or row["lower"] < row["value"] < row["upper"]


def test_pairs_that_cannot_be_are_told() -> None:
    pairs = {"区划": ["140728", "140728", "1407"], "近邻": ["140728", "140729", "140728"]}
    near = zb.Neighbors.read(pairs)
    assert len(near) == 1
    assert [finding.code for finding in near.findings] == ["overlapping-neighbor", "bad-area-code"]
    assert [finding.details.get("row") for finding in near.findings] == [2, 4]
    with pytest.raises(zb.TableError) as caught:
        zb.Neighbors.read({"area": ["140728"], "other": ["140729"]})
    assert caught.value.code == "missing-column"
