//! Bad inputs: what is told of each, where, with which value and remedy, and what still stands.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{Cursor, Read, Write};
use std::path::{Path, PathBuf};

use flate2::Compression;
use flate2::write::GzEncoder;
use polars::prelude::Column;
use rust_xlsxwriter::{ExcelDateTime, Format, Formula, Workbook, Worksheet, XlsxError};
use serde::Deserialize;
use toml::Value;
use zhibiao::area::{Areas, Tier};
use zhibiao::mapping::Mapping;
use zhibiao::period::Period;
use zhibiao::score::Scheme;
use zhibiao::{Catalog, Error, Field, Frame, Place, Query, ReadOptions, Table};
use zhibiao_tests::texts;

use crate::cases::run;

/// See the head of the cases.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct BadInput {
    name: String,
    source: String,
    file: Option<String>,
    text: Option<String>,
    #[serde(default)]
    sheets: Vec<Sheet>,
    zeros: Option<usize>,
    #[serde(default)]
    encoding: String,
    #[serde(default)]
    cut: usize,
    hex: Option<String>,
    columns: Option<toml::Table>,
    #[serde(default = "compute")]
    ask: String,
    #[serde(default = "completion")]
    indicators: Vec<String>,
    #[serde(default)]
    options: Options,
    fails: Option<Told>,
    #[serde(default)]
    told: Vec<Told>,
    #[serde(default)]
    stands: BTreeMap<String, String>,
}

/// A sheet of a workbook.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Sheet {
    name: String,
    #[serde(default)]
    hidden: bool,
    /// Text, numbers, truths, dates; a formula without a value is `{ formula = "=A1" }`, one that failed
    /// `{ error = "#DIV/0!" }`, a number in a format `{ number = 0.555, format = "0.0%" }`.
    rows: Vec<Vec<Value>>,
    #[serde(default)]
    merged: Vec<String>,
    /// From 1.
    #[serde(default)]
    hidden_rows: Vec<u32>,
    /// Letters.
    #[serde(default)]
    hidden_columns: Vec<String>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Options {
    #[serde(default)]
    tiers: Vec<String>,
    #[serde(default)]
    periods: Vec<String>,
    coverage: Option<String>,
    standard: Option<String>,
    sheet: Option<String>,
    mapping: Option<String>,
    symbols: Option<String>,
    #[serde(default)]
    strict: bool,
}

/// An error or finding; what is not named is not compared.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Told {
    code: String,
    line: Option<u64>,
    sheet: Option<String>,
    row: Option<u64>,
    column: Option<String>,
    value: Option<String>,
    #[serde(default)]
    remedy: String,
    /// Codes of the errors beside it.
    #[serde(default)]
    others: Vec<String>,
}

/// What was found beside the answer, and printed values by area.
type Answer = (Vec<Error>, BTreeMap<String, String>);

fn compute() -> String {
    "compute".to_owned()
}

fn completion() -> Vec<String> {
    vec!["projects.completion".to_owned()]
}

#[test]
fn bad_inputs() {
    let names = std::cell::RefCell::new(BTreeSet::new());
    run("bad_inputs.toml", include_str!("cases/bad_inputs.toml"), |case: &BadInput| {
        assert!(!case.source.is_empty(), "{}", case.name);
        assert!(names.borrow_mut().insert(case.name.clone()), "{} stands twice", case.name);
        case.holds();
    });
    assert!(names.borrow().len() >= 80);
}

impl BadInput {
    fn holds(&self) {
        let name = &self.name;
        match (self.ask(), &self.fails) {
            (Err(error), Some(want)) => self.compare(&error, want),
            (Ok((told, printed)), None) => {
                let codes: Vec<&str> = told.iter().map(Error::code).collect();
                let wanted: Vec<&str> = self.told.iter().map(|want| want.code.as_str()).collect();
                assert_eq!(codes, wanted, "{name}: {told:?}");
                told.iter().zip(&self.told).for_each(|(error, want)| self.compare(error, want));
                for (area, display) in &self.stands {
                    assert_eq!(printed.get(area), Some(display), "{name}: {area}");
                }
                assert!(self.told.len() + self.stands.len() > 0, "{name}: nothing is tested");
            }
            (got, _) => panic!("{name}: {got:?}"),
        }
    }

