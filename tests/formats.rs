//! What was written is read back: nothing is lost, and descriptions fit what they describe.

use polars::prelude::df;
use serde_json::Value;
use zhibiao::number::{RoundMode, Rounding};
use zhibiao::report::{self, Format, Package, markdown};
use zhibiao::table::Coverage;
use zhibiao::{Catalog, IndicatorTable, Lang, Query};
use zhibiao_tests::{table, texts};

/// Two shares of one whole, that print as 0.1 and 100.0.
const SHARES: &str = r#"
[measures.children_other]
define = "sum(children - children_public)"
part_of = "children"
[indicators."mine.other_share"]
name = { zh = "非公办园|占比", en = "Other | share" }
kind = "share"
numerator = "children_other"
denominator = "children"
unit = "%"
decimals = 1
[indicators."mine.children"]
name = { zh = "本县在园幼儿数", en = "Children" }
kind = "total"
measure = "children"
unit = "万人"
decimals = 2
"#;

fn catalog() -> Catalog {
    Catalog::builtin().extend(Catalog::parse(SHARES, "shares.toml").unwrap()).unwrap()
}

/// Every status that a small table can have, with school years, months and years.
fn answer() -> IndicatorTable {
    let csv = "area,period,ownership,measure,value,unit\n\
        140728,2022,,projects,60,\n140728,2022,,projects_done,52,\n\
        140728,2022-2023,,aid_amount,965.000001,万元\n140728,2022-2023,,aid_recipients,7838,\n\
        140728,2022-09,,projects,0,\n140728,2022-09,,projects_done,0,\n\
        140729,2022,,projects,40,\n\
        140729,2022,,preschool.public_share,55.50,%\n";
    let catalog = catalog();
    let query = Query::new(&catalog).lang(Lang::En).skip_unavailable(true).indicators([
        "projects.completion",
        "aid.per_recipient",
        "preschool.public_share",
    ]);
    query.run(table(csv)).unwrap()
}

fn written(table: &zhibiao::Frame, format: Format) -> String {
    let mut bytes = Vec::new();
    format.write(table, &mut bytes, "memory").unwrap();
    String::from_utf8(bytes).unwrap()
}

