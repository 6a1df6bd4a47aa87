//! Laws of the kinds that stand on other values: dispersion, change, derived, months put together.

use std::cmp::Ordering;
use std::sync::LazyLock;

use num_bigint::BigInt;
use proptest::prelude::*;
use zhibiao::number::{Comparison, Decimal, Ratio, Root, RoundMode};
use zhibiao::period::{Period, Span};
use zhibiao::state::Spread;
use zhibiao::table::{Coverage, Status};
use zhibiao::{Catalog, IndicatorTable, Query};
use zhibiao_tests::table;

const MODES: [RoundMode; 3] = [RoundMode::HalfAway, RoundMode::HalfEven, RoundMode::Down];

/// Resource and weight of a school.
type School = (i64, i64);

/// Schools of which one at least has a resource; few weights, so that some are alike.
fn schools() -> impl Strategy<Value = Vec<School>> {
    let weight = prop_oneof![4 => 1..12_i64, 1 => 1..5_000_i64];
    let school = (prop_oneof![1 => Just(0_i64), 6 => 0..90_000_i64], weight);
    (prop::collection::vec(school, 0..12), 1..90_000_i64, 1..5_000_i64).prop_map(
        |(mut schools, resource, weight)| {
            schools.push((resource, weight));
            schools
        },
    )
}

fn spread(schools: &[School]) -> Spread {
    let mut spread = Spread::default();
    for (resource, weight) in schools {
        spread.add(i128::from(*resource), i128::from(*weight));
    }
    spread
}

fn variation(schools: &[School]) -> Root {
    spread(schools).variation().unwrap()
}

/// The square of a dispersion as it is defined, with its denominator: the differences from the
/// mean, squared, weighted and divided by the square of the mean. No step is that of the program.
fn by_definition(schools: &[School]) -> (BigInt, BigInt) {
    let big = |number: i64| BigInt::from(number);
    let resource: BigInt = schools.iter().map(|(s, _)| big(*s)).sum();
    let weight: BigInt = schools.iter().map(|(_, p)| big(*p)).sum();
    let product: BigInt = schools.iter().map(|(_, p)| big(*p)).product();
    let squares = schools.iter().map(|(s, p)| {
        // (s/p − S/P)² · p, times P² and the product of all p.
        (big(*s) * &weight - &resource * big(*p)).pow(2) * (&product / big(*p))
    });
    (squares.sum(), product * weight * resource.pow(2))
}

/// A rounded number in units of its last place.
fn whole(rounded: Decimal, decimals: i8) -> i128 {
    let whole = rounded.shifted(decimals).unwrap().ratio();
    assert_eq!(whole, Ratio::integer(whole.floor()), "{rounded} has more than {decimals} decimals");
    whole.floor()
}

/// Whether `digits` is what √(num/den) rounds to with so many decimals, told by squares alone.
fn rounds_to(num: &BigInt, den: &BigInt, decimals: i8, digits: i128, mode: RoundMode) -> bool {
    let power = BigInt::from(100).pow(u32::from(decimals.unsigned_abs()));
    let (num, den) =
        if decimals < 0 { (num.clone(), den * power) } else { (num * power, den.clone()) };
    let digits = BigInt::from(digits);
    // √x against n/2 is 4x against n².
    let against = |halves: BigInt| (&num * 4_u8).cmp(&(halves.pow(2) * &den));
    let (lower, upper) = match mode {
        RoundMode::Down => (&digits * 2_u8, &digits * 2_u8 + 2_u8),
        _ => (&digits * 2_u8 - 1_u8, &digits * 2_u8 + 1_u8),
    };
    let tie_goes_up = !matches!(mode, RoundMode::HalfEven) || !digits.bit(0);
    let tie_goes_down = matches!(mode, RoundMode::HalfEven) && !digits.bit(0);
    let above = lower < BigInt::ZERO
        || against(lower.clone()).is_gt()
        || (tie_goes_up && against(lower).is_eq());
    let below = against(upper.clone()).is_lt() || (tie_goes_down && against(upper).is_eq());
    above && below
}

