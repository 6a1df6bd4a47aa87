"""The table of areas."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from os import PathLike, fspath
from typing import Literal, NamedTuple, cast

from zhibiao import _native
from zhibiao.errors import bad_option
from zhibiao.language import Lang, checked

Tier = Literal["school", "county", "prefecture", "province", "nation"]
Relation = Literal["same", "within", "holds", "overlaps"]
Number = int | float | str | Decimal
Weights = Mapping[tuple[str, int], Mapping[str, Number]]


class Named(NamedTuple):
    """An area and the name that it bears in a year (区划)."""

    code: str
    name: str


class Translated(NamedTuple):
    """What an area is in another year, and how it lies to that (对应区划).

    It is the ``same``, a part of it (``within``), it ``holds`` it as a part, or each has a part
    that the other lacks (``overlaps``).
    """

    code: str
    name: str
    relation: Relation


class Change(NamedTuple):
    """A change of an area (区划变更): the first year in which it held, and what it was before.

    ``kind`` is ``recoded`` (改码), ``renamed`` (更名), ``refounded`` (改设), ``merged`` (合并),
    ``divided`` (分设) or ``abolished`` (撤销). ``guessed`` says that no source tells it, but both
    began and ended in one place and year.
    """

    year: int
    old: Named
    new: Named | None
    kind: str
    guessed: bool


class Translation(NamedTuple):
    """What an area of one year is in another (区划换算).

    ``lost`` says that nothing tells of a part of it.
    """

    area: Named
    areas: tuple[Translated, ...]
    changes: tuple[Change, ...]
    lost: bool


def translate(area: str, year: int, to: int) -> Translation:
    """What an area of one year is in another (区划换算), 1981 to 2024, forwards or back.

    A year means its last day: what ended in 2019 stood in 2018 and not in 2019.

    Args:
        area: Its code, or its name where only one area bore it.
        year: The year of which the code is.
        to: The other year.

    Raises:
        AreaError: ``code-not-in-year``, with what the code was or became; ``no-area-table``.

    Example:
        >>> import zhibiao as zb
        >>> zb.translate("142431", 1990, 2024).areas
        (Translated(code='140728', name='平遥县', relation='same'),)
    """
    own, areas, changes, lost = _native.translate(area, year, to)
    return Translation(
        Named(*own),
        tuple(Translated(code, name, cast("Relation", how)) for code, name, how in areas),
        tuple(
            Change(when, Named(*old), None if new is None else Named(*new), kind, guessed)
            for when, old, new, kind, guessed in changes
        ),
        lost,
    )


class Areas:
    """Areas (区划): codes, names, parents and tiers.

    The built-in table has the codes of GB/T 2260. A table of parents serves any other tree: codes
    of any text, with the columns ``code`` and ``parent``, and ``name`` and ``tier`` if wanted.

    An area is named by its code, or by its name where only one area bears it.

    Example:
        >>> import zhibiao as zb
        >>> areas = zb.Areas.builtin()
        >>> areas.name("140728"), areas.tier("140728"), areas.parent("140728")
        ('平遥县', 'county', '140700')
        >>> areas.code("平遥县")
        '140728'
    """

    def __init__(self, native: _native.Areas) -> None:
        """Wrap the table; users call :meth:`builtin`, :meth:`load` or :meth:`parse`."""
        self._native = native

    @classmethod
    def builtin(cls) -> Areas:
        """The table that ships with the package."""
        return cls(_native.Areas.builtin())

    @classmethod
    def at(cls, year: int) -> Areas:
        """The areas at the end of a year (某年区划), 1981 to 2024.

        Raises:
            AreaError: ``no-area-table`` for another year.

        Example:
            >>> import zhibiao as zb
            >>> zb.Areas.at(2010).name("140726")
            '太谷县'
        """
        return cls(_native.Areas.at(year))

    @classmethod
    def harmonised(
        cls,
        year: int,
        years: Iterable[int],
        *,
        weights: Weights | str | PathLike[str] | None = None,
    ) -> Areas:
        """The areas of one year, for tables of several (可比口径).

        Given as ``areas``, they bring the sums of each period into the areas of the year before
        anything is rolled up: what merged is added up; of what was divided, the figures fall to its
        successors by the weights, exactly, or else to their union, a unit such as ``140212+2``. A
        unit of which a part has no rows has no value, and that is told. Of a school year the areas
        of the year in which it begins count; a year after 2024 has those of 2024.

        Args:
            year: The year in whose areas all periods are told.
            years: The years of the periods.
            weights: Numbers such as inhabitants, by code and year of what was divided, then by what
                it became; or a file with the columns ``code, year, to, weight``.

        Raises:
            AreaError: ``no-area-table``, ``code-not-in-year``; ``bad-shares`` for weights of what
                the area did not become; ``bad-share-row`` for a row of a file.

        Example:
            >>> import zhibiao as zb
            >>> panel = {"area": ["140402", "140411", "140403"], "period": [2015, 2015, 2020]}
            >>> panel |= {"projects": [60, 40, 100], "projects_done": [52, 28, 90]}
            >>> areas = zb.Areas.harmonised(2020, [2015, 2020])
            >>> table = zb.compute(panel, "projects.completion", areas=areas)
            >>> table.to_polars().select("area", "period", "display").rows()
            [('140403', '2015', '80.0'), ('140403', '2020', '90.0')]
        """
        if weights is None or isinstance(weights, Mapping):
            rows = [
                (code, of, to, str(weight))
                for (code, of), parts in (weights or {}).items()
                for to, weight in parts.items()
            ]
            return cls(_native.Areas.harmonised(year, [*years], rows, None))
        return cls(_native.Areas.harmonised(year, [*years], [], fspath(weights)))

    def units(self) -> dict[str, tuple[str, ...]]:
        """Of :meth:`harmonised` areas: units that stand for several, with the codes of these."""
        return {code: tuple(members) for code, members in self._native.units()}

    @classmethod
    def of(cls, areas: Areas | None) -> Areas:
        """The table given, or the built-in one.

        Raises:
            RequestError: ``bad-option`` for what is no table of areas.
        """
        if areas is None:
            return cls.builtin()
        if not isinstance(areas, cls):
            wanted = "a zhibiao.Areas, or None for the built-in one"
            raise bad_option("table of areas", areas, wanted)
        return areas

    @classmethod
    def load(cls, path: str | PathLike[str]) -> Areas:
        """Read a file: lines ``code<TAB>name``, or a table of parents by comma or tab.

        Raises:
            AreaError: What is wrong with the table, with its line.
            CatalogError: ``unreadable-file``.
        """
        return cls(_native.Areas.load(fspath(path)))

    @classmethod
    def parse(cls, text: str, *, name: str = "areas") -> Areas:
        """Read a table from text; `name` stands in messages."""
        return cls(_native.Areas.parse(text, name))

    @property
    def in_force(self) -> str:
        """The date at which the table was in force, as it tells."""
        return self._native.in_force()

    def codes(self) -> list[str]:
        """All codes in ascending order."""
        return self._native.codes()

    def code(self, area: str) -> str:
        """The code of an area.

        Raises:
            AreaError: ``bad-area-code`` or ``unknown-area``, with the codes that may be meant.
        """
        return self._native.code(area)

    def name(self, area: str, *, lang: Lang | None = None) -> str | None:
        """The name of an area; None where the table has none."""
        return self._native.name(area, checked(lang))

    def tier(self, area: str) -> Tier | None:
        """The tier of an area; None for what is no area of the tree."""
        return cast("Tier | None", self._native.tier(area))

    def parent(self, area: str) -> str | None:
        """The area that an area lies in directly; None for the largest."""
        return self._native.parent(area)

    def children(self, area: str) -> list[str]:
        """The areas that a complete parent consists of, in ascending order."""
        return self._native.children(area)

    def is_within(self, area: str, outer: str) -> bool:
        """Whether an area is another or lies in it."""
        return self._native.is_within(area, outer)

    def search(self, words: str) -> dict[str, str]:
        """Codes and names of the areas whose code begins with, or whose name has, each word."""
        asked = words.split()
        names = ((code, self.name(code) or "") for code in self.codes())
        return {
            code: name
            for code, name in names
            if all(code.startswith(word) or word in name for word in asked)
        }

    def __len__(self) -> int:
        """Number of codes."""
        return len(self.codes())

    def __repr__(self) -> str:
        """How many areas there are, and when they were in force."""
        return f"<zhibiao.Areas: {len(self)} areas, {self.in_force}>"
