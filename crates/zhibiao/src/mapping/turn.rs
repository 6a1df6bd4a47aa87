//! From the rows of a table to lines that binding knows: columns renamed, or turned to one figure a
//! line.

use std::collections::BTreeMap;

use super::figure::{Figure, Is, TOTAL};
use super::headers::{figure_of_row, plain};
use super::propose::names_of;
use super::{Entry, Mapping};
use crate::catalog::{Catalog, Role};
use crate::error::{Error, Place, Problem, Result, near};
use crate::grid::{Block, Grid, Lines, Origins};

/// What binding takes for a total.
const TOTAL_CELL: &str = "合计";

/// Keys of lines, in their order.
const KEYS: [Role; 5] = [Role::Area, Role::AreaName, Role::Period, Role::School, Role::Reading];

impl Mapping {
    /// The rows of a table under the names that binding knows, and what is told of its columns.
    ///
    /// Where each figure has a column of its measure, columns are renamed. Else (periods, groups or
    /// measures across, indicators as they were published, measures down) each figure has a line:
    /// keys, groups, `measure`, `value`, `unit`; [`Origins::columns`] has the header that it stood
    /// below. A column that the mapping does not name is left out and told as `unmapped-column`.
    /// Rows that say 合计 stay: binding tells them. A key cell that is empty in a merged region has
    /// the text of the region.
    ///
    /// # Errors
    /// `missing-header` for each header that the table lacks.
    pub fn lines(
        &self,
        grid: &Grid,
        block: &Block,
        catalog: &Catalog,
    ) -> Result<(Lines, Vec<Error>)> {
        let names = names_of(block);
        let columns = self.found(block, &names)?;
        let is_named =
            |name: &&String| columns.iter().any(|(entry, _)| plain(&entry.name) == plain(name));
        let told = names.iter().filter(|name| !is_named(name)).map(|name| {
            let place = Place::Cell {
                file: None,
                sheet: grid.sheet.clone(),
                row: None,
                column: Some(name.clone()),
            };
            Error::new(Problem::UnmappedColumn { column: name.clone() }, place)
        });
        let table = Table { mapping: self, grid, block, catalog, columns: &columns };
        let lines = if table.is_wide() { table.renamed() } else { table.turned() };
        Ok((lines, told.collect()))
    }

    /// Each entry with its column in the grid.
    fn found<'m>(&'m self, block: &Block, names: &[String]) -> Result<Vec<(&'m Entry, usize)>> {
        let mut at: BTreeMap<String, usize> = BTreeMap::new();
        for (name, column) in names.iter().zip(&block.columns) {
            at.entry(plain(name)).or_insert(column.at);
        }
        let mut errors = Vec::new();
        let mut columns = Vec::with_capacity(self.columns.len());
        for entry in &self.columns {
            match at.get(&plain(&entry.name)) {
                Some(column) => columns.push((entry, *column)),
                None => {
                    let near = near(&entry.name, names.iter().map(String::as_str));
                    let problem = Problem::MissingHeader { column: entry.name.clone(), near };
                    errors.push(Error::new(problem, entry.place.clone()));
                }
            }
        }
        columns.sort_by_key(|(_, column)| *column);
        Error::first_of(errors).map_or(Ok(columns), Err)
    }
}

/// A table that a mapping is applied to.
struct Table<'a> {
    mapping: &'a Mapping,
    grid: &'a Grid,
    block: &'a Block,
    catalog: &'a Catalog,
    /// Entries and their columns in the grid, from the left.
    columns: &'a [(&'a Entry, usize)],
}

/// A column of figures.
struct Across {
    header: String,
    at: usize,
    figure: Figure,
}

