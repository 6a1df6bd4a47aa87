//! Published changes, reproduced by indicators of kind `change`.
//!
//! Data: `facts/published_rates_cn.csv` and `facts/statements.csv`, with the source of every row.

use zhibiao::number::{Bounds, Decimal, Ratio, RoundMode};
use zhibiao::table::Value;
use zhibiao::unit::Unit;
use zhibiao::{Catalog, IndicatorTable, Query};
use zhibiao_tests::table;

use crate::sheets::rows;

/// What is counted or paid, by unit.
const MEASURES: &str = r#"
[measures.t_person]
name = { zh = "某人数" }
unit = "person"
kind = "count"
[measures.t_institution]
name = { zh = "某机构数" }
unit = "institution"
kind = "count"
[measures.t_yuan]
name = { zh = "某金额" }
unit = "yuan"
kind = "amount"
scale = 2
"#;

/// The answer of a query of the built-in catalogue with more indicators.
fn ask(catalog: &str, indicators: &[&str], csv: &str) -> IndicatorTable {
    let catalog = Catalog::builtin().extend(Catalog::parse(catalog, "test.toml").unwrap()).unwrap();
    Query::new(&catalog).indicators(indicators.iter().copied()).run(table(csv)).unwrap()
}

fn change(of: &str, form: &str, decimals: u8) -> String {
    format!(
        "[indicators.\"t.change\"]\nname = {{ zh = \"变动\" }}\nkind = \"change\"\nof = \"{of}\"\nas = \"{form}\"\ndecimals = {decimals}\n"
    )
}

/// Printed values in the order of the table; empty where there is none.
fn shown(table: &IndicatorTable) -> Vec<String> {
    table.rows().map(|row| row.display().unwrap().unwrap_or_default()).collect()
}

#[test]
fn kindergartens_of_the_nation_from_2020_to_2023() {
    // Table of 2020 of the Ministry of Education, then what the bulletins say came and went.
    let counts =
        [291_715, 291_715 + 3_117, 291_715 + 3_117 - 5_610, 291_715 + 3_117 - 5_610 - 14_808];
    assert_eq!(counts, [291_715, 294_832, 289_222, 274_414]);
    let years = counts.iter().zip(2020..).map(|(count, year)| format!("CN,{year},{count}\n"));
    let csv = format!("area,period,kindergartens\n{}", years.collect::<String>());
    let total = "[indicators.\"t.total\"]\nname = { zh = \"园数\" }\nkind = \"total\"\nmeasure = \"kindergartens\"\nunit = \"万所\"\ndecimals = 2\n";
    let catalog = total.to_owned() + &change("kindergartens", "percent", 2);
    let asked = ask(&catalog, &["t.total", "t.change"], &csv);
    let published = ["29.17", "", "29.48", "1.07", "28.92", "-1.90", "27.44", "-5.12"];
    assert_eq!(shown(&asked), published);
}

/// The measure of a unit, and a figure in the base of that unit.
fn base(figure: &str, unit: &str) -> (&'static str, Ratio) {
    let known = [("t_person", "人"), ("t_institution", "所"), ("t_yuan", "元")];
    let unit = Unit::parse(unit).unwrap();
    let figure: Decimal = figure.parse().unwrap();
    let of = |(measure, base): (&'static str, &str)| {
        Some((measure, unit.to_base(figure, &Unit::parse(base).unwrap()).ok()?.ratio()))
    };
    known.into_iter().find_map(of).expect("persons, institutions or yuan")
}

#[test]
fn published_growth_comes_out_of_figures_of_two_years() {
    let columns = [
        "indicator",
        "numerator",
        "numerator_unit",
        "denominator",
        "denominator_unit",
        "published_value",
        "verdict",
    ];
    let Some(rows) = rows("facts/published_rates_cn.csv", columns) else { return };
    let (mut exact, mut within) = (0, 0);
    for [indicator, num, num_unit, den, den_unit, published, verdict] in &rows {
        if !indicator.starts_with("growth") {
            continue;
        }
        let ((measure, then), (_, given)) = (base(den, den_unit), base(num, num_unit));
        let by_change = indicator.starts_with("growth(change/prev)");
        let now = if by_change { then.add(given).unwrap() } else { given };
        let print = |figure: Ratio| figure.rounded(2, RoundMode::Down).unwrap();
        // Counts are whole.
        let cell = |figure: Ratio| print(figure).to_string().replace(".00", "");
        let csv = format!("area,period,{measure}\nCN,2001,{}\nCN,2002,{}\n", cell(then), cell(now));
        let scale = published.parse::<Decimal>().unwrap().scale();
        let asked =
            ask(&(MEASURES.to_owned() + &change(measure, "percent", scale)), &["t.change"], &csv);
        let agrees = shown(&asked) == ["", published.as_str()];
        // The others agree once the rounding of what was printed is allowed for.
        assert_eq!(agrees, verdict == "exact_match", "{indicator}: {:?}", shown(&asked));
        if agrees {
            exact += 1;
        } else {
            within += 1;
        }
    }
    eprintln!("published growth: {exact} as printed, {within} within rounding");
    assert_eq!((exact, within), (71, 10));
}

