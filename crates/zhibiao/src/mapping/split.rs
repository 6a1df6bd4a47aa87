//! Splits (分组) across columns or rows: whether the parts of a measure are all there.

use std::collections::{BTreeMap, BTreeSet};

use super::Mapping;
use super::figure::{Figure, TOTAL};
use crate::catalog::{Catalog, DimensionValue};
use crate::error::{Error, Place, Problem};
use crate::grid::Grid;
use crate::label::Lang;

/// Measures of which a table has only some of the groups, and no total: their sum would pass for the
/// whole. Each measure and dimension once.
pub(super) fn parts_only(
    mapping: &Mapping,
    catalog: &Catalog,
    grid: &Grid,
) -> impl Iterator<Item = Error> {
    let entries = mapping.columns.iter().chain(&mapping.rows);
    let figures = entries
        .filter_map(|entry| Some((entry.name.as_str(), entry.is.figure()?.or(&mapping.figures))));
    let mut groups: BTreeMap<(String, String), (&str, BTreeSet<String>)> = BTreeMap::new();
    for (name, Figure { of, within, .. }) in figures {
        let Some(of) = of.filter(|of| !of.reported) else { continue };
        for (dimension, value) in within {
            let group = groups.entry((of.id.clone(), dimension));
            group.or_insert_with(|| (name, BTreeSet::new())).1.insert(value);
        }
    }
    let sheet = grid.sheet.clone();
    groups.into_iter().filter_map(move |((measure, dimension), (column, values))| {
        let dimension = catalog.dimension(&dimension).ok()?;
        let has = |id: &str| values.contains(id);
        let (given, lacking): (Vec<_>, Vec<_>) =
            dimension.values.iter().partition(|value| has(&value.id));
        if has(TOTAL) || lacking.is_empty() {
            return None;
        }
        let named = |values: Vec<&DimensionValue>| -> String {
            let names = values.into_iter().map(|value| value.name.text(Lang::Zh));
            names.collect::<Vec<_>>().join("、")
        };
        let (given, lacking) = (named(given), named(lacking));
        let place = Place::Cell {
            file: None,
            sheet: sheet.clone(),
            row: None,
            column: Some(column.to_owned()),
        };
        Some(Error::new(Problem::PartsOnly { measure, given, lacking }, place))
    })
}
