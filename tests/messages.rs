//! Every problem is met once, and its message stands in `snapshots/`.

use std::collections::BTreeMap;
use std::path::PathBuf;

use polars::prelude::{Column, DataFrame, df};
use zhibiao::area::history::{Crosswalk, Weights};
use zhibiao::area::{AreaCode, Areas, History, Tier};
use zhibiao::catalog::Define;
use zhibiao::compare::Neighbors;
use zhibiao::grid::{Book, Cell, Grid};
use zhibiao::mapping::Mapping;
use zhibiao::number::{Decimal, Ratio, RoundMode, apportion};
use zhibiao::period::{Period, Span};
use zhibiao::plan::Policy;
use zhibiao::prose;
use zhibiao::quantity::Quantity;
use zhibiao::score::Scheme;
use zhibiao::sql::Dialect;
use zhibiao::stat::Level;
use zhibiao::unit::Unit;
use zhibiao::{Batches, Catalog, Error, Log, Problem, Query, Table, Watch};
use zhibiao_tests::table;

use crate::sql::{Told, relation};
use crate::workbooks::{bureau, compound, ods, packed};

/// The error of a result that must be one.
#[track_caller]
fn error<T>(result: Result<T, Error>) -> Error {
    result.err().expect("an error was wanted")
}

/// The error of a catalogue file.
fn catalog(toml: &str) -> Error {
    let builtin = Catalog::builtin();
    error(Catalog::parse(toml, "mine.toml").and_then(|mine| builtin.extend(mine)))
}

fn area(digits: &str) -> AreaCode {
    digits.parse().expect("a code")
}

/// The first finding of this code in a crosswalk from 1990.
fn crosswalk(code: &str) -> Error {
    let walk = Crosswalk::to(2024, &[1990]).expect("the years are known");
    let mut findings = walk.findings().iter();
    findings.find(|finding| finding.code() == code).expect("it is found").clone()
}

/// The first finding of this code in a table of 2015 in the areas of 2020.
fn panel(code: &str, counties: &[(&str, i64)]) -> Error {
    let (areas, projects): (Vec<&str>, Vec<i64>) = counties.iter().copied().unzip();
    let periods = vec!["2015"; areas.len()];
    let frame = df!["area" => areas, "period" => periods, "projects" => &projects, "projects_done" => &projects];
    let catalog = Catalog::builtin();
    let query = Query::new(&catalog).indicators(["projects.completion"]);
    let walk = Crosswalk::to(2020, &[2015]).expect("the years are known");
    let answer =
        query.harmonised(walk).expect("it is known").run(frame.expect("columns of one length"));
    let answer = answer.expect("it is answered");
    let mut findings = answer.findings().iter();
    findings.find(|finding| finding.code() == code).expect("it is found").clone()
}

/// The error of a mapping.
fn mapping(toml: &str) -> Error {
    error(Mapping::parse(toml, "map.toml", &Catalog::builtin()))
}

/// A workbook with the same table on each sheet.
fn book(sheets: &[&str]) -> Book {
    let row = |cells: [&str; 2]| cells.map(|cell| Cell::Text(cell.to_owned())).to_vec();
    let grid = |sheet: &&str| Grid {
        sheet: Some((*sheet).to_owned()),
        rows: vec![row(["区划代码", "幼儿园数"]), row(["140728", "90"])],
        ..Grid::default()
    };
    let grids = sheets.iter().map(grid).collect();
    Book { file: "年报.xlsx".to_owned(), grids, ..Book::default() }
}

/// What the audit of a report tells.
fn audited(text: &str, code: &str) -> Error {
    let catalog = Catalog::builtin();
    let reading = prose::read(text, "report.txt", &catalog, prose::Options::default()).unwrap();
    let mut told = reading.audit(None).into_iter().filter_map(|finding| finding.error);
    told.find(|error| error.code() == code).unwrap_or_else(|| panic!("{code} of {text}"))
}

/// The first finding of a text file.
fn read_with_findings(bytes: &[u8]) -> Error {
    let catalog = Catalog::builtin();
    let table = Table::read([file("read.csv", bytes)]).expect("it can be read");
    let answer = Query::new(&catalog).indicators(["projects.completion"]).run(table);
    answer.expect("it has an answer").findings().first().expect("it is told").clone()
}

