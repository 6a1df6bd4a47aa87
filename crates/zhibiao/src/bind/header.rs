//! Which column is which: ids, names and aliases of the catalogue, with units in the header.

use hashbrown::HashMap;

use super::Table;
use crate::catalog::{
    Catalog, Dimension, Role, Target, figure_of, folded, is_target, role_of, target,
};
use crate::error::{Error, Problem, Result, near};
use crate::mapping::SaidAbove;
use crate::unit::Unit;

/// Columns of a table by what they are.
#[derive(Debug, Default)]
pub(super) struct Header {
    roles: HashMap<Role, usize>,
    dimensions: HashMap<String, usize>,
    /// Measure id to column and the unit its header states.
    measures: HashMap<String, (usize, Option<Unit>)>,
    /// Indicator id to column and unit, where figures of indicators may have columns.
    indicators: HashMap<String, (usize, Option<Unit>)>,
    names: Vec<String>,
    /// Columns in a unit that stands around the table, as findings.
    pub(super) told: Vec<Error>,
}

impl Header {
    pub(super) fn of(table: &Table, catalog: &Catalog) -> Result<Self> {
        let names: Vec<String> =
            table.frame.get_column_names().iter().map(ToString::to_string).collect();
        let mut header = Self::default();
        let targets = table.targets && names.iter().any(|name| is_target(&folded(name)));
        for (index, name) in names.iter().enumerate() {
            let key = folded(name);
            let earlier = if let Some(role) = role_of(&key, targets) {
                header.roles.insert(role, index)
            } else if let Some(dimension) = catalog.dimension_named(&key) {
                header.dimensions.insert(dimension.id.clone(), index)
            } else if let Some((figure, unit)) = figure_of(&key, catalog, table.targets) {
                let unit = match unit {
                    None => header.unit_around(table, name, figure)?,
                    stated => stated,
                };
                let columns = match figure {
                    Target::Indicator(_) => &mut header.indicators,
                    Target::Measure(_) | Target::Total(..) => &mut header.measures,
                };
                let earlier = columns.insert(figure.id().to_owned(), (index, unit));
                earlier.map(|(index, _)| index)
            } else {
                None
            };
            if let Some(earlier) = earlier {
                let first = names.get(earlier).cloned().unwrap_or_default();
                let problem = Problem::DuplicateColumn { column: name.clone(), first };
                return Err(Error::from(problem).at(table.place(None, Some(name))));
            }
        }
        header.names = names;
        if header.is_long() && header.role(Role::Unit).is_none() && table.files().units().shifts() {
            return Err(header.missing(table, Role::Unit));
        }
        Ok(header)
    }

    /// The unit around the table (单位：万元) of a column that states none, where it can only be that
    /// one; it is told.
    fn unit_around(
        &mut self,
        table: &Table,
        name: &str,
        figure: Target<'_>,
    ) -> Result<Option<Unit>> {
        let place = || table.place(None, Some(name));
        match table.files().units().of_figures(figure.unit()) {
            SaidAbove::Nothing => Ok(None),
            SaidAbove::Unit(unit) => {
                let said = format!("`{name}` in {unit}, the unit beside the table");
                self.told.push(Error::from(Problem::ReadAs { said }).at(place()));
                Unit::parse(&unit).map(Some)
            }
            SaidAbove::Asked(_) => {
                let units = table.files().units_told();
                let problem =
                    Problem::UnmappedColumn { column: format!("{name} (单位：{units})") };
                Err(Error::from(problem).at(place()))
            }
        }
    }

    pub(super) fn role(&self, role: Role) -> Option<usize> {
        self.roles.get(&role).copied()
    }

    pub(super) fn is_long(&self) -> bool {
        self.roles.contains_key(&Role::Measure) && self.roles.contains_key(&Role::Value)
    }

    /// The area column, which every table has.
    pub(super) fn area(&self, table: &Table) -> Result<usize> {
        self.role(Role::Area).ok_or_else(|| self.missing(table, Role::Area))
    }

    fn missing(&self, table: &Table, role: Role) -> Error {
        let problem = match (&table.how().mapping, role) {
            (Some(_), Role::Area) => Problem::BadMapping {
                reason: "names no column `area`, and gives no `area = \"…\"` for all rows"
                    .to_owned(),
            },
            _ => Problem::MissingColumn {
                column: role.word().to_owned(),
                aliases: role.headers().join(", "),
                near: self.near(role.word()),
            },
        };
        Error::from(problem).at(table.place(None, None))
    }

    pub(super) fn measure(&self, id: &str) -> Option<(usize, Option<&Unit>)> {
        self.measures.get(id).map(|(index, unit)| (*index, unit.as_ref()))
    }

    /// The column of an indicator's figures.
    pub(super) fn indicator(&self, id: &str) -> Option<(usize, Option<&Unit>)> {
        self.indicators.get(id).map(|(index, unit)| (*index, unit.as_ref()))
    }

    /// Ids of the measures and indicators that have columns, in the order of the table.
    pub(super) fn figures(&self) -> Vec<&str> {
        let figures = self.measures.iter().chain(&self.indicators);
        let mut figures: Vec<_> = figures.map(|(id, (index, _))| (*index, id.as_str())).collect();
        figures.sort_unstable();
        figures.into_iter().map(|(_, id)| id).collect()
    }

    /// Declared dimensions that the table has, in the order of the catalogue.
    pub(super) fn dimensions<'c>(&self, catalog: &'c Catalog) -> Vec<(&'c Dimension, usize)> {
        let found = |dimension: &'c Dimension| {
            self.dimensions.get(&dimension.id).map(|index| (dimension, *index))
        };
        catalog.dimensions().filter_map(found).collect()
    }

    pub(super) fn name(&self, index: usize) -> &str {
        self.names.get(index).map_or("", String::as_str)
    }

    /// The first column that is called like an indicator, whose figures only a long table may have.
    pub(super) fn rate(&self, catalog: &Catalog) -> Option<&str> {
        let is_rate = |name: &&String| {
            matches!(target(catalog, &folded(name), false), Some(Target::Indicator(_)))
        };
        self.names.iter().find(is_rate).map(String::as_str)
    }

    pub(super) fn near(&self, word: &str) -> String {
        near(word, self.names.iter().map(String::as_str))
    }
}
