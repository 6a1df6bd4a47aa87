//! Long tables: one figure a row, each with its measure and unit; and figures that are reported.

use std::collections::{BTreeMap, BTreeSet};

use hashbrown::{HashMap, HashSet};
use polars::prelude::{Column, DataType, StringChunked};

use super::bounded::Bounded;
use super::findings::Findings;
use super::grades;
use super::ids::Ids;
use super::keys::{Coded, Keys, NONE};
use super::values::{Collected, Figures, Told, Wanted};
use super::{Reported, Table};
use crate::catalog::{Catalog, Kind, Target, folded, target};
use crate::error::{Error, Problem, Result, near};
use crate::label::Lang;
use crate::mapping::{SaidAbove, UnitsAbove};
use crate::number::{Bounds, Decimal, End, Ratio};
use crate::quantity::{Convention, Quantity};
use crate::symbol::{self, Dialect, Said};
use crate::unit::Unit;
use crate::watch::Watch;

/// Columns of a long table, as text.
pub(super) struct LongColumns {
    pub(super) measure: Column,
    pub(super) value: Column,
    pub(super) unit: Option<Column>,
    pub(super) reading: Option<Column>,
}

/// A long table by measure: the keys of its wide rows, figures, and what is only reported.
pub(super) struct Pivoted {
    pub(super) keys: Keys,
    /// First row of the long table for each wide row.
    pub(super) origins: Vec<usize>,
    pub(super) figures: HashMap<String, Figures>,
    /// Row of the long table for each figure; `usize::MAX` where there is none.
    pub(super) cell_rows: HashMap<String, Vec<usize>>,
    pub(super) reported: Vec<Reported>,
}

/// How a long table is pivoted.
pub(super) struct Pivot<'a> {
    pub(super) table: &'a Table,
    pub(super) catalog: &'a Catalog,
    pub(super) columns: &'a LongColumns,
    /// Measures and indicators whose rows are used.
    pub(super) needed: &'a [&'a str],
    /// Whether figures of one key add up; else two of them are a flaw.
    pub(super) records: bool,
    /// Whose symbols may stand in place of figures.
    pub(super) symbols: Dialect,
    /// Rows whose figures cannot be used.
    pub(super) void: HashSet<usize>,
    pub(super) watch: &'a Watch,
}

