"""Reading tables from files: sheets, mappings, symbols."""

from __future__ import annotations

from collections.abc import Sequence
from os import PathLike, fsdecode

from zhibiao import _native
from zhibiao.catalog import Catalog
from zhibiao.errors import bad_option
from zhibiao.frames import Path, SourceTable
from zhibiao.language import Lang, checked
from zhibiao.options import Symbols


def read_table(
    paths: Path | Sequence[Path],
    *,
    sheet: str | None = None,
    mapping: Path | None = None,
    symbols: Symbols | None = None,
    catalog: Catalog | None = None,
) -> SourceTable:
    r"""Read a table (读取数据表) from text files, workbooks or Parquet files of the same columns.

    Text may be UTF-8, UTF-16 or GB18030, with any of the usual separators. Of a workbook the one
    table that is not hidden is read; headers of several rows, merged cells, titles above and notes
    below are told apart.

    Args:
        paths: A file, a folder, a pattern such as ``"data/*.xlsx"``, or a list of these.
        sheet: The sheet of a workbook, where several have tables.
        mapping: What the columns are: a TOML file, or its text, which :func:`propose_mapping`
            proposes.
        symbols: Whose symbols may stand in place of figures.
        catalog: The catalogue that the mapping names, in place of the built-in one.

    Raises:
        TableError: ``several-tables``, ``damaged-workbook``, ``too-large``, ``ragged-row`` and
            others, with the place and what to do; what is wrong with the mapping, with its lines.

    Example:
        >>> import tempfile, pathlib, zhibiao as zb
        >>> file = pathlib.Path(tempfile.mkdtemp()) / "2022.csv"
        >>> text = "区划代码;启建项目数;已完成项目数\n140728;60;52\n"
        >>> _ = file.write_bytes(text.encode("gb18030"))
        >>> table = zb.read_table(file)
        >>> [finding.code for finding in table.findings]
        ['read-as']
        >>> zb.compute(table, "projects.completion").to_polars()["display"].to_list()
        ['86.7']
    """
    named = [paths] if isinstance(paths, (str, PathLike)) else list(paths)
    mapped: object = None if mapping is None else fsdecode(mapping)
    if isinstance(mapping, str) and "\n" in mapping:
        mapped = (mapping, "mapping")
    how = {"sheet": sheet, "mapping": mapped, "symbols": symbols}
    native = _native.read_table(
        [fsdecode(path) for path in named], how, Catalog.of(catalog)._native
    )
    return SourceTable(native)


def propose_mapping(
    path: Path,
    *,
    sheet: str | None = None,
    header: tuple[int, int] | None = None,
    catalog: Catalog | None = None,
    lang: Lang | None = None,
) -> str:
    r"""What the columns of a file are (建议的映射), as TOML to edit and to read the file with.

    What is not clear stands there as ``"?"`` and has to be decided; nothing is guessed.

    Args:
        path: A text file or workbook.
        sheet: The sheet of a workbook, where several have tables.
        header: The first and last row of the header, from 1, where several tables stand on a sheet.
        catalog: The catalogue to use in place of the built-in one.
        lang: Language of the comments.

    Raises:
        RequestError: ``bad-option`` for rows that are none.
        TableError: As for :func:`read_table`.

    Example:
        >>> import tempfile, pathlib, zhibiao as zb
        >>> file = pathlib.Path(tempfile.mkdtemp()) / "2022.csv"
        >>> _ = file.write_text("区划代码,在园幼儿数\n140728,9000\n", "utf-8")
        >>> "在园幼儿数" in zb.propose_mapping(file)
        True
    """
    if header is not None and not 1 <= header[0] <= header[1]:
        wanted = "the first and the last row of the header, from 1, such as (3, 4)"
        raise bad_option("header", header, wanted)
    known = Catalog.of(catalog)._native
    return _native.propose_mapping(fsdecode(path), sheet, header, known, checked(lang))
