//! Reports: sentences of `cases/prose.toml`, the report of Pingyao, and communiqués.

use std::collections::BTreeMap;
use std::fmt::Write;

use polars::prelude::{Column, DataFrame};
use serde::Deserialize;
use zhibiao::number::Bounds;
use zhibiao::period::Period;
use zhibiao::prose::{Known, Options, Reading, Reason, Rule, Verdict, read, refuse_binary};
use zhibiao::quantity::{Convention, Quantity};
use zhibiao::unit::Unit;
use zhibiao::{Catalog, Lang, Query, report};

const CASES: &str = include_str!("cases/prose.toml");

/// The report of Pingyao stands beside the project, not in it.
const PINGYAO: &str = "pingyao/report.txt";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Suite {
    case: Vec<Case>,
}

/// A text and all that is read of it: figures as `written | sort | subject | proposal`, numbers
/// passed over as `written | reason`, claims as `kind | words | subject`, findings as
/// `rule | verdict | written`.
#[derive(Debug, Deserialize, PartialEq)]
#[serde(deny_unknown_fields)]
struct Case {
    name: String,
    source: String,
    text: String,
    /// The columns of a table of one area.
    #[serde(default)]
    against: BTreeMap<String, Vec<String>>,
    found: Vec<String>,
    #[serde(default)]
    passed: Vec<String>,
    #[serde(default)]
    claims: Vec<String>,
    #[serde(default)]
    findings: Vec<String>,
}

fn reading(text: &str) -> Reading {
    read(text, "report.txt", &Catalog::builtin(), Options { year: Some(2022) }).unwrap()
}

/// What a table knows of the figures of a report.
fn known_by(reading: &Reading, columns: &BTreeMap<String, Vec<String>>) -> Vec<Known> {
    let Some(rows) = columns.values().next().map(Vec::len) else { return Vec::new() };
    let area = ("area".to_owned(), vec!["140728".to_owned(); rows]);
    let columns = std::iter::once(area).chain(columns.clone());
    let columns = columns.map(|(name, cells)| Column::new(name.as_str().into(), cells));
    let frame = DataFrame::new_infer_height(columns.collect()).unwrap();
    let catalog = Catalog::builtin();
    let query = Query::new(&catalog).indicators(reading.indicators(&catalog));
    query.skip_unavailable(true).run(&frame).unwrap().known("table").unwrap()
}

fn case(want: &Case) -> Case {
    let reading = reading(&want.text);
    let found = reading.quantities.iter().map(|found| {
        let proposal = found.proposals.first().map_or("-", |proposal| proposal.id.as_str());
        let (written, sort) = (&found.quantity.written, found.sort.id());
        format!("{written} | {sort} | {} | {proposal}", found.subject)
    });
    let passed = reading.passed_over.iter();
    let passed = passed.map(|passed| format!("{} | {}", passed.written, passed.reason.id()));
    let claims = reading.claims.iter();
    let claims =
        claims.map(|claim| format!("{} | {} | {}", claim.kind.id(), claim.words, claim.subject));
    let findings = reading.audit(Some(&known_by(&reading, &want.against)));
    let findings = findings.iter().map(|finding| {
        let written = &reading.quantities[finding.figure].quantity.written;
        format!("{} | {} | {written}", finding.rule.id(), finding.verdict.id())
    });
    Case {
        name: want.name.clone(),
        source: want.source.clone(),
        text: want.text.clone(),
        against: want.against.clone(),
        found: found.collect(),
        passed: passed.collect(),
        claims: claims.collect(),
        findings: findings.collect(),
    }
}

#[test]
fn sentences_are_read_as_known() {
    let suite: Suite = toml::from_str(CASES).unwrap();
    assert!(suite.case.len() >= 60, "{}", suite.case.len());
    let mut failed = 0;
    for want in &suite.case {
        assert!(!want.source.is_empty(), "{}", want.name);
        let got = case(want);
        if got != *want {
            eprintln!("got  {got:#?}\nwant {want:#?}");
            failed += 1;
        }
    }
    assert_eq!(failed, 0, "of {}", suite.case.len());
    eprintln!("{} sentences", suite.case.len());
}

