//! Figures that a table knows.

use hashbrown::HashMap;

use super::scope::Scope;
use super::{Audit, Computed, Figure, Rule, Verdict};
use super::{parts, rest};
use crate::error::Problem;
use crate::number::{Bounds, End};
use crate::period::Period;
use crate::prose::{Proposal, Sort, groups, phrase};
use crate::quantity::Convention;
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
    /// The name of its area; none fits every area.
    pub area: Option<String>,
    /// What it is called in messages: the file, or the name of the table.
    pub label: String,
}

/// Words of figures that are of several years together.
const SPANS: [&str; 3] = ["累计", "期间", "年均"];

/// Letters up to 年 after 近 where it tells several years: 近三年.
const RECENT: usize = 3;

/// Holds every figure whose best proposal is in the table, and is the only best, against it.
pub(super) fn figures(
    audit: &mut Audit<'_>,
    figures: &[Figure<'_>],
    scopes: &[Scope],
    known: &[Known],
) {
    let mut by_id: HashMap<&str, Vec<&Known>> = HashMap::new();
    for known in known {
        by_id.entry(&known.id).or_default().push(known);
    }
    let year = audit.reading.year;
    // A table is of one area.
    let area = known.first().and_then(|known| known.area.as_deref());
    for (figure, scope) in figures.iter().zip(scopes) {
        let Some(proposal) = named(figure, scope, area) else { continue };
        let fits = |known: &&&Known| match (known.period, figure.found.period) {
            (Some(here), Some(there)) => here == there,
            (Some(Period::Year(here)), None) => year.is_none_or(|year| year == here),
            _ => true,
        };
        let known = by_id.get(proposal.id.as_str()).into_iter().flatten().filter(fits);
        let known: Vec<&Known> = known.copied().collect();
        match known.as_slice() {
            [] => {}
            [known] => hold(audit, figure, known),
            several => cannot_tell(audit, figure, several),
        }
    }
}

/// The proposal of a figure that is of all that the name is of, and of one time.
fn named<'f>(figure: &Figure<'f>, scope: &Scope, area: Option<&str>) -> Option<&'f Proposal> {
    let found = figure.found;
    let proposal = found.proposals.first().filter(|_| !found.ambiguous)?;
    let fewer = groups::narrows(&found.subject, &proposal.alias)
        || scope.is_narrow(&proposal.alias, proposal.stock);
    let other = scope.is_of_other(area)
        || (proposal.stock || found.sort == Sort::Share)
            && rest::tells_other(&found.subject, &proposal.alias, found.sort, area);
    let some =
        proposal.stock && phrase::is_deed(&found.verb) && !proposal.alias.contains(&found.verb);
    let headed = parts::headed(figure).is_some() && !parts::is_per_head(&proposal.alias);
    let undated = (found.earlier && found.period.is_none()) || scope.is_before(found.period);
    let one = !fewer && !some && !other && !headed && !undated;
    let one = one && !scope.planned && !is_of_years(&found.lead);
    one.then_some(proposal)
}

/// Whether a text tells several years together.
fn is_of_years(lead: &str) -> bool {
    let recent = |behind: &str| behind.chars().take(RECENT).any(|letter| letter == '年');
    lead.split('近').skip(1).any(recent) || SPANS.iter().any(|span| lead.contains(span))
}

fn hold(audit: &mut Audit<'_>, figure: &Figure<'_>, known: &Known) {
    let Some(computed) = computed(figure, known) else { return };
    let verdict = computed.verdict(&nearly(figure));
    tell(audit, verdict, figure, known, &computed.bounds);
}

fn tell(
    audit: &mut Audit<'_>,
    verdict: Verdict,
    figure: &Figure<'_>,
    known: &Known,
    bounds: &Bounds,
) {
    audit.tell(Rule::Table, verdict, figure, &[], bounds, |shown| Problem::TextDiffers {
        id: known.id.clone(),
        said: figure.written(),
        known: shown,
        label: known.label.clone(),
    });
}

/// What a figure may be; 近9000 may also be written of 9000 itself.
fn nearly(figure: &Figure<'_>) -> Bounds {
    match figure.bounds.hi {
        End::Open(most) if figure.found.quantity.convention == Convention::Nearly => {
            Bounds { hi: End::Closed(most), ..figure.bounds }
        }
        _ => figure.bounds,
    }
}

/// Figures of several periods are not told apart without one: from the least to the greatest.
fn cannot_tell(audit: &mut Audit<'_>, figure: &Figure<'_>, known: &[&Known]) {
    let all: Option<Vec<Bounds>> =
        known.iter().map(|known| Some(computed(figure, known)?.bounds)).collect();
    let Some(all) = all else { return };
    let least = all.iter().map(|bounds| bounds.lo).min_by_key(|end| end.value());
    let greatest =
        all.iter().map(|bounds| bounds.hi).max_by_key(|end| (end.value().is_none(), end.value()));
    let Some(((lo, hi), first)) = least.zip(greatest).zip(known.first()) else { return };
    tell(audit, Verdict::CannotTell, figure, first, &Bounds { lo, hi });
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
