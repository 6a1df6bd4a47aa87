"""Quantities: `tests/cases/quantities.toml` asked through Python, and counts behind a rate."""

from __future__ import annotations

import re
import tomllib
from decimal import Decimal
from fractions import Fraction

import pytest
import zhibiao as zb
from conftest import CASES
from known import named, told_apart

Case = dict[str, str]
SUITE: dict[str, list[Case]] = tomllib.loads((CASES / "quantities.toml").read_text("utf-8"))
READ = [case for case in SUITE["case"] if "want" in case]
REFUSED = [case for case in SUITE["case"] if "fails" in case]
BOUNDS = re.compile(r"[\[(](\S+), (\S+)[\])]")


def bounds(quantity: zb.Quantity) -> tuple[Fraction | None, bool, Fraction | None, bool]:
    """Ends, and whether they are not reached."""
    return quantity.lower, quantity.lower_open, quantity.upper, quantity.upper_open


def known(text: str) -> tuple[Fraction | None, bool, Fraction | None, bool]:
    """Bounds from their text: `[740, 750)`. An end that is not there is not open."""
    ends = BOUNDS.fullmatch(text)
    assert ends, text
    lower = None if ends[1] == "-∞" else Fraction(ends[1])
    upper = None if ends[2] == "∞" else Fraction(ends[2])
    return lower, lower is not None and text[0] == "(", upper, upper is not None and text[-1] == ")"


@named(READ)
def test_a_text_is_read_as_known(case: Case) -> None:
    number, unit, rest = case["want"].split(" ", 2)
    ends, convention = rest.rsplit(" ", 1)
    quantity = zb.quantity(case["text"])
    assert quantity.number == Decimal(number)
    assert str(quantity.number) == number
    # `?` where the unit does not convert, `-` where there is none.
    assert quantity.counted == ("" if unit == "-" else unit.removesuffix("?"))
    assert (quantity.unit is None) == (unit == "-" or unit.endswith("?"))
    assert bounds(quantity) == known(ends)
    assert quantity.convention == convention
    assert quantity.written == case["text"].strip()
    assert quantity.source


@named(REFUSED)
def test_what_is_no_quantity_is_refused(case: Case) -> None:
    with pytest.raises(zb.NumberError) as caught:
        zb.quantity(case["text"])
    assert caught.value.code == case["fails"]


@named(SUITE["rounded"])
def test_a_rounded_figure_is_a_range_only_when_asked_for(case: Case) -> None:
    rounded = zb.quantity(case["text"], rounded=True)
    assert bounds(rounded) == known(case["want"])
    plain = zb.quantity(case["text"])
    assert (plain.number, plain.written) == (rounded.number, rounded.written)
    if plain.convention == "exact":
        assert plain.lower == plain.upper == Fraction(plain.number)


def test_no_case_is_lost() -> None:
    assert (len(READ), len(REFUSED), len(SUITE["rounded"])) == (173, 23, 12)
    cases = SUITE["case"] + SUITE["rounded"]
    assert told_apart(cases)


@pytest.mark.parametrize(("whole", "of_some"), [(100, 189), (1000, 88)])
def test_counts_behind_a_rate_are_those_that_print_it(whole: int, of_some: int) -> None:
    found = 0
    for denominator in range(1, 80):
        for tenths in (0, 333, 555, 867, 999, 1000, 1001):
            counts = [
                count
                for count in range(2 * denominator)
                # Half away from zero, in whole numbers.
                if (20 * whole * count + denominator) // (2 * denominator) == tenths
            ]
            wanted = (counts[0], counts[-1]) if counts else None
            rate = f"{tenths // 10}.{tenths % 10}"
            assert zb.numerator_of(rate, denominator, whole=whole) == wanted, (rate, denominator)
            assert zb.numerator_of(Decimal(rate), denominator, whole=whole) == wanted
            found += wanted is not None
    assert found == of_some