/// Rows of the coverage of inclusive kindergartens, in 万人, of two years.
fn coverage(now: &str, then: &str) -> String {
    let row = |year: u16, quotient: &str| {
        let (part, whole) = quotient.split_once('/').expect("a quotient is written a/b");
        format!("CN,{year},{part},{whole}\n")
    };
    let head = "area,period,children_inclusive(万人),children(万人)\n";
    head.to_owned() + &row(2001, then) + &row(2002, now)
}

#[test]
fn published_points_come_out_of_unrounded_shares() {
    let columns = ["indicator", "numerator", "denominator", "published_value"];
    let Some(rows) = rows("facts/published_rates_cn.csv", columns) else { return };
    let points: Vec<_> = rows.iter().filter(|row| row[0].starts_with("ppdiff")).collect();
    assert_eq!(points.len(), 3);
    for [indicator, now, then, published] in points {
        let catalog = change("preschool.inclusive_coverage", "points", 2);
        let asked = ask(&catalog, &["t.change"], &coverage(now, then));
        assert_eq!(shown(&asked), ["", published], "{indicator}");
    }
}

/// A share of two figures in one unit, in percent, with what their rounding leaves open.
fn share(part: &str, whole: &str) -> Bounds {
    let printed = |text: &str| Bounds::around(text.parse().unwrap()).unwrap();
    printed(part).div(&printed(whole)).unwrap().scaled(100).unwrap()
}

#[test]
fn coverage_of_2021_rose_by_3_05_points_whatever_was_rounded() {
    // Bulletins of 2020 and 2021, in 万人. Whatever was counted, it prints as 3.05.
    let rise = share("4218.20", "4805.21").sub(&share("4082.83", "4818.26")).unwrap();
    for printed in ["3.045", "3.055"] {
        let end: Decimal = printed.parse().unwrap();
        assert!(!rise.contains(end.ratio()), "{printed} may be the rise");
    }
    assert!(rise.contains(Ratio::new(30_473, 10_000).unwrap()));
    // The shares as published, 87.78 and 84.74, differ by 3.04: a reported change, known to within
    // a hundredth, in which the rise lies.
    let csv = "area,period,measure,value,unit
CN,2020,preschool.inclusive_coverage,84.74,%
CN,2021,preschool.inclusive_coverage,87.78,%
";
    let asked = ask(&change("preschool.inclusive_coverage", "points", 2), &["t.change"], csv);
    assert_eq!(shown(&asked), ["", "3.04"]);
    let Some(Value::Reported(reported)) = asked.rows().nth(1).and_then(|row| row.value()) else {
        panic!("the change of two published shares is reported");
    };
    assert!(reported.bounds.contains(Ratio::new(30_473, 10_000).unwrap()));
    for end in [303, 305] {
        assert!(!reported.bounds.contains(Ratio::new(end, 100).unwrap()));
    }
}

#[test]
fn published_points_of_published_shares_are_reported_changes() {
    let columns = ["kind", "a", "b", "published"];
    let Some(rows) = rows("facts/statements.csv", columns) else { return };
    let points: Vec<_> = rows.iter().filter(|row| row[0] == "pp").collect();
    assert_eq!(points.len(), 5);
    for [_, now, then, published] in points {
        let csv = format!(
            "area,period,measure,value,unit\nCN,2001,preschool.ger3,{then},%\nCN,2002,preschool.ger3,{now},%\n"
        );
        let scale = published.parse::<Decimal>().unwrap().scale();
        let asked = ask(&change("preschool.ger3", "points", scale), &["t.change"], &csv);
        assert_eq!(shown(&asked), ["", published], "{now} after {then}");
    }
}
