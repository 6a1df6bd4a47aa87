//! Codes: six digits, or the texts of other trees.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;
use std::sync::{Mutex, PoisonError};

use super::digits::Digits;
use crate::error::{Error, Problem, Result};

/// The code of an area (区划代码): six digits of GB/T 2260, or any text of a table of parents.
///
/// A code names an area and nothing more: what its tier is, and what it lies in, is asked of
/// [`Areas`](super::Areas), for the same text may stand in several trees. Codes order as numbers,
/// then as texts.
///
/// # Example
/// ```
/// use zhibiao::area::{AreaCode, Areas, Tier};
/// let pingyao: AreaCode = "140728".parse()?;
/// assert_eq!(Areas::builtin().tier(pingyao), Some(Tier::County));
/// assert_eq!("1407280".parse::<AreaCode>().unwrap_err().code(), "bad-area-code");
/// # Ok::<(), zhibiao::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct AreaCode(Written);

#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
enum Written {
    Digits(Digits),
    Text(&'static str),
}

/// Texts of codes, each kept once and for the life of the process. Only a table of areas adds to
/// them, never a cell of another table.
static TEXTS: Mutex<BTreeSet<&str>> = Mutex::new(BTreeSet::new());

impl AreaCode {
    /// The nation, written `CN`.
    pub const NATION: Self = Self(Written::Digits(Digits::NATION));

    /// The code of a six-digit number; `None` for other numbers, and for a county without a
    /// prefecture part, but in Hainan, where they once were (460001).
    #[must_use]
    pub const fn new(code: u32) -> Option<Self> {
        match Digits::new(code) {
            Some(digits) => Some(Self::of_digits(digits)),
            None => None,
        }
    }

    /// The six digits as a number, 0 for the nation; `None` for other texts.
    #[must_use]
    pub const fn number(self) -> Option<u32> {
        match self.0 {
            Written::Digits(digits) => Some(digits.number()),
            Written::Text(_) => None,
        }
    }

    pub(super) const fn of_digits(digits: Digits) -> Self {
        Self(Written::Digits(digits))
    }

    /// The code of any text: by its digits where it is a code of GB/T 2260.
    pub(super) fn of_text(text: &str) -> Self {
        if let Ok(code) = text.parse() {
            return code;
        }
        let mut texts = TEXTS.lock().unwrap_or_else(PoisonError::into_inner);
        let kept = texts.get(text).copied().unwrap_or_else(|| {
            let kept: &'static str = Box::leak(Box::from(text));
            texts.insert(kept);
            kept
        });
        Self(Written::Text(kept))
    }

    pub(super) const fn digits(self) -> Option<Digits> {
        match self.0 {
            Written::Digits(digits) => Some(digits),
            Written::Text(_) => None,
        }
    }
}

impl FromStr for AreaCode {
    type Err = Error;

    /// Reads six digits, or `CN` or `000000` for the nation. Other texts are read by the table of
    /// areas that has them: [`Areas::code`](super::Areas::code).
    fn from_str(text: &str) -> Result<Self> {
        if matches!(text, "CN" | "000000") {
            return Ok(Self::NATION);
        }
        let six_digits = text.len() == 6 && text.bytes().all(|byte| byte.is_ascii_digit());
        let code = six_digits.then(|| text.parse().ok()).flatten().and_then(Self::new);
        code.ok_or_else(|| Problem::BadAreaCode { value: text.to_owned(), hint: hint(text) }.into())
    }
}

/// What may have become of a code that is none.
fn hint(text: &str) -> String {
    let unseen = |c: char| matches!(c, '\u{feff}' | '\u{200b}'..='\u{200f}' | '\u{2060}');
    let named = |code: &str| code.parse::<AreaCode>().is_ok();
    // What spreadsheets write so that a code stays text.
    let bare = text.trim_start_matches('=').trim_matches(['"', '\'']);
    let of_statistics = text.strip_suffix("000000").filter(|code| text.len() == 12 && named(code));
    if text.trim() != text {
        ", without spaces".to_owned()
    } else if bare != text && named(bare) {
        format!(": {bare}")
    } else if let Some(code) = of_statistics {
        format!(", of a code for statistics the first six: {code}")
    } else if text.contains(unseen) {
        ", without unseen characters".to_owned()
    } else if text.contains(['.', 'E', 'e']) {
        ": a spreadsheet has made a float of it".to_owned()
    } else if text.chars().any(|c| ('０'..='９').contains(&c)) {
        ", not full-width ones".to_owned()
    } else if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
        let lost = if text.len() == 5 { ": a zero may be lost" } else { "" };
        format!(", this one has {}{lost}", text.len())
    } else {
        String::new()
    }
}

impl fmt::Display for AreaCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Written::Digits(Digits::NATION) => f.write_str("CN"),
            Written::Digits(digits) => write!(f, "{:06}", digits.number()),
            Written::Text(text) => f.write_str(text),
        }
    }
}
