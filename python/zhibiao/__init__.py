"""Education indicators (教育指标) from tables of counts and money, exact to the printed digit.

Five lines from a table to verdicts and pictures::

    import zhibiao as zb
    table = zb.compute("counties.csv", ["preschool.public_share"], tiers=["county", "province"])
    table                                       # a table to read, in a notebook
    table.judge("preschool-2020")               # held against the national standard
    table.plot.rank(highlight="140728")         # ordered, with the threshold

What is counted and what is derived is said by a catalogue, see :class:`Catalog` and :func:`list`.
Rates of larger areas are ratios of sums, never means of rates; a value that does not exist is null
with a status that says why; digits are rounded once, from the exact value.
"""

from __future__ import annotations

from atexit import register as _register
from typing import get_type_hints as _get_type_hints

from zhibiao import _native, stat
from zhibiao.areas import Areas, Change, Named, Translated, Translation, translate
from zhibiao.catalog import (
    Catalog,
    Criterion,
    Dimension,
    Indicator,
    IndicatorList,
    Measure,
    Rule,
    Standard,
)
from zhibiao.catalog import list_indicators as list  # noqa: A004
from zhibiao.comparison import ComparisonTable, Neighbors
from zhibiao.compute import attain, check, compute, judge
from zhibiao.errors import (
    AreaError,
    CatalogError,
    CheckError,
    ForkedProcessError,
    InternalError,
    NumberError,
    RequestError,
    TableError,
    UnitError,
    ZhibiaoError,
)
from zhibiao.explanation import Explanation
from zhibiao.files import propose_mapping, read_table
from zhibiao.frames import SourceTable
from zhibiao.language import get_lang, set_lang
from zhibiao.options import Options
from zhibiao.prose import ReportReading, read_report
from zhibiao.quantity import Quantity, numerator_of, quantity
from zhibiao.score import Scheme, ScoreTable
from zhibiao.states import Plan, States, merge, plan, states
from zhibiao.tables import AttainmentTable, FindingTable, IndicatorTable, VerdictTable
from zhibiao.warehouse import Warehouse, sql

__all__ = [
    "AreaError",
    "Areas",
    "AttainmentTable",
    "Catalog",
    "CatalogError",
    "Change",
    "CheckError",
    "ComparisonTable",
    "Criterion",
    "Dimension",
    "Explanation",
    "FindingTable",
    "ForkedProcessError",
    "Indicator",
    "IndicatorList",
    "IndicatorTable",
    "InternalError",
    "Measure",
    "Named",
    "Neighbors",
    "NumberError",
    "Options",
    "Plan",
    "Quantity",
    "ReportReading",
    "RequestError",
    "Rule",
    "Scheme",
    "ScoreTable",
    "SourceTable",
    "Standard",
    "States",
    "TableError",
    "Translated",
    "Translation",
    "UnitError",
    "VerdictTable",
    "Warehouse",
    "ZhibiaoError",
    "attain",
    "check",
    "compute",
    "get_lang",
    "judge",
    "list",
    "merge",
    "numerator_of",
    "plan",
    "propose_mapping",
    "quantity",
    "read_report",
    "read_table",
    "set_lang",
    "sql",
    "stat",
    "states",
    "translate",
]

for _name in __all__:
    # What users meet, in messages and in help, is called by the name that they import it by. Types
    # of attributes are looked up before, where they were written.
    _object = globals()[_name]
    if isinstance(_object, type) and "__annotations__" in vars(_object):
        _object.__annotations__ = _get_type_hints(_object)
    _object.__module__, _object.__name__, _object.__qualname__ = __name__, _name, _name
del _name, _object

# Cancelled work may still read a stream of Python.
_register(_native.wait)
