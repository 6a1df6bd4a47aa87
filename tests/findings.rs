//! What checks find in published tables, and in tables that are spoilt on purpose.

use std::collections::BTreeMap;

use polars::prelude::{Column, IdxCa};
use zhibiao::area::{Areas, Tier};
use zhibiao::check::{Check, FindingTable};
use zhibiao::report::Format;
use zhibiao::{Catalog, Frame, Lang};
use zhibiao_tests::table;

use crate::sheets::rows;

const COLUMNS: [&str; 7] =
    ["region", "schools", "entrants", "enrolment", "graduates", "staff", "full_time_teachers"];

/// Primary schools of 2005 by province, as the yearbook of 2006 has them.
const CATALOG: &str = r#"
[measures]
y_schools = { name = { zh = "小学校数" }, unit = "所", kind = "count" }
y_entrants = { name = { zh = "小学招生数" }, unit = "人", kind = "count" }
y_enrolment = { name = { zh = "小学在校生数" }, unit = "人", kind = "count" }
y_graduates = { name = { zh = "小学毕业生数" }, unit = "人", kind = "count" }
y_staff = { name = { zh = "小学教职工数" }, unit = "人", kind = "count" }
y_teachers = { name = { zh = "小学专任教师数" }, unit = "人", kind = "count", part_of = "y_staff" }
"#;

const IDS: [&str; 7] =
    ["area", "y_schools", "y_entrants", "y_enrolment", "y_graduates", "y_staff", "y_teachers"];

/// The yearbook with codes in place of names, and 全国 as it stands.
fn yearbook() -> Option<[Vec<String>; 7]> {
    let rows = rows("facts/primary_2005_by_province.csv", COLUMNS)?;
    let areas = Areas::builtin();
    let code = |region: &str| {
        let named = |code: &zhibiao::area::AreaCode| {
            let name = areas.name(*code, Lang::Zh).unwrap_or_default();
            code.tier() == Tier::Province && name.starts_with(region)
        };
        areas.codes().find(named).map_or(region.to_owned(), |code| code.to_string())
    };
    Some(std::array::from_fn(|column| {
        let cells = rows.iter().map(|row| row[column].as_str());
        cells.map(|cell| if column == 0 { code(cell) } else { cell.to_owned() }).collect()
    }))
}

fn checked(columns: &[Vec<String>; 7]) -> FindingTable {
    let columns = IDS.iter().zip(columns);
    let columns = columns.map(|(id, cells)| Column::new((*id).into(), cells.clone()));
    let frame = Frame::new_infer_height(columns.collect()).expect("all columns have the same rows");
    let catalog = Catalog::parse(CATALOG, "yearbook.toml").expect("the catalogue holds");
    Check::new(&catalog).run(frame).expect("the table is sound")
}

fn codes(findings: &FindingTable) -> Vec<(&str, Option<&str>)> {
    let told = findings.rows().map(|finding| (finding.error.code(), finding.measure.as_deref()));
    told.collect()
}

#[test]
fn a_published_table_has_no_finding_but_its_total_row() {
    let Some(yearbook) = yearbook() else { return };
    assert_eq!(codes(&checked(&yearbook)), [("total-row", None)]);
}

/// Provinces that are not there can only add to the national total: one digit too many in the
/// largest province exceeds it.
#[test]
fn a_national_total_below_the_provinces_given_is_told() {
    let Some(mut yearbook) = yearbook() else { return };
    let place = yearbook[0].iter().position(|code| code == "440000").expect("Guangdong is there");
    yearbook[3][place].push('0');
    let findings = checked(&yearbook);
    assert_eq!(codes(&findings), [("total-differs", Some("y_enrolment")), ("total-row", None)]);
    let first = findings.rows().next().expect("it was told");
    // 102,260,968 + 9 × 10,670,304.
    assert_eq!(first.other.as_deref(), Some("198293704"));
}

/// A column printed once more, one row further, in place of another.
#[test]
fn a_column_out_of_order_is_found_in_a_published_table() {
    let Some(mut yearbook) = yearbook() else { return };
    let provinces = yearbook[4][1..].to_vec();
    yearbook[1][1..].clone_from_slice(&provinces);
    yearbook[1][1..].rotate_right(1);
    let findings = checked(&yearbook);
    let told = codes(&findings);
    assert!(told.contains(&("permuted-values", Some("y_graduates"))), "{told:?}");
}

/// Every kind of finding in one small table.
const SPOILT: &str = "area,period,sex,children,teachers,teachers_pe\n\
    140700,2021,男,100,9,1\n140728,2021,男,140,4,5\n140729,2021,男,1o,4,1\n140799,2021,女,5,1,1\n\
    140728,2021,女,6,1,1\n140728,2021,合计,150,5,6\n140728,2022,男,1,4,4\n140728,2022,男,2,4,4\n\
    140771,2022,女,3,1,1\n";

#[test]
fn order_of_rows_and_threads_change_no_finding() {
    let catalog = Catalog::builtin();
    let frame = table(SPOILT);
    let printed = |frame: &Frame| {
        let findings = Check::new(&catalog).run(frame).expect("the table is sound");
        let found = findings.frame().expect("it is a frame");
        let mut bytes = Vec::new();
        Format::Csv.write(&found, &mut bytes, "memory").expect("memory takes it");
        let mut codes: BTreeMap<String, usize> = BTreeMap::new();
        for finding in findings.rows() {
            let told =
                format!("{} {:?} {:?}", finding.error.code(), finding.place(), finding.value);
            *codes.entry(told).or_default() += 1;
        }
        (bytes, codes)
    };
    let (bytes, codes) = printed(&frame);
    assert!(codes.len() >= 6, "{codes:?}");
    for threads in [1, 3] {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads");
        assert_eq!(pool.install(|| printed(&frame)).0, bytes);
    }
    let rows = u32::try_from(frame.height()).expect("a small table");
    let reversed: Vec<u32> = (0..rows).rev().collect();
    let reversed = frame.take(&IdxCa::from_vec("rows".into(), reversed)).expect("all rows");
    assert_eq!(printed(&reversed).1, codes);
}
