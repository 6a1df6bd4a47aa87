"""Tables that are summed where they stand: how they are named, what is refused, what is told."""

from __future__ import annotations

import os
import sys
import threading
import time
from contextlib import suppress
from datetime import date
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

import adbc_driver_postgresql.dbapi as adbc
import duckdb
import narwhals as nw
import polars as pl
import psycopg
import pytest
import zhibiao as zb
from conftest import PINGYAO, PROJECT, python, said, shared
from engines import Engine, engine
from zhibiao import _native

SHARE = "preschool.public_share"
DONE = "projects.completion"
LONG = bool(os.environ.get("ZHIBIAO_SLOW"))


def same(table: zb.IndicatorTable, other: zb.IndicatorTable) -> None:
    """All figures and all texts are equal."""
    assert table.to_polars().equals(other.to_polars())


def test_the_figures_of_pingyao_are_the_same_everywhere(there: Engine) -> None:
    long = pl.read_csv(PINGYAO, infer_schema=False).filter(pl.col("value").str.contains(r"^\d+$"))
    wide = {f"{row['measure']}({row['unit']})": [int(row["value"])] for row in long.to_dicts()}
    frame = pl.DataFrame({"area": ["140728"], "area_name": ["平遥县"], "period": [2022]} | wide)
    catalog = zb.Catalog.builtin()
    asked = [it.id for it in catalog if it.id.partition(".")[0] in {"projects", "aid", "preschool"}]
    here = zb.compute(frame, asked, skip_unavailable=True)
    displays = dict(here.to_polars().select("indicator", "display").rows())
    assert (displays[DONE], displays["aid.per_recipient"]) == ("86.7", "1231.18")
    same(zb.compute(there.load("平遥", frame), asked, skip_unavailable=True), here)


CENSUS = """
[measures]
persons = { name = { zh = "总人口" }, aliases = ["人口数_合计"], unit = "人", kind = "count" }
men = { name = { zh = "男性人口" }, aliases = ["人口数_男"], unit = "人", kind = "count" }
women = { name = { zh = "女性人口" }, aliases = ["人口数_女"], unit = "人", kind = "count" }
m0 = { name = { zh = "男_0岁" }, unit = "人", kind = "count" }
f0 = { name = { zh = "女_0岁" }, unit = "人", kind = "count" }
m1 = { name = { zh = "男_1到4岁" }, unit = "人", kind = "count" }
f1 = { name = { zh = "女_1到4岁" }, unit = "人", kind = "count" }
under_5 = { define = "sum(m0 + f0 + m1 + f1)" }
crowded = { define = "sum(persons) filter (where men >= women and m0 + m1 > 1000)" }
[indicators."c.sex"]
name = { zh = "性别比" }
kind = "rate"
numerator = "men"
denominator = "women"
unit = "%"
decimals = 2
[indicators."c.young"]
name = { zh = "0-4岁比重" }
kind = "rate"
numerator = "under_5"
denominator = "persons"
unit = "%"
decimals = 2
[indicators."c.crowded"]
name = { zh = "比重" }
kind = "rate"
numerator = "crowded"
denominator = "persons"
unit = "%"
decimals = 2
"""


def test_the_census_is_the_same_everywhere(there: Engine) -> None:
    path = shared("cn_census_county_2020/county_2020.csv")
    frame = pl.read_csv(path, infer_schema_length=None, schema_overrides={"区划代码": pl.String})
    catalog = zb.Catalog.builtin().extend(zb.Catalog.from_toml(CENSUS, name="census.toml"))
    asked = ["c.sex", "c.young", "c.crowded"]
    elsewhere = there.load("人口普查", frame)
    for tiers in ((), ("county", "prefecture", "province", "nation")):
        options: Any = {"catalog": catalog, "tiers": tiers, "coverage": "given", "period": 2020}
        here = zb.compute(frame, asked, **options)
        assert here.to_polars().filter(pl.col("status") == "ok").height > 9000
        same(zb.compute(elsewhere, asked, **options), here)


