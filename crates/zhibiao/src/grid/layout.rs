//! Layout (版式) of sheets, which the reader of workbooks does not tell: what is hidden or merged,
//! and what formulas have no value.

use std::collections::{BTreeMap, BTreeSet};
use std::io::BufRead;
use std::sync::Arc;

use super::Region;
use super::guard::{Archive, CELLS, COLUMNS, REGIONS, ROWS, count, damaged, limited};
use super::shown::{Shown, ShownCells};
use super::tags::{Tag, Tags, unescaped};
use crate::error::Result;

/// What a sheet of an .xlsx file looks like.
#[derive(Default)]
pub(super) struct Layout {
    pub(super) hidden_rows: BTreeSet<usize>,
    pub(super) hidden_columns: BTreeSet<usize>,
    pub(super) merged: Vec<Region>,
    /// Cells, by row and column, that have a formula and no value.
    pub(super) uncomputed: BTreeSet<(usize, usize)>,
    /// Cells, by row and column, whose format adds something to their number.
    pub(super) shown: ShownCells,
}

/// The layouts of all sheets, in the order of the workbook.
pub(super) fn layouts(archive: &mut Archive<'_>) -> Result<Vec<Layout>> {
    let (names, styles) = sheet_parts(archive)?;
    let formats = match styles {
        Some(styles) => formats(archive, &styles)?,
        None => Vec::new(),
    };
    let mut regions = 0;
    let mut layouts = Vec::with_capacity(names.len());
    for name in names {
        let layout = match archive.part(&name)? {
            Some(part) => layout(part, &formats, &mut regions)?,
            None => Layout::default(),
        };
        layouts.push(layout);
    }
    Ok(layouts)
}

/// The names of the parts that hold the sheets, and that of the styles.
fn sheet_parts(archive: &mut Archive<'_>) -> Result<(Vec<String>, Option<String>)> {
    let book = archive.names().filter(|name| name.to_lowercase().ends_with("workbook.xml"));
    let Some(book) = book.min_by_key(|name| name.len()).map(std::borrow::Cow::into_owned) else {
        return Ok((Vec::new(), None));
    };
    let (folder, file) = book.rsplit_once('/').unwrap_or(("", &book));
    let sheets = tags_of(archive, &book, b"sheet", |tag| tag.attribute("id").map(str::to_owned))?;
    let links = tags_of(archive, &format!("{folder}/_rels/{file}.rels"), b"Relationship", |tag| {
        ["Id", "Target", "Type"].map(|name| tag.attribute(name).unwrap_or_default().to_owned())
    })?;
    let within = |target: &str| {
        target.strip_prefix('/').map_or_else(|| format!("{folder}/{target}"), str::to_owned)
    };
    let part = |id: Option<String>| {
        let target = links.iter().find(|[other, ..]| Some(other) == id.as_ref());
        within(target.map_or("", |[_, target, _]| target))
    };
    let styles = links.iter().find(|[.., kind]| kind.ends_with("/styles"));
    let styles = styles.map_or_else(|| within("styles.xml"), |[_, target, _]| within(target));
    Ok((sheets.into_iter().map(part).collect(), Some(styles)))
}

/// What the format of each style of cells adds to a number.
fn formats(archive: &mut Archive<'_>, styles: &str) -> Result<Vec<Option<Arc<Shown>>>> {
    let Some(part) = archive.part(styles)? else { return Ok(Vec::new()) };
    let mut own: BTreeMap<String, Option<Arc<Shown>>> = BTreeMap::new();
    let mut formats = Vec::new();
    let (mut tags, mut of_cells) = (Tags::new(part), false);
    while let Some(tag) = tags.next().map_err(|error| damaged(&error))? {
        match tag.name() {
            b"cellXfs" => of_cells = !tag.closes(),
            b"numFmt" if !tag.closes() => {
                let code = unescaped(tag.attribute("formatCode").unwrap_or_default().as_bytes());
                let id = tag.attribute("numFmtId").unwrap_or_default().to_owned();
                own.insert(id, Shown::of(&code).map(Arc::new));
            }
            b"xf" if of_cells && !tag.closes() => {
                formats.push(match tag.attribute("numFmtId") {
                    // 0% and 0.00% need not be told.
                    Some("9" | "10") => Some(Arc::new(Shown::Percent)),
                    other => other.and_then(|id| own.get(id)).cloned().flatten(),
                });
            }
            _ => {}
        }
    }
    Ok(formats)
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

fn layout(part: impl BufRead, formats: &[Option<Arc<Shown>>], regions: &mut u64) -> Result<Layout> {
    let mut layout = Layout::default();
    let mut tags = Tags::new(part);
    let (mut row, mut column) = (0_usize, 0_usize);
    let (mut formula, mut value, mut in_value, mut is_text) = (false, false, false, false);
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
                row = row.saturating_add(usize::from(tag.is_empty()));
            }
            b"c" => {
                if let Some((_, at)) = tag.attribute("r").and_then(reference) {
                    column = at;
                }
                let style = tag.attribute("s").and_then(|style| style.parse::<usize>().ok());
                let shown = style.and_then(|style| formats.get(style)).cloned().flatten();
                layout.shown.extend(shown.map(|shown| ((row, column), shown)));
                (formula, value, is_text) = (false, false, tag.attribute("t") == Some("str"));
                if tag.is_empty() {
                    column = column.saturating_add(1);
                }
            }
            b"f" => formula = true,
            // The value of a formula may be a text of no letters.
            b"v" if is_text => value = true,
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
