//! What a row of the table tells of itself.

use super::{Coverage, IndicatorTable, Row, Status};
use crate::catalog::{Catalog, Explanation};
use crate::error::Result;
use crate::label::{Label, Lang};
use crate::number::{Decimal, RoundMode};
use crate::plan::Policy;

impl Row<'_> {
    /// Everything that the value stands on (说明): the definition with its source, then area,
    /// period, parts, what was missing, coverage and how it was rounded.
    ///
    /// # Errors
    /// `unknown-id` when the catalogue is not that of the table; `overflow` as for
    /// [`display`](Self::display).
    ///
    /// # Example
    /// ```
    /// use polars::prelude::df;
    /// use zhibiao::{Catalog, Lang, Query};
    /// let catalog = Catalog::builtin();
    /// let pingyao = df!["area" => ["140728"], "projects" => [60], "projects_done" => [52]]?;
    /// let table = Query::new(&catalog).indicators(["projects.completion"]).run(&pingyao)?;
    /// let told = table.rows().next().unwrap().explain(&catalog)?;
    /// assert!(told.text(Lang::En).contains("Numerator: 52"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn explain(&self, catalog: &Catalog) -> Result<Explanation> {
        let mut told = catalog.explain(&self.indicator().id)?;
        let both = |text: &dyn Fn(Lang) -> String| Label { zh: text(Lang::Zh), en: text(Lang::En) };
        told.same("区划", "Area", &format!("{} {}", self.place(), self.area_name()));
        if let Some(period) = self.period() {
            told.same("时期", "Period", &period.to_string());
        }
        for ((_, dimension), slice) in self.table.slices.iter().zip(self.group.slices.iter()) {
            let value = slice.as_ref().map_or("", |(_, name)| name);
            told.same(dimension, dimension, value);
        }
        let value = self.display_with_unit()?.unwrap_or_else(|| "—".to_owned());
        told.same("数值", "Value", &value);
        let part = |part: Option<Decimal>, name: &str| {
            part.map_or_else(String::new, |part| {
                format!("{} {name}", part.trimmed()).trim_end().to_owned()
            })
        };
        let (above, below) = (self.numerator_name(), self.denominator_name());
        told.same("分子", "Numerator", &part(self.numerator(), above));
        told.same("分母", "Denominator", &part(self.denominator(), below));
        told.line("状态", "Status", both(&|lang| self.status().label(lang).to_owned()));
        let (missing, first) = self.missing();
        if missing > 0 && self.status() != Status::Reported {
            let lacking = |lang: Lang| {
                let rows = lang.of("{n} 行缺数", "rows without a part: {n}");
                let first = first.as_ref().map_or_else(String::new, |first| {
                    format!("{}{first}", lang.of("，首见 ", ", the first is "))
                });
                format!("{}{first}", rows.replace("{n}", &missing.to_string()))
            };
            told.line("缺失", "Missing", both(&lacking));
        }
        if let (areas, Some(expected)) = self.coverage() {
            let covered = |lang: Lang| format!("{areas}/{expected} {}", lang.of("个区划", "areas"));
            told.line("覆盖", "Coverage", both(&covered));
        }
        told.line("规则", "Rules", both(&|lang| self.table.rules(lang)));
        Ok(told)
    }
}

impl IndicatorTable {
    /// How missing parts, incomplete areas and digits were treated.
    pub(crate) fn rules(&self, lang: Lang) -> String {
        let policy = match self.policy {
            Policy::Any => lang.of("缺一即缺", "one missing part makes a value missing").to_owned(),
            Policy::Complete => lang.of("仅用完整行", "only complete rows").to_owned(),
            Policy::AtLeast(share) => lang
                .of("完整行不少于 {share}", "complete rows, at least {share} of all")
                .replace("{share}", &share.to_string()),
        };
        let coverage = match self.coverage {
            Coverage::Full => lang.of("区划齐全方有值", "incomplete areas have no value"),
            Coverage::Given => lang.of("按已有区划计算", "areas as far as they are there"),
        };
        let rounding = match self.rounding.mode {
            RoundMode::HalfAway => lang.of("四舍五入", "rounded half away from zero"),
            RoundMode::HalfEven => lang.of("四舍六入五成双", "rounded half to even"),
            RoundMode::Down => lang.of("截尾", "rounded towards zero"),
        };
        [&policy, coverage, rounding].join(lang.of("；", "; "))
    }
}
