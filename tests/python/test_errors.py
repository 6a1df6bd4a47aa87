"""Every code is an exception of its class, with what the message names as data."""

from __future__ import annotations

import copy
import itertools
import pickle
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest
import zhibiao as zb
from conftest import PROJECT, named_as_a_formula, text_table
from provoked import FILES, NOT_HERE, PANELS
from zhibiao import _native

SOURCE = PROJECT / "crates" / "zhibiao" / "src" / "error.rs"
DONE = "projects.completion"
PUBLIC = "preschool.public_share"
CODES_WITHOUT_PYTHON = {
    # Numbers, units and formulas are read within tables and catalogues, which have codes of their
    # own for what is wrong there; logs and output files are not written from Python.
    "overflow",
    "zero-denominator",
    "parts-not-whole",
    "bad-log",
    "log-differs",
    "unwritable-file",
    # Raised as KeyboardInterrupt.
    "cancelled",
} | NOT_HERE


def topics() -> dict[str, str]:
    """Codes by the list of the core, and the topic of each."""
    text = SOURCE.read_text("utf-8").partition("\nproblems! {")[2].partition("\n}\n")[0]
    topic = ""
    found = {}
    for line in text.splitlines():
        if head := re.fullmatch(r"\s*\[(\w+)\]", line):
            topic = head[1]
        elif code := re.fullmatch(r'\s*\w+ \{.*\} "([a-z0-9-]+)"', line):
            found[code[1]] = topic
    return found


def compute(csv: str, indicators: Any = DONE, **options: Any) -> zb.IndicatorTable:
    """A table of text, computed."""
    return zb.compute(text_table(csv), indicators, **options)


def finding(csv: str, indicators: Any = DONE, **options: Any) -> zb.ZhibiaoError:
    """The only flaw of a table."""
    (found,) = compute(csv, indicators, **options).findings
    return found


def catalog(toml: str) -> zb.Catalog:
    """The built-in catalogue with more."""
    return zb.Catalog.builtin().extend(zb.Catalog.from_toml(toml, name="mine.toml"))


def rate(**keys: str) -> str:
    """An indicator in TOML."""
    lines = "".join(f"{key} = {value}\n" for key, value in keys.items())
    return f'[indicators."x.y"]\nname = {{ zh = "某率" }}\n{lines}'


def measure(id: str, more: str = "") -> str:
    """A measure of persons in TOML."""
    return f'[measures.{id}]\nname = {{ zh = "某数" }}\nunit = "person"\n{more}\n'


ROW = "SELECT '140728' AS area, 60 AS projects, 52 AS projects_done"
HEADER = {"area": pl.String, "projects": pl.Int64, "projects_done": pl.Int64}


def relation(sql: str) -> zb.Warehouse:
    """A table of DuckDB."""
    connection = duckdb.connect()
    connection.execute(f"CREATE VIEW t AS {sql}")
    return zb.sql(connection, "t")


def kept_states() -> pl.DataFrame:
    """States of one county."""
    county = {"area": ["140728"], "projects": [60], "projects_done": [52]}
    return zb.states(county, DONE).to_polars()


def write(folder: Path, name: str, content: bytes) -> str:
    """A file."""
    (folder / name).write_bytes(content)
    return str(folder / name)


ROWS = 1_500_000


class Shrinking:
    """Schools, of which the first stands last again, and half as many when read again."""

    def __init__(self) -> None:
        self.rows = ROWS

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        school = pl.int_range(self.rows, eager=True)
        school = school.set(school == self.rows - 1, 0)
        frame = school.to_frame("school").with_columns(
            area=pl.lit(140728), projects=pl.lit(1), projects_done=pl.lit(1)
        )
        self.rows //= 2
        reader = frame.to_arrow().to_reader(max_chunksize=100_000)
        return reader.__arrow_c_stream__(requested_schema)


# A code, what raises or finds it, and details that it has.
Provoked = tuple[str, Callable[[Path], Any], dict[str, Any]]
ITEM = 'indicator = "projects.completion"'
LINE = '{ from = "0", to = "100" }'


