//! From measures and their formulas to sums of columns, each sum once.

use super::{
    Combination, Lacking, Lagged, Offer, PlannedDispersion, PlannedParts, PlannedSum, Version,
};
use crate::catalog::{
    Among, Catalog, Condition, Indicator, Kind, Lag, Linear, OverAreas, OverTime,
};
use crate::error::{Problem, Result};
use crate::label::Label;
use crate::number::pow10;
use crate::period::Month;

/// A measure is a sum of at most so many columns.
const MAX_TERMS: usize = 256;

pub(super) struct Planner<'a> {
    catalog: &'a Catalog,
    offer: &'a dyn Offer,
    /// Which rows count.
    filter: Option<&'a Condition>,
    pub(super) sums: Vec<PlannedSum>,
    pub(super) filters: Vec<Condition>,
}

/// A sum before it has a position.
struct Term {
    coefficient: i64,
    of: Option<Linear>,
    filter: Option<Condition>,
}

impl<'a> Planner<'a> {
    pub(super) fn new(
        catalog: &'a Catalog,
        offer: &'a dyn Offer,
        filter: Option<&'a Condition>,
    ) -> Self {
        Self { catalog, offer, filter, sums: Vec::new(), filters: Vec::new() }
    }

    /// The sum of the rows that count, where not all do.
    pub(super) fn counted(&mut self) -> Option<usize> {
        let filter = position(&mut self.filters, self.filter?.clone());
        let (of, over_time) = (None, OverTime::Last);
        let sum = PlannedSum { of, scale: 0, filter: Some(filter), among: Vec::new(), over_time };
        Some(position(&mut self.sums, sum))
    }

    /// The versions of an indicator, and what its present one lacks.
    pub(super) fn versions(
        &mut self,
        indicator: &Indicator,
    ) -> Result<(Vec<Version>, Option<Lacking>)> {
        let mut versions = Vec::new();
        for earlier in &indicator.earlier {
            versions.push(self.version(&earlier.kind, Some(earlier.until))?.0);
        }
        let (present, lacking) = self.version(&indicator.kind, None)?;
        versions.push(present);
        Ok((versions, lacking))
    }

    fn version(&mut self, kind: &Kind, until: Option<Month>) -> Result<(Version, Option<Lacking>)> {
        let (parts, lacking) = match self.parts(kind)? {
            Ok(parts) => (Some(parts), None),
            Err(lacking) => (None, Some(lacking)),
        };
        let name = |id: Option<&str>| -> Result<Label> {
            let measure = id.map(|id| self.catalog.measure(id)).transpose()?;
            Ok(measure.map_or_else(Label::default, |measure| measure.name.clone()))
        };
        let over_areas = kind.parts().all(|id| {
            self.catalog.measure(id).is_ok_and(|measure| measure.over_areas == OverAreas::Sum)
        });
        let version = Version {
            until,
            numerator_name: name(kind.numerator())?,
            denominator_name: name(kind.denominator())?,
            parts,
            over_areas,
            counted: (self.counts(kind.numerator()), self.counts(kind.denominator())),
        };
        Ok((version, lacking))
    }

    /// Whether a part is a number of whole units: persons, places, not money or grades.
    fn counts(&self, part: Option<&str>) -> bool {
        let measure = part.and_then(|id| self.catalog.measure(id).ok());
        measure.is_some_and(|measure| {
            measure.scale == 0
                && measure.grades.is_empty()
                && measure.over_areas == OverAreas::Sum
                && !measure.unit.is_money()
        })
    }

    fn parts(&mut self, kind: &Kind) -> Result<Result<PlannedParts, Lacking>> {
        let numerator = match self.combination(kind.numerator().unwrap_or_default(), self.filter)? {
            Ok(numerator) => numerator,
            Err(lacking) => return Ok(Err(lacking)),
        };
        let denominator =
            match kind.denominator().map(|id| self.combination(id, self.filter)).transpose()? {
                Some(Err(lacking)) => return Ok(Err(lacking)),
                Some(Ok(denominator)) => Some(denominator),
                None => None,
            };
        let (denominator, lagged) = match (denominator, kind.lag()) {
            (Some(denominator), Some(lag)) => match self.lagged(&denominator, lag)? {
                Ok((moved, lagged)) => (moved, Some(lagged)),
                Err(lacking) => return Ok(Err(lacking)),
            },
            (denominator, _) => (denominator, None),
        };
        let lacking = self.lacking_rows(&numerator, denominator.as_ref());
        Ok(Ok(PlannedParts { numerator, denominator, lagged, lacking }))
    }

