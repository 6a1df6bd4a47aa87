"""What `zb.stat` is held against: other ways to the same figures, in 50 digits.

A limit is not found a second time. It is put into its distribution as the exact rational that a
float is, and how far the tail is missed tells how far off the limit is, relative to itself:
|F(limit) − tail| / (limit · density). Series of positive terms in integers, no inverse functions.
"""

from __future__ import annotations

from fractions import Fraction
from functools import cache

from mpmath import mp, mpf

mp.dps = 50

# The fixed point of the series. What is cut off is below 1e-44 of a sum that is at least 1.
BITS = 160


def exact(figure: float) -> mpf:
    """A float or a ratio in 50 digits."""
    ratio = Fraction(figure)
    return mpf(ratio.numerator) / ratio.denominator


@cache
def tail_of(level: float) -> mpf:
    """Half of what lies outside of limits; of the decimal that is meant, 0.95 or 0.998."""
    return exact((1 - Fraction(str(level))) / 2)


@cache
def normal_quantile(level: float) -> mpf:
    """What a standard normal variable exceeds with the probability of a tail."""
    return mp.sqrt(2) * mp.erfinv(1 - 2 * tail_of(level))


@cache
def gamma_of_half(twice: int) -> mpf:
    """The gamma function of a half of a whole number."""
    return mp.gamma(mpf(twice) / 2)


