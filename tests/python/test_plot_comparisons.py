"""Charts that compare areas: funnels, limits, neighbors, Lorenz curves, parts, small lines."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from statistics import NormalDist
from typing import Any

import pytest
import zhibiao as zb

alt = pytest.importorskip("altair")
pytest.importorskip("vl_convert")

from zhibiao import plot  # noqa: E402
from zhibiao.plot import fonts, labels, theme  # noqa: E402

SHARE = "preschool.public_share"
COMPLETION = "projects.completion"
JINZHONG = ["140702", "140703", "140721", "140722", "140723", "140724", "140725", "140727"]
needs_font = pytest.mark.skipif(fonts.find() is None, reason="no Chinese font: install one")


@pytest.fixture(autouse=True)
def _chinese() -> Iterator[None]:
    yield
    zb.set_lang("zh")


def shares(areas: list[str], children: list[Any], public: list[Any], **more: Any) -> Any:
    rows = {"area": areas, "children": children, "children_public": public, **more}
    return zb.compute(rows, SHARE)


@pytest.fixture
def counties() -> zb.IndicatorTable:
    """Six shares of 50 % together: one far above, one far below, two near, one not there."""
    return shares(
        ["140728", "140781", "140702", "140703", "140721", "140722"],
        [1000, 1000, 400, 600, 100, None],
        [600, 400, 205, 295, 50, 9],
        period=["2022"] * 6,
    )


@pytest.fixture
def years() -> zb.IndicatorTable:
    """Five years of four counties: up, down, level, and one with a year missing."""
    public = {
        "140728": [400, 450, 500, 550, 600],
        "140781": [600, 560, 500, 460, 400],
        "140702": [500, 502, 498, 501, 500],
        "140703": [500, 510, None, 520, 530],
    }
    return shares(
        [area for area in public for _ in range(5)],
        [1000] * 20,
        [number for numbers in public.values() for number in numbers],
        period=["2018", "2019", "2020", "2021", "2022"] * 4,
    )


@pytest.fixture
def provinces() -> zb.IndicatorTable:
    """Two counties of each of two prefectures of Shanxi, and two of Hebei, in two years."""
    areas = ["140728", "140781", "140105", "140106", "130102", "130104"]
    public = [500, 600, 300, 400, 700, 900, 500, 520, 480, 500, 500, 510]
    period = ["2021"] * 6 + ["2022"] * 6
    return shares(areas * 2, [1000] * 12, public, period=period)


def rows_of(chart: Any, *fields: str) -> list[dict[str, Any]]:
    """The records of the first layer that has all of these."""
    for layer in chart.layer:
        own = chart.data if layer.data is alt.Undefined else layer.data
        values: list[dict[str, Any]] = own.values
        if values and set(fields) <= set(values[-1]):
            return values
    message = f"no layer has {fields}"
    raise AssertionError(message)


def told(chart: Any) -> str:
    title = chart.to_dict()["title"]
    return "\n".join([*title["text"], *title["subtitle"]])


def drawn(
    counties: zb.IndicatorTable, years: zb.IndicatorTable, provinces: zb.IndicatorTable
) -> dict[str, Any]:
    return {
        "funnel": counties.plot.funnel(highlight="平遥县"),
        "target": counties.plot.funnel(target=45, level=0.95, labels=0),
        "rank": counties.plot.rank(limits=0.95, threshold=50),
        "neighbors": counties.plot.neighbors("平遥县", counties.neighbors(count=4)),
        "lorenz": counties.plot.lorenz(highlight="平遥县"),
        "decomposition": provinces.plot.decomposition(),
        "sparklines": years.plot.sparklines(),
    }


# Files


@needs_font
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_chart_is_valid_and_can_be_drawn(
    lang: Any, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    zb.set_lang(lang)
    tables = (request.getfixturevalue(name) for name in ("counties", "years", "provinces"))
    for name, chart in drawn(*tables).items():
        assert chart.to_dict()["$schema"].startswith("https://vega.github.io/schema/vega-lite/v6")
        text = plot.save(chart, tmp_path / f"{name}.svg").read_text(encoding="utf-8")
        for wrong in ("undefined", "NaN", "null", "Infinity"):
            assert wrong not in text, (name, wrong)
        title = told(chart).split("\n")[0]
        assert title in text, name
        assert bool(re.search("[\u4e00-\u9fff]", title)) == (lang == "zh"), name
        family = re.findall(r'font-family="([^"]*)"', text)
        assert family
        assert all(one.startswith(fonts.stack().split(",")[0]) for one in family), name


@needs_font
def test_signs_of_trends_are_no_boxes(tmp_path: Path) -> None:
    def picture(sign: str) -> bytes:
        mark = alt.Chart(theme.data([{"sign": sign}])).mark_text(**theme.text(fontSize=40))
        chart = mark.encode(text="sign:N", x=alt.value(30), y=alt.value(30))
        return plot.save(chart.properties(width=60, height=60), tmp_path / "sign.png").read_bytes()

    pictures = [picture(sign) for sign in "\U0010fff0 ↑↓−—–"]
    assert len(set(pictures)) == len(pictures)


# Funnels


def test_the_middle_of_a_funnel_is_the_ratio_of_sums(counties: zb.IndicatorTable) -> None:
    middle = rows_of(counties.plot.funnel(), "label", "size")
    # 1,550 of 3,100; the mean of the shares is 50.1 %.
    assert [row["value"] for row in middle] == [50.0, 50.0]
    assert middle[-1]["label"] == "合计\n50.0 %"
    aimed = rows_of(counties.plot.funnel(target="45"), "label", "size")
    assert aimed[-1]["label"] == "目标\n45.0 %"


def funnel(share: float, number: float, level: float) -> tuple[float, float]:
    """Limits around a share: Spiegelhalter (2005), Statistics in Medicine 24:1185–1202."""
    reach = NormalDist().inv_cdf((1 + level) / 2) * math.sqrt(share * (1 - share) / number)
    return max(0, 100 * (share - reach)), min(100, 100 * (share + reach))


@pytest.mark.parametrize("layer", [0, 1])
def test_lines_of_a_funnel_are_the_limits_at_each_denominator(
    layer: int, counties: zb.IndicatorTable
) -> None:
    records = counties.plot.funnel().layer[layer].data.values
    level = (0.95, 0.998)[layer]
    assert len({record["size"] for record in records}) > 100
    assert records[0]["size"] < 100
    assert records[-1]["size"] > 1000
    for record in records:
        lower, upper = funnel(0.5, record["size"], level)
        wanted = lower if record["side"] == "lower" else upper
        assert record["value"] == pytest.approx(wanted, rel=1e-9)


def test_areas_outside_are_told_by_shape_and_colour(counties: zb.IndicatorTable) -> None:
    chart = counties.plot.funnel()
    points = rows_of(chart, "kind")
    kinds = {row["place"]: row["kind"] for row in points}
    assert kinds == {
        "平遥县": "高于漏斗（优）：1",
        "介休市": "低于漏斗（劣）：1",
        "榆次区": "漏斗之内：3",
        "太谷区": "漏斗之内：3",
        "榆社县": "漏斗之内：3",
    }
    encoding = next(
        layer["encoding"] for layer in chart.to_dict()["layer"] if "shape" in layer["encoding"]
    )
    assert encoding["shape"]["scale"]["range"] == ["triangle-up", "circle", "triangle-down"]
    assert encoding["stroke"]["scale"]["range"][0] == "#0072B2"
    assert "1 个无数值（缺失：1）" in told(chart)
    assert "过度离散" not in told(chart)


def test_less_is_better_below_a_funnel() -> None:
    rows = {"area": JINZHONG[:3], "classes": [1000] * 3, "classes_56": [300, 100, 200]}
    chart = zb.compute(rows, "edu.big_class").plot.funnel()
    kinds = {row["place"]: row["kind"] for row in rows_of(chart, "kind")}
    assert kinds["榆次区"] == "高于漏斗（劣）：1"
    assert kinds["太谷区"] == "低于漏斗（优）：1"
    encoding = next(
        layer["encoding"] for layer in chart.to_dict()["layer"] if "shape" in layer["encoding"]
    )
    assert encoding["stroke"]["scale"]["range"][0] == "#D55E00"
    assert "过度离散" in told(chart)


def test_a_mark_is_larger_outside_more_levels() -> None:
    # Of 400 around 50 %, 95 % reach to 54.9 and 99.8 % to 57.7.
    table = shares(JINZHONG[:4], [400] * 4, [200, 224, 240, 204])
    points = rows_of(table.plot.funnel(target=50), "kind")
    outside = {row["printed"]: row["outside"] for row in points}
    assert outside == {"50.0 %": 0.0, "51.0 %": 0.0, "56.0 %": 0.5, "60.0 %": 1.0}


def test_rates_have_funnels_by_poisson() -> None:
    rows = {"area": JINZHONG[:3], "children": [90, 220, 110], "population_3_5": [100, 200, 120]}
    chart = zb.compute(rows, "preschool.ger3").plot.funnel(level=0.95)
    assert "泊松" in told(chart)
    record = chart.layer[0].data.values[-1]
    # 420 of 420: expected events are the denominator; the exact limits of a count that just holds
    # it lie close to its own, sqrt by sqrt.
    reach = 1.96 / math.sqrt(record["size"])
    assert record["value"] / 100 - 1 == pytest.approx(reach, rel=0.1)


@pytest.mark.parametrize(("largest", "kind"), [(10_000, "linear"), (10_001, "log")])
def test_denominators_far_apart_are_on_a_logarithmic_scale(largest: int, kind: str) -> None:
    table = shares(JINZHONG[:2], [100, largest], [50, 5000])
    scale = table.plot.funnel().to_dict()["layer"][0]["encoding"]["x"]["scale"]
    assert scale["type"] == kind
    assert (scale["domain"][0] > 0) == (kind == "log")


def test_the_farthest_outside_are_named_and_the_highlighted_with_value() -> None:
    table = shares(JINZHONG, [1000] * 8, [500, 900, 510, 100, 490, 560, 450, 490])
    names = rows_of(table.plot.funnel(labels=2, highlight="140702"), "align")
    assert names[0]["label"] == "榆次区 50.0 %"
    assert {name["label"] for name in names[1:]} == {"太谷区", "左权县"}
    # 25 points from the middle are less for 100 children than 10 points for 10,000.
    sized = shares(JINZHONG[:2], [100, 10_000], [75, 6000])
    assert [row["label"] for row in rows_of(sized.plot.funnel(target=50, labels=1), "align")] == [
        "太谷区"
    ]
    none = table.plot.funnel(labels=0)
    with pytest.raises(AssertionError, match="no layer"):
        rows_of(none, "align")


def test_labels_cover_neither_each_other_nor_points() -> None:
    points = [(20.0 * number, 100.0) for number in range(20)]
    wanted = [
        labels.Label(x, y, "平遥县", {"at": x}, wanted=number == 0)
        for number, (x, y) in enumerate(points)
    ]
    found = labels.placed(wanted, points, 400, 200)
    assert found[0]["at"] == 0.0
    assert 5 <= len(found) < 20
    wide = 6 * 6.4
    boxes = []
    for name in found:
        part = {"left": 0, "center": 0.5, "right": 1}[name["align"]]
        left = name["at"] + name["dx"] - part * wide
        boxes.append((left, 100 - name["dy"]))
    for number, (left, middle) in enumerate(boxes):
        for other, beside in boxes[number + 1 :]:
            assert abs(left - other) >= wide or abs(middle - beside) >= 15
        if number:
            assert not any(left < x < left + wide and abs(y - middle) < 7 for x, y in points)


# Limits


def test_limits_stand_behind_the_dots_only_where_asked_for() -> None:
    table = shares(["140728", "140781"], [263, 100], [81, 100])
    chart = table.plot.rank(limits=0.95)
    rows = {row["place"]: row for row in rows_of(chart, "lower")}
    # 81 of 263: Newcombe (1998), Statistics in Medicine 17:857–872, table I, method 3.
    assert round(rows["平遥县"]["lower"], 2) == 25.53
    assert round(rows["平遥县"]["upper"], 2) == 36.62
    assert rows["介休市"]["upper"] == 100
    assert "95 % 限" in told(chart)
    assert "超总体" in told(chart)
    marks = [layer["mark"]["type"] for layer in chart.to_dict()["layer"]]
    assert marks.index("rule") < marks.index("point")
    domain = chart.to_dict()["layer"][0]["encoding"]["x"]["scale"]["domain"]
    assert domain[0] <= rows["平遥县"]["lower"]
    plain = table.plot.rank()
    assert "rule" not in [layer["mark"]["type"] for layer in plain.to_dict()["layer"]]
    assert "超总体" not in told(plain)


def test_axes_write_the_decimals_of_their_steps() -> None:
    table = zb.compute(
        {"area": ["140728", "140781"], "projects": [1000] * 2, "projects_done": [512, 624]},
        COMPLETION,
    )
    axis = table.plot.rank().to_dict()["layer"][0]["encoding"]["x"]["axis"]
    assert axis["values"] == [50.0, 52.5, 55.0, 57.5, 60.0, 62.5]
    assert axis["format"] == ",.1f"


# Neighbors


def test_the_figure_of_neighbors_is_named_by_how_it_is_made() -> None:
    table = zb.compute(
        {
            "area": ["140703", "140728", "140729", "140781"],
            "projects": [100, 60, 10, None],
            "projects_done": [90, 52, 1, 3],
        },
        COMPLETION,
    )
    near = zb.Neighbors.read({"area": ["140728"] * 3, "neighbor": ["140703", "140729", "140781"]})
    chart = table.plot.neighbors("平遥县", near)
    bars = rows_of(chart, "line")
    lines = [row["line"].split("\u00a0\u00a0") for row in bars]
    assert lines == [["太谷区", "1"], ["平遥县", "2"], ["灵石县", "3"], ["介休市"]]
    assert [row["strong"] for row in bars] == [False, True, False, False]
    # 91 of 110, not the mean of 90 % and 10 %.
    assert rows_of(chart, "at")[0]["label"] == "近邻\u00a0\u00a082.7 %"
    assert "3 个统计近邻（2 个有值）" in told(chart)
    assert "第 2 位，共 3" in told(chart)
    assert "近邻的和之比" in told(chart)
    assert "与之差 +3.9 个百分点" in told(chart)


def test_neighbors_without_parts_have_a_mean_of_rates() -> None:
    rows = {
        "area": ["140702", "140728", "140781"],
        "measure": [SHARE] * 3,
        "value": [50, 60, 70],
    }
    near = zb.Neighbors.read({"area": ["140728"] * 2, "neighbor": ["140702", "140781"]})
    zb.set_lang("en")
    chart = zb.compute(rows, SHARE).plot.neighbors("140728", near)
    assert rows_of(chart, "at")[0]["at"] == 60.0
    assert "mean of rates of the neighbors" in told(chart)
    assert not any(row["solid"] for row in rows_of(chart, "line"))


def test_neighbors_are_found_in_every_tier() -> None:
    # 东莞 has no counties and stands among the prefectures, too.
    rows = {"area": ["441900", "440103", "440104"], "children": [100, 300, 100]}
    rows |= {"children_public": [50, 90, 30]}
    tiers: Any = ["county", "prefecture"]
    table = zb.compute(rows, SHARE, tiers=tiers, coverage="given")
    near = zb.Neighbors.read({"area": ["441900"], "neighbor": ["440100"]})
    chart = table.plot.neighbors("东莞市", near)
    assert [row["place"] for row in rows_of(chart, "line")] == ["东莞市", "广州市"]
    assert "第 1 位，共 2" in told(chart)


# Lorenz curves


def test_a_lorenz_curve_is_weighted_by_denominators() -> None:
    table = shares(["140728", "140781", "140702"], [50, 30, 20], [10, 15, 20])
    chart = table.plot.lorenz()
    curve = [(row["x"], row["y"]) for row in chart.layer[3].data.values]
    # 20, 50 and 100 % of 50, 30 and 20 children: 10, 25 and 45 of 45 in public kindergartens.
    wanted = [(0, 0), (50, 100 * 10 / 45), (80, 100 * 25 / 45), (100, 100)]
    assert curve == [pytest.approx(point) for point in wanted]
    area = sum((b[0] - a[0]) * (a[1] + b[1]) / 2 for a, b in pairwise(wanted))
    gini = 1 - 2 * area / 10_000
    assert f"基尼系数 {gini:.4f}" in told(chart)
    axis = chart.to_dict()["layer"][0]["encoding"]["x"]["axis"]["title"]
    assert axis == ["在园幼儿数的累计份额"]


def test_areas_without_denominators_count_alike() -> None:
    rows = {"area": JINZHONG[:2], "measure": [SHARE] * 2, "value": [25, 75]}
    chart = zb.compute(rows, SHARE).plot.lorenz()
    curve = [(row["x"], row["y"]) for row in chart.layer[3].data.values]
    assert curve == [(0, 0), (50, 25), (100, 100)]
    assert "各地一样计" in told(chart)
    assert "基尼系数 0.2500" in told(chart)


# Parts of a disparity


def theil(values: list[float]) -> float:
    mean = sum(values) / len(values)
    return sum(value / mean * math.log(value / mean) for value in values) / len(values)


def test_parts_of_a_disparity_stand_beside_each_other(provinces: zb.IndicatorTable) -> None:
    chart = provinces.plot.decomposition()
    parts = [row for row in rows_of(chart, "part", "from") if row["line"] == "2021"]
    # All areas weigh alike. Shanxi: (50, 60), (30, 40); Hebei: (70, 90).
    all_of = theil([50, 60, 30, 40, 70, 90])
    total = 340
    between = sum(
        part / total * math.log(part / size / (total / 6)) for part, size in ((180, 4), (160, 2))
    )
    within = sum(sum(pair) / total * theil(pair) for pair in ([50, 60], [30, 40], [70.0, 90.0]))
    wanted = [between, all_of - between - within, within]
    shares_told = [f"{100 * part / all_of:.1f} %" for part in wanted]
    assert [row["printed"] for row in parts] == shares_told
    assert [row["name"] for row in parts] == [
        "省级地区之间",
        "地级地区之间",
        "地级地区之内",
    ]
    assert parts[0]["from"] == 0
    assert parts[-1]["to"] == pytest.approx(300)
    assert all(a["to"] == b["from"] for a, b in pairwise(parts))
    totals = rows_of(chart, "printed", "to", "line")
    assert {row["line"] for row in totals} == {"2021", "2022"}
    assert f"{all_of:.4f}" in {row.get("printed") for row in chart.layer[4].data.values}


def test_several_larger_areas_have_a_bar_each(provinces: zb.IndicatorTable) -> None:
    chart = provinces.plot.decomposition(index="theil_l", within="province", period="2021")
    rows = rows_of(chart, "part", "from")
    # The two counties of Hebei lie in one prefecture.
    assert [(row["line"], row["printed"]) for row in rows if row["line"] == "河北省"] == [
        ("河北省", "0.0 %"),
        ("河北省", "100.0 %"),
    ]
    assert chart.to_dict()["layer"][0]["encoding"]["y"]["sort"] == ["山西省", "河北省"]
    assert "泰尔指数 L 的构成（%）" in told(chart)
    assert "2–4 个县级地区" in told(chart)


# Small lines


def test_trends_are_coloured_only_where_significant(years: zb.IndicatorTable) -> None:
    chart = years.plot.sparklines()
    columns = {row["place"]: row for row in rows_of(chart, "trend")}
    assert {place: row["trend"] for place, row in columns.items()} == {
        "平遥县": "↑ 改善",
        "介休市": "↓ 变差",
        "榆次区": "无显著趋势",
        "太谷区": "时期过少",
    }
    assert columns["平遥县"]["colour"] == "#0072B2"
    assert columns["介休市"]["colour"] == "#D55E00"
    assert columns["榆次区"]["colour"] == columns["太谷区"]["colour"] == "#6E7781"
    assert columns["平遥县"]["value"] == "60.0 %"
    assert columns["介休市"]["change"] == "−6.0 个百分点"
    assert columns["太谷区"]["change"] == "+1.0 个百分点"
    assert "较2021年" in {row.get("head") for layer in chart.layer for row in layer.data.values}


def test_small_lines_share_one_scale_and_break_where_nothing_is(
    years: zb.IndicatorTable,
) -> None:
    points = rows_of(years.plot.sparklines(areas=["太谷区", "平遥县"]), "stretch")
    of = {place: [row for row in points if row["place"] == place] for place in ("太谷区", "平遥县")}
    assert [row["period"] for row in of["太谷区"]] == ["2018", "2019", "2021", "2022"]
    assert len({row["stretch"] for row in of["太谷区"]}) == 2
    assert len({row["stretch"] for row in of["平遥县"]}) == 1
    rise = {place: rows[0]["y"] - rows[-1]["y"] for place, rows in of.items()}
    # 3 points against 20 points.
    assert rise["太谷区"] / rise["平遥县"] == pytest.approx(3 / 20)
    assert of["太谷区"][0]["y"] < of["平遥县"][-1]["y"], "in the order in which they are named"


def test_a_last_value_of_another_year_tells_it() -> None:
    table = shares(
        ["140728", "140781", "140702"],
        [1000, 1000, None],
        [3, 5, 6],
        period=["2020", "2021", "2021"],
    )
    chart = table.plot.sparklines()
    values = {row["place"]: row["value"] for row in rows_of(chart, "trend")}
    assert values == {"平遥县": "0.3 % (2020)", "介休市": "0.5 %", "榆次区": "缺失"}
    assert "1 个无数值" in told(chart)
    first = table.plot.sparklines(show=1)
    assert len(rows_of(first, "trend")) == 1
    assert "（共 3）" in told(first)


def test_slices_are_drawn_with_their_own_comparisons() -> None:
    rows = {
        "area": ["140728", "140728", "140781", "140781"],
        "ownership": ["public", "private"] * 2,
        "projects": [1000] * 4,
        "projects_done": [400, 900, 600, 900],
    }
    table = zb.compute(rows, COMPLETION, slices=["ownership"])
    chart = table.plot.rank(where={"ownership": "public"}, limits=0.95)
    limits = [(row["lower"], row["value"], row["upper"]) for row in rows_of(chart, "lower")]
    assert all(lower < value < upper < 70 for lower, value, upper in limits)
    funnel = table.plot.funnel(where={"ownership": "public"})
    assert rows_of(funnel, "label", "size")[-1]["label"] == "合计\n50.0 %"


# What is refused


@pytest.mark.parametrize(
    ("draw", "says"),
    [
        (lambda t: t.plot.funnel(level=(0.5, 0.8, 0.9, 0.95)), "4 levels"),
        (lambda t: t.plot.funnel(labels=31), "0 to 30"),
        (lambda t: t.plot.funnel(target=150), "no value that"),
        (lambda t: t.plot.funnel(highlight="140722"), "chance is known of"),
        (lambda t: t.plot.neighbors("140728", {"140781"}), r"zb\.Neighbors\.read"),
        (lambda t: t.plot.neighbors("太原市", t.neighbors()), "no area `太原市`"),
        (lambda t: t.plot.neighbors("140722", t.neighbors()), "no neighbor of `左权县`"),
        (lambda t: t.plot.lorenz(highlight="140722"), "has no value"),
        (lambda t: t.plot.lorenz(tier="province"), "it has `county`"),
        (lambda t: t.plot.decomposition(index="gini"), "`theil_t` or `theil_l`"),
        (lambda t: t.plot.decomposition(within="prefecture"), "no tier between"),
        (lambda t: t.plot.sparklines(show=61), "between 1 and 60"),
        (lambda t: t.plot.sparklines(areas="平谣县"), "`平遥县`"),
        (lambda t: t.filter(area="140728").plot.lorenz(), "no Gini index"),
        (lambda t: t.filter(area="140728").plot.decomposition(), "has no parts"),
    ],
)
def test_what_cannot_be_drawn_is_refused(draw: Any, says: str, counties: zb.IndicatorTable) -> None:
    with pytest.raises(zb.RequestError, match=says) as caught:
        draw(counties)
    assert caught.value.code == "bad-option"
    assert caught.value.remedy


@pytest.mark.parametrize("draw", ["funnel", "rank"])
def test_what_is_not_counted_has_no_limits(draw: str) -> None:
    rows = {"area": JINZHONG[:2], "children": [300, 100], "kindergarten_teachers": [10, 10]}
    charts = zb.compute(rows, "preschool.pupil_teacher_ratio").plot
    options = {"limits": 0.95} if draw == "rank" else {}
    with pytest.raises(zb.RequestError, match=r"no value of `preschool\.pupil_teacher_ratio`"):
        getattr(charts, draw)(**options)


def test_totals_have_limits_but_no_funnel() -> None:
    rows = {"area": JINZHONG[:2], "inclusive_recognised": [30, 100]}
    charts = zb.compute(rows, "preschool.recognised").plot
    assert "超总体" in told(charts.rank(limits=0.95))
    with pytest.raises(zb.RequestError, match="have no denominators"):
        charts.funnel()


@pytest.mark.parametrize("level", [95, 0, 1])
def test_levels_are_fractions(level: float, counties: zb.IndicatorTable) -> None:
    for draw in (
        lambda: counties.plot.rank(limits=level),
        lambda: counties.plot.funnel(level=level),
        lambda: counties.plot.sparklines(level=level),
    ):
        with pytest.raises(zb.RequestError) as caught:
            draw()
        assert caught.value.code == "bad-level"
