//! Scoring: known answers of `cases/score.toml`, and laws of schemes.

use polars::prelude::df;
use proptest::prelude::*;
use serde::Deserialize;
use zhibiao::area::Areas;
use zhibiao::number::{Ratio, RoundMode};
use zhibiao::score::{Aggregate, Choices, Exact, Missing, Relative, Scheme, ScoreTable};
use zhibiao::{Catalog, Error, Frame, IndicatorTable, Place, Query};
use zhibiao_tests::table;

use crate::cases::{compare, run};

/// Measures of one letter and their totals: which direction is the better one.
const MEASURES: [(&str, &str); 6] = [
    ("a", "better = \"higher\""),
    ("b", "better = \"higher\""),
    ("c", "better = \"lower\""),
    ("d", "better = \"nearer\"\ngoal = \"10\""),
    ("e", "better = \"none\""),
    ("f", "better = \"none\""),
];

/// The built-in catalogue with an indicator for each of the measures.
fn catalog() -> Catalog {
    let toml = MEASURES.map(|(id, better)| {
        format!(
            "[measures.{id}]\nname = {{ zh = \"数{id}\" }}\nunit = \"1\"\nkind = \"amount\"\nscale = 4\nover_areas = \"none\"\n[indicators.\"t.{id}\"]\nname = {{ zh = \"指标{id}\" }}\nkind = \"total\"\nmeasure = \"{id}\"\ndecimals = 2\n{better}\n"
        )
    });
    Catalog::builtin().extend(Catalog::parse(&toml.concat(), "t.toml").unwrap()).unwrap()
}

/// A scheme, and what it makes of a table.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ScoreCase {
    name: String,
    source: String,
    scheme: String,
    /// CSV text.
    table: Option<String>,
    /// TOML that extends the catalogue of letters.
    catalog: Option<String>,
    /// A table of areas; without it, A to F lie in nothing.
    areas: Option<String>,
    /// What is asked of the table, where it is not what the scheme scores.
    indicators: Option<Vec<String>>,
    /// Whether `want` is what is left without each indicator.
    #[serde(default)]
    without: bool,
    /// Columns and the text that rows must have in them, in order; with `some`, in any.
    #[serde(default)]
    want: Vec<toml::Table>,
    #[serde(default)]
    some: bool,
    /// Line, column and code of every error of the scheme, in order.
    told: Option<Vec<String>>,
    fails: Option<String>,
}

const AREAS: &str = "code,parent\nA,\nB,\nC,\nD,\nE,\nF,\n";

#[test]
fn known_answers() {
    run("score.toml", include_str!("cases/score.toml"), |case: &ScoreCase| {
        assert!(!case.source.is_empty(), "{}", case.name);
        let mut catalog = catalog();
        if let Some(text) = &case.catalog {
            catalog = catalog.extend(Catalog::parse(text, "case.toml").unwrap()).unwrap();
        }
        let scheme = match (Scheme::parse(&case.scheme, "case.toml", &catalog), &case.told) {
            (Ok(scheme), None) => scheme,
            (Err(error), Some(told)) => return assert_eq!(&all(&error), told, "{}", case.name),
            (Err(error), None) => panic!("{}: {error}, {:?}", case.name, error.others()),
            (Ok(_), Some(_)) => panic!("{}: nothing is told", case.name),
        };
        let areas = Areas::parse(case.areas.as_deref().unwrap_or(AREAS), "areas.csv").unwrap();
        let asked = scheme.indicators().map(str::to_owned).collect();
        let asked: Vec<String> = case.indicators.clone().unwrap_or(asked);
        let csv = case.table.as_deref().expect("a case without errors has a table");
        let query = Query::new(&catalog).areas(areas).indicators(&asked);
        let figures = query.run(table(csv)).unwrap();
        let frame = if case.without {
            figures.without_each(&scheme).and_then(|without| without.frame())
        } else {
            figures.score(&scheme).and_then(|scores| scores.frame())
        };
        match (frame, &case.fails) {
            (Ok(frame), None) => compare(&case.name, &case.want, case.some, &frame),
            (Err(error), Some(code)) => assert_eq!(error.code(), code, "{}: {error}", case.name),
            (Err(error), None) => panic!("{}: {error}", case.name),
            (Ok(_), Some(code)) => panic!("{}: no error, {code} was wanted", case.name),
        }
    });
}

