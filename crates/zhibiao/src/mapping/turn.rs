//! From the rows of a table to lines that binding knows: columns renamed, or turned to one figure a
//! line.

use std::collections::{BTreeMap, BTreeSet};

use super::above::{SaidAbove, UnitsAbove};
use super::figure::{Figure, Is, TOTAL};
use super::headers::{figure_of_row, plain};
use super::propose::names_of;
use super::split::parts_only;
use super::stated::states_unit;
use super::{Entry, Mapping};
use crate::catalog::{Catalog, Role};
use crate::error::{Error, Place, Problem, Result, near};
use crate::grid::{Block, Grid, Lines, Origins};
use crate::label::Lang;
use crate::unit::Unit;

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
    /// the text of the region. Where measures stand down the rows, amounts without a unit have the one
    /// that stands around the table, which is told (`read-as`).
    ///
    /// # Errors
    /// `missing-header` for each header that the table lacks; `bad-mapping` for each amount in another
    /// unit than those around the table (单位：万元), whose header does not state it, and for each whose
    /// unit they leave open and the mapping does not state.
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
            let (sheet, column) = (grid.sheet.clone(), Some(name.clone()));
            let place = Place::Cell { file: None, sheet, row: None, column };
            Error::new(Problem::UnmappedColumn { column: name.clone() }, place)
        });
        let units = UnitsAbove::of(block);
        let table = Table { mapping: self, grid, block, catalog, columns: &columns, units: &units };
        let told = told.chain(table.hold_units()?).chain(parts_only(self, catalog, grid)).collect();
        let lines = if table.is_wide() { table.renamed() } else { table.turned() };
        Ok((lines, told))
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
            if let Some(column) = at.get(&plain(&entry.name)) {
                columns.push((entry, *column));
                continue;
            }
            let near = near(&entry.name, names.iter().map(String::as_str));
            let problem = Problem::MissingHeader { column: entry.name.clone(), near };
            errors.push(Error::new(problem, entry.place.clone()));
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
    /// Those that stand around the table.
    units: &'a UnitsAbove,
}

/// The name that a column of keys goes by.
fn key_name(is: &Is) -> Option<&str> {
    match is {
        Is::Role(role) => Some(role.word()),
        Is::Dimension(id) => Some(id),
        Is::Ignored | Is::Figure(_) => None,
    }
}

/// A column of figures.
struct Across {
    header: String,
    figure: Figure,
    cells: Vec<Option<String>>,
}