def test_a_made_up_register_is_the_same_everywhere(there: Engine) -> None:
    sys.path.insert(0, str(shared("..") / "tools"))
    synth = __import__("synth")
    kind = pl.col("kind").cast(pl.String).replace({"0": "公办", "1": "普惠性民办", "2": "其他民办"})
    kindergartens = synth.institutions(2).select(
        pl.col("area").cast(pl.Int64),
        pl.col("year").alias("period"),
        pl.col("inst").cast(pl.Int64).alias("school"),
        kind.alias("ownership"),
        pl.col("enrolled").alias("children"),
        pl.col("teachers").alias("kindergarten_teachers"),
        (pl.col("aid_fen").cast(pl.Decimal(14, 2)) / 100)
        .cast(pl.Decimal(14, 2))
        .alias("aid_amount"),
        pl.col("aided").alias("aid_recipients"),
    )
    frame = kindergartens if LONG else kindergartens.filter(pl.col("area") < 160000)
    asked = [SHARE, "preschool.inclusive_coverage", "aid.per_recipient"]
    options: Any = {"tiers": ["county", "province", "nation"], "coverage": "given"}
    here = zb.compute(frame, asked, **options)
    assert here.to_polars().filter(pl.col("status") == "ok").height > 1000
    same(zb.compute(there.load("园所", frame), asked, **options), here)
    pupils = synth.pupils(synth.institutions(1), 5_000_000 if LONG else 200_000).select(
        "area", kind.alias("ownership"), pl.lit(1, dtype=pl.Int16).alias("children")
    )
    pupils = pupils.with_columns(pl.col("area").cast(pl.Int64))
    options |= {"records": True, "period": 2023, "slices": "ownership", "totals": True}
    here = zb.compute(pupils, asked[:2], **options)
    same(zb.compute(there.load("幼儿", pupils), asked[:2], **options), here)


ODD = [
    *"'\"`\\$;-/*{}()[]%#@!?:,. \n\r\t\x01\x7f\x85\xa0\u2028\u3000\ufeff\u202eａ公办园😀éx0",
    "${",
    "--",
    "/*",
    "*/",
    "''",
    "; DROP TABLE canary; --",
    "\\'",
]


def words(rng: Random) -> tuple[str, str]:
    """A name and a text of characters that mean something in SQL."""
    return tuple("".join(rng.choices(ODD, k=rng.randint(1, 8))) for _ in range(2))


def test_names_and_texts_come_back_from_the_engine(there: Engine) -> None:
    there.load("canary", pl.DataFrame({"alive": [1]}))
    rng = Random(7)
    held = refused = 0
    while held < 10_000:
        wanted: dict[str, str] = {}
        items = []
        while len(items) < 250:
            name, text = words(rng)
            # Engines fold case, and cannot have one name twice.
            if name.casefold() in map(str.casefold, wanted):
                continue
            try:
                quoted, literal = _native.written(there.name, name, text)
            except zb.TableError as error:
                assert error.code == "unquotable"  # noqa: PT017
                refused += 1
                continue
            items.append(f"{literal} AS {quoted}")
            wanted[name] = text
        row = there.execute(f"SELECT {', '.join(items)}")
        assert row.to_dicts() == [wanted]
        held += len(items)
    assert there.execute("SELECT alive FROM canary").to_dicts() == [{"alive": 1}]
    # In Spark `${`, in PostgreSQL what is too long.
    assert (refused > 0) == (there.name != "duckdb")


def test_odd_names_and_words_are_summed(there: Engine) -> None:
    name = "在园'\"` --/*\\幼儿"
    toml = f"""
[dimensions.t_kind]
name = {{ zh = "t;'类" }}
values.one = {{ zh = "甲'; DROP TABLE t; --" }}
values.two = {{ zh = "\\\\' OR 1=1 --" }}
[measures.t_a]
name = {{ zh = {name!r} }}
unit = "person"
kind = "count"
[measures.t_one]
define = "sum(t_a) filter (where t_kind = 'one')"
part_of = "t_a"
[indicators."t.share"]
name = {{ zh = "占比" }}
kind = "share"
numerator = "t_one"
denominator = "t_a"
unit = "%"
decimals = 1
""".replace(repr(name), f"'''{name}'''")
    catalog = zb.Catalog.builtin().extend(zb.Catalog.from_toml(toml, name="odd.toml"))
    frame = pl.DataFrame(
        {
            "area": ["140728"] * 3,
            "t;'类": ["甲'; DROP TABLE t; --", "\\' OR 1=1 --", "\\' OR 1=1 --"],
            name: [1, 1, 2],
        }
    )
    table = zb.compute(there.load("t; x", frame), "t.share", records=True, catalog=catalog)
    assert table.findings == ()
    assert table.to_polars()["display"].to_list() == ["25.0"]


