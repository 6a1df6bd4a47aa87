//! Known answers of statistics: the cases that Python is asked, too. The file says what its words mean.

use std::collections::BTreeMap;

use serde::Deserialize;
use toml::Value;
use zhibiao::number::Decimal;
use zhibiao::stat::{self, Level, Reference, Stratum, Theil};
use zhibiao::{Error, Result};
use zhibiao_tests::rounds_to;

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
    call: String,
    args: Args,
    #[serde(default)]
    want: BTreeMap<String, Value>,
    within: Option<String>,
    fails: Option<String>,
}

#[derive(Deserialize)]
#[serde(transparent)]
struct Args(BTreeMap<String, Value>);

type Told = BTreeMap<&'static str, Vec<Option<f64>>>;

fn float(value: &Value) -> f64 {
    match value {
        Value::Integer(whole) => *whole as f64,
        Value::Float(float) => *float,
        other => panic!("{other} is no number"),
    }
}

impl Args {
    fn one(&self, name: &str) -> f64 {
        float(&self.0[name])
    }

    /// Numbers; all alike where there are none.
    fn many(&self, name: &str) -> Vec<f64> {
        match self.0.get(name) {
            Some(Value::Array(numbers)) => numbers.iter().map(float).collect(),
            Some(number) => vec![float(number)],
            None => vec![1.0; self.many("values").len()],
        }
    }

    fn word<'a>(&'a self, name: &str, default: &'a str) -> &'a str {
        self.0.get(name).map_or(default, |word| word.as_str().expect("a word"))
    }

    fn level(&self) -> Result<Level> {
        Level::new(self.0.get("level").map_or(0.95, float))
    }

    fn high(&self) -> bool {
        self.word("better", "higher") == "higher"
    }
}

