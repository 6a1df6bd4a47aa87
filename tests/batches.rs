//! Tables in batches give what the whole table gives: values, findings, rows told, refusals.

use polars::prelude::{Column, DataFrame, DataType};
use proptest::prelude::*;
use zhibiao::area::Tier;
use zhibiao::period::Span;
use zhibiao::plan::Policy;
use zhibiao::table::Coverage;
use zhibiao::{Batches, Catalog, Error, IndicatorTable, Query, Table, Watch};
use zhibiao_tests::table;

/// Headers, and cells of each: sound ones first, then flaws.
const COLUMNS: [(&str, &[&str], &[&str]); 9] = [
    (
        "area",
        &["140702", "140728", "140781", "140105"],
        &["140799", " 140799", "", "平遥县", "140700", "合计"],
    ),
    ("area_name", &["", "平遥县"], &["祁县", " 祁县", "介休市"]),
    ("period", &["2022-11", "2022-12", "2022"], &["", "x", "2021"]),
    ("school", &["一小", "二小", "三小"], &["", " 一小", "小计"]),
    ("ownership", &["public", "private"], &["", " ", "国营", "合计"]),
    ("stage", &["primary", "junior"], &["", "\t", "幼儿园"]),
    ("children", &["3", "40", "500"], &["", "-1", "1.5", "99999999999999999999999999999999999999"]),
    ("pupils", &["0", "7", "60"], &["", "x"]),
    ("books", &["0", "80", "600"], &["", "-2", "一"]),
];

type Row = Vec<&'static str>;

/// Rows in which a cell is flawed once in so many.
fn rows(sound: u32) -> impl Strategy<Value = Vec<Row>> {
    let cell = move |(_, good, bad): (
        &'static str,
        &'static [&'static str],
        &'static [&'static str],
    )| {
        prop_oneof![sound => prop::sample::select(good), 1 => prop::sample::select(bad)]
    };
    let row: Vec<_> = COLUMNS.into_iter().map(cell).collect();
    prop::collection::vec(row, 1..40)
}

/// A frame of some columns.
fn frame(rows: &[Row], columns: &[&str]) -> DataFrame {
    let column = |(at, (name, ..)): (usize, (&str, _, _))| {
        let cells: Vec<&str> = rows.iter().map(|row| row[at]).collect();
        columns.contains(&name).then(|| Column::new(name.into(), cells))
    };
    DataFrame::new_infer_height(COLUMNS.into_iter().enumerate().filter_map(column).collect())
        .unwrap()
}

/// All that an answer tells.
fn told(answer: Result<IndicatorTable, Error>) -> Result<(String, Vec<Error>), Error> {
    answer.map(|table| {
        let mut text = Vec::new();
        let format = zhibiao::report::Format::Csv;
        format.write(&table.frame().unwrap(), &mut text, "memory").unwrap();
        let missing: Vec<_> = table.rows().map(|row| row.missing()).collect();
        (format!("{}{missing:?}", String::from_utf8(text).unwrap()), table.findings().to_vec())
    })
}

/// Pieces of a frame, cut at some rows.
fn pieces(frame: &DataFrame, cuts: &[prop::sample::Index]) -> Vec<DataFrame> {
    let mut cuts: Vec<usize> = cuts.iter().map(|cut| cut.index(frame.height() + 1)).collect();
    cuts.extend([0, frame.height()]);
    cuts.sort_unstable();
    let piece = |cut: &[usize]| frame.slice(i64::try_from(cut[0]).unwrap(), cut[1] - cut[0]);
    cuts.windows(2).map(piece).collect()
}

/// The questions: columns of the table, and what is asked.
fn questions(catalog: &Catalog) -> Vec<(Vec<&'static str>, Query<'_>)> {
    let all: Vec<&str> = COLUMNS.iter().map(|(name, ..)| *name).collect();
    let without = |gone: &[&str]| -> Vec<&'static str> {
        all.iter().filter(|name| !gone.contains(name)).copied().collect()
    };
    let ask = |ids: &[&str]| Query::new(catalog).indicators(ids.iter().copied());
    let shares = ask(&["preschool.public_share", "compulsory.books_per_pupil_primary"]);
    let shares = shares.skip_unavailable(true);
    let spread = ask(&["compulsory.books_dispersion_primary"]).coverage(Coverage::Given);
    let areas = || without(&["school", "stage", "pupils", "books"]);
    vec![
        (areas(), shares.clone().tiers([Tier::Prefecture, Tier::County])),
        (
            without(&["area_name", "school", "period"]),
            shares.clone().slices(["stage"]).totals(true),
        ),
        (all.clone(), shares.clone().slices(["ownership"]).over(Span::Year)),
        (all.clone(), shares.clone().policy(Policy::Complete).records(true)),
        (all.clone(), shares.clone().policy(Policy::AtLeast("0.5".parse().unwrap()))),
        (without(&["ownership"]), spread.clone().tiers([Tier::Prefecture, Tier::School])),
        (without(&["ownership"]), spread.over(Span::Year).tiers([Tier::County])),
        (areas(), shares.clone().strict(true)),
        (areas(), shares.clone().periods(["2021".parse().unwrap()])),
        (without(&["area"]), shares.clone()),
        (without(&["children"]), ask(&["preschool.public_share"])),
        (vec!["area", "period", "children"], ask(&["preschool.children", "children"])),
        (areas(), shares.slices(["sex"])),
    ]
}

