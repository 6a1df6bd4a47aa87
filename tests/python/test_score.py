"""Evaluation systems from Python: the known answers that Rust is asked, and how they show."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import zhibiao as zb
from conftest import CASES, text_table
from test_cases import compare

Case = dict[str, Any]

CASES_THERE_ARE = 33

# Directions of the totals that the cases score.
BETTER = {
    letter: f'better = "{word}"'
    for letter, word in [
        ("a", "higher"),
        ("b", "higher"),
        ("c", "lower"),
        ("e", "none"),
        ("f", "none"),
    ]
} | {"d": 'better = "nearer"\ngoal = "10"'}
SCHEME = """
id = "projects"
name = { zh = "项目评价", en = "Projects" }
total = "100"
missing = "renormalize"
grades = [
  { id = "good", name = { zh = "良好" }, at_least = "80" },
  { id = "rest", name = { zh = "一般" } },
]
items = [
  { indicator = "projects.completion", weight = "60", relative = "min_max" },
  { indicator = "projects.done", weight = "40", linear = { from = "0", to = "40" } },
]
"""


def known() -> list[Case]:
    cases: list[Case] = tomllib.loads((CASES / "score.toml").read_text("utf-8"))["case"]
    return cases


@pytest.fixture(scope="module")
def scheme() -> zb.Scheme:
    return zb.Scheme.from_toml(SCHEME)


@pytest.fixture(scope="module")
def counties(scheme: zb.Scheme) -> zb.IndicatorTable:
    frame = {
        "area": ["140703", "140728", "140729"],
        "projects": [60, 60, 40],
        "projects_done": [30, 52, 40],
    }
    return zb.compute(frame, scheme.indicators)


def test_scores_are_exact_and_add_up(counties: zb.IndicatorTable, scheme: zb.Scheme) -> None:
    scores = counties.score(scheme).to_polars()
    totals = scores.filter(pl.col("level") == 0)
    assert totals["score_display"].to_list() == ["30.00", "84.00", "100.00"]
    assert totals["grade"].to_list() == ["rest", "good", "good"]
    assert totals["rank"].to_list() == [3, 2, 1]
    parts = scores.filter(pl.col("level") == 1).group_by("area").agg(pl.col("contribution").sum())
    joined = totals.join(parts, on="area", suffix="_parts")
    assert (joined["score"] - joined["contribution_parts"]).abs().max() < 1e-12


def test_what_if_and_sensitivity(counties: zb.IndicatorTable, scheme: zb.Scheme) -> None:
    without = counties.without_each(scheme).to_polars()
    row = without.filter(
        (pl.col("area") == "140728") & (pl.col("indicator") == "projects.completion")
    )
    assert row.select("total", "rank", "places").row(0) == (100.0, 1, 1)
    one = counties.sensitivity(scheme, draws=200, seed=7)
    assert one.to_polars().equals(counties.sensitivity(scheme, draws=200, seed=7).to_polars())
    other = counties.sensitivity(scheme, draws=200, seed=8, weights=0.9)
    assert not one.to_polars().equals(other.to_polars())
    still = counties.sensitivity(scheme, draws=5, weights=0).to_polars()
    assert (still["best"] == still["rank"]).all()
    assert (still["worst"] == still["rank"]).all()
    assert set(still["same_grade"]) == {1.0}


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_scores_show_themselves(scheme: zb.Scheme, lang: zb.language.Lang) -> None:
    frame = {"area": ["140728"], "projects": [60], "projects_done": [52]}
    table = zb.compute(frame, scheme.indicators, lang=lang)
    answers = (table.score(scheme), table.without_each(scheme), table.sensitivity(scheme, draws=3))
    for answer in answers:
        assert answer.lang == lang
        assert "平遥县" in repr(answer)
        assert "平遥县" in answer.to_html(page=True)
        assert "平遥县" in answer.to_markdown()
        assert pl.DataFrame(answer).height == len(answer)


def test_a_scheme_tells_what_it_asks_for(scheme: zb.Scheme, tmp_path: Path) -> None:
    assert scheme.indicators == ["projects.completion", "projects.done"]
    nodes = scheme.to_polars()
    assert nodes.select("node", "level", "weight").rows() == [
        ("projects", 0, 100.0),
        ("projects.completion", 1, 60.0),
        ("projects.done", 1, 40.0),
    ]
    assert scheme.name in repr(scheme)
    path = tmp_path / "scheme.toml"
    path.write_text(SCHEME, encoding="utf-8")
    assert zb.Scheme.load(path).id == scheme.id


@pytest.mark.parametrize(
    "ask",
    [
        lambda table, _: table.score("scheme.toml"),
        lambda table, scheme: table.sensitivity(scheme, draws=0),
        lambda table, scheme: table.sensitivity(scheme, draws=-1),
        lambda table, scheme: table.sensitivity(scheme, seed=True),
        lambda table, scheme: table.sensitivity(scheme, weights=1),
        lambda table, scheme: table.sensitivity(scheme, aggregates=["mean"]),
        lambda table, scheme: table.sensitivity(scheme, relatives=["z-score"]),
        lambda table, scheme: table.sensitivity(scheme, missing=["drop"]),
    ],
)
def test_what_cannot_be_is_refused(
    counties: zb.IndicatorTable, scheme: zb.Scheme, ask: Any
) -> None:
    with pytest.raises(zb.RequestError) as caught:
        ask(counties, scheme)
    assert caught.value.code == "bad-option"


def catalog_of_letters() -> str:
    """Totals of measures named by letters, as the Rust cases have them."""
    lines = []
    for letter, better in BETTER.items():
        lines.append(
            f'[measures.{letter}]\nname = {{ zh = "数{letter}" }}\nunit = "1"\nkind = "amount"\n'
            f'scale = 4\nover_areas = "none"\n[indicators."t.{letter}"]\n'
            f'name = {{ zh = "指标{letter}" }}\nkind = "total"\nmeasure = "{letter}"\n'
            f"decimals = 2\n{better}\n"
        )
    return "".join(lines)


@pytest.mark.parametrize("case", [pytest.param(case, id=case["name"]) for case in known()])
def test_a_known_answer_is_given(case: Case) -> None:
    catalog = zb.Catalog.builtin().extend(zb.Catalog.from_toml(catalog_of_letters()))
    if "catalog" in case:
        catalog = catalog.extend(zb.Catalog.from_toml(case["catalog"]))
    if "told" in case:
        with pytest.raises(zb.ZhibiaoError) as caught:
            zb.Scheme.from_toml(case["scheme"], name="case.toml", catalog=catalog)
        told = [caught.value, *caught.value.others]
        assert [error.code for error in told] == [line.split()[-1] for line in case["told"]]
        return
    scheme = zb.Scheme.from_toml(case["scheme"], name="case.toml", catalog=catalog)
    areas = zb.Areas.parse(case.get("areas", "code,parent\nA,\nB,\nC,\nD,\nE,\nF,\n"))
    asked = case.get("indicators", scheme.indicators)
    table = zb.compute(text_table(case["table"]), asked, catalog=catalog, areas=areas)
    ask = table.without_each if case.get("without") else table.score
    if "fails" in case:
        with pytest.raises(zb.ZhibiaoError) as caught:
            ask(scheme)
        assert caught.value.code == case["fails"]
        return
    compare(ask(scheme).to_polars(), case["want"], some=case.get("some", False))


def test_no_known_answer_is_lost() -> None:
    assert len(known()) == CASES_THERE_ARE