proptest! {
    #[test]
    fn spreads_merge_in_any_order(a in schools(), b in schools(), c in schools(), seed in any::<u64>()) {
        let (x, y, z) = (spread(&a), spread(&b), spread(&c));
        let whole = x.clone().merge(&y).merge(&z);
        prop_assert_eq!(&x.clone().merge(&y.clone().merge(&z)), &whole);
        prop_assert_eq!(&z.merge(&x).merge(&y), &whole);
        prop_assert_eq!(&whole.clone().merge(&Spread::default()), &whole);
        let mut all = [a, b, c].concat();
        all.sort_by_key(|(resource, weight)| seed.wrapping_mul(resource.unsigned_abs()) ^ weight.unsigned_abs());
        prop_assert_eq!(&spread(&all), &whole);
    }

    #[test]
    fn a_dispersion_is_what_its_definition_says(schools in schools(), decimals in -2..12_i8) {
        let (num, den) = by_definition(&schools);
        let root = variation(&schools);
        for mode in MODES {
            let digits = whole(root.rounded(decimals, mode).unwrap(), decimals);
            prop_assert!(rounds_to(&num, &den, decimals, digits, mode), "{digits} {mode:?}");
        }
    }

    #[test]
    fn a_dispersion_has_no_scale(schools in schools(), factor in 1..1_000_i64) {
        let root = variation(&schools);
        let more = |resource: i64, weight: i64| -> Vec<School> {
            schools.iter().map(|(s, p)| (s * resource, p * weight)).collect()
        };
        prop_assert_eq!(&variation(&more(factor, 1)), &root);
        prop_assert_eq!(&variation(&more(1, factor)), &root);
        let twice = [schools.as_slice(), &schools].concat();
        prop_assert_eq!(&variation(&twice), &root);
    }

    #[test]
    fn schools_of_one_ratio_are_as_one_school(schools in schools(), factor in 1..100_i64) {
        let (resource, weight) = schools[0];
        let alike = [&[(resource * factor, weight * factor)], schools.as_slice()].concat();
        let mut together = schools.clone();
        together[0] = (resource * (factor + 1), weight * (factor + 1));
        prop_assert_eq!(variation(&alike), variation(&together));
        let (resource, weight) = schools[schools.len() - 1];
        let equal: Vec<School> = (1..=factor).map(|n| (resource * n, weight * n)).collect();
        prop_assert_eq!(variation(&equal), Root::of(Ratio::ZERO).unwrap());
    }

    #[test]
    fn a_dispersion_among_other_schools_is_not_0(schools in schools()) {
        let (num, _) = by_definition(&schools);
        let zero = Ratio::ZERO;
        prop_assert_eq!(variation(&schools).compare(Comparison::Above, zero), num > BigInt::ZERO);
        prop_assert!(variation(&schools).compare(Comparison::AtLeast, zero));
    }

    #[test]
    fn schools_without_weight_change_nothing_and_are_counted(schools in schools(), resource in any::<i64>(), weight in i64::MIN..=0) {
        let mut with = spread(&schools);
        with.add(i128::from(resource), i128::from(weight));
        prop_assert_eq!(with.variation(), spread(&schools).variation());
        prop_assert_eq!(with.weightless(), 1);
    }

    #[test]
    fn roots_round_and_compare_as_their_squares(
        num in 0..i64::MAX, den in 1..i64::MAX, decimals in -6..15_i8, above in any::<i32>(), below in 1..i32::MAX,
    ) {
        let root = Root::of(Ratio::new(num.into(), den.into()).unwrap()).unwrap();
        for mode in MODES {
            let digits = whole(root.rounded(decimals, mode).unwrap(), decimals);
            prop_assert!(rounds_to(&num.into(), &den.into(), decimals, digits, mode), "{digits} {mode:?}");
        }
        let threshold = Ratio::new(above.into(), below.into()).unwrap();
        let squares = (BigInt::from(num) * BigInt::from(below).pow(2)).cmp(&(BigInt::from(above).pow(2) * den));
        let order = if above < 0 { Ordering::Greater } else { squares };
        for (comparison, holds) in [
            (Comparison::AtLeast, order.is_ge()),
            (Comparison::AtMost, order.is_le()),
            (Comparison::Above, order.is_gt()),
            (Comparison::Below, order.is_lt()),
        ] {
            prop_assert_eq!(root.compare(comparison, threshold), holds);
        }
    }

    #[test]
    fn roots_of_squares_are_exact(num in 0..i32::MAX, den in 1..i32::MAX, half in 0..1_000_000_i64) {
        let ratio = |a: i64, b: i64| Ratio::new(a.into(), b.into()).unwrap();
        let value = ratio(num.into(), den.into());
        let root = Root::of(value.mul(value).unwrap()).unwrap();
        prop_assert!(root.compare(Comparison::AtLeast, value) && root.compare(Comparison::AtMost, value));
        // A tie: half + 1/2.
        let tie = ratio(2 * half + 1, 2);
        let tie = Root::of(tie.mul(tie).unwrap()).unwrap();
        let even = half + half % 2;
        for (mode, want) in MODES.into_iter().zip([half + 1, even, half]) {
            prop_assert_eq!(tie.rounded(0, mode).unwrap().to_string(), want.to_string());
        }
    }
}

