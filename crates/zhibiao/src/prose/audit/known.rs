//! Figures that a table knows.

use hashbrown::HashMap;

use super::{Audit, Computed, Figure, Rule};
use crate::error::Problem;
use crate::number::{Bounds, End};
use crate::period::Period;
use crate::unit::Unit;

/// A figure that is known from a table (已知数).
#[derive(Clone, Debug, PartialEq)]
pub struct Known {
    /// Id of the measure or indicator.
    pub id: String,
    /// What it is, in `unit`.
    pub bounds: Bounds,
    /// Its unit.
    pub unit: Unit,
    /// Its period; none fits every period.
    pub period: Option<Period>,
    /// What it is called in messages: the file, or the name of the table.
    pub label: String,
}

/// Holds every figure whose best proposal is in the table, and is the only best, against it.
pub(super) fn figures(audit: &mut Audit<'_>, figures: &[Figure<'_>], known: &[Known]) {
    let mut by_id: HashMap<&str, Vec<&Known>> = HashMap::new();
    for known in known {
        by_id.entry(&known.id).or_default().push(known);
    }
    for figure in figures.iter().filter(|figure| !figure.found.ambiguous) {
        let Some(proposal) = figure.found.proposals.first() else { continue };
        let fits = |known: &&&Known| match (known.period, figure.found.period) {
            (Some(here), Some(there)) => here == there,
            _ => true,
        };
        let mut known = by_id.get(proposal.id.as_str()).into_iter().flatten().filter(fits);
        // Figures of several periods are not told apart without one.
        let (Some(known), None) = (known.next(), known.next()) else { continue };
        let Some(computed) = computed(figure, known) else { continue };
        audit.hold(Rule::Table, figure, &[], &computed, |shown| Problem::TextDiffers {
            id: known.id.clone(),
            said: figure.written(),
            known: shown,
            label: known.label.clone(),
        });
    }
}

fn computed(figure: &Figure<'_>, known: &Known) -> Option<Computed> {
    let quantity = &figure.found.quantity;
    let base = super::base(quantity).0;
    let bounds = match &base {
        Some(base) if base.same_quantity(&known.unit) => {
            known.unit.convert(&known.bounds, base).ok()?
        }
        // 60个 of what is counted by 项.
        _ if matches!(quantity.counted.as_str(), "个" | "项" | "件") => {
            let (base, _) = known.unit.without_multiple();
            known.unit.convert(&known.bounds, &base).ok()?
        }
        _ => return None,
    };
    let value = match bounds.lo {
        End::Closed(value) if bounds == Bounds::exact(value) => Some(value),
        _ => None,
    };
    Some(Computed { bounds, value })
}
