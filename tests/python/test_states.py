"""States are kept, merged and finished later, whatever engine made them."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import zhibiao as zb
from engines import Engine

DONE = "projects.completion"
SPREAD = "compulsory.books_dispersion_primary"
COUNTIES = pl.DataFrame(
    {
        "area": ["140728", "140728", "140729", "110101"],
        "period": ["2022-11", "2022-12", "2022-12", "2022-12"],
        "projects": [60, 60, 40, 7],
        "projects_done": [40, 52, None, 7],
    }
)
SCHOOLS = pl.DataFrame(
    {
        "area": ["140728"] * 4,
        "school": ["一", "二", "三", "一"],
        "stage": ["primary"] * 4,
        "pupils": [100, 200, 300, 20],
        "books": [1000, 3000, 2000, 100],
    }
)


def made(frame: Any = COUNTIES, asked: str = DONE, **options: Any) -> zb.States:
    """States of projects."""
    return zb.states(frame, asked, **options)


def test_they_are_a_frame_that_says_what_it_is() -> None:
    states = made(tiers="county")
    frame = states.to_polars()
    assert frame.columns == [
        *("area", "area_name", "period", "school", "rows"),
        *("sum(projects_done)", "missing of sum(projects_done)"),
        *("sum(projects)", "missing of sum(projects)"),
        *("nothing over rows with s0, s1", "missing of nothing over rows with s0, s1"),
        "definition",
    ]
    assert frame["sum(projects_done)"].dtype == pl.Decimal(38, 0)
    assert len(states) == frame.height == 4
    assert pl.DataFrame(states).equals(frame)
    assert repr(states).startswith("<4 states>\ns0 = sum(projects_done)")
    assert states.plan.strip() in repr(states)


def test_they_come_back_from_a_file(tmp_path: Path) -> None:
    states = made()
    states.save(tmp_path / "states.parquet")
    for kept in (tmp_path / "states.parquet", states.to_polars(), states):
        back = zb.States.load(kept)
        assert back.to_polars().equals(states.to_polars())
        assert back.compute().to_polars().equals(zb.compute(COUNTIES, DONE).to_polars())
    wanted = zb.compute(COUNTIES, DONE, tiers=["province", "nation"], coverage="given")
    again = zb.States.load(tmp_path / "states.parquet").compute(
        tiers=["province", "nation"], coverage="given"
    )
    assert again.to_polars().equals(wanted.to_polars())


def test_a_rate_of_last_year_and_a_dispersion_are_finished_from_what_is_kept() -> None:
    for frame, asked, options in (
        (SCHOOLS, SPREAD, {"records": True}),
        (COUNTIES, DONE, {"over": "year"}),
        (COUNTIES, "projects.completion", {"policy": "complete"}),
    ):
        wanted = zb.compute(frame, asked, coverage="given", tiers="prefecture", **options)
        kept = zb.States.load(zb.states(frame, asked, **options).to_polars())
        later = {name: value for name, value in options.items() if name == "over"}
        found = kept.compute(coverage="given", tiers="prefecture", **later)
        assert found.to_polars().equals(wanted.to_polars()), asked


def test_provinces_of_several_engines_and_months_are_merged(there: Engine, tmp_path: Path) -> None:
    shanxi = COUNTIES.filter(pl.col("area").str.starts_with("14"))
    november = shanxi.filter(pl.col("period") == "2022-11")
    december = shanxi.filter(pl.col("period") == "2022-12")
    beijing = COUNTIES.filter(pl.col("area").str.starts_with("11"))
    made(there.load("p", november), over="year").save(tmp_path / "2022-11.parquet")
    made(there.load("p", december), over="year").save(tmp_path / "2022-12.parquet")
    parts = [*sorted(tmp_path.glob("*.parquet")), made(beijing, over="year")]
    whole = made(over="year")
    merged = zb.merge(parts)
    assert merged.to_polars().equals(whole.to_polars())
    options: Any = {"tiers": ["county", "nation"], "coverage": "given", "over": "year"}
    wanted = zb.compute(COUNTIES, DONE, **options).to_polars()
    assert merged.compute(**options).to_polars().equals(wanted)
    # Rows of several files of one definition may stand in one frame.
    stacked = pl.concat([pl.read_parquet(path) for path in parts[:2]])
    assert zb.States.load(stacked).to_polars().height == 3


def test_the_same_rows_twice_are_refused() -> None:
    states = made()
    with pytest.raises(zb.TableError) as caught:
        zb.merge([states, states])
    assert caught.value.code == "overlapping-states"
    assert caught.value.details["keys"] == 4
    twice = zb.merge([states, states], overlap=True).to_polars()
    assert twice["sum(projects)"].to_list() == [Decimal(2 * n) for n in (60, 7, 60, 40)]
    assert twice["rows"].to_list() == [2] * 4


def test_another_definition_is_refused() -> None:
    frame = made().to_polars()
    other = zb.Catalog.builtin().extend(
        zb.Catalog.from_toml(
            f'[indicators."{DONE}"]\nreplaces = true\nname = {{ zh = "完工" }}\n'
            'kind = "completion"\ndone = "projects"\nplanned = "projects"\nunit = "%"\n'
        )
    )
    with pytest.raises(zb.TableError) as caught:
        zb.States.load(frame, catalog=other)
    assert caught.value.code == "states-differ"
    for other_states in (made(policy="complete"), made(asked=["projects.done", DONE])):
        with pytest.raises(zb.TableError, match="states-differ"):
            zb.merge([made(), other_states])
    mixed = pl.concat([frame, frame.with_columns(definition=pl.lit("{}"))])
    with pytest.raises(zb.TableError, match="states-differ"):
        zb.States.load(mixed)
    for nothing in ([], "states.parquet"):
        with pytest.raises(zb.RequestError):
            zb.merge(nothing)


@pytest.mark.parametrize(
    "option", [{"policy": "complete"}, {"slices": "ownership"}, {"period": 2022}, {"records": True}]
)
def test_what_sums_are_made_with_is_not_asked_again(option: Any) -> None:
    with pytest.raises(zb.RequestError, match=r"zb\.states"):
        made().compute(**option)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda frame: frame.drop("definition"),
        lambda frame: frame.drop("rows"),
        lambda frame: frame.drop("sum(projects)"),
        lambda frame: frame.with_columns(rows=-1),
        lambda frame: frame.with_columns(pl.lit(2).alias("missing of sum(projects)")),
        lambda frame: frame.with_columns(rows=pl.lit("x")),
        lambda frame: frame.with_columns(pl.lit(None, dtype=pl.Int64).alias("sum(projects)")),
        lambda frame: frame.with_columns(pl.lit(1.5).alias("sum(projects)")),
        lambda frame: frame.with_columns(definition=pl.lit('{"indicators": 7}')),
        lambda frame: frame.with_columns(definition=pl.lit("no json")),
    ],
)
def test_a_frame_that_holds_no_states_is_refused(spoil: Any) -> None:
    with pytest.raises(zb.TableError) as caught:
        zb.States.load(spoil(made().to_polars()))
    assert caught.value.code == "not-states"
    assert caught.value.remedy


def test_flaws_are_told_and_not_kept() -> None:
    flawed = COUNTIES.with_columns(projects=pl.lit(-1))
    states = made(flawed)
    assert {finding.code for finding in states.findings} == {"negative-count"}
    assert zb.States.load(states.to_polars()).findings == ()


def test_areas_of_another_tree_are_told() -> None:
    tree = zb.Areas.parse("code,parent\nS,\nD1,S\n")
    frame = {"area": ["D1"], "projects": [60], "projects_done": [52]}
    states = zb.states(frame, DONE, areas=tree)
    kept = states.to_polars()
    table = zb.States.load(kept, areas=tree).compute(tiers="prefecture", coverage="given")
    assert table.to_polars()["display"].to_list() == ["86.7"]
    elsewhere = zb.States.load(kept)
    assert [finding.code for finding in elsewhere.findings] == ["bad-area-code"]
