"""Evaluation systems (评价指标体系): values become points, weighted, added up and graded."""

from __future__ import annotations

from collections.abc import Iterable
from os import PathLike, fspath
from typing import Any, Literal

import polars as pl

from zhibiao import _native
from zhibiao.catalog import Catalog
from zhibiao.errors import bad_option
from zhibiao.language import Lang, checked
from zhibiao.table import Table

Aggregate = Literal["arithmetic", "geometric", "harmonic"]
Relative = Literal["min_max", "rank", "z"]
Missing = Literal["unknown", "renormalize", "zero"]


class Scheme:
    """An evaluation system (评价指标体系): what is scored, how, and with which weights.

    It is a TOML file of its own; the page on evaluation systems shows its keys. What is wrong with
    it is told all at once, with line and column.

    Example:
        >>> import zhibiao as zb
        >>> scheme = zb.Scheme.from_toml('''
        ... id = "projects"
        ... name = { zh = "项目评价" }
        ... total = "100"
        ... missing = "unknown"
        ... [[grades]]
        ... id = "good"
        ... name = { zh = "良好" }
        ... at_least = "80"
        ... [[grades]]
        ... id = "other"
        ... name = { zh = "一般" }
        ... [[items]]
        ... indicator = "projects.completion"
        ... weight = "100"
        ... linear = { from = "0", to = "100" }
        ... ''')
        >>> county = {"area": ["140728"], "projects": [60], "projects_done": [48]}
        >>> scores = zb.compute(county, scheme.indicators).score(scheme).to_polars()
        >>> scores.select("node", "score", "grade").row(0)
        ('projects', 80.0, 'good')
    """

    def __init__(self, native: _native.Scheme) -> None:
        """Wrap a scheme; users call :meth:`load` or :meth:`from_toml`."""
        self._native = native

    @classmethod
    def load(cls, path: str | PathLike[str], *, catalog: Catalog | None = None) -> Scheme:
        """Read a scheme from a file.

        Args:
            path: The TOML file.
            catalog: The catalogue that has the indicators, in place of the built-in one.

        Raises:
            CatalogError: What is wrong with it, all at once; ``unreadable-file``.
        """
        return cls(_native.Scheme.load(fspath(path), Catalog.of(catalog)._native))

    @classmethod
    def from_toml(
        cls, text: str, *, name: str = "scheme.toml", catalog: Catalog | None = None
    ) -> Scheme:
        """Read a scheme from text; `name` stands in messages.

        Raises:
            CatalogError: As for :meth:`load`.
        """
        return cls(_native.Scheme.parse(text, name, Catalog.of(catalog)._native))

    @property
    def id(self) -> str:
        """Its id, which is also the path of the total."""
        return self._native.id()

    @property
    def name(self) -> str:
        """Its name, in the language of :func:`set_lang`."""
        return self._native.name(checked(None))

    @property
    def indicators(self) -> list[str]:
        """Ids of the indicators that it scores, each once: what to ask :func:`compute` for."""
        return self._native.indicators()

    def to_polars(self, *, lang: Lang | None = None) -> pl.DataFrame:
        """Its nodes, the total first: ``node, name, level, weight, indicator``."""
        schema = {
            "node": pl.String,
            "name": pl.String,
            "level": pl.UInt32,
            "weight": pl.Float64,
            "indicator": pl.String,
        }
        return pl.DataFrame(self._native.nodes(checked(lang)), schema=schema, orient="row")

    def __repr__(self) -> str:
        """Name and nodes."""
        return f"{self.name}\n{self.to_polars()}"


class ScoreTable(Table):
    """Scores of areas (评价得分表), or what becomes of them.

    Users get it from :meth:`IndicatorTable.score`, :meth:`IndicatorTable.without_each` and
    :meth:`IndicatorTable.sensitivity`, which tell its columns.
    """

    def __init__(self, native: _native.Comparison) -> None:
        """Wrap an answer; users get scores from methods of :class:`IndicatorTable`."""
        self._native: _native.Comparison = native

    def _title(self) -> str:
        return self._native.title()


class Scoring:
    """What a table of indicators can be scored by."""

    _native: _native.IndicatorTable

    def score(self, scheme: Scheme) -> ScoreTable:
        """Score every area by an evaluation system (评价计分).

        Scores are exact until they are printed, so that a grade whose threshold is met is given.

        Args:
            scheme: The system; the table has been asked for its indicators.

        Returns:
            One row per area, period, slice and node of the scheme, the total first: ``node, name,
            level, indicator, weight, value, display, unit, share, score, score_display, carried,
            contribution, grade, grade_name, rank, ranked, status, missing``. ``contribution`` of
            items add up to the total; ``missing`` has the ids of what was not scored.

        Raises:
            RequestError: ``lacks-indicators`` where the table was not asked for them.
        """
        return ScoreTable(_native.score(self._native, _scheme(scheme)))

    def without_each(self, scheme: Scheme) -> ScoreTable:
        """What totals, places and grades would be without each indicator in turn (去指标分析).

        The weights of the others beside it grow in proportion.

        Args:
            scheme: As for :meth:`score`.

        Returns:
            One row per area, period, slice and item that is taken out: ``node, indicator, total,
            change, grade, rank, places``; ``places`` counts those gained.

        Raises:
            RequestError: As for :meth:`score`.
        """
        return ScoreTable(_native.without_each(self._native, _scheme(scheme)))

    def sensitivity(
        self,
        scheme: Scheme,
        *,
        draws: int = 1000,
        seed: int = 1,
        weights: float = 0.2,
        aggregates: Iterable[Aggregate] = (),
        relatives: Iterable[Relative] = (),
        missing: Iterable[Missing] = (),
    ) -> ScoreTable:
        """How far places and grades hang on choices (敏感性分析): replays with other ones.

        Draws depend on the seed alone, not on the machine, the version or the number of threads.

        Args:
            scheme: As for :meth:`score`.
            draws: How many replays.
            seed: Another gives other draws.
            weights: Each weight is drawn evenly from its own share of itself less to as much more.
            aggregates: Ways to put parts together that are drawn from; without any, as declared.
            relatives: Ways to normalize relative items that are drawn from.
            missing: Rules for missing items that are drawn from.

        Returns:
            One row per area, period and slice: ``total, grade, rank, replays, best, rank_5, median,
            rank_95, worst, same_grade``.

        Raises:
            RequestError: ``bad-option``; as for :meth:`score`.
        """
        for option, number in (("draws", draws), ("seed", seed)):
            if isinstance(number, bool) or not isinstance(number, int) or not 0 <= number < 1 << 32:
                raise bad_option(option, number, "a whole number from 0 to 4294967295")
        drawn: dict[str, Any] = {
            "draws": draws,
            "seed": seed,
            "weights": weights,
            "aggregates": list(aggregates),
            "relatives": list(relatives),
            "missing": list(missing),
        }
        return ScoreTable(_native.sensitivity(self._native, _scheme(scheme), drawn))


def _scheme(scheme: Scheme) -> _native.Scheme:
    if not isinstance(scheme, Scheme):
        raise bad_option("scheme", scheme, "a zhibiao.Scheme, from `zb.Scheme.load(path)`")
    return scheme._native
