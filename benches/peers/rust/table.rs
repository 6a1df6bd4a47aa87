//! The tables that are summed: their columns, their sums, and the areas that they are about.

use std::collections::BTreeSet;
use std::error::Error;
use std::fs::File;
use std::path::Path;

use polars::prelude::{Categories, DataFrame, DataType, ParquetReader, PolarsResult, SerReader};
use zhibiao::Catalog;
use zhibiao::area::Areas;

/// Groups of students.
const GROUPS: [&str; 11] = [
    "aian",
    "asian",
    "black",
    "female",
    "hawaiian",
    "hispanic",
    "male",
    "other",
    "total_stdnt",
    "total_unique_event",
    "white",
];

const COUNTS: [&str; 13] = [
    "population_3_5",
    "children",
    "kindergarten_teachers",
    "kindergarten_classes",
    "kindergarten_classes_in_norm",
    "inclusive_recognised",
    "inclusive_recognition_task",
    "projects",
    "projects_done",
    "enrolled_students",
    "aid_recipients",
    "loan_borrowers",
    "travel_recipients",
];

/// A table as it is asked about.
pub(crate) struct Asked {
    /// Columns that sums are made of.
    pub(crate) columns: Vec<&'static str>,
    /// Measures to sum, and the decimals of their figures.
    pub(crate) sums: Vec<(String, u8)>,
    pub(crate) catalog: Catalog,
    pub(crate) areas: Areas,
}

/// The made-up national panel.
pub(crate) fn panel() -> Result<Asked, Box<dyn Error>> {
    let filtered = ["children_public", "children_inclusive"];
    let amounts = ["aid_amount", "loan_amount"];
    let counted = COUNTS.iter().chain(&filtered).map(|&name| (name.to_owned(), 0));
    let sums: Vec<_> = counted.chain(amounts.map(|name| (name.to_owned(), 2))).collect();
    let catalog = Catalog::builtin().extend(Catalog::parse(&totals(&sums), "totals.toml")?)?;
    let columns = [&["area", "period", "ownership"], &COUNTS[..], &amounts].concat();
    Ok(Asked { columns, sums, catalog, areas: Areas::builtin() })
}

/// Discipline in schools of Kentucky.
pub(crate) fn kentucky(file: &Path) -> Result<Asked, Box<dyn Error>> {
    let mut text = "[measures.n_students]\nname = { zh = \"学生人次\" }\nunit = \"人次\"\n\
                    kind = \"count\"\n[dimensions.student_group]\nname = { zh = \"学生群体\" }\n"
        .to_owned();
    let mut sums = Vec::new();
    for group in GROUPS {
        text += &format!("values.{group} = {{ zh = \"{group} 群体\" }}\n");
        sums.push((format!("n_{group}"), 0));
    }
    for group in GROUPS {
        text += &format!(
            "[measures.n_{group}]\nname = {{ zh = \"{group} 人次\" }}\nunit = \"人次\"\nkind = \"count\"\n\
             define = \"sum(n_students) filter (where student_group = '{group}')\"\n"
        );
    }
    let catalog = Catalog::parse(&format!("{text}{}", totals(&sums)), "kentucky.toml")?;
    let places = read(file, &["area"])?;
    let places = places.column("area")?.unique()?.cast(&DataType::String)?;
    let codes: BTreeSet<&str> = places.str()?.iter().flatten().collect();
    let areas: String = codes.into_iter().map(|code| format!("{code},\n")).collect();
    let areas = Areas::parse(&format!("code,parent\n{areas}"), "kentucky.csv")?;
    let columns = vec!["area", "period", "student_group", "n_students"];
    Ok(Asked { columns, sums, catalog, areas })
}

/// Indicators that are sums.
fn totals(sums: &[(String, u8)]) -> String {
    let total = |(id, decimals): &(String, u8)| {
        format!(
            "[indicators.\"total.{id}\"]\nname = {{ zh = \"合计 {id}\" }}\nkind = \"total\"\n\
             measure = \"{id}\"\ndecimals = {decimals}\n"
        )
    };
    sums.iter().map(total).collect()
}

/// Some columns of a file, each in one piece.
pub(crate) fn read(file: &Path, columns: &[&str]) -> Result<DataFrame, Box<dyn Error>> {
    let names = columns.iter().map(|&name| name.to_owned()).collect();
    let mut frame = ParquetReader::new(File::open(file)?).with_columns(Some(names)).finish()?;
    frame.rechunk_mut_par();
    Ok(frame)
}

/// A frame whose texts are categories, as they are for peers.
pub(crate) fn with_categories(mut frame: DataFrame) -> PolarsResult<DataFrame> {
    let categories = DataType::from_categories(Categories::global());
    for column in frame.columns().to_vec() {
        if column.dtype() == &DataType::String {
            frame.with_column(column.cast(&categories)?)?;
        }
    }
    Ok(frame)
}
