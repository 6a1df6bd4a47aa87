"""Every public name says what it is, and does what it says."""

from __future__ import annotations

import doctest
import importlib
import inspect
import pkgutil
import pydoc
import subprocess
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import zhibiao as zb
import zhibiao.polars
from conftest import PINGYAO, shared

PUBLIC = "preschool.public_share"
COUNTIES = {
    "area": ["140728", "140729", "140728", "140729"],
    "period": [2021, 2021, 2022, 2022],
    "children": [100, 200, 100, None],
    "children_public": [40, 150, 49, 150],
}
MODULES = [
    name
    for _, name, _ in pkgutil.walk_packages(zb.__path__, "zhibiao.")
    if not name.endswith("_native")
]


@pytest.fixture
def table() -> zb.IndicatorTable:
    return zb.compute(COUNTIES, PUBLIC, tiers=["county", "prefecture"], coverage="given")


def public() -> list[tuple[str, Any]]:
    """Every public name, and every public attribute of a class, that can have a docstring."""
    found = []
    for name in zb.__all__:
        thing = getattr(zb, name)
        found.append((name, thing))
        if inspect.isclass(thing) and name != "Options":
            members = inspect.getmembers(thing, lambda it: callable(it) or isinstance(it, property))
            own = [
                (attribute, member)
                for attribute, member in inspect.getmembers_static(thing)
                if not attribute.startswith("_")
                and any(attribute in vars(base) for base in thing.__mro__ if of_zhibiao(base))
                and (attribute, member) is not None
            ]
            assert members
            found += [(f"{name}.{attribute}", member) for attribute, member in own]
    return found


def of_zhibiao(base: type) -> bool:
    """Whether a class is of the package."""
    return base.__module__.partition(".")[0] == "zhibiao"


SLOTS = ("member_descriptor", "getset_descriptor")
DOCUMENTED = [(name, thing) for name, thing in public() if type(thing).__name__ not in SLOTS]


@pytest.mark.parametrize(("name", "thing"), DOCUMENTED, ids=[name for name, _ in DOCUMENTED])
def test_it_says_what_it_is(name: str, thing: Any) -> None:
    thing = thing.__func__ if isinstance(thing, (classmethod, staticmethod)) else thing
    assert inspect.getdoc(thing), name
    assert len(inspect.getdoc(thing) or "") > 12


@pytest.mark.parametrize("name", ["Indicator", "Measure", "Dimension", "Criterion", "Standard"])
def test_every_attribute_of_a_record_is_told(name: str) -> None:
    record = getattr(zb, name)
    told = (record.__doc__ or "").partition("Attributes:")[2]
    assert all(f"{field}:" in told for field in record.__dataclass_fields__)


@pytest.mark.parametrize("name", zb.__all__)
def test_it_is_of_zhibiao(name: str) -> None:
    assert getattr(zb, name).__module__ == "zhibiao"


def test_all_is_sorted_and_complete() -> None:
    assert sorted(zb.__all__) == zb.__all__
    assert set(dir(zb)) >= set(zb.__all__)
    names = {
        name
        for name, thing in vars(zb).items()
        if not name.startswith("_") and (thing is zb.stat or not inspect.ismodule(thing))
    }
    assert names - {"annotations"} == set(zb.__all__)


def test_options_of_questions_are_keyword_only() -> None:
    free = {"compute": ["frame", "indicators"], "check": ["frame"], "list": ["words"]}
    for name, wanted in free.items():
        parameters = inspect.signature(getattr(zb, name)).parameters.values()
        assert [it.name for it in parameters if it.kind is it.POSITIONAL_OR_KEYWORD] == wanted
    judge = inspect.signature(zb.judge).parameters
    assert list(judge) == ["frame", "standard", "indicators", "beside", "options"]


def test_the_options_of_judge_are_those_of_compute() -> None:
    parameters = inspect.signature(zb.compute).parameters
    options = [it.name for it in parameters.values() if it.kind is it.KEYWORD_ONLY]
    assert options == list(zb.Options.__annotations__)


