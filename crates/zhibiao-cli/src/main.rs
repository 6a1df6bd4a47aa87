//! The `zhibiao` command line: a thin face of the library.

mod options;
mod progress;

use std::fs::File;
use std::io::{BufWriter, ErrorKind, Write, stderr, stdout};
use std::path::Path;
use std::process::ExitCode;

use clap::Parser;
use zhibiao::catalog::Standard;
use zhibiao::judge::VerdictTable;
use zhibiao::report;
use zhibiao::{Catalog, Error, IndicatorTable, Place, Problem, Query, Table};

use crate::options::{Ask, Command, Input, Options, Shape};
use crate::progress::Progress;

/// Findings that are told before the rest is only counted.
const FINDINGS_TOLD: usize = 20;

fn main() -> ExitCode {
    let options = Options::parse();
    match run(&options) {
        Ok(()) => ExitCode::SUCCESS,
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

fn run(options: &Options) -> Result<(), Error> {
    match &options.command {
        Command::Compute { input, ask, shape } => {
            let catalog = catalog(input)?;
            let table = compute(input, ask, &ask.query(&catalog, input)?)?;
            show(shape, || report::indicators(&table), || table.frame())
        }
        Command::Judge { input, ask, shape, standard } => {
            let catalog = catalog(input)?;
            let standard = catalog.standard(standard)?;
            let query = ask.query(&catalog, input)?;
            let named = ask.indicators.iter().map(|id| Ok(catalog.indicator(id)?.id.as_str()));
            let mut asked = named.collect::<Result<Vec<&str>, Error>>()?;
            if asked.is_empty() {
                asked = standard.indicators();
            }
            let query = query.indicators(asked.iter().copied()).skip_unavailable(true);
            let verdicts = judge(input, ask, &query, &standard.of(&asked))?;
            show(shape, || report::verdicts(&verdicts), || verdicts.frame())
        }
        Command::Explain { id, catalog, lang } => {
            let catalog = options::load(catalog.as_deref())?;
            print(catalog.explain(id)?.text((*lang).into()).as_bytes())
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
            print(lines.collect::<String>().as_bytes())
        }
    }
}

fn catalog(input: &Input) -> Result<Catalog, Error> {
    options::load(input.catalog.as_deref())
}

fn compute(input: &Input, ask: &Ask, query: &Query<'_>) -> Result<IndicatorTable, Error> {
    let progress = Progress::start(ask.lang.into());
    let files: Vec<_> = input.files.iter().collect();
    let table = Table::read(files).and_then(|table| query.run(table));
    progress.stop();
    let table = table?;
    let _ = stderr().write_all(report::notes(&table, FINDINGS_TOLD).as_bytes());
    Ok(table)
}

/// Verdicts, those of single stages on a table split by stage where it can be.
fn judge(
    input: &Input,
    ask: &Ask,
    query: &Query<'_>,
    standard: &Standard,
) -> Result<VerdictTable, Error> {
    let staged = standard.by_stage(true);
    let asks_slices = !ask.slices.is_empty();
    if staged.criteria.is_empty() || asks_slices {
        return Ok(compute(input, ask, query)?.judge(standard));
    }
    let split = query.clone().slices(["stage"]).run(Table::read(&input.files)?);
    match split {
        Ok(split) => {
            let whole = compute(input, ask, query)?.judge(&standard.by_stage(false));
            Ok(whole.and(split.judge(&staged)))
        }
        Err(_) => Ok(compute(input, ask, query)?.judge(standard)),
    }
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
