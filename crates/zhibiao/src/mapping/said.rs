//! Mappings as written in TOML: their keys, and where each value stands.

use std::fmt;

use indexmap::IndexMap;
use serde::Deserialize;
use serde::de::value::MapAccessDeserializer;
use serde::de::{MapAccess, Visitor};

use crate::catalog::Spanned;

/// A file of one mapping.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct MappingSaid {
    pub(super) sheet: Option<String>,
    pub(super) header: Option<Spanned<[usize; 2]>>,
    pub(super) symbols: Option<Spanned<String>>,
    #[serde(default)]
    pub(super) signs: IndexMap<String, Spanned<String>>,
    pub(super) area: Option<Spanned<String>>,
    pub(super) period: Option<Spanned<String>>,
    pub(super) columns: Spanned<IndexMap<String, Spanned<EntrySaid>>>,
    #[serde(default)]
    pub(super) rows: IndexMap<String, Spanned<EntrySaid>>,
    pub(super) figures: Option<Spanned<EntrySaid>>,
}

/// What a header, or the name of a row, stands for.
#[derive(Clone, Debug)]
pub(super) enum EntrySaid {
    /// A role, a dimension, a measure, an indicator, `ignore` or `?`.
    Word(String),
    /// A figure.
    Figure(FigureSaid),
}

/// `{ measure = "children", where = { ownership = "public" } }`
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FigureSaid {
    pub(super) measure: Option<Spanned<String>>,
    pub(super) unit: Option<Spanned<String>>,
    #[serde(default)]
    pub(super) r#where: IndexMap<String, Spanned<String>>,
    pub(super) period: Option<Spanned<String>>,
}

impl<'de> Deserialize<'de> for EntrySaid {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Either;

        impl<'de> Visitor<'de> for Either {
            type Value = EntrySaid;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a word, or a table with some of `measure`, `unit`, `where`, `period`")
            }

            fn visit_str<E>(self, word: &str) -> Result<EntrySaid, E> {
                Ok(EntrySaid::Word(word.to_owned()))
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<EntrySaid, A::Error> {
                FigureSaid::deserialize(MapAccessDeserializer::new(map)).map(EntrySaid::Figure)
            }
        }

        deserializer.deserialize_any(Either)
    }
}
