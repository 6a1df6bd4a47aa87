//! The catalogue (指标目录): dimensions, measures, indicators and standards, as data.
//!
//! A catalogue is TOML (DESIGN.md section 4), one file a subject, and cannot execute anything.
//! What is built in is in `catalogue/`; users extend or override it with files of their own.
//!
//! May use `error`, `label`, `number`, `unit`, `area` and `period`.

mod arithmetic;
mod check;
mod dimension;
mod explain;
mod formula;
mod hash;
mod headers;
mod indicator;
mod measure;
mod names;
#[cfg(feature = "schema")]
mod schema;
mod source;
mod spanned;
mod standard;

use std::path::Path;
use std::sync::{Arc, LazyLock, OnceLock};

use indexmap::IndexMap;

use self::check::{Checked, check};
use self::names::Names;
pub(crate) use self::source::Source;
pub(crate) use self::spanned::Spanned;
use crate::error::{Place, Problem, Result, near};
use crate::label::{Label, Lang};

pub use self::arithmetic::{Arithmetic, Operation};
pub use self::dimension::{Dimension, DimensionValue};
pub use self::explain::Explanation;
pub use self::formula::{Condition, Define, Linear, Sign, Term};
pub(crate) use self::hash::hexadecimal;
pub(crate) use self::headers::{
    LABEL_MARKS, Role, SCHOOL_ENDINGS, SUBSET, TOTAL_ENDINGS, TOTAL_WORDS, TOTALS, Target,
    figure_of, is_target, is_total, is_total_row, is_whole, role_of, target,
};
pub use self::indicator::{Earlier, Indicator, Kind, Lag};
pub use self::measure::Measure;
pub use self::source::{Among, Better, ChangeForm, Confidence, OverAreas, OverTime, Part, Per};
pub use self::standard::{Criterion, Rule, Standard};

macro_rules! subjects {
    ($($name:literal),*) => {
        [$( ($name, include_str!(concat!("../../catalogue/", $name, ".toml"))) ),*]
    };
}

/// File name and text of every subject that ships with the crate.
const SUBJECTS: [(&str, &str); 14] = subjects!(
    "dimensions",
    "preschool",
    "preschool_2020",
    "compulsory",
    "compulsory_2012",
    "compulsory_2017",
    "aid",
    "projects",
    "teachers",
    "vocational",
    "finance",
    "organisation",
    "results",
    "sdg"
);

static BUILTIN: LazyLock<Result<Catalog>> = LazyLock::new(|| {
    let sources = SUBJECTS
        .iter()
        .map(|(name, text)| Source::parse(format!("{name}.toml"), (*text).to_owned()).map(Arc::new))
        .collect::<Result<Vec<_>>>()?;
    Catalog::of(sources)
});

/// A checked catalogue (指标目录).
///
/// # Example
/// ```
/// use zhibiao::Catalog;
/// let catalog = Catalog::builtin().extend(Catalog::parse(
///     r#"
///     [indicators."preschool.private_share"]
///     name = { zh = "民办园在园幼儿占比", en = "Share of children in private kindergartens" }
///     kind = "share"
///     numerator = "children_private"
///     denominator = "children"
///     unit = "%"
///     decimals = 1
///
///     [measures.children_private]
///     define = "sum(children) filter (where ownership <> 'public')"
///     "#,
///     "mine.toml",
/// )?)?;
/// assert_eq!(catalog.indicator("preschool.private_share")?.decimals, 1);
/// # Ok::<(), zhibiao::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Catalog {
    sources: Vec<Arc<Source>>,
    checked: Arc<Checked>,
    /// Made when a table is first matched.
    names: Arc<OnceLock<Names>>,
}

impl Catalog {
    /// The catalogue that ships with the crate.
    ///
    /// # Panics
    /// Never: a test checks the shipped files.
    #[must_use]
    #[expect(clippy::expect_used, reason = "the shipped files are part of the program and tested")]
    pub fn builtin() -> Self {
        BUILTIN.clone().expect("the shipped catalogue is checked by a test")
    }

