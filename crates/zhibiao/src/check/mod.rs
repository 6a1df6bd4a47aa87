//! Checking (检查): what in a table contradicts itself, or is unlikely.
//!
//! Binding tells the flaws of single cells and keys; here figures are held against each other. Each
//! check stands in a file of its own, reads the bound table and returns flaws; none changes a
//! figure. Figures are compared exactly.
//!
//! May use everything up to `log`.

mod defines;
mod finding;
mod names;
mod parents;
mod parts;
mod per_head;
mod plausible;
mod repeats;
mod sheet;
mod slip;
mod slips;
mod totals;

use hashbrown::HashMap;

use self::finding::held;
pub use self::finding::{Finding, FindingTable, Severity};
use self::sheet::{Cell, Flaw, Sheet};
use crate::area::{AreaCode, Areas};
use crate::bind::{Matched, RowRules, Table, Which};
use crate::catalog::Catalog;
use crate::error::{Error, Problem, Result};
use crate::label::Lang;
use crate::query::Query;
use crate::symbol::Dialect;
use crate::watch::Watch;

/// A check of tables (检查): every measure a table has, whatever indicators there are.
///
/// # Findings
/// - What binding tells: cells, keys and codes that cannot be used as they are.
/// - `parent-differs`: an area and the sum of the areas within it. Where some are not there, only a
///   sum above the area is told.
/// - `total-differs`: a row that says 合计 and the sum of the rows it totals.
/// - `part-exceeds-whole`: a measure above the one it is `part_of`.
/// - `define-differs`: a column and its formula, where the table has all that the formula needs.
/// - `unit-slip`: a figure about 10, 100, 1,000 or 10,000 times off its other periods or its
///   siblings; likewise indicators against those of siblings.
/// - `permuted-values`, `repeated-values`: a column with the values of another, in other rows or in
///   the same.
/// - `duplicate-name`: two codes of one parent, or two schools of one county, with one name.
///
/// # Missing values
/// A figure that is missing contradicts nothing. A sum that lacks a figure is a lower bound of what
/// cannot be negative.
///
/// # Example
/// ```
/// use polars::prelude::df;
/// use zhibiao::Catalog;
/// use zhibiao::check::{Check, Severity};
/// let catalog = Catalog::builtin();
/// let table = df!["area" => ["140700", "140728"], "children" => [100, 120]]?;
/// let findings = Check::new(&catalog).run(&table)?;
/// let first = findings.rows().next().unwrap();
/// assert_eq!((first.severity, first.error.code()), (Severity::Error, "parent-differs"));
/// assert_eq!(
///     first.error.problem().to_string(),
///     "`children` is 100, but the areas within it that have rows (1) add up to 120",
/// );
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Check<'a> {
    catalog: &'a Catalog,
    areas: Areas,
    records: bool,
    symbols: Dialect,
    lang: Lang,
    watch: Watch,
}

impl<'a> Check<'a> {
    /// A check with the built-in table of areas.
    #[must_use]
    pub fn new(catalog: &'a Catalog) -> Self {
        Self {
            catalog,
            areas: Areas::builtin(),
            records: false,
            symbols: Dialect::default(),
            lang: Lang::default(),
            watch: Watch::default(),
        }
    }

    /// The table of areas to use in place of the built-in one.
    #[must_use]
    pub fn areas(mut self, areas: Areas) -> Self {
        self.areas = areas;
        self
    }

    /// Whether a key may stand in many rows, as in a register; else that is a flaw.
    #[must_use]
    pub const fn records(mut self, records: bool) -> Self {
        self.records = records;
        self
    }

    /// Whose symbols may stand in place of figures, where the table does not say so itself.
    #[must_use]
    pub const fn symbols(mut self, symbols: Dialect) -> Self {
        self.symbols = symbols;
        self
    }

    /// Language of names and labels; messages are in English.
    #[must_use]
    pub const fn lang(mut self, lang: Lang) -> Self {
        self.lang = lang;
        self
    }

    /// What can cancel the check, and tells how far it has read the table.
    #[must_use]
    pub fn watch(mut self, watch: &Watch) -> Self {
        self.watch = watch.clone();
        self
    }

