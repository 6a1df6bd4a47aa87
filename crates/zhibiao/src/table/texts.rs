//! Columns of texts that repeat: each distinct text is made once.

use polars::prelude::{Column, IdxCa, IdxSize, NamedFrom, PolarsError, PolarsResult, Series};

/// Distinct texts, and which of them stands in a row.
pub(super) struct Texts {
    distinct: Vec<Option<String>>,
    rows: Vec<IdxSize>,
}

impl Texts {
    /// The texts of items in order, each as often as is told; what has the same key as the item
    /// before it has the same text.
    pub(super) fn of<'t, T, K: PartialEq>(
        items: &'t [T],
        times: usize,
        key: impl Fn(&'t T) -> K,
        text: impl Fn(&'t T) -> Option<String>,
    ) -> PolarsResult<Self> {
        let mut distinct = Vec::new();
        let mut rows = Vec::with_capacity(items.len().saturating_mul(times));
        let mut last = None;
        for item in items {
            let own = Some(key(item));
            if own != last {
                distinct.push(text(item));
                last = own;
            }
            let at = index(distinct.len().saturating_sub(1))?;
            rows.extend(std::iter::repeat_n(at, times));
        }
        Ok(Self { distinct, rows })
    }

    /// Texts by row.
    pub(super) fn by_row(
        distinct: impl IntoIterator<Item = Option<String>>,
        rows: impl Iterator<Item = usize>,
    ) -> PolarsResult<Self> {
        let rows = rows.map(index).collect::<PolarsResult<_>>()?;
        Ok(Self { distinct: distinct.into_iter().collect(), rows })
    }

    pub(super) fn column(self, name: &str) -> PolarsResult<Column> {
        let distinct = Series::new(name.into(), self.distinct);
        distinct.take(&IdxCa::from_vec(name.into(), self.rows)).map(Column::from)
    }
}

fn index(at: usize) -> PolarsResult<IdxSize> {
    let many = || PolarsError::ComputeError("more texts than a frame has rows".into());
    IdxSize::try_from(at).map_err(|_| many())
}