/// Ratios whose roots are added: any, and small multiples of squares, of which many have roots with
/// a rational quotient.
fn squares() -> impl Strategy<Value = Vec<(i64, i64)>> {
    let alike = (1..4_i64, 0..40_i64, 1..40_i64);
    let alike = alike.prop_map(|(times, num, den)| (times * num * num, den * den));
    prop::collection::vec(prop_oneof![alike, (0..1_000_000_i64, 1..1_000_000_i64)], 1..9)
}

fn roots(squares: &[(i64, i64)]) -> Vec<Root> {
    let root = |(num, den): &(i64, i64)| Ratio::new((*num).into(), (*den).into()).map(Root::of);
    squares.iter().map(|square| root(square).unwrap().unwrap()).collect()
}

/// The mean of the roots of some ratios against `num / den`: by intervals of 2⁻⁴⁰⁰ around each
/// √(ab)/b, and where these do not tell, by the roots of whole numbers, which must be there.
fn mean_against(squares: &[(i64, i64)], num: &BigInt, den: &BigInt) -> Ordering {
    let products = squares.iter().map(|(a, b)| (BigInt::from(*a) * b, BigInt::from(*b)));
    let (mut low, mut high) = (BigInt::ZERO, BigInt::ZERO);
    for (product, below) in products.clone() {
        let root: BigInt = (product << 800_u32).sqrt();
        low += &root / &below;
        high += (root + 1_u8) / below + 1_u8;
    }
    let wanted = (num * squares.len()) << 400_u32;
    if low * den > wanted {
        return Ordering::Greater;
    }
    if high * den < wanted {
        return Ordering::Less;
    }
    let (mut above, mut below) = (BigInt::ZERO, BigInt::from(1_u8));
    for (product, by) in products {
        let root = product.sqrt();
        assert_eq!(root.pow(2), product, "an irrational mean is told from a ratio");
        (above, below) = (above * &by + root * &below, below * by);
    }
    (above * den).cmp(&(num * squares.len() * below))
}

