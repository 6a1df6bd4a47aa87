//! Published Chinese figures, held against the parts that were published with them.
//!
//! Data: `facts/published_rates_cn.csv` and `facts/statements.csv`, with the source of every row.

use zhibiao::Result;
use zhibiao::number::{Agreement, Bounds, Decimal, End, Ratio, RoundMode, agreement};
use zhibiao::unit::Unit;

use crate::sheets::rows;

/// Units in which a figure without a point was counted, not rounded.
const COUNTED: [&str; 4] = ["人", "所", "项", "县"];

/// Figures that the file spells out but that were published in a coarser unit.
struct Coarser {
    figure: &'static str,
    unit: &'static str,
    printed: &'static str,
    printed_unit: &'static str,
}

const COARSER: &[Coarser] = &[
    // Bulletin of 2022, pupils of primary schools: the text says 1.07亿人.
    Coarser { figure: "10700", unit: "万人", printed: "1.07", printed_unit: "亿人" },
    // Bulletin of 2020, inclusive kindergartens: the text says 23.41万所.
    Coarser { figure: "234100", unit: "所", printed: "23.41", printed_unit: "万所" },
];

/// A figure with what its rounding leaves open, both in base units.
#[derive(Clone, Copy)]
struct Known {
    value: Ratio,
    bounds: Bounds,
}

impl Known {
    fn exactly(value: Ratio) -> Self {
        Self { value, bounds: Bounds::exact(value) }
    }

    /// A figure as printed, of the quantity that `wanted` is a unit of.
    fn printed(figure: &str, unit: &str, wanted: &str) -> Result<Self> {
        let one = Decimal::integer(1);
        let factor = Unit::parse(unit)?.to_base(one, &Unit::parse(wanted)?)?.ratio();
        let number: Decimal = figure.parse()?;
        let value = number.ratio().mul(factor)?;
        let coarser =
            COARSER.iter().find(|coarser| (coarser.figure, coarser.unit) == (figure, unit));
        if let Some(coarser) = coarser {
            let Self { bounds, .. } = Self::printed(coarser.printed, coarser.printed_unit, wanted)?;
            return Ok(Self { value, bounds });
        }
        if !figure.contains('.') && COUNTED.contains(&unit) {
            return Ok(Self::exactly(value));
        }
        let bounds = Bounds::around(number)?.mul(&Bounds::exact(factor))?;
        Ok(Self { value, bounds })
    }

    fn plus(self, other: Self) -> Result<Self> {
        Ok(Self { value: self.value.add(other.value)?, bounds: self.bounds.add(&other.bounds)? })
    }

    fn minus(self, other: Self) -> Result<Self> {
        Ok(Self { value: self.value.sub(other.value)?, bounds: self.bounds.sub(&other.bounds)? })
    }

    fn over(self, other: Self) -> Result<Self> {
        Ok(Self { value: self.value.div(other.value)?, bounds: self.bounds.div(&other.bounds)? })
    }

    fn times(self, factor: i128) -> Result<Self> {
        Ok(Self { value: self.value.scaled(factor)?, bounds: self.bounds.scaled(factor)? })
    }

    fn agreement(self, published: Decimal) -> Result<Agreement> {
        agreement(published, self.value, &self.bounds, RoundMode::HalfAway)
    }
}

fn one() -> Known {
    Known::exactly(Ratio::integer(1))
}

/// How the file names an agreement.
const fn verdict(agreement: Agreement) -> &'static str {
    match agreement {
        Agreement::Exact => "exact_match",
        Agreement::WithinRounding => "consistent_within_input_rounding",
        Agreement::Inconsistent => "INCONSISTENT",
    }
}

/// `a/b` with both parts in one unit.
fn quotient(text: &str, unit: &str) -> Result<Known> {
    let (part, whole) = text.split_once('/').expect("a quotient is written a/b");
    Known::printed(part, unit, unit)?.over(Known::printed(whole, unit, unit)?)
}

