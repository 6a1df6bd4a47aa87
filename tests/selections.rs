//! Rows that are selected are the rows that were there.

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
        Selection { tiers: vec![zhibiao::area::Tier::Province], ..all.clone() },
        Selection { periods: vec!["2020".parse().unwrap()], ..all.clone() },
        Selection { indicators: vec!["preschool.ger3".to_owned()], ..all },
    ];
    for slip in slips {
        assert_eq!(answer().select(&slip).unwrap_err().code(), "bad-option", "{slip:?}");
    }
}
