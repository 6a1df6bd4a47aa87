"""A standard at a glance (对标图): each value against its threshold, with the verdict."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

import altair as alt

from zhibiao.plot import theme
from zhibiao.plot.figures import Words, attach
from zhibiao.plot.refusal import nearest, refused

if TYPE_CHECKING:
    from zhibiao.catalog import Catalog
    from zhibiao.tables import VerdictTable

__all__ = ["standard"]

_BAR = 190
_ROW = 27
_SIGNS = {
    "meets": ("✓", "达标", "meets", theme.BLUE),
    "fails": ("✗", "未达标", "fails", theme.ORANGE),
    "unknown": ("?", "无法判定", "unknown", theme.GREY),
    "not_applicable": ("–", "不适用", "not applicable", theme.GREY),
}
_NUMBER = re.compile(r"([≥≤<>])\s*(-?\d+(?:\.\d+)?)")
_FIXED = ("area", "area_name", "tier", "period")


def standard(
    verdicts: VerdictTable,
    *,
    areas: str | Sequence[str] | None,
    period: str | None,
    limit: int,
    columns: int,
) -> alt.FacetChart | theme.Drawn:
    """Draws one period: a panel an area, a bar a criterion."""
    if limit < 1 or columns < 1:
        raise refused("limit", limit, "no panel would be drawn", "pass at least 1")
    rows: list[theme.Record] = verdicts.to_polars().to_dicts()
    words = Words(verdicts.lang)
    rows = _of_period(rows, period)
    places = _areas(rows, areas)
    shown = places[:limit]
    rows = [row for row in rows if row["area"] in {area for area, _ in shown}]
    # What is no number has no bar.
    units = {one.id: (one.name, one.unit) for one in verdicts.indicators if not one.grades}
    graded = {one.id for one in verdicts.indicators if one.grades}
    rows = [row for row in rows if row["indicator"] not in graded]
    records = [
        _record(row, place, units, verdicts.catalog, words)
        for area, place in shown
        for row in _applying(rows, area)
    ]
    head = verdicts.standard
    lines = [_first(rows, shown, head.source or "", words)]
    if len(places) > len(shown):
        lines.append(
            words.of(
                f"共 {len(places):,} 个地区，画出前 {len(shown)} 个",
                f"the first {len(shown)} of {len(places):,} areas are shown",
            )
        )
    lines.append(_summary(records, words))
    heading = theme.title(head.name, lines)
    criteria = list(dict.fromkeys(record["criterion"] for record in records))
    # A letter of half width takes about 7.5 pixels; a bar must not run into its value.
    room = max(62.0, 16 + 7.5 * max(theme.width_of(record["shown"]) for record in records))
    layered = _layers(criteria, room, words)
    if len(shown) == 1:
        return theme.finish(layered, heading, data=theme.data(records))
    header = alt.Header(
        title=None,
        labelFont=theme.text()["font"],
        labelFontSize=13,
        labelFontWeight="bold",
        labelColor=theme.INK,
        labelAnchor="start",
    )
    panels = layered.properties(view=alt.ViewBackground(stroke=None)).facet(
        facet=alt.Facet("place:N", sort=[place for _, place in shown], header=header),
        columns=columns,
        spacing={"row": 26, "column": 36},
        data=theme.data(records),
    )
    return panels.properties(title=heading)


def _of_period(rows: list[theme.Record], period: str | None) -> list[theme.Record]:
    known = sorted({str(row["period"] or "") for row in rows})
    if not known:
        raise refused("standard", None, "there is no verdict to draw", "widen the filter")
    if period is not None and period not in known:
        why = f"there are no verdicts of `{period}`"
        raise refused("period", period, why, f"there are those of {nearest(period, known)}")
    wanted = period if period is not None else known[-1]
    return [row for row in rows if str(row["period"] or "") == wanted]


def _areas(rows: list[theme.Record], areas: str | Sequence[str] | None) -> list[tuple[str, str]]:
    names = {row["area"]: row["area_name"] or row["area"] for row in rows}
    shared = Counter(names.values())
    places = {area: name if shared[name] == 1 else f"{name} {area}" for area, name in names.items()}
    if areas is None:
        return list(places.items())
    chosen: list[tuple[str, str]] = []
    for word in [areas] if isinstance(areas, str) else areas:
        found = [area for area, name in names.items() if word in {area, name}]
        if len(found) != 1:
            why = f"no area `{word}`" if not found else f"`{word}` is the name of several areas"
            near = nearest(word, [*names.values(), *names]) if not found else ", ".join(found[:6])
            raise refused("areas", word, why, f"use a code or name, such as {near}")
        chosen.append((found[0], places[found[0]]))
    return chosen


def _applying(rows: list[theme.Record], area: str) -> list[theme.Record]:
    """The criteria of one area; of one that applies to some slices, the others are left out."""
    mine = [row for row in rows if row["area"] == area]
    applies = {row["criterion"] for row in mine if row["verdict"] != "not_applicable"}
    return [
        row for row in mine if row["verdict"] != "not_applicable" or row["criterion"] not in applies
    ]


def _record(
    row: theme.Record,
    place: str,
    units: dict[str, tuple[str, str]],
    catalog: Catalog,
    words: Words,
) -> theme.Record:
    name, unit = units.get(row["indicator"], (row["indicator"], ""))
    columns = list(row)
    dimensions = columns[columns.index("period") + 1 : columns.index("standard")]
    slices = words.slices(row, dimensions, catalog)
    bounds = [float(number) for _, number in _NUMBER.findall(row["threshold"] or "")]
    full = _full(row["value"], bounds, unit)
    sign, zh, en, _ = _SIGNS[row["verdict"]]
    shown = attach(row["display"], unit) if row["display"] else words.of("无数值", "no value")
    wanted = _NUMBER.sub(
        lambda found: f"{found[1]} {attach(found[2], unit)}", row["threshold"] or ""
    )
    return {
        "place": place,
        "criterion": name + (f"（{'，'.join(slices)}）" if slices else ""),
        "verdict": row["verdict"],
        "sign": sign,
        "bar": None if row["value"] is None else round(max(0.0, row["value"]) / full, 9),
        "bound": bounds[0] / full if bounds else None,
        "bound2": bounds[1] / full if len(bounds) > 1 else None,
        "shown": shown,
        "wanted": words.of(f"要求 {wanted}", f"needs {wanted}"),
        "label": words.of(zh, en),
        "gap": None if row["gap"] is None else f"{row['gap']:+.4g}",
        "full": 1,
        "period": row["period"],
    }


def _full(value: float | None, bounds: list[float], unit: str) -> float:
    """What the whole length of a bar stands for: 100 of %, else a little more than is needed."""
    most = max([value or 0.0, *bounds, 0.0])
    if unit == "%" and most <= 100:
        return 100.0
    return most * 1.15 or 1.0


def _layers(criteria: list[str], room: float, words: Words) -> theme.Drawn:
    y = alt.Y(
        "criterion:N",
        sort=criteria,
        scale=alt.Scale(domain=criteria),
        axis=theme.axis(labelPadding=26),
    )
    tooltip = [
        alt.Tooltip(f"{field}:N", title=name)
        for field, name in (
            ("place", words.of("地区", "Area")),
            ("period", words.of("时期", "Period")),
            ("criterion", words.of("条件", "Criterion")),
            ("shown", words.of("数值", "Value")),
            ("wanted", words.of("要求", "Threshold")),
            ("label", words.of("结论", "Verdict")),
            ("gap", words.of("差距", "Gap")),
        )
    ]
    scale = alt.Scale(domain=[0, 1], nice=False)
    colour = alt.Color(
        "verdict:N",
        legend=None,
        scale=alt.Scale(domain=list(_SIGNS), range=[sign[3] for sign in _SIGNS.values()]),
    )
    base = alt.Chart().encode(y=y, tooltip=tooltip)
    x = alt.X("bar:Q", scale=scale, axis=None)
    layers = [
        base.mark_bar(color=theme.FAINT, height=12).encode(
            x=alt.X("full:Q", scale=scale, axis=None)
        ),
        base.mark_bar(height=12).encode(x=x, color=colour),
        *(
            base.transform_filter(f"datum.{field} != null")
            .mark_tick(color=theme.INK, thickness=2.5, height=20)
            .encode(x=alt.X(f"{field}:Q", scale=scale, axis=None))
            for field in ("bound", "bound2")
        ),
        base.mark_text(**theme.text(fontSize=15, fontWeight="bold")).encode(
            x=alt.value(-14), text="sign:N", color=colour
        ),
        base.mark_text(**theme.text(align="right")).encode(
            x=alt.value(_BAR + room), text="shown:N"
        ),
        base.mark_text(**theme.text(align="left", color=theme.GREY)).encode(
            x=alt.value(_BAR + room + 12), text="wanted:N"
        ),
    ]
    return theme.layered(layers).properties(width=_BAR, height=_ROW * len(criteria))


def _first(
    rows: list[theme.Record], shown: list[tuple[str, str]], source: str, words: Words
) -> str:
    place = shown[0][1] if len(shown) == 1 else ""
    parts = [place, words.period(str(rows[0]["period"] or "")), source]
    return "  ·  ".join(part for part in parts if part)


def _summary(records: list[theme.Record], words: Words) -> str:
    count = Counter(record["verdict"] for record in records)
    parts = [
        f"{words.of(zh, en)} {count[verdict]:,}"
        for verdict, (_, zh, en, _) in _SIGNS.items()
        if count[verdict]
    ]
    tick = words.of("竖线为要求", "the tick is the threshold")
    return words.of("，", ", ").join(parts) + "  ·  " + tick
