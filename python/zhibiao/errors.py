"""Exceptions (错误): one tree, every leaf with a stable code, a remedy, and its values as data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any


class ZhibiaoError(Exception):
    """Anything that this library refuses or finds (错误).

    The text says what is wrong, where, with which value, and what to do.

    Attributes:
        code: Stable slug, such as ``"missing-column"``; codes do not change with the wording.
        remedy: What to do.
        details: What the message names, as data: ``file``, ``row`` and ``column`` of a cell,
            ``line`` and ``column`` of a catalogue, ``value`` and others. ``row`` counts as a
            spreadsheet does, the header is row 1; for a frame ``index`` has its position from 0.
        others: Further errors found at the same time.

    Example:
        >>> import zhibiao as zb
        >>> try:
        ...     zb.compute({"area": ["140728"], "projects": [60]}, "projects.completion")
        ... except zb.TableError as error:
        ...     print(error.code, error.details["column"])
        missing-column projects_done
    """

    code: str
    remedy: str
    details: dict[str, Any]
    others: tuple[ZhibiaoError, ...]

    def __init__(
        self,
        message: str,
        *,
        code: str,
        remedy: str = "",
        details: Mapping[str, Any] | None = None,
        others: Sequence[ZhibiaoError] = (),
    ) -> None:
        """Keep what the message says as data, too."""
        super().__init__(message)
        self.code = code
        self.remedy = remedy
        self.details = dict(details or {})
        self.others = tuple(others)

    def __str__(self) -> str:
        """The message with its code, and how many errors stand beside it."""
        told = f"{self.args[0]} [{self.code}]"
        if self.others:
            told += f" (and {len(self.others)} more, see `others`)"
        return told

    def __reduce__(self) -> tuple[Any, ...]:
        """Errors travel between processes whole."""
        state = {
            "message": self.args[0],
            "code": self.code,
            "remedy": self.remedy,
            "details": self.details,
            "others": self.others,
        }
        return (_again, (type(self), state))


class NumberError(ZhibiaoError):
    """A number that cannot be held, read or rounded (数值)."""


class UnitError(ZhibiaoError):
    """A unit that is not known, or does not fit (单位)."""


class AreaError(ZhibiaoError):
    """An area, a table of areas, or a period (区划与时期)."""


class CatalogError(ZhibiaoError):
    """A catalogue that contradicts itself, or an id that it does not have (指标目录)."""


class TableError(ZhibiaoError):
    """A table that cannot be read, or a cell of it (数据表)."""


class CheckError(ZhibiaoError):
    """What in a table contradicts itself (数据检查); found, never raised."""


class RequestError(ZhibiaoError):
    """A question that cannot be asked so (请求)."""


class InternalError(ZhibiaoError):
    """A defect of this library (内部错误)."""


class ForkedProcessError(ZhibiaoError):
    """A process that was forked after its parent had computed (派生进程)."""


def bad_option(option: str, value: object, wanted: str) -> RequestError:
    """An option that is given a value it cannot have."""
    remedy = f"use {wanted}"
    details = {"option": option, "value": str(value), "wanted": wanted}
    message = f"`{value}` is not a valid {option}; {remedy}"
    return RequestError(message, code="bad-option", remedy=remedy, details=details)


def _again(cls: type[ZhibiaoError], state: dict[str, Any]) -> ZhibiaoError:
    return cls(state.pop("message"), **state)
