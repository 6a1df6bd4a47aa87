//! The `zhibiao` command line: a thin face of the library.

mod answer;
mod options;
mod progress;

use std::io::{Write, stderr};
use std::path::Path;
use std::process::ExitCode;

use clap::Parser;
use zhibiao::area::History;
use zhibiao::check::{Check, FindingTable, Severity};
use zhibiao::prose::Verdict;
use zhibiao::report;
use zhibiao::{Catalog, Error, Lang, Place, Problem, Table};

use crate::answer::print;
use crate::options::{Columns, Command, Input, Map, OfAreas, Options, Question, Reports, Search};
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
        Problem::NothingAsked {}
            | Problem::BadOption { .. }
            | Problem::UnknownId { .. }
            | Problem::BadAreaCode { .. }
            | Problem::UnknownArea { .. }
    );
    asked && *error.place() == Place::Nowhere
}

fn run(options: &Options) -> Result<ExitCode, Error> {
    match &options.command {
        Command::Compute { question, columns, log } => {
            compute(question, *columns, log.as_deref())?;
        }
        Command::Replay(replay) => {
            let form = replay.shape.form()?.with(replay.columns)?;
            let (table, catalog) = working(Lang::default(), || replay.run())?;
            tell_findings(table.findings(), table.lang());
            let output = replay.shape.output.as_deref();
            answer::indicators(&table, &catalog, &form, replay.columns, output)?;
        }
        Command::Judge { question: Question { input, ask, shape, findings }, standard, beside } => {
            let form = shape.form()?;
            let told = answer::findings_file(findings.as_deref())?;
            let read = [input.files.as_slice(), beside].concat();
            let written = [shape.output.as_deref(), findings.as_deref()];
            options::refuse_overwriting(&Table::paths(&read)?, &written)?;
            let catalog = catalog(input)?;
            let standard = catalog.standard(standard)?;
            let query = ask.query(&catalog, input)?;
            let verdicts = working(ask.lang.into(), || {
                let beside = beside.iter().map(|file| Table::read([file]));
                let first = std::iter::once_with(|| input.read(&catalog));
                let tables: Vec<Table> = first.chain(beside).collect::<Result<_, Error>>()?;
                let query = ask.panel.about(query, &tables.iter().collect::<Vec<_>>())?;
                query.judge_all(tables, standard)
            })?;
            tell_findings(verdicts.findings(), verdicts.lang());
            answer::all_findings(&verdicts.findings_frame()?, told)?;
            answer::verdicts(&verdicts, &catalog, &form, shape.output.as_deref())?;
        }
        Command::Attain { question: Question { input, ask, shape, findings }, targets } => {
            let form = shape.form()?;
            let told = answer::findings_file(findings.as_deref())?;
            let (files, targets) = (Table::paths(&input.files)?, Table::paths(targets)?);
            let read = [files.as_slice(), &targets].concat();
            let written = [shape.output.as_deref(), findings.as_deref()];
            options::refuse_overwriting(&read, &written)?;
            let catalog = catalog(input)?;
            let query = ask.query(&catalog, input)?;
            let table = working(ask.lang.into(), || {
                let (table, targets) = (input.read(&catalog)?, Table::read(&targets)?);
                ask.panel.about(query, &[&table, &targets])?.attain(table, targets)
            })?;
            tell_findings(table.findings(), table.lang());
            answer::all_findings(&table.findings_frame()?, told)?;
            answer::attainment(&table, &catalog, &form, shape.output.as_deref())?;
        }
        Command::Check { input, records, lang, shape } => {
            let form = shape.form()?;
            let findings = working((*lang).into(), || check(input, *records, (*lang).into()))?;
            answer::findings(&findings, &form, shape.output.as_deref())?;
            if findings.count(Severity::Error) > 0 {
                return Ok(ExitCode::FAILURE);
            }
        }
        Command::Map(asked) => map(asked)?,
        Command::Read(reports) => return read(reports),
        Command::Sql(statement) => print(statement.text()?.as_bytes())?,
        Command::Explain { id, catalog, lang } => {
            let catalog = options::load(catalog.as_deref())?;
            print(catalog.explain(id)?.text((*lang).into()).as_bytes())?;
        }
        Command::Schema => print(format!("{:#}\n", Catalog::schema()).as_bytes())?,
        Command::List { words, catalog, lang } => {
            let catalog = options::load(catalog.as_deref())?;
            let found = catalog.search(&words.join(" "));
            let width = found.iter().map(|indicator| indicator.id.len()).max().unwrap_or(0);
            let lines = found.iter().map(|indicator| {
                let name = indicator.name.text((*lang).into());
                let unit = match indicator.unit.label((*lang).into()) {
                    "" => String::new(),
                    unit => format!(" [{unit}]"),
                };
                format!("{:width$}  {name}{unit}\n", indicator.id)
            });
            print(lines.collect::<String>().as_bytes())?;
        }
        Command::Areas(search) => areas(search)?,
    }
    Ok(ExitCode::SUCCESS)
}

