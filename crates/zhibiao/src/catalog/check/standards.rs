//! Standards: thresholds, scopes, stages and dates, and the rules that put criteria together.

use std::sync::Arc;

use super::super::source::{CriterionSaid, RuleSaid, Source, StandardSaid};
use super::super::spanned::Spanned;
use super::super::{Criterion, DimensionValue, Rule, Standard};
use super::Checker;
use crate::area::{AreaCode, Tier};
use crate::catalog::formula::Condition;
use crate::error::{Problem, Result};
use crate::label::Lang;
use crate::number::{Comparison, Decimal, Ratio};
use crate::period::Month;

impl Checker {
    pub(super) fn standard(&mut self, source: &Source, id: &str, said: &Spanned<StandardSaid>) {
        let s = said.get_ref();
        let rules: Vec<Arc<Rule>> = s
            .rules
            .iter()
            .map(|(rule, said)| Arc::new(self.rule(source, (s, id), rule, said)))
            .collect();
        let mut criteria: Vec<Arc<Criterion>> = Vec::new();
        for said in &s.criteria {
            let Some(criterion) = self.criterion(source, s, said) else { continue };
            self.refuse_second(source, said, &criteria, &criterion);
            criteria.push(Arc::new(criterion));
        }
        let schools = s.schools.as_ref().and_then(|text| {
            let condition = self.noted(source, text.span(), Condition::parse(text.get_ref()))?;
            self.tests(source, text.span(), &condition).then_some(condition)
        });
        let standard = Standard {
            id: id.to_owned(),
            name: s.name.clone(),
            source: s.source.clone(),
            note: s.note.clone(),
            schools,
            plausibility: s.plausibility,
            rules,
            criteria,
        };
        for (rule, said) in standard.rules.iter().zip(s.rules.values()) {
            if let Some(reason) = unusable(&standard, rule) {
                self.refuse_rule(source, (id, &rule.id), said, reason);
            }
        }
        self.done.standards.insert(id.to_owned(), standard);
    }

    fn rule(
        &mut self,
        source: &Source,
        (standard, standard_id): (&StandardSaid, &str),
        id: &str,
        said: &Spanned<RuleSaid>,
    ) -> Rule {
        let r = said.get_ref();
        self.rule_named(source, standard, r.part_of.as_ref());
        let floor = r.floor.as_ref().and_then(|text| {
            let floor = self.noted(source, text.span(), text.get_ref().parse::<Decimal>())?;
            let within = floor > Decimal::integer(0) && floor.ratio() < Ratio::integer(100);
            if !within {
                let reason = "has a `floor` that is not between 0 and 100 per cent";
                self.refuse_rule(source, (standard_id, id), said, reason.to_owned());
            }
            Some(floor)
        });
        Rule {
            id: id.to_owned(),
            name: r.name.clone(),
            part_of: r.part_of.as_ref().map(|outer| outer.get_ref().clone()),
            needs: r.needs,
            floor,
            per: r.per,
            source: r.source.clone().unwrap_or_else(|| standard.source.clone()),
            confidence: r.confidence,
            note: r.note.clone(),
        }
    }