/// The error of a scheme.
fn scheme(head: &str, items: &str) -> Error {
    let toml = format!(
        "id = \"mine\"\nname = {{ zh = \"评价\" }}\ntotal = \"100\"\nmissing = \"unknown\"\n{head}items = [{items}]\n"
    );
    error(Scheme::parse(&toml, "mine.toml", &Catalog::builtin()))
}

/// An item that is right.
const ITEM: &str = "{ indicator = \"projects.completion\", weight = \"100\", linear = { from = \"0\", to = \"100\" } }";

/// The only finding of a table.
fn finding(csv: &str, indicator: &str) -> Error {
    finding_of(table(csv), indicator)
}

fn finding_of(frame: DataFrame, indicator: &str) -> Error {
    let catalog = Catalog::builtin();
    let table = Query::new(&catalog).indicators([indicator]).run(frame).unwrap();
    assert_eq!(table.findings().len(), 1, "{:?}", table.findings());
    table.findings()[0].clone()
}

/// What a warehouse tells that has an answer of some groups: rows that contradict others of each, and
/// flawed cells of the first, of which it shows one.
fn told(records: bool, periods: &[&str], void: &[i64], (flawed, cell): (i64, i64)) -> Error {
    let catalog = Catalog::builtin();
    let query = Query::new(&catalog).indicators([DONE]).records(records);
    let zero = vec![0_i64; periods.len()];
    let one = vec![1_i64; periods.len()];
    let areas = vec!["140728"; periods.len()];
    let flaws: Vec<i64> = (0..periods.len()).map(|at| if at == 0 { flawed } else { 0 }).collect();
    let answer = df![
        "area" => &areas, "period" => periods, "n" => &one, "s0" => &one, "m0" => &zero, "s1" => &one, "m1" => &zero,
        "s2" => &zero, "m2" => &zero, "f0" => &flaws, "f1" => &zero, "v" => void,
    ]
    .unwrap();
    let answer = if periods.is_empty() { DataFrame::default() } else { answer };
    let cells = df!["cell" => [cell], "n" => [1_i64]].unwrap();
    let columns =
        [("area", "text"), ("period", "text"), ("projects", "int64"), ("projects_done", "int64")];
    let mut warehouse = Told(Dialect::DuckDb, [answer, cells].into());
    match query.run_in(&mut warehouse, &relation(&columns)) {
        Ok(table) => table.findings().last().unwrap().clone(),
        Err(error) => error,
    }
}

