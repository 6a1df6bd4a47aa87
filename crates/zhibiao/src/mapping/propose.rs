//! Proposals (建议): what the headers of a table say by themselves, and what has to be asked.

use std::collections::BTreeSet;

use super::figure::{Figure, Is, TOTAL};
use super::headers::{Doubt, How, Reading, figure_of_row, plain, readings};
use super::{Entry, Mapping, WITHOUT_FIGURES};
use crate::catalog::{Catalog, Define, Dimension, Measure, Role, Target};
use crate::error::{Error, Place, Problem, Result, near};
use crate::grid::{Block, Column, Grid};
use crate::unit::Unit;

/// How many characters of a header are compared with names, where nothing goes by it.
const LONGEST: usize = 64;

/// A proposal (建议) of a mapping, of which some may be open.
#[derive(Clone, Debug)]
pub struct Proposal {
    pub(super) sheet: Option<String>,
    /// Lines above the table.
    pub(super) above: Vec<String>,
    pub(super) columns: Vec<Proposed>,
    /// Names of rows that nothing goes by, each with the nearest names.
    pub(super) rows: Vec<(String, String)>,
    /// Measures that the lines above name, where columns do not say which they are of.
    pub(super) figures: Option<Vec<Figure>>,
    /// Whether there is a column of areas, and one of periods or periods across.
    pub(super) has_area: bool,
    pub(super) has_period: bool,
}

/// A column and what it may be.
#[derive(Clone, Debug)]
pub(super) struct Proposed {
    pub(super) name: String,
    pub(super) readings: Vec<Reading>,
    /// Whether its unit was taken from above the table.
    pub(super) unit_above: bool,
    /// The nearest names, where nothing goes by the header.
    pub(super) near: String,
}

impl Proposed {
    /// What it is, if that is beyond doubt.
    pub(super) fn known(&self) -> Option<&Reading> {
        match self.readings.as_slice() {
            [reading] => Some(reading).filter(|reading| reading.doubt.is_none()),
            _ => None,
        }
    }

    pub(super) fn is_open(&self) -> bool {
        !self.readings.is_empty() && self.known().is_none()
    }

    fn figures(&self) -> impl Iterator<Item = &Figure> {
        self.readings.iter().filter_map(|reading| reading.is.figure())
    }

    fn doubt(&mut self, doubt: Doubt) {
        for reading in &mut self.readings {
            reading.doubt = reading.doubt.or(Some(doubt));
        }
    }
}

impl Mapping {
    /// Proposes a mapping for a table from its headers.
    ///
    /// A header is an id, name or alias; a name with its unit behind it in brackets; or made of
    /// parts: a measure, values of dimensions, a period, a unit. A unit that stands above the table
    /// (单位：万元) is written to each column of an amount that has none. Whatever could be meant in
    /// two ways is open.
    #[must_use]
    pub fn propose(grid: &Grid, block: &Block, catalog: &Catalog) -> Proposal {
        let columns = names_of(block).into_iter().zip(&block.columns).map(|(name, column)| {
            let readings = readings(&column.parts, catalog);
            let near = if readings.is_empty() { nearest(&name, catalog) } else { String::new() };
            Proposed { name, readings, unit_above: false, near }
        });
        let mut columns: Vec<Proposed> = columns.collect();
        place_totals(&mut columns, catalog);
        let units: Vec<String> = block.above.iter().flat_map(|line| units_of(line)).collect();
        for column in &mut columns {
            give_unit(column, &units);
        }
        doubt_repeated(&mut columns);
        let is_role = |role: Role| {
            columns
                .iter()
                .any(|column| column.readings.iter().any(|reading| reading.is == Is::Role(role)))
        };
        let has_measures = is_role(Role::Measure);
        let nameless = |column: &Proposed| column.figures().any(|figure| figure.of.is_none());
        let figures = (!has_measures && columns.iter().any(nameless))
            .then(|| named_in(&block.above, catalog));
        let dated = |column: &Proposed| column.figures().any(|figure| figure.period.is_some());
        Proposal {
            sheet: grid.sheet.clone(),
            above: block.above.clone(),
            rows: unknown_rows(grid, block, &columns, catalog),
            figures,
            has_area: is_role(Role::Area),
            has_period: is_role(Role::Period) || columns.iter().any(dated),
            columns,
        }
    }
}

