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

/// A declared value of a dimension.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct DimensionValue {
    /// Id in the catalogue.
    pub id: String,
    /// Name.
    pub name: Label,
    /// Cell texts it goes by.
    pub aliases: Vec<String>,
}

impl Dimension {
    /// Position of the value that a cell names by id, name or alias.
    #[must_use]
    pub fn position(&self, text: &str) -> Option<usize> {
        let named = |value: &DimensionValue| {
            value.id == text
                || value.name.zh == text
                || (!value.name.en.is_empty() && value.name.en == text)
                || value.aliases.iter().any(|alias| alias == text)
        };
        self.values.iter().position(named)
    }
}
