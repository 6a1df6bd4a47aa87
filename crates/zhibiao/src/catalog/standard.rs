//! Standards (标准): thresholds with source, scope, stage and dates.

use super::source::{Confidence, Part};
use crate::area::{AreaCode, Areas};
use crate::label::Label;
use crate::number::{Comparison, Decimal};
use crate::period::{Month, Period};

/// A standard (标准).
#[derive(Clone, Debug, PartialEq)]
pub struct Standard {
    /// Id in the catalogue.
    pub id: String,
    /// Name.
    pub name: Label,
    /// Document it comes from.
    pub source: String,
    /// Remark.
    pub note: Label,
    /// What has to hold.
    pub criteria: Vec<Criterion>,
}

/// A criterion (条件) of a standard.
#[derive(Clone, Debug, PartialEq)]
pub struct Criterion {
    /// Indicator that is held against the threshold.
    pub indicator: String,
    /// Threshold in the unit of the indicator; `between` gives two.
    pub thresholds: Vec<(Comparison, Decimal)>,
    /// Area it holds in; the narrowest scope replaces the wider.
    pub scope: AreaCode,
    /// Stage it holds for, where a table is split by stage.
    pub stage: Option<String>,
    /// First month in which it holds.
    pub valid_from: Option<Month>,
    /// Last month in which it holds.
    pub valid_to: Option<Month>,
    /// The part that `needed` moves.
    pub needed_by: Option<Part>,
    /// Where the threshold comes from.
    pub source: String,
    /// How well it is documented.
    pub confidence: Option<Confidence>,
    /// Remark.
    pub note: Label,
}

impl Standard {
    /// The indicators of the criteria, each once.
    #[must_use]
    pub fn indicators(&self) -> Vec<&str> {
        let mut ids: Vec<&str> = Vec::new();
        for criterion in &self.criteria {
            if !ids.contains(&criterion.indicator.as_str()) {
                ids.push(&criterion.indicator);
            }
        }
        ids
    }

    /// The standard with the criteria of some indicators only.
    #[must_use]
    pub fn of(&self, indicators: &[&str]) -> Self {
        let wanted = |criterion: &&Criterion| indicators.contains(&criterion.indicator.as_str());
        Self { criteria: self.criteria.iter().filter(wanted).cloned().collect(), ..self.clone() }
    }

    /// The standard with the criteria of single stages only, or with the others only.
    #[must_use]
    pub fn by_stage(&self, staged: bool) -> Self {
        let wanted = |criterion: &&Criterion| criterion.stage.is_some() == staged;
        Self { criteria: self.criteria.iter().filter(wanted).cloned().collect(), ..self.clone() }
    }

    /// The criteria in force for an area of a tree and a period: valid at the end of the period, of
    /// the narrowest scope. A table without periods is judged by what holds today, that is, by
    /// criteria without an end.
    pub fn in_force(
        &self,
        areas: &Areas,
        area: AreaCode,
        period: Option<Period>,
    ) -> impl Iterator<Item = &Criterion> {
        let applies = move |criterion: &Criterion| {
            areas.is_within(area, criterion.scope) && criterion.holds_at(period.map(Period::end))
        };
        let replaced = move |wide: &Criterion| {
            self.criteria.iter().any(|narrow| {
                narrow.indicator == wide.indicator
                    && narrow.stage == wide.stage
                    && narrow.scope != wide.scope
                    && areas.is_within(narrow.scope, wide.scope)
                    && applies(narrow)
            })
        };
        self.criteria.iter().filter(move |criterion| applies(criterion) && !replaced(criterion))
    }
}

impl Criterion {
    /// Name within its standard: the indicator, with stage and scope where they narrow it.
    #[must_use]
    pub fn name(&self) -> String {
        let stage = self.stage.as_ref().map_or_else(String::new, |stage| format!("/{stage}"));
        let scope =
            if self.scope == AreaCode::NATION { String::new() } else { format!("@{}", self.scope) };
        format!("{}{stage}{scope}", self.indicator)
    }

    /// The thresholds as text: `≥ 80`, `≥ 0.97 ≤ 1.03`.
    #[must_use]
    pub fn threshold(&self) -> String {
        let texts: Vec<String> = self
            .thresholds
            .iter()
            .map(|(sign, value)| format!("{} {value}", sign.sign()))
            .collect();
        texts.join(" ")
    }

    fn holds_at(&self, month: Option<Month>) -> bool {
        match month {
            Some(month) => {
                self.valid_from.is_none_or(|from| from <= month)
                    && self.valid_to.is_none_or(|to| month <= to)
            }
            None => self.valid_to.is_none(),
        }
    }
}
