"""Round steps for axes, bins and classes (刻度)."""

from __future__ import annotations

import math

__all__ = ["domain", "step"]


def step(low: float, high: float, most: int) -> float:
    """The smallest round step that divides a range into at most so many parts.

    Round are 1, 2, 2.5 and 5 times a power of ten.

    Args:
        low: Lower end.
        high: Upper end.
        most: How many parts there may be.

    Returns:
        The step, above 0.
    """
    span = high - low
    if span <= 0:
        return 1.0
    power = 10.0 ** math.floor(math.log10(span / most))
    for factor in (1.0, 2.0, 2.5, 5.0, 10.0):
        size = factor * power
        parts = math.ceil(_settled(high / size)) - math.floor(_settled(low / size))
        if parts <= most:
            return size
    return 20.0 * power


def domain(values: list[float], most: int = 6) -> tuple[float, float, float]:
    """A range of whole steps that holds all values.

    Args:
        values: At least one.
        most: How many steps there may be.

    Returns:
        Its lower end, its upper end and the step.
    """
    low, high = min(values), max(values)
    if low == high:
        low, high = low - 1, high + 1
    size = step(low, high, most)
    first, last = math.floor(_settled(low / size)), math.ceil(_settled(high / size))
    return _settled(first * size), _settled(last * size), size


def _settled(number: float) -> float:
    """Without the noise that 0.1 × 3 has."""
    return round(number, 9)