    fn criterion(
        &mut self,
        source: &Source,
        standard: &StandardSaid,
        said: &Spanned<CriterionSaid>,
    ) -> Option<Criterion> {
        let c = said.get_ref();
        let Some(indicator) = self.done.indicators.get(c.indicator.get_ref()) else {
            let names: Vec<String> = self.done.indicators.keys().cloned().collect();
            self.unknown(source, &c.indicator, "indicator", names.iter().map(String::as_str));
            return None;
        };
        let grades = indicator.grades.clone();
        if c.needed_by.is_some() && indicator.kind.denominator().is_none() {
            let reason = "has `needed_by`, but its indicator has no numerator and denominator";
            self.refuse_criterion(source, said, reason.to_owned());
            return None;
        }
        let thresholds = self.thresholds(source, said, &grades)?;
        let scope = match &c.scope {
            Some(text) => self.noted(source, text.span(), text.get_ref().parse::<AreaCode>())?,
            None => AreaCode::NATION,
        };
        let tier = match &c.tier {
            Some(text) => Some(self.noted(source, text.span(), text.get_ref().parse::<Tier>())?),
            None => None,
        };
        let valid_from =
            self.month(source, c.valid_from.as_ref().or(standard.valid_from.as_ref())).ok()?;
        let valid_to =
            self.month(source, c.valid_to.as_ref().or(standard.valid_to.as_ref())).ok()?;
        if let (Some(from), Some(to)) = (valid_from, valid_to)
            && to < from
        {
            self.refuse_criterion(source, said, format!("ends ({to}) before it begins ({from})"));
        }
        self.rule_named(source, standard, c.rule.as_ref());
        self.stage_named(source, c.stage.as_ref());
        Some(Criterion {
            indicator: c.indicator.get_ref().clone(),
            thresholds,
            grades: grades.iter().map(|grade| grade.name.clone()).collect(),
            rule: c.rule.as_ref().map(|rule| rule.get_ref().clone()),
            tier,
            scope,
            stage: c.stage.as_ref().map(|stage| stage.get_ref().clone()),
            valid_from,
            valid_to,
            needed_by: c.needed_by,
            source: c.source.clone().unwrap_or_else(|| standard.source.clone()),
            confidence: c.confidence,
            note: c.note.clone(),
        })
    }

    /// Exactly one threshold, or two ends; a grade by its name.
    fn thresholds(
        &mut self,
        source: &Source,
        said: &Spanned<CriterionSaid>,
        grades: &[DimensionValue],
    ) -> Option<Vec<(Comparison, Decimal)>> {
        let c = said.get_ref();
        let mut written = Vec::new();
        for (sign, text) in [
            (Comparison::AtLeast, &c.at_least),
            (Comparison::AtMost, &c.at_most),
            (Comparison::Above, &c.above),
            (Comparison::Below, &c.below),
        ] {
            written.extend(text.as_ref().map(|text| vec![(sign, text)]));
        }
        if let Some([from, to]) = &c.between {
            written.push(vec![(Comparison::AtLeast, from), (Comparison::AtMost, to)]);
        }
        if written.len() != 1 {
            self.refuse_criterion(source, said, format!("has {} thresholds", written.len()));
            return None;
        }
        let mut thresholds = Vec::new();
        for (sign, text) in written.into_iter().flatten() {
            let at = if grades.is_empty() {
                self.noted(source, text.span(), text.get_ref().parse::<Decimal>())?
            } else if let Some(at) = grades.iter().position(|grade| grade.id == *text.get_ref()) {
                Decimal::integer(i128::try_from(at).ok()?)
            } else {
                self.unknown(source, text, "grade", grades.iter().map(|grade| grade.id.as_str()));
                return None;
            };
            thresholds.push((sign, at));
        }
        if let [(_, from), (_, to)] = thresholds.as_slice()
            && to < from
        {
            let reason = format!("is between {from} and {to}, where nothing lies");
            self.refuse_criterion(source, said, reason);
        }
        Some(thresholds)
    }

    /// Two criteria of one thing must not hold in the same month and scope, and a narrower scope
    /// cannot ask for the opposite.
    fn refuse_second(
        &mut self,
        source: &Source,
        said: &Spanned<CriterionSaid>,
        earlier: &[Arc<Criterion>],
        criterion: &Criterion,
    ) {
        let upward = |criterion: &Criterion| match criterion.thresholds.as_slice() {
            [(Comparison::AtLeast | Comparison::Above, _)] => Some(true),
            [(Comparison::AtMost | Comparison::Below, _)] => Some(false),
            _ => None,
        };
        for other in earlier {
            if !other.is_of(criterion) || !other.meets_in_time(criterion) {
                continue;
            }
            let (new, old) = (criterion.threshold(Lang::En), other.threshold(Lang::En));
            let name = criterion.name();
            if other.scope == criterion.scope {
                let reason = format!(
                    "`{name}` ({new}) holds in the same months as an earlier one of the same scope ({old})"
                );
                self.refuse_criterion(source, said, reason);
            } else if upward(other).zip(upward(criterion)).is_some_and(|(one, other)| one != other)
            {
                let scope = other.scope;
                let reason = format!("`{name}` ({new}) contradicts that of scope {scope} ({old})");
                self.refuse_criterion(source, said, reason);
            }
        }
    }

