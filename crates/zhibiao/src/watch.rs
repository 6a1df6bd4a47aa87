//! Watches (进度): how far a run is, and the wish that it stop.
//!
//! A run only counts and asks; whoever watches does so from another thread. Nothing but atomics is
//! shared, so watching never holds a run up.
//!
//! May use `error`.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use crate::error::{Problem, Result};

/// Rows after which a loop counts them and asks whether to go on.
pub(crate) const STRIDE: usize = 1 << 16;

/// How far a run is, seen from outside, and a way to cancel it (进度).
///
/// Clones are the same watch. It watches one run at a time, and every run begins at 0 again; once
/// cancelled it stays so, and each run that it watches ends with `cancelled`.
///
/// # Example
/// ```
/// use polars::prelude::df;
/// use zhibiao::{Catalog, Query, Watch};
/// let catalog = Catalog::builtin();
/// let counties = df!["area" => ["140728"], "projects" => [60], "projects_done" => [52]]?;
/// let watch = Watch::default();
/// let query = Query::new(&catalog).indicators(["projects.completion"]).watch(&watch);
/// query.run(&counties)?;
/// assert_eq!((watch.rows(), watch.total()), (1, Some(1)));
/// // From another thread, while the run goes on:
/// watch.cancel();
/// assert_eq!(query.run(&counties).unwrap_err().code(), "cancelled");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Watch(Arc<Shared>);

#[derive(Debug, Default)]
struct Shared {
    cancelled: AtomicBool,
    /// Rows that passed, each counted once a step.
    passed: AtomicU64,
    /// Steps that every row passes.
    steps: AtomicU64,
    /// Rows there will be; 0 where it is not known.
    total: AtomicU64,
}

impl Watch {
    /// Asks the run to stop.
    pub fn cancel(&self) {
        self.0.cancelled.store(true, Ordering::Relaxed);
    }

    /// Whether the run was asked to stop.
    #[must_use]
    pub fn is_cancelled(&self) -> bool {
        self.0.cancelled.load(Ordering::Relaxed)
    }

    /// Rows done so far: a row that is half through its steps counts half.
    #[must_use]
    pub fn rows(&self) -> u64 {
        let steps = self.0.steps.load(Ordering::Relaxed);
        let rows = self.0.passed.load(Ordering::Relaxed).checked_div(steps).unwrap_or(0);
        rows.min(self.total().unwrap_or(u64::MAX))
    }

    /// Rows there will be; none before the header is read, and while a table still comes in
    /// batches.
    #[must_use]
    pub fn total(&self) -> Option<u64> {
        Some(self.0.total.load(Ordering::Relaxed)).filter(|total| *total > 0)
    }

    /// Begins a run in which every row passes so many steps.
    pub(crate) fn begin(&self, total: Option<usize>, steps: usize) {
        self.0.passed.store(0, Ordering::Relaxed);
        self.0.steps.store(whole(steps), Ordering::Relaxed);
        self.0.total.store(total.map_or(0, whole), Ordering::Relaxed);
    }

    /// Ends a run of so many rows.
    pub(crate) fn end(&self, rows: usize) {
        let steps = self.0.steps.load(Ordering::Relaxed);
        self.0.passed.store(whole(rows).saturating_mul(steps), Ordering::Relaxed);
        self.0.total.store(whole(rows), Ordering::Relaxed);
    }

    /// Counts rows that pass one step, and tells whether to go on.
    pub(crate) fn pass(&self, rows: usize) -> bool {
        self.0.passed.fetch_add(whole(rows), Ordering::Relaxed);
        !self.is_cancelled()
    }

    /// Counts the rows of the next stride at its first row, and tells whether to go on.
    pub(crate) fn pass_at(&self, row: usize, rows: usize) -> bool {
        !row.is_multiple_of(STRIDE) || self.pass(rows.saturating_sub(row).min(STRIDE))
    }

    /// Refuses to go on once cancelled.
    pub(crate) fn check(&self) -> Result<()> {
        if self.is_cancelled() { Err(Problem::Cancelled {}.into()) } else { Ok(()) }
    }
}

fn whole(count: usize) -> u64 {
    u64::try_from(count).unwrap_or(u64::MAX)
}