    /// Reads a file, or all `.toml` files of a folder.
    ///
    /// Definitions may refer to those of the built-in catalogue and may hide them; to compute with
    /// both, [`extend`](Self::extend) the built-in one.
    ///
    /// # Errors
    /// `unreadable-file`, and everything that can be wrong with a catalogue, with file, line and
    /// column; [`Error::others`](crate::Error::others) has the errors after the first.
    pub fn load(path: impl AsRef<Path>) -> Result<Self> {
        let path = path.as_ref();
        let mut paths = vec![path.to_path_buf()];
        if path.is_dir() {
            let unreadable = |error: std::io::Error| {
                let problem = Problem::UnreadableFile { reason: error.to_string() };
                crate::Error::new(problem, Place::file(path))
            };
            let entries = std::fs::read_dir(path).map_err(unreadable)?;
            paths = entries
                .map(|entry| entry.map(|entry| entry.path()))
                .collect::<Result<_, _>>()
                .map_err(unreadable)?;
            paths.retain(|path| path.extension().is_some_and(|extension| extension == "toml"));
            paths.sort();
        }
        let sources =
            paths.iter().map(|path| Source::load(path).map(Arc::new)).collect::<Result<_>>()?;
        Self::standing_on_builtin(sources)
    }

    /// Reads a catalogue from text; `file` is named in errors.
    ///
    /// # Errors
    /// As for [`Catalog::load`].
    pub fn parse(text: &str, file: &str) -> Result<Self> {
        let source = Source::parse(file.to_owned(), text.to_owned())?;
        Self::standing_on_builtin(vec![Arc::new(source)])
    }

    /// Both catalogues as one.
    ///
    /// # Errors
    /// `duplicate-id` when both define an id and the later does not say `replaces = true`;
    /// everything else that can be wrong with the whole.
    pub fn extend(&self, other: Self) -> Result<Self> {
        Self::of([self.sources.clone(), other.sources].concat())
    }

    /// An indicator by id, or by its exact name or alias.
    ///
    /// # Errors
    /// `unknown-id`, with the nearest ids.
    pub fn indicator(&self, id: &str) -> Result<&Indicator> {
        find("indicator", id, &self.checked.indicators, Indicator::names)
    }

    /// A measure by id, or by its exact name or alias.
    ///
    /// # Errors
    /// `unknown-id`, with the nearest ids.
    pub fn measure(&self, id: &str) -> Result<&Measure> {
        find("measure", id, &self.checked.measures, Measure::names)
    }

    /// A dimension by id.
    ///
    /// # Errors
    /// `unknown-id`, with the nearest ids.
    pub fn dimension(&self, id: &str) -> Result<&Dimension> {
        let all = &self.checked.dimensions;
        all.get(id).ok_or_else(|| unknown("dimension", id, all.keys()))
    }

    /// A standard by id.
    ///
    /// # Errors
    /// `unknown-id`, with the nearest ids.
    pub fn standard(&self, id: &str) -> Result<&Standard> {
        let all = &self.checked.standards;
        all.get(id).ok_or_else(|| unknown("standard", id, all.keys()))
    }

    /// All dimensions.
    pub fn dimensions(&self) -> impl Iterator<Item = &Dimension> {
        self.checked.dimensions.values()
    }

    /// All measures.
    pub fn measures(&self) -> impl Iterator<Item = &Measure> {
        self.checked.measures.values()
    }

    /// All indicators.
    pub fn indicators(&self) -> impl Iterator<Item = &Indicator> {
        self.checked.indicators.values()
    }

    /// All standards.
    pub fn standards(&self) -> impl Iterator<Item = &Standard> {
        self.checked.standards.values()
    }

    /// Indicators whose id, names or aliases contain every word, Chinese or English.
    #[must_use]
    pub fn search(&self, words: &str) -> Vec<&Indicator> {
        let words: Vec<String> = words.split_whitespace().map(str::to_lowercase).collect();
        let matches = |indicator: &&Indicator| {
            let names: Vec<String> = indicator.names().map(str::to_lowercase).collect();
            words.iter().all(|word| names.iter().any(|name| name.contains(word.as_str())))
        };
        self.indicators().filter(matches).collect()
    }

