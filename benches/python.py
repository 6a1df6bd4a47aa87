"""Times that users feel: importing, and computing a county. Exits 1 where one is missed."""

from __future__ import annotations

import subprocess
import sys
import time
from statistics import median

import zhibiao as zb

IMPORT = """
import time
import polars
began = time.perf_counter()
import zhibiao
print(time.perf_counter() - began)
"""
COUNTY = {
    "area": ["140728"],
    "period": [2022],
    "projects": [60],
    "projects_done": [52],
    "aid_amount": [9650000],
    "aid_recipients": [7838],
    "loan_amount": [20730000],
    "loan_borrowers": [2423],
    "children": [10000],
    "children_public": [5550],
    "children_inclusive": [7660],
    "population_3_5": [10490],
    "kindergarten_teachers": [700],
}


def main() -> int:
    """Measure, print, and tell whether all is fast enough."""
    imports = [float(fresh(IMPORT)) for _ in range(7)]
    return int(
        missed("import zhibiao, after polars", median(imports), 0.050)
        | missed("one county, ten indicators", median(computes()), 0.001)
    )


def fresh(code: str) -> str:
    """What a script prints in an interpreter of its own."""
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return run.stdout


def computes() -> list[float]:
    """Seconds of each of many computations, after the first."""
    ids = ten()
    zb.compute(COUNTY, ids)
    times = []
    for _ in range(200):
        began = time.perf_counter()
        table = zb.compute(COUNTY, ids)
        times.append(time.perf_counter() - began)
        assert len(table) == len(ids)
    return times


def ten() -> list[str]:
    """Ten indicators that the county has figures for."""
    found: list[str] = []
    for indicator in zb.list():
        try:
            zb.compute(COUNTY, indicator)
        except zb.TableError:
            continue
        found.append(indicator.id)
    return found[:10]


def missed(what: str, seconds: float, limit: float) -> bool:
    """Print a time beside its limit."""
    sys.stdout.write(f"{what}: {seconds * 1000:.2f} ms (limit {limit * 1000:.0f} ms)\n")
    return seconds > limit


if __name__ == "__main__":
    sys.exit(main())