FRAME = pl.DataFrame(
    {"area": ["140728", "140729"], "projects": [60, 40], "projects_done": [52, 38]}
)


def displays(table: zb.IndicatorTable) -> list[str]:
    """What is printed."""
    return table.to_polars()["display"].to_list()


def test_relations_frames_and_connections_are_summed_where_they_stand(tmp_path: Path) -> None:
    connection = duckdb.connect(str(tmp_path / "file.duckdb"))
    connection.register("frame", FRAME.to_arrow())
    connection.execute("CREATE SCHEMA edu; CREATE TABLE edu.p AS FROM frame")
    relation = connection.sql("FROM edu.p WHERE area = '140728'")
    assert displays(zb.compute(relation, DONE)) == ["86.7"]
    assert displays(zb.compute(nw.from_native(relation), DONE)) == ["86.7"]
    assert displays(zb.compute(zb.sql(connection, "edu.p"), DONE)) == ["86.7", "95.0"]
    assert repr(zb.sql(connection, ["edu", "p"])) == "<duckdb edu.p: 3 columns>"
    by_hand = zb.sql(lambda text: connection.sql(text).pl(), "edu.p", dialect="duckdb")
    assert displays(zb.compute(by_hand, DONE)) == ["86.7", "95.0"]
    connection.close()
    assert displays(zb.compute(zb.sql(str(tmp_path / "file.duckdb"), "edu.p"), DONE)) == [
        "86.7",
        "95.0",
    ]


def test_a_relation_that_cannot_be_summed_is_read() -> None:
    text = duckdb.sql("SELECT '140728' AS area, '60' AS projects, '52' AS projects_done")
    assert displays(zb.compute(text, DONE)) == ["86.7"]
    long = duckdb.sql(
        "SELECT * FROM (VALUES ('140728', 'projects', 60), ('140728', 'projects_done', 52)) "
        "AS t(area, measure, value)"
    )
    assert displays(zb.compute(long, DONE)) == ["86.7"]
    assert len(zb.states(text, DONE)) == 1


@pytest.fixture
def postgres() -> Any:
    """PostgreSQL, with the frame."""
    server = engine("postgres")
    server.load("p", FRAME)
    return server


def test_postgres_is_asked_over_psycopg_adbc_and_an_address(postgres: Any) -> None:
    with adbc.connect(postgres.address) as connection:
        assert displays(zb.compute(zb.sql(connection, "public.p"), DONE)) == ["86.7", "95.0"]
    with psycopg.connect(postgres.address) as connection:
        table = zb.sql(connection, "p")
        assert displays(zb.compute(table, DONE)) == ["86.7", "95.0"]
        with pytest.raises(zb.TableError):
            zb.compute(zb.sql(connection, "nowhere"), DONE)
        # What fails does not take the transaction of the user with it.
        assert displays(zb.compute(table, DONE)) == ["86.7", "95.0"]
    assert displays(zb.compute(zb.sql(postgres.address, "p"), DONE)) == ["86.7", "95.0"]


def test_a_spark_frame_is_summed_where_it_stands() -> None:
    spark = engine("spark")
    spark.load("p", FRAME)
    frame = spark.session.table("p").where("area = '140728'")
    assert displays(zb.compute(frame, DONE)) == ["86.7"]
    assert not [t.name for t in spark.session.catalog.listTables() if t.name.startswith("zhibiao")]


def test_types_that_are_no_figures_are_refused_by_name(there: Engine) -> None:
    frame = FRAME.with_columns(pl.col("projects").cast(pl.String))
    with pytest.raises(zb.TableError) as caught:
        zb.compute(there.load("t", frame), DONE)
    assert caught.value.code == "column-type"
    assert caught.value.details["column"] == "projects"
    assert caught.value.details["file"] == "t"


