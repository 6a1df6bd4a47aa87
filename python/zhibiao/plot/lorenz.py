"""How unequally something is spread over areas (洛伦兹曲线)."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate

import altair as alt

from zhibiao.plot import labels, theme
from zhibiao.plot.figures import Figure, Figures, about
from zhibiao.plot.refusal import refused
from zhibiao.tables import IndicatorTable

__all__ = ["lorenz"]

_SIDE = 360
_MOST_DOTS = 60
_MOST_MARKED = 6


def lorenz(
    figures: Figures, table: IndicatorTable, *, highlight: str | Sequence[str] | None
) -> theme.Drawn:
    """Draws one period of one tier, whose rows in the table are `table`."""
    marked = figures.codes("highlight", highlight)
    if len(marked) > _MOST_MARKED:
        why = f"{len(marked)} labels over one chart"
        raise refused("highlight", highlight, why, f"name at most {_MOST_MARKED}")
    figures.values()
    told = _gini(figures, table)
    weighted = told["weighting"] == "denominator"
    points = _curve(figures, weighted=weighted)
    for code in marked:
        if code not in {row.area for row, _, _ in points}:
            why = f"`{figures.areas()[code]}` has no value"
            raise refused("highlight", code, why, "highlight an area that has one")
    layers = _layers(figures, table, points, marked, weighted=weighted)
    heading = theme.title(figures.name, _told(figures, told, weighted=weighted), width=64)
    return theme.finish(theme.layered(layers), heading, width=_SIDE, height=_SIDE)


def _gini(figures: Figures, table: IndicatorTable) -> theme.Record:
    """What the table tells of the areas together."""
    rows = about(figures, table.disparity(), table.catalog)
    found = [row for row in rows if row["measure"] == "gini"]
    if len(found) > 1:
        why = f"the areas lie in {len(found)} larger ones, which are no whole"
        raise refused("indicator", figures.indicator.id, why, "filter the table to one of them")
    if not found or found[0]["value"] is None:
        why = "there is no Gini index of fewer than two areas, or of values below 0 or all 0"
        raise refused("indicator", figures.indicator.id, why, "use `distribution`")
    return found[0]


def _curve(figures: Figures, *, weighted: bool) -> list[tuple[Figure, float, float]]:
    """The rows, the lowest first, with the shares of weight and of the whole up to each."""
    rows = sorted(figures.known, key=lambda row: (row.value or 0.0, row.area))
    weights = [float(row.denominator or 0) if weighted else 1.0 for row in rows]
    parts = [weight * (row.value or 0.0) for weight, row in zip(weights, rows, strict=True)]
    below, above = list(accumulate(weights)), list(accumulate(parts))
    return [
        (row, 100 * x / below[-1], 100 * y / above[-1])
        for row, x, y in zip(rows, below, above, strict=True)
    ]


def _layers(
    figures: Figures,
    table: IndicatorTable,
    points: list[tuple[Figure, float, float]],
    marked: list[str],
    *,
    weighted: bool,
) -> list[alt.Chart]:
    across, up = _titles(figures, table, weighted=weighted)
    x = alt.X("x:Q", scale=_percent(), axis=_axis(across))
    y = alt.Y("y:Q", scale=_percent(), axis=_axis(up))
    start: theme.Record = {"x": 0.0, "y": 0.0}
    records = [
        {**figures.record(row), "x": right, "y": high, "strong": row.area in marked}
        for row, right, high in points
    ]
    curve = [{"x": x, "y": y, "even": x} for x, y in [(0.0, 0.0), *(at[1:] for at in points)]]
    line = alt.Chart(theme.data(curve)).encode(x=x, y=y)
    area = line.mark_area(color=theme.SKY, opacity=0.3, orient="vertical").encode(y2="even:Q")
    equal = alt.Chart(theme.data([start, {"x": 100.0, "y": 100.0}])).encode(x=x, y=y)
    name = figures.words.of("完全均等", "all areas alike")
    middle = alt.Chart(theme.data([{"x": 50.0, "y": 50.0, "label": name}])).encode(x=x, y=y)
    look = theme.text(angle=315, align="center", dy=-9, color=theme.GREY)
    dots = alt.Chart(theme.data(records)).encode(x=x, y=y, tooltip=figures.tooltip())
    few = len(records) <= _MOST_DOTS
    dot = dots.mark_point(filled=True, opacity=1, strokeWidth=1.4 if few else 0).encode(
        stroke=alt.value(theme.BLUE),
        fill=alt.when("datum.solid").then(alt.value(theme.BLUE)).otherwise(alt.value("white")),
        size=alt.value(30 if few else 6),
    )
    ring = dots.transform_filter("datum.strong").mark_point(
        color=theme.INK, strokeWidth=2, size=160, opacity=1
    )
    named = alt.Chart(theme.data(_names(points, marked))).encode(x=x, y=y)
    return [
        area,
        equal.mark_line(color=theme.GREY, strokeDash=[4, 3]),
        middle.mark_text(**look).encode(text="label:N"),
        line.mark_line(color=theme.BLUE, strokeWidth=2.2),
        dot,
        *([ring, *labels.drawn(named)] if marked else []),
    ]


def _names(points: list[tuple[Figure, float, float]], marked: list[str]) -> list[theme.Record]:
    pixel = _SIDE / 100
    wanted = [
        labels.Label(
            x * pixel, y * pixel, f"{row.place} {row.printed}", {"x": x, "y": y}, wanted=True
        )
        for row, x, y in points
        if row.area in marked
    ]
    dots = [(x * pixel, y * pixel) for _, x, y in points]
    diagonal = [(at * pixel, at * pixel) for at in range(0, 101, 2)]
    return labels.placed(wanted, [*dots, *diagonal], _SIDE, _SIDE)


def _percent() -> alt.Scale:
    return alt.Scale(domain=[0, 100], nice=False, zero=False)


def _axis(title: str) -> alt.Axis:
    return theme.axis(
        domain=True,
        domainColor=theme.PALE,
        grid=True,
        zindex=0,
        values=[0, 20, 40, 60, 80, 100],
        labelColor=theme.GREY,
        labelExpr="datum.label + ' %'",
        title=theme.wrapped(title, 54),
        titlePadding=8,
    )


def _titles(figures: Figures, table: IndicatorTable, *, weighted: bool) -> tuple[str, str]:
    """What the axes are the shares of."""
    of, indicator = figures.words.of, figures.indicator
    measures = (indicator.denominator, indicator.numerator)
    below, above = (
        table.catalog.measure(id, lang=table.lang).name if id else "" for id in measures
    )
    if weighted and below and above:
        across = of(f"{below}的累计份额", f"{below}, cumulative share")
        return across, of(f"{above}的累计份额", f"{above}, cumulative share")
    across = of("地区数的累计份额", "Areas, cumulative share")
    if weighted:
        across = of("分母的累计份额", "Denominator, cumulative share")
    return across, of("数值的累计份额", "Values, cumulative share")


def _told(figures: Figures, told: theme.Record, *, weighted: bool) -> list[str]:
    words, of = figures.words, figures.words.of
    count = words.areas(len(figures.known), (row.tier for row in figures.rows))
    gini = of("基尼系数 ", "Gini index ") + str(told["display"])
    each = of("各地按分母加权", "areas count by their denominator")
    if not weighted:
        each = of("各地一样计", "areas count alike")
    order = of("地区由低到高排列", "areas with the lowest value first")
    first = figures.line(words.period(figures.periods()[0]), *figures.groups(), count, order)
    return [first, figures.line(gini, each), figures.line(*figures.notes())]
