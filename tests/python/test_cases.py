"""Known answers: `tests/cases/*.toml`, the same as those of the core, asked through Python."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from decimal import Context, Decimal
from typing import Any

import polars as pl
import pytest
import zhibiao as zb
from conftest import CASES, text_table

Case = dict[str, Any]

# What a case of a table gives on to `compute` as it stands.
OPTIONS = (
    "tiers",
    "slices",
    "totals",
    "periods",
    "period",
    "over",
    "policy",
    "coverage",
    "records",
    "strict",
    "rounding",
    "guard",
    "adding_up",
    "symbols",
)


class Skip(Exception):  # noqa: N818
    """A case that cannot be asked through Python, and why."""


def worlds(case: Case) -> dict[str, Any]:
    """Catalogue and areas, where a case brings its own."""
    asked: dict[str, Any] = {}
    if "catalog" in case:
        mine = zb.Catalog.from_toml(case["catalog"], name="case.toml")
        asked["catalog"] = zb.Catalog.builtin().extend(mine)
    if "areas" in case:
        asked["areas"] = zb.Areas.parse(case["areas"], name="areas.csv")
    if "harmonise" in case:
        asked["areas"] = units(case)
    return asked


def units(case: Case) -> zb.Areas:
    """The areas of one year, for the years of the case's table."""
    frame = text_table(case["table"])
    given = frame["period"].to_list() if "period" in frame.columns else []
    periods = [str(period) for period in [*given, *([case["period"]] if "period" in case else [])]]
    weights: dict[tuple[str, int], dict[str, str]] = {}
    for row in case.get("weights", "").splitlines()[1:]:
        code, year, to, weight = row.split(",")
        weights.setdefault((code, int(year)), {})[to] = weight
    years = {int(period[:4]) for period in periods}
    # A month may lie before the change of its year.
    years |= {int(period[:4]) - 1 for period in periods if len(period) == len("2019-01")}
    return zb.Areas.harmonised(case["harmonise"], sorted(years), weights=weights)


def answer_of_table(case: Case) -> None:
    """A whole question: table, options, and the rows and findings, or the error."""

    def ask() -> tuple[pl.DataFrame, list[str]]:
        options = {name: case[name] for name in OPTIONS if name in case} | worlds(case)
        frame = text_table(case["table"])
        if "standard" not in case:
            table = zb.compute(frame, case.get("indicators", ()), **options)
            if "bounds" in case:
                compare(table.bounds().to_polars(), case["bounds"])
            return table.to_polars(), [finding.code for finding in table.findings]
        beside = [text_table(table) for table in case.get("beside", [])]
        verdicts = zb.judge(frame, case["standard"], beside=beside, **options)
        compare(verdicts.rules, case.get("rules", []), some=True)
        compare(verdicts.to_come, case.get("to_come", []), some=True)
        compare(verdicts.changes, case.get("changes", []), some=True)
        # What a standard needs and no table has is unknown, which is told by its rows.
        codes = [finding.code for finding in verdicts.findings]
        return verdicts.to_polars(), [code for code in codes if code != "missing-column"]

    if "fails" in case:
        with pytest.raises(zb.ZhibiaoError) as caught:
            ask()
        assert caught.value.code == case["fails"]
        return
    frame, codes = ask()
    compare(frame, case.get("want", []), some=case.get("some", False))
    assert codes == case.get("finds", [])


def answer_of_targets(case: Case) -> None:
    """A table, its targets, and how far they are reached."""
    options = {name: case[name] for name in OPTIONS if name in case} | worlds(case)

    def ask() -> zb.AttainmentTable:
        tables = text_table(case["table"]), text_table(case["targets"])
        return zb.attain(*tables, case.get("indicators", ()), **options)

    if "fails" in case:
        with pytest.raises(zb.ZhibiaoError) as caught:
            ask()
        assert caught.value.code == case["fails"]
        return
    held = ask()
    compare(held.to_polars(), case["want"])
    assert [finding.code for finding in held.findings] == case.get("finds", [])


def answer_of_check(case: Case) -> None:
    """A table, and what a check finds in it."""
    found = zb.check(text_table(case["table"]), records=case.get("records", False), **worlds(case))
    compare(found.to_polars(), case["want"])


def answer_of_text(case: Case) -> None:
    """A text that stands for a figure, a period, an area or a formula."""
    kind, text = case["kind"], case["text"]
    if kind == "formula":
        if "want" in case:
            raise Skip("the measures of a formula are not told")
        raised(case, lambda: zb.Catalog.from_toml(f"[measures.m]\ndefine = '''{text}'''"))
    elif kind == "area":
        if text.strip("0123456789"):
            raise Skip("names stand for areas, too")
        if text == "140799":
            raise Skip("a code that the table of areas does not have")
        raised(case, lambda: zb.Areas.builtin().code(text))
    elif kind == "period":
        raised(case, lambda: period_of(text))
    else:
        if not text.strip():
            raise Skip("an empty cell is missing, which is no flaw")
        if text.strip() in {"-", "—"}:
            raise Skip("a dash in a cell says that there is no figure")
        if case.get("fails") == "not-a-number":
            raise Skip("cells are read in more spellings, see symbols.toml and bad_inputs.toml")
        raised(case | {"want": plain(case.get("want", 0))}, lambda: figure(text))


