//! Which areas are meant, listed or translated.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use zhibiao::area::history::{Crosswalk, Weights};
use zhibiao::area::{AreaCode, Areas, Tier};
use zhibiao::{Error, Query, Table};

use super::LangOption;

/// What is asked of areas beside a list.
#[derive(Debug, Subcommand)]
pub(crate) enum OfAreas {
    /// Tell what became of an area, or what it was before (区划沿革)
    Translate {
        /// A code that was in force in the year `--from`
        code: AreaCode,
        /// The year that the code is of, 1981 to 2024
        #[arg(long, value_name = "YEAR")]
        from: u16,
        /// The year whose areas are wanted
        #[arg(long, value_name = "YEAR")]
        to: u16,
        /// Language
        #[arg(long, default_value = "zh")]
        lang: LangOption,
    },
}

/// Which areas are listed.
#[derive(Args, Debug)]
#[command(args_conflicts_with_subcommands = true)]
pub(crate) struct Search {
    #[command(subcommand)]
    pub(crate) asked: Option<OfAreas>,
    /// The areas at the end of a year, 1981 to 2024
    #[arg(long, value_name = "YEAR", conflicts_with = "areas")]
    at: Option<u16>,
    /// Words of names, or beginnings of codes
    words: Vec<String>,
    /// Only this area and what lies in it
    #[arg(long, value_name = "CODE")]
    within: Option<String>,
    /// Only areas of this tier: school, county, prefecture, province, nation
    #[arg(long, value_name = "TIER")]
    tier: Option<Tier>,
    #[command(flatten)]
    table: AreaTable,
    /// Language
    #[arg(long, default_value = "zh")]
    pub(crate) lang: LangOption,
}

/// The table of areas.
#[derive(Args, Debug)]
pub(crate) struct AreaTable {
    /// Areas in place of the built-in ones: lines `code<TAB>name`, or a table of parents, by comma or
    /// tab, with the columns code and parent, and name and tier if wanted
    #[arg(long, value_name = "FILE")]
    areas: Option<PathBuf>,
    /// The areas at the end of a year, 1981 to 2024, in place of the built-in ones (某年区划)
    #[arg(long, value_name = "YEAR", conflicts_with = "areas")]
    areas_at: Option<u16>,
}

/// Areas of several years as areas of one.
#[derive(Args, Debug)]
pub(crate) struct PanelOptions {
    /// Tell all periods in the areas of this year: what merged is added up, what was divided is one
    /// unit or follows the weights (可比口径)
    #[arg(long, alias = "harmonize", value_name = "YEAR", conflicts_with_all = ["areas", "areas_at"])]
    harmonise: Option<u16>,
    /// Weights of divided areas: the columns code, year, to and weight, such as inhabitants (权重)
    #[arg(long, value_name = "FILE", requires = "harmonise")]
    weights: Option<PathBuf>,
}

impl AreaTable {
    /// Whether it was said which areas are meant.
    pub(super) const fn is_given(&self) -> bool {
        self.areas.is_some() || self.areas_at.is_some()
    }

    /// The built-in areas, those of a year, or those of a file of the user.
    pub(crate) fn load(&self) -> Result<Areas, Error> {
        match (&self.areas, self.areas_at) {
            (Some(file), _) => Areas::load(file),
            (None, Some(year)) => Areas::at(year),
            (None, None) => Ok(Areas::builtin()),
        }
    }
}

impl Search {
    /// The areas, and the codes that are listed of them, in ascending order.
    pub(crate) fn found(&self) -> Result<(Areas, Vec<AreaCode>), Error> {
        let areas = self.at.map_or_else(|| self.table.load(), Areas::at)?;
        let outer = self.within.as_deref().map(|code| areas.code(code)).transpose()?;
        let has_words = |code: AreaCode| {
            let (text, name) = (code.to_string(), areas.name(code, self.lang.into()));
            let has = |word: &String| {
                text.starts_with(word) || name.as_ref().is_some_and(|name| name.contains(word))
            };
            self.words.iter().all(has)
        };
        let wanted = |code: &AreaCode| {
            outer.is_none_or(|outer| areas.is_within(*code, outer))
                && self.tier.is_none_or(|tier| areas.tier(*code) == Some(tier))
                && has_words(*code)
        };
        let codes = areas.codes().filter(wanted).collect();
        Ok((areas, codes))
    }
}

impl PanelOptions {
    /// Whether tables must be read before the question is whole.
    pub(crate) const fn needs_tables(&self) -> bool {
        self.harmonise.is_some()
    }

    /// The question about some tables: in the areas of one year, if that is asked.
    pub(crate) fn about<'a>(
        &self,
        query: Query<'a>,
        tables: &[&Table],
    ) -> Result<Query<'a>, Error> {
        let Some(year) = self.harmonise else { return Ok(query) };
        let weights = self.weights.as_deref().map_or_else(|| Ok(Weights::new()), Weights::load)?;
        let years = tables.iter().map(|table| query.years(*table));
        let years: Vec<u16> = years.collect::<Result<Vec<_>, _>>()?.concat();
        query.harmonised(Crosswalk::weighted(year, &years, &weights)?)
    }
}
