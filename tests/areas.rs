//! The built-in areas against the list of codes in force at the end of 2024.
//!
//! Data: `cn_areacodes` (GitHub yescallop/areacodes, CC0), which is not the source of the built-in
//! table.

use std::collections::{BTreeMap, BTreeSet};

use zhibiao::Lang;
use zhibiao::area::{AreaCode, Areas, Tier};
use zhibiao_tests::shared;

use crate::sheets::rows;

/// Taiwan, Hong Kong and Macao: in the table, but no part of national totals.
const OUTSIDE_TOTALS: [u32; 3] = [710_000, 810_000, 820_000];

/// Prefectures by arithmetic that are no areas of their own, and what they are called.
const GROUPS: [(&str, &str); 9] = [
    ("110100", "北京市市辖区"),
    ("120100", "天津市市辖区"),
    ("310100", "上海市市辖区"),
    ("419000", "河南省直辖县级"),
    ("429000", "湖北省直辖县级"),
    ("469000", "海南省直辖县级"),
    ("500100", "重庆市市辖区"),
    ("500200", "重庆市县"),
    ("659000", "新疆维吾尔自治区直辖县级"),
];

fn code(text: &str) -> AreaCode {
    text.parse::<AreaCode>().unwrap_or_else(|error| panic!("{text}: {error}"))
}

fn name(areas: &Areas, text: &str) -> Option<String> {
    areas.name(code(text), Lang::Zh)
}

#[test]
fn the_built_in_areas_are_those_in_force_at_the_end_of_2024() {
    let Some(path) = shared("cn_areacodes/yearly/2024.txt") else { return };
    let text = std::fs::read_to_string(path).expect("shared data can be read");
    let listed: BTreeMap<AreaCode, &str> = text
        .lines()
        .map(|line| line.split_once(' ').expect("a line is a code, a space and a name"))
        .map(|(digits, name)| (code(digits), name))
        .collect();
    assert_eq!(listed.len(), 3_213);
    let areas = Areas::builtin();
    assert_eq!(areas.in_force(), "2024-12-31");
    let built_in: BTreeSet<AreaCode> = areas.codes().collect();
    assert_eq!(built_in, listed.keys().copied().collect::<BTreeSet<_>>());
    for (code, name) in &listed {
        assert_eq!(areas.name(*code, Lang::Zh).as_deref(), Some(*name), "{code}");
        assert!(areas.codes_named(name).contains(code), "{name}");
    }
    eprintln!("2024.txt: {} codes and names", listed.len());
}

#[test]
fn codes_that_were_given_up_are_not_known() {
    let Some(rows) = rows("cn_areacodes/result.csv", ["代码", "状态"]) else { return };
    assert_eq!(rows.len(), 6_823);
    let in_force: BTreeSet<&str> = rows
        .iter()
        .filter(|[_, state]| state == "在用")
        .map(|[digits, _]| digits.as_str())
        .collect();
    let given_up: BTreeSet<&str> = rows
        .iter()
        .map(|[digits, _]| digits.as_str())
        .filter(|digits| !in_force.contains(digits))
        .collect();
    assert_eq!((in_force.len(), given_up.len()), (3_213, 3_237));
    let areas = Areas::builtin();
    let known = |digits: &&str| digits.parse::<AreaCode>().is_ok_and(|code| areas.knows(code));
    assert!(in_force.iter().all(known));
    assert!(!given_up.iter().any(known));
    assert!(given_up.iter().all(|digits| digits.parse::<AreaCode>().is_ok()));
    eprintln!("result.csv: {} codes were given up", given_up.len());
}

#[test]
fn there_are_34_provinces_333_prefectures_and_2846_counties() {
    let areas = Areas::builtin();
    let count = |tier: Tier| areas.codes().filter(|code| areas.tier(*code) == Some(tier)).count();
    assert_eq!(count(Tier::Province), 34);
    assert_eq!(count(Tier::Prefecture), 333);
    assert_eq!(count(Tier::County), 2_846);
    assert_eq!(count(Tier::School) + count(Tier::Nation), 0);
}

