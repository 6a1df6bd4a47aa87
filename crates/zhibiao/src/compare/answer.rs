//! What all comparisons have in common: rows about an area, period, slice and indicator.

use polars::prelude::{Column, DataFrame};

use super::Reason;
use crate::area::{AreaCode, Tier};
use crate::catalog::Indicator;
use crate::error::Result;
use crate::label::Lang;
use crate::number::RoundMode;
use crate::period::Period;
use crate::table::{Group, IndicatorTable, Row, refused};
use crate::unit::Unit;

/// A table of comparisons (比较表): rows in the order of the table that was compared.
///
/// `F` is what they tell beside value and status; [`Figures::COLUMNS`] names it.
#[derive(Clone, Debug)]
pub struct Compared<F> {
    pub(crate) groups: Vec<Group>,
    pub(crate) indicators: Vec<Indicator>,
    entries: Vec<Entry<F>>,
    /// Ids and names of the slicing dimensions.
    pub(crate) slices: Vec<(String, String)>,
    lang: Lang,
}

/// One row.
#[derive(Clone, Debug)]
struct Entry<F> {
    group: usize,
    indicator: usize,
    own: Own,
    figures: F,
}

/// The value that is compared, as it is shown, or why there is none.
#[derive(Clone, Debug)]
pub(super) struct Own {
    pub(super) value: Option<f64>,
    pub(super) display: Option<String>,
    pub(super) reason: Reason,
}

/// What the rows of a comparison tell.
pub trait Figures: Clone + std::fmt::Debug + Send + Sync + 'static {
    /// What the table is called, in Chinese and English.
    const TITLE: [&'static str; 2];
    /// Its columns; those before `value` first.
    const COLUMNS: &'static [Figure<Self>];

    /// What the value of a row is told in.
    fn told_in(&self) -> Shown {
        Shown::InUnit
    }
}

/// A column of a comparison.
#[derive(Debug)]
pub struct Figure<F> {
    /// Its name in a frame.
    pub id: &'static str,
    /// Its name for readers, in Chinese and English.
    pub name: [&'static str; 2],
    /// What stands in it.
    pub of: Of<F>,
    /// Whether it stands before `value`: part of what the row is about.
    pub leads: bool,
}

/// What stands in a column.
#[derive(Debug)]
pub enum Of<F> {
    /// Words.
    Words(fn(&F) -> Option<&str>),
    /// A whole number.
    Whole(fn(&F) -> Option<u64>),
    /// A number.
    Number(fn(&F) -> Option<f64>, Shown),
}

/// How a number is shown to readers.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Shown {
    /// In the unit of the indicator, with one decimal more than it has.
    InUnit,
    /// A difference in that unit: percentage points for %.
    Difference,
    /// With so many decimals.
    Plain(i8),
}

impl<F> Figure<F> {
    /// A column before `value`.
    pub(super) const fn leading(id: &'static str, name: [&'static str; 2], of: Of<F>) -> Self {
        Self { id, name, of, leads: true }
    }

    /// A column after it.
    pub(super) const fn new(id: &'static str, name: [&'static str; 2], of: Of<F>) -> Self {
        Self { id, name, of, leads: false }
    }
}

/// A row of a comparison.
#[derive(Debug)]
pub struct ComparedRow<'a, F> {
    table: &'a Compared<F>,
    entry: &'a Entry<F>,
}

impl<F> Clone for ComparedRow<'_, F> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<F> Copy for ComparedRow<'_, F> {}

impl Own {
    /// Of a row of indicators.
    pub(super) fn of(row: Row<'_>) -> Result<Self> {
        Ok(Self {
            value: row.value().map(|value| value.figure().to_f64()),
            display: row.display()?,
            reason: Reason::Of(row.status()),
        })
    }

    /// The same value with another reason.
    pub(super) fn because(self, reason: Reason) -> Self {
        Self { reason, ..self }
    }
}

impl<F: Figures> Compared<F> {
    /// A table without rows, about the areas and indicators of another.
    pub(super) fn about(table: &IndicatorTable) -> Self {
        Self {
            groups: table.groups.clone(),
            indicators: table.indicators().cloned().collect(),
            entries: Vec::new(),
            slices: table.slices.clone(),
            lang: table.lang,
        }
    }

    pub(super) fn push(&mut self, (group, indicator): (usize, usize), own: Own, figures: F) {
        self.entries.push(Entry { group, indicator, own, figures });
    }

    /// Says the same of all rows about some groups.
    pub(super) fn because(&mut self, reason: Reason, about: impl Fn(&Group) -> bool) {
        for entry in &mut self.entries {
            if self.groups.get(entry.group).is_some_and(&about) {
                entry.own.reason = reason;
            }
        }
    }

