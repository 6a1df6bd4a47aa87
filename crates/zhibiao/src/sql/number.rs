//! Numbers (数): expressions of exact decimals, each with the digits it can have.

use super::Dialect;
use crate::error::{Problem, Result};

/// The digits that engines hold.
pub(super) const MOST: u8 = 38;

/// Digits that a sum has more than what is added: up to ten thousand million rows.
pub(super) const OF_ROWS: u8 = 10;

/// The digits of what is added at most.
pub(super) const WIDEST: u8 = MOST - OF_ROWS;

/// Digits that fit 64 bits.
const LONG: u8 = 18;

/// What columns of more digits are held to, so that there is room for coefficients.
pub(super) const NARROWED: u8 = WIDEST - 4;

/// An expression, the digits that its values can have in all, and how many stand after the point.
#[derive(Clone, Debug)]
pub(super) struct Number {
    pub(super) sql: String,
    pub(super) digits: u8,
    pub(super) scale: u8,
}

impl Number {
    /// As decimals of a type.
    pub(super) fn cast(&self, digits: u8, scale: u8) -> Self {
        let sql = format!("CAST({} AS DECIMAL({digits}, {scale}))", self.sql);
        Self { sql, digits, scale }
    }

    /// Times a power of ten.
    pub(super) fn shifted(self, power: i8) -> Self {
        let places = power.unsigned_abs();
        if power == 0 {
            return self;
        }
        let zeros = "0".repeat(usize::from(places));
        let (factor, decimals) = if power > 0 {
            (format!("CAST('1{zeros}' AS DECIMAL({}, 0))", places.saturating_add(1)), 0)
        } else {
            let one = zeros.get(1..).unwrap_or_default();
            let of = places.saturating_add(1);
            (format!("CAST('0.{one}1' AS DECIMAL({of}, {places}))"), places)
        };
        let digits = self.digits.saturating_add(places).saturating_add(1);
        let own = self.factor(digits);
        Self {
            sql: format!("{own} * {factor}"),
            digits,
            scale: self.scale.saturating_add(decimals),
        }
    }

    /// As a factor of a product of so many digits: some engines hold products to 18 digits where both
    /// factors have no more.
    fn factor(&self, product: u8) -> String {
        let wide = if self.digits <= LONG && product > LONG {
            LONG.saturating_add(1)
        } else {
            self.digits
        };
        self.cast(wide, self.scale).sql
    }

    /// A sum of products with whole numbers, and a whole number.
    ///
    /// # Errors
    /// `sum-too-wide` where it could need more digits than engines hold.
    pub(super) fn linear(parts: &[(i64, Self)], constant: i64) -> Result<Self> {
        match parts {
            [(1, only)] if constant == 0 => return Ok(only.clone()),
            [] => {
                let digits = digits_of(constant);
                return Ok(Self { sql: constant.to_string(), digits, scale: 0 });
            }
            _ => {}
        }
        let scale = parts.iter().map(|(_, part)| part.scale).max().unwrap_or(0);
        let (mut terms, mut whole) = (Vec::new(), 0);
        for (coefficient, part) in parts {
            let digits = digits_of(*coefficient);
            let own = part.factor(part.digits.saturating_add(digits));
            terms.push(if *coefficient == 1 {
                own
            } else {
                format!("{own} * CAST({coefficient} AS DECIMAL({digits}, 0))")
            });
            let before_point = part.digits.saturating_sub(part.scale).saturating_add(digits);
            whole = before_point.saturating_add(1).max(whole);
        }
        if constant != 0 {
            let digits = digits_of(constant);
            terms.push(format!("CAST({constant} AS DECIMAL({digits}, 0))"));
            whole = whole.max(digits);
        }
        let carried = digits_of(i64::try_from(terms.len()).unwrap_or(i64::MAX));
        let digits = whole.saturating_add(carried).saturating_add(scale);
        let number = Self { sql: format!("({})", terms.join(" + ")), digits, scale };
        number.at_most(MOST)
    }

    /// Itself, if it needs no more digits.
    ///
    /// # Errors
    /// `sum-too-wide`.
    pub(super) fn at_most(self, digits: u8) -> Result<Self> {
        if self.digits <= digits {
            return Ok(self);
        }
        Err(Problem::SumTooWide { digits: u64::from(self.digits), most: u64::from(digits) }.into())
    }

    /// As it is summed: wide enough that no order of adding overflows.
    pub(super) fn summed(&self, dialect: Dialect) -> String {
        let is_long = self.scale == 0 && (19..=20).contains(&self.digits);
        if is_long && !dialect.widens() { self.cast(self.digits, 0).sql } else { self.sql.clone() }
    }
}

/// The digits of a whole number.
pub(super) fn digits_of(number: i64) -> u8 {
    let digits = number.unsigned_abs().checked_ilog10().unwrap_or(0);
    u8::try_from(digits.saturating_add(1)).unwrap_or(u8::MAX)
}
