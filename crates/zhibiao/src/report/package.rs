//! A table with a description of its columns: Frictionless Data Package, version 2.

use std::path::Path;

use hashbrown::HashSet;
use polars::prelude::{Column, DataFrame, DataType};
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

use super::Format;
use super::columns::Meaning;
use crate::area::Tier;
use crate::error::{Error, Place, Problem, Result};
use crate::judge::{Verdict, VerdictTable};
use crate::label::Lang;
use crate::table::{Group, IndicatorTable, Status, refused};
use crate::unit::Unit;

/// A table as CSV with its `datapackage.json` (数据包): titles, meanings, types and units of the
/// columns, what codes and empty cells mean, size and hash of the file.
///
/// Titles and meanings are in the language of the table. Beside what the
/// [standard](https://datapackage.org/standard/table-schema/) knows, a field has `unit` where all
/// its rows have one. A primary key is told where no part of it is empty.
///
/// # Example
/// ```
/// use polars::prelude::df;
/// use zhibiao::{Catalog, Query, report::Package};
/// let catalog = Catalog::builtin();
/// let query = Query::new(&catalog).indicators(["projects.completion"]);
/// let table = query.run(&df!["area" => ["140728"], "projects" => [60], "projects_done" => [52]]?)?;
/// let package = Package::indicators(&table)?;
/// assert_eq!(package.file(), "indicators.csv");
/// assert!(package.descriptor().contains("\"title\": \"区划代码\""));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Package {
    file: String,
    data: Vec<u8>,
    descriptor: String,
    finding: Option<Error>,
}

