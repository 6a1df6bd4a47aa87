"""Statistics of plain numbers: known answers, other libraries, and laws."""

from __future__ import annotations

import math
import random
import re
import tomllib
from collections import Counter
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from itertools import pairwise
from typing import Any

import numpy as np
import polars as pl
import pytest
import scipy.stats
import zhibiao as zb
from conftest import CASES, PROJECT
from mpmath import mp, mpf
from references import (
    decomposed,
    exact,
    gini,
    mean_of,
    phe_bands,
    theil,
)
from statsmodels.regression.linear_model import WLS

Case = dict[str, Any]

LEVELS = (0.95, 0.998)
# Of any limit, relative to itself.
PRECISION = 1e-12


# Known answers: tests/cases/stat.toml says what its words mean.

# How many there are of each function.
COUNTS = {
    "proportion_limits": 94,
    "count_limits": 30,
    "mean_limits": 14,
    "direct_rate": 12,
    "indirect_ratio": 10,
    "ranks": 11,
    "quantile": 19,
    "bands": 12,
    "inequality": 20,
    "decompose": 10,
    "gradient": 16,
    "parity": 10,
    "chi_square_trend": 13,
    "weighted_trend": 8,
    "annual_growth": 15,
    "summary": 6,
}
# What a function was asked or saw, which is told also where no figure comes of it.
GIVEN = {"level", "observed", "expected", "n"}


def known() -> list[Case]:
    cases: list[Case] = tomllib.loads((CASES / "stat.toml").read_text("utf-8"))["case"]
    return cases


@pytest.mark.parametrize("case", [pytest.param(case, id=case["name"]) for case in known()])
def test_a_known_answer_is_given(case: Case) -> None:
    def ask() -> Any:
        return getattr(zb.stat, case["call"])(**case["args"])

    if "fails" in case:
        with pytest.raises(zb.ZhibiaoError) as caught:
            ask()
        assert caught.value.code == case["fails"]
        return
    found = figures(ask())
    if case["want"] == {"none": True}:
        told = [figure for name in found.keys() - GIVEN for figure in found[name]]
        assert told
        assert set(told) == {None}
        return
    for name, want in case["want"].items():
        wants = want if isinstance(want, list) else [want]
        assert len(found[name]) == len(wants), name
        for figure, text in zip(found[name], wants, strict=True):
            assert met(figure, text, case.get("within")), f"{name}: {figure}, not {text}"


def test_no_known_answer_is_lost() -> None:
    cases = known()
    assert Counter(case["call"] for case in cases) == COUNTS
    assert len({case["name"] for case in cases}) == len(cases)
    assert all(case["source"] and ("want" in case) != ("fails" in case) for case in cases)


def figures(answer: Any) -> dict[str, list[Any]]:
    """What a function gives, by name; each a list, of one figure or of a series."""
    if isinstance(answer, pl.DataFrame):
        return answer.to_dict(as_series=False)
    if isinstance(answer, pl.Series):
        return {"values": answer.to_list()}
    if not isinstance(answer, dict):
        return {"value": [answer]}
    return {name: part if isinstance(part, list) else [part] for name, part in answer.items()}


def met(figure: float | None, text: str, within: str | None) -> bool:
    """Whether a figure is what is written."""
    if figure is None or text == "none":
        return figure is None and text == "none"
    found, want = Decimal(figure), Decimal(text)
    if within is not None:
        return abs(found - want) <= Decimal(within) * abs(want)
    return found.quantize(want, ROUND_HALF_UP) == want


def test_figures_are_met_as_they_are_written() -> None:
    assert met(0.25534, "0.2553", None)
    assert met(0.125, "0.13", None)
    assert not met(0.2549, "0.2553", None)
    assert not met(0.25, "0.2553", None)
    assert not met(0.0, "none", None)
    assert not met(None, "0", None)
    assert met(0.0, "0", "1e-12")
    assert not met(1e-300, "0", "1e-12")
    assert met(1 + 1e-13, "1", "1e-12")
    assert not met(1 + 1e-11, "1", "1e-12")


# What is missing, and what shape answers have.


def test_limits_have_a_row_for_each_level_and_pair() -> None:
    frame = zb.stat.proportion_limits([1, None, 11, 5], [10, 10, 10, None], level=[0.95, 0.998])
    assert frame.columns == ["level", "lower", "upper"]
    assert frame["level"].to_list() == [0.95] * 4 + [0.998] * 4
    for bound in ("lower", "upper"):
        assert frame[bound].is_null().to_list() == [False, True, True, True] * 2
    alone = zb.stat.proportion_limits(1, 10, level=0.998)
    assert alone.rows() == frame.rows()[4:5]
    series = zb.stat.proportion_limits(pl.Series([1, None]), pl.Series([10, 10]), level=0.998)
    assert series.rows() == frame.rows()[4:6]