proptest! {
    #[test]
    fn a_mean_of_roots_rounds_as_intervals_tell(squares in squares(), decimals in -2..26_i8) {
        let mean = Root::mean(&roots(&squares)).unwrap();
        let unit = BigInt::from(10_u8).pow(u32::from(decimals.unsigned_abs())) * 2_u8;
        let against = |halves: BigInt| match decimals {
            0.. => mean_against(&squares, &halves, &unit),
            _ => mean_against(&squares, &(halves * &unit), &4_u8.into()),
        };
        for mode in MODES {
            let digits = BigInt::from(whole(mean.rounded(decimals, mode).unwrap(), decimals));
            let middle = BigInt::from(u8::from(mode != RoundMode::Down));
            let (lower, upper) = (&digits * 2_u8 - &middle, &digits * 2_u8 + 2_u8 - middle);
            let tie_is_mine = |lower: bool| mode != RoundMode::HalfEven && lower
                || mode == RoundMode::HalfEven && !digits.bit(0);
            let above = against(lower);
            let below = against(upper);
            prop_assert!(above.is_gt() || above.is_eq() && tie_is_mine(true), "{digits} {mode:?}");
            prop_assert!(below.is_lt() || below.is_eq() && tie_is_mine(false), "{digits} {mode:?}");
        }
    }

    #[test]
    fn a_mean_of_roots_compares_as_intervals_tell(squares in squares(), num in 0..2_000_i64, den in 1..200_i64, decimals in 0..26_i8) {
        let mean = Root::mean(&roots(&squares)).unwrap();
        let near = mean.rounded(decimals, RoundMode::HalfAway).unwrap().ratio();
        for threshold in [Ratio::new(num.into(), den.into()).unwrap(), near] {
            let order = mean_against(&squares, &threshold.num().into(), &threshold.den().into());
            for (comparison, holds) in [
                (Comparison::AtLeast, order.is_ge()),
                (Comparison::AtMost, order.is_le()),
                (Comparison::Above, order.is_gt()),
                (Comparison::Below, order.is_lt()),
            ] {
                prop_assert_eq!(mean.compare(comparison, threshold), holds);
            }
        }
    }

    #[test]
    fn a_mean_of_roots_has_no_order(squares in squares(), at in any::<prop::sample::Index>()) {
        let mut all = roots(&squares);
        let mean = Root::mean(&all).unwrap();
        all.rotate_left(at.index(squares.len()));
        prop_assert_eq!(&Root::mean(&all).unwrap(), &mean);
        all.reverse();
        prop_assert_eq!(&Root::mean(&all).unwrap(), &mean);
        let more = Root::of(Ratio::new(1, 1_000_003).unwrap()).unwrap();
        all[0] = Root::mean(&[all[0].clone(), more]).unwrap();
        prop_assert_ne!(&Root::mean(&all).unwrap(), &mean);
    }

    #[test]
    fn a_mean_of_what_is_alike_is_that(squares in squares(), times in 1..6_usize) {
        for root in roots(&squares) {
            prop_assert_eq!(&Root::mean(&vec![root.clone(); times]).unwrap(), &root);
        }
        let mean = Root::mean(&roots(&squares)).unwrap();
        prop_assert_eq!(&Root::mean(&vec![mean.clone(); times]).unwrap(), &mean);
        let mut halves = roots(&squares);
        halves.extend(halves.clone());
        prop_assert_eq!(&Root::mean(&halves).unwrap(), &mean);
    }
}

/// A flow, a stock, rates of them, and what stands on those.
static CATALOG: LazyLock<Catalog> = LazyLock::new(|| extended(""));

fn extended(more: &str) -> Catalog {
    let mut text = String::from(
        r#"
[measures.t_flow]
name = { zh = "流量" }
unit = "person"
kind = "count"
over_time = "sum"
[measures.t_stock]
name = { zh = "存量" }
unit = "person"
kind = "count"
over_time = "last"
[indicators."t.flow"]
name = { zh = "流量合计" }
kind = "total"
measure = "t_flow"
[indicators."t.stock"]
name = { zh = "存量合计" }
kind = "total"
measure = "t_stock"
[indicators."t.rate"]
name = { zh = "流量比存量" }
kind = "rate"
numerator = "t_flow"
denominator = "t_stock"
unit = "%"
decimals = 4
"#,
    );
    let changes = [("t.flow", "difference"), ("t.flow", "percent"), ("t.rate", "points")];
    for (of, form) in changes {
        text += &format!(
            "[indicators.\"{of}_{form}\"]\nname = {{ zh = \"{of} {form}\" }}\nkind = \"change\"\nof = \"{of}\"\nas = \"{form}\"\n"
        );
    }
    text += more;
    Catalog::builtin().extend(Catalog::parse(&text, "law.toml").unwrap()).unwrap()
}

