"""pandas: `groupby` without sorting and without groups that do not occur.

Filtered sums are sums of columns that are zero elsewhere: a `groupby` of their own would cost more.
"""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import polars as pl
from question import ABOVE, Question
from shape import KEYS, Shape


def read(question: Question) -> pd.DataFrame:
    """The columns of a file that are used, keys in types as narrow as values allow."""
    shape = question.shape
    if question.source == "csv":
        frame = pd.read_csv(question.file, engine="pyarrow", usecols=shape.used)
    else:
        frame = pd.read_parquet(question.file, columns=shape.used)
    keys = ["int32", "int16"] if shape.numbered else ["category", "category"]
    types = dict(zip(KEYS, keys, strict=True))
    return frame.astype(types | {shape.category: pd.CategoricalDtype(shape.categories)})


def county(rows: pd.DataFrame, shape: Shape) -> pd.DataFrame:
    """Sums of areas as they are given."""
    values, category = rows[shape.filtered_column], rows[shape.category]
    filtered = {
        name: values.where(category.isin(wanted), 0) for name, wanted in shape.filtered.items()
    }
    return summed(rows.assign(**filtered), shape)


def summed(rows: pd.DataFrame, shape: Shape) -> pd.DataFrame:
    """Sums by area and period."""
    return rows.groupby(KEYS, sort=False, observed=True)[shape.sums].sum().reset_index()


def above(counties: pd.DataFrame, shape: Shape) -> pd.DataFrame:
    """Sums of four tiers from those of counties."""
    tiers = [counties]
    for unit in ABOVE.values():
        tiers.append(summed(tiers[-1].assign(area=tiers[-1]["area"] // unit * unit), shape))
    return pd.concat(tiers)


def prepare(
    question: Question,
) -> tuple[Callable[[], object], Callable[[object], pl.DataFrame]]:
    """What answers the question, and what reads the answer."""
    shape = question.shape
    loaded = read(question) if question.source == "memory" else None

    def answer() -> pd.DataFrame:
        counties = county(read(question) if loaded is None else loaded, shape)
        return counties if question.tiers == "county" else above(counties, shape)

    return answer, pl.from_pandas
