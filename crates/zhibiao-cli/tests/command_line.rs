//! The command line as a user meets it: what it prints, where, and how it ends.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn figures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/pingyao-2022/figures.csv")
}

fn zhibiao(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_zhibiao")).args(arguments).output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

fn scratch(name: &str, content: &str) -> String {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::write(&path, content).unwrap();
    path.display().to_string()
}

#[test]
fn computes_the_report_in_chinese() {
    let figures = figures().display().to_string();
    let done =
        zhibiao(&["compute", &figures, "-i", "projects.completion", "-i", "aid.per_recipient"]);
    assert_eq!(done.status.code(), Some(0));
    let out = text(&done.stdout);
    for wanted in ["项目完工率", "86.7 %", "人均资助金额", "1231.18 元/人", "平遥县"]
    {
        assert!(out.contains(wanted), "{wanted} in\n{out}");
    }
    assert_eq!(text(&done.stderr), "");
}

/// Chinese characters take two columns: the last column begins at the same one in every line.
#[test]
fn columns_stay_aligned_where_scripts_mix() {
    let figures = figures().display().to_string();
    let done = zhibiao(&["judge", &figures, "--standard", "preschool-2020"]);
    let out = text(&done.stdout);
    let width =
        |text: &str| text.chars().map(|c| if c >= '\u{2e80}' { 2 } else { 1 }).sum::<usize>();
    let at = |line: &str| line.find("2022").map(|byte| width(&line[..byte]));
    let rows: Vec<usize> = out.lines().skip(2).filter_map(at).collect();
    assert!(rows.len() >= 3 && rows.iter().all(|column| *column == rows[0]), "{out}");
}

#[test]
fn judges_by_the_standard_and_tells_the_gap() {
    let figures = figures().display().to_string();
    let done = zhibiao(&[
        "judge",
        &figures,
        "--standard",
        "preschool-2020",
        "-i",
        "preschool.inclusive_coverage",
    ]);
    let out = text(&done.stdout);
    for wanted in ["76.6 %", "≥ 80 %", "未达标", "-3.4 个百分点", "按幼儿数口径理解"]
    {
        assert!(out.contains(wanted), "{wanted} in\n{out}");
    }
}

#[test]
fn holds_a_table_against_its_targets() {
    let done = "区划,时期,已完成项目数\n140728,2022-01,30\n140728,2022-02,22\n140729,2022-02,40\n";
    let done = scratch("done.csv", done);
    let targets = "区划,时期,指标,任务\n140728,2022,已完成项目数,60\n140729,2022,已完成项目数,x\n";
    let targets = scratch("tasks.csv", targets);
    let asks = ["attain", &done, "--targets", &targets, "--over", "year-to-date"];
    let told = zhibiao(&[&asks[..], &["--coverage", "given"]].concat());
    let out = text(&told.stdout);
    for wanted in
        ["2022-01/2022-02", "52 项", "60 项", "86.7 %", "-8 项", "1/1", "✗ 未完成", "无任务"]
    {
        assert!(out.contains(wanted), "{wanted} in\n{out}");
    }
    let findings = text(&told.stderr);
    assert!(findings.contains("[unknown-symbol]"), "{findings}");
    assert!(findings.contains("tasks.csv, row 3, column 任务"), "{findings}");
    for (format, wanted) in [
        ("markdown", "| ✗ 未完成 |"),
        ("html", "<title>任务完成情况</title>"),
        ("csv", "attainment_display,over,rank,ranked,status,verdict"),
    ] {
        let out = text(&zhibiao(&[&asks[..], &["--format", format]].concat()).stdout);
        assert!(out.contains(wanted), "{wanted} in\n{out}");
    }
    let refused = zhibiao(&[&asks[..], &["-o", &targets]].concat());
    assert_eq!(refused.status.code(), Some(2), "{}", text(&refused.stderr));
    assert!(std::fs::read_to_string(&targets).unwrap().contains("任务"));
}

#[test]
fn the_cap_of_its_time_warns() {
    let csv =
        "area,measure,value,unit\n140728,loan_amount,2073,万元\n140728,loan_borrowers,2423,人\n";
    let file = scratch("loans.csv", csv);
    let of = |period| {
        text(&zhibiao(&["judge", &file, "--standard", "loan-cap", "--period", period]).stdout)
    };
    let (then, now) = (of("2020"), of("2022"));
    assert!(then.contains("≤ 8000") && then.contains("未达标"), "{then}");
    assert!(now.contains("≤ 12000") && !now.contains("未达标 "), "{now}");
}

/// Criteria of one stage are held against its rows, the others against all rows together.
#[test]
fn judges_each_stage_by_its_own_criterion() {
    let csv = "area,period,stage,entrants_zoned,entrants_urban_public\n\
               140728,2022,小学,100,100\n140728,2022,初中,96,100\n";
    let file = scratch("stages.csv", csv);
    let arguments = ["judge", &file, "--standard", "compulsory-2017", "--format", "csv"];
    let out = text(&zhibiao(&arguments).stdout);
    let row =
        |criterion: &str| out.lines().filter(|line| line.contains(criterion)).collect::<Vec<_>>();
    for (criterion, display) in
        [("zoned_admission/primary", "100.0"), ("zoned_admission/junior", "96.0")]
    {
        let rows = row(criterion);
        assert_eq!(rows.len(), 1, "{out}");
        assert!(rows[0].contains(display) && rows[0].contains("meets"), "{out}");
    }
}

#[test]
fn writes_every_format() {
    let figures = figures().display().to_string();
    for (name, starts) in [
        ("out.csv", "area,"),
        ("out.json", "[{\"area\":\"140728\""),
        ("out.jsonl", "{\"area\":\"140728\""),
        ("out.ndjson", "{\"area\":\"140728\""),
        ("out.parquet", "PAR1"),
        ("out.md", "| area | name |"),
        ("out.html", "<!DOCTYPE html>\n<html lang=\"en\">"),
        ("out.txt", "area"),
        ("out.xlsx", "PK"),
    ] {
        let path = scratch(name, "");
        let done = zhibiao(&[
            "compute",
            &figures,
            "-i",
            "projects.completion",
            "-o",
            &path,
            "--lang",
            "en",
        ]);
        assert_eq!(done.status.code(), Some(0), "{name}: {}", text(&done.stderr));
        let written = std::fs::read(&path).unwrap();
        assert!(
            written.starts_with(starts.as_bytes()),
            "{name}: {}",
            String::from_utf8_lossy(&written)
        );
    }
    let done = zhibiao(&["compute", &figures, "-i", "aid.per_recipient", "--format", "json"]);
    assert!(text(&done.stdout).contains("\"numerator\":9650000.00"), "{}", text(&done.stdout));
}

#[test]
fn writes_a_workbook_of_every_answer_and_csv_for_excel() {
    let figures = figures().display().to_string();
    let targets = scratch("xlsx-targets.csv", "area,period,projects\n140728,2022,60\n");
    for asks in [
        &["compute", &figures, "-i", "projects.completion"][..],
        &["judge", &figures, "--standard", "loan-cap"],
        &["attain", &figures, "--targets", &targets],
        &["check", &figures],
    ] {
        let done = zhibiao(&[asks, &["--format", "xlsx"]].concat());
        assert_eq!(done.status.code(), Some(0), "{asks:?}: {}", text(&done.stderr));
        assert!(done.stdout.starts_with(b"PK"), "{asks:?}");
    }
    let marked = ["compute", &figures, "-i", "projects.completion", "--format", "csv", "--bom"];
    assert!(text(&zhibiao(&marked).stdout).starts_with("\u{feff}area,"));
    let areas = scratch("formula-areas.csv", "code,parent,name\nA,,=1+1\n");
    let counts = scratch("formula.csv", "area,projects,projects_done\nA,60,52\n");
    let asks = ["compute", &counts, "-i", "projects.completion", "--areas", &areas];
    let done = zhibiao(&[&asks[..], &["--format", "csv"]].concat());
    assert!(text(&done.stdout).contains("A,'=1+1,"), "{}", text(&done.stdout));
    assert!(text(&done.stderr).contains("[formula-text]"), "{}", text(&done.stderr));
}

#[test]
fn writes_pages_of_indicators_verdicts_and_findings() {
    let figures = figures().display().to_string();
    for (asks, wanted) in [
        (&["compute", &figures, "-i", "projects.completion"][..], "<title>派生指标</title>"),
        (&["judge", &figures, "--standard", "loan-cap"], "✓ 达标"),
        (&["check", &figures], "<title>检查结果</title>"),
    ] {
        let out = text(&zhibiao(&[asks, &["--format", "html"]].concat()).stdout);
        assert!(out.starts_with("<!DOCTYPE html>") && out.ends_with("</html>\n"), "{out}");
        assert!(out.contains(wanted), "{wanted} in\n{out}");
        assert!(!out.contains("://") && !out.contains("<script"), "{out}");
    }
}

#[test]
fn writes_the_columns_of_sdmx_into_files_only() {
    let figures = figures().display().to_string();
    let sdmx = ["compute", &figures, "-i", "projects.completion", "--columns", "sdmx"];
    let done = zhibiao(&[&sdmx[..], &["--format", "csv"]].concat());
    let out = text(&done.stdout);
    let (header, row) = out.split_once('\n').unwrap();
    assert!(
        header.starts_with("FREQ,REF_AREA,TIME_PERIOD,INDICATOR,OBS_VALUE,OBS_STATUS"),
        "{out}"
    );
    assert!(row.starts_with("A,140728,2022,projects.completion,86.7,A,F,%,0,1,"), "{out}");
    let folder = scratch("sdmx-package", "");
    for refused in [&[][..], &["--format", "markdown"], &["--format", "datapackage", "-o", &folder]]
    {
        let done = zhibiao(&[&sdmx[..], refused].concat());
        assert_eq!(done.status.code(), Some(2), "{refused:?}");
        let err = text(&done.stderr);
        assert!(err.starts_with("error[bad-option]: `sdmx`") && err.contains("csv, json"), "{err}");
    }
    let judge = ["judge", &figures, "--standard", "loan-cap", "--columns", "sdmx"];
    assert_eq!(zhibiao(&judge).status.code(), Some(2));
}

#[test]
fn writes_a_data_package_into_a_folder() {
    let figures = figures().display().to_string();
    let parent = Path::new(env!("CARGO_TARGET_TMPDIR")).join("packages");
    for (asks, file) in [
        (&["compute", &figures, "-i", "projects.completion"][..], "indicators.csv"),
        (&["judge", &figures, "--standard", "loan-cap"], "verdicts.csv"),
    ] {
        let folder = parent.join(file).display().to_string();
        let package = ["--format", "datapackage", "-o", &folder, "--lang", "en"];
        let done = zhibiao(&[asks, &package].concat());
        assert_eq!(done.status.code(), Some(0), "{}", text(&done.stderr));
        assert_eq!(text(&done.stdout), "");
        let data = std::fs::read(parent.join(file).join(file)).unwrap();
        let descriptor = std::fs::read(parent.join(file).join("datapackage.json")).unwrap();
        let descriptor = text(&descriptor);
        for wanted in [
            format!("\"path\": \"{file}\""),
            format!("\"bytes\": {}", data.len()),
            "\"title\": \"Area\"".to_owned(),
        ] {
            assert!(descriptor.contains(&wanted), "{wanted} in\n{descriptor}");
        }
        let done = zhibiao(&[asks, &package[..2]].concat());
        assert_eq!(done.status.code(), Some(2));
        assert!(text(&done.stderr).contains("`-o FOLDER`"), "{}", text(&done.stderr));
    }
    let occupied = scratch("occupied", "");
    let done = zhibiao(&[
        "compute",
        &figures,
        "-i",
        "projects.completion",
        "--format",
        "datapackage",
        "-o",
        &occupied,
    ]);
    assert_eq!(done.status.code(), Some(1));
    assert!(text(&done.stderr).starts_with("error[unwritable-file]"), "{}", text(&done.stderr));
}

/// A share and what is left of it: 0.05 % and 99.95 %.
#[test]
fn shares_add_up_where_it_is_asked_for() {
    let toml = "[indicators.\"mine.open\"]\nname = { zh = \"未完工占比\" }\nkind = \"share\"\nnumerator = \"open\"\ndenominator = \"projects\"\nunit = \"%\"\ndecimals = 1\n[measures.open]\ndefine = \"sum(projects - projects_done)\"\npart_of = \"projects\"\n[indicators.\"mine.done\"]\nname = { zh = \"已完工占比\" }\nkind = \"share\"\nnumerator = \"done\"\ndenominator = \"projects\"\nunit = \"%\"\ndecimals = 1\n[measures.done]\ndefine = \"sum(projects_done)\"\npart_of = \"projects\"\n";
    let catalog = scratch("parts.toml", toml);
    let table = scratch("parts.csv", "area,projects,projects_done\n140728,2000,1\n");
    let asks = ["compute", &table, "--catalog", &catalog, "-i", "mine.open", "-i", "mine.done"];
    let plain = text(&zhibiao(&asks).stdout);
    assert!(plain.contains(" 0.1 %") && plain.contains("未作机械调整"), "{plain}");
    let adjusted = text(&zhibiao(&[&asks[..], &["--adding-up"]].concat()).stdout);
    assert!(adjusted.contains(" 0.0 %") && adjusted.contains("最大余数法"), "{adjusted}");
    assert!(plain.contains("100.0 %") && adjusted.contains("100.0 %"), "{adjusted}");
}

/// What was written is read again: a result file of ours, several files as one table.
#[test]
fn several_files_are_one_table() {
    let first = scratch("a.csv", "区划代码,启建项目数,已完成项目数\n140728,60,52\n");
    let second = scratch("b.csv", "启建项目数,已完成项目数,区划代码\n40,-1,140702\n");
    let done = zhibiao(&["compute", &first, &second, "-i", "项目完工率", "--format", "csv"]);
    let (out, err) = (text(&done.stdout), text(&done.stderr));
    assert_eq!(done.status.code(), Some(0), "{err}");
    assert!(out.contains("140728") && out.contains("86.7") && out.contains("140702"), "{out}");
    assert!(
        err.contains("[negative-count]") && err.contains("b.csv, row 2, column 已完成项目数"),
        "{err}"
    );
}

#[test]
fn input_at_fault_ends_with_one_and_usage_with_two() {
    let figures = figures().display().to_string();
    let input = zhibiao(&["compute", "nowhere.csv", "-i", "projects.completion"]);
    assert_eq!(input.status.code(), Some(1));
    assert!(text(&input.stderr).starts_with("error[unreadable-file]"), "{}", text(&input.stderr));
    let unknown = zhibiao(&["compute", &figures, "-i", "projects.complete"]);
    assert_eq!(unknown.status.code(), Some(2));
    assert!(text(&unknown.stderr).contains("projects.completion"), "{}", text(&unknown.stderr));
    for usage in [
        &["compute", &figures, "--tiers", "village"][..],
        &["compute"],
        &["nothing"],
        &["compute", &figures, "--policy", "most"],
        &["compute", &figures],
        &["compute", &figures, "-i", "projects.completion", "--policy", "95"],
        &["compute", &figures, "-i", "projects.completion", "-o", "x.xyz"],
        &["compute", &figures, "-i", "projects.completion", "--format", "docx"],
        &["compute", &figures, "-i", "projects.completion", "--format", "xlsx", "--bom"],
    ] {
        assert_eq!(zhibiao(usage).status.code(), Some(2), "{usage:?}");
    }
    let strict = scratch("strict.csv", "area,projects,projects_done\n140728,60,x\n");
    let strict = zhibiao(&["compute", &strict, "-i", "projects.completion", "--strict"]);
    assert_eq!(strict.status.code(), Some(1));
    assert!(text(&strict.stderr).contains("[unknown-symbol]"), "{}", text(&strict.stderr));
}

#[test]
fn explains_and_lists_in_both_languages() {
    let zh = text(&zhibiao(&["explain", "preschool.inclusive_coverage"]).stdout);
    assert!(zh.contains("普惠性幼儿园覆盖率") && zh.contains("教督〔2020〕1号"), "{zh}");
    let en = text(&zhibiao(&["explain", "preschool-2020", "--lang", "en"]).stdout);
    assert!(en.contains("≥ 80") && en.contains("official text seen"), "{en}");
    let list = text(&zhibiao(&["list", "普惠"]).stdout);
    assert!(list.contains("preschool.inclusive_coverage"), "{list}");
    assert!(
        text(&zhibiao(&["list", "kindergarten", "share", "--lang", "en"]).stdout)
            .contains("preschool.public_share")
    );
    assert_eq!(zhibiao(&["explain", "no.such"]).status.code(), Some(2));
}

#[test]
fn lists_areas_of_the_built_in_table_and_of_a_tree() {
    let of = |arguments: &[&str]| text(&zhibiao(&[&["areas"], arguments].concat()).stdout);
    let listed = |out: &str| {
        out.lines()
            .skip(1)
            .map(|line| line.split_whitespace().next().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    let pingyao = of(&["平遥"]);
    assert_eq!(listed(&pingyao), ["140728"]);
    for wanted in ["县级", "140700", "平遥县"] {
        assert!(pingyao.contains(wanted), "{pingyao}");
    }
    // 晋中市 and its 11 counties, of which two are 区.
    assert_eq!(listed(&of(&["--within", "140700"])).len(), 12);
    assert_eq!(listed(&of(&["--within", "140700", "区"])), ["140702", "140703"]);
    assert_eq!(listed(&of(&["--within", "140700", "--tier", "prefecture"])), ["140700"]);
    assert_eq!(listed(&of(&["--tier", "province"])).len(), 34);
    assert_eq!(listed(&of(&["14072", "市"])), Vec::<String>::new());

    let tree = scratch("tree.csv", "code,parent,name\nS,,State\nD-1,S,North\nD-2,S,South\n");
    let state = of(&["--areas", &tree, "--lang", "en"]);
    let wanted = "area  tier        parent  children  name\n\
                  D-1   county      S              0  North\n\
                  D-2   county      S              0  South\n\
                  S     prefecture                 2  State\n";
    assert_eq!(state, wanted);
    for usage in [&["areas", "--within", "D-3", "--areas", &tree][..], &["areas", "--within", "x"]]
    {
        assert_eq!(zhibiao(usage).status.code(), Some(2), "{usage:?}");
    }
}

#[test]
fn a_tree_of_the_user_and_totals_of_slices() {
    let tree = scratch("districts.csv", "code,parent,name\nS,,State\nD-1,S,North\nD-2,S,South\n");
    let csv = "area,stage,projects,projects_done\nD-1,小学,40,40\nD-1,初中,20,12\nD-2,小学,40,8\n";
    let file = scratch("staged.csv", csv);
    let arguments = [
        "compute",
        &file,
        "--areas",
        &tree,
        "-i",
        "projects.completion",
        "--tiers",
        "prefecture",
        "--slices",
        "stage",
        "--totals",
    ];
    let out = text(&zhibiao(&arguments).stdout);
    for wanted in [
        "小学  项目完工率  60.0 %    48    80",
        "初中  项目完工率  60.0 %    12    20",
        "合计  项目完工率  60.0 %    60   100",
    ] {
        assert!(out.contains(wanted), "{wanted} in\n{out}");
    }
    let circle = scratch("circle.csv", "code,parent\nA,B\nB,A\n");
    let done = zhibiao(&["compute", &file, "--areas", &circle, "-i", "projects.completion"]);
    assert_eq!(done.status.code(), Some(1));
    assert!(text(&done.stderr).contains("error[area-cycle]"), "{}", text(&done.stderr));
}

#[test]
fn a_catalogue_of_the_user_extends_the_builtin() {
    let toml = "[indicators.\"mine.open\"]\nname = { zh = \"未完工占比\" }\nkind = \"share\"\nnumerator = \"open\"\ndenominator = \"projects\"\nunit = \"%\"\ndecimals = 1\n[measures.open]\ndefine = \"sum(projects - projects_done)\"\npart_of = \"projects\"\n";
    let catalog = scratch("mine.toml", toml);
    let figures = figures().display().to_string();
    let done = zhibiao(&["compute", &figures, "-i", "mine.open", "--catalog", &catalog]);
    assert!(text(&done.stdout).contains("13.3 %"), "{}{}", text(&done.stdout), text(&done.stderr));
    let bad = scratch("bad.toml", "[measures.x]\nkind = \"count\"\nunits = \"人\"\n");
    let done = zhibiao(&["list", "--catalog", &bad]);
    assert_eq!(done.status.code(), Some(1));
    assert!(text(&done.stderr).contains("bad.toml:3:1"), "{}", text(&done.stderr));
}

#[test]
fn checks_a_table_and_fails_where_there_is_an_error() {
    let sound = scratch("sound.csv", "area,teachers,teachers_pe\n140728,40,4\n");
    let done = zhibiao(&["check", &sound]);
    assert_eq!(
        (done.status.code(), text(&done.stdout)),
        (Some(0), "错误 0，警告 0，提示 0\n".into())
    );
    let zone = scratch("zone.csv", "area,teachers,teachers_pe\n140771,40,4\n");
    let done = zhibiao(&["check", &zone, "--lang", "en"]);
    assert_eq!(done.status.code(), Some(0));
    assert!(text(&done.stdout).contains("errors: 0, warnings: 0, notes: 1"));
    let wrong = scratch("wrong.csv", "area,teachers,teachers_pe\n140729,40,4\n140728,40,41\n");
    let done = zhibiao(&["check", &wrong]);
    assert_eq!(done.status.code(), Some(1));
    let out = text(&done.stdout);
    for wanted in ["错误", "part-exceeds-whole", "平遥县", "row 3, column teachers_pe", "exchanged"]
    {
        assert!(out.contains(wanted), "{wanted} in\n{out}");
    }
    let done = zhibiao(&["check", &wrong, "--format", "csv"]);
    let header =
        "severity,code,area,area_name,period,measure,value,other,file,sheet,row,column,message";
    assert!(text(&done.stdout).starts_with(header));
    assert_eq!(done.status.code(), Some(1));
    let twice = scratch("twice.csv", "area,teachers\n140728,40\n140728,41\n");
    assert_eq!(zhibiao(&["check", &twice]).status.code(), Some(1));
    assert_eq!(zhibiao(&["check", &twice, "--records"]).status.code(), Some(0));
}

#[test]
fn a_logged_run_is_replayed_and_what_differs_is_refused() {
    let table = scratch("replayed.csv", "area,projects,projects_done\n140728,60,52\n");
    let mine = scratch(
        "replayed.toml",
        "[indicators.\"t.open\"]\nname = { zh = \"未完成\" }\nkind = \"derived\"\n\
         inputs = { all = \"projects.started\", done = \"projects.done\" }\nformula = \"all - done\"\nunit = \"项\"\n",
    );
    let log = Path::new(env!("CARGO_TARGET_TMPDIR")).join("run.json").display().to_string();
    let options = ["-i", "t.open", "--catalog", &mine, "--format", "csv"];
    let first = zhibiao(&[&["compute", &table, "--log", &log], options.as_slice()].concat());
    assert_eq!(first.status.code(), Some(0), "{}", text(&first.stderr));
    let again = zhibiao(&["replay", &log, "--format", "csv"]);
    assert_eq!(text(&again.stdout), text(&first.stdout));
    assert!(text(&again.stdout).contains(",8,项,ok,"), "{}", text(&again.stdout));
    scratch("replayed.csv", "area,projects,projects_done\n140728,60,53\n");
    let changed = zhibiao(&["replay", &log]);
    assert_eq!(changed.status.code(), Some(1));
    assert!(text(&changed.stderr).starts_with("error[log-differs]: the content of"));
}

#[test]
fn months_are_put_together_to_a_year() {
    let rows = (1..=12).map(|month| format!("140728,2022-{month:02},10,{}\n", 200 + month));
    let table = format!("area,period,aid_amount,pupils\n{}", rows.collect::<String>());
    let table = scratch("months.csv", &table);
    let mine = scratch(
        "months.toml",
        "[indicators.\"t.aid\"]\nname = { zh = \"生均资助\" }\nkind = \"ratio\"\n\
         numerator = \"aid_amount\"\ndenominator = \"pupils\"\nunit = \"元/人\"\ndecimals = 2\n",
    );
    let ask = |span: &str| {
        zhibiao(&["compute", &table, "--catalog", &mine, "-i", "t.aid", "--over", span])
    };
    // 12 × 10 元 over the 212 pupils of December.
    let year = text(&ask("year").stdout);
    assert!(year.contains("2022") && year.contains("0.57 元/人"), "{year}");
    let to_date = text(&ask("year-to-date").stdout);
    assert!(to_date.contains("2022-01/2022-03  生均资助  0.15 元/人"), "{to_date}");
    assert_eq!(ask("decade").status.code(), Some(2));
}

#[test]
fn prints_the_schema_of_catalogue_files() {
    let done = zhibiao(&["schema"]);
    assert_eq!(done.status.code(), Some(0));
    let out = text(&done.stdout);
    assert!(out.starts_with("{\n") && out.contains("\"periods_before\""), "{out}");
}

/// A pattern that the shell left alone, and a folder; the log names the files themselves.
#[test]
fn reads_folders_and_patterns() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("按县 2022");
    std::fs::create_dir_all(&folder).unwrap();
    let name = |file: &str| folder.join(file).display().to_string();
    let (first, second, pattern, log) =
        (name("平遥.csv"), name("祁县.csv"), name("*.csv"), name("run.json"));
    std::fs::write(&first, "area,projects,projects_done\n140728,60,52\n").unwrap();
    std::fs::write(&second, "area,projects,projects_done\n140727,40,x\n").unwrap();
    let all = folder.display().to_string();
    for input in [&pattern, &all] {
        let done = zhibiao(&["compute", input, "-i", "projects.completion", "--log", &log]);
        assert_eq!(done.status.code(), Some(0), "{}", text(&done.stderr));
        assert!(text(&done.stdout).contains("86.7 %"));
        assert!(text(&done.stderr).contains(&format!("{second}, row 2, column projects_done")));
        let logged = std::fs::read_to_string(&log).unwrap();
        let at = |file: &str| logged.find(file).unwrap();
        assert!(at(&first) < at(&second), "{logged}");
        assert_eq!(zhibiao(&["replay", &log]).status.code(), Some(0));
        assert_eq!(zhibiao(&["replay", &log, input]).status.code(), Some(0));
        assert!(text(&zhibiao(&["check", input]).stdout).contains("unknown-symbol"));
    }
    let judged = zhibiao(&["judge", &pattern, "--standard", "preschool-2020"]);
    assert_eq!(judged.status.code(), Some(0), "{}", text(&judged.stderr));
    let refused = zhibiao(&["compute", &all, "-i", "projects.completion", "-o", &second]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(text(&refused.stderr).contains("a file that is not read"));
    let nothing = zhibiao(&["compute", &name("*.parquet"), "-i", "projects.completion"]);
    assert_eq!(nothing.status.code(), Some(1));
    assert!(text(&nothing.stderr).contains("error[no-match]"));
}

const PANEL: &str = "area,period,projects,projects_done\n140402,2015,60,52\n140411,2015,40,28\n\
    140403,2020,100,90\n140202,2015,8,4\n";

#[test]
fn a_panel_is_told_in_the_areas_of_one_year_and_replayed() {
    let panel = scratch("panel.csv", PANEL);
    let log = scratch("panel.json", "");
    let asked = ["compute", &panel, "-i", "projects.completion", "--harmonise", "2020"];
    let done = zhibiao(&[&asked[..], &["--log", &log]].concat());
    assert_eq!(done.status.code(), Some(0), "{}", text(&done.stderr));
    let out = text(&done.stdout);
    let row = out.lines().find(|line| line.contains("2015")).unwrap();
    assert!(row.starts_with("140403") && row.contains("80.0 %"), "{out}");
    assert!(!out.contains("140202"), "a part of a union is no whole: {out}");
    let told = text(&done.stderr);
    assert!(told.contains("[part-absent]") && told.contains("[united-areas]"), "{told}");
    let again = zhibiao(&["replay", &log]);
    assert_eq!(text(&again.stdout), out, "{}", text(&again.stderr));

    let refused = zhibiao(&[&asked[..], &["--areas-at", "2015"]].concat());
    assert_eq!(refused.status.code(), Some(2));
    let weights = scratch("weights.csv", "code,year,to,weight\n140202,2015,140728,1\n");
    let refused = zhibiao(&[&asked[..], &["--weights", &weights]].concat());
    assert!(text(&refused.stderr).contains("error[bad-shares]"), "{}", text(&refused.stderr));
}

#[test]
fn a_table_of_another_year_has_its_areas_and_is_replayed() {
    let table = scratch("of-2015.csv", "area,projects,projects_done\n140726,60,52\n");
    let log = scratch("of-2015.json", "");
    let asked = ["compute", &table, "-i", "projects.completion", "--areas-at", "2015"];
    let done = zhibiao(&[&asked[..], &["--log", &log]].concat());
    assert!(text(&done.stdout).contains("太谷县"));
    assert_eq!(text(&done.stderr), "");
    assert_eq!(text(&zhibiao(&["replay", &log]).stdout), text(&done.stdout));
}

#[test]
fn a_code_is_translated_both_ways() {
    let to = |code, from, to| {
        let done = zhibiao(&["areas", "translate", code, "--from", from, "--to", to]);
        text(&done.stdout)
    };
    assert!(to("142431", "1990", "2024").contains("140728 平遥县"));
    assert!(to("140728", "2024", "1990").contains("142431 平遥县"));
    assert!(to("140726", "2018", "2024").contains("140703 太谷区"));
}

#[test]
fn all_findings_go_to_a_file_and_the_first_to_the_screen() {
    let rows: String = (0..40).map(|row| format!("x{row},1,1\n")).collect();
    let table =
        scratch("flawed.csv", &format!("area,projects,projects_done\n140728,60,52\n{rows}"));
    let findings = scratch("findings.csv", "");
    let asked = ["compute", &table, "-i", "projects.completion", "--findings"];
    let done = zhibiao(&[&asked[..], &[&findings]].concat());
    assert_eq!(done.status.code(), Some(0));
    assert_eq!(text(&done.stderr).matches("[bad-area-code]").count(), 20);
    let written = std::fs::read_to_string(&findings).unwrap();
    assert_eq!(written.lines().count(), 41);
    assert!(written.starts_with("code,file,sheet,row,column,value,message,remedy\n"));
    let refused = zhibiao(&[&asked[..], &["findings.docx"]].concat());
    assert_eq!(refused.status.code(), Some(2));
    let refused = zhibiao(&[&asked[..], &[&table]].concat());
    assert_eq!(refused.status.code(), Some(2), "what is read is not overwritten");
}

#[test]
fn a_mapping_is_proposed_and_used() {
    let table =
        scratch("as-it-came.csv", "各县项目情况\n区划代码,启建项目数,已完成项目数\n140728,60,52\n");
    let proposed = zhibiao(&["map", &table]);
    assert_eq!(proposed.status.code(), Some(0), "{}", text(&proposed.stderr));
    let mapping = scratch("mapping.toml", &text(&proposed.stdout));
    let done = zhibiao(&["compute", &table, "-i", "projects.completion", "--map", &mapping]);
    assert!(text(&done.stdout).contains("86.7 %"), "{}", text(&done.stderr));
}

#[test]
fn a_report_that_contradicts_itself_ends_with_one() {
    let read = |name, report| zhibiao(&["read", &scratch(name, report)]);
    let fair = read("fair.txt", "全县启建项目60个，目前52个项目已完成。");
    assert_eq!(fair.status.code(), Some(0), "{}", text(&fair.stderr));
    assert!(text(&fair.stdout).contains("52个"));
    let unfair = read("unfair.txt", "在园幼儿9000人，其中公办园在园幼儿9500人。");
    assert_eq!(unfair.status.code(), Some(1), "{}", text(&unfair.stdout));
}

#[test]
fn a_contradiction_is_told_with_its_remedy_and_code() {
    let report = scratch("report.txt", "启建项目60个，目前52个项目已完成，完成率85%。");
    let done = zhibiao(&["read", &report]);
    assert_eq!(done.status.code(), Some(1));
    let out = text(&done.stdout);
    assert!(out.contains("or say of what it is a share [share-differs]"), "{out}");
}

#[test]
fn a_report_is_text_and_is_held_against_one_area() {
    let book = scratch("report.xlsx", "PK\u{3}\u{4}");
    let done = zhibiao(&["read", &book]);
    assert_eq!(done.status.code(), Some(2));
    assert!(text(&done.stderr).contains("give workbooks to `compute`"), "{done:?}");
    let report = scratch("projects.txt", "启建项目60个。");
    let table = scratch("two.csv", "区划代码,启建项目数\n140728,60\n140729,61\n");
    let done = zhibiao(&["read", &report, "--against", &table]);
    assert_eq!(done.status.code(), Some(2));
    assert!(text(&done.stderr).contains("平遥县, 灵石县"), "{done:?}");
}
