//! Labels (名称) in Chinese and English.

use serde::{Deserialize, Serialize};

/// Language of labels and tables.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, Hash, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Lang {
    /// Chinese (中文).
    #[default]
    Zh,
    /// English (英文).
    En,
}

impl Lang {
    /// The text of this language.
    #[must_use]
    pub const fn of<'a>(self, zh: &'a str, en: &'a str) -> &'a str {
        match self {
            Self::Zh => zh,
            Self::En => en,
        }
    }
}

/// A text in both languages.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Label {
    /// Chinese, as official documents spell it.
    pub zh: String,
    /// English.
    #[serde(default)]
    pub en: String,
}

impl Label {
    /// The text of a language; Chinese where there is no English.
    #[must_use]
    pub fn text(&self, lang: Lang) -> &str {
        if self.en.is_empty() { &self.zh } else { lang.of(&self.zh, &self.en) }
    }
}
