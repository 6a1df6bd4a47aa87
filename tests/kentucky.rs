//! Subsidised school meals in Kentucky: shares of three levels that do not add up.
//!
//! Data: `us_ky_report_card` (GitHub alspur/kysrc, CC0).

use std::collections::{BTreeMap, BTreeSet};

use polars::prelude::Column;
use zhibiao::area::{Areas, Tier};
use zhibiao::check::Check;
use zhibiao::number::{Decimal, Ratio, RoundMode};
use zhibiao::plan::Policy;
use zhibiao::table::Status;
use zhibiao::{Catalog, Frame, Query};

use crate::sheets::rows;

/// A rate, not a share: schools feed pupils who are enrolled elsewhere.
const CATALOG: &str = r#"
[measures]
enrolled = { name = { zh = "在校学生" }, aliases = ["enroll"], unit = "人", kind = "count" }
subsidised = { name = { zh = "享受餐费补助学生" }, aliases = ["frpl_total"], unit = "人", kind = "count" }

[indicators]
"meals.subsidised" = { name = { zh = "餐费补助覆盖率" }, kind = "rate", numerator = "subsidised", denominator = "enrolled", unit = "%", decimals = 4 }
"#;

/// The number that the files give the state.
const STATE: &str = "999";

fn catalog() -> Catalog {
    Catalog::parse(CATALOG, "kentucky.toml").expect("the catalogue holds")
}

fn number(text: &str) -> Decimal {
    text.parse::<Decimal>().unwrap_or_else(|error| panic!("{text}: {error}"))
}

/// The state and its districts, by the numbers that the files give them.
fn areas<'a>(districts: impl IntoIterator<Item = &'a str>) -> Areas {
    let districts: BTreeSet<&str> = districts.into_iter().collect();
    let rows = districts.into_iter().map(|id| format!("{id},{STATE}\n"));
    let text: String = ["code,parent\n".to_owned()].into_iter().chain(rows).collect();
    Areas::parse(&format!("{text}{STATE},\n"), "kentucky.csv").expect("the table of parents reads")
}

/// Columns of districts: number, school year, enrolled, subsidised, published share.
const COLUMNS: [&str; 5] = ["sch_id", "year", "enroll", "frpl_total", "frpl_pct"];

/// The counts of areas.
fn frame(districts: &[&[String; 5]]) -> Frame {
    let column = |name: &str, of: &dyn Fn(&[String; 5]) -> String| {
        let cells: Vec<String> = districts.iter().copied().map(of).collect();
        Column::new(name.into(), cells)
    };
    let columns = vec![
        column("area", &|[id, ..]| id.clone()),
        column("year", &|[_, year, ..]| year.clone()),
        column("enroll", &|[_, _, enrolled, ..]| enrolled.clone()),
        column("frpl_total", &|[_, _, _, subsidised, _]| subsidised.clone()),
    ];
    Frame::new_infer_height(columns).expect("all columns have the same rows")
}

#[test]
fn each_published_share_is_the_float_nearest_to_its_own_count_over_enrolment() {
    for (file, published_shares) in
        [("frpl_sch.csv", 7_562), ("frpl_dist.csv", 1_046), ("frpl_state.csv", 6)]
    {
        let path = format!("us_ky_report_card/{file}");
        let Some(rows) = rows(&path, ["enroll", "frpl_total", "frpl_pct"]) else { return };
        let mut equal = 0;
        for [enrolled, subsidised, published] in &rows {
            let complete = !enrolled.is_empty() && !subsidised.is_empty();
            assert_eq!(
                complete,
                !published.is_empty(),
                "{file}: {enrolled} {subsidised} {published}"
            );
            if complete {
                let exact = Ratio::of_decimals(number(subsidised), number(enrolled))
                    .expect("there are pupils");
                let published: f64 = published.parse().expect("a float");
                assert_eq!(
                    exact.to_f64().to_bits(),
                    published.to_bits(),
                    "{file}: {subsidised} of {enrolled}"
                );
                equal += 1;
            }
        }
        assert_eq!(equal, published_shares, "{file}");
        eprintln!("{file}: {equal} published shares");
    }
}

