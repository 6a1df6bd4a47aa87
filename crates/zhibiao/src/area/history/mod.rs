//! Areas through time (区划沿革): what stood in which year, and what became of it.
//!
//! What stood at the end of each year is a list; what became of an area that ended is a link to its
//! successors. All else follows from these two: translations, checks and crosswalks.

mod crosswalk;
mod extent;
mod making;
mod records;
mod translation;
mod validity;
mod weights;

use std::collections::BTreeMap;
use std::ops::RangeInclusive;
use std::sync::LazyLock;

pub use crosswalk::{Crosswalk, Target, Union};
use records::Record;
pub use translation::{Change, Kind, Relation, Translated, Translation};
pub use validity::{Spell, Validity};
pub(crate) use weights::DECIMALS as SHARE_DECIMALS;
pub use weights::Weights;

use super::{AreaCode, Areas};
use crate::error::{Problem, Result};

/// Codes, names, years and successors, with their sources in the first lines of the file.
static BUILTIN: LazyLock<History> =
    LazyLock::new(|| History::of(records::read(include_str!("../history.tsv"))));

/// Areas of GB/T 2260 through time (区划沿革), 1981 to 2024.
///
/// A year means its last day: an area that ended in 2019 stood in 2018 and not in 2019. What passed
/// from an area that goes on to another one is not known, only what became of those that ended, and
/// of some of these only the largest part.
///
/// # Example
/// ```
/// use zhibiao::area::{AreaCode, History};
/// let history = History::builtin();
/// let pingyao: AreaCode = "142431".parse()?;
/// assert_eq!(history.name(pingyao, 1990), Some("平遥县"));
/// let now = history.translate(pingyao, 1990, 2024)?;
/// assert_eq!(now.areas[0].code.to_string(), "140728");
///
/// let taigu: AreaCode = "140726".parse()?;
/// let error = history.translate(taigu, 2020, 2024).unwrap_err();
/// assert_eq!(error.code(), "code-not-in-year");
/// assert!(error.to_string().contains("太谷县 until 2019, then 140703 太谷区"));
/// # Ok::<(), zhibiao::Error>(())
/// ```
///
/// # References
/// The lists by year of the Ministry of Civil Affairs (民政部), as three Python packages have them;
/// `THIRD-PARTY.md` names them.
#[derive(Debug)]
pub struct History {
    /// By code, then year.
    records: Vec<Record>,
    /// Positions of what became a record, by its position.
    predecessors: BTreeMap<usize, Vec<usize>>,
}

/// An area and the name that it bears in a year (区划).
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub struct Named {
    /// Its code.
    pub code: AreaCode,
    /// Its name.
    pub name: String,
}

impl History {
    /// The history that ships with the crate.
    #[must_use]
    pub fn builtin() -> &'static Self {
        &BUILTIN
    }

    /// The years that are known.
    #[must_use]
    pub const fn years() -> RangeInclusive<u16> {
        records::FIRST..=records::LAST
    }

    /// The year whose list a year has: after the last list, that one.
    pub(crate) const fn year_of_list(year: u16) -> u16 {
        if year > records::LAST { records::LAST } else { year }
    }

    /// The areas at the end of a year.
    ///
    /// # Errors
    /// `no-area-table` for a year that is not known.
    pub fn areas(&self, year: u16) -> Result<Areas> {
        known(year)?;
        let names = self.standing(year).map(|record| (record.code, record.name.to_owned()));
        Ok(Areas::listed(names.collect(), &format!("{year}-12-31")))
    }

    /// Every code that ever was, in one list. Where it bore several names it has none.
    #[must_use]
    pub(crate) fn every(&self) -> Areas {
        let mut names: BTreeMap<AreaCode, String> = BTreeMap::new();
        for record in &self.records {
            let name = names.entry(record.code).or_insert_with(|| record.name.to_owned());
            if name != record.name {
                name.clear();
            }
        }
        Areas::listed(names, "")
    }

    /// The name that a code bears at the end of a year; `None` where it is not in force.
    #[must_use]
    pub fn name(&self, code: AreaCode, year: u16) -> Option<&'static str> {
        self.at(code, year).map(|(_, record)| record.name)
    }

    fn of(mut records: Vec<Record>) -> Self {
        records.sort_unstable_by_key(|record| (record.code, record.from));
        let mut history = Self { records, predecessors: BTreeMap::new() };
        let mut predecessors: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for position in 0..history.records.len() {
            for to in history.successors(position) {
                predecessors.entry(to).or_default().push(position);
            }
        }
        history.predecessors = predecessors;
        history
    }

    /// What stands at the end of a year, by code.
    fn standing(&self, year: u16) -> impl Iterator<Item = &Record> {
        self.records.iter().filter(move |record| record.stands(year))
    }

    /// Every record of a code with its position, the first one first.
    fn spells(&self, code: AreaCode) -> impl DoubleEndedIterator<Item = (usize, &Record)> {
        let first = self.records.partition_point(|record| record.code < code);
        let end = self.records.partition_point(|record| record.code <= code);
        (first..end).zip(self.records.get(first..end).unwrap_or_default())
    }

    /// The record of a code at the end of a year, and its position.
    fn at(&self, code: AreaCode, year: u16) -> Option<(usize, &Record)> {
        self.spells(code).find(|(_, record)| record.stands(year))
    }

    fn record(&self, position: usize) -> Option<&Record> {
        self.records.get(position)
    }

    /// Positions of what a record became when it ended.
    fn successors(&self, position: usize) -> Vec<usize> {
        let Some(record) = self.record(position) else { return Vec::new() };
        let Some(end) = record.until else { return Vec::new() };
        let codes = record.successors.iter();
        codes.filter_map(|to| self.at(to.code, end).map(|(position, _)| position)).collect()
    }

    /// Positions of what became a record, by code and year.
    fn predecessors(&self, position: usize) -> &[usize] {
        self.predecessors.get(&position).map_or(&[], Vec::as_slice)
    }

    /// The record that a code must have in a year.
    fn wanted(&self, code: AreaCode, year: u16) -> Result<usize> {
        known(year)?;
        self.at(code, year).map(|(position, _)| position).ok_or_else(|| {
            let hint = self.hint(code, year);
            let known = if hint.is_empty() { "it never was".to_owned() } else { hint };
            Problem::CodeNotInYear { code: code.to_string(), year: year.into(), known }.into()
        })
    }

    fn named(&self, position: usize) -> Option<Named> {
        let record = self.record(position)?;
        Some(Named { code: record.code, name: record.name.to_owned() })
    }
}

/// Refuses a year of which nothing is known.
fn known(year: u16) -> Result<()> {
    if History::years().contains(&year) {
        return Ok(());
    }
    let (first, last) = (records::FIRST.into(), records::LAST.into());
    Err(Problem::NoAreaTable { year: year.into(), first, last }.into())
}
