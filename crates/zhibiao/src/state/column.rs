//! Sums of all groups (一列的和), narrow where all of them fit 64 bits.

use ethnum::I256;

use super::Sum;

/// One sum of every group. A column without entries is 0 throughout, and lacks nothing.
///
/// Columns of equal sums are equal: totals are wide only if one of them must be, and rows that
/// lack a part are kept only if there are some.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct SumColumn {
    totals: Totals,
    lacks: Option<Lacks>,
}

#[derive(Clone, Debug, PartialEq)]
enum Totals {
    Narrow(Vec<i64>),
    Wide(Vec<I256>),
}

/// Rows of each group that lack a part, and the first of them; `u64::MAX` where none lacks one.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Lacks {
    pub(crate) counts: Vec<u64>,
    pub(crate) first: Vec<u64>,
}

impl Default for Totals {
    fn default() -> Self {
        Self::Narrow(Vec::new())
    }
}

impl SumColumn {
    pub(crate) fn narrow(totals: Vec<i64>, lacks: Option<Lacks>) -> Self {
        let lacks = lacks.filter(|lacks| lacks.counts.iter().any(|count| *count > 0));
        Self { totals: Totals::Narrow(totals), lacks }
    }

    /// Columns one after the other, each with its number of groups.
    pub(super) fn joined<'a>(parts: impl Iterator<Item = (&'a Self, usize)> + Clone) -> Self {
        if parts.clone().all(|(column, _)| column.is_empty()) {
            return Self::default();
        }
        let is_narrow = |column: &Self| matches!(column.totals, Totals::Narrow(_));
        if !parts.clone().all(|(column, _)| is_narrow(column)) {
            let sums = parts.flat_map(|(column, groups)| {
                (0..groups).map(|group| column.get(group).unwrap_or_default())
            });
            return sums.collect();
        }
        let lack = parts.clone().any(|(column, _)| column.lacks.is_some());
        let (mut totals, mut lacks, mut end) = (Vec::new(), Lacks::default(), 0_usize);
        for (column, groups) in parts {
            end = end.saturating_add(groups);
            totals.extend(column.totals().unwrap_or(&[]));
            totals.resize(end, 0);
            if lack {
                if let Some(here) = &column.lacks {
                    lacks.counts.extend(&here.counts);
                    lacks.first.extend(&here.first);
                }
                lacks.counts.resize(end, 0);
                lacks.first.resize(end, u64::MAX);
            }
        }
        Self::narrow(totals, lack.then_some(lacks))
    }

    /// Number of groups.
    pub(crate) fn len(&self) -> usize {
        match &self.totals {
            Totals::Narrow(totals) => totals.len(),
            Totals::Wide(totals) => totals.len(),
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The sum of a group.
    pub(crate) fn get(&self, group: usize) -> Option<Sum> {
        let total = match &self.totals {
            Totals::Narrow(totals) => I256::from(*totals.get(group)?),
            Totals::Wide(totals) => *totals.get(group)?,
        };
        let lacks = self.lacks.as_ref();
        let of =
            |of: fn(&Lacks) -> &Vec<u64>| lacks.and_then(|lacks| of(lacks).get(group)).copied();
        let missing = of(|lacks| &lacks.counts).unwrap_or(0);
        Some(Sum::new(total, missing, of(|lacks| &lacks.first).unwrap_or(u64::MAX)))
    }

    /// The total of a group; none where it leaves 128 bits.
    pub(crate) fn total(&self, group: usize) -> Option<i128> {
        match &self.totals {
            Totals::Narrow(totals) => Some(totals.get(group).copied().unwrap_or(0).into()),
            Totals::Wide(totals) => totals.get(group).map_or(Ok(0), |t| (*t).try_into()).ok(),
        }
    }

    /// Rows of a group that lack a part.
    pub(crate) fn missing(&self, group: usize) -> u64 {
        let lacks = self.lacks.as_ref();
        lacks.and_then(|lacks| lacks.counts.get(group)).copied().unwrap_or(0)
    }

    /// The totals, where all of them fit 64 bits.
    pub(crate) fn totals(&self) -> Option<&[i64]> {
        match &self.totals {
            Totals::Narrow(totals) => Some(totals),
            Totals::Wide(_) => None,
        }
    }

    /// Rows that lack a part; none where no row does.
    pub(crate) fn lacks(&self) -> Option<&Lacks> {
        self.lacks.as_ref()
    }

    /// The sums of several groups together.
    pub(crate) fn merged<'g>(&self, groups: impl IntoIterator<Item = &'g usize>) -> Sum {
        let sums = groups.into_iter().filter_map(|group| self.get(*group));
        sums.fold(Sum::default(), Sum::merge)
    }
}

impl FromIterator<Sum> for SumColumn {
    fn from_iter<I: IntoIterator<Item = Sum>>(sums: I) -> Self {
        let (mut narrow, mut wide) = (Vec::new(), None::<Vec<I256>>);
        let mut lacks = Lacks::default();
        for sum in sums {
            lacks.counts.push(sum.missing);
            lacks.first.push(sum.first_missing);
            match (&mut wide, i64::try_from(sum.total)) {
                (Some(wide), _) => wide.push(sum.total),
                (None, Ok(total)) => narrow.push(total),
                (None, Err(_)) => {
                    let before = narrow.iter().copied().map(I256::from);
                    wide = Some(before.chain([sum.total]).collect());
                }
            }
        }
        let column = Self::narrow(narrow, Some(lacks));
        match wide {
            Some(wide) => Self { totals: Totals::Wide(wide), ..column },
            None => column,
        }
    }
}

impl Lacks {
    /// Adds some rows of a group, and the first of them.
    pub(crate) fn note(&mut self, group: usize, count: u64, row: u64) {
        if let (Some(own), Some(first)) = (self.counts.get_mut(group), self.first.get_mut(group)) {
            *own = own.saturating_add(count);
            *first = row.min(*first);
        }
    }

    /// Those of two disjoint tables together.
    pub(crate) fn and(mut self, other: &Self) -> Self {
        for (count, other) in self.counts.iter_mut().zip(&other.counts) {
            *count = count.saturating_add(*other);
        }
        for (first, other) in self.first.iter_mut().zip(&other.first) {
            *first = (*first).min(*other);
        }
        self
    }
}
