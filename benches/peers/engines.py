"""Who is measured. An engine of interval limits joins here, with a module beside the others."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

from panel import TARGET
from question import Question, Source

PROGRAM = TARGET / "release/peers"


@dataclass(frozen=True)
class Engine:
    """One engine, asked in one way."""

    name: str
    # What it is: ours does more than sums where `more` says so; `told` knows what no engine checks.
    role: Literal["ours", "more", "peer", "told", "limit"]
    # A module with `prepare`, and its options; or a way of our program.
    module: str = ""
    options: dict[str, Any] = field(default_factory=dict)
    way: str = ""
    sources: tuple[Source, ...] = ("memory", "parquet", "csv")

    def answers(self, question: Question) -> bool:
        """Whether it is asked."""
        if question.source not in self.sources:
            return False
        if question.table == "kentucky" and (
            self.role in ("more", "limit") or "key" in self.options
        ):
            return False
        if question.million_rows > 6 and self.module == "pandas_frames":
            # It would need more memory than many machines have.
            return False
        if self.role == "told":
            return question.order == "sorted"
        if self.role == "limit":
            return question.tiers == "county" and not question.nulls
        from_rows = self.options.get("from_rows", False)
        return question.tiers == "four" or not from_rows


ENGINES = {
    "limit": Engine("memory, read once", "limit", way="limit", sources=("memory",)),
    "ours": Engine("zhibiao", "ours", way="sums"),
    "ours-keys": Engine(
        "zhibiao, keys of schools checked", "more", way="keys", sources=("memory",)
    ),
    "ours-indicators": Engine(
        "zhibiao, keys checked, 11 indicators, frame", "more", way="indicators", sources=("memory",)
    ),
    "ours-python": Engine(
        "zhibiao from Python, 11 indicators", "more", "zhibiao_frames", sources=("memory",)
    ),
    "duckdb": Engine("DuckDB", "peer", "duckdb_sql"),
    "duckdb-rollup": Engine("DuckDB, ROLLUP over rows", "peer", "duckdb_sql", {"from_rows": True}),
    "polars": Engine("Polars streaming", "peer", "polars_frames"),
    "polars-one-key": Engine("Polars streaming, one key", "peer", "polars_frames", {"key": "one"}),
    "polars-sorted": Engine(
        "Polars streaming, told the order", "told", "polars_frames", {"key": "sorted"}
    ),
    "polars-eager": Engine("Polars eager", "peer", "polars_frames", {"engine": "in-memory"}),
    "pandas": Engine("pandas", "peer", "pandas_frames"),
}
