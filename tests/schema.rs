//! The JSON schema of catalogue files, held against every catalogue there is.

use std::path::{Path, PathBuf};

use jsonschema::Validator;
use serde_json::Value;
use zhibiao::Catalog;
use zhibiao_tests::project;

fn schema() -> Validator {
    jsonschema::validator_for(&Catalog::schema()).expect("a valid schema")
}

fn json(toml: &str) -> Value {
    toml::from_str(toml).expect("TOML")
}

fn toml_files(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).expect("a folder").map(|entry| entry.unwrap().path());
    entries.filter(|path| path.extension().is_some_and(|ending| ending == "toml")).collect()
}

#[test]
fn every_shipped_catalogue_fits_the_schema() {
    let schema = schema();
    let files = toml_files(&project("crates/zhibiao/catalogue"));
    assert!(files.len() >= 10);
    for path in files {
        let file = json(&std::fs::read_to_string(&path).unwrap());
        let errors: Vec<String> = schema
            .iter_errors(&file)
            .map(|error| format!("{}: {error}", error.instance_path()))
            .collect();
        assert!(errors.is_empty(), "{}: {errors:#?}", path.display());
    }
}

/// What the library reads fits the schema; what the schema refuses, the library refuses.
#[test]
fn the_schema_and_the_library_agree_on_the_catalogues_of_the_known_answers() {
    let schema = schema();
    let mut held = 0;
    for path in toml_files(&project("tests/cases")) {
        let suite: toml::Table = toml::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
        let cases = suite["case"].as_array().unwrap();
        for text in cases.iter().filter_map(|case| case.get("catalog")?.as_str()) {
            let Ok(file) = toml::from_str::<Value>(text) else { continue };
            if Catalog::parse(text, "case.toml").is_ok() {
                held += 1;
                let errors: Vec<String> =
                    schema.iter_errors(&file).map(|error| error.to_string()).collect();
                assert!(errors.is_empty(), "{}: {text}\n{errors:#?}", path.display());
            }
        }
    }
    assert!(held > 0, "no catalogue was held against the schema");
}

#[test]
fn the_schema_refuses_what_the_library_refuses() {
    let schema = schema();
    for wrong in [
        "[measure.x]\nname = { zh = \"某数\" }\n",
        "[measures.x]\nname = { zh = \"某数\" }\nunit = \"person\"\nkind = \"number\"\n",
        "[measures.x]\nname = { zh = \"某数\" }\nunit = \"person\"\nkind = \"count\"\nalias = []\n",
        "[indicators.\"x.y\"]\nname = { zh = \"某率\" }\nkind = \"rate\"\nnumerator = 3\n",
        "[indicators.\"x.y\"]\nname = { zh = \"某率\" }\nkind = \"rate\"\nnumerator = \"pupils\"\ndenominator = { measure = \"pupils\", before = 3 }\n",
        "[indicators.\"x.y\"]\nname = { zh = \"某数\" }\nkind = \"change\"\nof = \"pupils\"\nas = \"per cent\"\n",
        "[standards.x]\nname = { zh = \"标准\" }\n[[standards.x.criteria]]\nat_least = \"5\"\n",
    ] {
        assert!(!schema.is_valid(&json(wrong)), "the schema takes {wrong}");
        assert!(Catalog::parse(wrong, "wrong.toml").is_err(), "the library takes {wrong}");
    }
}
