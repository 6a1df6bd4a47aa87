"""Ranks, quarters and neighbors of English authorities, as the tool of their ministry shows them.

The reference is worked out anew from its published rules (dfe-analytical-services,
local-authority-interactive-tool, R/fn_analysis.R): ties share the best rank, the highest first
where polarity is High; quarters by quantiles of R type 7, up to and including; no rank and no
quarter where there is no polarity; the figure of statistical neighbors is the mean of their rates.
"""

from __future__ import annotations

import math
from decimal import Decimal
from fractions import Fraction

import numpy as np
import openpyxl
import pandas as pd
import polars as pl
import pytest
import zhibiao as zb
from conftest import shared

# Those of today, 153, and five that are no more.
AUTHORITIES = 158


@pytest.fixture(scope="module")
def sheet() -> pl.DataFrame:
    """All figures, with the number of each series and of each label of a period."""
    rows = pl.read_parquet(shared("uk_lait/bds_long_0.parquet"))
    assert rows.height == 641_070
    return rows.select(
        pl.col("LA Number").cast(pl.Int64).cast(pl.String).alias("area"),
        (pl.col("Years").rank("dense").cast(pl.Int64) + 1899).alias("period"),
        ("m" + pl.col("Short Desc").rank("dense").cast(pl.Int64).cast(pl.String)).alias("measure"),
        pl.col("Short Desc").alias("short"),
        pl.col("Values").cast(pl.Float64, strict=False).alias("figure"),
    ).with_columns(pl.col("figure").fill_nan(None))


@pytest.fixture(scope="module")
def polarity() -> dict[str, str]:
    """The polarity of each series; of those that stand twice, the last."""
    words = pl.read_csv(shared("uk_lait/lait_data_dictionary.csv"), infer_schema_length=0)
    return dict(words.select("Measure_short", "Polarity").iter_rows())


@pytest.fixture(scope="module")
def neighbors() -> list[tuple[str, str]]:
    """The ten neighbors of each authority, in the edition of May 2025."""
    book = openpyxl.load_workbook(shared("uk_lait/sn_may_2025.xlsx"), read_only=True)
    rows = list(book["LA SN Groups"].iter_rows(values_only=True))
    header = next(row for row in rows if row[0] == "LA num")
    places = [at for at, name in enumerate(header) if str(name).startswith("SN") and name != "SNP"]
    numbered = [row for row in rows if isinstance(row[0], int) and isinstance(row[1], str)]
    return [
        (str(row[0]), str(int(row[at]))) for row in numbered for at in places if row[at] is not None
    ]


@pytest.fixture(scope="module")
def table(sheet: pl.DataFrame, polarity: dict[str, str]) -> zb.IndicatorTable:
    """The figures as published, each an indicator that cannot be added up."""
    series = sheet.select("measure", "short").unique().sort("measure").iter_rows()
    better = {"High": "higher", "Low": "lower"}
    lines = []
    for measure, short in series:
        direction = better.get(polarity[short], "none")
        lines.append(
            f'[measures.{measure}]\nname.zh = "序列{measure}"\nunit = "项"\nkind = "amount"\n'
            f'scale = 18\nover_areas = "none"\n[indicators."i.{measure}"]\n'
            f'name.zh = "指标{measure}"\nkind = "total"\nmeasure = "{measure}"\nunit = "项"\n'
            f'decimals = 1\nbetter = "{direction}"\n'
        )
    catalog = zb.Catalog.from_toml("\n".join(lines), name="lait.toml")
    codes = sorted(set(sheet["area"]))
    parents = "code,parent,tier\n" + "".join(
        f"{code},E,{'county' if int(code) < 970 else 'prefecture'}\n" for code in codes
    )
    areas = zb.Areas.parse(parents + "E,,nation\n")
    known = sheet.drop_nulls("figure").with_columns(
        pl.col("figure").map_elements(written, return_dtype=pl.String).alias("value")
    )
    ids = [f"i.{measure}" for measure in sorted(set(sheet["measure"]))]
    rows = known.select("area", "period", "measure", "value")
    table = zb.compute(rows, ids, catalog=catalog, areas=areas)
    assert not table.findings
    return table


def written(figure: float) -> str:
    """A float as the shortest text that reads as the same, of at most 18 decimals."""
    exact = Decimal(repr(figure))
    return f"{exact if exact.as_tuple().exponent >= -18 else round(exact, 18):f}"


