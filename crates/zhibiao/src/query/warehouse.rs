//! Questions to a warehouse: the same answers, with the rows left where they stand.

use std::sync::Arc;

use super::collect::{Collected, periods_of};
use super::{Query, in_pool};
use crate::area::{Areas, Tier};
use crate::bind::{Files, Layout};
use crate::catalog::{Catalog, Indicator};
use crate::engine::GroupBy;
use crate::error::{Error, Problem, Result, near};
use crate::plan::{Asked, Lacking, Offer, Plan};
use crate::sql::{Answer, ColumnType, Pushdown, Relation, Warehouse};
use crate::state::States;
use crate::table::IndicatorTable;

/// How often a statement is run again with spellings that the one before has met.
const ROUNDS: usize = 3;

impl Query<'_> {
    /// Answers the question for a table of a warehouse: one aggregate runs there, all else here.
    ///
    /// The values are those of [`run`](Self::run) for the same rows. Flaws are told with the number of
    /// rows that have them, for a warehouse does not number its rows; where there are any, more
    /// statements look at the odd cells.
    ///
    /// # Errors
    /// As for [`run`](Self::run), and those of the warehouse; `not-pushable` for a long table,
    /// `column-type` for figures that are not numbers, `sum-too-wide` for what could pass 38 digits,
    /// `unquotable` for names that the engine would read as others.
    pub fn run_in(
        &self,
        warehouse: &mut dyn Warehouse,
        relation: &Relation,
    ) -> Result<IndicatorTable> {
        let collected = self.collect_in(warehouse, relation)?;
        in_pool(|| self.answer_collected(collected, Files::default()))
    }

    /// The states of a table of a warehouse.
    ///
    /// # Errors
    /// As for [`run_in`](Self::run_in).
    pub fn states_in(&self, warehouse: &mut dyn Warehouse, relation: &Relation) -> Result<States> {
        let Collected { states, names, findings, .. } = self.collect_in(warehouse, relation)?;
        self.refuse_findings(&findings)?;
        Ok(States { findings, names, ..states })
    }

    /// What would be run there.
    ///
    /// # Errors
    /// As for [`run`](Self::run), as far as they concern the header.
    ///
    /// # Example
    /// ```
    /// use zhibiao::sql::{ColumnType, Dialect, Relation};
    /// use zhibiao::{Catalog, Query};
    /// let catalog = Catalog::builtin();
    /// let columns = [("area", "text"), ("办学性质", "text"), ("在园幼儿数", "int32")];
    /// let columns = columns.map(|(name, of)| (name, of.parse::<ColumnType>().unwrap()));
    /// let pupils = Relation::new(["edu", "pupils"], columns);
    /// let query = Query::new(&catalog).indicators(["preschool.public_share"]).records(true);
    /// let statement = query.pushdown(&pupils)?.sql(Dialect::Postgres)?;
    /// assert!(statement.contains(r#"FROM "edu"."pupils" AS "t""#));
    /// # Ok::<(), zhibiao::Error>(())
    /// ```
    pub fn pushdown(&self, relation: &Relation) -> Result<Pushdown> {
        Ok(self.pushdown_asked(relation, &self.asked()?)?.0)
    }

    /// A table that has what the question needs: each measure that is not computed from others, under
    /// its id. Its statement can be read before there is a table.
    ///
    /// # Errors
    /// As for [`run`](Self::run), as far as they concern the question.
    pub fn model<P: Into<String>>(&self, name: impl IntoIterator<Item = P>) -> Result<Relation> {
        let rules = self.rules();
        let refuse = &mut |_: &Indicator, lacking: Lacking| {
            Err(Problem::NotPushable { reason: format!("`{}` has no formula", lacking.id) }.into())
        };
        let plan = Plan::new(self.catalog, &self.asked()?, rules, &Counted(self.catalog), refuse)?;
        let mut columns = vec![("area".to_owned(), ColumnType::Text)];
        columns.push(("period".to_owned(), ColumnType::Integer { digits: 10 }));
        if self.shows_schools() || plan.needs_schools() {
            columns.push(("school".to_owned(), ColumnType::Text));
        }
        let mut dimensions = plan.dimensions();
        dimensions.extend(self.options.slices.iter().map(String::as_str));
        for dimension in self.catalog.dimensions() {
            if dimensions.contains(&dimension.id.as_str()) {
                columns.push((dimension.id.clone(), ColumnType::Text));
            }
        }
        for id in plan.measures() {
            let scale = self.catalog.measure(id)?.scale;
            let of = match scale {
                0 => ColumnType::Integer { digits: 19 },
                scale => ColumnType::Decimal { precision: 18, scale },
            };
            columns.push((id.to_owned(), of));
        }
        Ok(Relation::new(name, columns))
    }

    fn pushdown_asked(&self, relation: &Relation, asked: &Asked) -> Result<(Pushdown, Vec<Error>)> {
        let at = |error: Error| error.at(relation.whole());
        let mut layout = Layout::of(&relation.header()?, self.catalog).map_err(at)?;
        let mut findings = Vec::new();
        let plan = self.plan_in((relation, &layout), asked, &mut findings)?;
        for slice in &self.options.slices {
            let dimension = self.catalog.dimension(slice)?;
            if layout.dimension(slice).is_none() {
                let aliases = [vec![dimension.name.zh.clone()], dimension.aliases.clone()].concat();
                return Err(missing(relation, &Lacking { id: slice.clone(), aliases }));
            }
        }
        let over_schools = self.options.over.is_some() && layout.school.is_some();
        let by = GroupBy {
            schools: self.shows_schools() || over_schools || plan.needs_schools(),
            slices: self.options.slices.clone(),
        };
        let (relation, plan) = (relation.clone(), Arc::new(plan));
        let used = plan.dimensions();
        // As where tables are read: a column of days that goes by the name of a group is none.
        layout.dimensions.retain(|(dimension, column)| {
            used.contains(&dimension.id.as_str())
                || by.slices.contains(&dimension.id)
                || relation.of(column).is_none_or(ColumnType::has_words)
        });
        Ok((Pushdown::new(relation, Arc::clone(&plan), layout, by, self.options.records), findings))
    }

    fn plan_in(
        &self,
        (relation, layout): (&Relation, &Layout),
        asked: &Asked,
        findings: &mut Vec<Error>,
    ) -> Result<Plan> {
        let mut lacks = |_: &Indicator, lacking: Lacking| {
            let error = missing(relation, &lacking);
            if self.options.skip_unavailable {
                findings.push(error);
                return Ok(());
            }
            Err(error)
        };
        Plan::new(
            self.catalog,
            asked,
            self.rules(),
            &Columns(layout, self.given_areas()),
            &mut lacks,
        )
    }

    fn collect_in(&self, warehouse: &mut dyn Warehouse, relation: &Relation) -> Result<Collected> {
        let (mut pushdown, mut findings) = self.pushdown_asked(relation, &self.asked()?)?;
        self.watch.begin(None, 1);
        for _ in 0..ROUNDS {
            self.watch.check()?;
            let frame = warehouse.run(&pushdown.sql(warehouse.dialect())?)?;
            let answer = Answer::of(&pushdown, frame)?;
            answer
                .refuse_wrapped(warehouse.dialect())
                .map_err(|error| error.at(relation.whole()))?;
            self.watch.check()?;
            let (is_new, odd) = pushdown.learn(&answer, warehouse)?;
            if is_new {
                continue;
            }
            let worlds = (self.catalog, self.given_areas());
            let states = answer.states(&pushdown, worlds, &self.watch);
            let (states, of_keys) = states.map_err(|error| error.at(relation.whole()))?;
            findings.extend(of_keys);
            findings.extend(odd);
            let states = if answer.has_wholes(&pushdown) && !self.options.records {
                self.beside_wholes_in(warehouse, &pushdown, &states, &mut findings)?
            } else {
                states
            };
            let periods = periods_of(&states);
            let names = states.names.clone();
            let mut states = self.in_periods(states);
            states.retain_counted();
            let (reports, says_total) = (Vec::new(), false);
            let collected = Collected { states, reports, names, periods, findings, says_total };
            return self.in_units(collected);
        }
        let reason = "other cells were met each time it was asked".to_owned();
        Err(Error::new(Problem::BadAnswer { reason }, relation.whole()))
    }
}

fn missing(relation: &Relation, lacking: &Lacking) -> Error {
    let Lacking { id, aliases } = lacking;
    let near = near(aliases.first().unwrap_or(id), relation.names());
    let problem = Problem::MissingColumn { column: id.clone(), aliases: aliases.join(", "), near };
    Error::new(problem, relation.whole())
}

/// A table with a column for each measure that no formula gives.
struct Counted<'a>(&'a Catalog);

impl Offer for Counted<'_> {
    fn measure(&self, id: &str) -> bool {
        self.0.measure(id).is_ok_and(|measure| measure.define.is_none())
    }

    fn dimension(&self, id: &str) -> bool {
        self.0.dimension(id).is_ok()
    }

    fn schools(&self) -> bool {
        true
    }
}

pub(super) struct Columns<'a>(pub(super) &'a Layout, pub(super) &'a Areas);

impl Offer for Columns<'_> {
    fn measure(&self, id: &str) -> bool {
        self.0.measure(id).is_some()
    }

    fn dimension(&self, id: &str) -> bool {
        self.0.dimension(id).is_some()
    }

    fn schools(&self) -> bool {
        self.0.school.is_some()
            || self.1.codes().any(|code| self.1.tier(code) == Some(Tier::School))
    }
}
