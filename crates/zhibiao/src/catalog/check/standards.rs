//! Standards: thresholds, scopes, stages and dates.

use super::super::source::{CriterionSaid, Source, StandardSaid};
use super::super::spanned::Spanned;
use super::super::{Criterion, Standard};
use super::Checker;
use crate::area::AreaCode;
use crate::error::{Problem, Result};
use crate::number::{Comparison, Decimal};
use crate::period::Month;

impl Checker {
    pub(super) fn standard(&mut self, source: &Source, id: &str, said: &Spanned<StandardSaid>) {
        let StandardSaid { name, source: document, note, criteria, replaces: _ } = said.get_ref();
        let criteria: Vec<Criterion> = criteria
            .iter()
            .filter_map(|criterion| self.criterion(source, document, criterion))
            .collect();
        let standard = Standard {
            id: id.to_owned(),
            name: name.clone(),
            source: document.clone(),
            note: note.clone(),
            criteria,
        };
        self.done.standards.insert(id.to_owned(), standard);
    }

    fn criterion(
        &mut self,
        source: &Source,
        document: &str,
        said: &Spanned<CriterionSaid>,
    ) -> Option<Criterion> {
        let c = said.get_ref();
        if !self.done.indicators.contains_key(c.indicator.get_ref()) {
            let names: Vec<String> = self.done.indicators.keys().cloned().collect();
            self.unknown(source, &c.indicator, "indicator", names.iter().map(String::as_str));
            return None;
        }
        let whole = self.done.indicators.get(c.indicator.get_ref());
        let has_parts = whole.is_some_and(|indicator| indicator.kind.denominator().is_some());
        if c.needed_by.is_some() && !has_parts {
            let reason = "has `needed_by`, but its indicator has no numerator and denominator";
            self.error(source, said.span(), Problem::BadCriterion { reason: reason.to_owned() });
            return None;
        }
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
            let reason = format!("has {} thresholds", written.len());
            self.error(source, said.span(), Problem::BadCriterion { reason });
            return None;
        }
        let mut thresholds = Vec::new();
        for (sign, text) in written.into_iter().flatten() {
            thresholds
                .push((sign, self.noted(source, text.span(), text.get_ref().parse::<Decimal>())?));
        }
        let scope = match &c.scope {
            Some(text) => self.noted(source, text.span(), text.get_ref().parse::<AreaCode>())?,
            None => AreaCode::NATION,
        };
        let valid_from = self.month(source, c.valid_from.as_ref()).ok()?;
        let valid_to = self.month(source, c.valid_to.as_ref()).ok()?;
        if let (Some(from), Some(to)) = (valid_from, valid_to)
            && to < from
        {
            let reason = format!("ends ({to}) before it begins ({from})");
            self.error(source, said.span(), Problem::BadCriterion { reason });
        }
        if let Some(stage) = &c.stage {
            let known = self.done.dimensions.get("stage");
            if known.is_none_or(|dimension| {
                dimension.values.iter().all(|value| value.id != *stage.get_ref())
            }) {
                let values = known.map_or_else(Vec::new, |dimension| {
                    dimension.values.iter().map(|value| value.id.clone()).collect()
                });
                self.unknown(source, stage, "stage", values.iter().map(String::as_str));
            }
        }
        Some(Criterion {
            indicator: c.indicator.get_ref().clone(),
            thresholds,
            scope,
            stage: c.stage.as_ref().map(|stage| stage.get_ref().clone()),
            valid_from,
            valid_to,
            needed_by: c.needed_by,
            source: c.source.clone().unwrap_or_else(|| document.to_owned()),
            confidence: c.confidence,
            note: c.note.clone(),
        })
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
