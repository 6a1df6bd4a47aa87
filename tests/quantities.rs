//! Quantities: `cases/quantities.toml`, every text that is cut short, and counts behind a rate.

use serde::Deserialize;
use zhibiao::Lang;
use zhibiao::number::{Bounds, Decimal, End, Ratio, RoundMode};
use zhibiao::quantity::{Convention, Quantity, numerator_of, whole_numbers};

const CASES: &str = include_str!("cases/quantities.toml");

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Suite {
    case: Vec<Case>,
    rounded: Vec<Case>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    name: String,
    source: String,
    text: String,
    want: Option<String>,
    fails: Option<String>,
}

fn suite() -> Suite {
    let suite: Suite = toml::from_str(CASES).unwrap();
    for case in suite.case.iter().chain(&suite.rounded) {
        assert!(!case.source.is_empty(), "{}", case.name);
    }
    suite
}

fn number(value: Ratio) -> String {
    if value.den() == 1 {
        return value.num().to_string();
    }
    let decimal = value.rounded(6, RoundMode::HalfAway).unwrap().trimmed();
    if decimal.ratio() == value {
        return decimal.to_string();
    }
    let tenth = value.scaled(3).unwrap().rounded(6, RoundMode::HalfAway).unwrap().trimmed();
    assert_eq!(tenth.scale(), 0, "a third");
    format!("{tenth}/3")
}

fn told(bounds: &Bounds) -> String {
    let lo = match bounds.lo {
        End::Closed(lo) => format!("[{}", number(lo)),
        End::Open(lo) => format!("({}", number(lo)),
        End::Infinite => "(-∞".to_owned(),
    };
    let hi = match bounds.hi {
        End::Closed(hi) => format!("{}]", number(hi)),
        End::Open(hi) => format!("{})", number(hi)),
        End::Infinite => "∞)".to_owned(),
    };
    format!("{lo}, {hi}")
}

fn shown(quantity: &Quantity) -> String {
    let unit = match (&quantity.unit, quantity.counted.as_str()) {
        (None, "") => "-".to_owned(),
        (None, counted) => format!("{counted}?"),
        (Some(_), counted) => counted.to_owned(),
    };
    let (bounds, convention) = (told(&quantity.bounds), quantity.convention.id());
    format!("{} {unit} {bounds} {convention}", quantity.number)
}

#[test]
fn texts_are_read_as_known() {
    let suite = suite();
    assert!(suite.case.len() > 120, "{}", suite.case.len());
    let mut failed = 0;
    for Case { name, text, want, fails, .. } in &suite.case {
        let got = match Quantity::parse(text) {
            Ok(quantity) => {
                assert_eq!(quantity.written, text.trim(), "{name}");
                shown(&quantity)
            }
            Err(error) => error.code().to_owned(),
        };
        let wanted = want.as_ref().or(fails.as_ref()).unwrap();
        if got != *wanted {
            eprintln!("{name}: `{text}` is {got}, not {wanted}");
            failed += 1;
        }
    }
    assert_eq!(failed, 0);
    eprintln!("{} texts", suite.case.len());
}

#[test]
fn rounded_figures_are_ranges_only_when_asked_for() {
    for Case { name, text, want, .. } in suite().rounded {
        let quantity = Quantity::parse(&text).unwrap();
        assert_eq!(Some(told(&quantity.as_rounded().unwrap().bounds)), want, "{name}");
    }
}

#[test]
fn no_text_makes_the_reader_panic() {
    let texts: Vec<String> = suite().case.into_iter().map(|case| case.text).collect();
    for (text, other) in texts.iter().zip(texts.iter().rev()) {
        let letters: Vec<char> = text.chars().chain(other.chars()).collect();
        for start in 0..letters.len() {
            for end in start..letters.len() {
                let piece: String = letters[start..end].iter().collect();
                if let Ok(quantity) = Quantity::parse(&piece) {
                    let _ = quantity.as_rounded();
                }
            }
        }
    }
}

#[test]
fn every_number_below_100000_is_read_as_it_is_written() {
    const DIGITS: [&str; 10] = ["零", "一", "二", "三", "四", "五", "六", "七", "八", "九"];
    const UNITS: [&str; 5] = ["", "十", "百", "千", "万"];
    for value in (1..100_000_usize).filter(|value| value % 7 == 1 || *value < 2000) {
        let mut text = String::new();
        let mut zero = false;
        for place in (0..5).rev() {
            let digit = value / 10_usize.pow(u32::try_from(place).unwrap()) % 10;
            if digit == 0 {
                zero = !text.is_empty();
                continue;
            }
            if std::mem::take(&mut zero) {
                text.push_str(DIGITS[0]);
            }
            text.push_str(DIGITS[digit]);
            text.push_str(UNITS[place]);
        }
        let read = Quantity::parse(&text).unwrap();
        assert_eq!(read.number, Decimal::integer(i128::try_from(value).unwrap()), "{text}");
        assert_eq!(read.convention, Convention::Exact, "{text}");
    }
}

#[test]
fn counts_behind_a_rate_are_those_that_print_it() {
    for denominator in 1..400 {
        for rate in ["0.0", "33.3", "55.5", "86.7", "99.9", "100.0"] {
            let rate: Decimal = rate.parse().unwrap();
            let counts = whole_numbers(&numerator_of(rate, 100, denominator).unwrap());
            for count in 0..=denominator + 1 {
                let printed = Ratio::new(count * 100, denominator).unwrap();
                let prints = printed.rounded(1, RoundMode::HalfAway).unwrap() == rate;
                let within = counts.is_some_and(|(lo, hi)| (lo..=hi).contains(&count));
                assert_eq!(prints, within, "{count} of {denominator} at {rate}");
            }
        }
    }
}

#[test]
fn conventions_have_names_and_sources() {
    let ids: std::collections::BTreeSet<_> = Convention::ALL.map(Convention::id).into();
    assert_eq!(ids.len(), Convention::ALL.len());
    for convention in Convention::ALL {
        assert!(!convention.source().is_empty());
        assert_ne!(convention.label(Lang::Zh), convention.label(Lang::En));
    }
}
