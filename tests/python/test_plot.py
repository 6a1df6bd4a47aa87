"""Charts hold the right figures, are drawn with real characters, and fetch nothing."""

from __future__ import annotations

import doctest
import importlib
import json
import re
import sys
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import zhibiao as zb

alt = pytest.importorskip("altair")
vl_convert = pytest.importorskip("vl_convert")

from zhibiao import plot  # noqa: E402
from zhibiao.plot import charts, files, fonts, periods, scales, shapes, theme  # noqa: E402

PINGYAO = Path(__file__).parents[2] / "examples" / "pingyao-2022" / "figures.csv"
COMPLETION = "projects.completion"
needs_font = pytest.mark.skipif(fonts.find() is None, reason="no Chinese font: install one")


@pytest.fixture(autouse=True)
def _chinese() -> Iterator[None]:
    yield
    zb.set_lang("zh")


def projects(**columns: list[Any]) -> zb.IndicatorTable:
    return zb.compute(columns, COMPLETION)


@pytest.fixture(scope="module")
def counties() -> zb.IndicatorTable:
    """Every county of the country; the shares run through all places from 0 to 100 %."""
    areas = zb.Areas.builtin()
    codes = [code for code in areas.codes() if areas.tier(code) == "county"]
    done = [(number * 37) % 1001 for number in range(len(codes))]
    rows = {"area": codes, "period": ["2022"] * len(codes), "projects": [1000] * len(codes)}
    return zb.compute({**rows, "projects_done": [min(one, 1000) for one in done]}, COMPLETION)


@pytest.fixture
def several() -> zb.IndicatorTable:
    """Some years of some counties, with years and figures that are not there."""
    return projects(
        area=["140728"] * 4 + ["140781"] * 5 + ["140702"],
        period=["2018", "2019", "2021", "2022", "2018", "2019", "2020", "2021", "2022", "2022"],
        projects=[60, 50, 70, 60, 40, 41, 0, 43, 45, None],
        projects_done=[30, 35, 60, 52, 38, 30, 0, 40, 41, 1],
    )


def pingyao() -> zb.IndicatorTable:
    wanted = ["preschool.ger3", "preschool.inclusive_coverage", "preschool.public_share"]
    return zb.compute(PINGYAO, wanted)


def square(code: object, west: float, *, clockwise: bool) -> dict[str, Any]:
    ring = [[west, 37.0], [west + 1, 37.0], [west + 1, 38.0], [west, 38.0], [west, 37.0]]
    ring = ring[::-1] if clockwise else ring
    geometry = {"type": "Polygon", "coordinates": [ring]}
    return {"type": "Feature", "properties": {"adcode": code}, "geometry": geometry}


def collection() -> dict[str, Any]:
    codes = (140728, "140781", 140702, 999999)
    features = [
        square(code, 112.0 + number, clockwise=number % 2 == 0) for number, code in enumerate(codes)
    ]
    return {"type": "FeatureCollection", "features": features}


def records(chart: Any) -> list[dict[str, Any]]:
    """All records of a chart, of each layer once."""
    found = chart.to_dict()["datasets"].values()
    return [record for values in found for record in values]


def rows_of(chart: Any, layer: int = 0) -> list[dict[str, Any]]:
    """The records of one layer; Altair lifts them to the chart if all layers share them."""
    own = chart.layer[layer].data
    values: list[dict[str, Any]] = (chart.data if own is alt.Undefined else own).values
    return values


def told(chart: Any) -> str:
    title = chart.to_dict()["title"]
    return "\n".join([*title["text"], *title["subtitle"]])


def drawn(several: zb.IndicatorTable) -> dict[str, Any]:
    return {
        "bars": several.plot.bars(period="2022", threshold=90, highlight="平遥县"),
        "periods": several.filter(area="140728").plot.bars(),
        "beside": several.plot.bars(period=["2021", "2022"]),
        "rank": several.plot.rank(threshold=90, highlight="140728"),
        "trend": several.plot.trend(breaks=["2022"]),
        "named": several.plot.trend(areas="平遥县"),
        "distribution": several.plot.distribution(highlight="140728"),
        "map": several.plot.map(collection(), highlight="140728"),
        "standard": pingyao().plot.standard("preschool-2020"),
    }


