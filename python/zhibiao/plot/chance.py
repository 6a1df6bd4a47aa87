"""How far chance would take an area (偶然范围): limits of values, and a funnel round a figure."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from zhibiao import stat
from zhibiao.plot.figures import Figure, Figures, beside
from zhibiao.plot.refusal import refused
from zhibiao.tables import IndicatorTable

__all__ = ["Funnel", "Limits"]


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits of values at one level.

    Attributes:
        level: As a fraction.
        ends: Lower and upper limit, in the unit of the indicator. Rows whose values are no counts
            or quotients of counts have none.
    """

    level: float
    ends: Mapping[Figure, tuple[float, float]]

    @classmethod
    def of(cls, figures: Figures, table: IndicatorTable, level: float) -> Limits:
        """Those of the rows.

        Args:
            figures: What is drawn.
            table: That the figures are of.
            level: As a fraction.

        Returns:
            The limits, of at least one row.

        Raises:
            RequestError: `bad-option`, where no row has any; `bad-level`.
        """
        told = beside(figures, table.limits(level=level), table.catalog)
        ends = {
            row: (float(one["lower"]), float(one["upper"]))
            for row, rows in told.items()
            for one in rows
            if one["lower"] is not None and one["upper"] is not None
        }
        if figures.values() and not ends:
            why = f"no value of `{figures.indicator.id}` is a count or a quotient of counts"
            remedy = "nothing tells how chance acts; choose a share or rate of what is counted"
            raise refused("indicator", figures.indicator.id, why, remedy)
        return cls(level, ends)


@dataclass(frozen=True, slots=True)
class Funnel:
    """Areas, the figure that they are held against, and how far chance reaches round it.

    Attributes:
        figures: All rows, also those that have no denominator.
        sizes: Denominators of the rows that have.
        outside: Outside how many of the levels each row lies.
        levels: From the narrowest to the widest.
        target: The figure in the middle, in the unit of the indicator.
        given: Whether it was given, and is not the ratio of sums of the rows.
        factor: The unit: 100 for %.
    """

    figures: Figures
    sizes: dict[Figure, float]
    outside: dict[Figure, int]
    levels: list[float]
    target: float
    given: bool
    factor: float

    @classmethod
    def of(
        cls,
        figures: Figures,
        table: IndicatorTable,
        levels: list[float],
        target: str | float | Decimal | None,
    ) -> Funnel:
        """The funnel round a target, or round the rows together.

        Args:
            figures: What is drawn.
            table: That the figures are of.
            levels: From the narrowest to the widest.
            target: In the unit of the indicator.

        Raises:
            RequestError: `bad-option`, where no row is a quotient of counts, or the target is none.
        """
        known = Limits.of(figures, table, levels[-1]).ends
        rows = [row for row in known if row.denominator and row.numerator is not None]
        if not rows:
            why = f"values of `{figures.indicator.id}` have no denominators"
            remedy = "choose a share or rate of what is counted, or use `distribution`"
            raise refused("indicator", figures.indicator.id, why, remedy)
        factor = _factor(figures, rows)
        middle = _together(rows, factor) if target is None else target
        told = table.against(target=middle, level=levels, by="funnel")
        compared = beside(figures, told, table.catalog)
        same = {None, "similar"}
        outside = {
            row: sum(one["significance"] not in same for one in compared[row]) for row in rows
        }
        sizes = {row: float(row.denominator or 0) for row in rows}
        given = target is not None
        funnel = cls(figures, sizes, outside, levels, float(middle), given, factor)
        largest = factor if funnel.method == "share" else float("inf")
        if not 0 <= funnel.target <= largest:
            why = f"`{target}` is no value that `{figures.indicator.id}` can have"
            raise refused("target", target, why, "pass a figure in the unit of the indicator")
        return funnel

    @property
    def method(self) -> Literal["share", "rate"]:
        """What chance acts on."""
        return "share" if self.figures.indicator.kind == "share" else "rate"

    def limits(self, sizes: list[float], level: float) -> list[tuple[float, float]]:
        """Lower and upper limit at each denominator, in the unit of the indicator."""
        fraction = self.target / self.factor
        found = stat.funnel_limits(fraction, sizes, level=level, of=self.method)
        return found.select(found["lower"] * self.factor, found["upper"] * self.factor).rows()

    def side(self, row: Figure) -> int:
        """1 above the narrowest funnel, −1 below, 0 inside."""
        if not self.outside[row]:
            return 0
        return 1 if (row.value or 0.0) > self.target else -1

    def farthest(self) -> list[Figure]:
        """The rows outside, the farthest first, in parts of the way to the widest limit."""
        rows = [row for row in self.sizes if self.outside[row]]
        if not rows:
            return []
        away: dict[Figure, float] = {}
        ends = self.limits([self.sizes[row] for row in rows], self.levels[-1])
        for row, (lower, upper) in zip(rows, ends, strict=True):
            gap = (row.value or 0.0) - self.target
            reach = upper - self.target if gap > 0 else self.target - lower
            away[row] = abs(gap) / reach if reach > 0 else math.inf
        return sorted(rows, key=lambda row: (-away[row], row.area))


def _factor(figures: Figures, rows: list[Figure]) -> float:
    """What the quotient of the parts is multiplied by in the unit: a power of ten."""
    for row in rows:
        if row.numerator and row.denominator and row.value:
            quotient = float(row.numerator) / float(row.denominator)
            return 10.0 ** round(math.log10(row.value / quotient))
    return {"%": 100.0, "‰": 1000.0}.get(figures.unit, 1.0)


def _together(rows: list[Figure], factor: float) -> str:
    """The ratio of sums in the unit, as text of twelve decimals."""
    above = sum((row.numerator or Decimal(0) for row in rows), Decimal(0))
    below = sum((row.denominator or Decimal(0) for row in rows), Decimal(0))
    return f"{above / below * Decimal(factor):.12f}"