proptest! {
    #[test]
    fn any_batches_give_what_the_whole_table_gives(
        rows in prop_oneof![rows(4), rows(40)],
        cuts in prop::collection::vec(any::<prop::sample::Index>(), 0..9),
        other_cuts in prop::collection::vec(any::<prop::sample::Index>(), 0..9),
        rows_at_once in 1..12_usize,
        question in any::<prop::sample::Index>(),
    ) {
        let catalog = Catalog::builtin();
        let questions = questions(&catalog);
        let (columns, query) = &questions[question.index(questions.len())];
        let whole = frame(&rows, columns);
        let mut opened = 0;
        let batches = Batches::new(|| {
            opened += 1;
            let cuts = if opened == 1 { &cuts } else { &other_cuts };
            Ok(pieces(&whole, cuts).into_iter().map(Ok))
        });
        let read = told(query.run_batches(batches.rows_at_once(rows_at_once)));
        prop_assert_eq!(read, told(query.run(&whole)));
        // Once more where an empty group comes after filled ones, and once more where they mix.
        prop_assert!(opened <= 3);
    }
}

const DONE: &str = "projects.completion";

/// The batches of some tables, one row at a time, and how often they were opened.
fn one_by_one(tables: &[&str], query: &Query<'_>) -> (Result<IndicatorTable, Error>, usize) {
    let mut opened = 0;
    let batches = Batches::new(|| {
        opened += 1;
        Ok(tables.iter().map(|csv| Ok(table(csv))))
    });
    let answer = query.run_batches(batches.rows_at_once(1));
    (answer, opened)
}

#[test]
fn a_stream_is_opened_again_only_where_rows_contradict_each_other() {
    let catalog = Catalog::builtin();
    let query = Query::new(&catalog).indicators([DONE]);
    let (one, other) = (
        "area,projects,projects_done\n140728,60,52\n",
        "area,projects,projects_done\n140702,1,1\n",
    );
    let (answer, opened) = one_by_one(&[one, other], &query);
    assert_eq!((answer.unwrap().len(), opened), (2, 1));
    let (answer, opened) = one_by_one(&[one, other, one], &query);
    let answer = answer.unwrap();
    let findings: Vec<String> = answer.findings().iter().map(ToString::to_string).collect();
    assert_eq!(opened, 2);
    assert!(findings[0].starts_with("row 4, column area: 140728 stands in row 2"), "{findings:?}");
    assert_eq!(one_by_one(&[one, other, one], &query.clone().records(true)).1, 1);
    // The first of three batches may be empty, but not all.
    let none = "area,projects,projects_done\n";
    assert_eq!(one_by_one(&[none, one, other], &query).0.unwrap().len(), 2);
    assert_eq!(one_by_one(&[none, none], &query).0.unwrap_err().code(), "empty-table");
    assert_eq!(one_by_one(&[], &query).0.unwrap_err().code(), "empty-table");
}

#[test]
fn a_stream_that_comes_once_cannot_be_read_again() {
    let catalog = Catalog::builtin();
    let query = Query::new(&catalog).indicators([DONE]);
    let row = table("area,projects,projects_done\n140728,60,52\n");
    let other = table("area,projects,projects_done\n140702,60,52\n");
    let refused = |second: Vec<DataFrame>| {
        let mut readings = vec![second, vec![row.clone(), row.clone()]];
        let batches = Batches::new(|| Ok(readings.pop().unwrap_or_default().into_iter().map(Ok)));
        query.run_batches(batches.rows_at_once(1)).unwrap_err().code()
    };
    assert_eq!(refused(Vec::new()), "stream-not-repeatable");
    assert_eq!(refused(vec![row.clone()]), "stream-not-repeatable");
    assert_eq!(refused(vec![row.clone(), other]), "stream-not-repeatable");
}

