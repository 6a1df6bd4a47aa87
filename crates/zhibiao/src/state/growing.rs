//! States of a table that comes in batches, joined as they grow.

use std::sync::Arc;

use super::States;
use crate::plan::Plan;

/// States of batches: joined whenever those that wait have as many groups as those that are joined,
/// so that each group is moved a number of times that grows with the logarithm of all.
pub(crate) struct Growing {
    joined: States,
    waiting: Vec<States>,
}

impl Growing {
    pub(crate) fn new(plan: Arc<Plan>) -> Self {
        Self { joined: States::joined(plan, &[]), waiting: Vec::new() }
    }

    /// Adds the states of a batch.
    pub(crate) fn add(&mut self, states: States) {
        self.waiting.push(states);
        let waiting: usize = self.waiting.iter().map(States::len).sum();
        if waiting >= self.joined.len() {
            self.join();
        }
    }

    /// The states of all batches.
    pub(crate) fn finish(mut self) -> States {
        self.join();
        self.joined
    }

    fn join(&mut self) {
        let parts: Vec<&States> = std::iter::once(&self.joined).chain(&self.waiting).collect();
        self.joined = States::joined(Arc::clone(&self.joined.plan), &parts);
        self.waiting.clear();
    }
}