@pytest.mark.parametrize(
    "method",
    [
        zb.IndicatorTable.filter,
        zb.IndicatorTable.wide,
        zb.IndicatorTable.to_html,
        zb.IndicatorTable.write,
        zb.Catalog.indicator,
        zb.Catalog.measure,
        zb.Catalog.dimension,
        zb.Catalog.standard,
        zb.Catalog.explain,
        zb.Catalog.search,
        zb.Catalog.from_toml,
        zb.Areas.name,
        zb.Areas.parse,
    ],
    ids=lambda it: it.__qualname__,
)
def test_options_of_methods_are_keyword_only(method: Any) -> None:
    parameters = [it for it in inspect.signature(method).parameters.values() if it.name != "self"]
    optional = [it for it in parameters if it.default is not it.empty]
    assert optional
    assert all(it.kind is it.KEYWORD_ONLY for it in optional)


def test_help_tells_all_options() -> None:
    text = pydoc.plain(pydoc.render_doc(zb.compute))
    for name in inspect.signature(zb.compute).parameters:
        assert f"{name}: " in text.partition("Args:")[2], name
    for section in ("Args:", "Returns:", "Raises:", "Example:"):
        assert section in text


@pytest.mark.parametrize("name", ["zhibiao", *MODULES])
def test_examples_of_docstrings_run(name: str) -> None:
    failed, _ = doctest.testmod(importlib.import_module(name))
    assert failed == 0


def test_docstrings_have_examples() -> None:
    tried = [
        doctest.DocTestFinder().find(importlib.import_module(name))
        for name in ["zhibiao", *MODULES]
    ]
    assert sum(bool(test.examples) for tests in tried for test in tests) >= 12


def test_the_language_is_that_of_names_and_labels(table: zb.IndicatorTable) -> None:
    assert zb.get_lang() == table.lang == "zh"
    assert table.to_polars()["area_name"].to_list()[-1] == "平遥县" or "平遥县" in repr(table)
    zb.set_lang("en")
    assert zb.get_lang() == "en"
    assert table.lang == "zh", "an answer keeps its language"
    assert zb.compute(COUNTIES, PUBLIC).lang == "en"
    assert zb.compute(COUNTIES, PUBLIC, lang="zh").lang == "zh"
    assert zb.list("公办园幼儿占比")[0].name == "Share of children in public kindergartens"
    assert zb.Catalog.builtin().indicator(PUBLIC, lang="zh").name == "公办园在园幼儿占比"
    with pytest.raises(zb.RequestError):
        zb.set_lang("fr")  # type: ignore[arg-type]
    assert zb.get_lang() == "en"


def test_a_table_is_read_as_frame_text_and_html(table: zb.IndicatorTable) -> None:
    frame = table.to_polars()
    assert len(table) == frame.height == 6
    assert frame.columns == [
        *("area", "area_name", "tier", "period", "indicator", "numerator", "denominator"),
        *("value", "display", "unit", "status", "missing", "areas", "areas_expected"),
    ]
    assert frame["status"].to_list() == ["ok", "ok", "ok", "missing", "partial", "missing"]
    assert "平遥县" in repr(table)
    assert table.to_markdown().startswith("|")
    assert "<table" in table.to_html()
    assert "平遥县" in table._repr_html_()
    assert table.to_pandas().shape == frame.shape
    assert table.to_arrow().num_rows == frame.height
    assert table.findings == ()


def test_html_has_as_many_rows_as_are_wanted() -> None:
    areas = zb.Areas.builtin()
    codes = [code for code in areas.codes() if areas.tier(code) == "county"][:500]
    frame = {"area": codes, "children": [10] * 500, "children_public": [5] * 500}
    table = zb.compute(frame, PUBLIC)
    assert table.to_html().count("<tr") > 500
    assert table.to_html(rows=10).count("<tr") < 20
    assert table._repr_html_().count("<tr") < 80
    assert len(repr(table).splitlines()) < 80


def test_html_escapes_what_comes_from_the_table() -> None:
    areas = zb.Areas.parse("code,parent,name\nA,,<script>alert(1)</script>\n")
    frame = {"area": ["A"], "children": [10], "children_public": [5]}
    html = zb.compute(frame, PUBLIC, areas=areas).to_html()
    assert "<script>alert" not in html
    assert "&lt;script&gt;" in html


def test_a_table_is_filtered(table: zb.IndicatorTable) -> None:
    assert len(table.filter(area="平遥县")) == 2
    assert len(table.filter(area="140728", period=2022)) == 1
    assert len(table.filter(within="140700")) == 6
    assert len(table.filter(tier="county", period=["2021", 2022])) == 4
    assert len(table.filter(indicator=PUBLIC)) == 6
    assert len(table.filter(indicator="公办园在园幼儿占比")) == 6
    assert len(table.filter()) == 6
    for wrong in ({"area": "110000"}, {"tier": "nation"}, {"period": 1999}):
        with pytest.raises(zb.RequestError) as caught:
            table.filter(**wrong)  # type: ignore[arg-type]
        assert caught.value.code == "bad-option"
    with pytest.raises(TypeError):
        table.filter("140728")  # type: ignore[misc]


