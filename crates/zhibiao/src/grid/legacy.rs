//! Workbooks of old (.xls): a compound file with a stream of records, held against the limits.
//!
//! Their reader makes room for what a record declares, so records are looked through before.

use super::guard::{CELLS, UNPACKED, count, limited};
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

    /// Holds the workbook in it against the limits.
    pub(super) fn guard(&self) -> Result<()> {
        limited("bytes of the workbook", count(self.bytes.len()), UNPACKED)?;
        let stream = self.stream("Workbook").or_else(|| self.stream("Book"));
        let content = self.content(stream.ok_or_else(damaged)?);
        let sheets = Records(&content).take_while(|record| record.kind != 0x0a);
        let sheets = sheets
            .filter(|record| record.kind == 0x85)
            .filter_map(|record| usize::try_from(u32_at(record.data, 0)?).ok());
        let mut work = Work::default();
        for start in sheets {
            work.sheet(Records(content.get(start..).ok_or_else(damaged)?))?;
        }
        Ok(())
    }
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
