//! Known answers of comparisons: the cases that Python is asked, too. The file says what its words mean.

use std::collections::BTreeMap;
use std::str::FromStr;

use polars::prelude::{AnyValue, Column, DataFrame};
use serde::Deserialize;
use toml::Value;
use zhibiao::area::{Areas, Tier};
use zhibiao::compare::{
    Against, AgainstOptions, DisparityOptions, LimitOptions, Neighbors, RankOptions,
    StandardPopulation, TrendOptions, Weighting,
};
use zhibiao::period::Before;
use zhibiao::stat::Level;
use zhibiao::{Catalog, IndicatorTable, Query, Result};
use zhibiao_tests::{rounds_to, table};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Suite {
    case: Vec<Case>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    name: String,
    #[expect(dead_code, reason = "it is for readers")]
    source: String,
    indicators: Vec<String>,
    #[serde(default)]
    tiers: Vec<String>,
    #[serde(default)]
    slices: Vec<String>,
    coverage: Option<String>,
    table: String,
    call: String,
    #[serde(default)]
    options: BTreeMap<String, Value>,
    want: Vec<Want>,
}

#[derive(Deserialize)]
struct Want {
    at: BTreeMap<String, String>,
    #[serde(flatten)]
    met: BTreeMap<String, String>,
}

impl Case {
    fn computed(&self) -> IndicatorTable {
        let catalog = Catalog::builtin();
        let tiers = self.tiers.iter().map(|tier| tier.parse().expect("a tier"));
        let mut query = Query::new(&catalog)
            .indicators(self.indicators.iter())
            .tiers(tiers.collect::<Vec<Tier>>())
            .slices(self.slices.iter());
        if let Some(coverage) = &self.coverage {
            query = query.coverage(coverage.parse().expect("a coverage"));
        }
        query.run(table(&self.table)).expect("the table of a case is computed")
    }

    fn word<'a>(&'a self, name: &str, default: &'a str) -> &'a str {
        self.options.get(name).map_or(default, |word| word.as_str().expect("a word"))
    }

    fn parsed<T: FromStr<Err = zhibiao::Error>>(&self, name: &str, default: &str) -> Result<T> {
        self.word(name, default).parse()
    }

    fn levels(&self, default: &[f64]) -> Result<Vec<Level>> {
        let given = match self.options.get("level") {
            Some(Value::Array(levels)) => levels.iter().filter_map(Value::as_float).collect(),
            Some(level) => vec![level.as_float().expect("a level")],
            None => default.to_vec(),
        };
        given.into_iter().map(Level::new).collect()
    }

    fn limits(&self, default: &[f64]) -> Result<LimitOptions> {
        Ok(LimitOptions {
            levels: self.levels(default)?,
            proportion: self.parsed("proportion", "wilson")?,
            count: self.parsed("count", "exact-byar")?,
        })
    }

    fn asked(&self) -> Result<DataFrame> {
        let computed = self.computed();
        let whole = |name: &str, default: i64| {
            let given =
                self.options.get(name).map_or(default, |n| n.as_integer().expect("a number"));
            usize::try_from(given).expect("a number")
        };
        match self.call.as_str() {
            "ranks" => {
                let within = self.options.get("within").map(|_| self.parsed("within", ""));
                let how = RankOptions {
                    ties: self.parsed("ties", "min")?,
                    bands: whole("bands", 4),
                    method: self.parsed("method", "phe")?,
                    within: within.transpose()?,
                };
                computed.ranks(&how)?.frame()
            }
            "limits" => computed.limits(&self.limits(&[0.95])?)?.frame(),
            "against" => {
                let area = self.options.get("area").map(|_| self.parsed("area", ""));
                let target = self.options.get("target").map(|_| self.parsed("target", ""));
                let against = match (area.transpose()?, target.transpose()?) {
                    (Some(area), _) => Against::Area(area),
                    (_, Some(target)) => Against::Target(target),
                    _ if self.options.contains_key("years_before") => {
                        Against::Past(Before::Years(1))
                    }
                    _ if self.word("reference", "") == "nation" => Against::Nation,
                    _ => Against::Parent,
                };
                let how =
                    AgainstOptions { limits: self.limits(&[])?, by: self.parsed("by", "overlap")? };
                computed.against(against, &how)?.frame()
            }
            "disparity" => {
                let equal = self.options.get("weighted") == Some(&Value::Boolean(false));
                let weighting = if equal { Weighting::Equal } else { Weighting::Denominator };
                computed.disparity(&DisparityOptions { weighting, ..Default::default() })?.frame()
            }
            "gaps" => {
                let [dimension, first, second] =
                    ["dimension", "first", "second"].map(|name| self.word(name, ""));
                computed.gaps(dimension, first, second)?.frame()
            }
            "trends" => computed.trends(&TrendOptions::new()?)?.frame(),
            "standardize" => {
                let strata = self.options["population"].as_table().expect("a population");
                let strata = strata.iter().map(|(key, number)| {
                    (vec![key.clone()], number.as_integer().expect("a number") as f64)
                });
                let standard = StandardPopulation::new(strata)?;
                computed.standardized(&standard, &self.limits(&[])?)?.frame()
            }
            "standardize_by" => {
                computed.indirect(self.parsed("area", "")?, &self.limits(&[])?)?.frame()
            }
            "peers" => {
                let pairs = self.options["pairs"].as_table().expect("pairs");
                let columns = ["area", "neighbor"].map(|name| {
                    let cells = pairs[name].as_array().expect("a column").iter();
                    let cells: Vec<&str> = cells.filter_map(Value::as_str).collect();
                    Column::new(name.into(), cells)
                });
                let pairs = DataFrame::new_infer_height(columns.to_vec()).expect("pairs");
                computed.peers(&Neighbors::read(pairs, &Areas::builtin())?)?.frame()
            }
            other => panic!("no question `{other}`"),
        }
    }
}

/// Whether a cell is what is written; numbers when they round to it.
fn met(cell: &AnyValue<'_>, want: &str) -> bool {
    match cell {
        AnyValue::Null => want == "none",
        AnyValue::String(word) => *word == want,
        AnyValue::StringOwned(word) => word.as_str() == want,
        number => rounds_to(&number.to_string(), want),
    }
}

#[test]
fn comparisons_give_known_answers() {
    let suite: Suite =
        toml::from_str(include_str!("cases/comparing.toml")).expect("the cases read");
    assert_eq!(suite.case.len(), 51);
    let mut missed = Vec::new();
    for case in &suite.case {
        let frame = case.asked().expect("a case is answered");
        let cell = |row: usize, name: &str| {
            frame
                .column(name)
                .expect("the column is there")
                .get(row)
                .expect("the row is there")
                .into_static()
        };
        for want in &case.want {
            let at = |row: &usize| want.at.iter().all(|(name, text)| met(&cell(*row, name), text));
            let rows: Vec<usize> = (0..frame.height()).filter(at).collect();
            let [row] = rows.as_slice() else {
                missed.push(format!("{}: {} rows at {:?}", case.name, rows.len(), want.at));
                continue;
            };
            for (name, text) in &want.met {
                let found = cell(*row, name);
                if !met(&found, text) {
                    missed.push(format!("{} {:?}: {name} {found}, not {text}", case.name, want.at));
                }
            }
        }
    }
    assert!(missed.is_empty(), "{}", missed.join("\n"));
}
