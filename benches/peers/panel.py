"""The national panel as files, made once: schools of all counties over 20 years.

Counts are plausible and mean nothing. Files are written county by county, so that 50 million rows
need no more memory than five.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

import numpy as np
import polars as pl
import pyarrow.parquet as pq

ROOT = Path(__file__).resolve().parents[2]
TARGET = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
CODES = ROOT / "crates/zhibiao/src/area/codes.tsv"

YEARS = range(2004, 2024)
OWNERSHIP = ["public", "inclusive_private", "private"]
# The most that a row has: a number, or as many as another column has.
COUNTS: dict[str, int | str] = {
    "population_3_5": 240,
    "children": "population_3_5",
    "kindergarten_teachers": 16,
    "kindergarten_classes": 9,
    "kindergarten_classes_in_norm": "kindergarten_classes",
    "inclusive_recognised": 2,
    "inclusive_recognition_task": 1,
    "projects": 3,
    "projects_done": "projects",
    "enrolled_students": 900,
    "aid_recipients": "enrolled_students",
    "loan_borrowers": 30,
    "travel_recipients": 4,
}
# Yuan with two decimals; the most in fen.
AMOUNTS = {"aid_amount": 120_000, "loan_amount": 300_000}

# Rows of a row group: between what DuckDB (122,880) and Arrow (1,048,576) write by themselves.
GROUP_ROWS = 262_144


def counties() -> list[int]:
    """Codes of the counties of the mainland, as the library has them."""
    lines = CODES.read_text(encoding="utf-8").splitlines()
    codes = [line.split("\t")[0] for line in lines]
    numbers = [int(code) for code in codes if len(code) == 6 and code.isdecimal()]
    return [number for number in numbers if number % 100 and number < 710_000]


def path(schools: int, order: str, nulls: int, suffix: str) -> Path:
    """The file of a panel, made where it is not there yet.

    Args:
        schools: Rows of each county and year.
        order: ``sorted`` by area and year, or ``shuffled``.
        nulls: Per cent of the measures that are missing.
        suffix: ``parquet`` or ``csv``.
    """
    recipe = sha256(Path(__file__).read_bytes() + CODES.read_bytes()).hexdigest()[:12]
    directory = TARGET / "bench-data" / recipe
    file = directory / f"panel-{schools}-{order}-{nulls}.{suffix}"
    if file.exists():
        return file
    with replaced(file) as unfinished:
        make(unfinished, (schools, order, nulls, suffix))
    return file


@contextmanager
def replaced(file: Path) -> Iterator[Path]:
    """A path to write to, which becomes the file when all is written."""
    file.parent.mkdir(parents=True, exist_ok=True)
    unfinished = file.with_suffix(".unfinished")
    yield unfinished
    unfinished.rename(file)


def make(unfinished: Path, what: tuple[int, str, int, str]) -> None:
    """Writes a panel."""
    schools, order, nulls, suffix = what
    if suffix == "csv":
        pl.scan_parquet(path(schools, order, nulls, "parquet")).sink_csv(unfinished)
    elif order == "shuffled":
        whole = pl.read_parquet(path(schools, "sorted", nulls, "parquet"))
        mixed = whole[np.random.default_rng(7).permutation(whole.height)]
        write(mixed.iter_slices(GROUP_ROWS), unfinished)
    else:
        write(frames(schools, nulls), unfinished)


def write(pieces: Iterator[pl.DataFrame], file: Path) -> None:
    """Writes frames as row groups."""
    writer = None
    for piece in pieces:
        table = piece.with_columns(pl.col("ownership").cast(pl.Categorical)).to_arrow()
        writer = writer or pq.ParquetWriter(file, table.schema, compression="zstd")
        writer.write_table(table.cast(writer.schema))
    if writer:
        writer.close()


def frames(schools: int, nulls: int) -> Iterator[pl.DataFrame]:
    """The rows of some counties at a time, sorted by area, year and school."""
    per_county = len(YEARS) * schools
    codes = counties()
    at_once = max(1, GROUP_ROWS // per_county)
    rng = np.random.default_rng(2023)
    for first in range(0, len(codes), at_once):
        some = np.array(codes[first : first + at_once], dtype=np.int32)
        rows = len(some) * per_county
        school = np.tile(np.arange(schools, dtype=np.int32), len(some) * len(YEARS))
        columns = {
            "area": np.repeat(some, per_county),
            "period": np.tile(np.repeat(np.array(YEARS, dtype=np.int32), schools), len(some)),
            "school": school,
        }
        measures: dict[str, np.ndarray] = {}
        for name, most in COUNTS.items():
            end = measures[most] if isinstance(most, str) else most
            measures[name] = rng.integers(0, end, rows, endpoint=True)
        for name, most in AMOUNTS.items():
            measures[name] = rng.integers(0, most, rows, endpoint=True) / 100
        frame = pl.DataFrame(columns | measures).with_columns(
            pl.Series("ownership", np.array(OWNERSHIP)[school % 3], dtype=pl.Enum(OWNERSHIP))
        )
        if nulls:
            masks = [
                pl.when(pl.Series(rng.integers(0, 100, rows) >= nulls)).then(name).alias(name)
                for name in measures
            ]
            frame = frame.with_columns(masks)
        yield frame