    /// The files beside the built-in ones, as they were named.
    #[must_use]
    pub fn files(&self) -> Vec<String> {
        let builtin = Self::builtin();
        let shipped =
            |source: &Arc<Source>| builtin.sources.iter().any(|other| Arc::ptr_eq(other, source));
        let own = self.sources.iter().filter(|source| !shipped(source));
        own.map(|source| source.file().to_owned()).collect()
    }

    /// Tells what an indicator, measure or standard is: formula, parts, unit, source, confidence.
    ///
    /// # Errors
    /// `unknown-id` when the catalogue has none of that id.
    pub fn explain(&self, id: &str) -> Result<Explanation> {
        Explanation::of(self, id)
    }

    fn of(sources: Vec<Arc<Source>>) -> Result<Self> {
        let all: Vec<&Source> = sources.iter().map(AsRef::as_ref).collect();
        let checked = Arc::new(check(&[], &all)?);
        Ok(Self { sources, checked, names: Arc::default() })
    }

    /// Checks sources as if they extended the built-in catalogue, and keeps what they define.
    fn standing_on_builtin(sources: Vec<Arc<Source>>) -> Result<Self> {
        let builtin = Self::builtin();
        let context: Vec<&Source> = builtin.sources.iter().map(AsRef::as_ref).collect();
        let own: Vec<&Source> = sources.iter().map(AsRef::as_ref).collect();
        let mut checked = check(&context, &own)?;
        checked
            .dimensions
            .retain(|id, _| own.iter().any(|source| source.said.dimensions.contains_key(id)));
        checked
            .measures
            .retain(|id, _| own.iter().any(|source| source.said.measures.contains_key(id)));
        checked
            .indicators
            .retain(|id, _| own.iter().any(|source| source.said.indicators.contains_key(id)));
        checked
            .standards
            .retain(|id, _| own.iter().any(|source| source.said.standards.contains_key(id)));
        Ok(Self { sources, checked: Arc::new(checked), names: Arc::default() })
    }
}

/// What has this id, or goes by exactly this name.
fn find<'a, T, N: Iterator<Item = &'a str>>(
    what: &str,
    id: &str,
    all: &'a IndexMap<String, T>,
    names: impl Fn(&'a T) -> N,
) -> Result<&'a T> {
    let by_name = || {
        let name = folded(id);
        all.values().find(|item| names(item).any(|other| folded(other) == name))
    };
    let found = all.get(id).or_else(by_name);
    found.ok_or_else(|| {
        let near = near(id, all.values().flat_map(&names));
        Problem::UnknownId { what: what.to_owned(), id: id.to_owned(), near }.into()
    })
}

fn unknown<'a>(what: &str, id: &str, known: impl Iterator<Item = &'a String>) -> crate::Error {
    let near = near(id, known.map(String::as_str));
    Problem::UnknownId { what: what.to_owned(), id: id.to_owned(), near }.into()
}

/// Id, names and aliases, as far as there are any.
fn all_names<'a>(
    id: &'a str,
    name: &'a Label,
    aliases: &'a [String],
) -> impl Iterator<Item = &'a str> {
    let names = [id, &name.zh, &name.en].into_iter().chain(aliases.iter().map(String::as_str));
    names.filter(|name| !name.is_empty())
}

/// A name as it is compared: without spaces, with half-width brackets.
pub(crate) fn folded(name: &str) -> String {
    let half_width = |c| match c {
        '（' => '(',
        '）' => ')',
        other => other,
    };
    name.chars().filter(|c| !c.is_whitespace() && *c != '\u{feff}').map(half_width).collect()
}

impl Confidence {
    /// The letter and what it means.
    #[must_use]
    pub const fn label(self, lang: Lang) -> &'static str {
        match self {
            Self::A => lang.of("A（见到官方原文）", "A (official text seen)"),
            Self::B => lang.of("B（见于二手或地方资料）", "B (secondary or local source)"),
            Self::M => lang.of("M（凭记忆，未核对原文）", "M (recalled, not checked)"),
        }
    }
}
