"""Tables that stand in a warehouse: what runs a statement there, and what columns there are."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import count
from typing import Any, Literal, cast

import polars as pl

from zhibiao import _native
from zhibiao.errors import RequestError, TableError, bad_option
from zhibiao.frames import Frame, Source, source

Dialect = Literal["duckdb", "postgres", "spark", "trino"]
Run = Callable[[str], object]

# Names of our own for tables that have none.
_OWN = count()

# Types by the words that engines have for them, in lower case.
_TYPES = {
    "text": ("bpchar", "char", "name", "string", "text", "varchar"),
    "enum": ("enum",),
    "int8": ("byte", "tinyint"),
    "uint8": ("utinyint",),
    "int16": ("int2", "short", "smallint"),
    "uint16": ("usmallint",),
    "int32": ("int", "int4", "integer"),
    "uint32": ("uinteger",),
    "int64": ("bigint", "int8", "long"),
    "uint64": ("ubigint",),
    "int128": ("hugeint", "uhugeint"),
    "decimal": ("decimal", "numeric"),
    "float": ("double", "double precision", "float", "float4", "float8", "real"),
    "bool": ("bool", "boolean"),
    "date": ("date",),
}
_BY_WORD = {word: kind for kind, words in _TYPES.items() for word in words}


@dataclass(frozen=True)
class Warehouse:
    """A table of a warehouse (数据仓库的表), which is summed where it stands."""

    dialect: str
    name: tuple[str, ...]
    columns: tuple[tuple[str, str], ...]
    _run: Run

    def __repr__(self) -> str:
        """The table by its dialect and name."""
        return f"<{self.dialect} {'.'.join(self.name)}: {len(self.columns)} columns>"

    @property
    def _native(self) -> dict[str, Any]:
        """As the core takes it."""
        return {
            "dialect": self.dialect,
            "name": list(self.name),
            "columns": list(self.columns),
            "run": self._told,
        }

    def _told(self, statement: str) -> object:
        """Runs a statement; what the engine says against it is told with the table."""
        return _answered(self._run, statement, ".".join(self.name))


def sql(
    connection: object, table: str | Sequence[str], *, dialect: Dialect | None = None
) -> Warehouse:
    """A table of a warehouse, to be summed where it stands (数据仓库的表).

    Give it to :func:`compute` or :func:`states` in place of a frame: one aggregate runs there, and
    its sums come here. Needed is the right to read, nothing is written.

    Args:
        connection: A connection of psycopg, ADBC or DuckDB, a SparkSession, or a function that runs
            a statement and gives anything with ``__arrow_c_stream__``.
        table: Name of a table or view, its parts (such as the schema) before points; a list of
            parts where one of them holds a point. Names are quoted, so their case matters.
        dialect: ``"duckdb"``, ``"postgres"``, ``"spark"`` or ``"trino"``; to be given for a
            function.

    Raises:
        RequestError: A connection of a kind that is not known, a function without dialect.
        TableError: ``warehouse-failed`` with what the engine says.

    Example:
        >>> import duckdb
        >>> import zhibiao as zb
        >>> connection = duckdb.connect()
        >>> _ = connection.execute(
        ...     "create table pupils as select 140728 as area, '公办' as ownership, 1 as children "
        ...     "from range(555) union all select 140728, '民办', 1 from range(445)"
        ... )
        >>> table = zb.compute(
        ...     zb.sql(connection, "pupils"), "preschool.public_share", records=True
        ... )
        >>> table.to_polars()["display"].to_list()
        ['55.5']
    """
    name = (table,) if isinstance(table, str) and "." not in table else None
    name = name or tuple(table.split(".") if isinstance(table, str) else table)
    known = _connected(connection)
    if known is None and not callable(connection):
        raise _no_connection(connection)
    run, own = known or (cast("Run", connection), None)
    spoken = dialect or own
    if spoken is None:
        option, wanted = "dialect", "duckdb, postgres, spark or trino, where a function runs it"
        raise bad_option(option, dialect, wanted)
    statement = _native.header_sql(spoken, list(name))
    header = _answered(run, statement, ".".join(name))
    return Warehouse(spoken, name, _columns(header), run)


def rows(frame: Frame | Warehouse) -> Source | dict[str, Any]:
    """Where rows come from: a source that is read, or a table that is summed where it stands."""
    if isinstance(frame, Warehouse):
        return frame._native
    match type(frame).__module__.partition(".")[0], type(frame).__name__:
        case "duckdb" | "_duckdb", "DuckDBPyRelation":
            return _of_relation(frame)._native
        case "pyspark", "DataFrame":
            return _of_spark(frame)._native
    return source(cast("Frame", frame))


def _of_relation(relation: Any) -> Warehouse:
    name = _own_name()
    columns = zip(relation.columns, map(str, relation.types), strict=True)
    typed = tuple((column, _type(of)) for column, of in columns)
    return Warehouse("duckdb", (name,), typed, lambda text: relation.query(name, text))


def _of_spark(frame: Any) -> Warehouse:
    def run(statement: str) -> object:
        frame.createOrReplaceTempView(name)
        try:
            return frame.sparkSession.sql(statement).toArrow()
        finally:
            frame.sparkSession.catalog.dropTempView(name)

    name = _own_name()
    typed = tuple((column, _type(of)) for column, of in frame.dtypes)
    return Warehouse("spark", (name,), typed, run)


def _own_name() -> str:
    return f"zhibiao_{next(_OWN)}"


def _connected(connection: Any) -> tuple[Run, Dialect] | None:
    """What runs a statement over a connection, and its dialect."""
    module = type(connection).__module__.partition(".")[0]
    kind = type(connection).__name__
    match module, kind:
        case "duckdb" | "_duckdb", "DuckDBPyConnection":
            return connection.sql, "duckdb"
        case "pyspark", "SparkSession":
            return lambda text: connection.sql(text).toArrow(), "spark"
        case "psycopg", "Connection":
            return lambda text: _over_psycopg(connection, text), "postgres"
        case (("adbc_driver_manager" | "adbc_driver_postgresql"), "Connection"):
            return lambda text: _over_adbc(connection, text), "postgres"
    return None


def _over_psycopg(connection: Any, statement: str) -> _Rows:
    from psycopg.rows import tuple_row  # noqa: PLC0415

    with connection.transaction(), connection.cursor(row_factory=tuple_row) as cursor:
        # A prepared statement would outlive a change of the table.
        cursor.execute(statement, prepare=False)
        rows = cursor.fetchall()
        types = [column.type_display for column in cursor.description]
        names = [column.name for column in cursor.description]
    columns = {}
    for at, (name, of) in enumerate(zip(names, types, strict=True)):
        values = [row[at] for row in rows]
        if _type(of).startswith("decimal"):
            # As text, for a decimal of Python may have more digits than one of polars.
            texts = [None if value is None else format(value, "f") for value in values]
            columns[name] = pl.Series(name, texts, dtype=pl.String)
        else:
            columns[name] = pl.Series(name, values)
    return _Rows(pl.DataFrame(columns), types)


class _Rows:
    """Rows, with the types that their engine has for them."""

    def __init__(self, frame: pl.DataFrame, types: list[str]) -> None:
        self.frame = frame
        self.types = types

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        return self.frame.__arrow_c_stream__(requested_schema)


def _over_adbc(connection: Any, statement: str) -> object:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetch_arrow_table()


def _answered(run: Run, statement: str, table: str) -> object:
    try:
        return run(statement)
    except Exception as error:
        remedy = "see what the engine says; `zb.plan(…).sql(dialect)` gives the statement"
        reason = str(error).strip().partition("\n")[0]
        message = f"{table}: the engine refuses the statement: {reason}; {remedy}"
        details = {"file": table, "reason": reason, "statement": statement}
        raise TableError(
            message, code="warehouse-failed", remedy=remedy, details=details
        ) from error


def _columns(header: object) -> tuple[tuple[str, str], ...]:
    """Names and types of an answer without rows."""
    if isinstance(header, _Rows):
        names = header.frame.columns
        return tuple((name, _type(of)) for name, of in zip(names, header.types, strict=True))
    with suppress(AttributeError):
        # A relation of DuckDB.
        columns = zip(header.columns, map(str, header.types), strict=True)  # type: ignore[attr-defined]
        return tuple((name, _type(of)) for name, of in columns)
    opaque = {}
    with suppress(AttributeError):
        # Types that Arrow does not have, as ADBC gives them.
        for field in header.schema:  # type: ignore[attr-defined]
            if getattr(field.type, "extension_name", "") == "arrow.opaque":
                opaque[field.name] = _type(field.type.type_name)
    frame = pl.DataFrame(cast("Any", header))
    return tuple((name, opaque.get(name) or _of_polars(of)) for name, of in frame.schema.items())


def _of_polars(of: pl.DataType) -> str:
    match of:
        case pl.Decimal():
            return f"decimal({of.precision or 38},{of.scale})"
        case pl.String() | pl.Categorical() | pl.Enum():
            return "text"
        case pl.Float32() | pl.Float64():
            return "float"
        case pl.Boolean():
            return "bool"
        case _:
            return str(of).lower()


def _type(of: str) -> str:
    """The type as the core calls it; what it has no word for as the engine calls it."""
    word, bracket, rest = of.lower().partition("(")
    kind = _BY_WORD.get(word.strip(), word.strip())
    return f"{kind}({rest}" if kind == "decimal" and bracket else kind


def _no_connection(connection: object) -> RequestError:
    name = f"{type(connection).__module__}.{type(connection).__qualname__}"
    remedy = (
        "give a connection of psycopg, ADBC or DuckDB, a SparkSession, or a function that runs a "
        "statement and gives its rows as an Arrow stream"
    )
    message = f"an object of type `{name}` is no connection; {remedy}"
    return RequestError(message, code="no-connection", remedy=remedy, details={"type": name})
