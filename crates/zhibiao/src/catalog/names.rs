//! Names (名称): what headers and cells of tables may call the things of a catalogue.

use hashbrown::HashMap;

use super::check::Checked;
use super::{Catalog, Dimension, Indicator, Measure, folded};

/// Positions by every name that a thing goes by, folded.
#[derive(Debug, Default)]
pub(super) struct Names {
    dimensions: HashMap<String, usize>,
    measures: HashMap<String, usize>,
    indicators: HashMap<String, usize>,
}

impl Names {
    fn of(checked: &Checked) -> Self {
        Self {
            dimensions: by_name(checked.dimensions.values().map(Dimension::names)),
            measures: by_name(checked.measures.values().map(Measure::names)),
            indicators: by_name(checked.indicators.values().map(Indicator::names)),
        }
    }
}

impl Catalog {
    /// The dimension of a folded name.
    pub(crate) fn dimension_named(&self, name: &str) -> Option<&Dimension> {
        Some(self.checked.dimensions.get_index(*self.names().dimensions.get(name)?)?.1)
    }

    /// The measure of a folded name.
    pub(crate) fn measure_named(&self, name: &str) -> Option<&Measure> {
        Some(self.checked.measures.get_index(*self.names().measures.get(name)?)?.1)
    }

    /// The indicator of a folded name.
    pub(crate) fn indicator_named(&self, name: &str) -> Option<&Indicator> {
        Some(self.checked.indicators.get_index(*self.names().indicators.get(name)?)?.1)
    }

    /// Folded names of measures and indicators.
    pub(crate) fn names_of_figures(&self) -> impl Iterator<Item = &str> {
        let names = self.names();
        names.measures.keys().chain(names.indicators.keys()).map(String::as_str)
    }

    fn names(&self) -> &Names {
        self.names.get_or_init(|| Names::of(&self.checked))
    }
}

/// Of things that share a name, the last has it.
fn by_name<'a>(
    names: impl Iterator<Item = impl Iterator<Item = &'a str>>,
) -> HashMap<String, usize> {
    let named = names.enumerate();
    named.flat_map(|(at, names)| names.map(move |name| (folded(name), at))).collect()
}
