"""Bars with printed values at their ends (条形图)."""

from __future__ import annotations

from collections.abc import Sequence

import altair as alt

from zhibiao.plot import theme
from zhibiao.plot.figures import Figure, Figures
from zhibiao.plot.refusal import refused

__all__ = ["bars"]

_MOST = 60
_MOST_BESIDE = 4
_ROW = 24
_WIDTH = 380


def bars(
    figures: Figures,
    *,
    highlight: str | Sequence[str] | None,
    threshold: float | None,
    top: int | None,
) -> theme.Drawn:
    """Draws figures that differ in one or two of area, period and slice."""
    marked = figures.codes("highlight", highlight)
    varying = _varying(figures)
    rows = _sorted(figures, varying[0])
    keys = list(dict.fromkeys(_key(row, varying[0]) for row in rows))
    shown = keys[:top] if top else keys
    if len(shown) > _MOST:
        why = f"{len(shown):,} rows of bars cannot be read"
        raise refused("top", top, why, f"at most {_MOST} can be drawn; pass top=20, or use `rank`")
    held = set(shown)
    drawn = figures.keep(row for row in rows if _key(row, varying[0]) in held)
    beside = varying[1] if len(varying) > 1 else None
    records = [
        {**figures.record(row), "key": _key(row, varying[0]), "beside": _key(row, beside)}
        for row in drawn.rows
    ]
    for record in records:
        record["strong"] = not marked or record["area"] in marked
        record["zero"] = 0
    return _drawn(drawn, records, shown, beside=beside, threshold=threshold, total=len(keys))


def _drawn(
    figures: Figures,
    records: list[theme.Record],
    keys: list[str],
    *,
    beside: str | None,
    threshold: float | None,
    total: int,
) -> theme.Drawn:
    values = [*figures.values(), 0.0]
    values += [] if threshold is None else [threshold]
    scale = alt.Scale(domain=[min(values), max(values)], nice=False, zero=True)
    base = alt.Chart(theme.data(records)).encode(
        y=alt.Y("key:N", sort=keys, axis=theme.axis(), scale=alt.Scale(paddingInner=0.25)),
        x=alt.X("value:Q", scale=scale, axis=None),
        tooltip=figures.tooltip(),
    )
    groups = list(dict.fromkeys(record["beside"] for record in records))
    colour: alt.Color | alt.ColorValue = alt.ColorValue(theme.BLUE)
    stroke: alt.Stroke | alt.StrokeValue = alt.StrokeValue(theme.BLUE)
    if beside is not None:
        base = base.encode(
            yOffset=alt.YOffset("beside:N", sort=groups, scale=alt.Scale(paddingInner=0.1))
        )
        colours = [
            theme.PALE if name == figures.words.total else theme.LINES[index]
            for index, name in enumerate(groups)
        ]
        shades = alt.Scale(domain=groups, range=colours)
        colour = alt.Color("beside:N", scale=shades, legend=theme.legend())
        stroke = alt.Stroke("beside:N", scale=shades, legend=None)
    bar = base.mark_bar(strokeWidth=1.2).encode(
        color=colour,
        stroke=stroke,
        fillOpacity=alt.when("datum.solid").then(alt.value(1)).otherwise(alt.value(0.12)),
        opacity=alt.when("datum.strong").then(alt.value(1)).otherwise(alt.value(0.4)),
    )
    known = "datum.value != null"
    look = theme.text(
        align=alt.expr("datum.value < 0 ? 'right' : 'left'"),
        dx=alt.expr("datum.value < 0 ? -5 : 5"),
    )
    # A white edge keeps numbers apart from the line of the threshold.
    ends = [
        base.transform_filter(known).mark_text(**{**look, **edge}).encode(text="printed:N")
        for edge in ({"stroke": "white", "strokeWidth": 4}, {})
    ]
    none = base.transform_filter("datum.value == null").mark_text(
        **theme.text(align="left", dx=5, color=theme.GREY, fontStyle="italic")
    )
    line = [] if threshold is None else _line(figures, threshold, scale)
    nothing = none.encode(x=alt.X("zero:Q", scale=scale, axis=None), text="printed:N")
    layers: list[alt.Chart] = [bar, *line, *ends, nothing]
    row = _ROW if beside is None else max(_ROW, 17 * len(groups) + 8)
    heading = theme.title(figures.name, _told(figures, len(keys), total))
    return theme.finish(theme.layered(layers), heading, width=_WIDTH, height=row * len(keys))


def _line(figures: Figures, threshold: float, scale: alt.Scale) -> list[alt.Chart]:
    label = figures.sign() + figures.attach(f"{threshold:g}")
    at = alt.Chart(theme.data([{"at": threshold, "label": label}])).encode(
        x=alt.X("at:Q", scale=scale, axis=None)
    )
    return [
        at.mark_rule(color=theme.INK, strokeDash=[4, 3]),
        at.mark_text(**theme.text(baseline="bottom", dy=-3, fontWeight="bold")).encode(
            y=alt.value(0), text="label:N"
        ),
    ]


def _told(figures: Figures, shown: int, total: int) -> list[str]:
    of = figures.words.of
    areas, periods, groups = figures.areas(), figures.periods(), figures.groups()
    place = next(iter(areas.values())) if len(areas) == 1 else ""
    period = figures.words.period(periods[0]) if len(periods) == 1 else ""
    group = groups[0] if len(groups) == 1 else ""
    cut = of(f"前 {shown}（共 {total:,}）", f"first {shown} of {total:,}") if shown < total else ""
    return [figures.line(place, period, group, cut), figures.line(*figures.notes())]


def _varying(figures: Figures) -> list[str]:
    """Which of area, slice and period differ: the first is the axis, the second stands beside."""
    count = {
        "area": len(figures.areas()),
        "group": len(figures.groups()),
        "period": len(figures.periods()),
    }
    found = [name for name, number in count.items() if number > 1] or ["area"]
    if len(found) > 2:
        why = "areas, slices and periods all differ"
        raise refused("period", None, why, "name one period, or one slice with `where`")
    if len(found) == 2 and count[found[1]] > _MOST_BESIDE:
        number = count[found[1]]
        if count[found[0]] <= _MOST_BESIDE:
            return found[::-1]
        why = f"{number} {found[1]}s for each {found[0]} cannot be read"
        option = "period" if found[1] == "period" else "where"
        raise refused(option, None, why, f"name at most {_MOST_BESIDE}, or use `trend`")
    return found


def _key(row: Figure, what: str | None) -> str:
    return {"area": row.place, "group": row.group, "period": row.period}.get(what or "", "")


def _sorted(figures: Figures, axis: str) -> list[Figure]:
    """Areas by value, the largest first and those without at the end; all else as it stands."""
    if axis != "area":
        return (
            sorted(figures.rows, key=lambda row: row.period)
            if axis == "period"
            else [*figures.rows]
        )
    largest: dict[str, float] = {}
    for row in figures.known:
        if row.value is not None:
            largest.setdefault(row.area, row.value)
    order = sorted(figures.areas(), key=lambda area: -largest.get(area, float("-inf")))
    rank = {area: number for number, area in enumerate(order)}
    return sorted(figures.rows, key=lambda row: rank[row.area])
