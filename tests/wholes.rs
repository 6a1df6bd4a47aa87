//! Rows that say 合计: whatever rows of a true table are left out, no other number comes of it.

use polars::prelude::{AnyValue, Column, DataFrame};
use proptest::prelude::*;
use zhibiao::plan::Policy;
use zhibiao::{Catalog, Query};

const OWNERSHIP: [&str; 4] = ["public", "inclusive_private", "private", "合计"];
const RESIDENCE: [&str; 4] = ["urban", "town", "rural", "合计"];
const INDICATORS: [&str; 3] =
    ["preschool.children", "preschool.public_share", "preschool.inclusive_coverage"];
const SLICES: [&[&str]; 4] = [&[], &["ownership"], &["residence"], &["ownership", "residence"]];

/// Children by residence and ownership; the last of each are all together.
type Cube = [[i64; 4]; 4];

fn cube() -> impl Strategy<Value = Cube> {
    let cell = prop_oneof![1 => Just(0), 2 => 1..9_i64];
    prop::array::uniform3(prop::array::uniform3(cell)).prop_map(|parts| with_totals(&parts))
}

fn with_totals(parts: &[[i64; 3]; 3]) -> Cube {
    let mut cube = [[0; 4]; 4];
    for (at, row) in parts.iter().enumerate() {
        for (owner, count) in row.iter().enumerate() {
            for (at, owner) in [(at, owner), (at, 3), (3, owner), (3, 3)] {
                cube[at][owner] += count;
            }
        }
    }
    cube
}

/// What the rows that are kept can tell of: parts that stand in none of them are not there.
fn told_of(cube: &Cube, kept: &[(usize, usize)]) -> Cube {
    let is_told = |at: usize, owner: usize| {
        [(at, owner), (at, 3), (3, owner), (3, 3)].iter().any(|row| kept.contains(row))
    };
    let part = |at: usize, owner: usize| if is_told(at, owner) { cube[at][owner] } else { 0 };
    with_totals(&std::array::from_fn(|at| std::array::from_fn(|owner| part(at, owner))))
}

/// The rows that are kept, in some order.
fn table(cube: &Cube, kept: &[(usize, usize)], is_long: bool) -> DataFrame {
    let text = |of: &dyn Fn(&(usize, usize)) -> String| kept.iter().map(of).collect::<Vec<_>>();
    let children: Vec<i64> = kept.iter().map(|(at, owner)| cube[*at][*owner]).collect();
    let figures = if is_long {
        vec![
            Column::new("measure".into(), vec!["children"; kept.len()]),
            Column::new("value".into(), children.iter().map(i64::to_string).collect::<Vec<_>>()),
        ]
    } else {
        vec![Column::new("children".into(), children)]
    };
    let keys = vec![
        Column::new("area".into(), vec!["140728"; kept.len()]),
        Column::new("residence".into(), text(&|row| RESIDENCE[row.0].to_owned())),
        Column::new("ownership".into(), text(&|row| OWNERSHIP[row.1].to_owned())),
    ];
    DataFrame::new_infer_height([keys, figures].concat()).expect("columns are of one length")
}

/// Some rows, shuffled.
fn kept() -> impl Strategy<Value = Vec<(usize, usize)>> {
    let all: Vec<(usize, usize)> =
        (0..4).flat_map(|at| (0..4).map(move |owner| (at, owner))).collect();
    prop::sample::subsequence(all, 1..=16).prop_shuffle()
}

fn texts(frame: &DataFrame, column: &str) -> Vec<Option<String>> {
    let column = frame.column(column).expect("it is there");
    let cell = |row| match column.get(row).expect("it is there") {
        AnyValue::Null => None,
        AnyValue::String(text) => Some(text.to_owned()),
        other => Some(other.to_string()),
    };
    (0..frame.height()).map(cell).collect()
}

/// What the rows of a slice truly are: of each, the position of residence and ownership.
fn true_parts(cube: &Cube, indicator: &str, slice: (usize, usize)) -> (i64, Option<i64>) {
    let of = |owners: &[usize]| -> i64 {
        let owners = owners.iter().filter(|owner| slice.1 == 3 || **owner == slice.1);
        owners.map(|owner| cube[slice.0][*owner]).sum()
    };
    let all = of(&[0, 1, 2]);
    match indicator {
        "preschool.children" => (all, None),
        "preschool.public_share" => (of(&[0]), Some(all)),
        _ => (of(&[0, 1]), Some(all)),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn no_other_number_comes_of_what_is_left_out(
        cube in cube(),
        kept in kept(),
        slices in prop::sample::select(SLICES.to_vec()),
        policy in prop::sample::select(vec![Policy::Any, Policy::Complete]),
        is_long in any::<bool>(),
    ) {
        let cube = told_of(&cube, &kept);
        let catalog = Catalog::builtin();
        let query = Query::new(&catalog).indicators(INDICATORS).slices(slices.iter().copied()).policy(policy);
        let answer = query.run(table(&cube, &kept, is_long)).unwrap().frame().unwrap();
        let position = |row: usize, dimension: &str, values: [&str; 4]| {
            let own = slices.contains(&dimension).then(|| texts(&answer, dimension)[row].clone());
            own.map_or(3, |own| values.iter().position(|value| Some(*value) == own.as_deref()).unwrap())
        };
        let column = |name: &str| texts(&answer, name);
        let (indicators, numerators) = (column("indicator"), column("numerator"));
        let denominators = column("denominator");
        let mut told = [[0_i64; 4]; 4];
        for row in 0..answer.height() {
            let slice = (position(row, "residence", RESIDENCE), position(row, "ownership", OWNERSHIP));
            let indicator = indicators[row].as_deref().unwrap();
            let (numerator, denominator) = true_parts(&cube, indicator, slice);
            told[slice.0][slice.1] = 1;
            for (got, of) in [(&numerators[row], Some(numerator)), (&denominators[row], denominator)] {
                if let Some(got) = got {
                    prop_assert_eq!(Some(got.parse::<i64>().unwrap()), of, "{} {:?}", indicator, slice);
                }
            }
        }
        // A slice that is not told has none.
        for at in 0..4 {
            for owner in 0..4 {
                let is_slice = slices.contains(&"residence") == (at < 3)
                    && slices.contains(&"ownership") == (owner < 3);
                prop_assert!(!is_slice || told[at][owner] == 1 || cube[at][owner] == 0);
            }
        }
    }

    #[test]
    fn what_every_row_tells_is_told(cube in cube()) {
        let all: Vec<_> = (0..4).flat_map(|at| (0..4).map(move |owner| (at, owner))).collect();
        let catalog = Catalog::builtin();
        let answer = Query::new(&catalog).indicators(INDICATORS).run(table(&cube, &all, false)).unwrap();
        let frame = answer.frame().unwrap();
        let numerators = texts(&frame, "numerator");
        for (indicator, numerator) in INDICATORS.iter().zip(numerators) {
            let (of, _) = true_parts(&cube, indicator, (3, 3));
            prop_assert_eq!(numerator.map(|text| text.parse().unwrap()), Some(of));
        }
    }
}