def test_flaws_are_told_with_their_rows(there: Engine) -> None:
    frame = pl.DataFrame(
        {
            "area": ["140728"] * 6 + ["平遥"],
            "ownership": ["公办", "国营", "国营", " 公办 ", "合 计", None, "公办"],
            "children": [10, 1, 1, 5, 99, 1, 7],
        }
    )
    table = zb.compute(there.load("t", frame), SHARE, records=True)
    told = {finding.code: finding.details.get("rows") for finding in table.findings}
    assert told == {"unknown-value": 2, "missing-key": 1, "total-row": 1, "bad-area-code": 1}
    same(table, zb.compute(frame, SHARE, records=True))
    negative = frame.with_columns(children=pl.lit(-3))
    (found,) = [
        finding
        for finding in zb.compute(there.load("t", negative), SHARE, records=True).findings
        if finding.code == "negative-count"
    ]
    assert found.details["value"] == "-3"
    assert (found.details["file"], found.details["column"]) == ("t", "children")
    with pytest.raises(zb.TableError, match="rejected"):
        zb.compute(there.load("t", negative), SHARE, records=True, strict=True)


TWO = {"area": [140728, 140728], "projects": [60, 60], "projects_done": [50, 40]}
NAMED = {"projects": [10, 5], "projects_done": [5, 5], "period": [2021, 2022]}


def odd_tables() -> list[tuple[dict[str, Any], str, dict[str, Any]]]:
    """Tables with cells that engines would read otherwise, the indicator and options."""
    schools = [
        "合计 ",
        "\u3000合计",
        "合  计",
        "ToTal",
        "\t",
        "   ",
        "\u3000",
        "A\u3000",
        "B",
        None,
    ]
    tables: list[tuple[dict[str, Any], str, dict[str, Any]]] = [
        (TWO | {"school": ["A", school]}, DONE, {"records": records})
        for school in schools
        for records in (True, False)
    ]
    plan = "preschool_development_plan"
    flags = [" 是 ", "", "大概", None]
    tables += [
        ({"area": [140728], plan: pl.Series([it], dtype=pl.String)}, plan, {}) for it in flags
    ]
    tables += [
        ({"area": [140728], "projects": [-1e-7], "projects_done": [0]}, DONE, {}),
        ({"area": ["149999"] * 2, "area_name": ["乙区", ""]} | NAMED, DONE, {}),
        ({"area": ["140728"] * 2, "area_name": ["祁县", "平遥县"]} | NAMED, DONE, {}),
        (
            {"area": [140728], "stage": [date(2020, 1, 1)], "projects": [5], "projects_done": [3]},
            DONE,
            {},
        ),
    ]
    amounts: list[pl.Series] = [
        pl.Series([Decimal("123456789012.123456")], dtype=pl.Decimal(18, 6)),
        pl.Series([Decimal(100000000)], dtype=pl.Decimal(38, 0)),
        pl.Series([Decimal("1.5")], dtype=pl.Decimal(38, 20)),
        pl.Series([1e300]),
        pl.Series([float("nan")]),
    ]
    tables += [
        ({"area": [140728], f"资助金额{unit}": amount}, "aid.amount", {})
        for unit in ("", "(万元)", "(亿元)")
        for amount in amounts
    ]
    return tables


def test_odd_cells_are_read_as_in_a_file(there: Engine) -> None:
    told_otherwise = {"duplicate-key", "repeated-keys", "unknown-value"}
    for columns, asked, options in odd_tables():
        frame = pl.DataFrame(columns)
        here = zb.compute(frame, asked, **options)
        table = zb.compute(there.load("t", frame), asked, **options)
        assert table.to_polars().equals(here.to_polars()), frame
        found = [{it.code for it in answer.findings} - told_otherwise for answer in (table, here)]
        assert found[0] == found[1], frame


