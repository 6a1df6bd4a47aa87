"""Limits of proportions, counts and means: arbitrary precision, other libraries, and laws."""

from __future__ import annotations

import math
import multiprocessing
import os
import random
from concurrent.futures import ProcessPoolExecutor
from fractions import Fraction
from itertools import chain, pairwise

import numpy as np
import polars as pl
import pytest
import scipy.stats
import zhibiao as zb
from conftest import python, said
from mpmath import mp, mpf
from references import (
    apart,
    beta_tail,
    byar,
    error_of_count,
    error_of_limits,
    error_of_student,
    exact,
    gamma_tail,
    missed,
)
from statsmodels.stats.proportion import proportion_confint

LEVELS = (0.95, 0.998)
METHODS = ("wilson", "clopper-pearson", "jeffreys", "agresti-coull")
# Of any limit, relative to itself.
PRECISION = 1e-12
# The step between floats from 1 on.
ULP = 2.0**-52
LARGEST = 500
SLOW = pytest.mark.skipif("ZHIBIAO_SLOW" not in os.environ, reason="set ZHIBIAO_SLOW to run it")


# Limits against 50 digits.


def limits_of(method: str, pairs: list[tuple[int, int]]) -> dict[float, list[tuple[float, float]]]:
    """Limits of many proportions, by level."""
    counts, totals = zip(*pairs, strict=True)
    frame = zb.stat.proportion_limits(counts, totals, level=list(LEVELS), method=method)
    assert frame["level"].to_list() == [level for level in LEVELS for _ in pairs]
    rows = list(zip(frame["lower"].to_list(), frame["upper"].to_list(), strict=True))
    return {level: rows[at * len(pairs) :][: len(pairs)] for at, level in enumerate(LEVELS)}


def worst(pairs: list[tuple[int, int]]) -> list[tuple[float, str, float, int, int]]:
    """The largest error of each method and level, and where it is."""
    return [
        max(
            (error_of_limits(method, limits, x, n, level), method, level, x, n)
            for limits, (x, n) in zip(rows, pairs, strict=True)
        )
        for method in METHODS
        for level, rows in limits_of(method, pairs).items()
    ]


