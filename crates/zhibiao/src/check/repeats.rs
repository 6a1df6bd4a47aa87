//! Columns of the same values: in other rows, as when a yearbook sets a column out of order, or in
//! the same rows of another period, as when a table was copied.

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::sheet::{Flaw, Sheet};
use crate::bind::{Keys, NONE};
use crate::catalog::{Measure, OverAreas};
use crate::error::Problem;

/// A column with fewer distinct values may equal another by chance.
const FEWEST_DISTINCT: usize = 5;

/// What the values of a column add up to after mixing: equal for equal values in any order.
#[derive(Clone, Copy, Debug, Default, Eq, Ord, PartialEq, PartialOrd)]
struct Mixed {
    scale: u8,
    rows: usize,
    sum: u64,
    folded: u64,
}

/// A measure in a period.
type ColumnOf = (usize, u32);

/// Area, school and dimensions of a row, its figure, and the row itself.
type Entry = (Vec<u32>, i128, usize);

/// Columns that hold the values of another.
pub(super) fn repeats(sheet: &Sheet<'_>) -> Vec<Flaw> {
    // Records have no rows that could be held against each other.
    if sheet.records {
        return Vec::new();
    }
    let mixed: Vec<Vec<(Mixed, ColumnOf)>> = sheet
        .measures
        .par_iter()
        .enumerate()
        .filter(|(_, measure)| measure.over_areas == OverAreas::Sum)
        .map(|(index, measure)| mixed(sheet, index, measure))
        .collect();
    let mut alike: BTreeMap<Mixed, Vec<ColumnOf>> = BTreeMap::new();
    for (mixed, column) in mixed.into_iter().flatten() {
        alike.entry(mixed).or_default().push(column);
    }
    let mut flaws = Vec::new();
    for columns in alike.into_values().filter(|columns| columns.len() > 1) {
        let mut columns: Vec<Given> =
            columns.into_iter().filter_map(|column| Given::of(sheet, column)).collect();
        columns.sort_by_key(|given| given.place(sheet));
        for (index, given) in columns.iter().enumerate() {
            let earlier = columns.iter().take(index).find(|earlier| {
                let (a, b) = (given.column, earlier.column);
                (a.0 == b.0 || a.1 == b.1) && given.has_values_of(earlier)
            });
            flaws.extend(earlier.and_then(|earlier| flaw(sheet, given, earlier)));
        }
    }
    flaws
}

/// The columns of a measure, one a period, without those too short.
fn mixed(sheet: &Sheet<'_>, index: usize, measure: &Measure) -> Vec<(Mixed, ColumnOf)> {
    let mut columns: BTreeMap<u32, Mixed> = BTreeMap::new();
    let Some(figures) = sheet.figures(measure) else { return Vec::new() };
    let mut last = (NONE, Mixed::default());
    for (row, area) in sheet.keys().areas.ids.iter().enumerate() {
        let Some(figure) = figures.get(row).filter(|_| *area != NONE) else { continue };
        let period = period_of(sheet.keys(), row);
        if period != last.0 {
            columns.insert(last.0, last.1);
            last = (period, columns.get(&period).copied().unwrap_or_default());
        }
        let bits = mix(figure);
        let column = &mut last.1;
        column.scale = measure.scale;
        column.rows = column.rows.saturating_add(1);
        column.sum = column.sum.wrapping_add(bits);
        column.folded ^= bits.rotate_left(17).wrapping_mul(bits);
    }
    columns.insert(last.0, last.1);
    let long = |(_, mixed): &(u32, Mixed)| mixed.rows >= FEWEST_DISTINCT;
    columns.into_iter().filter(long).map(|(period, mixed)| (mixed, (index, period))).collect()
}

