//! Laws of targets: what holds for every table of them.

use std::collections::BTreeMap;

use polars::prelude::df;
use proptest::prelude::*;
use zhibiao::area::{Areas, Tier};
use zhibiao::attainment::{AttainmentRow, AttainmentTable, Standing};
use zhibiao::judge::Verdict;
use zhibiao::number::Ratio;
use zhibiao::{Catalog, Frame, Query};

const COUNTIES: [&str; 8] = ["A", "B", "C", "D", "E", "F", "G", "H"];
const TREE: &str = "code,parent,tier\nP,,prefecture\nA,P,county\nB,P,county\nC,P,county\nD,P,county\nE,P,county\nF,P,county\nG,P,county\nH,P,county\n";

/// What each county did and was to do; few figures, so that some are alike.
fn counties() -> impl Strategy<Value = Vec<(usize, i64, i64)>> {
    let figure = || prop_oneof![3 => 0..6_i64, 1 => 0..2_000_000_000_i64];
    let each = prop::collection::vec((figure(), figure()), COUNTIES.len());
    let each = each.prop_map(|each| each.into_iter().enumerate().map(|(at, (v, t))| (at, v, t)));
    each.prop_map(Iterator::collect)
}

fn frame(rows: &[(usize, i64, i64)], targets: bool) -> Frame {
    let areas: Vec<&str> = rows.iter().map(|(at, ..)| COUNTIES[*at]).collect();
    let figures = rows.iter().map(|(_, value, target)| if targets { *target } else { *value });
    df!["area" => areas, "projects_done" => figures.collect::<Vec<_>>()].unwrap()
}

fn attain(values: &[(usize, i64, i64)], targets: &[(usize, i64, i64)]) -> AttainmentTable {
    let catalog = Catalog::builtin();
    let query = Query::new(&catalog)
        .areas(Areas::parse(TREE, "tree.csv").unwrap())
        .tiers([Tier::County, Tier::Prefecture]);
    query.attain(frame(values, false), frame(targets, true)).unwrap()
}

fn counties_of(table: &AttainmentTable) -> BTreeMap<String, AttainmentRow> {
    let counties = table.rows().filter(|row| row.place() != "P");
    counties.map(|row| (row.place(), row.clone())).collect()
}

proptest! {
    #[test]
    fn neither_places_nor_anything_depends_on_the_order_of_rows(
        rows in counties().prop_flat_map(|rows| (Just(rows.clone()), Just(rows).prop_shuffle()))
    ) {
        let (rows, shuffled) = rows;
        let straight = attain(&rows, &rows).frame().unwrap();
        prop_assert!(straight.equals_missing(&attain(&shuffled, &rows).frame().unwrap()));
        prop_assert!(straight.equals_missing(&attain(&rows, &shuffled).frame().unwrap()));
    }

    #[test]
    fn the_targets_of_counties_make_that_of_the_prefecture(rows in counties()) {
        let table = attain(&rows, &rows);
        let whole = table.rows().find(|row| row.place() == "P").unwrap();
        let sum = |of: fn(&(usize, i64, i64)) -> i64| {
            Some(Ratio::integer(rows.iter().map(of).map(i128::from).sum()))
        };
        prop_assert_eq!(whole.target, sum(|row| row.2));
        prop_assert_eq!(whole.over, sum(|row| row.1 - row.2));
    }

    /// The place is one more than there are areas that stand better, by cross products.
    #[test]
    fn places_are_counted_over_exact_quotients(rows in counties()) {
        let table = counties_of(&attain(&rows, &rows));
        let ranked: Vec<_> = rows.iter().filter(|(_, _, target)| *target > 0).collect();
        for (at, value, target) in &rows {
            let row = &table[COUNTIES[*at]];
            prop_assert_eq!(row.ranked, ranked.len());
            let better = ranked.iter().filter(|(_, other, of)| {
                i128::from(*other) * i128::from(*target) > i128::from(*value) * i128::from(*of)
            });
            let place = (*target > 0).then(|| better.count() + 1);
            prop_assert_eq!(row.rank, place);
        }
    }

    /// Met is what reaches the target, however it prints; a target of 0 has no quotient.
    #[test]
    fn what_is_met_is_what_is_not_short(rows in counties()) {
        let table = counties_of(&attain(&rows, &rows));
        for (at, value, target) in &rows {
            let row = &table[COUNTIES[*at]];
            let met = if value >= target { Verdict::Meets } else { Verdict::Fails };
            prop_assert_eq!(row.verdict, met);
            prop_assert_eq!(row.over, Some(Ratio::integer(i128::from(value - target))));
            prop_assert_eq!(row.attainment.is_none(), *target == 0);
            prop_assert_eq!(row.status == Standing::ZeroTarget, *target == 0);
        }
    }
}
