//! Options of the command line; those of a query have the names they have in the library.

mod areas;
mod map;
mod replay;
mod reports;
mod shape;
mod statement;

use std::path::{Path, PathBuf};

use clap::{Args, Parser, Subcommand, ValueEnum};
use zhibiao::area::Tier;
use zhibiao::mapping::Mapping;
use zhibiao::number::{RoundMode, Rounding};
use zhibiao::plan::Policy;
use zhibiao::symbol::Dialect;
use zhibiao::table::Coverage;
use zhibiao::{Catalog, Error, Lang, Problem, Query, ReadOptions, Table};

pub(crate) use self::areas::{AreaTable, OfAreas, PanelOptions, Search};
pub(crate) use self::map::Map;
pub(crate) use self::replay::Replay;
pub(crate) use self::reports::Reports;
pub(crate) use self::shape::{Columns, Form, Shape};
pub(crate) use self::statement::Statement;

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
    Compute {
        #[command(flatten)]
        question: Question,
        /// Columns of a file: ours, or those of SDMX
        #[arg(long, default_value = "zhibiao")]
        columns: Columns,
        /// File to log the run to, so that it can be replayed
        #[arg(long, value_name = "FILE")]
        log: Option<PathBuf>,
    },
    /// Compute again what a log says, and refuse what differs from it (按记录重算)
    Replay(Replay),
    /// Hold tables against a standard (对照标准评估)
    Judge {
        #[command(flatten)]
        question: Question,
        /// Standard, such as preschool-2020
        #[arg(long, value_name = "ID")]
        standard: String,
        /// A table beside the first that has other columns: of schools, of evidence; repeat for several
        #[arg(long, value_name = "FILE")]
        beside: Vec<PathBuf>,
    },
    /// Hold tables against a table of targets (对照任务)
    ///
    /// Without `-i`, of the indicators that have targets. `--over year-to-date` gives a row for each
    /// month with what was done since January.
    Attain {
        #[command(flatten)]
        question: Question,
        /// Tables of targets: area, period, indicator and target (区划, 时期, 指标, 任务), or a column
        /// for each measure or indicator
        #[arg(long, required = true, value_name = "FILE")]
        targets: Vec<PathBuf>,
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
    /// Print the one statement by which a warehouse sums what indicators need (数据仓库的 SQL)
    ///
    /// Its table has a column for each measure that is counted, by its id. `zb.sql` of the Python
    /// package runs it, on tables as they are.
    Sql(Statement),
    /// Propose what the columns of a file are, as TOML to edit and to give as `--map` (建议列的映射)
    ///
    /// What is not clear stands there as "?" and is to be decided; nothing is guessed.
    Map(Map),
    /// Read the quantities in a report, and tell what in it contradicts itself (从报告文字中读取数量)
    ///
    /// Exit status: 0 without a contradiction, else 1.
    Read(Reports),
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
    /// Print the JSON schema of catalogue files, for editors (目录文件的 JSON 模式)
    Schema,
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
    /// List areas whose code begins with, or whose name has, each of the words (列出区划)
    Areas(Search),
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
    /// File for all findings as a table: .csv, .json, .jsonl or .parquet; the first are told on the
    /// screen (问题清单)
    #[arg(long, value_name = "FILE")]
    pub(crate) findings: Option<PathBuf>,
}

/// What is read.
#[derive(Args, Debug)]
pub(crate) struct Input {
    /// Tables of the same columns: .csv, .tsv (also .gz, .zst), .xlsx, .xls, .ods or .parquet; folders
    /// of them, and patterns such as 'data/*.csv'
    #[arg(required = true, value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
    /// The sheet of a workbook, where several have tables (工作表)
    #[arg(long, value_name = "NAME")]
    sheet: Option<String>,
    /// What the columns are: a file that `zhibiao map` proposed (列的映射)
    #[arg(long = "map", value_name = "FILE")]
    mapping: Option<PathBuf>,
    /// Whose symbols stand in place of figures: plain, nbs, eurostat, uk, destatis (符号体系)
    #[arg(long, value_name = "DIALECT")]
    symbols: Option<Dialect>,
    /// A catalogue file or folder that extends the built-in one
    #[arg(long, value_name = "FILE")]
    pub(crate) catalog: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) table: AreaTable,
}

