//! The plan (计划): the fewest distinct sums that serve all indicators asked for.
//!
//! A plan knows no engine and no table, only which measures and dimensions there are. Printing it
//! shows what will be summed.
//!
//! May use `error`, `label`, `number`, `unit`, `area`, `period` and `catalog`.

use std::fmt;

use crate::catalog::{Catalog, Condition, Indicator, Linear, Sign};
use crate::error::{Error, Problem, Result};
use crate::label::Label;
use crate::number::{Decimal, pow10};

/// What to do where a part of an indicator is missing (缺失值规则).
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Policy {
    /// One missing part makes the value missing (从严). The default.
    #[default]
    Any,
    /// Only rows that have all parts of the indicator are used (完整行).
    Complete,
    /// As `Complete`, but the value is missing unless at least this share of rows is complete;
    /// a decimal from 0 to 1.
    AtLeast(Decimal),
}

/// What a table offers.
pub(crate) trait Offer {
    /// Whether there is a column of the measure.
    fn measure(&self, id: &str) -> bool;
    /// Whether there is a column of the dimension.
    fn dimension(&self, id: &str) -> bool;
}

/// Sums to make, and how indicators are put together from them (计划).
#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    pub(crate) sums: Vec<PlannedSum>,
    pub(crate) filters: Vec<Condition>,
    pub(crate) indicators: Vec<PlannedIndicator>,
    pub(crate) policy: Policy,
    /// Ids of the dimensions that groups are split by.
    pub(crate) slices: Vec<String>,
}

/// One exact sum over the rows of a group.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct PlannedSum {
    /// What is added up; `None` counts rows.
    pub(crate) of: Option<Linear>,
    /// Decimals of the integers that are added.
    pub(crate) scale: u8,
    /// Position of its filter.
    pub(crate) filter: Option<usize>,
    /// Sums that a row must not lack either, so that only complete rows count.
    pub(crate) among: Vec<usize>,
}

/// An indicator in terms of sums.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct PlannedIndicator {
    pub(crate) indicator: Indicator,
    pub(crate) numerator_name: Label,
    /// Empty for a total.
    pub(crate) denominator_name: Label,
    /// None where the table reports the indicator but has not its parts.
    pub(crate) parts: Option<PlannedParts>,
    /// Whether all parts can be summed over areas.
    pub(crate) over_areas: bool,
}

/// Parts of an indicator.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct PlannedParts {
    pub(crate) numerator: Combination,
    pub(crate) denominator: Option<Combination>,
    /// The sum that counts rows lacking a part.
    pub(crate) lacking: usize,
}

/// Coefficients and positions of sums; all at one scale.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(crate) struct Combination {
    pub(crate) terms: Vec<(i64, usize)>,
    pub(crate) scale: u8,
}

/// A part that the table does not offer.
#[derive(Clone, Debug)]
pub(crate) struct Lacking {
    /// Measure or dimension id.
    pub(crate) id: String,
    /// Headers that it could have had.
    pub(crate) aliases: Vec<String>,
}

impl Plan {
    /// Plans indicators; one whose parts are lacking is given to `reported`, which refuses it
    /// unless it can go without them.
    pub(crate) fn new(
        catalog: &Catalog,
        indicators: &[&Indicator],
        (policy, slices): (Policy, &[String]),
        offer: &dyn Offer,
        reported: &mut dyn FnMut(&Indicator, Lacking) -> Result<()>,
    ) -> Result<Self> {
        let mut planner = Planner { catalog, offer, sums: Vec::new(), filters: Vec::new() };
        let mut planned = Vec::new();
        for indicator in indicators {
            let parts = match planner.parts(indicator)? {
                Ok(parts) => Some(parts),
                Err(lacking) => {
                    reported(indicator, lacking)?;
                    None
                }
            };
            let over_areas = indicator.kind.parts().all(|id| {
                let measure = catalog.measure(id);
                measure.is_ok_and(|measure| measure.over_areas == crate::catalog::OverAreas::Sum)
            });
            let name = |id: Option<&str>| {
                let measure = id.map(|id| catalog.measure(id)).transpose()?;
                Ok::<_, Error>(measure.map_or_else(Label::default, |measure| measure.name.clone()))
            };
            planned.push(PlannedIndicator {
                indicator: (*indicator).clone(),
                numerator_name: name(Some(indicator.kind.numerator()))?,
                denominator_name: name(indicator.kind.denominator())?,
                parts,
                over_areas,
            });
        }
        if policy != Policy::Any {
            for indicator in &mut planned {
                indicator.parts = indicator.parts.take().map(|parts| planner.complete(&parts));
            }
        }
        Ok(Self {
            sums: planner.sums,
            filters: planner.filters,
            indicators: planned,
            policy,
            slices: slices.to_vec(),
        })
    }