/// What a frame does not say of itself.
struct About<'a> {
    name: &'a str,
    title: &'a str,
    source: &'a str,
    lang: Lang,
    /// Columns that tell rows apart.
    key: Vec<&'a str>,
    /// Ids and names of the slicing dimensions.
    slices: &'a [(String, String)],
    /// Codes with their labels, by column.
    codes: Vec<(&'a str, Codes)>,
    /// Units by column, where all rows have the same.
    units: Vec<(&'a str, Unit)>,
}

/// Codes and labels.
type Codes = Vec<(String, String)>;

impl Package {
    /// The package of a table of indicators.
    ///
    /// # Errors
    /// As for [`IndicatorTable::frame`].
    pub fn indicators(table: &IndicatorTable) -> Result<Self> {
        let lang = table.lang();
        let slices = table.slices.iter().map(|(id, _)| id.as_str());
        let names = table.indicators().map(|i| (i.id.clone(), i.name.text(lang).to_owned()));
        let mut codes = slices_of(&table.slices, &table.groups.iter().collect::<Vec<_>>());
        codes.extend([
            ("tier", labels(Tier::ALL, Tier::id, Tier::label, lang)),
            ("indicator", names.collect()),
            ("status", labels(Status::ALL, Status::id, Status::label, lang)),
        ]);
        let unit = same(table.indicators().map(|indicator| &indicator.unit));
        let about = About {
            name: "indicators",
            title: lang.of("指标", "Indicators"),
            source: "",
            lang,
            key: ["area", "tier", "period"]
                .into_iter()
                .chain(slices)
                .chain(["indicator"])
                .collect(),
            slices: &table.slices,
            codes,
            units: unit.map_or_else(Vec::new, |u| vec![("value", u.clone()), ("display", u)]),
        };
        Self::new(&table.frame()?, &about)
    }

    /// The package of a table of verdicts.
    ///
    /// # Errors
    /// As for [`VerdictTable::frame`].
    pub fn verdicts(table: &VerdictTable) -> Result<Self> {
        let lang = table.lang();
        let standard = table.standard();
        let slices = table.slices.iter().map(|(id, _)| id.as_str());
        let mut codes =
            slices_of(&table.slices, &table.rows().map(|row| &*row.group).collect::<Vec<_>>());
        let names = table.rows().map(|row| {
            let id = &row.criterion.indicator;
            let name = row.indicator.as_ref().map_or(id.as_str(), |i| i.name.text(lang));
            (id.clone(), name.to_owned())
        });
        let needed =
            table.rows().filter_map(|row| Some((row.needed_of.clone()?, row.needed_name.clone())));
        let standards = vec![(standard.id.clone(), standard.name.text(lang).to_owned())];
        codes.extend([
            ("tier", labels(Tier::ALL, Tier::id, Tier::label, lang)),
            ("standard", standards),
            ("indicator", each_once(names)),
            ("verdict", labels(Verdict::ALL, Verdict::id, Verdict::label, lang)),
            ("needed_of", each_once(needed)),
        ]);
        let unit = same(table.rows().filter_map(|row| Some(&row.indicator.as_ref()?.unit)));
        let about = About {
            name: "verdicts",
            title: standard.name.text(lang),
            source: &standard.source,
            lang,
            key: ["area", "tier", "period"]
                .into_iter()
                .chain(slices)
                .chain(["criterion"])
                .collect(),
            slices: &table.slices,
            codes,
            units: unit.map_or_else(Vec::new, |unit| {
                let gap = unit.of_difference();
                vec![
                    ("value", unit.clone()),
                    ("display", unit.clone()),
                    ("threshold", unit),
                    ("gap", gap),
                ]
            }),
        };
        Self::new(&table.frame()?, &about)
    }

    fn new(frame: &DataFrame, about: &About<'_>) -> Result<Self> {
        let file = format!("{}.csv", about.name);
        let mut data = Vec::new();
        let finding = Format::Csv.write(frame, &mut data, &file)?;
        let fields = frame.columns().iter().map(|column| field(column, about)).collect::<Vec<_>>();
        let mut schema = Map::new();
        schema.insert("fields".to_owned(), json!(fields));
        if let Some(key) = primary_key(frame, &about.key)? {
            schema.insert("primaryKey".to_owned(), json!(key));
        }
        let hash: String = Sha256::digest(&data).iter().map(|byte| format!("{byte:02x}")).collect();
        let mut resource = json!({
            "name": about.name,
            "title": about.title,
            "type": "table",
            "path": file,
            "format": "csv",
            "mediatype": "text/csv",
            "encoding": "utf-8",
            "bytes": data.len(),
            "hash": format!("sha256:{hash}"),
            "schema": schema,
        });
        if !about.source.is_empty() {
            resource["sources"] = json!([{ "title": about.source }]);
        }
        let descriptor = json!({
            "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
            "resources": [resource],
        });
        Ok(Self { file, data, descriptor: format!("{descriptor:#}\n"), finding })
    }

    /// Name of the file of the table: `indicators.csv` or `verdicts.csv`.
    #[must_use]
    pub fn file(&self) -> &str {
        &self.file
    }

    /// The table as CSV.
    #[must_use]
    pub fn data(&self) -> &[u8] {
        &self.data
    }

    /// The text of `datapackage.json`.
    #[must_use]
    pub fn descriptor(&self) -> &str {
        &self.descriptor
    }

    /// What was changed in the CSV, as [`Format::write`] tells it.
    #[must_use]
    pub const fn finding(&self) -> Option<&Error> {
        self.finding.as_ref()
    }

    /// Writes both files into a folder, which is made if it is not there.
    ///
    /// # Errors
    /// `unwritable-file`.
    pub fn write(&self, folder: impl AsRef<Path>) -> Result<()> {
        let folder = folder.as_ref();
        let refused = |path: &Path, error: &std::io::Error| {
            Error::new(Problem::UnwritableFile { reason: error.to_string() }, Place::file(path))
        };
        std::fs::create_dir_all(folder).map_err(|error| refused(folder, &error))?;
        for (name, content) in
            [(self.file(), self.data()), ("datapackage.json", self.descriptor.as_bytes())]
        {
            let path = folder.join(name);
            std::fs::write(&path, content).map_err(|error| refused(&path, &error))?;
        }
        Ok(())
    }
}

/// The descriptor of a column.
fn field(column: &Column, about: &About<'_>) -> Value {
    let name = column.name().as_str();
    let lang = about.lang;
    let kind = match column.dtype() {
        DataType::String => "string",
        dtype if dtype.is_integer() => "integer",
        _ => "number",
    };
    let slice = about.slices.iter().find(|(id, _)| id == name).map(|(_, title)| title.as_str());
    let meaning = Meaning::of(name);
    let title = slice.or(meaning.map(|meaning| meaning.title(lang)));
    let mut field = json!({ "name": name, "title": title.unwrap_or(name), "type": kind });
    if let Some(meaning) = meaning {
        field["description"] = json!(meaning.about(lang));
    }
    if let Some((_, unit)) = about.units.iter().find(|(column, _)| *column == name) {
        field["unit"] = json!(unit.label(lang));
    }
    let has_codes = |(column, codes): &&(&str, Codes)| *column == name && !codes.is_empty();
    if let Some((_, codes)) = about.codes.iter().find(has_codes) {
        let codes = codes.iter().map(|(value, label)| json!({ "value": value, "label": label }));
        field["categories"] = codes.collect();
    }
    let not_split = slice.map(|_| lang.of("未分组", "not split by this"));
    if let Some(label) = not_split.or(meaning.and_then(|meaning| meaning.empty(lang))) {
        field["missingValues"] = json!([{ "value": "", "label": label }]);
    }
    field
}

/// The key, without columns that are empty throughout; none where it is empty in some rows or does
/// not tell them apart, since a primary key may not.
fn primary_key<'a>(frame: &DataFrame, key: &[&'a str]) -> Result<Option<Vec<&'a str>>> {
    let mut parts = Vec::new();
    for name in key {
        let column = frame.column(name).map_err(|error| refused(&error))?;
        match column.null_count() {
            0 => parts.push((*name, column.str().map_err(|error| refused(&error))?)),
            empty if empty == frame.height() => {}
            _ => return Ok(None),
        }
    }
    let row = |row: usize| parts.iter().map(|(_, cells)| cells.get(row)).collect::<Vec<_>>();
    let mut rows = HashSet::new();
    let unique = (0..frame.height()).all(|index| rows.insert(row(index)));
    Ok(unique.then(|| parts.iter().map(|(name, _)| *name).collect()))
}

/// Values of the slices that occur, with their names.
fn slices_of<'a>(slices: &'a [(String, String)], groups: &[&Group]) -> Vec<(&'a str, Codes)> {
    let values = |index: usize| {
        groups.iter().filter_map(move |group| group.slices.get(index).cloned().flatten())
    };
    slices
        .iter()
        .enumerate()
        .map(|(index, (id, _))| (id.as_str(), each_once(values(index))))
        .collect()
}

fn labels<T: Copy, const N: usize>(
    all: [T; N],
    id: impl Fn(T) -> &'static str,
    label: impl Fn(T, Lang) -> &'static str,
    lang: Lang,
) -> Codes {
    all.map(|code| (id(code).to_owned(), label(code, lang).to_owned())).to_vec()
}

/// Codes, each once, in the order of their ids.
fn each_once(codes: impl Iterator<Item = (String, String)>) -> Codes {
    codes.collect::<std::collections::BTreeMap<_, _>>().into_iter().collect()
}

/// The unit that all have.
fn same<'a>(mut units: impl Iterator<Item = &'a Unit>) -> Option<Unit> {
    let first = units.next()?;
    units.all(|unit| unit == first).then(|| first.clone())
}
