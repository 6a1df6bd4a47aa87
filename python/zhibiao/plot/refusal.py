"""What a chart refuses, and what to do about it."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

from zhibiao.errors import RequestError

__all__ = ["nearest", "refused"]


def refused(option: str, value: object, why: str, remedy: str) -> RequestError:
    """The error for an option that cannot be followed (选项有误).

    Args:
        option: Name of the option.
        value: What was passed.
        why: What is wrong with it.
        remedy: What to do.

    Returns:
        The error, with code `bad-option`, to be raised.
    """
    message = f"`{option}`: {why}; {remedy}"
    details = {"option": option, "value": str(value)}
    return RequestError(message, code="bad-option", remedy=remedy, details=details)


def nearest(word: str, known: Iterable[str], most: int = 5) -> str:
    """The known words nearest to one that is not known, for a message."""
    words = list(dict.fromkeys(known))
    near = difflib.get_close_matches(word, words, most, 0.3) or words[:most]
    return ", ".join(f"`{found}`" for found in near)