def test_a_table_is_judged_and_explained(table: zb.IndicatorTable) -> None:
    verdicts = table.filter(tier="county").judge("preschool-2020")
    assert isinstance(verdicts, zb.VerdictTable)
    assert verdicts.standard.id == "preschool-2020"
    assert sum(verdicts.summary.values()) == len(verdicts)
    assert set(verdicts.summary) == {"meets", "fails", "unknown", "not_applicable"}
    assert verdicts.verdict == "fails"
    assert PUBLIC in [indicator.id for indicator in verdicts.indicators]
    one = table.filter(area="140728", period=2022)
    assert len(str(one.explain())) > len(str(table.explain()))
    assert table.explain(PUBLIC).sections == table.explain().sections
    assert "公办园在园幼儿占比" in table.explain()._repr_html_()
    assert dict(iter(table.explain()))
    assert repr(table.explain()) == str(table.explain())


def test_a_table_is_made_wide() -> None:
    frame = COUNTIES | {"kindergarten_teachers": [10, 20, 10, 10]}
    order = ["preschool.pupil_teacher_ratio", PUBLIC]
    table = zb.compute(frame, order)
    assert [indicator.id for indicator in table.indicators] == order
    wide = table.wide()
    assert wide.columns == ["area", "area_name", "tier", "period", *order]
    assert wide.height == 4
    assert table.wide(values="status")[PUBLIC].to_list().count("missing") == 1
    assert table.wide(values="display", names=True).columns[-1] == "公办园在园幼儿占比"


def test_options_may_be_one_or_many() -> None:
    one = zb.compute(COUNTIES, PUBLIC, tiers="county", periods=2022)
    many = zb.compute(
        COUNTIES, [zb.list("公办园幼儿占比")[0]], tiers=iter(["county"]), periods=["2022"]
    )
    assert one.to_polars().equals(many.to_polars())
    assert zb.compute(COUNTIES, PUBLIC, policy=0.5).to_polars().height == 4
    assert zb.compute(COUNTIES, PUBLIC, policy=Decimal("0.5")).to_polars().height == 4


def test_a_list_is_a_sequence_and_a_table() -> None:
    found = zb.list("公办园幼儿占比")
    assert isinstance(found, zb.IndicatorList)
    assert found[0].id == PUBLIC
    assert found[:1][0] == found[0]
    assert found[-1] == found[len(found) - 1]
    assert list(found)
    assert found[0] in found
    assert found.to_polars().height == len(found)
    assert PUBLIC in repr(found)
    assert PUBLIC in found._repr_html_()
    assert zb.list("no such words").to_polars().height == 0
    assert len(zb.list()) == len(zb.Catalog.builtin().indicators)
    with pytest.raises(IndexError):
        found[10_000]


def test_a_catalogue_tells_all_it_has() -> None:
    catalog = zb.Catalog.builtin()
    assert len(list(catalog)) == len(catalog.indicators) > 50
    assert catalog.measure("children").unit
    assert catalog.measure("在园幼儿数").id == "children"
    assert "public" in catalog.dimension("ownership").values
    assert all(catalog.standard(standard.id) == standard for standard in catalog.standards)
    assert all(catalog.measure(measure.id) == measure for measure in catalog.measures)
    assert all(catalog.dimension(split.id) == split for split in catalog.dimensions)
    assert all(catalog.indicator(indicator.id) == indicator for indicator in catalog)
    assert all(catalog.explain(indicator.id, lang="en") for indicator in catalog)
    assert len(catalog.definition_hash(PUBLIC)) == 64
    assert catalog.schema()["$schema"]
    assert catalog.search("share public", lang="en")[0].id == PUBLIC
    assert "indicators" in repr(catalog)
    assert PUBLIC in catalog._repr_html_()
    assert zb.Catalog.of(None).definition_hash(PUBLIC) == catalog.definition_hash(PUBLIC)
    assert zb.Catalog.of(catalog) is catalog
    (rule,) = [it for it in catalog.standard("preschool-2020").criteria if it.name == PUBLIC]
    assert rule.thresholds == (("≥", Decimal(50)),)
    with pytest.raises(AttributeError):
        rule.name = "other"  # type: ignore[misc]