@pytest.mark.parametrize("kind", [list, tuple, pl.Series, np.array], ids=lambda kind: kind.__name__)
def test_any_sequence_of_numbers_will_do(kind: Callable[[list[float]], Any]) -> None:
    few, many = [1, 5, 8], [10, 10, 20]
    frame = zb.stat.proportion_limits(few, many)
    assert zb.stat.proportion_limits(kind(few), kind(many)).equals(frame)
    # One total for all.
    assert zb.stat.proportion_limits(kind(few), 10).rows()[:2] == frame.rows()[:2]
    assert zb.stat.count_limits(kind(few)).equals(zb.stat.count_limits(few))
    assert zb.stat.ranks(kind(few)).to_list() == [3, 2, 1]
    assert zb.stat.bands(kind(few), 3).to_list() == [3, 2, 1]
    assert zb.stat.quantile(kind(few), 0.5) == 5
    assert zb.stat.inequality(kind(few), kind(many)) == zb.stat.inequality(few, many)


def test_limits_of_nothing_are_an_empty_frame() -> None:
    for frame in (
        zb.stat.proportion_limits([], []),
        zb.stat.count_limits([]),
        zb.stat.mean_limits([], [], []),
    ):
        assert frame.height == 0
        assert set(frame.columns) == {"level", "lower", "upper"}


@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf])
def test_what_is_no_number_has_no_limits(bad: float) -> None:
    for frame in (
        zb.stat.proportion_limits([bad, 1, bad], [2, bad, bad]),
        zb.stat.count_limits([bad]),
        zb.stat.mean_limits([bad, 1, 1], [1, bad, 1], [5, 5, bad]),
    ):
        assert frame.select("lower", "upper").null_count().row(0) == (frame.height,) * 2


@pytest.mark.parametrize("level", [95, 99.8, 0, 1, 1.0, -0.5, math.nan])
def test_a_level_is_a_fraction(level: float) -> None:
    asked: list[Callable[[], Any]] = [
        lambda: zb.stat.proportion_limits(1, 2, level=level),
        lambda: zb.stat.count_limits(1, level=[0.95, level]),
        lambda: zb.stat.mean_limits(1, 1, 2, level=level),
        lambda: zb.stat.direct_rate([1], [2], [1], level=level),
        lambda: zb.stat.indirect_ratio([1], [2], [1], [2], level=level),
        lambda: zb.stat.gradient([1, 2, 4], [1, 1, 1], [1, 2, 3], level=level),
    ]
    for ask in asked:
        with pytest.raises(zb.ZhibiaoError) as caught:
            ask()
        assert caught.value.code == "bad-level"
    with pytest.raises(zb.ZhibiaoError, match=r"0\.95"):
        zb.stat.count_limits(1, level=95)


@pytest.mark.parametrize("ties", ["min", "max", "average", "dense"])
def test_what_is_missing_has_no_rank(ties: str) -> None:
    ranks = zb.stat.ranks([None, 3, 1, None, 3], better="lower", ties=ties)
    expected = scipy.stats.rankdata([3, 1, 3], ties)
    assert ranks.is_null().to_list() == [True, False, False, True, False]
    assert ranks.drop_nulls().to_list() == expected.tolist()


@pytest.mark.parametrize("method", ["r6", "r7", "phe"])
def test_what_is_missing_has_no_band(method: str) -> None:
    values = [5.0, None, 1.0, 3.0, None, 2.0, 4.0, 6.0]
    bands = zb.stat.bands(values, 3, method=method)
    assert bands.is_null().to_list() == [value is None for value in values]
    alone = zb.stat.bands([value for value in values if value is not None], 3, method=method)
    assert bands.drop_nulls().to_list() == alone.to_list()


def test_what_is_missing_has_no_part_in_a_quantile() -> None:
    assert zb.stat.quantile([4, None, 1, None, 2], 0.5) == 2
    assert zb.stat.quantile([None, None], 0.5) is None


# Ranks, quantiles, bands.


