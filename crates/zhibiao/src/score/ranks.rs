//! Places (位次) among the areas of a tier, period and slice.

use super::items::Peers;

/// The place of an area, and how many have one.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Place {
    pub(super) rank: Option<usize>,
    pub(super) ranked: usize,
}

/// Places by scores, the highest first; equal ones share theirs, so that 1, 2, 2, 4.
pub(super) fn ranks<T: Ord>(scores: &[Option<&T>], peers: &Peers) -> Vec<Place> {
    let mut places = vec![Place::default(); scores.len()];
    for group in peers {
        let own = |at: &usize| scores.get(*at).copied().flatten();
        let mut scored: Vec<(usize, &T)> =
            group.iter().filter_map(|at| Some((*at, own(at)?))).collect();
        scored.sort_unstable_by(|(_, a), (_, b)| b.cmp(a));
        let mut rank = 0;
        let mut last: Option<&T> = None;
        for (position, (at, score)) in scored.iter().enumerate() {
            if last != Some(score) {
                rank = position.saturating_add(1);
            }
            last = Some(score);
            if let Some(place) = places.get_mut(*at) {
                place.rank = Some(rank);
            }
        }
        for at in group {
            if let Some(place) = places.get_mut(*at) {
                place.ranked = scored.len();
            }
        }
    }
    places
}
