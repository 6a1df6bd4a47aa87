//! Known answers: `cases/*.toml`, each case with its source.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::str::FromStr;

use serde::Deserialize;
use zhibiao::area::history::{Crosswalk, Weights};
use zhibiao::area::{AreaCode, Areas, Tier};
use zhibiao::catalog::Define;
use zhibiao::check::Check;
use zhibiao::number::{Bounds, Comparison, Decimal, Ratio, RoundMode, Rounding, apportion};
use zhibiao::period::Period;
use zhibiao::plan::Policy;
use zhibiao::table::Coverage;
use zhibiao::unit::Unit;
use zhibiao::{Catalog, Error, Query};
use zhibiao_tests::{table, texts};

/// A file of cases.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Suite<T> {
    case: Vec<T>,
}

/// Runs the cases of a file and counts them.
pub(crate) fn run<T: for<'de> Deserialize<'de>>(file: &str, text: &str, run: impl Fn(&T)) {
    let suite: Suite<T> = toml::from_str(text).unwrap_or_else(|error| panic!("{file}: {error}"));
    assert!(!suite.case.is_empty(), "{file}: an empty suite proves nothing");
    // Each case is told, also after one that fails.
    let fails = |case: &&T| catch_unwind(AssertUnwindSafe(|| run(case))).is_err();
    let failed = suite.case.iter().filter(fails).count();
    assert_eq!(failed, 0, "{file}: {failed} of {} known answers are missed", suite.case.len());
    eprintln!("{file}: {} known answers", suite.case.len());
}

/// What came out, against what was wanted: text, or the code of an error.
fn check(name: &str, got: Result<String, Error>, want: Option<&String>, fails: Option<&String>) {
    match (got, want, fails) {
        (Ok(got), Some(want), None) => assert_eq!(got, *want, "{name}"),
        (Err(error), None, Some(code)) => assert_eq!(error.code(), code, "{name}: {error}"),
        (got, ..) => panic!("{name}: got {got:?}; set one of want, fails"),
    }
}

fn mode(text: Option<&String>) -> RoundMode {
    match text.map(String::as_str) {
        None | Some("half-away") => RoundMode::HalfAway,
        Some("half-even") => RoundMode::HalfEven,
        Some("down") => RoundMode::Down,
        Some(other) => panic!("unknown mode {other}"),
    }
}

/// `num / den` (decimals) × `factor`, rounded.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RoundingCase {
    name: String,
    source: String,
    num: String,
    #[serde(default)]
    den: Option<String>,
    #[serde(default)]
    factor: Option<i128>,
    decimals: i8,
    mode: Option<String>,
    #[serde(default)]
    guard: bool,
    want: Option<String>,
    fails: Option<String>,
}

#[test]
fn rounding() {
    run("rounding.toml", include_str!("cases/rounding.toml"), |case: &RoundingCase| {
        assert!(!case.source.is_empty(), "{}", case.name);
        let got = || {
            let den = case.den.as_deref().unwrap_or("1").parse()?;
            let factor = case.factor.unwrap_or(1);
            let value = Ratio::of_decimals(case.num.parse()?, den)?.scaled(factor)?;
            let rounding = Rounding { mode: mode(case.mode.as_ref()), guard: case.guard };
            rounding.text(value, case.decimals, Some(factor).filter(|factor| *factor > 1))
        };
        check(&case.name, got(), case.want.as_ref(), case.fails.as_ref());
    });
}

/// Parts of a whole, rounded so that they add up; each is a decimal or a quotient of two.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ApportionCase {
    name: String,
    source: String,
    parts: Vec<String>,
    whole: String,
    decimals: i8,
    mode: Option<String>,
    want: Option<Vec<String>>,
    fails: Option<String>,
}

#[test]
fn apportioning() {
    fn ratio(text: &str) -> Result<Ratio, Error> {
        let (num, den) = text.split_once('/').unwrap_or((text, "1"));
        Ratio::of_decimals(num.parse()?, den.parse()?)
    }
    run("apportion.toml", include_str!("cases/apportion.toml"), |case: &ApportionCase| {
        assert!(!case.source.is_empty(), "{}", case.name);
        let got = || {
            let parts = case.parts.iter().map(|part| ratio(part)).collect::<Result<Vec<_>, _>>()?;
            let whole = ratio(&case.whole)?;
            let parts = apportion(&parts, whole, case.decimals, mode(case.mode.as_ref()))?;
            Ok(parts.iter().map(ToString::to_string).collect::<Vec<_>>().join(" "))
        };
        let want = case.want.as_ref().map(|want| want.join(" "));
        check(&case.name, got(), want.as_ref(), case.fails.as_ref());
    });
}

