//! Wholes (合计行): what rows that say 合计 tell of parts that are not there.
//!
//! The invariant: a row that says 合计 is never added to its parts. Where rows of all declared values
//! are among these, they are the figure. Where some are not, and the 合计 is more than what is there,
//! the rest is of those: then the 合计 is the figure of all together, and what is asked of the values
//! that are not there is missing, not zero.

mod added;
mod known;
mod place;
mod told;

use std::collections::BTreeMap;

use hashbrown::HashSet;

use self::added::{Added, added_to};
use self::known::Found;
use self::place::{Of, Place, choices};
pub(crate) use self::told::Beyond;
use super::{Key, States};
use crate::catalog::{Catalog, Condition, Dimension, Linear, OverAreas};
use crate::error::Result;
use crate::label::Lang;
use crate::plan::PlannedSum;

/// The rows of a table, told apart by all that their keys tell, those that say 合计 among them.
pub(crate) struct Wholes<'a> {
    rows: &'a States,
    dimensions: Vec<&'a Dimension>,
    /// Those that may be added up.
    measures: Vec<Measure>,
    source: &'a dyn Source,
    /// Rows whose figure of a sum is known within bounds, with the sum.
    bounded: HashSet<(usize, usize)>,
}

/// The table that rows came from.
pub(crate) trait Source {
    /// Whether each row has a cell for each measure, be it empty.
    fn is_wide(&self) -> bool;

    /// Whether the row that says 合计 of a key has a cell for a measure.
    fn has_cell(&self, key: &Key, measure: &str) -> bool;

    /// Where that row stands, if rows are numbered.
    fn row(&self, key: &Key) -> Option<u64>;
}

/// A measure, and its sum in the rows.
struct Measure {
    id: String,
    scale: u8,
    sum: usize,
}

impl<'a> Wholes<'a> {
    /// Of rows that are grouped by school, where there are schools, and all dimensions; a position one
    /// beyond the declared values of a dimension says 合计.
    pub(crate) fn of(
        catalog: &'a Catalog,
        rows: &'a States,
        source: &'a dyn Source,
    ) -> Result<Self> {
        let dimensions = rows.plan.slices.iter().map(|id| catalog.dimension(id));
        let mut measures = Vec::new();
        for (sum, planned) in rows.plan.sums.iter().enumerate() {
            let Some([(1, id)]) = planned.of.as_ref().map(|of| of.parts.as_slice()) else {
                continue;
            };
            if catalog.measure(id)?.over_areas == OverAreas::Sum {
                measures.push(Measure { id: id.clone(), scale: planned.scale, sum });
            }
        }
        let bounded = rows.bounded.iter().flat_map(|row| {
            let at = rows.keys.binary_search(&row.key);
            row.parts.iter().filter_map(move |part| Some((at.ok()?, part.sum)))
        });
        let dimensions = dimensions.collect::<Result<_>>()?;
        Ok(Self { rows, dimensions, measures, source, bounded: bounded.collect() })
    }

    /// The states of the same rows, which may tell schools apart, with what the wholes tell.
    pub(crate) fn complete(
        &self,
        (states, schools): (&States, bool),
        lang: Lang,
    ) -> Result<(States, Vec<Beyond>)> {
        let mut added: BTreeMap<Key, Added> = BTreeMap::new();
        let mut told = Vec::new();
        let mut start = 0_usize;
        let same =
            |a: &Key, b: &Key| (a.period, a.area, &a.school) == (b.period, b.area, &b.school);
        for keys in self.rows.keys.chunk_by(same) {
            let end = start.saturating_add(keys.len());
            let place = Place::of(&self.rows.keys, start..end, &self.dimensions);
            start = end;
            let Some(first) = keys.first().filter(|_| !place.wholes.is_empty()) else { continue };
            self.tell(&place, lang, &mut told)?;
            let keys = place.wholes.iter().filter_map(|whole| self.rows.keys.get(whole.at));
            let row = keys.filter_map(|key| self.source.row(key)).min();
            for (at, sum) in states.plan.sums.iter().enumerate() {
                for (slices, more) in self.more(&place, states, sum) {
                    let school = first.school.clone().filter(|_| schools);
                    let key = Key { school, slices, ..first.clone() };
                    added.entry(key).or_default().add(at, more, row);
                }
            }
        }
        let is_known = |sum: &PlannedSum| {
            let of = sum.of.as_ref().and_then(|of| self.measures_of(of));
            of.is_some_and(|of| of.is_empty() || self.source.is_wide())
        };
        Ok((states.merge(&added_to(states, added, &is_known))?, told))
    }

