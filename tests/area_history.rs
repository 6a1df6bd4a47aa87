//! Areas through time against an independent table, known answers, and laws.
//!
//! Data: `cn_areacodes` (GitHub yescallop/areacodes, CC0). It is not the source of the built-in
//! history, but successors that were written by hand were looked for where the two differed. They are
//! marked in the history and counted apart: here they prove nothing.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use serde::Deserialize;
use zhibiao::area::history::{Crosswalk, Target, Union, Validity, Weights};
use zhibiao::area::{AreaCode, Areas, History, Tier};
use zhibiao::number::{Decimal, Ratio};
use zhibiao::table::Status;
use zhibiao::{Error, Lang};
use zhibiao_tests::{project, shared};

use crate::cases::run;

/// Code and name by code.
type Listed = BTreeMap<AreaCode, String>;

fn code(text: &str) -> AreaCode {
    text.parse::<AreaCode>().unwrap_or_else(|error| panic!("{text}: {error}"))
}

fn read(path: &std::path::Path) -> String {
    let text =
        std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    text.trim_start_matches('\u{feff}').to_owned()
}

fn listed(areas: &Areas) -> Listed {
    areas.codes().map(|code| (code, areas.name(code, Lang::Zh).expect("it has a name"))).collect()
}

/// Fields of the lines of a file of differences.
fn differences<const N: usize>(file: &str) -> Vec<[String; N]> {
    let text = read(&project("tests/data").join(file));
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    let fields = |line: &str| -> [String; N] {
        let fields: Vec<String> = line.split('\t').map(str::to_owned).collect();
        fields.try_into().unwrap_or_else(|_| panic!("{file}: `{line}` has not {N} fields"))
    };
    lines.map(fields).collect()
}

fn year(text: &str) -> u16 {
    text.parse::<u16>().expect("a year")
}

fn own_year() -> impl Strategy<Value = u16> {
    History::years()
}

#[test]
fn the_last_year_is_the_built_in_table() {
    let last = Areas::at(2024).expect("the year is known");
    assert_eq!(listed(&last), listed(&Areas::builtin()));
    assert_eq!(last.in_force(), Areas::builtin().in_force());
    for unknown in [0, 1980, 2025, u16::MAX] {
        assert_eq!(Areas::at(unknown).expect_err("it is not known").code(), "no-area-table");
    }
}

/// Codes and years of the ends whose successors were written by hand.
fn by_hand() -> BTreeSet<(AreaCode, u16)> {
    let text = read(&project("crates/zhibiao/src/area/history.tsv"));
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    let marked = lines.filter_map(|line| {
        let fields: Vec<&str> = line.split('\t').collect();
        let successors = fields.get(4).filter(|successors| successors.starts_with('='));
        successors.map(|_| (code(fields[0]), year(fields[3])))
    });
    marked.collect()
}

/// No line is passed over, and what an area became stood in that year.
#[test]
fn every_line_of_the_history_is_read() {
    let history = History::builtin();
    let text = read(&project("crates/zhibiao/src/area/history.tsv"));
    let mut rows = BTreeMap::new();
    let (mut ended, mut told) = (0, 0);
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        let fields: Vec<&str> = line.split('\t').collect();
        let (of, name, from) = (code(fields[0]), fields[1], year(fields[2]));
        let end = fields.get(3).map_or(2025, |end| year(end));
        for year in from..end {
            assert_eq!(history.name(of, year), Some(name), "{line}");
            *rows.entry(year).or_insert(0) += 1;
        }
        let Some(successors) = fields.get(3).map(|_| fields.get(4).unwrap_or(&"")) else {
            continue;
        };
        let wanted: BTreeSet<AreaCode> = successors
            .split_whitespace()
            .map(|to| code(to.trim_start_matches(['~', '='])))
            .collect();
        let next = history.translate(of, end - 1, end).expect("it stood in that year");
        let areas: BTreeSet<AreaCode> = next.areas.iter().map(|area| area.code).collect();
        assert_eq!(areas, wanted, "{line}");
        assert_eq!(next.lost, wanted.is_empty(), "{line}");
        ended += 1;
        told += usize::from(!wanted.is_empty());
    }
    for year in History::years() {
        let areas = Areas::at(year).expect("the year is known");
        assert_eq!(areas.codes().count(), rows[&year], "{year}");
    }
    eprintln!("history: {ended} ended, of {told} it is told what they became");
}