    /// Ids of the measures whose columns are read.
    pub(crate) fn measures(&self) -> Vec<&str> {
        let rows = self.sums.iter().filter_map(|sum| sum.of.as_ref());
        let rows = rows.chain(self.filters.iter().flat_map(Condition::rows));
        unique(rows.flat_map(|row| row.parts.iter().map(|(_, id)| id.as_str())))
    }

    /// Measures of a sum, for messages.
    pub(crate) fn label(&self, sum: usize) -> String {
        let of = self.sums.get(sum).and_then(|sum| sum.of.as_ref());
        let ids: Vec<String> =
            of.iter().flat_map(|of| of.parts.iter().map(|(_, id)| format!("`{id}`"))).collect();
        if ids.is_empty() { "rows".to_owned() } else { ids.join(" and ") }
    }

    /// Ids of the dimensions that filters test.
    pub(crate) fn dimensions(&self) -> Vec<&str> {
        unique(self.filters.iter().flat_map(Condition::tests).map(|(dimension, _)| dimension))
    }
}

fn unique<'a>(ids: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let mut found = Vec::new();
    for id in ids {
        if !found.contains(&id) {
            found.push(id);
        }
    }
    found
}

/// A measure is a sum of at most so many columns.
const MAX_TERMS: usize = 256;

struct Planner<'a> {
    catalog: &'a Catalog,
    offer: &'a dyn Offer,
    sums: Vec<PlannedSum>,
    filters: Vec<Condition>,
}

/// A sum before it has a position.
struct Term {
    coefficient: i64,
    of: Option<Linear>,
    filter: Option<Condition>,
}