def scheme(rest: str) -> zb.Scheme:
    """A scheme with some items."""
    head = 'id = "mine"\nname = { zh = "评价" }\ntotal = "100"\nmissing = "unknown"\n'
    return zb.Scheme.from_toml(head + rest)


def endless() -> zb.IndicatorTable:
    """A table of all counties, each month of 31 years: more rows than a sheet has."""
    areas = zb.Areas.builtin()
    counties = [code for code in areas.codes() if areas.tier(code) == "county"]
    months = [f"{year}-{month:02}" for year in range(1992, 2023) for month in range(1, 13)]
    rows = pl.DataFrame({"area": counties}).join(pl.DataFrame({"period": months}), how="cross")
    return zb.compute(rows.with_columns(projects=1, projects_done=1), DONE)


PROVOKED: list[Provoked] = [
    (
        "not-a-number",
        lambda _: finding("area,projects,projects_done\n140728,60,1e5\n"),
        {"value": "1e5", "row": 2, "index": 0, "column": "projects_done"},
    ),
    (
        "too-many-digits",
        lambda _: finding(f"area,projects,projects_done\n140728,60,{'9' * 39}\n"),
        {"value": "9" * 39, "row": 2, "index": 0, "column": "projects_done"},
    ),
    (
        "too-many-decimals",
        lambda _: finding("area,aid_amount,aid_recipients\n140728,0.125,1\n", "aid.per_recipient"),
        {"value": "0.125", "scale": 2, "column": "aid_amount"},
    ),
    (
        "unknown-unit",
        lambda _: catalog(measure("x", 'kind = "count"').replace("person", "斤")),
        {"unit": "斤", "file": "mine.toml", "line": 3},
    ),
    (
        "unit-mismatch",
        lambda _: compute("area,projects(元),projects_done\n140728,60,52\n"),
        {"given": "元"},
    ),
    (
        "bad-area-code",
        lambda _: finding("area,projects,projects_done\n平遥县,60,52\n"),
        {"value": "平遥县", "row": 2, "index": 0, "column": "area"},
    ),
    (
        "unknown-area",
        lambda _: finding("area,projects,projects_done\n140799,60,52\n"),
        {"code": "140799", "index": 0},
    ),
    (
        "area-name-mismatch",
        lambda _: finding("area,area_name,projects,projects_done\n140728,祁县,60,52\n"),
        {"code": "140728", "given": "祁县", "name": "平遥县"},
    ),
    (
        "total-row",
        lambda _: finding("area,projects,projects_done\n140728,60,52\n合计,60,52\n"),
        {"value": "合计", "row": 3, "index": 1},
    ),
    (
        "parts-absent",
        lambda _: compute(
            "area,办学性质,children\n140728,合计,15000\n140728,公办,8325\n", "preschool.children"
        ).findings[1],
        {
            "given": "15000",
            "sum": "8325",
            "absent": "普惠性民办, 其他民办",
            "row": 2,
            "column": "children",
        },
    ),
    (
        "bad-area-table",
        lambda _: zb.Areas.parse("140728\t平遥县\n140727\t祁县\n", name="areas.tsv"),
        {"line": 2},
    ),
    (
        "duplicate-area",
        lambda _: zb.Areas.parse("code,parent\nS,\nD1,S\nD1,S\n"),
        {"code": "D1", "first": 3},
    ),
    (
        "unknown-parent",
        lambda _: zb.Areas.parse("code,parent\nS,\nD1,T\n"),
        {"code": "D1", "parent": "T"},
    ),
    ("area-cycle", lambda _: zb.Areas.parse("code,parent\nS,\nA,B\nB,C\nC,A\n"), {}),
    (
        "too-many-tiers",
        lambda _: zb.Areas.parse("code,parent\nA,\nB,A\nC,B\nD,C\nE,D\n"),
        {"code": "A", "below": 4},
    ),
    (
        "tier-not-below",
        lambda _: zb.Areas.parse("code,parent,tier\nS,,county\nD1,S,province\n"),
        {"code": "D1", "tier": "province", "parent": "S", "outer": "county"},
    ),
    (
        "bad-period",
        lambda _: compute("area,projects,projects_done\n140728,60,52\n", periods=["2022-2025"]),
        {"value": "2022-2025"},
    ),
    ("unreadable-file", lambda _: zb.Catalog.load("nowhere.toml"), {"file": "nowhere.toml"}),
    (
        "bad-weights",
        lambda _: scheme(f'items = [{{ {ITEM}, weight = "99", linear = {LINE} }}]'),
        {"of": "mine", "file": "scheme.toml", "line": 3},
    ),
    (
        "bad-group",
        lambda _: scheme('groups = [{ id = "a", name.zh = "组", weight = "100" }]'),
        {"group": "a", "file": "scheme.toml", "line": 5},
    ),
    (
        "bad-scoring",
        lambda _: scheme(f'items = [{{ {ITEM}, weight = "100" }}]'),
        {"indicator": "projects.completion", "file": "scheme.toml", "line": 5},
    ),
    (
        "bad-bands",
        lambda _: scheme(f'items = [{{ {ITEM}, weight = "100", bands = [] }}]'),
        {"indicator": "projects.completion", "file": "scheme.toml", "line": 5},
    ),
    (
        "bad-grades",
        lambda _: scheme(
            'grades = [{ id = "a", name.zh = "甲", at_least = "90" }]\n'
            f'items = [{{ {ITEM}, weight = "100", linear = {LINE} }}]'
        ),
        {"file": "scheme.toml"},
    ),
    (
        "bad-toml",
        lambda _: catalog('[measures.x]\nname = { zh = "某数" }\nunits = "人"\n'),
        {"file": "mine.toml", "line": 3, "column": 1},
    ),
    (
        "duplicate-id",
        lambda _: catalog(measure("children", 'kind = "count"')),
        {"id": "children", "file": "mine.toml", "line": 1},
    ),
    (
        "bad-id",
        lambda _: catalog(measure('"某数"', 'kind = "count"')),
        {"id": "某数", "file": "mine.toml"},
    ),
    ("unknown-id", lambda _: zb.Catalog.builtin().indicator("no.such"), {"id": "no.such"}),
    ("unknown-kind", lambda _: catalog(rate(kind='"mean"')), {"kind": "mean"}),
    (
        "key-of-kind",
        lambda _: catalog(rate(kind='"rate"', numerator='"children"', unit='"%"')),
        {"id": "x.y", "file": "mine.toml"},
    ),
    (
        "ambiguous-alias",
        lambda _: catalog(measure("x", 'kind = "count"\naliases = ["资助人数"]')),
        {"alias": "资助人数"},
    ),
    (
        "cycle",
        lambda _: catalog('[measures.c]\ndefine = "sum(c)"\nunit = "person"\n'),
        {"file": "mine.toml"},
    ),
    (
        "bad-formula",
        lambda _: catalog('[measures.c]\ndefine = "avg(children)"\n'),
        {"file": "mine.toml", "line": 2},
    ),
    (
        "bad-derivation",
        lambda _: catalog(
            rate(
                kind='"derived"', inputs='{ a = "projects.done" }', formula='"a / 0.5"', unit='"项"'
            )
        ),
        {"file": "mine.toml"},
    ),
    (
        "formula-too-large",
        lambda _: catalog(f'[measures.c]\ndefine = "{"(" * 5000}"\n'),
        {"bytes": 5000},
    ),
    (
        "share-not-part",
        lambda _: catalog(
            rate(
                kind='"share"',
                numerator='"loan_borrowers"',
                denominator='"children"',
                unit='"%"',
            )
        ),
        {"numerator": "loan_borrowers", "denominator": "children"},
    ),
    (
        "unit-clash",
        lambda _: catalog(
            rate(
                kind='"rate"',
                numerator='"training_person_times"',
                denominator='"children"',
                unit='"%"',
            )
        ),
        {"unit": "%"},
    ),
    (
        "bad-criterion",
        lambda _: catalog(
            '[standards.mine]\nname = { zh = "标准" }\n[[standards.mine.criteria]]\n'
            'indicator = "projects.completion"\nat_least = "90"\nabove = "80"\n'
        ),
        {"file": "mine.toml"},
    ),
    (
        "bad-rule",
        lambda _: catalog(
            '[standards.mine]\nname = { zh = "标准" }\n[standards.mine.rules.schools]\n'
            'name = { zh = "每校" }\nneeds = 6\n'
        ),
        {"rule": "mine.schools"},
    ),
    (
        "unreadable-table",
        lambda folder: zb.check(write(folder, "broken.parquet", b"no parquet")),
        {},
    ),
    (
        "not-utf8",
        lambda folder: zb.Areas.load(
            write(folder, "gbk.tsv", b"140728\t\xc6\xbd\xd2\xa3\xcf\xd8\n")
        ),
        {"line": 1},
    ),
    (
        "unknown-format",
        lambda folder: zb.check(write(folder, "table.docx", b"")),
        {"extension": "docx"},
    ),
    (
        "damaged-file",
        lambda folder: zb.check(write(folder, "cut.csv.gz", b"\x1f\x8b")),
        {},
    ),
    ("empty-folder", zb.check, {}),
    ("no-match", lambda folder: zb.check(folder / "*.csv"), {}),
    ("empty-table", lambda folder: zb.check(write(folder, "empty.csv", b"area,projects\n")), {}),
    (
        "duplicate-column",
        lambda _: compute("area,projects,项目数,projects_done\n140728,60,60,52\n"),
        {"first": "projects", "column": "项目数"},
    ),
    (
        "missing-column",
        lambda _: compute("area,projects\n140728,60\n"),
        {"column": "projects_done"},
    ),
    (
        "column-type",
        lambda _: zb.compute(
            pl.DataFrame(
                {"area": ["140728"], "projects": [60], "projects_done": [52]}
            ).with_columns(pl.col("projects_done").cast(pl.Date)),
            DONE,
        ),
        {"column": "projects_done"},
    ),
    (
        "unquotable",
        lambda _: zb.plan(DONE, "${x}").sql("spark"),
        {"name": "${x}", "dialect": "spark"},
    ),
    (
        "sum-too-wide",
        lambda _: zb.plan(
            "t.more",
            relation("SELECT '140728' AS area, 1::DECIMAL(28, 0) AS t_wide"),
            catalog=catalog(
                '[measures.t_wide]\nname = { zh = "数" }\nunit = "person"\nkind = "count"\n'
                '[measures.t_more]\ndefine = "sum(10 * t_wide)"\nunit = "person"\nkind = "count"\n'
                '[indicators."t.more"]\nname = { zh = "计" }\nkind = "total"\nmeasure = "t_more"\n'
            ),
        ).sql("duckdb"),
        {"most": 28},
    ),
    (
        "cell-too-wide",
        lambda _: zb.compute(
            relation(f"SELECT '140728' AS area, {10**25}::HUGEINT AS projects, 1 AS projects_done"),
            DONE,
        ).findings[0],
        {"value": f"{10**25}", "column": "projects", "rows": 1},
    ),
    (
        "not-pushable",
        lambda _: zb.plan(
            DONE, relation("SELECT '140728' AS area, 'projects' AS measure, 60 AS value")
        ),
        {"file": "t"},
    ),
    (
        "repeated-keys",
        lambda _: zb.compute(relation(f"{ROW} UNION ALL {ROW}"), DONE).findings[0],
        {"file": "t", "column": "area", "rows": 2, "key": "140728"},
    ),
    (
        "mixed-spelling",
        lambda _: zb.compute(
            relation(f"{ROW}, '2022' AS period UNION ALL {ROW}, '2022年'"), DONE
        ).findings[0],
        {"column": "area", "rows": 2, "key": "140728 2022"},
    ),
    (
        "bad-answer",
        lambda _: zb.compute(
            zb.sql(
                lambda text: pl.DataFrame(schema=HEADER) if "LIMIT 0" in text else pl.DataFrame(),
                "t",
                dialect="duckdb",
            ),
            DONE,
        ),
        {},
    ),
    (
        "more-flaws",
        lambda _: zb.compute(
            relation(
                "SELECT '140728' AS area, -i AS projects, 1 AS projects_done "
                "FROM range(1, 1501) AS s(i)"
            ),
            DONE,
            records=True,
        ).findings[-1],
        {"column": "projects", "rows": 500},
    ),
    ("not-states", lambda _: zb.States.load({"area": ["140728"]}), {}),
    (
        "states-differ",
        lambda _: zb.States.load(
            kept_states(),
            catalog=catalog(
                f'[indicators."{DONE}"]\nreplaces = true\nname = {{ zh = "完工" }}\n'
                'kind = "completion"\ndone = "projects"\nplanned = "projects"\nunit = "%"\n'
            ),
        ),
        {},
    ),
    (
        "overlapping-states",
        lambda _: zb.merge([kept_states(), kept_states()]),
        {"keys": 1, "key": "140728"},
    ),
    (
        "duplicate-key",
        lambda _: finding("area,projects,projects_done\n140728,60,52\n140728,61,52\n"),
        {"row": 3, "index": 1, "first": "row 2"},
    ),
    (
        "missing-key",
        lambda _: finding("area,projects,projects_done\n140728,60,52\n,1,1\n"),
        {"row": 3, "index": 1, "column": "area"},
    ),
    (
        "unit-column",
        lambda _: compute(
            "area,单位,aid_amount,aid_recipients\n140728,万元,965,7838\n", "aid.per_recipient"
        ),
        {"column": "单位"},
    ),
    (
        "unknown-value",
        lambda _: finding("area,ownership,children\n140728,国营,60\n", PUBLIC),
        {"value": "国营", "dimension": "ownership", "index": 0},
    ),
    (
        "unknown-measure",
        lambda _: finding(
            "area,measure,value\n140728,projects,60\n140728,projects_done,52\n140728,竣工率,52\n"
        ),
        {"value": "竣工率", "row": 4, "index": 2},
    ),
    (
        "negative-count",
        lambda _: finding("area,projects,projects_done\n140728,60,-5\n"),
        {"value": "-5", "row": 2, "index": 0, "column": "projects_done"},
    ),
    (
        "fractional-count",
        lambda _: finding("area,projects,projects_done\n140728,60,52.5\n"),
        {"value": "52.5", "index": 0},
    ),
    (
        "out-of-range",
        lambda _: finding(f"area,measure,value,unit\n140728,{PUBLIC},120,%\n", PUBLIC),
        {"value": "120", "index": 0},
    ),
    (
        "not-finite",
        lambda _: zb.compute(
            {"area": ["140728"], "projects": [60.0], "projects_done": [float("inf")]}, DONE
        ).findings[0],
        {"value": "inf", "index": 0, "column": "projects_done"},
    ),
    (
        "reported-roll-up",
        lambda _: compute(
            f"area,measure,value,unit\n140728,{PUBLIC},55.5,%\n", PUBLIC, tiers="prefecture"
        ).findings[0],
        {"indicator": PUBLIC, "tier": "prefecture"},
    ),
    (
        "reported-over-time",
        lambda _: finding(
            f"area,period,measure,value,unit\n140728,2022-12,{PUBLIC},55.5,%\n", PUBLIC, over="year"
        ),
        {"indicator": PUBLIC, "period": "2022"},
    ),
    (
        "reported-differs",
        lambda _: finding(
            "area,measure,value,unit\n140728,projects,60,项\n140728,projects_done,52,项\n"
            "140728,projects.completion,90.0,%\n"
        ),
        {"indicator": DONE},
    ),
    (
        "without-weight",
        lambda _: finding(
            "area,school,stage,pupils,books\n140728,1,primary,50,500\n140728,2,primary,0,20\n",
            "compulsory.books_dispersion_primary",
        ),
        {"units": 1},
    ),
    (
        "schools-not-told",
        lambda _: zb.judge(
            {
                "area": ["140728"],
                "school": ["1"],
                "stage": ["primary"],
                "pupils": [50],
                "equipment_value": ["500"],
            },
            "compulsory-2017",
            "compulsory.equipment_value",
        ).findings[0],
        {"column": "school_type"},
    ),
    (
        "missing-months",
        lambda _: compute(
            "area,period,education_budget,mean_pupils\n140728,2022-11,1,1\n140728,2022-12,1,1\n",
            "fin.pp_budget",
            over="year",
        ).findings[0],
        {"period": "2022"},
    ),
    (
        "month-of-target",
        lambda _: zb.attain(
            text_table("area,period,projects_done\n140728,2022-02,10\n"),
            text_table("area,period,projects_done\n140728,2022,60\n"),
        ).findings[0],
        {"period": "2022-02", "target": "2022"},
    ),
    (
        "definition-break",
        lambda _: compute(
            "area,period,pupils,population_school_age,population_3_5\n"
            "140728,1990,1,1,1\n140728,1991,1,1,1\n",
            "x.y",
            catalog=catalog(
                rate(
                    kind='"rate"',
                    numerator='"pupils"',
                    denominator='"population_school_age"',
                    unit='"%"',
                )
                + '[[indicators."x.y".earlier]]\nuntil = "1990-12"\n'
                'denominator = "population_3_5"\n'
            ),
        ).findings[0],
        {"indicator": "x.y", "until": "1990-12"},
    ),
    (
        "rejected",
        lambda _: compute("area,projects,projects_done\n140728,60,x\n", strict=True),
        {"findings": 1},
    ),
    (
        "stream-not-repeatable",
        lambda _: zb.compute(Shrinking(), DONE),
        {"first": ROWS, "again": ROWS // 2},
    ),
    (
        "overlapping-neighbor",
        lambda _: zb.Neighbors.read({"area": ["140728"], "neighbor": ["140700"]}).findings[0],
        {"area": "140728", "neighbor": "140700", "other": "140728", "index": 0},
    ),
    (
        "bad-level",
        lambda _: compute("area,projects,projects_done\n140728,60,52\n").limits(level=95),
        {"value": "95", "meant": "0.95"},
    ),
    (
        "lacks-indicators",
        lambda _: compute("area,projects_done\n140728,52\n", ["projects.done"]).score(
            scheme(f'items = [{{ {ITEM}, weight = "100", linear = {LINE} }}]')
        ),
        {"scheme": "mine", "indicators": "projects.completion"},
    ),
    ("nothing-asked", lambda _: compute("area,projects\n140728,60\n", []), {}),
    (
        "bad-option",
        lambda _: compute("area,projects,projects_done\n140728,60,52\n", policy=95),
        {"value": "95"},
    ),
    (
        "sheet-too-long",
        lambda folder: endless().write(folder / "out.xlsx"),
        {"most": 1048572},
    ),
    (
        "formula-text",
        lambda folder: named_as_a_formula().write(folder / "out.csv")[0],
        {"cells": 1, "first": "=1+1"},
    ),
]

# Findings of a check: a code, and a table that has it.
FOUND = [
    ("parent-differs", "area,children\n140700,100\n140728,120\n"),
    ("total-differs", "area,sex,children\n140728,男,60\n140728,女,50\n140728,合计,101\n"),
    ("part-exceeds-whole", "area,teachers,teachers_pe\n140728,40,41\n"),
    (
        "define-differs",
        (
            "area,population_school_age,pupils_school_age_or_above,children_out_of_school"
            "\n140728,100,90,11\n"
        ),
    ),
    (
        "unit-slip",
        "area,year,aid_amount\n140728,2020,9650000\n140728,2021,9810000\n140728,2022,1002\n",
    ),
    (
        "implausible",
        "area,period,loan_amount,loan_borrowers\n140728,2020,16000,1\n",
    ),
    (
        "permuted-values",
        "area,pupils,graduates\n140702,1,2\n140703,2,3\n140721,3,4\n140722,4,5\n140723,5,1\n",
    ),
    (
        "repeated-values",
        (
            "area,year,pupils\n140702,2021,1\n140703,2021,2\n140721,2021,3\n140722,2021,4\n"
            "140723,2021,5\n140702,2022,1\n140703,2022,2\n140721,2022,3\n140722,2022,4\n"
            "140723,2022,5\n"
        ),
    ),
    (
        "duplicate-name",
        "area,area_name,pupils\n140728,平遥县,1\n140771,开发区,2\n140772,开发区,3\n",
    ),
    ("zone", "area,pupils\n140771,1\n"),
]


PROVOKED.extend(FILES)
PROVOKED.extend(PANELS)


def provoke(make: Callable[[Path], Any], folder: Path) -> zb.ZhibiaoError:
    """What is raised, or found."""
    try:
        found = make(folder)
    except zb.ZhibiaoError as error:
        return error
    assert isinstance(found, zb.ZhibiaoError), f"nothing wrong: {found!r}"
    return found


@pytest.mark.parametrize("code", topics())
def test_every_topic_has_its_class(code: str) -> None:
    assert issubclass(getattr(zb, f"{topics()[code]}Error"), zb.ZhibiaoError)


@pytest.mark.parametrize(("code", "make", "details"), PROVOKED, ids=[row[0] for row in PROVOKED])
def test_a_code_is_met(code: str, make: Any, details: dict[str, Any], tmp_path: Path) -> None:
    error = provoke(make, tmp_path)
    assert error.code == code, error
    assert type(error) is getattr(zb, f"{topics()[code]}Error")
    assert details.items() <= error.details.items(), error.details
    assert error.remedy
    assert error.remedy in str(error)
    assert f"[{code}]" in str(error)


@pytest.mark.parametrize(("code", "csv"), FOUND)
def test_a_check_finds(code: str, csv: str) -> None:
    found = zb.check(text_table(csv)).to_polars()
    row = found.filter(pl.col("code") == code).row(0, named=True)
    assert topics()[code] in {"Check", "Area"}
    assert row["message"]
    assert row["remedy"]


def test_every_code_is_met_or_has_no_way_to_python() -> None:
    met = {code for code, *_ in PROVOKED} | {code for code, _ in FOUND}
    assert met | CODES_WITHOUT_PYTHON == set(topics())
    assert not met & CODES_WITHOUT_PYTHON


def test_a_row_of_a_file_has_no_index(tmp_path: Path) -> None:
    path = write(tmp_path, "t.csv", b"area,projects,projects_done\n140728,60,-5\n")
    (found,) = zb.compute(path, DONE).findings
    assert found.details == {"value": "-5", "file": path, "row": 2, "column": "projects_done"}


def test_rows_are_counted_through_all_batches() -> None:
    good = pl.DataFrame({"area": ["140728"], "projects": [60], "projects_done": [52]})
    bad = good.with_columns(area=pl.lit("140729"), projects_done=pl.lit(-1, pl.Int64))
    both = pl.concat([good, bad], rechunk=False)
    for frame in (both, both.lazy()):
        (found,) = zb.compute(frame, DONE).findings
        assert (found.details["row"], found.details["index"]) == (3, 1)


def test_all_errors_of_a_catalogue_are_told() -> None:
    toml = measure("x", 'kind = "count"').replace("person", "斤")
    with pytest.raises(zb.UnitError, match=r"and 1 more, see `others`") as caught:
        zb.Catalog.from_toml(toml + '[measures.y]\ndefine = "sum(nothing)"\n')
    (other,) = caught.value.others
    assert type(other) is zb.CatalogError
    assert other.code == "unknown-id"
    assert other.others == ()


@pytest.mark.parametrize(
    "again", [copy.copy, copy.deepcopy, lambda it: pickle.loads(pickle.dumps(it))]
)
def test_an_error_travels_whole(again: Callable[[zb.ZhibiaoError], zb.ZhibiaoError]) -> None:
    beside = zb.UnitError("beside", code="unknown-unit")
    error = zb.TableError("wrong", code="c", remedy="r", details={"row": 2}, others=[beside])
    same = again(error)
    assert type(same) is zb.TableError
    assert str(same) == str(error)
    assert (same.code, same.remedy, same.details) == ("c", "r", {"row": 2})
    assert [str(other) for other in same.others] == [str(beside)]


def test_a_defect_is_an_internal_error() -> None:
    with pytest.raises(zb.InternalError, match="on purpose") as caught:
        _native.panic()
    assert caught.value.code == "internal"
    assert caught.value.remedy
    # What comes next finds nothing broken.
    assert len(zb.compute({"area": ["140728"], "projects": [60], "projects_done": [52]}, DONE)) == 1


def test_no_code_is_provoked_twice() -> None:
    codes = [code for code, *_ in itertools.chain(PROVOKED, FOUND)]
    assert len(codes) == len(set(codes))
