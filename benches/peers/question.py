"""What every engine is asked: 17 sums of a panel, or those of a real table, by area and period.

An answer is compared as integers: a frame of `area`, `period` and the sums, amounts in fen.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Literal

import polars as pl
from panel import AMOUNTS, COUNTS

KEYS = ["area", "period"]
PUBLIC = ["public"]
INCLUSIVE = ["public", "inclusive_private"]
# Sums of children in some kindergartens only.
FILTERED = {"children_public": PUBLIC, "children_inclusive": INCLUSIVE}
SUMS = [*COUNTS, *FILTERED, *AMOUNTS]
# Columns that are read.
USED = ["area", "period", "ownership", *COUNTS, *AMOUNTS]

Source = Literal["memory", "parquet", "csv"]
Tiers = Literal["county", "four"]


@dataclass(frozen=True)
class Question:
    """One question to one file."""

    file: str
    # Where an engine finds the rows when its time begins.
    source: Source
    tiers: Tiers
    order: Literal["sorted", "shuffled"] = "sorted"
    nulls: int = 0
    million_rows: int = 6

    def __str__(self) -> str:
        """A heading for its times."""
        nulls = f", {self.nulls} % null" if self.nulls else ""
        tiers = {"county": "counties", "four": "four tiers"}[self.tiers]
        return f"{self.million_rows} M rows, {self.source}, {self.order}{nulls}, {tiers}"

    @property
    def fields(self) -> dict[str, object]:
        """As an argument of a process."""
        return asdict(self)


# Codes of a county's prefecture, province and nation.
ABOVE = {"prefecture": (100, 100), "province": (10_000, 10_000), "nation": (1_000_000, 1)}


def comparable(answer: pl.DataFrame) -> pl.DataFrame:
    """An answer as integers, in the order of its keys."""
    fen = [(pl.col(name) * 100).round() for name in AMOUNTS]
    whole = answer.with_columns(fen).select(pl.col(*KEYS, *SUMS).cast(pl.Int64))
    return whole.sort(KEYS)
