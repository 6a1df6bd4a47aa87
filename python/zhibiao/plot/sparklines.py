"""A small line for each area, with its last value, change and trend (小趋势图)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import altair as alt

from zhibiao.plot import theme
from zhibiao.plot.figures import Figure, Figures, beside
from zhibiao.plot.periods import line_of
from zhibiao.plot.refusal import refused
from zhibiao.tables import IndicatorTable

__all__ = ["sparklines"]

_MOST = 60
_ROW = 30
_WIDTH = 200
_LINE = 20
"""Pixels that the widest range of values takes of a row."""
_VALUE, _CHANGE, _TREND = _WIDTH + 84, _WIDTH + 196, _WIDTH + 216
"""Where the columns beside the lines end, end and begin."""
_TRENDS = {
    "improving": ("改善", "improving", theme.BLUE),
    "worsening": ("变差", "worsening", theme.ORANGE),
    "rising": ("上升", "rising", theme.INK),
    "falling": ("下降", "falling", theme.INK),
    "none": ("无显著趋势", "no significant trend", theme.GREY),
}
_REASONS = {
    "few_points": ("时期过少", "too few periods"),
    "no_model": ("无从检验", "cannot be tested"),
}


@dataclass(frozen=True, slots=True)
class _Series:
    """The values of an area, and what the table tells of its trend."""

    rows: list[Figure]
    told: theme.Record

    @property
    def last(self) -> Figure:
        return self.rows[-1]

    @property
    def known(self) -> list[float]:
        return [row.value for row in self.rows if row.value is not None]


def sparklines(
    figures: Figures,
    table: IndicatorTable,
    *,
    areas: str | Sequence[str] | None,
    points: int,
    level: float,
    show: int,
) -> theme.Drawn:
    """Draws one tier, whose rows in the table are `table`."""
    if not 1 <= show <= _MOST:
        raise refused("show", show, f"{show} rows", f"between 1 and {_MOST} rows can be read")
    figures.values()
    codes = figures.codes("areas", areas)
    if len(codes) > _MOST:
        why = f"{len(codes)} rows cannot be read"
        raise refused("areas", areas, why, f"name at most {_MOST}")
    count = len(figures.areas())
    codes = codes or list(figures.areas())[:show]
    told = beside(figures, table.trends(points=points, level=level), table.catalog)
    series = [_series(figures, code, told) for code in codes]
    periods = line_of(figures.periods())
    layers = [*_lines(figures, series, periods), *_columns(figures, series, periods)]
    lines = _told(figures, series, periods, count, _of_test(figures, points, level))
    heading = theme.title(figures.name, lines, width=88)
    return theme.finish(theme.layered(layers), heading, width=_WIDTH, height=_ROW * len(series))


def _series(figures: Figures, code: str, told: dict[Figure, list[theme.Record]]) -> _Series:
    rows = sorted((row for row in figures.rows if row.area == code), key=lambda row: row.period)
    return _Series(rows, told[rows[-1]][0] if told[rows[-1]] else {})


def _colour(one: _Series) -> str:
    return _TRENDS.get(str(one.told.get("trend")), _TRENDS["none"])[2]


def _lines(figures: Figures, series: list[_Series], periods: list[str]) -> list[alt.Chart]:
    """Lines that are not drawn across missing values, each in the middle of its row."""
    span = max((max(one.known) - min(one.known) for one in series if one.known), default=0.0)
    records: list[theme.Record] = []
    for number, one in enumerate(series):
        middle = (max(one.known) + min(one.known)) / 2 if one.known else 0.0
        by_period = {row.period: row for row in one.rows}
        stretch = 0
        for period in periods:
            row = by_period.get(period)
            if row is None or row.value is None:
                stretch += 1
                continue
            up = (row.value - middle) / span * _LINE if span else 0.0
            records.append(
                {
                    **figures.record(row),
                    "y": _ROW * (number + 0.5) - up,
                    "stretch": f"{number} {stretch}",
                    "colour": _colour(one),
                    "last": row is one.last,
                }
            )
    scale = alt.Scale(domain=periods, type="point", padding=0.3)
    x = alt.X("period:O", sort=periods, scale=scale, axis=None)
    base = alt.Chart(theme.data(records)).encode(x=x, y=_y("y", len(series)))
    colour = alt.Stroke("colour:N", scale=None)
    fill = alt.when("datum.solid").then(alt.Fill("colour:N", scale=None))
    return [
        base.mark_line(strokeWidth=1.8).encode(detail="stretch:N", stroke=colour),
        base.mark_point(opacity=1, strokeWidth=1.4).encode(
            stroke=colour,
            fill=fill.otherwise(alt.value("white")),
            size=alt.when("datum.last").then(alt.value(46)).otherwise(alt.value(12)),
            tooltip=figures.tooltip(),
        ),
    ]


def _columns(figures: Figures, series: list[_Series], periods: list[str]) -> list[alt.Chart]:
    """Name, last value, change and trend of each area, with what the columns are above them."""
    of = figures.words.of
    records: list[theme.Record] = []
    for number, one in enumerate(series):
        change = one.told.get("change")
        records.append(
            {
                "y": _ROW * (number + 0.5),
                "place": one.last.place,
                "value": _value(figures, one, periods[-1]),
                "known": one.last.value is not None,
                "change": "—" if change is None else figures.change(change),
                "trend": _word(figures, one),
                "colour": _colour(one),
            }
        )
    base = alt.Chart(theme.data(records)).encode(y=_y("y", len(series)))
    grey = alt.when("datum.known").then(alt.value(theme.INK)).otherwise(alt.value(theme.GREY))
    at_right = theme.text(align="right")
    before = of("较上期", "change")
    if len(periods) > 1:
        before = of(f"较{figures.words.period(periods[-2])}", f"since {periods[-2]}")
    heads = [
        {"x": _VALUE, "align": "right", "head": figures.words.period(periods[-1])},
        {"x": _CHANGE, "align": "right", "head": before},
        {"x": _TREND, "align": "left", "head": of("趋势", "trend")},
    ]
    return [
        base.mark_text(**at_right).encode(x=alt.value(-8), text="place:N"),
        base.mark_text(**at_right).encode(x=alt.value(_VALUE), text="value:N", color=grey),
        base.mark_text(**at_right).encode(x=alt.value(_CHANGE), text="change:N"),
        base.mark_text(**theme.text(align="left")).encode(
            x=alt.value(_TREND), text="trend:N", color=alt.Color("colour:N", scale=None)
        ),
        *(
            alt.Chart(theme.data([head]))
            .mark_text(**theme.text(align=head["align"], color=theme.GREY))
            .encode(x=alt.value(head["x"]), y=alt.value(-10), text="head:N")
            for head in heads
        ),
    ]


def _y(field: str, rows: int) -> alt.Y:
    """A place in pixels, from the top."""
    scale = alt.Scale(domain=[0, _ROW * rows], nice=False, zero=False, reverse=True)
    return alt.Y(f"{field}:Q", scale=scale, axis=None)


def _value(figures: Figures, one: _Series, period: str) -> str:
    """The last value, with its period where it is not that of the others."""
    printed = one.last.printed or figures.words.status(one.last.status)
    return printed if one.last.period == period else f"{printed} ({one.last.period})"


def _word(figures: Figures, one: _Series) -> str:
    """The trend with an arrow of its direction, or why there is none."""
    of = figures.words.of
    trend, status = one.told.get("trend"), str(one.told.get("status"))
    if trend is None:
        return of(*_REASONS.get(status, ("—", "—")))
    zh, en, _ = _TRENDS[str(trend)]
    if trend == "none":
        return of(zh, en)
    arrow = "↑" if (one.told["slope"] or 0.0) > 0 else "↓"
    return f"{arrow} {of(zh, en)}"


def _told(
    figures: Figures, series: list[_Series], periods: list[str], count: int, test: str
) -> list[str]:
    words, of = figures.words, figures.words.of
    span = " — ".join(dict.fromkeys((words.period(periods[0]), words.period(periods[-1]))))
    shown = words.areas(len(series), (row.tier for row in figures.rows))
    if len(series) < count:
        shown = of(f"{shown}（共 {count:,}）", f"{shown} of {count:,}")
    scale = of("各行同一比例，升降可比", "rows share one scale, so that slopes compare")
    drawn = figures.keep(row for one in series for row in one.rows)
    first = figures.line(span, *figures.groups(), shown)
    return [first, test, figures.line(scale, *drawn.notes())]


def _of_test(figures: Figures, points: int, level: float) -> str:
    chance = f"{100 * level:g} %"
    return figures.words.of(
        f"趋势：近 {points} 期，{chance} 水平显著且方向稳定者有色",
        f"trend over {points} periods; coloured where significant at {chance} and steady",
    )
