//! Options of the command line; those of a query have the names they have in the library.

use std::path::{Path, PathBuf};

use clap::{Args, Parser, Subcommand, ValueEnum};
use zhibiao::area::{Areas, Tier};
use zhibiao::number::{RoundMode, Rounding};
use zhibiao::plan::Policy;
use zhibiao::report::Format;
use zhibiao::table::Coverage;
use zhibiao::{Catalog, Error, Lang, Query};

/// Education indicators from tables of counts, exact to the digit. 由基础数据精确计算教育指标。
#[derive(Debug, Parser)]
#[command(
    name = "zhibiao",
    version,
    after_help = "Exit status: 0 done, 1 the input is at fault, 2 the options are."
)]
pub(crate) struct Options {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Compute indicators from tables (计算指标)
    Compute(Question),
    /// Hold tables against a standard (对照标准评估)
    Judge {
        #[command(flatten)]
        question: Question,
        /// Standard, such as preschool-2020
        #[arg(long, value_name = "ID")]
        standard: String,
    },
    /// Tell what in tables contradicts itself or is unlikely (检查数据)
    ///
    /// Exit status: 0 without a finding of severity error, else 1.
    Check {
        #[command(flatten)]
        input: Input,
        /// Rows are records, of which many have one key
        #[arg(long)]
        records: bool,
        /// Language of names and labels
        #[arg(long, default_value = "zh")]
        lang: LangOption,
        #[command(flatten)]
        shape: Shape,
    },
    /// Tell what an indicator, measure or standard is (解释定义)
    Explain {
        /// Id of the indicator, measure or standard
        id: String,
        /// A catalogue file or folder that extends the built-in one
        #[arg(long, value_name = "FILE")]
        catalog: Option<PathBuf>,
        /// Language
        #[arg(long, default_value = "zh")]
        lang: LangOption,
    },
    /// List indicators whose id or name has all the words (列出指标)
    List {
        /// Words, Chinese or English
        words: Vec<String>,
        /// A catalogue file or folder that extends the built-in one
        #[arg(long, value_name = "FILE")]
        catalog: Option<PathBuf>,
        /// Language
        #[arg(long, default_value = "zh")]
        lang: LangOption,
    },
}

/// What is read, what is asked of it, and how the answer is written.
#[derive(Args, Debug)]
pub(crate) struct Question {
    #[command(flatten)]
    pub(crate) input: Input,
    #[command(flatten)]
    pub(crate) ask: Ask,
    #[command(flatten)]
    pub(crate) shape: Shape,
}

/// What is read.
#[derive(Args, Debug)]
pub(crate) struct Input {
    /// Tables of the same columns: .csv (UTF-8) or .parquet
    #[arg(required = true, value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
    /// A catalogue file or folder that extends the built-in one
    #[arg(long, value_name = "FILE")]
    pub(crate) catalog: Option<PathBuf>,
    /// A table of areas (`code<TAB>name`) in place of the built-in one
    #[arg(long, value_name = "FILE")]
    pub(crate) areas: Option<PathBuf>,
}

/// What is asked.
#[derive(Args, Debug)]
pub(crate) struct Ask {
    /// Indicator, by id or exact name; repeat for several
    #[arg(short, long = "indicator", value_name = "ID")]
    pub(crate) indicators: Vec<String>,
    /// Tiers to roll up to: school, county, prefecture, province, nation
    #[arg(long, value_delimiter = ',', value_name = "TIER,…")]
    pub(crate) tiers: Vec<Tier>,
    /// Dimensions to split by
    #[arg(long, value_delimiter = ',', value_name = "ID,…")]
    pub(crate) slices: Vec<String>,
    /// Periods to keep
    #[arg(long, value_delimiter = ',', value_name = "PERIOD,…")]
    pub(crate) periods: Vec<zhibiao::period::Period>,
    /// The period of a table that has no column for it
    #[arg(long, value_name = "PERIOD")]
    pub(crate) period: Option<zhibiao::period::Period>,
    /// Missing parts: any, complete, or the share of rows that must be complete (0.95)
    #[arg(long, default_value = "any", value_parser = policy)]
    pub(crate) policy: Policy,
    /// Areas that are not complete: full (no value) or given (the value of what is there)
    #[arg(long, default_value = "full")]
    pub(crate) coverage: CoverageOption,
    /// Rows are records, of which many have one key
    #[arg(long)]
    pub(crate) records: bool,
    /// Any flaw of the input is an error
    #[arg(long)]
    pub(crate) strict: bool,
    /// Rounding: half-away (四舍五入), half-even (GB/T 8170), down
    #[arg(long, default_value = "half-away")]
    pub(crate) rounding: RoundingOption,
    /// Print >99.9 rather than 100.0 for what is not 100
    #[arg(long)]
    pub(crate) guard: bool,
    /// Language of names and labels
    #[arg(long, default_value = "zh")]
    pub(crate) lang: LangOption,
}

