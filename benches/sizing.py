"""What a national register costs: one row a pupil, by engine, rows, groups and indicators.

    make bench-sizing                 5, 15 and 45 million rows; QUICK=1 for 5 alone
    make bench-sizing OUT=sizing.md   the tables as Markdown, too

The rows are made by `synth.py` of the shared tools. Each engine reads one Parquet file (PostgreSQL
a table) with two cores, and is asked some times before it is timed. Ours is the whole of
`zb.compute`; by hand is the plain SQL for the same sums and counts of missing cells, without any
check. Seconds are the median of rounds in which both take turns. Processor seconds are of all
processes.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

import polars as pl
import psutil
import zhibiao as zb

PROJECT = Path(__file__).resolve().parents[1]
TOOLS = PROJECT.parent / "shared" / "tools"
FILES = Path(os.environ.get("CARGO_TARGET_DIR", PROJECT / "target")) / "sizing"
CATALOG = zb.Catalog.builtin().extend(
    zb.Catalog.load(PROJECT / "examples" / "register" / "register.toml")
)
ASKED = [
    "preschool.public_share",
    "preschool.inclusive_coverage",
    "register.girls",
    "aid.per_recipient",
]
BY_HAND = """
SELECT area, COUNT(*) AS children,
  COUNT(CASE WHEN kind = 0 THEN 1 END) AS public,
  COUNT(CASE WHEN kind IN (0, 1) THEN 1 END) AS inclusive,
  COUNT(CASE WHEN sex = 0 THEN 1 END) AS girls,
  SUM(aid_amount) AS amount,
  COUNT(CASE WHEN aided THEN 1 END) AS recipients,
  COUNT(*) - COUNT(kind) AS no_kind,
  COUNT(*) - COUNT(sex) AS no_sex,
  COUNT(*) - COUNT(aid_amount) AS no_amount,
  COUNT(*) - COUNT(aided) AS no_recipients
