//! Parts and wholes: shares, parts, totals, amounts per head.

use super::{Audit, Computed, Figure, Rule, Verdict};
use crate::error::Problem;
use crate::number::{Bounds, Ratio};
use crate::prose::Sort;

/// Words that make all figures before them parts of the next.
const TOTALS: [&str; 5] = ["共计", "合计", "总计", "总共", "一共"];

/// Pairs of parts that are all there is.
const ALL: [(&str, &str); 3] = [("男", "女"), ("公办", "民办"), ("城", "乡")];

/// A share that stands behind its part: 占X的76%, 完成率85%.
pub(super) fn share(audit: &mut Audit<'_>, figure: &Figure<'_>, before: &[Figure<'_>]) {
    if figure.found.sort != Sort::Share {
        return;
    }
    let lead = figure.found.lead.as_str();
    let Some(part) = before.last().filter(|part| part.is_level() && part.found.sort != Sort::Share)
    else {
        return;
    };
    let like: Vec<&Figure<'_>> =
        before.iter().filter(|other| other.at != part.at && other.is_like(part)).collect();
    let whole = match named_whole(lead) {
        Some(name) => one(like.iter().copied().filter(|other| named(&other.found.subject, name)))
            .or_else(|| one(like.iter().copied()).filter(|_| name.is_empty() || is_part(part))),
        None if rate_of(lead, part) => like
            .last()
            .copied()
            .filter(|whole| is_part(part) || named(&part.found.subject, &whole.found.subject)),
        None => None,
    };
    let Some(whole) = whole else { return };
    let Some(computed) = quotient(part, whole, 100) else { return };
    audit.hold(Rule::Share, figure, &[part, whole], &computed, |computed| Problem::ShareDiffers {
        said: figure.written(),
        part: part.written(),
        whole: whole.written(),
        computed,
    });
}

/// The whole that a text names between 占 and 的; empty where it names none (占比).
fn named_whole(lead: &str) -> Option<&str> {
    let (_, behind) = lead.rsplit_once('占')?;
    let ends = ["的", "比重", "比例", "比", "达", "为", "约", "近", "超"];
    let end = ends.iter().filter_map(|end| behind.find(end)).min();
    Some(behind.get(..end.unwrap_or(behind.len()))?.trim())
}

/// Whether a rate is that of the part before it: 52个已完成，完成率.
fn rate_of(lead: &str, part: &Figure<'_>) -> bool {
    let Some(rate) = lead.rfind('率') else { return false };
    let stem: String = {
        let letters: Vec<char> =
            lead.get(..rate).unwrap_or_default().chars().rev().take(2).collect();
        letters.into_iter().rev().collect()
    };
    let text = lead.get(..rate).and_then(|text| text.strip_suffix(stem.as_str()));
    let of_part = [&part.found.subject, &part.found.verb, &part.found.lead];
    stem.chars().count() == 2
        && (text.is_some_and(|text| text.contains(&stem))
            || of_part.iter().any(|text| text.contains(&stem)))
}

/// Whether one name is part of the other.
fn named(subject: &str, name: &str) -> bool {
    !subject.is_empty() && !name.is_empty() && (name.contains(subject) || subject.contains(name))
}

/// The only one, or none.
fn one<T>(mut of: impl Iterator<Item = T>) -> Option<T> {
    of.next().filter(|_| of.next().is_none())
}

/// Whether a figure is said to be part of one before it.
fn is_part(figure: &Figure<'_>) -> bool {
    let lead = &figure.found.lead;
    lead.contains("其中") || lead.rfind(['（', '(']) > lead.rfind(['）', ')'])
}

fn quotient(part: &Figure<'_>, whole: &Figure<'_>, factor: i128) -> Option<Computed> {
    let bounds = part.bounds.div(&whole.bounds).ok()?.scaled(factor).ok()?;
    let value = part.value.zip(whole.value);
    let value = value.and_then(|(part, whole)| part.div(whole).ok()?.scaled(factor).ok());
    Some(Computed { bounds, value })
}

/// Parts after 其中 or in brackets, against their whole; each and together.
pub(super) fn parts(audit: &mut Audit<'_>, sentence: &[Figure<'_>]) {
    let mut whole: Option<&Figure<'_>> = None;
    let mut parts: Vec<&Figure<'_>> = Vec::new();
    for (at, figure) in sentence.iter().enumerate() {
        let before = sentence.get(..at).unwrap_or_default();
        if !figure.is_level() || figure.found.sort == Sort::Share {
            continue;
        }
        if is_part(figure) {
            sum_of(audit, whole, &parts);
            parts.clear();
            let back = before.get(before.len().saturating_sub(super::BACK)..).unwrap_or_default();
            whole = back.iter().rev().find(|other| other.is_like(figure));
        }
        let Some(of) = whole.filter(|of| of.is_like(figure)) else { continue };
        if !is_part(figure)
            && figure.found.lead.contains(['，', '。', '）'])
            && !follows_part(figure)
        {
            sum_of(audit, whole, &parts);
            (whole, parts) = (None, Vec::new());
            continue;
        }
        parts.push(figure);
        part_of(audit, figure, of);
    }
    sum_of(audit, whole, &parts);
}

