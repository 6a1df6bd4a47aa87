//! Limits (上限) on what is read, so that no file fills the memory.

use std::io::{BufReader, Cursor};

use zip::ZipArchive;

use super::cell::Cell;
use crate::error::{Error, Problem, Result};

/// Bytes that the parts of a packed workbook may have together, unpacked; also of the text in cells.
pub(super) const BYTES: u64 = 512 << 20;
/// How many times its packed size a part above [`SMALL`] may have.
const RATIO: u64 = 200;
/// Bytes below which no ratio is asked for.
const SMALL: u64 = 1 << 20;
/// Parts of a packed workbook.
const PARTS: u64 = 2000;
/// Cells of a workbook, with the empty ones to the left and above.
pub(super) const CELLS: u64 = 20_000_000;
/// Merged regions of a workbook.
pub(super) const REGIONS: u64 = 20_000;
/// Bytes of a workbook that is not packed.
pub(super) const UNPACKED: u64 = 64 << 20;

/// Refuses what is more than is read.
pub(super) fn limited(what: &str, size: u64, limit: u64) -> Result<()> {
    if size > limit {
        return Err(Problem::TooLarge { what: what.to_owned(), size, limit }.into());
    }
    Ok(())
}

/// A number of things, to be held against a limit.
pub(super) fn count(number: usize) -> u64 {
    u64::try_from(number).unwrap_or(u64::MAX)
}

/// The parts of a packed workbook.
pub(super) struct Archive<'a> {
    zip: ZipArchive<Cursor<&'a [u8]>>,
}

impl<'a> Archive<'a> {
    pub(super) fn open(bytes: &'a [u8]) -> Result<Self> {
        let zip = ZipArchive::new(Cursor::new(bytes)).map_err(|error| damaged(&error))?;
        Ok(Self { zip })
    }

    /// Names of its parts that can be read.
    pub(super) fn names(&self) -> impl Iterator<Item = std::borrow::Cow<'_, str>> {
        self.zip.file_names().flatten()
    }

    /// Holds its parts against the limits by the sizes that they declare, which are binding: what
    /// unpacks to more is refused as damaged where it is read.
    pub(super) fn guard(&mut self) -> Result<()> {
        limited("parts of the workbook", count(self.zip.len()), PARTS)?;
        let mut total = 0_u64;
        for at in 0..self.zip.len() {
            let part = self.zip.by_index_raw(at).map_err(|error| damaged(&error))?;
            total = total.saturating_add(part.size());
            limited("bytes of the unpacked workbook", total, BYTES)?;
            if part.size() > SMALL {
                let ratio = part.size().checked_div(part.compressed_size()).unwrap_or(u64::MAX);
                limited("times its size that a part unpacks to", ratio, RATIO)?;
            }
        }
        Ok(())
    }

    /// A part by its name, in which case does not matter.
    pub(super) fn part(&mut self, name: &str) -> Result<Option<impl std::io::BufRead>> {
        let name = name.trim_start_matches('/');
        let found = self
            .names()
            .find(|part| part.eq_ignore_ascii_case(name))
            .map(std::borrow::Cow::into_owned);
        let Some(found) = found else { return Ok(None) };
        let part = self.zip.by_name(&found).map_err(|error| damaged(&error))?;
        Ok(Some(BufReader::new(part)))
    }
}

pub(super) fn damaged(error: &dyn std::error::Error) -> Error {
    Problem::DamagedWorkbook { reason: error.to_string() }.into()
}

/// What the cells of a workbook come to while they are read.
#[derive(Default)]
pub(super) struct Budget {
    cells: u64,
    text: u64,
}

impl Budget {
    /// Puts a cell to its place in rows that grow as needed.
    pub(super) fn put(
        &mut self,
        rows: &mut Vec<Vec<Cell>>,
        (row, column): (usize, usize),
        cell: Cell,
    ) -> Result<()> {
        if cell == Cell::Empty {
            return Ok(());
        }
        let height = row.saturating_add(1);
        let width = column.saturating_add(1);
        let present = rows.get(row).map_or(0, Vec::len);
        let grown = height.saturating_sub(rows.len()).saturating_add(width.saturating_sub(present));
        self.cells = self.cells.saturating_add(count(grown));
        limited("cells of the workbook", self.cells, CELLS)?;
        if let Cell::Text(text) = &cell {
            self.text = self.text.saturating_add(count(text.len()));
            limited("bytes of text in the workbook", self.text, BYTES)?;
        }
        if rows.len() < height {
            rows.resize_with(height, Vec::new);
        }
        if let Some(cells) = rows.get_mut(row) {
            if cells.len() < width {
                cells.resize(width, Cell::Empty);
            }
            if let Some(place) = cells.get_mut(column) {
                *place = cell;
            }
        }
        Ok(())
    }
}
