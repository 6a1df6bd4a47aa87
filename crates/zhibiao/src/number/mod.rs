//! Exact numbers (精确数): decimals, ratios, bounds and the one place where rounding happens.
//!
//! 52 of 60 projects stays `52 / 60` through every merge and every tier. Dividing is the last
//! step and happens on integers, so that a printed `86.7` never depends on how a binary float
//! stored 0.8666….
//!
//! This module knows no unit, area or table. It may use `error` and nothing above it.

mod agreement;
mod apportion;
mod bounds;
mod decimal;
mod quotient;
mod ratio;
mod root;
mod rounding;
mod wide;

pub use agreement::{Agreement, agreement};
pub use apportion::apportion;
pub(crate) use apportion::sum;
pub use bounds::{Bounds, Comparison, End};
pub use decimal::Decimal;
pub use quotient::{BoundedQuotient, QuotientPart};
pub use ratio::Ratio;
pub use root::Root;
pub(crate) use rounding::Printed;
pub use rounding::{RoundMode, Rounding};

/// The product of two integers where it fits 128 bits.
pub(crate) fn product(a: i128, b: i128) -> Option<i128> {
    match (i64::try_from(a), i64::try_from(b)) {
        // Cannot overflow, and is one instruction.
        (Ok(a), Ok(b)) => Some(i128::from(a).wrapping_mul(i128::from(b))),
        _ => a.checked_mul(b),
    }
}

/// 10 to the power of `exponent`, or `None` beyond 38.
pub(crate) fn pow10(exponent: u32) -> Option<i128> {
    POWERS_OF_TEN.get(usize::try_from(exponent).ok()?).copied()
}

const POWERS_OF_TEN: [i128; 39] = {
    let mut powers = [1; 39];
    let mut exponent = 1;
    while exponent < powers.len() {
        powers[exponent] = powers[exponent - 1] * 10;
        exponent += 1;
    }
    powers
};
