"""Polars namespaces: ``import zhibiao.polars`` gives frames ``df.zb`` and ``lf.zb``."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Unpack

import polars as pl

from zhibiao.areas import Areas
from zhibiao.catalog import Catalog, Indicator
from zhibiao.compute import attain, check, compute, judge
from zhibiao.frames import Frame
from zhibiao.language import Lang
from zhibiao.options import Options
from zhibiao.tables import AttainmentTable, FindingTable, IndicatorTable, VerdictTable


@pl.api.register_dataframe_namespace("zb")
@pl.api.register_lazyframe_namespace("zb")
class Zb:
    """Indicators of a polars frame; a lazy one is read in batches.

    Example:
        >>> import polars as pl
        >>> import zhibiao.polars
        >>> frame = pl.DataFrame({"area": ["140728"], "projects": [60], "projects_done": [52]})
        >>> frame.lazy().zb.compute("projects.completion").to_polars()["display"].item()
        '86.7'
    """

    def __init__(self, frame: pl.DataFrame | pl.LazyFrame) -> None:
        """Keep the frame."""
        self._frame = frame

    def compute(
        self,
        indicators: str | Indicator | Iterable[str | Indicator],
        **options: Unpack[Options],
    ) -> IndicatorTable:
        """Compute indicators; as :func:`zhibiao.compute`."""
        return compute(self._frame, indicators, **options)

    def judge(
        self,
        standard: str,
        indicators: str | Indicator | Iterable[str | Indicator] = (),
        **options: Unpack[Options],
    ) -> VerdictTable:
        """Hold the frame against a standard; as :func:`zhibiao.judge`."""
        return judge(self._frame, standard, indicators, **options)

    def attain(
        self,
        targets: Frame,
        indicators: str | Indicator | Iterable[str | Indicator] = (),
        **options: Unpack[Options],
    ) -> AttainmentTable:
        """Hold the frame against a table of targets; as :func:`zhibiao.attain`."""
        return attain(self._frame, targets, indicators, **options)

    def check(
        self,
        *,
        catalog: Catalog | None = None,
        areas: Areas | None = None,
        records: bool = False,
        lang: Lang | None = None,
    ) -> FindingTable:
        """Tell what in the frame contradicts itself; as :func:`zhibiao.check`."""
        return check(self._frame, catalog=catalog, areas=areas, records=records, lang=lang)
