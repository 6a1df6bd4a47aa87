//! Tasks that threads share, where there is enough to do.

use std::ops::Range;

use rayon::prelude::*;

/// Groups of a task.
const BLOCK: usize = 1 << 14;

/// Cells below which waking other threads costs more than it gains.
const FEW: usize = 1 << 12;

/// What each task gives, in the order of tasks; `cells` are the cells of all tasks together.
pub(super) fn each<T: Sync, R: Send>(
    tasks: &[T],
    cells: usize,
    work: impl Fn(&T) -> R + Send + Sync,
) -> Vec<R> {
    if cells < FEW {
        tasks.iter().map(work).collect()
    } else {
        tasks.par_iter().map(work).collect()
    }
}

/// Groups by task.
pub(super) fn blocks(groups: usize) -> impl Iterator<Item = Range<usize>> {
    let end = move |start: usize| start.saturating_add(BLOCK).min(groups);
    (0..groups).step_by(BLOCK).map(move |start| start..end(start))
}
