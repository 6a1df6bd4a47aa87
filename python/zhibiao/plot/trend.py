"""Lines over periods (趋势图), not drawn across what is missing or was defined otherwise."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from itertools import pairwise
from statistics import median

import altair as alt

from zhibiao.plot import scales, theme
from zhibiao.plot.figures import Figure, Figures
from zhibiao.plot.periods import line_of
from zhibiao.plot.refusal import refused

__all__ = ["trend"]

MOST_NAMED = len(theme.LINES)
_MOST_POINTS = 20_000
_HEIGHT = 300
_LABEL = 16
"""Pixels that a label at the end of a line takes."""


def trend(
    figures: Figures, *, areas: str | Sequence[str] | None, breaks: Sequence[str]
) -> theme.Drawn:
    """Draws each area, or each slice of one area, as a line.

    Of many areas those that are named are in colour, or else their median.
    """
    named = figures.codes("areas", areas)
    if len(named) > MOST_NAMED:
        remedy = f"name at most {MOST_NAMED}"
        raise refused("areas", areas, f"{len(named)} coloured lines cannot be told apart", remedy)
    if len(figures.areas()) > 1:
        figures = figures.undivided()
    periods = line_of(figures.periods())
    series = _series(figures)
    coloured = {name: rows for name, rows in series.items() if not named or rows[0].area in named}
    pale: dict[str, list[Figure]] = {}
    if len(coloured) > MOST_NAMED:
        coloured, pale = {}, series
    elif named:
        pale = {name: rows for name, rows in series.items() if name not in coloured}
    if len(figures.rows) > _MOST_POINTS:
        why = f"{len(figures.rows):,} points are too many for one chart"
        remedy = f"filter the table to at most {_MOST_POINTS:,}, as by table.filter(within=...)"
        raise refused("areas", areas, why, remedy)
    return _drawn(figures, periods, coloured, pale, set(breaks))


def _series(figures: Figures) -> dict[str, list[Figure]]:
    by_area = len(figures.areas()) > 1
    series: dict[str, list[Figure]] = defaultdict(list)
    for row in sorted(figures.rows, key=lambda row: row.period):
        series[row.place if by_area else row.group or row.place].append(row)
    return dict(series)


def _drawn(
    figures: Figures,
    periods: list[str],
    coloured: dict[str, list[Figure]],
    pale: dict[str, list[Figure]],
    breaks: set[str],
) -> theme.Drawn:
    low, high, step = scales.domain(figures.values())
    ticks = [low + step * number for number in range(round((high - low) / step) + 1)]
    scale = alt.Scale(domain=[low, high], nice=False, zero=False)
    y_axis = theme.axis(
        grid=True,
        values=ticks,
        labelColor=theme.GREY,
        titleAngle=0,
        titleAlign="left",
        titleAnchor="end",
        titleY=-14,
        titleX=-30,
        **figures.ticks(step),
    )
    y = alt.Y("value:Q", scale=scale, axis=y_axis)
    width = max(320, min(640, 64 * len(periods)))
    every = -(-len(periods) * 7 * max(map(len, periods)) // width)
    x = alt.X(
        "period:O",
        sort=periods,
        scale=alt.Scale(domain=periods, type="point", padding=0.3),
        axis=theme.axis(
            domain=True,
            domainColor=theme.PALE,
            labelAngle=0,
            labelOverlap=True,
            values=periods[:: max(1, every)],
        ),
    )
    layers: list[alt.Chart] = []
    if pale:
        layers.append(
            _lines(figures, periods, pale, breaks)
            .encode(x=x, y=y)
            .mark_line(color=theme.PALE, strokeWidth=1, opacity=0.6 if len(pale) > 30 else 1)
        )
    middle = _middle(figures, periods, pale) if pale and not coloured else []
    if middle:
        base = alt.Chart(theme.data(middle)).encode(x=x, y=y)
        layers += [
            base.mark_line(color=theme.BLUE, strokeWidth=2.5, invalid="break-paths-show-domains"),
            base.mark_text(**theme.text(align="left", dx=8, color=theme.BLUE, fontWeight="bold"))
            .encode(text="label:N")
            .transform_filter("datum.label"),
        ]
    if coloured:
        ends = _ends(periods, coloured, (low, high))
        at_end = alt.Chart(theme.data(ends)).encode(x=x, y=alt.Y("at:Q", scale=scale, axis=y_axis))
        layers += _named(
            figures, coloured, _lines(figures, periods, coloured, breaks).encode(x=x, y=y), at_end
        )
    heading = theme.title(figures.name, _told(figures, coloured, pale, periods, breaks))
    return theme.finish(theme.layered(layers), heading, width=width, height=_HEIGHT)


def _named(
    figures: Figures, series: dict[str, list[Figure]], lines: alt.Chart, ends: alt.Chart
) -> list[alt.Chart]:
    """Coloured lines with a point a value, and the name and last value at the end of each."""
    names = list(series)
    scale = alt.Scale(domain=names, range=list(theme.LINES[: len(names)]))
    colour = alt.Color("name:N", scale=scale, legend=None)
    base = lines.encode(color=colour)
    return [
        base.mark_line(strokeWidth=2.2),
        base.mark_point(filled=True, size=46, opacity=1, strokeWidth=1.6).encode(
            stroke=alt.Stroke("name:N", scale=scale, legend=None),
            fill=alt.when("datum.solid").then(colour).otherwise(alt.value("white")),
            tooltip=figures.tooltip(),
        ),
        ends.mark_text(**theme.text(align="left", dx=10)).encode(color=colour, text="label:N"),
    ]


def _lines(
    figures: Figures, periods: list[str], series: dict[str, list[Figure]], breaks: set[str]
) -> alt.Chart:
    """Points with the stretch that each is part of.

    A stretch ends at a missing value, and before a period from which another definition holds.
    """
    records: list[theme.Record] = []
    for name, rows in series.items():
        by_period = {row.period: row for row in rows}
        stretch = 0
        for period in periods:
            row = by_period.get(period)
            if row is None or row.value is None or period in breaks:
                stretch += 1
            if row is not None and row.value is not None:
                line = f"{name} {stretch}"
                records.append({**figures.record(row), "name": name, "stretch": line})
    return alt.Chart(theme.data(records)).encode(detail="stretch:N")


def _ends(
    periods: list[str],
    series: dict[str, list[Figure]],
    bounds: tuple[float, float],
) -> list[theme.Record]:
    """Labels at the last value of each line, moved apart where they would touch."""
    last = [
        (name, max((row for row in rows if row.value is not None), key=lambda row: row.period))
        for name, rows in series.items()
        if any(row.value is not None for row in rows)
    ]
    low, high = bounds
    space = (high - low) * _LABEL / _HEIGHT
    at = [row.value or 0.0 for _, row in last]
    at_end = [index for index, (_, row) in enumerate(last) if row.period == periods[-1]]
    for index, moved in zip(at_end, _apart([at[i] for i in at_end], space), strict=True):
        at[index] = moved
    return [
        {
            "name": name,
            "period": row.period,
            "at": place,
            "label": f"{name}\u00a0\u00a0{row.printed}",
        }
        for (name, row), place in zip(last, at, strict=True)
    ]


def _apart(places: list[float], space: float) -> list[float]:
    """The places, at least `space` apart, in their order and with the least moves up and down."""
    order = sorted(range(len(places)), key=lambda index: places[index])
    groups: list[list[int]] = []
    centres: list[float] = []
    for index in order:
        groups.append([index])
        centres.append(places[index])
        while len(groups) > 1:
            reach = space * (len(groups[-1]) + len(groups[-2])) / 2
            if centres[-1] - centres[-2] >= reach:
                break
            joined = groups[-2] + groups[-1]
            groups[-2:] = [joined]
            centres[-2:] = [sum(places[i] for i in joined) / len(joined)]
    moved = list(places)
    for group, centre in zip(groups, centres, strict=True):
        for number, index in enumerate(group):
            moved[index] = centre + (number - (len(group) - 1) / 2) * space
    return moved


def _middle(
    figures: Figures, periods: list[str], series: dict[str, list[Figure]]
) -> list[theme.Record]:
    """The median of the areas in each period; it is one of areas, not of what they count."""
    values: dict[str, list[float]] = defaultdict(list)
    for rows in series.values():
        for row in rows:
            if row.value is not None:
                values[row.period].append(row.value)
    of = figures.words.of
    records: list[theme.Record] = [
        {"period": period, "value": median(values[period]) if values[period] else None, "label": ""}
        for period in periods
    ]
    records[-1]["label"] = of("各地中位数  ", "Median area  ") + figures.rounded(
        records[-1]["value"]
    )
    return records


def _told(
    figures: Figures,
    coloured: dict[str, list[Figure]],
    pale: dict[str, list[Figure]],
    periods: list[str],
    breaks: set[str],
) -> list[str]:
    words = figures.words
    span = " — ".join(dict.fromkeys((words.period(periods[0]), words.period(periods[-1]))))
    areas = figures.areas()
    place = next(iter(areas.values())) if len(areas) == 1 else ""
    lines = [figures.line(place, span)]
    if pale:
        tiers = {row.area: row.tier for rows in pale.values() for row in rows}
        count = words.areas(len(pale), tiers.values())
        lines[0] = figures.line(place, span, words.of(f"灰线：{count}", f"grey: {count}"))
    if any(period in breaks for period in periods[1:]):
        lines.append(
            words.of(
                "线断处：定义有变或无数值", "Lines break at a new definition or a missing value"
            )
        )
    elif any(_gap(rows, periods) for rows in coloured.values()):
        lines.append(words.of("线断处：无数值", "Lines break where there is no value"))
    return [*lines, figures.line(*figures.notes())]


def _gap(rows: list[Figure], periods: list[str]) -> bool:
    known = {row.period for row in rows if row.value is not None}
    at = [number for number, period in enumerate(periods) if period in known]
    return any(later - earlier > 1 for earlier, later in pairwise(at))
