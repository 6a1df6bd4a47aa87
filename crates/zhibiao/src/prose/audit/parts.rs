//! Parts and wholes: shares, parts, amounts per head.

use super::{Audit, Computed, Figure, Rule, Verdict, sums};
use crate::error::Problem;
use crate::number::{Bounds, Ratio};
use crate::prose::{Sort, groups, phrase};

/// Letters of the longest text before a further part of a list.
const LONGEST_LEAD: usize = 12;

/// Words that tell an amount per head.
const HEADED: [&str; 6] = ["人均", "生均", "每人", "每生", "每名", "每位"];

/// A share that stands behind its part: 占X的76%, 完成率85%.
pub(super) fn share(audit: &mut Audit<'_>, figure: &Figure<'_>, before: &[Figure<'_>]) {
    let lead = figure.found.lead.as_str();
    // 占比由6.8%下降到: the share of another time than the figures before it.
    if figure.found.sort != Sort::Share || lead.ends_with(['由', '从']) {
        return;
    }
    if let Some((part, whole)) = of_counted_whole(lead, before) {
        return hold_share(audit, figure, part, whole);
    }
    let Some(part) = before.last().filter(|part| part.is_level() && part.found.sort != Sort::Share)
    else {
        return;
    };
    // What has a share of its own is another part, unless this one is said to be part of it.
    let shared = |other: &Figure<'_>| {
        let next = before.iter().find(|next| next.at == other.at.saturating_add(1));
        let share = next.filter(|next| next.found.sort == Sort::Share);
        share.is_some_and(|share| named_whole(&share.found.lead).is_some()) && !is_part(part)
    };
    let like: Vec<&Figure<'_>> = before
        .iter()
        .filter(|other| other.at != part.at && other.is_like(part) && !shared(other))
        .collect();
    let whole = match named_whole(lead) {
        Some(name) => one(like.iter().copied().filter(|other| named(&other.found.subject, name)))
            .or_else(|| one(like.iter().copied()).filter(|_| name.is_empty() || is_part(part))),
        None if rate_of(lead, part) => like.last().copied().filter(|whole| is_of(part, whole)),
        None => None,
    };
    let apart = |whole: &&Figure<'_>| groups::exclude(&part.found.subject, &whole.found.subject);
    let Some(whole) = whole.filter(|whole| !apart(whole) && !is_of_other(lead, part)) else {
        return;
    };
    // Another figure may as well be the whole: it contradicts nothing that this one does not fit.
    let fits = |whole: &&Figure<'_>| {
        let computed = quotient(part, whole, 100);
        computed.is_some_and(|it| it.verdict(&figure.bounds) != Verdict::Contradicts)
    };
    let mut others = before.iter().filter(|other| other.at != part.at && other.is_like(part));
    let whole = if fits(&whole) { whole } else { others.find(fits).unwrap_or(whole) };
    hold_share(audit, figure, part, whole);
}

/// A part and the whole that stands with its own figure: 50所，占幼儿园总数60所的90%.
fn of_counted_whole<'f, 'a>(
    lead: &str,
    before: &'f [Figure<'a>],
) -> Option<(&'f Figure<'a>, &'f Figure<'a>)> {
    let [.., part, whole] = before else { return None };
    let of = whole.found.lead.rsplit(['，', '：', '（']).next().unwrap_or_default();
    let stated = of.contains('占') && lead.ends_with('的') && !lead.contains('，');
    (stated && part.is_like(whole) && part.found.sort != Sort::Share).then_some((part, whole))
}

fn hold_share(audit: &mut Audit<'_>, figure: &Figure<'_>, part: &Figure<'_>, whole: &Figure<'_>) {
    let Some(computed) = quotient(part, whole, 100) else { return };
    audit.hold(Rule::Share, figure, &[part, whole], &computed, |computed| Problem::ShareDiffers {
        said: figure.written(),
        part: part.written(),
        whole: whole.written(),
        computed,
    });
}

