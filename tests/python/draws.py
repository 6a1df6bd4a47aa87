"""Random catalogues, tables and questions: what engines are held against each other on."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from random import Random
from typing import Any

import polars as pl

DIMENSIONS = """
[dimensions.t_owner]
name = { zh = "甲分组" }
values.one = { zh = "一类", aliases = ["I'类", "壹\\\\类"] }
values.two = { zh = "二类", aliases = ["Ⅱ"] }
values.all = { zh = "三类" }
[dimensions.t_stage]
name = { zh = "乙分组" }
values.low = { zh = "低" }
values.high = { zh = "高" }
"""
VALUES = {"t_owner": ["one", "two", "all"], "t_stage": ["low", "high"]}
SPELLINGS = {
    "t_owner": ["one", "一类", "I'类", "壹\\类", "two", "二类", "Ⅱ", "all", "三类"],
    "t_stage": ["low", "低", "high", "高"],
}
ODD = [" 一类", "二类\u3000", "合计", "合 计", "TOTAL", "混合", "", " ", "x'y\\z\"`"]
AREAS = ["140728", "140729", "140702", "110101", "140700"]
ODD_AREAS = ["999999", "14", " 140728", "全县", ""]


@dataclass
class Draw:
    """One draw: a catalogue, a table and a question."""

    catalog: str
    frame: pl.DataFrame
    indicators: list[str]
    options: dict[str, Any] = field(default_factory=dict)


def draw(seed: int) -> Draw:
    """The draw of a seed: the same on every machine."""
    rng = Random(seed)
    catalog, measures, indicators = _catalogue(rng)
    records = rng.random() < 0.6
    frame = _table(rng, measures, records=records)
    options: dict[str, Any] = {"records": records, "skip_unavailable": True}
    dimensions = [name for name in VALUES if name in frame.columns]
    if dimensions and rng.random() < 0.5:
        options["slices"] = rng.sample(dimensions, rng.randint(1, len(dimensions)))
        options["totals"] = rng.random() < 0.3
    options["policy"] = rng.choice(["any", "any", "complete", "0.5"])
    options["coverage"] = rng.choice(["full", "given"])
    if rng.random() < 0.5:
        tiers = ["county", "prefecture", "province", "nation"]
        options["tiers"] = rng.sample(tiers, rng.randint(1, 3))
        if "school" in frame.columns and rng.random() < 0.3:
            options["tiers"].append("school")
    if rng.random() < 0.1:
        options["period"] = 2020
    return Draw(catalog, frame, indicators, options)


def _catalogue(rng: Random) -> tuple[str, dict[str, tuple[str, int]], list[str]]:
    measures: dict[str, tuple[str, int]] = {}
    text = [DIMENSIONS]
    for at in range(rng.randint(2, 4)):
        kind = rng.choice(["count", "count", "amount"])
        scale = rng.randint(1, 3) if kind == "amount" else 0
        measures[f"t_m{at}"] = (kind, scale)
        unit = "person" if kind == "count" else "yuan"
        lines = [f"[measures.t_m{at}]", f'name = {{ zh = "量{at}" }}', f'unit = "{unit}"']
        lines += [f'kind = "{kind}"'] + ([f"scale = {scale}"] if scale else [])
        text.append("\n".join(lines))
    counts = [name for name, (kind, _) in measures.items() if kind == "count"]
    amounts = [name for name, (kind, _) in measures.items() if kind == "amount"]
    parts = {"person": list(counts), "yuan": list(amounts)}
    text += _defined(rng, counts, amounts, parts)
    indicators = _indicators(rng, counts, [part for part in parts.values() if part])
    return "\n".join([*text, *indicators.values()]), measures, list(indicators)


def _defined(
    rng: Random, counts: list[str], amounts: list[str], parts: dict[str, list[str]]
) -> list[str]:
    """Measures by a formula, each added to the parts of its unit."""
    text = []
    for at in range(rng.randint(0, 3)):
        own, unit = rng.choice([(o, u) for o, u in ((counts, "person"), (amounts, "yuan")) if o])
        define = f"sum({_row(rng, own)})"
        if rng.random() < 0.8:
            define += f" filter (where {_condition(rng, counts, amounts, 2)})"
        if rng.random() < 0.3:
            define += f" {rng.choice('+-')} sum({rng.choice(own)})"
        kind = "count" if unit == "person" else 'amount"\nscale = 3\n#"'
        text.append(
            f'[measures.t_d{at}]\nname = {{ zh = "算{at}" }}\nunit = "{unit}"\n'
            f'kind = "{kind}"\ndefine = """{define}"""'
        )
        parts[unit].append(f"t_d{at}")
    if rng.random() < 0.3:
        define = f"count(*) filter (where {_condition(rng, counts, amounts, 1)})"
        text.append(
            f'[measures.t_n]\nname = {{ zh = "行数" }}\nunit = "person"\nkind = "count"\n'
            f'define = """{define}"""'
        )
        parts["person"].append("t_n")
    return text


def _indicators(rng: Random, counts: list[str], parts: list[list[str]]) -> dict[str, str]:
    indicators = {}
    for at in range(rng.randint(1, 3)):
        own = rng.choice(parts)
        head = f'[indicators."t.i{at}"]\nname = {{ zh = "指{at}" }}\n'
        kind = rng.choice(["rate", "rate", "total", "dispersion"])
        if kind == "rate":
            above, below = rng.choice(own), rng.choice(own)
            indicators[f"t.i{at}"] = (
                f'{head}kind = "rate"\nnumerator = "{above}"\ndenominator = "{below}"\n'
                f'unit = "%"\ndecimals = {rng.randint(0, 3)}'
            )
        elif kind == "total":
            indicators[f"t.i{at}"] = f'{head}kind = "total"\nmeasure = "{rng.choice(own)}"'
        elif counts:
            indicators[f"t.i{at}"] = (
                f'{head}kind = "dispersion"\nresource = "{rng.choice(own)}"\n'
                f'weight = "{rng.choice(counts)}"\namong = "{rng.choice(["school", "county"])}"'
            )
    if not indicators:
        head = '[indicators."t.i9"]\nname = { zh = "指" }\n'
        indicators["t.i9"] = f'{head}kind = "total"\nmeasure = "t_m0"'
    return indicators


def _row(rng: Random, measures: list[str]) -> str:
    parts = rng.sample(measures, rng.randint(1, min(2, len(measures))))
    terms = [f"{rng.choice(['', '', '2 * ', '7 * '])}{part}" for part in parts]
    return rng.choice([" + ", " - "]).join(terms)


def _condition(rng: Random, counts: list[str], amounts: list[str], depth: int) -> str:
    kind = rng.random()
    if depth and kind < 0.3:
        inner = [_condition(rng, counts, amounts, depth - 1) for _ in range(2)]
        return f"({inner[0]} {rng.choice(['and', 'or'])} {inner[1]})"
    if depth and kind < 0.4:
        return f"not ({_condition(rng, counts, amounts, depth - 1)})"
    if kind < 0.7:
        name = rng.choice(list(VALUES))
        values = rng.sample(VALUES[name], rng.randint(1, len(VALUES[name])))
        if len(values) == 1:
            return f"{name} {rng.choice(['=', '<>'])} '{values[0]}'"
        return f"{name} in ({', '.join(repr(value) for value in values)})"
    own = rng.choice([part for part in (counts, amounts) if part])
    other = rng.choice([_row(rng, own), str(rng.randint(0, 60))])
    return f"{_row(rng, own)} {rng.choice(['=', '<>', '<', '<=', '>', '>='])} {other}"


def _table(rng: Random, measures: dict[str, tuple[str, int]], *, records: bool) -> pl.DataFrame:
    rows = rng.choice([1, 2, 5, 20, 60])
    odd = rng.random() < 0.5
    columns = _keys(rng, rows, odd=odd, records=records)
    for name, spellings in SPELLINGS.items():
        if rng.random() < 0.75:
            cells = [
                rng.choice(ODD if odd and rng.random() < 0.1 else spellings) for _ in range(rows)
            ]
            columns[name] = pl.Series(_cells(rng, cells, odd=odd), dtype=pl.String)
    for name, (kind, scale) in measures.items():
        if rng.random() < 0.95:
            header, series = _figures(rng, (name, kind, scale), rows, odd=odd)
            columns[header] = series
    return pl.DataFrame(columns)


def _keys(rng: Random, rows: int, *, odd: bool, records: bool) -> dict[str, pl.Series]:
    """Areas, periods and schools."""
    columns: dict[str, pl.Series] = {}
    areas = [rng.choice(AREAS) for _ in range(rows)]
    if rng.random() < 0.3:
        columns["area"] = pl.Series([int(area) for area in areas], dtype=pl.Int32)
    else:
        spelled = [rng.choice(ODD_AREAS) if odd and rng.random() < 0.05 else area for area in areas]
        if not records:
            spelled = [cell.strip() for cell in spelled]
        columns["area"] = pl.Series(_cells(rng, spelled, odd=odd), dtype=pl.String)
    if rng.random() < 0.7:
        years = [rng.choice([2021, 2022]) for _ in range(rows)]
        if rng.random() < 0.5:
            columns["period"] = pl.Series(_cells(rng, years, odd=odd), dtype=pl.Int16)
        else:
            other = ["不明", ""]
            texts = [
                rng.choice(other) if odd and rng.random() < 0.03 else str(year) for year in years
            ]
            columns["period"] = pl.Series(texts)
    if rng.random() < 0.5:
        schools: list[str | None] = [f"S{rng.randint(1, 4)}" for _ in range(rows)]
        if odd:
            none = ["合计", "", None, "Total"]
            schools = [rng.choice(none) if rng.random() < 0.05 else name for name in schools]
        columns["school"] = pl.Series(schools, dtype=pl.String)
    return columns


def _cells(rng: Random, values: list[Any], *, odd: bool) -> list[Any]:
    """Values, some of which are not there."""
    return [None if odd and rng.random() < 0.04 else value for value in values]


def _figures(
    rng: Random, measure: tuple[str, str, int], rows: int, *, odd: bool
) -> tuple[str, pl.Series]:
    name, kind, scale = measure
    large = rng.random() < 0.1
    header, shift = name, 0
    if rng.random() < 0.2:
        header, shift = (f"{name}(万人)" if kind == "count" else f"{name}(万元)"), 4
    whole = [rng.randint(0, 10**15 if large and not shift else 90) for _ in range(rows)]
    if kind == "amount" or (odd and rng.random() < 0.3):
        whole = [value * rng.choice([1, 1, -1]) for value in whole]
    forms = ["int32", "int64", "decimal", "float", "float32"] + ["bool"] * (kind == "count")
    form = rng.choice(forms)
    if form == "bool":
        flags = [value % 2 == 0 for value in whole]
        return header, pl.Series(_cells(rng, flags, odd=odd), dtype=pl.Boolean)
    if form in {"int32", "int64"}:
        limit = 2**31 - 1 if form == "int32" else 2**63 - 1
        whole = [max(-limit, min(limit, value)) for value in whole]
        dtype = pl.Int32 if form == "int32" else pl.Int64
        return header, pl.Series(_cells(rng, whole, odd=odd), dtype=dtype)
    places = scale + shift + (1 if odd and rng.random() < 0.4 else 0)
    places = rng.randint(0, places) if form == "decimal" else min(places, 3)
    values = _cells(rng, [Decimal(value) / 10 ** min(places, 2) for value in whole], odd=odd)
    if form == "decimal":
        return header, pl.Series(values, dtype=pl.Decimal(rng.choice([24, 38]), max(places, 2)))
    floats = [None if value is None else float(value) for value in values]
    if odd and rng.random() < 0.2:
        floats[0] = rng.choice([float("nan"), float("inf"), -0.0, 1e300])
    if form == "float32":
        floats = [None if value is None else round(value, 0) % 2**20 for value in floats]
    return header, pl.Series(floats, dtype=pl.Float64 if form == "float" else pl.Float32)
