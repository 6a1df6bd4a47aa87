//! Places (位次) among the areas of a tier, period and slice.

use super::items::Peers;
use crate::stat::{Ties, places};

/// The place of an area, and how many have one.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Place {
    pub(super) rank: Option<usize>,
    pub(super) ranked: usize,
}

/// Places by scores, the highest first; equal ones share theirs, so that 1, 2, 2, 4.
pub(super) fn ranks<T: Ord>(scores: &[Option<&T>], peers: &Peers) -> Vec<Place> {
    let mut ranks = vec![Place::default(); scores.len()];
    for group in peers {
        let scored = group.iter().filter_map(|at| Some((*at, (*scores.get(*at)?)?)));
        let (areas, scored): (Vec<usize>, Vec<&T>) = scored.unzip();
        for at in group {
            if let Some(place) = ranks.get_mut(*at) {
                place.ranked = scored.len();
            }
        }
        let places = places(&scored, |a, b| b.cmp(a), Ties::Min);
        for (at, found) in areas.into_iter().zip(places) {
            if let Some(place) = ranks.get_mut(at) {
                place.rank = Some(found.before.saturating_add(1));
            }
        }
    }
    ranks
}