    /// What is to be added to a sum, by slices; none where some of it is not there.
    fn more(
        &self,
        place: &Place,
        states: &States,
        sum: &PlannedSum,
    ) -> BTreeMap<Vec<Option<u32>>, Option<i128>> {
        let plan = &states.plan;
        let mut more = BTreeMap::new();
        let Some(of) = sum.of.as_ref().and_then(|of| self.measures_of(of)) else { return more };
        let filter = sum.filter.and_then(|filter| plan.filters.get(filter));
        let mut asked: Vec<&str> = plan.slices.iter().map(String::as_str).collect();
        asked.extend(filter.iter().flat_map(|filter| filter.tests()).map(|(id, _)| id));
        let each = self.dimensions.iter().map(|dimension| {
            if asked.contains(&dimension.id.as_str()) { Of::each(dimension) } else { vec![Of::All] }
        });
        for asked in choices(each) {
            let passes = filter.map_or(Some(true), |filter| self.truth(filter, &asked));
            for (factor, measure) in of.iter().filter(|_| passes != Some(false)) {
                let rest = match self.found(place, measure, &asked) {
                    Found::Same => continue,
                    Found::More(rest) => passes.and_then(|_| rest.checked_mul(i128::from(*factor))),
                    Found::Unknown => None,
                };
                let own = more.entry(self.slices(&asked, &plan.slices)).or_insert(Some(0_i128));
                *own = own.zip(rest).and_then(|(own, rest)| own.checked_add(rest));
            }
        }
        more
    }

    /// Factors and measures of what is added up; none where some may not be.
    fn measures_of(&self, of: &Linear) -> Option<Vec<(i64, &Measure)>> {
        let measure = |id: &String| self.measures.iter().find(|measure| measure.id == *id);
        of.parts.iter().map(|(factor, id)| Some((*factor, measure(id)?))).collect()
    }

    fn slices(&self, asked: &[Of], slices: &[String]) -> Vec<Option<u32>> {
        let slice = |id: &String| match asked.get(self.position(id)?) {
            Some(Of::Value(value)) => Some(*value),
            _ => None,
        };
        slices.iter().map(slice).collect()
    }

    fn position(&self, dimension: &str) -> Option<usize> {
        self.dimensions.iter().position(|own| own.id == dimension)
    }

    /// Whether rows of some values meet a condition; none where that hangs on more than these.
    fn truth(&self, condition: &Condition, asked: &[Of]) -> Option<bool> {
        match condition {
            Condition::Compare { .. } => None,
            Condition::Is { dimension, values } => {
                let at = self.position(dimension)?;
                let Of::Value(value) = asked.get(at)? else { return None };
                let value = usize::try_from(*value).ok()?;
                Some(values.contains(&self.dimensions.get(at)?.values.get(value)?.id))
            }
            Condition::Not(inner) => self.truth(inner, asked).map(|truth| !truth),
            Condition::And(a, b) => match (self.truth(a, asked), self.truth(b, asked)) {
                (Some(false), _) | (_, Some(false)) => Some(false),
                (a, b) => a.and(b),
            },
            Condition::Or(a, b) => match (self.truth(a, asked), self.truth(b, asked)) {
                (Some(true), _) | (_, Some(true)) => Some(true),
                (a, b) => a.and(b),
            },
        }
    }
}
