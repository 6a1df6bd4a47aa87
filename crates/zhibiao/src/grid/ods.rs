//! Workbooks of ODF (.ods 工作簿), read in one pass: cells that are repeated are counted
//! before they take room.

use std::collections::BTreeSet;

use super::cell::Cell;
use super::guard::{Archive, Budget, COLUMNS, REGIONS, damaged, limited};
use super::legacy;
use super::shown::percent;
use super::tags::{Tag, Tags, unescaped};
use super::{Grid, Region};
use crate::error::{Problem, Result};

/// Blanks that one tag may stand for: as many as a cell may hold letters.
const BLANKS: usize = 32_767;

/// The sheets of an .ods file.
pub(super) fn sheets(archive: &mut Archive<'_>) -> Result<Vec<Grid>> {
    if let Some(part) = archive.part("META-INF/manifest.xml")? {
        let mut tags = Tags::new(part);
        while let Some(tag) = tags.next().map_err(|error| damaged(&error))? {
            if tag.name() == b"encryption-data" {
                return Err(Problem::EncryptedFile {}.into());
            }
        }
    }
    let part = archive.part("content.xml")?.ok_or_else(legacy::damaged)?;
    let mut tags = Tags::new(part);
    let mut reading = Reading::default();
    while let Some(tag) = tags.next().map_err(|error| damaged(&error))? {
        reading.tag(&tag)?;
    }
    if reading.ended { Ok(reading.grids) } else { Err(legacy::damaged()) }
}

/// What was read so far.
#[derive(Default)]
struct Reading {
    budget: Budget,
    grids: Vec<Grid>,
    /// The style that is being told, and those of hidden sheets.
    style: Option<String>,
    hidden: BTreeSet<String>,
    regions: u64,
    /// Whether the document was closed.
    ended: bool,
    /// Where the next row and cell stand.
    row: usize,
    column: usize,
    /// The present row: how often it stands, whether it is hidden, and cells with their column and
    /// number.
    times: usize,
    hidden_row: bool,
    cells: Vec<(usize, usize, Cell)>,
    cell: Option<Open>,
}

/// A cell of which the text is being read.
struct Open {
    kind: Kind,
    repeated: usize,
    text: String,
    paragraphs: usize,
    in_paragraph: bool,
    in_remark: bool,
}

/// What a cell holds.
enum Kind {
    /// Its text, unless an attribute told it.
    Text,
    Error,
    Value(Cell),
}

impl Reading {
    fn tag(&mut self, tag: &Tag<'_>) -> Result<()> {
        if let Some(cell) = &mut self.cell
            && cell.reads(tag)
        {
            return Ok(());
        }
        match (tag.name(), tag.closes()) {
            (b"style", false) => self.style = tag.attribute("style:name").map(str::to_owned),
            (b"table-properties", false) if tag.attribute("display") == Some("false") => {
                self.hidden.extend(self.style.take());
            }
            (b"table", false) => self.table(tag),
            (b"table-column", false) => self.columns(tag),
            (b"table-row", false) => {
                (self.column, self.times) = (0, repeated(tag, "number-rows-repeated"));
                self.hidden_row = is_hidden(tag);
                self.cells.clear();
            }
            (b"table-row", true) => self.row_ends()?,
            (b"table-cell" | b"covered-table-cell", false) => {
                self.merge(tag)?;
                self.cell = Some(Open::new(tag));
                if tag.is_empty() {
                    self.cell_ends();
                }
            }
            (b"table-cell" | b"covered-table-cell", true) => self.cell_ends(),
            (b"document-content", true) => self.ended = true,
            _ => {}
        }
        Ok(())
    }

    fn table(&mut self, tag: &Tag<'_>) {
        let style = tag.attribute("style-name").unwrap_or_default();
        self.grids.push(Grid {
            sheet: tag.attribute("table:name").map(|name| unescaped(name.as_bytes())),
            hidden: self.hidden.contains(style),
            ..Grid::default()
        });
        (self.row, self.column) = (0, 0);
    }

    fn columns(&mut self, tag: &Tag<'_>) {
        let first = self.column;
        self.column = first.saturating_add(repeated(tag, "number-columns-repeated"));
        if let Some(grid) = self.grids.last_mut().filter(|_| is_hidden(tag)) {
            grid.hidden_columns.extend(first..self.column.min(COLUMNS));
        }
    }

    fn merge(&mut self, tag: &Tag<'_>) -> Result<()> {
        let [rows, columns] = ["number-rows-spanned", "number-columns-spanned"]
            .map(|name| repeated(tag, name).saturating_sub(1));
        if let Some(grid) = self.grids.last_mut().filter(|_| (rows, columns) != (0, 0)) {
            self.regions = self.regions.saturating_add(1);
            limited("merged regions of the workbook", self.regions, REGIONS)?;
            grid.merged.push(Region {
                top: self.row,
                left: self.column,
                bottom: self.row.saturating_add(rows),
                right: self.column.saturating_add(columns),
            });
        }
        Ok(())
    }