impl Table<'_> {
    fn across(&self) -> Vec<Across> {
        let across = self.columns.iter().filter_map(|(entry, at)| {
            let figure = entry.is.figure()?.or(&self.mapping.figures);
            Some(Across { header: entry.name.clone(), at: *at, figure })
        });
        across.collect()
    }

    fn is_wide(&self) -> bool {
        !self.mapping.has(Role::Measure)
            && self.across().iter().all(|across| across.figure.is_plain())
    }

    /// Columns by the names of what they hold.
    fn renamed(&self) -> Lines {
        let mut columns: Vec<(String, Vec<Option<String>>)> = Vec::new();
        let rows = &self.block.rows;
        for (role, value) in self.constants() {
            columns.push((role.word().to_owned(), vec![Some(value); rows.len()]));
        }
        for (entry, at) in self.columns {
            let (name, is_key) = match &entry.is {
                Is::Ignored => continue,
                Is::Role(role) => (role.word().to_owned(), true),
                Is::Dimension(id) => (id.clone(), true),
                Is::Figure(figure) => (wide_header(&figure.or(&self.mapping.figures)), false),
            };
            let cell =
                |row: &usize| if is_key { self.key(*row, *at) } else { self.text(*row, *at) };
            columns.push((name, rows.iter().map(cell).collect()));
        }
        let (columns, cells) = columns.into_iter().unzip();
        let origins =
            Origins { rows: rows.iter().map(|row| numbered(*row)).collect(), columns: Vec::new() };
        Lines { sheet: self.grid.sheet.clone(), columns, cells, origins }
    }

    /// One figure a line.
    fn turned(&self) -> Lines {
        let across = self.across();
        let constants = self.constants();
        let has = |role: Role| {
            self.mapping.has(role) || constants.iter().any(|(constant, _)| *constant == role)
        };
        let dated = |role: Role| {
            role == Role::Period && across.iter().any(|across| across.figure.period.is_some())
        };
        let keys: Vec<Role> = KEYS.into_iter().filter(|role| has(*role) || dated(*role)).collect();
        let dimensions = self.dimensions(&across);
        let mut columns: Vec<String> = keys.iter().map(|role| role.word().to_owned()).collect();
        columns.extend(dimensions.iter().cloned());
        columns.extend([Role::Measure, Role::Value, Role::Unit].map(|role| role.word().to_owned()));
        let mut lines = Lines {
            sheet: self.grid.sheet.clone(),
            cells: vec![Vec::new(); columns.len()],
            columns,
            origins: Origins::default(),
        };
        for row in &self.block.rows {
            let Some(of_row) = self.figure_of_row(*row) else { continue };
            for Across { header, at, figure } in &across {
                let figure = figure.or(&of_row.figure);
                let key = |role: &Role| {
                    let period = figure.period.filter(|_| *role == Role::Period);
                    let constant = constants.iter().find(|(constant, _)| constant == role);
                    let given = period.map(|period| period.to_string());
                    given
                        .or_else(|| constant.map(|(_, value)| value.clone()))
                        .or_else(|| self.key(*row, self.column_of(&Is::Role(*role))?))
                };
                let value = |dimension: &String| match figure.value(dimension) {
                    Some(TOTAL) => Some(TOTAL_CELL.to_owned()),
                    Some(value) => Some(value.to_owned()),
                    None => self.key(*row, self.column_of(&Is::Dimension(dimension.clone()))?),
                };
                let measure = figure.of.as_ref().map(|of| of.id.clone());
                let unit = || self.key(*row, self.column_of(&Is::Role(Role::Unit))?);
                let cells = keys.iter().map(key).chain(dimensions.iter().map(value)).chain([
                    measure.or_else(|| of_row.name.clone()),
                    self.text(*row, *at),
                    figure.unit.clone().or_else(unit),
                ]);
                for (column, cell) in lines.cells.iter_mut().zip(cells) {
                    column.push(cell);
                }
                lines.origins.rows.push(numbered(*row));
                lines.origins.columns.push(header.clone());
            }
        }
        lines
    }

    /// Dimensions that have a column or whose values stand across, in the order of the catalogue.
    fn dimensions(&self, across: &[Across]) -> Vec<String> {
        let rows = self.mapping.rows.iter().filter_map(|row| row.is.figure());
        let figures: Vec<&Figure> =
            across.iter().map(|across| &across.figure).chain(rows).collect();
        let used = |id: &String| {
            figures.iter().any(|figure| figure.value(id).is_some())
                || self.column_of(&Is::Dimension(id.clone())).is_some()
        };
        self.catalog.dimensions().map(|dimension| dimension.id.clone()).filter(used).collect()
    }

    /// What the row says its figures are; none for a row that is passed over.
    fn figure_of_row(&self, row: usize) -> Option<OfRow> {
        let name = self.column_of(&Is::Role(Role::Measure)).and_then(|at| self.key(row, at));
        let Some(text) = &name else { return Some(OfRow::default()) };
        let said = self.mapping.rows.iter().find(|entry| plain(&entry.name) == plain(text));
        let figure = match said.map(|entry| &entry.is) {
            Some(Is::Figure(figure)) => figure.clone(),
            Some(_) => return None,
            None => figure_of_row(text, self.catalog).unwrap_or_default(),
        };
        Some(OfRow { name, figure })
    }

    /// Area and period of a table that has no columns of them.
    fn constants(&self) -> Vec<(Role, String)> {
        let area = self.mapping.area.clone().map(|area| (Role::Area, area));
        let period = self.mapping.period.map(|period| (Role::Period, period.to_string()));
        area.into_iter().chain(period).collect()
    }

    fn column_of(&self, is: &Is) -> Option<usize> {
        self.columns.iter().find(|(entry, _)| entry.is == *is).map(|(_, at)| *at)
    }

    fn text(&self, row: usize, column: usize) -> Option<String> {
        self.grid.cell(row, column).text()
    }

    /// The text of a key, also where it is merged over several rows.
    fn key(&self, row: usize, column: usize) -> Option<String> {
        let (row, column) = self.grid.covering(row, column);
        self.text(row, column)
    }
}

/// What a row says of its figures.
#[derive(Default)]
struct OfRow {
    /// The name of its measure as written.
    name: Option<String>,
    figure: Figure,
}

/// The header of a measure in a wide table: `aid_amount(万元)`.
fn wide_header(figure: &Figure) -> String {
    let id = figure.of.as_ref().map_or("", |of| of.id.as_str());
    figure.unit.as_ref().map_or_else(|| id.to_owned(), |unit| format!("{id}({unit})"))
}

/// A row as a spreadsheet counts it.
fn numbered(row: usize) -> u64 {
    u64::try_from(row.saturating_add(1)).unwrap_or(u64::MAX)
}
