//! Asking (取数): what a standard needs of tables, and how it is computed for it.

use std::collections::BTreeSet;

use super::VerdictTable;
use super::blocks::Source;
use super::judging::judged;
use crate::area::Tier;
use crate::bind::{Matched, Table};
use crate::catalog::{Among, Catalog, Criterion, Kind, Standard};
use crate::error::{Error, Problem, Result};
use crate::query::Query;
use crate::table::IndicatorTable;

impl Query<'_> {
    /// Holds a table against a standard: answers what the standard needs, and judges it.
    ///
    /// Without indicators, all criteria are judged; those that the table has no columns for are
    /// `unknown`. Criteria of single stages (学段) are held against the table split by stage, where
    /// it has that column and the question names no slices of its own. Rules that are asked of each
    /// school are held against its rows of schools, of several stages each stage by itself.
    ///
    /// # Errors
    /// As for [`run`](Self::run).
    ///
    /// # Example
    /// ```
    /// use polars::prelude::df;
    /// use zhibiao::{Catalog, Query, judge::Verdict};
    /// let catalog = Catalog::builtin();
    /// let county = df!["area" => ["140728"], "period" => [2022],
    ///     "children_public" => [4_999], "children" => [10_000]]?;
    /// let verdicts = Query::new(&catalog).judge(&county, catalog.standard("preschool-2020")?)?;
    /// assert_eq!((verdicts.summary().fails, verdicts.verdict()), (1, Verdict::Fails));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn judge(&self, table: impl Into<Table>, standard: &Standard) -> Result<VerdictTable> {
        self.judge_all([table.into()], standard)
    }

    /// Holds several tables of one another's areas against a standard: one of schools, one of
    /// counties, a checklist of evidence. What several tables give is taken from the first.
    ///
    /// # Errors
    /// As for [`run`](Self::run).
    ///
    /// # Example
    /// ```
    /// use polars::prelude::df;
    /// use zhibiao::{Catalog, Query};
    /// let catalog = Catalog::builtin();
    /// let counts = df!["area" => ["140728"], "children_public" => [60], "children" => [100]]?;
    /// let evidence = df!["area" => ["140728"], "measure" => ["教师工资待遇有保障"], "value" => ["是"]]?;
    /// let standard = catalog.standard("preschool-2020")?;
    /// let verdicts = Query::new(&catalog).judge_all([(&counts).into(), (&evidence).into()], standard)?;
    /// assert_eq!(verdicts.summary().meets, 2);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn judge_all(
        &self,
        tables: impl IntoIterator<Item = Table>,
        standard: &Standard,
    ) -> Result<VerdictTable> {
        let (catalog, _, options) = self.parts();
        let named = options.indicators.iter().map(|id| Ok(catalog.indicator(id)?.id.as_str()));
        let mut asked = named.collect::<Result<Vec<&str>>>()?;
        if asked.is_empty() {
            asked = standard.indicators();
        }
        let asking = Asking { query: self, catalog, standard, asked: &asked };
        let mut answers = Vec::new();
        let mut findings = Findings::default();
        for table in tables {
            findings.tables.push(Vec::new());
            asking.answer(&table, &mut answers, &mut findings)?;
        }
        let sources: Vec<Source<'_>> =
            answers.iter().map(|(table, schools)| Source::new(table, *schools)).collect();
        let split = options.slices.len();
        Ok(judged((standard, &asked), &sources, split, findings.told()))
    }
}

struct Asking<'a> {
    query: &'a Query<'a>,
    catalog: &'a Catalog,
    standard: &'a Standard,
    asked: &'a [&'a str],
}

