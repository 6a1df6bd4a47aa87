//! 256-bit intermediate products, so that comparing and rounding cannot overflow.

use std::cmp::Ordering;

use ethnum::{I256, U256};

/// Compares `a / b` with `c / d` for positive `b` and `d`.
pub(super) fn compare(a: i128, b: i128, c: i128, d: i128) -> Ordering {
    match (super::product(a, d), super::product(c, b)) {
        (Some(left), Some(right)) => left.cmp(&right),
        _ => product(a, d).cmp(&product(c, b)),
    }
}

/// The product of two 128-bit integers.
#[expect(clippy::arithmetic_side_effects, reason = "127 + 127 bits fit in 255")]
pub(super) fn product(a: i128, b: i128) -> I256 {
    I256::from(a) * I256::from(b)
}

/// Quotient and remainder, truncated towards zero, for a positive divisor.
#[expect(
    clippy::arithmetic_side_effects,
    reason = "the divisor is positive, so neither / nor % can fail"
)]
pub(super) fn divide(dividend: I256, divisor: I256) -> (I256, I256) {
    (dividend / divisor, dividend % divisor)
}

/// The float of an integer that every float below it can count to.
#[expect(clippy::cast_precision_loss, reason = "at most 53 bits")]
pub(super) fn whole_f64(value: i128) -> Option<f64> {
    let value = i64::try_from(value).ok()?;
    (value.unsigned_abs() <= 1 << f64::MANTISSA_DIGITS).then_some(value as f64)
}

/// The float nearest to `num / den` (ties to even) for a positive `den`.
///
/// The quotient is taken to at least 64 bits with a sticky bit for the remainder, so that the one
/// conversion to 53 bits rounds correctly.
#[expect(
    clippy::arithmetic_side_effects,
    reason = "shifts are below 256 by the bit counts they are made of; the divisor is positive"
)]
pub(super) fn nearest_f64(num: I256, den: I256) -> f64 {
    let magnitude = num.unsigned_abs();
    let divisor = den.unsigned_abs();
    if magnitude == U256::ZERO {
        return 0.0;
    }
    let wanted = 66 + i64::from(bits(divisor)) - i64::from(bits(magnitude));
    let room = i64::from(magnitude.leading_zeros());
    let up = wanted.clamp(0, room);
    let dividend = magnitude << up.unsigned_abs();
    let mut quotient = dividend / divisor;
    let mut sticky = dividend % divisor != U256::ZERO;
    let excess = bits(quotient).saturating_sub(100);
    let dropped = quotient & ((U256::ONE << excess) - U256::ONE);
    sticky |= dropped != U256::ZERO;
    quotient >>= excess;
    let significand = quotient.as_u128() | u128::from(sticky);
    let exponent = i64::from(excess) - up;
    let value = float(significand, i32::try_from(exponent).unwrap_or(0));
    if num.is_negative() { -value } else { value }
}

/// The float nearest to `significand × 2^exponent`.
pub(super) fn float(significand: u128, exponent: i32) -> f64 {
    to_f64(significand) * 2.0_f64.powi(exponent)
}

/// Bits needed to write a number.
fn bits(value: U256) -> u32 {
    256_u32.saturating_sub(value.leading_zeros())
}

#[expect(clippy::cast_precision_loss, reason = "rounding to 53 bits is what is asked for")]
fn to_f64(value: u128) -> f64 {
    value as f64
}
