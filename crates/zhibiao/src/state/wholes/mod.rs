//! Wholes (合计行): what rows that say 合计 tell of parts that are not there.
//!
//! The invariant: a row that says 合计 is never added to its parts. Where rows of all declared values
//! are among these, they are the figure. Where some are not, and the 合计 is more than what is there,
//! the rest is of those: then the 合计 is the figure of all together, and what is asked of the values
//! that are not there is missing, not zero.

mod place;

use std::collections::BTreeMap;

use hashbrown::HashSet;

use self::place::{Of, Place, Row, choices};
use super::{Key, States, Sum};
use crate::catalog::{Catalog, Condition, Dimension, Linear, OverAreas};
use crate::error::Result;
use crate::label::Lang;
use crate::number::Decimal;
use crate::plan::PlannedSum;

/// The rows of a table, told apart by all that their keys tell, those that say 合计 among them.
pub(crate) struct Wholes<'a> {
    rows: &'a States,
    dimensions: Vec<&'a Dimension>,
    /// Those that may be added up.
    measures: Vec<Measure>,
    /// Whether a row has a cell for each measure, be it empty.
    are_wide: bool,
    /// Rows whose figure of a sum is known within bounds, with the sum.
    bounded: HashSet<(usize, usize)>,
}

/// A 合计 that is more than its parts, of which some are not there.
#[derive(Debug)]
pub(crate) struct Beyond {
    /// Of the row that says 合计.
    pub(crate) key: Key,
    pub(crate) measure: String,
    pub(crate) given: Decimal,
    pub(crate) sum: Decimal,
    /// Names of the values that are not there.
    pub(crate) absent: Vec<String>,
}

/// A measure, and its sum in the rows.
struct Measure {
    id: String,
    scale: u8,
    sum: usize,
    may_be_negative: bool,
}

/// What a row that says 合计 tells of a measure.
enum Said {
    Nothing,
    Figure(i128),
    /// An empty cell, a figure within bounds, or one that another contradicts.
    Unclear,
}

/// What becomes of a sum of parts.
enum Found {
    /// It stands as it is.
    Same,
    /// It is more, by what all together are known to be.
    More(i128),
    /// Some of it is not there.
    Unknown,
}

/// What is added to the sums of a group.
#[derive(Default)]
struct Added {
    /// By the position of the sum: how much, none where that is not known.
    more: BTreeMap<usize, Option<i128>>,
    /// The first row of the table that says 合计.
    row: Option<u64>,
}

impl<'a> Wholes<'a> {
    /// Of rows that are grouped by school, where there are schools, and all dimensions; a position one
    /// beyond the declared values of a dimension says 合计.
    pub(crate) fn of(catalog: &'a Catalog, rows: &'a States, are_wide: bool) -> Result<Self> {
        let dimensions = rows.plan.slices.iter().map(|id| catalog.dimension(id));
        let mut measures = Vec::new();
        for (at, sum) in rows.plan.sums.iter().enumerate() {
            let Some([(1, id)]) = sum.of.as_ref().map(|of| of.parts.as_slice()) else { continue };
            let measure = catalog.measure(id)?;
            if measure.over_areas == OverAreas::Sum {
                let column = rows.sums.get(at);
                let negative =
                    |row| column.and_then(|column| column.total(row)).is_none_or(|t| t < 0);
                let may_be_negative = measure.scale != 0 && (0..rows.len()).any(negative);
                let id = id.clone();
                measures.push(Measure { id, scale: sum.scale, sum: at, may_be_negative });
            }
        }
        let bounded = rows.bounded.iter().flat_map(|row| {
            let at = rows.keys.binary_search(&row.key);
            row.parts.iter().filter_map(move |part| Some((at.ok()?, part.sum)))
        });
        let dimensions = dimensions.collect::<Result<_>>()?;
        Ok(Self { rows, dimensions, measures, are_wide, bounded: bounded.collect() })
    }

    /// The states of the same rows, which may tell schools apart, with what the wholes tell; `row_of` a
    /// key is the row of the table that has it, where rows are numbered.
    pub(crate) fn complete(
        &self,
        (states, schools): (&States, bool),
        row_of: &dyn Fn(&Key) -> Option<u64>,
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
            let row = keys.filter_map(row_of).min();
            for (at, sum) in states.plan.sums.iter().enumerate() {
                for (slices, more) in self.more(&place, states, sum) {
                    let school = first.school.clone().filter(|_| schools);
                    let key = Key { school, slices, ..first.clone() };
                    added.entry(key).or_default().add(at, more, row);
                }
            }
        }
        Ok((states.merge(&of_added(states, added))?, told))
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

