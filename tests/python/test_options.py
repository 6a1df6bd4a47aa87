"""Whatever is given for an option, the answer is a table or an error of the package."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
import zhibiao as zb

DONE = "projects.completion"
PUBLIC = "preschool.public_share"
ODD = [
    None,
    0,
    -1,
    2**200,
    1.5,
    float("nan"),
    "",
    "x",
    "\ud800",
    b"x",
    [],
    [None],
    [1.5],
    {},
    object(),
]
COUNTY = {"area": ["140728"], "projects": [60], "projects_done": [52]}


@pytest.mark.parametrize("option", sorted(zb.Options.__annotations__))
@pytest.mark.parametrize("value", ODD, ids=ascii)
def test_an_odd_option_is_answered_or_refused(option: str, value: Any) -> None:
    answered_or_refused(lambda: zb.compute(COUNTY, DONE, **{option: value}))
    answered_or_refused(lambda: zb.judge(COUNTY, "preschool-2020", **{option: value}))
    answered_or_refused(lambda: zb.attain(COUNTY, COUNTY, DONE, **{option: value}))
    answered_or_refused(lambda: zb.attain(COUNTY, COUNTY, **{option: value}))


@pytest.mark.parametrize("value", ODD, ids=ascii)
def test_an_odd_argument_is_answered_or_refused(value: Any) -> None:
    table = zb.compute(COUNTY, DONE)
    for ask in (
        lambda: zb.compute(value, DONE),
        lambda: zb.compute(COUNTY, value),
        lambda: zb.judge(COUNTY, value),
        lambda: zb.judge(COUNTY, "preschool-2020", value),
        lambda: zb.attain(COUNTY, value),
        lambda: zb.attain(value, COUNTY),
        lambda: zb.attain(COUNTY, COUNTY, value),
        lambda: zb.check(value),
        lambda: zb.check([value]),
        lambda: zb.check({"area": value}),
        lambda: zb.check({"area": ["140728"], "projects": value}),
        lambda: zb.check([{"area": "140728"}, value]),
        lambda: zb.list(value),
        lambda: zb.set_lang(value),
        lambda: zb.Catalog.from_toml(value),
        lambda: zb.Catalog.load(value),
        lambda: zb.Areas.parse(value),
        lambda: zb.Areas.load(value),
        lambda: zb.Areas.builtin().code(value),
        lambda: zb.Areas.builtin().name(value),
        lambda: zb.Catalog.builtin().indicator(value),
        lambda: zb.Catalog.builtin().explain(value),
        lambda: table.judge(value),
        lambda: table.explain(value),
        lambda: table.to_html(rows=value),
        *(
            lambda name=name: table.filter(**{name: value})
            for name in ("area", "within", "tier", "period", "indicator")
        ),
    ):
        answered_or_refused(ask)


def answered_or_refused(ask: Callable[[], object]) -> None:
    """Nothing but our exceptions, and those that say that code is wrong, comes out."""
    # Text that is no text is refused by Python itself.
    with suppress(zb.ZhibiaoError, TypeError, ImportError, UnicodeEncodeError):
        ask()


def test_an_unknown_option_is_refused_in_the_same_way() -> None:
    with pytest.raises((TypeError, zb.RequestError), match="tier"):
        zb.compute(COUNTY, DONE, tier="county")  # type: ignore[call-arg]
    with pytest.raises(zb.RequestError, match="tier") as caught:
        zb.judge(COUNTY, "preschool-2020", tier="county")  # type: ignore[call-arg]
    assert caught.value.details["value"] == "tier"