/// 44 tables: what differs is listed, with a reason, and nothing else differs.
#[test]
fn every_year_is_that_of_the_independent_tables_but_for_what_is_listed() {
    let Some(folder) = shared("cn_areacodes/yearly") else { return };
    let mut explained: BTreeMap<(u16, AreaCode), (String, String)> = BTreeMap::new();
    let mut reasons: BTreeMap<String, usize> = BTreeMap::new();
    for [first, last, digits, here, there, why] in differences("area_differences.tsv") {
        for year in year(&first)..=year(&last) {
            *reasons.entry(why.clone()).or_default() += 1;
            let twice = explained.insert((year, code(&digits)), (here.clone(), there.clone()));
            assert!(twice.is_none(), "{year} {digits} is listed twice");
        }
    }
    let (mut rows, mut equal) = (0, 0);
    for year in History::years() {
        let text = read(&folder.join(format!("{year}.txt")));
        let line = |line: &str| {
            let (digits, name) = line.split_once(' ').expect("a code, a space and a name");
            (code(digits), name.to_owned())
        };
        let theirs: Listed = text.lines().map(line).collect();
        let ours = listed(&Areas::at(year).expect("the year is known"));
        rows += theirs.len();
        for code in ours.keys().chain(theirs.keys()).collect::<BTreeSet<_>>() {
            let name = |areas: &Listed| areas.get(code).cloned().unwrap_or_default();
            let (here, there) = (name(&ours), name(&theirs));
            if here == there {
                equal += 1;
                assert!(!explained.contains_key(&(year, *code)), "{year} {code} is equal by now");
            } else {
                let listed = explained.remove(&(year, *code));
                assert_eq!(listed, Some((here, there)), "{year} {code}: not as listed");
            }
        }
    }
    assert!(explained.is_empty(), "listed and not there: {explained:?}");
    assert_eq!(rows, 140_256);
    assert_eq!(equal, 138_667);
    eprintln!("yearly tables: {equal} of {rows} rows are equal; listed differences: {reasons:?}");
}

/// What became of every area that both tables let end in the same year under the same name.
#[test]
fn successors_are_those_of_the_independent_table_but_for_what_is_listed() {
    let Some(path) = shared("cn_areacodes/result.csv") else { return };
    let history = History::builtin();
    let mut explained: BTreeMap<(String, u16, String), (String, String)> = BTreeMap::new();
    let mut reasons: BTreeMap<String, usize> = BTreeMap::new();
    for [digits, end, name, here, there, why] in differences("area_link_differences.tsv") {
        *reasons.entry(why).or_default() += 1;
        explained.insert((digits, year(&end), name), (here, there));
    }
    let by_hand = by_hand();
    let (mut compared, mut equal, mut hand, mut other_record) = (0, 0, 0, 0);
    for line in read(&path).lines().skip(1) {
        let fields: Vec<&str> = line.split(',').collect();
        let [digits, _, _, name, _, _, _, end, successors] = fields[..] else { panic!("{line}") };
        let theirs: BTreeSet<String> = successors
            .split(';')
            .filter(|to| !to.is_empty() && !to.contains('['))
            .map(str::to_owned)
            .collect();
        if end.is_empty() || theirs.is_empty() {
            continue;
        }
        let end = year(end);
        let (code, before) = (code(digits), end - 1);
        if history.name(code, before) != Some(name) || history.name(code, end) == Some(name) {
            other_record += 1;
            continue;
        }
        if by_hand.contains(&(code, end)) {
            hand += 1;
        } else {
            compared += 1;
        }
        let next = history.translate(code, before, end).expect("it stood in that year");
        let ours: BTreeSet<String> = next.areas.iter().map(|area| area.code.to_string()).collect();
        if ours == theirs {
            equal += usize::from(!by_hand.contains(&(code, end)));
            continue;
        }
        let text = |codes: &BTreeSet<String>| codes.iter().cloned().collect::<Vec<_>>().join(" ");
        let listed = explained.remove(&(digits.to_owned(), end, name.to_owned()));
        assert_eq!(listed, Some((text(&ours), text(&theirs))), "{digits} {name}, {end}");
    }
    assert!(explained.is_empty(), "listed and not there: {explained:?}");
    assert_eq!((compared, equal, hand), (3_021, 2_593, 56));
    eprintln!(
        "successors: {equal} of {compared} are equal, beside {hand} by hand; listed differences: {reasons:?}; {other_record} ended here in another year or by another name"
    );
}

