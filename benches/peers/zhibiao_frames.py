"""zhibiao from Python: indicators of a polars frame, with names, rounded texts and states."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl
import zhibiao as zb
from polars_frames import types
from question import Question

INDICATORS = [
    "preschool.ger3",
    "preschool.inclusive_coverage",
    "preschool.public_share",
    "preschool.pupil_teacher_ratio",
    "preschool.class_size",
    "preschool.recognition_attainment",
    "projects.completion",
    "aid.coverage",
    "aid.per_recipient",
    "aid.loan_per_borrower",
    "aid.travel_recipients",
]
FOUR: list[zb.areas.Tier] = ["nation", "province", "prefecture", "county"]


def prepare(
    question: Question,
) -> tuple[Callable[[], object], Callable[[object], pl.DataFrame] | None]:
    """What answers the question; its numbers are compared where they are sums."""
    shape = question.shape
    frame = pl.read_parquet(question.file, columns=shape.used).cast(types(shape)).rechunk()
    tiers = FOUR if question.tiers == "four" else []

    def answer() -> object:
        # Rows are records, as for peers: schools have no keys here.
        return zb.compute(frame, INDICATORS, tiers=tiers, records=True)

    return answer, None