    /// What came and went since, and the denominator of the earlier period, at one scale.
    fn lagged(
        &mut self,
        denominator: &Combination,
        lag: &Lag,
    ) -> Result<Result<(Option<Combination>, Lagged), Lacking>> {
        let mut moved = Vec::new();
        for (sign, id) in [(1, &lag.plus), (-1, &lag.minus)] {
            let Some(id) = id else { continue };
            match self.combination(id, self.filter)? {
                Ok(combination) => moved.push((sign, combination)),
                Err(lacking) => return Ok(Err(lacking)),
            }
        }
        let scales = moved.iter().map(|(_, moved)| moved.scale);
        let scale = scales.fold(denominator.scale, u8::max);
        let mut sum = Combination { terms: Vec::new(), scale };
        for (sign, combination) in &moved {
            sum.terms.extend(rescaled(combination, *sign, scale)?.terms);
        }
        let denominator = rescaled(denominator, 1, scale)?;
        let moved = Some(sum).filter(|_| !moved.is_empty());
        Ok(Ok((moved, Lagged { before: lag.before, denominator })))
    }

    pub(super) fn dispersion(
        &mut self,
        (resource, weight): (&str, &str),
        among: Among,
        filter: Option<&Condition>,
    ) -> Result<Result<PlannedDispersion, Lacking>> {
        if among == Among::School && !self.offer.schools() {
            let aliases = vec!["学校".to_owned(), "学校代码".to_owned()];
            return Ok(Err(Lacking { id: "school".to_owned(), aliases }));
        }
        if let Some(lacking) = filter.and_then(|filter| self.lacking(filter)) {
            return Ok(Err(lacking));
        }
        let filter = both(self.filter, filter);
        let resource = match self.combination(resource, filter.as_ref())? {
            Ok(resource) => resource,
            Err(lacking) => return Ok(Err(lacking)),
        };
        let weight = match self.combination(weight, filter.as_ref())? {
            Ok(weight) => weight,
            Err(lacking) => return Ok(Err(lacking)),
        };
        let lacking = self.lacking_rows(&resource, Some(&weight));
        Ok(Ok(PlannedDispersion { resource, weight, among, lacking }))
    }

    /// A sum of nothing over the rows that have all parts: what it leaves out is what is lacking.
    fn lacking_rows(
        &mut self,
        numerator: &Combination,
        denominator: Option<&Combination>,
    ) -> usize {
        let among = sums_of(numerator, denominator);
        if let [only] = among.as_slice() {
            *only
        } else {
            let nothing = Some(Linear::default());
            let over_time = OverTime::Last;
            position(
                &mut self.sums,
                PlannedSum { of: nothing, scale: 0, filter: None, among, over_time },
            )
        }
    }

    fn combination(
        &mut self,
        measure: &str,
        filter: Option<&Condition>,
    ) -> Result<Result<Combination, Lacking>> {
        let mut terms = Vec::new();
        if let Err(lacking) = self.expand(measure, 1, filter, &mut terms)? {
            return Ok(Err(lacking));
        }
        let over_time = self.catalog.measure(measure)?.over_time;
        let mut scale = 0;
        for term in &terms {
            scale = scale.max(self.scale_of(term.of.as_ref())?);
        }
        let mut combination = Combination { terms: Vec::new(), scale };
        for term in terms {
            let of = term.of.map(|of| self.at_scale(&of, scale)).transpose()?;
            let coefficient = match of {
                Some(_) => Some(term.coefficient),
                None => factor(scale).and_then(|factor| term.coefficient.checked_mul(factor)),
            };
            let coefficient = coefficient.ok_or_else(|| too_large(measure))?;
            let filter = term.filter.map(|filter| position(&mut self.filters, filter));
            let sum_scale = if of.is_some() { scale } else { 0 };
            let sum = PlannedSum { of, scale: sum_scale, filter, among: Vec::new(), over_time };
            combination.terms.push((coefficient, position(&mut self.sums, sum)));
        }
        Ok(Ok(combination))
    }