#[test]
fn pingyao_lies_in_jinzhong_and_shanxi() {
    let areas = Areas::builtin();
    let pingyao = code("140728");
    assert_eq!(name(&areas, "140728").as_deref(), Some("平遥县"));
    assert_eq!(areas.parent(pingyao), Some(code("140700")));
    assert_eq!(name(&areas, "140700").as_deref(), Some("晋中市"));
    assert_eq!(areas.parent(code("140700")), Some(code("140000")));
    assert_eq!(areas.within(pingyao, Tier::Province), Some(code("140000")));
    assert_eq!(name(&areas, "140000").as_deref(), Some("山西省"));
    assert_eq!(areas.parent(code("140000")), Some(AreaCode::NATION));
    assert_eq!(areas.children(code("140700")).len(), 11);
    assert!(areas.children(code("140700")).contains(&pingyao));
    assert!(areas.children(pingyao).is_empty());
}

#[test]
fn counties_without_a_prefecture_have_a_group_named_after_its_kind() {
    let areas = Areas::builtin();
    let dongcheng = code("110101");
    assert_eq!(areas.within(dongcheng, Tier::Prefecture), Some(code("110100")));
    assert_eq!(name(&areas, "110100").as_deref(), Some("北京市市辖区"));
    let jiyuan = code("419001");
    assert_eq!(name(&areas, "419001").as_deref(), Some("济源市"));
    assert_eq!(areas.within(jiyuan, Tier::Prefecture), Some(code("419000")));
    let listed: BTreeSet<AreaCode> = areas.codes().collect();
    let prefectures = areas.codes().filter_map(|code| areas.within(code, Tier::Prefecture));
    let groups: BTreeSet<AreaCode> = prefectures.filter(|code| !listed.contains(code)).collect();
    let wanted: BTreeSet<AreaCode> = GROUPS.iter().map(|(digits, _)| code(digits)).collect();
    assert_eq!(groups, wanted);
    for (digits, named) in GROUPS {
        assert!(areas.knows(code(digits)), "{digits}");
        assert_eq!(name(&areas, digits).as_deref(), Some(named), "{digits}");
    }
}

#[test]
fn zones_and_codes_out_of_force_are_not_known() {
    let areas = Areas::builtin();
    let zone = code("140171");
    assert!(areas.is_zone(zone));
    assert!(areas.codes().all(|code| !areas.is_zone(code)));
    // 140726 was 太谷县, 140703 since 2019; 140799 and 999999 never were.
    for digits in ["140171", "140726", "140799", "149900", "990000", "999999"] {
        assert!(!areas.knows(code(digits)), "{digits}");
        assert_eq!(name(&areas, digits), None, "{digits}");
        assert!(areas.children(code(digits)).is_empty(), "{digits}");
    }
    assert_eq!(name(&areas, "140703").as_deref(), Some("太谷区"));
    assert!(areas.knows(AreaCode::NATION));
}

#[test]
fn every_parent_lists_its_children() {
    let areas = Areas::builtin();
    assert_eq!(areas.children(AreaCode::NATION).len(), 31);
    let groups = GROUPS.iter().map(|(digits, _)| code(digits));
    let all: BTreeSet<AreaCode> = areas.codes().chain(groups).collect();
    for child in &all {
        let parent = areas.parent(*child).expect("only the nation has none");
        let listed = areas.children(parent).contains(child);
        assert_eq!(
            listed,
            !child.number().is_some_and(|number| OUTSIDE_TOTALS.contains(&number)),
            "{child} in {parent}"
        );
    }
    // And lists nobody else: the way down from the nation comes to each of them once.
    let mut open = vec![AreaCode::NATION];
    let mut reached = Vec::new();
    while let Some(parent) = open.pop() {
        for child in areas.children(parent) {
            assert_eq!(areas.parent(*child), Some(parent));
            reached.push(*child);
            open.push(*child);
        }
    }
    assert_eq!(reached.len(), 3_213 - OUTSIDE_TOTALS.len() + GROUPS.len());
    let outside = OUTSIDE_TOTALS.iter().filter_map(|number| AreaCode::new(*number));
    assert_eq!(reached.into_iter().chain(outside).collect::<BTreeSet<_>>(), all);
}

