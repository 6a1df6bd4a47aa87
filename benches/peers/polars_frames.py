"""Polars: a frame in memory, or its own readers of files; both of its engines.

Filtered sums are `when(…).then(…)`, twice as fast as `filter(…)` within a group. Four tiers are
rolled up from the sums of counties, faster than four group_bys over the rows. One key made of both
is faster than two where rows are shuffled. Who knows that rows are sorted can say so, which no
engine checks: a slip there gives wrong numbers in silence, so that is shown beside the others.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import polars as pl
from panel import YEARS
from question import ABOVE, Question
from shape import KEYS, Shape

Engine = Literal["in-memory", "streaming"]
# By area and period; by one number that stands for both; by that, said to be sorted.
Key = Literal["two", "one", "sorted"]

# Periods of an area, in one number with it.
PER_AREA = 64


def types(shape: Shape) -> pl.Schema:
    """As narrow as values allow; an enumeration makes a filter a comparison of codes."""
    keys = [pl.Int32(), pl.Int16()] if shape.numbered else [pl.Categorical(), pl.Categorical()]
    by_key = dict(zip(KEYS, keys, strict=True))
    return pl.Schema(by_key | {shape.category: pl.Enum(shape.categories)})


def county(rows: pl.LazyFrame, shape: Shape, key: Key) -> pl.LazyFrame:
    """Sums of areas as they are given."""
    sums = [pl.col(*shape.counts, *shape.amounts).sum()] if shape.counts else []
    for name, values in shape.filtered.items():
        holds = pl.any_horizontal([pl.col(shape.category) == value for value in values])
        sums.append(pl.when(holds).then(shape.filtered_column).sum().alias(name))
    if key == "two":
        return rows.group_by(KEYS).agg(sums)
    both = pl.col("area") * PER_AREA + (pl.col("period").cast(pl.Int32) - YEARS.start)
    both = both.set_sorted() if key == "sorted" else both
    grouped = rows.with_columns(key=both).group_by("key").agg(sums)
    area, period = pl.col("key") // PER_AREA, pl.col("key") % PER_AREA + YEARS.start
    return grouped.select(area.alias("area"), period.cast(pl.Int16).alias("period"), *shape.sums)


def above(counties: pl.DataFrame, shape: Shape) -> pl.DataFrame:
    """Sums of four tiers from those of counties."""
    tiers = [counties]
    for unit in ABOVE.values():
        area = (pl.col("area") // unit * unit).alias("area")
        tiers.append(tiers[-1].group_by(area, "period").agg(pl.col(shape.sums).sum()))
    return pl.concat([tier.select(*KEYS, *shape.sums) for tier in tiers])


def prepare(
    question: Question, *, engine: Engine = "streaming", key: Key = "two"
) -> tuple[Callable[[], object], Callable[[object], pl.DataFrame]]:
    """What answers the question, and what reads the answer."""
    shape = question.shape
    if question.source == "csv":
        schema = types(shape) | dict.fromkeys(shape.counts, pl.Int64())
        schema |= dict.fromkeys(shape.amounts, pl.Float64())
        rows = pl.scan_csv(question.file, schema_overrides=schema)
    else:
        rows = pl.scan_parquet(question.file)
    if question.source == "memory":
        rows = rows.select(shape.used).cast(types(shape)).collect().rechunk().lazy()

    def answer() -> pl.DataFrame:
        counties = county(rows, shape, key).collect(engine=engine)
        return counties if question.tiers == "county" else above(counties, shape)

    return answer, lambda frame: frame