/// The bits of a figure, well mixed (splitmix64).
fn mix(figure: i128) -> u64 {
    let bytes = figure.to_le_bytes();
    let half = |half: Option<&[u8; 8]>| half.map_or(0, |bytes| u64::from_le_bytes(*bytes));
    let (low, high) = (half(bytes.first_chunk()), half(bytes.last_chunk()));
    let mut bits = low ^ high.rotate_left(32);
    bits = bits.wrapping_add(0x9e37_79b9_7f4a_7c15);
    bits = (bits ^ bits.wrapping_shr(30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    bits = (bits ^ bits.wrapping_shr(27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    bits ^ bits.wrapping_shr(31)
}

/// Position of the period of a row; 0 in a table without periods.
fn period_of(keys: &Keys, row: usize) -> u32 {
    keys.periods.as_ref().map_or(0, |periods| periods.ids.get(row).copied().unwrap_or(NONE))
}

/// A column with its figures.
struct Given {
    column: ColumnOf,
    /// By key of the row.
    entries: Vec<Entry>,
    /// In ascending order.
    values: Vec<i128>,
}

impl Given {
    /// The column, unless it has too few distinct values.
    fn of(sheet: &Sheet<'_>, column: ColumnOf) -> Option<Self> {
        let keys = sheet.keys();
        let figures = sheet.figures(sheet.measures.get(column.0)?)?;
        let mut entries = Vec::new();
        for (row, area) in keys.areas.ids.iter().enumerate() {
            if *area == NONE || period_of(keys, row) != column.1 {
                continue;
            }
            let Some(figure) = figures.get(row) else { continue };
            let mut key = vec![*area];
            let at = |ids: &[u32]| ids.get(row).copied().unwrap_or(NONE);
            key.extend(keys.schools.as_ref().map(|schools| at(&schools.ids)));
            key.extend(keys.dimensions.iter().map(|grouping| at(&grouping.ids)));
            entries.push((key, figure, row));
        }
        entries.sort();
        let mut values: Vec<i128> = entries.iter().map(|(_, figure, _)| *figure).collect();
        values.sort_unstable();
        let distinct = values.chunk_by(|a, b| a == b).count();
        (distinct >= FEWEST_DISTINCT).then_some(Self { column, entries, values })
    }

    /// Period and measure, in the order in which a reader expects them.
    fn place(&self, sheet: &Sheet<'_>) -> (Option<crate::period::Period>, usize) {
        let periods = sheet.keys().periods.as_ref();
        let index = usize::try_from(self.column.1).ok();
        let period = periods.zip(index).and_then(|(periods, index)| periods.values.get(index));
        (period.copied(), self.column.0)
    }

    fn has_values_of(&self, other: &Self) -> bool {
        self.values == other.values
    }

    /// In words, for messages.
    fn words(&self, sheet: &Sheet<'_>) -> String {
        let measure = sheet.measures.get(self.column.0).map_or("", |measure| measure.id.as_str());
        match self.place(sheet).0 {
            Some(period) => format!("`{measure}` of {period}"),
            None => format!("`{measure}`"),
        }
    }
}

/// What is told of two columns of the same values. Measures that are equal row by row may well be so.
fn flaw(sheet: &Sheet<'_>, given: &Given, earlier: &Given) -> Option<Flaw> {
    let pairs = given.entries.iter().zip(&earlier.entries);
    let changed = pairs.filter(|(a, b)| (&a.0, a.1) != (&b.0, b.1)).map(|((.., row), _)| *row);
    let measure = sheet.measures.get(given.column.0)?;
    let (column, other) = (given.words(sheet), earlier.words(sheet));
    let rows = given.entries.len();
    let (row, problem) = match changed.min() {
        Some(row) => (row, Problem::PermutedValues { column, other, rows }),
        None if given.column.0 == earlier.column.0 => {
            let first = given.entries.iter().map(|(.., row)| *row).min()?;
            (first, Problem::RepeatedValues { column, other, rows })
        }
        None => return None,
    };
    Some(sheet.flaw(row, &measure.id, problem))
}