/// A mean yearly growth in percent against the growth over all the years, without a root: the
/// yearly growth that prints so, compounded, must hold the growth of the whole time.
fn yearly(published: Decimal, growth: &str, years: &str) -> Result<Agreement> {
    let grown = one().plus(Known::printed(growth, "%", "%")?)?;
    let percent = Bounds::exact(Ratio::new(1, 100)?);
    let year = Bounds::around(published)?.mul(&percent)?.add(&one().bounds)?;
    let mut all_years = one().bounds;
    for _ in 0..years.parse::<u32>().expect("a number of years") {
        all_years = all_years.mul(&year)?;
    }
    Ok(if all_years.contains(grown.value) {
        Agreement::Exact
    } else if all_years.overlaps(&grown.bounds) {
        Agreement::WithinRounding
    } else {
        Agreement::Inconsistent
    })
}

/// A row of `published_rates_cn.csv`; the beginning of the indicator tells the formula.
fn rate(
    [indicator, num, num_unit, den, den_unit, published, _]: &[String; 7],
) -> Result<Agreement> {
    let published: Decimal = published.parse()?;
    let (formula, _) = indicator.split_once(':').expect("the indicator begins with its formula");
    if formula == "cagr((1+num%)^(1/den)-1)" {
        return yearly(published, num, den);
    }
    if formula.starts_with("ppdiff") {
        let points = quotient(num, num_unit)?.minus(quotient(den, den_unit)?)?.times(100)?;
        return points.agreement(published);
    }
    let whole = Known::printed(den, den_unit, den_unit)?;
    let ratio = Known::printed(num, num_unit, den_unit)?.over(whole)?;
    let computed = match formula {
        "share" | "growth(change/prev)" => ratio.times(100)?,
        "ratio(num/den)" => ratio,
        "growth(num/den-1)" => ratio.minus(one())?.times(100)?,
        other => panic!("unknown formula {other}"),
    };
    computed.agreement(published)
}

#[test]
fn published_rates_agree_with_their_parts_as_far_as_the_file_says() {
    let columns = [
        "indicator",
        "numerator",
        "numerator_unit",
        "denominator",
        "denominator_unit",
        "published_value",
        "verdict",
    ];
    let Some(rows) = rows("facts/published_rates_cn.csv", columns) else { return };
    assert_eq!(rows.len(), 142);
    let (mut exact, mut within, mut inconsistent, mut not_published) = (0, 0, 0, 0);
    for (row, line) in rows.iter().zip(2..) {
        if row[6] == "derived_or_given" {
            not_published += 1;
            continue;
        }
        let got = rate(row).unwrap_or_else(|error| panic!("line {line}, {}: {error}", row[0]));
        assert_eq!(verdict(got), row[6], "line {line}: {row:?}");
        match got {
            Agreement::Exact => exact += 1,
            Agreement::WithinRounding => within += 1,
            Agreement::Inconsistent => inconsistent += 1,
        }
    }
    assert_eq!((exact, within, inconsistent, not_published), (115, 15, 4, 8));
    eprintln!(
        "published_rates_cn.csv: {exact} exact, {within} within rounding, {inconsistent} inconsistent"
    );
}

#[test]
fn figures_published_in_a_coarser_unit_would_else_seem_inconsistent() {
    let Some(rows) = rows("facts/published_rates_cn.csv", ["numerator", "numerator_unit"]) else {
        return;
    };
    for coarser in COARSER {
        let is_it = |row: &&[String; 2]| {
            (row[0].as_str(), row[1].as_str()) == (coarser.figure, coarser.unit)
        };
        assert_eq!(rows.iter().filter(is_it).count(), 1, "{} {}", coarser.figure, coarser.unit);
    }
    // Read as spelled out: 10,700万 of pupils to half a 万, 234,100 kindergartens to the last one.
    let pupils = Bounds::around(Decimal::integer(10_700)).unwrap();
    let teachers = Bounds::around("662.94".parse().unwrap()).unwrap();
    let per_teacher = pupils.div(&teachers).unwrap();
    assert!(!per_teacher.overlaps(&Bounds::around("16.19".parse().unwrap()).unwrap()));
    let inclusive = Ratio::new(234_100, 291_715).unwrap().scaled(100).unwrap();
    assert!(!Bounds::around("80.24".parse().unwrap()).unwrap().contains(inclusive));
}