#[test]
fn shares_of_districts_over_six_school_years_are_those_published() {
    let Some(rows) = rows("us_ky_report_card/frpl_dist.csv", COLUMNS) else { return };
    let districts: Vec<&[String; 5]> = rows.iter().collect();
    let areas = areas(rows.iter().map(|row| row[0].as_str()));
    assert_eq!((districts.len(), areas.codes().count()), (1_059, 178 + 1));
    let catalog = catalog();
    let query = Query::new(&catalog).indicators(["meals.subsidised"]).areas(areas);
    let answer = query.run(frame(&districts)).expect("the table is sound");
    assert!(answer.findings().is_empty(), "{:?}", answer.findings());
    assert_eq!(answer.len(), districts.len());
    let mut published = BTreeMap::new();
    for [id, year, _, _, share] in &rows {
        published.insert((id.clone(), year.clone()), share);
    }
    let (mut equal, mut missing) = (0, 0);
    for row in answer.rows() {
        let year = row.period().expect("every row has a school year").to_string();
        let share = published[&(row.area().to_string(), year)];
        let shown = row.display().expect("it fits");
        if share.is_empty() {
            assert_eq!((shown, row.status()), (None, Status::Missing));
            missing += 1;
            continue;
        }
        // The published share is a fraction of 16 digits.
        let percent = number(share)
            .ratio()
            .scaled(100)
            .and_then(|percent| percent.rounded(4, RoundMode::HalfAway));
        assert_eq!(shown, Some(percent.expect("it fits").to_string()), "{share}");
        equal += 1;
    }
    assert_eq!((equal, missing), (1_046, 13));
    eprintln!("frpl_dist.csv: {equal} shares recomputed, {missing} missing");
}

#[test]
fn the_share_of_the_state_is_neither_that_of_its_districts_nor_their_mean() {
    let year = "2016-2017";
    let Some(rows) = rows("us_ky_report_card/frpl_dist.csv", COLUMNS) else { return };
    let Some(states) = crate::sheets::rows("us_ky_report_card/frpl_state.csv", COLUMNS) else {
        return;
    };
    let districts: Vec<&[String; 5]> = rows.iter().filter(|row| row[1] == year).collect();
    let [_, _, enrolled_of_state, subsidised_of_state, share_of_state] =
        states.iter().find(|row| row[1] == year).expect("the state has the year");
    let whole = |text: &String| {
        if text.is_empty() { 0 } else { number(text).rescaled(0).expect("pupils").mantissa() }
    };
    let to_two_decimals = |ratio: Ratio| {
        let percent = ratio.scaled(100).and_then(|percent| percent.rounded(2, RoundMode::HalfAway));
        percent.expect("it fits").to_string()
    };

    // All districts: pupils of those without a count of meals are in the denominator.
    let enrolled: i128 = districts.iter().map(|district| whole(&district[2])).sum();
    let subsidised: i128 = districts.iter().map(|district| whole(&district[3])).sum();
    assert_eq!((districts.len(), subsidised, enrolled), (177, 399_235, 677_012));
    assert_eq!(to_two_decimals(Ratio::new(subsidised, enrolled).unwrap()), "58.97");

    // The state: the same pupils with meals, another number of pupils.
    assert_eq!((whole(subsidised_of_state), whole(enrolled_of_state)), (399_235, 656_588));
    assert_eq!(to_two_decimals(number(share_of_state).ratio()), "60.80");

    // The mean of districts, large and small alike.
    let shares: Vec<f64> =
        districts.iter().filter_map(|district| district[4].parse().ok()).collect();
    assert_eq!(shares.len(), 175);
    assert_eq!(format!("{:.2}", shares.iter().sum::<f64>() / 175.0 * 100.0), "63.98");

    // The library: no value while a district lacks a part, or the districts that have both.
    let areas = areas(districts.iter().map(|district| district[0].as_str()));
    let state = areas.code(STATE).expect("the state is in its tree");
    let catalog = catalog();
    let query = Query::new(&catalog)
        .indicators(["meals.subsidised"])
        .areas(areas)
        .tiers([Tier::Prefecture]);
    let frame = frame(&districts);
    let any = query.run(&frame).expect("the table is sound");
    let row = any.row("meals.subsidised", state).expect("the state has a row");
    assert_eq!(
        (row.status(), row.missing().0, row.coverage()),
        (Status::Missing, 2, (177, Some(177)))
    );
    assert!(row.value().is_none());
    let complete = query.policy(Policy::Complete).run(&frame).expect("the table is sound");
    let row = complete.row("meals.subsidised", state).expect("the state has a row");
    assert_eq!(row.status(), Status::Ok);
    assert_eq!(
        (row.numerator(), row.denominator()),
        (Some(Decimal::integer(399_235)), Some(Decimal::integer(656_472)))
    );
    assert_eq!(row.display().unwrap().as_deref(), Some("60.8152"));
    assert_eq!(to_two_decimals(Ratio::new(399_235, 656_472).unwrap()), "60.82");

    // What is between the two: the state counts the 116 pupils of district 610, not those of 777.
    let lacking: Vec<(&str, i128)> = districts
        .iter()
        .filter(|district| district[4].is_empty())
        .map(|district| (district[0].as_str(), whole(&district[2])))
        .collect();
    assert_eq!(lacking, [("610", 116), ("777", 20_424)]);
    assert_eq!(whole(enrolled_of_state), 656_472 + 116);
}

