//! How a sheet lies on a page of a workbook.

use super::super::sheet::{Cell, Column, Line, Sheet};

/// Widths of columns, in letters.
const NARROWEST: usize = 8;
pub(super) const WIDEST: usize = 44;

/// Columns with their heads, rows of cells, and what stands around them.
pub(super) struct Layout<'a> {
    pub(super) title: &'a str,
    /// How many of the first columns tell what a row is about.
    pub(super) keys: usize,
    pub(super) heads: Vec<Head<'a>>,
    pub(super) rows: Vec<Vec<&'a Cell>>,
    /// Lines below the table.
    pub(super) notes: &'a [String],
}

/// The head of a column, and position and text of the head above it and those beside it.
pub(super) struct Head<'a> {
    pub(super) above: Option<(usize, &'a str)>,
    pub(super) column: &'a Column,
}

impl<'a> Layout<'a> {
    /// As the sheet stands, without the columns that say nothing.
    pub(super) fn long(sheet: &'a Sheet, title: &'a str) -> Self {
        let shown: Vec<usize> = (0..sheet.columns.len()).filter(|at| sheet.says(*at)).collect();
        let cells = |row: &'a [Cell]| shown.iter().filter_map(|at| row.get(*at)).collect();
        let columns = shown.iter().filter_map(|at| sheet.columns.get(*at));
        Self {
            title: sheet.title.as_deref().unwrap_or(title),
            keys: shown.iter().take_while(|at| **at < sheet.keys()).count(),
            heads: columns.map(|column| Head { above: None, column }).collect(),
            rows: sheet.rows.iter().map(|row| cells(&row.cells)).collect(),
            notes: &sheet.notes,
        }
    }

    /// Areas down, and across what each is told by: `each` rows of the sheet, which differ in the
    /// first column after the keys, become one.
    pub(super) fn wide(sheet: &'a Sheet, title: &'a str, each: usize) -> Self {
        let keys = sheet.keys();
        let blocks: Vec<&[Line]> = sheet.rows.chunks(each.max(1)).collect();
        let says = |(row, at): &(usize, usize)| {
            let mut cells = blocks.iter().filter_map(|rows| rows.get(*row)?.cells.get(*at));
            cells.any(|cell| !cell.text.is_empty())
        };
        let told = keys.saturating_add(1)..sheet.columns.len();
        let across = (0..each).flat_map(|row| told.clone().map(move |at| (row, at)));
        // Row within a block, and column of the sheet.
        let places = (0..keys).map(|at| (0, at)).chain(across.filter(says));
        let places: Vec<(usize, usize)> = places.collect();
        let head = |(row, at): &(usize, usize)| {
            let name = blocks.first()?.get(*row)?.cells.get(keys)?;
            let above = (*at > keys).then_some((*row, name.text.as_str()));
            Some(Head { above, column: sheet.columns.get(*at)? })
        };
        let row = |rows: &&'a [Line]| {
            places.iter().filter_map(|(row, at)| rows.get(*row)?.cells.get(*at)).collect()
        };
        Self {
            title,
            keys,
            heads: places.iter().filter_map(head).collect(),
            rows: blocks.iter().map(row).collect(),
            notes: &sheet.notes,
        }
    }

    /// Rows of heads.
    pub(super) fn depth(&self) -> usize {
        if self.heads.iter().any(|head| head.above.is_some()) { 2 } else { 1 }
    }

    /// Heads above, each with its first and its last column.
    pub(super) fn spans(&self) -> Vec<(&'a str, usize, usize)> {
        let mut spans: Vec<(&str, usize, usize)> = Vec::new();
        for (at, head) in self.heads.iter().enumerate() {
            let Some((_, name)) = head.above else { continue };
            let before = at.checked_sub(1).and_then(|before| self.heads.get(before)?.above);
            match spans.last_mut().filter(|_| before == head.above) {
                Some((_, _, last)) => *last = at,
                None => spans.push((name, at, at)),
            }
        }
        spans
    }

    /// How wide each column must be, in Latin letters.
    pub(super) fn widths(&self) -> Vec<usize> {
        let cells = |at: usize| self.rows.iter().filter_map(move |row| row.get(at));
        let of = |(at, head): (usize, &Head<'_>)| {
            let cells = cells(at).map(|cell| width(&cell.to_string()));
            cells.chain([width(&head.column.name)]).max().unwrap_or(0).clamp(NARROWEST, WIDEST)
        };
        let mut widths: Vec<usize> = self.heads.iter().enumerate().map(of).collect();
        for (above, first, last) in self.spans() {
            let Some(below) = widths.get_mut(first..=last) else { continue };
            let lacking = width(above).saturating_sub(below.iter().sum());
            let more = lacking.div_ceil(below.len().max(1));
            for width in below {
                *width = width.saturating_add(more);
            }
        }
        widths
    }
}

/// How wide a text is in Latin letters, of which a Chinese one takes two.
pub(super) fn width(text: &str) -> usize {
    text.chars().map(|letter| if letter < '\u{1100}' { 1 } else { 2 }).sum()
}
