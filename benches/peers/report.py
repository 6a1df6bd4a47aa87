"""Times as a table, each beside the target that it has."""

from __future__ import annotations

import os
import platform
from dataclasses import dataclass
from pathlib import Path

from measure import Measured
from question import Question

Row = tuple[str, ...]
HEADERS: Row = ("", "median ms", "best ms", "peak MB", "of ours", "")


@dataclass(frozen=True)
class Section:
    """A heading, a table below it, and what it shows."""

    heading: str
    headers: Row
    rows: list[Row]
    verdicts: list[str]


def machine() -> str:
    """What the times were taken on."""
    info = Path("/proc/cpuinfo")
    lines = info.read_text(encoding="utf-8").splitlines() if info.exists() else []
    models = [line.split(":")[1].strip() for line in lines if line.startswith("model name")]
    model = models[0] if models else platform.processor() or platform.machine()
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    system = f"{platform.system()} {platform.machine()}"
    return f"{os.cpu_count()} cores, {model}, {memory:.0f} GB of memory, {system}"


def section(
    question: Question, measured: list[Measured], *, fewer: list[Measured] | None = None
) -> Section:
    """Times of a question, and memory beside that of the same for fewer rows."""
    ours = ours_of(measured)
    peers = [one for one in measured if one.engine.role == "peer"]
    best = min(peers, key=lambda one: one.median)
    rows: list[Row] = []
    for one in measured:
        peak = "" if one.peak is None else f"{one.peak / 1e6:,.0f}"
        ratio = f"{one.median / ours.median:.2f}"
        mark = "best peer" if one is best else ""
        times = (f"{one.median * 1e3:,.1f}", f"{one.best * 1e3:,.1f}")
        rows.append((one.engine.name, *times, peak, ratio, mark))
    verdicts = []
    if wanted := wanted_ratio(question):
        verdicts.append(
            at_least(f"as fast as {best.engine.name}", best.median / ours.median, wanted)
        )
    limit = [one for one in measured if one.engine.role == "limit"]
    if limit and question.order == "sorted":
        verdicts.append(at_most("the time of reading once", ours.median / limit[0].median, 2.5))
    before = ours_of(fewer).peak if fewer else None
    if before and ours.peak:
        verdicts.append(at_most("the memory of fewer rows", ours.peak / before, 1.25))
    return Section(str(question), HEADERS, rows, verdicts)


def ours_of(measured: list[Measured]) -> Measured:
    """What is compared with peers."""
    return next(one for one in measured if one.engine.role == "ours")


def wanted_ratio(question: Question) -> float | None:
    """How many times as fast as the best peer a question has to be answered."""
    if question.table == "kentucky":
        return 2.0
    if question.source == "memory" and question.nulls == 0:
        sorted_ = {"county": 4.0, "four": 5.0}
        return sorted_[question.tiers] if question.order == "sorted" else 2.0
    files = {"parquet": 1.3, "csv": 1.0}
    return files.get(question.source) if question.nulls == 0 else None


def at_least(what: str, found: float, wanted: float) -> str:
    """A ratio beside the least that it should be."""
    verdict = "met" if found >= wanted else f"missed by {(1 - found / wanted) * 100:.0f} %"
    return f"{found:.2f} times {what}; target at least {wanted:g}: {verdict}"


def at_most(what: str, found: float, wanted: float) -> str:
    """A ratio beside the most that it should be."""
    verdict = "met" if found <= wanted else f"missed by {(found / wanted - 1) * 100:.0f} %"
    return f"{found:.2f} times {what}; target at most {wanted:g}: {verdict}"


def text(section: Section) -> str:
    """For a terminal."""
    table = [section.headers, *section.rows]
    widths = [max(len(row[at]) for row in table) for at in range(len(section.headers))]
    lines = [section.heading]
    for row in table:
        numbers = [cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True)]
        lines.append("  ".join(["", row[0].ljust(widths[0]), *numbers]).rstrip())
    return "\n".join([*lines, *(f"  → {verdict}" for verdict in section.verdicts), ""])


def markdown(section: Section) -> str:
    """For a page."""
    rule = ("-", *("-:" for _ in section.headers[1:]))
    lines = ["| " + " | ".join(row) + " |" for row in [section.headers, rule, *section.rows]]
    verdicts = [f"- {verdict}" for verdict in section.verdicts]
    return "\n".join([f"## {section.heading}", "", *lines, "", *verdicts, ""])
