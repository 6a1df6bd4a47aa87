"""Areas through time: `tests/cases/areas_history.toml`, and what panels give in Python."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl
import pytest
import zhibiao as zb
from known import named, told_apart
from test_cases import cases_of

CASES = cases_of("areas_history")
TRANSLATED = [case for case in CASES if "to" in case]
# Whether a code is in force is told by `check` of the core, and in messages.
CHECKED = 10

PANEL = {
    "area": ["140402", "140411", "140403", "140728", "140728"],
    "period": [2015, 2015, 2020, 2015, 2020],
    "projects": [60, 40, 100, 10, 10],
    "projects_done": [52, 28, 90, 5, 6],
}
DONE = "projects.completion"


def test_no_case_is_lost() -> None:
    assert told_apart(CASES)
    assert len(CASES) - len(TRANSLATED) == CHECKED


@named(TRANSLATED)
def test_a_code_is_translated(case: dict[str, Any]) -> None:
    asked = case["code"], case["year"], case["to"]
    if "fails" in case:
        with pytest.raises(zb.AreaError) as caught:
            zb.translate(*asked)
        assert caught.value.code == case["fails"]
        return
    found = zb.translate(*asked)
    assert found.area.code == case["code"]
    assert [" ".join(area) for area in found.areas] == case["want"]
    changes = [f"{change.year} {change.kind}" for change in found.changes]
    assert changes == case.get("changes", changes)


def test_a_name_is_translated_too() -> None:
    assert zb.translate("平遥县", 1990, 2024) == zb.translate("142431", 1990, 2024)


@pytest.mark.parametrize("year", [1981, 2000, 2024])
def test_areas_of_a_year_hold_its_codes(year: int) -> None:
    areas = zb.Areas.at(year)
    assert areas.in_force == f"{year}-12-31"
    assert areas.units() == {}
    assert len(areas) > 2000


def test_the_last_year_is_the_built_in_table() -> None:
    assert zb.Areas.at(2024).codes() == zb.Areas.builtin().codes()


def test_weights_from_a_file_are_those_of_a_dict(tmp_path: Path) -> None:
    file = tmp_path / "weights.csv"
    file.write_text(
        "code,year,to,weight\n140202,2015,140213,3\n140202,2015,140214,1\n"
        "140211,2015,140212,1\n140211,2015,140213,1\n140211,2015,140214,1\n",
        "utf-8",
    )
    given: dict[tuple[str, int], dict[str, int]] = {
        ("140202", 2015): {"140213": 3, "140214": 1},
        ("140211", 2015): {"140212": 1, "140213": 1, "140214": 1},
    }
    old = {"140202": 40, "140203": 30, "140211": 20, "140212": 10}
    table = {"area": list(old), "period": [2015] * 4, "projects": list(old.values())}
    table |= {"projects_done": [1, 2, 3, 4]}

    def rows(weights: Any) -> pl.DataFrame:
        areas = zb.Areas.harmonised(2020, [2015], weights=weights)
        assert "140212+2" not in areas.units()
        return zb.compute(table, DONE, areas=areas).to_polars()

    assert rows(str(file)).equals(rows(given))
    assert rows(file)["numerator"].sum() == sum([1, 2, 3, 4])


def test_units_are_named_with_their_members() -> None:
    units = zb.Areas.harmonised(2020, [2015]).units()
    assert units["140212+2"] == ("140212", "140213", "140214")


def test_states_of_a_panel_are_those_of_its_units() -> None:
    areas = zb.Areas.harmonised(2020, [2015, 2020])
    table = zb.compute(PANEL, DONE, areas=areas)
    states = zb.states(PANEL, DONE, areas=areas)
    assert states.compute().to_polars().equals(table.to_polars())
    assert table.filter(area="潞州区").to_polars()["display"].to_list() == ["80.0", "90.0"]
    children = PANEL | {"children": [10] * 5, "children_public": [6] * 5}
    verdicts = zb.judge(children, "preschool-2020", "preschool.public_share", areas=areas)
    assert set(verdicts.to_polars()["area"]) == {"140403", "140728"}


def test_a_lazy_panel_gives_the_same() -> None:
    areas = zb.Areas.harmonised(2020, [2015, 2020])
    lazy = pl.DataFrame(PANEL).lazy()
    whole = zb.compute(PANEL, DONE, areas=areas).to_polars()
    assert zb.compute(lazy, DONE, areas=areas).to_polars().equals(whole)


def test_a_year_that_the_areas_are_not_for_is_refused() -> None:
    with pytest.raises(zb.RequestError, match="its years only, 2015, 2020") as caught:
        zb.compute(PANEL | {"period": [2016] * 5}, DONE, areas=zb.Areas.harmonised(2020, [2015]))
    assert caught.value.code == "bad-option"


def test_all_findings_are_a_frame() -> None:
    flawed = {"area": ["140728"] + ["1"] * 50, "projects": [1] * 51, "projects_done": [1] * 51}
    table = zb.compute(flawed, DONE)
    found = table.findings_frame()
    wanted = ["code", "file", "sheet", "row", "column", "value", "message", "remedy"]
    assert found.columns == wanted
    assert found.height == len(table.findings) == 50
    assert found["row"].to_list() == list(range(3, 53))