/// A record of the independent table.
struct Record {
    name: String,
    years: std::ops::Range<u16>,
    successors: Vec<AreaCode>,
}

/// What an area of a year is at the end of the last one, by the records of the independent table.
fn at_last(
    records: &BTreeMap<AreaCode, Vec<Record>>,
    code: AreaCode,
    year: u16,
) -> BTreeSet<AreaCode> {
    let record = records[&code].iter().find(|record| record.years.contains(&year));
    let record = record.unwrap_or_else(|| panic!("{code} does not stand in {year}"));
    if record.years.end == u16::MAX {
        return BTreeSet::from([code]);
    }
    let next = record.successors.iter();
    next.flat_map(|to| at_last(records, *to, record.years.end)).collect()
}

/// Years, their counties that both tables have under one name, how many of these came by a successor
/// that was written by hand, and how many of the others both tables lead to the same areas of 2024.
const COUNTIES: [(u16, usize, usize, usize); 8] = [
    (1983, 2_756, 51, 2_527),
    (1990, 2_721, 50, 2_564),
    (1995, 2_822, 43, 2_702),
    (2000, 2_851, 36, 2_769),
    (2005, 2_861, 32, 2_828),
    (2010, 2_856, 30, 2_826),
    (2015, 2_850, 17, 2_833),
    (2020, 2_844, 3, 2_841),
];

#[test]
fn counties_lead_to_the_same_areas_of_2024() {
    let Some(path) = shared("cn_areacodes/result.csv") else { return };
    let mut records: BTreeMap<AreaCode, Vec<Record>> = BTreeMap::new();
    for line in read(&path).lines().skip(1) {
        let fields: Vec<&str> = line.split(',').collect();
        let [digits, _, _, name, _, _, from, end, successors] = fields[..] else {
            panic!("{line}")
        };
        let whole = successors.split(';').filter(|to| !to.is_empty() && !to.contains('['));
        let end = if end.is_empty() { u16::MAX } else { year(end) };
        records.entry(code(digits)).or_default().push(Record {
            name: name.to_owned(),
            years: year(from)..end,
            successors: whole.map(code).collect(),
        });
    }
    let (history, by_hand) = (History::builtin(), by_hand());
    let counts = COUNTIES.map(|(year, ..)| {
        let areas = Areas::at(year).expect("the year is known");
        let both = areas.codes().filter(|code| {
            let there =
                records.get(code).and_then(|of| of.iter().find(|of| of.years.contains(&year)));
            areas.tier(*code) == Some(Tier::County)
                && there.is_some_and(|there| history.name(*code, year) == Some(&there.name))
        });
        let (mut all, mut hand, mut same) = (0, 0, 0);
        for code in both {
            all += 1;
            let ours = history.translate(code, year, 2024).expect("it stands in that year");
            let mut changes = ours.changes.iter();
            if changes.any(|change| by_hand.contains(&(change.old.code, change.year))) {
                hand += 1;
                continue;
            }
            let ours: BTreeSet<AreaCode> = ours.areas.iter().map(|area| area.code).collect();
            same += usize::from(ours == at_last(&records, code, year));
        }
        (year, all, hand, same)
    });
    assert_eq!(counts, COUNTIES);
    eprintln!("year, counties of both tables, by hand, same areas of 2024: {counts:?}");
}

