//! Sums (合计): parts together, and totals.

use super::parts::{headed, is_part};
use super::{Audit, Computed, Figure, Rule, Verdict};
use crate::error::Problem;
use crate::number::{Bounds, Ratio};
use crate::prose::{groups::Disjoint, phrase};

/// Words that make the figures before them parts of the next.
const TOTALS: [&str; 5] = ["共计", "合计", "总计", "总共", "一共"];

/// Further words of figures that are no part of what was listed before.
const WHOLES: [&str; 8] = ["总数", "总量", "总额", "全县", "全市", "全区", "全省", "全国"];

/// Words of the last part of a list that has all parts.
const REST: [&str; 3] = ["其余", "其他", "剩余"];

/// Words of a figure that stands beside a list which lacks it.
const BESIDE: [&str; 4] = ["另有", "另外", "此外", "还有"];

/// Whether a figure is said to be of all.
pub(super) fn is_total(figure: &Figure<'_>) -> bool {
    WHOLES.iter().any(|word| figure.found.lead.contains(word)) || is_sum(figure)
}

/// Whether a figure stands beside a list that lacks it.
pub(super) fn is_beside(figure: &Figure<'_>) -> bool {
    BESIDE.iter().any(|word| figure.found.lead.contains(word))
}

/// Several parts together: as much as their whole where they are all there is, and no more than it
/// where no two can hold of one thing. Parts that may overlap contradict nothing.
pub(super) fn parts(audit: &mut Audit<'_>, whole: Option<&Figure<'_>>, parts: &[&Figure<'_>]) {
    let Some(whole) = whole.filter(|_| parts.len() > 1) else { return };
    let is_open = parts.iter().any(|part| is_beside(part));
    let agrees = |sum: &Computed| sum.verdict(&whole.bounds) != Verdict::Contradicts;
    let rest =
        parts.last().is_some_and(|last| REST.iter().any(|word| last.found.lead.contains(word)));
    if let Some(sum) = sum(parts).filter(|sum| rest || agrees(sum)) {
        return hold(audit, whole, parts, &sum);
    }
    for disjoint in Disjoint::all() {
        let of = |part: &&&Figure<'_>| disjoint.of(&part.found.subject);
        let members: Vec<&Figure<'_>> =
            parts.iter().filter(|part| of(part).is_some()).copied().collect();
        let mut groups: Vec<usize> = members.iter().filter_map(|part| of(&part)).collect();
        groups.sort_unstable();
        groups.dedup();
        let Some(sum) = sum(&members).filter(|_| groups.len() > 1 && groups.len() == members.len())
        else {
            continue;
        };
        let least = Bounds { lo: sum.bounds.lo, hi: crate::number::End::Infinite };
        let all = !is_open && disjoint.is_all(groups.len(), members.len() == parts.len());
        if all || !whole.bounds.overlaps(&least) {
            return hold(audit, whole, &members, &sum);
        }
    }
}

/// 共计: the figures before it are its parts, from the total before on where that is one of them.
pub(super) fn total(audit: &mut Audit<'_>, figure: &Figure<'_>, before: &[Figure<'_>]) {
    if !figure.is_level() || !is_sum(figure) {
        return;
    }
    let is_term = |part: &&Figure<'_>| part.is_like(figure) && headed(part).is_none();
    let mut parts: Vec<&Figure<'_>> = before.iter().filter(is_term).collect();
    if let Some(first) = parts.iter().position(|part| is_part(part)) {
        let after = parts.split_off(first);
        return parts.last().map_or((), |whole| again(audit, figure, whole, &after));
    }
    // 共 alone is of what is told alike: not of what there is and of what was done to it.
    let deed = |part: &&Figure<'_>| phrase::is_deed(&part.found.verb);
    if phrase::is_bare_total(&figure.found.lead)
        && parts.iter().any(deed)
        && !parts.iter().all(deed)
    {
        return;
    }
    // 上半年合计, 下半年, 全年共计
    if let Some(last) = parts.iter().rposition(|part| is_total_level(part)).filter(|last| *last > 1)
    {
        let after = parts.split_off(last);
        if after.len() > 1 {
            parts = after;
        } else {
            parts.extend(after);
            parts.retain(|part| is_total_level(part));
        }
    }
    if let Some(sum) = sum(&parts).filter(|_| parts.len() > 1) {
        hold(audit, figure, &parts, &sum);
    }
}

/// Whether a figure is said to be that of all before it.
fn is_sum(figure: &Figure<'_>) -> bool {
    let lead = figure.found.lead.as_str();
    TOTALS.iter().any(|word| lead.contains(word)) || phrase::is_bare_total(lead)
}

fn is_total_level(figure: &Figure<'_>) -> bool {
    figure.is_level() && is_sum(figure)
}

/// A total behind a whole and its parts is that whole, where it is more or the parts are all of it.
fn again(audit: &mut Audit<'_>, figure: &Figure<'_>, whole: &Figure<'_>, parts: &[&Figure<'_>]) {
    let up_to = Bounds { lo: crate::number::End::Infinite, hi: whole.bounds.hi };
    let all = sum(parts).is_some_and(|sum| sum.verdict(&whole.bounds) == Verdict::Follows);
    let computed = Computed { bounds: whole.bounds, value: whole.value };
    let differs = computed.verdict(&figure.bounds) == Verdict::Contradicts;
    if differs && (all || !figure.bounds.overlaps(&up_to)) {
        audit.hold(Rule::Same, figure, &[whole], &computed, |_| Problem::FiguresDiffer {
            subject: whole.found.subject.clone(),
            first: whole.written(),
            second: figure.written(),
            line: whole.found.position.line,
        });
    }
}

fn hold(audit: &mut Audit<'_>, whole: &Figure<'_>, parts: &[&Figure<'_>], sum: &Computed) {
    let written: Vec<String> = parts.iter().map(|part| part.written()).collect();
    audit.hold(Rule::Sum, whole, parts, sum, |sum| Problem::PartsDiffer {
        said: whole.written(),
        parts: written.join(", "),
        sum,
    });
}

fn sum(parts: &[&Figure<'_>]) -> Option<Computed> {
    let zero = Computed { bounds: Bounds::exact(Ratio::ZERO), value: Some(Ratio::ZERO) };
    parts.iter().try_fold(zero, |sum, part| {
        let value = sum.value.zip(part.value).and_then(|(sum, part)| sum.add(part).ok());
        Some(Computed { bounds: sum.bounds.add(&part.bounds).ok()?, value })
    })
}
