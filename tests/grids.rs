//! Exhaustive grids: rounding over all small ratios, sums at the ends of integers, and input that
//! must be refused at once.

use std::time::{Duration, Instant};

use num_bigint::BigInt;
use polars::prelude::{Column, DataFrame};
use zhibiao::catalog::Define;
use zhibiao::number::{Decimal, Ratio, RoundMode};
use zhibiao::{Catalog, Query};
use zhibiao_tests::{table, texts};

/// The rounded quotient by integers without limit and a rule written another way: from the
/// distances to both neighbors.
fn reference(num: i128, den: i128, decimals: u32, mode: RoundMode) -> BigInt {
    let scaled = BigInt::from(num) * BigInt::from(10).pow(decimals);
    let den = BigInt::from(den);
    let below = &scaled / &den;
    let above = &below + 1;
    let (to_below, to_above) = (&scaled - &below * &den, &above * &den - &scaled);
    match (mode, to_below.cmp(&to_above)) {
        (RoundMode::Down, _) | (_, std::cmp::Ordering::Less) => below,
        (_, std::cmp::Ordering::Greater) | (RoundMode::HalfAway, _) => above,
        (RoundMode::HalfEven, _) => {
            if &below % 2 == BigInt::from(0) {
                below
            } else {
                above
            }
        }
    }
}

fn rounding_up_to(largest: i128) -> u64 {
    let mut cases = 0;
    for den in 1..=largest {
        for num in 0..=den {
            let ratio = Ratio::new(num, den).unwrap();
            for decimals in 0..=4 {
                for mode in [RoundMode::HalfAway, RoundMode::HalfEven, RoundMode::Down] {
                    let got = ratio.rounded(decimals, mode).unwrap();
                    let want = reference(num, den, u32::try_from(decimals).unwrap(), mode);
                    assert_eq!(
                        BigInt::from(got.mantissa()),
                        want,
                        "{num}/{den} {decimals} {mode:?}"
                    );
                    let negative = Ratio::new(-num, den).unwrap().rounded(decimals, mode).unwrap();
                    assert_eq!(negative.mantissa(), -got.mantissa(), "-{num}/{den}");
                    cases += 2;
                }
            }
        }
    }
    cases
}

#[test]
fn rounding_equals_integers_without_limit() {
    eprintln!("{} roundings", rounding_up_to(300));
}

#[test]
#[ignore = "minutes: make test-long"]
fn rounding_equals_integers_without_limit_up_to_2000() {
    eprintln!("{} roundings", rounding_up_to(2000));
}

const CATALOG: &str = r#"
[measures.stock]
name = { zh = "存量" }
unit = "item"
kind = "count"

[measures.money]
name = { zh = "金额" }
unit = "yuan"
kind = "amount"
scale = 2

[indicators."test.stock"]
name = { zh = "存量" }
kind = "total"
measure = "stock"

[indicators."test.money"]
name = { zh = "金额" }
kind = "total"
measure = "money"

[indicators."test.money_per_item"]
name = { zh = "件均" }
kind = "ratio"
numerator = "money"
denominator = "stock"
unit = "元/个"
decimals = 2
"#;

fn sum_of(
    values: &[&str],
    measure: &str,
    tier: zhibiao::area::Tier,
) -> Result<String, zhibiao::Error> {
    let catalog = Catalog::parse(CATALOG, "grid.toml").unwrap();
    let counties = ["140702", "140703", "140721", "140722"];
    let table = DataFrame::new_infer_height(vec![
        Column::new("area".into(), &counties[..values.len()]),
        Column::new(measure.into(), values),
    ])
    .unwrap();
    let indicator = format!("test.{measure}");
    let query = Query::new(&catalog).indicators([indicator]).tiers([tier]);
    let table = query.coverage(zhibiao::table::Coverage::Given).run(table)?;
    // An overflow is told, and hides no other area.
    if let Some(finding) = table.findings().first() {
        return Err(finding.clone());
    }
    let first = table.rows().next().unwrap();
    Ok(first.numerator().unwrap().to_string())
}

/// Every sum is exact or an overflow that names measure and area: nothing wraps.
#[test]
fn sums_at_the_ends_are_exact_or_refused() {
    use zhibiao::area::Tier::{County, Prefecture};
    let ends = [
        "2147483647",
        "9223372036854775807",
        "1000000000000000000",
        "99999999999999999999999999999999999999",
    ];
    let mut cases = 0;
    for end in ends {
        let value: BigInt = end.parse().unwrap();
        for times in 1..=4_usize {
            for tier in [County, Prefecture] {
                let values = vec![end; times];
                let expected = if tier == County { value.clone() } else { &value * times };
                cases += 1;
                match sum_of(&values, "stock", tier) {
                    Ok(sum) => {
                        assert_eq!(sum.parse::<BigInt>().unwrap(), expected, "{end} × {times}")
                    }
                    Err(error) => {
                        assert_eq!(error.code(), "overflow", "{end} × {times}: {error}");
                        let largest = BigInt::from(i128::MAX);
                        assert!(
                            expected > largest,
                            "{end} × {times} fits and was refused: {error}"
                        );
                        let message = error.to_string();
                        assert!(
                            message.contains("`stock`") && message.contains("140700"),
                            "{message}"
                        );
                    }
                }
            }
        }
    }
    eprintln!("{cases} sums at the ends");
}

