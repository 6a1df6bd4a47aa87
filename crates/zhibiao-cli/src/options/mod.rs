//! Options of the command line; those of a query have the names they have in the library.

mod map;
mod reports;

use std::path::{Path, PathBuf};

use clap::{Args, Parser, Subcommand, ValueEnum};
use zhibiao::area::history::{Crosswalk, Weights};
use zhibiao::area::{AreaCode, Areas, Tier};
use zhibiao::mapping::Mapping;
use zhibiao::number::{RoundMode, Rounding};
use zhibiao::plan::Policy;
use zhibiao::report::Format;
use zhibiao::symbol::Dialect;
use zhibiao::table::Coverage;
use zhibiao::{
    Catalog, Error, IndicatorTable, Lang, Log, Place, Problem, Query, ReadOptions, Table, sql,
};

pub(crate) use self::map::Map;
pub(crate) use self::reports::Reports;

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

/// What a statement is to sum.
#[derive(Args, Debug)]
pub(crate) struct Statement {
    /// Ids or exact names of indicators
    #[arg(required = true, value_name = "INDICATOR")]
    indicators: Vec<String>,
    /// Whose SQL: duckdb, postgres, spark, trino
    #[arg(long)]
    dialect: sql::Dialect,
    /// Name of the table, its parts before points
    #[arg(long, default_value = "measures", value_name = "NAME")]
    table: String,
    /// Dimension to split by; repeat for several
    #[arg(long = "slice", value_name = "ID")]
    slices: Vec<String>,
    /// Rows are records, of which many have one key
    #[arg(long)]
    records: bool,
    /// Where a part is missing: any, complete, or a share of rows such as 0.95
    #[arg(long, default_value = "any")]
    policy: Policy,
    /// A catalogue file or folder that extends the built-in one
    #[arg(long, value_name = "FILE")]
    catalog: Option<PathBuf>,
}

impl Statement {
    pub(crate) fn text(&self) -> Result<String, Error> {
        let catalog = load(self.catalog.as_deref())?;
        let query = Query::new(&catalog)
            .indicators(self.indicators.iter())
            .slices(self.slices.iter())
            .records(self.records)
            .policy(self.policy);
        let model = query.model(self.table.split('.'))?;
        Ok(format!("{}\n", query.pushdown(&model)?.sql(self.dialect)?))
    }
}

/// A run that is repeated.
#[derive(Args, Debug)]
pub(crate) struct Replay {
    /// Log that `compute --log` wrote
    log: PathBuf,
    /// Files, folders or patterns in place of the files that the log names
    #[arg(value_name = "FILE")]
    files: Vec<PathBuf>,
    /// A catalogue file or folder in place of those that the log names
    #[arg(long, value_name = "FILE")]
    catalog: Option<PathBuf>,
    #[command(flatten)]
    table: AreaTable,
    /// Columns of a file: ours, or those of SDMX
    #[arg(long, default_value = "zhibiao")]
    pub(crate) columns: Columns,
    #[command(flatten)]
    pub(crate) shape: Shape,
}

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
    panel: PanelOptions,
}

/// Areas of several years as areas of one.
#[derive(Args, Debug)]
struct PanelOptions {
    /// Tell all periods in the areas of this year: what merged is added up, what was divided is one
    /// unit or follows the weights (可比口径)
    #[arg(long, alias = "harmonize", value_name = "YEAR", conflicts_with_all = ["areas", "areas_at"])]
    harmonise: Option<u16>,
    /// Weights of divided areas: the columns code, year, to and weight, such as inhabitants (权重)
    #[arg(long, value_name = "FILE", requires = "harmonise")]
    weights: Option<PathBuf>,
}