impl Proposal {
    /// The mapping, where nothing is open. Columns that nothing goes by are left out.
    ///
    /// # Errors
    /// `unmapped-column` for each column that a person has to decide about; `bad-mapping` where
    /// no column has figures, or nothing says which measure they are of.
    pub fn mapping(&self) -> Result<Mapping> {
        let open = |name: &str| Problem::UnmappedColumn { column: name.to_owned() }.into();
        let columns = self.columns.iter().filter(|column| column.is_open());
        let mut errors: Vec<Error> = columns.map(|column| open(&column.name)).collect();
        let bad = |reason: &str| Problem::BadMapping { reason: reason.to_owned() }.into();
        if self.figures.is_some() {
            errors.push(bad("does not say which measure figures are of"));
        }
        if self.columns.iter().all(|column| column.figures().next().is_none()) {
            errors.push(bad(WITHOUT_FIGURES));
        }
        if let Some(error) = Error::first_of(errors) {
            return Err(error);
        }
        let entry = |column: &Proposed| {
            let is = column.known()?.is.clone();
            Some(Entry { name: column.name.clone(), is, place: Place::Nowhere })
        };
        Ok(Mapping {
            sheet: self.sheet.clone(),
            header: None,
            symbols: None,
            area: None,
            period: None,
            columns: self.columns.iter().filter_map(entry).collect(),
            rows: Vec::new(),
            figures: Figure::default(),
        })
    }
}

/// Names of the columns of a table, each once: `合计#2` is the second `合计` from the left.
pub(super) fn names_of(block: &Block) -> Vec<String> {
    let mut names: Vec<String> = Vec::with_capacity(block.columns.len());
    let plain_names: Vec<String> = block.columns.iter().map(Column::name).collect();
    for (at, name) in plain_names.iter().enumerate() {
        let before = plain_names.iter().take(at);
        let same = before.filter(|other| plain(other) == plain(name)).count();
        names.push(match same.saturating_add(1) {
            1 => name.clone(),
            number => format!("{name}#{number}"),
        });
    }
    names
}

fn nearest(name: &str, catalog: &Catalog) -> String {
    let name: String = plain(name).chars().take(LONGEST).collect();
    near(&name, catalog.measures().flat_map(Measure::names))
}

/// Says of each total, with or without the word 合计, of which dimensions it is one: those by which
/// other columns split the same figure.
///
/// Where parts do not make their total, or other columns are not split so, a table cannot hold them
/// as groups: a part is then the measure that is defined as it, or is asked about.
fn place_totals(columns: &mut [Proposed], catalog: &Catalog) {
    let figures: Vec<Figure> = columns.iter().flat_map(Proposed::figures).cloned().collect();
    let is_total = |figure: &Figure| {
        catalog.dimensions().any(|dimension| !parts_of(figure, dimension, &figures).is_empty())
    };
    let known = columns.iter().filter_map(|column| column.known()?.is.figure());
    let parts: Vec<Figure> = known.filter(|figure| !is_total(figure)).cloned().collect();
    let ways: BTreeSet<Vec<&str>> = parts.iter().map(|part| part.splits().0).collect();
    let dated = parts.iter().any(|part| part.period.is_some());
    let mut partial: Vec<(Figure, String)> = Vec::new();
    for reading in columns.iter_mut().flat_map(|column| &mut column.readings) {
        let Is::Figure(figure) = &mut reading.is else { continue };
        let whole = figure.clone();
        for dimension in catalog.dimensions() {
            let parts = parts_of(&whole, dimension, &figures);
            if parts.is_empty() {
                continue;
            }
            if parts.len() < dimension.values.len() || ways.len() > 1 {
                partial.push((whole.clone(), dimension.id.clone()));
            } else {
                figure.within.push((dimension.id.clone(), TOTAL.to_owned()));
            }
        }
        figure.within.sort();
    }
    for reading in columns.iter_mut().flat_map(|column| &mut column.readings) {
        let Is::Figure(figure) = &mut reading.is else { continue };
        let of_total = |(whole, dimension): &&(Figure, String)| is_part(figure, whole, dimension);
        let doubt = match partial.iter().find(of_total) {
            Some(_) => Some(Doubt::PartsMissing),
            None => (ways.len() > 1 && !figure.within.is_empty()).then_some(Doubt::Split),
        };
        match (doubt, defined_as(figure, catalog)) {
            (Some(_), Some(measure)) => *figure = measure,
            (doubt, _) => reading.doubt = reading.doubt.or(doubt),
        }
        if dated && figure.period.is_none() {
            reading.doubt = reading.doubt.or(Some(Doubt::Split));
        }
    }
}

