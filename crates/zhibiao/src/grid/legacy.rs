//! Workbooks of old (.xls): a compound file with a stream of records, held against the limits.
//!
//! Their reader makes room for what a record declares, so records are looked through before.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::guard::{CELLS, UNPACKED, count, limited};
use super::shown::{Shown, ShownCells};
use crate::error::{Error, Problem, Result};

/// A compound file: a small file system of sectors.
pub(super) struct Compound<'a> {
    bytes: &'a [u8],
    /// Bytes of a sector.
    sector: usize,
    /// What sector follows on each.
    fat: Vec<u32>,
    streams: Vec<Stream>,
    /// The sectors of small streams, and what follows on each.
    small: (Vec<u8>, Vec<u32>),
}

/// A stream by its name in capitals.
struct Stream {
    name: String,
    start: u32,
    size: usize,
}

/// Streams below this stand in small sectors, each of 64 bytes.
const SMALL: usize = 4096;

impl<'a> Compound<'a> {
    pub(super) fn open(bytes: &'a [u8]) -> Option<Self> {
        let sector = match u16_at(bytes, 30)? {
            9 => 512,
            12 => 4096,
            _ => return None,
        };
        let mut compound =
            Self { bytes, sector, fat: Vec::new(), streams: Vec::new(), small: Default::default() };
        let mut tables: Vec<u32> = words(bytes.get(76..512)?).collect();
        let mut next = u32_at(bytes, 68)?;
        for _ in 0..bytes.len().checked_div(sector)? {
            let Some(more) = compound.at(next) else { break };
            tables.extend(words(more));
            next = tables.pop()?;
        }
        let fat = tables.into_iter().filter_map(|table| compound.at(table)).flat_map(words);
        compound.fat = fat.collect();
        let folder = compound.chain(u32_at(bytes, 48)?);
        compound.streams = folder.chunks_exact(128).filter_map(stream).collect();
        let small = compound.streams.first().map(|root| compound.chain(root.start));
        let small_fat = compound.chain(u32_at(bytes, 60)?);
        compound.small = (small.unwrap_or_default(), words(&small_fat).collect());
        Some(compound)
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.stream(name).is_some()
    }

    fn stream(&self, name: &str) -> Option<&Stream> {
        self.streams.iter().find(|stream| stream.name.eq_ignore_ascii_case(name))
    }

    fn at(&self, sector: u32) -> Option<&'a [u8]> {
        part(self.bytes, usize::try_from(sector).ok()?.checked_add(1)?, self.sector)
    }

    fn chain(&self, start: u32) -> Vec<u8> {
        follow(start, &self.fat, |sector| self.at(sector))
    }

    fn content(&self, stream: &Stream) -> Vec<u8> {
        let mut content = if stream.size < SMALL {
            let (sectors, fat) = &self.small;
            follow(stream.start, fat, |sector| part(sectors, usize::try_from(sector).ok()?, 64))
        } else {
            self.chain(stream.start)
        };
        content.truncate(stream.size);
        content
    }

    /// Holds the workbook in it against the limits, and tells what formats add to the numbers of each
    /// sheet.
    pub(super) fn guard(&self) -> Result<Vec<ShownCells>> {
        limited("bytes of the workbook", count(self.bytes.len()), UNPACKED)?;
        let stream = self.stream("Workbook").or_else(|| self.stream("Book"));
        let content = self.content(stream.ok_or_else(damaged)?);
        let globals = || Records(&content).take_while(|record| record.kind != 0x0a);
        let formats = formats(globals());
        let sheets = globals()
            .filter(|record| record.kind == 0x85)
            .filter_map(|record| usize::try_from(u32_at(record.data, 0)?).ok());
        let mut work = Work::default();
        let mut shown = Vec::new();
        for start in sheets {
            let records = content.get(start..).ok_or_else(damaged)?;
            work.sheet(Records(records))?;
            let of_sheet = Records(records).take_while(|record| record.kind != 0x0a);
            shown.push(of_sheet.flat_map(|record| shown_in(&record, &formats)).collect());
        }
        Ok(shown)
    }
}

