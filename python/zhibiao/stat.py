"""Statistics (统计量) of plain numbers: limits, ranks, inequality, gradients, trends.

What the methods of :class:`zhibiao.IndicatorTable` compute with, for figures that come from
elsewhere. A figure that does not exist is None, or null in a frame: never NaN. Confidence levels
are fractions (0.95); formulas and their sources stand in the documentation of the Rust crate,
module ``stat``.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Literal, SupportsFloat, TypeAlias, cast

import polars as pl

from zhibiao import _native
from zhibiao.errors import bad_option
from zhibiao.frames import Opened, Source

__all__ = [
    "annual_growth",
    "bands",
    "chi_square_trend",
    "count_limits",
    "decompose",
    "direct_rate",
    "funnel_limits",
    "gradient",
    "indirect_ratio",
    "inequality",
    "mean_limits",
    "parity",
    "proportion_limits",
    "quantile",
    "ranks",
    "summary",
    "weighted_trend",
]

Numbers: TypeAlias = float | Sequence[float] | pl.Series
Levels: TypeAlias = float | Iterable[float]
ProportionMethod = Literal["wilson", "clopper-pearson", "jeffreys", "agresti-coull"]
CountMethod = Literal["exact-byar", "exact", "byar"]
Better = Literal["higher", "lower"]
Ties = Literal["min", "max", "average", "dense"]
QuantileMethod = Literal["r7", "r6"]
BandMethod = Literal["r7", "r6", "phe"]


def proportion_limits(
    x: Numbers, n: Numbers, *, level: Levels = 0.95, method: ProportionMethod = "wilson"
) -> pl.DataFrame:
    """Limits of proportions ``x / n`` (比例的置信限), as fractions.

    Args:
        x: How many are counted, one or several.
        n: Of how many.
        level: One level or several.
        method: ``"wilson"``, ``"clopper-pearson"``, ``"jeffreys"`` or ``"agresti-coull"``.

    Returns:
        Columns ``level, lower, upper``: one row per level and pair, levels outermost. Null where
        ``n <= 0``, ``x < 0`` or ``x > n``.

    Raises:
        RequestError: ``bad-level``, ``bad-option``.

    Example:
        >>> from zhibiao import stat
        >>> stat.proportion_limits(81, 263)["lower"].round(4).to_list()
        [0.2553]
    """
    frame = _frame({"x": x, "n": n})
    return pl.DataFrame(Opened(lambda: _native.proportion_limits(frame, levels(level), method)))


def count_limits(
    x: Numbers, *, level: Levels = 0.95, method: CountMethod = "exact-byar"
) -> pl.DataFrame:
    """Limits of counts (计数的置信限); those of a rate are these over its denominator.

    Args:
        x: Counts.
        level: One level or several.
        method: ``"exact-byar"`` is exact below 10 and Byar's approximation from 10.

    Returns:
        Columns ``level, lower, upper``, as for :func:`proportion_limits`. Null for negative counts.

    Raises:
        RequestError: ``bad-level``, ``bad-option``.

    Example:
        >>> from zhibiao import stat
        >>> stat.count_limits(5, method="exact")["upper"].round(2).to_list()
        [11.67]
    """
    frame = _frame({"x": x})
    return pl.DataFrame(Opened(lambda: _native.count_limits(frame, levels(level), method)))


def mean_limits(mean: Numbers, sd: Numbers, n: Numbers, *, level: Levels = 0.95) -> pl.DataFrame:
    """Limits of means (均值的置信限) by Student's t; ``sd`` is the sample standard deviation.

    Returns:
        Columns ``level, lower, upper``, as for :func:`proportion_limits`. Null below 2 figures, and
        where ``sd`` is not above 0.

    Raises:
        RequestError: ``bad-level``.

    Example:
        >>> from zhibiao import stat
        >>> stat.mean_limits(10, 2, 4)["lower"].round(3).to_list()
        [6.818]
    """
    frame = _frame({"mean": mean, "sd": sd, "n": n})
    return pl.DataFrame(Opened(lambda: _native.mean_limits(frame, levels(level))))


def funnel_limits(
    target: Numbers,
    n: Numbers,
    *,
    level: Levels = (0.95, 0.998),
    of: Literal["share", "rate"] = "share",
) -> pl.DataFrame:
    """Limits of a funnel (漏斗图控制限) around a target, for areas with denominators ``n``.

    Args:
        target: The common share or rate, as a fraction.
        n: Denominators.
        level: One level or several.
        of: Shares (normal, as Wilson's limits turned round) or rates (exact, Poisson).

    Returns:
        Columns ``level, lower, upper``, as for :func:`proportion_limits`.

    Raises:
        RequestError: ``bad-level``, ``bad-option``.

    Example:
        >>> from zhibiao import stat
        >>> stat.funnel_limits(0.5, [20, 20000], level=0.95)["lower"].round(3).to_list()
        [0.281, 0.493]
    """
    if of not in {"share", "rate"}:
        raise bad_option("funnel", of, '"share" or "rate"')
    if of == "share" and isinstance(target, (int, float)) and not 0 <= target <= 1:
        raise bad_option("target", target, "a fraction from 0 to 1: 80 % is 0.8")
    frame = _frame({"target": target, "n": n})
    return pl.DataFrame(Opened(lambda: _native.funnel_limits(frame, levels(level), of)))


def direct_rate(
    count: Sequence[float],
    population: Sequence[float],
    weight: Sequence[float],
    *,
    level: Levels = 0.95,
    method: CountMethod = "exact-byar",
) -> pl.DataFrame:
    """The rate that a standard population would have (直接标准化率), with Dobson's limits.

    Args:
        count: Events of each stratum.
        population: Those among whom they were counted.
        weight: The standard population, in the same order; tables of indicators bind it by key.
        level: One level or several.
        method: That of the limits of all events together.

    Returns:
        Columns ``level, value, lower, upper``, one row a level. Without events the value is 0 and
        has no limits.

    Raises:
        RequestError: ``bad-level``, ``bad-option``.

    Example:
        >>> from zhibiao import stat
        >>> stat.direct_rate([20, 10], [1000, 100], [1, 3])["value"].round(9).to_list()
        [0.08]
    """
    strata = _strata(count, population, weight)
    found = [(one, _native.direct_rate(strata, one, method)) for one in levels(level)]
    rows = [(one, *(figures or (None,) * 3)) for one, figures in found]
    return _floats(rows, ["level", "value", "lower", "upper"])


def indirect_ratio(
    count: Sequence[float],
    population: Sequence[float],
    reference_count: Sequence[float],
    reference_population: Sequence[float],
    *,
    level: Levels = 0.95,
    method: CountMethod = "exact-byar",
) -> pl.DataFrame:
    """Events against those that the rates of a reference would give (间接标准化比), with limits.

    Returns:
        Columns ``level, observed, expected, value, lower, upper``, one row a level.

    Raises:
        RequestError: ``bad-level``, ``bad-option``.

    Example:
        >>> from zhibiao import stat
        >>> stat.indirect_ratio([30], [1000], [20], [1000])["value"].to_list()
        [1.5]
    """
    strata = _strata(count, population, reference_count, reference_population)
    found = [(one, _native.indirect_ratio(strata, one, method)) for one in levels(level)]
    rows = [(one, *(figures or (None,) * 5)) for one, figures in found]
    return _floats(rows, ["level", "observed", "expected", "value", "lower", "upper"])


def ranks(
    values: Sequence[float | None] | pl.Series, *, better: Better = "higher", ties: Ties = "min"
) -> pl.Series:
    """Ranks (位次), 1 the best; nulls stay null.

    Args:
        values: Figures.
        better: Which are the first.
        ties: ``"min"`` 1, 2, 2, 4; ``"max"`` 1, 3, 3, 4; ``"average"``; ``"dense"`` 1, 2, 2, 3.

    Raises:
        RequestError: ``bad-option``.

    Example:
        >>> from zhibiao import stat
        >>> stat.ranks([30, 10, 20, 20]).to_list()
        [1.0, 4.0, 2.0, 2.0]
    """
    high = _is_high(better)
    given = _numbers(values)
    known = given.drop_nulls().to_list()
    return _back(given, _native.places(known, high, ties), pl.Float64)


def quantile(
    values: Sequence[float | None] | pl.Series, at: float, *, method: QuantileMethod = "r7"
) -> float | None:
    """A quantile (分位数): R type 7 (Excel's ``QUARTILE.INC``) or 6 (``QUARTILE.EXC``).

    Returns:
        None of no figures, and for a share outside 0 to 1. Nulls do not count.

    Example:
        >>> from zhibiao import stat
        >>> stat.quantile([1, 2, 4, 8], 0.25)
        1.75
    """
    return _native.quantile(_numbers(values).drop_nulls().to_list(), at, method)


def bands(
    values: Sequence[float | None] | pl.Series,
    bands: int = 4,
    *,
    better: Better = "higher",
    method: BandMethod = "phe",
) -> pl.Series:
    """Bands (分档), 1 the best; nulls stay null, and all are null where there are more bands.

    Args:
        values: Figures.
        bands: How many.
        better: Which are the best.
        method: By ranks (``"phe"``), equal ones together in the best of their bands; or by
            quantiles of R type ``"r7"`` or ``"r6"``, a figure up to and including one in the band
            below it, whichever is the better.

    Raises:
        RequestError: ``bad-option``.

    Example:
        >>> from zhibiao import stat
        >>> stat.bands([1, 2, 3, 4, 5, 6, 7, 8]).to_list()
        [4, 4, 3, 3, 2, 2, 1, 1]
    """
    high = _is_high(better)
    if isinstance(bands, bool) or not isinstance(bands, int) or bands < 2:
        raise bad_option("number of bands", bands, "a whole number from 2")
    given = _numbers(values)
    known = given.drop_nulls().to_list()
    found = _native.bands(known, bands, high, method)
    return _back(given, [None] * len(known) if found is None else found, pl.UInt32)


def inequality(
    values: Sequence[float], weights: Sequence[float] | None = None, *, share: float = 0.2
) -> dict[str, float | None]:
    """Measures of inequality (差距指标) of values, weighted.

    Returns:
        ``mean, deviation, cv, gini, theil_t, theil_l, mean_gap, top_to_bottom``; None where one
        does not exist.

    Example:
        >>> from zhibiao import stat
        >>> stat.inequality([0, 0, 0, 1])["gini"]
        0.75
    """
    if not 0 < share <= 0.5:
        raise bad_option("share", share, "a share above 0, at most 0.5")
    figures, counted = _columns(values, _weights(values, weights))
    return _native.inequality(figures, counted, share)


def decompose(
    values: Sequence[float],
    weights: Sequence[float] | None,
    levels: Sequence[Sequence[object]],
    *,
    index: Literal["theil-t", "theil-l"] = "theil-t",
) -> dict[str, float | list[float]] | None:
    """A Theil index in its parts (泰尔指数的分解) between nested groups and within the last.

    Args:
        values: Figures.
        weights: Their weights; None for all alike.
        levels: For each level, outermost first, the group of each value.
        index: Which index.

    Returns:
        ``total``, ``between`` (one a level) and ``within``; None where it does not exist.

    Raises:
        RequestError: ``bad-option``.

    Example:
        >>> from zhibiao import stat
        >>> parts = stat.decompose([2, 2, 6, 6], None, [["a", "a", "b", "b"]])
        >>> parts["within"]
        0.0
    """
    if index not in {"theil-t", "theil-l"}:
        raise bad_option("index", index, '"theil-t" or "theil-l"')
    figures, counted = _columns(values, _weights(values, weights))
    numbered = []
    for level in levels:
        if len(level) != len(figures):
            raise bad_option("level", len(level), f"a group for each of the {len(figures)} values")
        known: dict[object, int] = {}
        numbered.append([known.setdefault(group, len(known)) for group in level])
    of_t = index == "theil-t"
    found = _native.decompose(figures, counted, numbered, of_t)
    if found is None:
        return None
    total, between, within = found
    return {"total": total, "between": between, "within": within}


def gradient(
    values: Sequence[float],
    weights: Sequence[float] | None,
    order: Sequence[float],
    *,
    level: float = 0.95,
) -> dict[str, float | None]:
    """Slope and relative index of inequality (不平等斜率指数、相对指数) along an order.

    Returns:
        ``slope, slope_lower, slope_upper, relative, relative_lower, relative_upper``.

    Raises:
        RequestError: ``bad-level``.

    Example:
        >>> from zhibiao import stat
        >>> round(stat.gradient([3, 2, 6], None, [25, 10, 40])["slope"], 9)
        6.0
    """
    figures, counted, along = _columns(values, _weights(values, weights), order)
    return _native.gradient(figures, counted, along, level)


def parity(first: float, second: float) -> dict[str, float | None]:
    """Parity index ``first / second`` (均等指数) and its symmetrical form (调整均等指数).

    Example:
        >>> from zhibiao import stat
        >>> stat.parity(5, 4)
        {'index': 1.25, 'adjusted': 1.2}
    """
    found = _native.parity(first, second)
    return {"index": found["index"], "adjusted": found["adjusted"]}


def chi_square_trend(
    times: Sequence[float], counts: Sequence[float], totals: Sequence[float]
) -> dict[str, float | None]:
    """The trend of a proportion by its counts (比例趋势的卡方检验): slope, statistic, p.

    Example:
        >>> from zhibiao import stat
        >>> trend = stat.chi_square_trend([1, 2, 3], [10, 20, 30], [100, 100, 100])
        >>> round(trend["slope"], 9)
        0.1
    """
    at, first, second = _columns(times, counts, totals)
    return _native.trend(at, first, second, True)  # noqa: FBT003


def weighted_trend(
    times: Sequence[float], values: Sequence[float], errors: Sequence[float]
) -> dict[str, float | None]:
    """The trend of values with standard errors (加权回归趋势): slope, statistic, p.

    Example:
        >>> from zhibiao import stat
        >>> round(stat.weighted_trend([1, 2, 3], [1, 2, 3], [1, 1, 1])["statistic"], 9)
        2.0
    """
    at, first, second = _columns(times, values, errors)
    return _native.trend(at, first, second, False)  # noqa: FBT003


def annual_growth(first: float, last: float, years: float) -> float | None:
    """Average growth a year (年均增长): ``(last / first) ** (1 / years) - 1``.

    Example:
        >>> from zhibiao import stat
        >>> round(stat.annual_growth(100, 121, 2), 9)
        0.1
    """
    return _native.annual_growth(first, last, years)


def summary(values: Iterable[str | int | Decimal]) -> dict[str, float | int | None]:
    """Number, mean, sample standard deviation and lag-1 autocorrelation of decimals, exact.

    Sums are exact, so that each figure is the nearest float of what the decimals give. A float is
    not the decimal that it was written as: give text, decimals or whole numbers.

    Raises:
        NumberError: ``not-a-number``, ``zero-denominator`` where there are none.

    Example:
        >>> from zhibiao import stat
        >>> stat.summary(["10000001", "10000003", "10000002"])["deviation"]
        1.0
    """
    texts = []
    for value in values:
        if isinstance(value, (float, bool)) or not isinstance(value, (str, int, Decimal)):
            raise bad_option("figure", value, "text, Decimal or int")
        texts.append(f"{value:f}" if isinstance(value, Decimal) else str(value))
    n, mean, deviation, autocorrelation = _native.summary(texts)
    return {"n": n, "mean": mean, "deviation": deviation, "autocorrelation": autocorrelation}


def levels(level: Levels) -> list[float]:
    """One level or several, as a list."""
    single = isinstance(level, (str, bool)) or not isinstance(level, Iterable)
    given: list[object] = [level] if single else list(cast("Iterable[object]", level))
    for one in given:
        if isinstance(one, (str, bool)) or not isinstance(one, SupportsFloat):
            raise bad_option("confidence level", one, "a fraction such as 0.95, or several")
    return [float(cast("SupportsFloat", one)) for one in given]


def _frame(columns: dict[str, Numbers]) -> Source:
    try:
        single = (int, float, Decimal)
        series = {
            name: _series([float(numbers)] if isinstance(numbers, single) else numbers)
            for name, numbers in columns.items()
        }
        rows = max(len(one) for one in series.values())
        wide = {
            name: one.new_from_index(0, rows) if len(one) == 1 else one
            for name, one in series.items()
        }
        frame = pl.DataFrame(wide)
    except (TypeError, ValueError, pl.exceptions.PolarsError) as error:
        reason = str(error).partition("\n")[0]
        wanted = f"numbers, or sequences of one length ({reason})"
        raise bad_option("figures", ", ".join(columns), wanted) from error
    return lambda: frame


def _series(values: Sequence[float | None] | pl.Series) -> pl.Series:
    if not isinstance(values, pl.Series):
        floats = [None if value is None else float(value) for value in values]
        values = pl.Series(floats, dtype=pl.Float64)
    # NaN is no figure.
    return values.cast(pl.Float64).fill_nan(None)


def _back(given: pl.Series, found: Sequence[float | None], dtype: type[pl.DataType]) -> pl.Series:
    """Figures of those that are not null, at their places."""
    rest = iter(found)
    placed = [None if missing else next(rest) for missing in given.is_null().to_list()]
    return pl.Series(given.name, placed, dtype=dtype)


def _weights(values: Sequence[float], weights: Sequence[float] | None) -> list[float]:
    return [1.0] * len(values) if weights is None else list(weights)


def _strata(*columns: Sequence[float]) -> list[tuple[float, ...]]:
    return list(zip(*_columns(*columns), strict=True))


def _columns(*columns: Sequence[float]) -> list[list[float]]:
    """Sequences of numbers of one length; a null is NaN, of which there is no figure."""
    floats = [_numbers(column).fill_null(float("nan")).to_list() for column in columns]
    if len({len(column) for column in floats}) > 1:
        lengths = ", ".join(str(len(column)) for column in floats)
        raise bad_option("lengths", lengths, "sequences of one length")
    return floats


def _numbers(values: Sequence[float | None] | pl.Series) -> pl.Series:
    try:
        return _series(values)
    except (TypeError, ValueError, pl.exceptions.PolarsError) as error:
        reason = str(error).partition("\n")[0]
        raise bad_option("figures", values, f"numbers ({reason})") from error


def _floats(rows: list[tuple[float | None, ...]], names: list[str]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=dict.fromkeys(names, pl.Float64), orient="row")


def _is_high(better: str) -> bool:
    if better not in {"higher", "lower"}:
        raise bad_option("direction", better, '"higher" or "lower"')
    return cast("Better", better) == "higher"
