//! Formats of numbers (数字格式): what a cell shows beside the number that its file holds.

use std::sync::Arc;

use super::cell::Cell;

/// Cells, by row and column, whose format adds something to their number.
pub(super) type ShownCells = Vec<((usize, usize), Arc<Shown>)>;

/// What a format adds to a number.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) enum Shown {
    /// A hundredfold, with `%`.
    Percent,
    /// Words before and behind it: `0"人"`.
    Words(String, String),
    /// Another number than it is: thousands, or a point that only looks like one. The format.
    Scaled(String),
}

impl Shown {
    /// What a format adds, by its section for positive numbers; none if it changes only decimals,
    /// signs and colours.
    pub(super) fn of(format: &str) -> Option<Self> {
        let mut reader = Reader::default();
        let mut letters = format.strip_prefix("General").unwrap_or(format).chars();
        reader.digits = letters.as_str().len() < format.len();
        while let Some(letter) = letters.next().filter(|letter| *letter != ';') {
            match letter {
                '"' => letters.by_ref().take_while(|letter| *letter != '"').for_each(|letter| {
                    reader.literal(letter);
                }),
                '\\' | '!' => letters.next().into_iter().for_each(|letter| reader.literal(letter)),
                '_' | '*' => drop(letters.next()),
                '[' => letters.by_ref().take_while(|letter| *letter != ']').for_each(drop),
                other => reader.sign(other),
            }
        }
        reader.shown(format)
    }

    /// The cell as it is shown, with all digits of its number. A number that is shown as another one
    /// stands with its format, as a text that is no number.
    pub(super) fn cell(&self, number: f64) -> Cell {
        Cell::Text(match self {
            Self::Percent => percent(number),
            Self::Words(before, behind) => format!("{before}{number}{behind}"),
            Self::Scaled(format) => format!("{number} [{format}]"),
        })
    }
}

#[derive(Default)]
struct Reader {
    digits: bool,
    /// Commas behind the last digit, of which each is a thousand.
    commas: usize,
    scaled: bool,
    percents: usize,
    /// A point among words, which is one of the number if a digit follows.
    point: bool,
    before: String,
    behind: String,
}

impl Reader {
    fn literal(&mut self, letter: char) {
        self.point |= self.digits && letter == '.';
        if self.digits { &mut self.behind } else { &mut self.before }.push(letter);
    }

    fn sign(&mut self, letter: char) {
        match letter {
            '0' | '#' | '?' => {
                self.scaled |= self.point;
                (self.digits, self.commas) = (true, 0);
            }
            ',' if self.digits => self.commas = self.commas.saturating_add(1),
            '.' => self.scaled |= self.commas > 0,
            '%' => self.percents = self.percents.saturating_add(1),
            other if other.is_alphabetic() && !other.is_ascii() => self.literal(other),
            _ => {}
        }
    }

    fn shown(self, format: &str) -> Option<Shown> {
        let says = |words: &str| words.contains(char::is_alphabetic);
        if self.scaled || self.commas > 0 || self.percents > 1 {
            Some(Shown::Scaled(format.to_owned()))
        } else if self.percents == 1 {
            Some(Shown::Percent)
        } else {
            let words = self.digits && (says(&self.before) || says(&self.behind));
            words.then_some(Shown::Words(self.before, self.behind))
        }
    }
}

/// A number as per cent, its decimals moved by two places.
pub(super) fn percent(number: f64) -> String {
    let text = number.to_string();
    let (sign, digits) = text.strip_prefix('-').map_or(("", text.as_str()), |rest| ("-", rest));
    let (whole, decimals) = digits.split_once('.').unwrap_or((digits, ""));
    let decimals = format!("{decimals:0<2}");
    let (moved, rest) = decimals.split_at_checked(2).unwrap_or((&decimals, ""));
    let whole = format!("{whole}{moved}");
    let whole = match whole.trim_start_matches('0') {
        "" => "0",
        whole => whole,
    };
    let point = if rest.is_empty() { "" } else { "." };
    format!("{sign}{whole}{point}{rest}%")
}
