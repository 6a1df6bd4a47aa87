//! What the batches of a table have in common: rows, flaws that are told once, and keys.
//!
//! The invariant: batches that are bound one after the other, each with what was met before, give
//! the figures and findings of all rows bound at once. Where rows of different batches contradict
//! each other, that is so only of the last reading, which knows the contradictions of the one before.
//! Keys take a bit each, so memory grows with places, not with rows.

use std::hash::Hash;
use std::sync::Arc;

use hashbrown::{HashMap, HashSet};

use polars::prelude::Column;

use super::contradicted::Contradicted;
use super::ids::Ids;
use super::keys::{Keys, NONE};
use super::{Table, read};
use crate::area::AreaCode;
use crate::error::{Error, Problem, Result};
use crate::period::Period;
use crate::unit::Unit;
use crate::watch::{STRIDE, Watch};

/// What was met in earlier batches.
#[derive(Debug, Default)]
pub(crate) struct Earlier {
    /// Rows of the batches that were bound.
    pub(super) rows: usize,
    pub(super) told: Told,
    pub(super) units: Units,
    largest: HashMap<String, u128>,
    keys: KeysMet,
}

/// Flaws that are told where they first occur.
#[derive(Debug, Default)]
pub(super) struct Told {
    /// Cells whose code is not in the table of areas.
    pub(super) codes: HashSet<String>,
    /// Cells with a name that does not fit the code.
    pub(super) names: HashSet<(AreaCode, String)>,
}

/// A column of units beside columns of measures: which of them it is about cannot be told.
#[derive(Debug, Default)]
pub(super) struct Units {
    /// Its name, where there is one.
    column: Option<String>,
    /// Whether some cell is a unit.
    given: bool,
    /// Whether some cell is none.
    others: bool,
}

impl Units {
    pub(super) fn note(&mut self, column: &Column) -> Result<()> {
        self.column = Some(column.name().to_string());
        let Ok(text) = read::text_column(column) else {
            self.others = true;
            return Ok(());
        };
        let cells =
            text.str().map_err(|error| Problem::UnreadableTable { reason: error.to_string() })?;
        let mut given = cells.iter().flatten().filter(|cell| !cell.trim().is_empty()).peekable();
        self.given |= given.peek().is_some();
        self.others = self.others || given.any(|cell| Unit::parse(cell).is_err());
        Ok(())
    }

    /// Refuses the column if all its cells are units.
    pub(super) fn refuse(&self, table: &Table) -> Result<()> {
        match &self.column {
            Some(column) if self.given && !self.others => {
                Err(Error::new(Problem::UnitColumn {}, table.place(None, Some(column))))
            }
            _ => Ok(()),
        }
    }
}

impl Earlier {
    /// Rows that were read.
    pub(crate) const fn rows(&self) -> usize {
        self.rows
    }

    /// Refuses a column of units, if that is what it is by all batches.
    pub(crate) fn refuse_units(&self, table: &Table) -> Result<()> {
        self.units.refuse(table)
    }

    /// Whether later batches can still show a column of units.
    pub(crate) const fn may_have_units(&self) -> bool {
        self.units.column.is_some() && !self.units.others
    }

    /// Whether another reading is needed: rows contradict each other, or could not be held against
    /// those that were passed over.
    pub(crate) fn needs_another(&self) -> bool {
        let is_contradicted = self.keys.found != Contradictions::default();
        self.keys.is_blind() || (self.keys.known.is_none() && is_contradicted)
    }

    /// For the next reading, which knows the contradictions of this one, if it saw all.
    pub(crate) fn again(self) -> Self {
        let known = (!self.keys.is_blind()).then_some(self.keys.found);
        let KeysMet { schools, periods, places, slots, mut sides, .. } = self.keys;
        for sides in &mut sides {
            sides.passed_over = false;
        }
        let keys = KeysMet { schools, periods, places, slots, sides, known, ..KeysMet::default() };
        Self { keys, ..Self::default() }
    }

    /// Whether a reading met what the one before did, as far as that is known.
    pub(crate) fn met_the_same(&self) -> bool {
        self.keys.known.as_ref().is_none_or(|known| *known == self.keys.found)
    }

    /// The largest figure of a measure so far.
    pub(super) fn largest(&mut self, measure: &str, here: u128) -> u128 {
        let largest = self.largest.entry_ref(measure).or_default();
        *largest = here.max(*largest);
        *largest
    }

