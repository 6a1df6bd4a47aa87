//! Tables in batches: each is bound and summed alone, and dropped.

use std::sync::Arc;

use hashbrown::HashMap;

use super::Query;
use super::collect::{Collected, Reading, periods_of};
use crate::area::AreaCode;
use crate::bind::{Batches, Earlier, Files, Findings, Matched, Pieces, Table};
use crate::error::{Problem, Result};
use crate::plan::Asked;
use crate::state::{Growing, States};
use crate::table::IndicatorTable;

/// What was read of the batches so far.
struct Sofar {
    reading: Reading,
    states: Growing,
    findings: Findings,
    names: HashMap<AreaCode, String>,
    says_total: bool,
}

/// A table that came in batches.
pub(super) enum Gathered {
    /// One that is small, or must be read as a whole.
    Whole(Table),
    Summed {
        collected: Box<Collected>,
        files: Files,
        rows: usize,
    },
}

impl Query<'_> {
    /// Answers the question for a table that comes in batches, in memory that grows with groups and
    /// keys, not with rows.
    ///
    /// The answer is that of [`run`](Self::run) for all rows in one table: the same values, findings
    /// and rows told, and the same errors, whatever the batches are. A long table (`measure`,
    /// `value`) is gathered as a whole, for the figures of a key may stand in different batches; so is
    /// one whose rows say 合计 of a group.
    ///
    /// # Errors
    /// As for [`run`](Self::run), and those of the batches. `missing-column` or `column-type` where a
    /// batch has other columns or types than the first. `stream-not-repeatable` where rows of one key,
    /// or an empty group beside filled ones, need another reading, and it gives other rows.
    ///
    /// # Example
    /// ```
    /// use polars::prelude::df;
    /// use zhibiao::{Batches, Catalog, Query};
    /// let catalog = Catalog::builtin();
    /// let file = df!["area" => ["140728", "140729", "140728"],
    ///     "projects" => [60, 40, 61], "projects_done" => [52, 40, 52]]?;
    /// let query = Query::new(&catalog).indicators(["projects.completion"]);
    /// let rows = || Ok((0..3).map(|row| Ok(file.slice(row, 1))));
    /// let table = query.run_batches(Batches::new(rows).rows_at_once(1))?;
    /// // The key of rows 2 and 4 is one: neither is used.
    /// assert_eq!(table.findings()[0].code(), "duplicate-key");
    /// assert_eq!(table.frame()?, query.run(&file)?.frame()?);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn run_batches(&self, batches: Batches<'_>) -> Result<IndicatorTable> {
        self.run_gathered(self.gather_all(batches, &self.asked()?)?)
    }

    /// The states of a table that comes in batches.
    ///
    /// # Errors
    /// As for [`run_batches`](Self::run_batches).
    pub fn states_of_batches(&self, batches: Batches<'_>) -> Result<States> {
        self.states_gathered(self.gather_all(batches, &self.asked()?)?)
    }

    pub(super) fn states_gathered(&self, gathered: Gathered) -> Result<States> {
        let Collected { states, findings, names, .. } = match gathered {
            Gathered::Whole(table) => return self.states(table),
            Gathered::Summed { collected, .. } => *collected,
        };
        self.refuse_findings(&findings)?;
        Ok(States { findings, names, ..states })
    }

    pub(super) fn run_gathered(&self, gathered: Gathered) -> Result<IndicatorTable> {
        let (collected, files, rows) = match gathered {
            Gathered::Whole(table) => return self.run(table),
            Gathered::Summed { collected, files, rows } => (*collected, files, rows),
        };
        let answer = self.answer_collected(collected, files)?;
        self.watch.end(rows);
        Ok(answer)
    }

    fn gather_all(&self, mut batches: Batches<'_>, asked: &Asked) -> Result<Gathered> {
        match self.gather(&mut batches, asked)? {
            Gathered::Summed { collected, .. } if collected.says_total => {
                let mut pieces = batches.open()?;
                let first = pieces.next(&self.watch)?;
                pieces.rest_after(first, &self.watch).map(Gathered::Whole)
            }
            gathered => Ok(gathered),
        }
    }

    /// Reads batches as often as their contradictions need it. Of those that
    /// [say 合计](Collected::says_total) no more than that is known.
    pub(super) fn gather(&self, batches: &mut Batches<'_>, asked: &Asked) -> Result<Gathered> {
        let mut pieces = batches.open()?;
        let first = pieces.next(&self.watch)?;
        if pieces.is_at_end() {
            return Ok(Gathered::Whole(first));
        }
        if Matched::is_long(&first, self.catalog)? {
            return pieces.rest_after(first, &self.watch).map(Gathered::Whole);
        }
        let mut earlier = Earlier::default();
        let (mut collected, files) =
            self.collect_batches(first, pieces, asked, (&mut earlier, None))?;
        let rows = earlier.rows();
        while earlier.needs_another() && !collected.says_total {
            earlier = earlier.again();
            let mut pieces = batches.open()?;
            let first = pieces.next(&self.watch)?;
            if first.rows() > 0 {
                let again = (&mut earlier, Some(rows));
                collected = self.collect_batches(first, pieces, asked, again)?.0;
            }
            if earlier.rows() != rows || !earlier.met_the_same() {
                return Err(
                    Problem::StreamNotRepeatable { first: rows, again: earlier.rows() }.into()
                );
            }
        }
        Ok(Gathered::Summed { collected: Box::new(collected), files, rows })
    }

    /// All batches together; of a later reading the number of rows is known.
    fn collect_batches(
        &self,
        first: Table,
        mut pieces: Pieces<'_>,
        asked: &Asked,
        (earlier, rows): (&mut Earlier, Option<usize>),
    ) -> Result<(Collected, Files)> {
        let mut sofar = None;
        let mut refused = None;
        let mut table = first;
        while table.rows() > 0 {
            let matched = Matched::of_batch(&table, self.catalog, earlier)?;
            if refused.is_none() {
                let added = self.add_batch(&mut sofar, &matched, asked, (earlier, rows));
                refused = added.err();
            }
            // A column of units is refused before all else, and only the last batch tells.
            if refused.is_some() && !earlier.may_have_units() {
                break;
            }
            table = pieces.next(&self.watch)?;
        }
        earlier.refuse_units(&table)?;
        let sofar = refused.map_or(Ok(sofar), Err)?;
        let Some(Sofar { reading, states, findings, names, says_total }) = sofar else {
            return Err(Problem::EmptyTable {}.into());
        };
        let states = states.finish();
        let periods = periods_of(&states);
        let findings = [reading.findings, findings.into_vec()].concat();
        let states = self.in_periods(states);
        let reports = Vec::new();
        let collected = Collected { states, reports, names, periods, findings, says_total };
        Ok((self.in_units(collected)?, pieces.files()))
    }

    fn add_batch(
        &self,
        sofar: &mut Option<Sofar>,
        matched: &Matched<'_>,
        asked: &Asked,
        (earlier, rows): (&mut Earlier, Option<usize>),
    ) -> Result<()> {
        let sofar = if let Some(sofar) = sofar {
            sofar
        } else {
            let reading = self.reading(matched, asked)?;
            self.begin(matched, &reading, rows);
            let states = Growing::new(Arc::clone(&reading.plan));
            let (findings, names) = (Findings::default(), HashMap::new());
            sofar.insert(Sofar { reading, states, findings, names, says_total: false })
        };
        let (bound, states) = self.read(matched, &sofar.reading, Some(earlier))?;
        sofar.says_total |= self.says_total(&bound);
        sofar.states.add(states);
        sofar.findings.join(bound.findings);
        for (area, name) in bound.names {
            sofar.names.entry(area).or_insert(name);
        }
        Ok(())
    }
}