    fn found(&self, place: &Place, measure: &Measure, asked: &[Of]) -> Found {
        let parts = place.parts_of(asked);
        // What its own rows lack, a sum tells itself.
        let Some(sum) = self.sum(measure, &parts) else { return Found::Same };
        if self.are_all(&parts, asked) {
            return Found::Same;
        }
        match place.whole_of(asked).map_or(Said::Nothing, |whole| self.said(measure, whole)) {
            Said::Figure(whole) if parts.is_empty() || measure.exceeds(whole, sum) => {
                whole.checked_sub(sum).map_or(Found::Unknown, Found::More)
            }
            Said::Unclear => Found::Unknown,
            Said::Nothing if self.may_hide(place, measure, asked) => Found::Unknown,
            Said::Figure(_) | Said::Nothing => Found::Same,
        }
    }

    /// Whether a whole tells of more than is there, and that may be some of what is asked. It is not
    /// where all that holds what is asked is accounted for.
    fn may_hide(&self, place: &Place, measure: &Measure, asked: &[Of]) -> bool {
        let mut is_more = false;
        for whole in place.wholes.iter().filter(|whole| whole.may_hold(asked)) {
            let own = self.is_more(place, measure, (whole, asked));
            if own == Some(false) && whole.holds(asked) {
                return false;
            }
            is_more |= own == Some(true);
        }
        is_more && !self.is_of_nothing(place, measure, asked)
    }

    /// Whether what is asked is a part of something that is accounted for, and has none.
    fn is_of_nothing(&self, place: &Place, measure: &Measure, asked: &[Of]) -> bool {
        let named = (0..asked.len()).filter(|at| matches!(asked.get(*at), Some(Of::Value(_))));
        let more: Vec<Vec<Of>> = named.map(|at| with_all_of(asked, at)).collect();
        more.iter().any(|more| {
            more.iter().any(|of| *of != Of::All)
                && place.parts_of(more).is_empty()
                && place.whole_of(more).is_none()
                && !self.may_hide(place, measure, more)
        })
    }

    /// Whether a whole is more than what is known of it, told apart as it is asked; none where it
    /// tells nothing.
    fn is_more(
        &self,
        place: &Place,
        measure: &Measure,
        (whole, asked): (&Row, &[Of]),
    ) -> Option<bool> {
        let both = whole.of.iter().zip(asked).enumerate();
        let by: Vec<usize> = both
            .filter(|(_, (own, asked))| **own == Of::All && **asked != Of::All)
            .map(|(at, _)| at)
            .collect();
        if by.is_empty() && self.are_all(&place.parts_of(&whole.of), &whole.of) {
            return Some(false);
        }
        let known = self.known(place, measure, whole, &by);
        match self.said(measure, whole) {
            Said::Figure(given) => Some(known.is_none_or(|known| measure.exceeds(given, known))),
            Said::Unclear => Some(true),
            Said::Nothing => None,
        }
    }

    /// What is known of the parts of a whole; none where one lacks its figure.
    fn known(&self, place: &Place, measure: &Measure, whole: &Row, by: &[usize]) -> Option<i128> {
        let apart = place.split(whole, by);
        apart.iter().try_fold(0_i128, |sum, asked| {
            let parts = self.sum(measure, &place.parts_of(asked));
            let whole = place.whole_of(asked).filter(|_| !by.is_empty());
            let best = match (parts, whole.map(|whole| self.said(measure, whole))) {
                (_, Some(Said::Unclear)) => return None,
                (Some(parts), Some(Said::Figure(whole))) if !measure.exceeds(whole, parts) => parts,
                (_, Some(Said::Figure(whole))) => whole,
                (parts, Some(Said::Nothing) | None) => parts?,
            };
            sum.checked_add(best)
        })
    }

    /// Whether parts are of all declared values of what is asked.
    fn are_all(&self, parts: &[&Row], asked: &[Of]) -> bool {
        let of = |row: &&Row| -> Vec<Of> {
            let open = row.of.iter().zip(asked).filter(|(_, asked)| **asked == Of::All);
            open.map(|(own, _)| *own).collect()
        };
        let there: HashSet<Vec<Of>> =
            parts.iter().map(of).filter(|of| !of.contains(&Of::Unknown)).collect();
        let open = self.dimensions.iter().zip(asked).filter(|(_, asked)| **asked == Of::All);
        let declared = open.map(|(dimension, _)| dimension.values.len());
        there.len() == declared.fold(1, usize::saturating_mul)
    }

