"""The table of areas."""

from __future__ import annotations

from os import PathLike, fspath
from typing import Literal, cast

from zhibiao import _native
from zhibiao.errors import bad_option
from zhibiao.language import Lang, checked

Tier = Literal["school", "county", "prefecture", "province", "nation"]


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