def test_a_catalogue_is_read_from_a_file_and_a_folder(tmp_path: Path) -> None:
    toml = '[indicators."x.y"]\nname = { zh = "某数" }\nkind = "total"\nmeasure = "children"\nunit = "人"\ndecimals = 0\n'  # noqa: E501
    (tmp_path / "mine.toml").write_text(toml, "utf-8")
    for place in (tmp_path, tmp_path / "mine.toml", str(tmp_path / "mine.toml")):
        catalog = zb.Catalog.builtin().extend(zb.Catalog.load(place))
        assert zb.compute(COUNTIES, "x.y", catalog=catalog).indicators[0].name == "某数"
        assert "mine.toml" in repr(catalog)


def test_areas_are_found(tmp_path: Path) -> None:
    areas = zb.Areas.builtin()
    assert len(areas) == len(areas.codes()) > 3000
    assert areas.in_force[:4].isdigit()
    assert areas.code("平遥县") == "140728"
    assert (areas.name("140728"), areas.name("140728", lang="en")) == ("平遥县", "平遥县")
    assert (areas.tier("140728"), areas.tier("140799")) == ("county", "county")
    assert areas.parent("140728") == "140700"
    assert areas.parent("CN") is None
    assert "140728" in areas.children("140700")
    assert areas.is_within("140728", "140000")
    assert not areas.is_within("140000", "140728")
    assert areas.search("1407 县")["140728"] == "平遥县"
    assert str(len(areas)) in repr(areas)
    (tmp_path / "tree.csv").write_text("code,parent,name\nS,,山\nD,S,东\n", "utf-8")
    tree = zb.Areas.load(tmp_path / "tree.csv")
    assert (tree.codes(), tree.parent("D"), tree.name("D")) == (["D", "S"], "S", "东")


def test_a_check_is_a_table() -> None:
    found = zb.check({"area": ["140728"], "teachers": [40], "teachers_pe": [41]})
    assert isinstance(found, zb.FindingTable)
    assert found.to_polars().columns == [
        *("severity", "code", "area", "area_name", "period", "measure", "value", "other"),
        *("file", "sheet", "row", "column", "message", "remedy"),
    ]
    assert "part-exceeds-whole" in repr(found)
    assert "part-exceeds-whole" in found.to_html()
    assert len(zb.check(COUNTIES)) == 0


def test_polars_frames_have_the_namespace() -> None:
    frame = pl.DataFrame(COUNTIES)
    wanted = zb.compute(frame, PUBLIC, tiers="county").to_polars()
    for given in (frame, frame.lazy()):
        assert given.zb.compute(PUBLIC, tiers="county").to_polars().equals(wanted)  # type: ignore[union-attr]
        assert len(given.zb.judge("preschool-2020", PUBLIC)) == 4  # type: ignore[union-attr]
        assert len(given.zb.check()) == 0  # type: ignore[union-attr]


def test_indicators_can_be_plotted(table: zb.IndicatorTable) -> None:
    pytest.importorskip("altair")
    assert inspect.getdoc(type(table.plot))
    assert inspect.getdoc(type(table.judge("preschool-2020").plot))
    assert [name for name in dir(table.plot) if not name.startswith("_")]


def test_a_plot_without_altair_tells_how_to_get_it() -> None:
    script = (
        "import sys; sys.modules['altair'] = None\nimport zhibiao as zb\n"
        f"table = zb.compute({COUNTIES!r}, {PUBLIC!r})\n"
        "try:\n    table.plot.rank()\nexcept ImportError as error:\n    print(error)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        check=False,
        env={"PYTHONPATH": ":".join(filter(None, sys.path))},
    )
    assert "zhibiao[plot]" in done.stdout, done.stderr


def test_the_figures_of_pingyao_are_computed() -> None:
    table = zb.compute(PINGYAO, ["projects.completion", "aid.per_recipient"])
    assert table.to_polars()["display"].to_list() == ["86.7", "1231.18"]


def test_shared_tables_are_checked() -> None:
    refused = []
    for path in sorted(shared(".").rglob("*.csv"))[:20]:
        try:
            zb.check(path)
        except zb.ZhibiaoError as error:
            refused.append(error)
    assert all(error.remedy for error in refused)
