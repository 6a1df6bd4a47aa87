"""Files, folders and patterns are read as one table; packed CSV as what it holds."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
import zhibiao as zb

FIRST = b"area,projects,projects_done\n140728,60,52\n"
SECOND = b"area,projects,projects_done\n140729,40,38\n"


def zstd(text: bytes) -> bytes:
    packed: bytes = pa.compress(text, codec="zstd", asbytes=True)
    return packed


def areas(source: Any) -> list[str]:
    return zb.compute(source, "projects.completion").to_polars()["area"].to_list()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two counties, and what is no table."""
    folder = tmp_path / "分县 数据"
    folder.mkdir()
    (folder / "1 平遥.csv.gz").write_bytes(gzip.compress(FIRST))
    (folder / "2 灵石.csv.zst").write_bytes(zstd(SECOND))
    (folder / "说明.txt").write_text("县级数据", encoding="utf-8")
    return folder


@pytest.mark.parametrize("of", [str, Path], ids=["text", "path"])
def test_folders_patterns_and_lists(folder: Path, of: Callable[[Path], str | Path]) -> None:
    both = ["140728", "140729"]
    assert areas(of(folder)) == both
    assert areas(of(folder / "*.csv.*")) == both
    assert areas(of(folder / "? 平遥.csv.gz")) == both[:1]
    assert areas([of(folder / "2*"), of(folder / "1 平遥.csv.gz")]) == both
    assert zb.check(of(folder)).to_polars().is_empty()


def test_a_flaw_in_a_packed_file_has_its_row(folder: Path) -> None:
    path = folder / "2 灵石.csv.zst"
    path.write_bytes(zstd(SECOND.replace(b"38", b"x")))
    (found,) = zb.compute(folder, "projects.completion").findings
    place = {"file": str(path), "row": 2, "column": "projects_done"}
    assert found.code == "unknown-symbol"
    assert found.details.items() >= ({"value": "x"} | place).items()


@pytest.mark.parametrize(
    ("name", "packed"), [("a.csv.gz", gzip.compress(FIRST)), ("a.csv.zst", zstd(FIRST))]
)
def test_a_cut_file_is_told_by_name(tmp_path: Path, name: str, packed: bytes) -> None:
    path = tmp_path / name
    path.write_bytes(packed[:-3])
    with pytest.raises(zb.TableError) as caught:
        areas(path)
    assert caught.value.code == "damaged-file"
    assert caught.value.details["file"] == str(path)


def test_a_folder_of_other_files_is_told(folder: Path) -> None:
    for path in folder.glob("*.csv.*"):
        path.unlink()
    with pytest.raises(zb.TableError, match=r"\[empty-folder\]"):
        areas(folder)