/// Growth in terms of the figure now, where the change is `part` of it: `part / (1 - part)`, which
/// rises with the part, so that ends go to ends.
fn growth_from(part: Known) -> Result<Known> {
    let growth = |part: Ratio| -> Result<Ratio> { part.div(Ratio::integer(1).sub(part)?) };
    let end = |end: End| -> Result<End> {
        Ok(match end {
            End::Closed(part) => End::Closed(growth(part)?),
            End::Open(part) => End::Open(growth(part)?),
            End::Infinite => End::Infinite,
        })
    };
    let bounds = Bounds { lo: end(part.bounds.lo)?, hi: end(part.bounds.hi)? };
    Ok(Known { value: growth(part.value)?, bounds })
}

/// What a row of `statements.csv` says of `a` and `b`, in the unit of the published figure.
fn statement(kind: &str, a: Known, b: Known, published_unit: &str) -> Result<Known> {
    match kind {
        "share" => a.over(b)?.times(100),
        "ratio" => a.over(b),
        // `a` is the change, `b` the figure after it.
        "growth" => growth_from(a.over(b)?)?.times(100),
        // Percents in, percentage points out.
        "pp" => a.minus(b)?.times(100),
        "sum" => {
            let unit = Unit::parse(published_unit)?;
            a.plus(b)?.over(Known::exactly(unit.to_base(Decimal::integer(1), &unit)?.ratio()))
        }
        other => panic!("unknown kind {other}"),
    }
}

/// An end as the file prints it.
fn to_four_decimals(end: End) -> Option<Decimal> {
    match end {
        End::Closed(value) | End::Open(value) => value.rounded(4, RoundMode::HalfAway).ok(),
        End::Infinite => None,
    }
}

#[test]
fn statements_of_communiques_lie_within_the_rounding_of_their_parts() {
    let columns = [
        "id",
        "kind",
        "a",
        "a_unit",
        "b",
        "b_unit",
        "published",
        "published_unit",
        "calc_from_displayed",
        "interval_lo",
        "interval_hi",
        "point_match",
    ];
    let Some(rows) = rows("facts/statements.csv", columns) else { return };
    assert_eq!(rows.len(), 35);
    let (mut exact, mut within) = (0, 0);
    for [id, kind, a, a_unit, b, b_unit, published, published_unit, value, lo, hi, point_match] in
        &rows
    {
        let computed = || -> Result<(Known, Agreement)> {
            let a = Known::printed(a, a_unit, b_unit)?;
            let b = Known::printed(b, b_unit, b_unit)?;
            let computed = statement(kind, a, b, published_unit)?;
            Ok((computed, computed.agreement(published.parse()?)?))
        };
        let (computed, agreement) =
            computed().unwrap_or_else(|error| panic!("statement {id}: {error}"));
        let number = |text: &str| text.parse::<Decimal>().ok();
        assert_eq!(to_four_decimals(End::Closed(computed.value)), number(value), "statement {id}");
        assert_eq!(to_four_decimals(computed.bounds.lo), number(lo), "statement {id}");
        assert_eq!(to_four_decimals(computed.bounds.hi), number(hi), "statement {id}");
        match agreement {
            Agreement::Exact => exact += 1,
            Agreement::WithinRounding => within += 1,
            Agreement::Inconsistent => panic!("statement {id} is inconsistent"),
        }
        assert_eq!(agreement == Agreement::Exact, point_match == "1", "statement {id}");
    }
    assert_eq!((exact, within), (24, 11));
    eprintln!("statements.csv: {exact} exact, {within} within rounding");
}