/// What is added does not depend on the order: only the whole has to fit.
#[test]
fn order_does_not_decide_what_overflows() {
    use zhibiao::area::Tier::Prefecture;
    let large = "980000000000000000000000000000000000.00";
    let negative = format!("-{large}");
    for order in [[large, large, &negative], [large, &negative, large], [&negative, large, large]] {
        assert_eq!(sum_of(&order, "money", Prefecture).unwrap(), large);
    }
    let refused = sum_of(&[large, large], "money", Prefecture).unwrap_err().to_string();
    assert!(refused.contains("`money`") && refused.contains("140700"), "{refused}");
}

#[test]
fn one_cell_beyond_all_bounds_hides_no_other_area() {
    let catalog = Catalog::parse(CATALOG, "grid.toml").unwrap();
    let table = DataFrame::new_infer_height(vec![
        Column::new("area".into(), ["140702", "140728"]),
        Column::new("money".into(), ["99999999999999999999999999999999999.99", "9650000"]),
        Column::new("stock".into(), ["3", "7838"]),
    ])
    .unwrap();
    let table = Query::new(&catalog).indicators(["test.money_per_item"]).run(table).unwrap();
    let shown: Vec<_> = table.rows().map(|row| row.display().unwrap()).collect();
    assert_eq!(shown[1].as_deref(), Some("1231.18"));
    assert!(
        shown[0].is_some() || table.findings()[0].code() == "overflow",
        "{:?}",
        table.findings()
    );
}

#[test]
fn products_at_the_ends_are_exact_or_refused() {
    let most = i128::MAX;
    let pairs = [(most, most), (most, 1), (1, most), (most - 1, most), (1_000_000_007, most / 3)];
    for (num, den) in pairs {
        let ratio = Ratio::new(num, den).unwrap();
        for decimals in [0_i8, 4, 18] {
            for factor in [1, 100] {
                let want =
                    reference(num, den, u32::from(decimals.unsigned_abs()), RoundMode::HalfAway);
                let want = if factor == 1 {
                    want
                } else {
                    reference_scaled(num, den, u32::from(decimals.unsigned_abs()), factor)
                };
                let got = ratio
                    .scaled(factor)
                    .and_then(|value| value.rounded(decimals, RoundMode::HalfAway));
                match got {
                    Ok(got) => {
                        assert_eq!(BigInt::from(got.mantissa()), want, "{num}/{den} × {factor}")
                    }
                    Err(error) => {
                        assert_eq!(error.code(), "overflow");
                        assert!(
                            want > BigInt::from(most) || num > most / 100,
                            "{num}/{den} × {factor}"
                        );
                    }
                }
            }
        }
        assert_eq!(ratio.cmp(&ratio), std::cmp::Ordering::Equal);
        assert!(Ratio::new(num, den).unwrap() <= Ratio::integer(most));
    }
}

fn reference_scaled(num: i128, den: i128, decimals: u32, factor: i128) -> BigInt {
    let scaled =
        BigInt::from(num) * factor * BigInt::from(10).pow(decimals) * 2 + BigInt::from(den);
    scaled / (BigInt::from(den) * 2)
}

#[test]
fn decimals_print_what_they_read() {
    for text in [
        "0",
        "0.00",
        "-0.5",
        "123456789012345678901234567890.12345678",
        "99999999999999999999999999999999999999",
    ] {
        assert_eq!(text.parse::<Decimal>().unwrap().to_string(), text);
    }
}

#[test]
fn a_megabyte_of_brackets_is_refused_at_once() {
    for hostile in ["(", "NOT ", "sum(", "-", "a+"] {
        let text = hostile.repeat(1_000_000 / hostile.len());
        let start = Instant::now();
        let code = Define::parse(&text).unwrap_err().code();
        let time = start.elapsed();
        assert_eq!(code, "formula-too-large");
        assert!(time < Duration::from_millis(10), "{hostile}: {time:?}");
        // Also what is short enough to be parsed.
        let short = hostile.repeat(4_000 / hostile.len());
        assert_eq!(Define::parse(&short).unwrap_err().code(), "bad-formula", "{hostile}");
    }
}

#[test]
fn hostile_formulas_in_a_filter_are_refused() {
    for nested in ["(", "not "] {
        let text = format!("sum(a) filter (where {}b = 'x')", nested.repeat(900));
        assert_eq!(Define::parse(&text).unwrap_err().code(), "bad-formula", "{nested}");
    }
}

/// Each indicator names the one before twice: whoever followed each path would follow 2^60.
#[test]
fn sixty_derived_indicators_on_top_of_each_other_are_computed_at_once() {
    let mut toml = String::from(
        "[indicators.\"t.d0\"]\nname = { zh = \"层0\" }\nkind = \"total\"\nmeasure = \"graduates\"\n",
    );
    for level in 1..=60 {
        let below = level - 1;
        toml.push_str(&format!(
            "[indicators.\"t.d{level}\"]\nname = {{ zh = \"层{level}\" }}\nkind = \"derived\"\n\
             inputs = {{ a = \"t.d{below}\", b = \"t.d{below}\" }}\nformula = \"a + b - a\"\nunit = \"person\"\n"
        ));
    }
    toml.push_str("[indicators.\"t.change\"]\nname = { zh = \"变动\" }\nkind = \"change\"\nof = \"t.d60\"\nas = \"difference\"\n");
    let catalog = Catalog::builtin().extend(Catalog::parse(&toml, "deep.toml").unwrap()).unwrap();
    let years = table("area,period,graduates\n140728,2021,7\n140728,2022,9\n");
    let answer = Query::new(&catalog).indicators(["t.change"]).run(years).unwrap();
    assert_eq!(texts(&answer.frame().unwrap(), "display"), ["", "2"]);
    assert_eq!(catalog.definition_hash("t.change").unwrap().len(), 64);
}
