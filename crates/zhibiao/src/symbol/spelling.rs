//! Spellings of numbers (数字写法) that can be read in one way only.

use super::Dialect;
use crate::error::{Problem, Result};
use crate::number::Decimal;

/// Digits between thousands marks.
const GROUP: usize = 3;

/// A cell without blanks around it, of whatever width, and without letters that have none.
pub(super) fn trimmed(cell: &str) -> &str {
    let unseen = |letter: char| {
        letter.is_whitespace()
            || matches!(letter, '\u{feff}' | '\u{200b}'..='\u{200f}' | '\u{2060}')
    };
    cell.trim_matches(unseen)
}

/// The digit that a letter is, half or full width.
pub(super) fn digit(letter: char) -> Option<char> {
    match letter {
        '0'..='9' => Some(letter),
        '０'..='９' => char::from_u32(u32::from(letter).wrapping_sub(0xff10).wrapping_add(0x30)),
        _ => None,
    }
}

/// A number in digits.
///
/// # Errors
/// `not-a-number`, with the text as written.
pub(super) fn number(text: &str, dialect: Dialect) -> Result<Decimal> {
    let refused = || Problem::NotANumber { value: text.to_owned() };
    let plain: String = trimmed(text).chars().map(narrow).collect();
    let (sign, digits) = match plain.strip_prefix(['-', '+']) {
        Some(digits) if plain.starts_with('-') => ("-", digits),
        Some(digits) => ("", digits),
        None => ("", plain.as_str()),
    };
    let point = if dialect == Dialect::Destatis { ',' } else { '.' };
    let (whole, decimals) = match digits.split_once(point) {
        Some((whole, decimals)) => (whole, Some(decimals)),
        None => (digits, None),
    };
    let whole = ungrouped(whole).ok_or_else(refused)?;
    let plain = match decimals {
        None => format!("{sign}{whole}"),
        Some(decimals) => format!("{sign}{whole}.{decimals}"),
    };
    plain.parse::<Decimal>().map_err(|error| match error.problem() {
        Problem::NotANumber { .. } => refused().into(),
        _ => error,
    })
}

/// The half-width form of what numbers are written with.
fn narrow(letter: char) -> char {
    match letter {
        '．' => '.',
        '，' => ',',
        '－' | '−' => '-',
        '＋' => '+',
        other => digit(other).unwrap_or(other),
    }
}

/// Digits without thousands marks; none where they do not stand between groups of three.
fn ungrouped(whole: &str) -> Option<String> {
    let mark = whole.chars().find(|letter| !letter.is_ascii_digit());
    let Some(mark) = mark else { return Some(whole.to_owned()) };
    if !matches!(mark, ',' | ' ' | '\u{a0}' | '\u{2009}' | '\u{202f}') {
        return None;
    }
    let groups: Vec<&str> = whole.split(mark).collect();
    let digits = |group: &&str| group.bytes().all(|byte| byte.is_ascii_digit());
    let (first, rest) = groups.split_first()?;
    let sound = (1..=GROUP).contains(&first.len())
        && !first.starts_with('0')
        && groups.iter().all(digits)
        && rest.iter().all(|group| group.len() == GROUP);
    sound.then(|| groups.concat())
}