/// Whether a figure after a comma still belongs to the list of parts: 男生x人，女生y人.
fn follows_part(figure: &Figure<'_>) -> bool {
    figure.found.verb.is_empty() && figure.found.lead.chars().count() <= 12
}

fn part_of(audit: &mut Audit<'_>, part: &Figure<'_>, whole: &Figure<'_>) {
    let up_to = Bounds { lo: crate::number::End::Infinite, hi: whole.bounds.hi };
    let verdict = if !part.bounds.overlaps(&up_to) {
        Verdict::Contradicts
    } else if up_to_least(part, whole) {
        Verdict::Follows
    } else {
        Verdict::CannotTell
    };
    audit.tell(Rule::Part, verdict, part, &[whole], &up_to, |_| Problem::PartExceedsWhole {
        part: part.found.subject.clone(),
        given: part.written(),
        whole: whole.found.subject.clone(),
        other: whole.written(),
    });
}

/// Whether no number that the part may be exceeds one that the whole may be.
fn up_to_least(part: &Figure<'_>, whole: &Figure<'_>) -> bool {
    let difference = whole.bounds.sub(&part.bounds);
    difference.is_ok_and(|difference| {
        difference.compare(crate::number::Comparison::AtLeast, Ratio::ZERO) == Some(true)
    })
}

/// Several parts together: never more than their whole, and as much where they are all there is.
fn sum_of(audit: &mut Audit<'_>, whole: Option<&Figure<'_>>, parts: &[&Figure<'_>]) {
    let Some(whole) = whole.filter(|_| parts.len() > 1) else { return };
    let Some(sum) = sum(parts) else { return };
    let all = ALL.iter().any(|(one, other)| {
        let has = |word: &str| parts.iter().any(|part| part.found.subject.contains(word));
        has(one) && has(other)
    });
    let least = Bounds { lo: sum.bounds.lo, hi: crate::number::End::Infinite };
    let exceeds = !whole.bounds.overlaps(&least);
    let agrees = sum.verdict(&whole.bounds) != Verdict::Contradicts;
    if exceeds || agrees || all {
        hold_sum(audit, whole, parts, &sum);
    }
}

/// 共计: the figures before it are its parts.
pub(super) fn total(audit: &mut Audit<'_>, figure: &Figure<'_>, before: &[Figure<'_>]) {
    let lead = &figure.found.lead;
    if !figure.is_level() || !TOTALS.iter().any(|word| lead.contains(word)) {
        return;
    }
    let parts: Vec<&Figure<'_>> = before.iter().filter(|part| part.is_like(figure)).collect();
    if parts.len() < 2 || parts.iter().any(|part| is_part(part)) {
        return;
    }
    if let Some(sum) = sum(&parts) {
        hold_sum(audit, figure, &parts, &sum);
    }
}

fn hold_sum(audit: &mut Audit<'_>, whole: &Figure<'_>, parts: &[&Figure<'_>], sum: &Computed) {
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

/// 人均: the last amount over the last number of persons.
pub(super) fn per_head(audit: &mut Audit<'_>, figure: &Figure<'_>, before: &[Figure<'_>]) {
    let lead = &figure.found.lead;
    let headed = ["人均", "生均", "每人", "每生"].iter().any(|word| lead.contains(word));
    if !headed || !matches!(figure.counts.as_str(), "元" | "元/人" | "元/生") {
        return;
    }
    let last = |counts: &str| before.iter().rev().find(|other| other.counts == counts);
    let (Some(amount), Some(heads)) = (last("元"), last("人")) else { return };
    let Some(computed) = quotient(amount, heads, 1) else { return };
    // The amount per head is rounded as it is printed, though yuan are else exact.
    let printed =
        Bounds::around(figure.found.quantity.number).ok().filter(|_| figure.value.is_some());
    let said = printed.map_or(figure.bounds, |printed| base_of(figure, &printed));
    let verdict = computed.verdict(&said);
    audit.tell(Rule::PerHead, verdict, figure, &[amount, heads], &computed.bounds, |computed| {
        Problem::PerHeadDiffers {
            said: figure.written(),
            amount: amount.written(),
            heads: heads.written(),
            computed,
        }
    });
}

fn base_of(figure: &Figure<'_>, bounds: &Bounds) -> Bounds {
    match (&figure.found.quantity.unit, super::base(&figure.found.quantity).0) {
        (Some(unit), Some(base)) => unit.convert(bounds, &base).unwrap_or(*bounds),
        _ => *bounds,
    }
}
