"""How the areas spread (分布图): dots where they are few, else bars of a histogram."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

import altair as alt

from zhibiao.plot import scales, theme
from zhibiao.plot.figures import Figures
from zhibiao.plot.rank import places
from zhibiao.plot.refusal import refused

__all__ = ["distribution"]

_MOST_DOTS = 150
_MOST_MARKED = 4
_WIDTH = 520
_HEIGHT = 220
_LABEL = 17


def distribution(
    figures: Figures, *, highlight: str | Sequence[str] | None, bins: int
) -> theme.Drawn:
    """Draws one period of one tier, with the median of the areas and those highlighted."""
    if not 2 <= bins <= 100:
        raise refused("bins", bins, f"{bins} bins", "pass a number from 2 to 100")
    marked = figures.codes("highlight", highlight)
    if len(marked) > _MOST_MARKED:
        why = f"{len(marked)} labels over one chart"
        raise refused("highlight", highlight, why, f"name at most {_MOST_MARKED}")
    values = figures.values()
    few = len(values) <= _MOST_DOTS
    spread = _Bins(*scales.domain(values, bins))
    layers = (_dots if few else _histogram)(figures, marked, spread)
    chart = theme.layered([*layers, *_lines(figures, marked, spread)])
    heading = theme.title(figures.name, _told(figures, spread, few=few))
    return theme.finish(chart, heading, width=_WIDTH, height=_HEIGHT)


@dataclass(frozen=True, slots=True)
class _Bins:
    """Bins of one size. A value between two belongs to the upper one, the highest to the last."""

    low: float
    high: float
    size: float

    def of(self, value: float) -> int:
        last = round((self.high - self.low) / self.size) - 1
        return min(math.floor(round((value - self.low) / self.size, 9)), last)

    def at(self, index: float) -> float:
        return round(self.low + index * self.size, 9)

    def x(self, figures: Figures, field: str) -> alt.X:
        axis = theme.axis(
            domain=True,
            domainColor=theme.PALE,
            ticks=True,
            tickColor=theme.PALE,
            tickCount=8,
            labelColor=theme.GREY,
            **figures.ticks(),
        )
        scale = alt.Scale(domain=[self.low, self.high], nice=False, zero=False)
        return alt.X(f"{field}:Q", scale=scale, axis=axis)


def _histogram(figures: Figures, marked: list[str], bins: _Bins) -> list[alt.Chart]:
    of = figures.words.of
    count = Counter(bins.of(value) for value in figures.values())
    inside = {bins.of(row.value or 0) for row in figures.known if row.area in marked}
    records: list[theme.Record] = [
        {
            "from": bins.at(index),
            "to": bins.at(index + 1),
            "count": number,
            "strong": index in inside,
            "range": f"{bins.at(index):g}–{figures.attach(f'{bins.at(index + 1):g}')}",
        }
        for index, number in sorted(count.items())
    ]
    upright = theme.axis(grid=True, labelColor=theme.GREY, tickCount=4, format=",d", zindex=0)
    bar = alt.Chart(theme.data(records)).mark_bar(stroke="white", strokeWidth=1)
    return [
        bar.encode(
            x=bins.x(figures, "from").bin("binned"),
            x2="to:Q",
            y=alt.Y("count:Q", axis=upright),
            color=alt.when("datum.strong")
            .then(alt.value(theme.BLUE))
            .otherwise(alt.value(theme.SKY)),
            tooltip=[
                alt.Tooltip("range:N", title=figures.name),
                alt.Tooltip("count:Q", title=of("地区数", "Areas"), format=","),
            ],
        )
    ]


def _dots(figures: Figures, marked: list[str], bins: _Bins) -> list[alt.Chart]:
    """A dot for each area, one on the other where they share a bin."""
    height: Counter[int] = Counter()
    records: list[theme.Record] = []
    for _, row in reversed(places(figures)):
        index = bins.of(row.value or 0)
        height[index] += 1
        place = {"at": bins.at(index + 0.5), "high": height[index]}
        records.append({**figures.record(row), **place, "strong": row.area in marked})
    most = max(height.values())
    wide = _WIDTH * bins.size / (bins.high - bins.low)
    dot = max(4.0, min(wide - 1, _HEIGHT / most - 1, 14.0))
    colour = alt.when("datum.strong").then(alt.value(theme.ORANGE))
    upright = alt.Scale(domain=[0.4, max(most, _HEIGHT / (dot + 1)) + 0.4], nice=False, zero=False)
    return [
        alt.Chart(theme.data(records))
        .mark_point(filled=True, size=math.pi / 4 * dot**2, strokeWidth=1.2, opacity=1)
        .encode(
            x=bins.x(figures, "at"),
            y=alt.Y("high:Q", scale=upright, axis=None),
            stroke=colour.otherwise(alt.value(theme.BLUE)),
            fill=alt.when("!datum.solid")
            .then(alt.value("white"))
            .when("datum.strong")
            .then(alt.value(theme.ORANGE))
            .otherwise(alt.value(theme.BLUE)),
            tooltip=figures.tooltip(),
        )
    ]


def _lines(figures: Figures, marked: list[str], bins: _Bins) -> list[alt.Chart]:
    """The median and the highlighted areas, each with a label in a line of its own."""
    of = figures.words.of
    middle = median(figures.values())
    label = f"{of('中位数', 'Median')}\u00a0\u00a0{figures.rounded(middle)}"
    marks = [(middle, label, theme.INK, [4, 3])]
    for number, row in places(figures):
        if row.area in marked:
            place = of(f"第 {number:,} 位", f"rank {number:,}")
            label = f"{row.place}\u00a0\u00a0{row.printed} ({place})"
            marks.append((row.value or 0, label, theme.ORANGE, []))
    layers: list[alt.Chart] = []
    for number, (at, label, colour, dash) in enumerate(marks):
        top = -_LABEL * (len(marks) - number) + 6
        left = at > (bins.low + bins.high) / 2
        base = alt.Chart(theme.data([{"at": at, "label": label}])).encode(x=bins.x(figures, "at"))
        rule = base.mark_rule(color=colour, strokeWidth=1.5, strokeDash=dash)
        align, dx = ("right", -5) if left else ("left", 5)
        name = base.mark_text(**theme.text(align=align, dx=dx, color=colour, fontWeight="bold"))
        layers += [
            rule.encode(y=alt.value(top - 6), y2=alt.value(_HEIGHT)),
            name.encode(y=alt.value(top), text="label:N"),
        ]
    return layers


def _told(figures: Figures, bins: _Bins, *, few: bool) -> list[str]:
    words = figures.words
    number = words.areas(len(figures.known), (row.tier for row in figures.rows))
    period = words.period(figures.periods()[0])
    wide = figures.attach(f"{bins.size:g}")
    each = (
        words.of("一点一个地区", "each dot is an area")
        if few
        else words.of(f"每条宽 {wide}，高为地区数", f"bars of {wide}, counting areas")
    )
    first = figures.line(period, *figures.groups(), number, each)
    return [first, figures.line(*figures.notes())]
