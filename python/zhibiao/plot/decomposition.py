"""Between which areas a disparity lies (差距分解图)."""

from __future__ import annotations

from dataclasses import dataclass

import altair as alt

from zhibiao.areas import Tier
from zhibiao.errors import RequestError
from zhibiao.plot import theme
from zhibiao.plot.figures import Figures, about
from zhibiao.plot.refusal import refused
from zhibiao.tables import IndicatorTable

__all__ = ["decomposition"]

_MOST = 60
_ROW = 30
_WIDTH = 300
_COLUMN = 90
"""Pixels from one column of shares to the next."""
_GAP = 16
_TOTAL = 70
"""Pixels of the largest bar of the index itself."""
_COLOURS = {
    "between_province": theme.BLUE,
    "between_prefecture": theme.SKY,
    "between_county": theme.PALE,
    "within": theme.FAINT,
}
_INDICES = {"theil_t": ("泰尔指数 T", "Theil's T"), "theil_l": ("泰尔指数 L", "Theil's L")}
_TIERS = {
    "between_province": ("省级地区", "provinces"),
    "between_prefecture": ("地级地区", "prefectures"),
    "between_county": ("县级地区", "counties"),
}


@dataclass(frozen=True, slots=True)
class _Bar:
    """An index and its parts, of a period or a larger area.

    Attributes:
        line: Its name.
        value: The index.
        printed: The index as the table prints it.
        parts: Rows of its parts, that of the largest areas first.
    """

    line: str
    value: float
    printed: str
    parts: list[theme.Record]


def decomposition(
    figures: Figures, table: IndicatorTable, *, index: str, within: Tier
) -> theme.Drawn:
    """Draws a bar for each period, or for each of several larger areas in the last."""
    if index not in _INDICES:
        raise refused("index", index, f"no index `{index}`", "it is `theil_t` or `theil_l`")
    figures.values()
    rows = about(figures, table.disparity(within=within), table.catalog)
    rows = [row for row in rows if row["measure"] == index]
    several = len({row["area"] for row in rows}) > 1
    if several:
        last = max(row["period"] for row in rows)
        rows = [row for row in rows if row["period"] == last]
    bars = _of(rows, several=several)
    if not bars:
        raise _nothing(figures, index, rows)
    if len(bars) > _MOST:
        why = f"{len(bars):,} rows of bars cannot be read"
        raise refused("within", within, why, f"at most {_MOST} can be drawn; filter the table")
    wholes = [row for row in rows if row["part"] == "total"]
    heading = theme.title(
        figures.name, _told(figures, wholes, index, len(wholes) - len(bars)), width=92
    )
    chart = theme.layered([*_shares(figures, bars), *_totals(figures, bars, index)])
    return theme.finish(chart, heading, width=_WIDTH, height=_ROW * len(bars))


def _of(rows: list[theme.Record], *, several: bool) -> list[_Bar]:
    """The bars: periods in order, of larger areas the most unequal first."""
    bars: list[_Bar] = []
    for whole in (row for row in rows if row["part"] == "total"):
        parts = [
            row
            for row in rows
            if row["share"] is not None
            and (row["area"], row["period"]) == (whole["area"], whole["period"])
        ]
        if parts:
            line = str(whole["area_name"] if several else whole["period"])
            bars.append(_Bar(line, whole["value"], str(whole["display"]), parts))
    return sorted(bars, key=lambda bar: -bar.value) if several else bars


def _nothing(figures: Figures, index: str, rows: list[theme.Record]) -> RequestError:
    if all(row["part"] == "total" for row in rows):
        why = "there is no tier between the areas and the whole"
        return refused("within", None, why, "draw areas of a smaller tier, or use `lorenz`")
    why = f"`{index}` has no parts: fewer than two areas, all alike, or a value that it excludes"
    remedy = 'beside values of 0 only index="theil_t" exists'
    return refused("indicator", figures.indicator.id, why, remedy)


