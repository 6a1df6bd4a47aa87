//! Logs: a run replayed from its log gives the same bits, and what differs is told.

use std::path::PathBuf;

use zhibiao::area::{Areas, Tier};
use zhibiao::number::{RoundMode, Rounding};
use zhibiao::plan::Policy;
use zhibiao::table::Coverage;
use zhibiao::{Catalog, Log, Query, Table};
use zhibiao_tests::table;

const COUNTIES: &str =
    "area,period,projects,projects_done\n140728,2021,60,50\n140728,2022,60,52\n140729,2022,40,\n";

fn file(name: &str, text: &str) -> PathBuf {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::write(&path, text).unwrap();
    path
}

fn query(catalog: &Catalog) -> Query<'_> {
    Query::new(catalog)
        .indicators(["projects.completion", "projects.done"])
        .tiers([Tier::County, Tier::Prefecture])
        .periods(["2022".parse().unwrap()])
        .policy(Policy::AtLeast("0.50".parse().unwrap()))
        .coverage(Coverage::Given)
        .rounding(Rounding { mode: RoundMode::HalfEven, guard: true })
}

#[test]
fn a_run_replayed_from_the_text_of_its_log_gives_the_same_bits() {
    let catalog = Catalog::builtin();
    for input in
        [Table::from(table(COUNTIES)), Table::read([file("logged.csv", COUNTIES)]).unwrap()]
    {
        let (answer, log) = query(&catalog).run_logged(&input).unwrap();
        let read: Log = log.to_string().parse().unwrap();
        assert_eq!(read, log);
        let again = read.replay(&catalog, Areas::builtin(), &input).unwrap();
        assert!(again.frame().unwrap().equals_missing(&answer.frame().unwrap()));
        assert_eq!(log.rows, answer.len());
    }
}

#[test]
fn a_log_names_what_the_answer_was_made_from() {
    let catalog = Catalog::builtin();
    let path = file("named.csv", COUNTIES);
    let (_, log) = query(&catalog).run_logged(Table::read([&path]).unwrap()).unwrap();
    assert_eq!(log.areas.in_force, Areas::builtin().in_force());
    assert_eq!(log.input[0].file.as_deref(), path.to_str());
    assert_eq!(log.input[0].rows, 3);
    // What sha256sum prints for the text.
    assert_eq!(
        log.input[0].sha256,
        "a292e8ec70a92face27b0056d7d78af6128629b21d9f889a3262de56fd1947fe"
    );
    assert_eq!(log.definitions["projects.done"], catalog.definition_hash("projects.done").unwrap());
}

#[test]
fn what_differs_from_the_log_is_refused() {
    let catalog = Catalog::builtin();
    let input = Table::from(table(COUNTIES));
    let (_, log) = query(&catalog).run_logged(&input).unwrap();
    let refused = |catalog: &Catalog, areas: Areas, csv: &str, log: &Log| {
        let error = log.replay(catalog, areas, table(csv)).expect_err("a difference");
        assert_eq!(error.code(), "log-differs");
        error.to_string()
    };
    let other_cell = COUNTIES.replace("52", "53");
    assert!(refused(&catalog, Areas::builtin(), &other_cell, &log).contains("the frame"));
    let other_areas = Areas::parse("140000\t山西省\n140728\t平遥县\n", "areas.tsv").unwrap();
    assert!(refused(&catalog, other_areas, COUNTIES, &log).contains("table of areas"));
    let redefined = "[indicators.\"projects.done\"]\nname = { zh = \"已完成\" }\nkind = \"total\"\nmeasure = \"projects\"\nreplaces = true\n";
    let mine = catalog.extend(Catalog::parse(redefined, "mine.toml").unwrap()).unwrap();
    assert!(refused(&mine, Areas::builtin(), COUNTIES, &log).contains("`projects.done`"));
    let mut other_answer = log;
    other_answer.sha256 = "0".repeat(64);
    assert!(refused(&catalog, Areas::builtin(), COUNTIES, &other_answer).contains("the answer"));
}

#[test]
fn words_do_not_change_the_hash_of_a_definition_and_numbers_do() {
    let catalog = Catalog::builtin();
    let hash = |toml: &str| {
        let mine = catalog.extend(Catalog::parse(toml, "mine.toml").unwrap()).unwrap();
        mine.definition_hash("t.share").unwrap()
    };
    let written = |name: &str, decimals: u8, filter: &str| {
        format!(
            "[measures.t_part]\ndefine = \"sum(children) filter (where ownership = '{filter}')\"\n\
             [indicators.\"t.share\"]\nname = {{ zh = \"{name}\" }}\nkind = \"share\"\n\
             numerator = \"t_part\"\ndenominator = \"children\"\nunit = \"%\"\ndecimals = {decimals}\n"
        )
    };
    let first = hash(&written("占比", 1, "public"));
    assert_eq!(first, hash(&written("另一名称", 1, "public")));
    assert_ne!(first, hash(&written("占比", 2, "public")));
    // What the definition stands on counts, too.
    assert_ne!(first, hash(&written("占比", 1, "private")));
}

/// Inputs may have the names of keys that are only words elsewhere.
#[test]
fn inputs_named_like_words_count_in_the_hash() {
    let hash = |name: &str, note: &str| {
        let toml = format!(
            "[indicators.\"t.ratio\"]\nname = {{ zh = \"比\" }}\nkind = \"derived\"\n\
             inputs = {{ name = \"{name}\", note = \"{note}\" }}\nformula = \"name / note\"\nunit = \"1\"\n"
        );
        let mine = Catalog::builtin().extend(Catalog::parse(&toml, "mine.toml").unwrap()).unwrap();
        mine.definition_hash("t.ratio").unwrap()
    };
    let (public, inclusive) = ("preschool.public_share", "preschool.inclusive_coverage");
    assert_ne!(hash(public, inclusive), hash(inclusive, public));
}