def stratified() -> list[tuple[int, int]]:
    """All counts of small totals; else the ends, and one of each fifth of what lies between."""
    chosen = random.Random(20241129)
    pairs = [(x, n) for n in range(1, 41) for x in range(n + 1)]
    for n in range(41, LARGEST + 1):
        inner = range(2, n - 1)
        fifths = [inner[len(inner) * k // 5 : len(inner) * (k + 1) // 5] for k in range(5)]
        pairs += [(x, n) for x in (0, 1, n - 1, n, *map(chosen.choice, fifths))]
    return pairs


def test_limits_of_proportions_are_those_of_50_digits() -> None:
    pairs = stratified()
    assert len(set(pairs)) == len(pairs) == 5000
    for error, *where in worst(pairs):
        assert error <= PRECISION, where


@SLOW
def test_limits_of_all_small_proportions_are_those_of_50_digits() -> None:
    pairs = [(x, n) for n in range(1, LARGEST + 1) for x in range(n + 1)]
    assert len(pairs) == 125_750
    parts = [pairs[at::50] for at in range(50)]
    with ProcessPoolExecutor(2, multiprocessing.get_context("spawn")) as pool:
        for error, *where in chain.from_iterable(pool.map(worst, parts)):
            assert error <= PRECISION, where


@pytest.mark.parametrize("method", METHODS)
def test_limits_rise_with_the_count_and_are_mirrored(method: str) -> None:
    for n in (1, 2, 3, 7, 30, 100, 499, 1000):
        pairs = [(x, n) for x in range(n + 1)]
        for limits in limits_of(method, pairs).values():
            lowers, uppers = zip(*limits, strict=True)
            for bounds in (lowers, uppers):
                # Those of Agresti and Coull are cut at 0 and 1.
                steps = [b - a for a, b in pairwise(bounds)]
                assert min(steps) >= 0 if method == "agresti-coull" else min(steps) > 0
            assert (lowers[0], uppers[-1]) == (0, 1)
            for (x, _), (lower, upper) in zip(pairs, limits, strict=True):
                assert 0 <= lower < upper <= 1
                assert x in {0, n} or lower < x / n < upper
                # Both limits are rounded, and what is near 1 is so in half steps.
                assert abs(lower - (1 - uppers[n - x])) <= 2 * ULP


def test_limits_of_counts_are_those_of_50_digits() -> None:
    chosen = random.Random(7)
    counts = [*map(float, range(501)), *(chosen.uniform(0.1, 30) for _ in range(200))]
    counts += [float(round(10 ** chosen.uniform(2.7, 4))) for _ in range(100)]
    for method in ("exact", "byar", "exact-byar"):
        frame = zb.stat.count_limits(counts, level=list(LEVELS), method=method)
        rows = zip(frame["lower"].to_list(), frame["upper"].to_list(), strict=True)
        for (level, x), limits in zip(
            ((at, x) for at in LEVELS for x in counts), rows, strict=True
        ):
            if method == "exact" or (method == "exact-byar" and x < 10):
                error = error_of_count(limits, x, level)
            else:
                error = max(map(apart, limits, byar(x, level)))
            assert error <= PRECISION, (method, level, x)


def test_limits_of_means_are_those_of_50_digits() -> None:
    sizes = [*range(2, 121), 500, 1000]
    frame = zb.stat.mean_limits([0] * len(sizes), [1] * len(sizes), sizes, level=list(LEVELS))
    asked = [(level, n) for level in LEVELS for n in sizes]
    for (level, n), lower, upper in zip(asked, frame["lower"], frame["upper"], strict=True):
        assert lower == -upper
        assert error_of_student(exact(upper) * mp.sqrt(n), n - 1, level) <= PRECISION, (level, n)


def test_the_reference_is_that_of_scipy() -> None:
    # Of scipy at worst 7e-12 off, where gamma densities of 3000 are exponentials of logarithms.
    chosen = random.Random(3)
    for _ in range(500):
        a, b = chosen.randint(1, 1001), chosen.randint(1, 1001)
        p = min(
            max(scipy.stats.beta.ppf(chosen.uniform(0.001, 0.999), a / 2, b / 2), 1e-9), 1 - 1e-9
        )
        value, density = beta_tail(Fraction(p), a, b)
        assert float(value) == pytest.approx(scipy.stats.beta.cdf(p, a / 2, b / 2), rel=1e-9)
        assert float(density) == pytest.approx(p * scipy.stats.beta.pdf(p, a / 2, b / 2), rel=1e-9)
        shape = chosen.uniform(0.1, 3000)
        x = scipy.stats.gamma.ppf(chosen.uniform(0.001, 0.999), shape)
        value, density = gamma_tail(Fraction(x), Fraction(shape))
        assert float(value) == pytest.approx(scipy.stats.gamma.cdf(x, shape), rel=1e-9)
        assert float(density) == pytest.approx(x * scipy.stats.gamma.pdf(x, shape), rel=1e-9)


def test_the_reference_tells_an_error_of_a_trillionth() -> None:
    right = float(scipy.stats.beta.ppf(0.025, 7, 4))
    near = missed(beta_tail(Fraction(right), 14, 8), mpf("0.025"))
    off = missed(beta_tail(Fraction(right * (1 + 1e-11)), 14, 8), mpf("0.025"))
    assert near < 1e-13
    assert off == pytest.approx(1e-11, rel=0.05)


EXTREMES = """
import zhibiao as zb
small = (1e-9, 1e-3, 0.005, 0.3, 1)
sizes = (0.002, 1, 10, 1e3, 1e6, 1e9, 1e12)
pairs = [(x, n) for n in sizes for d in small if d <= n for x in (d, n - d, n / 2)]
levels = [1e-9, 1e-3, 0.95, 0.998, 1 - 1e-9, 1 - 1e-15]
for method in ("wilson", "clopper-pearson", "jeffreys", "agresti-coull"):
    frame = zb.stat.proportion_limits(*zip(*pairs), level=levels, method=method)
    for row in frame.select("lower", "upper").rows():
        assert None not in row and 0 <= row[0] <= row[1] <= 1, (method, row)
for method in ("exact", "byar"):
    frame = zb.stat.count_limits([*small, *sizes, 1e15], level=levels, method=method)
    for row in frame.select("lower", "upper").rows():
        assert None not in row and 0 <= row[0] <= row[1] < 1e16, (method, row)
print("done")
"""


def test_extremes_have_limits_and_soon() -> None:
    assert said(python(EXTREMES, timeout=30)) == "done"


# Limits against other libraries, on draws.


def draws(largest: int) -> tuple[np.ndarray, np.ndarray]:
    """Counts and totals: small and large ones, also near none and all."""
    random_of = np.random.default_rng(20241129)
    totals = np.exp(random_of.uniform(0, math.log(largest), 10_000)).astype(np.int64)
    shares = random_of.choice([0.0, 0.5, 1.0], 10_000) + random_of.normal(0, 0.05, 10_000)
    shares = np.where(random_of.random(10_000) < 0.5, random_of.random(10_000), abs(shares) % 1)
    return np.rint(totals * shares).astype(np.int64), totals


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize(
    ("method", "name"),
    [
        ("wilson", "wilson"),
        ("clopper-pearson", "beta"),
        ("jeffreys", "jeffreys"),
        ("agresti-coull", "agresti_coull"),
    ],
)
def test_limits_of_proportions_are_those_of_statsmodels(
    method: str, name: str, level: float
) -> None:
    x, n = draws(10**6)
    frame = zb.stat.proportion_limits(pl.Series(x), pl.Series(n), level=level, method=method)
    lower, upper = proportion_confint(x, n, alpha=1 - level, method=name)
    # At the ends statsmodels has no 0 and 1, or 1e-17 instead.
    inner = (x > 0) & (x < n)
    assert inner.sum() > 8000
    # There, differences of near numbers lose a few digits of small limits.
    for ours, theirs in ((frame["lower"], lower), (frame["upper"], upper)):
        np.testing.assert_allclose(ours.to_numpy()[inner], theirs[inner], rtol=1e-9, atol=1e-14)


@pytest.mark.parametrize("level", LEVELS)
def test_limits_of_counts_are_those_of_scipy(level: float) -> None:
    x, _ = draws(10**6)
    frame = zb.stat.count_limits(pl.Series(x), level=level, method="exact")
    tail, positive = (1 - level) / 2, x > 0
    lower = scipy.stats.chi2.ppf(tail, 2 * x[positive]) / 2
    upper = scipy.stats.chi2.isf(tail, 2 * x + 2) / 2
    # 1 − 0.95 is off by 1e-15, quantiles of scipy by a few digits of a large count.
    np.testing.assert_allclose(frame["lower"].to_numpy()[positive], lower, rtol=1e-11)
    np.testing.assert_allclose(frame["upper"].to_numpy(), upper, rtol=1e-11)
    assert set(frame["lower"].to_numpy()[~positive]) == {0}


@pytest.mark.parametrize("level", LEVELS)
def test_limits_of_means_are_those_of_scipy(level: float) -> None:
    _, n = draws(10**6)
    n = n[n > 1]
    random_of = np.random.default_rng(1)
    mean, sd = random_of.normal(0, 100, len(n)), random_of.uniform(0.1, 10, len(n))
    frame = zb.stat.mean_limits(pl.Series(mean), pl.Series(sd), pl.Series(n), level=level)
    half = scipy.stats.t.isf((1 - level) / 2, n - 1) * sd / np.sqrt(n)
    # Limits near 0 are differences of a mean of up to 400.
    np.testing.assert_allclose(frame["lower"].to_numpy(), mean - half, rtol=1e-11, atol=1e-11)
    np.testing.assert_allclose(frame["upper"].to_numpy(), mean + half, rtol=1e-11, atol=1e-11)