/// Codes that named another area before: that name is not taken for the code.
#[test]
fn a_code_with_the_name_of_another_time_is_flagged() {
    let Some(path) = shared("cn_areacodes/result.csv") else { return };
    let history = History::builtin();
    let mut names: BTreeMap<AreaCode, Vec<(String, u16)>> = BTreeMap::new();
    for line in read(&path).lines().skip(1) {
        let fields: Vec<&str> = line.split(',').collect();
        names.entry(code(fields[0])).or_default().push((fields[3].to_owned(), year(fields[6])));
    }
    let (mut pairs, mut bore_it) = (0, 0);
    for (code, spells) in names {
        for ((old, _), (new, from)) in
            spells.iter().flat_map(|a| spells.iter().map(move |b| (a, b)))
        {
            if old == new || history.name(code, *from) != Some(new) {
                continue;
            }
            pairs += 1;
            match history.check(code, Some(old), *from).expect("the year is known") {
                Validity::OtherName { name, bore, .. } => {
                    assert_eq!(name, *new, "{code} {from}");
                    bore_it += usize::from(bore.is_some());
                }
                other => panic!("{code} {old} {from}: {other:?}"),
            }
        }
    }
    eprintln!("names of another time: {pairs} flagged, of {bore_it} the history has that time too");
    assert_eq!((pairs, bore_it), (444, 434));
}

/// A code of one year in another, or held against a name.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    name: String,
    source: String,
    code: String,
    /// The year of the code.
    year: u16,
    /// The year that it is translated to.
    to: Option<u16>,
    /// The name that is held against it, where it is checked.
    given: Option<String>,
    /// Areas of the other year and how it lies to them, or what the check says.
    want: Option<Vec<String>>,
    /// What happened in between, the first change first.
    changes: Option<Vec<String>>,
    fails: Option<String>,
}

fn translated(case: &Case, to: u16) -> Result<(Vec<String>, Vec<String>), Error> {
    let found = History::builtin().translate(case.code.parse()?, case.year, to)?;
    let areas = found.areas.iter();
    let changes = found.changes.iter();
    Ok((
        areas.map(|to| format!("{} {} {}", to.code, to.name, to.relation.id())).collect(),
        changes.map(|change| format!("{} {}", change.year, change.kind.id())).collect(),
    ))
}

fn checked(case: &Case) -> Result<Vec<String>, Error> {
    let found = History::builtin().check(case.code.parse()?, case.given.as_deref(), case.year)?;
    Ok(match found {
        Validity::InForce => vec!["in force".to_owned()],
        Validity::OtherName { name, bore, named } => {
            let bore = bore.map(|bore| format!("bore it from {}", bore.from));
            let named = named.iter().map(|code| format!("now {code}"));
            std::iter::once(format!("other name {name}")).chain(bore).chain(named).collect()
        }
        Validity::Ended { last, successors } => {
            let until = last.until.expect("it ended");
            let then = successors.iter().map(|area| format!("{} {}", area.code, area.name));
            std::iter::once(format!("ended {} {until}", last.name)).chain(then).collect()
        }
        Validity::NotYet { first, predecessors } => {
            let before = predecessors.iter().map(|area| format!("{} {}", area.code, area.name));
            std::iter::once(format!("not yet {} {}", first.name, first.from))
                .chain(before)
                .collect()
        }
        Validity::Never => vec!["never".to_owned()],
    })
}

#[test]
fn known_answers() {
    run("areas_history.toml", include_str!("cases/areas_history.toml"), |case: &Case| {
        let name = &case.name;
        assert!(!case.source.is_empty(), "{name}");
        let got = match case.to {
            Some(to) => translated(case, to),
            None => checked(case).map(|said| (said, Vec::new())),
        };
        match (got, &case.want, &case.fails) {
            (Ok((areas, changes)), Some(want), None) => {
                assert_eq!(areas, *want, "{name}");
                let wanted = case.changes.as_ref().unwrap_or(&changes);
                assert_eq!(changes, *wanted, "{name}");
            }
            (Err(error), None, Some(code)) => assert_eq!(error.code(), code, "{name}: {error}"),
            (got, ..) => panic!("{name}: got {got:?}; set one of want, fails"),
        }
    });
}