    /// A measure as sums of columns: its own column, else its formula with the columns of that.
    fn expand(
        &self,
        measure: &str,
        coefficient: i64,
        filter: Option<&Condition>,
        terms: &mut Vec<Term>,
    ) -> Result<Result<(), Lacking>> {
        let measure = self.catalog.measure(measure)?;
        if terms.len() > MAX_TERMS {
            let reason =
                format!("more than {MAX_TERMS} terms once `{}` is spelled out", measure.id);
            return Err(Problem::BadFormula { reason }.into());
        }
        if self.offer.measure(&measure.id) {
            let of = Some(Linear::measure(&measure.id));
            terms.push(Term { coefficient, of, filter: filter.cloned() });
            return Ok(Ok(()));
        }
        let Some(define) = &measure.define else {
            let names = [measure.name.zh.clone()];
            let aliases = names.into_iter().chain(measure.aliases.clone()).collect();
            return Ok(Err(Lacking { id: measure.id.clone(), aliases }));
        };
        for term in &define.terms {
            let sign = if term.negative { -1 } else { 1 };
            let coefficient =
                coefficient.checked_mul(sign).ok_or_else(|| too_large(&measure.id))?;
            if let Some(lacking) = term.filter.as_ref().and_then(|filter| self.lacking(filter)) {
                return Ok(Err(lacking));
            }
            let filter = both(filter, term.filter.as_ref());
            let Some(row) = &term.sum else {
                terms.push(Term { coefficient, of: None, filter });
                continue;
            };
            let (bound, defined): (Vec<_>, Vec<_>) =
                row.parts.iter().cloned().partition(|(_, id)| self.offer.measure(id));
            if !bound.is_empty() {
                let of = Some(Linear { parts: bound, constant: 0 });
                terms.push(Term { coefficient, of, filter: filter.clone() });
            }
            for (factor, id) in defined {
                let coefficient = coefficient.checked_mul(factor).ok_or_else(|| too_large(&id))?;
                if let Err(lacking) = self.expand(&id, coefficient, filter.as_ref(), terms)? {
                    return Ok(Err(lacking));
                }
            }
        }
        Ok(Ok(()))
    }

    /// What a filter needs and the table lacks: filters are tested row by row, so the measures
    /// they compare must be columns.
    fn lacking(&self, filter: &Condition) -> Option<Lacking> {
        let rows = filter.rows();
        let mut measures = rows.iter().flat_map(|row| &row.parts).map(|(_, id)| id);
        if let Some(id) = measures.find(|id| !self.offer.measure(id)) {
            let aliases = self
                .catalog
                .measure(id)
                .map_or_else(|_| Vec::new(), |measure| measure.aliases.clone());
            return Some(Lacking { id: id.clone(), aliases });
        }
        let mut tests = filter.tests().into_iter();
        if let Some((id, _)) = tests.find(|(id, _)| !self.offer.dimension(id)) {
            let dimension = self.catalog.dimension(id);
            let aliases = dimension.map_or_else(
                |_| Vec::new(),
                |dimension| [vec![dimension.name.zh.clone()], dimension.aliases.clone()].concat(),
            );
            return Some(Lacking { id: id.to_owned(), aliases });
        }
        None
    }

    fn scale_of(&self, of: Option<&Linear>) -> Result<u8> {
        let mut scale = 0;
        for (_, id) in of.into_iter().flat_map(|of| &of.parts) {
            scale = scale.max(self.catalog.measure(id)?.scale);
        }
        Ok(scale)
    }

    /// Coefficients such that integers of each measure's scale add up at a common one.
    fn at_scale(&self, of: &Linear, scale: u8) -> Result<Linear> {
        let mut parts = Vec::with_capacity(of.parts.len());
        for (coefficient, id) in &of.parts {
            let own = self.catalog.measure(id)?.scale;
            let scaled = factor(scale.saturating_sub(own)).and_then(|f| coefficient.checked_mul(f));
            parts.push((scaled.ok_or_else(|| too_large(id))?, id.clone()));
        }
        Ok(Linear { parts, constant: 0 })
    }

