"""pandas: `groupby` without sorting and without groups that do not occur.

Filtered sums are sums of columns that are zero elsewhere: a `groupby` of their own would cost more.
"""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import polars as pl
from panel import OWNERSHIP
from question import ABOVE, FILTERED, KEYS, SUMS, USED, Question

TYPES = {"area": "int32", "period": "int16", "ownership": pd.CategoricalDtype(OWNERSHIP)}


def read(question: Question) -> pd.DataFrame:
    """The columns of a file that are used."""
    if question.source == "csv":
        frame = pd.read_csv(question.file, engine="pyarrow", usecols=USED)
    else:
        frame = pd.read_parquet(question.file, columns=USED)
    return frame.astype(TYPES)


def county(rows: pd.DataFrame) -> pd.DataFrame:
    """Sums of counties."""
    children, owner = rows["children"], rows["ownership"]
    filtered = {name: children.where(owner.isin(values), 0) for name, values in FILTERED.items()}
    return summed(rows.assign(**filtered))


def summed(rows: pd.DataFrame) -> pd.DataFrame:
    """Sums by area and period."""
    return rows.groupby(KEYS, sort=False, observed=True)[SUMS].sum().reset_index()


def above(counties: pd.DataFrame) -> pd.DataFrame:
    """Sums of four tiers from those of counties."""
    tiers = [counties]
    for within, unit in ABOVE.values():
        area = tiers[-1]["area"] // within * within if unit > 1 else 0
        tiers.append(summed(tiers[-1].assign(area=area)))
    return pd.concat(tiers)


def prepare(
    question: Question,
) -> tuple[Callable[[], object], Callable[[object], pl.DataFrame]]:
    """What answers the question, and what reads the answer."""
    loaded = read(question) if question.source == "memory" else None

    def answer() -> pd.DataFrame:
        counties = county(read(question) if loaded is None else loaded)
        return counties if question.tiers == "county" else above(counties)

    return answer, pl.from_pandas
