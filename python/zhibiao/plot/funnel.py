"""Areas against the limits of chance (漏斗图)."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from statistics import median
from typing import Literal

import altair as alt

from zhibiao import stat
from zhibiao.plot import labels, scales, theme
from zhibiao.plot.chance import Funnel
from zhibiao.plot.figures import Figures
from zhibiao.plot.refusal import refused
from zhibiao.tables import IndicatorTable

__all__ = ["funnel"]

_WIDTH = 560
_HEIGHT = 340
_MOST_LABELS = 30
_FEW = 300
"""Of more points the marks are small."""
_GRID = 120
"""Points of each line of the funnel."""
_WIDE = 100.0
"""Denominators that differ by more are drawn on a logarithmic scale."""
_DASHES: dict[int, list[list[int]]] = {1: [[]], 2: [[6, 4], []], 3: [[2, 3], [6, 4], []]}
_NAMES = {1: [("实线", "solid")], 2: [("虚线", "dashed"), ("实线", "solid")]}
_NAMES[3] = [("点线", "dotted"), *_NAMES[2]]


def funnel(
    figures: Figures,
    table: IndicatorTable,
    *,
    level: stat.Levels,
    target: str | float | Decimal | None,
    highlight: str | Sequence[str] | None,
    named: int,
) -> theme.Drawn:
    """Draws one period of one tier, whose rows in the table are `table`."""
    if not 0 <= named <= _MOST_LABELS:
        raise refused("labels", named, f"{named} names", f"pass a number from 0 to {_MOST_LABELS}")
    marked = figures.codes("highlight", highlight)
    levels = sorted(set(stat.levels(level)))
    if len(levels) not in _DASHES:
        why = f"{len(levels)} levels"
        raise refused("level", level, why, "pass one to three, such as (0.95, 0.998)")
    drawn = Funnel.of(figures, table, levels, target)
    for code in marked:
        if code not in {row.area for row in drawn.sizes}:
            why = f"`{figures.areas()[code]}` has no value that chance is known of"
            raise refused("highlight", code, why, "highlight an area that is drawn")
    return _drawn(drawn, table, marked, named)


@dataclass(frozen=True, slots=True)
class _Plane:
    """Where denominators and values lie, in data and in pixels."""

    left: float
    right: float
    low: float
    high: float
    log: bool
    step: float

    @classmethod
    def of(cls, funnel: Funnel) -> _Plane:
        sizes = list(funnel.sizes.values())
        log = max(sizes) > _WIDE * min(sizes)
        left, right = (min(sizes) / 1.3, max(sizes) * 1.3) if log else (0.0, max(sizes) * 1.06)
        values = [row.value or 0.0 for row in funnel.sizes] + [funnel.target]
        # Beyond the areas there is room for the funnel as it is at the middle denominator.
        ends = funnel.limits([min(sizes), median(sizes)], funnel.levels[-1])
        (lower, upper), (least, most) = ends
        room = max(max(values) - min(values), most - least) / 2
        values += [max(lower, min(values) - room), min(upper, max(values) + room)]
        low, high, step = scales.domain(values, 6)
        return cls(left, right, low, high, log, step)

    def at(self, size: float, value: float) -> tuple[float, float]:
        """Pixels from the left and from the bottom."""
        if self.log:
            x = math.log(size / self.left) / math.log(self.right / self.left)
        else:
            x = (size - self.left) / (self.right - self.left)
        return x * _WIDTH, (value - self.low) / (self.high - self.low) * _HEIGHT

    def grid(self, first: float) -> list[float]:
        """Denominators from the first to the right end, closer where the funnel bends."""
        ratio = self.right / first
        return [first * ratio ** (number / _GRID) for number in range(_GRID + 1)]

    def x(self, figures: Figures, title: str) -> alt.X:
        large = "format(datum.value / 1e4, ',~r') + '万'", "format(datum.value, '~s')"
        expr = f"datum.value >= 1e4 ? {figures.words.of(*large)} : format(datum.value, ',')"
        ticks = _decades(self.left, self.right) if self.log else alt.Undefined
        axis = theme.axis(
            domain=True,
            domainColor=theme.PALE,
            ticks=True,
            tickColor=theme.PALE,
            tickCount=6,
            values=ticks,
            labelColor=theme.GREY,
            labelExpr=expr,
            title=title,
            titlePadding=8,
        )
        kind: Literal["log", "linear"] = "log" if self.log else "linear"
        scale = alt.Scale(type=kind, domain=[self.left, self.right], nice=False, zero=False)
        return alt.X("size:Q", scale=scale, axis=axis)

    def y(self, figures: Figures) -> alt.Y:
        parts = round((self.high - self.low) / self.step)
        axis = theme.axis(
            grid=True,
            zindex=0,
            values=[self.low + self.step * number for number in range(parts + 1)],
            labelColor=theme.GREY,
            titleAngle=0,
            titleAlign="left",
            titleAnchor="end",
            titleY=-14,
            titleX=-30,
            **figures.ticks(self.step),
        )
        scale = alt.Scale(domain=[self.low, self.high], nice=False, zero=False)
        return alt.Y("value:Q", scale=scale, axis=axis)


def _decades(low: float, high: float) -> list[float]:
    """1, 10, 100, … between two ends, with 2 and 5 between where they are few."""
    powers = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    parts = (1, 2, 5) if len(powers) <= 4 else (1,)
    ticks = [part * 10.0**power for power in powers for part in parts]
    return [tick for tick in ticks if low <= tick <= high]


def _drawn(funnel: Funnel, table: IndicatorTable, marked: list[str], named: int) -> theme.Drawn:
    figures, plane = funnel.figures, _Plane.of(funnel)
    measure = figures.indicator.denominator
    title = table.catalog.measure(measure, lang=table.lang).name if measure else ""
    x = plane.x(figures, title or figures.words.of("分母", "Denominator"))
    y = plane.y(figures)
    layers = [*_lines(funnel, plane, x, y), *_points(funnel, marked, x, y)]
    dots = [plane.at(size, row.value or 0.0) for row, size in funnel.sizes.items()]
    names = labels.placed(_labels(funnel, plane, marked, named), dots, _WIDTH, _HEIGHT)
    base = alt.Chart(theme.data(names)).encode(x=x, y=y)
    weight = alt.expr("datum.strong ? 'bold' : 'normal'")
    layers += labels.drawn(base, fontWeight=weight)
    heading = theme.title(figures.name, _told(funnel), width=92)
    return theme.finish(theme.layered(layers), heading, width=_WIDTH, height=_HEIGHT)


def _lines(funnel: Funnel, plane: _Plane, x: alt.X, y: alt.Y) -> list[alt.Chart]:
    """The funnel of each level, and the middle with its name at the right end."""
    sizes = plane.grid(min(funnel.sizes.values()) / (1.3 if plane.log else 1.1))
    layers: list[alt.Chart] = []
    for level, dash in zip(funnel.levels, _DASHES[len(funnel.levels)], strict=True):
        limits = funnel.limits(sizes, level)
        records = [
            {"size": size, "value": value, "side": side}
            for size, ends in zip(sizes, limits, strict=True)
            for side, value in zip(("lower", "upper"), ends, strict=True)
        ]
        line = alt.Chart(theme.data(records)).mark_line(
            color=theme.GREY, strokeWidth=1.3, strokeDash=dash, clip=True
        )
        layers.append(line.encode(x=x, y=y, detail="side:N"))
    figures = funnel.figures
    name = figures.words.of(*(("目标", "target") if funnel.given else ("合计", "together")))
    label = f"{name}\n{figures.rounded(funnel.target)}"
    middle = [
        {"size": size, "value": funnel.target, "label": text}
        for size, text in ((plane.left, ""), (plane.right, label))
    ]
    base = alt.Chart(theme.data(middle)).encode(x=x, y=y)
    look = theme.text(align="left", dx=7, fontWeight="bold", lineBreak="\n")
    layers.append(base.mark_line(color=theme.INK, strokeWidth=1.6))
    layers.append(base.mark_text(**look).encode(text="label:N"))
    return layers


def _points(funnel: Funnel, marked: list[str], x: alt.X, y: alt.Y) -> list[alt.Chart]:
    figures = funnel.figures
    names = _kinds(funnel)
    records = [
        {
            **figures.record(row),
            "size": funnel.sizes[row],
            "kind": names[funnel.side(row)],
            "outside": funnel.outside[row] / len(funnel.levels),
            "strong": row.area in marked,
        }
        for row in sorted(funnel.sizes, key=lambda row: funnel.outside[row])
    ]
    looks = {1: "triangle-up", 0: "circle", -1: "triangle-down"}
    sizes = [26, 110] if len(records) <= _FEW else [12, 40]
    domain = [names[side] for side in looks]
    colours = alt.Scale(domain=domain, range=[_colour(funnel, side) for side in looks])
    shapes = alt.Scale(domain=domain, range=list(looks.values()))
    legend = theme.legend(symbolType=alt.Undefined, symbolStrokeWidth=1.2, symbolSize=90)
    fill = alt.Fill("kind:N", scale=colours, legend=legend)
    base = alt.Chart(theme.data(records)).encode(x=x, y=y, tooltip=figures.tooltip())
    dots = base.mark_point(strokeWidth=1.4, opacity=1).encode(
        shape=alt.Shape("kind:N", scale=shapes, legend=legend),
        stroke=alt.Stroke("kind:N", scale=colours, legend=legend),
        fill=alt.when("!datum.solid").then(alt.value("white")).otherwise(fill),
        size=alt.Size("outside:Q", scale=alt.Scale(domain=[0, 1], range=sizes), legend=None),
    )
    ring = base.transform_filter("datum.strong").mark_point(
        color=theme.INK, strokeWidth=2, size=260, opacity=1
    )
    return [dots, ring]


def _colour(funnel: Funnel, side: int) -> str:
    better = funnel.figures.indicator.better
    if side == 0:
        return theme.SKY
    if better not in {"higher", "lower"}:
        return theme.INK
    return theme.BLUE if (side > 0) == (better == "higher") else theme.ORANGE


def _kinds(funnel: Funnel) -> dict[int, str]:
    """What the marks above, inside and below the funnel are called, with their number."""
    of = funnel.figures.words.of
    count = Counter(funnel.side(row) for row in funnel.sizes)
    higher = {"higher": ("优", "better"), "lower": ("劣", "worse")}
    lower = {"higher": ("劣", "worse"), "lower": ("优", "better")}
    better = funnel.figures.indicator.better
    above, below = higher.get(better), lower.get(better)

    def name(side: int, zh: str, en: str, judged: tuple[str, str] | None) -> str:
        word = of(f"（{judged[0]}）", f" ({judged[1]})") if judged else ""
        return f"{of(zh, en)}{word}{of('：', ': ')}{count[side]:,}"

    return {
        1: name(1, "高于漏斗", "above the funnel", above),
        0: name(0, "漏斗之内", "inside", None),
        -1: name(-1, "低于漏斗", "below the funnel", below),
    }


def _labels(funnel: Funnel, plane: _Plane, marked: list[str], named: int) -> list[labels.Label]:
    wanted = [row for row in funnel.sizes if row.area in marked]
    others = [row for row in funnel.farthest() if row.area not in marked][:named]
    found: list[labels.Label] = []
    for row in [*wanted, *others]:
        size, value = funnel.sizes[row], row.value or 0.0
        strong = row.area in marked
        text = f"{row.place} {row.printed}" if strong else row.place
        record = {"size": size, "value": value, "strong": strong}
        found.append(labels.Label(*plane.at(size, value), text, record, strong))
    return found


def _told(funnel: Funnel) -> list[str]:
    figures = funnel.figures
    words, of = figures.words, figures.words.of
    count = words.areas(len(funnel.sizes), (row.tier for row in figures.rows))
    period = words.period(figures.periods()[0])
    middle = (
        of("中线：给定的目标", "middle: the target given")
        if funnel.given
        else of("中线：所画地区的和之比", "middle: ratio of sums of the areas drawn")
    )
    lines = [figures.line(period, *figures.groups(), count, middle), _of_limits(funnel)]
    outside = sum(number == len(funnel.levels) for number in funnel.outside.values())
    if not funnel.given and outside > len(funnel.sizes) / 2:
        lines.append(
            of(
                "过半地区在最宽的漏斗之外：地区间的差异不止于偶然（过度离散）",
                "More than half lie outside the widest: areas differ by more than chance "
                "(overdispersion)",
            )
        )
    absent = len(figures.known) - len(funnel.sizes)
    left = of(f"{absent:,} 个无分子分母，未画", f"{absent:,} without parts are not drawn")
    return [*lines, figures.line(*figures.notes(), left if absent else "")]


def _of_limits(funnel: Funnel) -> str:
    of = funnel.figures.words.of
    names = _NAMES[len(funnel.levels)]
    each = of("、", ", ").join(
        of(f"{100 * level:g} %（{zh}）", f"{100 * level:g} % ({en})")
        for level, (zh, en) in zip(funnel.levels, names, strict=True)
    )
    method = of(*(("正态", "normal") if funnel.method == "share" else ("泊松", "Poisson")))
    sizes = of("大标记在各限之外", "large marks: outside all")
    sizes = sizes if len(funnel.levels) > 1 else ""
    reach = of(f"漏斗为偶然所及：{each}，{method}", f"funnel: reach of chance, {each}, {method}")
    return funnel.figures.line(reach, sizes)
