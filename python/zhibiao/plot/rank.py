"""Areas in order, as dots, with a threshold and limits (排名图)."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import altair as alt

from zhibiao.plot import scales, theme
from zhibiao.plot.chance import Limits
from zhibiao.plot.figures import Figure, Figures
from zhibiao.plot.refusal import refused

__all__ = ["places", "rank"]

_MOST = 60
_ROW = 20
_WIDTH = 340
_ENDS = 3
"""How many of the first and last are shown beside the window round a highlighted area."""


def rank(
    figures: Figures,
    *,
    highlight: str | Sequence[str] | None,
    threshold: float | None,
    limits: Limits | None,
    show: int,
) -> theme.Drawn:
    """Draws one period of one tier, the best first, with limits where there are any."""
    if not 2 <= show <= _MOST:
        remedy = f"between 2 and {_MOST} rows can be read"
        raise refused("show", show, f"{show} rows", remedy)
    marked = figures.codes("highlight", highlight)
    ordered = places(figures)
    for code in marked:
        if code not in {row.area for _, row in ordered}:
            why = f"`{figures.areas()[code]}` has no value"
            raise refused("highlight", code, why, "highlight an area that has one")
    kept = _window([row.area for _, row in ordered], marked, show)
    records, lines = _records(figures, ordered, kept, marked)
    if threshold is not None:
        for record in records:
            value = record["value"]
            record["good"] = value is not None and figures.meets(value, threshold)
    ends = {row.area: found for row, found in limits.ends.items()} if limits else {}
    for record in records:
        record["lower"], record["upper"] = ends.get(record["area"], (None, None))
    heading = theme.title(figures.name, _told(figures, ordered, threshold, limits, len(kept)))
    return _drawn(figures, records, lines, heading, threshold=threshold)


def places(figures: Figures) -> list[tuple[int, Figure]]:
    """The rows with a value, the best first; equal values share a rank (名次)."""
    rows = sorted(figures.known, key=lambda row: (figures.distance(row.value or 0), row.area))
    ranked: list[tuple[int, Figure]] = []
    for index, row in enumerate(rows):
        same = ranked and ranked[-1][1].value == row.value
        ranked.append((ranked[-1][0] if same else index + 1, row))
    return ranked


def _window(areas: list[str], marked: list[str], show: int) -> list[int]:
    """Which of the ranked areas are shown: all, or the ends and what stands round the marked."""
    count = len(areas)
    # A gap takes a line, in which one area has its place.
    if count <= show + 1:
        return list(range(count))
    if not marked:
        first = (show + 1) // 2
        return [*range(first), *range(count - (show - first), count)]
    ends = min(_ENDS, (show - len(marked)) // 2) if show > len(marked) else 0
    kept = {*range(ends), *range(count - ends, count)}
    centres = [areas.index(code) for code in marked]
    for distance in range(count):
        for centre in centres:
            for index in (centre - distance, centre + distance):
                if 0 <= index < count and (len(kept) < show or distance == 0):
                    kept.add(index)
        if len(kept) >= show:
            break
    return sorted(kept | {index for index in range(1, count) if {index - 1, index + 1} <= kept})


def _records(
    figures: Figures,
    ordered: list[tuple[int, Figure]],
    kept: list[int],
    marked: list[str],
) -> tuple[list[theme.Record], list[str]]:
    """The rows that are drawn, and the labels of all lines in order, gaps among them."""
    records: list[theme.Record] = []
    lines: list[str] = []
    gaps = {later: later - earlier - 1 for earlier, later in pairwise(kept)}
    for index in kept:
        if gaps.get(index):
            gap = f"{gaps[index]:,}"
            lines.append(figures.words.of(f"… 略去 {gap} 个", f"… {gap} not shown"))
        number, row = ordered[index]
        line = f"{row.place}\u00a0\u00a0{number:,}"
        lines.append(line)
        record = figures.record(row)
        records.append({**record, "line": line, "strong": row.area in marked, "good": True})
    return records, lines


def _drawn(
    figures: Figures,
    records: list[theme.Record],
    lines: list[str],
    heading: alt.TitleParams,
    *,
    threshold: float | None,
) -> theme.Drawn:
    limited = [record for record in records if record["lower"] is not None]
    values = [record["value"] for record in records]
    values += [record[end] for record in limited for end in ("lower", "upper")]
    low, high, step = scales.domain(values + ([] if threshold is None else [threshold]), 6)
    scale = alt.Scale(domain=[low, high], nice=False, zero=False)
    strong = [record["line"] for record in records if record["strong"]]
    is_strong = f"indexof({strong!r}, datum.value) >= 0"
    left = theme.axis(
        grid=True,
        zindex=0,
        labelFontWeight={"condition": {"test": is_strong, "value": "bold"}, "value": "normal"},
        labelColor={
            "condition": {"test": "datum.value[0] == '…'", "value": theme.GREY},
            "value": theme.INK,
        },
    )
    below = theme.axis(
        orient="top",
        values=[low + step * number for number in range(round((high - low) / step) + 1)],
        labelColor=theme.GREY,
        **figures.ticks(step),
    )
    y = alt.Y("line:N", sort=lines, scale=alt.Scale(domain=lines), axis=left)
    base = alt.Chart(theme.data(records)).encode(
        y=y, x=alt.X("value:Q", scale=scale, axis=below), tooltip=figures.tooltip()
    )
    colour = alt.when("datum.good").then(alt.value(theme.BLUE)).otherwise(alt.value(theme.ORANGE))
    dot = base.mark_point(filled=True, strokeWidth=1.6, opacity=1).encode(
        fill=alt.when("datum.solid && datum.good")
        .then(alt.value(theme.BLUE))
        .when("datum.solid")
        .then(alt.value(theme.ORANGE))
        .otherwise(alt.value("white")),
        stroke=colour,
        size=alt.when("datum.strong").then(alt.value(150)).otherwise(alt.value(70)),
    )
    printed = base.mark_text(**theme.text(align="right")).encode(
        x=alt.value(_WIDTH + 64), text="printed:N"
    )
    reach = base.transform_filter("datum.lower != null").mark_rule(strokeWidth=2, opacity=0.55)
    rule = reach.encode(x=alt.X("lower:Q", scale=scale, axis=below), x2="upper:Q", stroke=colour)
    band = base.transform_filter("datum.strong").mark_rect(color=theme.BAND)
    layers: list[alt.Chart] = [band.encode(x=alt.value(0), x2=alt.value(_WIDTH))] if strong else []
    if threshold is not None:
        label = figures.sign() + figures.attach(f"{threshold:g}")
        at = alt.Chart(theme.data([{"at": threshold, "label": label}])).encode(
            x=alt.X("at:Q", scale=scale, axis=below)
        )
        layers.append(at.mark_rule(color=theme.INK, strokeDash=[4, 3]))
        layers.append(
            at.mark_text(**theme.text(baseline="top", dy=5, fontWeight="bold")).encode(
                y=alt.value(_ROW * len(lines)), text="label:N"
            )
        )
    drawn = theme.layered([*layers, *([rule] if limited else []), dot, printed])
    return theme.finish(drawn, heading, width=_WIDTH, height=_ROW * len(lines))


def _told(
    figures: Figures,
    ordered: list[tuple[int, Figure]],
    threshold: float | None,
    limits: Limits | None,
    shown: int,
) -> list[str]:
    words = figures.words
    count = words.areas(len(ordered), (row.tier for row in figures.rows))
    period = words.period(figures.periods()[0])
    lines = [figures.line(period, *figures.groups(), count, _order(figures))]
    if threshold is not None:
        good = sum(figures.meets(row.value or 0, threshold) for _, row in ordered)
        bound = figures.sign() + figures.attach(f"{threshold:g}")
        lines.append(
            words.of(
                f"{good:,} 个达到 {bound}（蓝），{len(ordered) - good:,} 个未达到（橙）",
                f"{good:,} meet {bound} (blue), {len(ordered) - good:,} do not (orange)",
            )
        )
    if limits is not None:
        lines.append(_of_limits(figures, limits))
    if shown < len(ordered):
        lines.append(words.of(f"只画出其中 {shown} 个", f"{shown} of them are shown"))
    return [*lines, figures.line(*figures.notes())]


def _of_limits(figures: Figures, limits: Limits) -> str:
    of = figures.words.of
    level = f"{100 * limits.level:g} %"
    absent = len(figures.known) - len(limits.ends)
    return figures.line(
        of(
            f"横线：{level} 限，同样的地区仅凭偶然所及（超总体）",
            f"lines: {level} limits, how far chance takes an area like it (superpopulation)",
        ),
        of(f"{absent:,} 个无限", f"{absent:,} without limits") if absent else "",
    )


def _order(figures: Figures) -> str:
    of = figures.words.of
    indicator = figures.indicator
    if indicator.better == "lower":
        return of("由低到高", "lowest first")
    if indicator.better == "nearer":
        return of(f"由近 {indicator.goal} 到远", f"nearest to {indicator.goal} first")
    return of("由高到低", "highest first")
