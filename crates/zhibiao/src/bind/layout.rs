//! Layouts (列的安排): which column of a table that stands elsewhere is what.

use super::Table;
use super::header::Header;
use crate::catalog::{Catalog, Dimension, Measure, Role};
use crate::error::{Error, Problem, Result};

/// The columns of a wide table, by name.
#[derive(Clone, Debug)]
pub(crate) struct Layout {
    pub(crate) area: String,
    pub(crate) area_name: Option<String>,
    pub(crate) period: Option<String>,
    pub(crate) school: Option<String>,
    /// In the order of the catalogue.
    pub(crate) dimensions: Vec<(Dimension, String)>,
    /// Each with the power of ten from the unit of its header to the base unit.
    pub(crate) measures: Vec<(Measure, String, i8)>,
}

impl Layout {
    /// The layout of a header.
    ///
    /// # Errors
    /// `missing-column`, `duplicate-column`, `unit-mismatch`; `not-pushable` for a long table, and for
    /// units of their own in each row.
    pub(crate) fn of(table: &Table, catalog: &Catalog) -> Result<Self> {
        let header = Header::of(table, catalog)?;
        let refused =
            |reason: &str| -> Error { Problem::NotPushable { reason: reason.to_owned() }.into() };
        if header.is_long() {
            return Err(refused("it has a row for each figure"));
        }
        if header.role(Role::Unit).is_some() {
            return Err(refused("each row has a unit of its own"));
        }
        let name = |index: usize| header.name(index).to_owned();
        let role = |role: Role| header.role(role).map(name);
        let mut measures = Vec::new();
        for id in header.figures() {
            let Some((index, unit)) = header.measure(id) else { continue };
            let measure = catalog.measure(id)?;
            let shift = unit.unwrap_or(&measure.unit).power_to_base(&measure.unit);
            let place = || table.place(None, Some(header.name(index)));
            let shift = shift.map_err(|error| error.at(place()))?;
            measures.push((measure.clone(), name(index), shift));
        }
        let dimensions = header.dimensions(catalog).into_iter();
        Ok(Self {
            area: name(header.area(table)?),
            area_name: role(Role::AreaName),
            period: role(Role::Period),
            school: role(Role::School),
            dimensions: dimensions.map(|(of, index)| (of.clone(), name(index))).collect(),
            measures,
        })
    }

    pub(crate) fn measure(&self, id: &str) -> Option<(&Measure, &str, i8)> {
        let found = self.measures.iter().find(|(measure, ..)| measure.id == id);
        found.map(|(measure, column, shift)| (measure, column.as_str(), *shift))
    }

    pub(crate) fn dimension(&self, id: &str) -> Option<usize> {
        self.dimensions.iter().position(|(dimension, _)| dimension.id == id)
    }
}
