//! Where mutation starts: the known answers, the catalogue, and words that readers look for.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use toml::{Table, Value};

use super::workbook::{sheet_of, workbook};

/// Words that readers look for.
pub const WORDS: &[&str] = &[
    "万",
    "亿",
    "余",
    "多",
    "约",
    "近",
    "几",
    "成",
    "分之",
    "％",
    "%",
    "‰",
    "人次",
    "万元",
    "元/人",
    "个百分点",
    "合计",
    "全县",
    "其中",
    "注：",
    "单位：",
    "１４",
    "，",
    "、",
    "（",
    "）",
    "…",
    "—",
    "*",
    "#DIV/0!",
    "\u{feff}",
    "\u{200b}",
    "\u{3000}",
    "\0",
    "\"",
    "\"\"",
    "'",
    "\\",
    ",",
    "\t",
    ";",
    "|",
    "\n",
    "\r\n",
    "=",
    "+",
    "-",
    "/",
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    ".",
    "1e9",
    "0.1",
    "-0",
    "nan",
    "inf",
    "9223372036854775808",
    "99999999999999999999999999999999999999",
    "140728",
    "140000",
    "2022",
    "2022-2023",
    "2022-09",
    "2022-01/2022-06",
    "sum(",
    "count(*)",
    " filter (where ",
    " and ",
    " not ",
    " in ('",
    "adjusted(",
    "area",
    "parent",
    "tier",
    "county",
    "measures.",
    "[indicators.\"a.b\"]\n",
    "[[",
    "]]",
    "name = { zh = \"",
    "\"\"\"",
    "# ",
];

/// Every form that a mapping has.
const MAPPINGS: [&str; 6] = [
    "period = \"2022\"\n[columns]\n\"区划代码\" = \"area\"\n\"在园幼儿数_公办\" = { measure = \"children\", where = { ownership = \"public\" } }\n",
    "symbols = \"nbs\"\n[columns]\n\"区划代码\" = \"area\"\n\"资助金额(万元)\" = { measure = \"aid_amount\", unit = \"万元\" }\n\"备注\" = \"ignore\"\n",
    "[columns]\n\"县（市、区）\" = \"area_name\"\n\"2021年\" = { period = \"2021\" }\n\"2022年\" = { period = \"2022\" }\n[figures]\nmeasure = \"children\"\n",
    "[columns]\n\"指标\" = \"measure\"\n\"2022年\" = { period = \"2022\" }\n[rows]\n\"在园幼儿数\" = { measure = \"children\" }\n",
    "sheet = \"表1\"\nheader = [3, 4]\narea = \"140728\"\n[columns]\n\"备注\" = \"?\"\n",
    "[columns]\n\"指标\" = \"ignore\"\n[figures]\nmeasure_in = \"指标\"\n",
];

/// What a target starts from, each once.
#[must_use]
pub fn seeds(target: &str) -> Vec<Vec<u8>> {
    let known = known_answers();
    let of_keys = |keys: &[&str]| {
        let found = known.iter().filter(|(key, _)| keys.contains(&key.as_str()));
        found.map(|(_, text)| text.clone()).collect::<BTreeSet<String>>()
    };
    let texts = match target {
        "word" => known.into_iter().map(|(_, text)| text).filter(|text| text.len() < 40).collect(),
        "formula" => of_keys(&["define", "formula"]),
        "catalogue" => &of_keys(&["catalog", "toml"]) | &files("crates/zhibiao/catalogue", "toml"),
        "scheme" => of_keys(&["scheme"]),
        "areas" => of_keys(&["areas"]),
        "mapping" => MAPPINGS.iter().map(|text| (*text).to_owned()).collect(),
        "report" => &of_keys(&["text"]) | &files(".", "md"),
        "headers" => &of_keys(&["table"]) | &of_keys(&["rows"]),
        "text" => of_keys(&["table", "targets", "areas", "beside"]),
        "workbook" => return workbooks(&of_keys(&["table"])),
        "worksheet" => {
            return workbooks(&of_keys(&["table"])).iter().map(|book| sheet_of(book)).collect();
        }
        _ => panic!("there is nothing to start `{target}` from"),
    };
    texts.into_iter().map(String::into_bytes).collect()
}

/// Some of the tables as workbooks.
fn workbooks(tables: &BTreeSet<String>) -> Vec<Vec<u8>> {
    let tables = tables.iter().filter(|table| table.len() < 300).step_by(40);
    tables.map(|table| workbook(table).expect("a small workbook is made")).collect()
}

/// Every text of the known answers with its key; what is TOML within TOML is taken apart too.
fn known_answers() -> Vec<(String, String)> {
    let mut found = Vec::new();
    for text in files("tests/cases", "toml") {
        let table: Table = text.parse().expect("known answers are TOML");
        gather("", &Value::Table(table), &mut found);
    }
    found
}

fn gather(key: &str, value: &Value, found: &mut Vec<(String, String)>) {
    match value {
        Value::String(text) => {
            found.push((key.to_owned(), text.clone()));
            if let Ok(inner) = text.parse::<Table>() {
                gather(key, &Value::Table(inner), found);
            }
        }
        Value::Array(values) => values.iter().for_each(|value| gather(key, value, found)),
        Value::Table(table) => table.iter().for_each(|(key, value)| gather(key, value, found)),
        _ => {}
    }
}

/// The texts of the files of a folder that end so.
fn files(folder: &str, ending: &str) -> BTreeSet<String> {
    let of_ending = |path: &PathBuf| path.extension().is_some_and(|found| found == ending);
    let found = paths(&project(folder)).into_iter().filter(of_ending);
    found.map(|path| std::fs::read_to_string(path).expect("files of the project read")).collect()
}

fn paths(folder: &Path) -> BTreeSet<PathBuf> {
    let Ok(entries) = std::fs::read_dir(folder) else { return BTreeSet::new() };
    entries.map(|entry| entry.expect("a folder lists").path()).collect()
}

fn project(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(path)
}
