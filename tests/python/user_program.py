"""A program as users write it, for the type checker: nothing here is run."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import assert_type

import polars as pl
import zhibiao as zb
import zhibiao.polars


def told(done: int, total: int | None) -> None:
    """What is told of progress."""
    print(done, total)  # noqa: T201


def report(path: Path) -> list[str]:
    """What a report needs."""
    catalog = zb.Catalog.builtin().extend(zb.Catalog.load(path / "mine.toml"))
    options: zb.Options = {"tiers": ["county", "province"], "policy": Decimal("0.95")}
    table = zb.compute(
        [path / "a.csv", path / "b.parquet"],
        ["preschool.public_share", catalog.indicator("projects.completion")],
        tiers=("county", "province"),
        periods=[2021, "2022-2023"],
        over="school-year",
        catalog=catalog,
        areas=zb.Areas.load(path / "areas.csv"),
        policy=0.95,
        lang="en",
        progress=told,
    )
    assert_type(table, zb.IndicatorTable)
    assert_type(table.to_polars(), pl.DataFrame)
    assert_type(table.findings, tuple[zb.ZhibiaoError, ...])
    assert_type(table.indicators[0], zb.Indicator)
    assert_type(table.indicators[:2], zb.IndicatorList)
    verdicts = zb.judge(table.to_arrow(), "preschool-2020", **options)
    assert_type(verdicts, zb.VerdictTable)
    assert_type(verdicts.standard.criteria[0].thresholds, tuple[tuple[str, Decimal], ...])
    assert_type(zb.check(pl.LazyFrame({"area": ["140728"]})), zb.FindingTable)
    zb.compute({"area": ["140728"], "projects": [60]}, zb.list("项目"))
    zb.compute([{"area": "140728", "projects": 60}], "projects.completion")
    zb.compute(table.to_pandas(), "projects.completion")
    zb.compute(table, "projects.completion")
    try:
        table.filter(area="平遥县", tier="county").judge("preschool-2020")
    except zb.TableError as error:
        return [error.code, error.remedy, *(other.code for other in error.others)]
    return list(verdicts.summary)


def wrong() -> None:
    """What the type checker refuses."""
    zb.compute("a.csv", "projects.completion", tiers="village")  # type: ignore[arg-type]
    zb.compute("a.csv", "projects.completion", rounding="up")  # type: ignore[arg-type]
    zb.compute("a.csv", "projects.completion", tier="county")  # type: ignore[call-arg]
    zb.compute(5, "projects.completion")  # type: ignore[arg-type]
    zb.judge("a.csv", "preschool-2020", tier="county")  # type: ignore[call-arg]
    zb.set_lang("fr")  # type: ignore[arg-type]