    fn said(&self, measure: &Measure, whole: &Row) -> Said {
        let repeats = self.rows.rows.get(whole.at).is_some_and(|rows| *rows > 1);
        if repeats || self.bounded.contains(&(whole.at, measure.sum)) {
            return Said::Unclear;
        }
        let empty = || if self.are_wide { Said::Unclear } else { Said::Nothing };
        self.sum(measure, &[whole]).map_or_else(empty, Said::Figure)
    }

    /// The sum of rows; none where one lacks its figure.
    fn sum(&self, measure: &Measure, rows: &[&Row]) -> Option<i128> {
        let column = self.rows.sums.get(measure.sum)?;
        rows.iter().try_fold(0_i128, |sum, row| {
            sum.checked_add(column.total(row.at).filter(|_| column.missing(row.at) == 0)?)
        })
    }

    /// Tells the wholes of a place that are more than their parts, of which some are not there.
    fn tell(&self, place: &Place, lang: Lang, told: &mut Vec<Beyond>) -> Result<()> {
        for whole in &place.wholes {
            let parts = place.parts_of(&whole.of);
            let Some(key) = self.rows.keys.get(whole.at) else { continue };
            if parts.is_empty() || self.are_all(&parts, &whole.of) {
                continue;
            }
            for measure in &self.measures {
                let both = self.sum(measure, &[whole]).zip(self.sum(measure, &parts));
                let Some((given, sum)) = both.filter(|(given, sum)| measure.exceeds(*given, *sum))
                else {
                    continue;
                };
                told.push(Beyond {
                    key: key.clone(),
                    measure: measure.id.clone(),
                    given: Decimal::new(given, measure.scale)?,
                    sum: Decimal::new(sum, measure.scale)?,
                    absent: self.absent(&parts, &whole.of, lang),
                });
            }
        }
        Ok(())
    }

    /// Names of the declared values of what is asked that are not among parts.
    fn absent(&self, parts: &[&Row], asked: &[Of], lang: Lang) -> Vec<String> {
        let there: HashSet<&[Of]> = parts.iter().map(|part| part.of.as_slice()).collect();
        let each = self.dimensions.iter().zip(asked).map(|(dimension, of)| match of {
            Of::All => Of::each(dimension),
            of => vec![*of],
        });
        let name = |(of, dimension): (&Of, &&Dimension)| {
            let Of::Value(value) = of else { return None };
            let value = dimension.values.get(usize::try_from(*value).ok()?)?;
            Some(value.name.text(lang).to_owned())
        };
        let absent = choices(each).into_iter().filter(|of| !there.contains(of.as_slice()));
        let names = absent.map(|of| -> Vec<String> {
            of.iter().zip(&self.dimensions).filter_map(name).collect()
        });
        names.map(|names| names.join(" ")).collect()
    }
}

impl Measure {
    /// Whether a whole tells of more than its known parts.
    const fn exceeds(&self, whole: i128, parts: i128) -> bool {
        whole > parts || (self.may_be_negative && whole != parts)
    }
}

impl Added {
    fn add(&mut self, sum: usize, more: Option<i128>, row: Option<u64>) {
        let own = self.more.entry(sum).or_insert(Some(0));
        *own = own.zip(more).and_then(|(own, more)| own.checked_add(more));
        self.row = self.row.into_iter().chain(row).min();
    }

    /// What a sum of the group becomes beside its parts, of which a new group has none.
    fn sum(&self, at: usize, planned: &PlannedSum, is_new: bool) -> Sum {
        let unknown = || Sum::new(ethnum::I256::ZERO, 1, self.row.unwrap_or(u64::MAX));
        let lacks = |other: &usize| self.more.get(other) == Some(&None);
        match self.more.get(&at) {
            _ if planned.among.iter().any(lacks) => unknown(),
            Some(Some(more)) => Sum::new((*more).into(), 0, u64::MAX),
            Some(None) => unknown(),
            None if is_new => unknown(),
            None => Sum::default(),
        }
    }
}

/// What is asked, of all values of one dimension.
fn with_all_of(asked: &[Of], dimension: usize) -> Vec<Of> {
    let of = |(at, of): (usize, &Of)| if at == dimension { Of::All } else { *of };
    asked.iter().enumerate().map(of).collect()
}

/// States of what is to be added to others.
fn of_added(states: &States, added: BTreeMap<Key, Added>) -> States {
    let is_new = |key: &Key| states.keys.binary_search(key).is_err();
    // The row that says 合计.
    let rows = vec![1; added.len()];
    let sums = states.plan.sums.iter().enumerate().map(|(at, planned)| {
        added.iter().map(|(key, added)| added.sum(at, planned, is_new(key))).collect()
    });
    let sums = sums.collect();
    States::in_order(std::sync::Arc::clone(&states.plan), added.into_keys().collect(), rows, sums)
}
