//! Measures (基础指标): what is counted or paid.

use super::dimension::{DimensionValue, position};
use super::formula::Define;
use super::source::{Confidence, OverAreas, OverTime};
use crate::label::Label;
use crate::unit::Unit;

/// A measure (基础指标).
#[derive(Clone, Debug, PartialEq)]
pub struct Measure {
    /// Id in the catalogue.
    pub id: String,
    /// Name.
    pub name: Label,
    /// Unit; figures are kept in its base unit (元, not 万元).
    pub unit: Unit,
    /// Decimals that figures may have: 0 for counts.
    pub scale: u8,
    /// What its figures may be, from the lowest, where they are no numbers: a figure is the
    /// position of its grade.
    pub grades: Vec<DimensionValue>,
    /// How figures of larger areas come about.
    pub over_areas: OverAreas,
    /// How figures of longer periods come about.
    pub over_time: OverTime,
    /// Column headers it goes by.
    pub aliases: Vec<String>,
    /// How it is computed where a table has no column of it.
    pub define: Option<Define>,
    /// The formula as written.
    pub formula: Option<String>,
    /// The measure that it is a part of.
    pub part_of: Option<String>,
    /// Where the definition comes from.
    pub source: String,
    /// How well it is documented.
    pub confidence: Option<Confidence>,
    /// Remark.
    pub note: Label,
}

impl Measure {
    /// Position of the grade that a cell names by id, name or alias.
    pub(crate) fn grade(&self, text: &str) -> Option<usize> {
        position(&self.grades, text)
    }

    /// Everything it goes by.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        super::all_names(&self.id, &self.name, &self.aliases)
    }
}