fn figures<const N: usize>(figures: [(&'static str, Option<f64>); N]) -> Told {
    figures.into_iter().map(|(name, figure)| (name, vec![figure])).collect()
}

fn limits(found: Option<stat::Limits>) -> Told {
    figures([("lower", found.map(|l| l.lower)), ("upper", found.map(|l| l.upper))])
}

fn asked(call: &str, args: &Args) -> Result<Told> {
    Ok(match call {
        "proportion_limits" => {
            let method = args.word("method", "wilson").parse()?;
            limits(stat::proportion_limits(args.one("x"), args.one("n"), args.level()?, method))
        }
        "count_limits" => {
            let method = args.word("method", "exact-byar").parse()?;
            limits(stat::count_limits(args.one("x"), args.level()?, method))
        }
        "mean_limits" => {
            let (mean, sd, n) = (args.one("mean"), args.one("sd"), args.one("n"));
            limits(stat::mean_limits(mean, sd, n, args.level()?))
        }
        "direct_rate" => {
            let method = args.word("method", "exact-byar").parse()?;
            let [count, population, weight] =
                ["count", "population", "weight"].map(|name| args.many(name));
            let strata: Vec<Stratum> = (0..count.len())
                .map(|at| Stratum {
                    count: count[at],
                    population: population[at],
                    weight: weight[at],
                })
                .collect();
            let found = stat::direct_rate(&strata, args.level()?, method);
            let mut told = limits(found.and_then(|found| found.limits));
            told.insert("value", vec![found.map(|found| found.value)]);
            told
        }
        "indirect_ratio" => {
            let method = args.word("method", "exact-byar").parse()?;
            let names = ["count", "population", "reference_count", "reference_population"];
            let [count, population, there, of] = names.map(|name| args.many(name));
            let strata: Vec<Reference> = (0..count.len())
                .map(|at| Reference {
                    count: count[at],
                    population: population[at],
                    reference_count: there[at],
                    reference_population: of[at],
                })
                .collect();
            let found = stat::indirect_ratio(&strata, args.level()?, method);
            let mut told = limits(found.and_then(|found| found.ratio.limits));
            told.insert("value", vec![found.map(|found| found.ratio.value)]);
            told.insert("observed", vec![found.map(|found| found.observed)]);
            told.insert("expected", vec![found.map(|found| found.expected)]);
            told
        }
        "ranks" => {
            let ties = args.word("ties", "min").parse()?;
            let order =
                |a: &f64, b: &f64| if args.high() { b.total_cmp(a) } else { a.total_cmp(b) };
            let places = stat::places(&args.many("values"), order, ties);
            Told::from([("values", places.iter().map(|place| Some(place.rank)).collect())])
        }
        "quantile" => {
            let mut values = args.many("values");
            values.sort_by(f64::total_cmp);
            let method = args.word("method", "r7").parse()?;
            figures([("value", stat::quantile(&values, args.one("at"), method))])
        }
        "bands" => {
            let method = args.word("method", "phe").parse()?;
            let values = args.many("values");
            let bands =
                args.0.get("bands").map_or(4, |bands| bands.as_integer().expect("a number"));
            let bands = usize::try_from(bands).expect("a number of bands");
            let found = stat::bands(&values, f64::total_cmp, args.high(), bands, method);
            let band = |at| found.as_ref().map(|found: &Vec<usize>| found[at] as f64);
            Told::from([("values", (0..values.len()).map(band).collect())])
        }
        "inequality" => {
            let (x, w) = (args.many("values"), args.many("weights"));
            let share = args.0.get("share").map_or(0.2, float);
            figures([
                ("mean", stat::weighted_mean(&x, &w)),
                ("deviation", stat::weighted_deviation(&x, &w)),
                ("cv", stat::coefficient_of_variation(&x, &w)),
                ("gini", stat::gini(&x, &w)),
                ("theil_t", stat::theil_t(&x, &w)),
                ("theil_l", stat::theil_l(&x, &w)),
                ("mean_gap", stat::mean_gap(&x, &w)),
                ("top_to_bottom", stat::top_to_bottom(&x, &w, share)),
            ])
        }
        "decompose" => {
            let index =
                if args.word("index", "theil-t") == "theil-t" { Theil::T } else { Theil::L };
            let levels = args.0["levels"].as_array().expect("levels").iter();
            let levels: Vec<Vec<usize>> = levels.map(numbered).collect();
            let found =
                stat::decompose(index, &args.many("values"), &args.many("weights"), &levels);
            let between = found
                .as_ref()
                .map_or(vec![None], |found| found.between.iter().copied().map(Some).collect());
            let mut told = figures([
                ("total", found.as_ref().map(|found| found.total)),
                ("within", found.as_ref().map(|found| found.within)),
            ]);
            told.insert("between", between);
            told
        }
        "gradient" => {
            let [x, w, order] = ["values", "weights", "order"].map(|name| args.many(name));
            let found = stat::gradient(&x, &w, &order, args.level()?);
            let slope = found.and_then(|found| found.slope_limits);
            let relative = found.and_then(|found| found.relative_limits);
            figures([
                ("slope", found.map(|found| found.slope)),
                ("slope_lower", slope.map(|limits| limits.lower)),
                ("slope_upper", slope.map(|limits| limits.upper)),
                ("relative", found.and_then(|found| found.relative)),
                ("relative_lower", relative.map(|limits| limits.lower)),
                ("relative_upper", relative.map(|limits| limits.upper)),
            ])
        }
        "parity" => {
            let index = stat::parity(args.one("first"), args.one("second"));
            figures([("index", index), ("adjusted", index.and_then(stat::adjusted_parity))])
        }
        "chi_square_trend" | "weighted_trend" => {
            let counts = call == "chi_square_trend";
            let names = if counts { ["counts", "totals"] } else { ["values", "errors"] };
            let [first, second] = names.map(|name| args.many(name));
            let of = if counts { stat::chi_square_trend } else { stat::weighted_trend };
            let found = of(&args.many("times"), &first, &second);
            figures([
                ("slope", found.map(|found| found.slope)),
                ("statistic", found.map(|found| found.statistic)),
                ("p", found.map(|found| found.p)),
            ])
        }
        "annual_growth" => {
            let growth =
                stat::annual_growth(args.one("first"), args.one("last"), args.one("years"));
            figures([("value", growth)])
        }
        "summary" => {
            let texts = args.0["values"].as_array().expect("values").iter();
            let decimal = |value: &Value| match value {
                Value::String(text) => text.parse::<Decimal>(),
                other => other.to_string().parse(),
            };
            let found = stat::summary(&texts.map(decimal).collect::<Result<Vec<_>>>()?)?;
            figures([
                ("n", Some(found.n as f64)),
                ("mean", Some(found.mean.to_f64())),
                ("deviation", found.deviation.map(|root| root.to_f64())),
                ("autocorrelation", found.autocorrelation.map(|ratio| ratio.to_f64())),
            ])
        }
        other => panic!("no function `{other}`"),
    })
}

/// Groups by number, in the order in which they come.
fn numbered(level: &Value) -> Vec<usize> {
    let mut known: Vec<String> = Vec::new();
    let groups = level.as_array().expect("a list of groups").iter().map(ToString::to_string);
    let number = |group: String| {
        known.iter().position(|other| *other == group).unwrap_or_else(|| {
            known.push(group);
            known.len() - 1
        })
    };
    groups.map(number).collect()
}

/// Whether a figure is what is written: rounded to its digits, or as near as is said.
fn met(figure: Option<f64>, want: &str, within: Option<&str>) -> bool {
    let Some(figure) = figure else { return want == "none" };
    if want == "none" {
        return false;
    }
    let Some(within) = within else {
        return rounds_to(&format!("{figure}"), want);
    };
    let (want, within): (f64, f64) =
        (want.parse().expect("a number"), within.parse().expect("a number"));
    (figure - want).abs() <= within * want.abs()
}

#[test]
fn statistics_give_known_answers() {
    let suite: Suite = toml::from_str(include_str!("cases/stat.toml")).expect("the cases read");
    assert_eq!(suite.case.len(), 300);
    let mut missed = Vec::new();
    for case in &suite.case {
        let told = asked(&case.call, &case.args);
        match (&told, &case.fails) {
            (Err(error), Some(code)) if error.code() == code => continue,
            (Ok(told), None) => {
                // What was asked and seen is told also where no figure comes of it.
                let given = ["observed", "expected", "n"];
                if case.want.contains_key("none") {
                    let none = told
                        .iter()
                        .filter(|(name, _)| !given.contains(name))
                        .all(|(_, figures)| figures.iter().all(Option::is_none));
                    if !none {
                        missed.push(format!("{}: {told:?}, not none", case.name));
                    }
                    continue;
                }
                for (name, want) in &case.want {
                    let found = told.get(name.as_str()).cloned().unwrap_or_default();
                    let wants: Vec<&str> = match want {
                        Value::Array(wants) => wants.iter().filter_map(Value::as_str).collect(),
                        want => want.as_str().into_iter().collect(),
                    };
                    let all = found.len() == wants.len()
                        && found
                            .iter()
                            .zip(&wants)
                            .all(|(figure, want)| met(*figure, want, case.within.as_deref()));
                    if !all {
                        missed.push(format!("{}: {name} {found:?}, not {wants:?}", case.name));
                    }
                }
            }
            (told, _) => {
                missed.push(format!("{}: {:?}", case.name, told.as_ref().map_err(Error::code)))
            }
        }
    }
    assert!(missed.is_empty(), "{}", missed.join("\n"));
}
