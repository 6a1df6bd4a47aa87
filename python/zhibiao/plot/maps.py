"""Areas on a map (地图), from shapes that the user brings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

import altair as alt

from zhibiao.plot import scales, theme
from zhibiao.plot.figures import Figure, Figures
from zhibiao.plot.refusal import nearest, refused
from zhibiao.plot.shapes import Shape

__all__ = ["maps"]

_WIDTH = 520
_NONE = "#8B939C"
_OUTSIDE = "#F4F5F6"
_MOST_LABELS = 40
_LEAST_LABEL = 0.055
"""A label is drawn in an area that is at least so wide, as a part of the map."""


def maps(
    figures: Figures,
    shapes: list[Shape],
    *,
    key: str,
    highlight: str | Sequence[str] | None,
    classes: int,
    labels: bool | None,
) -> theme.Drawn:
    """Draws one period of one tier, in classes of round bounds."""
    if not 2 <= classes <= len(theme.SHADES):
        remedy = f"between 2 and {len(theme.SHADES)} can be told apart"
        raise refused("classes", classes, f"{classes} classes", remedy)
    marked = figures.codes("highlight", highlight)
    rows = {row.area: row for row in figures.rows}
    found = [shape for shape in shapes if shape.code in rows]
    if not found:
        codes = nearest("", [shape.code for shape in shapes if shape.code]) or "nothing"
        why = f"no feature has the code of an area in `{key}`, which holds {codes}"
        remedy = f"pass the key that holds codes such as {nearest('', rows)}"
        raise refused("key", key, why, remedy)
    values = [r.value for s in found if (r := rows[s.code]).value is not None]
    low, high, size = scales.domain(values, classes) if values else (0.0, 1.0, 1.0)
    names = _classes(figures, low, size, round((high - low) / size) if values else 0)
    records = [
        _record(figures, shape, rows.get(shape.code), low=low, size=size, names=names)
        for shape in shapes
    ]
    if labels is None:
        labels = len(found) <= _MOST_LABELS
    return _drawn(figures, shapes, records, names, marked, labels=labels)


def _classes(figures: Figures, low: float, size: float, count: int) -> list[str]:
    """Labels of the classes: the lower bound belongs to a class, the upper one to the next."""
    bounds = [f"{round(low + size * number, 9):g}" for number in range(count + 1)]
    return [f"{a}–{figures.attach(b)}" for a, b in pairwise(bounds)]


def _record(
    figures: Figures,
    shape: Shape,
    row: Figure | None,
    *,
    low: float,
    size: float,
    names: list[str],
) -> theme.Record:
    of = figures.words.of
    record: theme.Record = {"type": "Feature", "geometry": shape.geometry}
    if row is None:
        outside = of("不在表中", "not in the table")
        blank = dict.fromkeys(("period", "numerator", "denominator", "status", "group"), "—")
        told = {"area": shape.code, "place": shape.code, "printed": outside, "value": None}
        return {**record, **blank, **told, "class": outside, "solid": True}
    if row.value is None:
        kind = of("无数值", "no value")
    else:
        kind = names[min(int(round((row.value - low) / size, 9)), len(names) - 1)]
    return {**record, **figures.record(row), "class": kind}


def _drawn(
    figures: Figures,
    shapes: list[Shape],
    records: list[theme.Record],
    names: list[str],
    marked: list[str],
    *,
    labels: bool,
) -> theme.Drawn:
    of = figures.words.of
    count = Counter(record["class"] for record in records)
    shades = list(
        theme.SHADES[-len(names) :] if len(names) > 3 else theme.SHADES[::2][: len(names)]
    )
    missing, outside = of("无数值", "no value"), of("不在表中", "not in the table")
    domain, colours = list(names), shades
    for name, colour in ((missing, _NONE), (outside, _OUTSIDE)):
        if count[name]:
            domain.append(name)
            colours.append(colour)
    west, south, east, north, projection = _view(shapes)
    base = alt.Chart(theme.data(records)).mark_geoshape(strokeWidth=0.6)
    land = base.encode(
        fill=alt.Fill(
            "class:N",
            sort=domain,
            scale=alt.Scale(domain=domain, range=colours),
            legend=theme.legend(symbolStrokeColor=theme.PALE, symbolStrokeWidth=0.6),
        ),
        stroke=alt.value("white" if not count[outside] else "#B9C0C8"),
        tooltip=figures.tooltip(),
    )
    layers = [land.project(**projection)]
    for test, options in (
        ("!datum.solid && datum.value != null", {"strokeDash": [3, 2], "strokeWidth": 1.4}),
        (f"indexof({marked!r}, datum.area) >= 0", {"strokeWidth": 2.4}),
    ):
        if "solid" not in test and not marked:
            continue
        outline = alt.Chart(theme.data(records)).transform_filter(test)
        layers.append(
            outline.mark_geoshape(filled=False, stroke=theme.INK, **options).project(**projection)
        )
    if labels:
        written = _labels(figures, shapes, records, names, east - west)
        layers += [
            alt.Chart(theme.data([one for one in written if one["dark"] == dark]))
            .mark_text(**theme.text(fontSize=11, lineBreak="\n", color=colour))
            .encode(longitude="lon:Q", latitude="lat:Q", text="label:N")
            .project(**projection)
            for dark, colour in ((True, "white"), (False, theme.INK))
        ]
    heading = theme.title(figures.name, _told(figures, shapes))
    tall = (north - south) / max((east - west) * 0.82, 1e-9)
    height = int(min(620, max(220, _WIDTH * tall)))
    return theme.finish(theme.layered(layers), heading, width=_WIDTH, height=height)


def _view(shapes: list[Shape]) -> tuple[float, float, float, float, dict[str, object]]:
    """The bounds of all shapes, and an equal-area projection with its middle there."""
    west, east = min(s.box[0] for s in shapes), max(s.box[2] for s in shapes)
    south, north = min(s.box[1] for s in shapes), max(s.box[3] for s in shapes)
    sixth = (north - south) / 6
    return (
        west,
        south,
        east,
        north,
        {
            "type": "conicEqualArea",
            "rotate": [-(west + east) / 2, 0],
            "parallels": [south + sixth, north - sixth],
        },
    )


def _labels(
    figures: Figures,
    shapes: list[Shape],
    records: list[theme.Record],
    names: list[str],
    wide: float,
) -> list[theme.Record]:
    outside = figures.words.of("不在表中", "not in the table")
    dark = set(names[-2:]) if len(names) > 2 else set(names[-1:])
    return [
        {
            "lon": shape.centre[0],
            "lat": shape.centre[1],
            "label": f"{record['place']}\n{record['printed']}",
            "dark": record["class"] in dark,
        }
        for shape, record in zip(shapes, records, strict=True)
        if record["class"] != outside and (shape.box[2] - shape.box[0]) >= _LEAST_LABEL * wide
    ]


def _told(figures: Figures, shapes: list[Shape]) -> list[str]:
    words = figures.words
    there = {shape.code for shape in shapes}
    lost = [place for area, place in figures.areas().items() if area not in there]
    count = words.areas(len(figures.areas()), (row.tier for row in figures.rows))
    lines = [figures.line(words.period(figures.periods()[0]), *figures.groups(), count)]
    if lost:
        few = words.of("、", ", ").join(lost[:5]) + ("…" if len(lost) > 5 else "")
        lines.append(
            words.of(
                f"{len(lost):,} 个不在地图上：{few}",
                f"{len(lost):,} are not on the map: {few}",
            )
        )
    notes = [note.replace("空心", "虚线").replace("hollow", "dashed") for note in figures.notes()]
    return [*lines, figures.line(*notes)]