/// Line, column and code of an error and those beside it.
fn all(error: &Error) -> Vec<String> {
    let each = std::iter::once(error).chain(error.others());
    let told = each.map(|error| match error.place() {
        Place::Text { line, column, .. } => format!("{line}:{column} {}", error.code()),
        other => format!("{other} {}", error.code()),
    });
    told.collect()
}

/// The areas of laws and what is known of each: a figure for a, b, c and d, or none.
type Figures = Vec<[Option<u16>; 4]>;

const LETTERS: [&str; 4] = ["a", "b", "c", "d"];

fn figures(missing: bool) -> impl Strategy<Value = Figures> {
    let figure = (0..40_u16).prop_map(Some);
    let figure =
        if missing { prop_oneof![6 => figure, 1 => Just(None)].boxed() } else { figure.boxed() };
    prop::collection::vec([figure.clone(), figure.clone(), figure.clone(), figure], 2..9)
}

fn computed(figures: &Figures) -> IndicatorTable {
    let codes: Vec<String> = (0..figures.len()).map(|at| format!("X{at}")).collect();
    let areas: String = codes.iter().map(|code| format!("{code},\n")).collect();
    let areas = Areas::parse(&format!("code,parent\n{areas}"), "areas.csv").unwrap();
    let column = |at: usize| -> Vec<Option<i64>> {
        figures.iter().map(|row| row[at].map(i64::from)).collect()
    };
    let frame: Frame = df![
        "area" => codes, "a" => column(0), "b" => column(1), "c" => column(2), "d" => column(3),
    ]
    .unwrap();
    let catalog = catalog();
    let asked = LETTERS.map(|letter| format!("t.{letter}"));
    Query::new(&catalog).areas(areas).indicators(asked).run(&frame).unwrap()
}

/// How one item is scored in a law; the value of the letter is at most 39.
const RULES: [&str; 6] = [
    "linear = { from = \"FROM\", to = \"TO\" }",
    "bands = BANDS",
    "relative = \"min_max\"",
    "relative = \"rank\"",
    "relative = \"z\"",
    "target = \"20\"",
];

/// A rule for a letter, so that what is better scores no less.
fn rule(letter: &str, rule: usize) -> String {
    let (from, to, bands) = match letter {
        "c" => (
            "35",
            "5",
            "[{ at_most = \"10\", score = \"100\" }, { below = \"30\", score = \"35\" }, { score = \"0\" }]",
        ),
        _ => (
            "5",
            "35",
            "[{ at_least = \"30\", score = \"100\" }, { above = \"7\", score = \"35\" }, { score = \"0\" }]",
        ),
    };
    RULES[rule].replace("FROM", from).replace("TO", to).replace("BANDS", bands)
}

/// Two groups of two items, with weights times a factor.
fn scheme(
    rules: &[usize; 4],
    weights: &[u32; 4],
    factor: u32,
    aggregate: &str,
    missing: &str,
) -> Scheme {
    let [a, b, c, d] = weights.map(|weight| weight * factor);
    let rules: Vec<String> =
        LETTERS.iter().zip(rules).map(|(letter, at)| rule(letter, *at)).collect();
    // Near to 10 is best, which a line and bands do not know.
    let near =
        if rules[3].starts_with("relative") { rules[3].as_str() } else { "relative = \"rank\"" };
    let toml = format!(
        "id = \"s\"\nname = {{ zh = \"评价\" }}\ntotal = \"{}\"\nmissing = \"{missing}\"\naggregate = \"{aggregate}\"\n\
         grades = [{{ id = \"good\", name = {{ zh = \"良\" }}, at_least = \"{}\" }}, {{ id = \"poor\", name = {{ zh = \"差\" }} }}]\n\
         [[groups]]\nid = \"g\"\nname = {{ zh = \"甲\" }}\nweight = \"{}\"\n\
         items = [{{ indicator = \"t.a\", weight = \"{a}\", {} }}, {{ indicator = \"t.b\", weight = \"{b}\", {} }}]\n\
         [[groups]]\nid = \"h\"\nname = {{ zh = \"乙\" }}\nweight = \"{}\"\n\
         items = [{{ indicator = \"t.c\", weight = \"{c}\", {} }}, {{ indicator = \"t.d\", weight = \"{d}\", {near} }}]\n",
        a + b + c + d,
        (a + b + c + d) / 2,
        a + b,
        rules[0],
        rules[1],
        c + d,
        rules[2],
    );
    Scheme::parse(&toml, "s.toml", &catalog()).unwrap()
}

