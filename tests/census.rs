//! The census of 2020: every published rate of 3,358 areas, computed again from the published counts.
//!
//! Data: `cn_census_county_2020` (GitHub leiii/census, MIT): provinces, prefectures and counties in
//! one table of 153 columns.

use std::collections::{BTreeMap, HashMap};

use polars::prelude::Column;
use zhibiao::check::Finding;
use zhibiao::number::Decimal;
use zhibiao::period::Period;
use zhibiao::table::Status;
use zhibiao::{Catalog, Frame, Query, Table};
use zhibiao_tests::{shared, table, texts};

/// Counts are columns of the table; age groups are formulas over the columns of single groups.
const CATALOG: &str = r#"
[measures]
persons = { name = { zh = "总人口" }, aliases = ["人口数_合计"], unit = "人", kind = "count" }
men = { name = { zh = "男性人口" }, aliases = ["人口数_男"], unit = "人", kind = "count" }
women = { name = { zh = "女性人口" }, aliases = ["人口数_女"], unit = "人", kind = "count" }
households = { name = { zh = "家庭户" }, aliases = ["家庭户数"], unit = "户", kind = "count" }
household_members = { name = { zh = "家庭户人口" }, aliases = ["家庭户人口数"], unit = "人", kind = "count" }
illiterate = { name = { zh = "文盲人口" }, aliases = ["15岁及以上文盲人口"], unit = "人", kind = "count" }
m0 = { name = { zh = "男_0岁" }, unit = "人", kind = "count" }
f0 = { name = { zh = "女_0岁" }, unit = "人", kind = "count" }
m1 = { name = { zh = "男_1到4岁" }, unit = "人", kind = "count" }
f1 = { name = { zh = "女_1到4岁" }, unit = "人", kind = "count" }
m5 = { name = { zh = "男_5到9岁" }, unit = "人", kind = "count" }
f5 = { name = { zh = "女_5到9岁" }, unit = "人", kind = "count" }
m10 = { name = { zh = "男_10到14岁" }, unit = "人", kind = "count" }
f10 = { name = { zh = "女_10到14岁" }, unit = "人", kind = "count" }
m15 = { name = { zh = "男_15到19岁" }, unit = "人", kind = "count" }
f15 = { name = { zh = "女_15到19岁" }, unit = "人", kind = "count" }
m20 = { name = { zh = "男_20到24岁" }, unit = "人", kind = "count" }
f20 = { name = { zh = "女_20到24岁" }, unit = "人", kind = "count" }
m25 = { name = { zh = "男_25到29岁" }, unit = "人", kind = "count" }
f25 = { name = { zh = "女_25到29岁" }, unit = "人", kind = "count" }
m30 = { name = { zh = "男_30到34岁" }, unit = "人", kind = "count" }
f30 = { name = { zh = "女_30到34岁" }, unit = "人", kind = "count" }
m35 = { name = { zh = "男_35到39岁" }, unit = "人", kind = "count" }
f35 = { name = { zh = "女_35到39岁" }, unit = "人", kind = "count" }
m40 = { name = { zh = "男_40到44岁" }, unit = "人", kind = "count" }
f40 = { name = { zh = "女_40到44岁" }, unit = "人", kind = "count" }
m45 = { name = { zh = "男_45到49岁" }, unit = "人", kind = "count" }
f45 = { name = { zh = "女_45到49岁" }, unit = "人", kind = "count" }
m50 = { name = { zh = "男_50到54岁" }, unit = "人", kind = "count" }
f50 = { name = { zh = "女_50到54岁" }, unit = "人", kind = "count" }
m55 = { name = { zh = "男_55到59岁" }, unit = "人", kind = "count" }
f55 = { name = { zh = "女_55到59岁" }, unit = "人", kind = "count" }
m60 = { name = { zh = "男_60到64岁" }, unit = "人", kind = "count" }
f60 = { name = { zh = "女_60到64岁" }, unit = "人", kind = "count" }
m65 = { name = { zh = "男_65到69岁" }, unit = "人", kind = "count" }
f65 = { name = { zh = "女_65到69岁" }, unit = "人", kind = "count" }
m70 = { name = { zh = "男_70到74岁" }, unit = "人", kind = "count" }
f70 = { name = { zh = "女_70到74岁" }, unit = "人", kind = "count" }
m75 = { name = { zh = "男_75到79岁" }, unit = "人", kind = "count" }
f75 = { name = { zh = "女_75到79岁" }, unit = "人", kind = "count" }
m80 = { name = { zh = "男_80到84岁" }, unit = "人", kind = "count" }
f80 = { name = { zh = "女_80到84岁" }, unit = "人", kind = "count" }
m85 = { name = { zh = "男_85岁以上" }, unit = "人", kind = "count" }
f85 = { name = { zh = "女_85岁以上" }, unit = "人", kind = "count" }
age_0_14 = { define = "sum(m0 + f0 + m1 + f1 + m5 + f5 + m10 + f10)" }
age_15_64 = { define = "sum(m15 + f15 + m20 + f20 + m25 + f25 + m30 + f30 + m35 + f35 + m40 + f40 + m45 + f45 + m50 + f50 + m55 + f55 + m60 + f60)" }
age_65_up = { define = "sum(m65 + f65 + m70 + f70 + m75 + f75 + m80 + f80 + m85 + f85)" }
age_15_up = { define = "sum(persons - m0 - f0 - m1 - f1 - m5 - f5 - m10 - f10)" }
women_15_49 = { define = "sum(f15 + f20 + f25 + f30 + f35 + f40 + f45)" }