# What charts hold


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_chart_is_valid_and_can_be_drawn(lang: Any, tmp_path: Path) -> None:
    zb.set_lang(lang)
    table = projects(
        area=["140728", "140781", "140702"] * 2,
        period=["2021"] * 3 + ["2022"] * 3,
        projects=[60, 40, 0, 60, 45, 1],
        projects_done=[30, 38, 0, 52, 41, None],
    )
    for name, chart in drawn(table).items():
        assert chart.to_dict()["$schema"].startswith("https://vega.github.io/schema/vega-lite/v6")
        text = plot.save(chart, tmp_path / f"{name}.svg").read_text(encoding="utf-8")
        assert text.startswith("<svg"), name
        assert "undefined" not in text, name
        assert "NaN" not in text, name
        title = told(chart).split("\n")[0]
        assert title in text, name
        assert bool(re.search("[\u4e00-\u9fff]", title)) == (lang == "zh"), name


def test_bars_are_sorted_and_tell_what_has_no_value(several: zb.IndicatorTable) -> None:
    chart = several.plot.bars(period="2022", threshold=90)
    bars = rows_of(chart, 0)
    assert [row["place"] for row in bars] == ["介休市", "平遥县", "榆次区"]
    assert [row["printed"] for row in bars] == ["91.1 %", "86.7 %", "缺失"]
    assert (bars[1]["numerator"], bars[1]["denominator"]) == ("52", "60")
    assert "1 个无数值（缺失：1）" in told(chart)
    assert "≥ 90 %" in {record.get("label") for record in records(chart)}


def test_bars_of_slices_stand_beside_each_other() -> None:
    rows = {
        "area": ["140728"] * 2 + ["140781"] * 2,
        "ownership": ["public", "private"] * 2,
        "projects": [10, 20, 30, 40],
        "projects_done": [1, 2, 3, 40],
    }
    table = zb.compute(rows, COMPLETION, slices=["ownership"])
    bars = rows_of(table.plot.bars(), 0)
    assert {row["beside"] for row in bars} == {"公办", "其他民办"}
    one = rows_of(table.plot.rank(where={"ownership": "private"}), -1)
    assert [row["printed"] for row in one] == ["100.0 %", "10.0 %"]
    with pytest.raises(zb.RequestError, match="split into"):
        table.plot.rank()


def test_values_that_are_not_ok_are_hollow() -> None:
    chart = pingyao().plot.bars("preschool.public_share")
    assert [row["solid"] for row in rows_of(chart, 0)] == [False]
    assert "空心：上报" in told(chart)


def test_ranks_run_from_the_best_and_equal_values_share_one() -> None:
    table = projects(
        area=["140702", "140728", "140781", "140721"],
        projects=[10, 20, 10, 10],
        projects_done=[5, 20, 5, 1],
    )
    rows = rows_of(table.plot.rank(threshold=50), -1)
    lines = [row["line"].split("\u00a0\u00a0") for row in rows]
    assert lines == [["平遥县", "1"], ["榆次区", "2"], ["介休市", "2"], ["榆社县", "4"]]
    assert [row["good"] for row in rows] == [True, True, True, False]


def test_less_is_better_for_children_of_a_teacher() -> None:
    rows = {"area": ["140702", "140728"], "children": [300, 100], "kindergarten_teachers": [10, 10]}
    table = zb.compute(rows, "preschool.pupil_teacher_ratio")
    chart = table.plot.rank(threshold=15)
    assert [row["printed"] for row in rows_of(chart, -1)] == ["1:10.0", "1:30.0"]
    assert [row["good"] for row in rows_of(chart, -1)] == [True, False]
    assert "由低到高" in told(chart)


def test_many_areas_are_shown_around_the_highlighted_one(counties: zb.IndicatorTable) -> None:
    assert len(counties) > 2_800
    chart = counties.plot.rank(highlight="140728", show=20)
    rows = rows_of(chart, -1)
    assert len(rows) == 20
    assert [row["place"] for row in rows if row["strong"]] == ["平遥县"]
    values = [row["value"] for row in rows]
    assert values == sorted(values, reverse=True)
    assert values[0] == 100.0
    assert "只画出其中 20 个" in told(chart)
    ends = rows_of(counties.plot.rank(show=10), -1)
    assert len(ends) == 10
    assert ends[-1]["value"] == 0.0


def test_names_that_areas_share_are_told_apart(counties: zb.IndicatorTable) -> None:
    with pytest.raises(zb.RequestError, match="is the name of"):
        counties.plot.rank(highlight="朝阳区")
    rows = rows_of(counties.plot.rank(highlight="110105"), -1)
    assert [row["place"] for row in rows if row["strong"]] == ["朝阳区 110105"]