/// The values of a dimension that have figures of what is a total of them.
fn parts_of(whole: &Figure, dimension: &Dimension, figures: &[Figure]) -> BTreeSet<String> {
    let parts = figures.iter().filter(|figure| is_part(figure, whole, &dimension.id));
    parts.filter_map(|part| part.value(&dimension.id).map(str::to_owned)).collect()
}

/// Whether a figure is that of one value of a dimension, of which another is the total.
fn is_part(part: &Figure, whole: &Figure, dimension: &str) -> bool {
    let rest = Figure {
        within: part.within.iter().filter(|(id, _)| id != dimension).cloned().collect(),
        ..part.clone()
    };
    part.value(dimension).is_some_and(|value| value != TOTAL) && rest.is_same(whole)
}

/// The measure that is defined as just this part of another.
fn defined_as(figure: &Figure, catalog: &Catalog) -> Option<Figure> {
    let [(dimension, value)] = figure.within.as_slice() else { return None };
    let formula = format!("sum({}) filter (where {dimension} = '{value}')", figure.of.as_ref()?.id);
    let wanted = Define::parse(&formula).ok()?;
    let mut measures = catalog.measures();
    let measure = measures.find(|measure| measure.define.as_ref() == Some(&wanted))?;
    Some(Figure { of: Some(Target::Measure(measure).into()), within: Vec::new(), ..figure.clone() })
}

/// The units that a line above a table states: 单位：万元、人.
fn units_of(line: &str) -> Vec<String> {
    let line = plain(line);
    let Some((_, units)) = line.rsplit_once("单位:") else { return Vec::new() };
    let units = units.split(['、', ',', '/', ';', ')']);
    let known = units.filter(|unit| Unit::parse(unit).is_ok());
    known.map(str::to_owned).collect()
}

/// Gives figures without a unit the one above the table, where it can only be theirs.
fn give_unit(column: &mut Proposed, units: &[String]) {
    let mut asked = Vec::new();
    for reading in &mut column.readings {
        let Is::Figure(figure) = &mut reading.is else { continue };
        let (Some(of), None) = (&figure.of, &figure.unit) else { continue };
        let fits = |unit: &Unit| unit.same_quantity(&of.unit);
        let fitting = units.iter().filter(|unit| Unit::parse(unit).is_ok_and(|unit| fits(&unit)));
        let fitting: Vec<&String> = fitting.collect();
        let is_other = |unit: &&&String| Unit::parse(unit).is_ok_and(|unit| unit != of.unit);
        let others: Vec<&&String> = fitting.iter().filter(is_other).collect();
        match (others.as_slice(), fitting.len()) {
            ([], _) => {}
            ([unit], 1) if of.unit.is_money() => {
                figure.unit = Some((**unit).clone());
                column.unit_above = true;
            }
            (others, _) => {
                let with = |unit: &&&String| {
                    let figure = Figure { unit: Some((**unit).clone()), ..figure.clone() };
                    Reading::new(Is::Figure(figure), reading.how).doubted(Doubt::UnitAbove)
                };
                asked.extend(others.iter().map(with));
                reading.doubt = reading.doubt.or(Some(Doubt::UnitAbove));
            }
        }
    }
    column.readings.extend(asked);
}

