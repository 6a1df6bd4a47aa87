"""Polars: a frame in memory, or its own readers of files; both of its engines.

Filtered sums are `when(…).then(…)`, twice as fast as `filter(…)` within a group. Four tiers are
rolled up from the sums of counties, faster than four group_bys over the rows. One key made of both
is faster than two for the streaming engine. Who knows that rows are sorted can say so, which no
engine checks: a slip there gives wrong numbers in silence, so it is shown beside the others.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import polars as pl
from panel import AMOUNTS, COUNTS, OWNERSHIP, YEARS
from question import ABOVE, FILTERED, KEYS, SUMS, USED, Question

Engine = Literal["in-memory", "streaming"]
# By area and period; by one number that stands for both; by that, said to be sorted.
Key = Literal["two", "one", "sorted"]

# As narrow as values allow; the enumeration makes a filter a comparison of codes.
TYPES = {"period": pl.Int16, "area": pl.Int32, "ownership": pl.Enum(OWNERSHIP)}
PER_AREA = 64


def county(rows: pl.LazyFrame, key: Key) -> pl.LazyFrame:
    """Sums of counties."""
    owner = pl.col("ownership")
    sums = [pl.col(*COUNTS, *AMOUNTS).sum()]
    for name, values in FILTERED.items():
        holds = pl.any_horizontal([owner == value for value in values])
        sums.append(pl.when(holds).then("children").sum().alias(name))
    if key == "two":
        return rows.group_by(KEYS).agg(sums)
    both = pl.col("area") * PER_AREA + (pl.col("period").cast(pl.Int32) - YEARS.start)
    both = both.set_sorted() if key == "sorted" else both
    grouped = rows.with_columns(key=both).group_by("key").agg(sums)
    area, period = pl.col("key") // PER_AREA, pl.col("key") % PER_AREA + YEARS.start
    return grouped.select(area.alias("area"), period.cast(pl.Int16).alias("period"), *SUMS)


def above(counties: pl.DataFrame) -> pl.DataFrame:
    """Sums of four tiers from those of counties."""
    tiers = [counties]
    for within, unit in ABOVE.values():
        area = pl.col("area") // within * within if unit > 1 else pl.lit(0, pl.Int32)
        tiers.append(tiers[-1].group_by(area.alias("area"), "period").agg(pl.col(SUMS).sum()))
    return pl.concat([tier.select(*KEYS, *SUMS) for tier in tiers])


def prepare(
    question: Question, *, engine: Engine = "streaming", key: Key = "two"
) -> tuple[Callable[[], object], Callable[[object], pl.DataFrame]]:
    """What answers the question, and what reads the answer."""
    if question.source == "csv":
        schema = TYPES | dict.fromkeys(COUNTS, pl.Int64) | dict.fromkeys(AMOUNTS, pl.Float64)
        rows = pl.scan_csv(question.file, schema_overrides=schema)
    else:
        # The file has a dictionary without an order: comparing it with a text compares codes, too.
        rows = pl.scan_parquet(question.file)
    if question.source == "memory":
        rows = rows.select(USED).cast(TYPES).collect().rechunk().lazy()

    def answer() -> pl.DataFrame:
        counties = county(rows, key).collect(engine=engine)
        return counties if question.tiers == "county" else above(counties)

    return answer, lambda frame: frame