/// A figure converted from one unit to the base of another.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct UnitCase {
    name: String,
    source: String,
    figure: String,
    from: String,
    to: String,
    want: Option<String>,
    fails: Option<String>,
}

#[test]
fn units() {
    run("units.toml", include_str!("cases/units.toml"), |case: &UnitCase| {
        assert!(!case.source.is_empty(), "{}", case.name);
        let got = || {
            let base =
                Unit::parse(&case.from)?.to_base(case.figure.parse()?, &Unit::parse(&case.to)?)?;
            Ok(base.to_string())
        };
        check(&case.name, got(), case.want.as_ref(), case.fails.as_ref());
    });
}

/// Text read by `FromStr` and printed again.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TextCase {
    name: String,
    source: String,
    /// decimal, period, area or formula
    kind: String,
    text: String,
    want: Option<String>,
    fails: Option<String>,
}

#[test]
fn texts_that_are_read() {
    fn read<T: FromStr<Err = Error> + ToString>(text: &str) -> Result<String, Error> {
        text.parse::<T>().map(|value| value.to_string())
    }
    run("texts.toml", include_str!("cases/texts.toml"), |case: &TextCase| {
        assert!(!case.source.is_empty(), "{}", case.name);
        let got = match case.kind.as_str() {
            "decimal" => read::<Decimal>(&case.text),
            "period" => read::<Period>(&case.text),
            "area" => read::<AreaCode>(&case.text),
            "formula" => Define::parse(&case.text).map(|define| define.measures().join(" ")),
            other => panic!("{}: unknown kind {other}", case.name),
        };
        check(&case.name, got, case.want.as_ref(), case.fails.as_ref());
    });
}

/// What is known of a written figure, held against a threshold.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct BoundsCase {
    name: String,
    source: String,
    figure: String,
    /// around (rounded) or and_more (余)
    known: String,
    comparison: String,
    threshold: String,
    /// true, false or unknown
    want: String,
}

#[test]
fn bounds() {
    run("bounds.toml", include_str!("cases/bounds.toml"), |case: &BoundsCase| {
        assert!(!case.source.is_empty(), "{}", case.name);
        let figure = case.figure.parse().unwrap();
        let bounds = match case.known.as_str() {
            "around" => Bounds::around(figure).unwrap(),
            "and_more" => Bounds::and_more(figure).unwrap(),
            other => panic!("{}: unknown {other}", case.name),
        };
        let comparison = match case.comparison.as_str() {
            "at_least" => Comparison::AtLeast,
            "at_most" => Comparison::AtMost,
            "above" => Comparison::Above,
            "below" => Comparison::Below,
            other => panic!("{}: unknown {other}", case.name),
        };
        let threshold: Decimal = case.threshold.parse().unwrap();
        let got = bounds.compare(comparison, threshold.ratio());
        let got = got.map_or("unknown".to_owned(), |holds| holds.to_string());
        assert_eq!(got, case.want, "{}", case.name);
    });
}

/// A whole question: table, options, and the rows or the error that must come.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TableCase {
    name: String,
    source: String,
    /// CSV text.
    table: String,
    /// TOML that extends the built-in catalogue.
    catalog: Option<String>,
    /// A table of areas in place of the built-in one.
    areas: Option<String>,
    #[serde(default)]
    indicators: Vec<String>,
    /// The year in whose areas all periods are told.
    harmonise: Option<u16>,
    /// Weights of divided areas, as CSV text.
    weights: Option<String>,
    /// Targets as CSV text, held against; `want` is then how far they are reached.
    targets: Option<String>,
    /// Judges by this standard; `want` are then verdicts on criteria.
    standard: Option<String>,
    /// Tables beside the first, where a standard is judged by.
    #[serde(default)]
    beside: Vec<String>,
    /// Verdicts on rules; those that are named must be there.
    #[serde(default)]
    rules: Vec<toml::Table>,
    /// Criteria that are not yet in force; those that are named must be there.
    #[serde(default)]
    to_come: Vec<toml::Table>,
    /// What became of criteria and rules since the period before; those that are named must be there.
    #[serde(default)]
    changes: Vec<toml::Table>,
    #[serde(default)]
    tiers: Vec<String>,
    #[serde(default)]
    slices: Vec<String>,
    #[serde(default)]
    totals: bool,
    #[serde(default)]
    periods: Vec<String>,
    period: Option<String>,
    /// year, school-year or year-to-date
    over: Option<String>,
    policy: Option<String>,
    /// Whose symbols stand in the table.
    symbols: Option<String>,
    coverage: Option<String>,
    #[serde(default)]
    records: bool,
    #[serde(default)]
    strict: bool,
    rounding: Option<String>,
    #[serde(default)]
    guard: bool,
    #[serde(default)]
    adding_up: bool,
    /// Columns and the text that each row must have in them, in the order of the table. Columns
    /// that are not named are not compared; `some = true` compares only the rows named.
    #[serde(default)]
    want: Vec<toml::Table>,
    #[serde(default)]
    some: bool,
    /// Codes of the findings, in order.
    #[serde(default)]
    finds: Vec<String>,
    /// Where values lie that are not known exactly: every row, in order.
    bounds: Option<Vec<toml::Table>>,
    fails: Option<String>,
}