impl Table<'_> {
    fn across(&self) -> Vec<Across> {
        let across = self.columns.iter().filter_map(|(entry, at)| {
            let figure = entry.is.figure()?.or(&self.mapping.figures);
            let cells = self.figures(*at);
            Some(Across { header: entry.name.clone(), figure, cells })
        });
        across.collect()
    }

    /// The cells of a column of figures, without the signs that the mapping explains.
    fn figures(&self, at: usize) -> Vec<Option<String>> {
        let explained = |cell: Option<String>| {
            let text = cell.as_deref().unwrap_or_default().trim();
            let sign = self.mapping.signs.iter().find(|(sign, _)| sign == text);
            sign.map_or(cell.clone(), |(_, means)| means.cell())
        };
        self.block.figures(self.grid, at).into_iter().map(explained).collect()
    }

    fn is_wide(&self) -> bool {
        !self.mapping.has(Role::Measure)
            && self.across().iter().all(|across| across.figure.is_plain())
    }

    /// Keys by the names of what they hold, and their headers.
    fn key_headers(&self) -> Vec<(String, String)> {
        let header = |(entry, _): &(&Entry, usize)| {
            Some((key_name(&entry.is)?.to_owned(), entry.name.clone()))
        };
        self.columns.iter().filter_map(header).collect()
    }

    /// Columns by the names of what they hold.
    fn renamed(&self) -> Lines {
        let rows = &self.block.rows;
        let constants = self.constants().into_iter();
        let mut columns: Vec<(String, Vec<Option<String>>)> = constants
            .map(|(role, value)| (role.word().to_owned(), vec![Some(value); rows.len()]))
            .collect();
        let mut headers = self.key_headers();
        for (entry, at) in self.columns {
            if let Is::Figure(figure) = &entry.is {
                let name = wide_header(&figure.or(&self.mapping.figures));
                headers.push((name.clone(), entry.name.clone()));
                columns.push((name, self.figures(*at)));
            } else if let Some(name) = key_name(&entry.is) {
                columns.push((name.to_owned(), self.block.keys(self.grid, *at)));
            }
        }
        let (columns, cells) = columns.into_iter().unzip();
        let rows = rows.iter().map(|row| numbered(*row)).collect();
        let origins = Origins { rows, columns: Vec::new(), headers };
        Lines { sheet: self.grid.sheet.clone(), columns, cells, origins }
    }

    /// One figure a line.
    fn turned(&self) -> Lines {
        let across = self.across();
        let keys: Vec<(Role, Keys)> = self.roles(&across);
        let dimensions: Vec<(String, Keys)> = self.dimensions(&across);
        let measures = self.keys_of(&Is::Role(Role::Measure));
        let units = self.keys_of(&Is::Role(Role::Unit));
        let mut columns: Vec<String> =
            keys.iter().map(|(role, _)| role.word().to_owned()).collect();
        columns.extend(dimensions.iter().map(|(id, _)| id.clone()));
        columns.extend([Role::Measure, Role::Value, Role::Unit].map(|role| role.word().to_owned()));
        let mut lines = Lines {
            sheet: self.grid.sheet.clone(),
            cells: vec![Vec::new(); columns.len()],
            columns,
            origins: Origins { headers: self.key_headers(), ..Origins::default() },
        };
        for (line, row) in self.block.rows.iter().enumerate() {
            let name = measures.at(line);
            let Some(of_row) = self.figure_of_row(name.as_deref()) else { continue };
            for Across { header, figure, cells: figures } in &across {
                let figure = figure.or(&of_row);
                let key = |(role, cells): &(Role, Keys)| match (role, figure.period) {
                    (Role::Period, Some(period)) => Some(period.to_string()),
                    _ => cells.at(line),
                };
                let value = |(dimension, cells): &(String, Keys)| match figure.value(dimension) {
                    Some(TOTAL) => Some(TOTAL_CELL.to_owned()),
                    Some(value) => Some(value.to_owned()),
                    None => cells.at(line),
                };
                let measure = figure.of.as_ref().map(|of| of.id.clone());
                let cells = keys.iter().map(key).chain(dimensions.iter().map(value)).chain([
                    measure.or_else(|| name.clone()),
                    figures.get(line).cloned().flatten(),
                    figure.unit.clone().or_else(|| units.at(line)),
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

    /// Keys of rows that have a column, are the same for all, or stand across.
    fn roles(&self, across: &[Across]) -> Vec<(Role, Keys)> {
        let constants = self.constants();
        let dated = across.iter().any(|across| across.figure.period.is_some());
        let keys = KEYS.into_iter().filter_map(|role| {
            let constant = constants.iter().find(|(constant, _)| *constant == role);
            let cells = match constant {
                Some((_, value)) => Keys::Same(value.clone()),
                None => self.keys_of(&Is::Role(role)),
            };
            let is_there = !matches!(cells, Keys::None) || (role == Role::Period && dated);
            is_there.then_some((role, cells))
        });
        keys.collect()
    }

    /// Dimensions that have a column or whose values stand across, in the order of the catalogue.
    fn dimensions(&self, across: &[Across]) -> Vec<(String, Keys)> {
        let rows = self.mapping.rows.iter().filter_map(|row| row.is.figure());
        let figures: Vec<&Figure> =
            across.iter().map(|across| &across.figure).chain(rows).collect();
        let dimensions = self.catalog.dimensions().map(|dimension| {
            let id = dimension.id.clone();
            let cells = self.keys_of(&Is::Dimension(id.clone()));
            (id, cells)
        });
        let used = |(id, cells): &(String, Keys)| {
            !matches!(cells, Keys::None) || figures.iter().any(|figure| figure.value(id).is_some())
        };
        dimensions.filter(used).collect()
    }

    /// What the name of a row says of its figures; none for a row that is passed over.
    fn figure_of_row(&self, name: Option<&str>) -> Option<Figure> {
        let Some(name) = name else { return Some(Figure::default()) };
        let said = self.mapping.rows.iter().find(|entry| plain(&entry.name) == plain(name));
        let figure = match said.map(|entry| &entry.is) {
            Some(Is::Figure(figure)) => figure.clone(),
            Some(_) => return None,
            None => figure_of_row(name, self.catalog).unwrap_or_default(),
        };
        match self.unit_of_row(&figure) {
            SaidAbove::Unit(unit) => Some(Figure { unit: Some(unit), ..figure }),
            _ => Some(figure),
        }
    }

    /// What stands around the table of the unit of a row's figures, if neither it nor a column has one.
    fn unit_of_row(&self, figure: &Figure) -> SaidAbove {
        let says = |entry: &&(&Entry, usize)| {
            let figure = entry.0.is.figure();
            entry.0.is == Is::Role(Role::Unit)
                || figure.is_some_and(|figure| figure.or(&self.mapping.figures).unit.is_some())
        };
        let own = figure.of.as_ref().filter(|_| figure.unit.is_none());
        let own = own.filter(|_| !self.columns.iter().any(|entry| says(&entry)));
        own.map_or(SaidAbove::Nothing, |of| self.units.of_figures(&of.unit))
    }

    /// Holds the unit of an amount against those around the table: why it is refused, or what is told
    /// of one that only the mapping makes certain.
    fn held(&self, name: &str, figure: &Figure) -> Option<Held> {
        let of = figure.of.as_ref().filter(|of| of.unit.is_money())?;
        let unit = figure.unit.as_deref().and_then(|unit| Unit::parse(unit).ok());
        let own = unit.as_ref().unwrap_or(&of.unit);
        let label = own.label(Lang::Zh);
        if !self.units.allows(own) {
            let around = self.units.money().join("、");
            let reason = format!("takes `{name}` in {label}, and {around} stands beside the table");
            return Some(Held::Refused(reason));
        }
        let is_asked = matches!(self.units.of_figures(&of.unit), SaidAbove::Asked(_));
        is_asked.then(|| match unit {
            Some(_) => Held::Told(format!("`{name}` in {label}, as the mapping says")),
            None => Held::Refused(format!(
                "does not say which unit `{name}` has, and the lines around the table leave it open"
            )),
        })
    }

    /// Holds units against those around the table: refuses others, and tells which figures have one of
    /// them, or one that only the mapping makes certain.
    fn hold_units(&self) -> Result<Option<Error>> {
        let refuse = |place: &Place, reason: String| {
            Error::new(Problem::BadMapping { reason }, place.clone())
        };
        let mut errors = Vec::new();
        let mut said: Vec<String> = Vec::new();
        let has_units = self.mapping.has(Role::Unit);
        for (entry, at) in self.columns {
            let Some(figure) = entry.is.figure().map(|figure| figure.or(&self.mapping.figures))
            else {
                continue;
            };
            let mut columns = self.block.columns.iter();
            let states = columns.any(|column| column.at == *at && states_unit(&column.parts));
            let held = self.held(&entry.name, &figure).filter(|_| !states && !has_units);
            match held {
                Some(Held::Refused(reason)) => errors.push(refuse(&entry.place, reason)),
                Some(Held::Told(told)) => said.push(told),
                None => {}
            }
        }
        let measures = self.keys_of(&Is::Role(Role::Measure));
        for name in measures.texts().collect::<BTreeSet<_>>() {
            let row = self.mapping.rows.iter().find(|entry| plain(&entry.name) == plain(name));
            let figure = match row.map(|entry| &entry.is) {
                Some(is) => is.figure().cloned(),
                None => figure_of_row(name, self.catalog),
            };
            match figure.map(|figure| self.unit_of_row(&figure)) {
                Some(SaidAbove::Unit(unit)) => {
                    said.push(format!("`{name}` in {unit}, the unit beside the table"));
                }
                Some(SaidAbove::Asked(_)) => errors.push(refuse(
                    row.map_or(&Place::Nowhere, |row| &row.place),
                    format!("does not say under [rows] which unit `{name}` has"),
                )),
                _ => {}
            }
        }
        let told = (!said.is_empty()).then(|| {
            let said = said.join("; ");
            let mut figures = self.columns.iter().filter(|(entry, _)| entry.is.figure().is_some());
            let column = figures.next().map(|(entry, _)| entry.name.clone());
            let sheet = self.grid.sheet.clone();
            Error::new(
                Problem::ReadAs { said },
                Place::Cell { file: None, sheet, row: None, column },
            )
        });
        Error::first_of(errors).map_or(Ok(told), Err)
    }

    /// Area and period of a table that has no columns of them.
    fn constants(&self) -> Vec<(Role, String)> {
        let area = self.mapping.area.clone().map(|area| (Role::Area, area));
        let period = self.mapping.period.map(|period| (Role::Period, period.to_string()));
        area.into_iter().chain(period).collect()
    }

    fn keys_of(&self, is: &Is) -> Keys {
        let column = self.columns.iter().find(|(entry, _)| entry.is == *is);
        column.map_or(Keys::None, |(_, at)| Keys::Cells(self.block.keys(self.grid, *at)))
    }
}

/// What is found of the unit of an amount.
enum Held {
    Refused(String),
    Told(String),
}

/// A key of all rows.
enum Keys {
    None,
    /// The same for all of them.
    Same(String),
    /// One of each row.
    Cells(Vec<Option<String>>),
}

impl Keys {
    /// The cells that are filled.
    fn texts(&self) -> impl Iterator<Item = &str> {
        let cells = if let Self::Cells(cells) = self { cells.as_slice() } else { &[] };
        cells.iter().flatten().map(|text| text.trim())
    }

    fn at(&self, line: usize) -> Option<String> {
        match self {
            Self::None => None,
            Self::Same(value) => Some(value.clone()),
            Self::Cells(cells) => cells.get(line).cloned().flatten(),
        }
    }
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