def test_lines_end_where_a_value_is_missing_or_the_definition_changed(
    several: zb.IndicatorTable,
) -> None:
    def stretches(breaks: list[str]) -> dict[str, list[list[str]]]:
        rows = rows_of(several.plot.trend(breaks=breaks), 0)
        lines: dict[str, dict[str, list[str]]] = {}
        for row in rows:
            lines.setdefault(row["place"], {}).setdefault(row["stretch"], []).append(row["period"])
        return {place: list(parts.values()) for place, parts in lines.items()}

    whole = stretches([])
    assert whole["平遥县"] == [["2018", "2019"], ["2021", "2022"]]
    assert whole["介休市"] == [["2018", "2019"], ["2021", "2022"]]
    assert stretches(["2022"])["平遥县"] == [["2018", "2019"], ["2021"], ["2022"]]
    x = several.plot.trend().to_dict()["layer"][0]["encoding"]["x"]
    assert x["scale"]["domain"] == ["2018", "2019", "2020", "2021", "2022"]


def test_labels_at_line_ends_do_not_touch() -> None:
    table = projects(
        area=["140728", "140781", "140702"],
        period=["2022"] * 3,
        projects=[1000] * 3,
        projects_done=[500, 501, 990],
    )
    ends = [row for row in records(table.plot.trend()) if "label" in row]
    places = sorted(row["at"] for row in ends)
    low, high, _ = scales.domain([50.0, 50.1, 99.0])
    assert places[1] - places[0] >= (high - low) * 0.05


def test_many_lines_are_grey_with_their_median(counties: zb.IndicatorTable) -> None:
    chart = counties.plot.trend()
    assert len(rows_of(chart, 0)) == len(counties)
    assert any("各地中位数" in str(row.get("label")) for row in records(chart))


def test_periods_are_filled_in_by_kind() -> None:
    assert periods.line_of(["2022", "2019"]) == ["2019", "2020", "2021", "2022"]
    assert periods.line_of(["2021-2022", "2023-2024"])[1] == "2022-2023"
    assert periods.line_of(["2021-11", "2022-02"]) == ["2021-11", "2021-12", "2022-01", "2022-02"]
    assert periods.line_of(["2021-01/2021-06", "2023-01/2023-06"])[1] == "2022-01/2022-06"
    assert periods.line_of(["2022", "2022-01"]) == ["2022", "2022-01"]


def test_histograms_count_every_area_once(counties: zb.IndicatorTable) -> None:
    chart = counties.plot.distribution(highlight="140728")
    bins = rows_of(chart, 0)
    assert sum(row["count"] for row in bins) == len(counties)
    assert len(bins) <= 24
    frame = counties.to_polars()
    first = frame.filter(frame["value"] < bins[0]["to"])
    assert bins[0]["count"] == len(first)
    assert any(str(row.get("label")).startswith("中位数") for row in records(chart))


def test_dots_stand_on_each_other(several: zb.IndicatorTable) -> None:
    rows = rows_of(several.plot.distribution(period="2021"), 0)
    assert {row["printed"] for row in rows} == {"85.7 %", "93.0 %"}
    same = projects(area=["140728", "140781"], projects=[1, 1], projects_done=[1, 1])
    assert sorted(row["high"] for row in rows_of(same.plot.distribution(), 0)) == [1, 2]


def test_steps_are_round_and_hold_all_values() -> None:
    assert scales.domain([0.0, 100.0], 5) == (0.0, 100.0, 20.0)
    assert scales.domain([0.1, 0.3], 2) == (0.1, 0.3, 0.1)
    assert scales.domain([7.0, 7.0], 5)[:2] == (6.0, 8.0)
    assert scales.domain([-3.2, 4.1], 6)[0] <= -3.2


def test_maps_join_by_code_and_turn_rings(several: zb.IndicatorTable, tmp_path: Path) -> None:
    path = tmp_path / "map.geojson"
    path.write_text(json.dumps(collection()), encoding="utf-8")
    chart = several.plot.map(path)
    land = rows_of(chart, 0)
    assert [row["class"] for row in land[2:]] == ["无数值", "不在表中"]
    assert land[0]["printed"] == "86.7 %"
    rings = [row["geometry"]["coordinates"][0] for row in land]
    assert all(shapes._area(ring) < 0 for ring in rings)
    few = {"type": "FeatureCollection", "features": collection()["features"][:1]}
    assert "2 个不在地图上：榆次区、介休市" in told(several.plot.map(few))