    /// All rows.
    pub fn rows(&self) -> impl Iterator<Item = ComparedRow<'_, F>> {
        self.entries.iter().map(|entry| ComparedRow { table: self, entry })
    }

    /// The row at a position.
    pub(crate) fn row_at(&self, position: usize) -> Option<ComparedRow<'_, F>> {
        self.entries.get(position).map(|entry| ComparedRow { table: self, entry })
    }

    /// Number of rows.
    #[must_use]
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there are no rows.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The language of names and labels.
    #[must_use]
    pub const fn lang(&self) -> Lang {
        self.lang
    }

    /// What the table is called.
    #[must_use]
    pub const fn title(&self) -> &'static str {
        let [zh, en] = F::TITLE;
        self.lang.of(zh, en)
    }

    /// The table as a frame: `area, area_name, tier, period`, one a slice, `indicator`, what leads of
    /// [`Figures::COLUMNS`], `value, display, unit`, what follows of it, `status`.
    ///
    /// Null where there is none.
    ///
    /// # Errors
    /// `unreadable-table` where a dimension has the name of another column.
    pub fn frame(&self) -> Result<DataFrame> {
        let text = |name: &str, of: &dyn Fn(ComparedRow<'_, F>) -> Option<String>| {
            Column::new(name.into(), self.rows().map(of).collect::<Vec<_>>())
        };
        let figure = |figure: &Figure<F>| match figure.of {
            Of::Words(of) => text(figure.id, &|row| of(&row.entry.figures).map(str::to_owned)),
            Of::Whole(of) => {
                let values = self.rows().map(|row| of(&row.entry.figures));
                Column::new(figure.id.into(), values.collect::<Vec<_>>())
            }
            Of::Number(of, _) => {
                let values = self.rows().map(|row| of(&row.entry.figures));
                Column::new(figure.id.into(), values.collect::<Vec<_>>())
            }
        };
        let mut columns = vec![
            text("area", &|row| Some(row.place())),
            text("area_name", &|row| row.group().map(|group| group.area_name.to_string())),
            text("tier", &|row| row.tier().map(|tier| tier.id().to_owned())),
            text("period", &|row| row.period().map(|period| period.to_string())),
        ];
        for (index, (id, _)) in self.slices.iter().enumerate() {
            columns.push(text(id, &|row| row.slice(index).map(|(id, _)| id.to_owned())));
        }
        columns.push(text("indicator", &|row| row.indicator().map(|of| of.id.clone())));
        columns.extend(F::COLUMNS.iter().filter(|column| column.leads).map(figure));
        let values = self.rows().map(ComparedRow::value);
        columns.push(Column::new("value".into(), values.collect::<Vec<_>>()));
        columns.push(text("display", &|row| row.display().map(str::to_owned)));
        columns.push(text("unit", &|row| Some(row.unit()?.label(self.lang).to_owned())));
        columns.extend(F::COLUMNS.iter().filter(|column| !column.leads).map(figure));
        columns.push(text("status", &|row| Some(row.reason().id().to_owned())));
        DataFrame::new_infer_height(columns).map_err(|error| refused(&error))
    }
}

impl<'a, F> ComparedRow<'a, F> {
    pub(crate) fn group(self) -> Option<&'a Group> {
        self.table.groups.get(self.entry.group)
    }

    /// Code of the area; of a school, `area/school`.
    #[must_use]
    pub fn place(self) -> String {
        self.group().map_or_else(String::new, Group::place)
    }

    /// Area.
    #[must_use]
    pub fn area(self) -> Option<AreaCode> {
        self.group().map(|group| group.area)
    }

    /// Tier.
    #[must_use]
    pub fn tier(self) -> Option<Tier> {
        self.group().map(|group| group.tier)
    }

    /// Period.
    #[must_use]
    pub fn period(self) -> Option<Period> {
        self.group()?.period
    }

    /// Id and name of a slice.
    pub(crate) fn slice(self, index: usize) -> Option<(&'a str, &'a str)> {
        let (id, name) = self.group()?.slices.get(index)?.as_ref()?;
        Some((id, name))
    }

    /// Indicator.
    #[must_use]
    pub fn indicator(self) -> Option<&'a Indicator> {
        self.table.indicators.get(self.entry.indicator)
    }

    /// The value that is compared, in its unit.
    #[must_use]
    pub const fn value(self) -> Option<f64> {
        self.entry.own.value
    }

    /// The value as it is printed.
    #[must_use]
    pub fn display(self) -> Option<&'a str> {
        self.entry.own.display.as_deref()
    }

    /// The unit of the value; none where it is a plain number.
    #[must_use]
    pub fn unit(self) -> Option<Unit>
    where
        F: Figures,
    {
        let unit = &self.indicator()?.unit;
        match self.entry.figures.told_in() {
            Shown::InUnit => Some(unit.clone()),
            Shown::Difference => Some(unit.of_difference()),
            Shown::Plain(_) => None,
        }
    }

    /// Why something is there or is not.
    #[must_use]
    pub const fn reason(self) -> Reason {
        self.entry.own.reason
    }

    /// What the row tells.
    #[must_use]
    pub const fn figures(self) -> &'a F {
        &self.entry.figures
    }
}

/// A float with so many decimals, as its nearest decimal text reads.
pub(crate) fn printed(value: f64, decimals: i8) -> String {
    let exact = format!("{value}").parse::<crate::number::Decimal>().ok();
    let rounded = exact.and_then(|exact| exact.ratio().rounded(decimals, RoundMode::HalfAway).ok());
    rounded.map_or_else(|| value.to_string(), |rounded| rounded.to_string())
}
