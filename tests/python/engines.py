"""Real SQL engines for tests, each started once and only when it is asked for.

An engine that cannot be started fails the tests that need it, with the reason; it is left out only
where ``ZHIBIAO_SKIP`` names it, such as ``ZHIBIAO_SKIP=spark,postgres``.
"""

from __future__ import annotations

import atexit
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import Any, Protocol

import duckdb
import polars as pl
import pytest
import zhibiao as zb

NAMES = ("duckdb", "postgres", "spark")


class EngineUnavailable(Exception):  # noqa: N818
    """An engine that cannot be started, why, and what to do."""


class Engine(Protocol):
    """An engine that tables can be put into."""

    name: str

    def load(self, name: str, frame: pl.DataFrame) -> zb.Warehouse:
        """Put the rows of a frame into a table, in place of any before."""

    def execute(self, statement: str) -> pl.DataFrame:
        """The rows of one statement."""


def engine(name: str) -> Engine:
    """The engine of a name, started; the test is skipped where it is left out by hand."""
    if name in os.environ.get("ZHIBIAO_SKIP", "").split(","):
        pytest.skip(f"{name} is left out by ZHIBIAO_SKIP")
    return _started(name)


@cache
def _started(name: str) -> Engine:
    kinds: dict[str, Callable[[], Engine]] = {
        "duckdb": DuckDb,
        "postgres": Postgres,
        "spark": Spark,
    }
    return kinds[name]()


def quoted(name: str, mark: str = '"') -> str:
    """A name as SQL has it."""
    return mark + name.replace(mark, mark * 2) + mark


class DuckDb:
    """DuckDB in this process."""

    name = "duckdb"

    def __init__(self) -> None:
        self.connection = duckdb.connect()
        self.connection.execute("SET threads = 2")

    def load(self, name: str, frame: pl.DataFrame) -> zb.Warehouse:
        self.connection.register("frame", frame.to_arrow())
        self.connection.execute(f"CREATE OR REPLACE TABLE {quoted(name)} AS FROM frame")
        self.connection.unregister("frame")
        return zb.sql(self.connection, [name])

    def execute(self, statement: str) -> pl.DataFrame:
        return self.connection.sql(statement).pl()


class Postgres:
    """A server of its own on the loopback address, in a folder that is removed at the end."""

    name = "postgres"

    def __init__(self) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="zhibiao-postgres-"))
        atexit.register(self.close)
        self._programs = _server_programs()
        data = str(self._folder / "data")
        self._become = []
        if os.getuid() == 0:
            # The server refuses to run as root.
            shutil.chown(self._folder, "postgres")
            self._become = ["runuser", "-u", "postgres", "--"]
        self._run("initdb", "-D", data, "-A", "trust", "-U", "zhibiao", "-E", "UTF8", "--locale=C")
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        options = f"-p {port} -h 127.0.0.1 -k '' -F -c full_page_writes=off"
        log = str(self._folder / "log")
        self._run("pg_ctl", "-D", data, "-o", options, "-l", log, "-w", "start")
        import psycopg  # noqa: PLC0415

        url = f"host=127.0.0.1 port={port} user=zhibiao dbname=postgres"
        self.connection = psycopg.connect(url, autocommit=True)
        self.address = f"postgresql://zhibiao@127.0.0.1:{port}/postgres"

    def _run(self, program: str, *arguments: str) -> None:
        command = [*self._become, str(self._programs / program), *arguments]
        with (self._folder / "run.log").open("a+") as log:
            done = subprocess.run(
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, check=False, cwd="/"
            )
            log.seek(0)
            if done.returncode:
                message = f"{program} of PostgreSQL fails: {log.read()[-500:]}"
                raise EngineUnavailable(message)

    def load(self, name: str, frame: pl.DataFrame) -> zb.Warehouse:
        columns = ", ".join(f"{quoted(n)} {_postgres_type(of)}" for n, of in frame.schema.items())
        with self.connection.cursor() as cursor:
            cursor.execute(f"DROP TABLE IF EXISTS {quoted(name)}")
            cursor.execute(f"CREATE TABLE {quoted(name)} ({columns})")
            with cursor.copy(f"COPY {quoted(name)} FROM STDIN") as copy:
                for row in frame.iter_rows():
                    copy.write_row(row)
        return zb.sql(self.connection, [name])

    def execute(self, statement: str) -> pl.DataFrame:
        return pl.DataFrame(zb.warehouse._over_psycopg(self.connection, statement))

    def close(self) -> None:
        """Stop the server and remove its folder."""
        with suppress(Exception):
            self.connection.close()
        with suppress(Exception):
            self._run("pg_ctl", "-D", str(self._folder / "data"), "-m", "immediate", "stop")
        shutil.rmtree(self._folder, ignore_errors=True)


