//! Numbers: what is narrow gives what the wide way gives, and what big integers give.

use num_bigint::BigInt;
use proptest::prelude::*;
use zhibiao::number::{BoundedQuotient, Bounds, Decimal, End, QuotientPart, Ratio, RoundMode};

const MODES: [RoundMode; 3] = [RoundMode::HalfAway, RoundMode::HalfEven, RoundMode::Down];

/// Integers of any length up to so many bits, small ones and ends of words among them.
fn integer(bits: u32) -> impl Strategy<Value = i128> {
    let most = (1_i128 << (bits - 1)) - 1;
    let ends = [0, 1, 53, 63, 64, 127].map(move |bit| (1_i128 << bit.min(bits - 2)).min(most));
    prop_oneof![
        4 => (any::<i128>(), 0..bits).prop_map(move |(value, shift)| (value % most) >> shift),
        1 => (prop::sample::select(ends.to_vec()), -2..3_i128, any::<bool>())
            .prop_map(move |(end, off, negative)| {
                let value = (end + off).clamp(-most, most);
                if negative { -value } else { value }
            }),
    ]
}

fn positive(bits: u32) -> impl Strategy<Value = i128> {
    integer(bits).prop_map(|value| value.abs().max(1))
}

/// `num / den` rounded, by big integers.
fn rounded(num: &BigInt, den: &BigInt, mode: RoundMode) -> BigInt {
    let (negative, magnitude) = (num < &BigInt::from(0), num.magnitude());
    let (floor, rest) = (magnitude / den.magnitude(), magnitude % den.magnitude());
    let middle = (rest * 2_u8).cmp(den.magnitude());
    let up = match mode {
        RoundMode::Down => false,
        RoundMode::HalfAway => middle.is_ge(),
        RoundMode::HalfEven => middle.is_gt() || (middle.is_eq() && floor.bit(0)),
    };
    let size = BigInt::from(if up { floor + 1_u8 } else { floor });
    if negative { -size } else { size }
}

proptest! {
    #[test]
    fn rounding_is_that_of_big_integers(num in integer(127), den in positive(127), decimals in 0..12_i8) {
        let value = Ratio::new(num, den).unwrap();
        for mode in MODES {
            let shifted = BigInt::from(num) * BigInt::from(10).pow(u32::from(decimals.unsigned_abs()));
            let expected = rounded(&shifted, &BigInt::from(den), mode);
            match value.rounded(decimals, mode) {
                Ok(found) => prop_assert_eq!(BigInt::from(found.mantissa()), expected),
                Err(_) => prop_assert!(i128::try_from(expected).is_err()),
            }
        }
    }

    #[test]
    fn terms_do_not_matter(num in integer(60), den in positive(60), by in positive(66), decimals in -4..9_i8) {
        let (narrow, wide) = (Ratio::new(num, den).unwrap(), Ratio::new(num * by, den * by).unwrap());
        prop_assert_eq!(narrow, wide);
        prop_assert_eq!(narrow.to_f64().to_bits(), wide.to_f64().to_bits());
        for mode in MODES {
            let text = |value: Ratio| value.rounded(decimals, mode).unwrap().to_string();
            prop_assert_eq!(text(narrow), text(wide));
        }
    }

    #[test]
    fn arithmetic_does_not_depend_on_terms(
        (a, b) in (integer(50), positive(50)),
        (c, d) in (integer(50), positive(50)),
        by in positive(70),
    ) {
        let wide = |num: i128, den: i128| Ratio::new(num * by, den * by).unwrap();
        let (x, y) = (Ratio::new(a, b).unwrap(), Ratio::new(c, d).unwrap());
        prop_assert_eq!(x.cmp(&y), wide(a, b).cmp(&wide(c, d)));
        prop_assert_eq!(x.add(y).unwrap(), wide(a, b).add(wide(c, d)).unwrap());
        prop_assert_eq!(x.mul(y).unwrap(), wide(a, b).mul(wide(c, d)).unwrap());
        let (left, right) = (BigInt::from(a) * d + BigInt::from(c) * b, BigInt::from(b) * d);
        let sum = x.add(y).unwrap();
        prop_assert_eq!(left * sum.den(), right * sum.num());
    }

    #[test]
    fn printed_decimals_have_the_digits_of_big_integers(mantissa in any::<i128>(), short in integer(64), scale in 0..39_u8) {
        for mantissa in [mantissa, short] {
            let digits = BigInt::from(mantissa).magnitude().to_string();
            let digits = format!("{digits:0>width$}", width = usize::from(scale) + 1);
            let (whole, rest) = digits.split_at(digits.len() - usize::from(scale));
            let point = if scale > 0 { "." } else { "" };
            let sign = if mantissa < 0 { "-" } else { "" };
            let printed = Decimal::new(mantissa, scale).unwrap().to_string();
            prop_assert_eq!(printed, format!("{sign}{whole}{point}{rest}"));
        }
    }
}