@pytest.mark.parametrize("ties", ["min", "max", "average", "dense"])
@pytest.mark.parametrize("better", ["lower", "higher"])
def test_ranks_are_those_of_scipy(ties: str, better: str) -> None:
    random_of = np.random.default_rng(4)
    for size in (1, 2, 7, 100, 2843):
        for values in (random_of.normal(size=size), random_of.integers(0, 1 + size // 3, size) / 8):
            expected = scipy.stats.rankdata(values if better == "lower" else -values, ties)
            assert zb.stat.ranks(values, better=better, ties=ties).to_list() == expected.tolist()


def test_zeros_of_either_sign_share_a_rank() -> None:
    assert zb.stat.ranks([0.0, -0.0, 1.0]).to_list() == [2, 2, 1]
    assert zb.stat.bands([0.0, -0.0, 1.0, 1.0], 2, method="phe").to_list() == [2, 2, 1, 1]


@pytest.mark.parametrize(("method", "name"), [("r6", "weibull"), ("r7", "linear")])
def test_quantiles_are_those_of_numpy(method: str, name: str) -> None:
    random_of = np.random.default_rng(5)
    for size in (1, 2, 3, 10, 99, 2843):
        values = random_of.normal(50, 20, size)
        for at in (0, 0.001, 0.1, 0.25, 1 / 3, 0.5, 0.75, 0.9, 0.999, 1, *random_of.random(20)):
            found = zb.stat.quantile(values, at, method=method)
            # numpy interpolates from the nearer side.
            assert found == pytest.approx(np.quantile(values, at, method=name), rel=1e-13)


def bands_by_quantile(values: list[int], bands: int, method: str) -> list[int]:
    """From the lowest, in ratios of integers: one more than the quantiles that lie below."""
    ordered = sorted(values)
    n = len(ordered)
    cuts = []
    for k in range(1, bands):
        share = Fraction(k, bands)
        at = share * (n - 1) if method == "r7" else share * (n + 1) - 1
        at = min(max(at, Fraction(0)), Fraction(n - 1))
        low = math.floor(at)
        above = ordered[min(low + 1, n - 1)]
        cuts.append(ordered[low] + (at - low) * (above - ordered[low]))
    return [1 + sum(cut < value for cut in cuts) for value in values]


@pytest.mark.parametrize("method", ["r6", "r7"])
@pytest.mark.parametrize("bands", [2, 3, 4, 5, 10])
def test_bands_lie_between_quantiles(method: str, bands: int) -> None:
    random_of = np.random.default_rng(6)
    for size in (bands, bands + 1, 12, 40, 101, 333):
        for largest in (3, size, 10**6):
            values = random_of.integers(0, largest, size).tolist()
            lowest = bands_by_quantile(values, bands, method)
            found = zb.stat.bands(values, bands, better="lower", method=method)
            assert found.to_list() == lowest
            found = zb.stat.bands(values, bands, better="higher", method=method)
            assert found.to_list() == [bands + 1 - band for band in lowest]


@pytest.mark.parametrize("bands", [2, 3, 4, 5, 7, 10])
def test_bands_by_ranks_are_those_of_phe(bands: int) -> None:
    random_of = np.random.default_rng(8)
    for size in (1, bands - 1, bands, bands + 1, 12, 49, 150, 343):
        for largest in (3, size, 10**6):
            values = random_of.integers(0, largest, size, endpoint=True).tolist()
            found = zb.stat.bands(values, bands, better="higher", method="phe")
            assert found.to_list() == phe_bands(values, bands)
            found = zb.stat.bands(values, bands, better="lower", method="phe")
            assert found.to_list() == phe_bands([-value for value in values], bands)


# Inequality.


def counties() -> tuple[list[float], list[float], list[list[str]]]:
    """3,000 areas with values and sizes, in 31 provinces and 300 prefectures, unevenly."""
    random_of = np.random.default_rng(9)
    values = random_of.lognormal(9, 0.5, 3000).round(2).tolist()
    sizes = np.ceil(random_of.lognormal(10, 1, 3000)).tolist()
    province_of = [*range(31), *random_of.integers(0, 31, 269).tolist()]
    prefectures = [*range(300), *random_of.integers(0, 300, 2700).tolist()]
    provinces = [f"P{province_of[prefecture]}" for prefecture in prefectures]
    return values, sizes, [provinces, [f"C{prefecture}" for prefecture in prefectures]]


def far(found: float, wanted: mpf) -> float:
    """How far figures are apart, relative to the one that is wanted."""
    return float(abs(mpf(found) - wanted) / abs(wanted))


def test_inequality_is_that_of_50_digits() -> None:
    values, sizes, _ = counties()
    found = zb.stat.inequality(values, sizes, share=0.1)
    mean = mean_of(values, sizes)
    total = mp.fsum(sizes)
    squares = mp.fsum(w * (mpf(x) - mean) ** 2 for x, w in zip(values, sizes, strict=True))
    gaps = mp.fsum(w * abs(mpf(x) - mean) for x, w in zip(values, sizes, strict=True))
    assert far(found["mean"], mean) <= 1e-14
    assert far(found["deviation"], mp.sqrt(squares / total)) <= PRECISION
    assert far(found["cv"], mp.sqrt(squares / total) / mean) <= PRECISION
    assert far(found["mean_gap"], gaps / total) <= PRECISION
    assert far(found["theil_t"], theil("theil-t", values, sizes)) <= PRECISION
    assert far(found["theil_l"], theil("theil-l", values, sizes)) <= PRECISION
    ends = [share_of(values, sizes, mpf(1) / 10, sign) for sign in (-1, 1)]
    assert far(found["top_to_bottom"], ends[0] / ends[1]) <= PRECISION


def share_of(values: list[float], sizes: list[float], share: mpf, sign: int) -> mpf:
    """The sum of the values in a share of all weight, from one end."""
    left, had = share * mp.fsum(sizes), mpf(0)
    for value, size in sorted(zip(values, sizes, strict=True), key=lambda unit: sign * unit[0]):
        part = min(left, mpf(size))
        had += part * mpf(value)
        left -= part
    return had


def test_gini_is_that_of_all_pairs() -> None:
    random_of = np.random.default_rng(10)
    for size in (2, 3, 10, 150):
        for values in (random_of.lognormal(0, 1, size), random_of.integers(0, 5, size) + 0.5):
            weights = random_of.integers(0, 9, size) + 0.25
            found = zb.stat.inequality(values, weights)["gini"]
            assert far(found, gini(values.tolist(), weights.tolist())) <= PRECISION


@pytest.mark.parametrize("figure", ["cv", "gini", "theil_t", "theil_l", "top_to_bottom"])
def test_relative_inequality_knows_no_unit(figure: str) -> None:
    values, sizes, _ = counties()
    found = zb.stat.inequality(values, sizes)[figure]
    for scale in (1e-4, 1e4, 7.0):
        scaled = zb.stat.inequality([value * scale for value in values], sizes)[figure]
        assert scaled == pytest.approx(found, rel=PRECISION)
        weighed = zb.stat.inequality(values, [size * scale for size in sizes])[figure]
        assert weighed == pytest.approx(found, rel=PRECISION)


def test_a_weight_is_so_many_units() -> None:
    random_of = np.random.default_rng(11)
    values = random_of.lognormal(0, 1, 40).tolist()
    weights = random_of.integers(0, 6, 40).tolist()
    many = [value for value, weight in zip(values, weights, strict=True) for _ in range(weight)]
    weighed, counted = zb.stat.inequality(values, weights), zb.stat.inequality(many)
    assert weighed.keys() == counted.keys()
    for name, figure in weighed.items():
        assert figure == pytest.approx(counted[name], rel=PRECISION), name


def test_the_order_of_units_means_nothing() -> None:
    values, sizes, levels = counties()
    order = np.random.default_rng(12).permutation(3000).tolist()
    moved = zb.stat.inequality([values[i] for i in order], [sizes[i] for i in order])
    assert moved == pytest.approx(zb.stat.inequality(values, sizes), rel=PRECISION)
    parts = zb.stat.decompose(values, sizes, levels)
    moved = zb.stat.decompose(
        [values[i] for i in order],
        [sizes[i] for i in order],
        [[level[i] for i in order] for level in levels],
    )
    assert moved["between"] == pytest.approx(parts["between"], rel=PRECISION)
    assert moved["within"] == pytest.approx(parts["within"], rel=PRECISION)


@pytest.mark.parametrize("index", ["theil-t", "theil-l"])
def test_parts_of_inequality_are_those_of_50_digits_and_add_up(index: str) -> None:
    values, sizes, levels = counties()
    found = zb.stat.decompose(values, sizes, levels, index=index)
    between, within = decomposed(index, values, sizes, levels)
    assert len(found["between"]) == 2
    # Between provinces there is little: what is lost is small against the whole.
    total = theil(index, values, sizes)
    for part, wanted in zip([*found["between"], found["within"]], [*between, within], strict=True):
        assert abs(mpf(part) - wanted) <= PRECISION * total
    assert far(found["total"], total) <= PRECISION
    whole = mp.fsum([*found["between"], found["within"]])
    assert abs(whole - found["total"]) <= PRECISION * found["total"]
    alone = zb.stat.inequality(values, sizes)[index.replace("-", "_")]
    assert found["total"] == pytest.approx(alone, rel=PRECISION)


@pytest.mark.parametrize("index", ["theil-t", "theil-l"])
def test_a_level_more_splits_what_lay_within(index: str) -> None:
    values, sizes, levels = counties()
    coarse = zb.stat.decompose(values, sizes, levels[:1], index=index)
    fine = zb.stat.decompose(values, sizes, levels, index=index)
    assert fine["between"][0] == pytest.approx(coarse["between"][0], rel=PRECISION)
    assert fine["between"][1] + fine["within"] == pytest.approx(coarse["within"], rel=PRECISION)
    single = zb.stat.decompose(values, sizes, [[str(i) for i in range(3000)]], index=index)
    assert single["within"] == pytest.approx(0, abs=PRECISION)


# Gradients and trends.


@pytest.mark.parametrize("level", LEVELS)
def test_gradients_are_those_of_statsmodels(level: float) -> None:
    random_of = np.random.default_rng(13)
    for size in (3, 5, 31, 300, 3000):
        order = random_of.integers(0, 2 * size, size)
        order[:2] = (0, 2 * size)
        weights = np.ceil(random_of.lognormal(8, 1, size))
        values = 50 + 0.02 * order * 1000 / size + random_of.normal(0, 5, size)
        share = weights / weights.sum()
        ridit = np.array([share[order < at].sum() + share[order == at].sum() / 2 for at in order])
        fit = WLS(values, np.column_stack([np.ones(size), ridit]), weights=weights).fit()
        (first, slope), t = fit.params, scipy.stats.t.isf((1 - level) / 2, size - 2)
        by = np.array([1 / (first + slope) - 1 / first, 1 / (first + slope)])
        half = t * math.sqrt(by @ fit.cov_params() @ by)
        relative = (first + slope) / first
        found = zb.stat.gradient(values, weights, order, level=level)
        assert found == pytest.approx(
            {
                "slope": slope,
                "slope_lower": slope - t * fit.bse[1],
                "slope_upper": slope + t * fit.bse[1],
                "relative": relative,
                "relative_lower": relative * math.exp(-half),
                "relative_upper": relative * math.exp(half),
            },
            # Least squares by a pseudoinverse lose some digits.
            rel=1e-10,
        )


def test_a_trend_has_no_origin_and_no_direction_of_its_own() -> None:
    counts, totals = [994, 1023, 1199, 1332, 1367], [40299, 41527, 42811, 44064, 44701]
    found = zb.stat.chi_square_trend([1, 2, 3, 4, 5], counts, totals)
    later = zb.stat.chi_square_trend([2014, 2015, 2016, 2017, 2018], counts, totals)
    assert later == pytest.approx(found, rel=1e-10)
    back = zb.stat.chi_square_trend([5, 4, 3, 2, 1], counts, totals)
    assert back == pytest.approx(found | {"slope": -found["slope"]}, rel=1e-10)
    twice = zb.stat.chi_square_trend([2, 4, 6, 8, 10], counts, totals)
    assert twice == pytest.approx(found | {"slope": found["slope"] / 2}, rel=1e-10)
    left = [total - count for count, total in zip(counts, totals, strict=True)]
    rest = zb.stat.chi_square_trend([1, 2, 3, 4, 5], left, totals)
    assert rest == pytest.approx(found | {"slope": -found["slope"]}, rel=1e-10)


def test_the_probability_of_a_trend_is_that_of_scipy() -> None:
    random_of = np.random.default_rng(14)
    for size in (2, 3, 5, 12):
        for rise in (0, 0.01, 0.3, 3):
            times = np.arange(size)
            errors = random_of.uniform(0.5, 2, size)
            values = rise * times + random_of.normal(0, 1, size)
            found = zb.stat.weighted_trend(times, values, errors)
            fit = WLS(values, np.column_stack([np.ones(size), times]), weights=errors**-2.0).fit()
            scaled = fit.normalized_cov_params[1, 1]
            assert found["slope"] == pytest.approx(fit.params[1], rel=1e-10, abs=1e-13)
            assert found["statistic"] == pytest.approx(fit.params[1] ** 2 / scaled, rel=1e-9)
            tail = scipy.stats.chi2.sf(found["statistic"], 1)
            assert found["p"] == pytest.approx(tail, rel=1e-11)


@pytest.mark.parametrize("statistic", [1e-12, 0.01, 1, 9.54953570608324, 50, 300, 1200])
def test_small_probabilities_keep_their_digits(statistic: float) -> None:
    found = zb.stat.weighted_trend([0, 1], [0, math.sqrt(statistic)], [math.sqrt(0.5)] * 2)
    wanted = mp.erfc(mp.sqrt(exact(found["statistic"]) / 2))
    assert found["statistic"] == pytest.approx(statistic, rel=1e-14)
    assert far(found["p"], wanted) <= PRECISION


# Exact summaries: the univariate data of NIST, https://www.itl.nist.gov/div898/strd/.

NIST = {
    "PiDigits": 5000,
    "Lottery": 218,
    "Lew": 200,
    "Mavro": 50,
    "Michelso": 100,
    "NumAcc1": 3,
    "NumAcc2": 1001,
    "NumAcc3": 1001,
    "NumAcc4": 1001,
}
# Made so that the figures are what is certified, to the last digit.
MADE = ("NumAcc1", "NumAcc2", "NumAcc3", "NumAcc4")


def nist(name: str) -> tuple[list[str], dict[str, str]]:
    """The figures as they are written, and what is certified of them."""
    text = (PROJECT / "tests" / "data" / "nist" / f"{name}.dat").read_text("ascii")
    _, head, data = re.split(r"Certified Values\n|\n-{5,}\n", text)
    certified = re.findall(r"^Sample (\w+).*: +(\S+)$", head, re.MULTILINE)
    names = {"Mean": "mean", "Standard": "deviation", "Autocorrelation": "autocorrelation"}
    return data.split(), {names[what]: figure for what, figure in certified}


def digits_right(found: float, certified: str) -> float:
    """The log relative error: how many digits of what is certified are met."""
    off = abs(Fraction(found) - Fraction(certified)) / abs(Fraction(certified))
    return -math.log10(off) if off else math.inf


@pytest.mark.parametrize("name", NIST)
def test_summaries_are_those_that_nist_certifies(name: str) -> None:
    figures, certified = nist(name)
    assert len(figures) == NIST[name]
    assert certified.keys() == {"mean", "deviation", "autocorrelation"}
    for values in (figures, [Decimal(figure) for figure in figures]):
        found = zb.stat.summary(values)
        assert found["n"] == NIST[name]
        for what, figure in certified.items():
            assert digits_right(found[what], figure) >= 14, what
            if name in MADE:
                assert found[what] == float(figure), what


@pytest.mark.parametrize("name", ["Lew", "Lottery", "NumAcc1", "PiDigits"])
def test_integers_are_summed_up_as_they_are(name: str) -> None:
    figures, _ = nist(name)
    assert zb.stat.summary([int(figure) for figure in figures]) == zb.stat.summary(figures)


@pytest.mark.parametrize(("name", "most"), [("NumAcc3", 9.5), ("NumAcc4", 8.3)])
def test_floats_have_lost_what_decimals_keep(name: str, most: float) -> None:
    figures, certified = nist(name)
    floats = [Fraction(float(figure)) for figure in figures]
    mean = sum(floats) / len(floats)
    variance = sum((figure - mean) ** 2 for figure in floats) / (len(floats) - 1)
    # No rounding after this: it is the figures themselves that are not those of the file.
    best = mp.sqrt(exact(variance))
    off = abs(best - mpf(certified["deviation"])) / mpf(certified["deviation"])
    assert most - 0.3 < -mp.log10(off) < most
    assert zb.stat.summary(figures)["deviation"] == float(certified["deviation"])


def test_summaries_are_rounded_once() -> None:
    chosen = random.Random(15)
    for _ in range(200):
        scale = chosen.randint(0, 6)
        integers = [chosen.randint(-(10**9), 10**9) for _ in range(chosen.randint(2, 30))]
        values = [Fraction(integer, 10**scale) for integer in integers]
        texts = [str(Decimal(integer).scaleb(-scale)) for integer in integers]
        mean = sum(values) / len(values)
        squares = sum((value - mean) ** 2 for value in values)
        lagged = sum((a - mean) * (b - mean) for a, b in pairwise(values))
        root = mp.sqrt(exact(squares / (len(values) - 1)))
        assert zb.stat.summary(texts) == {
            "n": len(values),
            "mean": float(mean),
            "deviation": float(root),
            "autocorrelation": float(lagged / squares),
        }