def _server_programs() -> Path:
    places = [*sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True), *os.get_exec_path()]
    for place in places:
        if (Path(place) / "initdb").exists() and (Path(place) / "pg_ctl").exists():
            return Path(place)
    remedy = "apt-get install postgresql, or leave it out with ZHIBIAO_SKIP=postgres"
    raise EngineUnavailable(f"no server of PostgreSQL is installed: {remedy}")


def _postgres_type(of: pl.DataType) -> str:
    names: dict[Any, str] = {
        pl.Int8: "smallint",
        pl.Int16: "smallint",
        pl.Int32: "integer",
        pl.Int64: "bigint",
        pl.UInt32: "bigint",
        pl.Float32: "real",
        pl.Float64: "double precision",
        pl.Boolean: "boolean",
        pl.Date: "date",
        pl.String: "text",
    }
    if isinstance(of, pl.Decimal):
        return f"numeric({of.precision or 38}, {of.scale})"
    return names[type(of)]


class Spark:
    """Spark with executors in processes of their own."""

    name = "spark"

    def __init__(self, master: str = "local-cluster[2,1,1024]") -> None:
        if shutil.which("java") is None:
            remedy = (
                "apt-get install openjdk-17-jre-headless, or leave it out with ZHIBIAO_SKIP=spark"
            )
            raise EngineUnavailable(f"java is not installed: {remedy}")
        self._folder = Path(tempfile.mkdtemp(prefix="zhibiao-spark-"))
        atexit.register(self.close)
        os.environ["PYSPARK_PYTHON"] = sys.executable
        with quiet():
            from pyspark.sql import SparkSession  # noqa: PLC0415

            builder = SparkSession.builder.master(master).appName("zhibiao")
            settings = {
                "spark.driver.host": "127.0.0.1",
                "spark.driver.bindAddress": "127.0.0.1",
                "spark.ui.enabled": "false",
                "spark.ui.showConsoleProgress": "false",
                "spark.sql.shuffle.partitions": "4",
                "spark.sql.session.timeZone": "UTC",
                "spark.sql.warehouse.dir": str(self._folder / "warehouse"),
                "spark.local.dir": str(self._folder / "local"),
            }
            for key, value in settings.items():
                builder = builder.config(key, value)
            self.session = builder.getOrCreate()
        self.session.sparkContext.setLogLevel("OFF")

    def load(self, name: str, frame: pl.DataFrame) -> zb.Warehouse:
        unsigned = pl.selectors.unsigned_integer()
        path = str(self._folder / f"{abs(hash(name))}.parquet")
        frame.with_columns(unsigned.cast(pl.Int64)).write_parquet(path)
        self.session.catalog.dropTempView(name)
        self.session.read.parquet(path).createOrReplaceTempView(quoted(name, "`"))
        return zb.sql(self.session, [name])

    def execute(self, statement: str) -> pl.DataFrame:
        return pl.DataFrame(self.session.sql(statement).toArrow())

    def close(self) -> None:
        """Stop the session and remove its folder."""
        with suppress(Exception):
            self.session.stop()
        shutil.rmtree(self._folder, ignore_errors=True)


@contextmanager
def quiet() -> Iterator[None]:
    """Without the warnings of a library that are not ours to mend."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield
