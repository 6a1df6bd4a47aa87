//! The table of indicators (指标表): exact values with status, coverage and parts.
//!
//! Rolling up merges sums, evaluating divides them, and rounding happens once, when the table is
//! shown as a frame or text. The table keeps exact values.
//!
//! May use everything up to `engine`.

mod bounded;
mod cells;
mod columns;
mod composite;
mod derive;
mod evaluate;
mod explain;
mod finish;
mod frame;
mod gaps;
mod known;
mod lists;
mod making;
mod members;
mod reports;
mod rolled;
mod rollup;
mod sdmx;
mod selection;
mod shares;
mod slices;
mod spread;
mod status;
mod sums;
mod targets;
mod tasks;

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use hashbrown::HashMap;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::area::{AreaCode, Areas, Tier};
use crate::bind::Files;
use crate::catalog::{DimensionValue, Indicator};
use crate::error::{Error, Place, Result, one_of};
use crate::label::{Label, Lang};
use crate::number::{Bounds, Comparison, Decimal, Printed, Ratio, Root, Rounding};
use crate::period::{Before, Month, Period};
use crate::plan::Policy;
use crate::unit::Unit;

use self::bounded::Withheld;
use self::cells::{Cell, Cells};
pub(crate) use self::columns::{decimals, refused};
pub(crate) use self::finish::{Finish, finish};
pub(crate) use self::reports::Report;
pub use self::selection::Selection;
pub(crate) use self::selection::lacks;
pub(crate) use self::slices::{Named, TOTAL_ID};
pub use self::status::Status;
pub(crate) use self::sums::sums;

/// What to do with an area that is not complete (覆盖规则).
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Coverage {
    /// It has no value. The default.
    #[default]
    Full,
    /// It has the value of what is there, marked `partial`.
    Given,
}

impl FromStr for Coverage {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        one_of("coverage", text, &[("full", Self::Full), ("given", Self::Given)])
    }
}

/// A table of indicators (指标表).
///
/// One row per area, period and slice, and indicator: sorted by tier as asked for, then area,
/// period and slice, then indicator as asked for.
#[derive(Clone, Debug)]
pub struct IndicatorTable {
    pub(crate) groups: Vec<Group>,
    /// Indicators asked for, then those that they stand on.
    pub(crate) columns: Vec<Column>,
    /// How many were asked for.
    pub(crate) shown: usize,
    /// The tree that the areas stand in.
    pub(crate) areas: Areas,
    pub(crate) files: Files,
    /// Ids and names of the slicing dimensions.
    pub(crate) slices: Vec<(String, String)>,
    pub(crate) findings: Vec<Error>,
    pub(crate) policy: Policy,
    pub(crate) coverage: Coverage,
    pub(crate) rounding: Rounding,
    pub(crate) lang: Lang,
}

/// What the rows of a table are about.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Group {
    pub(crate) area: AreaCode,
    pub(crate) area_name: Arc<str>,
    pub(crate) tier: Tier,
    pub(crate) school: Option<Arc<str>>,
    pub(crate) period: Option<Period>,
    /// Value id and name of each slice.
    pub(crate) slices: Named,
    pub(crate) areas: u32,
    pub(crate) areas_expected: Option<u32>,
    /// The areas that are there, where some that should be are not.
    pub(crate) incomplete: Option<Arc<[AreaCode]>>,
    /// Months of the year that some sum needs and that are not there.
    pub(crate) months_absent: usize,
}

/// An indicator with its cells.
#[derive(Clone, Debug)]
pub(crate) struct Column {
    pub(crate) indicator: Indicator,
    /// What its parts are, by the version in force, the present one last; empty where cells hold
    /// the value itself and not the sums that it is made of.
    parts: Vec<ColumnParts>,
    cells: Cells,
    /// Reported figures by group.
    reported: HashMap<usize, ReportedValue>,
    /// What is known of values of which a part is withheld, by group.
    withheld: HashMap<usize, Withheld>,
    /// Values that are roots, by group.
    roots: HashMap<usize, Root>,
    /// Printed numbers of shares that were made to add up, by group.
    adjusted: HashMap<usize, Decimal>,
}

/// Names of parts, and the scales at which they are kept.
#[derive(Clone, Debug, Default)]
struct ColumnParts {
    /// None for the present version.
    until: Option<Month>,
    numerator_name: Label,
    denominator_name: Label,
    numerator_scale: u8,
    denominator_scale: u8,
    /// Whether they count whole units.
    counted: (bool, bool),
}

impl Column {
    /// The exact value of a group in base units, before it is told in the unit of the indicator.
    fn base_ratio(&self, group: usize, period: Option<Period>) -> Option<Ratio> {
        self.scaled(group, period, 0)
    }

    /// The exact value of a group in the unit of the indicator.
    fn exact(&self, group: usize, period: Option<Period>) -> Option<Ratio> {
        self.scaled(group, period, self.indicator.unit.power_of_base())
    }

    fn scaled(&self, group: usize, period: Option<Period>, power: i8) -> Option<Ratio> {
        if !self.cells.exists(group) {
            return None;
        }
        let parts = (self.cells.numerator(group)?, self.cells.denominator(group));
        self.quotient(parts, period, power)
    }

    /// The quotient of the integers of a cell in base units, times ten to the power of `power`.
    fn quotient(
        &self,
        (numerator, denominator): (i128, Option<i128>),
        period: Option<Period>,
        power: i8,
    ) -> Option<Ratio> {
        let power = match self.parts_at(period) {
            Some(parts) => parts.power().saturating_add(power.into()),
            None if self.parts.is_empty() => power.into(),
            None => return None,
        };
        // A total is over one. Does not fail: evaluation made the same quotient.
        Ratio::of_scaled(numerator, denominator.unwrap_or(1), power).ok()
    }

    /// The parts at the end of a period.
    fn parts_at(&self, period: Option<Period>) -> Option<&ColumnParts> {
        let end = period.map(Period::end);
        let holds = |parts: &&ColumnParts| match (parts.until, end) {
            (Some(until), Some(end)) => end <= until,
            (until, _) => until.is_none(),
        };
        self.parts.iter().find(holds)
    }

    /// Keeps the marked groups.
    fn keep(&mut self, keep: &[bool], kept_before: &[usize]) {
        let moved = |group: usize| {
            kept_before.get(group).copied().filter(|_| keep.get(group) == Some(&true))
        };
        self.cells = self.cells.kept(keep);
        self.reported = rekeyed(std::mem::take(&mut self.reported), moved);
        self.withheld = rekeyed(std::mem::take(&mut self.withheld), moved);
        self.roots = rekeyed(std::mem::take(&mut self.roots), moved);
        self.adjusted = rekeyed(std::mem::take(&mut self.adjusted), moved);
    }
}

impl ColumnParts {
    /// The power of ten between the quotient of the integers and that of the parts.
    fn power(&self) -> i16 {
        i16::from(self.denominator_scale).saturating_sub(self.numerator_scale.into())
    }
}

/// A value in the unit of its indicator.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Value<'a> {
    /// The exact quotient of exact sums, or what stands on such.
    Exact(Ratio),
    /// The root of an exact quotient or the mean of several, and a ratio that stands for it: a
    /// dispersion, a composite.
    Root(&'a Root, Ratio),
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
    /// Whether it was worked out from other reported figures, and not told itself.
    pub inferred: bool,
}

impl Value<'_> {
    /// The number that stands for the value.
    #[must_use]
    pub const fn figure(self) -> Ratio {
        match self {
            Self::Exact(value) | Self::Root(_, value) => value,
            Self::Reported(reported) => reported.figure,
        }
    }

    /// Whether the value meets a threshold; `None` where its bounds straddle it.
    #[must_use]
    pub fn compare(self, comparison: Comparison, threshold: Ratio) -> Option<bool> {
        match self {
            Self::Exact(value) => Some(comparison.holds(value, threshold)),
            Self::Root(root, _) => Some(root.compare(comparison, threshold)),
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
    /// Position of the group.
    at: usize,
}

/// A number as it is printed.
#[derive(Clone, Copy, Debug)]
enum Shown<'a> {
    Written(&'a str),
    Rounded(Printed),
}

impl fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Written(text) => f.write_str(text),
            Self::Rounded(number) => number.fmt(f),
        }
    }
}

impl IndicatorTable {
    /// Number of rows.
    #[must_use]
    pub fn len(&self) -> usize {
        self.groups.len().saturating_mul(self.shown)
    }

    /// Whether there are no rows.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// All rows.
    pub fn rows(&self) -> impl Iterator<Item = Row<'_>> {
        (0..self.groups.len()).flat_map(|group| self.rows_of(group))
    }

    /// A row by its position among [`rows`](Self::rows).
    pub(crate) fn row_at(&self, position: usize) -> Option<Row<'_>> {
        self.rows_of(self.group_of(position)?).nth(position.checked_rem(self.shown)?)
    }

    /// The group of the row at a position.
    pub(crate) fn group_of(&self, position: usize) -> Option<usize> {
        position.checked_div(self.shown)
    }

    /// The rows of a group: one an indicator.
    pub(crate) fn rows_of(&self, group: usize) -> impl Iterator<Item = Row<'_>> {
        let columns = self.columns.iter().take(self.shown);
        columns.filter_map(move |column| {
            Some(Row { table: self, group: self.groups.get(group)?, column, at: group })
        })
    }

    /// Takes all rows in turn, until one fails.
    fn try_each_row<'a>(&'a self, mut take: impl FnMut(Row<'a>) -> Result<()>) -> Result<()> {
        for (at, group) in self.groups.iter().enumerate() {
            for column in self.columns.iter().take(self.shown) {
                take(Row { table: self, group, column, at })?;
            }
        }
        Ok(())
    }

    /// Keeps the rows of some groups.
    fn keep(&mut self, wanted: impl Fn(&Group) -> bool) {
        let keep: Vec<bool> = self.groups.iter().map(wanted).collect();
        let kept_before: Vec<usize> = keep
            .iter()
            .scan(0_usize, |kept, keep| {
                let before = *kept;
                *kept = kept.saturating_add(usize::from(*keep));
                Some(before)
            })
            .collect();
        self.columns.par_iter_mut().for_each(|column| column.keep(&keep, &kept_before));
        let mut flags = keep.iter();
        self.groups.retain(|_| flags.next() == Some(&true));
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
        self.columns.iter().take(self.shown).map(|column| &column.indicator)
    }

    /// The language of names and labels.
    #[must_use]
    pub const fn lang(&self) -> Lang {
        self.lang
    }
}