[indicators]
"census.sex_ratio" = { name = { zh = "性别比" }, kind = "rate", numerator = "men", denominator = "women", unit = "%", decimals = 2 }
"census.share_0_14" = { name = { zh = "0-14岁人口比重" }, kind = "rate", numerator = "age_0_14", denominator = "persons", unit = "%", decimals = 2 }
"census.share_15_64" = { name = { zh = "15-64岁人口比重" }, kind = "rate", numerator = "age_15_64", denominator = "persons", unit = "%", decimals = 2 }
"census.share_65_up" = { name = { zh = "65岁及以上人口比重" }, kind = "rate", numerator = "age_65_up", denominator = "persons", unit = "%", decimals = 2 }
"census.share_women_15_49" = { name = { zh = "15-49岁育龄妇女比重" }, kind = "rate", numerator = "women_15_49", denominator = "persons", unit = "%", decimals = 2 }
"census.illiteracy" = { name = { zh = "文盲占15岁及以上人口比重" }, kind = "rate", numerator = "illiterate", denominator = "age_15_up", unit = "%", decimals = 2 }
"census.household_size" = { name = { zh = "户规模" }, kind = "ratio", numerator = "household_members", denominator = "households", unit = "人/户", decimals = 2 }
"#;

/// Indicators of the catalogue, and the columns in which the census publishes them.
const RATES: [(&str, &str); 7] = [
    ("census.sex_ratio", "性别比（女=100）"),
    ("census.share_0_14", "人口比重_0-14岁"),
    ("census.share_15_64", "人口比重_15-64岁"),
    ("census.share_65_up", "人口比重_65岁及以上"),
    ("census.share_women_15_49", "人口比重_15-49岁育龄妇女"),
    ("census.illiteracy", "文盲占15岁及以上人口比重"),
    ("census.household_size", "户规模"),
];

const CODE: &str = "区划代码";