/// Asks about columns that stand for the same thing.
fn doubt_repeated(columns: &mut [Proposed]) {
    let known: Vec<Option<Is>> =
        columns.iter().map(|column| column.known().map(|reading| reading.is.clone())).collect();
    for (at, column) in columns.iter_mut().enumerate() {
        let Some(Some(is)) = known.get(at) else { continue };
        let same = |(other, known): (usize, &Option<Is>)| {
            other != at
                && match (is, known) {
                    (Is::Figure(one), Some(Is::Figure(other))) => one.is_same(other),
                    (one, Some(other)) => one == other,
                    (_, None) => false,
                }
        };
        if known.iter().enumerate().any(same) {
            column.doubt(Doubt::Twice);
        }
    }
}

/// The measures that lines above a table name.
fn named_in(above: &[String], catalog: &Catalog) -> Vec<Figure> {
    let lines: Vec<String> = above.iter().map(|line| plain(line)).collect();
    let named = |name: &str| lines.iter().any(|line| line.contains(name));
    let measures = catalog.measures().filter(|measure| {
        [&measure.name.zh].into_iter().chain(&measure.aliases).any(|name| named(&plain(name)))
    });
    let figure =
        |measure| Figure { of: Some(Target::Measure(measure).into()), ..Figure::default() };
    measures.map(figure).collect()
}

/// Names in the column of measures that nothing goes by, each once.
fn unknown_rows(
    grid: &Grid,
    block: &Block,
    columns: &[Proposed],
    catalog: &Catalog,
) -> Vec<(String, String)> {
    let is_measure = |column: &Proposed| {
        column.known().is_some_and(|reading| reading.is == Is::Role(Role::Measure))
    };
    let at = columns.iter().position(is_measure);
    let Some(column) = at.and_then(|at| block.columns.get(at)) else { return Vec::new() };
    let mut rows: Vec<(String, String)> = Vec::new();
    for row in &block.rows {
        let Some(name) = grid.cell(*row, column.at).text() else { continue };
        let name = name.trim().to_owned();
        if figure_of_row(&name, catalog).is_none() && !rows.iter().any(|(known, _)| *known == name)
        {
            let near = nearest(&name, catalog);
            rows.push((name, near));
        }
    }
    rows
}

impl How {
    /// As a comment tells it.
    pub(super) const fn label(self, lang: crate::Lang) -> &'static str {
        match self {
            Self::Key => lang.of("键列", "key"),
            Self::Id => lang.of("标识", "id"),
            Self::Name => lang.of("名称", "name"),
            Self::Alias => lang.of("别名", "alias"),
            Self::Parts => lang.of("表头各部分", "parts of the header"),
            Self::PartOfName => lang.of("名称的一部分", "part of a name"),
        }
    }
}

impl Doubt {
    /// As a comment tells it.
    pub(super) const fn label(self, lang: crate::Lang) -> &'static str {
        match self {
            Self::PartOfName => {
                lang.of("表头只是名称的一部分", "the header is only a part of the name")
            }
            Self::Heading => lang.of("上级表头未识别", "the heading above it is not known"),
            Self::Unit => lang.of("单位与指标不符", "the unit is not one of the measure"),
            Self::UnitAbove => lang.of(
                "表上的单位是否适用于此列？",
                "does the unit above the table hold for this column?",
            ),
            Self::Twice => lang.of("另一列也是它", "another column is the same thing"),
            Self::Split => {
                lang.of("其他列不这样分，不能同表", "other columns are split in another way")
            }
            Self::PartsMissing => lang.of(
                "分组不全，合计不等于各列之和",
                "not all parts have a column, so that they do not make the total",
            ),
        }
    }
}