/// Values whose position has moved, or is gone.
fn rekeyed<T>(
    values: HashMap<usize, T>,
    moved: impl Fn(usize) -> Option<usize>,
) -> HashMap<usize, T> {
    values.into_iter().filter_map(|(index, value)| Some((moved(index)?, value))).collect()
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

    /// Name of the measure in the numerator, or of the total; empty where nothing is summed.
    #[must_use]
    pub fn numerator_name(&self) -> &'a str {
        self.parts().map_or("", |parts| parts.numerator_name.text(self.table.lang))
    }

    /// Name of the measure in the denominator; empty for a total.
    #[must_use]
    pub fn denominator_name(&self) -> &'a str {
        self.parts().map_or("", |parts| parts.denominator_name.text(self.table.lang))
    }

    /// Numerator in base units, or the total.
    #[must_use]
    pub fn numerator(&self) -> Option<Decimal> {
        Decimal::new(self.column.cells.numerator(self.at)?, self.parts()?.numerator_scale).ok()
    }

    /// Denominator in base units.
    #[must_use]
    pub fn denominator(&self) -> Option<Decimal> {
        Decimal::new(self.column.cells.denominator(self.at)?, self.parts()?.denominator_scale).ok()
    }

    /// Exact or reported value; none where [`status`](Self::status) says why.
    #[must_use]
    pub fn value(&self) -> Option<Value<'a>> {
        let column = self.column;
        if let Some(reported) = column.reported.get(&self.at) {
            return Some(Value::Reported(reported));
        }
        if let Some(root) = column.roots.get(&self.at) {
            return root.figure().ok().map(|figure| Value::Root(root, figure));
        }
        column.exact(self.at, self.group.period).map(Value::Exact)
    }

    /// Where the value lies, in its unit, where it is not known exactly: reported, made of what is told
    /// by words or below the unit, or of which a part is withheld.
    #[must_use]
    pub fn bounds(&self) -> Option<Bounds> {
        let reported = self.column.reported.get(&self.at).map(|reported| reported.bounds);
        reported.or_else(|| self.column.withheld.get(&self.at).map(|withheld| withheld.bounds))
    }

    /// Whether the value meets a threshold; `None` where that is not known, as where its bounds
    /// straddle it.
    #[must_use]
    pub fn compare(&self, comparison: Comparison, threshold: Ratio) -> Option<bool> {
        match self.value() {
            Some(value) => value.compare(comparison, threshold),
            None => self.bounds()?.compare(comparison, threshold),
        }
    }

    /// Why a row is not comparable with one of another period: by another definition, or made of other
    /// areas or months.
    pub(crate) fn differs_from(&self, other: &Row<'_>) -> Option<Status> {
        let until = |row: &Row<'_>| row.parts().and_then(|parts| parts.until);
        let made = |row: &Row<'_>| (row.group.incomplete.clone(), row.group.months_absent);
        if until(self) != until(other) {
            return Some(Status::NoBase);
        }
        (made(self) != made(other)).then_some(Status::Partial)
    }

    /// Whether numerator and denominator count whole units; none where nothing is summed.
    pub(crate) fn counted(&self) -> Option<(bool, bool)> {
        self.parts().map(|parts| parts.counted)
    }

    fn parts(&self) -> Option<&'a ColumnParts> {
        self.column.parts_at(self.group.period)
    }

    /// The grade that the value is the position of.
    fn grade(&self) -> Option<&'a DimensionValue> {
        let grades = self.indicator().grades.as_slice();
        if grades.is_empty() {
            return None;
        }
        let Some(Value::Exact(at)) = self.value() else { return None };
        grades.get(usize::try_from(at.num()).ok()?).filter(|_| at.den() == 1)
    }

    /// Status.
    #[must_use]
    pub fn status(&self) -> Status {
        self.column.cells.status(self.at)
    }

    /// Rows of the table that lack a part, and where the first of them stands.
    #[must_use]
    pub fn missing(&self) -> (u64, Option<Place>) {
        let (missing, first) = self.column.cells.lacks(self.at);
        let first = first.and_then(|row| usize::try_from(row).ok());
        (missing, first.map(|row| self.table.files.place(Some(row), None)))
    }

    /// Whether the indicator was defined otherwise in the period before.
    pub(crate) fn follows_break(&self) -> bool {
        let before = self.period().and_then(|period| period.back(Before::Periods(1)));
        let until = |period| self.column.parts_at(Some(period)).and_then(|parts| parts.until);
        self.period().zip(before).is_some_and(|(now, before)| until(now) != until(before))
    }

    /// How many of the areas that should be there are there; the second where it is known.
    #[must_use]
    pub const fn coverage(&self) -> (u32, Option<u32>) {
        (self.group.areas, self.group.areas_expected)
    }

    /// Whether the last digit printed was adjusted (末位调整), so that the shares of the row's group
    /// add up as [`Query::adding_up`](crate::Query::adding_up) asks.
    #[must_use]
    pub fn is_adjusted(&self) -> bool {
        self.column.adjusted.contains_key(&self.at)
    }

    /// The printed number, without its unit: rounded once, from the exact value; a reported one as
    /// it was written. A share that was [adjusted](Self::is_adjusted) may be rounded to the other side.
    ///
    /// # Errors
    /// `overflow` when the number leaves 128 bits.
    pub fn display(&self) -> Result<Option<String>> {
        Ok(self.shown()?.map(|shown| shown.to_string()))
    }

    /// What [`display`](Self::display) prints.
    fn shown(&self) -> Result<Option<Shown<'a>>> {
        let Indicator { decimals, unit, .. } = self.indicator();
        let rounding = self.table.rounding;
        if let Some(grade) = self.grade() {
            return Ok(Some(Shown::Written(grade.name.text(self.table.lang))));
        }
        Ok(match self.value() {
            None => {
                self.column.withheld.get(&self.at).map(|withheld| Shown::Written(&withheld.written))
            }
            Some(Value::Reported(reported)) => Some(Shown::Written(&reported.written)),
            Some(Value::Root(root, _)) => {
                Some(Shown::Rounded(root.rounded(*decimals, rounding.mode)?.into()))
            }
            Some(Value::Exact(value)) => {
                let rounded = match self.column.adjusted.get(&self.at) {
                    Some(adjusted) => *adjusted,
                    None => value.rounded(*decimals, rounding.mode)?,
                };
                Some(Shown::Rounded(rounding.printed(rounded, value, *decimals, unit.whole())?))
            }
        })
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
