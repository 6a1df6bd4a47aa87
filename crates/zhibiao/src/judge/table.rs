//! The table of verdicts (评估结果): criteria, rules, and what both come to.

use polars::prelude::DataFrame;

use super::{RuleRow, Verdict, VerdictRow};
use crate::area::Tier;
use crate::catalog::Standard;
use crate::error::{Error, Result};
use crate::label::Lang;
use crate::table::findings_frame;

/// Verdicts on a standard (评估结果): one row per area and period, and criterion in force there; and
/// one row per rule.
#[derive(Clone, Debug)]
pub struct VerdictTable {
    pub(crate) standard: Standard,
    pub(crate) rows: Vec<VerdictRow>,
    pub(crate) rules: Vec<RuleRow>,
    /// Criteria that are not yet in force.
    pub(crate) to_come: Vec<VerdictRow>,
    /// Ids and names of the slicing dimensions.
    pub(crate) slices: Vec<(String, String)>,
    pub(crate) lang: Lang,
    pub(crate) findings: Vec<Error>,
}

/// How many criteria, items or schools stand how.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Summary {
    /// Those that are met.
    pub meets: usize,
    /// Those that are not.
    pub fails: usize,
    /// Those that could not be judged.
    pub unknown: usize,
    /// Those that do not apply.
    pub not_applicable: usize,
}

impl Summary {
    pub(crate) fn of(verdicts: impl IntoIterator<Item = Verdict>) -> Self {
        let mut summary = Self::default();
        for verdict in verdicts {
            let count = match verdict {
                Verdict::Meets => &mut summary.meets,
                Verdict::Fails => &mut summary.fails,
                Verdict::Unknown => &mut summary.unknown,
                Verdict::NotApplicable => &mut summary.not_applicable,
            };
            *count = count.saturating_add(1);
        }
        summary
    }

    /// Those that apply.
    #[must_use]
    pub const fn judged(&self) -> usize {
        self.meets.saturating_add(self.fails).saturating_add(self.unknown)
    }

    /// The verdict if all must be met: fails with one that does, is unknown with one that is.
    #[must_use]
    pub const fn verdict(self) -> Verdict {
        match (self.fails, self.unknown, self.meets) {
            (0, 0, 0) => Verdict::NotApplicable,
            (0, 0, _) => Verdict::Meets,
            (0, _, _) => Verdict::Unknown,
            _ => Verdict::Fails,
        }
    }
}

impl VerdictTable {
    /// The standard.
    #[must_use]
    pub const fn standard(&self) -> &Standard {
        &self.standard
    }

    /// The language of names and labels.
    #[must_use]
    pub const fn lang(&self) -> Lang {
        self.lang
    }

    /// Verdicts on criteria: those on areas, then those on schools.
    pub fn rows(&self) -> impl Iterator<Item = &VerdictRow> {
        self.rows.iter()
    }

    /// Verdicts on rules, the last of an area that on the standard as a whole; then those on schools.
    pub fn rules(&self) -> impl Iterator<Item = &RuleRow> {
        self.rules.iter()
    }

    /// Criteria that are not in force at the end of the period but will be, held against the values
    /// of the period: how far a threshold that rises on a date still is.
    pub fn to_come(&self) -> impl Iterator<Item = &VerdictRow> {
        self.to_come.iter()
    }

    /// Flaws of the tables that were set aside.
    #[must_use]
    pub fn findings(&self) -> &[Error] {
        &self.findings
    }

    /// All findings as a frame, as [`IndicatorTable::findings_frame`](crate::IndicatorTable::findings_frame).
    ///
    /// # Errors
    /// `unreadable-table` when the frame cannot be made.
    pub fn findings_frame(&self) -> Result<DataFrame> {
        findings_frame(&self.findings)
    }

    /// Number of verdicts on criteria.
    #[must_use]
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there are no verdicts on criteria.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Whether all that is judged are schools.
    pub(crate) fn is_of_schools(&self) -> bool {
        self.rows.iter().all(|row| row.group.tier == Tier::School)
    }

    /// How the criteria stand: of one area, the area; of many, how many there are. Schools are
    /// counted only where there is nothing else.
    #[must_use]
    pub fn summary(&self) -> Summary {
        let of_schools = self.is_of_schools();
        let counts = |row: &&VerdictRow| of_schools || row.group.tier != Tier::School;
        Summary::of(self.rows.iter().filter(counts).map(|row| row.verdict))
    }

    /// The verdict on the standard: fails with one area that does, is unknown with one that is.
    #[must_use]
    pub fn verdict(&self) -> Verdict {
        let whole = self.rules.iter().filter(|row| row.rule.is_none());
        Summary::of(whole.map(|row| row.verdict)).verdict()
    }
}