FROM {table}
GROUP BY area
"""
WARM = 3
ROUNDS = 7
# Million pupils of compulsory education in 2024: 15970.54 万人, national bulletin of that year.
ALL = 160


def register(million: int) -> Path:
    """A file of so many pupils, made where it is not there yet."""
    path = FILES / f"pupils-{million}m.parquet"
    if path.exists():
        return path
    if not TOOLS.exists():
        sys.exit(f"{TOOLS} is not here: it makes the register")
    sys.path.insert(0, str(TOOLS))
    import synth  # noqa: PLC0415

    FILES.mkdir(parents=True, exist_ok=True)
    pupils: pl.DataFrame = synth.pupils(synth.institutions(1), million * 1_000_000)
    pupils = pupils.select(
        pl.col("pupil").cast(pl.Int64),
        pl.col("area").cast(pl.Int32),
        pl.col("inst").cast(pl.Int32).alias("school"),
        pl.col("kind").cast(pl.Int16),
        pl.col("age").cast(pl.Int16),
        pl.col("sex").cast(pl.Int16),
        "aided",
        (pl.col("aid_fen").cast(pl.Decimal(9, 0)) / 100).cast(pl.Decimal(9, 2)).alias("aid_amount"),
    )
    pupils.write_parquet(path, compression="zstd", row_group_size=1_000_000)
    return path


class Embedded:
    """The file, read by our own engine."""

    name = "zhibiao"
    by_hand: Callable[[str], object] | None = None

    def load(self, path: Path) -> object:
        """The table of a file."""
        return path


class DuckDb:
    """The file, read by DuckDB."""

    name = "DuckDB"

    def __init__(self) -> None:
        """Start it."""
        import duckdb  # noqa: PLC0415

        self.connection = duckdb.connect()
        self.connection.execute(f"SET threads = {os.cpu_count()}")

    def load(self, path: Path) -> object:
        """The table of a file."""
        self.connection.execute(f"CREATE OR REPLACE VIEW pupils AS FROM '{path}'")
        return zb.sql(self.connection, "pupils")

    def by_hand(self, statement: str) -> object:
        """The rows of a statement."""
        return self.connection.sql(statement).to_arrow_table()


class Postgres:
    """A table of PostgreSQL, in a server of its own."""

    name = "PostgreSQL"

    def __init__(self) -> None:
        """Start it."""
        sys.path.insert(0, str(PROJECT / "tests" / "python"))
        from engines import engine  # noqa: PLC0415

        self.server: Any = engine("postgres")

    def load(self, path: Path) -> object:
        """The table of a file."""
        cursor = self.server.connection.cursor()
        cursor.execute(
            "DROP TABLE IF EXISTS pupils; CREATE UNLOGGED TABLE pupils (pupil bigint, area int, "
            "school int, kind smallint, age smallint, sex smallint, aided bool, "
            "aid_amount numeric(9, 2))"
        )
        frames = pl.scan_parquet(path).collect_batches(chunk_size=500_000)
        with cursor.copy("COPY pupils FROM STDIN (FORMAT csv)") as copy:
            for frame in frames:
                copy.write(frame.write_csv(include_header=False).encode())
        cursor.execute("VACUUM ANALYZE pupils")
        return zb.sql(self.server.connection, "pupils")

    def by_hand(self, statement: str) -> object:
        """The rows of a statement."""
        return self.server.connection.execute(statement).fetchall()


class Spark:
    """The file, read by two executors of Spark, each with one core and 1 GiB."""

    name = "Spark"

    def __init__(self) -> None:
        """Start it."""
        sys.path.insert(0, str(PROJECT / "tests" / "python"))
        from engines import engine  # noqa: PLC0415

        began = time.perf_counter()
        self.session = engine("spark").session
        say(f"a session of Spark begins in {time.perf_counter() - began:.1f} s")

    def load(self, path: Path) -> object:
        """The table of a file."""
        self.session.read.parquet(str(path)).createOrReplaceTempView("pupils")
        return zb.sql(self.session, "pupils")

    def by_hand(self, statement: str) -> object:
        """The rows of a statement."""
        return self.session.sql(statement).toArrow()


def say(text: str) -> None:
    """What is going on, beside the tables."""
    sys.stderr.write(f"{text}\n")


def used() -> float:
    """Processor seconds of this process and all below it, and of the servers that it started."""
    own = psutil.Process()
    family = [own, *own.children(recursive=True)]
    family += [it for it in psutil.process_iter(["name"]) if it.info["name"] == "postgres"]
    seconds = 0.0
    for process in family:
        try:
            times = process.cpu_times()
        except psutil.Error:
            continue
        # With those of children that have ended, such as the workers of PostgreSQL.
        seconds += times.user + times.system + times.children_user + times.children_system
    return seconds


def timed(work: Callable[[], object]) -> tuple[float, float]:
    """Seconds by the clock, and of processors."""
    cpu, began = used(), time.perf_counter()
    work()
    return time.perf_counter() - began, used() - cpu


def compute(table: Any, asked: list[str], **options: Any) -> zb.IndicatorTable:
    """Our answer, which must be of all pupils."""
    return zb.compute(
        table, asked, records=True, period=2023, catalog=CATALOG, coverage="given", **options
    )


@dataclass(frozen=True)
class Measured:
    """What one engine took for a register."""

    engine: str
    million: int
    seconds: float
    by_hand: float | None
    processor: float

    def row(self) -> list[str]:
        """As the table has it."""
        hand = self.by_hand
        return [
            self.engine,
            f"{self.million}",
            f"{self.seconds:.2f}",
            f"{hand:.2f}" if hand else "—",
            f"{self.seconds / hand:.2f}" if hand else "—",
            f"{self.processor:.2f}",
        ]


def measure(engine: Any, million: int) -> Measured:
    """Seconds of ours and by hand, in turns."""
    table = engine.load(register(million))
    statement = BY_HAND.format(table="pupils")
    first, _ = timed(lambda: compute(table, ASKED))
    say(f"{engine.name}, {million} million: first {first:.2f} s")
    for _ in range(WARM):
        compute(table, ASKED)
        if engine.by_hand:
            engine.by_hand(statement)
    ours, theirs = [], []
    for _ in range(ROUNDS):
        ours.append(timed(lambda: compute(table, ASKED)))
        if engine.by_hand:
            theirs.append(timed(lambda: engine.by_hand(statement))[0])
    seconds, processor = (median(part) for part in zip(*ours, strict=True))
    hand = median(theirs) if theirs else None
    return Measured(engine.name, million, seconds, hand, processor)


def line(measured: list[Measured]) -> list[str]:
    """The straight line through the smallest and the largest register.

    It is held against the one between, and drawn out to all pupils of compulsory education.
    """
    least, between, most = measured
    slope = (most.seconds - least.seconds) / (most.million - least.million)
    at = {
        rows: least.seconds + slope * (rows - least.million) for rows in (0, between.million, ALL)
    }
    return [
        least.engine,
        f"{at[0]:.2f}",
        f"{slope * 1000:.0f}",
        f"{at[between.million]:.2f}",
        f"{between.seconds:.2f}",
        f"{at[ALL]:.1f}",
    ]


GROWTH: dict[str, tuple[list[str], dict[str, Any]]] = {
    "一个指标": (ASKED[:1], {}),
    "四个指标": (ASKED, {}),
    "四个指标，分性别、办学性质": (ASKED, {"slices": ["sex", "ownership"]}),
    "四个指标，到园所": (ASKED, {"tiers": "school"}),
}


def growth(engine: Any, million: int) -> list[list[str]]:
    """How the seconds of one engine grow with indicators and with groups."""
    table = engine.load(register(million))
    rows = []
    for name, (asked, options) in GROWTH.items():
        work = partial(compute, table, asked, **options)
        groups = work().to_polars().height // len(asked)
        seconds = median(timed(work)[0] for _ in range(3))
        rows.append([engine.name, name, f"{groups}", f"{seconds:.2f}"])
    return rows


def table(head: list[str], rows: list[list[str]]) -> str:
    """A table in Markdown."""
    lines = [head, ["-"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def machine() -> str:
    """What it ran on."""
    told = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    model = next((line.partition(":")[2].strip() for line in told if "model name" in line), "?")
    memory = psutil.virtual_memory().total / 2**30
    return f"{time.strftime('%Y-%m-%d')}，{os.cpu_count()} 核 {model}，{memory:.0f} GiB"


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    options.add_argument("--quick", action="store_true", help="5 million rows alone")
    options.add_argument("--out", type=Path, help="a file for the tables")
    given = options.parse_args()
    sizes = [5] if given.quick else [5, 15, 45]
    measured, grown = [], []
    for kind in (Embedded, DuckDb, Postgres, Spark):
        engine = kind()
        measured.append([measure(engine, million) for million in sizes])
        grown += growth(engine, sizes[0])
    head = ["引擎", "百万行", "秒", "手写 SQL", "比", "处理器秒"]
    parts = [machine(), table(head, [one.row() for many in measured for one in many])]
    if not given.quick:
        head = ["引擎", "固定秒", "毫秒/百万行", "15 百万行按直线", "实测", f"{ALL} 百万行约"]
        parts.append(table(head, [line(many) for many in measured]))
    parts.append(table(["引擎", f"问什么（{sizes[0]} 百万行）", "组", "秒"], grown))
    text = "\n\n".join(parts)
    sys.stdout.write(f"{text}\n")
    if given.out:
        given.out.write_text(f"{text}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