def test_a_column_of_no_number_is_told_in_postgres(postgres: Any) -> None:
    postgres.connection.execute(
        "DROP TABLE IF EXISTS odd; CREATE TABLE odd AS SELECT 140728 AS area, "
        "'NaN'::numeric(10, 2) AS aid_amount, ARRAY['60'] AS projects, 52 AS projects_done"
    )
    odd = zb.sql(postgres.connection, "odd")
    (found,) = zb.compute(odd, "aid.amount").findings
    assert (found.code, found.details["column"]) == ("not-a-number", "aid_amount")
    with pytest.raises(zb.TableError, match="column-type"):
        zb.compute(odd, DONE)
    postgres.connection.execute(
        "DROP TABLE IF EXISTS kinds; DROP TYPE IF EXISTS kind; CREATE TYPE kind AS ENUM "
        "('公办', '其他民办'); CREATE TABLE kinds AS SELECT 140728 AS area, "
        "'公办'::kind AS ownership, 1 AS children"
    )
    assert displays(zb.compute(zb.sql(postgres.connection, "kinds"), SHARE)) == ["100.0"]
    with adbc.connect(postgres.address) as connection:
        assert displays(zb.compute(zb.sql(connection, "kinds"), SHARE)) == ["100.0"]


def test_what_cannot_be_reached_is_told(tmp_path: Path) -> None:
    for place in ("postgresql://reader:secret@127.0.0.1:1/edu", str(tmp_path / "no.duckdb")):
        with pytest.raises(zb.TableError) as caught:
            zb.sql(place, "t")
        assert caught.value.code == "warehouse-failed"
        assert "secret" not in str(caught.value)


@pytest.mark.parametrize("answer", [None, 7, {"area": ["140728"]}])
def test_a_function_that_gives_no_rows_is_told(answer: object) -> None:
    with pytest.raises(zb.TableError, match="bad-answer") as caught:
        zb.sql(lambda _: answer, "edu.t", dialect="duckdb")
    assert caught.value.details["file"] == "edu.t"


def test_a_sum_that_is_lost_is_no_zero() -> None:
    connection = duckdb.connect()
    connection.register("frame", FRAME.to_arrow())

    def lossy(statement: str) -> pl.DataFrame:
        frame = connection.sql(statement).pl()
        return (
            frame.with_columns(pl.lit(None, dtype=pl.Int64).alias("s0")) if frame.height else frame
        )

    with pytest.raises(zb.TableError, match="s0") as caught:
        zb.compute(zb.sql(lossy, "frame", dialect="duckdb"), DONE)
    assert caught.value.code == "bad-answer"


def test_what_an_engine_says_is_told() -> None:
    connection = duckdb.connect()
    with pytest.raises(zb.TableError) as caught:
        zb.sql(connection, "nowhere")
    assert caught.value.code == "warehouse-failed"
    assert "nowhere" in caught.value.details["reason"]
    assert caught.value.details["statement"] == 'SELECT * FROM "nowhere" LIMIT 0'
    connection.execute("CREATE TABLE raw AS SELECT '140728' AS area, 'x' AS projects")
    connection.execute("CREATE VIEW v AS SELECT area, projects::INT AS projects FROM raw")
    catalog = zb.Catalog.builtin().extend(
        zb.Catalog.from_toml(
            '[indicators."t.p"]\nname = { zh = "数" }\nkind = "total"\nmeasure = "projects"\n'
        )
    )
    with pytest.raises(zb.TableError) as caught:
        zb.compute(zb.sql(connection, "v"), "t.p", catalog=catalog)
    assert caught.value.code == "warehouse-failed"
    assert "Could not convert string" in str(caught.value)


def test_what_is_no_connection_is_refused() -> None:
    for connection in (7, {"area": ["140728"]}, FRAME):
        with pytest.raises(zb.RequestError) as caught:
            zb.sql(connection, "t")
        assert caught.value.code == "no-connection"
    for connection, option in ((print, "dialect"), ("mysql://localhost", "connection")):
        with pytest.raises(zb.RequestError) as caught:
            zb.sql(connection, "t")
        assert caught.value.details["option"] == option
    with pytest.raises(zb.RequestError, match="duckdb, postgres, spark, trino"):
        zb.plan(DONE).sql("oracle")  # type: ignore[arg-type]
    with pytest.raises(zb.RequestError) as caught:
        zb.plan(DONE, 7)  # type: ignore[arg-type]
    assert caught.value.code == "no-table"


