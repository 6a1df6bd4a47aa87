//! Labels (名称) in Chinese and English.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result, one_of};

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
    /// The word used in options.
    #[must_use]
    pub const fn id(self) -> &'static str {
        self.of("zh", "en")
    }

    /// The text of this language.
    #[must_use]
    pub const fn of<'a>(self, zh: &'a str, en: &'a str) -> &'a str {
        match self {
            Self::Zh => zh,
            Self::En => en,
        }
    }
}

impl FromStr for Lang {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        one_of("language", text, &[Self::Zh, Self::En].map(|lang| (lang.id(), lang)))
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
