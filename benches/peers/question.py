"""What every engine is asked, and the form in which answers are compared."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Literal

import polars as pl
from shape import KEYS, SHAPES, Shape

Source = Literal["memory", "parquet", "csv"]
Order = Literal["sorted", "shuffled"]
Tiers = Literal["county", "four"]

# Digits that a tier cuts from the code of a county, and what its own code is a multiple of.
ABOVE = {"prefecture": 100, "province": 10_000, "nation": 1_000_000}


@dataclass(frozen=True)
class Question:
    """One question to one file."""

    file: str
    # Where an engine finds the rows when its time begins.
    source: Source
    tiers: Tiers
    order: Order = "sorted"
    nulls: int = 0
    table: Literal["panel", "kentucky"] = "panel"
    million_rows: int = 6

    @property
    def shape(self) -> Shape:
        """What is summed."""
        return SHAPES[self.table]

    @property
    def fields(self) -> dict[str, object]:
        """As an argument of a process."""
        return asdict(self)

    def __str__(self) -> str:
        """A heading for its times."""
        if self.table == "kentucky":
            return f"Kentucky, 4.6 M rows, {self.source}, schools and districts"
        nulls = f", {self.nulls} % null" if self.nulls else ""
        tiers = {"county": "counties", "four": "four tiers"}[self.tiers]
        return f"{self.million_rows} M rows, {self.source}, {self.order}{nulls}, {tiers}"


def comparable(answer: pl.DataFrame, shape: Shape) -> pl.DataFrame:
    """An answer as texts and integers, amounts in fen."""
    sums = [pl.col(*shape.counts, *shape.filtered).cast(pl.Int64)]
    if shape.amounts:
        sums.append((pl.col(shape.amounts) * 100).round().cast(pl.Int64))
    return answer.select(pl.col(KEYS).cast(pl.String), *sums)
