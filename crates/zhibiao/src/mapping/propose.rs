//! Proposals (建议): what the headers of a table say by themselves, and what has to be asked.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::above::{SaidAbove, UnitsAbove};
use super::figure::{Figure, Is, TOTAL};
use super::headers::{Doubt, How, Reading, figure_of_row, plain, readings};
use super::hold::{Places, contradictions};
use super::{Entry, Mapping};
use crate::catalog::{Catalog, Define, Dimension, Measure, Role, Target};
use crate::error::{Error, Place, Problem, Result, near};
use crate::grid::{Block, Column, Grid};
use crate::label::Lang;

/// How many characters of a header are compared with names, where nothing goes by it.
const LONGEST: usize = 64;

/// A proposal (建议) of a mapping, of which some may be open.
#[derive(Clone, Debug)]
pub struct Proposal {
    /// The sheet and the rows of the header, where a file has several.
    pub(super) sheet: Option<String>,
    pub(super) header: Option<Range<usize>>,
    /// The name of the sheet that the table stands on.
    pub(super) on_sheet: Option<String>,
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
        name_parts(&mut columns);
        place_totals(&mut columns, catalog);
        let units = UnitsAbove::of(block);
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
            .then(|| named_in(&block.above, &units, catalog));
        let dated = |column: &Proposed| column.figures().any(|figure| figure.period.is_some());
        Proposal {
            sheet: None,
            header: None,
            on_sheet: grid.sheet.clone(),
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
    /// no column has figures, nothing says which measure they are of, or columns contradict each other.
    pub fn mapping(&self) -> Result<Mapping> {
        let open = |name: &str| Problem::UnmappedColumn { column: name.to_owned() }.into();
        let columns = self.columns.iter().filter(|column| column.is_open());
        let mut errors: Vec<Error> = columns.map(|column| open(&column.name)).collect();
        if self.figures.is_some() {
            let reason = "does not say which measure figures are of".to_owned();
            errors.push(Problem::BadMapping { reason }.into());
        }
        if let Some(error) = Error::first_of(errors) {
            return Err(error);
        }
        let entry = |column: &Proposed| {
            let is = column.known()?.is.clone();
            Some(Entry { name: column.name.clone(), is, place: Place::Nowhere })
        };
        let mapping = Mapping {
            sheet: self.sheet.clone(),
            header: self.header.clone(),
            symbols: None,
            signs: Vec::new(),
            area: None,
            period: None,
            columns: self.columns.iter().filter_map(entry).collect(),
            rows: Vec::new(),
            figures: Figure::default(),
        };
        Error::first_of(contradictions(&mapping, &Places::default())).map_or(Ok(mapping), Err)
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
    let id = |figure: &Figure| figure.of.as_ref().map(|of| of.id.clone());
    let rest = part.within.iter().filter(|(id, _)| id != dimension);
    part.value(dimension).is_some_and(|value| value != TOTAL)
        && rest.eq(&whole.within)
        && part.period == whole.period
        && id(part) == id(whole)
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

/// Gives figures without a unit the one above the table, where it can only be theirs.
fn give_unit(column: &mut Proposed, units: &UnitsAbove) {
    let mut readings = Vec::with_capacity(column.readings.len());
    for reading in &column.readings {
        let figure = reading.is.figure().filter(|figure| figure.unit.is_none());
        let Some((figure, of)) = figure.and_then(|figure| Some((figure, figure.of.as_ref()?)))
        else {
            readings.push(reading.clone());
            continue;
        };
        let said = units.of_figures(&of.unit);
        column.unit_above |= matches!(said, SaidAbove::Unit(_));
        let doubt = matches!(said, SaidAbove::Asked(_)).then_some(Doubt::UnitAbove);
        let doubt = reading.doubt.or(doubt);
        readings.extend(
            in_units(figure, said, units.allows(&of.unit)).into_iter().map(|figure| Reading {
                is: Is::Figure(figure),
                doubt,
                ..reading.clone()
            }),
        );
    }
    column.readings = readings;
}

/// A figure in each of the units that it may be in; also in that of its measure, if `own`.
fn in_units(figure: &Figure, said: SaidAbove, own: bool) -> Vec<Figure> {
    let within = |unit: String| Figure { unit: Some(unit), ..figure.clone() };
    match said {
        SaidAbove::Nothing => vec![figure.clone()],
        SaidAbove::Unit(unit) => vec![within(unit)],
        SaidAbove::Asked(units) => {
            // That of an amount is written: what is asked must be answered.
            let of = figure.of.as_ref().filter(|of| of.unit.is_money());
            let unit = of.map(|of| of.unit.label(Lang::Zh).to_owned());
            let own = own.then(|| Figure { unit, ..figure.clone() });
            own.into_iter().chain(units.into_iter().map(within)).collect()
        }
    }
}

/// Gives columns behind 其中, which say only which part they are, the figure of the column before.
fn name_parts(columns: &mut [Proposed]) {
    let mut whole: Option<Figure> = None;
    for column in columns {
        let is_part = plain(&column.name).starts_with("其中");
        for reading in &mut column.readings {
            let (Is::Figure(figure), Some(whole)) = (&mut reading.is, &whole) else { continue };
            if is_part && figure.of.is_none() {
                *figure = figure.or(whole);
            }
        }
        if !is_part {
            let known = column.known().and_then(|reading| reading.is.figure());
            whole = known.filter(|figure| figure.of.is_some()).cloned();
        }
    }
}

/// Asks about columns that stand for the same thing.
fn doubt_repeated(columns: &mut [Proposed]) {
    let thing = |column: &Proposed| column.known()?.is.thing(&Figure::default());
    let mut times: BTreeMap<String, usize> = BTreeMap::new();
    for thing in columns.iter().filter_map(thing) {
        let count = times.entry(thing).or_default();
        *count = count.saturating_add(1);
    }
    for column in columns {
        let count = thing(column).and_then(|thing| times.get(&thing).copied());
        if count.is_some_and(|count| count > 1) {
            column.doubt(Doubt::Twice);
        }
    }
}

/// The measures that lines above a table name.
fn named_in(above: &[String], units: &UnitsAbove, catalog: &Catalog) -> Vec<Figure> {
    let lines: Vec<String> = above.iter().map(|line| plain(line)).collect();
    let named = |name: &str| lines.iter().any(|line| line.contains(name));
    let measures = catalog.measures().filter(|measure| {
        [&measure.name.zh].into_iter().chain(&measure.aliases).any(|name| named(&plain(name)))
    });
    let figures = |measure: &Measure| {
        let figure = Figure { of: Some(Target::Measure(measure).into()), ..Figure::default() };
        in_units(&figure, units.of_figures(&measure.unit), units.allows(&measure.unit))
    };
    measures.flat_map(figures).collect()
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