    /// Checks a table or frame.
    ///
    /// # Errors
    /// What concerns the table as a whole: `empty-table`, `missing-column`, `duplicate-column`,
    /// `column-type`, `unit-column`; `cancelled` by its [watch](Self::watch).
    pub fn run(&self, table: impl Into<Table>) -> Result<FindingTable> {
        let table = table.into();
        let watch = &self.watch;
        watch.check()?;
        let matched = Matched::of(&table, self.catalog, watch)?;
        let ids: Vec<&str> =
            matched.measures().into_iter().map(|measure| measure.id.as_str()).collect();
        // Reading is the first half.
        watch.begin(Some(table.rows()), matched.steps(&ids).saturating_mul(2));
        let rules = RowRules {
            areas: &self.areas,
            records: self.records,
            which: Which::Parts,
            symbols: table.symbols_or(self.symbols),
            trusted: &[],
            watch,
        };
        let sheet = Sheet::read(&matched, self.catalog, rules, self.lang)?;
        let mut flaws = self.zones(&sheet);
        flaws.extend(names::names(&sheet));
        watch.check()?;
        flaws.extend(parts::parts(&sheet)?);
        watch.check()?;
        flaws.extend(defines::defines(&sheet)?);
        watch.check()?;
        flaws.extend(repeats::repeats(&sheet));
        watch.check()?;
        let (sums, by) = sheet.sums_by_area()?;
        flaws.extend(parents::parents(&sheet, &sums, &by));
        watch.check()?;
        flaws.extend(slips::slips(&sheet, &sums, &by)?);
        watch.check()?;
        flaws.extend(plausible::plausible(self, &sheet, &table)?);
        watch.check()?;
        let mut of_total_rows = Vec::new();
        let has_totals = |finding: &Error| matches!(finding.problem(), Problem::TotalRow { .. });
        if sheet.bound.findings.iter().any(has_totals) {
            let rules = RowRules { which: Which::Totals, ..rules };
            let of_totals = Sheet::read(&matched, self.catalog, rules, self.lang)?;
            flaws.extend(totals::totals(&sheet, &of_totals)?);
            let told = |finding: &&Error| !sheet.bound.findings.iter().any(|own| own == *finding);
            let flaws = of_totals.bound.findings_of_figures().iter().filter(told);
            of_total_rows.extend(flaws.cloned());
        }
        let mut errors = matched.notes();
        errors.extend(sheet.bound.findings.iter().cloned());
        errors.append(&mut of_total_rows);
        errors.extend(self.contradicted(&matched, &table)?);
        watch.end(table.rows());
        Ok(self.told(&sheet, flaws, errors))
    }

    /// Codes of development zones that the area table does not have.
    fn zones(&self, sheet: &Sheet<'_>) -> Vec<Flaw> {
        let keys = sheet.keys();
        let zone = |area: &AreaCode| self.areas.is_zone(*area) && !self.areas.knows(*area);
        let zones = keys.areas.values.iter().enumerate().filter(|(_, area)| zone(area));
        let flaw = |(id, area): (usize, &AreaCode)| {
            let id = u32::try_from(id).ok()?;
            let row = keys.areas.ids.iter().position(|other| *other == id)?;
            let problem = Problem::Zone { code: area.to_string() };
            Some(Flaw { row: sheet.bound.source_row(row), cell: Cell::Area, problem })
        };
        zones.filter_map(flaw).collect()
    }

    /// Reported figures that their own parts contradict.
    fn contradicted(&self, matched: &Matched<'_>, table: &Table) -> Result<Vec<Error>> {
        let reported = matched.reported();
        if reported.is_empty() {
            return Ok(Vec::new());
        }
        let query = Query::new(self.catalog).indicators(reported).areas(self.areas.clone());
        let answer = query.records(self.records).skip_unavailable(true).run(table)?;
        let differs = |error: &&Error| matches!(error.problem(), Problem::ReportedDiffers { .. });
        Ok(answer.findings().iter().filter(differs).cloned().collect())
    }

    /// Findings with all that is known of their rows, in order.
    fn told(&self, sheet: &Sheet<'_>, flaws: Vec<Flaw>, errors: Vec<Error>) -> FindingTable {
        let matched = sheet.matched;
        let mut ids = HashMap::new();
        if !errors.is_empty() {
            ids = matched.ids();
        }
        let mut rows: Vec<(Option<usize>, Finding)> = Vec::new();
        for error in errors {
            let row = matched.row_at(error.place());
            let measure = match (error.problem(), error.place()) {
                (Problem::ReportedDiffers { indicator, .. }, _) => Some(indicator.clone()),
                (_, crate::Place::Cell { column: Some(column), .. }) => {
                    row.and_then(|row| ids.get(&matched.name_of_figure(row, column)).cloned())
                }
                _ => None,
            };
            rows.push((row, self.finding(sheet, row, measure, error)));
        }
        for Flaw { row, cell, problem } in flaws {
            let (place, measure) = match cell {
                Cell::Area => (matched.area_place(row), None),
                Cell::School => (matched.school_place(row), None),
                Cell::Figure(id) => (matched.place(row, &id), Some(id)),
            };
            let error = Error::new(problem, place);
            rows.push((Some(row), self.finding(sheet, Some(row), measure, error)));
        }
        rows.sort_by_cached_key(|(row, finding)| {
            let place = (row.unwrap_or(usize::MAX), finding.measure.clone());
            (finding.severity, place, finding.error.code(), finding.error.to_string())
        });
        FindingTable {
            rows: rows.into_iter().map(|(_, finding)| finding).collect(),
            lang: self.lang,
        }
    }

    fn finding(
        &self,
        sheet: &Sheet<'_>,
        row: Option<usize>,
        measure: Option<String>,
        error: Error,
    ) -> Finding {
        let matched = sheet.matched;
        let area = row.and_then(|row| matched.area(row, sheet.areas));
        let name = area.and_then(|area| {
            let known = self.areas.name(area, self.lang);
            known.or_else(|| sheet.bound.names.get(&area).cloned())
        });
        let (value, other) = held(error.problem());
        Finding {
            severity: Severity::of(error.problem()),
            area,
            school: row.and_then(|row| matched.school(row)),
            area_name: name.unwrap_or_default(),
            period: row.and_then(|row| matched.period(row)),
            measure,
            value,
            other,
            error,
        }
    }
}

impl Table {
    /// Checks the table with the built-in table of areas (检查); [`Check`] has more to choose.
    ///
    /// # Errors
    /// As for [`Check::run`].
    pub fn check(&self, catalog: &Catalog) -> Result<FindingTable> {
        Check::new(catalog).run(self)
    }
}