    /// Rows that contradict rows of any batch, as far as a first reading has told.
    pub(super) fn contradicted(
        &mut self,
        keys: &mut Keys,
        first_row: usize,
        watch: &Watch,
    ) -> Contradicted {
        self.keys.note(keys, first_row, watch)
    }
}

/// A place in a slot: a key, or a side of a dimension at an area, school and period.
type Spot = (u32, u32);

#[derive(Debug, Default, Eq, PartialEq)]
struct Contradictions {
    /// Keys that stand in several rows.
    repeated: HashSet<Spot>,
    /// Where a dimension is both empty and filled.
    mixed: HashSet<Spot>,
}

/// Keys by place, which is an area or a school of it, and slot, which is all the rest.
#[derive(Debug, Default)]
struct KeysMet {
    schools: HashMap<Arc<str>, u32>,
    periods: HashMap<Period, u32>,
    places: HashMap<(AreaCode, u32), u32>,
    /// What follows a slot when one more part of the key is known.
    slots: HashMap<(u32, u32), u32>,
    /// Of each dimension.
    sides: Vec<Sides>,
    met: Bits,
    found: Contradictions,
    /// What an earlier reading found.
    known: Option<Contradictions>,
    /// First rows of the keys that are known to repeat.
    first_rows: HashMap<Spot, usize>,
}

/// Which sides of a dimension are noted. Where no cell is empty, as in nearly every table, rows
/// are passed over; if an empty one comes later, the table is read once more.
#[derive(Clone, Copy, Debug, Default)]
struct Sides {
    noted: bool,
    passed_over: bool,
}

/// A row of a batch that has a place.
struct Placed {
    row: usize,
    place: u32,
    /// Position in the periods of the batch.
    period: usize,
}

impl KeysMet {
    fn note(&mut self, keys: &mut Keys, first_row: usize, watch: &Watch) -> Contradicted {
        let mut contradicted = Contradicted::default();
        self.sides.resize(keys.dimensions.len(), Sides::default());
        for (sides, grouping) in self.sides.iter_mut().zip(&keys.dimensions) {
            sides.noted |= !grouping.blank.is_empty();
            sides.passed_over |= !sides.noted;
        }
        let placed = self.placed(keys, watch);
        let values = keys.periods.as_ref().map_or(&[][..], |periods| &periods.values);
        let periods: Vec<u32> = values.iter().map(|value| id(&mut self.periods, value)).collect();
        let noted: Vec<bool> = self.sides.iter().map(|sides| sides.noted).collect();
        for ((dimension, grouping), noted) in (1_u32..).zip(&keys.dimensions).zip(noted) {
            if !noted {
                contradicted.ambiguous.push(Vec::new());
                continue;
            }
            let empty = self.slots_of(&[dimension, 0], &periods);
            let filled = self.slots_of(&[dimension, 1], &periods);
            let mut ambiguous = Vec::new();
            for part in placed.chunks(STRIDE) {
                if watch.is_cancelled() {
                    break;
                }
                for Placed { row, place, period } in part {
                    let at = |slots: &[u32]| (slots.get(*period).copied().unwrap_or(NONE), *place);
                    let (empty, filled) = (at(&empty), at(&filled));
                    let is_empty = grouping.blank.binary_search(row).is_ok();
                    let (here, beside) = if is_empty { (empty, filled) } else { (filled, empty) };
                    self.met.insert(here);
                    if self.met.contains(beside) {
                        self.found.mixed.insert(empty);
                    }
                    let known = |known: &Contradictions| known.mixed.contains(&empty);
                    if is_empty && self.known.as_ref().is_some_and(known) {
                        ambiguous.push(*row);
                    }
                }
            }
            contradicted.ambiguous.push(ambiguous);
        }
        let slots = self.slots_of(&[0], &periods);
        for part in placed.chunks(STRIDE) {
            if watch.is_cancelled() {
                break;
            }
            for Placed { row, place, period } in part {
                let mut slot = slots.get(*period).copied().unwrap_or(NONE);
                for grouping in &keys.dimensions {
                    let value = grouping.ids.get(*row).copied().unwrap_or(NONE);
                    slot = id(&mut self.slots, &(slot, value));
                }
                let spot = (slot, *place);
                if !self.met.insert(spot) {
                    self.found.repeated.insert(spot);
                }
                let known = |known: &Contradictions| known.repeated.contains(&spot);
                if self.known.as_ref().is_some_and(known) {
                    let here = row.saturating_add(first_row);
                    let first = *self.first_rows.entry(spot).or_insert(here);
                    contradicted.void.push(*row);
                    if first != here {
                        contradicted.repeated.push((*row, first));
                    }
                }
            }
        }
        contradicted
    }