/// Kinds of rows by their code, and how many there are. Each kind is a table of its own: the areas
/// of one are made of those of the next.
/// Name, number of rows, and which codes belong.
type RowKind = (&'static str, usize, fn(&str) -> bool);

const KINDS: [RowKind; 4] = [
    ("provinces", 31, |code| code.ends_with("0000")),
    ("prefectures", 338, |code| code.ends_with("00") && !code.ends_with("0000")),
    ("counties", 2_943, |code| !code.is_empty() && !code.ends_with("00")),
    ("areas without a code", 46, |code| code.is_empty()),
];

/// The columns of the census as text.
struct Sheet {
    columns: Vec<(String, Vec<String>)>,
}

impl Sheet {
    /// The sheet as it is; `None` where the data are absent.
    fn read() -> Option<Self> {
        let path = shared("cn_census_county_2020/county_2020.csv")?;
        let frame = table(&std::fs::read_to_string(path).expect("shared data can be read"));
        let headers: Vec<String> =
            frame.get_column_names().iter().map(ToString::to_string).collect();
        let mut columns = Vec::new();
        for header in headers {
            let cells = texts(&frame, &header);
            columns.push((header, cells));
        }
        Some(Self { columns })
    }

    fn column(&self, header: &str) -> &[String] {
        let found = self.columns.iter().find(|(name, _)| name == header);
        let (_, cells) = found.unwrap_or_else(|| panic!("no column {header}"));
        cells
    }

    /// The columns of age groups, of men and of women.
    fn ages(&mut self) -> impl Iterator<Item = &mut Vec<String>> {
        let columns = self.columns.iter_mut();
        columns
            .filter(|(name, _)| name.starts_with("男_") || name.starts_with("女_"))
            .map(|(_, cells)| cells)
    }

    /// The sheet with 0 where an age group is empty, which is what the yearbook means: only so do
    /// the ages of these areas add up to their persons, as those of all others do.
    fn with_nobody_in_empty_age_groups(mut self) -> Self {
        let mut sums = vec![0_u64; self.column(CODE).len()];
        for cells in self.ages() {
            for (cell, sum) in cells.iter_mut().zip(&mut sums) {
                if cell.is_empty() {
                    "0".clone_into(cell);
                }
                *sum += cell.parse::<u64>().expect("persons are counted");
            }
        }
        for (persons, sum) in self.column("人口数_合计").iter().zip(sums) {
            assert_eq!(*persons, sum.to_string());
        }
        self
    }

    /// Some rows, all columns, with other codes.
    fn frame(&self, rows: &[usize], codes: &[String]) -> Frame {
        let mut columns = Vec::new();
        for (header, cells) in &self.columns {
            let cells: Vec<String> = match header.as_str() {
                CODE => codes.to_vec(),
                _ => rows.iter().map(|row| cells[*row].clone()).collect(),
            };
            columns.push(Column::new(header.as_str().into(), cells));
        }
        Frame::new_infer_height(columns).expect("all columns have the same rows")
    }
}

/// A code for an area without one: of a development zone (county part 71 to 79) of Shanxi, since
/// those need not be in the table of areas. The prefecture means nothing.
fn made_up(index: usize) -> String {
    format!("14{:02}{}", 1 + index / 9, 71 + index % 9)
}

/// Cells of the published rates by what the library makes of them.
#[derive(Debug, Default, PartialEq)]
struct Outcome {
    equal: usize,
    /// Published, but a part is missing.
    missing: usize,
    /// Neither published nor computed.
    blank: usize,
    different: Vec<String>,
}

fn same(shown: &str, published: &str) -> bool {
    // The census drops trailing zeros: 104.8 is 104.80.
    let (shown, published) = (shown.parse::<Decimal>(), published.parse::<Decimal>());
    matches!((shown, published), (Ok(shown), Ok(published)) if shown == published)
}

fn recompute(sheet: &Sheet) -> Outcome {
    let catalog = Catalog::parse(CATALOG, "census.toml").expect("the catalogue holds");
    let query = Query::new(&catalog).indicators(RATES.map(|(id, _)| id)).period(Period::Year(2020));
    let given = sheet.column(CODE);
    let mut outcome = Outcome::default();
    for (kind, count, is_of_kind) in KINDS {
        let rows: Vec<usize> = (0..given.len()).filter(|row| is_of_kind(&given[*row])).collect();
        assert_eq!(rows.len(), count, "{kind}");
        let coded = rows.iter().enumerate().map(|(index, row)| match given[*row].as_str() {
            "" => made_up(index),
            code => code.to_owned(),
        });
        let codes: Vec<String> = coded.collect();
        let row_of: HashMap<&str, usize> =
            codes.iter().map(String::as_str).zip(rows.iter().copied()).collect();
        assert_eq!(row_of.len(), count, "{kind}: a code stands twice");
        let answer = query.run(sheet.frame(&rows, &codes)).expect(kind);
        assert_eq!(answer.len(), count * RATES.len(), "{kind}");
        // Codes of 2020 that are no longer in force, and counties that have become cities or districts.
        let of_later = ["unknown-area", "area-name-mismatch"];
        assert!(answer.findings().iter().all(|told| of_later.contains(&told.code())), "{kind}");
        for row in answer.rows() {
            let code = row.area().to_string();
            let header =
                RATES.iter().find(|(id, _)| *id == row.indicator().id).expect("it was asked for").1;
            let published = sheet.column(header)[row_of[code.as_str()]].as_str();
            match (row.display().expect("it fits"), published) {
                (None, "") => outcome.blank += 1,
                (None, _) => {
                    assert_eq!(row.status(), Status::Missing, "{code} {header}");
                    outcome.missing += 1;
                }
                (Some(shown), _) if same(&shown, published) => outcome.equal += 1,
                (Some(shown), _) => {
                    outcome.different.push(format!("{code} {header} {published}: {shown}"))
                }
            }
        }
    }
    outcome
}

#[test]
fn all_23_504_published_rates_of_the_census_come_out_of_its_counts() {
    let Some(sheet) = Sheet::read() else { return };
    let outcome = recompute(&sheet.with_nobody_in_empty_age_groups());
    let wanted = Outcome { equal: 23_504, missing: 0, blank: 2, different: Vec::new() };
    assert_eq!(outcome, wanted);
    eprintln!("county_2020.csv: {} published rates recomputed", outcome.equal);
}

#[test]
fn an_empty_cell_of_the_census_is_missing_and_not_nobody() {
    let Some(sheet) = Sheet::read() else { return };
    let outcome = recompute(&sheet);
    // Four areas of a few hundred persons leave age groups empty.
    let wanted = Outcome { equal: 23_493, missing: 11, blank: 2, different: Vec::new() };
    assert_eq!(outcome, wanted);
}

/// The yearbook gives zones without a code, so the counties of 26 prefectures do not make them; and
/// it prints 270 persons too many for the households of Henan. All else adds up, and no figure of
/// 3,312 areas is taken for a slip.
#[test]
fn the_tiers_of_the_census_agree_but_for_zones_without_a_code() {
    let Some(path) = shared("cn_census_county_2020/county_2020.csv") else { return };
    let catalog = Catalog::parse(CATALOG, "census.toml").expect("the catalogue holds");
    let findings = Table::read([path]).expect("it reads").check(&catalog).expect("it is checked");
    let mut codes: BTreeMap<&str, usize> = BTreeMap::new();
    for finding in findings.rows() {
        *codes.entry(finding.error.code()).or_default() += 1;
    }
    // Six counties have become cities or districts since.
    let wanted = [
        ("area-name-mismatch", 6),
        ("missing-key", 46),
        ("parent-differs", 1138),
        ("unknown-area", 27),
        ("zone", 95),
    ];
    assert_eq!(codes, BTreeMap::from(wanted));
    let differs = |measure: &str| {
        let of = |finding: &&Finding| finding.measure.as_deref() == Some(measure);
        let places = findings.rows().filter(of).filter_map(Finding::place);
        places.collect::<Vec<_>>()
    };
    assert_eq!(differs("persons").len(), 26);
    assert!(differs("household_members").contains(&"410000".to_owned()));
    let henan = findings.rows().find(|finding| finding.place().as_deref() == Some("410000"));
    let henan = henan.map(|finding| (finding.value.as_deref(), finding.other.as_deref()));
    assert_eq!(henan, Some((Some("90744073"), Some("90743803"))));
}
