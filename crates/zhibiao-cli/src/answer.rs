//! The answer, where and as it is wanted.

use std::fs::File;
use std::io::{ErrorKind, Write, stdout};
use std::path::Path;

use zhibiao::attainment::AttainmentTable;
use zhibiao::check::FindingTable;
use zhibiao::judge::VerdictTable;
use zhibiao::prose::{Finding, Reading};
use zhibiao::report::{self, Format, Package, html, markdown, xlsx};
use zhibiao::{Catalog, Error, Frame, IndicatorTable, Lang, Place, Problem};

use crate::options::{Columns, Form, bad_option};
use crate::tell_findings;

/// Writes indicators.
pub(crate) fn indicators(
    table: &IndicatorTable,
    catalog: &Catalog,
    form: &Form,
    columns: Columns,
    output: Option<&Path>,
) -> Result<(), Error> {
    match form {
        Form::Text => put(report::indicators(table)?.as_bytes(), output),
        Form::Markdown => put(markdown::indicators(table)?.as_bytes(), output),
        Form::Html => {
            let title = table.lang().of("派生指标", "Indicators");
            let page = html::page(title, &html::indicators(table, None)?, table.lang());
            put(page.as_bytes(), output)
        }
        Form::Xlsx => put(&xlsx::indicators(table, catalog)?, output),
        Form::Package(folder) => package(&Package::indicators(table)?, folder),
        Form::File(format) => {
            let frame = match columns {
                Columns::Zhibiao => table.frame(),
                Columns::Sdmx => table.sdmx_frame(),
            };
            file(&frame?, *format, output)
        }
    }
}

/// Writes verdicts.
pub(crate) fn verdicts(
    table: &VerdictTable,
    catalog: &Catalog,
    form: &Form,
    output: Option<&Path>,
) -> Result<(), Error> {
    match form {
        Form::Text => put(report::verdicts(table)?.as_bytes(), output),
        Form::Markdown => put(markdown::verdicts(table)?.as_bytes(), output),
        Form::Html => {
            let title = table.standard().name.text(table.lang());
            let page = html::page(title, &html::verdicts(table, None)?, table.lang());
            put(page.as_bytes(), output)
        }
        Form::Xlsx => put(&xlsx::verdicts(table, catalog)?, output),
        Form::Package(folder) => package(&Package::verdicts(table)?, folder),
        Form::File(format) => file(&table.frame()?, *format, output),
    }
}

/// Writes attainment.
pub(crate) fn attainment(
    table: &AttainmentTable,
    catalog: &Catalog,
    form: &Form,
    output: Option<&Path>,
) -> Result<(), Error> {
    match form {
        Form::Text => put(report::attainment(table)?.as_bytes(), output),
        Form::Markdown => put(markdown::attainment(table)?.as_bytes(), output),
        Form::Html => {
            let title = table.lang().of("任务完成情况", "Attainment of targets");
            let page = html::page(title, &html::attainment(table, None)?, table.lang());
            put(page.as_bytes(), output)
        }
        Form::Xlsx => put(&xlsx::attainment(table, catalog)?, output),
        Form::Package(_) => {
            let wanted = "table, markdown, html, xlsx, csv, json, jsonl or parquet";
            Err(bad_option("format of attainment", "datapackage", wanted))
        }
        Form::File(format) => file(&table.frame()?, *format, output),
    }
}

/// Where all findings go, and in which format; none where no file is named for them.
pub(crate) fn findings_file(output: Option<&Path>) -> Result<Option<(&Path, Format)>, Error> {
    let Some(path) = output else { return Ok(None) };
    let ending = path.extension().unwrap_or_default().to_string_lossy();
    let format = ending.parse().map_err(|_| {
        let wanted = "csv, json, jsonl, ndjson or parquet";
        bad_option("ending of a file of findings", &ending, wanted)
    })?;
    Ok(Some((path, format)))
}

/// Writes all findings of an answer, if a file is named for them.
pub(crate) fn all_findings(frame: &Frame, to: Option<(&Path, Format)>) -> Result<(), Error> {
    to.map_or(Ok(()), |(path, format)| file(frame, format, Some(path)))
}

/// Writes findings.
pub(crate) fn findings(
    table: &FindingTable,
    form: &Form,
    output: Option<&Path>,
) -> Result<(), Error> {
    match form {
        Form::Text => put(report::findings(table).as_bytes(), output),
        Form::Markdown => put(markdown::findings(table).as_bytes(), output),
        Form::Html => {
            let title = table.lang().of("检查结果", "Findings");
            let page = html::page(title, &html::findings(table, None), table.lang());
            put(page.as_bytes(), output)
        }
        Form::Xlsx => put(&xlsx::findings(table)?, output),
        Form::Package(_) => {
            let wanted = "table, markdown, html, xlsx, csv, json, jsonl or parquet";
            Err(bad_option("format of findings", "datapackage", wanted))
        }
        Form::File(format) => file(&table.frame()?, *format, output),
    }
}

/// Writes what was read in a report; a file has its quantities.
pub(crate) fn reading(
    (reading, findings): (&Reading, &[Finding]),
    lang: Lang,
    form: &Form,
    output: Option<&Path>,
) -> Result<(), Error> {
    match form {
        Form::Text => put(report::reading(reading, findings, lang).as_bytes(), output),
        Form::Markdown => put(markdown::reading(reading, findings, lang).as_bytes(), output),
        Form::Html => {
            let title = lang.of("报告中的数量", "Quantities of a report");
            let page = html::page(title, &html::reading(reading, findings, lang, None), lang);
            put(page.as_bytes(), output)
        }
        Form::Xlsx => put(&xlsx::reading(reading, findings, lang)?, output),
        Form::Package(_) => {
            let wanted = "table, markdown, html, xlsx, csv, json, jsonl or parquet";
            Err(bad_option("format of a report", "datapackage", wanted))
        }
        Form::File(format) => file(&reading.frame()?, *format, output),
    }
}

fn file(frame: &Frame, format: Format, output: Option<&Path>) -> Result<(), Error> {
    if let Some(path) = output {
        let mut file = File::create(path).map_err(|error| unwritable(path, &error))?;
        let finding = format.write(frame, &mut file, &path.display().to_string())?;
        tell_findings(finding.as_slice(), Lang::default());
        return Ok(());
    }
    let mut bytes = Vec::new();
    let finding = format.write(frame, &mut bytes, "standard output")?;
    tell_findings(finding.as_slice(), Lang::default());
    print(&bytes)
}

fn package(package: &Package, folder: &Path) -> Result<(), Error> {
    let finding: Vec<Error> = package.finding().cloned().into_iter().collect();
    tell_findings(&finding, Lang::default());
    package.write(folder)
}

pub(crate) fn put(text: &[u8], output: Option<&Path>) -> Result<(), Error> {
    match output {
        Some(path) => std::fs::write(path, text).map_err(|error| unwritable(path, &error)),
        None => print(text),
    }
}

/// A reader that went away, as `head` does, is no error.
pub(crate) fn print(bytes: &[u8]) -> Result<(), Error> {
    let mut out = stdout().lock();
    match out.write_all(bytes).and_then(|()| out.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            Err(unwritable(Path::new("standard output"), &error))
        }
        _ => Ok(()),
    }
}

fn unwritable(path: &Path, error: &std::io::Error) -> Error {
    Error::new(Problem::UnwritableFile { reason: error.to_string() }, Place::file(path))
}
