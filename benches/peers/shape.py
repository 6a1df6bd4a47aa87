"""What is summed of a table: plain sums, and sums over the rows that have some category."""

from __future__ import annotations

from dataclasses import dataclass, field

from kentucky import GROUPS
from panel import AMOUNTS, COUNTS, OWNERSHIP

KEYS = ["area", "period"]


@dataclass(frozen=True)
class Shape:
    """Columns of a table, and the sums that are asked for by area and period."""

    counts: list[str]
    amounts: list[str]
    # The column of categories, and all of them.
    category: str
    categories: list[str]
    # Sums of one column over the rows of some categories.
    filtered_column: str
    filtered: dict[str, list[str]] = field(default_factory=dict)
    # Whether areas and periods are whole numbers.
    numbered: bool = True

    @property
    def sums(self) -> list[str]:
        """Names of all sums."""
        return [*self.counts, *self.filtered, *self.amounts]

    @property
    def used(self) -> list[str]:
        """Columns that are read."""
        columns = [*KEYS, self.category, self.filtered_column, *self.counts, *self.amounts]
        return list(dict.fromkeys(columns))


SHAPES = {
    "panel": Shape(
        counts=list(COUNTS),
        amounts=list(AMOUNTS),
        category="ownership",
        categories=OWNERSHIP,
        filtered_column="children",
        filtered={
            "children_public": ["public"],
            "children_inclusive": ["public", "inclusive_private"],
        },
    ),
    "kentucky": Shape(
        counts=[],
        amounts=[],
        category="student_group",
        categories=GROUPS,
        filtered_column="n_students",
        filtered={f"n_{group}": [group] for group in GROUPS},
        numbered=False,
    ),
}
