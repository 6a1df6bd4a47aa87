//! Dimensions (分组): columns that split measures, with their declared values.

use crate::label::Label;

/// A dimension (分组).
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Dimension {
    /// Id in the catalogue.
    pub id: String,
    /// Name.
    pub name: Label,
    /// Column headers it goes by.
    pub aliases: Vec<String>,
    /// Declared values; no other value is accepted.
    pub values: Vec<DimensionValue>,
}

/// A declared value of a dimension, or a grade of a measure.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct DimensionValue {
    /// Id in the catalogue.
    pub id: String,
    /// Name.
    pub name: Label,
    /// Cell texts it goes by.
    pub aliases: Vec<String>,
}

impl DimensionValue {
    /// What stands for all values together.
    pub(crate) fn total() -> Self {
        let name = Label { zh: "合计".to_owned(), en: "Total".to_owned() };
        Self { id: "total".to_owned(), name, aliases: Vec::new() }
    }

    /// Everything it goes by.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        super::all_names(&self.id, &self.name, &self.aliases)
    }
}

impl Dimension {
    /// Everything it goes by.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        super::all_names(&self.id, &self.name, &self.aliases)
    }

    /// Position of the value that a cell names by id, name or alias.
    #[must_use]
    pub fn position(&self, text: &str) -> Option<usize> {
        position(&self.values, text)
    }
}

/// Position of the value that a cell names by id, name or alias.
pub(super) fn position(values: &[DimensionValue], text: &str) -> Option<usize> {
    values.iter().position(|value| value.names().any(|name| name == text))
}
