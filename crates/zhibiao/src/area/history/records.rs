//! Lines of the table of areas through time.

use crate::area::digits::Digits;
use crate::area::{AreaCode, Tier};

/// The years of the table.
pub(super) const FIRST: u16 = 1981;
pub(super) const LAST: u16 = 2024;

/// A code that bears one name over successive years.
#[derive(Debug)]
pub(super) struct Record {
    pub(super) code: AreaCode,
    pub(super) name: &'static str,
    /// The first year in which it stands.
    pub(super) from: u16,
    /// The year in which it stands no more; none where it still does.
    pub(super) until: Option<u16>,
    pub(super) successors: Vec<Successor>,
}

/// What an area became, as the table tells it.
#[derive(Debug)]
pub(super) struct Successor {
    pub(super) code: AreaCode,
    /// No source says so; it is what began where the area ended.
    pub(super) guessed: bool,
}

impl Record {
    /// Whether it stands at the end of a year.
    pub(super) fn stands(&self, year: u16) -> bool {
        self.from <= year && self.until.is_none_or(|end| year < end)
    }

    /// Whether it is a county.
    pub(super) fn is_county(&self) -> bool {
        self.code.digits().map(Digits::tier) == Some(Tier::County)
    }
}

/// The lines that can be read.
pub(super) fn read(text: &'static str) -> Vec<Record> {
    text.lines().filter(|line| !line.starts_with('#')).filter_map(record).collect()
}

fn record(line: &'static str) -> Option<Record> {
    let mut fields = line.split('\t');
    let (code, name) = (fields.next()?.parse().ok()?, fields.next()?);
    let from = fields.next()?.parse().ok()?;
    let until = fields.next().and_then(|year| year.parse().ok());
    let successors = fields.next().unwrap_or_default().split_whitespace().filter_map(successor);
    Some(Record { code, name, from, until, successors: successors.collect() })
}

/// A code, after `~` if it is guessed and after `=` if it was written by hand.
fn successor(text: &str) -> Option<Successor> {
    let code = text.trim_start_matches(['~', '=']).parse().ok()?;
    Some(Successor { code, guessed: text.starts_with('~') })
}