impl Pivot<'_> {
    pub(super) fn pivot(&self, keys: &Keys, findings: &mut Findings) -> Result<Pivoted> {
        let Self { table, catalog, columns, needed, .. } = *self;
        let (measure, value) = (text(&columns.measure)?, text(&columns.value)?);
        let unit = columns.unit.as_ref().map(text).transpose()?;
        let reading = columns.reading.as_ref().map(text).transpose()?;
        let mut rows = Rows::default();
        let mut cells: HashMap<&str, Vec<LongCell>> = HashMap::new();
        let mut reported = Vec::new();
        let mut told: HashMap<(u32, &str), usize> = HashMap::new();
        let mut contradicted: HashSet<(u32, &str)> = HashSet::new();
        let mut nearest: HashMap<&str, String> = HashMap::new();
        let units = unit.iter().flat_map(|unit| {
            (0..keys.rows()).map(|row| (cell(&measure, row), cell(unit, row).trim()))
        });
        let mut around = Around::of(table, catalog, units);
        for row in 0..keys.rows() {
            if !self.watch.pass_at(row, keys.rows()) {
                break;
            }
            let mut find = |column: &Column, problem: Problem| {
                findings.push(Error::new(problem, table.place(Some(row), Some(column.name()))));
            };
            let name = cell(&measure, row);
            let Some(target) = target(catalog, &folded(name), table.targets) else {
                let known = || near(name, self.catalog.names_of_figures());
                let near = nearest.entry(name).or_insert_with(known).clone();
                let problem = Problem::UnknownMeasure { value: name.to_owned(), near };
                find(&columns.measure, problem);
                continue;
            };
            if !needed.contains(&target.id()) {
                continue;
            }
            let Some(wide) = rows.wide(keys, row) else { continue };
            let written = cell(&value, row).trim();
            let unit_text = unit.as_ref().map_or("", |unit| cell(unit, row)).trim();
            let written = if self.void.contains(&row) { "" } else { written };
            let given = match around.figure(target, written, unit_text, self.symbols) {
                Ok(given) => given,
                Err(error) => {
                    let column = match (error.problem(), &columns.unit) {
                        (
                            Problem::UnknownUnit { .. } | Problem::UnitMismatch { .. },
                            Some(unit),
                        ) => unit,
                        _ => &columns.value,
                    };
                    find(column, error.problem().clone());
                    Given::Cell(Told::Missing)
                }
            };
            match (given, target.measure()) {
                (Given::Cell(told), Some(measure)) => {
                    cells.entry(&measure.id).or_default().push((wide, row, told));
                }
                (Given::Known { bounds, number, told: words, unit }, measure) => {
                    if let Some(measure) = measure {
                        let shift = unit.power_to_base(&measure.unit)?;
                        let told = Bounded::told(&bounds, number, shift)?;
                        let cells = cells.entry(&measure.id).or_default();
                        cells.push((wide, row, Told::Bounded(told)));
                    }
                    let first = *told.entry((wide, target.id())).or_insert(row);
                    if first != row {
                        let first = table.place(Some(first), None).to_string();
                        let key = "this figure of this key".to_owned();
                        find(&columns.measure, Problem::DuplicateKey { key, first });
                        contradicted.insert((wide, target.id()));
                    }
                    let reading = reading.as_ref().map_or("", |reading| cell(reading, row));
                    reported.push(Reported {
                        row: wide,
                        source_row: row,
                        of: target.id().to_owned(),
                        number,
                        told: words,
                        bounds,
                        unit,
                        reading: reading.to_owned(),
                    });
                }
                (_, None) => {}
            }
        }
        self.watch.check()?;
        if let Some((column, told)) = columns.unit.as_ref().zip(around.told()) {
            findings.push(told.at(table.place(None, Some(column.name()))));
        }
        // A figure that is told twice is used neither time.
        reported
            .retain(|report: &Reported| !contradicted.contains(&(report.row, report.of.as_str())));
        let mut figures = HashMap::new();
        let mut cell_rows = HashMap::new();
        for (id, cells) in cells {
            let scale = catalog.measure(id)?.scale;
            let (collected, places) = self.place_cells(rows.origins.len(), &cells, findings)?;
            figures.insert(id.to_owned(), collected.figures(scale));
            cell_rows.insert(id.to_owned(), places);
        }
        let keys = rows.keys(keys);
        Ok(Pivoted { keys, origins: rows.origins, figures, cell_rows, reported })
    }

    /// Figures in wide rows, and the rows they came from: of one key, records add up, else they are
    /// told and neither is used.
    fn place_cells(
        &self,
        rows: usize,
        cells: &[LongCell],
        findings: &mut Findings,
    ) -> Result<(Collected, Vec<usize>)> {
        let mut by_row: HashMap<u32, (usize, Told)> = HashMap::new();
        for (wide, row, told) in cells {
            let Some((first, earlier)) = by_row.insert(*wide, (*row, *told)) else { continue };
            let sum = if self.records {
                earlier.and(*told)?
            } else {
                let first = self.table.place(Some(first), None).to_string();
                let key = "this measure of this key".to_owned();
                let place = self.table.place(Some(*row), Some(self.columns.measure.name()));
                findings.push(Error::new(Problem::DuplicateKey { key, first }, place));
                Told::Missing
            };
            by_row.insert(*wide, (*row, sum));
        }
        let mut collected = Collected::with_capacity(rows);
        let mut places = Vec::with_capacity(rows);
        for row in 0..rows {
            let wide = u32::try_from(row).unwrap_or(NONE);
            let cell = by_row.get(&wide);
            collected.push_told(cell.map_or(Told::Missing, |(_, told)| *told));
            places.push(cell.map_or(usize::MAX, |(row, _)| *row));
        }
        Ok((collected, places))
    }
}

/// The unit around a table (单位：万元), for rows whose cell of a unit is empty.
struct Around {
    units: UnitsAbove,
    /// Of measures that other rows give in multiples of their unit, these multiples.
    multiples: BTreeMap<String, Vec<String>>,
    /// Measures that have it, as they are told.
    said: BTreeSet<String>,
}