/// What the format of each style of cells adds to a number.
fn formats<'a>(globals: impl Iterator<Item = Record<'a>>) -> Vec<Option<Arc<Shown>>> {
    let mut own: BTreeMap<u16, Option<Arc<Shown>>> = BTreeMap::new();
    let mut styles = Vec::new();
    for Record { kind, data } in globals {
        match (kind, u16_at(data, 0), u16_at(data, 2)) {
            (0x41e, Some(id), _) => {
                own.insert(id, format_text(data).and_then(|text| Shown::of(&text)).map(Arc::new));
            }
            (0xe0, _, format) => styles.push(format),
            _ => {}
        }
    }
    let shown = |format: Option<u16>| match format? {
        // 0% and 0.00% need not be told.
        9 | 10 => Some(Arc::new(Shown::Percent)),
        other => own.get(&other).cloned().flatten(),
    };
    styles.into_iter().map(shown).collect()
}

/// The text of a format: letters of one byte or two; of the old kind, whose length is one byte, only
/// signs are needed.
fn format_text(data: &[u8]) -> Option<String> {
    let length = usize::from(u16_at(data, 2)?);
    let is_old = data.len() == 3_usize.saturating_add(usize::from(*data.get(2)?));
    if is_old {
        return Some(data.get(3..)?.iter().map(|byte| char::from(*byte & 0x7f)).collect());
    }
    let text = data.get(5..)?;
    let units: Vec<u16> = match data.get(4)? & 1 {
        0 => text.iter().map(|byte| u16::from(*byte)).collect(),
        _ => text.as_chunks::<2>().0.iter().map(|pair| u16::from_le_bytes(*pair)).collect(),
    };
    Some(String::from_utf16_lossy(units.get(..length).unwrap_or(&units)))
}

/// The numbers of a record whose format adds something to them.
fn shown_in(record: &Record<'_>, formats: &[Option<Arc<Shown>>]) -> ShownCells {
    // A record of many numbers has six bytes for each, of which the first two are its style.
    let styles: Vec<Option<u16>> = match record.kind {
        0xbd => {
            let numbers = record.data.len().saturating_sub(6).checked_div(6).unwrap_or(0);
            let at = |number: usize| number.saturating_mul(6).saturating_add(4);
            (0..numbers).map(|number| u16_at(record.data, at(number))).collect()
        }
        0x06 | 0x203 | 0x27e => vec![u16_at(record.data, 4)],
        _ => return Vec::new(),
    };
    let (row, first) = (u16_at(record.data, 0), u16_at(record.data, 2));
    let Some((row, first)) = row.zip(first) else { return Vec::new() };
    let columns = usize::from(first)..;
    let cells = columns.zip(styles).filter_map(|(column, style)| {
        let shown = formats.get(usize::from(style?))?.clone()?;
        Some(((usize::from(row), column), shown))
    });
    cells.collect()
}

/// What reading the sheets comes to.
#[derive(Default)]
struct Work {
    cells: u64,
    records: u64,
}

impl Work {
    /// Adds the rectangle that a sheet spans; the larger of what it declares and what it has.
    fn sheet(&mut self, records: Records<'_>) -> Result<()> {
        let (mut rows, mut columns) = (0..0_u64, 0..0_u64);
        let mut declared = 0;
        for record in records.take_while(|record| record.kind != 0x0a) {
            self.records = self.records.saturating_add(1);
            limited("records of the workbook", self.records, CELLS)?;
            let of_cell = matches!(
                record.kind,
                0x06 | 0xbd | 0xd6 | 0xfd | 0x203 | 0x204 | 0x205 | 0x207 | 0x27e
            );
            if record.kind == 0x200 {
                declared = declared.max(dimensions(record.data).ok_or_else(damaged)?);
                limited("cells that a sheet declares", declared, CELLS)?;
            } else if of_cell {
                let row = u16_at(record.data, 0).map_or(0, u64::from);
                let first = u16_at(record.data, 2).map_or(0, u64::from);
                // The columns of many numbers go on from the first one, of six bytes each.
                let more = if record.kind == 0xbd { count(record.data.len()) } else { 1 };
                widen(&mut rows, row, 1);
                widen(&mut columns, first, more.min(256));
            }
        }
        let [height, width] = [rows, columns].map(|range| range.end.saturating_sub(range.start));
        let cells = height.saturating_mul(width).max(declared);
        self.cells = self.cells.saturating_add(cells);
        limited("cells of the workbook", self.cells, CELLS)
    }
}

