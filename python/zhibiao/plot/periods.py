"""Periods on a line (时期): which follow each other, and which are not there."""

from __future__ import annotations

import re

__all__ = ["line_of"]

_YEAR = re.compile(r"(\d{4})(?:-(\d{4}))?")
_MONTH = re.compile(r"(\d{4})-(\d{2})")
_TO_DATE = re.compile(r"(\d{4})-01/\1-(\d{2})")


def line_of(periods: list[str]) -> list[str]:
    """The periods in order, with those between them that the table does not have.

    Args:
        periods: As the table writes them, of one kind or of several.

    Returns:
        Each period once. Periods of several kinds follow each other as text, with none between.
    """
    ordered = sorted(set(periods))
    places = [_place(period) for period in ordered]
    kinds = {place[0] for place in places if place}
    if None in places or len(kinds) != 1:
        return ordered
    numbers = {place[1]: period for place, period in zip(places, ordered, strict=True) if place}
    kind = kinds.pop()
    return [
        numbers.get(number, _written(kind, number))
        for number in range(min(numbers), max(numbers) + 1)
    ]


def _place(period: str) -> tuple[str, int] | None:
    """The kind of a period, and its number among those of that kind."""
    if found := _YEAR.fullmatch(period):
        first, last = int(found[1]), found[2]
        if last is None:
            return "year", first
        if int(last) == first + 1:
            return "school-year", first
    if (found := _MONTH.fullmatch(period)) and 1 <= int(found[2]) <= 12:
        return "month", 12 * int(found[1]) + int(found[2]) - 1
    if found := _TO_DATE.fullmatch(period):
        return f"to-{found[2]}", int(found[1])
    return None


def _written(kind: str, number: int) -> str:
    if kind == "year":
        return f"{number:04}"
    if kind == "school-year":
        return f"{number:04}-{number + 1:04}"
    if kind == "month":
        return f"{number // 12:04}-{number % 12 + 1:02}"
    return f"{number:04}-01/{number:04}-{kind.removeprefix('to-')}"
