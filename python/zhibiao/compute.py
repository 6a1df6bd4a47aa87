"""Computing, judging, attaining and checking: the questions to a table."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Unpack

from zhibiao import _native
from zhibiao.areas import Areas, Tier
from zhibiao.catalog import Catalog, Indicator
from zhibiao.errors import RequestError
from zhibiao.frames import Frame, Source, source
from zhibiao.language import Lang, checked
from zhibiao.options import (
    Coverage,
    Options,
    Period,
    Rounding,
    Span,
    Symbols,
    asked_for,
    worlds,
)
from zhibiao.progress import Told, told
from zhibiao.tables import AttainmentTable, FindingTable, IndicatorTable, VerdictTable
from zhibiao.warehouse import Warehouse, from_rows


def compute(
    frame: Frame | Warehouse,
    indicators: str | Indicator | Iterable[str | Indicator],
    *,
    tiers: Tier | Iterable[Tier] = (),
    slices: str | Iterable[str] = (),
    totals: bool = False,
    periods: Period | Iterable[Period] = (),
    period: Period | None = None,
    over: Span | None = None,
    catalog: Catalog | None = None,
    areas: Areas | None = None,
    policy: str | float | Decimal = "any",
    coverage: Coverage = "full",
    records: bool = False,
    strict: bool = False,
    skip_unavailable: bool = False,
    rounding: Rounding = "half-away",
    guard: bool = False,
    adding_up: bool = False,
    symbols: Symbols = "plain",
    lang: Lang | None = None,
    progress: bool | Told | None = None,
) -> IndicatorTable:
    """Compute indicators (计算指标) for every area of a table, and for the areas above them.

    A rate of a larger area is the ratio of its sums, never a mean of rates. Flaws of cells, keys
    and rows are told as :attr:`IndicatorTable.findings` and do not stop the run.

    Args:
        frame: One row per area and period (and per school or group, where the table has such
            columns), with a column for each measure that the indicators need, by id, Chinese alias,
            or alias with a unit such as ``资助金额(万元)``; or a long table with the columns
            ``measure`` and ``value``. A Spark DataFrame, a DuckDB relation or what :func:`sql`
            gives, which is summed where it stands; any object with ``__arrow_c_stream__`` (polars,
            pandas, pyarrow, …), read in batches as a polars LazyFrame is; the path of a ``.csv``,
            ``.tsv``, ``.xlsx``, ``.xls``, ``.ods`` or ``.parquet`` file (text also packed as
            ``.csv.gz`` or ``.csv.zst``), of a folder of them, a pattern such as ``"data/*.csv"``,
            or a list of these; what :func:`read_table` gives; a dict of columns or a list of dicts.
            Counts are whole; money is exact text, decimals, or floats that are the nearest to a
            decimal of the measure's scale.
        indicators: Ids or exact names, in the order of the result.
        tiers: Tiers to roll up to: ``"school"``, ``"county"``, ``"prefecture"``, ``"province"``,
            ``"nation"``. Without any, areas stay as they are given.
        slices: Dimensions to split by, such as ``"ownership"``.
        totals: Whether the rows of each slice stand beside a row of their total.
        periods: Periods to keep; without any, all. A year (2022), school year (``"2022-2023"``) or
            month (``"2022-09"``).
        period: The period of a table that has no column for it.
        over: What months are put together to: flows add up, stocks take the last month.
        catalog: The catalogue to use in place of the built-in one.
        areas: The table of areas to use in place of the built-in one.
        policy: Where a part is missing: ``"any"`` makes the value missing, ``"complete"`` uses only
            complete rows, a share such as 0.95 does so if at least that share of rows is complete.
        coverage: Areas that are not complete have no value (``"full"``), or that of what is there
            (``"given"``).
        records: Whether a key may stand in many rows, as in a register; else that is a flaw.
        strict: Whether any flaw of the table is an error.
        skip_unavailable: Whether indicators that the table has no columns for are missing and told,
            rather than refused.
        rounding: ``"half-away"`` (四舍五入), ``"half-even"`` (GB/T 8170) or ``"down"``.
        guard: Whether to print ``>99.9`` rather than ``100.0`` for what is not 100.
        adding_up: Whether shares that add up to 100 % are printed so that their digits do, too.
        symbols: Whose symbols may stand in place of figures (符号体系): of 国家统计局 (``"nbs"``),
            Eurostat, the United Kingdom or Destatis; by default none. What is withheld, below the
            unit, or told by words leaves a figure within bounds, see :meth:`IndicatorTable.bounds`.
        lang: Language of names and labels; without it the one of :func:`set_lang`.
        progress: True shows a tqdm bar; a function is told rows done and rows there are (or None).

    Returns:
        A table of one row per area, period, slice and indicator, sorted by tier as asked for, then
        area, period and slice, then indicator as asked for.

    Raises:
        RequestError: An option that cannot be, nothing asked, or no table.
        CatalogError: An indicator or dimension that the catalogue does not have.
        TableError: A missing or doubled column, a file that cannot be read; if strict, any flaw.

    Example:
        >>> import zhibiao as zb
        >>> table = zb.compute(
        ...     {"area": ["140728"], "projects": [60], "projects_done": [52]}, "projects.completion"
        ... )
        >>> table.to_polars()["display"].to_list()
        ['86.7']
    """
    options = Options(
        tiers=tiers,
        slices=slices,
        totals=totals,
        periods=periods,
        period=period,
        over=over,
        policy=policy,
        coverage=coverage,
        records=records,
        strict=strict,
        skip_unavailable=skip_unavailable,
        rounding=rounding,
        guard=guard,
        adding_up=adding_up,
        symbols=symbols,
        lang=lang,
    )
    asked = asked_for(indicators, options)
    with told(progress) as tell:
        known = worlds(catalog, areas)
        native = from_rows(frame, lambda rows: _native.compute(rows, *known, asked, tell))
    return IndicatorTable(native, Catalog.of(catalog))


def judge(
    frame: Frame,
    standard: str,
    indicators: str | Indicator | Iterable[str | Indicator] = (),
    *,
    beside: Iterable[Frame] = (),
    **options: Unpack[Options],
) -> VerdictTable:
    """Hold a table against a standard (对照标准评估).

    Computes what the standard needs and the table has columns for; criteria of one stage (学段) are
    judged on the table split by stage, where it has such a column, and rules that are asked of each
    school on its rows of schools, stage by stage. Values are compared exactly, never rounded. A
    lazy frame is collected.

    Args:
        frame: As for :func:`compute`.
        standard: Id of the standard, such as ``"preschool-2020"``.
        indicators: The criteria to judge; without any, all.
        beside: Tables that have other columns of the same areas: of schools, of counties, a
            checklist of evidence. What several give is taken from the first.
        **options: As for :func:`compute`; what the table has no columns for is always told, as if
            ``skip_unavailable`` were set.

    Returns:
        One row per area, period and criterion in force there.

    Raises:
        CatalogError: A standard that the catalogue does not have.
        TableError: As for :func:`compute`.

    Example:
        >>> import zhibiao as zb
        >>> county = {"area": ["140728"], "children_public": [4999], "children": [10000]}
        >>> verdicts = zb.judge(county, "preschool-2020", "preschool.public_share")
        >>> row = verdicts.to_polars().row(0, named=True)
        >>> row["display"], row["verdict"], row["needed"]
        ('50.0', 'fails', Decimal('1'))
    """
    asked = asked_for(indicators, options)
    known = worlds(options.get("catalog"), options.get("areas"))
    read = [_read(table) for table in (frame, *beside)]
    with told(options.get("progress")) as tell:
        native = _native.judge(read, standard, *known, asked, tell)
    return VerdictTable(native, Catalog.of(options.get("catalog")))


def attain(
    frame: Frame,
    targets: Frame,
    indicators: str | Indicator | Iterable[str | Indicator] = (),
    **options: Unpack[Options],
) -> AttainmentTable:
    """Hold a table against a table of targets (对照任务): how far each area is.

    A target applies to the same area, slices and period; the target of a calendar year also to its
    months and parts, where these have none of their own. What adds up over the year (a flow) is
    held against the target of the year as year to date only: ``over="year-to-date"`` gives one row
    a month with what was done since January. Values and targets are compared exactly, never as
    printed. Lazy frames are collected.

    Args:
        frame: As for :func:`compute`.
        targets: Long, with the columns ``area``, ``period``, ``indicator`` and ``target`` (区划,
            时期, 指标, 任务, 任务数, 目标 or 目标值) and ``unit`` if wanted; or wide, with a
            column for each measure or indicator. Anything that ``frame`` may be. Targets of totals
            roll up to ``tiers`` as sums; those of shares and rates stand for their own area.
        indicators: Indicators, or measures, which stand for their totals; without any, those that
            have targets.
        **options: As for :func:`compute`. Tiers, slices, totals, coverage and the period of a table
            without one are those of both tables.

    Returns:
        One row per area, period, slice and indicator that has a value or a target.

    Raises:
        CatalogError: An indicator that the catalogue does not have.
        TableError: As for :func:`compute`, of both tables; ``missing-column`` where one has periods
            and the other none.

    Example:
        >>> import zhibiao as zb
        >>> done = {"area": ["140728"], "period": [2022], "projects_done": [52]}
        >>> task = {"区划": ["140728"], "时期": [2022], "指标": ["已完成项目数"], "任务": [60]}
        >>> row = zb.attain(done, task).to_polars().row(0, named=True)
        >>> row["attainment_display"], row["over"], row["verdict"]
        ('86.7', -8.0, 'fails')
    """
    asked = asked_for(indicators, options)
    known = worlds(options.get("catalog"), options.get("areas"))
    read, tasks = _read(frame), _read(targets)
    with told(options.get("progress")) as tell:
        return AttainmentTable(_native.attain(read, tasks, *known, asked, tell))


def check(
    frame: Frame,
    *,
    catalog: Catalog | None = None,
    areas: Areas | None = None,
    records: bool = False,
    symbols: Symbols = "plain",
    lang: Lang | None = None,
    progress: bool | Told | None = None,
) -> FindingTable:
    """Tell what in a table contradicts itself, or is unlikely (检查数据).

    Every measure that the table has is held against the others, against the areas it is made of,
    and against its other periods. Nothing is changed. A lazy frame is collected.

    Args:
        frame: As for :func:`compute`.
        catalog: The catalogue to use in place of the built-in one.
        areas: The table of areas to use in place of the built-in one.
        records: Whether a key may stand in many rows.
        symbols: As for :func:`compute`.
        lang: Language of names and labels; messages are English.
        progress: As for :func:`compute`.

    Returns:
        One row per finding, the gravest first.

    Raises:
        TableError: What concerns the table as a whole, such as ``missing-column``.

    Example:
        >>> import zhibiao as zb
        >>> found = zb.check({"area": ["140728"], "teachers": [40], "teachers_pe": [41]})
        >>> found.to_polars()["code"].to_list()
        ['part-exceeds-whole']
    """
    read = _read(frame)
    with told(progress) as tell:
        native = _native.check(
            read, *worlds(catalog, areas), (records, symbols), checked(lang), tell
        )
    return FindingTable(native)


def _read(frame: Frame) -> Source:
    """A table whose rows are looked at."""
    if isinstance(frame, Warehouse):
        remedy = "compute from it, and judge the answer: `zb.compute(…).judge(standard)`"
        message = (
            f"{'.'.join(frame.name)} stands in a warehouse, where rows are only summed; {remedy}"
        )
        raise RequestError(message, code="no-table", remedy=remedy)
    return source(frame)
