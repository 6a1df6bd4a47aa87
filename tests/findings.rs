//! What checks find in published tables, and in tables that are spoilt on purpose.

use std::collections::BTreeMap;

use polars::prelude::{Column, IdxCa, ParquetReader, SerReader};
use zhibiao::area::{Areas, Tier};
use zhibiao::check::{Check, FindingTable};
use zhibiao::report::Format;
use zhibiao::{Catalog, Frame, Lang};
use zhibiao_tests::{shared, table, texts};

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
            areas.tier(*code) == Some(Tier::Province) && name.starts_with(region)
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

/// Figures of English authorities: 724 series with the year they begin in, of which sums of money
/// swing most. Told are 10 figures that differ from all other years of their authority, most of
/// them lines of accounts, and 7 of the two smallest authorities in series of fewer years.
#[test]
fn few_figures_of_english_authorities_are_taken_for_slips() {
    let Some(path) = shared("uk_lait/bds_long_0.parquet") else { return };
    let file = std::fs::File::open(path).expect("shared data can be read");
    let sheet = ParquetReader::new(file).finish().expect("it is Parquet");
    let [short, item, years, values, numbers] =
        ["Short Desc", "Data item", "Years", "Values", "LA Number"].map(|name| texts(&sheet, name));
    let mut series: BTreeMap<(&str, &str), String> = BTreeMap::new();
    let mut cells: BTreeMap<(String, String, String), String> = BTreeMap::new();
    for row in 0..sheet.height() {
        let number: Option<u32> = numbers[row].trim_end_matches(".0").parse().ok();
        let value: Option<f64> = values[row].parse().ok();
        let year = years[row].get(..4).filter(|year| year.parse::<u16>().is_ok());
        // What ends with 00 is no authority.
        let number = number.filter(|number| number % 100 != 0 && *number < 1000);
        let (Some(number), Some(value), Some(year)) = (number, value, year) else { continue };
        let next = format!("s{}", series.len());
        let id = series.entry((&short[row], &item[row])).or_insert(next).clone();
        let key = (format!("10{number:04}"), year.to_owned(), id);
        cells.entry(key).or_insert(format!("{value:.4}"));
    }
    assert_eq!((cells.len(), series.len()), (543_935, 724));
    let measure = |id: &String| {
        format!(
            "{id} = {{ name = {{ zh = \"乙{id}\" }}, unit = \"元\", kind = \"amount\", scale = 4 }}\n"
        )
    };
    let measures: String = series.values().map(measure).collect();
    let catalog =
        Catalog::parse(&format!("[measures]\n{measures}"), "lait.toml").expect("it holds");
    let column = |name: &str, cells: Vec<String>| Column::new(name.into(), cells);
    let columns = vec![
        column("area", cells.keys().map(|(area, ..)| area.clone()).collect()),
        column("year", cells.keys().map(|(_, year, _)| year.clone()).collect()),
        column("measure", cells.keys().map(|(.., id)| id.clone()).collect()),
        column("value", cells.values().cloned().collect()),
    ];
    let frame = Frame::new_infer_height(columns).expect("all columns have the same rows");
    let findings = Check::new(&catalog).run(frame).expect("the table is sound");
    let mut told: BTreeMap<&str, usize> = BTreeMap::new();
    for finding in findings.rows() {
        *told.entry(finding.error.code()).or_default() += 1;
    }
    // The codes are made up.
    assert_eq!(told, BTreeMap::from([("unit-slip", 17), ("unknown-area", 155), ("zone", 14)]));
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