fn pingyao() -> Option<(String, Reading)> {
    let text = std::fs::read_to_string(zhibiao_tests::shared(PINGYAO)?).unwrap();
    let reading = reading(&text);
    Some((text, reading))
}

/// The figures of the example: measure, value, unit, sentence, period.
fn figures() -> Vec<[String; 5]> {
    let path = zhibiao_tests::project("examples/pingyao-2022/figures.csv");
    let text = std::fs::read_to_string(path).unwrap();
    let rows = text.trim_start_matches('\u{feff}').lines().skip(1);
    let cells = |line: &str| -> Vec<String> { line.split(',').map(str::to_owned).collect() };
    let row = |cells: Vec<String>| [3, 4, 5, 7, 2].map(|column| cells[column].clone());
    rows.map(cells).map(row).collect()
}

#[test]
fn the_figures_of_pingyao_are_found_and_nothing_else() {
    let Some((_, reading)) = pingyao() else { return };
    let figures = figures();
    assert_eq!((reading.quantities.len(), figures.len()), (37, 37));
    let mut about = 0;
    for (found, [measure, value, unit, sentence, period]) in reading.quantities.iter().zip(figures)
    {
        let quantity = &found.quantity;
        let known: Quantity = format!("{value}{unit}").parse().unwrap();
        assert_eq!(quantity.bounds, known.bounds, "{measure}");
        assert_eq!(quantity.convention, known.convention, "{measure}");
        let own = quantity.unit.as_ref().unwrap();
        // 60个 of projects: 个 counts whatever is counted in pieces.
        let same = own.same_quantity(&Unit::parse(&unit).unwrap()) || quantity.counted == "个";
        assert!(same, "{measure}: {} for {unit}", quantity.counted);
        let stands = sentence.contains(&found.sentence) || found.sentence.contains(&sentence);
        assert!(stands, "{measure}: {} in {sentence}", found.sentence);
        assert_eq!(found.proposals[0].id, measure);
        assert!(found.period.is_none_or(|told| told.to_string() == period), "{measure}");
        about += usize::from(quantity.convention == Convention::AndMore);
        assert_eq!(found.implied, measure == "provincial_party_model_schools");
    }
    assert_eq!(about, 6);
}

#[test]
fn claims_of_pingyao_are_two() {
    let Some((_, reading)) = pingyao() else { return };
    let words: Vec<&str> = reading.claims.iter().map(|claim| claim.words.as_str()).collect();
    assert_eq!(words, ["教师全覆盖", "位居全市之首"]);
}

#[test]
fn numbers_of_pingyao_that_count_nothing_are_passed_over() {
    let Some((_, reading)) = pingyao() else { return };
    let passed = |written: &str, reason: Reason| {
        let mut all = reading.passed_over.iter();
        let found = all.any(|passed| passed.written == written && passed.reason == reason);
        assert!(found, "{written} {reason:?}");
    };
    for name in ["“四个一流”", "“两个一切”", "“五精”", "“双减”", "“2+1”", "“5+1”"]
    {
        passed(name, Reason::Slogan);
    }
    for (written, reason) in [
        ("二十大", Reason::Name),
        ("2022年", Reason::Date),
        ("2021年", Reason::Date),
        ("第十五届", Reason::Ordinal),
        ("一等奖", Reason::Grade),
        ("二等奖", Reason::Grade),
        ("一级", Reason::Grade),
        ("1小时", Reason::Duration),
        ("5、", Reason::ListMark),
        ("一是", Reason::ListMark),
        ("二是", Reason::ListMark),
        ("一所", Reason::Article),
    ] {
        passed(written, reason);
    }
}

#[test]
fn positions_are_those_of_the_text() {
    let Some((text, reading)) = pingyao() else { return };
    let places = reading.quantities.iter().map(|found| (&found.quantity.written, &found.position));
    let passed = reading.passed_over.iter().map(|passed| (&passed.written, &passed.position));
    let claims = reading.claims.iter().map(|claim| (&claim.words, &claim.position));
    for (written, position) in places.chain(passed).chain(claims) {
        assert_eq!(text[position.bytes.clone()], **written);
        let line = text.lines().nth(position.line - 1).unwrap();
        let tail: String = line.chars().skip(position.column - 1).collect();
        assert!(tail.starts_with(written.as_str()), "{written} at {position:?}");
    }
}