def period_of(text: str) -> str:
    """The period of a table without a column for it."""
    frame = {"area": ["140728"], "projects": [60]}
    table = zb.compute(frame, "projects.total", period=text, catalog=TOTAL)
    told: str = table.to_polars()["period"].item()
    return told


TOTAL = zb.Catalog.builtin().extend(
    zb.Catalog.from_toml("""
[indicators."projects.total"]
name = { zh = "项目数" }
kind = "total"
measure = "projects"
unit = "项"
decimals = 0
"""),
)


def figure(text: str) -> str:
    """A figure as a table has it: an amount of yuan, of which a total is told."""
    scale = len(text.strip().partition(".")[2])
    mine = amounts("t", "unit = 'yuan'", min(scale, 9)) + total("t", "元")
    table = zb.compute({"area": ["140728"], "t": [text]}, "t.total", catalog=extended(mine))
    if table.findings:
        raise table.findings[0]
    return plain(table.to_polars()["numerator"].item())


def plain(value: object) -> str:
    """A number without the zeros behind its last digit."""
    return f"{Context(prec=40).normalize(Decimal(str(value))):f}"


def amounts(id: str, unit: str, scale: int) -> str:
    """A measure in TOML."""
    return f"""
[measures.{id}]
name = {{ zh = "数{id}" }}
kind = "amount"
scale = {scale}
{unit}
"""


def total(id: str, unit: str) -> str:
    """The total of a measure in TOML."""
    return f"""
[indicators."{id}.total"]
name = {{ zh = "数{id}合计" }}
kind = "total"
measure = "{id}"
unit = "{unit}"
decimals = 0
"""


def extended(toml: str) -> zb.Catalog:
    """The built-in catalogue with more."""
    return zb.Catalog.builtin().extend(zb.Catalog.from_toml(toml))


def raised(case: Case, ask: Callable[[], Any]) -> None:
    """What comes out is the text that is wanted, or an error of the code."""
    if "fails" in case:
        with pytest.raises(zb.ZhibiaoError) as caught:
            ask()
        assert caught.value.code == case["fails"]
    else:
        assert str(ask()) == case["want"]


def compare(frame: pl.DataFrame, wanted: list[Case], *, some: bool = False) -> None:
    """Columns that are named have the text that is named; with `some` in any row."""
    assert some or frame.height == len(wanted), frame
    names = dict.fromkeys(name for want in wanted for name in want)
    texts = frame.select(pl.col(name).cast(pl.String).fill_null("") for name in names)
    rows = texts.to_dicts()
    for index, want in enumerate(wanted):
        expected = {name: text_of(value) for name, value in want.items()}
        held = rows if some else rows[index : index + 1]
        found = [{name: row[name] for name in expected} for row in held]
        assert expected in found, f"row {index}\n{frame}"


def text_of(value: object) -> str:
    """A value of TOML as its text."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def cases_of(file: str) -> list[Case]:
    """The cases of a file."""
    cases: list[Case] = tomllib.loads((CASES / f"{file}.toml").read_text("utf-8"))["case"]
    return cases


LARGEST_SCALE = 18
UNITS = {1: "1", 100: "%", 1000: "‰"}


def answer_of_rounding(case: Case) -> None:
    """A ratio of two amounts, printed."""
    parts = (case["num"], case.get("den", "1"))
    if "factor" in case and any(part.startswith("-") for part in parts):
        raise Skip("a rate of what is negative does not apply")
    scale = max(len(part.partition(".")[2]) for part in parts)
    if scale > LARGEST_SCALE:
        raise Skip("a measure has at most 18 decimals")
    if case.get("fails") == "overflow" and case.get("factor"):
        raise Skip("a percentage of 40 digits is not rounded on its way to Python")
    unit = UNITS[case.get("factor", 1)]
    catalog = extended(
        amounts("n", "unit = 'yuan'", scale)
        + amounts("d", "unit = 'yuan'", scale)
        + f"""
[indicators."n.d"]
name = {{ zh = "比" }}
kind = "rate"
numerator = "n"
denominator = "d"
unit = "{unit}"
decimals = {case["decimals"]}
"""
    )
    frame = {"area": ["140728"], "n": [case["num"]], "d": [case.get("den", "1")]}
    rounding = {"rounding": case.get("mode", "half-away"), "guard": case.get("guard", False)}

    def ask() -> str:
        table = zb.compute(frame, "n.d", catalog=catalog, **rounding)
        for found in table.findings:
            raise found
        row = table.to_polars().row(0, named=True)
        return str(row["display"] or row["status"].replace("_", "-"))

    if case.get("fails") == "zero-denominator":
        assert ask() == case["fails"]
    else:
        raised(case, ask)


def answer_of_unit(case: Case) -> None:
    """A figure under a header with its unit."""
    if case.get("fails") == "unknown-unit" and case["to"] == "人":
        raise Skip("a header in other brackets is the header of another column")

    def ask() -> str:
        catalog = extended(amounts("t", f"unit = '{case['to']}'", 6) + total("t", case["to"]))
        frame = {"area": ["140728"], f"t({case['from']})": [case["figure"]]}
        table = zb.compute(frame, "t.total", catalog=catalog)
        return plain(table.to_polars()["numerator"].item())

    raised(case | {"want": plain(case.get("want", 0))}, ask)


def answer_of_bounds(case: Case) -> None:
    """A figure that is reported, held against a threshold."""
    catalog = extended(
        amounts("n", "unit = 'yuan'", 2)
        + amounts("d", "unit = 'yuan'", 2)
        + f"""