impl Planner<'_> {
    fn parts(&mut self, indicator: &Indicator) -> Result<Result<PlannedParts, Lacking>> {
        let numerator = match self.combination(indicator.kind.numerator())? {
            Ok(numerator) => numerator,
            Err(lacking) => return Ok(Err(lacking)),
        };
        let denominator =
            match indicator.kind.denominator().map(|id| self.combination(id)).transpose()? {
                Some(Err(lacking)) => return Ok(Err(lacking)),
                Some(Ok(denominator)) => Some(denominator),
                None => None,
            };
        let lacking = self.lacking_rows(&numerator, denominator.as_ref());
        Ok(Ok(PlannedParts { numerator, denominator, lacking }))
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
            position(&mut self.sums, PlannedSum { of: nothing, scale: 0, filter: None, among })
        }
    }

    fn combination(&mut self, measure: &str) -> Result<Result<Combination, Lacking>> {
        let mut terms = Vec::new();
        if let Err(lacking) = self.expand(measure, 1, None, &mut terms)? {
            return Ok(Err(lacking));
        }
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
            let sum = PlannedSum { of, scale: sum_scale, filter, among: Vec::new() };
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
            let filter = match (filter, &term.filter) {
                (Some(outer), Some(inner)) => {
                    Some(Condition::And(Box::new(outer.clone()), Box::new(inner.clone())))
                }
                (outer, inner) => outer.or(inner.as_ref()).cloned(),
            };
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

    /// The same parts over rows that have all of them.
    fn complete(&mut self, parts: &PlannedParts) -> PlannedParts {
        let among = sums_of(&parts.numerator, parts.denominator.as_ref());
        let mut restricted = |combination: &Combination| {
            let terms = combination.terms.iter().filter_map(|(coefficient, sum)| {
                let sum = PlannedSum { among: among.clone(), ..self.sums.get(*sum)?.clone() };
                Some((*coefficient, position(&mut self.sums, sum)))
            });
            Combination { terms: terms.collect(), scale: combination.scale }
        };
        PlannedParts {
            numerator: restricted(&parts.numerator),
            denominator: parts.denominator.as_ref().map(restricted),
            lacking: parts.lacking,
        }
    }
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

impl fmt::Display for Plan {
    /// One line a sum, one line an indicator.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, sum) in self.sums.iter().enumerate() {
            match &sum.of {
                Some(of) if of.parts.is_empty() => write!(f, "s{index} = nothing")?,
                Some(of) => write!(f, "s{index} = sum({})", Row(of))?,
                None => write!(f, "s{index} = count(*)")?,
            }
            if let Some(filter) = sum.filter.and_then(|filter| self.filters.get(filter)) {
                write!(f, " filter (where {filter})")?;
            }
            if !sum.among.is_empty() {
                let names: Vec<String> = sum.among.iter().map(|sum| format!("s{sum}")).collect();
                write!(f, " over rows with {}", names.join(", "))?;
            }
            writeln!(f)?;
        }
        for planned in &self.indicators {
            write!(f, "{} = ", planned.indicator.id)?;
            match &planned.parts {
                None => writeln!(f, "as reported")?,
                Some(PlannedParts { numerator, denominator: None, .. }) => {
                    writeln!(f, "{numerator}")?;
                }
                Some(PlannedParts { numerator, denominator: Some(denominator), .. }) => {
                    writeln!(f, "({numerator}) / ({denominator})")?;
                }
            }
        }
        Ok(())
    }
}

impl fmt::Display for Combination {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, (coefficient, sum)) in self.terms.iter().enumerate() {
            match (index, coefficient) {
                (0, 1) => write!(f, "s{sum}")?,
                (_, 1) => write!(f, " + s{sum}")?,
                (_, -1) => write!(f, " - s{sum}")?,
                (0, other) => write!(f, "{other} * s{sum}")?,
                (_, other) => write!(f, " + {other} * s{sum}")?,
            }
        }
        Ok(())
    }
}

/// A row as the formula grammar writes it.
struct Row<'a>(&'a Linear);

impl fmt::Display for Row<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut first = true;
        for (coefficient, id) in &self.0.parts {
            match (first, *coefficient) {
                (true, 1) => write!(f, "{id}")?,
                (false, 1) => write!(f, " + {id}")?,
                (_, -1) => write!(f, " - {id}")?,
                (true, other) => write!(f, "{other} * {id}")?,
                (false, other) if other < 0 => write!(f, " - {} * {id}", other.unsigned_abs())?,
                (false, other) => write!(f, " + {other} * {id}")?,
            }
            first = false;
        }
        match (first, self.0.constant) {
            (true, constant) => write!(f, "{constant}"),
            (false, 0) => Ok(()),
            (false, constant) => write!(f, " + {constant}"),
        }
    }
}

impl fmt::Display for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Is { dimension, values } => {
                let values: Vec<String> = values.iter().map(|value| format!("'{value}'")).collect();
                write!(f, "{dimension} in ({})", values.join(", "))
            }
            Self::Compare { left, sign, right } => {
                let sign = match sign {
                    Sign::Equal => "=",
                    Sign::NotEqual => "<>",
                    Sign::Less => "<",
                    Sign::LessOrEqual => "<=",
                    Sign::Greater => ">",
                    Sign::GreaterOrEqual => ">=",
                };
                write!(f, "{} {sign} {}", Row(left), Row(right))
            }
            Self::And(a, b) => write!(f, "({a}) and ({b})"),
            Self::Or(a, b) => write!(f, "({a}) or ({b})"),
            Self::Not(inner) => write!(f, "not ({inner})"),
        }
    }
}