def test_a_standard_shows_value_threshold_and_verdict() -> None:
    chart = pingyao().plot.standard("preschool-2020")
    rows = chart.data.values
    assert [row["sign"] for row in rows[:4]] == ["✓", "✗", "✓", "?"]
    assert (rows[1]["shown"], rows[1]["wanted"]) == ("76.6 %", "要求 ≥ 80 %")
    assert (rows[1]["bar"], rows[1]["bound"]) == (0.766, 0.8)
    assert "要求 ≤ 1:15" in {row["wanted"] for row in rows}
    assert not any("是" in row["wanted"] for row in rows), "what is no number has no bar"
    verdicts = pingyao().judge("preschool-2020")
    assert verdicts.plot.standard().to_dict() == chart.to_dict()
    zb.set_lang("en")
    assert pingyao().plot.standard("preschool-2020").data.values[1]["wanted"] == "needs ≥ 80 %"


def test_a_standard_for_several_areas_has_a_panel_each() -> None:
    codes = ["140728", "140781", "140702"]
    rows = {"area": codes, "period": ["2022"] * 3, "children": [9] * 3, "children_public": [9] * 3}
    verdicts = zb.judge(rows, "preschool-2020", skip_unavailable=True)
    chart = verdicts.plot.standard(limit=2)
    assert isinstance(chart, alt.FacetChart)
    assert {row["place"] for row in chart.data.values} == {"榆次区", "平遥县"}
    assert "共 3 个地区，画出前 2 个" in told(chart)


# What is refused


@pytest.mark.parametrize(
    ("draw", "says"),
    [
        (lambda t: t.plot.bars("edu.ner"), "no `edu.ner` in the table"),
        (lambda t: t.plot.bars(period="1999"), "no figures of `1999`"),
        (lambda t: t.plot.bars(where={"sex": "f"}), "not split by `sex`"),
        (lambda t: t.plot.rank(highlight="平谣县"), "`平遥县`"),
        (lambda t: t.plot.rank(period="2022", highlight="140702"), "has no value"),
        (lambda t: t.plot.rank(show=1), "2 and 60"),
        (lambda t: t.plot.rank(tier="province"), "it has `county`"),
        (lambda t: t.plot.distribution(bins=1), "2 to 100"),
        (lambda t: t.plot.map({"type": "Topology"}), "TopoJSON"),
        (lambda t: t.plot.map(collection(), key="id"), "no feature has the code"),
        (lambda t: t.plot.map(collection(), classes=9), "between 2 and 5"),
        (lambda t: t.plot.standard(), "preschool-2020"),
        (lambda t: t.judge("preschool-2020").plot.bars(), "by `standard` only"),
        (lambda t: plot.save(t.plot.rank(), "x.gif"), r"\.svg, \.png or \.html"),
    ],
)
def test_what_cannot_be_drawn_is_refused(draw: Any, says: str, several: zb.IndicatorTable) -> None:
    with pytest.raises(zb.RequestError, match=says) as caught:
        draw(several)
    assert caught.value.code == "bad-option"
    assert caught.value.remedy


def test_one_of_several_indicators_must_be_named() -> None:
    with pytest.raises(zb.RequestError, match=r"name one of `preschool\.ger3`"):
        pingyao().plot.bars()
    assert rows_of(pingyao().plot.bars("公办园在园幼儿占比"))[0]["printed"] == "55.5 %"


def test_too_many_bars_are_refused(counties: zb.IndicatorTable) -> None:
    with pytest.raises(zb.RequestError, match="cannot be read"):
        counties.plot.bars()
    assert len(rows_of(counties.plot.bars(top=5), 0)) == 5


def test_without_altair_the_remedy_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in sys.modules if name.startswith("zhibiao.plot")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "altair", None)
    with pytest.raises(ImportError, match=r"pip install 'zhibiao\[plot\]'"):
        importlib.import_module("zhibiao.plot")


# Files and fonts


def picture(sign: str, path: Path) -> bytes:
    look = theme.text(fontSize=40, align="left")
    mark = alt.Chart(theme.data([{"sign": sign}])).mark_text(**look)
    chart = mark.encode(text="sign:N", x=alt.value(5), y=alt.value(30))
    chart = chart.properties(width=60, height=60, view=alt.ViewBackground(stroke=None))
    return plot.save(chart, path / "sign.png").read_bytes()


@needs_font
def test_chinese_characters_are_no_boxes(tmp_path: Path) -> None:
    box = picture("\U0010fff0", tmp_path)
    assert box == picture("\U0010fff1", tmp_path), "what no font has is the same box"
    signs = [picture(sign, tmp_path) for sign in "平遥县普惠性幼儿园覆盖率✓✗≥"]
    assert len(set(signs)) == len(signs)
    assert box not in signs
    assert picture(" ", tmp_path) not in signs