/// Computes indicators, and writes them, their findings and their log.
fn compute(question: &Question, columns: Columns, log: Option<&Path>) -> Result<(), Error> {
    let Question { input, ask, shape, findings } = question;
    let form = shape.form()?.with(columns)?;
    let told = answer::findings_file(findings.as_deref())?;
    let written = [log, shape.output.as_deref(), findings.as_deref()];
    let files = Table::paths(&input.files)?;
    options::refuse_overwriting(&files, &written)?;
    let catalog = catalog(input)?;
    let query = ask.query(&catalog, input)?;
    let how = input.how(&catalog)?;
    let (table, logged) = working(ask.lang.into(), || match (log, how) {
        (None, None) if !ask.panel.needs_tables() => {
            query.run_files(&files).map(|answer| (answer, None))
        }
        (log, how) => {
            let table = Table::read_with(&files, &how.unwrap_or_default())?;
            let query = ask.panel.about(query, &[&table])?;
            match log {
                None => query.run(table).map(|answer| (answer, None)),
                Some(_) => query.run_logged(table).map(|(answer, log)| (answer, Some(log))),
            }
        }
    })?;
    tell_findings(table.findings(), table.lang());
    answer::all_findings(&table.findings_frame()?, told)?;
    if let (Some(path), Some(logged)) = (log, logged) {
        answer::put(format!("{logged}\n").as_bytes(), Some(path))?;
    }
    answer::indicators(&table, &catalog, &form, columns, shape.output.as_deref())
}

fn map(asked: &Map) -> Result<(), Error> {
    let (text, findings) = asked.text()?;
    tell_findings(&findings, asked.lang());
    answer::put(text.as_bytes(), asked.output.as_deref())
}

fn areas(search: &Search) -> Result<(), Error> {
    if let Some(OfAreas::Translate { code, from, to, lang }) = &search.asked {
        let translation = History::builtin().translate(*code, *from, *to)?;
        return print(report::translation(&translation, (*lang).into()).as_bytes());
    }
    let (areas, codes) = search.found()?;
    print(report::areas(&areas, &codes, search.lang.into()).as_bytes())
}

fn read(reports: &Reports) -> Result<ExitCode, Error> {
    let form = reports.shape.form()?;
    let output = reports.shape.output.as_deref();
    options::refuse_overwriting(std::slice::from_ref(&reports.file), &[output])?;
    let (reading, findings) = reports.read()?;
    answer::reading((&reading, &findings), reports.lang.into(), &form, output)?;
    let contradicts = findings.iter().any(|finding| finding.verdict == Verdict::Contradicts);
    Ok(if contradicts { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

fn check(input: &Input, records: bool, lang: Lang) -> Result<FindingTable, Error> {
    let catalog = catalog(input)?;
    let areas = input.table.load()?;
    let check = Check::new(&catalog).areas(areas).records(records).symbols(input.symbols());
    check.lang(lang).run(input.read(&catalog)?)
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

fn tell_findings(findings: &[Error], lang: Lang) {
    let _ = stderr().write_all(report::notes(findings, lang, FINDINGS_TOLD).as_bytes());
}

fn tell(error: &Error) {
    let mut lines = format!("error[{}]: {error}\n", error.code());
    for other in error.others().iter().take(FINDINGS_TOLD) {
        lines.push_str(&format!("  [{}] {other}\n", other.code()));
    }
    let _ = stderr().write_all(lines.as_bytes());
}
