"""The charts of a table (图表)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal, cast

import altair as alt

from zhibiao.areas import Tier
from zhibiao.comparison import Neighbors
from zhibiao.plot import (
    bars,
    decomposition,
    distribution,
    funnel,
    lorenz,
    maps,
    neighbors,
    rank,
    shapes,
    sparklines,
    standard,
    trend,
)
from zhibiao.plot.chance import Limits
from zhibiao.plot.figures import Figures, choose
from zhibiao.plot.refusal import refused
from zhibiao.stat import Levels
from zhibiao.tables import IndicatorTable, VerdictTable

__all__ = ["Plot"]


class Plot:
    """Charts of a table of indicators or of verdicts: `table.plot`.

    Names, units and notes are in the language of the table, and values are as the table prints
    them. A value that is not `ok` (reported, partial) is drawn hollow; one that is not there is
    told with its status. The tooltip tells numerator, denominator and status.

    Options name areas by code or by name.
    """

    def __init__(self, table: IndicatorTable | VerdictTable) -> None:
        """Keeps the table.

        Args:
            table: What was computed, or judged.
        """
        self._table = table

    def bars(
        self,
        indicator: str | None = None,
        *,
        period: str | Sequence[str] | None = None,
        tier: str | None = None,
        where: Mapping[str, str] | None = None,
        highlight: str | Sequence[str] | None = None,
        threshold: float | None = None,
        top: int | None = None,
    ) -> alt.LayerChart:
        """Bars with the printed value at their ends (条形图): areas, slices or periods.

        What differs is the axis: areas (the largest first), else slices, else periods. If two
        differ, the second stands beside the first, in at most 4 colours.

        Args:
            indicator: Id or name; may be left out if the table has one only.
            period: One or several. Without it the periods of a single area are drawn, and of
                several areas the last period.
            tier: Areas of one tier only; without it, all stand beside each other.
            where: The slice of a dimension, such as `{"ownership": "public"}`.
            highlight: Areas that stay strong while the others fade.
            threshold: Value of a line across the bars, in the unit of the indicator.
            top: How many rows of bars are drawn, of at most 60; what is left out is told.

        Returns:
            A chart of Altair.

        Raises:
            RequestError: `bad-option`, where the table has no such figures, or too many.

        Example:
            >>> import zhibiao as zb
            >>> rows = {"area": ["140728", "140781"],
            ...         "projects": [60, 40], "projects_done": [52, 38]}
            >>> chart = zb.compute(rows, "projects.completion").plot.bars(threshold=90)
            >>> [row["printed"] for row in chart.layer[0].data.values]
            ['95.0 %', '86.7 %']
        """
        figures = choose(self._indicators(), indicator, period=period, where=where)
        if period is None and len(figures.areas()) > 1:
            figures = figures.latest()
        if tier is not None:
            figures = figures.finest(tier)
        return bars.bars(figures, highlight=highlight, threshold=threshold, top=top)

    def rank(
        self,
        indicator: str | None = None,
        *,
        period: str | None = None,
        tier: str | None = None,
        where: Mapping[str, str] | None = None,
        highlight: str | Sequence[str] | None = None,
        threshold: float | None = None,
        limits: float | None = None,
        show: int = 30,
    ) -> alt.LayerChart:
        """Areas in order, as dots (排名图), the best first, with a threshold and limits.

        Equal values share a rank. Of more areas than `show`, the first and last are drawn, or
        what stands round the highlighted ones; the subtitle tells how many there are.

        Args:
            indicator: Id or name; may be left out if the table has one only.
            period: The last one if left out.
            tier: The tier with most areas if left out.
            where: The slice of a dimension, such as `{"ownership": "public"}`.
            highlight: Areas that are drawn larger and in bold.
            threshold: Value that is met or not met, in the unit of the indicator. Not less is
                met; where less is better, not more.
            limits: Level of limits, such as 0.95, drawn as a line behind each dot: how far chance
                would take an area like it. None are drawn if left out.
            show: How many areas are drawn, 2 to 60.

        Returns:
            A chart of Altair.

        Raises:
            RequestError: `bad-option`, where the table has no such figures, or limits are asked
                for of what is not counted; `bad-level`.

        Example:
            >>> import zhibiao as zb
            >>> rows = {"area": ["140728", "140781"],
            ...         "projects": [60, 40], "projects_done": [52, 38]}
            >>> chart = zb.compute(rows, "projects.completion").plot.rank(threshold=90)
            >>> [row["good"] for row in chart.layer[-1].data.values]
            [True, False]
        """
        figures = self._one_tier(indicator, period, tier, where)
        ends = None if limits is None else Limits.of(figures, self._about(figures), limits)
        return rank.rank(figures, highlight=highlight, threshold=threshold, limits=ends, show=show)

    def trend(
        self,
        indicator: str | None = None,
        *,
        areas: str | Sequence[str] | None = None,
        tier: str | None = None,
        where: Mapping[str, str] | None = None,
        breaks: Sequence[str] = (),
    ) -> alt.LayerChart:
        """Lines over periods (趋势图), named at their ends.

        A line is not drawn across a period without a value, nor across a change of definition.
        Up to 8 areas (or slices of one area) are lines in colour. Of more, those in `areas` are;
        if none is named, all are grey, with the median of the areas.

        Args:
            indicator: Id or name; may be left out if the table has one only.
            areas: Areas drawn in colour, at most 8; the others are grey.
            tier: Areas of one tier only. Without it all are drawn; if they are too many to be told
                apart and none is named, those of the tier with most areas.
            where: The slice of a dimension, such as `{"ownership": "public"}`.
            breaks: Periods from which another definition holds.

        Returns:
            A chart of Altair.

        Raises:
            RequestError: `bad-option`, where the table has no such figures, or too many.

        Example:
            >>> import zhibiao as zb
            >>> rows = {"area": ["140728"] * 2, "period": ["2021", "2022"],
            ...         "projects": [50, 60], "projects_done": [40, 52]}
            >>> chart = zb.compute(rows, "projects.completion").plot.trend()
            >>> [row["printed"] for row in chart.layer[0].data.values]
            ['80.0 %', '86.7 %']
        """
        figures = choose(self._indicators(), indicator, period=None, where=where)
        if tier is not None or (areas is None and len(figures.areas()) > trend.MOST_NAMED):
            figures = figures.finest(tier)
        return trend.trend(figures, areas=areas, breaks=breaks)

    def distribution(
        self,
        indicator: str | None = None,
        *,
        period: str | None = None,
        tier: str | None = None,
        where: Mapping[str, str] | None = None,
        highlight: str | Sequence[str] | None = None,
        bins: int = 24,
    ) -> alt.LayerChart:
        r"""How the areas spread (分布图), with their median and the highlighted ones.

        Up to 150 areas are dots, more are the bars of a histogram, counted exactly. The median
        is that of areas, each counted once however large.

        Args:
            indicator: Id or name; may be left out if the table has one only.
            period: The last one if left out.
            tier: The tier with most areas if left out.
            where: The slice of a dimension, such as `{"ownership": "public"}`.
            highlight: At most 4 areas that are marked and named, with their ranks.
            bins: How many bins there may be, 2 to 100; their bounds are round.

        Returns:
            A chart of Altair.

        Raises:
            RequestError: `bad-option`, where the table has no such figures.

        Example:
            >>> import zhibiao as zb
            >>> rows = {"area": ["140728", "140781"],
            ...         "projects": [60, 40], "projects_done": [52, 38]}
            >>> chart = zb.compute(rows, "projects.completion").plot.distribution()
            >>> chart.layer[2].data.values[0]["label"]
            '中位数\xa0\xa090.8 %'
        """
        figures = self._one_tier(indicator, period, tier, where)
        return distribution.distribution(figures, highlight=highlight, bins=bins)

    def funnel(
        self,
        indicator: str | None = None,
        *,
        level: Levels = (0.95, 0.998),
        target: str | float | Decimal | None = None,
        period: str | None = None,
        tier: str | None = None,
        where: Mapping[str, str] | None = None,
        highlight: str | Sequence[str] | None = None,
        labels: int = 6,
    ) -> alt.LayerChart:
        r"""Areas by size and value, against how far chance reaches (漏斗图).

        The middle is the ratio of sums of the areas drawn, or a target; the funnel round it are
        the limits of :func:`zhibiao.stat.funnel_limits`, normal for shares, Poisson for rates and
        completions. Areas outside are triangles that point up above it and down below.
        Denominators that differ by more than a hundred times are on a logarithmic scale.

        Args:
            indicator: Id or name; may be left out if the table has one only.
            level: One to three levels, as fractions: each has a funnel.
            target: The middle, in the unit of the indicator.
            period: The last one if left out.
            tier: The tier with most areas if left out.
            where: The slice of a dimension, such as `{"ownership": "public"}`.
            highlight: Areas that are ringed and named with their value.
            labels: How many of the areas farthest outside are named where there is room, 0 to 30.

        Returns:
            A chart of Altair.

        Raises:
            RequestError: `bad-option`, where the table has no such figures, or they are no
                quotients of counts; `bad-level`.
            NumberError: The target is text of no number.

        Example:
            >>> import zhibiao as zb
            >>> rows = {"area": ["140702", "140728", "140781"],
            ...         "children": [900, 500, 400], "children_public": [300, 350, 150]}
            >>> chart = zb.compute(rows, "preschool.public_share").plot.funnel()
            >>> chart.layer[2].data.values[1]["label"]
            '合计\n44.4 %'
        """
        figures = self._one_tier(indicator, period, tier, where)
        return funnel.funnel(
            figures,
            self._about(figures),
            level=level,
            target=target,
            highlight=highlight,
            named=labels,
        )

    def neighbors(
        self,
        area: str,
        neighbors: Neighbors,
        indicator: str | None = None,
        *,
        period: str | None = None,
        where: Mapping[str, str] | None = None,
    ) -> alt.LayerChart:
        r"""An area among its statistical neighbors, as bars (近邻图), the best first.

        The line is the figure of the neighbors together, as of :meth:`IndicatorTable.peers`: the
        ratio of sums where all parts are known, else the mean of rates; the subtitle says which,
        and how far the area lies from it.

        Args:
            area: Code or name.
            neighbors: Found by :meth:`IndicatorTable.neighbors`, or read.
            indicator: Id or name; may be left out if the table has one only.
            period: The last one if left out.
            where: The slice of a dimension, such as `{"ownership": "public"}`.

        Returns:
            A chart of Altair.

        Raises:
            RequestError: `bad-option`, where the table has no such figures, or none of neighbors.

        Example:
            >>> import zhibiao as zb
            >>> rows = {"area": ["140702", "140728", "140781"],
            ...         "projects": [60, 60, 40], "projects_done": [30, 52, 38]}
            >>> table = zb.compute(rows, "projects.completion")
            >>> chart = table.plot.neighbors("平遥县", table.neighbors(count=2))
            >>> [row["line"] for row in chart.layer[0].data.values]
            ['介休市\xa0\xa01', '平遥县\xa0\xa02', '榆次区\xa0\xa03']
        """
        figures = choose(self._indicators(), indicator, period=period, where=where)
        code, figures = _neighbors.among(figures.latest().undivided(), area, neighbors)
        return _neighbors.neighbors(figures, self._about(figures), code, neighbors)

    def lorenz(
        self,
        indicator: str | None = None,
        *,
        period: str | None = None,
        tier: str | None = None,
        where: Mapping[str, str] | None = None,
        highlight: str | Sequence[str] | None = None,
    ) -> alt.LayerChart:
        """What share of the whole the areas with least have (洛伦兹曲线), with the Gini index.

        Areas stand from the lowest value to the highest, as wide as their denominator, so that of
        a share the whole are its numerators; where a denominator is not known all count alike. The
        index is that of :meth:`IndicatorTable.disparity`.

        Args:
            indicator: Id or name; may be left out if the table has one only.
            period: The last one if left out.
            tier: The tier with most areas if left out.
            where: The slice of a dimension, such as `{"ownership": "public"}`.
            highlight: At most 6 areas that are ringed and named.

        Returns:
            A chart of Altair.

        Raises:
            RequestError: `bad-option`, where the table has no such figures, or they have no index.

        Example:
            >>> import zhibiao as zb
            >>> rows = {"area": ["140728", "140781"],
            ...         "projects": [60, 40], "projects_done": [30, 40]}
            >>> chart = zb.compute(rows, "projects.completion").plot.lorenz()
            >>> [round(row["y"], 1) for row in chart.layer[3].data.values]
            [0.0, 42.9, 100.0]
        """
        figures = self._one_tier(indicator, period, tier, where)
        return lorenz.lorenz(figures, self._about(figures), highlight=highlight)

    def decomposition(
        self,
        indicator: str | None = None,
        *,
        index: Literal["theil_t", "theil_l"] = "theil_t",
        period: str | Sequence[str] | None = None,
        tier: str | None = None,
        where: Mapping[str, str] | None = None,
        within: Tier = "nation",
    ) -> alt.LayerChart:
        """Between which areas a disparity lies (差距分解图): bars of parts with their shares.

        Each period has a bar, or each larger area if there are several: how much of Theil's index
        lies between provinces, between the prefectures of a province, and within prefectures. The
        small bars are the index itself, as of :meth:`IndicatorTable.disparity`.

        Args:
            indicator: Id or name; may be left out if the table has one only.
            index: `"theil_t"`, or `"theil_l"`, which does not exist beside values of 0.
            period: One or several; all if left out. Of several larger areas the last is drawn.
            tier: The tier with most areas if left out.
            where: The slice of a dimension, such as `{"ownership": "public"}`.
            within: The tier of the larger areas, each of which is a whole.

        Returns:
            A chart of Altair.

        Raises:
            RequestError: `bad-option`, where the table has no such figures, or no tier in between.

        Example:
            >>> import zhibiao as zb
            >>> rows = {"area": ["140728", "140781", "130102"],
            ...         "projects": [60, 40, 50], "projects_done": [30, 40, 40]}
            >>> chart = zb.compute(rows, "projects.completion").plot.decomposition()
            >>> [row["printed"] for row in chart.layer[0].data.values]
            ['5.1 %', '0.0 %', '94.9 %']
        """
        figures = choose(self._indicators(), indicator, period=period, where=where)
        figures = figures.finest(tier).undivided()
        return decomposition.decomposition(
            figures, self._about(figures), index=index, within=within
        )

    def sparklines(
        self,
        indicator: str | None = None,
        *,
        areas: str | Sequence[str] | None = None,
        tier: str | None = None,
        where: Mapping[str, str] | None = None,
        points: int = 5,
        level: float = 0.998,
        show: int = 30,
    ) -> alt.LayerChart:
        """A small line for each area (小趋势图), with its last value, change and trend.

        The trend is that of :meth:`IndicatorTable.trends`. It is coloured, and has an arrow, only
        where it is significant and steady. All lines share one scale, each about its own middle,
        and are not drawn across a period without a value.

        Args:
            indicator: Id or name; may be left out if the table has one only.
            areas: Which areas, in this order; the first `show` of the table if left out.
            tier: The tier with most areas if left out.
            where: The slice of a dimension, such as `{"ownership": "public"}`.
            points: How many of the last periods the trend is of.
            level: The level of significance, as a fraction.
            show: How many areas are drawn if none is named, 1 to 60.

        Returns:
            A chart of Altair.

        Raises:
            RequestError: `bad-option`, where the table has no such figures; `bad-level`.

        Example:
            >>> import zhibiao as zb
            >>> years = {"area": ["140728"] * 5, "period": [2018, 2019, 2020, 2021, 2022]}
            >>> years |= {"children_public": [400, 450, 500, 550, 600], "children": [1000] * 5}
            >>> chart = zb.compute(years, "preschool.public_share").plot.sparklines()
            >>> [(row["change"], row["trend"]) for row in chart.layer[2].data.values]
            [('+5.0 个百分点', '↑ 改善')]
        """
        figures = choose(self._indicators(), indicator, period=None, where=where)
        figures = figures.finest(tier).undivided()
        return sparklines.sparklines(
            figures, self._about(figures), areas=areas, points=points, level=level, show=show
        )

    def map(
        self,
        geojson: Mapping[str, Any] | str | Path,
        indicator: str | None = None,
        *,
        period: str | None = None,
        tier: str | None = None,
        where: Mapping[str, str] | None = None,
        key: str = "properties.adcode",
        highlight: str | Sequence[str] | None = None,
        classes: int = 5,
        labels: bool | None = None,
    ) -> alt.LayerChart:
        """Areas on a map (地图), in classes of round bounds, on an equal-area projection.

        Shapes are the user's own; no map is shipped or fetched. A map that is published in China
        must stand on approved boundaries (审图号). Areas without a value are grey, shapes that
        the table does not have almost white, and areas without a shape are told.

        Args:
            geojson: A `FeatureCollection`, or the path of a file that holds one, in degrees.
            indicator: Id or name; may be left out if the table has one only.
            period: The last one if left out.
            tier: The tier with most areas if left out.
            where: The slice of a dimension, such as `{"ownership": "public"}`.
            key: Where the code of the area stands in a feature.
            highlight: Areas with a thick outline.
            classes: How many colours there may be, 2 to 5.
            labels: Whether names and values are written; up to 40 areas if left out.

        Returns:
            A chart of Altair.

        Raises:
            RequestError: `bad-option`, where no feature has the code of an area, or the file is
                no GeoJSON.
            OSError: The file cannot be read.

        Example:
            >>> import zhibiao as zb
            >>> square = [[112, 37], [113, 37], [113, 38], [112, 38], [112, 37]]
            >>> shapes = {"type": "FeatureCollection", "features": [{
            ...     "type": "Feature", "properties": {"adcode": 140728},
            ...     "geometry": {"type": "Polygon", "coordinates": [square]}}]}
            >>> rows = {"area": ["140728"], "projects": [60], "projects_done": [52]}
            >>> chart = zb.compute(rows, "projects.completion").plot.map(shapes)
            >>> chart.layer[0].data.values[0]["printed"]
            '86.7 %'
        """
        figures = self._one_tier(indicator, period, tier, where)
        found = shapes.read(geojson, key)
        return maps.maps(
            figures, found, key=key, highlight=highlight, classes=classes, labels=labels
        )

    def standard(
        self,
        standard: str | VerdictTable | None = None,
        *,
        areas: str | Sequence[str] | None = None,
        period: str | None = None,
        limit: int = 6,
        columns: int = 2,
    ) -> alt.LayerChart | alt.FacetChart:
        """All criteria of a standard (对标图): bars against thresholds, with verdicts.

        Each bar is the value, the tick its threshold; colour, sign (✓ ✗ ? –) and text tell the
        verdict. Percentages are drawn from 0 to 100, other values up to a little above the
        larger of value and threshold. Each area is a panel.

        Args:
            standard: Id of a standard, or verdicts; left out for a table of verdicts.
            areas: Areas to draw; all, up to `limit`, if left out.
            period: The last one if left out.
            limit: How many areas are drawn at most; how many there are is told.
            columns: How many panels stand beside each other.

        Returns:
            A chart of Altair.

        Raises:
            RequestError: `bad-option`, where there is no standard or no such area.

        Example:
            >>> import zhibiao as zb
            >>> rows = {"area": ["140728"], "period": ["2022"], "children": [1000],
            ...         "children_public": [555], "population_3_5": [990]}
            >>> chart = zb.judge(rows, "preschool-2020", skip_unavailable=True).plot.standard()
            >>> [row["sign"] for row in chart.data.values][:3]
            ['✓', '?', '✓']
        """
        verdicts = self._verdicts(standard)
        return _standard(verdicts, areas=areas, period=period, limit=limit, columns=columns)

    def _one_tier(
        self,
        indicator: str | None,
        period: str | None,
        tier: str | None,
        where: Mapping[str, str] | None,
    ) -> Figures:
        figures = choose(self._indicators(), indicator, period=period, where=where)
        return figures.latest().finest(tier).undivided()

    def _about(self, figures: Figures) -> IndicatorTable:
        """The rows of the table that are of the indicator, tiers and periods drawn."""
        periods = [period for period in figures.periods() if period]
        tiers = cast("set[Tier]", {row.tier for row in figures.rows})
        return self._indicators().filter(indicator=figures.indicator.id, tier=tiers, period=periods)

    def _indicators(self) -> IndicatorTable:
        table = self._table
        if isinstance(table, VerdictTable):
            why = "a table of verdicts is drawn by `standard` only"
            raise refused("table", "verdicts", why, "draw the table of indicators that was judged")
        return table

    def _verdicts(self, standard: str | VerdictTable | None) -> VerdictTable:
        if standard is None and isinstance(self._table, VerdictTable):
            return self._table
        if standard is None:
            why = "no standard is named"
            raise refused("standard", None, why, 'name one, such as "preschool-2020"')
        if isinstance(standard, str):
            return self._indicators().judge(standard)
        return standard


# Modules that options have the names of.
_neighbors = neighbors
_standard = standard.standard
