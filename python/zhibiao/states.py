"""States: exact sums that are kept, merged and finished later; and the plans they follow."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property
from os import PathLike, fsdecode
from typing import Unpack

import polars as pl

from zhibiao import _native
from zhibiao.areas import Areas
from zhibiao.catalog import Catalog, Indicator
from zhibiao.errors import RequestError, ZhibiaoError, bad_option
from zhibiao.frames import Frame, source
from zhibiao.options import Options, asked_for, worlds
from zhibiao.progress import told
from zhibiao.tables import IndicatorTable
from zhibiao.warehouse import Dialect, Warehouse, from_rows

# Options that sums are made with; afterwards they say nothing.
MADE_WITH = {
    "areas",
    "catalog",
    "period",
    "policy",
    "records",
    "skip_unavailable",
    "slices",
}


class States:
    """Exact sums by area, period, school and slice (聚合状态), from which indicators are computed.

    States of disjoint tables add up to those of both, whatever engine made them: months of a year,
    provinces of a country, one from a file and one from Spark. As a frame they have the columns
    ``area, area_name, period, school``, one a slice, ``rows``, two a sum, and ``definition``.

    Example:
        >>> import zhibiao as zb
        >>> parts = [
        ...     zb.states({"area": [code], "projects": [60], "projects_done": [done]}, asked)
        ...     for asked in ["projects.completion"]
        ...     for code, done in [("140728", 52), ("140729", 60)]
        ... ]
        >>> table = zb.merge(parts).compute(tiers="prefecture", coverage="given")
        >>> table.to_polars()["display"].to_list()
        ['93.3']
    """

    def __init__(self, native: _native.States, catalog: Catalog) -> None:
        """Wrap states; users get them from :func:`states`, :func:`merge` and :meth:`load`."""
        self._native = native
        self.catalog = catalog

    @classmethod
    def load(
        cls, frame: Frame, *, catalog: Catalog | None = None, areas: Areas | None = None
    ) -> States:
        """States that were kept: a Parquet file or a frame, as :meth:`to_polars` gives it.

        Args:
            frame: A path, or anything that :func:`compute` takes. Of several frames of one
                definition the rows may stand in one; rows of one key add up.
            catalog: The catalogue that they were made with, if not the built-in one.
            areas: The table of areas, if not the built-in one.

        Raises:
            TableError: ``not-states`` for any other frame; ``states-differ`` where the definitions
                of the catalogue are not those that the states were made with.
        """
        native = _native.kept_states(source(frame), *worlds(catalog, areas))
        return cls(native, Catalog.of(catalog))

    def save(self, path: str | PathLike[str]) -> None:
        """Keep the states as a Parquet file, for :meth:`load` and :func:`merge`."""
        self.to_polars().write_parquet(fsdecode(path))

    def compute(self, **options: Unpack[Options]) -> IndicatorTable:
        """Compute the indicators that the states were made for.

        Args:
            **options: Those of :func:`zhibiao.compute` that concern what is made of sums: tiers,
                totals, periods, over, coverage, rounding, labels. All else is that of the states.

        Raises:
            RequestError: An option that concerns how sums are made.
        """
        for option in options.keys() & MADE_WITH:
            message = "states that are computed"
            raise bad_option(message, option, "it where the states are made: zb.states")
        asked = asked_for((), options)
        with told(options.get("progress")) as tell:
            return IndicatorTable(self._native.finish(asked, tell), self.catalog)

    @property
    def plan(self) -> str:
        """What is summed, and how indicators are made of it."""
        return self._native.plan()

    @cached_property
    def findings(self) -> tuple[ZhibiaoError, ...]:
        """Flaws of the input that were set aside; they are not kept with the states."""
        return tuple(self._native.findings())

    def to_polars(self) -> pl.DataFrame:
        """The states as a polars frame."""
        return pl.DataFrame(self._native)

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        """The states as an Arrow stream."""
        return self.to_polars().__arrow_c_stream__(requested_schema)

    def __len__(self) -> int:
        """Number of groups."""
        return len(self._native)

    def __repr__(self) -> str:
        """Number of groups, and the plan."""
        return f"<{len(self)} states>\n{self.plan}".rstrip("\n")


def states(
    frame: Frame | Warehouse,
    indicators: str | Indicator | Iterable[str | Indicator],
    **options: Unpack[Options],
) -> States:
    """Make the exact sums that indicators need, and no more (聚合状态).

    Args:
        frame: As for :func:`compute`.
        indicators: As for :func:`compute`.
        **options: As for :func:`compute`; what concerns rates is left to :meth:`States.compute`.
            ``tiers="school"`` and ``over`` are to be given here where they are wanted there.

    Example:
        >>> import zhibiao as zb
        >>> county = {"area": ["140728"], "projects": [60], "projects_done": [52]}
        >>> made = zb.states(county, "projects.completion")
        >>> made.to_polars()["sum(projects_done)"].to_list()
        [Decimal('52')]
    """
    asked = asked_for(indicators, options)
    known = worlds(options.get("catalog"), options.get("areas"))
    with told(options.get("progress")) as tell:
        native = from_rows(frame, lambda rows: _native.states(rows, *known, asked, tell))
    return States(native, Catalog.of(options.get("catalog")))


def merge(
    parts: Iterable[States | Frame],
    *,
    overlap: bool = False,
    catalog: Catalog | None = None,
    areas: Areas | None = None,
) -> States:
    """Put states of disjoint tables together (合并聚合状态).

    Args:
        parts: States, or paths of Parquet files that keep some.
        overlap: Whether one key may stand in several of them, as where the rows of a county are
            spread over files; else that is an error, for it is mostly the same rows twice.
        catalog: The catalogue that kept states were made with.
        areas: The table of areas of kept states.

    Raises:
        TableError: ``overlapping-states``, ``states-differ``, ``not-states``.
        RequestError: Nothing to merge.
    """
    if isinstance(parts, (str, PathLike)):
        option = "list of states"
        raise bad_option(option, parts, "a list, even of one: the rows of several may stand in it")
    made = [
        part if isinstance(part, States) else States.load(part, catalog=catalog, areas=areas)
        for part in parts
    ]
    if not made:
        raise bad_option("list of states", "[]", "at least one")
    first, *others = made
    native = first._native.merged([other._native for other in others], overlap)
    return States(native, first.catalog)


class Plan:
    """What a question comes down to (计划): sums, and how indicators are made of them."""

    def __init__(self, native: _native.Plan) -> None:
        """Wrap a plan; users get it from :func:`plan`."""
        self._native = native

    def sql(self, dialect: Dialect) -> str:
        """The one aggregate that a warehouse is asked for.

        Args:
            dialect: ``"duckdb"``, ``"postgres"``, ``"spark"`` or ``"trino"``.

        Raises:
            TableError: ``column-type``, ``sum-too-wide``, ``unquotable``, each with the column.
        """
        return self._native.sql(dialect)

    def __repr__(self) -> str:
        """The plan, a line a sum and a line an indicator."""
        return self._native.text().rstrip("\n")


def plan(
    indicators: str | Indicator | Iterable[str | Indicator],
    table: str | Sequence[str] | Warehouse = "measures",
    **options: Unpack[Options],
) -> Plan:
    """Plan a question without asking it (计划).

    Args:
        indicators: As for :func:`compute`.
        table: A table as :func:`sql` gives it; or the name of one that need not be there, which
            then has a column for each measure that is counted, by its id.
        **options: As for :func:`compute`.

    Example:
        >>> import zhibiao as zb
        >>> made = zb.plan("preschool.public_share", records=True)
        >>> made
        s0 = sum(children) filter (where ownership in ('public'))
        s1 = sum(children)
        s2 = nothing over rows with s0, s1
        preschool.public_share = (s0) / (s1)
        >>> "GROUP BY" in made.sql("spark")
        True
    """
    asked = asked_for(indicators, options)
    known = worlds(options.get("catalog"), options.get("areas"))
    if isinstance(table, Warehouse):
        return Plan(_native.plan(list(table.name), list(table.columns), *known, asked))
    if not isinstance(table, (str, Sequence)):
        remedy = "give a table as zb.sql(…) gives it, or a name"
        message = f"`{table}` is no table of a warehouse; {remedy}"
        raise RequestError(message, code="no-table", remedy=remedy)
    name = table.split(".") if isinstance(table, str) else list(table)
    return Plan(_native.plan(name, None, *known, asked))