/// How the answer is written.
#[derive(Args, Debug)]
pub(crate) struct Shape {
    /// File to write to; its ending tells the format
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    /// Format
    #[arg(long, value_name = "FORMAT")]
    format: Option<FormatOption>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum FormatOption {
    Table,
    Csv,
    Json,
    Parquet,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum LangOption {
    Zh,
    En,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum CoverageOption {
    Full,
    Given,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum RoundingOption {
    HalfAway,
    HalfEven,
    Down,
}

/// The built-in catalogue, with a file or folder of the user.
pub(crate) fn load(path: Option<&Path>) -> Result<Catalog, Error> {
    let builtin = Catalog::builtin();
    path.map_or_else(|| Ok(builtin.clone()), |path| builtin.extend(Catalog::load(path)?))
}

impl Ask {
    /// The query that is asked.
    pub(crate) fn query<'a>(
        &self,
        catalog: &'a Catalog,
        input: &Input,
    ) -> Result<Query<'a>, Error> {
        let mode = match self.rounding {
            RoundingOption::HalfAway => RoundMode::HalfAway,
            RoundingOption::HalfEven => RoundMode::HalfEven,
            RoundingOption::Down => RoundMode::Down,
        };
        let mut query = Query::new(catalog)
            .indicators(self.indicators.iter())
            .tiers(&self.tiers)
            .slices(self.slices.iter())
            .periods(self.periods.iter().copied())
            .policy(self.policy)
            .coverage(match self.coverage {
                CoverageOption::Full => Coverage::Full,
                CoverageOption::Given => Coverage::Given,
            })
            .records(self.records)
            .strict(self.strict)
            .rounding(Rounding { mode, guard: self.guard })
            .lang(self.lang.into());
        if let Some(period) = self.period {
            query = query.period(period);
        }
        if let Some(path) = &input.areas {
            query = query.areas(Areas::load(path)?);
        }
        Ok(query)
    }
}

impl Shape {
    /// The format asked for, else that of the file's ending; none for a table to read.
    pub(crate) fn format(&self) -> Result<Option<Format>, Error> {
        let ending = self.output.as_deref().and_then(Path::extension);
        match (self.format, ending) {
            (Some(FormatOption::Table), _) | (None, None) => Ok(None),
            (Some(FormatOption::Csv), _) => Ok(Some(Format::Csv)),
            (Some(FormatOption::Json), _) => Ok(Some(Format::Json)),
            (Some(FormatOption::Parquet), _) => Ok(Some(Format::Parquet)),
            (None, Some(ending)) if ending == "txt" => Ok(None),
            (None, Some(ending)) => ending.to_string_lossy().parse().map(Some),
        }
    }
}

impl From<LangOption> for Lang {
    fn from(option: LangOption) -> Self {
        match option {
            LangOption::Zh => Self::Zh,
            LangOption::En => Self::En,
        }
    }
}

fn policy(text: &str) -> Result<Policy, Error> {
    match text {
        "any" => Ok(Policy::Any),
        "complete" => Ok(Policy::Complete),
        share => share.parse().map(Policy::AtLeast),
    }
}
