"""Types hold within the package, of its compiled part, and for who uses it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
import zhibiao as zb
from conftest import PROJECT

PACKAGE = Path(zb.__file__).parent
HERE = Path(__file__).parent
# mypy finds what is installed, and refuses to be told of it.
INSTALLED = "site-packages" in PACKAGE.parts
CONFIG = str(PROJECT / "pyproject.toml")


@pytest.mark.parametrize(
    "command",
    [
        ["mypy", "--strict", "--config-file", CONFIG, "-p", "zhibiao"],
        ["mypy", "--strict", "--config-file", CONFIG, str(HERE / "user_program.py")],
        ["mypy.stubtest", "zhibiao._native"],
        ["ruff", "check", "."],
        ["ruff", "format", "--check", "."],
    ],
    ids=["package", "user", "native", "ruff", "format"],
)
def test_it_is_clean(command: list[str], tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", *command],
        capture_output=True,
        text=True,
        check=False,
        cwd=PROJECT if command[0] == "ruff" else tmp_path,
        env=os.environ
        | (
            {}
            if INSTALLED
            else {"MYPYPATH": str(PACKAGE.parent), "PYTHONPATH": str(PACKAGE.parent)}
        ),
    )
    assert done.returncode == 0, done.stdout + done.stderr