def reference(sheet: pl.DataFrame, polarity: dict[str, str]) -> pd.DataFrame:
    """Rank and quarter of every figure of an authority."""
    rows = sheet.filter(pl.col("area").cast(pl.Int64) < 970).drop_nulls("figure").to_pandas()
    rows["polarity"] = rows["short"].map(polarity)
    rows = rows[rows["polarity"].isin(["High", "Low"])]
    parts = []
    for _, part in rows.groupby(["measure", "period"]):
        high = part["polarity"].iloc[0] == "High"
        rank = part["figure"].rank(method="min", ascending=not high)
        cuts = np.quantile(part["figure"], [0.25, 0.5, 0.75])
        quarter = 1 + sum(part["figure"] > cut for cut in cuts)
        parts.append(part.assign(rank=rank, quarter=5 - quarter if high else quarter))
    return pd.concat(parts)


def exact_quarter(figures: list[float], figure: float, *, high: bool) -> int:
    """The quarter of a figure, by quantiles without rounding."""
    ordered = sorted(Fraction(written(one)) for one in figures)
    from_lowest = 1
    for cut in (1, 2, 3):
        whole, part = divmod(cut * (len(ordered) - 1), 4)
        quantile = ordered[whole]
        if part:
            quantile += Fraction(part, 4) * (ordered[whole + 1] - ordered[whole])
        from_lowest += Fraction(written(figure)) > quantile
    return 5 - from_lowest if high else from_lowest


def test_ranks_and_quarters_are_those_of_the_tool(
    table: zb.IndicatorTable, sheet: pl.DataFrame, polarity: dict[str, str]
) -> None:
    wanted = pl.from_pandas(reference(sheet, polarity))
    found = (
        table.ranks(method="r7").to_polars().filter(pl.col("tier") == "county").drop_nulls("value")
    )
    assert found["area"].n_unique() == AUTHORITIES
    joined = wanted.select(
        "area",
        pl.col("period").cast(pl.String),
        ("i." + pl.col("measure")).alias("indicator"),
        pl.col("rank").alias("rank_there"),
        pl.col("quarter").alias("quarter_there"),
    ).join(found, on=["area", "period", "indicator"], how="left")
    assert joined["rank"].null_count() == 0
    assert joined.filter(pl.col("rank") != pl.col("rank_there")).height == 0
    few = joined.filter(pl.col("band").is_null())
    assert few.filter(pl.col("ranked") >= 4).height == 0
    assert few.filter(pl.col("status") != "few_areas").height == 0
    # Floats that stand for a quantile may lie on the wrong side of a figure that is the quantile.
    apart = joined.filter(pl.col("band") != pl.col("quarter_there"))
    assert apart.height <= 1
    for row in apart.iter_rows(named=True):
        series = wanted.filter(
            (pl.col("period").cast(pl.String) == row["period"])
            & ("i." + pl.col("measure") == row["indicator"])
        )
        high = polarity[series["short"][0]] == "High"
        assert row["band"] == exact_quarter(series["figure"].to_list(), row["value"], high=high)
    assert (joined.height, few.height) == (357_155, 0)


def test_figures_of_neighbors_are_those_of_the_tool(
    table: zb.IndicatorTable, sheet: pl.DataFrame, neighbors: list[tuple[str, str]]
) -> None:
    assert len(neighbors) == 10 * len({area for area, _ in neighbors})
    areas = zb.Areas.parse(
        "code,parent,tier\n"
        + "".join(
            f"{code},E,county\n" for code in sorted({area for pair in neighbors for area in pair})
        )
        + "E,,nation\n"
    )
    pairs = {"area": [pair[0] for pair in neighbors], "neighbor": [pair[1] for pair in neighbors]}
    near = zb.Neighbors.read(pairs, areas=areas)
    assert not near.findings
    assert len(near) == len(neighbors)
    found = table.peers(near).to_polars().filter(pl.col("peers") > 0)
    assert set(found["method"]) == {"mean"}
    figures = sheet.drop_nulls("figure")
    wanted = (
        pl.DataFrame({"area": pairs["area"], "other": pairs["neighbor"]})
        .join(
            figures.select(pl.col("area").alias("other"), "period", "measure", "figure"), on="other"
        )
        .group_by("area", "period", "measure")
        .agg(pl.col("figure").mean().alias("mean"), pl.len().alias("there"))
    )
    joined = found.join(
        wanted.with_columns(
            pl.col("period").cast(pl.String), ("i." + pl.col("measure")).alias("indicator")
        ),
        on=["area", "period", "indicator"],
        how="left",
    )
    assert joined["mean"].null_count() == 0
    assert joined.filter(pl.col("peers") != pl.col("there")).height == 0
    apart = (joined["peer_value"] - joined["mean"]).abs() / joined["mean"].abs().clip(lower_bound=1)
    assert not math.isnan(apart.max())
    assert apart.max() < 1e-12
    assert joined.height == 551_778
