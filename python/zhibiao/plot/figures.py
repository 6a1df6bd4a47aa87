"""The figures that a chart draws: rows of one indicator, chosen and checked (图中数值)."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import altair as alt

from zhibiao.plot.refusal import nearest, refused
from zhibiao.plot.theme import Record

if TYPE_CHECKING:
    from zhibiao.catalog import Catalog, Indicator
    from zhibiao.comparison import ComparisonTable
    from zhibiao.language import Lang
    from zhibiao.tables import IndicatorTable

__all__ = ["Figure", "Figures", "Words", "about", "attach", "beside", "choose"]

_STATUS = {
    "ok": ("正常", "ok"),
    "reported": ("上报", "reported"),
    "partial": ("不完整", "partial"),
    "missing": ("缺失", "missing"),
    "suppressed": ("不公布", "suppressed"),
    "not_applicable": ("不适用", "not applicable"),
    "zero_denominator": ("分母为零", "denominator is 0"),
    "above_denominator": ("分子大于分母", "numerator above denominator"),
    "no_base": ("无基期", "no base"),
}
_TIERS = {
    "school": ("所学校", "schools"),
    "county": ("个县级地区", "counties"),
    "prefecture": ("个地级地区", "prefectures"),
    "province": ("个省级地区", "provinces"),
    "nation": ("个国家", "nations"),
}


class Words:
    """Chinese or English (语言).

    Attributes:
        lang: `zh` or `en`.
    """

    def __init__(self, lang: str) -> None:
        """Keeps the language.

        Args:
            lang: `zh` or `en`.
        """
        self.lang = lang

    def of(self, zh: str, en: str) -> str:
        """The one of two texts."""
        return zh if self.lang == "zh" else en

    def status(self, status: str) -> str:
        """Label of a status."""
        return self.of(*_STATUS.get(status, (status, status)))

    def areas(self, count: int, tiers: Iterable[str]) -> str:
        """So many areas, named by their tier if they have one in common."""
        met = set(tiers)
        zh, en = _TIERS[met.pop()] if len(met) == 1 else ("个地区", "areas")
        return self.of(f"{count:,} {zh}", f"{count:,} {en if count != 1 else 'area'}")

    def period(self, period: str) -> str:
        """A period as it is read: 2022年."""
        return f"{period}年" if self.lang == "zh" and len(period) == 4 else period

    @property
    def total(self) -> str:
        """Label of all slices together."""
        return self.of("合计", "Total")

    def slices(self, row: Record, dimensions: Sequence[str], catalog: Catalog) -> list[str]:
        """Labels of the slices of a row; the total has one of its own."""
        lang: Lang = "zh" if self.lang == "zh" else "en"
        labels: list[str] = []
        for dimension in dimensions:
            if (value := row[dimension]) == "total":
                labels.append(self.total)
            elif value is not None:
                labels.append(catalog.dimension(dimension, lang=lang).values.get(value) or value)
        return labels


@dataclass(frozen=True, slots=True)
class Figure:
    """One row of the table: a value of an area, period and slice, or why there is none."""

    area: str
    place: str
    tier: str
    period: str
    group: str
    value: float | None
    printed: str
    status: str
    numerator: Decimal | None
    denominator: Decimal | None


@dataclass(frozen=True, slots=True)
class Figures:
    """The rows of one indicator (一个指标的各行).

    Attributes:
        indicator: What they are values of.
        unit: Its unit, as printed.
        words: The language of the table.
        rows: The rows, in the order of the table.
    """

    indicator: Indicator
    unit: str
    words: Words
    rows: tuple[Figure, ...]

    @property
    def known(self) -> list[Figure]:
        """The rows with a value."""
        return [row for row in self.rows if row.value is not None]

    def values(self) -> list[float]:
        """The values that there are, at least one.

        Raises:
            RequestError: `bad-option`, where there is none.
        """
        values = [row.value for row in self.rows if row.value is not None]
        if not values:
            why = f"no row of `{self.indicator.id}` has a value"
            raise refused("indicator", self.indicator.id, why, "see the column `status` for why")
        return values

    @property
    def name(self) -> str:
        """Name of the indicator in the language of the table."""
        return self.indicator.name

    def periods(self) -> list[str]:
        """The periods, in order."""
        return sorted({row.period for row in self.rows})

    def groups(self) -> list[str]:
        """The slices, in the order of the table."""
        return list(dict.fromkeys(row.group for row in self.rows))

    def areas(self) -> dict[str, str]:
        """The areas by code, with the name that tells them apart, in the order of the table."""
        return {row.area: row.place for row in self.rows}

    def keep(self, rows: Iterable[Figure]) -> Figures:
        """Some of the rows."""
        return Figures(self.indicator, self.unit, self.words, tuple(rows))

    def latest(self) -> Figures:
        """The rows of the last period."""
        last = self.periods()[-1]
        return self.keep(row for row in self.rows if row.period == last)

    def finest(self, tier: str | None) -> Figures:
        """The rows of one tier: the one named, else the one with most areas."""
        tiers = Counter(row.tier for row in {row.area: row for row in self.rows}.values())
        if tier is None:
            tier = max(tiers, key=lambda name: tiers[name])
        elif tier not in tiers:
            why = f"the table has no rows of tier `{tier}`"
            raise refused("tier", tier, why, f"it has {nearest(tier, tiers)}")
        return self.keep(row for row in self.rows if row.tier == tier)

    def undivided(self) -> Figures:
        """The rows, if they are of one slice."""
        groups = self.groups()
        if len(groups) > 1:
            why = f"the table is split into {', '.join(f'`{group}`' for group in groups[:6])}"
            remedy = 'name one, such as where={"ownership": "public"}'
            raise refused("where", None, why, remedy)
        return self

    def codes(self, option: str, named: str | Sequence[str] | None) -> list[str]:
        """Codes of the areas that are named by code or name.

        Raises:
            RequestError: `bad-option`, where an area is not there, or several have the name.
        """
        wanted = [named] if isinstance(named, str) else list(named or ())
        areas = self.areas()
        codes: list[str] = []
        for word in wanted:
            names = {code: place.split(" ")[0] for code, place in areas.items()}
            found = [code for code in areas if word in {code, areas[code], names[code]}]
            if not found:
                near = nearest(word, [*names.values(), *areas])
                why = f"no area `{word}` among the figures drawn"
                raise refused(option, word, why, f"use a code or name, such as {near}")
            if len(found) > 1:
                why = f"`{word}` is the name of {len(found)} areas"
                raise refused(option, word, why, f"use a code: {', '.join(found[:6])}")
            codes += found
        return list(dict.fromkeys(codes))

    def attach(self, number: object) -> str:
        """A number with the unit, as the table prints it."""
        return attach(str(number), self.unit)

    def rounded(self, value: float) -> str:
        """A value made of several, printed with the decimals of the indicator."""
        exponent = Decimal(1).scaleb(-self.indicator.decimals)
        rounded = Decimal(repr(value)).quantize(exponent, "ROUND_HALF_UP")
        return self.attach(f"{rounded:,f}")

    def change(self, difference: float) -> str:
        """A difference of two values with its sign; that of percentages is in points."""
        exponent = Decimal(1).scaleb(-self.indicator.decimals)
        rounded = Decimal(repr(difference)).quantize(exponent, "ROUND_HALF_UP")
        number = f"{abs(rounded):,f}"
        sign = "+" if rounded > 0 else "−" if rounded < 0 else ""
        percent, other = ("个百分点", "points"), (self.unit, self.unit)
        named = {"%": percent, "‰": ("个千分点", "‰"), "1:": ("", ""), ":1": ("", "")}
        zh, en = named.get(self.unit, other)
        return f"{sign}{number} {self.words.of(zh, en)}".rstrip()

    def sign(self) -> str:
        """`≥` where more is better, `≤` where less is."""
        return {"higher": "≥ ", "lower": "≤ "}.get(self.indicator.better, "")

    def distance(self, value: float) -> float:
        """How far a value is from the best; the less, the better."""
        indicator = self.indicator
        if indicator.better == "nearer" and indicator.goal is not None:
            return abs(value - float(indicator.goal))
        return value if indicator.better == "lower" else -value

    def meets(self, value: float, threshold: float) -> bool:
        """Whether a value is on the good side of a threshold."""
        return value <= threshold if self.indicator.better == "lower" else value >= threshold

    def record(self, row: Figure) -> Record:
        """What a chart holds of a row: the value, and what its tooltip tells."""
        return {
            "area": row.area,
            "place": row.place,
            "period": row.period,
            "group": row.group,
            "value": row.value,
            "printed": row.printed or self.words.status(row.status),
            "solid": row.status == "ok",
            "status": self.words.status(row.status),
            "numerator": _plain(row.numerator),
            "denominator": _plain(row.denominator),
        }

    def ticks(self, step: float | None = None) -> Record:
        """How an axis tells the unit: at each number if it is a short sign, else as its title.

        Numbers have the decimals that a step needs: 62.5, where Vega would write 63.
        """
        signs = {
            "%": "datum.label + ' %'",
            "‰": "datum.label + ' ‰'",
            "1:": "'1:' + datum.label",
            ":1": "datum.label + ':1'",
        }
        told: Record = {}
        if step is not None:
            exponent = Decimal(f"{step:.9g}").normalize().as_tuple().exponent
            told["format"] = f",.{max(0, -int(exponent))}f"
        if self.unit in signs:
            return {**told, "labelExpr": signs[self.unit]}
        return {**told, "title": self.unit or None}

    def tooltip(self) -> list[alt.Tooltip]:
        """What is told when the mouse is over a mark."""
        of = self.words.of
        told = [
            ("place", of("地区", "Area")),
            ("period", of("时期", "Period")),
            ("group", of("分组", "Group")),
            ("printed", self.name),
            ("numerator", of("分子", "Numerator")),
            ("denominator", of("分母", "Denominator")),
            ("status", of("状态", "Status")),
        ]
        if not any(row.group for row in self.rows):
            del told[2]
        return [alt.Tooltip(field=field, type="nominal", title=name) for field, name in told]

    def notes(self) -> list[str]:
        """What the reader must know of figures without a value, and of those drawn hollow."""
        of = self.words.of
        count = Counter(row.status for row in self.rows if row.value is None)
        told: list[str] = []
        if count:
            parts = of("，", ", ").join(
                f"{self.words.status(status)}{of('：', ': ')}{number:,}"
                for status, number in count.most_common()
            )
            number = sum(count.values())
            told.append(
                of(f"{number:,} 个无数值（{parts}）", f"{number:,} without a value ({parts})")
            )
        hollow = dict.fromkeys(row.status for row in self.known if row.status != "ok")
        if hollow:
            parts = of("、", ", ").join(self.words.status(status) for status in hollow)
            told.append(of(f"空心：{parts}", f"hollow: {parts}"))
        return told

    def line(self, *parts: str) -> str:
        """Parts of a subtitle in one line."""
        return self.words.of("  ·  ", "  ·  ").join(part for part in parts if part)


def attach(number: str, unit: str) -> str:
    """A printed number with its unit: `86.7 %`, `16.97:1`, `1:13.9`."""
    if unit == "1:":
        return f"1:{number}"
    if unit == ":1":
        return f"{number}:1"
    return f"{number} {unit}" if unit else number


def choose(
    table: IndicatorTable,
    indicator: str | None,
    *,
    period: str | Sequence[str] | None,
    where: Mapping[str, str] | None,
) -> Figures:
    """The rows of one indicator, of the periods and slices that are named.

    Args:
        table: What was computed.
        indicator: Id or name of the indicator; None where the table has one only.
        period: One or several; None for all.
        where: Dimension to slice, such as `{"ownership": "public"}`.

    Returns:
        The rows in the order of the table, at least one.

    Raises:
        RequestError: `bad-option`, where nothing is left or what is named is not there.
    """
    chosen = _indicator(table, indicator)
    rows: list[Record] = table.filter(indicator=chosen.id).to_polars().to_dicts()
    if not rows:
        why = f"the table has no row of `{chosen.id}`"
        raise refused("indicator", chosen.id, why, "compute it, or widen the filter")
    columns = list(rows[0])
    dimensions = columns[columns.index("period") + 1 : columns.index("indicator")]
    rows = _of_slices(rows, dimensions, where or {})
    rows = _of_periods(rows, period)
    words = Words(table.lang)
    places = _places(rows)
    figures = tuple(
        _figure(row, words.slices(row, dimensions, table.catalog), places) for row in rows
    )
    return Figures(chosen, str(rows[0]["unit"] or ""), words, figures)


def about(figures: Figures, comparison: ComparisonTable, catalog: Catalog) -> list[Record]:
    """The rows of a comparison that are of the periods and slices drawn.

    Args:
        figures: What is drawn.
        comparison: Made from the table that the figures are of.
        catalog: That of the table.

    Returns:
        The rows in their order, with the label of their slice as `group`.
    """
    frame = comparison.to_polars()
    rows: list[Record] = frame.to_dicts()
    columns = frame.columns
    dimensions = columns[columns.index("period") + 1 : columns.index("indicator")]
    for row in rows:
        row["period"] = str(row["period"] or "")
        row["group"] = " · ".join(figures.words.slices(row, dimensions, catalog))
    drawn = {(row.period, row.group) for row in figures.rows}
    return [row for row in rows if (row["period"], row["group"]) in drawn]


def beside(
    figures: Figures, comparison: ComparisonTable, catalog: Catalog
) -> dict[Figure, list[Record]]:
    """The rows of a comparison about each figure: several where there are several levels."""
    told: dict[tuple[object, ...], list[Record]] = defaultdict(list)
    for row in about(figures, comparison, catalog):
        told[row["tier"], row["area"], row["period"], row["group"]].append(row)
    return {row: told[row.tier, row.area, row.period, row.group] for row in figures.rows}


def _indicator(table: IndicatorTable, named: str | None) -> Indicator:
    known = {indicator.id: indicator for indicator in table.indicators}
    listed = ", ".join(f"`{one.id}` ({one.name})" for one in list(known.values())[:12])
    if named is None:
        if len(known) == 1:
            return next(iter(known.values()))
        why = f"the table has {len(known)} indicators"
        raise refused("indicator", None, why, f"name one of {listed}" if known else "compute one")
    for one in known.values():
        if named in {one.id, one.name, one.name_zh, one.name_en}:
            return one
    raise refused("indicator", named, f"no `{named}` in the table", f"it has {listed}")


def _of_slices(rows: list[Record], dimensions: list[str], where: Mapping[str, str]) -> list[Record]:
    for dimension, value in where.items():
        if dimension not in dimensions:
            known = nearest(dimension, dimensions) or "none"
            why = f"the table is not split by `{dimension}`"
            raise refused("where", where, why, f"it is split by: {known}")
        kept = [row for row in rows if row[dimension] == value]
        if not kept:
            values = nearest(value, [str(row[dimension]) for row in rows])
            why = f"`{dimension}` is never `{value}`"
            raise refused("where", where, why, f"it is {values}")
        rows = kept
    return rows


def _of_periods(rows: list[Record], period: str | Sequence[str] | None) -> list[Record]:
    if period is None:
        return rows
    wanted = {period} if isinstance(period, str) else set(period)
    known = {str(row["period"] or "") for row in rows}
    for one in sorted(wanted - known):
        why = f"the table has no figures of `{one}`"
        raise refused("period", one, why, f"it has {nearest(one, sorted(known))}")
    return [row for row in rows if str(row["period"] or "") in wanted]


def _places(rows: list[Record]) -> dict[str, str]:
    """Names of areas; those that several areas have are followed by the code."""
    names = {str(row["area"]): str(row["area_name"] or row["area"]) for row in rows}
    shared = Counter(names.values())
    return {
        area: name if shared[name] == 1 or name == area else f"{name} {area}"
        for area, name in names.items()
    }


def _figure(row: Record, slices: list[str], places: dict[str, str]) -> Figure:
    value: float | None = row["value"]
    display: str | None = row["display"]
    area = str(row["area"])
    return Figure(
        area=area,
        place=places[area],
        tier=str(row["tier"]),
        period=str(row["period"] or ""),
        group=" · ".join(slices),
        value=value,
        printed="" if value is None or display is None else attach(display, str(row["unit"] or "")),
        status=str(row["status"]),
        numerator=row["numerator"],
        denominator=row["denominator"],
    )


def _plain(number: Any) -> str:
    return "—" if number is None else f"{Decimal(number).normalize():,f}"