/// Areas of a prefecture that has only these.
const AREAS: [&str; 2] = ["460302", "460303"];

/// A row of a register of months: area, month since 2021, flow and stock.
type Line = (usize, u32, Option<i64>, Option<i64>);

fn lines() -> impl Strategy<Value = Vec<Line>> {
    let figure = || prop_oneof![12 => (0..500_i64).prop_map(Some), 1 => Just(None)];
    prop::collection::vec((0..AREAS.len(), 0..24_u32, figure(), figure()), 1..90)
}

/// Every month of two years in both areas.
fn full() -> impl Strategy<Value = Vec<Line>> {
    prop::collection::vec((0..500_i64, 1..500_i64), 48).prop_map(|figures| {
        let months = (0..24).flat_map(|month| (0..AREAS.len()).map(move |area| (area, month)));
        months
            .zip(figures)
            .map(|((area, month), (flow, stock))| (area, month, Some(flow), Some(stock)))
            .collect()
    })
}

fn csv(lines: &[Line]) -> String {
    let mut text = String::from("area,period,t_flow,t_stock\n");
    for (area, month, flow, stock) in lines {
        let cell =
            |figure: &Option<i64>| figure.map_or_else(String::new, |figure| figure.to_string());
        let (year, month) = (2021 + month / 12, month % 12 + 1);
        text += &format!("{},{year}-{month:02},{},{}\n", AREAS[*area], cell(flow), cell(stock));
    }
    text
}

fn query(catalog: &Catalog) -> Query<'_> {
    let indicators =
        ["t.flow", "t.stock", "t.rate", "t.flow_difference", "t.flow_percent", "t.rate_points"];
    Query::new(catalog).indicators(indicators).records(true)
}

/// Area, period and indicator of every row, with its status and exact value.
type Told = (String, Option<Period>, String, Status, Option<Ratio>);

fn told(table: &IndicatorTable) -> Vec<Told> {
    let row = |row: zhibiao::table::Row<'_>| {
        let value = row.value().map(|value| value.figure());
        (row.place(), row.period(), row.indicator().id.clone(), row.status(), value)
    };
    table.rows().map(row).collect()
}

fn value(rows: &[Told], area: &str, period: Period, indicator: &str) -> Option<Ratio> {
    let is_it = |row: &&Told| row.0 == area && row.1 == Some(period) && row.2 == indicator;
    rows.iter().find(is_it).and_then(|row| row.4)
}

