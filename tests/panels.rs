//! Panels in the areas of one year: no figure is lost or counted twice, however the table comes.

use polars::prelude::{DataFrame, df};
use zhibiao::area::history::{Crosswalk, Target, Weights};
use zhibiao::area::{AreaCode, Areas, Tier};
use zhibiao::table::Coverage;
use zhibiao::{Batches, Catalog, Log, Query, Table};

const YEARS: [u16; 3] = [2000, 2015, 2020];

fn code(digits: &str) -> AreaCode {
    digits.parse().expect("a code")
}

/// Every county of every year, and in each so many projects.
fn panel() -> DataFrame {
    let (mut areas, mut periods, mut planned, mut done) = (vec![], vec![], vec![], vec![]);
    for year in YEARS {
        let listed = Areas::at(year).expect("the year is known");
        for county in listed.codes().filter(|code| listed.tier(*code) == Some(Tier::County)) {
            let number = i64::from(county.number().expect("it has digits")) % 97 + 2;
            areas.push(county.to_string());
            periods.push(i32::from(year));
            planned.push(number);
            done.push(number / 2);
        }
    }
    df!["area" => areas, "period" => periods, "projects" => planned, "projects_done" => done]
        .expect("columns of one length")
}

fn weights() -> Weights {
    let parts = [(code("140213"), "3".parse().unwrap()), (code("140214"), "1".parse().unwrap())];
    let third = "1".parse().unwrap();
    let rest = ["140212", "140213", "140214"].map(|area| (code(area), third));
    let weights = Weights::new().in_proportion(code("140202"), 2015, &parts);
    weights.and_then(|weights| weights.in_proportion(code("140211"), 2015, &rest)).unwrap()
}

fn question(catalog: &Catalog) -> Query<'_> {
    Query::new(catalog).indicators(["projects.completion"]).coverage(Coverage::Given)
}

/// Planned and done of each year.
fn totals(sums: &DataFrame) -> Vec<(i32, i128, i128)> {
    let texts = |name: &str| -> Vec<i128> {
        let column = sums.column(name).unwrap().cast(&polars::prelude::DataType::Int128).unwrap();
        column.i128().unwrap().iter().map(Option::unwrap_or_default).collect()
    };
    let periods = sums.column("period").unwrap().str().unwrap();
    let mut by_year = std::collections::BTreeMap::new();
    let figures = texts("sum(projects)").into_iter().zip(texts("sum(projects_done)"));
    for (period, (planned, done)) in periods.iter().flatten().zip(figures) {
        let (of_year, of_done) = by_year.entry(period.parse::<i32>().unwrap()).or_insert((0, 0));
        *of_year += planned;
        *of_done += done;
    }
    by_year.into_iter().map(|(year, (planned, done))| (year, planned, done)).collect()
}

#[test]
fn no_figure_is_lost_or_counted_twice() {
    let (catalog, panel) = (Catalog::builtin(), panel());
    for (year, weights) in [(2020, Weights::new()), (2020, weights()), (2000, Weights::new())] {
        let query = question(&catalog).tiers([Tier::County]);
        let walk = Crosswalk::weighted(year, &query.years(&panel).unwrap(), &weights).unwrap();
        let query = query.harmonised(walk).unwrap();
        let answer = query.run(&panel).unwrap();
        let lost: Vec<&str> = answer
            .findings()
            .iter()
            .map(|finding| finding.code())
            .filter(|code| !matches!(*code, "united-areas" | "no-predecessor"))
            .collect();
        let given = totals(&per_year(&panel));
        let sums = totals(&query.sums(&panel).unwrap());
        // What has no place is told, and nothing else is lacking.
        for ((year, planned, done), of_units) in given.iter().zip(&sums) {
            let all = (*year, *planned, *done);
            assert!(all == *of_units || !lost.is_empty(), "{all:?} {of_units:?}");
        }
        assert!(
            lost.iter().all(|code| matches!(*code, "no-successor" | "part-absent")),
            "{lost:?}"
        );
    }
}