    fn cell_ends(&mut self) {
        let Some(open) = self.cell.take() else { return };
        let cell = match open.kind {
            Kind::Value(Cell::Number(number)) => as_shown(number, &open.text),
            Kind::Value(cell) => cell,
            Kind::Error => Cell::Error(open.text),
            Kind::Text if open.text.is_empty() => Cell::Empty,
            Kind::Text => Cell::Text(open.text),
        };
        if cell != Cell::Empty {
            self.cells.push((self.column, open.repeated, cell));
        }
        self.column = self.column.saturating_add(open.repeated);
    }

    fn row_ends(&mut self) -> Result<()> {
        let first = self.row;
        self.row = first.saturating_add(self.times);
        let Some(grid) = self.grids.last_mut().filter(|_| !self.cells.is_empty()) else {
            return Ok(());
        };
        for row in first..self.row {
            for (column, repeated, cell) in &self.cells {
                for column in *column..column.saturating_add(*repeated) {
                    self.budget.put(&mut grid.rows, (row, column), cell.clone())?;
                }
            }
            if self.hidden_row {
                grid.hidden_rows.insert(row);
            }
        }
        Ok(())
    }
}

impl Open {
    fn new(tag: &Tag<'_>) -> Self {
        let value = |name: &str| tag.attribute(name).map(|value| unescaped(value.as_bytes()));
        let told = match tag.attribute("office:value-type") {
            Some(kind @ ("float" | "percentage" | "currency")) => {
                let number = value("office:value").and_then(|value| value.parse().ok());
                number.map(|number| match kind {
                    "percentage" => Cell::Text(percent(number)),
                    _ => Cell::Number(number),
                })
            }
            Some("date") => value("date-value").map(|date| {
                let date = date.strip_suffix("T00:00:00").unwrap_or(&date);
                Cell::Date(date.replacen('T', " ", 1))
            }),
            Some("time") => value("time-value").map(Cell::Text),
            Some("boolean") => value("boolean-value").map(|truth| Cell::Bool(truth == "true")),
            Some(_) => value("string-value").filter(|text| !text.is_empty()).map(Cell::Text),
            None => tag.attribute("formula").map(|_| Cell::uncomputed()),
        };
        let kind = match told {
            _ if tag.attribute("calcext:value-type") == Some("error") => Kind::Error,
            Some(cell) => Kind::Value(cell),
            None => Kind::Text,
        };
        Self {
            kind,
            repeated: repeated(tag, "number-columns-repeated"),
            text: String::new(),
            paragraphs: 0,
            in_paragraph: false,
            in_remark: false,
        }
    }

    /// Takes the text before a tag, and the tag if it belongs to the text; remarks do not.
    fn reads(&mut self, tag: &Tag<'_>) -> bool {
        if self.in_paragraph && !self.in_remark {
            self.text.push_str(&unescaped(tag.before));
        }
        match (tag.name(), tag.closes()) {
            (b"annotation", closes) => self.in_remark = !closes && !tag.is_empty(),
            (b"table-cell" | b"covered-table-cell", _) => return false,
            _ if self.in_remark => {}
            (b"p", false) => {
                if self.paragraphs > 0 {
                    self.text.push('\n');
                }
                self.paragraphs = self.paragraphs.saturating_add(1);
                self.in_paragraph = !tag.is_empty();
            }
            (b"p", true) => self.in_paragraph = false,
            (b"s", false) => {
                self.text.extend(std::iter::repeat_n(' ', repeated(tag, "c").min(BLANKS)));
            }
            (b"tab", false) => self.text.push('\t'),
            (b"line-break", false) => self.text.push('\n'),
            _ => {}
        }
        true
    }
}

/// A number, with the words that are shown beside it: 965万元. Where another number is shown, both
/// stand there, as a text that is no number.
fn as_shown(number: f64, shown: &str) -> Cell {
    let is_word = |letter: char| letter.is_alphabetic() && !letter.is_ascii();
    if !shown.contains(is_word) {
        return Cell::Number(number);
    }
    let digits: String =
        shown.chars().filter(|c| c.is_ascii_digit() || "-.".contains(*c)).collect();
    if digits.parse() == Ok(number) {
        return Cell::Text(shown.to_owned());
    }
    Cell::Text(format!("{number} [{shown}]"))
}

/// A number of times; 1 if it is not told.
fn repeated(tag: &Tag<'_>, name: &str) -> usize {
    tag.attribute(name).map_or(1, |times| times.parse().unwrap_or(usize::MAX))
}

fn is_hidden(tag: &Tag<'_>) -> bool {
    matches!(tag.attribute("visibility"), Some("collapse" | "filter"))
}