/// How the answer is written.
#[derive(Args, Debug)]
pub(crate) struct Shape {
    /// File to write to, whose ending tells the format; the folder of a data package
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    /// Format
    #[arg(long, value_name = "FORMAT")]
    format: Option<FormatOption>,
    /// Begin CSV with a byte order mark, for Excel in China
    #[arg(long)]
    bom: bool,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum FormatOption {
    Table,
    Markdown,
    Html,
    Xlsx,
    Csv,
    Json,
    Jsonl,
    Parquet,
    Datapackage,
}

/// The columns of a file.
#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
pub(crate) enum Columns {
    Zhibiao,
    Sdmx,
}

/// The form of the answer.
#[derive(Debug)]
pub(crate) enum Form {
    Text,
    Markdown,
    /// A page of its own.
    Html,
    /// A workbook.
    Xlsx,
    File(Format),
    /// A data package in a folder.
    Package(PathBuf),
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

impl AreaTable {
    /// Whether it was said which areas are meant.
    const fn is_given(&self) -> bool {
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

impl Replay {
    /// The answer that the log tells of, and the catalogue it was computed with.
    pub(crate) fn run(&self) -> Result<(IndicatorTable, Catalog), Error> {
        let text = std::fs::read_to_string(&self.log).map_err(|error| {
            let problem = Problem::UnreadableFile { reason: error.to_string() };
            Error::new(problem, Place::file(&self.log))
        })?;
        let log: Log = text.parse().map_err(|error: Error| error.at(Place::file(&self.log)))?;
        let mut catalog = load(self.catalog.as_deref())?;
        if self.catalog.is_none() {
            for file in &log.catalogs {
                catalog = catalog.extend(Catalog::load(file)?)?;
            }
        }
        let areas = if self.table.is_given() { self.table.load()? } else { log.area_table()? };
        let logged = log.input.iter().filter_map(|input| input.file.as_ref()).map(PathBuf::from);
        let files = if self.files.is_empty() { logged.collect() } else { self.files.clone() };
        let table = Table::read_with(files, &log.read_options(&catalog)?)?;
        Ok((log.replay(&catalog, areas, table)?, catalog))
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

impl Ask {
    /// Whether tables must be read before the question is whole.
    pub(crate) const fn needs_tables(&self) -> bool {
        self.panel.harmonise.is_some()
    }

    /// The question about some tables: in the areas of one year, if that is asked.
    pub(crate) fn about<'a>(
        &self,
        query: Query<'a>,
        tables: &[&Table],
    ) -> Result<Query<'a>, Error> {
        let Some(year) = self.panel.harmonise else { return Ok(query) };
        let weights =
            self.panel.weights.as_deref().map_or_else(|| Ok(Weights::new()), Weights::load)?;
        let years = tables.iter().map(|table| query.years(*table));
        let years: Vec<u16> = years.collect::<Result<Vec<_>, _>>()?.concat();
        query.harmonised(Crosswalk::weighted(year, &years, &weights)?)
    }
}

impl Shape {
    /// The format asked for, else that of the file's ending, else text to read.
    pub(crate) fn form(&self) -> Result<Form, Error> {
        match (self.bom, self.format.map_or_else(|| self.form_of_ending(), |f| self.form_of(f))?) {
            (true, Form::File(Format::Csv)) => Ok(Form::File(Format::CsvWithBom)),
            (true, _) => Err(bad_option("option for this format", "--bom", "it with csv")),
            (false, form) => Ok(form),
        }
    }

    fn form_of(&self, format: FormatOption) -> Result<Form, Error> {
        Ok(match format {
            FormatOption::Table => Form::Text,
            FormatOption::Markdown => Form::Markdown,
            FormatOption::Html => Form::Html,
            FormatOption::Xlsx => Form::Xlsx,
            FormatOption::Csv => Form::File(Format::Csv),
            FormatOption::Json => Form::File(Format::Json),
            FormatOption::Jsonl => Form::File(Format::JsonLines),
            FormatOption::Parquet => Form::File(Format::Parquet),
            FormatOption::Datapackage => Form::Package(self.output.clone().ok_or_else(|| {
                bad_option("format without `-o`", "datapackage", "`-o FOLDER` with it")
            })?),
        })
    }

    fn form_of_ending(&self) -> Result<Form, Error> {
        let ending = self.output.as_deref().and_then(Path::extension);
        match ending.map(|ending| ending.to_string_lossy()).as_deref() {
            None | Some("txt") => Ok(Form::Text),
            Some("md") => Ok(Form::Markdown),
            Some("html") => Ok(Form::Html),
            Some("xlsx") => Ok(Form::Xlsx),
            Some(ending) => ending.parse().map(Form::File).map_err(|_| {
                let wanted =
                    "txt, md, html, xlsx, csv, json, jsonl, ndjson or parquet, or give `--format`";
                bad_option("ending of an output file", ending, wanted)
            }),
        }
    }
}

impl Form {
    /// The same form, if it can have such columns.
    pub(crate) fn with(self, columns: Columns) -> Result<Self, Error> {
        if columns == Columns::Sdmx && !matches!(self, Self::File(_)) {
            let wanted = "it with a file of format csv, json, jsonl or parquet";
            return Err(bad_option("choice of `--columns` for this format", "sdmx", wanted));
        }
        Ok(self)
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
