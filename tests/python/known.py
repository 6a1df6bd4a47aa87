"""Known answers that have a test each, by their names."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest


def named(cases: Sequence[dict[str, Any]]) -> pytest.MarkDecorator:
    """A test of each case; the id is its name."""
    return pytest.mark.parametrize("case", cases, ids=[case["name"] for case in cases])


def told_apart(cases: Sequence[dict[str, Any]]) -> bool:
    """Whether each case has a name of its own, and a source."""
    return len({case["name"] for case in cases if case["source"]}) == len(cases)
