//! Ids of rows (行的编号): a small integer for each, by runs where equal rows stand together.

use std::ops::Deref;
use std::sync::OnceLock;

use rayon::prelude::*;

use crate::watch::STRIDE;

/// A small integer for each row.
///
/// A table that is sorted by a key has few runs of it, and most work is done on those. Seen as a
/// slice, it has an id for each row: they are spelled out when first looked at.
#[derive(Clone, Debug)]
pub(crate) struct Ids {
    rows: usize,
    short: Option<Short>,
    spelled: OnceLock<Vec<u32>>,
}

/// Ids in less room.
#[derive(Clone, Debug)]
enum Short {
    Runs(Runs),
    /// Ids below 255, which stands for the largest one.
    Bytes(Vec<u8>),
}

/// Rows that follow each other and have one id.
#[derive(Clone, Debug, Default)]
pub(crate) struct Runs {
    /// First row of each run; the first of all is 0.
    pub(crate) starts: Vec<usize>,
    pub(crate) ids: Vec<u32>,
}

impl From<Vec<u32>> for Ids {
    fn from(ids: Vec<u32>) -> Self {
        Self { rows: ids.len(), short: None, spelled: OnceLock::from(ids) }
    }
}

impl Ids {
    pub(crate) fn of_runs(runs: Runs, rows: usize) -> Self {
        Self { rows, short: Some(Short::Runs(runs)), spelled: OnceLock::new() }
    }

    /// Ids below 255.
    pub(crate) fn of_bytes(ids: Vec<u8>) -> Self {
        Self { rows: ids.len(), short: Some(Short::Bytes(ids)), spelled: OnceLock::new() }
    }

    /// Number of rows.
    pub(crate) const fn rows(&self) -> usize {
        self.rows
    }

    /// The runs, where they are long.
    pub(crate) fn runs(&self) -> Option<&Runs> {
        match &self.short {
            Some(Short::Runs(runs)) => Some(runs),
            _ => None,
        }
    }

    /// Whether some row has an id.
    pub(crate) fn has(&self, wanted: impl Fn(u32) -> bool + Sync) -> bool {
        match &self.short {
            Some(Short::Runs(runs)) => runs.ids.iter().any(|id| wanted(*id)),
            Some(Short::Bytes(ids)) => ids.par_iter().any(|id| wanted(long(*id))),
            None => self.par_iter().any(|id| wanted(*id)),
        }
    }

    /// The ids of rows from `start` on, spelled out in `room` if they are not yet.
    pub(crate) fn block<'a>(&'a self, start: usize, room: &'a mut [u32]) -> &'a [u32] {
        let end = start.saturating_add(room.len());
        match (&self.short, self.spelled.get()) {
            (Some(short), None) => {
                short.spell(start, room);
                room
            }
            _ => self.get(start..end).unwrap_or(&[]),
        }
    }

    /// Ids that may be changed row by row.
    pub(crate) fn rows_mut(&mut self) -> &mut [u32] {
        self.spelled_out();
        self.short = None;
        self.spelled.get_mut().map_or(&mut [], Vec::as_mut_slice)
    }

    /// Replaces each id by what it stands for.
    pub(crate) fn translate(&mut self, into: impl Fn(u32) -> u32 + Sync) {
        match &mut self.short {
            Some(Short::Runs(runs)) => {
                runs.ids.iter_mut().for_each(|id| *id = into(*id));
                self.spelled = OnceLock::new();
            }
            Some(Short::Bytes(ids)) => {
                let new: Vec<u32> = (0..=u8::MAX).map(|id| into(long(id))).collect();
                let short: Option<Vec<u8>> = new.iter().map(|id| shortened(*id)).collect();
                let Some(short) = short else {
                    return self.rows_mut().par_iter_mut().for_each(|id| *id = into(*id));
                };
                ids.par_iter_mut().with_min_len(STRIDE).for_each(|id| {
                    *id = short.get(usize::from(*id)).copied().unwrap_or(u8::MAX);
                });
                self.spelled = OnceLock::new();
            }
            None => self.rows_mut().par_iter_mut().for_each(|id| *id = into(*id)),
        }
    }

    fn spelled_out(&self) -> &[u32] {
        self.spelled.get_or_init(|| {
            let mut ids = vec![0; self.rows];
            if let Some(short) = &self.short {
                let blocks = ids.par_chunks_mut(STRIDE).enumerate();
                blocks.for_each(|(block, ids)| short.spell(block.saturating_mul(STRIDE), ids));
            }
            ids
        })
    }
}

impl Short {
    /// Writes the ids of rows from `start` on.
    fn spell(&self, start: usize, room: &mut [u32]) {
        match self {
            Self::Runs(runs) => runs.spell(start, room),
            Self::Bytes(ids) => {
                let ids = ids.get(start..).unwrap_or(&[]);
                room.iter_mut().zip(ids).for_each(|(room, id)| *room = long(*id));
            }
        }
    }
}

/// The id of a byte; the largest stands for the largest.
fn long(id: u8) -> u32 {
    if id == u8::MAX { u32::MAX } else { u32::from(id) }
}

fn shortened(id: u32) -> Option<u8> {
    if id == u32::MAX { Some(u8::MAX) } else { u8::try_from(id).ok().filter(|id| *id < u8::MAX) }
}

impl Runs {
    /// Writes the ids of rows from `start` on.
    fn spell(&self, start: usize, mut room: &mut [u32]) {
        let mut run = self.starts.partition_point(|run| *run <= start).saturating_sub(1);
        let mut row = start;
        while !room.is_empty() {
            let end = self.starts.get(run.saturating_add(1)).copied().unwrap_or(usize::MAX);
            let (same, rest) = room.split_at_mut(room.len().min(end.saturating_sub(row)));
            same.fill(self.ids.get(run).copied().unwrap_or(u32::MAX));
            row = end;
            run = run.saturating_add(1);
            room = rest;
        }
    }
}

impl Deref for Ids {
    type Target = [u32];

    fn deref(&self) -> &[u32] {
        self.spelled_out()
    }
}

impl<'a> IntoIterator for &'a Ids {
    type IntoIter = std::slice::Iter<'a, u32>;
    type Item = &'a u32;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl FromIterator<u32> for Ids {
    fn from_iter<I: IntoIterator<Item = u32>>(ids: I) -> Self {
        Self::from(ids.into_iter().collect::<Vec<u32>>())
    }
}
