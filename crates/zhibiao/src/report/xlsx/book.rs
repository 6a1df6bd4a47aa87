//! Workbooks: pages, how cells look, and the same bytes for the same content.

use rust_xlsxwriter::{
    DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, Workbook, Worksheet, XlsxError,
};

use super::super::sheet::{Cell, Role, Sheet, Tone};
use super::layout::{Head, Layout, WIDEST, width};
use super::names::Names;
use super::number::Number;
use crate::error::{Problem, Result};

/// Rows of a page, and letters of a cell.
const MOST_ROWS: usize = 1_048_576;
const MOST_LETTERS: usize = 32_767;

/// A workbook that is being made.
#[derive(Default)]
pub(super) struct Book {
    workbook: Workbook,
    names: Names,
}

impl Book {
    /// Adds a sheet as it stands.
    pub(super) fn long(&mut self, name: &str, sheet: &Sheet) -> Result<()> {
        self.page(name, &Layout::long(sheet, name))
    }

    /// Adds a sheet of which `each` rows become one.
    pub(super) fn wide(&mut self, name: &str, sheet: &Sheet, each: usize) -> Result<()> {
        self.page(name, &Layout::wide(sheet, name, each))
    }

    fn page(&mut self, name: &str, layout: &Layout<'_>) -> Result<()> {
        let around = layout.notes.len().saturating_add(4);
        let rows = layout.rows.len().saturating_add(around);
        if rows > MOST_ROWS {
            let most = MOST_ROWS.saturating_sub(around);
            return Err(Problem::SheetTooLong { rows: layout.rows.len(), most }.into());
        }
        let name = self.names.of(name);
        let page = self.workbook.add_worksheet();
        page.set_name(name).and_then(|page| written(page, layout)).map_err(|error| refused(&error))
    }

    /// The file.
    pub(super) fn bytes(mut self) -> Result<Vec<u8>> {
        // The time of writing would make each file another.
        let created = ExcelDateTime::from_ymd(2000, 1, 1);
        let bytes = created.and_then(|created| {
            self.workbook.set_properties(&DocProperties::new().set_creation_datetime(&created));
            self.workbook.save_to_buffer()
        });
        bytes.map_err(|error| refused(&error))
    }
}

fn refused(error: &XlsxError) -> crate::Error {
    Problem::UnwritableFile { reason: error.to_string() }.into()
}

/// Writes title, heads, rows and notes, and makes heads and keys stay in view.
fn written(page: &mut Worksheet, layout: &Layout<'_>) -> Result<(), XlsxError> {
    let last = layout.heads.len().saturating_sub(1);
    let look = Format::new().set_bold().set_font_size(14).set_align(FormatAlign::Center);
    merged(page, [(0, 0), (0, last)], layout.title, &look)?;
    heads(page, layout)?;
    let first = layout.depth().saturating_add(1);
    for (row, cells) in (first..).zip(&layout.rows) {
        for (column, (cell, head)) in cells.iter().zip(&layout.heads).enumerate() {
            put(page, (row, column), cell, head)?;
        }
    }
    let end = first.saturating_add(layout.rows.len());
    for (row, note) in (end.saturating_add(1)..).zip(layout.notes) {
        let (row, column) = at((row, 0))?;
        page.write_string(row, column, within(note))?;
    }
    for (column, width) in layout.widths().into_iter().enumerate() {
        let width =
            u32::try_from(width.saturating_add(2)).map_err(|_| XlsxError::RowColumnLimitError)?;
        page.set_column_width(at((0, column))?.1, width)?;
    }
    let (row, column) = at((first, layout.keys))?;
    page.set_freeze_panes(row, column)?;
    if layout.depth() == 1 && !layout.rows.is_empty() {
        let ((row, column), end) = (at((1, last))?, at((end.saturating_sub(1), 0))?.0);
        page.autofilter(row, 0, end, column)?;
    }
    page.set_landscape().set_paper_size(9).set_print_fit_to_pages(1, 0);
    page.set_repeat_rows(1, row.saturating_sub(1))?;
    Ok(())
}

/// One row of heads, or two, the upper ones merged over those below.
fn heads(page: &mut Worksheet, layout: &Layout<'_>) -> Result<(), XlsxError> {
    let look = Format::new()
        .set_bold()
        .set_text_wrap()
        .set_align(FormatAlign::Center)
        .set_align(FormatAlign::VerticalCenter)
        .set_background_color(0x00DD_EBF7)
        .set_border(FormatBorder::Thin)
        .set_border_color(0x00A6_A6A6);
    let depth = layout.depth();
    for (column, head) in layout.heads.iter().enumerate() {
        let top = if head.above.is_some() { depth } else { 1 };
        merged(page, [(top, column), (depth, column)], &head.column.name, &look)?;
    }
    for (above, first, last) in layout.spans() {
        merged(page, [(1, first), (1, last)], above, &look)?;
    }
    Ok(())
}

/// A number where the column is of numbers and the cell prints one, else text; never a formula.
fn put(
    page: &mut Worksheet,
    place: (usize, usize),
    cell: &Cell,
    head: &Head<'_>,
) -> Result<(), XlsxError> {
    let (row, column) = at(place)?;
    let look = look(cell.tone);
    let number = if head.column.is_number() { Number::of(cell) } else { None };
    if let Some(Number { value, format }) = number {
        page.write_number_with_format(row, column, value, &look.set_num_format(format))?;
        return Ok(());
    }
    let text = cell.to_string();
    let look = match head.column.role {
        Role::Number | Role::Measured => look.set_align(FormatAlign::Right),
        _ if width(&text) > WIDEST => look.set_text_wrap(),
        _ => look,
    };
    if text.is_empty() {
        page.write_blank(row, column, &look)?;
    } else {
        page.write_string_with_format(row, column, within(&text), &look)?;
    }
    Ok(())
}

/// Colours that are told apart without their hue, too: the words beside them say the same.
fn look(tone: Tone) -> Format {
    let plain = Format::new().set_align(FormatAlign::Top);
    match tone {
        Tone::Plain => plain,
        Tone::Good => plain.set_background_color(0x00E2_F0D9).set_font_color(0x001E_5C2B),
        Tone::Bad => plain.set_background_color(0x00F8_CBAD).set_font_color(0x0084_1A0E).set_bold(),
        Tone::Open => plain.set_background_color(0x00D9_D9D9).set_font_color(0x0040_4040),
        Tone::Quiet => plain.set_font_color(0x0076_7676),
    }
}

/// Text over a range, which may be one cell.
fn merged(
    page: &mut Worksheet,
    [from, to]: [(usize, usize); 2],
    text: &str,
    look: &Format,
) -> Result<(), XlsxError> {
    let ((row, column), (last_row, last_column)) = (at(from)?, at(to)?);
    if from == to {
        page.write_string_with_format(row, column, within(text), look)?;
    } else {
        page.merge_range(row, column, last_row, last_column, &within(text), look)?;
    }
    Ok(())
}

/// Text as long as a cell may be.
fn within(text: &str) -> String {
    match text.char_indices().nth(MOST_LETTERS.saturating_sub(1)) {
        Some((end, letter)) if end.saturating_add(letter.len_utf8()) < text.len() => {
            format!("{}…", text.split_at(end).0)
        }
        _ => text.to_owned(),
    }
}

fn at((row, column): (usize, usize)) -> Result<(u32, u16), XlsxError> {
    let row = u32::try_from(row).ok();
    row.zip(u16::try_from(column).ok()).ok_or(XlsxError::RowColumnLimitError)
}