#[test]
fn nothing_with_a_digit_is_dropped() {
    let Some((text, reading)) = pingyao() else { return };
    let taken: Vec<_> =
        reading.quantities.iter().map(|found| found.position.bytes.clone()).collect();
    let passed = reading.passed_over.iter().map(|passed| passed.position.bytes.clone());
    let all: Vec<_> = taken.into_iter().chain(passed).collect();
    for (at, letter) in text.char_indices().filter(|(_, letter)| letter.is_ascii_digit()) {
        assert!(all.iter().any(|bytes| bytes.contains(&at)), "{letter} at {at}");
    }
}

#[test]
fn nothing_in_pingyao_is_contradicted_by_its_own_figures() {
    let Some((_, reading)) = pingyao() else { return };
    let known: Vec<Known> = figures()
        .into_iter()
        .map(|[measure, value, unit, _, period]| {
            let quantity: Quantity = format!("{value}{unit}").parse().unwrap();
            known(&measure, &quantity, &period)
        })
        .collect();
    let findings = reading.audit(Some(&known));
    let tables = findings.iter().filter(|finding| finding.rule == Rule::Table).count();
    assert_eq!(tables, 37);
    assert!(
        findings.iter().all(|finding| finding.verdict != Verdict::Contradicts),
        "{findings:#?}"
    );
}

fn known(id: &str, quantity: &Quantity, period: &str) -> Known {
    Known {
        id: id.to_owned(),
        bounds: quantity.bounds,
        unit: quantity.unit.clone().unwrap(),
        period: period.parse::<Period>().ok(),
        area: Some("平遥县".to_owned()),
        label: "figures.csv".to_owned(),
    }
}

#[test]
fn a_table_contradicts_a_text_only_of_the_same_period() {
    let reading = reading("2022年为7838名家庭经济贫困学生提供资助金965万元。");
    let paid = |value: &str, period: &str| {
        let quantity: Quantity = value.parse().unwrap();
        let findings = reading.audit(Some(&[known("aid_amount", &quantity, period)]));
        findings.iter().map(|finding| finding.verdict).collect::<Vec<_>>()
    };
    assert_eq!(paid("9650000元", "2022"), [Verdict::Follows]);
    assert_eq!(paid("9654999元", "2022"), [Verdict::Follows]);
    assert_eq!(paid("9656000元", "2022"), [Verdict::Contradicts]);
    assert_eq!(paid("900余万元", "2022"), [Verdict::CannotTell]);
    assert_eq!(paid("9656000元", "2021"), []);
    assert_eq!(paid("3人", "2022"), []);
}

#[test]
fn the_title_tells_the_year_and_without_one_nothing_is_told() {
    let known = ["2021", "2022"].map(|year| {
        let children = if year == "2022" { "9000人" } else { "8000人" };
        known("children", &children.parse().unwrap(), year)
    });
    let told = |text: &str| {
        let options = Options::default();
        let reading = read(text, "report.txt", &Catalog::builtin(), options).unwrap();
        let findings = reading.audit(Some(&known));
        findings.iter().map(|f| (f.verdict, f.computed.interval())).collect::<Vec<_>>()
    };
    let text = "在园幼儿9000人。";
    assert_eq!(told(text), [(Verdict::CannotTell, "[8000, 9000]".to_owned())]);
    let titled = |title: &str| told(&format!("{title}\n{text}"));
    assert_eq!(titled("2022年教育工作总结"), [(Verdict::Follows, "9000".to_owned())]);
    assert_eq!(titled("2021年教育工作总结"), [(Verdict::Contradicts, "8000".to_owned())]);
    assert_eq!(titled("2021年总结和2022年计划")[0].0, Verdict::CannotTell);
}

#[test]
fn a_report_is_held_against_one_area() {
    let catalog = Catalog::builtin();
    let frame = polars::prelude::df!["area" => ["140728", "140729"], "projects" => [60, 61]];
    let table = Query::new(&catalog).indicators(["projects.started"]).run(frame.unwrap()).unwrap();
    let error = table.known("table").unwrap_err();
    assert_eq!(error.code(), "bad-option");
    assert!(error.to_string().contains("平遥县, 灵石县"), "{error}");
}

