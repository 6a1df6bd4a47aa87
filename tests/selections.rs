//! Rows that are selected are the rows that were there.

use zhibiao::area::Tier;
use zhibiao::table::Selection;
use zhibiao::{Catalog, IndicatorTable, Query};
use zhibiao_tests::table;

fn answer() -> IndicatorTable {
    let frame = table(
        "area,period,projects,projects_done,aid_amount,aid_recipients\n\
         140728,2021,60,52,9650000,7838\n\
         140728,2022,,40,100,1\n\
         140729,2021,40,40,100,0\n\
         110101,2021,10,9,100,3\n",
    );
    let catalog = Catalog::builtin();
    let query = Query::new(&catalog).indicators(["projects.completion", "aid.per_recipient"]);
    query.run(frame).unwrap()
}

/// Place, period, indicator, text and status of every row.
fn rows(table: &IndicatorTable) -> Vec<(String, String, String, Option<String>, &'static str)> {
    let told = |row: zhibiao::table::Row<'_>| {
        let period = row.period().unwrap().to_string();
        let id = row.indicator().id.clone();
        (row.place(), period, id, row.display().unwrap(), row.status().id())
    };
    table.rows().map(told).collect()
}

#[test]
fn an_empty_selection_is_the_table() {
    let table = answer();
    assert_eq!(rows(&table.select(&Selection::default()).unwrap()), rows(&table));
}

#[test]
fn selected_rows_are_those_of_the_table_that_fit() {
    let table = answer();
    let code = |text: &str| text.parse().unwrap();
    let period = |text: &str| text.parse().unwrap();
    let all = Selection::default();
    let selections = [
        (Selection { areas: vec![code("140728")], ..all.clone() }, "140728 140728 140728 140728"),
        (
            Selection {
                within: vec![code("140700")],
                periods: vec![period("2021")],
                ..all.clone()
            },
            "140728 140728 140729 140729",
        ),
        (
            Selection { within: vec![code("CN")], ..all.clone() },
            "110101 110101 140728 140728 140728 140728 140729 140729",
        ),
        (
            Selection { indicators: vec!["aid.per_recipient".to_owned()], ..all.clone() },
            "110101 140728 140728 140729",
        ),
    ];
    for (selection, places) in selections {
        let selected = rows(&table.select(&selection).unwrap());
        let got: Vec<&str> = selected.iter().map(|row| row.0.as_str()).collect();
        assert_eq!(got.join(" "), places);
        assert!(selected.iter().all(|row| rows(&table).contains(row)), "{selected:?}");
    }
}

#[test]
fn indicators_come_in_the_order_asked_for_by_id_or_name() {
    let wanted = ["aid.per_recipient", "项目完工率"].map(ToOwned::to_owned).to_vec();
    let selected = answer().select(&Selection { indicators: wanted, ..Selection::default() });
    let selected = selected.unwrap();
    let ids: Vec<&str> = selected.indicators().map(|indicator| indicator.id.as_str()).collect();
    assert_eq!(ids, ["aid.per_recipient", "projects.completion"]);
    let first = selected.rows().next().unwrap();
    assert_eq!((first.place(), first.indicator().id.as_str()), ("110101".to_owned(), ids[0]));
    assert_eq!(first.display().unwrap().as_deref(), Some("33.33"));
}

#[test]
fn what_the_table_has_nothing_of_is_refused() {
    let all = Selection::default();
    let slips = [
        Selection {
            areas: vec!["140729".parse().unwrap(), "140730".parse().unwrap()],
            ..all.clone()
        },
        Selection { within: vec!["130000".parse().unwrap()], ..all.clone() },
        Selection { tiers: vec![Tier::Province], ..all.clone() },
        Selection { periods: vec!["2020".parse().unwrap()], ..all.clone() },
        Selection { indicators: vec!["preschool.ger3".to_owned()], ..all },
    ];
    for slip in slips {
        assert_eq!(answer().select(&slip).unwrap_err().code(), "bad-option", "{slip:?}");
    }
}

/// More groups than one task makes, of which a late one has parts beyond 64 bits and another none.
#[test]
fn wide_parts_and_missing_ones_keep_their_places_among_many_groups() {
    let last = 40_000_i64;
    let mut schools: Vec<i64> = (0..=last).collect();
    let mut done: Vec<Option<i64>> = schools.iter().map(|school| Some(school / 2)).collect();
    done[20_001] = None;
    schools.push(last);
    done[40_000] = Some(i64::MAX);
    done.push(Some(i64::MAX));
    let rows = schools.len();
    let frame = polars::prelude::df![
        "area" => vec!["140728"; rows],
        "school" => schools,
        "projects" => done.iter().map(|_| i64::MAX).collect::<Vec<_>>(),
        "projects_done" => done,
    ];
    let catalog = Catalog::builtin();
    let query = Query::new(&catalog).indicators(["projects.completion"]).records(true);
    let table = query.tiers([Tier::School]).run(frame.unwrap()).unwrap();
    assert_eq!(table.len(), 40_001);
    let numerator = |place: &str| {
        let row = table.rows().find(|row| row.place() == place).unwrap();
        (row.numerator().map(|numerator| numerator.to_string()), row.missing().0)
    };
    assert_eq!(numerator("140728/0"), (Some("0".to_owned()), 0));
    assert_eq!(numerator("140728/20001"), (None, 1));
    assert_eq!(numerator("140728/39999"), (Some("19999".to_owned()), 0));
    assert_eq!(numerator("140728/40000"), (Some("18446744073709551614".to_owned()), 0));
    let shown = table.frame().unwrap();
    let in_one_thread = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
    assert!(shown.equals_missing(&in_one_thread.install(|| table.frame()).unwrap()));
    let none = shown.column("numerator").unwrap().null_count();
    assert_eq!(
        (none, shown.column("missing").unwrap().u64().unwrap().iter().flatten().sum()),
        (1, 1)
    );
}
