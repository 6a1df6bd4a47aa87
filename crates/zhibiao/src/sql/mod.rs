//! Pushdown (下推): the sums of a plan as one SQL statement, run where the rows stand.
//!
//! Only sums and counts of integers and decimals are asked of an engine, at the finest key; rolling
//! up, dividing and rounding are done here. So every engine gives the states that `engine` would,
//! but for the rows that flaws stand in, which a warehouse does not number.
//!
//! May use everything up to `engine`.

mod answer;
mod dialect;
mod figure;
mod flags;
mod look;
mod number;
mod odd;
mod relation;
mod rows;
mod statement;
mod sums;
mod words;

use std::sync::Arc;

pub(crate) use self::answer::Answer;
pub use self::dialect::Dialect;
pub use self::relation::{ColumnType, Relation};
pub(crate) use self::rows::Rows;
use self::statement::Writer;
use self::words::Words;
use crate::Frame;
use crate::bind::Layout;
use crate::engine::GroupBy;
use crate::error::Result;
use crate::plan::Plan;

/// Runs statements where rows stand (数据仓库): one over any connection.
pub trait Warehouse {
    /// What it understands.
    fn dialect(&self) -> Dialect;

    /// Runs one statement and gives its rows, with the columns and types that it names.
    ///
    /// # Errors
    /// Whatever keeps it from doing so.
    fn run(&mut self, statement: &str) -> Result<Frame>;
}

/// A plan over a table of a warehouse (下推计划).
#[derive(Clone, Debug)]
pub struct Pushdown {
    pub(crate) relation: Relation,
    pub(crate) plan: Arc<Plan>,
    pub(crate) layout: Layout,
    pub(crate) by: GroupBy,
    /// Whether a key may stand in many rows.
    pub(crate) records: bool,
    /// Of each dimension of the layout.
    words: Vec<Words>,
}

impl Pushdown {
    pub(crate) fn new(
        relation: Relation,
        plan: Arc<Plan>,
        layout: Layout,
        by: GroupBy,
        records: bool,
    ) -> Self {
        let words = layout.dimensions.iter().map(|(dimension, _)| Words::of(dimension)).collect();
        Self { relation, plan, layout, by, records, words }
    }

    /// The same rows, told apart by all that their keys tell, those that say 合计 among them.
    pub(crate) fn of_rows(&self, plan: Arc<Plan>, by: GroupBy) -> Self {
        let words = self.words.iter().map(Words::apart).collect();
        Self { plan, by, words, ..self.clone() }
    }

    /// The plan that is run.
    #[must_use]
    pub fn plan(&self) -> &Plan {
        &self.plan
    }

    /// The aggregate as one statement: a row for each raw key, with the columns `area`, `period` and
    /// `school` as the table has them, `k…` the position of the value of each slice, `aside` which
    /// rows are left out, `n` rows, `s…` and `m…` total and missing rows of each sum, and counts of
    /// flaws.
    ///
    /// # Errors
    /// `column-type`, `sum-too-wide`, `unquotable`, each with the column.
    pub fn sql(&self, dialect: Dialect) -> Result<String> {
        Writer::new(self, dialect)?.aggregate()
    }

    fn type_of_dimension(&self, at: usize) -> &ColumnType {
        let column = self.layout.dimensions.get(at).map_or("", |(_, column)| column);
        self.relation.of(column).unwrap_or(&ColumnType::Text)
    }

    /// Whether schools are texts, of which some may stand for none.
    fn names_schools(&self) -> bool {
        self.layout.school.as_ref().is_some_and(|school| self.relation.is_text(school))
    }
}
