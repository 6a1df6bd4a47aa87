//! Repeated cells (重复单元格) of .ods files, which a short file may have without number.

use super::guard::{Archive, BYTES, CELLS, count, damaged, limited};
use super::tags::{Tag, Tags};
use crate::error::Result;

/// Holds against the limits what the cells of an .ods file come to once they are repeated.
pub(super) fn guard(archive: &mut Archive<'_>) -> Result<()> {
    let Some(part) = archive.part("content.xml")? else { return Ok(()) };
    let mut tags = Tags::new(part);
    let mut work = Work::default();
    while let Some(tag) = tags.next().map_err(|error| damaged(&error))? {
        work.tag(&tag)?;
    }
    Ok(())
}

/// What was counted so far.
#[derive(Default)]
struct Work {
    /// Cells of the workbook, and bytes of their text.
    cells: u64,
    text: u64,
    /// Rows of the sheet up to the last that is filled, and its columns.
    height: u64,
    width: u64,
    /// Rows and, in the present row, cells that count only if something filled follows.
    empty_rows: u64,
    empty_cells: u64,
    /// Filled cells of the present row, and how often it and its last cell stand.
    row: u64,
    times: u64,
    cell_times: u64,
}

impl Work {
    fn tag(&mut self, tag: &Tag<'_>) -> Result<()> {
        let bytes = count(tag.before.len()).saturating_mul(self.cell_times);
        self.text = self.text.saturating_add(bytes.saturating_mul(self.times));
        limited("bytes of text in the workbook", self.text, BYTES)?;
        match tag.name() {
            b"table-row" if tag.closes() => return self.row_ends(),
            _ if tag.closes() => {}
            b"table" => (self.height, self.width, self.empty_rows) = (0, 0, 0),
            b"table-row" => {
                (self.row, self.empty_cells) = (0, 0);
                self.times = repeated(tag, "number-rows-repeated");
            }
            b"table-cell" | b"covered-table-cell" => {
                self.cell_times = repeated(tag, "number-columns-repeated");
                let value = ["value-type", "value", "string-value", "formula"];
                if tag.is_empty() && value.iter().all(|name| tag.attribute(name).is_none()) {
                    self.empty_cells = self.empty_cells.saturating_add(self.cell_times);
                } else {
                    let more = self.empty_cells.saturating_add(self.cell_times);
                    self.row = self.row.saturating_add(more);
                    self.empty_cells = 0;
                    limited("cells of the workbook", self.cells.saturating_add(self.row), CELLS)?;
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn row_ends(&mut self) -> Result<()> {
        self.cell_times = 0;
        if self.row == 0 {
            self.empty_rows = self.empty_rows.saturating_add(self.times);
            return Ok(());
        }
        let before = self.height.saturating_mul(self.width);
        let rows = self.empty_rows.saturating_add(self.times);
        self.height = self.height.saturating_add(rows);
        self.width = self.width.max(self.row);
        self.empty_rows = 0;
        let grown = self.height.saturating_mul(self.width).saturating_sub(before);
        self.cells = self.cells.saturating_add(grown);
        limited("cells of the workbook", self.cells, CELLS)
    }
}

fn repeated(tag: &Tag<'_>, name: &str) -> u64 {
    tag.attribute(name).map_or(1, |times| times.parse().unwrap_or(u64::MAX))
}
