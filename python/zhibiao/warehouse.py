"""Tables that stand in a warehouse: what runs a statement there, and what columns there are."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from itertools import count
from typing import Any, Literal, TypeVar, cast
from weakref import finalize

import polars as pl

from zhibiao import _native
from zhibiao.errors import RequestError, TableError, ZhibiaoError, bad_option
from zhibiao.frames import Frame, Source, source

Dialect = Literal["duckdb", "postgres", "spark", "trino"]
Run = Callable[[str], object]
Answer = TypeVar("Answer")

# What a driver of ADBC says it is of.
_VENDORS: dict[str, Dialect] = {"duckdb": "duckdb", "postgresql": "postgres"}

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
    # Ends a statement that is running.
    _stop: Callable[[], object]

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
            a statement and gives anything with ``__arrow_c_stream__``; or where to find one:
            ``"postgresql://user@host/database"``, which needs ``zhibiao[postgres]``, or the path of
            a ``.duckdb`` file, which needs ``zhibiao[duckdb]`` and is opened to be read only.
        table: Name of a table or view, its parts (such as the schema) before points; a list of
            parts where one of them holds a point. Names are quoted, so their case matters.
        dialect: ``"duckdb"``, ``"postgres"``, ``"spark"`` or ``"trino"``; to be given for a
            function.

    Raises:
        RequestError: A connection of a kind that is not known, a function without dialect.
        ImportError: The package that the connection needs is not installed.
        TableError: ``warehouse-failed`` with what the engine says.

    Example:
        >>> import duckdb
        >>> import zhibiao as zb
        >>> connection = duckdb.connect()
        >>> _ = connection.execute(
        ...     "create table pupils as select 140728 as area, '公办' as ownership, 1 as children "
        ...     "from range(555) union all select 140728, '其他民办', 1 from range(445)"
        ... )
        >>> table = zb.compute(
        ...     zb.sql(connection, "pupils"), "preschool.public_share", records=True
        ... )
        >>> table.to_polars()["display"].to_list()
        ['55.5']
    """
    name = tuple(table.split(".") if isinstance(table, str) else table)
    opened = _opened(connection) if isinstance(connection, str) else None
    connection = opened or connection
    known = _connected(connection)
    if known is None and not callable(connection):
        raise _no_connection(connection)
    own, run, stop = known or (None, cast("Run", connection), _left_alone)
    spoken = dialect or own
    if spoken is None:
        option, wanted = "dialect", "duckdb, postgres, spark or trino, where a function runs it"
        raise bad_option(option, dialect, wanted)
    statement = _native.header_sql(spoken, list(name))
    with ExitStack() as closing:
        if opened is not None:
            closing.callback(opened.close)
        header = _answered(run, statement, ".".join(name))
        warehouse = Warehouse(spoken, name, _columns(header), run, stop)
        finalize(warehouse, closing.pop_all().close)
    return warehouse


def from_rows(frame: Frame | Warehouse, ask: Callable[[Source | dict[str, Any]], Answer]) -> Answer:
    """What is answered from a source that is read, or from a table that is summed where it stands.

    A relation of DuckDB that cannot be summed there, such as one whose figures are text, is read
    instead: it is in this process, and its answer is the same.
    """
    if isinstance(frame, Warehouse):
        return _asked(frame, ask)
    native = frame.to_native() if hasattr(frame, "to_native") else frame
    match type(native).__module__.partition(".")[0], type(native).__name__:
        case "pyspark", "DataFrame":
            return _asked(_of_spark(native), ask)
        case "duckdb" | "_duckdb", "DuckDBPyRelation":
            try:
                return _asked(_of_relation(native), ask)
            except ZhibiaoError as error:
                if error.code == "warehouse-failed":
                    raise
    return ask(source(frame))


def _asked(warehouse: Warehouse, ask: Callable[[dict[str, Any]], Answer]) -> Answer:
    try:
        return ask(warehouse._native)
    except KeyboardInterrupt:
        warehouse._stop()
        raise


def _left_alone() -> None:
    """Ends nothing: how is not known."""


def _of_relation(relation: Any) -> Warehouse:
    name = _own_name()
    columns = zip(relation.columns, map(str, relation.types), strict=True)
    typed = tuple((column, _type(of)) for column, of in columns)
    return Warehouse(
        "duckdb", (name,), typed, lambda text: _ran(relation.query(name, text)), _left_alone
    )