    fn stage_named(&mut self, source: &Source, stage: Option<&Spanned<String>>) {
        let Some(stage) = stage else { return };
        let known = self.done.dimensions.get("stage");
        let values = known.map_or_else(Vec::new, |dimension| {
            dimension.values.iter().map(|value| value.id.clone()).collect()
        });
        if !values.contains(stage.get_ref()) {
            self.unknown(source, stage, "stage", values.iter().map(String::as_str));
        }
    }

    fn rule_named(
        &mut self,
        source: &Source,
        standard: &StandardSaid,
        rule: Option<&Spanned<String>>,
    ) {
        if let Some(rule) = rule.filter(|rule| !standard.rules.contains_key(rule.get_ref())) {
            self.unknown(source, rule, "rule", standard.rules.keys().map(String::as_str));
        }
    }

    fn refuse_criterion(&mut self, source: &Source, said: &Spanned<CriterionSaid>, reason: String) {
        self.error(source, said.span(), Problem::BadCriterion { reason });
    }

    fn refuse_rule(
        &mut self,
        source: &Source,
        (standard, rule): (&str, &str),
        said: &Spanned<RuleSaid>,
        reason: String,
    ) {
        let rule = format!("{standard}.{rule}");
        self.error(source, said.span(), Problem::BadRule { rule, reason });
    }

    /// A month, if there is one; fails where it does not read.
    fn month(
        &mut self,
        source: &Source,
        text: Option<&Spanned<String>>,
    ) -> Result<Option<Month>, ()> {
        text.map(|text| self.noted(source, text.span(), text.get_ref().parse()).ok_or(()))
            .transpose()
    }
}

/// Why a rule cannot be used.
fn unusable(standard: &Standard, rule: &Rule) -> Option<String> {
    let outer_of = |rule: &Rule| rule.part_of.as_deref().and_then(|id| standard.rule(id));
    let mut outer = outer_of(rule);
    for _ in 0..=standard.rules.len() {
        match outer {
            Some(found) if found.id == rule.id => {
                return Some("is an item of itself, through `part_of`".to_owned());
            }
            Some(found) if rule.per.is_some() && found.per == rule.per => {
                return Some("is asked per school within a rule that is, too".to_owned());
            }
            Some(found) => outer = outer_of(found),
            None => break,
        }
    }
    let mut own = standard.criteria.iter().filter(|c| c.rule.as_deref() == Some(&rule.id));
    let has_rules = standard.rules.iter().any(|inner| inner.part_of.as_deref() == Some(&rule.id));
    let no_items = own.clone().next().is_none() && !has_rules;
    let no_floor = |criterion: &Arc<Criterion>| {
        !matches!(criterion.thresholds.as_slice(), [(Comparison::AtLeast | Comparison::Above, _)])
    };
    match (rule.needs, rule.floor) {
        _ if no_items => Some("has no items: no criterion or rule names it".to_owned()),
        (Some(0), _) => Some("needs 0 items; leave `needs` out if all must be met".to_owned()),
        (None, Some(_)) => {
            Some("has a `floor`, but needs all its items: give `needs` as well".to_owned())
        }
        (_, Some(_)) if has_rules || own.any(no_floor) => Some(
            "has a `floor`, which only items `at_least` or `above` a threshold have".to_owned(),
        ),
        _ => None,
    }
}