[indicators."n.d"]
name = {{ zh = "比" }}
kind = "rate"
numerator = "n"
denominator = "d"
unit = "1"
decimals = 1
[standards.s]
name = {{ zh = "标准" }}
[[standards.s.criteria]]
indicator = "n.d"
{case["comparison"]} = "{case["threshold"]}"
"""
    )
    if case["known"] == "and_more":
        raise Skip("no figure in a table says 余")
    frame = {"area": ["140728"], "measure": ["n.d"], "value": [case["figure"]]}
    verdicts = zb.judge(frame, "s", catalog=catalog)
    verdict = {"true": "meets", "false": "fails"}.get(case["want"], case["want"])
    assert verdicts.verdict == verdict


RUNNERS: dict[str, Callable[[Case], None]] = dict.fromkeys(
    (
        "shares",
        "rollup",
        "trees",
        "missing",
        "binding",
        "reported",
        "symbols",
        "harmonise",
        "adding_up",
        "verdicts",
        "standards",
        "pingyao",
        "kinds",
        "time",
        "catalogue",
        "totals",
    ),
    answer_of_table,
) | {
    "check": answer_of_check,
    "targets": answer_of_targets,
    "texts": answer_of_text,
    "rounding": answer_of_rounding,
    "units": answer_of_unit,
    "bounds": answer_of_bounds,
}

# Files with a test of their own, which counts them.
ELSEWHERE = {
    "areas_history",
    "bad_inputs",
    "blocks",
    "comparing",
    "mapping",
    "prose",
    "quantities",
    "score",
    "stat",
}

# Cases that run, and cases that are skipped.
COUNTS = {
    "shares": (45, 0),
    "rollup": (47, 0),
    "trees": (45, 0),
    "missing": (30, 0),
    "binding": (74, 0),
    "reported": (24, 0),
    "symbols": (19, 0),
    "harmonise": (37, 0),
    "adding_up": (15, 0),
    "verdicts": (32, 0),
    "standards": (57, 0),
    "pingyao": (16, 0),
    "kinds": (257, 0),
    "time": (93, 0),
    "catalogue": (22, 0),
    "totals": (31, 0),
    "targets": (55, 0),
    "check": (59, 0),
    "texts": (87, 49),
    "rounding": (101, 8),
    "units": (34, 3),
    "bounds": (25, 16),
    # Parts are rounded so that they add up by `adding_up`, of which adding_up.toml has the cases.
    "apportion": (0, 29),
}


@pytest.mark.parametrize(
    ("file", "case"),
    [
        pytest.param(file, case, id=f"{file}-{case['name']}")
        for file in RUNNERS
        for case in cases_of(file)
    ],
)
def test_a_known_answer_is_given(file: str, case: Case) -> None:
    try:
        RUNNERS[file](case)
    except Skip as reason:
        pytest.skip(str(reason))


def test_no_case_is_lost_and_most_run() -> None:
    counted = {}
    for path in CASES.glob("*.toml"):
        if path.stem in ELSEWHERE:
            continue
        cases = cases_of(path.stem)
        skipped = sum(is_skipped(path.stem, case) for case in cases)
        counted[path.stem] = (len(cases) - skipped, skipped)
    assert counted == COUNTS
    run, skipped = map(sum, zip(*counted.values(), strict=True))
    assert run > 10 * skipped


def is_skipped(file: str, case: Case) -> bool:
    """Whether a case has no way to be asked."""
    if file not in RUNNERS:
        return True
    try:
        RUNNERS[file](case)
    except Skip:
        return True
    except (AssertionError, pytest.fail.Exception, zb.ZhibiaoError):
        return False
    return False


@pytest.mark.parametrize(
    "case",
    [
        pytest.param(case, id=case["name"])
        for file in RUNNERS
        for case in cases_of(file)
        if file == "verdicts" and "fails" not in case and "stage" not in case["table"]
    ],
)
def test_judging_a_table_is_judging_what_is_computed_of_it(case: Case) -> None:
    options = {name: case[name] for name in OPTIONS if name in case} | worlds(case)
    catalog = options.get("catalog") or zb.Catalog.builtin()
    wanted = [rule.indicator for rule in catalog.standard(case["standard"]).criteria]
    options["skip_unavailable"] = True
    table = zb.compute(text_table(case["table"]), list(dict.fromkeys(wanted)), **options)
    verdicts = table.judge(case["standard"])
    compare(verdicts.to_polars(), case["want"], some=case.get("some", False))
