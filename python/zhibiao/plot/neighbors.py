"""An area among its statistical neighbors (近邻图)."""

from __future__ import annotations

import altair as alt

from zhibiao.comparison import Neighbors
from zhibiao.plot import theme
from zhibiao.plot.figures import Figure, Figures, beside
from zhibiao.plot.rank import places
from zhibiao.plot.refusal import refused
from zhibiao.tables import IndicatorTable

__all__ = ["among", "neighbors"]

_MOST = 60
_ROW = 24
_WIDTH = 380


def among(figures: Figures, area: str, neighbors: Neighbors) -> tuple[str, Figures]:
    """The area by its code, and the rows of it and its neighbors.

    Raises:
        RequestError: `bad-option`, where the area is not among the figures or has no neighbors.
    """
    if not isinstance(neighbors, Neighbors):
        remedy = "pass those of `table.neighbors()` or `zb.Neighbors.read()`"
        raise refused("neighbors", neighbors, "no zhibiao.Neighbors", remedy)
    code = figures.codes("area", area)[0]
    place = figures.areas()[code]
    frame = neighbors.to_polars()
    near = frame.filter(frame["area"] == code)["neighbor"].to_list()
    # An area that stands in several tiers has the same value in each.
    rows = {row.area: row for row in reversed(figures.rows) if row.area in {code, *near}}
    if len(rows) < 2:
        why = f"no neighbor of `{place}` is in the table"
        raise refused("neighbors", neighbors, why, "compute the table for the neighbors, too")
    if len(rows) > _MOST:
        why = f"{len(rows):,} rows of bars cannot be read"
        raise refused("neighbors", neighbors, why, f"at most {_MOST} can be drawn")
    return code, figures.keep(rows.values())


def neighbors(
    figures: Figures, table: IndicatorTable, code: str, neighbors: Neighbors
) -> theme.Drawn:
    """Draws one period of an area and its neighbors, the best first."""
    figures.values()
    own = next(row for row in figures.rows if row.area == code)
    told = beside(figures, table.peers(neighbors), table.catalog)[own][0]
    ranked = places(figures)
    ordered = [(f"{row.place}\u00a0\u00a0{number}", row) for number, row in ranked]
    ordered += [(row.place, row) for row in figures.rows if row.value is None]
    records = [
        {**figures.record(row), "line": line, "strong": row is own, "zero": 0}
        for line, row in ordered
    ]
    heading = theme.title(figures.name, _told(figures, own, told))
    layers = _layers(figures, records, told)
    return theme.finish(theme.layered(layers), heading, width=_WIDTH, height=_ROW * len(records))


def _layers(figures: Figures, records: list[theme.Record], told: theme.Record) -> list[alt.Chart]:
    peer = told["peer_value"]
    values = [*figures.values(), 0.0] + ([] if peer is None else [peer])
    scale = alt.Scale(domain=[min(values), max(values)], nice=False, zero=True)
    strong = [record["line"] for record in records if record["strong"]]
    test = f"indexof({strong!r}, datum.value) >= 0"
    weight = {"condition": {"test": test, "value": "bold"}, "value": "normal"}
    lines = [record["line"] for record in records]
    rows = alt.Scale(domain=lines, paddingInner=0.25)
    base = alt.Chart(theme.data(records)).encode(
        y=alt.Y("line:N", sort=lines, axis=theme.axis(labelFontWeight=weight), scale=rows),
        x=alt.X("value:Q", scale=scale, axis=None),
        tooltip=figures.tooltip(),
    )
    colour = alt.when("datum.strong").then(alt.value(theme.BLUE)).otherwise(alt.value(theme.SKY))
    bar = base.mark_bar(strokeWidth=1.2).encode(
        color=colour,
        stroke=colour,
        fillOpacity=alt.when("datum.solid").then(alt.value(1)).otherwise(alt.value(0.12)),
    )
    look = theme.text(
        align=alt.expr("datum.value < 0 ? 'right' : 'left'"),
        dx=alt.expr("datum.value < 0 ? -5 : 5"),
        fontWeight=alt.expr("datum.strong ? 'bold' : 'normal'"),
    )
    # A white edge keeps numbers apart from the line of the neighbors.
    ends = [
        base.transform_filter("datum.value != null")
        .mark_text(**{**look, **edge})
        .encode(text="printed:N")
        for edge in ({"stroke": "white", "strokeWidth": 4}, {})
    ]
    none = base.transform_filter("datum.value == null").mark_text(
        **theme.text(align="left", dx=5, color=theme.GREY, fontStyle="italic")
    )
    nothing = none.encode(x=alt.X("zero:Q", scale=scale, axis=None), text="printed:N")
    line = [] if peer is None else _line(figures, peer, scale)
    return [bar, *line, *ends, nothing]


def _line(figures: Figures, peer: float, scale: alt.Scale) -> list[alt.Chart]:
    label = f"{figures.words.of('近邻', 'neighbors')}\u00a0\u00a0{figures.rounded(peer)}"
    at = alt.Chart(theme.data([{"at": peer, "label": label}])).encode(
        x=alt.X("at:Q", scale=scale, axis=None)
    )
    return [
        at.mark_rule(color=theme.INK, strokeDash=[4, 3]),
        at.mark_text(**theme.text(baseline="bottom", dy=-3, fontWeight="bold")).encode(
            y=alt.value(0), text="label:N"
        ),
    ]


def _told(figures: Figures, own: Figure, told: theme.Record) -> list[str]:
    of, words = figures.words.of, figures.words
    count, peers = told["neighbors"], told["peers"]
    near = of(f"{own.place}与其 {count} 个统计近邻", f"{own.place} and its {count} neighbors")
    if peers < count:
        near += of(f"（{peers} 个有值）", f" ({peers} with a value)")
    place = ""
    if told["rank"] is not None:
        rank, all_of = f"{told['rank']:.0f}", f"{peers + 1}"
        place = of(f"第 {rank} 位，共 {all_of}", f"rank {rank} of {all_of}")
    lines = [figures.line(words.period(own.period), *figures.groups(), near, place)]
    if told["peer_value"] is not None:
        lines.append(figures.line(_method(figures, told), _apart(figures, told)))
    return [*lines, figures.line(*figures.notes())]


def _method(figures: Figures, told: theme.Record) -> str:
    of = figures.words.of
    if told["method"] == "ratio_of_sums":
        return of("虚线：近邻的和之比", "dashed: ratio of sums of the neighbors")
    if figures.indicator.kind == "total":
        return of("虚线：近邻的均值", "dashed: mean of the neighbors")
    return of("虚线：近邻的比率的均值", "dashed: mean of rates of the neighbors")


def _apart(figures: Figures, told: theme.Record) -> str:
    if told["difference"] is None:
        return ""
    return figures.words.of("与之差 ", "difference ") + figures.change(told["difference"])
