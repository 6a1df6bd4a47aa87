//! Workbooks (工作簿) within the limits: .xlsx, .xlsm, .xlsb and .xls are read by `calamine`.

use std::io::Cursor;
use std::panic::{AssertUnwindSafe, catch_unwind};

use calamine::{
    Data, DataRef, Dimensions, Reader, Sheet, SheetType, SheetVisible, Xls, XlsError, Xlsb,
    XlsbError, Xlsx, XlsxError,
};

use super::cell::Cell;
use super::guard::{Archive, Budget, REGIONS, count, limited};
use super::kind::Kind;
use super::layout::{Layout, layouts};
use super::legacy::{self, Compound};
use super::shown::ShownCells;
use super::{Grid, Region, ods};
use crate::error::{Error, Problem, Result};

type Bytes<'a> = Cursor<&'a [u8]>;

/// The sheets of a workbook. What would panic on a damaged file is an error.
pub(super) fn sheets(bytes: &[u8], kind: Kind) -> Result<Vec<Grid>> {
    let read = || match kind {
        Kind::Text => Ok(Vec::new()),
        Kind::Xlsx => xlsx(bytes),
        Kind::Xlsb => xlsb(bytes),
        Kind::Ods => ods(bytes),
        Kind::Xls => xls(bytes),
    };
    catch_unwind(AssertUnwindSafe(read)).unwrap_or_else(|_| Err(legacy::damaged()))
}

fn xlsx(bytes: &[u8]) -> Result<Vec<Grid>> {
    let mut archive = Archive::open(bytes)?;
    archive.guard()?;
    let mut layouts = layouts(&mut archive)?.into_iter();
    let mut book: Xlsx<Bytes<'_>> =
        Xlsx::new(Cursor::new(bytes)).map_err(|error| refused(&error))?;
    let mut budget = Budget::default();
    let mut grids = Vec::new();
    for sheet in book.sheets_metadata().to_vec() {
        let layout = layouts.next().unwrap_or_default();
        let Some(mut grid) = grid(&sheet) else { continue };
        let mut cells = match book.worksheet_cells_reader(&sheet.name) {
            Err(XlsxError::NotAWorksheet(_)) => continue,
            cells => cells.map_err(|error| refused(&error))?,
        };
        while let Some(cell) = cells.next_cell().map_err(|error| refused(&error))? {
            budget.put(&mut grid.rows, place(cell.get_position()), shared(cell.get_value()))?;
        }
        let Layout { hidden_rows, hidden_columns, merged, uncomputed, shown } = layout;
        for (row, column) in uncomputed {
            if grid.cell(row, column).is_blank() {
                budget.put(&mut grid.rows, (row, column), Cell::uncomputed())?;
            }
        }
        show(&mut grid, shown, &mut budget)?;
        grids.push(Grid { merged, hidden_rows, hidden_columns, ..grid });
    }
    Ok(grids)
}

fn xlsb(bytes: &[u8]) -> Result<Vec<Grid>> {
    Archive::open(bytes)?.guard()?;
    let mut book: Xlsb<Bytes<'_>> =
        Xlsb::new(Cursor::new(bytes)).map_err(|error| refused(&error))?;
    let mut budget = Budget::default();
    let mut grids = Vec::new();
    for sheet in book.sheets_metadata().to_vec() {
        let Some(mut grid) = grid(&sheet) else { continue };
        let mut cells =
            book.worksheet_cells_reader(&sheet.name).map_err(|error| refused(&error))?;
        while let Some(cell) = cells.next_cell().map_err(|error| refused(&error))? {
            budget.put(&mut grid.rows, place(cell.get_position()), shared(cell.get_value()))?;
        }
        drop(cells);
        let mut formulas =
            book.worksheet_cells_reader(&sheet.name).map_err(|error| refused(&error))?;
        while let Some(formula) = formulas.next_formula().map_err(|error| refused(&error))? {
            let (row, column) = place(formula.get_position());
            if !formula.get_value().is_empty() && grid.cell(row, column).is_blank() {
                budget.put(&mut grid.rows, (row, column), Cell::uncomputed())?;
            }
        }
        grids.push(grid);
    }
    Ok(grids)
}

fn ods(bytes: &[u8]) -> Result<Vec<Grid>> {
    let mut archive = Archive::open(bytes)?;
    archive.guard()?;
    ods::sheets(&mut archive)
}

