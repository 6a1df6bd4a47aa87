//! The sums of a plan as a frame.

use polars::prelude::{Column, DataFrame, DataType, df};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;
use zhibiao::area::{Areas, Tier};
use zhibiao::plan::Policy;
use zhibiao::table::Coverage;
use zhibiao::{Catalog, Query};

fn text(frame: &DataFrame, column: &str) -> Vec<String> {
    let column = frame.column(column).unwrap();
    (0..frame.height()).map(|row| column.get(row).unwrap().to_string()).collect()
}

fn tree() -> Areas {
    let text = "code,parent,name\nA,P,甲县\nB,P,乙县\nP,,某市\n";
    Areas::parse(text, "tree.csv").unwrap()
}

#[test]
fn sums_stand_by_tier_area_and_slice_with_their_coverage() {
    let catalog = Catalog::builtin();
    let table = df![
        "area" => ["A", "A", "B", "B"],
        "stage" => ["primary", "junior", "primary", "junior"],
        "projects" => [4, 3, 2, 1],
        "projects_done" => [Some(4), Some(1), None, Some(1)],
    ]
    .unwrap();
    let query = Query::new(&catalog)
        .indicators(["projects.completion"])
        .areas(tree())
        .tiers([Tier::Prefecture, Tier::County])
        .slices(["stage"])
        .totals(true);
    let frame = query.sums(&table).unwrap();
    let names: Vec<&str> = frame.columns().iter().map(|column| column.name().as_str()).collect();
    let keys = ["area", "area_name", "tier", "period", "stage", "rows", "areas", "areas_expected"];
    assert_eq!(names, [&keys[..], &["sum(projects_done)", "sum(projects)"]].concat());
    let rows = [
        ["P", "primary", "null", "6"],
        ["P", "junior", "2", "4"],
        ["P", "total", "null", "10"],
        ["A", "primary", "4", "4"],
        ["A", "junior", "1", "3"],
        ["A", "total", "5", "7"],
        ["B", "primary", "null", "2"],
        ["B", "junior", "1", "1"],
        ["B", "total", "null", "3"],
    ];
    let columns = ["area", "stage", "sum(projects_done)", "sum(projects)"];
    for (at, column) in columns.into_iter().enumerate() {
        let found: Vec<String> =
            text(&frame, column).iter().map(|cell| cell.trim_matches('"').to_owned()).collect();
        assert_eq!(found, rows.map(|row| row[at].to_owned()), "{column}");
    }
    assert_eq!(text(&frame, "rows"), ["2", "2", "4", "1", "1", "2", "1", "1", "2"]);
    assert_eq!(text(&frame, "areas_expected"), ["2", "2", "2", "1", "1", "1", "1", "1", "1"]);
    // Only rows that have both count, so the sum is known.
    let complete = query.policy(Policy::Complete).sums(&table).unwrap();
    assert_eq!(text(&complete, complete.columns()[8].name())[0], "4");
}

#[test]
fn money_is_exact_and_counts_beyond_64_bits_become_decimals() {
    let catalog = Catalog::builtin();
    let table = df![
        "area" => ["A", "B"],
        "aid_amount" => ["0.10", "90000000000000000000.25"],
        "aid_recipients" => [i64::MAX, i64::MAX],
    ]
    .unwrap();
    let query = Query::new(&catalog).indicators(["aid.per_recipient"]).areas(tree());
    let counties = query.sums(&table).unwrap();
    assert_eq!(counties.column("sum(aid_recipients)").unwrap().dtype(), &DataType::Int64);
    let whole = query.tiers([Tier::Prefecture]).sums(&table).unwrap();
    assert_eq!(text(&whole, "sum(aid_amount)"), ["90000000000000000000.35"]);
    assert_eq!(whole.column("sum(aid_recipients)").unwrap().dtype(), &DataType::Decimal(38, 0));
    assert_eq!(text(&whole, "sum(aid_recipients)"), ["18446744073709551614"]);
}

#[test]
fn an_area_that_is_not_complete_has_no_sum_unless_its_own_row_has_it() {
    let catalog = Catalog::builtin();
    let query = Query::new(&catalog)
        .indicators(["projects.completion"])
        .areas(tree())
        .tiers([Tier::Prefecture]);
    let county = df!["area" => ["A"], "projects" => [4], "projects_done" => [1]].unwrap();
    assert_eq!(text(&query.sums(&county).unwrap(), "sum(projects)"), ["null"]);
    let given = query.clone().coverage(Coverage::Given).sums(&county).unwrap();
    assert_eq!(text(&given, "sum(projects)"), ["4"]);
    let own = df![
        "area" => ["A", "B", "P"],
        "projects" => [Some(4), None, Some(9)],
        "projects_done" => [1, 2, 7],
    ]
    .unwrap();
    let own = query.sums(&own).unwrap();
    assert_eq!(text(&own, "sum(projects)"), ["9"]);
    assert_eq!(text(&own, "sum(projects_done)"), ["3"]);
}

