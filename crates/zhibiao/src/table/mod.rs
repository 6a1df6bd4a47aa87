//! The table of indicators (指标表): exact values with status, coverage and parts.
//!
//! Rolling up merges sums, evaluating divides them, and rounding happens once, when the table is
//! shown as a frame or text. The table keeps exact values.
//!
//! May use everything up to `engine`.

mod evaluate;
mod finish;
mod frame;
mod members;
mod reports;
mod rollup;
mod slices;
mod status;

use std::sync::Arc;

use hashbrown::HashMap;

use crate::area::{AreaCode, Areas, Tier};
use crate::bind::Files;
use crate::catalog::Indicator;
use crate::error::{Error, Place, Result};
use crate::label::{Label, Lang};
use crate::number::{Bounds, Comparison, Decimal, Ratio, Rounding};
use crate::period::Period;
use crate::unit::Unit;

pub(crate) use self::finish::{Finish, finish};
pub(crate) use self::frame::{decimals, refused};
pub(crate) use self::reports::Report;
pub(crate) use self::slices::TOTAL_ID;
pub use self::status::Status;

/// What to do with an area that is not complete (覆盖规则).
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Coverage {
    /// It has no value. The default.
    #[default]
    Full,
    /// It has the value of what is there, marked `partial`.
    Given,
}

/// A table of indicators (指标表).
///
/// One row per area, period and slice, and indicator: sorted by tier as asked for, then area,
/// period and slice, then indicator as asked for.
#[derive(Clone, Debug)]
pub struct IndicatorTable {
    pub(crate) groups: Vec<Group>,
    pub(crate) columns: Vec<Column>,
    /// `groups × columns`, the cells of a group side by side.
    pub(crate) cells: Vec<Cell>,
    /// Reported figures by position of their cell.
    pub(crate) reported: HashMap<usize, ReportedValue>,
    /// The tree that the areas stand in.
    pub(crate) areas: Areas,
    pub(crate) files: Files,
    /// Ids and names of the slicing dimensions.
    pub(crate) slices: Vec<(String, String)>,
    pub(crate) findings: Vec<Error>,
    pub(crate) rounding: Rounding,
    pub(crate) lang: Lang,
}

/// What the rows of a table are about.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Group {
    pub(crate) area: AreaCode,
    pub(crate) area_name: String,
    pub(crate) tier: Tier,
    pub(crate) school: Option<Arc<str>>,
    pub(crate) period: Option<Period>,
    /// Value id and name of each slice.
    pub(crate) slices: Vec<Option<(String, String)>>,
    pub(crate) areas: u32,
    pub(crate) areas_expected: Option<u32>,
}

/// An indicator, and the scales at which its parts are kept.
#[derive(Clone, Debug)]
pub(crate) struct Column {
    pub(crate) indicator: Indicator,
    numerator_name: Label,
    denominator_name: Label,
    numerator_scale: u8,
    denominator_scale: u8,
}

/// The parts of one value, exact; the value itself is their quotient.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Cell {
    numerator: Option<i128>,
    denominator: Option<i128>,
    status: Status,
    /// Whether the quotient is the value.
    exists: bool,
    missing: u64,
    first_missing: Option<u64>,
}

impl Cell {
    const fn without(status: Status) -> Self {
        Self {
            numerator: None,
            denominator: None,
            status,
            exists: false,
            missing: 0,
            first_missing: None,
        }
    }
}

/// A value in the unit of its indicator.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Value<'a> {
    /// The exact quotient of exact sums.
    Exact(Ratio),
    /// What is known of a figure that is only published.
    Reported(&'a ReportedValue),
}

/// A published figure (上报值).
#[derive(Clone, Debug, PartialEq)]
pub struct ReportedValue {
    /// The number that stands for it: the figure as written, the lower end of 740余.
    pub figure: Ratio,
    /// What rounding or wording leaves open.
    pub bounds: Bounds,
    /// Digits and words as written.
    pub written: String,
    /// How the wording was read.
    pub reading: String,
}

impl Value<'_> {
    /// The number that stands for the value.
    #[must_use]
    pub const fn figure(self) -> Ratio {
        match self {
            Self::Exact(value) => value,
            Self::Reported(reported) => reported.figure,
        }
    }

    /// Whether the value meets a threshold; `None` where its bounds straddle it.
    #[must_use]
    pub fn compare(self, comparison: Comparison, threshold: Ratio) -> Option<bool> {
        match self {
            Self::Exact(value) => Some(comparison.holds(value, threshold)),
            Self::Reported(reported) => reported.bounds.compare(comparison, threshold),
        }
    }
}

/// One row of an [`IndicatorTable`].
#[derive(Clone, Copy, Debug)]
pub struct Row<'a> {
    pub(crate) table: &'a IndicatorTable,
    pub(crate) group: &'a Group,
    column: &'a Column,
    cell: &'a Cell,
    index: usize,
}

impl IndicatorTable {
    /// Number of rows.
    #[must_use]
    pub fn len(&self) -> usize {
        self.cells.len()
    }

