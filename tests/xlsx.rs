//! Workbooks are read back by another reader: equal values, ranges that are merged, the same bytes.

use std::io::Cursor;

use calamine::{Data, Range, Reader, Xlsx, open_workbook_from_rs};
use zhibiao::check::Check;
use zhibiao::report::xlsx;
use zhibiao::{Catalog, IndicatorTable, Lang, Query};
use zhibiao_tests::table;

/// Two counties; of the second a part is missing, and one figure has more digits than a cell keeps.
const COUNTIES: &str = "区划代码,启建项目数,已完成项目数,资助金额（万元）,资助学生数\n\
    140728,60,52,965,7838\n\
    140729,40,,90071992547409.93,1\n";

fn answer(catalog: &Catalog) -> IndicatorTable {
    let indicators = ["projects.completion", "aid.per_recipient"];
    Query::new(catalog).indicators(indicators).run(table(COUNTIES)).unwrap()
}

fn opened(bytes: Vec<u8>) -> Xlsx<Cursor<Vec<u8>>> {
    open_workbook_from_rs(Cursor::new(bytes)).unwrap()
}

/// The cells of a row of a sheet, numbers with their type.
fn row(sheet: &Range<Data>, row: u32) -> Vec<String> {
    let shown = |column| match sheet.get_value((row, column)) {
        Some(Data::Float(number)) => format!("#{number}"),
        Some(Data::String(text)) => text.clone(),
        _ => String::new(),
    };
    (0..sheet.width().try_into().unwrap()).map(shown).collect()
}

#[test]
fn numbers_are_numbers_and_all_else_is_text() {
    let catalog = Catalog::builtin();
    let mut book = opened(xlsx::indicators(&answer(&catalog), &catalog).unwrap());
    assert_eq!(book.sheet_names(), ["派生指标", "指标对照", "说明"]);
    let sheet = book.worksheet_range("派生指标").unwrap();
    assert_eq!(row(&sheet, 0)[0], "派生指标");
    assert_eq!(row(&sheet, 1).join(","), "区划,名称,指标,数值,分子,分母,说明");
    assert_eq!(row(&sheet, 2).join(","), "140728,平遥县,项目完工率,#86.7,#52,#60,");
    assert_eq!(row(&sheet, 3).join(","), "140728,平遥县,人均资助金额,#1231.18,#9650000,#7838,");
    assert_eq!(
        row(&sheet, 4).join(","),
        "140729,灵石县,项目完工率,—,,#40,缺失；缺 1 行（首见 row 3）"
    );
    // 18 digits are kept as text.
    let long = row(&sheet, 5);
    assert_eq!(long[3..6].join(","), "900719925474099300.00 元/人,900719925474099300,#1");
}

#[test]
fn indicators_stand_side_by_side_under_merged_heads() {
    let catalog = Catalog::builtin();
    let mut book = opened(xlsx::indicators(&answer(&catalog), &catalog).unwrap());
    let sheet = book.worksheet_range("指标对照").unwrap();
    assert_eq!(row(&sheet, 1).join(","), "区划,名称,项目完工率,,,,人均资助金额,,");
    assert_eq!(row(&sheet, 2).join(","), ",,数值,分子,分母,说明,数值,分子,分母");
    assert_eq!(row(&sheet, 3).join(","), "140728,平遥县,#86.7,#52,#60,,#1231.18,#9650000,#7838");
    let merged: Vec<_> = book
        .merge_cells_by_sheet_name("指标对照")
        .unwrap()
        .iter()
        .map(|range| (range.start, range.end))
        .collect();
    assert_eq!(
        merged,
        [((0, 0), (0, 8)), ((1, 0), (2, 0)), ((1, 1), (2, 1)), ((1, 2), (1, 5)), ((1, 6), (1, 8))]
    );
}