fn aggregates() -> impl Strategy<Value = &'static str> {
    prop_oneof![Just("arithmetic"), Just("geometric"), Just("harmonic")]
}

fn rules() -> [std::ops::Range<usize>; 4] {
    [0..RULES.len(), 0..RULES.len(), 0..RULES.len(), 0..RULES.len()]
}

fn weights() -> [std::ops::Range<u32>; 4] {
    [1..60, 1..60, 1..60, 1..60]
}

fn total_of(scores: &ScoreTable) -> Vec<(Option<f64>, Option<usize>)> {
    let totals = scores.rows().filter(|row| row.node.level == 0);
    totals.map(|row| (row.score.as_ref().map(Exact::to_f64), row.rank)).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn weights_scaled_together_change_nothing(
        figures in figures(true), rules in rules(), weights in weights(), factor in 2..50_u32,
    ) {
        let table = computed(&figures);
        let once = table.score(&scheme(&rules, &weights, 1, "arithmetic", "renormalize")).unwrap();
        let times = table.score(&scheme(&rules, &weights, factor, "arithmetic", "renormalize")).unwrap();
        for (one, other) in once.rows().zip(times.rows()) {
            prop_assert_eq!(&one.share, &other.share);
            prop_assert_eq!(one.rank, other.rank);
            prop_assert_eq!(one.status, other.status);
        }
    }

    /// With anything missing, under both rules that leave a total.
    #[test]
    fn contributions_add_up_to_the_total(
        figures in figures(true), rules in rules(), weights in weights(), zero in any::<bool>(),
    ) {
        let missing = if zero { "zero" } else { "renormalize" };
        let scheme = scheme(&rules, &weights, 1, "arithmetic", missing);
        let scores = computed(&figures).score(&scheme).unwrap();
        let rows: Vec<_> = scores.rows().collect();
        for area in rows.chunks(scheme.nodes().count()) {
            let items = area.iter().filter(|row| row.node.indicator().is_some());
            let sum: f64 = items.filter_map(|row| row.contribution.as_ref()).map(Exact::to_f64).sum();
            let total = area[0].score.as_ref().map_or(0.0, Exact::to_f64);
            prop_assert!((sum - total).abs() < 1e-9 * (1.0 + total), "{sum} is not {total}");
            let shares = area.iter().filter_map(|row| row.share.as_ref());
            let (none, full) = (Exact::from(Ratio::ZERO), Exact::from(Ratio::integer(1)));
            for share in shares {
                prop_assert!(*share >= none && *share <= full);
            }
        }
    }

    #[test]
    fn what_is_better_in_everything_never_ranks_lower(
        figures in figures(false), rules in rules(), weights in weights(), aggregate in aggregates(),
    ) {
        let scheme = scheme(&rules, &weights, 1, aggregate, "unknown");
        let totals = total_of(&computed(&figures).score(&scheme).unwrap());
        let merits = |row: &[Option<u16>; 4]| {
            let [a, b, c, d] = row.map(|figure| i32::from(figure.unwrap()));
            [a, b, -c, -(d - 10).abs()]
        };
        for (one, (_, rank)) in figures.iter().zip(&totals) {
            for (other, (_, lower)) in figures.iter().zip(&totals) {
                let better = merits(one).iter().zip(merits(other)).all(|(one, other)| *one > other);
                if let (true, Some(rank), Some(lower)) = (better, rank, lower) {
                    prop_assert!(rank <= lower, "{one:?} ranks {rank}, {other:?} {lower}");
                }
            }
        }
    }

    /// A second way: all in floats, from the shares of items.
    #[test]
    fn means_are_those_of_floats(
        figures in figures(false), rules in rules(), weights in weights(), aggregate in aggregates(),
    ) {
        let scheme = scheme(&rules, &weights, 1, aggregate, "zero");
        let scores = computed(&figures).score(&scheme).unwrap();
        let rows: Vec<_> = scores.rows().collect();
        for area in rows.chunks(7) {
            let share = |at: usize| area[at].share.as_ref().unwrap().to_f64();
            let [a, b, c, d] = weights.map(f64::from);
            let first = float_mean(aggregate, &[(a, share(2)), (b, share(3))]);
            let second = float_mean(aggregate, &[(c, share(5)), (d, share(6))]);
            let total = float_mean(aggregate, &[(a + b, first), (c + d, second)]);
            prop_assert!((share(0) - total).abs() < 1e-12, "{} is not {total}", share(0));
        }
    }

    /// Replays against a plain second version of them.
    #[test]
    fn replays_are_those_that_the_seed_says(
        figures in figures(true), rules in rules(), weights in weights(), seed in any::<u64>(),
    ) {
        let scheme = scheme(&rules, &weights, 1, "arithmetic", "zero");
        let table = computed(&figures);
        let choices = Choices {
            draws: 21,
            seed,
            weights: 0.3,
            aggregates: vec![Aggregate::Arithmetic, Aggregate::Geometric],
            relatives: Vec::new(),
            missing: vec![Missing::Zero, Missing::Renormalize, Missing::Unknown],
        };
        let told = table.sensitivity(&scheme, &choices).unwrap();
        let plain = plain_replays(&table.score(&scheme).unwrap(), &weights, &choices);
        for (row, replays) in told.rows().zip(plain) {
            let replays: Vec<(u32, bool)> = replays.into_iter().flatten().collect();
            let mut ranks: Vec<u32> = replays.iter().map(|(rank, _)| *rank).collect();
            let own = row.grade.as_ref().filter(|_| !replays.is_empty()).map(|own| {
                let same = replays.iter().filter(|(_, good)| *good == (own.id == "good"));
                same.count() as f64 / replays.len() as f64
            });
            prop_assert_eq!(row.same_grade, own);
            ranks.sort_unstable();
            prop_assert_eq!(row.replays as usize, ranks.len());
            prop_assert_eq!(row.best, ranks.first().copied());
            prop_assert_eq!(row.worst, ranks.last().copied());
            // The median of an odd number is the middle one.
            if ranks.len() % 2 == 1 {
                prop_assert_eq!(row.median, Some(ranks[ranks.len() / 2]));
            }
            prop_assert!(row.best <= row.rank_5 && row.rank_5 <= row.median);
            prop_assert!(row.median <= row.rank_95 && row.rank_95 <= row.worst);
        }
    }

    #[test]
    fn without_changed_choices_every_replay_is_the_score(
        figures in figures(true), rules in rules(), weights in weights(), aggregate in aggregates(),
    ) {
        let scheme = scheme(&rules, &weights, 1, aggregate, "renormalize");
        let choices = Choices { draws: 3, weights: 0.0, ..Choices::default() };
        for row in computed(&figures).sensitivity(&scheme, &choices).unwrap().rows() {
            // Totals nearer to each other than floats can tell share a place in replays.
            if let Some(rank) = row.rank {
                prop_assert!(row.worst <= u32::try_from(rank).ok());
                prop_assert_eq!(row.best, row.worst);
                prop_assert_eq!(row.same_grade, Some(1.0));
            }
            prop_assert_eq!(row.replays, if row.rank.is_some() { 3 } else { 0 });
        }
    }
}