/// A cell of a frame as JSON shows it: numbers by their digits, nothing where there is none.
fn shown(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

#[test]
fn json_lines_are_the_rows_of_the_frame() {
    let frame = answer().frame().unwrap();
    let text = written(&frame, Format::JsonLines);
    let rows: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(rows.len(), frame.height());
    let array: Value = serde_json::from_str(&written(&frame, Format::Json)).unwrap();
    assert_eq!(array, Value::Array(rows.clone()));
    for name in frame.get_column_names() {
        let cells = texts(&frame, name);
        for (row, cell) in rows.iter().zip(&cells) {
            if let (Some(number), Ok(wanted)) = (row[name.as_str()].as_f64(), cell.parse::<f64>()) {
                assert!((number - wanted).abs() <= wanted.abs() * 1e-15, "{name}: {row}");
            } else {
                assert_eq!(shown(&row[name.as_str()]), *cell, "{name}: {row}");
            }
        }
    }
    // A float would not keep the last digit.
    let large =
        df!["area" => ["140728"], "aid_amount" => ["90071992547409.93"], "aid_recipients" => [1]];
    let catalog = Catalog::builtin();
    let table = Query::new(&catalog).indicators(["aid.per_recipient"]).run(large.unwrap()).unwrap();
    let text = written(&table.frame().unwrap(), Format::JsonLines);
    assert!(text.contains("\"numerator\":90071992547409.93,"), "{text}");
}

#[test]
fn sdmx_columns_keep_digits_and_say_why_there_is_none() {
    let frame = answer().sdmx_frame().unwrap();
    let back = table(&written(&frame, Format::Csv));
    let names = "FREQ REF_AREA TIME_PERIOD INDICATOR OBS_VALUE OBS_STATUS CONF_STATUS \
                 UNIT_MEASURE UNIT_MULT DECIMALS OBS_COMMENT REPORTING_YEAR_START_DAY";
    let columns: Vec<&str> = names.split_whitespace().collect();
    assert_eq!(back.get_column_names(), columns);
    let cells: Vec<Vec<String>> = columns.iter().map(|column| texts(&back, column)).collect();
    let rows: Vec<String> = (0..back.height())
        .map(|row| cells.iter().map(|cells| cells[row].as_str()).collect::<Vec<_>>().join(" "))
        .collect();
    let (unit, share) = ("yuan per person 0 2", "% 0 1");
    let wanted = [
        format!("A 140728 2022 projects.completion 86.7 A F {share}  "),
        "A 140728 2022-A1 aid.per_recipient 1231.18 A F yuan per person 0 2  --09-01".to_owned(),
        format!("M 140728 2022-09 projects.completion  M F {share} zero_denominator "),
        format!("A 140729 2022 projects.completion  O F {share} missing "),
        format!("A 140729 2022 preschool.public_share 55.5 A F {share} reported: 55.50 "),
        format!("A 140729 2022 aid.per_recipient  O F {unit} missing "),
    ];
    for wanted in wanted {
        assert!(rows.contains(&wanted), "{wanted}\n{rows:#?}");
    }
}

/// 万人 is 人 and 4; a slice is a column in upper case; a part of an area is provisional.
#[test]
fn sdmx_columns_of_slices_multiples_and_partial_areas() {
    let csv = "area,ownership,children\n140728,public,12345\n140728,private,5\n";
    let catalog = catalog();
    let query = Query::new(&catalog)
        .indicators(["mine.children"])
        .tiers([zhibiao::area::Tier::Prefecture])
        .slices(["ownership"])
        .coverage(Coverage::Given);
    let frame = query.run(table(csv)).unwrap().sdmx_frame().unwrap();
    let rows: Vec<String> = (0..frame.height())
        .map(|row| {
            let cells = frame.get_column_names().into_iter();
            cells.map(|column| texts(&frame, column)[row].clone()).collect::<Vec<_>>().join("|")
        })
        .collect();
    assert_eq!(
        rows,
        [
            "|140700||mine.children|public|1.23|P|F|人|4|2|partial|",
            "|140700||mine.children|private|0.00|P|F|人|4|2|partial|",
        ]
    );
}

/// A spreadsheet runs text that begins as a formula does; numbers and codes are let alone.
#[test]
fn text_that_begins_as_a_formula_is_disarmed_in_csv() {
    let cells = [
        ("=1+1", "'=1+1"),
        ("+SUM(A1)", "'+SUM(A1)"),
        ("-A1", "'-A1"),
        ("@x", "'@x"),
        ("\tx", "'\tx"),
        ("＝1", "'＝1"),
        ("＠x", "'＠x"),
        ("-3.4", "-3.4"),
        ("+2", "+2"),
        ("--09-01", "--09-01"),
        ("平遥=县", "平遥=县"),
        ("140728", "140728"),
    ];
    let given: Vec<&str> = cells.iter().map(|(given, _)| *given).collect();
    let wanted: Vec<&str> = cells.iter().map(|(_, wanted)| *wanted).collect();
    let numbers: Vec<i32> = (0..12).map(|number| -number).collect();
    let frame = df!["text" => given, "number" => numbers].unwrap();
    let mut bytes = Vec::new();
    let finding = Format::Csv.write(&frame, &mut bytes, "out.csv").unwrap().unwrap();
    assert_eq!(finding.code(), "formula-text");
    assert!(finding.to_string().contains(": 7, the first is `=1+1`"), "{finding}");
    let back = table(&String::from_utf8(bytes).unwrap());
    assert_eq!(texts(&back, "text"), wanted);
    assert_eq!(texts(&back, "number")[2], "-2");
    // What has nothing to disarm is not told.
    let plain = df!["text" => ["-3.4"]].unwrap();
    assert!(Format::Csv.write(&plain, &mut Vec::new(), "out.csv").unwrap().is_none());
}

#[test]
fn a_byte_order_mark_is_written_where_it_is_asked_for() {
    let frame = answer().frame().unwrap();
    let marked = written(&frame, Format::CsvWithBom);
    assert_eq!(marked.strip_prefix('\u{feff}'), Some(written(&frame, Format::Csv).as_str()));
}

/// Bytes, hash, fields, codes and key of a package fit its table.
fn fits(package: &Package, frame: &zhibiao::Frame, key: &[&str]) -> Value {
    let all: Value = serde_json::from_str(package.descriptor()).unwrap();
    let resource = &all["resources"][0];
    assert_eq!(package.data(), written(frame, Format::Csv).as_bytes());
    assert_eq!(resource["path"], package.file());
    assert_eq!(resource["bytes"], package.data().len());
    let fields = resource["schema"]["fields"].as_array().unwrap();
    let names: Vec<&str> = fields.iter().map(|field| field["name"].as_str().unwrap()).collect();
    let header = String::from_utf8(package.data().to_vec()).unwrap();
    assert_eq!(names.join(","), header.lines().next().unwrap());
    assert_eq!(resource["schema"]["primaryKey"], serde_json::json!(key));
    for field in fields {
        let name = field["name"].as_str().unwrap();
        let cells = texts(frame, name);
        let text = |key: &str| field[key].as_str().unwrap_or_default();
        assert!(!text("title").is_empty() && !text("type").is_empty(), "{field}");
        if text("type") != "string" {
            let number = |cell: &String| cell.is_empty() || cell.parse::<f64>().is_ok();
            assert!(cells.iter().all(number), "{name}: {cells:?}");
        }
        if cells.iter().any(String::is_empty) {
            assert!(field["missingValues"][0]["label"].is_string(), "{name} is empty in some rows");
        }
        if let Some(codes) = field["categories"].as_array() {
            let known = |cell: &String| codes.iter().any(|code| code["value"] == **cell);
            assert!(cells.iter().all(|cell| cell.is_empty() || known(cell)), "{name}: {cells:?}");
        }
    }
    resource.clone()
}

#[test]
fn data_packages_describe_their_tables() {
    let answer = answer();
    let key = ["area", "tier", "period", "indicator"];
    let resource = fits(&Package::indicators(&answer).unwrap(), &answer.frame().unwrap(), &key);
    assert_eq!(resource["schema"]["fields"][0]["title"], "Area");
    let standard = Catalog::builtin().standard("preschool-2020").unwrap().clone();
    let verdicts = answer.judge(&standard);
    let key = ["area", "tier", "period", "criterion"];
    let resource = fits(&Package::verdicts(&verdicts).unwrap(), &verdicts.frame().unwrap(), &key);
    assert_eq!(resource["sources"][0]["title"], "教督〔2020〕1号");
}

/// A column that is empty throughout is no part of the key; slices have titles and codes.
#[test]
fn data_packages_of_slices() {
    let csv = "area,ownership,children\n140728,public,3\n140728,private,5\n";
    let catalog = catalog();
    let query = Query::new(&catalog).indicators(["mine.children"]).slices(["ownership"]);
    let table = query.run(table(csv)).unwrap();
    let package = Package::indicators(&table).unwrap();
    let key = ["area", "tier", "ownership", "indicator"];
    let resource = fits(&package, &table.frame().unwrap(), &key);
    let field = &resource["schema"]["fields"][4];
    assert_eq!((&field["name"], &field["title"]), (&"ownership".into(), &"办学性质".into()));
    assert_eq!(field["categories"][1], serde_json::json!({ "value": "public", "label": "公办" }));
    let value = &resource["schema"]["fields"][8];
    assert_eq!((&value["name"], &value["unit"]), (&"value".into(), &"万人".into()));
}

/// `sha256sum` of the bytes, worked out elsewhere.
#[test]
fn the_hash_of_a_package_is_that_of_its_bytes() {
    let catalog = Catalog::builtin();
    let county = df!["area" => ["140728"], "projects" => [60], "projects_done" => [52]].unwrap();
    let table = Query::new(&catalog).indicators(["projects.completion"]).run(county).unwrap();
    let package = Package::indicators(&table).unwrap();
    let data = "area,area_name,tier,period,indicator,numerator,denominator,value,display,unit,status,missing,areas,areas_expected\n\
        140728,平遥县,county,,projects.completion,52,60,86.66666666666667,86.7,%,ok,0,1,1\n";
    assert_eq!(String::from_utf8_lossy(package.data()), data);
    let descriptor: Value = serde_json::from_str(package.descriptor()).unwrap();
    assert_eq!(
        descriptor["resources"][0]["hash"],
        "sha256:c42639a974df6b88c324733ff5a5bf3580fee181eb3dae18d4d0fb9a73bad6f8"
    );
}

fn shares(adding_up: bool, lang: Lang) -> IndicatorTable {
    asked(|query| query.adding_up(adding_up).lang(lang))
}

/// A share of 0.05 % and one of what is left.
fn asked(how: impl Fn(Query<'_>) -> Query<'_>) -> IndicatorTable {
    let catalog = catalog();
    let county = df!["area" => ["140728"], "children_public" => [1], "children" => [2000]].unwrap();
    let query = Query::new(&catalog).indicators(["preschool.public_share", "mine.other_share"]);
    how(query).run(county).unwrap()
}

/// The note that yearbooks print, once, and only where it is true.
#[test]
fn readers_are_told_where_shares_do_not_add_up() {
    let note = "注：部分数据因四舍五入的原因，分项合计与总计略有出入，未作机械调整。";
    let text = report::indicators(&shares(false, Lang::Zh)).unwrap();
    assert_eq!(text.lines().last(), Some(note));
    assert_eq!(text.matches("机械调整").count(), 1);
    let english = markdown::indicators(&shares(false, Lang::En)).unwrap();
    assert!(english.ends_with("because of rounding; they were not adjusted.\n"), "{english}");

    let down = Rounding { mode: RoundMode::Down, guard: false };
    let text = report::indicators(&asked(|query| query.rounding(down))).unwrap();
    assert!(text.contains("99.9 %") && text.contains("因修约的原因"), "{text}");

    let adjusted = report::indicators(&shares(true, Lang::Zh)).unwrap();
    assert!(adjusted.contains("0.0 %") && adjusted.contains("末位已调整"), "{adjusted}");
    assert!(adjusted.lines().last().unwrap().contains("最大余数法"), "{adjusted}");
    let (plain, table) = (shares(false, Lang::Zh), shares(true, Lang::Zh));
    let marks: Vec<bool> = table.rows().map(|row| row.is_adjusted()).collect();
    assert_eq!(marks, [true, false]);
    for (before, after) in plain.rows().zip(table.rows()) {
        assert_eq!(before.value(), after.value());
        assert_eq!(before.status(), after.status());
    }

    let county = df!["area" => ["140728"], "children_public" => [1], "children" => [4]].unwrap();
    let catalog = catalog();
    let query = Query::new(&catalog).indicators(["preschool.public_share", "mine.other_share"]);
    let even = report::indicators(&query.run(county).unwrap()).unwrap();
    assert!(!even.contains("注："), "{even}");
}

/// Every line of a table has the same cells, and what would be a mark is none.
#[test]
fn markdown_shows_cells_as_they_are() {
    let text = markdown::indicators(&shares(true, Lang::En)).unwrap();
    let lines: Vec<&str> = text.lines().take_while(|line| line.starts_with('|')).collect();
    assert_eq!(lines.len(), 4, "{text}");
    assert!(lines[3].contains("Other \\| share"), "{text}");
    let cells = |line: &str| line.replace("\\|", "").matches('|').count();
    assert!(lines.iter().all(|line| cells(line) == cells(lines[0])), "{text}");
    assert_eq!(lines[1], "| --- | --- | --- | ---: | ---: | ---: | --- |");

    let standard = Catalog::builtin().standard("preschool-2020").unwrap().clone();
    let verdicts = markdown::verdicts(&shares(true, Lang::Zh).judge(&standard)).unwrap();
    let lines: Vec<&str> = verdicts.lines().collect();
    assert!(lines[0].starts_with("县域学前教育普及普惠督导评估") && lines[1].is_empty());
    assert!(lines[2].starts_with("| 区划 | 名称 | 时期 | 指标 | 数值 | 要求 |"), "{verdicts}");
    assert!(verdicts.contains("preschool.pupil\\_teacher\\_ratio"), "{verdicts}");
}
