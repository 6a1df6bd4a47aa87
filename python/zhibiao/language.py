"""The language of names, labels and tables."""

from __future__ import annotations

from typing import Literal

from zhibiao.errors import bad_option

Lang = Literal["zh", "en"]

_chosen: Lang = "zh"


def set_lang(lang: Lang) -> None:
    """Choose the language (语言) of everything made from now on: Chinese at first.

    Args:
        lang: ``"zh"`` or ``"en"``. Ids, codes and messages stay English.

    Raises:
        RequestError: ``bad-option`` for any other language.

    Example:
        >>> import zhibiao as zb
        >>> zb.set_lang("en")
        >>> zb.Catalog.builtin().indicator("preschool.public_share").name
        'Share of children in public kindergartens'
        >>> zb.set_lang("zh")
    """
    global _chosen  # noqa: PLW0603
    _chosen = checked(lang)


def get_lang() -> Lang:
    """The language in force, ``"zh"`` or ``"en"``."""
    return _chosen


def checked(lang: Lang | None) -> Lang:
    """The language asked for, or the one in force."""
    if lang is None:
        return _chosen
    if lang not in ("zh", "en"):
        option = "language"
        raise bad_option(option, lang, '"zh" or "en"')
    return lang
