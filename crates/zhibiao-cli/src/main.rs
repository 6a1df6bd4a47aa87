//! The `zhibiao` command line: a thin face of the library.

mod options;
mod progress;

use std::fs::File;
use std::io::{BufWriter, ErrorKind, Write, stderr, stdout};
use std::path::Path;
use std::process::ExitCode;

use clap::Parser;
use zhibiao::area::Areas;
use zhibiao::catalog::Standard;
use zhibiao::check::{Check, FindingTable, Severity};
use zhibiao::judge::VerdictTable;
use zhibiao::report;
use zhibiao::{Catalog, Error, IndicatorTable, Lang, Place, Problem, Query, Table};

use crate::options::{Command, Input, Options, Question, Shape};
use crate::progress::Progress;

/// Findings that are told before the rest is only counted.
const FINDINGS_TOLD: usize = 20;

fn main() -> ExitCode {
    let options = Options::parse();
    match run(&options) {
        Ok(code) => code,
        Err(error) => {
            tell(&error);
            ExitCode::from(if is_usage(&error) { 2 } else { 1 })
        }
    }
}

/// Whether the options are at fault, not the input.
fn is_usage(error: &Error) -> bool {
    let asked = matches!(
        error.problem(),
        Problem::NothingAsked {} | Problem::BadOption { .. } | Problem::UnknownId { .. }
    );
    asked && *error.place() == Place::Nowhere
}

fn run(options: &Options) -> Result<ExitCode, Error> {
    match &options.command {
        Command::Compute(Question { input, ask, shape }) => {
            let catalog = catalog(input)?;
            let query = ask.query(&catalog, input)?;
            let table = working(ask.lang.into(), || query.run(Table::read(&input.files)?))?;
            tell_findings(&table);
            show(shape, || report::indicators(&table), || table.frame())?;
        }
        Command::Judge { question: Question { input, ask, shape }, standard } => {
            let catalog = catalog(input)?;
            let standard = catalog.standard(standard)?;
            let query = ask.query(&catalog, input)?;
            let named = ask.indicators.iter().map(|id| Ok(catalog.indicator(id)?.id.as_str()));
            let mut asked = named.collect::<Result<Vec<&str>, Error>>()?;
            if asked.is_empty() {
                asked = standard.indicators();
            }
            let query = query.indicators(asked.iter().copied()).skip_unavailable(true);
            let standard = standard.of(&asked);
            let (verdicts, table) = working(ask.lang.into(), || {
                let table = Table::read(&input.files)?;
                if ask.slices.is_empty() {
                    return judge(&table, &query, &standard);
                }
                query.run(&table).map(|answer| (answer.judge(&standard), answer))
            })?;
            tell_findings(&table);
            show(shape, || report::verdicts(&verdicts), || verdicts.frame())?;
        }
        Command::Check { input, records, lang, shape } => {
            let findings = working((*lang).into(), || check(input, *records, (*lang).into()))?;
            show(shape, || Ok(report::findings(&findings)), || findings.frame())?;
            if findings.count(Severity::Error) > 0 {
                return Ok(ExitCode::FAILURE);
            }
        }
        Command::Explain { id, catalog, lang } => {
            let catalog = options::load(catalog.as_deref())?;
            print(catalog.explain(id)?.text((*lang).into()).as_bytes())?;
        }
        Command::List { words, catalog, lang } => {
            let catalog = options::load(catalog.as_deref())?;
            let found = catalog.search(&words.join(" "));
            let width = found.iter().map(|indicator| indicator.id.len()).max().unwrap_or(0);
            let lines = found.iter().map(|indicator| {
                let name = indicator.name.text((*lang).into());
                let unit = indicator.unit.label((*lang).into());
                format!("{:width$}  {name} [{unit}]\n", indicator.id)
            });
            print(lines.collect::<String>().as_bytes())?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn check(input: &Input, records: bool, lang: Lang) -> Result<FindingTable, Error> {
    let catalog = catalog(input)?;
    let mut check = Check::new(&catalog).records(records).lang(lang);
    if let Some(path) = &input.areas {
        check = check.areas(Areas::load(path)?);
    }
    check.run(Table::read(&input.files)?)
}

fn catalog(input: &Input) -> Result<Catalog, Error> {
    options::load(input.catalog.as_deref())
}

/// Does long work with a sign of life.
fn working<T>(lang: Lang, work: impl FnOnce() -> Result<T, Error>) -> Result<T, Error> {
    let progress = Progress::start(lang);
    let result = work();
    progress.stop();
    result
}

fn tell_findings(table: &IndicatorTable) {
    let _ = stderr().write_all(report::notes(table, FINDINGS_TOLD).as_bytes());
}

/// Verdicts; those of single stages on the table split by stage, where it can be.
fn judge(
    table: &Table,
    query: &Query<'_>,
    standard: &Standard,
) -> Result<(VerdictTable, IndicatorTable), Error> {
    let whole = query.run(table)?;
    let staged = standard.by_stage(true);
    if staged.criteria.is_empty() {
        return Ok((whole.judge(standard), whole));
    }
    match query.clone().slices(["stage"]).run(table) {
        Ok(split) => Ok((whole.judge(&standard.by_stage(false)).and(split.judge(&staged)), split)),
        Err(error) if lacks_stage(&error) => Ok((whole.judge(standard), whole)),
        Err(error) => Err(error),
    }
}

fn lacks_stage(error: &Error) -> bool {
    matches!(error.problem(), Problem::MissingColumn { column, .. } if column == "stage")
}

/// Writes the table where and as it is wanted.
fn show(
    shape: &Shape,
    text: impl FnOnce() -> Result<String, Error>,
    frame: impl FnOnce() -> Result<zhibiao::Frame, Error>,
) -> Result<(), Error> {
    let Some(format) = shape.format()? else {
        let text = text()?;
        return match &shape.output {
            Some(path) => std::fs::write(path, text).map_err(|error| unwritable(path, &error)),
            None => print(text.as_bytes()),
        };
    };
    let frame = frame()?;
    if let Some(path) = &shape.output {
        let file = File::create(path).map_err(|error| unwritable(path, &error))?;
        return format.write(&frame, &mut BufWriter::new(file), &path.display().to_string());
    }
    let mut bytes = Vec::new();
    format.write(&frame, &mut bytes, "standard output")?;
    print(&bytes)
}

fn unwritable(path: &Path, error: &std::io::Error) -> Error {
    Error::new(Problem::UnwritableFile { reason: error.to_string() }, Place::file(path))
}

/// A reader that went away, as `head` does, is no error.
fn print(bytes: &[u8]) -> Result<(), Error> {
    let mut out = stdout().lock();
    match out.write_all(bytes).and_then(|()| out.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            Err(unwritable(Path::new("standard output"), &error))
        }
        _ => Ok(()),
    }
}

fn tell(error: &Error) {
    let mut lines = format!("error[{}]: {error}\n", error.code());
    for other in error.others().iter().take(FINDINGS_TOLD) {
        lines.push_str(&format!("  [{}] {other}\n", other.code()));
    }
    let _ = stderr().write_all(lines.as_bytes());
}
