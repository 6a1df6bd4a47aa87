//! What a table knows of its measures and indicators, for reports that are held against it.

use super::{IndicatorTable, Value};
use crate::catalog::Kind;
use crate::number::Bounds;
use crate::prose::Known;

impl IndicatorTable {
    /// The figures of the table (已知数), to hold a [report](crate::prose) against: values of
    /// indicators, totals also as those of their measures, within bounds where they are not known
    /// exactly. `label` names the table in messages.
    ///
    /// Ids do not tell areas apart: a table of several areas knows several figures of one id and
    /// period, against which nothing is held.
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
    /// let findings = reading.audit(Some(&table.known("年报")));
    /// assert_eq!(findings[0].verdict, Verdict::Contradicts);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn known(&self, label: &str) -> Vec<Known> {
        let mut known = Vec::new();
        for row in self.rows() {
            let bounds = match row.value() {
                Some(Value::Exact(value)) => Some(Bounds::exact(value)),
                _ => row.bounds(),
            };
            let Some(bounds) = bounds else { continue };
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
                label: label.to_owned(),
            }));
        }
        known
    }
}
