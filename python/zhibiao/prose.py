"""Reports: the quantities in Chinese text, and whether they agree."""

from __future__ import annotations

from os import fsdecode

import polars as pl

from zhibiao import _native
from zhibiao.catalog import Catalog
from zhibiao.compute import compute
from zhibiao.errors import ZhibiaoError, bad_option
from zhibiao.frames import Frame, Opened, Path
from zhibiao.language import Lang, checked
from zhibiao.table import Table
from zhibiao.tables import IndicatorTable

MOST_YEAR = 10_000


class ReportReading(Table):
    """What was read in a report (读取结果): a row for each quantity.

    As a frame it has the columns ``no, written, number, unit, lower, lower_end, upper, upper_end,
    word, convention, sort, subject, verb, period, implied, proposal, why, ambiguous, sentence,
    heading, line, column``.
    """

    def __init__(self, native: _native.Reading) -> None:
        """Wrap a reading; users call :func:`read_report`."""
        self._native: _native.Reading = native

    def _title(self) -> str:
        return "报告中的数量" if self.lang == "zh" else "Quantities of a report"

    @property
    def claims(self) -> pl.DataFrame:
        """What is claimed without a digit: ``kind, words, subject, sentence, line, column``."""
        return pl.DataFrame(Opened(self._native.claims))

    @property
    def passed_over(self) -> pl.DataFrame:
        """Numbers that are no quantities: ``written, reason, line, column``."""
        return pl.DataFrame(Opened(self._native.passed_over))

    @property
    def audit(self) -> pl.DataFrame:
        """How figures stand to each other and to a table, with verdict, rule and message."""
        return pl.DataFrame(Opened(self._native.audit))

    @property
    def findings(self) -> tuple[ZhibiaoError, ...]:
        """What contradicts itself, or a table."""
        return tuple(self._native.findings())

    @property
    def summary(self) -> dict[str, int]:
        """How many figures follow from others, are contradicted, and cannot be told."""
        verdicts = ("follows", "contradicts", "cannot-tell")
        return dict(zip(verdicts, self._native.summary(), strict=True))


def read_report(
    report: Path,
    *,
    year: int | None = None,
    against: IndicatorTable | Frame | None = None,
    catalog: Catalog | None = None,
    lang: Lang | None = None,
) -> ReportReading:
    """Read the quantities in a report (读取报告), and hold them against each other.

    Found are numbers with unit, bounds, subject, sentence and place, and what each may be a figure
    of. What is no quantity (years, ordinals, slogans, marks of lists) is listed with its reason.

    Args:
        report: The file of a report (UTF-8, UTF-16 or GB18030), or its text, which ends sentences
            (。) or has several lines.
        year: The year that the report is of, from which 今年 and 去年 are told, and of which a
            figure is that tells none; without one, that of its title.
        against: A table of one area, whose figures those of the report are held against.
        catalog: The catalogue to use in place of the built-in one.
        lang: Language of labels.

    Raises:
        CatalogError: ``unreadable-file``; a text of one line that has no 。 is taken for a path.
        RequestError: ``bad-option`` for what is no year, a file that is no text, and a table of
            several areas.
        TableError: ``text-too-large``, ``unknown-encoding``.

    Example:
        >>> import zhibiao as zb
        >>> report = zb.read_report("启建项目60个，目前52个项目已完成，完成率85%。")
        >>> report.to_polars()["written"].to_list()
        ['60个', '52个', '85%']
        >>> report.summary["contradicts"]
        1
    """
    is_text = isinstance(report, str) and ("\n" in report or "。" in report)
    given: object = (report, "report") if is_text else fsdecode(report)
    if year is not None and year not in range(MOST_YEAR):
        raise bad_option("year of a report", year, "a year such as 2022")
    known = Catalog.of(catalog)
    native = _native.read_report(given, year, known._native, checked(lang))
    if against is not None:
        if not isinstance(against, IndicatorTable):
            # Where nothing is proposed, nothing can be held against a table.
            asked = native.indicators(known._native)
            if not asked:
                return ReportReading(native)
            against = compute(against, asked, catalog=known, skip_unavailable=True)
        native = native.against(against._native, "the table")
    return ReportReading(native)