def _shares(figures: Figures, bars: list[_Bar]) -> list[alt.Chart]:
    """Parts as bars, and their shares in columns beside."""
    names = _names(figures, [str(part["part"]) for part in bars[0].parts])
    records: list[theme.Record] = []
    for bar in bars:
        left = 0.0
        for number, part in enumerate(bar.parts):
            right = left + part["share"] * _WIDTH / 100
            records.append(
                {
                    "line": bar.line,
                    "part": part["part"],
                    "name": names[number].replace("\n", figures.words.of("", " ")),
                    "from": left,
                    "to": right,
                    "column": _centre(number),
                    "printed": f"{part['share']:.1f} %",
                    "index": part["display"],
                }
            )
            left = right
    of = figures.words.of
    colour = alt.Color("part:N", scale=_scale(), legend=None)
    base = alt.Chart(theme.data(records)).encode(y=_y(bars))
    heads = [
        {"part": part["part"], "column": _centre(number), "name": names[number]}
        for number, part in enumerate(bars[0].parts)
    ]
    head = alt.Chart(theme.data(heads)).encode(x=_x("column"))
    look = theme.text(baseline="bottom", dy=-20, lineBreak="\n", align="center", color=theme.GREY)
    return [
        base.mark_bar(stroke=theme.INK, strokeWidth=0.6).encode(
            x=_x("from"),
            x2="to:Q",
            color=colour,
            tooltip=[
                alt.Tooltip("line:N", title=of("时期或地区", "Period or area")),
                alt.Tooltip("name:N", title=of("部分", "Part")),
                alt.Tooltip("printed:N", title=of("贡献率", "Share")),
                alt.Tooltip("index:N", title=of("指数", "Index")),
            ],
        ),
        base.mark_text(**theme.text(align="center")).encode(x=_x("column"), text="printed:N"),
        head.mark_text(**look).encode(y=alt.value(0), text="name:N"),
        head.mark_square(size=120, opacity=1, stroke=theme.INK, strokeWidth=0.6).encode(
            y=alt.value(-45), fill=alt.Fill("part:N", scale=_scale(), legend=None)
        ),
    ]


def _totals(figures: Figures, bars: list[_Bar], index: str) -> list[alt.Chart]:
    """The index itself as a small bar at the right."""
    left = _centre(len(bars[0].parts)) - _COLUMN / 2 + _GAP
    most = max(bar.value for bar in bars)
    records = [
        {
            "line": bar.line,
            "from": left,
            "to": left + bar.value / most * _TOTAL,
            "printed": bar.printed,
        }
        for bar in bars
    ]
    base = alt.Chart(theme.data(records)).encode(y=_y(bars))
    name = figures.words.of(*_INDICES[index])
    head = alt.Chart(theme.data([{"at": left, "name": name}])).encode(x=_x("at"))
    look = theme.text(baseline="bottom", dy=-6, align="left", color=theme.GREY)
    return [
        base.mark_bar(color=theme.GREY).encode(x=_x("from"), x2="to:Q"),
        base.mark_text(**theme.text(align="left", dx=6)).encode(x=_x("to"), text="printed:N"),
        head.mark_text(**look).encode(y=alt.value(0), text="name:N"),
    ]


def _centre(number: int) -> float:
    return _WIDTH + _GAP + _COLUMN * (number + 0.5)


def _x(field: str) -> alt.X:
    """A place in pixels; columns lie to the right of the bars."""
    return alt.X(f"{field}:Q", scale=alt.Scale(domain=[0, _WIDTH], nice=False), axis=None)


def _y(bars: list[_Bar]) -> alt.Y:
    lines = [bar.line for bar in bars]
    scale = alt.Scale(domain=lines, paddingInner=0.35, paddingOuter=0.2)
    return alt.Y("line:N", sort=lines, scale=scale, axis=theme.axis())


def _scale() -> alt.Scale:
    return alt.Scale(domain=list(_COLOURS), range=list(_COLOURS.values()))


def _names(figures: Figures, parts: list[str]) -> list[str]:
    """Names of the parts in two lines; what is within is so in the smallest areas in between."""
    of = figures.words.of
    names = [of(f"{_TIERS[part][0]}\n之间", f"between\n{_TIERS[part][1]}") for part in parts[:-1]]
    zh, en = _TIERS[parts[-2]]
    return [*names, of(f"{zh}\n之内", f"within\n{en}")]


def _told(figures: Figures, wholes: list[theme.Record], index: str, absent: int) -> list[str]:
    words, of = figures.words, figures.words.of
    areas, periods = {row["area_name"] for row in wholes}, [row["period"] for row in wholes]
    place = str(next(iter(areas))) if len(areas) == 1 else ""
    period = words.period(periods[0]) if len(set(periods)) == 1 else ""
    tier = {str(row["among"]) for row in wholes}
    counts = [row["counted"] for row in wholes]
    count = words.areas(max(counts), tier)
    if min(counts) < max(counts):
        count = f"{min(counts):,}–{count}"
    weights = of("按分母加权", "weighted by denominators")
    if wholes[0]["weighting"] != "denominator":
        weights = of("各地一样计", "areas count alike")
    name = of(f"{_INDICES[index][0]} 的构成（%）", f"shares of {_INDICES[index][1]} (%)")
    few = of(f"{absent:,} 行无从分解，未画", f"{absent:,} without parts are not drawn")
    first = figures.line(place, period, *figures.groups(), count)
    return [first, figures.line(name, weights, few if absent else "")]