    fn ask(&self) -> Result<Answer, Error> {
        let catalog = Catalog::builtin();
        let nothing = (Vec::new(), BTreeMap::new());
        match self.ask.as_str() {
            "compute" => {
                let table = self.query(&catalog)?.run(self.table()?)?;
                let frame = table.frame()?;
                let printed = texts(&frame, "area").into_iter().zip(texts(&frame, "display"));
                Ok((table.findings().to_vec(), printed.collect()))
            }
            "judge" => {
                let standard = self.options.standard.as_deref().unwrap_or_default();
                let standard = catalog.standard(standard)?;
                let verdicts = self.query(&catalog)?.judge(self.table()?, standard)?;
                Ok((verdicts.findings().to_vec(), BTreeMap::new()))
            }
            "check" => {
                let found = self.table()?.check(&catalog)?;
                let told = found.rows().map(|finding| finding.error.clone());
                Ok((told.collect(), BTreeMap::new()))
            }
            "catalogue" => {
                Catalog::load(self.path()).and_then(|mine| catalog.extend(mine)).map(|_| nothing)
            }
            "areas" => Areas::load(self.path()).map(|_| nothing),
            "scheme" => Scheme::load(self.path(), &catalog).map(|_| nothing),
            other => panic!("{}: nothing is asked by {other}", self.name),
        }
    }

    fn query<'a>(&self, catalog: &'a Catalog) -> Result<Query<'a>, Error> {
        let Options { tiers, periods, coverage, symbols, strict, .. } = &self.options;
        let tiers = tiers.iter().map(|tier| tier.parse::<Tier>()).collect::<Result<Vec<_>, _>>()?;
        let periods =
            periods.iter().map(|period| period.parse::<Period>()).collect::<Result<Vec<_>, _>>()?;
        let query = Query::new(catalog).indicators(&self.indicators).tiers(tiers);
        let symbols = symbols.as_deref().unwrap_or("plain").parse()?;
        let query = query.periods(periods).symbols(symbols).strict(*strict);
        Ok(match coverage.as_deref() {
            None => query,
            Some("given") => query.coverage(zhibiao::table::Coverage::Given),
            Some(other) => panic!("{}: unknown coverage {other}", self.name),
        })
    }

    fn table(&self) -> Result<Table, Error> {
        match &self.columns {
            None => {
                let catalog = Catalog::builtin();
                let mapping = self.options.mapping.as_deref();
                let mapping = mapping
                    .map(|text| Mapping::parse(text, "mapping.toml", &catalog))
                    .transpose()?;
                let sheet = self.options.sheet.clone();
                let mapping = mapping.map(|mapping| (mapping, catalog.clone()));
                let how = ReadOptions { sheet, mapping, ..ReadOptions::default() };
                Table::read_with([self.path()], &how)
            }
            Some(columns) => {
                let columns = columns.iter().map(|(name, cells)| column(name, cells)).collect();
                Ok(Frame::new_infer_height(columns).expect("columns of one length").into())
            }
        }
    }

    /// The file, in a folder of its own.
    fn path(&self) -> PathBuf {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("bad_inputs").join(&self.name);
        std::fs::create_dir_all(&folder).unwrap();
        let path = folder.join(self.file());
        std::fs::write(&path, self.bytes()).unwrap();
        path
    }

    fn compare(&self, error: &Error, want: &Told) {
        let name = &self.name;
        let told = details(error);
        let number = |number: u64| Field::Number(number);
        let text = |text: &String| Field::Text(text.clone());
        assert_eq!(error.code(), want.code, "{name}: {error}");
        for (key, wanted) in [
            ("line", want.line.map(number)),
            ("sheet", want.sheet.as_ref().map(text)),
            ("row", want.row.map(number)),
            ("column", want.column.as_ref().map(text)),
        ] {
            assert!(wanted.is_none() || told.get(key) == wanted.as_ref(), "{name}: {told:?}");
        }
        let value = want.value.as_ref().map(text);
        assert!(
            value.is_none_or(|value| told.values().any(|other| *other == value)),
            "{name}: {told:?}"
        );
        let remedy = error.problem().remedy();
        assert!(remedy.contains(&want.remedy), "{name}: {remedy}");
        let others: Vec<&str> = error.others().iter().map(Error::code).collect();
        assert_eq!(others, want.others, "{name}");
        if let Some(Field::Text(file)) = told.get("file") {
            assert!(Path::new(file).ends_with(self.file()), "{name}: {file}");
        }
    }

    fn file(&self) -> &str {
        let named = if self.sheets.is_empty() { "table.csv" } else { "table.xlsx" };
        self.file.as_deref().unwrap_or(named)
    }

    fn bytes(&self) -> Vec<u8> {
        if let Some(hex) = &self.hex {
            let digits: Vec<&str> = (0..hex.len()).step_by(2).map(|at| &hex[at..at + 2]).collect();
            return digits.iter().map(|pair| u8::from_str_radix(pair, 16).unwrap()).collect();
        }
        let mut bytes = match (&self.text, self.zeros) {
            (Some(text), _) => encoded(text, &self.encoding),
            (None, Some(zeros)) => packed(zeros).expect("a zip is made"),
            (None, None) => workbook(&self.sheets).expect("a workbook is made"),
        };
        if self.file().ends_with(".gz") {
            let mut packer = GzEncoder::new(Vec::new(), Compression::default());
            packer.write_all(&bytes).unwrap();
            bytes = packer.finish().unwrap();
        }
        bytes.truncate(bytes.len() - self.cut);
        bytes
    }
}

