"""What tables are read from: any frame, file or plain data."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from os import PathLike, fsdecode
from typing import TYPE_CHECKING, Any, Protocol, cast, runtime_checkable

import polars as pl

from zhibiao import _native
from zhibiao.errors import RequestError, TableError, ZhibiaoError
from zhibiao.language import get_lang

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa


@runtime_checkable
class ArrowStreamExportable(Protocol):
    """Anything that gives its rows as an Arrow stream: frames of nearly every library."""

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        """A PyCapsule named ``arrow_array_stream``."""


Path = str | PathLike[str]
Frame = (
    ArrowStreamExportable
    | pl.LazyFrame
    | Path
    | Sequence[Path]
    | Mapping[str, Any]
    | Sequence[Mapping[str, Any]]
)
Source = list[str] | _native.SourceTable | Callable[[], object]


class Opened:
    """A stream of the core, as what exports one."""

    def __init__(self, opened: Callable[[], object]) -> None:
        """Take the function that opens the stream."""
        self._opened = opened

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        """The stream; what schema the consumer would like is not asked."""
        return self._opened()


class SourceTable:
    """A table that was read from files (数据表), by :func:`read_table`.

    It may stand wherever a frame may, and keeps what frames have not: file, sheet and row of every
    cell, and whose symbols stand in it.
    """

    def __init__(self, native: _native.SourceTable) -> None:
        """Wrap a table; users call :func:`read_table`."""
        self._native = native

    def __len__(self) -> int:
        """Number of rows."""
        return len(self._native)

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        """The cells as an Arrow stream: of text files and workbooks, texts."""
        return self._native.__arrow_c_stream__(requested_schema)

    def to_polars(self) -> pl.DataFrame:
        """The cells as a polars frame: of text files and workbooks, texts."""
        return pl.DataFrame(self._native)

    def to_pandas(self) -> pd.DataFrame:
        """The cells as a pandas frame (needs ``zhibiao[pandas]``)."""
        return self.to_polars().to_pandas()

    def to_arrow(self) -> pa.Table:
        """The cells as a pyarrow table (needs pyarrow)."""
        return self.to_polars().to_arrow()

    @property
    def findings(self) -> tuple[ZhibiaoError, ...]:
        """What was told while it was read: encodings, hidden rows, columns that nothing names."""
        return tuple(self._native.findings())

    def _repr_html_(self) -> str:
        """Its cells, for a notebook."""
        return self.to_polars()._repr_html_()

    def __repr__(self) -> str:
        """Its cells, and what was told."""
        return f"{self.to_polars()}\n{self._native.notes(get_lang(), 5)}".rstrip()


def source(frame: Frame) -> Source:
    """Paths, a table that was read, or a function that opens a stream from its beginning."""
    if isinstance(frame, SourceTable):
        return frame._native
    if isinstance(frame, pl.LazyFrame):
        return frame.collect_batches
    if isinstance(frame, (str, PathLike)):
        return [fsdecode(frame)]
    if isinstance(frame, Sequence) and frame:
        paths = [fsdecode(path) for path in frame if isinstance(path, (str, PathLike))]
        if len(paths) == len(frame):
            return paths
    if not isinstance(frame, ArrowStreamExportable) and hasattr(frame, "to_native"):
        # A lazy frame of narwhals.
        return source(frame.to_native())
    exported = _exported(frame)
    return lambda: exported


def _exported(frame: object) -> ArrowStreamExportable:
    """Something that gives its rows as a stream."""
    if type(frame).__module__.partition(".")[0] == "pandas":
        frame = _with_index(frame)
    if isinstance(frame, ArrowStreamExportable):
        return frame
    rows = isinstance(frame, Sequence) and frame and all(isinstance(row, Mapping) for row in frame)
    if not rows and not isinstance(frame, Mapping):
        raise _no_table(frame)
    try:
        return pl.DataFrame(cast("Mapping[str, Any]", frame), infer_schema_length=None)
    except (TypeError, ValueError, OverflowError, pl.exceptions.PolarsError) as error:
        remedy = "give each column values of one type and all columns one length"
        # What follows the first line is advice on options of polars.
        reason = str(error).partition("\n")[0]
        message = f"the data do not make a table: {reason}; {remedy}"
        raise TableError(message, code="unreadable-table", remedy=remedy) from error


def _with_index(frame: Any) -> object:
    """A named index of pandas is a column that Arrow would not be given."""
    return frame.reset_index() if any(name is not None for name in frame.index.names) else frame


def _no_table(frame: object) -> RequestError:
    name = f"{type(frame).__module__}.{type(frame).__qualname__}"
    remedy = (
        "give a frame with `__arrow_c_stream__` (polars, pandas, pyarrow, DuckDB, …), a polars "
        "LazyFrame, paths of .csv, .csv.gz, .csv.zst or .parquet files, of folders of them, or "
        "patterns such as data/*.csv, a dict of columns or a list of dicts"
    )
    message = f"an object of type `{name}` is no table; {remedy}"
    return RequestError(message, code="no-table", remedy=remedy, details={"type": name})