#[test]
fn what_is_no_text_is_refused_by_what_it_is() {
    for bytes in [b"PK\x03\x04xlsx".as_slice(), b"\xd0\xcf\x11\xe0", b"%PDF-1.7"] {
        let error = refuse_binary(bytes, "report.docx").unwrap_err();
        assert_eq!(error.code(), "bad-option");
        assert!(error.to_string().contains("report.docx"), "{error}");
    }
    refuse_binary("2022年".as_bytes(), "report.txt").unwrap();
}

#[test]
fn headings_of_places_tell_one_thing_from_another() {
    let told = |text: &str| reading(text).audit(None).len();
    assert_eq!(told("一、城关镇\n共有专任教师500人。\n二、南政乡\n共有专任教师300人。"), 0);
    assert_eq!(told("一、学校建设\n共有专任教师500人。\n二、队伍\n共有专任教师300人。"), 1);
}

/// Sentences as communiqués write them, made of published figures.
fn statement(row: &[String; 7], published: &str) -> Option<String> {
    let [_, _, kind, a, a_unit, b, b_unit] = row;
    Some(match kind.as_str() {
        "share" => format!("全国共有{b}{b_unit}，其中普惠性的{a}{a_unit}，占比{published}%。"),
        "growth" => {
            let (down, a) = a.strip_prefix('-').map_or(("增加", a.as_str()), |a| ("减少", a));
            let published = published.trim_start_matches('-');
            let verb = if down == "减少" { "下降" } else { "增长" };
            format!("全国共有{b}{b_unit}，比上年{down}{a}{a_unit}，{verb}{published}%。")
        }
        "pp" => format!("占比由{b}%提高到{a}%，提高{published}个百分点。"),
        "sum" => format!("小学{a}{a_unit}，初中{b}{b_unit}，共计{published}{a_unit}。"),
        _ => return None,
    })
}

#[test]
fn published_statements_follow_and_altered_ones_do_not() {
    let columns = ["id", "indicator", "kind", "a", "a_unit", "b", "b_unit", "published"];
    let Some(rows) = crate::sheets::rows("facts/statements.csv", columns) else { return };
    let (mut held, mut altered, mut passed) = (0, 0, 0);
    for [id, indicator, kind, a, a_unit, b, b_unit, published] in rows {
        let row = [id.clone(), indicator, kind, a.clone(), a_unit, b.clone(), b_unit];
        let Some(text) = statement(&row, &published) else {
            passed += 1;
            continue;
        };
        let reading = reading(&text);
        let written = |value: &str| {
            let value = value.trim_start_matches('-');
            reading.quantities.iter().any(|found| found.quantity.number.to_string() == value)
        };
        assert!([&a, &b, &published].iter().all(|value| written(value)), "{id}: {text}");
        let told = |text: &str| {
            let findings = self::reading(text).audit(None);
            let last = findings.into_iter().filter(|finding| finding.rule != Rule::Part);
            last.map(|finding| finding.verdict).collect::<Vec<_>>()
        };
        assert!(!told(&text).is_empty() && !told(&text).contains(&Verdict::Contradicts), "{text}");
        held += 1;
        let digits = published.trim_start_matches('-');
        let other = format!("9{digits}");
        let wrong = statement(&row, &other).unwrap();
        assert!(told(&wrong).contains(&Verdict::Contradicts), "{wrong}: {:?}", told(&wrong));
        altered += 1;
    }
    assert_eq!((held, altered, passed), (32, 32, 3));
}

#[test]
fn readers_see_figures_claims_and_what_was_passed_over() {
    let reading = reading("2022年为7838名家庭经济贫困学生提供资助金965万元，实现了教师全覆盖。");
    let findings = reading.audit(None);
    let text = report::reading(&reading, &findings, Lang::En);
    for told in
        ["7838名", "aid_recipients", "1:7", "教师全覆盖", "full coverage", "without a proposal: 0"]
    {
        assert!(text.contains(told), "{told} in\n{text}");
    }
    let text = report::reading(&reading, &findings, Lang::Zh);
    for told in ["可能的指标", "全覆盖", "未作为数量："] {
        assert!(text.contains(told), "{told} in\n{text}");
    }
    assert_eq!(reading.frame().unwrap().height(), 2);
    assert_eq!(reading.claims_frame().unwrap().height(), 1);
    assert_eq!(reading.passed_frame().unwrap().height(), 1);
    assert_eq!(reading.audit_frame(&findings).unwrap().height(), findings.len());
}