    /// Whether rows were passed over that others must be held against.
    fn is_blind(&self) -> bool {
        self.sides.iter().any(|sides| sides.noted && sides.passed_over)
    }

    /// The rows that have an area, each with its place; texts of schools are kept once.
    fn placed(&mut self, keys: &mut Keys, watch: &Watch) -> Vec<Placed> {
        let mut schools = Vec::new();
        for school in keys.schools.iter_mut().flat_map(|schools| &mut schools.values) {
            schools.push(id(&mut self.schools, school));
            if let Some((kept, _)) = self.schools.get_key_value(school) {
                *school = Arc::clone(kept);
            }
        }
        let at = |ids: Option<&Ids>, row: usize| {
            let id = ids.and_then(|ids| ids.get(row)).copied();
            id.and_then(|id| usize::try_from(id).ok()).unwrap_or(0)
        };
        let mut placed = Vec::with_capacity(keys.rows());
        let mut last = None;
        for (row, area) in keys.areas.ids.iter().enumerate() {
            if !watch.pass_at(row, keys.areas.ids.len()) {
                break;
            }
            let area = usize::try_from(*area).ok().and_then(|area| keys.areas.values.get(area));
            let Some(area) = area else { continue };
            let school = at(keys.schools.as_ref().map(|schools| &schools.ids), row);
            let name = (*area, schools.get(school).copied().unwrap_or(NONE));
            let place = match last {
                Some((same, place)) if same == name => place,
                _ => id(&mut self.places, &name),
            };
            last = Some((name, place));
            let period = at(keys.periods.as_ref().map(|periods| &periods.ids), row);
            placed.push(Placed { row, place, period });
        }
        placed
    }

    /// The slot of each period at the end of a path, which begins with 0 for keys and with the number
    /// of a dimension for its sides; one slot where there are no periods.
    fn slots_of(&mut self, path: &[u32], periods: &[u32]) -> Vec<u32> {
        let step = |slots: &mut HashMap<(u32, u32), u32>, slot, part| id(slots, &(slot, part));
        let root = path.iter().fold(NONE, |slot, part| step(&mut self.slots, slot, *part));
        let none = [NONE];
        let periods = if periods.is_empty() { &none } else { periods };
        periods.iter().map(|period| step(&mut self.slots, root, *period)).collect()
    }
}

/// The number of a value, in the order in which values are met.
fn id<T: Clone + Eq + Hash>(ids: &mut HashMap<T, u32>, value: &T) -> u32 {
    let next = u32::try_from(ids.len()).unwrap_or(NONE);
    match ids.get(value) {
        Some(id) => *id,
        None => *ids.entry(value.clone()).or_insert(next),
    }
}

/// A set of spots: where many places of a slot are in it, a bit each.
#[derive(Debug, Default)]
struct Bits(HashMap<Spot, [u64; WORDS]>);

/// Words that are kept together.
const WORDS: usize = 8;

impl Bits {
    /// Adds a spot, and tells whether it is new.
    fn insert(&mut self, spot: Spot) -> bool {
        let (block, word, bit) = Self::find(spot);
        let words = self.0.entry(block).or_insert([0; WORDS]);
        let Some(word) = words.get_mut(word) else { return false };
        let is_new = *word & bit == 0;
        *word |= bit;
        is_new
    }

    fn contains(&self, spot: Spot) -> bool {
        let (block, word, bit) = Self::find(spot);
        let word = self.0.get(&block).and_then(|words| words.get(word));
        word.is_some_and(|word| word & bit != 0)
    }

    /// Block, word in it, and bit in that: 6 bits of the place tell the bit, 3 the word.
    fn find((slot, place): Spot) -> (Spot, usize, u64) {
        let word = usize::try_from((place >> 6) & 7).unwrap_or(0);
        ((slot, place >> 9), word, 1 << (place & 63))
    }
}