#[test]
fn decimals_keep_the_width_that_is_asked_for() {
    let figure: Decimal = "-7.5".parse().unwrap();
    assert_eq!(format!("[{figure:>7}] [{figure:<6}] [{figure:+}]"), "[   -7.5] [-7.5  ] [-7.5]");
}

/// A figure within closed bounds, so many times above and below.
fn part() -> impl Strategy<Value = QuotientPart> {
    let bounds = (0..50_i128, 0..20_i128).prop_map(|(lo, more)| Bounds {
        lo: End::Closed(Ratio::integer(lo)),
        hi: End::Closed(Ratio::integer(lo + more)),
    });
    (-2..3_i128, 0..3_i128, bounds).prop_map(|(above, below, bounds)| QuotientPart {
        above: Ratio::integer(above),
        below: Ratio::integer(below),
        bounds,
    })
}

proptest! {
    /// The extremes are those of all corners: tight, and nothing lies outside.
    #[test]
    fn bounds_of_a_quotient_are_the_extremes_of_its_corners(
        above in -50..50_i128,
        below in 1..100_i128,
        parts in prop::collection::vec(part(), 0..6),
    ) {
        let ends = |part: &QuotientPart| [part.bounds.lo, part.bounds.hi].map(|end| end.value().unwrap());
        let corners: Vec<Vec<Ratio>> = (0..1_usize << parts.len())
            .map(|corner| {
                let chosen = parts.iter().enumerate();
                chosen.map(|(at, part)| ends(part)[corner >> at & 1]).collect()
            })
            .collect();
        let quotient =
            BoundedQuotient { above: Ratio::integer(above), below: Ratio::integer(below), parts };
        let values = corners.into_iter().map(|corner| quotient.at(corner).unwrap());
        let values: Vec<Ratio> = values.collect();
        let bounds = quotient.bounds().unwrap().unwrap();
        prop_assert_eq!(bounds.lo, End::Closed(*values.iter().min().unwrap()));
        prop_assert_eq!(bounds.hi, End::Closed(*values.iter().max().unwrap()));
    }

    /// What has no end goes to its limit, and the bounds hold every number that may be.
    #[test]
    fn bounds_of_a_quotient_hold_what_has_no_end(
        above in 0..50_i128,
        below in 1..100_i128,
        lo in 0..50_i128,
        far in 0..100_000_i128,
        times in (0..3_i128, 0..3_i128),
    ) {
        let part = QuotientPart {
            above: Ratio::integer(times.0),
            below: Ratio::integer(times.1),
            bounds: Bounds { lo: End::Closed(Ratio::integer(lo)), hi: End::Infinite },
        };
        let quotient = BoundedQuotient {
            above: Ratio::integer(above),
            below: Ratio::integer(below),
            parts: vec![part],
        };
        let bounds = quotient.bounds().unwrap().unwrap();
        prop_assert!(bounds.contains(quotient.at([Ratio::integer(lo + far)]).unwrap()));
    }
}