/// The figures themselves, as sums of nothing are.
fn per_year(panel: &DataFrame) -> DataFrame {
    let text = panel.column("period").unwrap().cast(&polars::prelude::DataType::String).unwrap();
    let mut frame = panel.clone();
    frame.with_column(text).unwrap();
    frame.rename("projects", "sum(projects)".into()).unwrap();
    frame.rename("projects_done", "sum(projects_done)".into()).unwrap();
    frame
}

#[test]
fn batches_give_what_the_whole_gives() {
    let (catalog, panel) = (Catalog::builtin(), panel());
    let query = question(&catalog).tiers([Tier::County, Tier::Province]);
    let walk = Crosswalk::weighted(2020, &query.years(&panel).unwrap(), &weights()).unwrap();
    let query = query.harmonised(walk).unwrap();
    let whole = query.run(&panel).unwrap();
    let rows = || Ok((0..panel.height()).step_by(701).map(|row| Ok(panel.slice(row as i64, 701))));
    let batches = query.run_batches(Batches::new(rows).rows_at_once(701)).unwrap();
    assert_eq!(whole.frame().unwrap(), batches.frame().unwrap());
    let codes = |findings: &[zhibiao::Error]| -> Vec<String> {
        findings.iter().map(ToString::to_string).collect()
    };
    assert_eq!(codes(whole.findings()), codes(batches.findings()));
}

#[test]
fn a_log_keeps_the_crosswalk() {
    let (catalog, table) = (Catalog::builtin(), Table::from(panel()));
    let query = question(&catalog).tiers([Tier::Prefecture]);
    let walk = Crosswalk::weighted(2020, &query.years(&table).unwrap(), &weights()).unwrap();
    let (answer, log) = query.harmonised(walk).unwrap().run_logged(&table).unwrap();
    let log: Log = log.to_string().parse().unwrap();
    let again = log.replay(&catalog, log.area_table().unwrap(), &table).unwrap();
    assert_eq!(again.frame().unwrap(), answer.frame().unwrap());
}

#[test]
fn a_log_of_another_year_finds_its_areas() {
    let catalog = Catalog::builtin();
    let table = Table::from(
        df!["area" => ["140726"], "projects" => [60], "projects_done" => [52]].unwrap(),
    );
    let query = question(&catalog).areas(Areas::at(2015).unwrap());
    let (answer, log) = query.run_logged(&table).unwrap();
    let again = log.replay(&catalog, log.area_table().unwrap(), &table).unwrap();
    assert_eq!(again.frame().unwrap(), answer.frame().unwrap());
    assert!(answer.findings().is_empty());
}

#[test]
fn an_area_of_the_last_of_several_calls_counts() {
    let (catalog, panel) = (Catalog::builtin(), panel());
    let query = question(&catalog).periods(["2015".parse().unwrap()]);
    let walk = Crosswalk::to(2020, &query.years(&panel).unwrap()).unwrap();
    assert_eq!(walk.years().collect::<Vec<_>>(), [2015, 2020]);
    let answer =
        query.harmonised(walk).unwrap().areas(Areas::at(2015).unwrap()).run(&panel).unwrap();
    assert!(answer.rows().any(|row| row.area() == code("140726")));
}

#[test]
fn own_rows_of_areas_that_counties_left_or_joined_have_no_place() {
    for (to, years) in [(2020, vec![1981, 1995, 2005, 2014]), (1990, vec![2000, 2024])] {
        let walk = Crosswalk::to(to, &years).unwrap();
        let areas = walk.areas().unwrap();
        for year in &years {
            let then = Areas::at(*year).unwrap();
            let smallest = |code: &AreaCode| then.children(*code).is_empty();
            for larger in then.codes().filter(|code| !smallest(code)) {
                for (unit, _) in walk.units(larger, *year) {
                    // A county lies in the area then if it does now. Unions lie above several.
                    for county in then.codes().filter(smallest) {
                        let Some(Target::One(to)) = walk.target(county, *year) else { continue };
                        let mut from = walk.sources(unit, *year).iter();
                        let before = from.any(|of| then.is_within(county, *of));
                        let now = areas.is_within(*to, unit);
                        assert_eq!(before, now, "{county} of {year}, {larger}, {unit}");
                    }
                }
            }
        }
    }
}