#[test]
fn notes_tell_what_the_figures_stand_on_and_findings_are_all_there() {
    let catalog = Catalog::builtin();
    let mut csv = COUNTIES.to_owned();
    for area in 0..30 {
        csv.push_str(&format!("9{area:05},1,x,1,1\n"));
    }
    let query = Query::new(&catalog).indicators(["projects.completion"]);
    let answer = query.run(table(&csv)).unwrap();
    let mut book = opened(xlsx::indicators(&answer, &catalog).unwrap());
    // One indicator has nothing to stand beside.
    assert_eq!(book.sheet_names(), ["派生指标", "说明", "问题"]);
    let notes = book.worksheet_range("说明").unwrap();
    let rows: Vec<Vec<String>> =
        (2..notes.height().try_into().unwrap()).map(|at| row(&notes, at)).collect();
    for (heading, text) in catalog.explain("projects.completion").unwrap().lines(Lang::Zh) {
        let wanted = ["projects.completion", heading, text];
        assert!(rows.iter().any(|row| row[..] == wanted), "{wanted:?}\n{rows:#?}");
    }
    let rules = ["规则", "", "缺一即缺；区划齐全方有值；四舍五入"];
    assert!(rows.iter().any(|row| row[..] == rules), "{rows:#?}");
    let told = rows.iter().filter(|row| row[0] == "问题");
    // How many there are, the first 20, and how many more.
    assert_eq!(told.count(), 22);
    let findings = book.worksheet_range("问题").unwrap();
    assert_eq!(row(&findings, 1).join(","), "问题,位置,说明,处理");
    assert_eq!(findings.height(), answer.findings().len() + 2);
    for (at, finding) in (2..).zip(answer.findings()) {
        let cells = row(&findings, at);
        let problem = finding.problem();
        let wanted = [finding.code().to_owned(), finding.place().to_string(), problem.to_string()];
        assert_eq!(cells[..3], wanted);
        assert_eq!(cells[3], problem.remedy());
    }
}

#[test]
fn verdicts_have_a_sheet_each_and_names_that_are_allowed() {
    let standard = r#"
[standards.mine]
name = { zh = "县域[甲/乙]评估：对照*?条件\\与要求的完整的很长很长的名称共三十一字余" }
source = "自定"
[[standards.mine.criteria]]
indicator = "projects.completion"
at_least = "90"
source = "自定"
confidence = "A"
"#;
    let catalog =
        Catalog::builtin().extend(Catalog::parse(standard, "mine.toml").unwrap()).unwrap();
    let query = Query::new(&catalog);
    let verdicts = query.judge(table(COUNTIES), catalog.standard("mine").unwrap()).unwrap();
    let mut book = opened(xlsx::verdicts(&verdicts, &catalog).unwrap());
    let name = book.sheet_names()[0].clone();
    assert_eq!(name, "县域(甲-乙)评估：对照--条件-与要求的完整的很长很长的名称");
    let sheet = book.worksheet_range(&name).unwrap();
    let cells = row(&sheet, 2);
    assert!(cells.contains(&"✗ 未达标".to_owned()), "{cells:?}");
    assert!(cells.contains(&"#-3.3".to_owned()), "{cells:?}");
}

#[test]
fn what_looks_like_a_formula_is_text() {
    let areas = "code,parent,name\n=1+1,,@SUM(A1)\n";
    let areas = zhibiao::area::Areas::parse(areas, "areas.csv").unwrap();
    let catalog = Catalog::builtin();
    let query = Query::new(&catalog).indicators(["projects.completion"]).areas(areas);
    let answer = query.run(table("area,projects,projects_done\n=1+1,60,52\n")).unwrap();
    let mut book = opened(xlsx::indicators(&answer, &catalog).unwrap());
    let sheet = book.worksheet_range("派生指标").unwrap();
    assert_eq!(row(&sheet, 2)[..2], ["=1+1", "@SUM(A1)"]);
    let formulas = book.worksheet_formula("派生指标").unwrap();
    assert!(formulas.used_cells().next().is_none());
}

#[test]
fn the_same_table_gives_the_same_bytes() {
    let catalog = Catalog::builtin();
    let made = || xlsx::indicators(&answer(&catalog), &catalog).unwrap();
    let first = made();
    // Times in a file have seconds.
    std::thread::sleep(std::time::Duration::from_millis(2100));
    assert!(first == made());
}

#[test]
fn findings_of_a_check_are_a_workbook() {
    let catalog = Catalog::builtin();
    let found = Check::new(&catalog).run(table("area,projects\n140728,-1\n")).unwrap();
    let mut book = opened(xlsx::findings(&found).unwrap());
    let sheet = book.worksheet_range("检查结果").unwrap();
    assert_eq!(row(&sheet, 2)[..3], ["错误", "negative-count", "140728"]);
}
