//! Symbols (符号): what the cells of a table say in place of a plain number.
//!
//! The same sign means nothing at one publisher and zero at another, so a [`Dialect`] is named by
//! whoever reads the table, and none is guessed. A cell is a number, a [`Mark`], or an error.
//!
//! May use `error`, `number` and `quantity`.

mod dialect;
mod spelling;

pub use self::dialect::{Dialect, Mark};

use crate::error::{Problem, Result};
use crate::number::Decimal;

/// What a cell of figures says.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Said {
    /// Nothing: the figure is missing.
    Blank,
    /// A number.
    Number(Decimal),
    /// A symbol.
    Mark(Mark),
    /// Withheld, but below this number (`<5`).
    Below(Decimal),
}

/// What numbers are written with in words.
const NUMERALS: &str = "零〇一二两三四五六七八九十百千万亿几半";

/// How programs write floats that are no numbers: nobody's symbols.
const FLOATS: [&str; 3] = ["nan", "inf", "infinity"];

/// Longest text, in characters, that is told as a symbol rather than as a number that cannot be
/// read.
const SYMBOL: usize = 8;

/// Reads a cell of figures.
///
/// Read as numbers are also full-width digits, thousands marks in groups of three (`1,234,567`,
/// `1 234 567`) and blanks around. A comma is the decimal mark to Destatis.
///
/// # Errors
/// `unknown-symbol` for a symbol that the dialect does not have, `not-a-number` for other text,
/// `too-many-digits`.
///
/// # Example
/// ```
/// use zhibiao::symbol::{Dialect, Mark, Said, read};
/// assert_eq!(read("１，２３４", Dialect::Plain)?, Said::Number("1234".parse()?));
/// assert_eq!(read("…", Dialect::Nbs)?, Said::Mark(Mark::BelowUnit));
/// assert_eq!(read("…", Dialect::Destatis)?, Said::Mark(Mark::Missing));
/// assert_eq!(read("…", Dialect::Plain).unwrap_err().code(), "unknown-symbol");
/// # Ok::<(), zhibiao::Error>(())
/// ```
pub fn read(cell: &str, dialect: Dialect) -> Result<Said> {
    let text = spelling::trimmed(cell);
    if text.is_empty() {
        return Ok(Said::Blank);
    }
    if let Some(mark) = dialect.mark(text) {
        return Ok(Said::Mark(mark));
    }
    if let Some(limit) = text.strip_prefix(['<', '＜']).filter(|_| dialect != Dialect::Plain) {
        let limit_of = spelling::number(limit, dialect)?;
        // What lies below nothing is no figure that was withheld.
        if limit_of <= Decimal::integer(0) {
            return Err(Problem::NotANumber { value: text.to_owned() }.into());
        }
        return Ok(Said::Below(limit_of));
    }
    let counts = |letter: char| spelling::digit(letter).is_some() || NUMERALS.contains(letter);
    let is_float = FLOATS.contains(&text.trim_start_matches(['-', '+']).to_lowercase().as_str());
    if !is_float && !text.chars().any(counts) && text.chars().count() <= SYMBOL {
        let problem = Problem::UnknownSymbol {
            value: text.to_owned(),
            dialect: dialect.id().to_owned(),
            meanings: Dialect::meanings(text),
        };
        return Err(problem.into());
    }
    spelling::number(text, dialect).map(Said::Number)
}
