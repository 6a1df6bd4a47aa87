//! What was read in a report: as text for readers, and as frames.

use polars::prelude::{Column, DataFrame};

use super::sheet;
use super::text::aligned;
use crate::error::Result;
use crate::label::Lang;
use crate::number::{End, Ratio};
use crate::prose::{Finding, Reading};
use crate::table::refused;

/// What was read in a report as aligned tables (对齐文本): quantities, claims, and the findings of an
/// [audit](Reading::audit).
///
/// # Example
/// ```
/// use zhibiao::prose::{Options, read};
/// use zhibiao::{Catalog, Lang, report};
/// let text = "为7838名家庭经济贫困学生提供资助金965万元。";
/// let reading = read(text, "report.txt", &Catalog::builtin(), Options::default())?;
/// let text = report::reading(&reading, &reading.audit(None), Lang::Zh);
/// assert!(text.contains("aid_recipients") && text.contains("aid_amount"));
/// # Ok::<(), zhibiao::Error>(())
/// ```
#[must_use]
pub fn reading(reading: &Reading, findings: &[Finding], lang: Lang) -> String {
    let sheets = sheet::reading(reading, findings, lang, None);
    sheets.iter().map(aligned).collect::<Vec<_>>().join("\n")
}

impl Reading {
    /// The quantities as a frame: `no, written, number, unit, lower, lower_end, upper, upper_end, word,
    /// convention, sort, subject, verb, period, implied, proposal, why, ambiguous, sentence, heading,
    /// line, column`. `lower` and `upper` are in the unit; an end that is `open` is not reached, and
    /// where there is none it is null.
    ///
    /// # Errors
    /// `unreadable-table` when the frame cannot be made.
    pub fn frame(&self) -> Result<DataFrame> {
        let found = || self.quantities.iter();
        let number = |end: End| end.value().map(Ratio::to_f64);
        let words = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
        let lines = found().map(|found| count(found.position.line));
        let columns = found().map(|found| count(found.position.column));
        let columns = vec![
            column("no", (1..=count(self.quantities.len())).collect::<Vec<u64>>()),
            texts("written", found().map(|found| words(&found.quantity.written))),
            texts("number", found().map(|found| Some(found.quantity.number.to_string()))),
            texts("unit", found().map(|found| words(&found.quantity.counted))),
            column(
                "lower",
                found().map(|found| number(found.quantity.bounds.lo)).collect::<Vec<_>>(),
            ),
            column(
                "lower_end",
                found().map(|found| found.quantity.bounds.lo.id()).collect::<Vec<_>>(),
            ),
            column(
                "upper",
                found().map(|found| number(found.quantity.bounds.hi)).collect::<Vec<_>>(),
            ),
            column(
                "upper_end",
                found().map(|found| found.quantity.bounds.hi.id()).collect::<Vec<_>>(),
            ),
            texts("word", found().map(|found| words(&found.quantity.word))),
            texts("convention", found().map(|found| words(found.quantity.convention.id()))),
            texts("sort", found().map(|found| words(found.sort.id()))),
            texts("subject", found().map(|found| words(&found.subject))),
            texts("verb", found().map(|found| words(&found.verb))),
            texts("period", found().map(|found| found.period.map(|period| period.to_string()))),
            column("implied", found().map(|found| found.implied).collect::<Vec<_>>()),
            texts("proposal", found().map(|found| Some(found.proposals.first()?.id.clone()))),
            texts("why", found().map(|found| Some(found.proposals.first()?.why.clone()))),
            column("ambiguous", found().map(|found| found.ambiguous).collect::<Vec<_>>()),
            texts("sentence", found().map(|found| words(&found.sentence))),
            texts("heading", found().map(|found| found.headings.last().cloned())),
            column("line", lines.collect::<Vec<u64>>()),
            column("column", columns.collect::<Vec<u64>>()),
        ];
        DataFrame::new_infer_height(columns).map_err(|error| refused(&error))
    }

    /// The claims without digits as a frame: `kind, words, subject, sentence, line, column`.
    ///
    /// # Errors
    /// `unreadable-table` when the frame cannot be made.
    pub fn claims_frame(&self) -> Result<DataFrame> {
        let claims = || self.claims.iter();
        let words = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
        let columns = vec![
            texts("kind", claims().map(|claim| words(claim.kind.id()))),
            texts("words", claims().map(|claim| words(&claim.words))),
            texts("subject", claims().map(|claim| words(&claim.subject))),
            texts("sentence", claims().map(|claim| words(&claim.sentence))),
            column("line", claims().map(|claim| count(claim.position.line)).collect::<Vec<_>>()),
            column(
                "column",
                claims().map(|claim| count(claim.position.column)).collect::<Vec<_>>(),
            ),
        ];
        DataFrame::new_infer_height(columns).map_err(|error| refused(&error))
    }

    /// The numbers that are no quantities as a frame: `written, reason, line, column`.
    ///
    /// # Errors
    /// `unreadable-table` when the frame cannot be made.
    pub fn passed_frame(&self) -> Result<DataFrame> {
        let passed = || self.passed_over.iter();
        let columns = vec![
            texts("written", passed().map(|passed| Some(passed.written.clone()))),
            texts("reason", passed().map(|passed| Some(passed.reason.id().to_owned()))),
            column("line", passed().map(|passed| count(passed.position.line)).collect::<Vec<_>>()),
            column(
                "column",
                passed().map(|passed| count(passed.position.column)).collect::<Vec<_>>(),
            ),
        ];
        DataFrame::new_infer_height(columns).map_err(|error| refused(&error))
    }

    /// Findings of an [audit](Self::audit) as a frame: `verdict, rule, no, written, computed, code,
    /// message, remedy, line, column`; `no` is that of the figure.
    ///
    /// # Errors
    /// `unreadable-table` when the frame cannot be made.
    pub fn audit_frame(&self, findings: &[Finding]) -> Result<DataFrame> {
        let all = || findings.iter();
        let written = |finding: &Finding| {
            self.quantities.get(finding.figure).map(|found| found.quantity.written.clone())
        };
        let error = |finding: &Finding| finding.error.clone();
        let columns = vec![
            texts("verdict", all().map(|finding| Some(finding.verdict.id().to_owned()))),
            texts("rule", all().map(|finding| Some(finding.rule.id().to_owned()))),
            column("no", all().map(|f| count(f.figure.saturating_add(1))).collect::<Vec<_>>()),
            texts("written", all().map(written)),
            texts("computed", all().map(|finding| Some(finding.computed.interval()))),
            texts("code", all().map(|finding| Some(error(finding)?.code().to_owned()))),
            texts("message", all().map(|finding| Some(error(finding)?.problem().to_string()))),
            texts("remedy", all().map(|finding| Some(error(finding)?.problem().remedy()))),
            column("line", all().map(|finding| count(finding.position.line)).collect::<Vec<_>>()),
            column("column", all().map(|f| count(f.position.column)).collect::<Vec<_>>()),
        ];
        DataFrame::new_infer_height(columns).map_err(|error| refused(&error))
    }
}

fn texts(name: &str, cells: impl Iterator<Item = Option<String>>) -> Column {
    column(name, cells.collect::<Vec<_>>())
}

fn column<T, P: ?Sized>(name: &str, cells: T) -> Column
where
    T: AsRef<P>,
    polars::prelude::Series: polars::prelude::NamedFrom<T, P>,
{
    use polars::prelude::NamedFrom;
    polars::prelude::Series::new(name.into(), cells).into()
}

fn count(number: usize) -> u64 {
    u64::try_from(number).unwrap_or(u64::MAX)
}
