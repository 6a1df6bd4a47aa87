//! Layout (版式) of sheets, which the reader of workbooks does not tell: what is hidden or merged,
//! and what formulas have no value.

use std::collections::BTreeSet;
use std::io::BufRead;

use super::Region;
use super::guard::{Archive, CELLS, REGIONS, count, damaged, limited};
use super::tags::{Tag, Tags};
use crate::error::Result;

/// Columns that a sheet may have.
const COLUMNS: usize = 16_384;
/// Rows that a sheet may have.
const ROWS: usize = 1_048_576;

/// What a sheet of an .xlsx file looks like.
#[derive(Default)]
pub(super) struct Layout {
    pub(super) hidden_rows: BTreeSet<usize>,
    pub(super) hidden_columns: BTreeSet<usize>,
    pub(super) merged: Vec<Region>,
    /// Cells, by row and column, that have a formula and no value.
    pub(super) uncomputed: BTreeSet<(usize, usize)>,
}

/// The layouts of all sheets, in the order of the workbook.
pub(super) fn layouts(archive: &mut Archive<'_>) -> Result<Vec<Layout>> {
    let names = sheet_parts(archive)?;
    let mut regions = 0;
    let mut layouts = Vec::with_capacity(names.len());
    for name in names {
        let layout = match archive.part(&name)? {
            Some(part) => layout(part, &mut regions)?,
            None => Layout::default(),
        };
        layouts.push(layout);
    }
    Ok(layouts)
}

/// The names of the parts that hold the sheets.
fn sheet_parts(archive: &mut Archive<'_>) -> Result<Vec<String>> {
    let book = archive.names().filter(|name| name.to_lowercase().ends_with("workbook.xml"));
    let Some(book) = book.min_by_key(|name| name.len()).map(std::borrow::Cow::into_owned) else {
        return Ok(Vec::new());
    };
    let (folder, file) = book.rsplit_once('/').unwrap_or(("", &book));
    let sheets = tags_of(archive, &book, b"sheet", |tag| tag.attribute("id").map(str::to_owned))?;
    let links = tags_of(archive, &format!("{folder}/_rels/{file}.rels"), b"Relationship", |tag| {
        tag.attribute("Id").map(str::to_owned).zip(tag.attribute("Target").map(str::to_owned))
    })?;
    let part = |id: Option<String>| {
        let target = links.iter().flatten().find(|(other, _)| Some(other) == id.as_ref());
        let target = target.map_or("", |(_, target)| target);
        target.strip_prefix('/').map_or_else(|| format!("{folder}/{target}"), str::to_owned)
    };
    Ok(sheets.into_iter().map(part).collect())
}

/// Something of each tag of a name.
fn tags_of<T>(
    archive: &mut Archive<'_>,
    part: &str,
    name: &[u8],
    of: impl Fn(&Tag<'_>) -> T,
) -> Result<Vec<T>> {
    let Some(part) = archive.part(part)? else { return Ok(Vec::new()) };
    let mut tags = Tags::new(part);
    let mut found = Vec::new();
    while let Some(tag) = tags.next().map_err(|error| damaged(&error))? {
        if tag.name() == name && !tag.closes() {
            found.push(of(&tag));
        }
    }
    Ok(found)
}

fn layout(part: impl BufRead, regions: &mut u64) -> Result<Layout> {
    let mut layout = Layout::default();
    let mut tags = Tags::new(part);
    let (mut row, mut column) = (0_usize, 0_usize);
    let (mut formula, mut value, mut in_value) = (false, false, false);
    while let Some(tag) = tags.next().map_err(|error| damaged(&error))? {
        value |= in_value && !tag.before.is_empty();
        in_value = matches!(tag.name(), b"v" | b"t") && !tag.closes();
        match tag.name() {
            b"row" if tag.closes() => row = row.saturating_add(1),
            b"c" if tag.closes() => {
                if formula && !value {
                    layout.uncomputed.insert((row, column));
                    limited("formulas without a value", count(layout.uncomputed.len()), CELLS)?;
                }
                column = column.saturating_add(1);
            }
            _ if tag.closes() => {}
            b"col" if tag.says("hidden") => {
                let bound = |name| tag.attribute(name).and_then(|text| text.parse().ok());
                let (first, last): (usize, usize) =
                    (bound("min").unwrap_or(1), bound("max").unwrap_or(1));
                layout.hidden_columns.extend(first.saturating_sub(1)..last.min(COLUMNS));
            }
            b"row" => {
                let number = tag.attribute("r").and_then(|text| text.parse::<usize>().ok());
                row = number.map_or(row, |number| number.saturating_sub(1)).min(ROWS);
                column = 0;
                if tag.says("hidden") {
                    layout.hidden_rows.insert(row);
                }
            }
            b"c" => {
                if let Some((_, at)) = tag.attribute("r").and_then(reference) {
                    column = at;
                }
                (formula, value) = (false, false);
                if tag.is_empty() {
                    column = column.saturating_add(1);
                }
            }
            b"f" => formula = true,
            b"mergeCell" => {
                *regions = regions.saturating_add(1);
                limited("merged regions of the workbook", *regions, REGIONS)?;
                layout.merged.extend(tag.attribute("ref").and_then(region));
            }
            _ => {}
        }
    }
    Ok(layout)
}

/// `B3` as row and column, from 0.
fn reference(text: &str) -> Option<(usize, usize)> {
    let digits = text.find(|letter: char| letter.is_ascii_digit())?;
    let (letters, row) = text.split_at_checked(digits)?;
    let column = letters.bytes().try_fold(0_usize, |column, letter| {
        let digit = letter.to_ascii_uppercase().checked_sub(b'A').filter(|digit| *digit < 26)?;
        column.checked_mul(26)?.checked_add(usize::from(digit))?.checked_add(1)
    });
    let row = row.parse::<usize>().ok()?.checked_sub(1)?;
    let column = column?.checked_sub(1)?;
    (row < ROWS && column < COLUMNS).then_some((row, column))
}

/// `B3:D4` as a region.
fn region(text: &str) -> Option<Region> {
    let (first, last) = text.split_once(':')?;
    let ((top, left), (bottom, right)) = (reference(first)?, reference(last)?);
    (top <= bottom && left <= right).then_some(Region { top, left, bottom, right })
}