proptest! {
    /// A scheme with a piece cut out, or put elsewhere, reads or is refused with a place.
    #[test]
    fn damaged_schemes_are_refused(cut in any::<(u16, u8, u16)>()) {
        let mut letters: Vec<char> = scheme_of_the_design().chars().collect();
        let from = usize::from(cut.0) % letters.len();
        let to = (from + usize::from(cut.1)).min(letters.len());
        let piece: Vec<char> = letters.drain(from..to).collect();
        if cut.2 % 2 == 0 {
            let at = usize::from(cut.2) % letters.len();
            letters.splice(at..at, piece);
        }
        let toml: String = letters.into_iter().collect();
        if let Err(error) = Scheme::parse(&toml, "cut.toml", &Catalog::builtin()) {
            for error in std::iter::once(&error).chain(error.others()) {
                prop_assert!(matches!(error.place(), Place::Text { .. }), "{error}");
            }
        }
    }

    #[test]
    fn an_exact_number_is_its_ratio(num in any::<i64>(), den in 1..i64::MAX, decimals in -3..12_i8) {
        let ratio = Ratio::new(num.into(), den.into()).unwrap();
        let exact = Exact::from(ratio);
        prop_assert_eq!(exact.to_f64(), ratio.to_f64());
        for mode in [RoundMode::HalfAway, RoundMode::HalfEven, RoundMode::Down] {
            let (one, other) = (exact.rounded(decimals, mode), ratio.rounded(decimals, mode));
            prop_assert_eq!(one.unwrap().to_string(), other.unwrap().to_string());
        }
    }
}

