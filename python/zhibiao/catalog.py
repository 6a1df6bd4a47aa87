"""The catalogue: what is counted, what is derived, and what it is held against."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from decimal import Decimal
from os import PathLike, fspath
from typing import Any, Literal, overload

import polars as pl

from zhibiao import _native
from zhibiao.errors import bad_option
from zhibiao.explanation import Explanation
from zhibiao.language import Lang, checked

# Rows of a list that a notebook shows.
ROWS = 60


@dataclass(frozen=True, slots=True)
class Indicator:
    """An indicator (派生指标): what is derived from measures.

    Attributes:
        id: Id in the catalogue.
        name: Name in the language asked for.
        name_zh: Chinese name.
        name_en: English name; empty where there is none.
        aliases: Other names.
        kind: ``share``, ``rate``, ``ratio``, ``completion``, ``total``, ``change``, ``derived``,
            ``dispersion`` or ``composite``.
        unit: Unit of the value, such as ``%`` or ``元/人``.
        grades: What its values may be, from the lowest, where they are no numbers; else empty.
        decimals: Printed decimals; negative rounds to tens, hundreds, ….
        better: Which direction is better: ``higher``, ``lower``, ``nearer`` (to the goal) or
            ``none``.
        goal: The value to be near to, in the unit.
        numerator: Id of the measure in the numerator; None where nothing is divided.
        denominator: Id of the measure in the denominator.
        source: Where the definition comes from.
        confidence: ``A`` official text seen, ``B`` seen in a secondary source, ``M`` recalled.
        note: Remark.
    """

    id: str
    name: str
    name_zh: str
    name_en: str
    aliases: tuple[str, ...]
    kind: str
    unit: str
    grades: tuple[str, ...]
    decimals: int
    better: Literal["higher", "lower", "nearer", "none"]
    goal: Decimal | None
    numerator: str | None
    denominator: str | None
    source: str
    confidence: str | None
    note: str


@dataclass(frozen=True, slots=True)
class Measure:
    """A measure (基础指标): what is counted or paid.

    Attributes:
        id: Id in the catalogue.
        name: Name in the language asked for.
        name_zh: Chinese name.
        name_en: English name; empty where there is none.
        aliases: Column headers that it goes by.
        unit: Unit of its figures.
        scale: Decimals that figures may have; 0 for counts.
        define: The formula it is computed by where a table has no column of it.
        part_of: The measure that it is a part of.
        source: Where the definition comes from.
        confidence: As for an indicator.
        note: Remark.
    """

    id: str
    name: str
    name_zh: str
    name_en: str
    aliases: tuple[str, ...]
    unit: str
    scale: int
    define: str | None
    part_of: str | None
    source: str
    confidence: str | None
    note: str


@dataclass(frozen=True, slots=True)
class Dimension:
    """A dimension (分组): a column that splits measures.

    Attributes:
        id: Id in the catalogue.
        name: Name in the language asked for.
        aliases: Column headers that it goes by.
        values: Ids and names of its values; no other value is accepted.
    """

    id: str
    name: str
    aliases: tuple[str, ...]
    values: dict[str, str]


@dataclass(frozen=True, slots=True)
class Criterion:
    """A criterion (条件) of a standard.

    Attributes:
        name: Name within the standard.
        indicator: Id of the indicator that is held against it.
        thresholds: Signs (``≥``, ``≤``, ``>``, ``<``) and values, in the unit of the indicator;
            of grades their positions.
        rule: The rule that it is an item of; None for an item of the standard.
        tier: Tier of the areas that it is for; None for any.
        scope: Code of the area it holds in.
        stage: Stage it holds for.
        valid_from: First month in which it holds.
        valid_to: Last month in which it holds.
        source: Where it comes from.
        confidence: As for an indicator.
        note: Remark.
    """

    name: str
    indicator: str
    thresholds: tuple[tuple[str, Decimal], ...]
    rule: str | None
    tier: str | None
    scope: str
    stage: str | None
    valid_from: str | None
    valid_to: str | None
    source: str
    confidence: str | None
    note: str


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule (规则) of a standard: how many of its items must be met.

    Attributes:
        id: Id within the standard.
        name: Name in the language asked for.
        part_of: The rule that it is an item of; None for an item of the standard.
        needs: How many items must be met; None for all.
        floor: What the others must reach, in per cent of their threshold.
        per: ``school`` where it is asked of each; an area meets it if all do.
        source: Where it comes from.
        confidence: As for an indicator.
        note: Remark.
    """

    id: str
    name: str
    part_of: str | None
    needs: int | None
    floor: Decimal | None
    per: str | None
    source: str
    confidence: str | None
    note: str


@dataclass(frozen=True, slots=True)
class Standard:
    """A standard (标准): thresholds with their source.

    Attributes:
        id: Id in the catalogue.
        name: Name in the language asked for.
        source: Document it comes from.
        note: Remark.
        criteria: What has to hold.
        rules: What puts criteria together, where it is not simply all of them.
    """

    id: str
    name: str
    source: str
    note: str
    criteria: tuple[Criterion, ...]
    rules: tuple[Rule, ...]