#[test]
fn periods_that_a_table_has_not_are_refused_and_a_watch_cancels() {
    let catalog = Catalog::builtin();
    let table = df!["area" => ["A"], "period" => [2022], "projects" => [4], "projects_done" => [1]];
    let table = table.unwrap();
    let query = Query::new(&catalog).indicators(["projects.completion"]).areas(tree());
    let absent = query.clone().periods(["2019".parse().unwrap()]).sums(&table);
    assert_eq!(absent.unwrap_err().code(), "bad-option");
    let watch = zhibiao::Watch::default();
    watch.cancel();
    assert_eq!(query.watch(&watch).sums(&table).unwrap_err().code(), "cancelled");
}

/// Totals of measures that are filtered by who runs a kindergarten, and of all.
const BY_OWNERSHIP: &str = r#"
[indicators."total.children"]
name = { zh = "合计" }
kind = "total"
measure = "children"
decimals = 0
[indicators."total.public"]
name = { zh = "合计 公办" }
kind = "total"
measure = "children_public"
decimals = 0
[indicators."total.inclusive"]
name = { zh = "合计 普惠" }
kind = "total"
measure = "children_inclusive"
decimals = 0
"#;

#[derive(Clone, Debug)]
struct Line {
    area: &'static str,
    ownership: &'static str,
    children: Option<i64>,
}

fn line() -> impl Strategy<Value = Line> {
    let children = prop_oneof![20 => 0..1000_i64, 1 => Just(i64::MAX), 1 => Just(i64::MAX - 1)];
    let ownership = select(vec!["public", "inclusive_private", "private"]);
    let line = (select(vec!["A", "B"]), ownership, option::weighted(0.8, children));
    line.prop_map(|(area, ownership, children)| Line { area, ownership, children })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn filtered_sums_are_those_of_a_plain_loop(
        mut lines in vec(line(), 1..1500),
        (sorted, small, pieces) in any::<(bool, bool, bool)>(),
    ) {
        if sorted {
            lines.sort_by_key(|line| (line.area, line.ownership));
        }
        if small {
            lines.iter_mut().for_each(|line| line.children = line.children.map(|n| n % 1000));
        }
        let of = |lines: &[Line]| df![
            "area" => lines.iter().map(|line| line.area).collect::<Vec<_>>(),
            "ownership" => lines.iter().map(|line| line.ownership).collect::<Vec<_>>(),
            "children" => lines.iter().map(|line| line.children).collect::<Vec<_>>(),
        ].unwrap();
        let (head, tail) = lines.split_at(if pieces { lines.len() / 3 } else { 0 });
        let mut table = of(head);
        table.vstack_mut(&of(tail)).unwrap();
        let catalog = Catalog::builtin().extend(Catalog::parse(BY_OWNERSHIP, "t.toml").unwrap()).unwrap();
        let query = Query::new(&catalog)
            .indicators(["total.children", "total.public", "total.inclusive"])
            .areas(tree())
            .records(true)
            .policy(Policy::Complete)
            .coverage(Coverage::Given)
            .tiers([Tier::County]);
        let frame = query.sums(&table).unwrap();
        let areas = text(&frame, "area");
        let takes: [fn(&Line) -> bool; 3] =
            [|_| true, |line| line.ownership == "public", |line| line.ownership != "private"];
        for (column, takes) in frame.columns()[7..].iter().zip(takes) {
            for (row, area) in areas.iter().enumerate() {
                let of_area = |line: &&Line| *area == format!("\"{}\"", line.area) && takes(line);
                let figures = lines.iter().filter(of_area).filter_map(|line| line.children);
                let sum: i128 = figures.map(i128::from).sum();
                let found = column.get(row).unwrap().to_string();
                prop_assert_eq!(found.replace("null", "0"), sum.to_string(), "{}", column.name());
            }
        }
    }
}

fn spelled_out(frame: &DataFrame) -> Vec<String> {
    let areas = frame.column("area").unwrap().str().unwrap();
    areas.iter().map(|cell| cell.unwrap().to_owned()).collect()
}

#[test]
fn shared_long_texts_are_read_as_spelled_ones() {
    let catalog = Catalog::builtin();
    let names = ["140728", "没有这个区划的学校", "140729", "也没有这个区划的学校"];
    // Each piece has the texts once, in a place of its own, as Parquet's dictionaries do.
    let piece = || {
        let at: Vec<u32> = (0..100_u32).map(|row| row.wrapping_mul(row) % 7 % 4).collect();
        let areas = Column::new("area".into(), names).take_slice(&at).unwrap();
        let done = Column::new("projects_done".into(), vec![1_i64; 100]);
        let projects = Column::new("projects".into(), vec![1_i64; 100]);
        DataFrame::new(100, vec![areas, projects, done]).unwrap()
    };
    let shared = piece().vstack(&piece()).unwrap();
    let mut written = shared.clone();
    let spelled = Column::new("area".into(), spelled_out(&shared));
    written.with_column(spelled).unwrap();
    let query = Query::new(&catalog).indicators(["projects.completion"]).records(true);
    let answer = |frame: &DataFrame| {
        let table = query.run(frame).unwrap();
        (table.findings().to_vec(), table.frame().unwrap())
    };
    let (findings, frame) = answer(&shared);
    assert_eq!(findings, answer(&written).0);
    assert!(frame.equals_missing(&answer(&written).1));
}
