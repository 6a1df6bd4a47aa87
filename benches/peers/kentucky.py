"""A real table: discipline in schools of Kentucky, by school year and group of students.

4.6 million rows (GitHub alspur/kysrc, CC0), 40 % of the figures suppressed. It is read from
`../shared/data`, where the tests find it too; only columns are renamed.
"""

from __future__ import annotations

from pathlib import Path

import polars as pl
from panel import ROOT, TARGET, replaced

TABLE = ROOT.parent / "shared/data/us_ky_report_card/behavior_long.parquet"
GROUPS = [
    "aian",
    "asian",
    "black",
    "female",
    "hawaiian",
    "hispanic",
    "male",
    "other",
    "total_stdnt",
    "total_unique_event",
    "white",
]


def path() -> Path | None:
    """The file with its keys named as in the panel; none where the table is not there."""
    if not TABLE.exists():
        return None
    file = TARGET / "bench-data" / "kentucky.parquet"
    if not file.exists():
        rows = pl.scan_parquet(TABLE).rename({"sch_id": "area", "year": "period"})
        with replaced(file) as unfinished:
            rows.sink_parquet(unfinished, compression="zstd")
    return file
