//! Standards (标准): thresholds with source, scope, stage and dates, and the rules that put them
//! together.

use std::sync::Arc;

use super::formula::Condition;
use super::source::{Confidence, Part, Per};
use crate::area::{AreaCode, Areas, Tier};
use crate::label::{Label, Lang};
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
    /// Which rows of schools count, where criteria stand on schools; none takes all.
    pub schools: Option<Condition>,
    /// Whether missing it only makes a figure implausible.
    pub plausibility: bool,
    /// What puts criteria together, where it is not simply all of them.
    pub rules: Vec<Arc<Rule>>,
    /// What has to hold.
    pub criteria: Vec<Arc<Criterion>>,
}

/// A rule (规则): how many of its items must be met. Items are criteria and other rules.
///
/// What is not applicable is no item. A rule of which all items must be met fails with one that
/// does, and is unknown with one that is.
#[derive(Clone, Debug, PartialEq)]
pub struct Rule {
    /// Id within the standard.
    pub id: String,
    /// Name.
    pub name: Label,
    /// The rule that it is an item of; none for an item of the standard.
    pub part_of: Option<String>,
    /// How many items must be met; none for all of them.
    pub needs: Option<u16>,
    /// What the other items must reach, in per cent of their threshold.
    pub floor: Option<Decimal>,
    /// What it is asked of one by one; an area meets it if all of them do.
    pub per: Option<Per>,
    /// Document it comes from.
    pub source: String,
    /// How well it is documented.
    pub confidence: Option<Confidence>,
    /// Remark.
    pub note: Label,
}

/// A criterion (条件) of a standard.
#[derive(Clone, Debug, PartialEq)]
pub struct Criterion {
    /// Indicator that is held against the threshold.
    pub indicator: String,
    /// Threshold in the unit of the indicator; `between` gives two.
    pub thresholds: Vec<(Comparison, Decimal)>,
    /// Names of the grades that thresholds are positions of; none where they are numbers.
    pub grades: Vec<Label>,
    /// The rule that it is an item of; none for an item of the standard.
    pub rule: Option<String>,
    /// Tier of the areas that it is for; none for any.
    pub tier: Option<Tier>,
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
        let wanted =
            |criterion: &&Arc<Criterion>| indicators.contains(&criterion.indicator.as_str());
        Self { criteria: self.criteria.iter().filter(wanted).cloned().collect(), ..self.clone() }
    }

    /// A rule by its id.
    #[must_use]
    pub fn rule(&self, id: &str) -> Option<&Arc<Rule>> {
        self.rules.iter().find(|rule| rule.id == id)
    }

    /// Whether a criterion is asked of each school: what it is an item of lies in a rule that is.
    #[must_use]
    pub fn is_per_school(&self, criterion: &Criterion) -> bool {
        self.around(criterion.rule.as_deref()).any(|rule| rule.per == Some(Per::School))
    }

    /// A rule, what it is an item of, and so on.
    pub(crate) fn around<'a>(&'a self, rule: Option<&str>) -> impl Iterator<Item = &'a Arc<Rule>> {
        // Ends: no rule is an item of itself.
        std::iter::successors(rule.and_then(|id| self.rule(id)), |inner| {
            self.rule(inner.part_of.as_deref()?)
        })
    }

    /// The criteria in force for an area of a tree and a period: valid at the end of the period, of
    /// the narrowest scope. A table without periods is judged by what holds today, that is, by
    /// criteria without an end.
    pub fn in_force(
        &self,
        areas: &Areas,
        area: AreaCode,
        period: Option<Period>,
    ) -> impl Iterator<Item = &Arc<Criterion>> {
        let end = period.map(Period::end);
        self.narrowest(areas, area, move |criterion| criterion.holds_at(end))
    }

    /// The criteria that are not yet in force for an area at the end of a period, but will be; of
    /// several in turn the first.
    pub fn to_come(
        &self,
        areas: &Areas,
        area: AreaCode,
        period: Period,
    ) -> impl Iterator<Item = &Arc<Criterion>> {
        let next = move |criterion: &Criterion| {
            let begins = |other: &Criterion| other.valid_from.filter(|from| *from > period.end());
            let earlier = |other: &Arc<Criterion>| {
                other.is_of(criterion)
                    && other.scope == criterion.scope
                    && begins(other).is_some_and(|from| Some(from) < criterion.valid_from)
            };
            begins(criterion).is_some() && !self.criteria.iter().any(earlier)
        };
        self.narrowest(areas, area, next)
    }

    /// The criteria of the narrowest scope among those that hold for an area.
    fn narrowest(
        &self,
        areas: &Areas,
        area: AreaCode,
        holds: impl Fn(&Criterion) -> bool + Copy,
    ) -> impl Iterator<Item = &Arc<Criterion>> {
        let applies = move |criterion: &Criterion| {
            areas.is_within(area, criterion.scope)
                && criterion.tier.is_none_or(|tier| areas.tier(area) == Some(tier))
                && holds(criterion)
        };
        let replaced = move |wide: &Criterion| {
            self.criteria.iter().any(|narrow| {
                narrow.is_of(wide)
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

    /// The thresholds as text: `≥ 80`, `≥ 0.97 ≤ 1.03`, `≥ 良好`.
    #[must_use]
    pub fn threshold(&self, lang: Lang) -> String {
        let text = |(sign, value): &(Comparison, Decimal)| {
            let grade = usize::try_from(value.mantissa()).ok().and_then(|at| self.grades.get(at));
            let ends = match sign {
                Comparison::AtLeast => self.grades.last(),
                Comparison::AtMost => self.grades.first(),
                _ => None,
            };
            match grade {
                // The last one up or down is the only one.
                Some(grade) if Some(grade) == ends => grade.text(lang).to_owned(),
                Some(grade) => format!("{} {}", sign.sign(), grade.text(lang)),
                None => format!("{} {value}", sign.sign()),
            }
        };
        self.thresholds.iter().map(text).collect::<Vec<_>>().join(" ")
    }

    /// Whether it asks the same thing as another, of other areas or at another time.
    pub(crate) fn is_of(&self, other: &Self) -> bool {
        self.indicator == other.indicator
            && self.stage == other.stage
            && self.rule == other.rule
            && self.tier == other.tier
    }

    /// Whether there is a month in which both hold.
    pub(super) fn meets_in_time(&self, other: &Self) -> bool {
        let ends_before = |one: &Self, other: &Self| {
            one.valid_to.zip(other.valid_from).is_some_and(|(to, from)| to < from)
        };
        !ends_before(self, other) && !ends_before(other, self)
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