#[test]
fn tables() {
    let files = [
        ("shares.toml", include_str!("cases/shares.toml")),
        ("rollup.toml", include_str!("cases/rollup.toml")),
        ("trees.toml", include_str!("cases/trees.toml")),
        ("missing.toml", include_str!("cases/missing.toml")),
        ("binding.toml", include_str!("cases/binding.toml")),
        ("totals.toml", include_str!("cases/totals.toml")),
        ("reported.toml", include_str!("cases/reported.toml")),
        ("symbols.toml", include_str!("cases/symbols.toml")),
        ("harmonise.toml", include_str!("cases/harmonise.toml")),
        ("adding_up.toml", include_str!("cases/adding_up.toml")),
        ("verdicts.toml", include_str!("cases/verdicts.toml")),
        ("standards.toml", include_str!("cases/standards.toml")),
        ("pingyao.toml", include_str!("cases/pingyao.toml")),
        ("kinds.toml", include_str!("cases/kinds.toml")),
        ("time.toml", include_str!("cases/time.toml")),
        ("catalogue.toml", include_str!("cases/catalogue.toml")),
        ("targets.toml", include_str!("cases/targets.toml")),
    ];
    let missed: Vec<&str> = files
        .into_iter()
        .filter(|(file, text)| catch_unwind(|| run(file, text, answer)).is_err())
        .map(|(file, _)| file)
        .collect();
    assert!(missed.is_empty(), "{missed:?}");
}

fn answer(case: &TableCase) {
    assert!(!case.source.is_empty(), "{}", case.name);
    match (ask(case), &case.fails) {
        (Ok((frame, findings)), None) => {
            compare(&case.name, &case.want, case.some, &frame.want);
            compare(&case.name, &case.rules, true, &frame.rules);
            compare(&case.name, &case.to_come, true, &frame.to_come);
            compare(&case.name, &case.changes, true, &frame.changes);
            if let Some(bounds) = &case.bounds {
                compare(&case.name, bounds, false, &frame.bounds);
            }
            let codes: Vec<&str> = findings.iter().map(Error::code).collect();
            assert_eq!(codes, case.finds, "{}: {findings:?}", case.name);
        }
        (Err(error), Some(code)) => assert_eq!(error.code(), code, "{}: {error}", case.name),
        (Ok(_), Some(code)) => panic!("{}: no error, {code} was wanted", case.name),
        (Err(error), None) => panic!("{}: {error}", case.name),
    }
}

/// The answer to a case; only a standard has rules.
#[derive(Default)]
struct Answer {
    want: zhibiao::Frame,
    rules: zhibiao::Frame,
    to_come: zhibiao::Frame,
    changes: zhibiao::Frame,
    bounds: zhibiao::Frame,
}

