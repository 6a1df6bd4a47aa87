//! Reports (报告): figures in Chinese text, with what they count and where they stand.
//!
//! [`read`] finds quantities, claims without digits, and the numbers that are neither, each with
//! its reason; nothing with a digit is dropped without a word. [`Reading::audit`] holds figures
//! against each other, and against what is known from tables, by intervals.
//!
//! May use `error`, `label`, `number`, `unit`, `quantity`, `period` and `catalog`.

mod audit;
mod claims;
mod clauses;
mod earlier;
mod groups;
mod passed;
mod phrase;
mod proposals;
mod scan;
mod text;

use std::ops::Range;

use crate::catalog::{Catalog, Kind};
use crate::error::{Place, Problem, Result};
use crate::label::Lang;
use crate::period::Period;
use crate::quantity::Quantity;

pub use self::audit::{Finding, Known, Rule, Verdict};
pub use self::claims::{Claim, ClaimKind};
pub use self::passed::Reason;
pub use self::proposals::Proposal;

/// Bytes of the longest text that is read.
const LONGEST: usize = 10 * 1024 * 1024;

/// Reads a report (读取报告): its quantities, its claims, and what was passed over.
///
/// `file` is named in findings. `options` tells the year of the report, so that 去年 can be told.
///
/// # Errors
/// `text-too-large` beyond 10 MB.
///
/// # Example
/// ```
/// use zhibiao::Catalog;
/// use zhibiao::prose::{Options, read};
/// let text = "为7838名家庭经济贫困学生提供资助金965万元。";
/// let reading = read(text, "report.txt", &Catalog::builtin(), Options::default())?;
/// let found: Vec<_> = reading.quantities.iter().map(|found| found.subject.as_str()).collect();
/// assert_eq!(found, ["家庭经济贫困学生", "资助金"]);
/// assert_eq!(reading.quantities[1].proposals[0].id, "aid_amount");
/// # Ok::<(), zhibiao::Error>(())
/// ```
pub fn read(text: &str, file: &str, catalog: &Catalog, options: Options) -> Result<Reading> {
    if text.len() > LONGEST {
        return Err(Problem::TextTooLarge { bytes: text.len() }.into());
    }
    Ok(scan::read(text, file, catalog, options))
}

/// Refuses what is no text (非文本): workbooks, Word files and PDF, by their first bytes.
///
/// # Errors
/// `bad-option` with the name of the file.
pub fn refuse_binary(bytes: &[u8], file: &str) -> Result<()> {
    let begins = [b"PK\x03\x04".as_slice(), b"\xd0\xcf\x11\xe0", b"%PDF"];
    if !begins.iter().any(|begin| bytes.starts_with(begin)) {
        return Ok(());
    }
    let wanted = "a report as text: save a Word file or PDF as plain text, and give workbooks to \
                  `compute` or `check`";
    let (option, value) = ("report".to_owned(), file.to_owned());
    Err(Problem::BadOption { option, value, wanted: wanted.to_owned() }.into())
}

/// What is known of a report beside its text (选项).
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Options {
    /// The year that the report is of, from which 今年 and 去年 are told, and of which a figure is
    /// that tells none; without one, that of its title.
    pub year: Option<u16>,
}

/// What was read in a report (读取结果), in the order of the text.
#[derive(Clone, Debug, PartialEq)]
pub struct Reading {
    /// The file as it was named.
    pub file: String,
    /// The quantities.
    pub quantities: Vec<Found>,
    /// What is claimed without a digit.
    pub claims: Vec<Claim>,
    /// Numbers that are no quantities.
    pub passed_over: Vec<Passed>,
    /// The year that the report is of: as was said, or as its title tells.
    pub year: Option<u16>,
}

/// Where something stands in a text (位置).
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Position {
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
    /// Bytes from the beginning of the text.
    pub bytes: Range<usize>,
}