/// The first three digits of a school are its district.
#[test]
fn schools_as_areas_make_their_districts_and_the_state() {
    let year = "2016-2017";
    let Some(rows) = rows("us_ky_report_card/frpl_sch.csv", COLUMNS) else { return };
    let schools: Vec<&[String; 5]> =
        rows.iter().filter(|row| row[1] == year && !row[4].is_empty()).collect();
    let mut wanted: BTreeMap<&str, (i128, i128, u32)> = BTreeMap::new();
    for [id, _, enrolled, subsidised, _] in &schools {
        let pupils = |text: &String| number(text).rescaled(0).expect("pupils").mantissa();
        for area in [&id[..3], STATE] {
            let (part, whole, count) = wanted.entry(area).or_default();
            *part += pupils(subsidised);
            *whole += pupils(enrolled);
            *count += 1;
        }
    }
    let districts: BTreeSet<&str> = schools.iter().map(|row| &row[0][..3]).collect();
    let mut text = format!("code,parent,tier\n{STATE},,province\n");
    text.extend(districts.iter().map(|id| format!("{id},{STATE},county\n")));
    text.extend(schools.iter().map(|row| format!("{},{},school\n", row[0], &row[0][..3])));
    let areas = Areas::parse(&text, "kentucky.csv").expect("the table of parents reads");
    let catalog = catalog();
    let query = Query::new(&catalog).indicators(["meals.subsidised"]).areas(areas).tiers([
        Tier::Province,
        Tier::County,
        Tier::School,
    ]);
    let answer = query.run(frame(&schools)).expect("the table is sound");
    assert!(answer.findings().is_empty(), "{:?}", answer.findings());
    assert_eq!(answer.len(), 1 + districts.len() + schools.len());
    for row in answer.rows().filter(|row| row.tier() > Tier::School) {
        let (part, whole, count) = wanted[row.area().to_string().as_str()];
        assert_eq!(row.status(), Status::Ok, "{}", row.area());
        assert_eq!(row.numerator(), Some(Decimal::integer(part)), "{}", row.area());
        assert_eq!(row.denominator(), Some(Decimal::integer(whole)), "{}", row.area());
        assert_eq!(row.coverage(), (count, Some(count)), "{}", row.area());
    }
    eprintln!("frpl_sch.csv: {} schools in {} districts", schools.len(), districts.len());
}

/// Levels do not add up, which is what a check tells; in six years of 178 districts it takes no
/// figure for a slip.
#[test]
fn a_check_tells_the_years_in_which_districts_have_more_pupils_than_the_state() {
    let Some(districts) = rows("us_ky_report_card/frpl_dist.csv", COLUMNS) else { return };
    let Some(states) = rows("us_ky_report_card/frpl_state.csv", COLUMNS) else { return };
    let areas = areas(districts.iter().map(|row| row[0].as_str()));
    let both: Vec<&[String; 5]> = districts.iter().chain(&states).collect();
    let catalog = catalog();
    let findings = Check::new(&catalog).areas(areas).run(frame(&both));
    let findings = findings.expect("the table is sound");
    let told: Vec<_> = findings
        .rows()
        .map(|finding| (finding.error.code(), finding.period.map(|period| period.to_string())))
        .collect();
    let years = ["2012-2013", "2013-2014", "2014-2015", "2015-2016", "2016-2017"];
    let wanted: Vec<_> =
        years.iter().map(|year| ("parent-differs", Some((*year).to_owned()))).collect();
    assert_eq!(told, wanted);
    let first = findings.rows().next().expect("one was told");
    assert_eq!(
        (first.value.as_deref(), first.other.as_deref(), first.measure.as_deref()),
        (Some("652317"), Some("671951"), Some("enrolled"))
    );
}
