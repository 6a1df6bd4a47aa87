"""Names beside points, where they cover neither each other nor other points (标注)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import altair as alt

from zhibiao.plot import theme

__all__ = ["Label", "drawn", "placed"]

_COLUMN = 6.4
"""Pixels that half a Chinese character takes."""
_LINE = 15
_DOT = 5


@dataclass(frozen=True, slots=True)
class Label:
    """A name and where its point is, in pixels from the left and the bottom.

    Attributes:
        x: From the left.
        y: From the bottom.
        text: The name.
        record: What the mark of the name holds beside it, such as the place in data.
        wanted: Whether it is written even where it covers something.
    """

    x: float
    y: float
    text: str
    record: theme.Record
    wanted: bool


@dataclass(frozen=True, slots=True)
class _Box:
    left: float
    right: float
    low: float
    high: float

    def covers(self, other: _Box) -> bool:
        beside = self.right <= other.left or other.right <= self.left
        return not (beside or self.high <= other.low or other.high <= self.low)


def placed(
    labels: Sequence[Label], points: Sequence[tuple[float, float]], width: float, height: float
) -> list[theme.Record]:
    """Where names are written: the first in order choose first.

    Args:
        labels: Those that are wanted are all written, the others where there is room.
        points: Points that are better not covered, in pixels.
        width: Of the chart, in pixels.
        height: Of the chart, in pixels.

    Returns:
        Records of the labels with `label`, `align`, `dx` and `dy`, for `drawn`.
    """
    frame = _Box(0, width, 0, height)
    dots = [_Box(x - _DOT, x + _DOT, y - _DOT, y + _DOT) for x, y in points]
    taken: list[_Box] = []
    records: list[theme.Record] = []
    for label in labels:
        tried = [(_cost(box, taken, dots, frame), box, look) for box, look in _places(label)]
        cost, box, look = min(tried, key=lambda one: one[0])
        if label.wanted or cost == 0:
            taken.append(box)
            records.append({**label.record, "label": label.text, **look})
    return records


def drawn(base: alt.Chart, **look: object) -> list[alt.Chart]:
    """The names at the points of a chart, with a white edge."""
    offset = {name: alt.expr(f"datum.{name}") for name in ("align", "dx", "dy")}
    edges: list[theme.Record] = [{"stroke": "white", "strokeWidth": 3}, {}]
    return [
        base.mark_text(**{**theme.text(**offset), **look, **edge}).encode(text="label:N")
        for edge in edges
    ]


def _cost(box: _Box, taken: list[_Box], dots: list[_Box], frame: _Box) -> int:
    inside = frame.left <= box.left and box.right <= frame.right
    inside = inside and frame.low <= box.low and box.high <= frame.high
    beside = sum(box.covers(dot) for dot in dots)
    return 100 * sum(box.covers(other) for other in taken) + (0 if inside else 50) + beside


def _places(label: Label) -> Iterator[tuple[_Box, theme.Record]]:
    """Boxes round the point, the best first, and how a text comes to stand in them."""
    wide, half = _COLUMN * theme.width_of(label.text), _LINE / 2
    for align, dx, dy in (
        ("left", 9, 0),
        ("right", -9, 0),
        ("left", 7, -11),
        ("right", -7, -11),
        ("left", 7, 11),
        ("right", -7, 11),
        ("center", 0, -15),
        ("center", 0, 15),
        ("left", 3, -18),
        ("right", -3, -18),
        ("left", 3, 18),
        ("right", -3, 18),
    ):
        left = label.x + dx - {"left": 0.0, "right": wide, "center": wide / 2}[align]
        middle = label.y - dy
        box = _Box(left, left + wide, middle - half, middle + half)
        yield box, {"align": align, "dx": dx, "dy": dy}
