//! What if one indicator were not there (去指标分析).

use std::sync::Arc;

use rayon::prelude::*;

use super::evaluate::{children, reached};
use super::items::{columns, peers};
use super::ranks::ranks;
use super::{Exact, Grade, Node, Scheme};
use crate::error::Result;
use crate::label::Lang;
use crate::table::{Group, IndicatorTable};

/// Totals without each of the indicators (去指标分析表): one row per area, period and slice, and item.
#[derive(Clone, Debug)]
pub struct RemovalTable {
    pub(super) rows: Vec<RemovalRow>,
    /// Ids and names of the slicing dimensions.
    pub(crate) slices: Vec<(String, String)>,
    lang: Lang,
}

/// One row of a [`RemovalTable`].
#[derive(Clone, Debug, PartialEq)]
pub struct RemovalRow {
    pub(crate) group: Arc<Group>,
    /// The item that is taken out.
    pub node: Arc<Node>,
    /// Total without it.
    pub total: Option<Exact>,
    /// How much higher it is than with it.
    pub change: Option<Exact>,
    /// Grade without it.
    pub grade: Option<Arc<Grade>>,
    /// Place without it.
    pub rank: Option<usize>,
    /// Places gained by taking it out (名次前进).
    pub places: Option<i64>,
}

impl IndicatorTable {
    /// Scores every area without each of the indicators in turn (去指标分析): the weight of what is taken out
    /// goes to the other parts of its group, as theirs are; that of an emptied group to the others.
    ///
    /// Exact, as [`score`](Self::score) is. Without the only item there is no total.
    ///
    /// # Missing values
    /// By the rules of the scheme; an item that is taken out is not missing, so that an area which lacks
    /// nothing else has a total.
    ///
    /// # Errors
    /// As for [`score`](Self::score).
    ///
    /// # Example
    /// ```
    /// use polars::prelude::df;
    /// use zhibiao::{Catalog, Query, score::Scheme};
    /// let catalog = Catalog::builtin();
    /// let scheme = Scheme::parse(
    ///     r#"
    ///     id = "mine"
    ///     name = { zh = "评价" }
    ///     total = "100"
    ///     missing = "unknown"
    ///     weights = "equal"
    ///     items = [
    ///         { indicator = "projects.completion", linear = { from = "0", to = "100" } },
    ///         { indicator = "preschool.public_share", linear = { from = "0", to = "50" } },
    ///     ]
    ///     "#,
    ///     "mine.toml",
    ///     &catalog,
    /// )?;
    /// let counties = df!["area" => ["140728"], "projects" => [60], "projects_done" => [30],
    ///     "children" => [100], "children_public" => [40]]?;
    /// let table = Query::new(&catalog).indicators(scheme.indicators()).run(&counties)?;
    /// let without = table.without_each(&scheme)?;
    /// // 50 and 80 points of 100: 65, or 80 without the projects.
    /// let row = without.rows().next().unwrap();
    /// assert_eq!(row.node.path, "projects.completion");
    /// assert_eq!(row.total.as_ref().unwrap().to_f64(), 80.0);
    /// assert_eq!(row.change.as_ref().unwrap().to_f64(), 15.0);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn without_each(&self, scheme: &Scheme) -> Result<RemovalTable> {
        let columns = columns(self, scheme)?;
        let shares = scheme.shares(self, &columns, None);
        let children = children(scheme);
        let among = peers(self, None);
        let totals = |out: Option<usize>| -> Vec<Option<Exact>> {
            let groups = (0..self.groups.len()).into_par_iter();
            let total = |group| {
                let reached = reached(scheme, &children, &shares, group, out);
                Some(reached.first()?.share()?.times(&scheme.total.into()))
            };
            groups.map(total).collect()
        };
        let ranked = |totals: &[Option<Exact>]| {
            let totals: Vec<Option<&Exact>> = totals.iter().map(Option::as_ref).collect();
            ranks(&totals, &among)
        };
        let with = totals(None);
        let ranks_with = ranked(&with);
        let groups: Vec<Arc<Group>> = self.groups.iter().cloned().map(Arc::new).collect();
        let items = scheme.nodes.iter().enumerate().filter(|(_, node)| node.indicator().is_some());
        let mut by_item: Vec<std::vec::IntoIter<RemovalRow>> = Vec::new();
        for (at, node) in items {
            let without = totals(Some(at));
            let ranks_without = ranked(&without);
            let areas = groups.iter().zip(&with).zip(&ranks_with).zip(without).zip(ranks_without);
            let rows = areas.map(|((((group, with), with_rank), total), rank)| {
                let both = total.as_ref().zip(with.as_ref());
                let number = |rank: Option<usize>| i64::try_from(rank?).ok();
                let places = number(with_rank.rank).zip(number(rank.rank));
                RemovalRow {
                    group: Arc::clone(group),
                    node: Arc::clone(node),
                    change: both.map(|(total, with)| total.minus(with)),
                    grade: total.as_ref().and_then(|total| {
                        scheme.grade(|least| *total >= Exact::from(least)).cloned()
                    }),
                    total,
                    rank: rank.rank,
                    places: places.map(|(with, without)| with.saturating_sub(without)),
                }
            });
            by_item.push(rows.collect::<Vec<_>>().into_iter());
        }
        let mut rows = Vec::with_capacity(groups.len().saturating_mul(by_item.len()));
        for _ in &groups {
            rows.extend(by_item.iter_mut().filter_map(Iterator::next));
        }
        Ok(RemovalTable { rows, slices: self.slices.clone(), lang: self.lang })
    }
}

impl RemovalTable {
    /// The language of names.
    #[must_use]
    pub const fn lang(&self) -> Lang {
        self.lang
    }

    /// All rows.
    pub fn rows(&self) -> impl Iterator<Item = &RemovalRow> {
        self.rows.iter()
    }
}