impl Around {
    /// From the names and units of all rows.
    fn of<'a>(
        table: &Table,
        catalog: &Catalog,
        rows: impl Iterator<Item = (&'a str, &'a str)>,
    ) -> Self {
        let given: BTreeSet<(&str, &str)> = rows.filter(|(_, unit)| !unit.is_empty()).collect();
        let mut multiples: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for (name, text) in given {
            let Some(target) = target(catalog, &folded(name), table.targets) else { continue };
            let shifts = |unit: Unit| unit.power_of_base() != target.unit().power_of_base();
            if target.unit().is_money() && Unit::parse(text).is_ok_and(shifts) {
                multiples.entry(target.id().to_owned()).or_default().push(text.to_owned());
            }
        }
        Self { units: table.files().units(), multiples, said: BTreeSet::new() }
    }

    /// A figure in the unit beside it, else in the one around the table.
    fn figure(
        &mut self,
        target: Target<'_>,
        written: &str,
        unit: &str,
        symbols: Dialect,
    ) -> Result<Given> {
        let is_open = unit.is_empty() && !written.is_empty();
        let around = if is_open { self.unit(target, written)? } else { None };
        figure(target, written, around.as_deref().unwrap_or(unit), symbols)
    }

    /// The unit of a figure that says none; `unknown-unit` where it is not certain.
    fn unit(&mut self, target: Target<'_>, written: &str) -> Result<Option<String>> {
        let multiples = self.multiples.get(target.id());
        if !self.units.shifts() && multiples.is_none()
            || Quantity::parse(written).is_ok_and(|it| it.unit.is_some())
        {
            return Ok(None);
        }
        let said = match (self.units.of_figures(target.unit()), multiples) {
            (SaidAbove::Nothing, Some(multiples)) => SaidAbove::Asked(multiples.clone()),
            (said, _) => said,
        };
        match said {
            SaidAbove::Nothing => Ok(None),
            SaidAbove::Unit(unit) => {
                self.said.insert(format!("`{}` in {unit}", target.id()));
                Ok(Some(unit))
            }
            SaidAbove::Asked(mut units) => {
                units.insert(0, target.unit().label(Lang::Zh).to_owned());
                let near = units.join(", ");
                Err(Problem::UnknownUnit { unit: String::new(), near }.into())
            }
        }
    }

    fn told(self) -> Option<Error> {
        let said: Vec<String> = self.said.into_iter().collect();
        let said = format!("{}, the unit beside the table", said.join(", "));
        (!said.starts_with(',')).then(|| Problem::ReadAs { said }.into())
    }
}

/// Wide row, long row and figure.
type LongCell = (u32, usize, Told);

/// What a cell gives.
pub(super) enum Given {
    /// A figure of a measure, in base units, or none.
    Cell(Told),
    /// A figure that cannot be summed.
    Known { bounds: Bounds, number: Decimal, told: Option<String>, unit: Unit },
}

pub(super) fn figure(
    target: Target<'_>,
    written: &str,
    unit: &str,
    symbols: Dialect,
) -> Result<Given> {
    if written.is_empty() {
        return Ok(Given::Cell(Told::Missing));
    }
    if let Target::Measure(measure) = target
        && !measure.grades.is_empty()
    {
        let at = grades::position(measure, written)?;
        return Ok(Given::Cell(Told::Exact(i128::try_from(at).unwrap_or_default())));
    }
    let own = target.unit();
    let given = if unit.is_empty() { own.clone() } else { Unit::parse(unit)? };
    // Refuses 人次 for 人 whatever becomes of the figure.
    let shift = given.power_to_base(own)?;
    match (symbol::read(written, symbols), target.measure()) {
        (Ok(Said::Number(number)), None) => published(target, number, given, written),
        (Ok(_), None) => Ok(Given::Cell(Told::Missing)),
        (Ok(_), Some(measure)) => {
            Wanted::of(measure, shift, symbols).of_text(written).map(Given::Cell)
        }
        (Err(error), _) => match Quantity::parse(written) {
            Ok(quantity) => told(target, quantity, (unit, given)),
            Err(_) => Err(error),
        },
    }
}

/// A figure of an indicator, which rounding leaves half a unit of its last digit.
fn published(target: Target<'_>, number: Decimal, unit: Unit, written: &str) -> Result<Given> {
    let bounds = Bounds::around(number)?;
    let is_share = matches!(
        target,
        Target::Indicator(indicator) if matches!(indicator.kind, Kind::Share { .. })
    );
    if let Some(whole) = unit.whole().filter(|_| is_share) {
        let allowed =
            Bounds { lo: End::Closed(Ratio::ZERO), hi: End::Closed(Ratio::integer(whole)) };
        if !bounds.overlaps(&allowed) {
            let wanted = format!("0 to {whole} {}", unit.label(Lang::Zh));
            return Err(Problem::OutOfRange { value: written.to_owned(), wanted }.into());
        }
    }
    Ok(Given::Known { bounds, number, told: None, unit })
}