proptest! {
    #[test]
    fn years_of_a_split_table_are_those_of_the_whole(lines in lines(), at in any::<prop::sample::Index>(), span in 0..3_usize) {
        let (left, right) = lines.split_at(at.index(lines.len()));
        prop_assume!(!left.is_empty());
        let query = query(&CATALOG).over(Span::ALL[span]).coverage(Coverage::Given);
        let states = |lines: &[Line]| query.states(table(&csv(lines))).unwrap();
        let merged = query.finish(&states(right).merge(&states(left)).unwrap()).unwrap();
        prop_assert_eq!(told(&merged), told(&query.run(table(&csv(&lines))).unwrap()));
    }

    #[test]
    fn now_is_the_base_and_its_change(lines in lines()) {
        let rows = told(&query(&CATALOG).run(table(&csv(&lines))).unwrap());
        for (area, period, indicator, status, now) in &rows {
            let period = period.unwrap();
            let of = |indicator: &str| {
                let then = period.back(zhibiao::period::Before::Periods(1)).unwrap();
                value(&rows, area, then, indicator).zip(value(&rows, area, period, indicator))
            };
            let (pair, percent) = match indicator.as_str() {
                "t.flow_difference" => (of("t.flow"), false),
                "t.flow_percent" => (of("t.flow"), true),
                "t.rate_points" => (of("t.rate"), false),
                _ => continue,
            };
            match (pair, percent) {
                (None, _) => prop_assert_eq!(*now, None),
                (Some((then, _)), true) if then == Ratio::ZERO => {
                    prop_assert_eq!((*status, *now), (Status::ZeroDenominator, None));
                }
                (Some((then, after)), percent) => {
                    let mut change = now.unwrap();
                    if percent {
                        change = change.mul(then).unwrap().div(Ratio::integer(100)).unwrap();
                    }
                    prop_assert_eq!(then.add(change).unwrap(), after);
                }
            }
        }
    }

    #[test]
    fn the_year_so_far_grows_by_the_month_and_ends_as_the_year(lines in full()) {
        let ask = |span: Option<Span>| {
            let query = query(&CATALOG);
            let query = match span {
                Some(span) => query.over(span),
                None => query,
            };
            told(&query.run(table(&csv(&lines))).unwrap())
        };
        let (months, so_far, years) = (ask(None), ask(Some(Span::YearToDate)), ask(Some(Span::Year)));
        for (area, period, indicator, ..) in &so_far {
            let period = period.unwrap();
            let month = Period::Month(period.end());
            let now = value(&so_far, area, period, indicator);
            let before = period.back(zhibiao::period::Before::Periods(1));
            match indicator.as_str() {
                "t.flow" => {
                    let before = before.and_then(|before| value(&so_far, area, before, indicator));
                    let month = value(&months, area, month, indicator).unwrap();
                    prop_assert_eq!(now, Some(before.unwrap_or(Ratio::ZERO).add(month).unwrap()));
                }
                "t.stock" => prop_assert_eq!(now, value(&months, area, month, indicator)),
                _ => {}
            }
            if ["t.flow", "t.stock", "t.rate"].contains(&indicator.as_str()) && period.end().to_string().ends_with("-12") {
                let year = period.end().to_string().split('-').next().unwrap().parse().unwrap();
                prop_assert_eq!(now, value(&years, area, year, indicator));
            }
        }
    }

    #[test]
    fn the_same_more_each_month_is_twelve_times_more_a_year(lines in full(), more in 0..1_000_i64) {
        let raised: Vec<Line> = lines
            .iter()
            .map(|(area, month, flow, stock)| (*area, *month, flow.map(|f| f + more), stock.map(|s| s + more)))
            .collect();
        let ask = |lines: &[Line]| {
            let query = query(&CATALOG).over(Span::Year).tiers([zhibiao::area::Tier::Prefecture]);
            told(&query.run(table(&csv(lines))).unwrap())
        };
        for (plain, raised) in ask(&lines).into_iter().zip(ask(&raised)) {
            let times = match plain.2.as_str() {
                "t.flow" => 2 * 12,
                "t.stock" => 2,
                "t.flow_difference" => 0,
                _ => continue,
            };
            let more = Ratio::integer(i128::from(times * more));
            prop_assert_eq!(plain.4.map(|value| value.add(more).unwrap()), raised.4);
        }
    }
}

/// What stands in a formula: operands joined by operators, some of them adjusted.
#[derive(Clone, Debug)]
struct Formula {
    first: Operand,
    rest: Vec<(char, Operand)>,
}

#[derive(Clone, Debug)]
enum Operand {
    Input(usize),
    Integer(i64),
    Nested(bool, Box<Formula>),
}

const INPUTS: [&str; 3] = ["a", "b", "c"];

fn formula() -> impl Strategy<Value = Formula> {
    let leaf = prop_oneof![3 => (0..INPUTS.len()).prop_map(Operand::Input), 1 => (0..5_i64).prop_map(Operand::Integer)];
    let joined = |operand: BoxedStrategy<Operand>| {
        let operator = prop::sample::select(vec!['+', '-', '*', '/']);
        (operand.clone(), prop::collection::vec((operator, operand), 0..4))
            .prop_map(|(first, rest)| Formula { first, rest })
    };
    let leaf = leaf.boxed();
    let nested = (any::<bool>(), joined(leaf.clone()))
        .prop_map(|(adjusted, inner)| Operand::Nested(adjusted, Box::new(inner)));
    joined(prop_oneof![2 => leaf, 1 => nested].boxed())
}