fn xls(bytes: &[u8]) -> Result<Vec<Grid>> {
    let compound = Compound::open(bytes).ok_or_else(legacy::damaged)?;
    let mut shown = compound.guard()?.into_iter();
    let mut book: Xls<Bytes<'_>> = Xls::new(Cursor::new(bytes)).map_err(|error| refused(&error))?;
    let mut budget = Budget::default();
    let mut regions = 0_u64;
    let mut grids = Vec::new();
    for sheet in book.sheets_metadata().to_vec() {
        let shown = shown.next().unwrap_or_default();
        let Some(mut grid) = grid(&sheet) else { continue };
        let range = book.worksheet_range(&sheet.name).map_err(|error| refused(&error))?;
        let corner = place(range.start().unwrap_or_default());
        for (row, column, value) in range.used_cells() {
            budget.put(&mut grid.rows, beyond(corner, (row, column)), owned(value))?;
        }
        let formulas = book.worksheet_formula(&sheet.name).map_err(|error| refused(&error))?;
        let corner = place(formulas.start().unwrap_or_default());
        for (row, column, formula) in formulas.used_cells() {
            let (row, column) = beyond(corner, (row, column));
            if !formula.is_empty() && grid.cell(row, column).is_blank() {
                budget.put(&mut grid.rows, (row, column), Cell::uncomputed())?;
            }
        }
        show(&mut grid, shown, &mut budget)?;
        let merged = book.merge_cells_by_sheet_name(&sheet.name).unwrap_or_default();
        regions = regions.saturating_add(count(merged.len()));
        limited("merged regions of the workbook", regions, REGIONS)?;
        grid.merged = merged.into_iter().map(region).collect();
        grids.push(grid);
    }
    Ok(grids)
}

/// Gives cells what their formats add to their numbers.
fn show(grid: &mut Grid, shown: ShownCells, budget: &mut Budget) -> Result<()> {
    for (at, shown) in shown {
        if let Cell::Number(number) = *grid.cell(at.0, at.1) {
            budget.put(&mut grid.rows, at, shown.cell(number))?;
        }
    }
    Ok(())
}

/// The empty grid of a sheet; none if it is no sheet of cells.
fn grid(sheet: &Sheet) -> Option<Grid> {
    (sheet.typ == SheetType::WorkSheet).then(|| Grid {
        sheet: Some(sheet.name.clone()),
        hidden: sheet.visible != SheetVisible::Visible,
        ..Grid::default()
    })
}

fn place((row, column): (u32, u32)) -> (usize, usize) {
    (usize::try_from(row).unwrap_or(usize::MAX), usize::try_from(column).unwrap_or(usize::MAX))
}

const fn beyond(corner: (usize, usize), at: (usize, usize)) -> (usize, usize) {
    (corner.0.saturating_add(at.0), corner.1.saturating_add(at.1))
}

fn region(found: Dimensions) -> Region {
    let ((top, left), (bottom, right)) = (place(found.start), place(found.end));
    Region { top, left, bottom, right }
}

fn shared(value: &DataRef<'_>) -> Cell {
    match value {
        DataRef::SharedString(text) => text_cell(text),
        other => owned(&Data::from(other.clone())),
    }
}

fn owned(value: &Data) -> Cell {
    match value {
        Data::Empty => Cell::Empty,
        Data::String(text) | Data::DurationIso(text) => text_cell(text),
        Data::Float(number) => Cell::Number(*number),
        Data::Int(number) => match i32::try_from(*number) {
            Ok(number) => Cell::Number(f64::from(number)),
            Err(_) => Cell::Text(number.to_string()),
        },
        Data::Bool(truth) => Cell::Bool(*truth),
        Data::DateTime(date) if date.is_datetime() => {
            Cell::Date(date_text(date.to_ymd_hms_milli()))
        }
        Data::DateTime(duration) => Cell::Number(duration.as_f64()),
        Data::DateTimeIso(text) => Cell::Date(text.replacen('T', " ", 1)),
        Data::Error(error) => Cell::Error(error.to_string()),
    }
}

fn text_cell(text: &str) -> Cell {
    if text.is_empty() { Cell::Empty } else { Cell::Text(text.to_owned()) }
}

/// A date as ISO 8601 writes it, with its time if it has one.
fn date_text(date: (u16, u8, u8, u8, u8, u8, u16)) -> String {
    let (year, month, day, hour, minute, second, _) = date;
    let date = format!("{year:04}-{month:02}-{day:02}");
    if (hour, minute, second) == (0, 0, 0) {
        return date;
    }
    format!("{date} {hour:02}:{minute:02}:{second:02}")
}

/// An error of the reader of workbooks.
trait Refused: std::fmt::Display {
    /// Whether a password is missing.
    fn locked(&self) -> bool;
}

macro_rules! refused {
    ($($error:ident)*) => {
        $(impl Refused for $error {
            fn locked(&self) -> bool {
                matches!(self, Self::Password)
            }
        })*
    };
}
refused!(XlsxError XlsbError XlsError);

fn refused(error: &impl Refused) -> Error {
    if error.locked() {
        return Problem::EncryptedFile {}.into();
    }
    Problem::DamagedWorkbook { reason: error.to_string() }.into()
}