#[test]
fn a_code_out_of_force_is_told_with_what_it_was_and_is() {
    let history = History::builtin();
    let hint = |digits: &str, year: u16| history.hint(code(digits), year);
    assert_eq!(hint("140726", 2024), "太谷县 until 2019, then 140703 太谷区");
    assert_eq!(hint("142431", 2020), "平遥县 until 1999, then 140728 平遥县");
    assert_eq!(hint("140202", 2018), "城区 until 2018, then 140213 平城区 and 140214 云冈区");
    assert_eq!(hint("140703", 2010), "太谷区 from 2019, before 140726 太谷县");
    assert_eq!(hint("140728", 2010), "");
    assert_eq!(hint("420600", 2024), "");
    assert_eq!(hint("149999", 2010), "");
    let error = history.translate(code("140726"), 2020, 2024).expect_err("it ended in 2019");
    assert_eq!(error.code(), "code-not-in-year");
    assert!(error.to_string().contains("太谷县 until 2019, then 140703 太谷区"), "{error}");
}

/// Units of a panel: those of one year, each once, whatever year they are reached from.
#[test]
fn a_crosswalk_is_a_partition() {
    for (target, years) in [
        (2024, vec![1981, 1990, 2000, 2010, 2018]),
        (2010, vec![1995, 2005, 2015, 2024]),
        (1985, vec![2000, 2024]),
    ] {
        let walk = Crosswalk::to(target, &years).expect("the years are known");
        let placeless: BTreeSet<String> = walk
            .findings()
            .iter()
            .filter(|finding| {
                ["no-successor", "divided-area", "other-extent"].contains(&finding.code())
            })
            .map(|finding| format!("{:?}", finding.problem().fields()))
            .collect();
        let areas = walk.areas().expect("the year is known");
        let (mut placed, mut without) = (0, 0);
        for year in &years {
            for code in Areas::at(*year).expect("the year is known").codes() {
                match walk.target(code, *year) {
                    Some(Target::One(one)) => assert!(areas.knows(*one), "{code} {year}: {one}"),
                    Some(Target::Union(at)) => {
                        assert!(areas.knows(walk.unions()[*at].code), "{code} {year}");
                    }
                    Some(Target::Shares(_)) => panic!("no weights were given"),
                    None => {
                        without += 1;
                        let told = |text: &String| {
                            text.contains(&code.to_string()) && text.contains(&year.to_string())
                        };
                        assert!(placeless.iter().any(told), "{code} of {year} is not told");
                        continue;
                    }
                }
                placed += 1;
            }
        }
        // Every area of the target year stands in the tree, or in one union, and never in both.
        let members = walk.unions().iter().flat_map(|union| &union.members);
        let mut seen = BTreeSet::new();
        for member in members {
            assert!(seen.insert(member.code), "{} is in two unions", member.code);
            assert!(!areas.knows(member.code), "{} is in a union", member.code);
        }
        for union in walk.unions() {
            assert!(union.members.len() > 1);
            assert_eq!(areas.parent(union.code), Some(union.parent));
            assert_eq!(areas.tier(union.code), Some(Tier::County));
        }
        for code in Areas::at(target).expect("the year is known").codes() {
            assert!(areas.knows(code) != seen.contains(&code), "{code}");
        }
        eprintln!("to {target}: {placed} placed, {without} not, {} unions", walk.unions().len());
    }
}