    /// The same parts over rows that have all of them. Where months are put together, a month need
    /// not have a stock for its flows to count.
    pub(super) fn complete(&mut self, parts: &PlannedParts, over_months: bool) -> PlannedParts {
        let all = sums_of(&parts.numerator, parts.denominator.as_ref());
        let lagged = parts.lagged.as_ref().map(|lagged| Lagged {
            before: lagged.before,
            denominator: self.restricted(&lagged.denominator, &sums_of(&lagged.denominator, None)),
        });
        let restricted = |planner: &mut Self, combination: &Combination| {
            let among = planner.alike(combination, &all, over_months);
            planner.restricted(combination, &among)
        };
        PlannedParts {
            numerator: restricted(self, &parts.numerator),
            denominator: parts.denominator.as_ref().map(|parts| restricted(self, parts)),
            lagged,
            lacking: parts.lacking,
        }
    }

    /// Sums that behave over time as a combination does, where that matters.
    fn alike(&self, combination: &Combination, all: &[usize], over_months: bool) -> Vec<usize> {
        let behaviour = |sum: &usize| self.sums.get(*sum).map(|sum| sum.over_time);
        let own = combination.terms.first().and_then(|(_, sum)| behaviour(sum));
        all.iter().filter(|sum| !over_months || behaviour(sum) == own).copied().collect()
    }

    /// A combination over the rows that have all of some sums.
    fn restricted(&mut self, combination: &Combination, among: &[usize]) -> Combination {
        let mut terms = Vec::with_capacity(combination.terms.len());
        for (coefficient, sum) in &combination.terms {
            // What a row lacks itself, it does not add anyway.
            let sum = match self.sums.get(*sum).cloned() {
                Some(of_all) if among.iter().any(|other| other != sum) => {
                    let complete = PlannedSum { among: among.to_vec(), ..of_all };
                    position(&mut self.sums, complete)
                }
                _ => *sum,
            };
            terms.push((*coefficient, sum));
        }
        Combination { terms, scale: combination.scale }
    }
}

/// What meets both of two conditions.
fn both(outer: Option<&Condition>, inner: Option<&Condition>) -> Option<Condition> {
    match (outer, inner) {
        (Some(outer), Some(inner)) => {
            Some(Condition::And(Box::new(outer.clone()), Box::new(inner.clone())))
        }
        (outer, inner) => outer.or(inner).cloned(),
    }
}

/// A combination at a finer scale, times a sign.
fn rescaled(combination: &Combination, sign: i64, scale: u8) -> Result<Combination> {
    let by = factor(scale.saturating_sub(combination.scale)).and_then(|by| by.checked_mul(sign));
    let too_large = || too_large("a denominator");
    let by = by.ok_or_else(too_large)?;
    let mut terms = Vec::with_capacity(combination.terms.len());
    for (coefficient, sum) in &combination.terms {
        terms.push((coefficient.checked_mul(by).ok_or_else(too_large)?, *sum));
    }
    Ok(Combination { terms, scale })
}

/// Positions of the sums of both parts, each once.
fn sums_of(numerator: &Combination, denominator: Option<&Combination>) -> Vec<usize> {
    let combinations = std::iter::once(numerator).chain(denominator);
    let mut sums: Vec<usize> =
        combinations.flat_map(|c| c.terms.iter().map(|(_, sum)| *sum)).collect();
    sums.sort_unstable();
    sums.dedup();
    sums
}

/// Where an equal item stands, or where it is put.
fn position<T: PartialEq>(items: &mut Vec<T>, item: T) -> usize {
    items.iter().position(|other| *other == item).unwrap_or_else(|| {
        items.push(item);
        items.len().saturating_sub(1)
    })
}

fn factor(power: u8) -> Option<i64> {
    pow10(u32::from(power)).and_then(|factor| i64::try_from(factor).ok())
}

fn too_large(what: &str) -> Problem {
    Problem::Overflow { what: format!("a coefficient of `{what}`") }
}