impl Formula {
    fn text(&self) -> String {
        let rest =
            self.rest.iter().map(|(operator, operand)| format!(" {operator} {}", operand.text()));
        self.first.text() + &rest.collect::<String>()
    }

    /// Its value by school rules: products first, from the left; none where 0 divides.
    fn value(&self, inputs: &[Ratio]) -> Option<Ratio> {
        let mut sum = Ratio::ZERO;
        let mut minus = false;
        let mut product = self.first.value(inputs)?;
        let signed =
            |minus: bool, value: Ratio| if minus { value.negated().unwrap() } else { value };
        for (operator, operand) in &self.rest {
            let value = operand.value(inputs)?;
            match operator {
                '*' => product = product.mul(value).unwrap(),
                '/' => product = product.div(value).ok()?,
                _ => {
                    sum = sum.add(signed(minus, product)).unwrap();
                    (minus, product) = (*operator == '-', value);
                }
            }
        }
        Some(sum.add(signed(minus, product)).unwrap())
    }
}

impl Operand {
    fn text(&self) -> String {
        match self {
            Self::Input(at) => INPUTS[*at].to_owned(),
            Self::Integer(number) => number.to_string(),
            Self::Nested(adjusted, inner) => {
                format!("{}({})", if *adjusted { "adjusted" } else { "" }, inner.text())
            }
        }
    }

    fn value(&self, inputs: &[Ratio]) -> Option<Ratio> {
        match self {
            Self::Input(at) => Some(inputs[*at]),
            Self::Integer(number) => Some(Ratio::integer(i128::from(*number))),
            Self::Nested(adjusted, inner) => {
                let value = inner.value(inputs)?;
                let one = Ratio::integer(1);
                if *adjusted && value > one {
                    return Some(Ratio::integer(2).sub(one.div(value).unwrap()).unwrap());
                }
                Some(value)
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, ..ProptestConfig::default() })]

    #[test]
    fn derived_is_what_the_formula_comes_to(formula in formula(), parts in [(0..7_i64, 1..7_i64), (0..7_i64, 1..7_i64), (0..7_i64, 1..7_i64)]) {
        let mut catalog = String::new();
        let (mut head, mut row) = (String::from("area"), String::from("460302"));
        for (name, (num, den)) in INPUTS.iter().zip(&parts) {
            for (id, figure) in [("above", num), ("below", den)] {
                catalog += &format!("[measures.t_{id}_{name}]\nname = {{ zh = \"{id} {name}\" }}\nunit = \"person\"\nkind = \"count\"\n");
                head += &format!(",t_{id}_{name}");
                row += &format!(",{figure}");
            }
            catalog += &format!("[indicators.\"t.{name}\"]\nname = {{ zh = \"商 {name}\" }}\nkind = \"rate\"\nnumerator = \"t_above_{name}\"\ndenominator = \"t_below_{name}\"\nunit = \"1\"\n");
        }
        catalog += &format!("[indicators.\"t.derived\"]\nname = {{ zh = \"派生\" }}\nkind = \"derived\"\ninputs = {{ a = \"t.a\", b = \"t.b\", c = \"t.c\" }}\nformula = \"{}\"\nunit = \"1\"\n", formula.text());
        let catalog = extended(&catalog);
        let asked = Query::new(&catalog).indicators(["t.derived"]).run(table(&format!("{head}\n{row}\n"))).unwrap();
        let inputs = parts.map(|(num, den)| Ratio::new(num.into(), den.into()).unwrap());
        let row = asked.rows().next().unwrap();
        let wanted = formula.value(&inputs);
        prop_assert_eq!(row.value().map(|value| value.figure()), wanted, "{}", formula.text());
        let status = if wanted.is_some() { Status::Ok } else { Status::ZeroDenominator };
        prop_assert_eq!(row.status(), status);
    }
}