/// 国函〔2018〕22号 and the end of 巢湖市 in 2011, of which 和县 came to 马鞍山市 but for a town that
/// went to 芜湖市.
#[test]
fn unions_are_the_smallest_and_stand_where_all_their_members_lie() {
    let walk = Crosswalk::to(2024, &[2010, 2015]).expect("the years are known");
    let union = |digits: &str, year: u16| match walk.target(code(digits), year) {
        Some(Target::Union(at)) => walk.unions().get(*at).expect("it is there").clone(),
        other => panic!("{digits} of {year}: {other:?}"),
    };
    let datong = union("140202", 2015);
    assert_eq!(datong.code.to_string(), "140212+2");
    assert_eq!(datong.name(Lang::Zh), "新荣区等3个区划");
    assert_eq!(datong.name(Lang::En), "新荣区 and 2 more");
    assert_eq!(datong.parent, code("140200"));
    for (digits, year) in [("140211", 2010), ("140203", 2010), ("140212", 2015), ("140213", 2024)] {
        assert_eq!(union(digits, year), datong, "{digits} of {year}");
    }
    assert_eq!(walk.target(code("140227"), 2010), Some(&Target::One(code("140215"))));
    assert_eq!(union("341424", 2010).parent, code("340000"));
    let areas = walk.areas().expect("the year is known");
    assert!(areas.children(code("140200")).contains(&datong.code));
    assert_eq!(areas.name(datong.code, Lang::Zh).as_deref(), Some("新荣区等3个区划"));
    assert_eq!(areas.name(datong.code, Lang::En).as_deref(), Some("新荣区 and 2 more"));
    assert_eq!(areas.code("140212+2").expect("it is in the tree"), datong.code);
    // Without a union, the list of the year; and nothing is united that was not divided.
    let same = Crosswalk::to(2020, &[2020]).expect("the year is known");
    assert!(same.unions().is_empty() && same.findings().is_empty());
    let areas = same.areas().expect("the year is known");
    assert_eq!(listed(&areas), listed(&Areas::at(2020).expect("the year is known")));
}

#[test]
fn shares_divide_what_would_be_one_unit() {
    let shares = |shares: &[(&str, &str)]| -> Vec<(AreaCode, Decimal)> {
        let share = |(to, share): &(&str, &str)| (code(to), share.parse().expect("a decimal"));
        shares.iter().map(share).collect()
    };
    let city = shares(&[("140213", "0.87"), ("140214", "0.13")]);
    let suburb = shares(&[("140212", "0.1"), ("140213", "0.4"), ("140214", "0.5")]);
    let weights = Weights::new()
        .divide(code("140202"), 2017, &city)
        .and_then(|weights| weights.divide(code("140211"), 2010, &suburb))
        .expect("they add up to 1");
    let walk = Crosswalk::weighted(2024, &[2015], &weights).expect("they are successors");
    let ratio = |num, den| Ratio::new(num, den).expect("no zero");
    let want = vec![(code("140213"), ratio(87, 100)), (code("140214"), ratio(13, 100))];
    assert_eq!(walk.target(code("140202"), 2015), Some(&Target::Shares(want)));
    let parts = walk.apportion(code("140202"), 2015, Decimal::integer(1_001)).expect("it fits");
    let parts: Vec<String> = parts.iter().map(|(to, part)| format!("{to} {part}")).collect();
    assert_eq!(parts, ["140213 871", "140214 130"]);

    let bad = |of: u16, list: &[(&str, &str)]| {
        let weights = Weights::new().divide(code("140202"), of, &shares(list));
        let walk = weights.and_then(|weights| Crosswalk::weighted(2024, &[2015], &weights));
        walk.expect_err("it is refused").code()
    };
    assert_eq!(bad(2015, &[("140213", "0.5")]), "bad-shares");
    assert_eq!(bad(2015, &[("140213", "1.5"), ("140214", "-0.5")]), "bad-shares");
    assert_eq!(bad(2015, &[("140213", "0.5"), ("140213", "0.5")]), "bad-shares");
    assert_eq!(bad(2015, &[("140728", "1")]), "bad-shares");
    assert_eq!(bad(2020, &[("140213", "1")]), "code-not-in-year");
    assert_eq!(bad(1900, &[("140213", "1")]), "no-area-table");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    /// What an area became was that area, or a part of it.
    #[test]
    fn there_and_back(from in own_year(), to in own_year(), at in any::<prop::sample::Index>()) {
        let history = History::builtin();
        let codes: Vec<AreaCode> = Areas::at(from).expect("it is known").codes().collect();
        let code = *at.get(&codes);
        let there = history.translate(code, from, to).expect("it stands");
        prop_assert!(!there.areas.is_empty() || there.lost, "{} of {} is nowhere in {}", code, from, to);
        for area in &there.areas {
            prop_assert_eq!(history.name(area.code, to), Some(area.name.as_str()));
            let back = history.translate(area.code, to, from).expect("it stands");
            prop_assert!(back.areas.iter().any(|back| back.code == code), "{} {} {}", code, from, to);
        }
        let years: Vec<u16> = there.changes.iter().map(|change| change.year).collect();
        prop_assert!(years.is_sorted());
        let within = |year: &u16| from.min(to) < *year && *year <= from.max(to);
        prop_assert!(years.iter().all(within));
    }

    /// Figures that are apportioned add up to what they were, to the last digit.
    #[test]
    fn totals_stay(figure in -1_000_000_000_i128..1_000_000_000, scale in 0_u8..4, share in 0_i128..=1_000) {
        let decimal = |mantissa| Decimal::new(mantissa, 3).expect("it is short");
        let shares = [(code("140213"), decimal(share)), (code("140214"), decimal(1_000 - share))];
        let weights = Weights::new().divide(code("140202"), 2017, &shares).expect("they are 1");
        let walk = Crosswalk::weighted(2018, &[2017], &weights).expect("they are successors");
        let figure = Decimal::new(figure, scale).expect("it is short");
        for digits in ["140202", "140203", "140211", "140728"] {
            let parts = walk.apportion(code(digits), 2017, figure).expect("it fits");
            let sum = parts.iter().try_fold(Ratio::ZERO, |sum, (_, part)| sum.add(part.ratio()));
            prop_assert_eq!(sum.expect("it fits"), figure.ratio(), "{}", digits);
        }
    }

    /// No text and no year makes it fall over.
    #[test]
    fn nothing_panics(number in any::<u32>(), from in any::<u16>(), to in any::<u16>(), name in ".{0,4}") {
        let Some(code) = AreaCode::new(number % 1_000_000) else { return Ok(()) };
        let history = History::builtin();
        let _ = history.hint(code, from);
        let _ = history.check(code, Some(&name), from);
        let _ = history.translate(code, from, to);
    }
}