fn float_mean(aggregate: &str, parts: &[(f64, f64)]) -> f64 {
    let weights: f64 = parts.iter().map(|(weight, _)| weight).sum();
    match aggregate {
        "arithmetic" => parts.iter().map(|(weight, share)| weight * share).sum::<f64>() / weights,
        "geometric" => parts.iter().map(|(weight, share)| share.powf(weight / weights)).product(),
        _ if parts.iter().any(|(_, share)| *share == 0.0) => 0.0,
        _ => weights / parts.iter().map(|(weight, share)| weight / share).sum::<f64>(),
    }
}

/// Steele, Lea & Flood (2014), by the reference program of Vigna (2015), `splitmix64.c`.
fn splitmix(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mut z = *state;
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

#[test]
fn the_generator_is_the_published_one() {
    // Rosetta Code, Pseudo-random numbers/Splitmix64: the first five of seed 1234567.
    let mut state = 1_234_567;
    let drawn: Vec<u64> = (0..5).map(|_| splitmix(&mut state)).collect();
    let published = [
        6_457_827_717_110_365_317,
        3_203_168_211_198_807_973,
        9_817_491_932_198_370_423,
        4_593_380_528_125_082_431,
        16_408_922_859_458_223_821,
    ];
    assert_eq!(drawn, published);
}

/// The place of each area in each replay, and whether half of the points are reached, of a scheme of two
/// groups of two items.
fn plain_replays(
    scores: &ScoreTable,
    weights: &[u32; 4],
    choices: &Choices,
) -> Vec<Vec<Option<(u32, bool)>>> {
    let rows: Vec<_> = scores.rows().collect();
    let areas: Vec<_> = rows.chunks(7).collect();
    let mut ranks = vec![Vec::new(); areas.len()];
    for draw in 0..u64::from(choices.draws) {
        // The state of a replay is the output of that place.
        let mut start = choices.seed.wrapping_add(draw.wrapping_mul(0x9e37_79b9_7f4a_7c15));
        let mut state = splitmix(&mut start);
        let mut upper = || splitmix(&mut state) >> 32;
        let aggregate = choices.aggregates[((upper() * 2) >> 32) as usize];
        upper();
        let missing = choices.missing[((upper() * 3) >> 32) as usize];
        let [a, b, c, d] = weights.map(f64::from);
        let nodes = [a + b + c + d, a + b, a, b, c + d, c, d];
        let drawn =
            nodes.map(|weight| weight * (1.0 + 0.3 * (upper() as f64 / 2f64.powi(31) - 1.0)));
        let totals: Vec<Option<f64>> = areas
            .iter()
            .map(|area| {
                let group = |items: [usize; 2]| {
                    let mut parts = Vec::new();
                    for at in items {
                        let lacks = !area[at].missing.is_empty();
                        match (lacks, missing) {
                            (true, Missing::Unknown) => return Err(()),
                            (true, Missing::Renormalize) => {}
                            _ => parts.push((drawn[at], area[at].share.as_ref().unwrap().to_f64())),
                        }
                    }
                    Ok(parts)
                };
                let name =
                    if aggregate == Aggregate::Geometric { "geometric" } else { "arithmetic" };
                let both = [(1, [2, 3]), (4, [5, 6])].map(|(at, items)| {
                    let parts = group(items)?;
                    Ok((!parts.is_empty()).then(|| (drawn[at], float_mean(name, &parts))))
                });
                let both: Result<Vec<Option<(f64, f64)>>, ()> = both.into_iter().collect();
                let parts: Vec<(f64, f64)> = both.ok()?.into_iter().flatten().collect();
                (!parts.is_empty()).then(|| float_mean(name, &parts))
            })
            .collect();
        for (own, total) in ranks.iter_mut().zip(&totals) {
            own.push(total.map(|total| {
                let better = totals.iter().flatten().filter(|other| **other > total + 1e-11);
                let whole: u32 = weights.iter().sum();
                let half = f64::from(whole / 2) / f64::from(whole);
                (u32::try_from(better.count()).unwrap() + 1, total > half - 1e-11)
            }));
        }
    }
    ranks
}

/// By hand: among 1, 2, 39 the middle one has 1/38 of the way and half of the places, so 1.3 or 25 of the 50
/// points of `a`; the first has 0 and 20 of the 20 points of `b`.
#[test]
fn another_normalization_is_drawn_for_relative_items() {
    let table = computed(&vec![
        [Some(1), Some(35), Some(9), Some(10)],
        [Some(2), Some(5), Some(9), Some(10)],
        [Some(39), Some(35), Some(9), Some(10)],
    ]);
    let places = |rule: usize, relatives: &[Relative]| -> Vec<(Option<u32>, Option<u32>)> {
        let scheme = scheme(&[rule, 0, 0, 3], &[50, 20, 1, 1], 1, "arithmetic", "zero");
        let relatives = relatives.to_vec();
        let choices = Choices { weights: 0.0, draws: 64, relatives, ..Choices::default() };
        let told = table.sensitivity(&scheme, &choices).unwrap();
        told.rows().map(|row| (row.best, row.worst)).collect()
    };
    let fixed = |places: [u32; 3]| places.map(|place| (Some(place), Some(place)));
    assert_eq!(places(2, &[]), fixed([2, 3, 1]));
    assert_eq!(places(2, &[Relative::MinMax]), fixed([2, 3, 1]));
    assert_eq!(places(2, &[Relative::Rank]), fixed([3, 2, 1]));
    let either = [(Some(2), Some(3)), (Some(2), Some(3)), (Some(1), Some(1))];
    assert_eq!(places(2, &[Relative::Rank, Relative::MinMax]), either);
    // A line between goalposts is no normalisation among areas, and stays.
    assert_eq!(places(0, &[Relative::Rank]), places(0, &[]));
}

#[test]
fn replays_do_not_depend_on_threads() {
    let figures = (0..40_u16).map(|at| [0, 1, 2, 3].map(|by| Some((at * (7 + by)) % 40))).collect();
    let table = computed(&figures);
    let scheme = scheme(&[2, 3, 0, 4], &[50, 20, 10, 20], 1, "harmonic", "zero");
    let frame = || table.sensitivity(&scheme, &Choices::default()).unwrap().frame().unwrap();
    let pool = |threads| rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
    assert!(pool(1).install(frame).equals_missing(&pool(4).install(frame)));
}

fn scheme_of_the_design() -> String {
    let design = std::fs::read_to_string(zhibiao_tests::project("DESIGN.md")).unwrap();
    let section = design.split("## 12. Evaluation systems").nth(1).unwrap();
    section.split("```toml\n").nth(1).unwrap().split("```").next().unwrap().to_owned()
}

#[test]
fn the_scheme_of_the_design_reads() {
    let toml = scheme_of_the_design();
    let scheme = Scheme::parse(&toml, "DESIGN.md", &Catalog::builtin()).unwrap();
    assert_eq!(scheme.nodes().count(), 7);
    assert_eq!(scheme.indicators().next(), Some("preschool.public_share"));
}

#[test]
fn choices_are_read_by_the_words_of_schemes() {
    assert_eq!("harmonic".parse(), Ok(Aggregate::Harmonic));
    assert_eq!("min_max".parse(), Ok(Relative::MinMax));
    assert_eq!("renormalize".parse(), Ok(Missing::Renormalize));
    assert_eq!("mean".parse::<Aggregate>().unwrap_err().code(), "bad-option");
}

#[test]
fn choices_that_cannot_be_are_refused() {
    let table = computed(&vec![[Some(1); 4], [Some(2); 4]]);
    let scheme = scheme(&[0; 4], &[1; 4], 1, "arithmetic", "zero");
    for choices in [
        Choices { draws: 0, ..Choices::default() },
        Choices { weights: 1.0, ..Choices::default() },
        Choices { weights: f64::NAN, ..Choices::default() },
    ] {
        assert_eq!(table.sensitivity(&scheme, &choices).unwrap_err().code(), "bad-option");
    }
}
