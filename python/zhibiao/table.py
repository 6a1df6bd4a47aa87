"""What all answers have in common: tables that show themselves as frames, text and HTML."""

from __future__ import annotations

from functools import cached_property
from html import escape
from os import fsdecode
from pathlib import Path as FilePath
from typing import TYPE_CHECKING, Protocol, cast

import polars as pl

from zhibiao import _native
from zhibiao.errors import ZhibiaoError, bad_option
from zhibiao.frames import Opened, Path
from zhibiao.language import Lang

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

# Rows of a table that a notebook, and a console, shows.
ROWS = 60
_MANY = 1 << 63

# Findings that stand below a table.
NOTES = 5


class _Answer(Protocol):
    """What all answers of the core can do."""

    def __len__(self) -> int: ...
    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object: ...
    def lang(self) -> str: ...
    def text(self) -> str: ...
    def markdown(self) -> str: ...
    def html(self, rows: int | None) -> str: ...
    def xlsx(self) -> bytes: ...


class Table:
    """What all answers have in common: an immutable table, read as any frame."""

    _native: _Answer

    def __len__(self) -> int:
        """Number of rows."""
        return len(self._native)

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        """The table as an Arrow stream: ``pl.DataFrame(table)``, ``pa.table(table)``, …."""
        return self.to_polars().__arrow_c_stream__(requested_schema)

    @property
    def lang(self) -> Lang:
        """The language of names and labels."""
        return cast("Lang", self._native.lang())

    def to_polars(self) -> pl.DataFrame:
        """The table as a polars frame."""
        return self._frame.clone()

    def to_pandas(self) -> pd.DataFrame:
        """The table as a pandas frame (needs ``zhibiao[pandas]``)."""
        return self._frame.to_pandas()

    def to_arrow(self) -> pa.Table:
        """The table as a pyarrow table (needs pyarrow)."""
        return self._frame.to_arrow()

    def to_markdown(self) -> str:
        """The table as readers see it, in Markdown."""
        return self._native.markdown()

    def to_html(self, *, rows: int | None = None, page: bool = False) -> str:
        """The table as readers see it, as HTML that needs nothing else.

        Args:
            rows: Rows to show, from both ends; without it, all.
            page: Whether to give a whole page, to be written to a file in UTF-8.

        Raises:
            RequestError: ``bad-option`` for what is no number of rows.
        """
        if rows is not None and not (isinstance(rows, int) and 0 <= rows < _MANY):
            wanted = "a whole number from 0, or None for all"
            raise bad_option("number of rows", rows, wanted)
        table = self._native.html(rows)
        return _native.page(self._title(), table, self.lang) if page else table

    def write(self, path: Path, *, bom: bool = False) -> tuple[ZhibiaoError, ...]:
        """Write the table to a file whose ending tells the format.

        - ``.xlsx``: a workbook with the table as readers see it, what the figures stand on
          (说明), and all findings (问题). Cells hold numbers as they were rounded, and no formulas.
        - ``.html`` and ``.md``: the table as readers see it, as a page or in Markdown.
        - ``.csv`` and ``.parquet``: the frame, with values that are not rounded.

        Args:
            path: The file.
            bom: Whether CSV begins with a byte order mark, without which Excel in China does not
                take it for UTF-8.

        Returns:
            Findings: ``formula-text`` where text of CSV begins as a formula does, so that an
            apostrophe was written before it.

        Raises:
            RequestError: ``bad-option`` for an ending that is not known, and ``bom`` without CSV;
                ``sheet-too-long`` for more rows than a workbook holds.
        """
        file = FilePath(fsdecode(path))
        ending = file.suffix.lower()
        if bom and ending != ".csv":
            raise bad_option("ending of a file with a byte order mark", ending, ".csv")
        match ending:
            case ".xlsx":
                file.write_bytes(self._native.xlsx())
            case ".csv":
                text, finding = _native.csv(lambda: self._native, bom, str(file))
                file.write_bytes(text)
                return () if finding is None else (finding,)
            case ".html":
                file.write_text(self.to_html(page=True), "utf-8")
            case ".md":
                file.write_text(self.to_markdown(), "utf-8")
            case ".parquet":
                self._frame.write_parquet(file)
            case _:
                wanted = ".xlsx, .csv, .html, .md or .parquet"
                raise bad_option("ending of an output file", ending, wanted)
        return ()

    def _repr_html_(self) -> str:
        return self.to_html(rows=ROWS)

    def __repr__(self) -> str:
        """The table as readers see it; of a long one the columns that readers look for."""
        if len(self) <= ROWS:
            return self._native.text().rstrip("\n")
        wanted = ("area_name", "period", "indicator", "display", "status", "verdict", "message")
        return repr(self._frame.select(name for name in wanted if name in self._frame.columns))

    def _title(self) -> str:
        return "指标" if self.lang == "zh" else "Indicators"

    @cached_property
    def _frame(self) -> pl.DataFrame:
        return pl.DataFrame(self._native)


class Computed(Table):
    """A table that was computed from one that may have flaws."""

    _native: _native.IndicatorTable | _native.VerdictTable | _native.AttainmentTable

    @cached_property
    def findings(self) -> tuple[ZhibiaoError, ...]:
        """Flaws of the input that were set aside, as exceptions that were not raised.

        The first stand below the table where it is shown; a frame made of it does not tell them.
        """
        return tuple(self._native.findings())

    def findings_frame(self) -> pl.DataFrame:
        """All findings as a frame (问题清单).

        Columns: ``code, file, sheet, row, column, value, message, remedy``; rows are counted as a
        spreadsheet counts them.

        Example:
            >>> import zhibiao as zb
            >>> flawed = {"area": ["140728", "14"], "projects": [60, 1], "projects_done": [52, 1]}
            >>> table = zb.compute(flawed, "projects.completion")
            >>> table.findings_frame().select("code", "row", "column", "value").row(0)
            ('bad-area-code', 3, 'area', '14')
        """
        return pl.DataFrame(Opened(self._native.findings_frame))

    def __repr__(self) -> str:
        """The table as readers see it, and below it the first of its findings."""
        return f"{super().__repr__()}\n{self._native.notes(NOTES)}".rstrip("\n")

    def _repr_html_(self) -> str:
        notes = self._native.notes(NOTES)
        below = f'<pre style="white-space:pre-wrap">{escape(notes)}</pre>' if notes else ""
        return super()._repr_html_() + below