def power_of_half(base: mpf, twice: int) -> mpf:
    """A power with a half of a whole number."""
    whole = base ** (twice // 2)
    return whole * mp.sqrt(base) if twice % 2 else whole


def beta_series(p: Fraction, a: int, b: int) -> mpf:
    """2F1((a + b) / 2, 1; a / 2 + 1; p): Abramowitz & Stegun 1964, 26.5.4 summed."""
    point = (p.numerator << BITS) // p.denominator
    term = total = 1 << BITS
    over, under = a + b, a + 2
    while term:
        term = (term * over * point // under) >> BITS
        total += term
        over += 2
        under += 2
    return mpf(total) / (1 << BITS)


def beta_tail(p: Fraction, a: int, b: int) -> tuple[mpf, mpf]:
    """The regularized incomplete beta function of a / 2 and b / 2 at p; p times its density."""
    q = 1 - p
    near, far = exact(p), exact(q)
    joint = power_of_half(near, a) * power_of_half(far, b)
    joint *= gamma_of_half(a + b) / (gamma_of_half(a) * gamma_of_half(b))
    if p <= q:
        value = joint * beta_series(p, a, b) * 2 / a
    else:
        value = 1 - joint * beta_series(q, b, a) * 2 / b
    return value, joint / far


def gamma_tail(x: Fraction, a: Fraction) -> tuple[mpf, mpf]:
    """The regularized incomplete gamma function of a at x; x times its density."""
    term = total = 1 << BITS
    under = a + 1
    while term:
        ratio = x / under
        term = term * ratio.numerator // ratio.denominator
        total += term
        under += 1
    shape, point = exact(a), exact(x)
    weight = mp.exp(shape * mp.log(point) - point - mp.loggamma(shape))
    return weight / shape * total / (1 << BITS), weight


def missed(found: tuple[mpf, mpf], wanted: mpf) -> float:
    """How far off a limit is, relative to itself."""
    value, slope = found
    return float(abs(value - wanted) / slope)


def apart(found: float, wanted: mpf) -> float:
    """How far a figure is from that in 50 digits, relative to it; exact where that is 0 or 1."""
    if wanted in {0, 1}:
        return 0.0 if found == wanted else float("inf")
    return float(abs(exact(found) - wanted) / wanted)


def wilson(x: float, n: float, level: float) -> tuple[mpf, mpf]:
    """Wilson 1927; Newcombe 1998, method 3."""
    z, count, total = normal_quantile(level), exact(x), exact(n)
    middle = 2 * count + z**2
    half = z * mp.sqrt(z**2 + 4 * count * (1 - count / total))
    around = 2 * (total + z**2)
    return (
        mpf(0) if x == 0 else (middle - half) / around,
        mpf(1) if x == n else (middle + half) / around,
    )


def agresti_coull(x: float, n: float, level: float) -> tuple[mpf, mpf]:
    """Brown, Cai & DasGupta 2001, section 3, cut at 0 and 1."""
    z = normal_quantile(level)
    total = exact(n) + z**2
    middle = (exact(x) + z**2 / 2) / total
    half = z * mp.sqrt(middle * (1 - middle) / total)
    return (
        mpf(0) if x == 0 else max(middle - half, mpf(0)),
        mpf(1) if x == n else min(middle + half, mpf(1)),
    )


def byar(x: float, level: float) -> tuple[mpf, mpf]:
    """Byar's approximation, as of Breslow & Day 1987, section 2.3, cut at 0."""
    z, count, above = normal_quantile(level), exact(x), exact(x) + 1

    def bound(count: mpf, z: mpf) -> mpf:
        return count * (1 - 1 / (9 * count) + z / (3 * mp.sqrt(count))) ** 3

    lower = max(bound(count, -z), mpf(0)) if x else mpf(0)
    return lower, bound(above, z)


def error_of_beta(limits: tuple[float, float], x: int, n: int, level: float, more: int) -> float:
    """How far off limits are that stand on the beta distribution; exactly 0 and 1 at the ends.

    Halves are counted: `more` is 1 for Jeffreys, a prior of half a unit on both sides, and 2 for
    Clopper and Pearson, whose upper limit has a unit more on one side and the lower on the other.
    """
    tail, errors = tail_of(level), []
    lower, upper = limits
    shared = more % 2
    if x == 0:
        errors.append(apart(lower, mpf(0)))
    else:
        shapes = 2 * x + shared, 2 * (n - x) + more
        errors.append(missed(beta_tail(Fraction(lower), *shapes), tail))
    if x == n:
        errors.append(apart(upper, mpf(1)))
    else:
        shapes = 2 * x + more, 2 * (n - x) + shared
        errors.append(missed(beta_tail(Fraction(upper), *shapes), 1 - tail))
    return max(errors)


def error_of_limits(
    method: str, limits: tuple[float, float], x: int, n: int, level: float
) -> float:
    """How far off limits of a proportion are, by any method."""
    if method in {"wilson", "agresti-coull"}:
        formula = wilson if method == "wilson" else agresti_coull
        return max(map(apart, limits, formula(x, n, level)))
    return error_of_beta(limits, x, n, level, 2 if method == "clopper-pearson" else 1)


def error_of_count(limits: tuple[float, float], x: float, level: float) -> float:
    """How far off exact limits of a count are (Garwood 1936)."""
    tail, count = tail_of(level), Fraction(x)
    lower, upper = limits
    of_lower = missed(gamma_tail(Fraction(lower), count), tail) if x else apart(lower, mpf(0))
    return max(of_lower, missed(gamma_tail(Fraction(upper), count + 1), 1 - tail))


def error_of_student(t: mpf, df: int, level: float) -> float:
    """How far off a quantile of Student's distribution is, relative to itself."""
    share = df / (df + t**2)
    sign, digits, exponent, _ = share._mpf_
    assert sign == 0
    beyond, _ = beta_tail(Fraction(digits) * Fraction(2) ** exponent, df, 1)
    density = gamma_of_half(df + 1) / (mp.sqrt(df * mp.pi) * gamma_of_half(df))
    density *= power_of_half(share, df + 1)
    return float(abs(beyond / 2 - tail_of(level)) / (t * density))


def mean_of(values: list[float], weights: list[float]) -> mpf:
    """A weighted mean."""
    return mp.fsum(map(mp.fmul, values, weights)) / mp.fsum(weights)


def gini(values: list[float], weights: list[float]) -> mpf:
    """All pairs, as the definition has it."""
    units = list(zip(values, weights, strict=True))
    pairs = mp.fsum(
        mpf(w) * mpf(v) * abs(mpf(x) - mpf(y)) for x, w in units for y, v in units if x != y
    )
    return pairs / (2 * mean_of(values, weights) * mp.fsum(weights) ** 2)


def theil(index: str, values: list[float], weights: list[float]) -> mpf:
    """Theil 1967: T is weighted by what units have, L by how large they are."""
    mean, total = mean_of(values, weights), mp.fsum(weights)
    shares = [(mpf(x) / mean, mpf(w) / total) for x, w in zip(values, weights, strict=True)]
    if index == "theil-l":
        return mp.fsum(-w * mp.log(x) for x, w in shares if w)
    return mp.fsum(w * x * mp.log(x) for x, w in shares if x and w)


def decomposed(
    index: str, values: list[float], weights: list[float], levels: list[list[str]]
) -> tuple[list[mpf], mpf]:
    """Shorrocks 1980, group by group: among those of each level, and inside the innermost."""

    def inside(units: list[int], depth: int) -> tuple[list[mpf], mpf]:
        if depth == len(levels):
            rest = theil(index, [values[i] for i in units], [weights[i] for i in units])
            return [], rest
        groups: dict[str, list[int]] = {}
        for i in units:
            groups.setdefault(levels[depth][i], []).append(i)
        sizes = [mp.fsum(weights[i] for i in group) for group in groups.values()]
        means = [
            mean_of([values[i] for i in group], [weights[i] for i in group])
            for group in groups.values()
        ]
        had = [mean * size for mean, size in zip(means, sizes, strict=True)]
        shares = [part / mp.fsum(sizes) for part in sizes]
        if index == "theil-t":
            shares = [part / mp.fsum(had) for part in had]
        between = [theil(index, means, sizes)] + [mpf(0)] * (len(levels) - depth - 1)
        within = mpf(0)
        for share, group in zip(shares, groups.values(), strict=True):
            deeper, rest = inside(group, depth + 1)
            for place, part in enumerate(deeper, start=1):
                between[place] += share * part
            within += share * rest
        return between, within

    return inside(list(range(len(values))), 0)


def phe_bands(values: list[float], bands: int) -> list[int | None]:
    """`phe_quantile` of PHEindicatormethods 2.1 (R/Quantiles.R), the highest value in band 1.

    floor((bands + 1) − ceiling(((n + 1) − rank) / (n / bands))) in whole numbers, where no 0 comes
    out that must be made 1; rank counts from the highest value, ties have the least. NA where there
    are fewer values than bands.
    """
    n = len(values)
    if n < bands:
        return [None] * n
    ranks = [1 + sum(other > value for other in values) for value in values]
    return [bands + 1 + (rank - n - 1) * bands // n for rank in ranks]
