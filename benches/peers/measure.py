"""Runs engines one after the other, each in a process of its own, and compares their answers."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import polars as pl
from engines import ENGINES, PROGRAM, Engine
from question import Question

CHILD = Path(__file__).with_name("child.py")
THREADS = str(os.cpu_count() or 1)


@dataclass(frozen=True)
class Measured:
    """What an engine needed for a question."""

    engine: Engine
    seconds: list[float]
    # Bytes, where the system tells.
    peak: int | None

    @property
    def median(self) -> float:
        """The time that is compared."""
        return median(self.seconds)

    @property
    def best(self) -> float:
        """The least disturbed time."""
        return min(self.seconds)


class UnequalError(Exception):
    """Two engines gave different numbers."""


def measure(question: Question, runs: int) -> list[Measured]:
    """Times of all engines that can answer a question.

    Raises:
        UnequalError: Where answers are not the same integers.
    """
    measured = []
    with TemporaryDirectory() as directory:
        first: tuple[str, pl.DataFrame] | None = None
        for id_, engine in ENGINES.items():
            if not engine.answers(question):
                continue
            file = Path(directory) / f"{id_}.parquet"
            told = json.loads(answered(command(id_, engine, question, runs, file)))
            measured.append(Measured(engine, told["seconds"], told["peak"]))
            if file.exists():
                answer = in_order(pl.read_parquet(file))
                first = first or (engine.name, answer)
                refuse_unequal(first, (engine.name, answer), question)
    return measured


def command(id_: str, engine: Engine, question: Question, runs: int, file: Path) -> list[str]:
    """The process that measures an engine."""
    if engine.way:
        asked = [
            engine.way,
            question.table,
            str(question.nulls),
            question.file,
            question.source,
            question.tiers,
        ]
        return [str(PROGRAM), *asked, str(runs), str(file)]
    return [sys.executable, str(CHILD), id_, json.dumps(question.fields), str(runs), str(file)]


def answered(command: list[str]) -> str:
    """What a process prints, with as many threads as there are cores."""
    threads = {"RAYON_NUM_THREADS": THREADS, "POLARS_MAX_THREADS": THREADS}
    run = subprocess.run(
        command, stdout=subprocess.PIPE, text=True, check=True, env=os.environ | threads
    )
    return run.stdout


def in_order(answer: pl.DataFrame) -> pl.DataFrame:
    """An answer in the order of its keys, the nation as area 0 and no figure as zero."""
    nation = pl.col("area").replace("CN", "0")
    return answer.with_columns(nation).fill_null(0).sort("area", "period")


def refuse_unequal(
    one: tuple[str, pl.DataFrame], other: tuple[str, pl.DataFrame], question: Question
) -> None:
    """Raises where two answers differ, and says where."""
    if one[1].equals(other[1]):
        return
    both = one[1].join(other[1], on=["area", "period"], how="full", suffix=" of the other")
    names = [name for name in one[1].columns if name in other[1].columns[2:]]
    differ = [pl.col(name).ne_missing(pl.col(f"{name} of the other")) for name in names]
    message = (
        f"{question}: {one[0]} and {other[0]} differ:\n{both.filter(pl.any_horizontal(differ))}"
    )
    raise UnequalError(message)