/// The error of a question.
fn question(csv: &str, ask: impl Fn(Query<'_>) -> Query<'_>) -> Error {
    let catalog = Catalog::builtin();
    error(ask(Query::new(&catalog)).run(table(csv)))
}

fn file(name: &str, content: &[u8]) -> PathBuf {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::write(&path, content).unwrap();
    path
}

/// The error of a file as grids.
#[track_caller]
fn grid(bytes: &[u8], name: &str) -> Error {
    error(zhibiao::grid::read(bytes, name))
}

/// The first finding of a workbook that has a code.
#[track_caller]
fn grid_finding(bytes: &[u8], name: &str, code: &str) -> Error {
    let found = zhibiao::grid::read(bytes, name).unwrap().findings();
    found.into_iter().find(|finding| finding.code() == code).unwrap()
}

/// A row of two formulas: one failed, the other was never computed.
const FORMULAS: &str = r#"<table:table-row><table:table-cell table:formula="of:=1/0" calcext:value-type="error"><text:p>#DIV/0!</text:p></table:table-cell><table:table-cell table:formula="of:=1"/></table:table-row>"#;

fn folder(name: &str) -> PathBuf {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::create_dir_all(&path).unwrap();
    path
}

/// The only finding of a check that has a code.
#[track_caller]
fn checked(csv: &str, code: &str) -> Error {
    let found = Table::from(table(csv)).check(&Catalog::builtin()).unwrap();
    let mut of_code = found.rows().filter(|finding| finding.error.code() == code);
    let first = of_code.next().unwrap_or_else(|| panic!("no {code}: {found:?}"));
    assert_eq!(of_code.next(), None);
    first.error.clone()
}

const DONE: &str = "projects.completion";

fn problems() -> Vec<Error> {
    vec![
        // Numbers.
        error(Ratio::integer(i128::MAX).add(Ratio::integer(i128::MAX))),
        error(Ratio::new(5, 0)),
        error("1,000".parse::<Decimal>()),
        error("近300余人".parse::<Quantity>()),
        error("9".repeat(39).parse::<Decimal>()),
        finding("area,aid_amount,aid_recipients\n140728,0.125,1\n", "aid.per_recipient"),
        error(apportion(&[Ratio::integer(50)], Ratio::integer(100), 1, RoundMode::HalfAway)),
        // Units.
        error(Unit::parse("万斤")),
        error(
            Unit::parse("人次").unwrap().to_base(Decimal::integer(1), &Unit::parse("人").unwrap()),
        ),
        // Areas and periods.
        finding("area,projects,projects_done\n平遥县,60,52\n", DONE),
        finding("area,projects,projects_done\n140799,60,52\n", DONE),
        finding("area,area_name,projects,projects_done\n140728,祁县,60,52\n", DONE),
        finding("area,projects,projects_done\n140728,60,52\n合计,60,52\n", DONE),
        error(Areas::at(1980)),
        error(History::builtin().translate(area("140726"), 2020, 2024)),
        crosswalk("no-successor"),
        crosswalk("no-predecessor"),
        finding("area,measure,value,unit\n140728,aid_amount,965万,万元\n", "aid.amount"),
        panel("united-areas", &[("140202", 40), ("140203", 30), ("140211", 20), ("140212", 10)]),
        panel("part-absent", &[("140402", 60)]),
        crosswalk("divided-area"),
        crosswalk("other-extent"),
        error(Weights::new().divide(
            area("140202"),
            2017,
            &[(area("140213"), Decimal::integer(2))],
        )),
        error(Weights::parse("code,year,to,weight\n140202,2017,140213,many\n", "weights.csv")),
        error(Areas::parse("140728\t平遥县\n140727\t祁县\n", "areas.tsv")),
        error(Areas::parse("code,parent\nS,\nD1,S\nD1,S\n", "areas.csv")),
        error(Areas::parse("code,parent\nS,\nD1,T\n", "areas.csv")),
        error(Areas::parse("code,parent\nS,\nA,B\nB,C\nC,A\n", "areas.csv")),
        error(Areas::parse("code,parent\nA,\nB,A\nC,B\nD,C\nE,D\n", "areas.csv")),
        error(Areas::parse("code,parent,tier\nS,,county\nD1,S,province\n", "areas.csv")),
        error("2022-2025".parse::<Period>()),
        // The catalogue.
        error(Catalog::load("nowhere.toml")),
        catalog("[measures.x]\nname = { zh = \"某数\" }\nunits = \"人\"\n"),
        catalog(
            "[measures.children]\nname = { zh = \"幼儿\" }\nunit = \"person\"\nkind = \"count\"\n",
        ),
        catalog(
            "[measures.\"某数\"]\nname = { zh = \"某数\" }\nunit = \"person\"\nkind = \"count\"\n",
        ),
        catalog("[measures.x]\ndefine = \"sum(childrn)\"\n"),
        catalog("[indicators.\"x.y\"]\nname = { zh = \"某率\" }\nkind = \"mean\"\n"),
        catalog(
            "[indicators.\"x.y\"]\nname = { zh = \"某率\" }\nkind = \"rate\"\nnumerator = \"children\"\nunit = \"%\"\n",
        ),
        catalog(
            "[measures.x]\nname = { zh = \"某数\" }\nunit = \"person\"\nkind = \"count\"\naliases = [\"资助人数\"]\n",
        ),
        catalog(
            "[measures.a]\ndefine = \"sum(b)\"\nunit = \"person\"\n[measures.b]\ndefine = \"sum(children)\"\n[measures.c]\ndefine = \"sum(c)\"\nunit = \"person\"\n",
        ),
        error(Define::parse("avg(children)")),
        catalog(
            "[indicators.\"x.y\"]\nname = { zh = \"某率\" }\nkind = \"derived\"\ninputs = { a = \"projects.done\" }\nformula = \"a / 0.5\"\nunit = \"项\"\n",
        ),
        error(Define::parse(&"(".repeat(5000))),
        catalog(
            "[indicators.\"x.y\"]\nname = { zh = \"某占比\" }\nkind = \"share\"\nnumerator = \"loan_borrowers\"\ndenominator = \"children\"\nunit = \"%\"\n",
        ),
        catalog(
            "[indicators.\"x.y\"]\nname = { zh = \"某率\" }\nkind = \"rate\"\nnumerator = \"training_person_times\"\ndenominator = \"children\"\nunit = \"%\"\n",
        ),
        catalog(
            "[standards.mine]\nname = { zh = \"标准\" }\n[[standards.mine.criteria]]\nindicator = \"projects.completion\"\nat_least = \"90\"\nabove = \"80\"\n",
        ),
        catalog(
            "[standards.mine]\nname = { zh = \"标准\" }\n[standards.mine.rules.schools]\nname = { zh = \"每校\" }\nneeds = 6\n",
        ),
        // Schemes.
        scheme("", &ITEM.replace("\"100\", l", "\"90\", l")),
        scheme("", ""),
        scheme("", &ITEM.replace("from = \"0\"", "from = \"100\"")),
        scheme(
            "",
            "{ indicator = \"projects.completion\", weight = \"100\", bands = [{ at_least = \"80\", score = \"100\" }] }",
        ),
        scheme("grades = [{ id = \"good\", name = { zh = \"良\" }, at_least = \"60\" }]\n", ITEM),
        // Reports.
        {
            let long = "项".repeat(4 * 1024 * 1024);
            error(prose::read(&long, "report.txt", &Catalog::builtin(), prose::Options::default()))
        },
        audited("启建项目60个，目前52个项目已完成，完成率85%。", "share-differs"),
        audited("全县共有学校100所，其中小学60所、初中50所。", "parts-differ"),
        audited("公办园幼儿占比由52.3%提高到55.5%，提高3.5个百分点。", "change-differs"),
        audited("公办园幼儿占比由52.3%提高到55.5%，提高3.2%。", "percent-for-points"),
        audited("资助家庭经济贫困学生7838名。全年共资助家庭经济贫困学生7839名。", "figures-differ"),
        audited("为7838名学生提供资助金965万元，人均1300元。", "per-head-differs"),
        {
            let catalog = Catalog::builtin();
            let text = "为7838名家庭经济贫困学生提供资助金965万元。";
            let reading =
                prose::read(text, "report.txt", &catalog, prose::Options::default()).unwrap();
            let query = Query::new(&catalog).indicators(["aid.recipients"]);
            let answer = query.run(table("area,aid_recipients\n140728,7839\n")).unwrap();
            let findings = reading.audit(Some(&answer.known("年报.csv").unwrap()));
            findings.into_iter().find_map(|finding| finding.error).unwrap()
        },
        // Tables.
        error(Table::read([file("broken.parquet", b"no parquet")])),
        error(Areas::load(file("gbk.tsv", b"140728\t\xc6\xbd\xd2\xa3\xcf\xd8\n"))),
        read_with_findings(
            b"area,area_name,projects,projects_done\n140728,\xc6\xbd\xd2\xa3\xcf\xd8,60,52\n",
        ),
        read_with_findings("area,projects,projects_done\n140728,60,…\n".as_bytes()),
        grid(b"a,b\n1,\xff\n", "cut.csv"),
        grid(b"a,b\n1,\0\n", "nul.csv"),
        grid(b"a;b|c\n1;2|3\n", "both.csv"),
        grid(b"a,b\n1,\"2\n", "open.csv"),
        grid(b"a,b\n1,2\n3,4,5\n", "ragged.csv"),
        grid(&bureau(), "table.xls"),
        grid(&compound("EncryptedPackage", b""), "locked.xlsx"),
        grid(&packed(&[("xl/workbook.xml", b"")]), "broken.xlsx"),
        grid(&packed(&[("xl/workbook.xml", &[b' '; 2 << 20])]), "bomb.xlsx"),
        grid_finding(&bureau(), "table.xlsx", "hidden-cells"),
        grid_finding(&bureau(), "table.xlsx", "hidden-sheet"),
        grid_finding(&bureau(), "table.xlsx", "unnamed-column"),
        grid_finding(&ods(FORMULAS), "table.ods", "uncomputed-formula"),
        grid_finding(&ods(FORMULAS), "table.ods", "error-cell"),
        error(Table::read([file("table.docx", b"")])),
        error(Table::read([file("cut.csv.gz", b"\x1f\x8b")])),
        error(Table::read([folder("hollow")])),
        error(Table::read(["nowhere/*.csv"])),
        error(book(&[]).table(None)),
        error(book(&["表1"]).table(Some("表2"))),
        error(book(&["表1", "表2"]).table(None)),
        mapping("[columns]\n\"代码\" = \"area\"\n"),
        mapping("[columns]\n\"合计\" = \"?\"\n"),
        {
            let mapping = "[columns]\n\"园数\" = \"kindergartens\"\n";
            let mapping = Mapping::parse(mapping, "map.toml", &Catalog::builtin()).unwrap();
            let book = book(&["表1"]);
            let (grid, block) = mapping.block(&book, None).unwrap();
            error(mapping.lines(grid, &block, &Catalog::builtin()))
        },
        {
            let public = "{ measure = \"kindergartens\", where = { ownership = \"public\" } }";
            let mapping = format!("[columns]\n\"区划代码\" = \"area\"\n\"幼儿园数\" = {public}\n");
            let mapping = Mapping::parse(&mapping, "map.toml", &Catalog::builtin()).unwrap();
            let book = book(&["表1"]);
            let (grid, block) = mapping.block(&book, None).unwrap();
            mapping.lines(grid, &block, &Catalog::builtin()).unwrap().1[0].clone()
        },
        error(Table::read([file("empty.csv", b"area,projects\n")])),
        question("area,projects,项目数,projects_done\n140728,60,60,52\n", |query| {
            query.indicators([DONE])
        }),
        question("area,project,projects_done\n140728,60,52\n", |query| query.indicators([DONE])),
        {
            let columns = vec![
                Column::new("area".into(), ["140728"]),
                Column::new("projects".into(), [60]),
                Column::new("projects_done".into(), [52])
                    .cast(&polars::prelude::DataType::Date)
                    .unwrap(),
            ];
            let catalog = Catalog::builtin();
            error(
                Query::new(&catalog)
                    .indicators([DONE])
                    .run(DataFrame::new_infer_height(columns).unwrap()),
            )
        },
        error(Dialect::Spark.name("${x}")),
        {
            let catalog = Catalog::builtin();
            let mine = "[measures.t_wide]\nunit = \"person\"\nkind = \"count\"\nname = { zh = \"数\" }\n[measures.t_more]\nunit = \"person\"\nkind = \"count\"\nname = { zh = \"多\" }\ndefine = \"sum(10 * t_wide)\"\n[indicators.\"t.more\"]\nname = { zh = \"合计\" }\nkind = \"total\"\nmeasure = \"t_more\"\n";
            let catalog = catalog.extend(Catalog::parse(mine, "mine.toml").unwrap()).unwrap();
            let query = Query::new(&catalog).indicators(["t.more"]);
            let wide = relation(&[("area", "text"), ("t_wide", "decimal(28,0)")]);
            error(query.pushdown(&wide).unwrap().sql(Dialect::DuckDb))
        },
        told(true, &["2022"], &[0], (1, 7)),
        {
            let catalog = Catalog::builtin();
            let long = relation(&[("area", "text"), ("measure", "text"), ("value", "int64")]);
            error(Query::new(&catalog).indicators([DONE]).pushdown(&long))
        },
        told(false, &["2022"], &[2], (0, 0)),
        told(false, &["2022", "2022年"], &[0, 0], (0, 0)),
        told(true, &[], &[], (0, 0)),
        told(true, &["2022"], &[0], (5, -1)),
        {
            let catalog = Catalog::builtin();
            error(Query::new(&catalog).kept_states(&table("area\n140728\n")))
        },
        {
            let catalog = Catalog::builtin();
            let csv = table("area,projects,projects_done\n140728,60,52\n");
            let states = Query::new(&catalog).indicators([DONE]).states(csv).unwrap();
            let mine = "[indicators.\"projects.completion\"]\nreplaces = true\nname = { zh = \"完工\" }\nkind = \"completion\"\ndone = \"projects\"\nplanned = \"projects\"\nunit = \"%\"\ndecimals = 1\n";
            let other = catalog.extend(Catalog::parse(mine, "mine.toml").unwrap()).unwrap();
            let told = error(Query::new(&other).kept_states(&states.frame(&catalog).unwrap()));
            let Problem::StatesDiffer { what, .. } = told.problem() else { panic!("{told}") };
            let (here, there) = ("<hash>".to_owned(), "<hash>".to_owned());
            Problem::StatesDiffer { what: what.clone(), here, there }.into()
        },
        {
            let catalog = Catalog::builtin();
            let csv = table("area,projects,projects_done\n140728,60,52\n");
            let states = Query::new(&catalog).indicators([DONE]).states(csv).unwrap();
            error(states.refuse_overlap(&states))
        },
        finding(
            "area,period,projects,projects_done\n140728,2022,60,52\n140702,2022,1,1\n140728,2022,61,52\n",
            DONE,
        ),
        finding("area,projects,projects_done\n140728,60,52\n,1,1\n", DONE),
        question("area,单位,aid_amount,aid_recipients\n140728,万元,965,7838\n", |query| {
            query.indicators(["aid.per_recipient"])
        }),
        finding("area,ownership,children\n140728,国营,60\n", "preschool.public_share"),
        finding(
            "area,measure,value\n140728,projects,60\n140728,projects_done,52\n140728,竣工率,52\n",
            DONE,
        ),
        finding("area,projects,projects_done\n140728,60,-5\n", DONE),
        finding("area,projects,projects_done\n140728,60,52.5\n", DONE),
        finding(
            "area,measure,value,unit\n140728,preschool.public_share,120,%\n",
            "preschool.public_share",
        ),
        finding_of(
            DataFrame::new_infer_height(vec![
                Column::new("area".into(), ["140728"]),
                Column::new("projects".into(), [60.0]),
                Column::new("projects_done".into(), [f64::NAN]),
            ])
            .unwrap(),
            DONE,
        ),
        {
            let catalog = Catalog::builtin();
            let query = Query::new(&catalog)
                .indicators(["preschool.public_share"])
                .tiers([Tier::Prefecture]);
            let table = query
                .run(table("area,measure,value,unit\n140728,preschool.public_share,55.5,%\n"))
                .unwrap();
            table.findings()[0].clone()
        },
        finding(
            "area,measure,value,unit\n140728,projects,60,项\n140728,projects_done,52,项\n140728,projects.completion,90.0,%\n",
            DONE,
        ),
        {
            let catalog = Catalog::builtin();
            let query =
                Query::new(&catalog).indicators(["preschool.public_share"]).over(Span::Year);
            let month =
                "area,period,measure,value,unit\n140728,2022-12,preschool.public_share,55.5,%\n";
            query.run(table(month)).unwrap().findings()[0].clone()
        },
        finding(
            "area,school,stage,pupils,books\n140728,1,primary,50,500\n140728,2,primary,0,20\n",
            "compulsory.books_dispersion_primary",
        ),
        {
            let catalog = Catalog::builtin();
            let schools = "area,school,stage,pupils,equipment_value\n140728,1,primary,50,500\n";
            let standard = catalog.standard("compulsory-2017").unwrap();
            let query = Query::new(&catalog).indicators(["compulsory.equipment_value"]);
            query.judge(table(schools), standard).unwrap().findings()[0].clone()
        },
        {
            let catalog = Catalog::builtin();
            let query = Query::new(&catalog).indicators(["fin.pp_budget"]).over(Span::Year);
            let months = "area,period,education_budget,mean_pupils\n140728,2022-11,1,1\n140728,2022-12,1,1\n";
            query.run(table(months)).unwrap().findings()[0].clone()
        },
        {
            let catalog = Catalog::builtin();
            let targets = table("area,period,projects_done\n140728,2022,60\n");
            let months = table("area,period,projects_done\n140728,2022-02,10\n");
            Query::new(&catalog).attain(months, targets).unwrap().findings()[0].clone()
        },
        {
            let catalog = Catalog::builtin();
            let mine = "[indicators.\"t.redefined\"]\nname = { zh = \"某率\" }\nkind = \"rate\"\nnumerator = \"pupils\"\ndenominator = \"population_school_age\"\nunit = \"%\"\n[[indicators.\"t.redefined\".earlier]]\nuntil = \"1990-12\"\ndenominator = \"population_3_5\"\n";
            let catalog = catalog.extend(Catalog::parse(mine, "mine.toml").unwrap()).unwrap();
            let years = "area,period,pupils,population_school_age,population_3_5\n140728,1990,1,1,1\n140728,1991,1,1,1\n";
            let table = Query::new(&catalog).indicators(["t.redefined"]).run(table(years)).unwrap();
            table.findings()[0].clone()
        },
        question("area,projects,projects_done\n140728,60,x\n140702,60,-1\n", |query| {
            query.indicators([DONE]).strict(true)
        }),
        {
            let rows = table("area,ownership,children\n140728,合计,15000\n140728,公办,8325\n");
            let catalog = Catalog::builtin();
            let answer = Query::new(&catalog).indicators(["preschool.children"]).run(rows).unwrap();
            answer.findings()[1].clone()
        },
        // Checks.
        checked("area,children\n140700,100\n140728,120\n", "parent-differs"),
        checked(
            "area,sex,children\n140728,男,60\n140728,女,50\n140728,合计,101\n",
            "total-differs",
        ),
        checked("area,teachers,teachers_pe\n140728,40,41\n", "part-exceeds-whole"),
        checked(
            "area,population_school_age,pupils_school_age_or_above,children_out_of_school\n140728,100,90,11\n",
            "define-differs",
        ),
        checked(
            "area,year,aid_amount\n140728,2020,9650000\n140728,2021,9810000\n140728,2022,1002\n",
            "unit-slip",
        ),
        checked("area,period,loan_amount,loan_borrowers\n140728,2020,16000,1\n", "implausible"),
        checked(
            "area,pupils,graduates\n140702,1,2\n140703,2,3\n140721,3,4\n140722,4,5\n140723,5,1\n",
            "permuted-values",
        ),
        checked(
            "area,year,pupils\n140702,2021,1\n140703,2021,2\n140721,2021,3\n140722,2021,4\n140723,2021,5\n140702,2022,1\n140703,2022,2\n140721,2022,3\n140722,2022,4\n140723,2022,5\n",
            "repeated-values",
        ),
        checked(
            "area,area_name,pupils\n140728,平遥县,1\n140771,开发区,2\n140772,开发区,3\n",
            "duplicate-name",
        ),
        checked("area,pupils\n140771,1\n", "zone"),
        // Requests.
        question("area,projects\n140728,60\n", |query| query),
        question("area,projects,projects_done\n140728,60,52\n", |query| {
            query.indicators([DONE]).policy(Policy::AtLeast("95".parse().unwrap()))
        }),
        {
            let catalog = Catalog::builtin();
            let toml = format!(
                "id = \"mine\"\nname = {{ zh = \"评价\" }}\ntotal = \"100\"\nmissing = \"unknown\"\nitems = [{ITEM}]\n"
            );
            let scheme = Scheme::parse(&toml, "mine.toml", &catalog).unwrap();
            let csv = table("area,projects,projects_done\n140728,60,52\n");
            let other = Query::new(&catalog).indicators(["projects.done"]).run(csv).unwrap();
            error(other.score(&scheme))
        },
        {
            let watch = Watch::default();
            watch.cancel();
            question("area,projects\n140728,60\n", |query| query.indicators([DONE]).watch(&watch))
        },
        {
            let catalog = Catalog::builtin();
            let query = Query::new(&catalog).indicators([DONE]);
            let row = table("area,projects,projects_done\n140728,60,52\n");
            let mut readings = vec![Vec::new(), vec![Ok(row.clone()), Ok(row)]];
            let batches = Batches::new(|| Ok(readings.pop().unwrap_or_default()));
            error(query.run_batches(batches.rows_at_once(1)))
        },
        error(Level::new(95.0)),
        {
            let pairs = table("area,neighbor\n140728,140700\n");
            let neighbors = Neighbors::read(pairs, &Areas::builtin()).unwrap();
            neighbors.findings()[0].clone()
        },
        error("{}".parse::<Log>()),
        {
            let catalog = Catalog::builtin();
            let csv = "area,projects,projects_done\n140728,60,52\n";
            let query = Query::new(&catalog).indicators([DONE]);
            let (_, mut log) = query.run_logged(table(csv)).unwrap();
            log.areas.sha256 = "0".repeat(64);
            error(log.replay(&catalog, Areas::builtin(), table(csv)))
        },
        {
            struct Full;
            impl std::io::Write for Full {
                fn write(&mut self, _: &[u8]) -> std::io::Result<usize> {
                    Err(std::io::Error::other("no space left"))
                }
                fn flush(&mut self) -> std::io::Result<()> {
                    Ok(())
                }
            }
            error(zhibiao::report::Format::Json.write(
                &table("area\n140728\n"),
                &mut Full,
                "out.json",
            ))
        },
        {
            // All counties, each month of 31 years.
            let catalog = Catalog::builtin();
            let areas = Areas::builtin();
            let counties: Vec<String> = areas
                .codes()
                .filter(|code| areas.tier(*code) == Some(Tier::County))
                .map(|code| code.to_string())
                .collect();
            let rows = counties.len() * 31 * 12;
            let area = counties.iter().cycle().take(rows).map(String::as_str);
            let period = (0..rows).map(|row| {
                let month = row / counties.len();
                format!("{}-{:02}", 1992 + month / 12, month % 12 + 1)
            });
            let frame = polars::prelude::df![
                "area" => area.collect::<Vec<_>>(),
                "period" => period.collect::<Vec<_>>(),
                "projects" => vec![1; rows],
                "projects_done" => vec![1; rows],
            ];
            let answer = Query::new(&catalog).indicators([DONE]).run(frame.unwrap()).unwrap();
            error(zhibiao::report::xlsx::indicators(&answer, &catalog))
        },
        {
            let frame = table("area_name\n=1+1\n");
            let written = zhibiao::report::Format::Csv.write(&frame, &mut Vec::new(), "out.csv");
            written.unwrap().unwrap()
        },
    ]
}

#[test]
fn every_problem_is_met_and_tells_what_to_do() {
    let folder = env!("CARGO_TARGET_TMPDIR");
    let mut met: BTreeMap<&str, String> = BTreeMap::new();
    for error in problems() {
        let message = error.to_string().replace(folder, "<folder>");
        assert!(!error.problem().remedy().is_empty(), "{message}");
        let earlier = met.insert(error.code(), message);
        assert!(earlier.is_none(), "{} is met twice: {earlier:?}", error.code());
    }
    let codes: Vec<&str> = Problem::CODES.to_vec();
    let missing: Vec<&&str> = codes.iter().filter(|code| !met.contains_key(**code)).collect();
    assert!(missing.is_empty(), "never met: {missing:?}");
    let all: Vec<String> = codes.iter().map(|code| format!("[{code}]\n{}\n", met[code])).collect();
    insta::assert_snapshot!("messages", all.join("\n"));
}

#[test]
fn all_errors_of_a_catalogue_are_told() {
    let toml = "[measures.x]\nname = { zh = \"某数\" }\nunit = \"斤\"\nkind = \"count\"\n[measures.y]\ndefine = \"sum(nothing)\"\n";
    let first = error(Catalog::parse(toml, "mine.toml"));
    let all = std::iter::once(&first).chain(first.others());
    let codes: Vec<&str> = all.map(Error::code).collect();
    assert_eq!(codes, ["unknown-unit", "unknown-id"]);
}