fn ask(case: &TableCase) -> Result<(Answer, Vec<Error>), Error> {
    let mut catalog = Catalog::builtin();
    if let Some(text) = &case.catalog {
        catalog = catalog.extend(Catalog::parse(text, "case.toml")?)?;
    }
    let tiers = case.tiers.iter().map(|tier| tier.parse()).collect::<Result<Vec<Tier>, _>>()?;
    let periods = case.periods.iter().map(|period| period.parse());
    let mut query = Query::new(&catalog)
        .indicators(&case.indicators)
        .tiers(tiers)
        .slices(&case.slices)
        .totals(case.totals)
        .periods(periods.collect::<Result<Vec<_>, _>>()?)
        .records(case.records)
        .strict(case.strict)
        .rounding(Rounding { mode: mode(case.rounding.as_ref()), guard: case.guard })
        .adding_up(case.adding_up)
        .policy(match case.policy.as_deref() {
            None | Some("any") => Policy::Any,
            Some("complete") => Policy::Complete,
            Some(share) => Policy::AtLeast(share.parse()?),
        })
        .symbols(case.symbols.as_deref().unwrap_or("plain").parse()?)
        .coverage(match case.coverage.as_deref() {
            None | Some("full") => Coverage::Full,
            Some("given") => Coverage::Given,
            Some(other) => panic!("{}: unknown coverage {other}", case.name),
        });
    if let Some(period) = &case.period {
        query = query.period(period.parse()?);
    }
    if let Some(span) = &case.over {
        query = query.over(span.parse()?);
    }
    if let Some(areas) = &case.areas {
        query = query.areas(Areas::parse(areas, "areas.csv")?);
    }
    let frame = table(&case.table);
    if let Some(year) = case.harmonise {
        let weights = case.weights.as_deref().map(|text| Weights::parse(text, "weights.csv"));
        let weights = weights.transpose()?.unwrap_or_default();
        query = query.clone().harmonised(Crosswalk::weighted(
            year,
            &query.years(&frame)?,
            &weights,
        )?)?;
    }
    if let Some(targets) = &case.targets {
        let held = query.attain(&frame, table(targets))?;
        let answer = Answer { want: held.frame()?, ..Answer::default() };
        return Ok((answer, held.findings().to_vec()));
    }
    match &case.standard {
        None => {
            let table = query.run(&frame)?;
            let bounds = table.bounds()?.frame()?;
            let answer = Answer { want: table.frame()?, bounds, ..Answer::default() };
            Ok((answer, table.findings().to_vec()))
        }
        Some(id) => {
            let standard = catalog.standard(id)?;
            let beside = case.beside.iter().map(|text| table(text).into());
            let tables: Vec<zhibiao::Table> =
                std::iter::once((&frame).into()).chain(beside).collect();
            let verdicts = query.judge_all(tables, standard)?;
            let answer = Answer {
                want: verdicts.frame()?,
                rules: verdicts.rules_frame()?,
                to_come: verdicts.to_come_frame()?,
                changes: verdicts.changes_frame()?,
                ..Answer::default()
            };
            // What a standard needs and no table has is unknown, which is told by its rows.
            let findings = verdicts.findings().iter().filter(|f| f.code() != "missing-column");
            Ok((answer, findings.cloned().collect()))
        }
    }
}

pub(crate) fn compare(name: &str, wanted: &[toml::Table], some: bool, frame: &zhibiao::Frame) {
    if !some {
        assert_eq!(frame.height(), wanted.len(), "{name}: rows\n{}", shown(frame));
    }
    let mut columns = std::collections::BTreeMap::new();
    for want in wanted {
        for key in want.keys() {
            columns.entry(key.clone()).or_insert_with(|| texts(frame, key));
        }
    }
    let row_is = |row: usize, want: &toml::Table| {
        want.iter().all(|(key, value)| {
            columns.get(key).and_then(|cells| cells.get(row)) == Some(&text_of(value))
        })
    };
    for (index, want) in wanted.iter().enumerate() {
        let found = if some {
            (0..frame.height()).any(|row| row_is(row, want))
        } else {
            row_is(index, want)
        };
        assert!(found, "{name}: row {index} is not {want:?}\n{}", shown(frame));
    }
}

/// A table, and what a check finds in it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CheckCase {
    name: String,
    source: String,
    /// CSV text.
    table: String,
    /// TOML that extends the built-in catalogue.
    catalog: Option<String>,
    /// A table of areas in place of the built-in one.
    areas: Option<String>,
    #[serde(default)]
    records: bool,
    /// Every finding, in order: columns and the text it must have in them.
    want: Vec<toml::Table>,
}

#[test]
fn checks() {
    run("check.toml", include_str!("cases/check.toml"), |case: &CheckCase| {
        assert!(!case.source.is_empty(), "{}", case.name);
        let mut catalog = Catalog::builtin();
        if let Some(text) = &case.catalog {
            catalog = catalog.extend(Catalog::parse(text, "case.toml").unwrap()).unwrap();
        }
        let mut check = Check::new(&catalog).records(case.records);
        if let Some(areas) = &case.areas {
            check = check.areas(Areas::parse(areas, "areas.tsv").unwrap());
        }
        let findings = check.run(table(&case.table)).unwrap();
        compare(&case.name, &case.want, false, &findings.frame().unwrap());
    });
}

fn text_of(value: &toml::Value) -> String {
    match value {
        toml::Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

fn shown(frame: &zhibiao::Frame) -> String {
    let mut text = Vec::new();
    let written = zhibiao::report::Format::Csv.write(frame, &mut text, "memory");
    written.map_or_else(|error| error.to_string(), |_| String::from_utf8_lossy(&text).into_owned())
}