/// Whether a share is that of something else than the part before it: 民办园10所，公办园占比.
fn is_of_other(lead: &str, part: &Figure<'_>) -> bool {
    let of = lead.rsplit_once('占').map_or("", |(of, _)| of);
    let of = phrase::trimmed(of.rsplit(['，', '、', '：', '（']).next().unwrap_or(of));
    groups::leading(&of).is_some() && !named(&part.found.subject, &of)
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

/// Whether a part is of the whole before it: named as it, or not at all, or that which should be.
fn is_of(part: &Figure<'_>, whole: &Figure<'_>) -> bool {
    let (part_name, whole_name) = (&part.found.subject, &whole.found.subject);
    let bare = part_name.is_empty() || *part_name == part.found.verb;
    is_part(part) || bare || named(part_name, whole_name) || whole_name.starts_with('应')
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
pub(super) fn is_part(figure: &Figure<'_>) -> bool {
    figure.found.lead.contains("其中") || is_in_bracket(figure)
}

fn is_in_bracket(figure: &Figure<'_>) -> bool {
    let lead = &figure.found.lead;
    lead.rfind(['（', '(']) > lead.rfind(['）', ')'])
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
    // The list that goes on behind the bracket.
    let mut outer = None;
    for (at, figure) in sentence.iter().enumerate() {
        let before = sentence.get(..at).unwrap_or_default();
        if figure.found.lead.contains(['）', ')'])
            && let Some(list) = outer.take()
        {
            sums::parts(audit, whole, &parts);
            (whole, parts) = list;
        }
        if !figure.is_level() || figure.found.sort == Sort::Share || headed(figure).is_some() {
            continue;
        }
        if is_part(figure) {
            if is_in_bracket(figure) && outer.is_none() {
                outer = Some((whole, std::mem::take(&mut parts)));
            } else {
                sums::parts(audit, whole, &parts);
                parts.clear();
            }
            let back = before.get(before.len().saturating_sub(super::BACK)..).unwrap_or_default();
            whole = back.iter().rev().find(|other| other.is_like(figure));
        }
        let Some(of) = whole.filter(|of| of.is_like(figure)) else { continue };
        if !is_part(figure) && ends_list(figure, of, &parts) {
            // 另有5名: what the list lacks.
            if !sums::is_beside(figure) {
                sums::parts(audit, whole, &parts);
            }
            (whole, parts) = (None, Vec::new());
            continue;
        }
        parts.push(figure);
        part_of(audit, figure, of);
    }
    sums::parts(audit, whole, &parts);
    if let Some((whole, parts)) = outer {
        sums::parts(audit, whole, &parts);
    }
}

/// Whether a figure no longer belongs to a list of parts, as one does after a comma: 男生x人，女生y人.
fn ends_list(figure: &Figure<'_>, whole: &Figure<'_>, parts: &[&Figure<'_>]) -> bool {
    let (found, of) = (figure.found, whole.found);
    let verbs = parts.iter().map(|part| &part.found.verb).chain([&of.verb]);
    let done = found.verb.is_empty() || verbs.into_iter().any(|verb| *verb == found.verb);
    let listed = done && found.lead.chars().count() <= LONGEST_LEAD;
    let again = !found.subject.is_empty() && found.subject == of.subject;
    sums::is_total(figure) || again || (found.lead.contains(['，', '。', '）']) && !listed)
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

/// 人均: the last amount over the last number of persons.
pub(super) fn per_head(audit: &mut Audit<'_>, figure: &Figure<'_>, before: &[Figure<'_>]) {
    if !matches!(figure.counts.as_str(), "元" | "元/人" | "元/生") {
        return;
    }
    let Some(around) = headed(figure).filter(|_| !is_part(figure)) else { return };
    let last = |counts: &str| {
        let mut back = before.iter().rev().filter(|other| other.is_level());
        back.find(|other| other.counts == counts && headed(other).is_none())
    };
    let (Some(amount), Some(heads)) = (last("元"), last("人")) else { return };
    let apart = before.iter().any(|other| {
        (amount.at.min(heads.at)..figure.at).contains(&other.at) && headed(other).is_some()
    });
    if apart || !is_of_both(around, amount, heads) {
        return;
    }
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

/// What stands before 人均 and behind it, up to an amount per head.
pub(super) fn headed<'f>(figure: &Figure<'f>) -> Option<(&'f str, &'f str)> {
    let lead = figure.found.lead.as_str();
    let heads = HEADED.iter().filter_map(|word| Some((lead.rfind(word)?, word.len())));
    let (at, length) = heads.max()?;
    let clause = lead.get(..at)?.rsplit(['，', '：']).next()?;
    Some((clause, lead.get(at.saturating_add(length)..)?))
}

/// Whether a name is that of an amount per head.
pub(super) fn is_per_head(name: &str) -> bool {
    HEADED.iter().any(|word| name.contains(word))
}

/// Whether an amount per head is of this amount and these heads, and not of a standard, of a day,
/// or of some of them.
fn is_of_both(around: (&str, &str), amount: &Figure<'_>, heads: &Figure<'_>) -> bool {
    let (before, behind) = (phrase::trimmed(around.0), phrase::trimmed(around.1));
    let all = before.is_empty() || heads.found.subject.contains(&before);
    let of_amount = [&amount.found.subject, &amount.found.verb];
    let aid = behind.chars().count() == 2 && behind.ends_with('助');
    let same = of_amount.iter().any(|text| text.contains(&behind) || (aid && text.contains('助')));
    all && (behind.is_empty() || same)
}

fn base_of(figure: &Figure<'_>, bounds: &Bounds) -> Bounds {
    match (&figure.found.quantity.unit, super::base(&figure.found.quantity).0) {
        (Some(unit), Some(base)) => unit.convert(bounds, &base).unwrap_or(*bounds),
        _ => *bounds,
    }
}