#[test]
fn what_is_not_placed_is_listed() {
    let reading = reading("开设菜地12亩，为7838名家庭经济贫困学生提供资助金965万元。");
    let unplaced: Vec<&str> =
        reading.unplaced().map(|found| found.quantity.written.as_str()).collect();
    assert_eq!(unplaced, ["12亩"]);
}

#[test]
fn headings_and_years_are_those_above_and_before() {
    let reading = reading(
        "一、抓项目。\n（一）建设。2021年建成幼儿园3所。去年新建小学2所，今年又建1所初中。\n二、抓师资。一是培训。培训教师30名。",
    );
    let told = reading.quantities.iter().map(|found| {
        let year = found.period.map_or("-".to_owned(), |period| period.to_string());
        format!("{} {} {year}", found.headings.join("/"), found.quantity.written)
    });
    let told: Vec<String> = told.collect();
    assert_eq!(
        told,
        [
            "抓项目/建设 3所 2021",
            "抓项目/建设 2所 2021",
            "抓项目/建设 1所 2022",
            "抓师资/培训 30名 -"
        ]
    );
}

#[test]
fn a_text_beyond_the_limit_is_refused() {
    let text = "1".repeat(10 * 1024 * 1024 + 1);
    let error = read(&text, "report.txt", &Catalog::builtin(), Options::default()).unwrap_err();
    assert_eq!(error.code(), "text-too-large");
}

/// A text that took the square of its length would not come to an end here.
#[test]
fn long_texts_are_read_to_their_end() {
    let pieces = [
        "完成项目60个，目前52个已完成，完成率85%。",
        "1",
        "一二三四",
        "“五精”",
        "1,",
        "近",
        "其中1人、",
        "百分之",
        "一是",
        "（",
        "2022年",
        "3个",
        "由1%到2%，增3%，",
        "小学、初中分别1个、2个、",
        "较2021年的1人",
    ];
    for piece in pieces {
        let text = piece.repeat(300_000 / piece.len());
        let reading = reading(&text);
        let findings = reading.audit(None);
        assert!(findings.iter().all(|finding| finding.figure < reading.quantities.len()));
    }
}

#[test]
fn no_text_makes_the_reader_panic() {
    let suite: Suite = toml::from_str(CASES).unwrap();
    let letters: Vec<char> = suite.case.iter().flat_map(|case| case.text.chars()).collect();
    // Pieces of all sentences, shuffled by a fixed rule.
    let mut at = 1_usize;
    for length in 1..600 {
        let mut text = String::new();
        for _ in 0..length % 40 + 1 {
            at = (at * 7919 + length) % letters.len();
            let end = (at + length % 9 + 1).min(letters.len());
            text.extend(&letters[at..end]);
            if length % 5 == 0 {
                writeln!(text).unwrap();
            }
        }
        let reading = reading(&text);
        for found in &reading.quantities {
            assert_eq!(text[found.position.bytes.clone()], found.quantity.written);
        }
        let _ = (reading.audit(None), report::reading(&reading, &[], Lang::En));
    }
}

#[test]
fn bounds_decide_and_not_the_printed_numbers() {
    // 23.64万 of 27.44万 is 86.15 %, published as 86.16 %: within rounding.
    let told = |text: &str| reading(text).audit(None).last().unwrap().verdict;
    assert_eq!(
        told("全国共有幼儿园27.44万所，其中普惠性幼儿园23.64万所，占比86.16%。"),
        Verdict::CannotTell
    );
    assert_eq!(
        told("全国共有幼儿园27.44万所，其中普惠性幼儿园23.64万所，占比86.15%。"),
        Verdict::Follows
    );
    assert_eq!(
        told("全国共有幼儿园27.44万所，其中普惠性幼儿园23.64万所，占比86.26%。"),
        Verdict::Contradicts
    );
    let parts = reading("全县共有教师100余名，其中女教师150名。").audit(None);
    assert_eq!(parts[0].verdict, Verdict::CannotTell);
    assert_ne!(parts[0].computed, Bounds::exact(zhibiao::number::Ratio::ZERO));
}
