"""What the tests share: where files lie, tables of text, and a language that each test finds."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import polars as pl
import pytest
import zhibiao as zb
from engines import NAMES, Engine, engine

PROJECT = Path(__file__).parents[2]
CASES = PROJECT / "tests" / "cases"
PINGYAO = PROJECT / "examples" / "pingyao-2022" / "figures.csv"


def text_table(csv: str) -> pl.DataFrame:
    """A frame of text columns from CSV with a header line."""
    return pl.read_csv(StringIO(csv.lstrip()), infer_schema=False)


def named_as_a_formula() -> zb.IndicatorTable:
    """A table of an area with a name that a spreadsheet would run."""
    areas = zb.Areas.parse("code,parent,name\nA,,=1+1\n")
    frame = {"area": ["A"], "projects": [60], "projects_done": [52]}
    return zb.compute(frame, "projects.completion", areas=areas)


def shared(path: str) -> Path:
    """A file of the shared data; the test is skipped where the data are not there."""
    place = PROJECT.parent / "shared" / "data" / path
    if not place.exists():
        pytest.skip(f"{place} is not here")
    return place


def python(
    code: str, *options: str, timeout: float = 60, **environment: str
) -> subprocess.CompletedProcess[str]:
    """A script in an interpreter of its own, which finds the package as this one does."""
    return subprocess.run(
        [sys.executable, *options, "-c", code],
        capture_output=True,
        text=True,
        timeout=timeout,
        check=False,
        cwd=Path(__file__).parent,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))} | environment,
    )


def said(done: subprocess.CompletedProcess[str]) -> str:
    """What a script that must succeed has printed."""
    assert done.returncode == 0, f"exit {done.returncode}\n{done.stdout}\n{done.stderr}"
    return done.stdout.strip()


@pytest.fixture(autouse=True)
def _chinese() -> Iterator[None]:
    zb.set_lang("zh")
    yield
    zb.set_lang("zh")


@pytest.fixture(params=NAMES)
def there(request: pytest.FixtureRequest) -> Engine:
    """An engine that runs here, started once."""
    name: str = request.param
    return engine(name)