/// A figure with words or with its unit, beside the unit that is given for it.
fn told(target: Target<'_>, quantity: Quantity, (unit, given): (&str, Unit)) -> Result<Given> {
    let two_units = || {
        let (value, given) = (quantity.written.clone(), given.label(Lang::Zh).to_owned());
        crate::error::Error::from(Problem::TwoUnits { value, given })
    };
    let said = match &quantity.unit {
        Some(said) if unit.is_empty() => said.clone(),
        Some(said) if !said.is_same(&given) => return Err(two_units()),
        // 965万 in a column of 万元 may be 965 or 9,650,000 of them.
        None if given.without_multiple().1 > 0 && quantity.written.contains(['万', '亿']) => {
            return Err(two_units());
        }
        _ => given.clone(),
    };
    let shift = said.power_to_base(target.unit())?;
    let number = quantity.number;
    let figure = target
        .measure()
        .map(|measure| Wanted::of(measure, shift, Dialect::Plain).of_decimal(number))
        .transpose()?;
    if quantity.convention == Convention::Exact {
        return match figure {
            Some(figure) => Ok(Given::Cell(Told::Exact(figure))),
            None => published(target, number, said, &quantity.written),
        };
    }
    if number.mantissa() <= 0 {
        let wanted = "what words can be said of".to_owned();
        return Err(Problem::OutOfRange { value: quantity.written, wanted }.into());
    }
    let told = quantity.written.replacen(&quantity.counted, "", 1);
    // A count, and what is paid, is not below 0.
    let lo = if quantity.bounds.lo == End::Infinite {
        End::Closed(Ratio::ZERO)
    } else {
        quantity.bounds.lo
    };
    let bounds = Bounds { lo, hi: quantity.bounds.hi };
    Ok(Given::Known { bounds, number, told: Some(told), unit: said })
}

/// A column whose cells are read one by one.
pub(super) fn text(column: &Column) -> Result<Column> {
    column
        .cast(&DataType::String)
        .map(|text| text.rechunk())
        .map_err(|error| Problem::UnreadableTable { reason: error.to_string() }.into())
}

pub(super) fn cell(column: &Column, row: usize) -> &str {
    let cells: Option<&StringChunked> = column.str().ok();
    cells.and_then(|cells| cells.get(row)).unwrap_or("")
}

/// Wide rows as they are met.
#[derive(Default)]
struct Rows {
    ids: HashMap<Vec<u32>, u32>,
    origins: Vec<usize>,
}

impl Rows {
    fn wide(&mut self, keys: &Keys, row: usize) -> Option<u32> {
        let at = |ids: &Ids| ids.get(row).copied().unwrap_or(NONE);
        if at(&keys.areas.ids) == NONE {
            return None;
        }
        let mut key = vec![at(&keys.areas.ids)];
        key.extend(keys.schools.as_ref().map(|schools| at(&schools.ids)));
        key.extend(keys.periods.as_ref().map(|periods| at(&periods.ids)));
        key.extend(keys.dimensions.iter().map(|grouping| at(&grouping.ids)));
        let next = u32::try_from(self.origins.len()).unwrap_or(NONE);
        let id = *self.ids.entry(key).or_insert(next);
        if id == next {
            self.origins.push(row);
        }
        Some(id)
    }

    /// The keys of the first long row of each wide row.
    fn keys(&self, keys: &Keys) -> Keys {
        let pick = |ids: &Ids| -> Ids {
            self.origins.iter().map(|row| ids.get(*row).copied().unwrap_or(NONE)).collect()
        };
        let mut picked = keys.clone();
        picked.areas = Coded { ids: pick(&keys.areas.ids), values: keys.areas.values.clone() };
        if let Some(schools) = &mut picked.schools {
            schools.ids = pick(&schools.ids);
        }
        if let Some(periods) = &mut picked.periods {
            periods.ids = pick(&periods.ids);
        }
        for grouping in &mut picked.dimensions {
            grouping.ids = pick(&grouping.ids);
        }
        picked
    }
}
