//! What a table knows of its measures and indicators, for reports that are held against it.

use super::{IndicatorTable, Row, Value};
use crate::area::Areas;
use crate::catalog::Kind;
use crate::error::{Problem, Result};
use crate::label::Lang;
use crate::number::Bounds;
use crate::prose::Known;

impl IndicatorTable {
    /// The figures of the table (已知数), to hold a [report](crate::prose) against: values of
    /// indicators, totals also as those of their measures, within bounds where they are not known
    /// exactly. `label` names the table in messages.
    ///
    /// A report is of one area, so the table must be, too.
    ///
    /// # Errors
    /// `bad-option` where the table has figures of several areas.
    ///
    /// # Example
    /// ```
    /// use polars::prelude::df;
    /// use zhibiao::{Catalog, Query};
    /// use zhibiao::prose::{Options, Verdict, read};
    /// let catalog = Catalog::builtin();
    /// let county = df!["area" => ["140728"], "aid_recipients" => [7839]]?;
    /// let table = Query::new(&catalog).indicators(["aid.recipients"]).run(&county)?;
    /// let text = "为7838名家庭经济贫困学生提供资助金965万元。";
    /// let reading = read(text, "report.txt", &catalog, Options::default())?;
    /// let findings = reading.audit(Some(&table.known("年报")?));
    /// assert_eq!(findings[0].verdict, Verdict::Contradicts);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn known(&self, label: &str) -> Result<Vec<Known>> {
        let mut known = Vec::new();
        let mut areas = Vec::new();
        for row in self.rows() {
            let bounds = match row.value() {
                Some(Value::Exact(value)) => Some(Bounds::exact(value)),
                _ => row.bounds(),
            };
            let Some(bounds) = bounds else { continue };
            // Two are enough to tell.
            if areas.len() < 2 && areas.iter().all(|(code, _)| *code != row.area()) {
                areas.push((row.area(), row.area_name()));
            }
            let indicator = row.indicator();
            let measure = match &indicator.kind {
                Kind::Total { measure } => Some(measure),
                _ => None,
            };
            known.extend(std::iter::once(&indicator.id).chain(measure).map(|id| Known {
                id: id.clone(),
                bounds,
                unit: indicator.unit.clone(),
                period: row.period(),
                area: chinese_name(&row),
                label: label.to_owned(),
            }));
        }
        match areas.as_slice() {
            [] | [_] => Ok(known),
            [(_, first), (_, second), ..] => Err(Problem::BadOption {
                option: "table to hold a report against".to_owned(),
                value: format!("{first}, {second}"),
                wanted: "a table of the one area that the report is of".to_owned(),
            }
            .into()),
        }
    }
}

/// The name of an area as reports write it.
fn chinese_name(row: &Row<'_>) -> Option<String> {
    let name = row.area_name();
    let written = (!name.is_empty() && !name.is_ascii()).then(|| name.to_owned());
    written.or_else(|| Areas::builtin().name(row.area(), Lang::Zh))
}
