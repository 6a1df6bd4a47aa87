//! Dialects (符号体系): which symbol means what, publisher by publisher.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result, one_of};
use crate::label::Lang;

/// What a symbol in place of a figure means. No two of them are ever merged.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Mark {
    /// There is exactly nothing: a true zero.
    Zero,
    /// The figure is not known.
    Missing,
    /// The figure is withheld; it is at least 0.
    Suppressed,
    /// More than nothing, but less than one of the unit of the column.
    BelowUnit,
    /// There can be no such figure.
    NotApplicable,
}

impl Mark {
    /// The word for readers.
    #[must_use]
    pub const fn label(self, lang: Lang) -> &'static str {
        match self {
            Self::Zero => lang.of("零", "zero"),
            Self::Missing => lang.of("缺失", "missing"),
            Self::Suppressed => lang.of("不予公布", "suppressed"),
            Self::BelowUnit => lang.of("不足最小单位", "below the unit"),
            Self::NotApplicable => lang.of("不适用", "not applicable"),
        }
    }
}

/// Whose symbols stand in a table (符号体系).
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, Hash, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Dialect {
    /// None: an empty cell is missing, and nothing else stands in place of a number.
    #[default]
    Plain,
    /// 国家统计局, Statistical yearbooks: `…` is below the unit; an empty cell is not known or does not exist,
    /// which cannot be told apart and is missing here. Source: legend of 中国统计年鉴.
    Nbs,
    /// Eurostat: `:` is not available, `:c` confidential, `:z` not applicable, `0n` below half of
    /// the last digit. Source: Eurostat, symbols and abbreviations.
    Eurostat,
    /// Official statistics of the United Kingdom, with brackets or without: `[c]` confidential,
    /// `[x]` not available, `[z]` not applicable, `[low]` rounds to 0 and is none; `*` as `c`, `:`
    /// and `.` as `x` in older tables. Source: Government Statistical Service, symbols in tables.
    Uk,
    /// Statistisches Bundesamt: `-` exactly nothing, `0` below the unit, `.` and `·` unknown or
    /// secret, `…` comes later, `/` not sure enough, `x` not applicable; the decimal mark is a
    /// comma. Source: Destatis, Zeichenerklärung.
    Destatis,
}

type Symbols = &'static [(&'static str, Mark)];

const NBS: Symbols = &[
    ("…", Mark::BelowUnit),
    ("……", Mark::BelowUnit),
    ("...", Mark::BelowUnit),
    ("⋯", Mark::BelowUnit),
];

const EUROSTAT: Symbols = &[
    (":", Mark::Missing),
    (":c", Mark::Suppressed),
    (": c", Mark::Suppressed),
    ("c", Mark::Suppressed),
    (":z", Mark::NotApplicable),
    (": z", Mark::NotApplicable),
    ("0n", Mark::BelowUnit),
];

const UK: Symbols = &[
    ("c", Mark::Suppressed),
    ("[c]", Mark::Suppressed),
    ("*", Mark::Suppressed),
    ("x", Mark::Missing),
    ("[x]", Mark::Missing),
    (":", Mark::Missing),
    (".", Mark::Missing),
    ("z", Mark::NotApplicable),
    ("[z]", Mark::NotApplicable),
    ("low", Mark::BelowUnit),
    ("[low]", Mark::BelowUnit),
];

const DESTATIS: Symbols = &[
    ("-", Mark::Zero),
    ("–", Mark::Zero),
    ("0", Mark::BelowUnit),
    (".", Mark::Suppressed),
    ("·", Mark::Suppressed),
    ("…", Mark::Missing),
    ("...", Mark::Missing),
    ("/", Mark::Missing),
    ("x", Mark::NotApplicable),
    ("X", Mark::NotApplicable),
];

impl Dialect {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Plain, Self::Nbs, Self::Eurostat, Self::Uk, Self::Destatis];

    /// The word used in options.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::Plain => "plain",
            Self::Nbs => "nbs",
            Self::Eurostat => "eurostat",
            Self::Uk => "uk",
            Self::Destatis => "destatis",
        }
    }

    /// What a text without blanks around means; none for what is no symbol here.
    #[must_use]
    pub fn mark(self, text: &str) -> Option<Mark> {
        self.symbols().iter().find(|(symbol, _)| *symbol == text).map(|(_, mark)| *mark)
    }

    /// Symbols and what they mean.
    #[must_use]
    pub const fn symbols(self) -> &'static [(&'static str, Mark)] {
        match self {
            Self::Plain => &[],
            Self::Nbs => NBS,
            Self::Eurostat => EUROSTAT,
            Self::Uk => UK,
            Self::Destatis => DESTATIS,
        }
    }

    /// For messages: what a symbol means to each dialect that has it.
    pub(super) fn meanings(symbol: &str) -> String {
        let known = Self::ALL.into_iter().filter_map(|dialect| {
            let mark = dialect.mark(symbol)?;
            Some(format!("{} to {dialect}", mark.label(Lang::En)))
        });
        match known.collect::<Vec<_>>().join(", ") {
            none if none.is_empty() => "no dialect has it".to_owned(),
            known => format!("it is {known}"),
        }
    }
}

impl fmt::Display for Dialect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.id())
    }
}

impl FromStr for Dialect {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        one_of("dialect of symbols", text, &Self::ALL.map(|dialect| (dialect.id(), dialect)))
    }
}
