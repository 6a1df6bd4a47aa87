//! Laws that hold for every table: DESIGN.md section 3.

use polars::prelude::{Column, DataFrame};
use proptest::prelude::*;
use zhibiao::area::{AreaCode, Areas, Tier};
use zhibiao::judge::Verdict;
use zhibiao::number::{Decimal, Ratio, RoundMode, apportion};
use zhibiao::state::{Key, States};
use zhibiao::table::{Coverage, Status};
use zhibiao::{Catalog, Problem, Query};

/// Counties of 140700 and two of other prefectures.
const AREAS: [&str; 6] = ["140702", "140703", "140728", "140781", "140105", "410122"];
const OWNERSHIP: [&str; 3] = ["public", "inclusive_private", "private"];
const INDICATORS: [&str; 3] = ["preschool.public_share", "preschool.ger3", "aid.per_recipient"];

#[derive(Clone, Debug)]
struct Line {
    area: usize,
    year: i32,
    ownership: usize,
    children: Option<i64>,
    population: Option<i64>,
    aided: i64,
    /// In 分.
    amount: i64,
}

fn line() -> impl Strategy<Value = Line> {
    let count = || prop_oneof![9 => (0..5_000_i64).prop_map(Some), 1 => Just(None)];
    (
        0..AREAS.len(),
        2021..2023,
        0..OWNERSHIP.len(),
        count(),
        count(),
        0..900_i64,
        0..90_000_000_i64,
    )
        .prop_map(|(area, year, ownership, children, population, aided, amount)| Line {
            area,
            year,
            ownership,
            children,
            population,
            aided,
            amount,
        })
}

fn lines() -> impl Strategy<Value = Vec<Line>> {
    prop::collection::vec(line(), 1..40)
}

fn frame(lines: &[Line]) -> DataFrame {
    DataFrame::new_infer_height(vec![
        Column::new("area".into(), lines.iter().map(|line| AREAS[line.area]).collect::<Vec<_>>()),
        Column::new("period".into(), lines.iter().map(|line| line.year).collect::<Vec<_>>()),
        Column::new(
            "ownership".into(),
            lines.iter().map(|line| OWNERSHIP[line.ownership]).collect::<Vec<_>>(),
        ),
        Column::new("children".into(), lines.iter().map(|line| line.children).collect::<Vec<_>>()),
        Column::new(
            "population_3_5".into(),
            lines.iter().map(|line| line.population).collect::<Vec<_>>(),
        ),
        Column::new(
            "aid_recipients".into(),
            lines.iter().map(|line| line.aided).collect::<Vec<_>>(),
        ),
        Column::new(
            "aid_amount".into(),
            lines.iter().map(|line| line.amount as f64 / 100.0).collect::<Vec<_>>(),
        ),
    ])
    .unwrap()
}

fn query(catalog: &Catalog) -> Query<'_> {
    Query::new(catalog).indicators(INDICATORS).records(true)
}

fn states(lines: &[Line]) -> States {
    query(&Catalog::builtin()).states(frame(lines)).unwrap()
}

/// Key, rows, and total and missing rows of each sum.
type Group = (Key, u64, Vec<(Option<i128>, u64)>);

/// All that is exact in states; where the first missing row stands depends on the table it is in.
fn sums(states: &States) -> Vec<Group> {
    let groups = states.groups().map(|(key, rows, sums)| {
        (key.clone(), rows, sums.iter().map(|sum| (sum.total(), sum.missing())).collect())
    });
    groups.collect()
}

/// The printed table.
fn printed(frame: &DataFrame, query: &Query<'_>) -> Vec<u8> {
    let mut text = Vec::new();
    let table = query.run(frame).unwrap().frame().unwrap();
    zhibiao::report::Format::Csv.write(&table, &mut text, "memory").unwrap();
    text
}