def test_what_looks_at_rows_says_what_to_do() -> None:
    connection = duckdb.connect()
    connection.register("frame", FRAME.to_arrow())
    there: Any = zb.sql(connection, "frame")
    for ask in (
        lambda: zb.judge(there, "preschool-2020"),
        lambda: zb.attain(there, {}),
        lambda: zb.check(there),
    ):
        with pytest.raises(zb.RequestError, match=r"judge\(standard\)") as caught:
            ask()
        assert caught.value.code == "no-table"


def test_a_plan_is_read_without_any_engine() -> None:
    script = """
import sys
import zhibiao as zb
for dialect in ("duckdb", "postgres", "spark", "trino"):
    assert "GROUP BY" in zb.plan("preschool.public_share", "edu.pupils").sql(dialect)
engines = ["duckdb", "pyspark", "psycopg", "adbc_driver_manager", "pyarrow", "pandas"]
print([name for name in engines if name in sys.modules])
"""
    assert said(python(script)) == "[]"


@pytest.mark.parametrize(
    ("address", "extra"), [("postgresql://localhost/x", "postgres"), ("x.duckdb", "duckdb")]
)
def test_a_package_that_is_not_there_is_told(address: str, extra: str) -> None:
    script = f"""
import sys
sys.modules["psycopg"] = sys.modules["duckdb"] = None
import zhibiao as zb
try:
    zb.sql("{address}", "t")
except ImportError as error:
    print(error)
"""
    assert f"pip install 'zhibiao[{extra}]'" in said(python(script))


def test_the_command_line_prints_the_statement_that_python_gives() -> None:
    target = Path(os.environ.get("CARGO_TARGET_DIR", PROJECT / "target")) / "release" / "zhibiao"
    if not target.exists():
        pytest.skip(f"the command line is not built in {target.parent}")
    script = f"""
import subprocess
import zhibiao as zb
for dialect in ("duckdb", "postgres", "spark", "trino"):
    told = subprocess.run(
        [{str(target)!r}, "sql", {SHARE!r}, "--dialect", dialect, "--table", "edu.t", "--records"],
        capture_output=True, text=True, check=True,
    ).stdout
    assert told.strip() == zb.plan({SHARE!r}, "edu.t", records=True).sql(dialect), told
"""
    said(python(script))


def test_a_statement_ends_when_it_is_interrupted() -> None:
    connection = duckdb.connect()
    connection.execute("SET threads = 2")
    connection.execute(
        "CREATE VIEW slow AS SELECT '140728' AS area, 1 AS projects, 1 AS projects_done "
        "FROM range(20000000000)"
    )
    table = zb.sql(connection, "slow")
    timer = threading.Timer(0.5, lambda: os.kill(os.getpid(), 2))
    timer.start()
    began = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        zb.compute(table, DONE, records=True)
    assert time.monotonic() - began < 5
    timer.join()
    # The connection is free again.
    for _ in range(100):
        try:
            assert connection.sql("SELECT 1").fetchall() == [(1,)]
            break
        except duckdb.Error:
            time.sleep(0.05)


@pytest.mark.skipif(not LONG, reason="an executor is killed only where ZHIBIAO_SLOW is set")
def test_an_executor_that_dies_changes_nothing() -> None:
    import psutil  # noqa: PLC0415

    spark = engine("spark")
    rows = "SELECT CAST(140700 + id % 3 AS STRING) AS area, 1 AS projects, id % 2 AS projects_done"
    spark.session.sql(f"{rows} FROM range(0, 300000000, 1, 64)").createOrReplaceTempView("many")
    table = zb.sql(spark.session, "many")
    began = time.monotonic()
    calm = zb.compute(table, DONE, records=True)
    third = (time.monotonic() - began) / 3

    def executors() -> list[psutil.Process]:
        found = []
        for process in psutil.Process().children(recursive=True):
            with suppress(psutil.Error):
                if "CoarseGrainedExecutorBackend" in " ".join(process.cmdline()):
                    found.append(process)
        return found

    killed: list[float] = []

    def kill() -> None:
        before[0].kill()
        killed.append(time.monotonic())

    before = executors()
    assert len(before) == 2, "executors are processes of their own"
    killer = threading.Timer(third, kill)
    killer.start()
    shaken = zb.compute(table, DONE, records=True)
    ended = time.monotonic()
    killer.join()
    assert killed[0] < ended, "it was killed in mid-job"
    assert before[0] not in executors()
    same(shaken, calm)
