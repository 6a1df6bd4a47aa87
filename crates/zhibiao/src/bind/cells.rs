//! What the cells of a row say, for findings about it.

use hashbrown::HashMap;
use polars::prelude::AnyValue;

use super::{Matched, column};
use crate::area::{AreaCode, Areas};
use crate::catalog::{Measure, Role, folded, target};
use crate::error::Place;
use crate::period::Period;

impl<'a> Matched<'a> {
    /// The measures that the table has, in the order of the catalogue.
    pub(crate) fn measures(&self) -> Vec<&'a Measure> {
        self.catalog.measures().filter(|measure| self.has(&measure.id)).collect()
    }

    /// Whether the table has a row for each figure.
    pub(crate) fn has_row_each(&self) -> bool {
        self.header.is_long()
    }

    /// Ids of the dimensions that the table has, in the order of the catalogue.
    pub(crate) fn dimensions(&self) -> Vec<String> {
        let columns = self.header.dimensions(self.catalog);
        columns.into_iter().map(|(dimension, _)| dimension.id.clone()).collect()
    }

    /// Where the figure of a measure stands.
    pub(crate) fn place(&self, row: usize, measure: &str) -> Place {
        let index = if self.header.is_long() {
            self.header.role(Role::Value)
        } else {
            self.header.measure(measure).map(|(index, _)| index)
        };
        self.place_of(row, index)
    }

    /// Where the area of a row stands.
    pub(crate) fn area_place(&self, row: usize) -> Place {
        self.place_of(row, self.header.role(Role::Area))
    }

    /// Where the school of a row stands.
    pub(crate) fn school_place(&self, row: usize) -> Place {
        self.place_of(row, self.header.role(Role::School))
    }

    fn place_of(&self, row: usize, index: Option<usize>) -> Place {
        self.table.place(Some(row), index.map(|index| self.header.name(index)))
    }

    /// The row of the table that stands at a place.
    pub(crate) fn row_at(&self, place: &Place) -> Option<usize> {
        self.table.files().row(place)
    }

    /// The cell of the area column.
    pub(crate) fn area_text(&self, row: usize) -> String {
        self.text(row, Role::Area).unwrap_or_default()
    }

    /// The area of a row, if its cell is a code.
    pub(crate) fn area(&self, row: usize, areas: &Areas) -> Option<AreaCode> {
        areas.code(&self.area_text(row)).ok()
    }

    /// The period of a row, if its cell is one.
    pub(crate) fn period(&self, row: usize) -> Option<Period> {
        self.text(row, Role::Period)?.parse().ok()
    }

    /// The school of a row.
    pub(crate) fn school(&self, row: usize) -> Option<String> {
        self.text(row, Role::School).filter(|school| !school.is_empty())
    }

    /// Ids of measures, and in a long table of indicators, by the folded names they may have here.
    pub(crate) fn ids(&self) -> HashMap<String, String> {
        if self.header.is_long() {
            let names = self.catalog.names_of_figures();
            let named = names
                .filter_map(|name| Some((name, target(self.catalog, name, self.table.targets)?)));
            return named.map(|(name, target)| (name.to_owned(), target.id().to_owned())).collect();
        }
        let header = |measure: &&Measure| self.header.measure(&measure.id);
        let columns = self.measures().into_iter().filter_map(|measure| {
            let (index, _) = header(&measure)?;
            Some((folded(self.header.name(index)), measure.id.clone()))
        });
        columns.collect()
    }

    /// The folded name of the measure that a cell gives.
    pub(crate) fn name_of_figure(&self, row: usize, header: &str) -> String {
        if self.header.is_long() {
            return folded(&self.text(row, Role::Measure).unwrap_or_default());
        }
        folded(header)
    }

    /// Ids of the indicators that a long table reports.
    pub(crate) fn reported(&self) -> Vec<&'a str> {
        if !self.header.is_long() {
            return Vec::new();
        }
        let indicators = self.catalog.indicators().map(|indicator| indicator.id.as_str());
        indicators.filter(|id| self.has(id)).collect()
    }

    fn text(&self, row: usize, role: Role) -> Option<String> {
        let column = column(self.table, self.header.role(role)?).ok()?;
        let text = match column.get(row).ok()? {
            AnyValue::Null => String::new(),
            AnyValue::String(text) => text.trim().to_owned(),
            AnyValue::StringOwned(text) => text.trim().to_owned(),
            other => other.to_string().trim_matches('"').to_owned(),
        };
        Some(text)
    }
}
