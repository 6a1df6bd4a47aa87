"""The options of a question, as the core reads them."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any, Literal, TypedDict

from zhibiao import _native
from zhibiao.areas import Areas, Tier
from zhibiao.catalog import Catalog, Indicator
from zhibiao.errors import bad_option
from zhibiao.language import Lang, checked
from zhibiao.progress import Told

Period = str | int
Coverage = Literal["full", "given"]
Rounding = Literal["half-away", "half-even", "down"]
Span = Literal["year", "school-year", "year-to-date"]
Symbols = Literal["plain", "nbs", "eurostat", "uk", "destatis"]


class Options(TypedDict, total=False):
    """The options of a question (选项), by the names of :func:`compute`."""

    tiers: Tier | Iterable[Tier]
    slices: str | Iterable[str]
    totals: bool
    periods: Period | Iterable[Period]
    period: Period | None
    over: Span | None
    catalog: Catalog | None
    areas: Areas | None
    policy: str | float | Decimal
    coverage: Coverage
    records: bool
    strict: bool
    skip_unavailable: bool
    rounding: Rounding
    guard: bool
    adding_up: bool
    symbols: Symbols
    lang: Lang | None
    progress: bool | Told | None


def worlds(catalog: Catalog | None, areas: Areas | None) -> tuple[_native.Catalog, _native.Areas]:
    """Definitions and areas as the core has them."""
    return Catalog.of(catalog)._native, Areas.of(areas)._native


def asked_for(
    indicators: str | Indicator | Iterable[str | Indicator], options: Options
) -> dict[str, Any]:
    """The options of a question as the core reads them: all of them, words as text."""
    for unknown in options.keys() - Options.__annotations__.keys():
        option = "option"
        raise bad_option(option, unknown, ", ".join(Options.__annotations__))
    if isinstance(indicators, (str, Indicator)):
        indicators = [indicators]
    ids = [item.id if isinstance(item, Indicator) else item for item in indicators]
    period = options.get("period")
    return {
        "indicators": _words("indicators", ids),
        "tiers": _words("tiers", options.get("tiers", ())),
        "slices": _words("slices", options.get("slices", ())),
        "totals": options.get("totals", False),
        "periods": _words("periods", options.get("periods", ())),
        "period": None if period is None else str(period),
        "over": options.get("over"),
        "policy": str(options.get("policy", "any")),
        "coverage": options.get("coverage", "full"),
        "records": options.get("records", False),
        "strict": options.get("strict", False),
        "skip_unavailable": options.get("skip_unavailable", False),
        "rounding": options.get("rounding", "half-away"),
        "guard": options.get("guard", False),
        "adding_up": options.get("adding_up", False),
        "symbols": options.get("symbols", "plain"),
        "lang": checked(options.get("lang")),
    }


def _words(option: str, given: object) -> list[str]:
    """One word or several, numbers as text."""
    if isinstance(given, (str, int)):
        return [str(given)]
    if not isinstance(given, Iterable):
        raise bad_option(option, given, "a word or a list of words")
    words = list(given)
    for word in words:
        if not isinstance(word, (str, int)):
            raise bad_option(option, word, "words")
    return [str(word) for word in words]