class IndicatorList(Sequence[Indicator]):
    """Indicators in a list (指标列表) that shows itself as a table.

    Example:
        >>> import zhibiao as zb
        >>> [indicator.id for indicator in zb.list("公办园 占比")][:2]
        ['preschool.inclusive_coverage', 'preschool.public_share']
    """

    def __init__(self, catalog: Catalog, ids: Sequence[str], lang: Lang) -> None:
        """Look the indicators up."""
        self._catalog = catalog
        self._lang = lang
        self._indicators = tuple(catalog.indicator(id, lang=lang) for id in ids)

    @overload
    def __getitem__(self, index: int) -> Indicator: ...
    @overload
    def __getitem__(self, index: slice) -> IndicatorList: ...
    def __getitem__(self, index: int | slice) -> Indicator | IndicatorList:
        """One indicator, or a shorter list."""
        if isinstance(index, slice):
            ids = [indicator.id for indicator in self._indicators[index]]
            return IndicatorList(self._catalog, ids, self._lang)
        return self._indicators[index]

    def __len__(self) -> int:
        """Number of indicators."""
        return len(self._indicators)

    def to_polars(self) -> pl.DataFrame:
        """One row an indicator, its attributes as columns."""
        names = [field.name for field in fields(Indicator)]
        rows = [[getattr(indicator, name) for name in names] for indicator in self]
        schema: dict[str, pl.DataType] = dict.fromkeys(names, pl.String())
        schema |= {
            "aliases": pl.List(pl.String),
            "grades": pl.List(pl.String),
            "decimals": pl.Int64(),
            "goal": pl.Decimal(38, 9),
        }
        return pl.DataFrame(rows, schema=schema, orient="row")

    def __repr__(self) -> str:
        """One line an indicator: id, name, unit."""
        if not self:
            return "没有匹配的指标" if self._lang == "zh" else "no indicator matches"
        width = max((len(indicator.id) for indicator in self), default=0)
        return "\n".join(
            f"{indicator.id:{width}}  {indicator.name}" + (f" [{unit}]" if unit else "")
            for indicator in self
            for unit in [indicator.unit]
        )

    def _repr_html_(self) -> str:
        ids = [indicator.id for indicator in self]
        return _native.listing_html(self._catalog._native, ids, self._lang, ROWS)