def _ran(relation: Any) -> object:
    """A relation of DuckDB with its rows, made now: what goes wrong is told of the statement."""
    # Releases before 2 have another word for it.
    run = getattr(relation, "materialize", None) or relation.execute
    return run()


def _of_spark(frame: Any) -> Warehouse:
    def run_beside(statement: str) -> object:
        frame.createOrReplaceTempView(name)
        try:
            return run(statement)
        finally:
            session.catalog.dropTempView(name)

    session, name = frame.sparkSession, _own_name()
    _, run, stop = _spark(session)
    typed = tuple((column, _type(of)) for column, of in frame.dtypes)
    return Warehouse("spark", (name,), typed, run_beside, stop)


def _own_name() -> str:
    return f"zhibiao_{next(_OWN)}"


def _opened(place: str) -> Any:
    """A connection to where a text says."""
    if place.startswith(("postgresql://", "postgres://")):
        connect = partial(_imported("psycopg", "postgres").connect, autocommit=True)
    elif place.endswith((".duckdb", ".ddb", ".db")):
        connect = partial(_imported("duckdb", "duckdb").connect, read_only=True)
    else:
        option, wanted = "connection", "postgresql://… or the path of a .duckdb file"
        raise bad_option(option, place, wanted)
    try:
        return connect(place)
    except Exception as error:
        # An address may hold a password.
        name = place.rpartition("@")[2]
        raise _failed(name, error, "see that it is there and may be read") from error


def _imported(name: str, extra: str) -> Any:
    try:
        return import_module(name)
    except ImportError as error:
        message = f"this needs {name}: pip install 'zhibiao[{extra}]'"
        raise ImportError(message, name=name) from error


def _connected(connection: Any) -> tuple[Dialect | None, Run, Callable[[], object]] | None:
    """Of a connection its dialect, what runs a statement over it, and what ends one."""
    module = type(connection).__module__.partition(".")[0]
    kind = type(connection).__name__
    match module, kind:
        case "duckdb" | "_duckdb", "DuckDBPyConnection":
            return "duckdb", lambda text: _ran(connection.sql(text)), connection.interrupt
        case "pyspark", "SparkSession":
            return _spark(connection)
        case "psycopg", "Connection":
            return "postgres", lambda text: _over_psycopg(connection, text), connection.cancel
        case (("adbc_driver_manager" | "adbc_driver_postgresql"), "Connection"):
            info: dict[str, object] = {}
            # In a transaction that has failed nothing is told, and the dialect must be given.
            with suppress(Exception):
                info = connection.adbc_get_info()
            own = _VENDORS.get(str(info.get("vendor_name")).lower())
            return own, lambda text: _over_adbc(connection, text), connection.adbc_cancel
    return None


def _spark(session: Any) -> tuple[Dialect, Run, Callable[[], object]]:
    tag = _own_name()

    def run(statement: str) -> object:
        # Spark asks for it in a way that does not say how to get it.
        _imported("pyarrow", "spark")
        session.addTag(tag)
        try:
            with warnings.catch_warnings():
                # Of releases of pandas, which is not used here.
                warnings.simplefilter("ignore", FutureWarning)
                return session.sql(statement).toArrow()
        finally:
            session.removeTag(tag)

    return "spark", run, lambda: session.interruptTag(tag)


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
        answer = run(statement)
    except ImportError:
        raise
    except Exception as error:
        remedy = "see what the engine says; `zb.plan(…).sql(dialect)` gives the statement"
        raise _failed(table, error, remedy, statement=statement) from error
    if not hasattr(answer, "__arrow_c_stream__"):
        remedy = "give its rows as a frame, or anything with `__arrow_c_stream__`"
        name = type(answer).__qualname__
        message = f"{table}: what ran the statement gave an object of type `{name}`; {remedy}"
        raise TableError(message, code="bad-answer", remedy=remedy, details={"file": table})
    return answer


def _failed(table: str, error: Exception, remedy: str, **details: str) -> TableError:
    reason = str(error).strip().partition("\n")[0]
    message = f"{table}: the engine refuses: {reason}; {remedy}"
    told = {"file": table, "reason": reason, **details}
    return TableError(message, code="warehouse-failed", remedy=remedy, details=told)


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
    if of.endswith("[]"):
        return of
    if of.isdigit() or of.startswith("unnamed<"):
        # A type that was made in PostgreSQL, mostly an enumeration: all can be cast to text.
        return "enum"
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