#[test]
fn a_table_of_parents_answers_for_its_own_codes_only() {
    let text = "\u{feff}# in force: 2025-06-30\r\ncode,parent,name,tier\r\n\r\n\
                D-1,S,\"North, upper\",county\r\n S , ,\"The \"\"State\"\"\",province\r\n140728,S,,county\r\n";
    let areas = Areas::parse(text, "state.csv").expect("the table of parents reads");
    assert_eq!(areas.in_force(), "2025-06-30");
    let [d1, state] = ["D-1", "S"].map(|text| areas.code(text).expect("it is in the tree"));
    assert_eq!(areas.codes().collect::<Vec<_>>(), [code("140728"), d1, state]);
    assert_eq!(areas.children(state), [code("140728"), d1]);
    assert_eq!((areas.tier(d1), areas.tier(state)), (Some(Tier::County), Some(Tier::Province)));
    assert_eq!((areas.parent(d1), areas.parent(state)), (Some(state), None));
    assert_eq!(
        (areas.within(d1, Tier::Province), areas.within(d1, Tier::Prefecture)),
        (Some(state), None)
    );
    assert_eq!(areas.name(d1, Lang::Zh).as_deref(), Some("North, upper"));
    assert_eq!(areas.name(state, Lang::Zh).as_deref(), Some("The \"State\""));
    assert_eq!(areas.name(code("140728"), Lang::Zh), None);
    assert_eq!(areas.codes_named("North, upper"), [d1]);
    assert!(areas.codes_named("").is_empty());
    // Digits tell nothing here, but above the largest area and for the nation.
    assert!(!areas.knows(code("140700")) && areas.tier(code("140700")).is_none());
    assert!(areas.is_within(d1, state) && areas.is_within(d1, AreaCode::NATION));
    assert!(
        !areas.is_within(d1, code("140000")) && !areas.is_within(code("140728"), code("140000"))
    );
    for unknown in ["D-2", "140700", "CN", "d-1", " D-1", ""] {
        assert_eq!(areas.code(unknown).expect_err(unknown).code(), "unknown-area");
    }
    let error = areas.code("The \"State\"").expect_err("a name is no code").to_string();
    assert!(error.contains("The \"State\" is S"), "{error}");
}

/// The counties that count towards the nation as a table of parents, and the same answers.
#[test]
fn digits_and_a_table_of_parents_give_the_same_roll_up() {
    let areas = Areas::builtin();
    let mut open = vec![AreaCode::NATION];
    let mut text = String::from("code,parent,name,tier\n");
    while let Some(area) = open.pop() {
        let parent = areas.parent(area).map_or_else(String::new, |parent| parent.to_string());
        let name = areas.name(area, Lang::Zh).expect("it has a name");
        let tier = areas.tier(area).expect("digits tell it").id();
        text.push_str(&format!("{area},{parent},{name},{tier}\n"));
        open.extend(areas.children(area));
    }
    let tree = Areas::parse(&text, "tree.csv").expect("the table of parents reads");
    // Every second county, so that areas are complete, partial and absent; some prefectures.
    let rows = areas.codes().filter(|code| tree.knows(*code)).enumerate().filter(|(row, code)| {
        let tier = areas.tier(*code);
        let north = code.number() < Some(150_000);
        tier == Some(Tier::County) && (north || row % 2 == 0)
            || tier == Some(Tier::Prefecture) && row % 3 == 0
    });
    let lines = rows.map(|(row, code)| format!("{code},{},{}\n", row % 50 + 50, row % 50));
    let table: String =
        ["area,projects,projects_done\n".to_owned()].into_iter().chain(lines).collect();
    let catalog = zhibiao::Catalog::builtin();
    let query = zhibiao::Query::new(&catalog).indicators(["projects.completion"]).tiers([
        Tier::Nation,
        Tier::Province,
        Tier::Prefecture,
        Tier::County,
    ]);
    let answer = |areas: &Areas| {
        let query = query.clone().areas(areas.clone());
        let answer = query.run(zhibiao_tests::table(&table)).expect("the table is sound");
        assert!(answer.findings().is_empty(), "{:?}", answer.findings());
        answer.frame().expect("it fits")
    };
    let (by_digits, by_parents) = (answer(&areas), answer(&tree));
    assert!(by_digits.equals_missing(&by_parents));
    let statuses: BTreeSet<String> =
        zhibiao_tests::texts(&by_digits, "status").into_iter().collect();
    assert_eq!(statuses.into_iter().collect::<Vec<_>>(), ["ok", "partial"]);
}