#[test]
fn batches_have_the_columns_and_types_of_the_first() {
    let catalog = Catalog::builtin();
    let query = Query::new(&catalog).indicators([DONE]);
    let first = "area,projects,projects_done\n140728,60,52\n";
    let refused = |csv: &str| one_by_one(&[first, csv], &query).0.unwrap_err();
    assert_eq!(refused("area,projects\n140702,1\n").code(), "missing-column");
    assert!(refused("area,projects,projects_done,x\n140702,1,1,1\n").to_string().contains("`x`"));
    let reordered = one_by_one(&[first, "projects_done,projects,area\n1,1,140702\n"], &query).0;
    assert_eq!(reordered.unwrap().findings(), []);
    let mut numbers = table("area,projects,projects_done\n140702,1,1\n");
    let column = numbers.column("projects").unwrap().cast(&DataType::Int64).unwrap();
    numbers.with_column(column).unwrap();
    let frames = [table(first), numbers];
    let batches = Batches::new(|| Ok(frames.iter().cloned().map(Ok)));
    let error = query.run_batches(batches.rows_at_once(1)).unwrap_err();
    assert_eq!(error.code(), "column-type");
    assert!(error.to_string().starts_with("column projects: "), "{error}");
}

#[test]
fn a_column_of_units_is_refused_before_all_else() {
    let catalog = Catalog::builtin();
    let rows = |units: [&'static str; 3]| {
        units.map(|unit| format!("area,单位,projects\n140728,{unit},60\n"))
    };
    for (units, code) in [(["项", "", "个"], "unit-column"), (["项", "", "某局"], "missing-column")]
    {
        let rows = rows(units);
        let tables: Vec<&str> = rows.iter().map(String::as_str).collect();
        let (answer, _) = one_by_one(&tables, &Query::new(&catalog).indicators([DONE]));
        assert_eq!(answer.unwrap_err().code(), code, "{units:?}");
    }
}

#[test]
fn a_long_table_is_gathered_as_a_whole() {
    let catalog = Catalog::builtin();
    let query = Query::new(&catalog).indicators([DONE]);
    let rows = [
        "area,measure,value\n140728,projects,60\n",
        "area,measure,value\n140728,projects_done,52\n",
    ];
    let (answer, opened) = one_by_one(&rows, &query);
    let answer = answer.unwrap();
    assert_eq!(answer.rows().next().unwrap().display().unwrap().as_deref(), Some("86.7"));
    assert_eq!(opened, 1);
}

#[test]
fn an_error_of_a_batch_is_the_error_of_the_run() {
    let catalog = Catalog::builtin();
    let query = Query::new(&catalog).indicators([DONE]);
    let batches = Batches::new(|| {
        let first = table("area,projects,projects_done\n140728,60,52\n");
        Ok([Ok(first), Table::read(["nowhere.csv"]).map(|_| DataFrame::empty())])
    });
    assert_eq!(query.run_batches(batches.rows_at_once(1)).unwrap_err().code(), "unreadable-file");
}

#[test]
fn progress_of_batches_counts_rows_and_ends_with_the_total() {
    let catalog = Catalog::builtin();
    let watch = Watch::default();
    let query = Query::new(&catalog).indicators([DONE]).watch(&watch);
    let rows: Vec<String> = (0..50)
        .map(|row| format!("area,projects,projects_done\n{},60,52\n", 140_700 + row))
        .collect();
    let mut seen = Vec::new();
    let batches = Batches::new(|| {
        let (watch, rows) = (watch.clone(), rows.clone());
        Ok(rows.into_iter().map(move |row| {
            assert_eq!(watch.total(), None);
            assert!(watch.rows() <= 50);
            Ok(table(&row))
        }))
    });
    query.run_batches(batches.rows_at_once(1)).unwrap();
    seen.push((watch.rows(), watch.total()));
    assert_eq!(seen, [(50, Some(50))]);
}

#[test]
fn an_empty_group_is_held_against_filled_ones_of_other_batches() {
    let catalog = Catalog::builtin();
    let query = Query::new(&catalog).indicators([DONE]);
    let rows = [
        "area,stage,projects,projects_done\n140728,,60,52\n",
        "area,stage,projects,projects_done\n140702,,1,1\n",
        "area,stage,projects,projects_done\n140728,primary,40,40\n",
    ];
    let mut whole = table(rows[0]);
    whole.vstack_mut(&table(rows[1])).unwrap().vstack_mut(&table(rows[2])).unwrap();
    let (answer, opened) = one_by_one(&rows, &query);
    let codes: Vec<&str> = answer.as_ref().unwrap().findings().iter().map(Error::code).collect();
    assert_eq!((codes, opened), (vec!["missing-key"], 2));
    assert_eq!(told(answer), told(query.run(&whole)));
}
