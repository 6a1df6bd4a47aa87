//! Printed numbers as numbers, with the number format that prints them so again.

use super::super::sheet::Cell;
use crate::number::Decimal;

/// Digits that a spreadsheet keeps.
const DIGITS: u32 = 15;

/// A number and its number format.
#[derive(Debug, PartialEq)]
pub(super) struct Number {
    pub(super) value: f64,
    pub(super) format: String,
}

impl Number {
    /// The number that a cell prints; none for words, and for more digits than a spreadsheet keeps.
    pub(super) fn of(cell: &Cell) -> Option<Self> {
        let (before, rest) = cell
            .text
            .split_at_checked(2)
            .filter(|(sign, _)| *sign == "1:")
            .unwrap_or(("", &cell.text));
        let (digits, after) = rest.strip_suffix(":1").map_or((rest, ""), |digits| (digits, ":1"));
        let unsigned = digits.strip_prefix('+');
        let number: Decimal = unsigned.unwrap_or(digits).parse().ok()?;
        if number.mantissa().unsigned_abs() >= 10_u128.pow(DIGITS) {
            return None;
        }
        let places = "0".repeat(number.scale().into());
        let digits = if places.is_empty() { "0".to_owned() } else { format!("0.{places}") };
        let unit = if cell.unit.is_empty() { String::new() } else { format!(" {}", cell.unit) };
        let section = |sign: &str| {
            format!("{}{sign}{digits}{}", quoted(before), quoted(&format!("{after}{unit}")))
        };
        let format = match unsigned {
            Some(_) => [section("+"), section("-"), section("")].join(";"),
            None => section(""),
        };
        Some(Self { value: number.to_string().parse().ok()?, format })
    }
}

/// Text that a number format prints as it stands.
fn quoted(text: &str) -> String {
    if text.is_empty() { String::new() } else { format!("\"{text}\"") }
}