    /// Whether there are no rows.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.cells.is_empty()
    }

    /// All rows.
    pub fn rows(&self) -> impl Iterator<Item = Row<'_>> {
        (0..self.groups.len()).flat_map(|group| self.rows_of(group))
    }

    /// The rows of a group: one an indicator.
    pub(crate) fn rows_of(&self, group: usize) -> impl Iterator<Item = Row<'_>> {
        let first = group.saturating_mul(self.columns.len());
        let group = self.groups.get(group);
        self.columns.iter().zip(first..).filter_map(move |(column, index)| {
            Some(Row { table: self, group: group?, column, cell: self.cells.get(index)?, index })
        })
    }

    /// The exact value of a cell, in the unit of its indicator.
    fn exact(&self, index: usize) -> Option<Ratio> {
        let cell = self.cells.get(index).filter(|cell| cell.exists)?;
        let column = self.columns.get(index.checked_rem(self.columns.len())?)?;
        let above = Decimal::new(cell.numerator?, column.numerator_scale).ok()?;
        let below = match cell.denominator {
            Some(below) => Decimal::new(below, column.denominator_scale).ok()?,
            None => Decimal::integer(1),
        };
        // Neither fails: evaluation made the same quotient.
        column.indicator.unit.of_base(Ratio::of_decimals(above, below).ok()?).ok()
    }

    fn status(&self, index: usize) -> Status {
        self.cells.get(index).map_or(Status::Missing, |cell| cell.status)
    }

    /// The row of an indicator for an area; the first, where there are several periods or slices.
    #[must_use]
    pub fn row(&self, indicator: &str, area: AreaCode) -> Option<Row<'_>> {
        self.rows().find(|row| row.indicator().id == indicator && row.group.area == area)
    }

    /// Flaws of the table that were set aside.
    #[must_use]
    pub fn findings(&self) -> &[Error] {
        &self.findings
    }

    /// The indicators of the table, in order.
    pub fn indicators(&self) -> impl Iterator<Item = &Indicator> {
        self.columns.iter().map(|column| &column.indicator)
    }

    /// The language of names and labels.
    #[must_use]
    pub const fn lang(&self) -> Lang {
        self.lang
    }
}

impl<'a> Row<'a> {
    /// Area.
    #[must_use]
    pub const fn area(&self) -> AreaCode {
        self.group.area
    }

    /// Name of the area, or of the school.
    #[must_use]
    pub fn area_name(&self) -> &'a str {
        &self.group.area_name
    }

    /// The code of the area; of a school, `area/school`.
    #[must_use]
    pub fn place(&self) -> String {
        self.group.place()
    }

    /// Tier.
    #[must_use]
    pub const fn tier(&self) -> Tier {
        self.group.tier
    }

    /// Period.
    #[must_use]
    pub const fn period(&self) -> Option<Period> {
        self.group.period
    }

    /// Indicator.
    #[must_use]
    pub const fn indicator(&self) -> &'a Indicator {
        &self.column.indicator
    }

    /// Name of the measure in the numerator, or of the total.
    #[must_use]
    pub fn numerator_name(&self) -> &'a str {
        self.column.numerator_name.text(self.table.lang)
    }

    /// Name of the measure in the denominator; empty for a total.
    #[must_use]
    pub fn denominator_name(&self) -> &'a str {
        self.column.denominator_name.text(self.table.lang)
    }

    /// Numerator in base units, or the total.
    #[must_use]
    pub fn numerator(&self) -> Option<Decimal> {
        Decimal::new(self.cell.numerator?, self.column.numerator_scale).ok()
    }

    /// Denominator in base units.
    #[must_use]
    pub fn denominator(&self) -> Option<Decimal> {
        Decimal::new(self.cell.denominator?, self.column.denominator_scale).ok()
    }

    /// Exact or reported value; none where [`status`](Self::status) says why.
    #[must_use]
    pub fn value(&self) -> Option<Value<'a>> {
        let reported = self.table.reported.get(&self.index).map(Value::Reported);
        reported.or_else(|| self.table.exact(self.index).map(Value::Exact))
    }

    /// Status.
    #[must_use]
    pub const fn status(&self) -> Status {
        self.cell.status
    }

    /// Rows of the table that lack a part, and where the first of them stands.
    #[must_use]
    pub fn missing(&self) -> (u64, Option<Place>) {
        let first = self.cell.first_missing.and_then(|row| usize::try_from(row).ok());
        (self.cell.missing, first.map(|row| self.table.files.place(Some(row), None)))
    }

    /// How many of the areas that should be there are there; the second where it is known.
    #[must_use]
    pub const fn coverage(&self) -> (u32, Option<u32>) {
        (self.group.areas, self.group.areas_expected)
    }

    /// The printed number, without its unit: rounded once, from the exact value; a reported one as
    /// it was written.
    ///
    /// # Errors
    /// `overflow` when the number leaves 128 bits.
    pub fn display(&self) -> Result<Option<String>> {
        match self.value() {
            None => Ok(None),
            Some(Value::Reported(reported)) => Ok(Some(reported.written.clone())),
            Some(Value::Exact(value)) => {
                let Indicator { decimals, unit, .. } = self.indicator();
                self.table.rounding.text(value, *decimals, unit.whole()).map(Some)
            }
        }
    }

    /// The printed number with its unit.
    ///
    /// # Errors
    /// As for [`display`](Self::display).
    pub fn display_with_unit(&self) -> Result<Option<String>> {
        let unit: &Unit = &self.indicator().unit;
        Ok(self.display()?.map(|number| unit.attach(&number, self.table.lang)))
    }
}

impl Group {
    pub(crate) fn place(&self) -> String {
        match &self.school {
            Some(school) => format!("{}/{school}", self.area),
            None => self.area.to_string(),
        }
    }
}
