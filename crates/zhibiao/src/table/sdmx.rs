//! The table in the words of SDMX, for statistical offices.

use polars::prelude::{Column, DataFrame};

use super::{IndicatorTable, Row, Status, Value, refused};
use crate::error::Result;
use crate::period::Period;

impl IndicatorTable {
    /// The table as a frame with columns as SDMX names them (统计数据交换标准).
    ///
    /// Columns: `FREQ, REF_AREA, TIME_PERIOD, INDICATOR`, one a slice in upper case, `OBS_VALUE,
    /// OBS_STATUS, CONF_STATUS, UNIT_MEASURE, UNIT_MULT, DECIMALS, OBS_COMMENT,
    /// REPORTING_YEAR_START_DAY`; null where there is none.
    ///
    /// - `FREQ` (`CL_FREQ`): `A` for years and school years, `M` for months, `_O` for a year to date.
    /// - `TIME_PERIOD`: 2022, 2022-09; January to September is 2022-01-01/P9M; a school year is the reporting year 2022-A1, which begins on
    ///   `REPORTING_YEAR_START_DAY` `--09-01`.
    /// - `OBS_VALUE`: the exact value, rounded once to `DECIMALS`, as decimal text. Shares that
    ///   were made to add up stand as their values round; of a reported value it is the figure.
    /// - `OBS_STATUS` (`CL_OBS_STATUS` 2.2 of sdmx.org): `A` normal, `B` the first after a break of definition,
    ///   `P` provisional for a partial area that has a value, `O` missing, `M` cannot exist, `Q` suppressed.
    /// - `CONF_STATUS` (`CL_CONF_STATUS`): `C` confidential for what is suppressed, else `F` free.
    /// - `OBS_COMMENT`: our own status unless it is `ok`; of a reported value also what was written.
    /// - `UNIT_MEASURE` and `UNIT_MULT`: 万元 is 元 and 4, the power of ten; quotients, % and ‰ stay
    ///   as they are, with 0.
    ///
    /// # Errors
    /// `overflow` when a number leaves 128 bits.
    ///
    /// # Example
    /// ```
    /// use polars::prelude::df;
    /// use zhibiao::{Catalog, Query};
    /// let catalog = Catalog::builtin();
    /// let county = df!["area" => ["140728"], "period" => ["2022-2023"],
    ///     "projects" => [60], "projects_done" => [52]]?;
    /// let table = Query::new(&catalog).indicators(["projects.completion"]).run(&county)?;
    /// let frame = table.sdmx_frame()?;
    /// let period = frame.column("TIME_PERIOD")?.str()?.get(0);
    /// let value = frame.column("OBS_VALUE")?.str()?.get(0);
    /// assert_eq!((period, value), (Some("2022-A1"), Some("86.7")));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn sdmx_frame(&self) -> Result<DataFrame> {
        let text = |name: &str, of: &dyn Fn(&Row<'_>) -> Option<String>| {
            let values: Vec<Option<String>> = self.rows().map(|row| of(&row)).collect();
            Column::new(name.into(), values)
        };
        let number = |name: &str, of: &dyn Fn(&Row<'_>) -> i8| {
            let values: Vec<i32> = self.rows().map(|row| of(&row).into()).collect();
            Column::new(name.into(), values)
        };
        let values = self.rows().map(|row| {
            let rounded = row
                .value()
                .map(|value| value.figure().rounded(row.indicator().decimals, self.rounding.mode));
            Ok(rounded.transpose()?.map(|rounded| rounded.to_string()))
        });
        let values = values.collect::<Result<Vec<_>>>()?;
        let mut columns = vec![
            text("FREQ", &|row| row.period().map(|period| frequency(period).to_owned())),
            text("REF_AREA", &|row| Some(row.place())),
            text("TIME_PERIOD", &|row| row.period().map(time_period)),
            text("INDICATOR", &|row| Some(row.indicator().id.clone())),
        ];
        for (index, (id, _)) in self.slices.iter().enumerate() {
            columns.push(text(&id.to_uppercase(), &|row| {
                let slice = row.group.slices.get(index).and_then(Option::as_ref);
                slice.map(|(id, _)| id.clone())
            }));
        }
        let unit = |row: &Row<'_>| row.indicator().unit.without_multiple();
        columns.extend([
            Column::new("OBS_VALUE".into(), values),
            text("OBS_STATUS", &|row| Some(observation_status(row).to_owned())),
            text("CONF_STATUS", &|row| {
                Some(if row.status() == Status::Suppressed { "C" } else { "F" }.to_owned())
            }),
            text("UNIT_MEASURE", &|row| {
                let measure = unit(row).0.label(self.lang).to_owned();
                Some(if measure.is_empty() { "1".to_owned() } else { measure })
            }),
            number("UNIT_MULT", &|row| unit(row).1),
            number("DECIMALS", &|row| row.indicator().decimals),
            text("OBS_COMMENT", &comment),
            text("REPORTING_YEAR_START_DAY", &|row| {
                let begins = matches!(row.period()?, Period::SchoolYear(_));
                begins.then(|| "--09-01".to_owned())
            }),
        ]);
        DataFrame::new_infer_height(columns).map_err(|error| refused(&error))
    }
}

const fn frequency(period: Period) -> &'static str {
    match period {
        Period::Year(_) | Period::SchoolYear(_) => "A",
        Period::Month(_) => "M",
        Period::YearToDate(_) => "_O",
    }
}

/// Only years from January to December are written as a bare year.
fn time_period(period: Period) -> String {
    match period {
        Period::SchoolYear(year) => format!("{year}-A1"),
        Period::YearToDate(_) => {
            let first = period.months().next().map_or_else(String::new, |month| month.to_string());
            format!("{first}-01/P{}M", period.months().count())
        }
        Period::Year(_) | Period::Month(_) => period.to_string(),
    }
}

/// A code of `CL_OBS_STATUS` 2.2.
fn observation_status(row: &Row<'_>) -> &'static str {
    match row.status() {
        Status::Ok | Status::Reported if row.follows_break() => "B",
        Status::Ok | Status::Reported => "A",
        // What is there of the area will be followed by the rest.
        Status::Partial if row.value().is_some() => "P",
        // Parts that contradict each other leave open what the value is.
        Status::Partial | Status::Missing | Status::AboveDenominator | Status::NoBase => "O",
        Status::NotApplicable | Status::ZeroDenominator => "M",
        Status::Suppressed => "Q",
    }
}

fn comment(row: &Row<'_>) -> Option<String> {
    match (row.status(), row.value()) {
        (Status::Ok, _) => None,
        (status, Some(Value::Reported(reported))) => {
            Some(format!("{}: {}", status.id(), reported.written))
        }
        (status, _) => Some(status.id().to_owned()),
    }
}