@needs_font
def test_charts_saved_by_altair_have_the_font_too(
    several: zb.IndicatorTable, tmp_path: Path
) -> None:
    chart = several.plot.rank()
    chart.save(str(tmp_path / "user.png"), scale_factor=2)
    assert (tmp_path / "user.png").read_bytes() == plot.save(chart, tmp_path / "x.png").read_bytes()


def test_scale_makes_larger_pictures(several: zb.IndicatorTable, tmp_path: Path) -> None:
    def width(scale: float) -> int:
        png = plot.save(several.plot.rank(), tmp_path / "x.png", scale=scale).read_bytes()
        assert png[:4] == b"\x89PNG"
        return int.from_bytes(png[16:20], "big")

    assert abs(width(3) - 3 * width(1)) <= 3


def test_files_fetch_nothing(several: zb.IndicatorTable, tmp_path: Path) -> None:
    fetched = r"""(?:src|href|xlink:href)\s*=\s*["']?(?:https?:)?//|@import|url\(["']?https?:"""
    for name, chart in drawn(several).items():
        svg = plot.save(chart, tmp_path / f"{name}.svg").read_text(encoding="utf-8")
        assert not re.search(fetched, svg), name
    page = plot.save(several.plot.rank(), tmp_path / "x.html").read_text(encoding="utf-8")
    head = re.sub(r"<script[^>]*>.*?</script>", "", page, flags=re.DOTALL)
    assert not re.search(fetched, head)
    assert not re.search(r"<(?:script|link|img|iframe)[^>]*(?:src|href)\s*=", page[:2000])
    assert "平遥县" in page or "\\u5e73\\u9065\\u53bf" in page
    assert '"editor": false' in page


@pytest.fixture
def no_fonts(monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    def forget() -> None:
        fonts._find.cache_clear()
        fonts._warn.cache_clear()

    monkeypatch.setattr(fonts, "_folders", list)
    monkeypatch.delenv(fonts.VARIABLE, raising=False)
    forget()
    yield monkeypatch
    forget()


@pytest.mark.usefixtures("no_fonts")
def test_without_a_font_the_remedy_is_told_once() -> None:
    table = projects(area=["140728"], projects=[60], projects_done=[52])
    with pytest.warns(UserWarning, match="fonts-wqy-microhei"):
        table.plot.bars()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        table.plot.bars()
    assert fonts.stack().startswith("Microsoft YaHei, ")


def test_a_font_can_be_named(no_fonts: pytest.MonkeyPatch, tmp_path: Path) -> None:
    bad = tmp_path / "bad.ttf"
    bad.write_bytes(b"no font")
    no_fonts.setenv(fonts.VARIABLE, str(bad))
    with pytest.warns(UserWarning, match="ZHIBIAO_FONT names"):
        assert fonts.find() is None


@needs_font
def test_a_font_file_or_folder_is_read(no_fonts: pytest.MonkeyPatch) -> None:
    fonts._find.cache_clear()
    no_fonts.undo()
    found = fonts.find()
    assert found is not None
    for named in (found.path, found.path.parent):
        no_fonts.setenv(fonts.VARIABLE, str(named))
        again = fonts.find()
        assert again is not None
        assert again.family == found.family
    assert fonts.stack().startswith(found.family)


# What surrounds charts


def test_the_altair_of_the_user_stays_as_it_is(several: zb.IndicatorTable) -> None:
    theme_before, transformer = alt.theme.active, alt.data_transformers.active
    chart = several.plot.rank()
    assert (alt.theme.active, alt.data_transformers.active) == (theme_before, transformer)
    assert "config" not in chart.properties(width=100).to_dict() or theme_before == "default"
    both = (several.plot.rank() | several.plot.trend()) & several.plot.bars(period="2022")
    assert vl_convert.vegalite_to_svg(both.to_dict()).startswith("<svg")


def test_charts_are_not_held_to_the_rows_of_altair(counties: zb.IndicatorTable) -> None:
    codes = counties.to_polars()["area"].to_list()
    rows = {
        "area": codes * 2,
        "period": ["2021"] * len(codes) + ["2022"] * len(codes),
        "projects": [10] * (2 * len(codes)),
        "projects_done": [5] * (2 * len(codes)),
    }
    table = zb.compute(rows, COMPLETION)
    assert len(table) > 5_000
    assert len(rows_of(table.plot.trend(areas="140728"), 0)) == len(table) - 2


@pytest.mark.parametrize("module", [charts, files])
def test_examples_run(module: Any) -> None:
    assert doctest.testmod(module).failed == 0
    for name, method in vars(charts.Plot).items():
        if not name.startswith("_"):
            assert "Returns:" in method.__doc__
            assert "Raises:" in method.__doc__
            assert "Example:" in method.__doc__