/// What is asked.
#[derive(Args, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is an option of its own")]
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
    /// Beside the rows of each slice a row of their total
    #[arg(long)]
    pub(crate) totals: bool,
    /// Periods to keep
    #[arg(long, value_delimiter = ',', value_name = "PERIOD,…")]
    pub(crate) periods: Vec<zhibiao::period::Period>,
    /// The period of a table that has no column for it
    #[arg(long, value_name = "PERIOD")]
    pub(crate) period: Option<zhibiao::period::Period>,
    /// Put months together: year, school-year, year-to-date (月度汇总)
    #[arg(long, value_name = "SPAN")]
    pub(crate) over: Option<zhibiao::period::Span>,
    /// Missing parts: any, complete, or the share of rows that must be complete (0.95)
    #[arg(long, default_value = "any")]
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
    /// Print shares that add up to 100 % so that their digits do, too (最大余数法)
    #[arg(long)]
    pub(crate) adding_up: bool,
    /// Language of names and labels
    #[arg(long, default_value = "zh")]
    pub(crate) lang: LangOption,
    #[command(flatten)]
    pub(crate) panel: PanelOptions,
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

/// A slip of the command line must not destroy a table.
pub(crate) fn refuse_overwriting(read: &[PathBuf], written: &[Option<&Path>]) -> Result<(), Error> {
    let place = |path: &Path| path.canonicalize().ok();
    let mut taken: Vec<PathBuf> = read.iter().filter_map(|path| place(path)).collect();
    for path in written.iter().flatten() {
        let own = place(path).unwrap_or_else(|| path.to_path_buf());
        if taken.contains(&own) {
            let wanted = "a file that is not read, and another for each output";
            return Err(bad_option("output file", &path.display().to_string(), wanted));
        }
        taken.push(own);
    }
    Ok(())
}

/// The built-in catalogue, with a file or folder of the user.
pub(crate) fn load(path: Option<&Path>) -> Result<Catalog, Error> {
    let builtin = Catalog::builtin();
    path.map_or_else(|| Ok(builtin.clone()), |path| builtin.extend(Catalog::load(path)?))
}

impl Input {
    /// How the files are to be read, if that was said.
    pub(crate) fn how(&self, catalog: &Catalog) -> Result<Option<ReadOptions>, Error> {
        if self.sheet.is_none() && self.mapping.is_none() {
            return Ok(None);
        }
        let mapping =
            self.mapping.as_deref().map(|file| Mapping::load(file, catalog)).transpose()?;
        let mapping = mapping.map(|mapping| (mapping, catalog.clone()));
        Ok(Some(ReadOptions { sheet: self.sheet.clone(), mapping, symbols: self.symbols }))
    }

    /// The files as one table.
    pub(crate) fn read(&self, catalog: &Catalog) -> Result<Table, Error> {
        Table::read_with(&self.files, &self.how(catalog)?.unwrap_or_default())
    }

    /// Whose symbols stand in place of figures.
    pub(crate) fn symbols(&self) -> Dialect {
        self.symbols.unwrap_or_default()
    }
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
            .totals(self.totals)
            .areas(input.table.load()?)
            .periods(self.periods.iter().copied())
            .policy(self.policy)
            .coverage(match self.coverage {
                CoverageOption::Full => Coverage::Full,
                CoverageOption::Given => Coverage::Given,
            })
            .records(self.records)
            .symbols(input.symbols())
            .strict(self.strict)
            .rounding(Rounding { mode, guard: self.guard })
            .adding_up(self.adding_up)
            .lang(self.lang.into());
        if let Some(period) = self.period {
            query = query.period(period);
        }
        if let Some(span) = self.over {
            query = query.over(span);
        }
        Ok(query)
    }
}

pub(crate) fn bad_option(option: &str, value: &str, wanted: &str) -> Error {
    let (option, value, wanted) = (option.to_owned(), value.to_owned(), wanted.to_owned());
    Problem::BadOption { option, value, wanted }.into()
}

impl From<LangOption> for Lang {
    fn from(option: LangOption) -> Self {
        match option {
            LangOption::Zh => Self::Zh,
            LangOption::En => Self::En,
        }
    }
}