fn encoded(text: &str, encoding: &str) -> Vec<u8> {
    let marked = format!("\u{feff}{text}");
    let units = || marked.encode_utf16();
    match encoding {
        "" => text.as_bytes().to_vec(),
        "utf-8-bom" => marked.into_bytes(),
        "utf-16-le" => units().flat_map(u16::to_le_bytes).collect(),
        "utf-16-be" => units().flat_map(u16::to_be_bytes).collect(),
        "gb18030" => encoding_rs::GB18030.encode(text).0.into_owned(),
        other => panic!("unknown encoding {other}"),
    }
}

/// A workbook whose sheet is zeros.
fn packed(zeros: usize) -> zip::result::ZipResult<Vec<u8>> {
    let mut file = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in
        [("xl/workbook.xml", Vec::new()), ("xl/worksheets/sheet1.xml", vec![0; zeros])]
    {
        file.start_file(name, zip::write::SimpleFileOptions::default())?;
        file.write_all(&content)?;
    }
    Ok(file.finish()?.into_inner())
}

fn workbook(sheets: &[Sheet]) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    for said in sheets {
        let sheet = book.add_worksheet().set_name(&said.name)?.set_hidden(said.hidden);
        for region in &said.merged {
            let (first, last) = region.split_once(':').expect("a region has two corners");
            let ((top, left), (bottom, right)) = (cell_at(first), cell_at(last));
            sheet.merge_range(top, left, bottom, right, "", &Format::new())?;
        }
        for (row, cells) in (0..).zip(&said.rows) {
            for (column, cell) in (0..).zip(cells) {
                write(sheet, row, column, cell)?;
            }
        }
        for row in &said.hidden_rows {
            sheet.set_row_hidden(row - 1)?;
        }
        for column in &said.hidden_columns {
            sheet.set_column_hidden(cell_at(&format!("{column}1")).1)?;
        }
    }
    book.save_to_buffer().map(|bytes| uncomputed(&bytes).expect("it is a zip"))
}