#[test]
fn trees_do_not_know_of_each_other() {
    let read = |text: &str| Areas::parse(text, "tree.csv").expect("the table of parents reads");
    let (first, second) = (read("code,parent\nX,\nD-1,X\n"), read("code,parent\nD-1,\nY,D-1\n"));
    let d1 = first.code("D-1").expect("it is in the tree");
    assert_eq!(second.code("D-1").expect("it is in the tree"), d1);
    assert_eq!((first.tier(d1), second.tier(d1)), (Some(Tier::County), Some(Tier::Prefecture)));
    assert_eq!((first.parent(d1), second.parent(d1)), (first.code("X").ok(), None));
    assert!(second.code("X").is_err());
    let builtin = Areas::builtin();
    assert_eq!((builtin.tier(d1), builtin.parent(d1), builtin.knows(d1)), (None, None, false));
}

/// States of one tree have no place in another, and that is told.
#[test]
fn states_of_another_tree_are_told() {
    let catalog = zhibiao::Catalog::builtin();
    let tree = Areas::parse("code,parent\nX,\nD-1,X\n", "tree.csv").expect("it reads");
    let query = zhibiao::Query::new(&catalog).indicators(["projects.completion"]);
    let frame = zhibiao_tests::table("area,projects,projects_done\nD-1,60,52\n");
    let states = query.clone().areas(tree).states(&frame).expect("the table is sound");
    let answer = query.finish(&states).expect("it is told, and no error");
    let codes: Vec<&str> = answer.findings().iter().map(zhibiao::Error::code).collect();
    assert_eq!((answer.len(), codes), (0, vec!["unknown-area"]));
}

/// Spreadsheets save Chinese text in another encoding, and that is told with the line.
#[test]
fn a_table_of_areas_is_utf8() {
    let path = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("gbk-areas.csv");
    std::fs::write(&path, b"code,parent,name\n140728,,\xc6\xbd\xd2\xa3\xcf\xd8\n")
        .expect("it is written");
    let error = Areas::load(&path).expect_err("it is not UTF-8");
    assert_eq!(error.code(), "not-utf8");
    assert!(error.to_string().contains("line 2"), "{error}");
}

/// Neither depth nor a circle of any length is too much.
#[test]
fn a_hundred_thousand_levels_are_refused_at_once() {
    let levels = 100_000;
    let chain: String = (1..levels).map(|level| format!("L{level},L{}\n", level - 1)).collect();
    let of = |first: &str| Areas::parse(&format!("code,parent\n{first}\n{chain}"), "deep.csv");
    let deep = of("L0,").expect_err("it is too deep");
    assert_eq!(deep.code(), "too-many-tiers");
    let circle = of(&format!("L0,L{}", levels - 1)).expect_err("it is a circle");
    assert_eq!(circle.code(), "area-cycle");
    assert!(circle.to_string().len() < 500, "{circle}");
}
