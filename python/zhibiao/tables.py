"""Answers: indicators, verdicts, attainment, findings."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Literal, cast

import polars as pl

from zhibiao import _native
from zhibiao.catalog import Catalog, IndicatorList, Standard, standard_of
from zhibiao.comparison import Comparisons
from zhibiao.explanation import Explanation
from zhibiao.frames import Opened
from zhibiao.score import Scoring
from zhibiao.table import Computed, Table

if TYPE_CHECKING:
    from zhibiao.areas import Tier
    from zhibiao.plot import Plot

Verdict = Literal["meets", "fails", "unknown", "not_applicable"]
VERDICTS: tuple[Verdict, ...] = ("meets", "fails", "unknown", "not_applicable")


class IndicatorTable(Computed, Comparisons, Scoring):
    """A table of indicators (指标表): exact values with status, coverage and parts.

    One row per area, period, slice and indicator, sorted by tier as asked for, then area, period
    and slice, then indicator as asked for. As a frame it has the columns ``area, area_name, tier,
    period``, one a slice, ``indicator, numerator, denominator, value, display, unit, status,
    missing, areas, areas_expected``:

    - ``value`` is the nearest float in the unit of the indicator (76.6, not 0.766), ``display`` its
      text, rounded once; both are null where ``status`` says why.
    - ``numerator`` and ``denominator`` are exact decimals in base units (元, not 万元).
    - ``missing`` counts rows that lack a part; ``areas`` of ``areas_expected`` areas are there.

    Example:
        >>> import zhibiao as zb
        >>> areas, projects, done = ["140728", "140729"], [60, 40], [52, 40]
        >>> counties = {"area": areas, "projects": projects, "projects_done": done}
        >>> table = zb.compute(counties, "projects.completion")
        >>> table.filter(area="平遥县").to_polars()["status"].to_list()
        ['ok']
    """

    def __init__(self, native: _native.IndicatorTable, catalog: Catalog) -> None:
        """Wrap an answer; users get tables from :func:`zhibiao.compute`."""
        self._native: _native.IndicatorTable = native
        self.catalog = catalog

    @property
    def indicators(self) -> IndicatorList:
        """The indicators of the table, in order."""
        return IndicatorList(self.catalog, self._native.indicators(), self.lang)

    def filter(
        self,
        *,
        area: str | Iterable[str] = (),
        within: str | Iterable[str] = (),
        tier: Tier | Iterable[Tier] = (),
        period: str | int | Iterable[str | int] = (),
        indicator: str | Iterable[str] = (),
    ) -> IndicatorTable:
        """The table with some of its rows; values, statuses and coverage stay as they are.

        Args:
            area: Areas by code, or by a name that only one area bears.
            within: Areas that are wanted with everything that lies in them.
            tier: Tiers.
            period: Periods.
            indicator: Indicators by id or exact name, in the order in which they are wanted.

        Raises:
            RequestError: ``bad-option`` for what the table has nothing of.
        """
        wanted = {
            "areas": _words(area),
            "within": _words(within),
            "tiers": _words(tier),
            "periods": _words(period),
            "indicators": _words(indicator),
        }
        return IndicatorTable(self._native.select(wanted), self.catalog)

    def judge(self, standard: str) -> VerdictTable:
        """Hold every area against the criteria in force for it at the end of its period.

        Values are compared exactly, never rounded. Criteria whose indicator is not in the table are
        ``unknown``; :func:`zhibiao.judge` computes what a standard needs.

        Args:
            standard: Id of the standard, such as ``"preschool-2020"``.

        Raises:
            CatalogError: ``unknown-id``.
        """
        return VerdictTable(self._native.judge(standard), self.catalog)

    def explain(self, indicator: str | Iterable[str] = ()) -> Explanation:
        """What the values stand on (说明).

        Of a table of one row everything: definition and source, parts, what was missing, coverage,
        rounding. Of several rows the definition of each indicator.

        Args:
            indicator: Indicators to explain; without any, all of the table.
        """
        table = self.filter(indicator=indicator) if indicator else self
        return Explanation(table._native.explain(), self.lang)

    def wide(
        self, *, values: Literal["value", "display", "status"] = "value", names: bool = False
    ) -> pl.DataFrame:
        """One row per area, period and slice, and a column for each indicator.

        Args:
            values: What stands in the columns.
            names: Whether columns are called by the names of the indicators, not by their ids.
        """
        frame = self.to_polars()
        on = "indicator"
        keys = frame.columns[: frame.columns.index(on)]
        order = [indicator.id for indicator in self.indicators]
        wide = frame.pivot(on, on_columns=order, index=keys, values=values, maintain_order=True)
        if names:
            wide = wide.rename({indicator.id: indicator.name for indicator in self.indicators})
        return wide

    @property
    def plot(self) -> Plot:
        """Charts of the table (needs ``zhibiao[plot]``)."""
        from zhibiao.plot import Plot  # noqa: PLC0415

        return Plot(self)


class VerdictTable(Computed):
    """Verdicts on a standard (评估结果): one row per area and period, and criterion in force there.

    As a frame it has the columns ``area, area_name, tier, period``, one a slice, ``standard,
    criterion, indicator, value, display, threshold, verdict, gap, needed, needed_of``. ``verdict``
    is ``meets``, ``fails``, ``unknown`` or ``not_applicable``; ``gap`` is value minus threshold in
    the unit of the indicator, percentage points for %; ``needed`` is the smallest whole change of
    the measure ``needed_of`` that meets the criterion.
    """

    def __init__(self, native: _native.VerdictTable, catalog: Catalog) -> None:
        """Wrap an answer; users get verdicts from :meth:`IndicatorTable.judge`."""
        self._native: _native.VerdictTable = native
        self.catalog = catalog

    @property
    def standard(self) -> Standard:
        """The standard."""
        return standard_of(self._native.standard())

    @property
    def indicators(self) -> IndicatorList:
        """The indicators of the criteria, each once."""
        return IndicatorList(self.catalog, self._native.indicators(), self.lang)

    def _title(self) -> str:
        return self.standard.name

    @property
    def summary(self) -> dict[Verdict, int]:
        """How many criteria of areas meet, fail, are unknown and do not apply."""
        return dict(zip(VERDICTS, self._native.summary(), strict=True))

    @property
    def rules(self) -> pl.DataFrame:
        """How areas and schools stand by the rules of the standard, and as a whole (按规则汇总).

        Columns: ``area, area_name, tier, period``, one a slice, ``standard, rule, name, items,
        needs, meets, fails, unknown, not_applicable, verdict, lacking``. ``rule`` is null for the
        standard as a whole; of ``items``, ``needs`` must be met; ``lacking`` is how many more.
        Items of a rule that is asked of each school are schools, of several stages each stage.
        """
        return pl.DataFrame(Opened(self._native.rules))

    @property
    def changes(self) -> pl.DataFrame:
        """What became of criteria and rules from each period to the next (历年变化).

        Columns: ``area, area_name, tier, before, period``, one a slice, ``standard, rule,
        indicator, name, display_before, display, threshold_before, threshold, verdict_before,
        verdict, turn``. ``turn`` is ``won``, ``lost``, ``kept``, ``still_fails``, or ``open`` where
        one of both could not be judged.
        """
        return pl.DataFrame(Opened(self._native.changes))

    @property
    def to_come(self) -> pl.DataFrame:
        """Criteria that are not in force at the end of the period but will be (将施行的要求).

        Held against the values of the period; columns as of the table, and ``valid_from``.
        """
        return pl.DataFrame(Opened(self._native.to_come))

    @property
    def verdict(self) -> Verdict:
        """The verdict on the standard: fails if one area does, is unknown if one is."""
        return cast("Verdict", self._native.verdict())

    @property
    def plot(self) -> Plot:
        """Charts of the verdicts (needs ``zhibiao[plot]``)."""
        from zhibiao.plot import Plot  # noqa: PLC0415

        return Plot(self)


class AttainmentTable(Computed):
    """How far targets are reached (任务完成情况表).

    One row per area, period, slice and indicator that has a value or a target. As a frame it has
    the columns ``area, area_name, tier, period``, one a slice, ``indicator, value, display, unit,
    target, target_display, attainment, attainment_display, over, rank, ranked, status, verdict``:

    - ``attainment`` is value over target in %, ``over`` value minus target in the unit of the
      indicator, percentage points for %; negative where it is short.
    - ``rank`` is the place among the ``ranked`` areas of the tier, period, slice and indicator;
      equal ones share it. Where lower is better there is no attainment, and the lowest ``over`` is
      the first.
    - ``status`` is that of the value, ``no_target`` or ``zero_target``; ``partial`` also where
      value and target are not made of the same areas.
    - ``verdict`` is ``meets``, ``fails``, ``unknown`` or ``not_applicable``.
    """

    def __init__(self, native: _native.AttainmentTable) -> None:
        """Wrap an answer; users get it from :func:`zhibiao.attain`."""
        self._native: _native.AttainmentTable = native

    def _title(self) -> str:
        return "任务完成情况" if self.lang == "zh" else "Attainment of targets"

    @property
    def summary(self) -> dict[Verdict, int]:
        """How many targets are met, are not, cannot be told, and do not apply."""
        return dict(zip(VERDICTS, self._native.summary(), strict=True))


class FindingTable(Table):
    """Findings (检查结果), the gravest first, then in the order of the table.

    As a frame it has the columns ``severity, code, area, area_name, period, measure, value, other,
    file, sheet, row, column, message, remedy``. ``row`` counts as a spreadsheet does: the header is
    row 1.
    """

    def __init__(self, native: _native.FindingTable) -> None:
        """Wrap an answer; users get findings from :func:`zhibiao.check`."""
        self._native: _native.FindingTable = native

    def _title(self) -> str:
        return "检查结果" if self.lang == "zh" else "Findings"


def _words(given: str | int | Iterable[str | int]) -> list[str]:
    return [str(given)] if isinstance(given, (str, int)) else [str(word) for word in given]