class Catalog:
    """A checked catalogue (指标目录) of dimensions, measures, indicators and standards.

    It is data and cannot execute anything.

    Example:
        >>> import zhibiao as zb
        >>> mine = zb.Catalog.from_toml('''
        ... [measures.children_private]
        ... define = "sum(children) filter (where ownership <> 'public')"
        ... [indicators."mine.private_share"]
        ... name = { zh = "民办园在园幼儿占比" }
        ... kind = "share"
        ... numerator = "children_private"
        ... denominator = "children"
        ... unit = "%"
        ... decimals = 1
        ... ''')
        >>> catalog = zb.Catalog.builtin().extend(mine)
        >>> catalog.indicator("mine.private_share").unit
        '%'
    """

    def __init__(self, native: _native.Catalog) -> None:
        """Wrap the catalogue; users call :meth:`builtin`, :meth:`load` or :meth:`from_toml`."""
        self._native = native

    @classmethod
    def builtin(cls) -> Catalog:
        """The catalogue that ships with the package."""
        return cls(_native.Catalog.builtin())

    @classmethod
    def of(cls, catalog: Catalog | None) -> Catalog:
        """The catalogue given, or the built-in one.

        Raises:
            RequestError: ``bad-option`` for what is no catalogue.
        """
        if catalog is None:
            return cls.builtin()
        if not isinstance(catalog, cls):
            raise bad_option(
                "catalogue", catalog, "a zhibiao.Catalog, or None for the built-in one"
            )
        return catalog

    @classmethod
    def load(cls, path: str | PathLike[str]) -> Catalog:
        """Read a TOML file, or all of a folder.

        Definitions may refer to those of the built-in catalogue; to compute with both,
        :meth:`extend` the built-in one.

        Raises:
            CatalogError: Everything that can be wrong, with file, line and column.
        """
        return cls(_native.Catalog.load(fspath(path)))

    @classmethod
    def from_toml(cls, text: str, *, name: str = "catalog.toml") -> Catalog:
        """Read a catalogue from text; `name` stands in messages.

        Raises:
            CatalogError: As for :meth:`load`.
        """
        return cls(_native.Catalog.parse(text, name))

    def extend(self, other: Catalog) -> Catalog:
        """Both catalogues as one.

        Raises:
            CatalogError: ``duplicate-id`` when both define an id and the later does not say
                ``replaces = true``.
        """
        return Catalog(self._native.extend(other._native))

    def search(self, words: str, *, lang: Lang | None = None) -> IndicatorList:
        """Indicators whose id, names or aliases contain every word, Chinese or English."""
        return IndicatorList(self, self._native.search(words), checked(lang))

    @property
    def indicators(self) -> IndicatorList:
        """All indicators."""
        return IndicatorList(self, self._native.indicators(), checked(None))

    @property
    def measures(self) -> list[Measure]:
        """All measures."""
        return [self.measure(id) for id in self._native.measures()]

    @property
    def dimensions(self) -> list[Dimension]:
        """All dimensions."""
        return [self.dimension(id) for id in self._native.dimensions()]

    @property
    def standards(self) -> list[Standard]:
        """All standards."""
        return [self.standard(id) for id in self._native.standards()]

    def indicator(self, id: str, *, lang: Lang | None = None) -> Indicator:
        """An indicator by id, or by its exact name or alias.

        Raises:
            CatalogError: ``unknown-id``, with the nearest ids.
        """
        said = self._native.indicator(id, checked(lang))
        goal = said["goal"]
        said["goal"] = None if goal is None else Decimal(goal)
        return Indicator(**_frozen(said))

    def measure(self, id: str, *, lang: Lang | None = None) -> Measure:
        """A measure by id, or by its exact name or alias.

        Raises:
            CatalogError: ``unknown-id``, with the nearest ids.
        """
        return Measure(**_frozen(self._native.measure(id, checked(lang))))

    def dimension(self, id: str, *, lang: Lang | None = None) -> Dimension:
        """A dimension by id.

        Raises:
            CatalogError: ``unknown-id``, with the nearest ids.
        """
        said = self._native.dimension(id, checked(lang))
        return Dimension(**_frozen(said | {"values": dict(said["values"])}))

    def standard(self, id: str, *, lang: Lang | None = None) -> Standard:
        """A standard by id.

        Raises:
            CatalogError: ``unknown-id``, with the nearest ids.
        """
        return standard_of(self._native.standard(id, checked(lang)))

    def explain(self, id: str, *, lang: Lang | None = None) -> Explanation:
        """What an indicator, measure or standard is: formula, parts, unit, source, confidence.

        Raises:
            CatalogError: ``unknown-id``.
        """
        asked = checked(lang)
        return Explanation([self._native.explain(id, asked)], asked)

    def definition_hash(self, id: str) -> str:
        """SHA-256 of everything that decides the values of an indicator.

        Raises:
            CatalogError: ``unknown-id``.
        """
        return self._native.definition_hash(id)

    @staticmethod
    def schema() -> dict[str, Any]:
        """The JSON schema of catalogue files, for editors."""
        schema: dict[str, Any] = json.loads(_native.Catalog.schema())
        return schema

    def __iter__(self) -> Iterator[Indicator]:
        """All indicators."""
        return iter(self.indicators)

    def __contains__(self, id: object) -> bool:
        """Whether there is an indicator of this id."""
        return id in self._native.indicators()

    def __repr__(self) -> str:
        """What there is, and the files beside the built-in ones."""
        counts = (
            f"{len(self._native.indicators())} indicators, "
            f"{len(self._native.measures())} measures, "
            f"{len(self._native.dimensions())} dimensions, "
            f"{len(self._native.standards())} standards"
        )
        files = "".join(f", {file}" for file in self._native.files())
        return f"<zhibiao.Catalog: {counts}{files}>"

    def _repr_html_(self) -> str:
        return self.indicators._repr_html_()


def list_indicators(
    words: str = "", *, catalog: Catalog | None = None, lang: Lang | None = None
) -> IndicatorList:
    """List the indicators (列出指标) whose id, names or aliases contain every word.

    Args:
        words: Words, Chinese or English; without any, all indicators.
        catalog: The catalogue to search in place of the built-in one.
        lang: Language of names; without it the one of :func:`set_lang`.

    Example:
        >>> import zhibiao as zb
        >>> [indicator.id for indicator in zb.list("loan borrower")]
        ['aid.loan_per_borrower', 'aid.loan_borrowers']
    """
    return Catalog.of(catalog).search(words, lang=lang)


def standard_of(said: dict[str, Any]) -> Standard:
    """A standard as the core tells it."""
    criteria = tuple(
        Criterion(
            **_frozen(
                criterion
                | {"thresholds": tuple((sign, Decimal(at)) for sign, at in criterion["thresholds"])}
            )
        )
        for criterion in said["criteria"]
    )
    floors = (None if rule["floor"] is None else Decimal(rule["floor"]) for rule in said["rules"])
    rules = tuple(
        Rule(**(rule | {"floor": floor})) for rule, floor in zip(said["rules"], floors, strict=True)
    )
    return Standard(**(said | {"criteria": criteria, "rules": rules}))


def _frozen(said: dict[str, Any]) -> dict[str, Any]:
    """Lists as tuples, so that what is said cannot be changed."""
    return {key: tuple(value) if isinstance(value, list) else value for key, value in said.items()}
