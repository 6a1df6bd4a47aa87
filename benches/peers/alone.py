"""What no peer is asked: one county, sixty indicators after the sums, and cost by rows."""

from __future__ import annotations

import json

from measure import answered
from panel import TARGET
from report import Row, Section, at_most

PROGRAM = TARGET / "release/alone"


def alone(millions: list[int]) -> Section:
    """Times of this library alone, by rows in memory of as many millions."""
    told = json.loads(answered([str(PROGRAM), *map(str, millions)]))
    county, table, frame = (told[key] for key in ("one_county", "sixty_table", "sixty_frame"))
    rows: list[Row] = [
        ("one county, ten indicators", f"{county * 1e3:,.3f}"),
        (f"60 indicators at four tiers, {told['sixty_rows']:,} rows, after the sums", ms(table)),
        ("the same as a frame, rounded and as texts", ms(frame)),
    ]
    each = [(count, seconds / count * 1e9) for count, seconds in told["by_rows"]]
    for (count, seconds), (_, nanoseconds) in zip(told["by_rows"], each, strict=True):
        rows.append((f"17 sums of {count:,} rows, {nanoseconds:.1f} ns a row", ms(seconds)))
    verdicts = [
        at_most("0.1 ms for one county", county / 1e-4, 1.0),
        at_most("one second for 60 indicators and their frame", table + frame, 1.0),
        at_most("the least cost of a row, for the dearest", spread(each), 1.25),
    ]
    return Section("zhibiao alone", ("", "median ms"), rows, verdicts)


def ms(seconds: float) -> str:
    """Milliseconds."""
    return f"{seconds * 1e3:,.1f}"


def spread(each: list[tuple[int, float]]) -> float:
    """The dearest row by the cheapest: 1 where cost is linear."""
    costs = [cost for _, cost in each]
    return max(costs) / min(costs)