/// A workbook whose formulas have no values but errors; the writer gives each a 0.
fn uncomputed(bytes: &[u8]) -> zip::result::ZipResult<Vec<u8>> {
    let mut read = zip::ZipArchive::new(Cursor::new(bytes))?;
    let mut written = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for at in 0..read.len() {
        let mut part = read.by_index(at)?;
        let mut content = String::new();
        part.read_to_string(&mut content)?;
        written.start_file(part.name()?, zip::write::SimpleFileOptions::default())?;
        written.write_all(content.replace("</f><v>0</v>", "</f>").as_bytes())?;
    }
    Ok(written.finish()?.into_inner())
}

fn write(sheet: &mut Worksheet, row: u32, column: u16, cell: &Value) -> Result<(), XlsxError> {
    match cell {
        Value::String(text) => sheet.write_string(row, column, text)?,
        #[expect(clippy::cast_precision_loss, reason = "small numbers")]
        Value::Integer(number) => sheet.write_number(row, column, *number as f64)?,
        Value::Float(number) => sheet.write_number(row, column, *number)?,
        Value::Boolean(truth) => sheet.write_boolean(row, column, *truth)?,
        Value::Datetime(date) => {
            let date = ExcelDateTime::parse_from_str(&date.to_string())?;
            sheet.write_with_format(
                row,
                column,
                date,
                &Format::new().set_num_format("yyyy-mm-dd"),
            )?
        }
        Value::Table(said) => {
            let text = |key: &str| said.get(key).and_then(Value::as_str);
            if let Some(number) = said.get("number").and_then(Value::as_float) {
                let format = Format::new().set_num_format(text("format").unwrap_or_default());
                return sheet.write_number_with_format(row, column, number, &format).map(|_| ());
            }
            let formula = Formula::new(text("formula").unwrap_or("=1/0"));
            sheet.write_formula(row, column, formula.set_result(text("error").unwrap_or("")))?
        }
        Value::Array(_) => panic!("a cell is no list"),
    };
    Ok(())
}

/// Row and column of a cell such as `B2`, from 0.
fn cell_at(name: &str) -> (u32, u16) {
    let digits = name.find(|letter: char| letter.is_ascii_digit()).expect("a cell has a row");
    let (letters, row) = name.split_at(digits);
    let column =
        letters.bytes().fold(0, |column, letter| column * 26 + u16::from(letter - b'A') + 1);
    (row.parse::<u32>().expect("rows are numbers") - 1, column - 1)
}

/// A column of a frame: text, whole numbers or floats.
fn column(name: &str, cells: &Value) -> Column {
    let cells = cells.as_array().expect("a column is a list");
    let floats: Vec<f64> = cells.iter().filter_map(Value::as_float).collect();
    let integers: Vec<i64> = cells.iter().filter_map(Value::as_integer).collect();
    match cells.len() {
        rows if floats.len() == rows => Column::new(name.into(), floats),
        rows if integers.len() == rows => Column::new(name.into(), integers),
        _ => {
            let texts: Vec<&str> = cells.iter().filter_map(Value::as_str).collect();
            assert_eq!(texts.len(), cells.len(), "cells of one kind");
            Column::new(name.into(), texts)
        }
    }
}

/// What an error names, as Python tells it: what its message names, then where it stands.
fn details(error: &Error) -> BTreeMap<&'static str, Field> {
    let mut told: BTreeMap<&str, Field> = error.problem().fields().into_iter().collect();
    match error.place().clone() {
        Place::Nowhere | Place::Rows { .. } => {}
        Place::Text { file, line, column } => {
            told.insert("file", Field::Text(file));
            told.insert("line", Field::from(&line));
            told.insert("column", Field::from(&column));
        }
        Place::Cell { file, sheet, row, column } => {
            let texts = [("file", file), ("sheet", sheet), ("column", column)];
            told.extend(
                texts.into_iter().filter_map(|(key, text)| Some((key, Field::Text(text?)))),
            );
            told.extend(row.map(|row| ("row", Field::Number(row))));
        }
    }
    told
}
