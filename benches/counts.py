"""Counts the instructions of a fixed piece of work, and holds them against `counts.toml`.

`counts.py PROGRAM [--update]`; exits 1 where a count has grown by more than the tolerance. Counts
do not depend on the load of a machine, but on the compiler: those of another one are not compared.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tomllib
from argparse import ArgumentParser
from pathlib import Path

COUNTS = Path(__file__).with_name("counts.toml")
WORK = ["sorted", "shuffled", "filtered", "nulls", "amounts", "keys", "evaluate", "frame"]
TOLERANCE = 0.05
HEAD = """# Instructions of the work of `benches/counted.rs`, by `make bench-count UPDATE=1`.
# A count that grows by more than the tolerance fails; one that falls by more is to be written anew.
"""


def main() -> int:
    """Count, print, and tell whether all is well."""
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("program", type=Path)
    parser.add_argument("--update", action="store_true", help="write counts.toml anew")
    options = parser.parse_args()
    if not shutil.which("valgrind"):
        sys.stderr.write("valgrind is needed to count instructions: apt-get install valgrind\n")
        return 1
    kept = tomllib.loads(COUNTS.read_text(encoding="utf-8")) if COUNTS.exists() else {}
    compiler = subprocess.run(["rustc", "-V"], capture_output=True, text=True, check=True)
    compiler_name = compiler.stdout.strip()
    before = kept.get("counts", {}) if kept.get("compiler") == compiler_name else {}
    if not before and not options.update:
        told = f"counts.toml is of {kept.get('compiler', 'no compiler')}, this is {compiler_name}"
        sys.stdout.write(f"{told}: counts are not compared; UPDATE=1 writes them anew\n")
    counts = {}
    grown = False
    for work in WORK:
        counts[work] = instructions(options.program, work)
        grown |= told_grown(work, counts[work], before.get(work))
    if options.update:
        lines = [f'compiler = "{compiler_name}"', f"tolerance = {TOLERANCE}", "", "[counts]"]
        lines += [f"{work} = {count}" for work, count in counts.items()]
        COUNTS.write_text(HEAD + "\n".join(lines) + "\n", encoding="utf-8")
        return 0
    return int(grown)


def instructions(program: Path, work: str) -> int:
    """Instructions of doing the work once: those of doing it three times less those of once."""
    return (collected(program, work, 3) - collected(program, work, 1)) // 2


def collected(program: Path, work: str, times: int) -> int:
    """Instructions of a whole run on one thread."""
    command = ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null"]
    # One thread: which of them waits for which is not the same each time.
    threads = {"RAYON_NUM_THREADS": "1", "POLARS_MAX_THREADS": "1"}
    run = subprocess.run(
        [*command, str(program), work, str(times)],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | threads,
    )
    found = re.search(r"Collected : (\d+)", run.stderr)
    if run.returncode or not found:
        raise SystemExit(run.stderr)
    return int(found[1])


def told_grown(work: str, count: int, before: int | None) -> bool:
    """Print a count beside that before, and tell whether it has grown too much."""
    change = count / before - 1 if before else 0
    verdict = ""
    if change > TOLERANCE:
        verdict = "grown: find out why, or UPDATE=1 with a reason in the commit"
    elif change < -TOLERANCE:
        verdict = "less: UPDATE=1 keeps it so"
    sys.stdout.write(f"{work:<10}{count:>16,}{change:>+9.1%}  {verdict}".rstrip() + "\n")
    sys.stdout.flush()
    return change > TOLERANCE


if __name__ == "__main__":
    sys.exit(main())