proptest! {
    #[test]
    fn any_split_equals_one_pass(lines in lines(), at in any::<prop::sample::Index>()) {
        let (left, right) = lines.split_at(at.index(lines.len()));
        if left.is_empty() {
            return Ok(());
        }
        let merged = states(left).merge(&states(right)).unwrap();
        prop_assert_eq!(sums(&merged), sums(&states(&lines)));
    }

    #[test]
    fn merge_is_associative_and_commutative(a in lines(), b in lines(), c in lines()) {
        let (a, b, c) = (states(&a), states(&b), states(&c));
        let left = a.merge(&b).unwrap().merge(&c).unwrap();
        let right = a.merge(&b.merge(&c).unwrap()).unwrap();
        prop_assert_eq!(sums(&left), sums(&right));
        prop_assert_eq!(sums(&a.merge(&b).unwrap()), sums(&b.merge(&a).unwrap()));
    }

    #[test]
    fn states_of_no_rows_are_the_identity(lines in lines()) {
        let all = states(&lines);
        let catalog = Catalog::builtin();
        let none = query(&catalog).periods(["1999".parse().unwrap()]).states(frame(&lines)).unwrap();
        prop_assert!(none.is_empty());
        prop_assert_eq!(all.merge(&none).unwrap(), all.clone());
        prop_assert_eq!(none.merge(&all).unwrap(), all);
    }

    #[test]
    fn parent_rate_is_ratio_of_merged_sums(lines in lines()) {
        let catalog = Catalog::builtin();
        let areas = Areas::builtin();
        let ask = query(&catalog).coverage(Coverage::Given);
        let counties = ask.clone().tiers([Tier::County]).run(frame(&lines)).unwrap();
        let province = ask.tiers([Tier::Province]).run(frame(&lines)).unwrap();
        for row in province.rows().filter(|row| row.value().is_some()) {
            let children = counties.rows().filter(|child| {
                areas.is_within(child.area(), row.area())
                    && child.period() == row.period()
                    && child.indicator().id == row.indicator().id
            });
            let (mut num, mut den) = (Ratio::ZERO, Ratio::ZERO);
            for child in children {
                num = num.add(child.numerator().unwrap().ratio()).unwrap();
                den = den.add(child.denominator().unwrap().ratio()).unwrap();
            }
            prop_assert_eq!(row.numerator().unwrap().ratio(), num);
            let value = row.indicator().unit.of_base(num.div(den).unwrap()).unwrap();
            prop_assert_eq!(row.value().unwrap().figure(), value);
        }
    }

    #[test]
    fn order_of_rows_chunks_and_threads_change_nothing(lines in lines(), seed in any::<u64>()) {
        let catalog = Catalog::builtin();
        let ask = query(&catalog).tiers([Tier::Nation, Tier::County]).coverage(Coverage::Given);
        let expected = printed(&frame(&lines), &ask);
        let mut shuffled = lines.clone();
        let mut state = seed;
        for i in (1..shuffled.len()).rev() {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            shuffled.swap(i, (state >> 33) as usize % (i + 1));
        }
        prop_assert_eq!(&printed(&frame(&shuffled), &ask), &expected);
        let mut chunked = frame(&lines[..1]);
        for line in &lines[1..] {
            chunked.vstack_mut(&frame(std::slice::from_ref(line))).unwrap();
        }
        prop_assert_eq!(&printed(&chunked, &ask), &expected);
        for threads in [1, 3] {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            prop_assert_eq!(&pool.install(|| printed(&frame(&lines), &ask)), &expected);
        }
    }

    #[test]
    fn one_county_never_becomes_a_province(line in line()) {
        let catalog = Catalog::builtin();
        let tiers = [Tier::Nation, Tier::Province, Tier::Prefecture];
        let table = query(&catalog).tiers(tiers).run(frame(&[line])).unwrap();
        prop_assert!(table.rows().all(|row| row.value().is_none()));
        prop_assert!(table.rows().all(|row| row.status() != Status::Ok));
    }

    #[test]
    fn rounding_stays_within_half_a_unit(num in any::<i64>(), den in 1..i64::MAX, decimals in -6..9_i8) {
        let value = Ratio::new(i128::from(num), i128::from(den)).unwrap();
        let unit = Decimal::integer(1).shifted(-decimals).unwrap().ratio();
        let half = unit.mul(Ratio::new(1, 2).unwrap()).unwrap();
        for mode in [RoundMode::HalfAway, RoundMode::HalfEven] {
            let rounded = value.rounded(decimals, mode).unwrap().ratio();
            let error = rounded.sub(value).unwrap();
            prop_assert!(error <= half && error.negated().unwrap() <= half);
        }
        let down = value.rounded(decimals, RoundMode::Down).unwrap().ratio();
        prop_assert!(down.num().unsigned_abs() == 0 || (down < Ratio::ZERO) == (value < Ratio::ZERO));
    }

    #[test]
    fn apportioned_parts_add_up(
        counts in prop::collection::vec(0..100_000_i128, 1..40),
        decimals in -2..5_i8,
        seed in any::<usize>(),
    ) {
        let all: i128 = counts.iter().sum();
        prop_assume!(all > 0);
        let share = |count: &i128| Ratio::new(count * 100, all).unwrap();
        let parts: Vec<Ratio> = counts.iter().map(share).collect();
        let whole = Ratio::integer(100);
        let unit = Decimal::integer(1).shifted(-decimals).unwrap().ratio();
        for mode in [RoundMode::HalfAway, RoundMode::HalfEven, RoundMode::Down] {
            let printed = apportion(&parts, whole, decimals, mode).unwrap();
            let mut sum = Ratio::ZERO;
            for (part, printed) in parts.iter().zip(&printed) {
                sum = sum.add(printed.ratio()).unwrap();
                let off = printed.ratio().sub(*part).unwrap();
                prop_assert!(off < unit && off.negated().unwrap() < unit);
            }
            prop_assert_eq!(sum, whole.rounded(decimals, mode).unwrap().ratio());
            // What a part prints as depends on its value only; of equal ones, some may get a unit.
            let mut turned = parts.clone();
            turned.rotate_left(seed % parts.len());
            let sorted = |parts: &[Ratio]| {
                let mut pairs: Vec<_> =
                    parts.iter().copied().zip(apportion(parts, whole, decimals, mode).unwrap()).collect();
                pairs.sort();
                pairs
            };
            prop_assert_eq!(sorted(&parts), sorted(&turned));
        }
    }

    #[test]
    fn the_printed_float_is_the_nearest(num in any::<i64>(), den in 1..i64::MAX) {
        let float = Ratio::new(i128::from(num), i128::from(den)).unwrap().to_f64();
        // Written with 25 digits and read again by the standard library, which rounds correctly.
        let exact = Ratio::new(i128::from(num), i128::from(den)).unwrap();
        let scale = 25 - i8::try_from((num.unsigned_abs() / den.unsigned_abs()).max(1).ilog10()).unwrap();
        if let Ok(digits) = exact.rounded(scale.min(18), RoundMode::HalfAway) {
            let read: f64 = digits.to_string().parse().unwrap();
            let far = (read - float).abs() > float.abs() * 1e-15 + 1e-18;
            prop_assert!(!far, "{num}/{den}: {float} {read}");
        }
    }

    #[test]
    fn verdicts_are_exact(public in 0..100_000_i64, all in 1..100_000_i64) {
        prop_assume!(public <= all);
        let catalog = Catalog::builtin();
        let table = DataFrame::new_infer_height(vec![
            Column::new("area".into(), ["140728"]),
            Column::new("children_public".into(), [public]),
            Column::new("children".into(), [all]),
        ]).unwrap();
        let table = Query::new(&catalog).indicators(["preschool.public_share"]).run(table).unwrap();
        let verdicts = table.judge(&catalog.standard("preschool-2020").unwrap().of(&["preschool.public_share"]));
        let row = verdicts.rows().next().unwrap();
        let meets = 2 * public >= all;
        prop_assert_eq!(row.verdict, if meets { Verdict::Meets } else { Verdict::Fails });
        // `needed` is the smallest change that passes.
        if let Some(needed) = row.needed {
            let with = |extra: i128| 2 * (i128::from(public) + extra) >= i128::from(all);
            prop_assert!(with(needed) && !with(needed - 1));
        }
        prop_assert_eq!(row.needed.is_none(), meets);
    }

    /// The point only says how many digits stand behind it.
    #[test]
    fn text_is_the_number_of_its_digits(
        sign in "[+-]?", whole in "[0-9]{0,25}", point in "\\.?", fraction in "[0-9]{0,25}",
        spaces in " {0,2}",
    ) {
        let behind = if point.is_empty() { 0 } else { fraction.len() };
        let text = format!("{spaces}{sign}{whole}{point}{fraction}{spaces}");
        let digits = format!("{whole}{fraction}");
        let before = digits[..digits.len() - behind].trim_start_matches('0');
        let read = text.parse::<Decimal>();
        if digits.is_empty() {
            prop_assert_eq!(read.unwrap_err().code(), "not-a-number");
        } else if before.len() + behind > 38 {
            prop_assert_eq!(read.unwrap_err().code(), "too-many-digits");
        } else {
            let mantissa: i128 = format!("{sign}{digits}").parse().unwrap();
            let read = read.unwrap();
            prop_assert_eq!((read.mantissa(), usize::from(read.scale())), (mantissa, behind));
        }
    }

    #[test]
    fn text_that_is_no_number_is_told_as_it_stands(text in "[-+. 0-9xe,]{0,21}") {
        let plain = text.trim();
        let digits = plain.strip_prefix(['-', '+']).unwrap_or(plain).replacen('.', "", 1);
        let number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
        match text.parse::<Decimal>() {
            Ok(_) => prop_assert!(number, "{}", text),
            Err(error) => {
                prop_assert!(!number, "{}", text);
                prop_assert_eq!(error.problem(), &Problem::NotANumber { value: text });
            }
        }
    }

    #[test]
    fn money_converts_there_and_back(fen in any::<i64>()) {
        let yuan = Decimal::new(i128::from(fen), 2).unwrap();
        let there = yuan.shifted(-4).unwrap();
        prop_assert_eq!(there.shifted(4).unwrap(), yuan);
        prop_assert_eq!(there.to_string().parse::<Decimal>().unwrap(), there);
    }
}

#[test]
fn area_codes_hold_each_other() {
    let areas = Areas::builtin();
    let pingyao: AreaCode = "140728".parse().unwrap();
    let held_in: Vec<AreaCode> =
        Tier::ALL.into_iter().filter_map(|tier| areas.within(pingyao, tier)).collect();
    let texts: Vec<String> = held_in.iter().map(ToString::to_string).collect();
    assert_eq!(texts, ["140728", "140700", "140000", "CN"]);
    assert!(held_in.iter().all(|outer| areas.is_within(pingyao, *outer)));
}