fn widen(range: &mut std::ops::Range<u64>, from: u64, length: u64) {
    let to = from.saturating_add(length);
    *range = if range.is_empty() { from..to } else { range.start.min(from)..range.end.max(to) };
}

/// Cells of the rectangle that a sheet declares; none if it ends before it starts.
fn dimensions(data: &[u8]) -> Option<u64> {
    let (first, last, left, right) = if data.len() < 14 {
        let at = |offset| u16_at(data, offset).map(u64::from);
        (at(0)?, at(2)?, at(4)?, at(6)?)
    } else {
        let at = |offset| u32_at(data, offset).map(u64::from);
        (at(0)?, at(4)?, u64::from(u16_at(data, 8)?), u64::from(u16_at(data, 10)?))
    };
    if last == 0 || right == 0 {
        return Some(0);
    }
    let left = if left > 0xff || right < left { 0 } else { left };
    Some(last.checked_sub(first)?.saturating_mul(right.checked_sub(left)?))
}

/// Records of a stream: a kind, a length, data.
struct Records<'a>(&'a [u8]);

struct Record<'a> {
    kind: u16,
    data: &'a [u8],
}

impl<'a> Iterator for Records<'a> {
    type Item = Record<'a>;

    fn next(&mut self) -> Option<Record<'a>> {
        let (kind, length) = (u16_at(self.0, 0)?, u16_at(self.0, 2)?);
        let (data, rest) = self.0.get(4..)?.split_at_checked(usize::from(length))?;
        self.0 = rest;
        Some(Record { kind, data })
    }
}

fn follow<'a>(start: u32, next: &[u32], sector: impl Fn(u32) -> Option<&'a [u8]>) -> Vec<u8> {
    let after = |at: &u32| next.get(usize::try_from(*at).ok()?).copied();
    // A chain that runs in a circle ends when it has been everywhere.
    let chain = std::iter::successors(Some(start), after).take(next.len());
    chain.map_while(sector).flatten().copied().collect()
}

fn stream(entry: &[u8]) -> Option<Stream> {
    let name: Vec<u16> = entry
        .as_chunks::<2>()
        .0
        .iter()
        .map(|pair| u16::from_le_bytes(*pair))
        .take(32)
        .take_while(|unit| *unit != 0)
        .collect();
    let size = usize::try_from(u32_at(entry, 120)?).ok()?;
    Some(Stream { name: String::from_utf16_lossy(&name), start: u32_at(entry, 116)?, size })
}

fn part(bytes: &[u8], number: usize, size: usize) -> Option<&[u8]> {
    let start = number.checked_mul(size)?;
    let end = start.checked_add(size)?.min(bytes.len());
    bytes.get(start..end).filter(|part| !part.is_empty())
}

fn words(bytes: &[u8]) -> impl Iterator<Item = u32> {
    bytes.as_chunks::<4>().0.iter().map(|word| u32::from_le_bytes(*word))
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    bytes.get(at..)?.first_chunk().map(|bytes| u16::from_le_bytes(*bytes))
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..)?.first_chunk().map(|bytes| u32::from_le_bytes(*bytes))
}

/// The error of a compound file that is cut off or no such file.
pub(super) fn damaged() -> Error {
    Problem::DamagedWorkbook { reason: "it is cut off or damaged".to_owned() }.into()
}
