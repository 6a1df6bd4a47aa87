"""Measures one engine in a process of its own: `child.py ENGINE QUESTION RUNS ANSWER`.

Prints JSON: seconds of each run after the first, and the most memory that was used. The answer of
the last run is written to a file, to be compared.
"""

from __future__ import annotations

import importlib
import json
import sys
from pathlib import Path
from time import perf_counter

from engines import ENGINES
from question import Question, comparable


def peak_bytes() -> int | None:
    """The most memory that this process had since it began; none where the system does not tell."""
    status = Path("/proc/self/status")
    if not status.exists():
        return None
    lines = [line for line in status.read_text(encoding="utf-8").splitlines() if "VmHWM" in line]
    return int(lines[0].split()[1]) * 1024


def main(engine: str, question: str, runs: str, file: str) -> None:
    """Answers the question once to warm up, then some times more."""
    asked = Question(**json.loads(question))
    answer, numbers = importlib.import_module(ENGINES[engine].module).prepare(
        asked, **ENGINES[engine].options
    )
    answer()
    seconds = []
    for _ in range(int(runs)):
        began = perf_counter()
        last = answer()
        seconds.append(perf_counter() - began)
    sys.stdout.write(json.dumps({"seconds": seconds, "peak": peak_bytes()}))
    if numbers:
        comparable(numbers(last), asked.shape).write_parquet(file)


if __name__ == "__main__":
    main(*sys.argv[1:])