impl Asking<'_> {
    /// The answers of a table, and whether they are for rules that are asked of each school.
    fn answer(
        &self,
        table: &Table,
        answers: &mut Vec<(IndicatorTable, bool)>,
        findings: &mut Findings,
    ) -> Result<()> {
        let Self { query, standard, .. } = self;
        let slices = &query.parts().2.slices;
        let per_school = |criterion: &Criterion| standard.is_per_school(criterion);
        let spread = |criterion: &Criterion| {
            standard.schools.is_some() && self.stands_on_schools(&criterion.indicator)
        };
        let staged = |criterion: &Criterion| criterion.stage.is_some() && slices.is_empty();
        let whole = self.wanted(|c| !per_school(c) && !spread(c) && !staged(c));
        let by_stage = self.wanted(|c| !per_school(c) && !spread(c) && staged(c));
        let spread = self.wanted(|c| !per_school(c) && spread(c));
        let of_schools = self.wanted(per_school);
        let of_stages = self.wanted(|c| per_school(c) && c.stage.is_some());
        let of_whole = self.wanted(|c| per_school(c) && c.stage.is_none());
        // Only what has been computed for an area makes it a row, which its schools are items of.
        let whole = if whole.is_empty() && by_stage.is_empty() && spread.is_empty() {
            of_schools.clone()
        } else {
            whole
        };
        let matched = query.matched(table)?;
        let has_stage = matched.has_dimension("stage");
        let split = if has_stage { (*query).clone().slices(["stage"]) } else { (*query).clone() };
        let mut runs = vec![((*query).clone(), whole, false), (split, by_stage, false)];
        if query.tells_schools(&matched) && !(spread.is_empty() && of_schools.is_empty()) {
            let counting = self.counting(&matched, findings);
            let stage =
                (has_stage && !slices.iter().any(|slice| slice == "stage")).then_some("stage");
            let split = slices.iter().map(String::as_str).chain(stage);
            runs.push((counting.clone(), spread, false));
            let schools = counting.tiers([Tier::School]);
            runs.push((schools.clone(), of_whole, true));
            runs.push((schools.slices(split), of_stages, true));
        } else {
            runs.push(((*query).clone(), spread, false));
        }
        for (query, indicators, schools) in runs {
            if indicators.is_empty() {
                continue;
            }
            let answer = query.indicators(indicators).skip_unavailable(true).run(table)?;
            findings.take(&answer);
            answers.push((answer, schools));
        }
        Ok(())
    }

    /// The question to the rows of schools that count.
    fn counting(&self, matched: &Matched<'_>, findings: &mut Findings) -> Query<'_> {
        let Some(condition) = &self.standard.schools else { return self.query.clone() };
        let mut dimensions = condition.tests().into_iter().map(|(dimension, _)| dimension);
        let rows = condition.rows();
        let mut measures = rows.iter().flat_map(|row| row.parts.iter().map(|(_, id)| id.as_str()));
        let dimension = dimensions.find(|dimension| !matched.has_dimension(dimension));
        match dimension.or_else(|| measures.find(|measure| !matched.has(measure))) {
            None => self.query.clone().filter(condition.clone()),
            Some(column) => {
                findings.push(Error::from(Problem::SchoolsNotTold {
                    standard: self.standard.id.clone(),
                    condition: condition.to_string(),
                    column: column.to_owned(),
                }));
                self.query.clone()
            }
        }
    }

    /// The indicators of some criteria, each once.
    fn wanted(&self, of: impl Fn(&Criterion) -> bool) -> Vec<&str> {
        let mut ids: Vec<&str> = Vec::new();
        for criterion in self.standard.criteria.iter().filter(|criterion| of(criterion)) {
            let id = criterion.indicator.as_str();
            if self.asked.contains(&id) && !ids.contains(&id) {
                ids.push(id);
            }
        }
        ids
    }

    /// Whether an indicator is spread among schools.
    fn stands_on_schools(&self, id: &str) -> bool {
        self.catalog.indicator(id).is_ok_and(|indicator| match &indicator.kind {
            Kind::Dispersion { among, .. } => *among == Among::School,
            kind => kind.inputs().any(|input| self.stands_on_schools(input)),
        })
    }
}

/// Flaws of the tables, each once; columns that some table has are not told as missing.
#[derive(Default)]
struct Findings {
    /// By table.
    tables: Vec<Vec<Error>>,
}

impl Findings {
    fn take(&mut self, answer: &IndicatorTable) {
        for finding in answer.findings() {
            self.push(finding.clone());
        }
    }

    fn push(&mut self, finding: Error) {
        if let Some(last) = self.tables.last_mut().filter(|last| !last.contains(&finding)) {
            last.push(finding);
        }
    }

    fn told(self) -> Vec<Error> {
        let missing = |finding: &Error| match finding.problem() {
            Problem::MissingColumn { column, .. } => Some(column.clone()),
            _ => None,
        };
        let columns =
            |table: &Vec<Error>| -> BTreeSet<String> { table.iter().filter_map(missing).collect() };
        let all: Vec<BTreeSet<String>> = self.tables.iter().map(columns).collect();
        let lacked = |column: &String| all.iter().all(|columns| columns.contains(column));
        let mut told: BTreeSet<String> = BTreeSet::new();
        let mut kept = Vec::new();
        for finding in self.tables.into_iter().flatten() {
            let once = match missing(&finding) {
                Some(column) => lacked(&column) && told.insert(column),
                None => true,
            };
            if once {
                kept.push(finding);
            }
        }
        kept
    }
}
