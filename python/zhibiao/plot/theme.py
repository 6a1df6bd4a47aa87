"""How charts look (图表样式).

Every part of a chart is given its look where it is made. There is no theme to switch on, nothing
of the user's Altair changes, and charts can be put together with `|` and `&`, which Altair refuses
for charts that have a configuration.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Sequence
from typing import Any, TypeAlias

import altair as alt

from zhibiao.plot import fonts

__all__ = [
    "BAND",
    "BLUE",
    "FAINT",
    "GREY",
    "INK",
    "LINES",
    "ORANGE",
    "PALE",
    "SHADES",
    "SKY",
    "Drawn",
    "Record",
    "axis",
    "data",
    "finish",
    "layered",
    "legend",
    "text",
    "title",
    "width_of",
    "wrapped",
]

Record: TypeAlias = dict[str, Any]
"""One row of the data of a chart."""

Drawn: TypeAlias = alt.LayerChart
"""What every chart is, so that it can be changed further with Altair."""

# Okabe and Ito's colours, told apart by colour-blind readers, and greys.
BLUE = "#0072B2"
ORANGE = "#D55E00"
INK = "#1F2328"
GREY = "#6E7781"
PALE = "#C4CAD1"
FAINT = "#ECEEF1"
BAND = "#FFF1CC"
SKY = "#9CC3E0"
LINES = (BLUE, ORANGE, "#009E73", "#CC79A7", "#8C6D00", "#56B4E9", INK, "#8A4FBF")
SHADES = ("#DCE9F6", "#A9CCE6", "#64A5D3", "#2675B4", "#08407F")


def data(records: Sequence[Record]) -> alt.InlineData:
    """Records inside the chart: Altair's limit of 5,000 rows is one of data frames."""
    return alt.InlineData(values=list(records))


def text(**options: Any) -> dict[str, Any]:
    """The look of a text, for `mark_text`."""
    return {"font": fonts.stack(), "fontSize": 12, "color": INK, "baseline": "middle", **options}


def axis(**options: Any) -> alt.Axis:
    """An axis of labels only, without grid, ticks and line."""
    plain: dict[str, Any] = {
        "domain": False,
        "ticks": False,
        "grid": False,
        "labelFont": fonts.stack(),
        "labelFontSize": 12,
        "labelColor": INK,
        "labelLimit": 0,
        "labelPadding": 6,
        "titleFont": fonts.stack(),
        "titleFontSize": 12,
        "titleFontWeight": "normal",
        "titleColor": GREY,
        "gridColor": FAINT,
        "title": None,
        "labelFlush": False,
    }
    return alt.Axis(**{**plain, **options})


def legend(**options: Any) -> alt.Legend:
    """A legend above the chart."""
    plain: dict[str, Any] = {
        "orient": "top",
        "direction": "horizontal",
        "title": None,
        "labelFont": fonts.stack(),
        "labelFontSize": 12,
        "labelColor": INK,
        "labelLimit": 0,
        "symbolType": "square",
        "symbolSize": 120,
        "symbolStrokeWidth": 0,
        "offset": 8,
    }
    return alt.Legend(**{**plain, **options})


def title(text: str, lines: Sequence[str], *, width: int = 76) -> alt.TitleParams:
    """What the chart shows, and below it for whom, when and in which unit."""
    return alt.TitleParams(
        text=wrapped(text, width * 4 // 5),
        subtitle=[part for line in lines if line for part in wrapped(line, width)],
        anchor="start",
        frame="bounds",
        font=fonts.stack(),
        fontSize=17,
        fontWeight="bold",
        color=INK,
        subtitleFont=fonts.stack(),
        subtitleFontSize=12,
        subtitleColor=GREY,
        subtitlePadding=6,
        offset=14,
        lineHeight=22,
        subtitleLineHeight=17,
    )


def layered(layers: Sequence[alt.Chart]) -> Drawn:
    """Layers as one chart, the first at the bottom."""
    return alt.LayerChart(layer=list(layers))


def finish(chart: Drawn, heading: alt.TitleParams, **properties: Any) -> Drawn:
    """The chart with its title and without a frame."""
    done = chart.properties(title=heading, view=alt.ViewBackground(stroke=None), **properties)
    fonts.warn_without(lambda: json.dumps(done.to_dict(), ensure_ascii=False))
    return done


def width_of(text: str) -> int:
    """Columns that a text takes: a Chinese character takes two."""
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)


def wrapped(text: str, width: int) -> list[str]:
    """A text in lines of at most `width` columns, broken at blanks or between Chinese signs."""
    lines: list[str] = []
    line = ""
    for piece in _pieces(text):
        if line and width_of(line + piece.rstrip()) > width:
            lines.append(line.rstrip())
            line = piece.lstrip()
        else:
            line += piece
    return [*lines, line.rstrip()]


def _pieces(text: str) -> list[str]:
    """Where a line may be broken: after blanks, and before Chinese signs that may begin one."""
    pieces: list[str] = []
    for sign in text:
        begins = unicodedata.east_asian_width(sign) in "WF" and sign not in "，。；：、）》」』％"
        if not pieces or begins or pieces[-1].endswith(" "):
            pieces.append(sign)
        else:
            pieces[-1] += sign
    return pieces