/// What kind of figure a quantity is (数量类别).
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Sort {
    /// Things or persons (数).
    Count,
    /// Money or area (额).
    Amount,
    /// A part of a whole (比重).
    Share,
    /// A quotient: 元/人, 13.32:1 (比值).
    Quotient,
    /// A place in an order (名次).
    Rank,
    /// How much something changed (增减).
    Change,
    /// Attendances (人次).
    PersonTimes,
}

impl Sort {
    /// Stable name.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::Count => "count",
            Self::Amount => "amount",
            Self::Share => "share",
            Self::Quotient => "quotient",
            Self::Rank => "rank",
            Self::Change => "change",
            Self::PersonTimes => "person-times",
        }
    }

    /// The kind for readers.
    #[must_use]
    pub const fn label(self, lang: Lang) -> &'static str {
        match self {
            Self::Count => lang.of("数", "count"),
            Self::Amount => lang.of("额", "amount"),
            Self::Share => lang.of("比重", "share"),
            Self::Quotient => lang.of("比值", "quotient"),
            Self::Rank => lang.of("名次", "place"),
            Self::Change => lang.of("增减", "change"),
            Self::PersonTimes => lang.of("人次", "person-times"),
        }
    }
}

/// A quantity in a report (文中数量).
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    /// The quantity, with unit and bounds.
    pub quantity: Quantity,
    /// What kind of figure it is.
    pub sort: Sort,
    /// What is counted: the nearest noun phrase; empty where none was found.
    pub subject: String,
    /// The verb that stands with it; empty where none was found.
    pub verb: String,
    /// The clause it stands in.
    pub sentence: String,
    /// The headings above it, the highest first.
    pub headings: Vec<String>,
    /// Where it stands.
    pub position: Position,
    /// The period that its sentence tells.
    pub period: Option<Period>,
    /// Whether no digit is written: one named school that was recognised counts 1.
    pub implied: bool,
    /// What it may be a figure of, the best first; empty where nothing fits.
    pub proposals: Vec<Proposal>,
    /// Whether the two best proposals are equally good.
    pub ambiguous: bool,
    /// The sentence, counted from 0.
    in_sentence: usize,
    /// The sentence up to its full stop, beyond what ； parts.
    in_full: usize,
    /// The text since the figure before it in the sentence.
    lead: String,
    /// Whether it is what something was before: 由48.5%提高到, 较上年的48.5%.
    earlier: bool,
}

impl Found {
    /// Whether it is no change and no place in an order.
    fn is_level(&self) -> bool {
        !matches!(self.sort, Sort::Change | Sort::Rank)
    }
}

/// A number that is no quantity (未计数字).
#[derive(Clone, Debug, PartialEq)]
pub struct Passed {
    /// As it is written.
    pub written: String,
    /// Why it is none.
    pub reason: Reason,
    /// Where it stands.
    pub position: Position,
}

impl Reading {
    /// The quantities for which nothing of the catalogue fits (未对应).
    pub fn unplaced(&self) -> impl Iterator<Item = &Found> {
        self.quantities.iter().filter(|found| found.proposals.is_empty())
    }

    /// Ids of the indicators that tables are asked for to [audit](Self::audit) it: those proposed, and
    /// the totals of measures that are.
    #[must_use]
    pub fn indicators(&self, catalog: &Catalog) -> Vec<String> {
        let proposed = |id: &str| {
            let mut proposals = self.quantities.iter().flat_map(|found| &found.proposals);
            proposals.any(|proposal| proposal.id == id)
        };
        let wanted = catalog.indicators().filter(|indicator| {
            proposed(&indicator.id)
                || matches!(&indicator.kind, Kind::Total { measure } if proposed(measure))
        });
        wanted.map(|indicator| indicator.id.clone()).collect()
    }

    /// Where a position stands, for messages.
    fn place(&self, position: &Position) -> Place {
        let (file, line, column) = (self.file.clone(), position.line, position.column);
        Place::Text { file, line, column }
    }
}
