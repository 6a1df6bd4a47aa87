//! Compound keys (复合键): the ids of several key columns as one number.

use hashbrown::HashMap;

use super::blocks::BLOCK;
use super::ids::Ids;
use super::keys::NONE;

/// One number for the ids of several columns, which differs for different ids.
pub(crate) struct Compound<'a> {
    parts: Vec<Part<'a>>,
    /// Numbers that there may be, from 0; none beyond 128 bits.
    possible: Option<u128>,
}

struct Part<'a> {
    ids: &'a Ids,
    radix: u64,
    /// Place of each id in the order of its values, where ids do not stand in it.
    ranks: Option<Vec<u32>>,
    /// The ids in the order of their values.
    order: Option<Vec<u32>>,
}

impl<'a> Compound<'a> {
    pub(crate) fn new() -> Self {
        Self { parts: Vec::new(), possible: Some(1) }
    }

    /// Adds a column with so many values, which varies faster than those before it.
    pub(crate) fn push(&mut self, ids: &'a Ids, values: usize) {
        let radix = u64::try_from(values).unwrap_or(u64::MAX).saturating_add(1);
        self.possible = self.possible.and_then(|possible| possible.checked_mul(radix.into()));
        self.parts.push(Part { ids, radix, ranks: None, order: None });
    }

    /// Adds a column whose numbers are to stand in the order of its values.
    pub(crate) fn push_in_order<T: Ord>(&mut self, ids: &'a Ids, values: &[T]) {
        self.push(ids, values.len());
        if values.is_sorted() {
            return;
        }
        let mut order: Vec<u32> = (0_u32..).zip(values).map(|(id, _)| id).collect();
        order.sort_by_key(|id| usize::try_from(*id).ok().and_then(|id| values.get(id)));
        let mut ranks = vec![0; values.len()];
        for (rank, id) in (1_u32..).zip(&order) {
            if let Some(place) = usize::try_from(*id).ok().and_then(|id| ranks.get_mut(id)) {
                *place = rank;
            }
        }
        if let Some(part) = self.parts.last_mut() {
            (part.ranks, part.order) = (Some(ranks), Some(order));
        }
    }

    /// How many numbers there may be; none beyond 128 bits.
    pub(crate) const fn possible(&self) -> Option<u128> {
        self.possible
    }

    /// The numbers of rows from `start` on.
    pub(crate) fn fill<N: Number>(&self, start: usize, numbers: &mut [N]) {
        let mut room = [0_u32; BLOCK];
        numbers.fill(N::default());
        for part in &self.parts {
            let ids = part.ids.block(start, room.get_mut(..numbers.len()).unwrap_or(&mut []));
            match &part.ranks {
                None => {
                    for (number, id) in numbers.iter_mut().zip(ids) {
                        *number = number.then(part.radix, id.wrapping_add(1));
                    }
                }
                Some(ranks) => {
                    for (number, id) in numbers.iter_mut().zip(ids) {
                        *number = number.then(part.radix, place(ranks, *id));
                    }
                }
            }
        }
    }

    /// The number of ids, one a column.
    pub(crate) fn number(&self, ids: impl IntoIterator<Item = u32>) -> u128 {
        self.parts.iter().zip(ids).fold(0, |number: u128, (part, id)| {
            let place = match &part.ranks {
                None => id.wrapping_add(1),
                Some(ranks) => place(ranks, id),
            };
            number.then(part.radix, place)
        })
    }

    /// The ids that make a number, one a column.
    pub(crate) fn ids_of(&self, number: u128, ids: &mut Vec<u32>) {
        match u64::try_from(number) {
            Ok(number) => self.ids_of_number(number, ids),
            Err(_) => self.ids_of_number(number, ids),
        }
    }

    fn ids_of_number<N: Number>(&self, mut number: N, ids: &mut Vec<u32>) {
        ids.clear();
        for part in self.parts.iter().rev() {
            let place;
            (number, place) = number.before(part.radix);
            ids.push(match (place.checked_sub(1), &part.order) {
                (Some(rank), Some(order)) => {
                    let id = usize::try_from(rank).ok().and_then(|rank| order.get(rank));
                    id.copied().unwrap_or(NONE)
                }
                (place, _) => place.unwrap_or(NONE),
            });
        }
        ids.reverse();
    }

    /// One column that differs where the key does, for keys that no number can tell.
    pub(crate) fn spelled_out(&self) -> Ids {
        let rows = self.parts.first().map_or(0, |part| part.ids.rows());
        let mut known: HashMap<Vec<u32>, u32> = HashMap::new();
        let key =
            |row: usize| self.parts.iter().filter_map(|part| part.ids.get(row)).copied().collect();
        let ids = (0..rows).map(|row| {
            let next = u32::try_from(known.len()).unwrap_or(NONE);
            *known.entry(key(row)).or_insert(next)
        });
        ids.collect()
    }

    /// The key columns.
    pub(crate) fn columns(&self) -> impl Iterator<Item = &'a Ids> {
        self.parts.iter().map(|part| part.ids)
    }
}

/// An integer that compound keys are told in.
pub(crate) trait Number: Copy + Default {
    /// The number with one more place. Wraps only where [`Compound::possible`] tells it.
    fn then(self, radix: u64, place: u32) -> Self;
    /// The number without its last place, and that.
    fn before(self, radix: u64) -> (Self, u32);
}

impl Number for u64 {
    fn then(self, radix: u64, place: u32) -> Self {
        self.wrapping_mul(radix).wrapping_add(Self::from(place))
    }

    fn before(self, radix: u64) -> (Self, u32) {
        let place = self.checked_rem(radix).and_then(|place| u32::try_from(place).ok());
        (self.checked_div(radix).unwrap_or(0), place.unwrap_or(0))
    }
}

impl Number for u128 {
    fn then(self, radix: u64, place: u32) -> Self {
        self.wrapping_mul(Self::from(radix)).wrapping_add(Self::from(place))
    }

    fn before(self, radix: u64) -> (Self, u32) {
        let radix = Self::from(radix);
        let place = self.checked_rem(radix).and_then(|place| u32::try_from(place).ok());
        (self.checked_div(radix).unwrap_or(0), place.unwrap_or(0))
    }
}

/// Place of an id in the order of values; 0 for none.
fn place(ranks: &[u32], id: u32) -> u32 {
    usize::try_from(id).ok().and_then(|id| ranks.get(id)).copied().unwrap_or(0)
}
