"""Comparing areas: limits, ranks, references, neighbors, disparity, gaps, trends."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal, SupportsFloat

import polars as pl

from zhibiao import _native
from zhibiao.areas import Areas
from zhibiao.errors import ZhibiaoError, bad_option
from zhibiao.frames import Frame, source
from zhibiao.stat import BandMethod, CountMethod, Levels, ProportionMethod, Ties, levels
from zhibiao.table import Table

if TYPE_CHECKING:
    from zhibiao.areas import Tier

Significance = Literal["overlap", "both-overlap", "funnel"]


class ComparisonTable(Table):
    """A comparison (比较表): rows about an area, period, slice and indicator.

    As a frame it has the columns ``area, area_name, tier, period``, one a slice, ``indicator``,
    then ``value, display, unit``, what the comparison tells (see the method that made it) and
    ``status``, which says why a figure is not there. Users get it from methods of
    :class:`IndicatorTable`.

    Example:
        >>> import zhibiao as zb
        >>> counties = {"area": ["140728", "140729"], "projects": [60, 40]}
        >>> counties["projects_done"] = [52, 40]
        >>> ranks = zb.compute(counties, "projects.completion").ranks(bands=2)
        >>> ranks.to_polars().select("area", "rank", "band").rows()
        [('140728', 2.0, 2), ('140729', 1.0, 1)]
    """

    def __init__(self, native: _native.Comparison) -> None:
        """Wrap an answer; users get comparisons from methods of :class:`IndicatorTable`."""
        self._native: _native.Comparison = native

    def _title(self) -> str:
        return self._native.title()


class Neighbors:
    """Which areas are alike (统计近邻): of each area others, the nearest first.

    As a frame (:meth:`to_polars`) it has the columns ``area, area_name, tier, place, neighbor,
    neighbor_name, distance``.

    Example:
        >>> import zhibiao as zb
        >>> pairs = {"area": ["140728", "140728"], "neighbor": ["140729", "140703"]}
        >>> zb.Neighbors.read(pairs).to_polars()["neighbor_name"].to_list()
        ['灵石县', '太谷区']
    """

    def __init__(self, native: _native.Neighbors) -> None:
        """Wrap neighbors; users call :meth:`read` or :meth:`IndicatorTable.neighbors`."""
        self._native = native

    @classmethod
    def read(cls, pairs: Frame, *, areas: Areas | None = None) -> Neighbors:
        """Read a table of neighbors (近邻表): ``area``, ``neighbor`` (区划, 近邻), one row a pair.

        Args:
            pairs: Any table, the nearest first.
            areas: The table of areas to use in place of the built-in one.

        Raises:
            TableError: ``missing-column``. A code that is no area, and a neighbor that overlaps the
                area or another of its neighbors, are :attr:`findings`.
        """
        return cls(_native.given_neighbors(source(pairs), Areas.of(areas)._native))

    @cached_property
    def findings(self) -> tuple[ZhibiaoError, ...]:
        """Pairs that were set aside, as exceptions that were not raised."""
        return tuple(self._native.findings())

    def to_polars(self) -> pl.DataFrame:
        """All pairs as a polars frame."""
        return pl.DataFrame(self._native)

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        """All pairs as an Arrow stream."""
        return self._native.__arrow_c_stream__(requested_schema)

    def __len__(self) -> int:
        """Number of pairs."""
        return len(self._native)

    def __repr__(self) -> str:
        """The pairs as a frame."""
        return repr(self.to_polars())


class Comparisons:
    """What a table of indicators can be asked about its areas."""

    _native: _native.IndicatorTable

    def bounds(self) -> ComparisonTable:
        """Where the values lie that are not known exactly (界).

        Those are reported values, values made of what is told by words (740余) or below the unit,
        and those of which a part is withheld. Bounds of quotients are tight: a figure that is in
        numerator and denominator counts once.

        Returns:
            One row for each such value, with ``lower, lower_end, upper, upper_end, reading``. An
            end that is ``open`` is not reached; where there is none, it is null.

        Example:
            >>> import zhibiao as zb
            >>> spent = {"area": ["140728"], "measure": ["facility_investment"]}
            >>> spent |= {"value": ["740余"], "unit": ["万元"]}
            >>> bounds = zb.compute(spent, "projects.facility_investment").bounds()
            >>> bounds.to_polars().select("lower", "upper", "upper_end").row(0)
            (740.0, 750.0, 'open')
        """
        return ComparisonTable(_native.bounds(self._native))

    def limits(
        self,
        *,
        level: Levels = 0.95,
        proportion: ProportionMethod = "wilson",
        count: CountMethod = "exact-byar",
    ) -> ComparisonTable:
        """Interval limits of all values (置信限), for quotients of counts.

        Complete counts are no samples: the limits tell how far chance would take another county
        that is like this one, and ``basis`` says so (``superpopulation``). Shares of counts have
        limits of proportions; rates and completions with a counted numerator, and totals of
        counts, those of
        counts over their denominator.

        Args:
            level: One level or several, as fractions.
            proportion: Method for shares, see :func:`zhibiao.stat.proportion_limits`.
            count: Method for rates and totals, see :func:`zhibiao.stat.count_limits`.

        Returns:
            One row per row of the table and level, with ``level, lower, upper, method, basis``.
            ``status`` is ``no_model`` for amounts, ratios, derived and reported values.

        Raises:
            RequestError: ``bad-level`` for 95 in place of 0.95; ``bad-option``.

        Example:
            >>> import zhibiao as zb
            >>> county = {"area": ["140728"], "children_public": [81], "children": [263]}
            >>> limits = zb.compute(county, "preschool.public_share").limits()
            >>> limits.to_polars()["lower"].round(2).to_list()
            [25.53]
        """
        return ComparisonTable(_native.limits(self._native, _limits(level, proportion, count)))

    def ranks(
        self,
        *,
        ties: Ties = "min",
        bands: int = 4,
        method: BandMethod = "phe",
        within: Tier | None = None,
    ) -> ComparisonTable:
        """Where each area stands among those of its tier, period and slice (位次).

        Exact values are compared. Where higher is better the highest is the first, where lower is,
        the lowest; where nearer to a goal is, the nearest; where nothing is said, the highest.

        Args:
            ties: What rank equal ones have, see :func:`zhibiao.stat.ranks`.
            bands: How many bands; 4 for quarters.
            method: How bands are cut, see :func:`zhibiao.stat.bands`.
            within: The tier of the larger areas within which areas are ranked.

        Returns:
            One row per row of the table, with ``rank, ranked, percentile, band, bands, z``.
            ``status`` is ``few_areas`` where there are fewer areas than bands. A city without
            counties stands among them where the table was computed for ``tiers="county"``.

        Raises:
            RequestError: ``bad-option``.

        Example:
            >>> import zhibiao as zb
            >>> areas, done = ["140703", "140728", "140729"], [40, 52, 52]
            >>> counties = {"area": areas, "projects": [60] * 3, "projects_done": done}
            >>> table = zb.compute(counties, "projects.completion")
            >>> table.ranks(bands=3).to_polars()["rank"].to_list()
            [3.0, 1.0, 1.0]
        """
        return ComparisonTable(_native.ranks(self._native, ties, bands, method, within))

    def against(
        self,
        reference: Literal["parent", "nation"] | None = None,
        *,
        area: str | None = None,
        target: str | float | Decimal | None = None,
        periods_before: int | None = None,
        years_before: int | None = None,
        level: Levels = (),
        by: Significance = "overlap",
        proportion: ProportionMethod = "wilson",
        count: CountMethod = "exact-byar",
    ) -> ComparisonTable:
        """Every value against a reference (与参照比较): exactly one of those below.

        Args:
            reference: ``"parent"``, the nearest larger area that the table has; ``"nation"``, if
                the table has it.
            area: One area by code or name.
            target: A figure in the unit of the indicator, as text for exactly what is written.
            periods_before: The same area so many periods ago.
            years_before: The same area so many years ago.
            level: Levels at which significance is told; without any it is not.
            by: ``"overlap"``: the reference lies outside the limits of the value;
                ``"both-overlap"``: the limits of both do not overlap; ``"funnel"``: the value lies
                outside the funnel around the reference.
            proportion: As for :meth:`limits`.
            count: As for :meth:`limits`.

        Returns:
            One row per row of the table and level, with ``reference, reference_name,
            reference_period, reference_value, reference_status, difference, ratio, level, lower,
            upper, significance``: ``better``, ``worse``, ``similar``; ``higher``, ``lower`` where
            neither is better. ``difference`` is in percentage points for %. ``status`` is
            ``itself`` for the reference, ``no_reference`` where there is none, ``no_base`` or
            ``partial`` where a row of an earlier period is by another definition or made of other
            areas.

        Raises:
            RequestError: ``bad-level``, ``bad-option``.

        Example:
            >>> import zhibiao as zb
            >>> counties = {
            ...     "area": ["140728", "140729"], "projects": [60, 40], "projects_done": [52, 40]
            ... }
            >>> table = zb.compute(counties, "projects.completion")
            >>> table.against(area="灵石县").to_polars()["difference"].round(1).to_list()
            [-13.3, None]
        """
        chosen: dict[str, Any] = {
            "area": area,
            "target": None if target is None else _decimal(target),
            "periods_before": periods_before,
            "years_before": years_before,
        }
        named = [one for one in (reference, *chosen.values()) if one is not None]
        if len(named) != 1:
            given = ", ".join(map(str, named)) or "none"
            wanted = "one of reference, area, target, periods_before and years_before"
            raise bad_option("reference", given, wanted)
        if reference not in {None, "parent", "nation"}:
            raise bad_option("reference", reference, '"parent", "nation", or area= for one area')
        for option in ("periods_before", "years_before"):
            _refuse_span(option, chosen[option])
        past = next((name for name in chosen if chosen[name] is not None), "")
        what = reference or ("past" if past.endswith("_before") else past)
        how = _limits(level, proportion, count)
        return ComparisonTable(_native.against(self._native, {"what": what, **chosen}, how, by))

    def neighbors(
        self,
        indicators: str | Iterable[str] | Mapping[str, float] = (),
        *,
        count: int = 10,
        period: str | int | None = None,
    ) -> Neighbors:
        """The areas that are most like each area (统计近邻), among those of its tier.

        Values become z-scores; the distance of two areas is Euclidean, weighted. An area that lacks
        one of the values has no neighbors and is nobody's.

        Args:
            indicators: By id or exact name, with weights if wanted; without any, all alike.
            count: How many neighbors each area has.
            period: The period whose values are compared; without it, the last.

        Raises:
            RequestError: ``bad-option``.

        Example:
            >>> import zhibiao as zb
            >>> areas, done = ["140703", "140728", "140729"], [10, 50, 55]
            >>> counties = {"area": areas, "projects": [100] * 3, "projects_done": done}
            >>> table = zb.compute(counties, "projects.completion")
            >>> table.neighbors(count=1).to_polars()["neighbor"].to_list()
            ['140728', '140729', '140728']
        """
        if isinstance(indicators, str):
            indicators = [indicators]
        weights = (
            list(indicators.items())
            if isinstance(indicators, Mapping)
            else [(name, 1.0) for name in indicators]
        )
        if isinstance(count, bool) or not isinstance(count, int) or count < 1:
            raise bad_option("number of neighbors", count, "a whole number from 1")
        of = None if period is None else str(period)
        return Neighbors(_native.neighbors(self._native, weights, count, of))

    def peers(self, neighbors: Neighbors) -> ComparisonTable:
        """Every value against that of the area's neighbors together (与近邻比较).

        Where the parts of all neighbors are known, their figure is the ratio of sums; else the mean
        of their values, and ``method`` says which.

        Args:
            neighbors: Found by :meth:`neighbors` or given by :meth:`Neighbors.read`.

        Returns:
            One row per row of the table, with ``neighbors, peers, peer_value, method, difference,
            ratio, rank``; ``peers`` of the ``neighbors`` have a value, ``rank`` is the place among
            the area and these.

        Example:
            >>> import zhibiao as zb
            >>> areas, projects, done = ["140703", "140728", "140729"], [100, 60, 10], [90, 52, 1]
            >>> counties = {"area": areas, "projects": projects, "projects_done": done}
            >>> table = zb.compute(counties, "projects.completion")
            >>> near = zb.Neighbors.read({"area": ["140728"] * 2, "neighbor": ["140703", "140729"]})
            >>> table.filter(area="140728").to_polars()["display"].item()
            '86.7'
            >>> table.peers(near).to_polars()["peer_value"].round(1).to_list()
            [None, 82.7, None]
        """
        if not isinstance(neighbors, Neighbors):
            wanted = "a zhibiao.Neighbors, from `table.neighbors()` or `zb.Neighbors.read()`"
            raise bad_option("neighbors", neighbors, wanted)
        return ComparisonTable(_native.peers(self._native, neighbors._native))

    def disparity(
        self,
        *,
        within: Tier = "nation",
        weighted: bool = True,
        share: float = 0.2,
        order: str | None = None,
        level: float | None = None,
    ) -> ComparisonTable:
        """How unequal the areas inside each larger area are (区域差距).

        Areas count by their denominator (pupils), so that the mean is the ratio of sums. Theil's
        indices are split by the tiers in between.

        Args:
            within: The tier of the larger areas, each of which is a whole.
            weighted: Whether areas count by their denominator, or all alike.
            share: The share of all weight at the top and bottom that are held against each other.
            order: The indicator along which ``sii`` and ``rii`` run, such as a county's income.
            level: Level of the limits of ``mean``, ``sii`` and ``rii``; without it they have none.

        Returns:
            One row per larger area, tier, period, slice, indicator, ``measure`` and ``part``, with
            ``share, among, counted, weighting, level, lower, upper``. Measures: ``mean, deviation,
            cv, gini, theil_t, theil_l, top_to_bottom, range, extremes, mean_gap, relative_gap``,
            and ``sii, rii`` with an order. Parts of Theil's: ``total, between_province,
            between_prefecture, within``, and their ``share`` in %.

        Raises:
            RequestError: ``bad-option``, ``bad-level``.

        Example:
            >>> import zhibiao as zb
            >>> counties = {
            ...     "area": ["140728", "140729"], "projects": [60, 40], "projects_done": [30, 40]
            ... }
            >>> found = zb.compute(counties, "projects.completion").disparity().to_polars()
            >>> found.filter(measure="cv")["display"].to_list()
            ['0.3499']
        """
        return ComparisonTable(
            _native.disparity(self._native, within, weighted, share, order, level)
        )

    def gaps(self, dimension: str, first: str, second: str) -> ComparisonTable:
        """The gap between two slices of a dimension (城乡差距, 性别差距).

        Args:
            dimension: What the table is split by, such as ``"sex"``.
            first: One slice by id or name, such as ``"female"``.
            second: The other.

        Returns:
            One row per area, period, other slices and indicator: ``value`` is ``first − second`` in
            percentage points for %, beside ``first, second, parity, adjusted``.

        Raises:
            RequestError: ``bad-option``.

        Example:
            >>> import zhibiao as zb
            >>> county = {"area": ["140728"] * 2, "sex": ["女", "男"]}
            >>> county |= {"projects": [50, 50], "projects_done": [40, 50]}
            >>> table = zb.compute(county, "projects.completion", slices="sex")
            >>> table.gaps("sex", "女", "男").to_polars().select("value", "parity").row(0)
            (-20.0, 0.8)
        """
        return ComparisonTable(_native.gaps(self._native, dimension, first, second))

    def trends(
        self,
        *,
        points: int = 5,
        level: float = 0.998,
        periods_before: int | None = None,
        years_before: int | None = None,
    ) -> ComparisonTable:
        """Change, growth and trend of every area, slice and indicator (趋势).

        Args:
            points: How many of the last periods are looked at.
            level: The level of significance.
            periods_before: What the change is taken from: so many periods ago; one without it.
            years_before: So many years ago.

        Returns:
            One row per area, slice and indicator, about its last period, with ``from, points,
            change, change_percent, annual_growth, slope, statistic, p, method, trend``. ``trend``
            is ``improving``, ``worsening``, ``rising``, ``falling`` only where significant and
            steady
            (the same direction without any one point), else ``none``.

        Raises:
            RequestError: ``bad-option``, ``bad-level``.

        Example:
            >>> import zhibiao as zb
            >>> years = {"area": ["140728"] * 5, "period": [2018, 2019, 2020, 2021, 2022]}
            >>> years |= {"children_public": [400, 450, 500, 550, 600], "children": [1000] * 5}
            >>> table = zb.compute(years, "preschool.public_share")
            >>> table.trends().to_polars().select("change", "trend").row(0)
            (5.0, 'improving')
        """
        _refuse_span("periods_before", periods_before)
        _refuse_span("years_before", years_before)
        if isinstance(points, bool) or not isinstance(points, int) or points < 0:
            raise bad_option("number of points", points, "a whole number from 3")
        return ComparisonTable(
            _native.trends(self._native, points, level, periods_before, years_before)
        )

    def standardize(
        self,
        population: Mapping[str | tuple[str, ...], float],
        *,
        level: Levels = (),
        count: CountMethod = "exact-byar",
    ) -> ComparisonTable:
        """The rates that each area would have with a standard population (直接标准化率).

        The table is split by the dimensions whose slices are the strata.

        Args:
            population: How many there are of each stratum: by slice (id or name), of several
                dimensions by a tuple of slices in their order. Bound by key, never by position.
            level: Levels of limits, by Dobson's method; without any there are none.
            count: Method of the limits of all events together.

        Returns:
            One row per area, period, indicator and level: ``value`` is the standardized rate,
            beside ``crude, method, strata, observed, expected, ratio, level, lower, upper``.
            ``status`` is
            ``no_stratum`` where a stratum has no counts.

        Raises:
            RequestError: ``bad-option`` for a stratum that only one of both has; ``bad-level``.

        Example:
            >>> import zhibiao as zb
            >>> county = {"area": ["140728"] * 2, "sex": ["女", "男"]}
            >>> county |= {"projects": [1000, 100], "projects_done": [20, 10]}
            >>> table = zb.compute(county, "projects.completion", slices="sex")
            >>> table.standardize({"male": 3, "female": 1}).to_polars()["display"].item()
            '8.0'
        """
        strata = []
        for key, number in population.items():
            slices = list(key) if isinstance(key, tuple) else [key]
            if not all(isinstance(one, str) for one in slices):
                raise bad_option("stratum", key, "a slice by id or name, or a tuple of them")
            if isinstance(number, (str, bool)) or not isinstance(number, SupportsFloat):
                raise bad_option("number of a stratum", number, "a number")
            strata.append((slices, float(number)))
        how = _limits(level, "wilson", count)
        return ComparisonTable(_native.standardized(self._native, strata, how))

    def standardize_by(
        self, area: str, *, level: Levels = (), count: CountMethod = "exact-byar"
    ) -> ComparisonTable:
        """What was counted over what the rates of a reference area would give (间接标准化率).

        Args:
            area: The reference by code or name; the table has its rows, split by the same strata.
            level: Levels of limits; without any there are none.
            count: Their method.

        Returns:
            As for :meth:`standardize`; ``ratio`` is observed over expected, ``value`` that times
            the rate of the reference.

        Raises:
            RequestError: ``bad-option``, ``bad-level``.

        Example:
            >>> import zhibiao as zb
            >>> counties = {"area": ["140728"] * 2 + ["140729"] * 2, "sex": ["女", "男"] * 2}
            >>> counties |= {"projects": [1000, 100, 500, 500], "projects_done": [30, 12, 10, 50]}
            >>> table = zb.compute(counties, "projects.completion", slices="sex")
            >>> table.standardize_by("140729").to_polars()["ratio"].to_list()
            [1.4, 1.0]
        """
        return ComparisonTable(
            _native.indirect(self._native, area, _limits(level, "wilson", count))
        )


def _limits(level: Levels, proportion: str, count: str) -> dict[str, Any]:
    return {"levels": levels(level), "proportion": proportion, "count": count}


def _refuse_span(option: str, span: object) -> None:
    if span is not None and (
        isinstance(span, bool) or not isinstance(span, int) or not 1 <= span <= 100
    ):
        raise bad_option(option, span, "a whole number from 1 to 100")


def _decimal(target: str | float | Decimal) -> str:
    """A figure as it is written."""
    if isinstance(target, bool) or not isinstance(target, (str, SupportsFloat, Sequence)):
        raise bad_option("target", target, "a number, or text of one")
    return f"{target:f}" if isinstance(target, Decimal) else str(target)
