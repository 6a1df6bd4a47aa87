//! The table of indicators (指标表): exact values with status, coverage and parts.
//!
//! Rolling up merges sums, evaluating divides them, and rounding happens once, when the table is
//! shown as a frame or text. The table keeps exact values.
//!
//! May use everything up to `engine`.

mod evaluate;
mod finish;
mod frame;
mod rollup;
mod status;

use std::sync::Arc;

use crate::area::{AreaCode, Tier};
use crate::catalog::Indicator;
use crate::error::{Error, Result};
use crate::label::Lang;
use crate::number::{Bounds, Comparison, Decimal, Ratio, Rounding};
use crate::period::Period;
use crate::unit::Unit;

pub(crate) use self::finish::{Finish, Report, Reports, finish};
pub(crate) use self::frame::{decimals, refused};
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
    pub(crate) indicators: Vec<Indicator>,
    /// `groups × indicators`, a group's indicators side by side.
    pub(crate) cells: Vec<Cell>,
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

/// One value, exact.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Cell {
    pub(crate) numerator: Option<Decimal>,
    pub(crate) denominator: Option<Decimal>,
    pub(crate) value: Option<Value>,
    pub(crate) status: Status,
    pub(crate) missing: u64,
    pub(crate) first_missing: Option<u64>,
}

/// A value in the unit of its indicator.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// The exact quotient of exact sums.
    Exact(Ratio),
    /// What is known of a figure that is only published.
    Reported(Box<ReportedValue>),
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

impl Value {
    /// The number that stands for the value.
    #[must_use]
    pub const fn figure(&self) -> Ratio {
        match self {
            Self::Exact(value) => *value,
            Self::Reported(reported) => reported.figure,
        }
    }

    /// Whether the value meets a threshold; `None` where its bounds straddle it.
    #[must_use]
    pub fn compare(&self, comparison: Comparison, threshold: Ratio) -> Option<bool> {
        match self {
            Self::Exact(value) => Some(comparison.holds(*value, threshold)),
            Self::Reported(reported) => reported.bounds.compare(comparison, threshold),
        }
    }
}

/// One row of an [`IndicatorTable`].
#[derive(Clone, Copy, Debug)]
pub struct Row<'a> {
    pub(crate) table: &'a IndicatorTable,
    pub(crate) group: &'a Group,
    pub(crate) indicator: &'a Indicator,
    pub(crate) cell: &'a Cell,
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
        let per_group = self.indicators.len().max(1);
        let rows = self.groups.iter().zip(self.cells.chunks(per_group));
        rows.flat_map(move |(group, cells)| {
            let cells = self.indicators.iter().zip(cells);
            cells.map(move |(indicator, cell)| Row { table: self, group, indicator, cell })
        })
    }

    /// The row of an indicator for an area; the first, where there are several periods or slices.
    #[must_use]
    pub fn row(&self, indicator: &str, area: AreaCode) -> Option<Row<'_>> {
        self.rows().find(|row| row.indicator.id == indicator && row.group.area == area)
    }

    /// Flaws of the table that were set aside.
    #[must_use]
    pub fn findings(&self) -> &[Error] {
        &self.findings
    }

    /// The indicators of the table, in order.
    #[must_use]
    pub fn indicators(&self) -> &[Indicator] {
        &self.indicators
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
        self.indicator
    }

    /// Numerator in base units, or the total.
    #[must_use]
    pub const fn numerator(&self) -> Option<Decimal> {
        self.cell.numerator
    }

    /// Denominator in base units.
    #[must_use]
    pub const fn denominator(&self) -> Option<Decimal> {
        self.cell.denominator
    }

    /// Exact or reported value; none where [`status`](Self::status) says why.
    #[must_use]
    pub const fn value(&self) -> Option<&'a Value> {
        self.cell.value.as_ref()
    }

    /// Status.
    #[must_use]
    pub const fn status(&self) -> Status {
        self.cell.status
    }

    /// Rows of the table that lack a part, and the first of them as a spreadsheet counts it.
    #[must_use]
    pub fn missing(&self) -> (u64, Option<u64>) {
        (self.cell.missing, self.cell.first_missing.map(|row| row.saturating_add(2)))
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
        match &self.cell.value {
            None => Ok(None),
            Some(Value::Reported(reported)) => Ok(Some(reported.written.clone())),
            Some(Value::Exact(value)) => {
                let Indicator { decimals, unit, .. } = self.indicator;
                self.table.rounding.text(*value, *decimals, unit.whole()).map(Some)
            }
        }
    }

    /// The printed number with its unit.
    ///
    /// # Errors
    /// As for [`display`](Self::display).
    pub fn display_with_unit(&self) -> Result<Option<String>> {
        let unit: &Unit = &self.indicator.unit;
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
