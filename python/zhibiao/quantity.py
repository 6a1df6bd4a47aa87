"""Quantities: numbers as reports write them, with what their words leave open."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from zhibiao import _native
from zhibiao.errors import bad_option
from zhibiao.language import Lang, checked

MOST = 1 << 63


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with its unit and its words (数量).

    Attributes:
        number: The number as written, in ``unit``; of a range the lower one.
        unit: The unit, if it is one that converts.
        counted: The unit as written.
        lower: The lower end, in ``unit``; None where there is none.
        upper: The upper end.
        lower_open: Whether the lower end is not reached.
        upper_open: Whether the upper end is not reached.
        word: The words that made the bounds; empty for a plain number.
        convention: How the bounds come about, such as ``"and-more"``.
        source: Whose rule that is.
        written: The text.
    """

    number: Decimal
    unit: str | None
    counted: str
    lower: Fraction | None
    upper: Fraction | None
    lower_open: bool
    upper_open: bool
    word: str
    convention: str
    source: str
    written: str


def quantity(text: str, *, rounded: bool = False, lang: Lang | None = None) -> Quantity:
    """Read a quantity (数量): 740余万元, 近300人, 76.6%, 三成, 20%—30%.

    Args:
        text: One quantity and nothing else.
        rounded: Whether a figure in 万 or 亿, in per cent or with decimals is a rounded one, so
            that half a unit of its last digit is open to either side.
        lang: Language of the unit.

    Raises:
        NumberError: ``not-a-quantity``, with what was not understood.

    Example:
        >>> import zhibiao as zb
        >>> spent = zb.quantity("740余万元")
        >>> spent.lower, spent.upper, spent.upper_open, spent.convention
        (Fraction(740, 1), Fraction(750, 1), True, 'and-more')
    """
    told = _native.quantity(text, rounded, checked(lang))
    lower, upper = told.pop("lower"), told.pop("upper")
    return Quantity(
        number=Decimal(told.pop("number")),
        lower=None if lower is None else Fraction(lower[0], lower[1]),
        upper=None if upper is None else Fraction(upper[0], upper[1]),
        lower_open=lower is not None and lower[2],
        upper_open=upper is not None and upper[2],
        **told,
    )


def numerator_of(
    rate: str | Decimal, denominator: int, *, whole: int = 100
) -> tuple[int, int] | None:
    """The whole numbers that a published rate may be made of (由率反推分子).

    Args:
        rate: The rate as published, with its decimals, such as ``"55.5"``.
        denominator: What it is a share of.
        whole: What the whole is in its unit: 100 for %, 1000 for ‰.

    Returns:
        The least and the most, or None where there is none.

    Raises:
        NumberError: ``not-a-number`` for what is no rate.
        RequestError: ``bad-option`` for a denominator that is not positive.

    Example:
        >>> import zhibiao as zb
        >>> zb.numerator_of("55.5", 9000)
        (4991, 4999)
    """
    for name, number in (("denominator", denominator), ("whole", whole)):
        if number not in range(1, MOST):
            raise bad_option(name, number, "a whole number from 1 to 2^63 - 1")
    text = format(rate, "f") if isinstance(rate, Decimal) else str(rate)
    return _native.numerator_of(text, whole, denominator)
