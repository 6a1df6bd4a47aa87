//! What is known of the parts and wholes of a place (已知).

use hashbrown::HashSet;

use super::place::{Of, Place, Row};
use super::{Measure, Wholes};

/// What becomes of a sum of parts.
pub(super) enum Found {
    /// It stands as it is.
    Same,
    /// It is more, by what all together are known to be.
    More(i128),
    /// Some of it is not there.
    Unknown,
}

/// What a row that says 合计 tells of a measure.
enum Said {
    Nothing,
    Figure(i128),
    /// A cell that is empty or no figure, a figure within bounds, or one that another contradicts.
    Unclear,
}

impl Wholes<'_> {
    /// What becomes of the sum of the parts of what is asked.
    pub(super) fn found(&self, place: &Place, measure: &Measure, asked: &[Of]) -> Found {
        let parts = place.parts_of(asked);
        // Of what its own rows lack, a sum tells itself.
        let Some(sum) = self.sum(measure, &parts) else { return Found::Same };
        if self.are_all(&parts, asked) {
            return Found::Same;
        }
        match place.whole_of(asked).map_or(Said::Nothing, |whole| self.said(measure, whole)) {
            Said::Figure(whole) if parts.is_empty() || self.exceeds(place, measure, whole, sum) => {
                whole.checked_sub(sum).map_or(Found::Unknown, Found::More)
            }
            Said::Figure(_) => Found::Same,
            Said::Unclear => Found::Unknown,
            Said::Nothing => match self.put_together(place, measure, asked) {
                Some(whole) if whole == sum => Found::Same,
                Some(whole) => whole.checked_sub(sum).map_or(Found::Unknown, Found::More),
                None if self.may_hide(place, measure, asked) => Found::Unknown,
                None => Found::Same,
            },
        }
    }

    /// What is asked, as the sum of what is known of each value of some dimension; none where one is
    /// not known.
    fn put_together(&self, place: &Place, measure: &Measure, asked: &[Of]) -> Option<i128> {
        let mut open = (0..asked.len()).filter(|at| asked.get(*at) == Some(&Of::All));
        open.find_map(|at| self.by_value(place, measure, asked, at))
    }

    fn by_value(
        &self,
        place: &Place,
        measure: &Measure,
        asked: &[Of],
        dimension: usize,
    ) -> Option<i128> {
        let mut values = Of::each(self.dimensions.get(dimension)?);
        values.extend(place.has_unknown(asked, dimension).then_some(Of::Unknown));
        values.into_iter().try_fold(0_i128, |sum, value| {
            let mut own = asked.to_vec();
            *own.get_mut(dimension)? = value;
            let parts = self.sum(measure, &place.parts_of(&own))?;
            match self.found(place, measure, &own) {
                Found::Same => sum.checked_add(parts),
                Found::More(rest) => sum.checked_add(parts)?.checked_add(rest),
                Found::Unknown => None,
            }
        })
    }

    /// Whether a whole tells of more than is there, and that may be some of what is asked. It is not
    /// where all that holds what is asked is accounted for.
    fn may_hide(&self, place: &Place, measure: &Measure, asked: &[Of]) -> bool {
        let mut is_any_more = false;
        for whole in place.wholes.iter().filter(|whole| whole.may_hold(asked)) {
            let by: Vec<usize> = split(whole, asked).collect();
            let is_more = self.is_more(place, measure, whole, &by);
            if is_more == Some(false) && whole.holds(asked) {
                return false;
            }
            is_any_more |= is_more == Some(true);
        }
        is_any_more && !self.is_of_nothing(place, measure, asked)
    }

    /// Whether what is asked is a part of something that is accounted for, and has none.
    fn is_of_nothing(&self, place: &Place, measure: &Measure, asked: &[Of]) -> bool {
        let mut named = (0..asked.len()).filter(|at| asked.get(*at) != Some(&Of::All));
        named.any(|at| {
            let mut more = asked.to_vec();
            if let Some(of) = more.get_mut(at) {
                *of = Of::All;
            }
            more.iter().any(|of| *of != Of::All)
                && place.parts_of(&more).is_empty()
                && place.whole_of(&more).is_none()
                && !self.may_hide(place, measure, &more)
        })
    }

    /// Whether a whole is more than what is known of it, told apart by some dimensions that it totals;
    /// none where it tells nothing.
    fn is_more(&self, place: &Place, measure: &Measure, whole: &Row, by: &[usize]) -> Option<bool> {
        if by.is_empty() && self.are_all(&place.parts_of(&whole.of), &whole.of) {
            return Some(false);
        }
        let known = self.known(place, measure, whole, by);
        match self.said(measure, whole) {
            Said::Figure(given) => {
                Some(known.is_none_or(|known| self.exceeds(place, measure, given, known)))
            }
            Said::Unclear => Some(true),
            Said::Nothing => None,
        }
    }

    /// What is known of the parts of a whole; none where one lacks its figure.
    fn known(&self, place: &Place, measure: &Measure, whole: &Row, by: &[usize]) -> Option<i128> {
        let apart = place.split(whole, by);
        apart.iter().try_fold(0_i128, |sum, asked| {
            let parts = self.sum(measure, &place.parts_of(asked));
            let whole = place.whole_of(asked).filter(|_| !by.is_empty());
            let best = match (parts, whole.map(|whole| self.said(measure, whole))) {
                (_, Some(Said::Unclear)) => return None,
                (Some(parts), Some(Said::Figure(whole)))
                    if !self.exceeds(place, measure, whole, parts) =>
                {
                    parts
                }
                (_, Some(Said::Figure(whole))) => whole,
                (parts, Some(Said::Nothing) | None) => parts?,
            };
            sum.checked_add(best)
        })
    }

    /// Whether parts are of all declared values of what is asked.
    pub(super) fn are_all(&self, parts: &[&Row], asked: &[Of]) -> bool {
        let of = |row: &&Row| -> Vec<Of> {
            let open = row.of.iter().zip(asked).filter(|(_, asked)| **asked == Of::All);
            open.map(|(own, _)| *own).collect()
        };
        let there: HashSet<Vec<Of>> =
            parts.iter().map(of).filter(|of| !of.contains(&Of::Unknown)).collect();
        let open = self.dimensions.iter().zip(asked).filter(|(_, asked)| **asked == Of::All);
        let declared = open.map(|(dimension, _)| dimension.values.len());
        there.len() == declared.fold(1, usize::saturating_mul)
    }

    fn said(&self, measure: &Measure, whole: &Row) -> Said {
        let repeats = self.rows.rows.get(whole.at).is_some_and(|rows| *rows > 1);
        if repeats || self.bounded.contains(&(whole.at, measure.sum)) {
            return Said::Unclear;
        }
        let key = self.rows.keys.get(whole.at);
        match self.sum(measure, &[whole]) {
            Some(figure) => Said::Figure(figure),
            None if key.is_some_and(|key| self.source.has_cell(key, &measure.id)) => Said::Unclear,
            None => Said::Nothing,
        }
    }

    /// The sum of rows; none where one lacks its figure.
    pub(super) fn sum(&self, measure: &Measure, rows: &[&Row]) -> Option<i128> {
        let column = self.rows.sums.get(measure.sum)?;
        rows.iter().try_fold(0_i128, |sum, row| {
            sum.checked_add(column.total(row.at).filter(|_| column.missing(row.at) == 0)?)
        })
    }

    /// Whether a whole tells of more than its known parts: of others, where some may be below zero.
    pub(super) fn exceeds(
        &self,
        place: &Place,
        measure: &Measure,
        whole: i128,
        parts: i128,
    ) -> bool {
        let column = self.rows.sums.get(measure.sum);
        let is_negative = |row: &Row| {
            column.and_then(|column| column.total(row.at)).is_none_or(|total| total < 0)
        };
        let rows = || place.parts.iter().chain(&place.wholes);
        whole > parts || (measure.scale != 0 && whole != parts && rows().any(is_negative))
    }
}

/// Dimensions that a whole totals and that are asked for.
fn split<'a>(whole: &'a Row, asked: &'a [Of]) -> impl Iterator<Item = usize> + 'a {
    let both = whole.of.iter().zip(asked).enumerate();
    both.filter(|(_, (own, asked))| **own == Of::All && **asked != Of::All).map(|(at, _)| at)
}