/// What is left of a prefecture is not the whole of it, but all of it is in the province.
#[test]
fn a_prefecture_that_a_union_takes_members_from_is_partial() {
    let walk = Crosswalk::to(2024, &[1990]).expect("the years are known");
    let areas = walk.areas().expect("the year is known");
    let listed = Areas::at(2024).expect("the year is known");
    let across = |union: &&Union| areas.tier(union.parent) == Some(Tier::Province);
    let union = walk.unions().iter().find(across).expect("some union lies across prefectures");
    let province = union.parent;
    let taken = |prefecture: &&AreaCode| {
        let mut members = union.members.iter();
        !areas.children(**prefecture).is_empty()
            && members.any(|member| listed.parent(member.code) == Some(**prefecture))
    };
    let prefecture = *areas.children(province).iter().find(taken).expect("it is left of something");
    // All that is in the province has one project, done; the row of the prefecture says 7 of 8.
    let mut open = vec![province];
    let mut leaves = Vec::new();
    while let Some(area) = open.pop() {
        match areas.children(area) {
            [] => leaves.push(area),
            below => open.extend(below),
        }
    }
    let ask = |own: bool| {
        let mut csv = "area,projects,projects_done\n".to_owned();
        leaves.iter().for_each(|area| csv.push_str(&format!("{area},1,1\n")));
        if own {
            csv.push_str(&format!("{prefecture},8,7\n"));
        }
        let catalog = zhibiao::Catalog::builtin();
        let query = zhibiao::Query::new(&catalog)
            .indicators(["projects.completion"])
            .tiers([Tier::Prefecture, Tier::Province])
            .areas(areas.clone());
        let answer = query.run(zhibiao_tests::table(&csv)).expect("it has an answer");
        let told = |area: AreaCode| {
            let mut rows = answer.rows();
            let row = rows.find(|row| row.area() == area).expect("the area is there");
            (row.status(), row.display().expect("it can be printed"))
        };
        (told(prefecture), told(province))
    };
    let whole = (Status::Ok, Some("100.0".to_owned()));
    assert_eq!(ask(false), ((Status::Partial, None), whole.clone()));
    assert_eq!(ask(true), ((Status::Ok, Some("87.5".to_owned())), whole));
}
