//! Changes: growth that does not follow from its levels, and 百分点 against %.

use super::parts::is_part;
use super::{Audit, Computed, Figure, Rule, Verdict};
use crate::error::Problem;
use crate::number::{Bounds, End, Ratio};
use crate::period::Period;
use crate::prose::Sort;
use crate::quantity::Convention;

/// Verbs of less.
const DOWN: [&str; 7] = ["下降", "减少", "降低", "回落", "缩小", "降", "减"];

/// Verbs of more.
const GROWS: [&str; 5] = ["增长", "增加", "提高", "扩大", "提升"];

/// Words before a verb of change that tell nothing that changes.
const HOW: [&str; 8] = ["净", "实际", "总体", "整体", "总量", "总数", "人数", "规模"];

/// Words of a change that is one of several equal ones.
const MEAN: [&str; 5] = ["年均", "月均", "每年", "每月", "逐年"];

/// Holds a change against the levels before it.
///
/// A mean of several years is not held, nor what is compared with another year than the levels are.
pub(super) fn change(audit: &mut Audit<'_>, figure: &Figure<'_>, before: &[Figure<'_>]) {
    let lead = &figure.found.lead;
    if figure.found.sort != Sort::Change
        || is_part(figure)
        || MEAN.iter().any(|word| lead.contains(word))
    {
        return;
    }
    let counts = figure.counts.as_str();
    if let Some((from, to)) = levels(figure, before) {
        match counts {
            "个百分点" if from.counts == "%" => difference(audit, figure, from, to),
            "%" if from.counts == "%" => of_percentages(audit, figure, from, to),
            "%" => growth(audit, figure, from, to),
            "倍" if from.counts != "%" => multiple(audit, figure, from, to),
            _ if counts == from.counts => difference(audit, figure, from, to),
            _ => {}
        }
    } else if counts == "%" && compared_year(lead).is_none() {
        by_its_amount(audit, figure, before);
    }
}

/// The last two figures, where the text goes from the one to the other: 由A提高到B, B较上年的A, or
/// one thing in two years.
fn levels<'f, 'a>(
    figure: &Figure<'_>,
    before: &'f [Figure<'a>],
) -> Option<(&'f Figure<'a>, &'f Figure<'a>)> {
    let last = before.iter().rev().find(|level| level.is_level())?;
    let others = before.iter().filter(|level| level.at < last.at && level.is_like(last));
    let other = others.rev().find(|level| !last.found.earlier || !level.found.earlier)?;
    let (from, to) = if last.found.earlier { (last, other) } else { (other, last) };
    let year = compared_year(&figure.found.lead);
    let agrees = year.is_none_or(|year| from.found.period == Some(Period::Year(year)));
    let follows = from.found.subject == to.found.subject && from.found.period < to.found.period;
    let next = follows && from.found.period.is_some() && from.at.saturating_add(1) == to.at;
    (agrees && is_of(figure, to) && (from.found.earlier || next)).then_some((from, to))
}

/// Whether a change is one of this level, and not of something else that is named with it.
fn is_of(figure: &Figure<'_>, level: &Figure<'_>) -> bool {
    let subject = figure.found.subject.as_str();
    level.found.subject.contains(subject) || HOW.contains(&subject)
}

/// The year with which a change is compared: 比2019年.
fn compared_year(lead: &str) -> Option<u16> {
    let (_, behind) = lead.rsplit_once(['较', '比'])?;
    let year =
        behind.get(..4).filter(|_| behind.get(4..).is_some_and(|rest| rest.starts_with('年')));
    year?.parse().ok()
}

/// The change as it is signed: less is below 0. Whole points and multiples are rounded ones.
fn signed(figure: &Figure<'_>) -> Option<(Bounds, bool)> {
    let quantity = &figure.found.quantity;
    let exact = matches!(quantity.convention, Convention::Exact | Convention::Doubled);
    let whole = exact && matches!(figure.counts.as_str(), "个百分点" | "倍");
    let bounds = if whole { Bounds::around(quantity.number).ok()? } else { figure.bounds };
    let down = DOWN.iter().any(|verb| figure.found.verb.ends_with(verb));
    Some((if down { bounds.scaled(-1).ok()? } else { bounds }, down))
}

fn apart(from: &Figure<'_>, to: &Figure<'_>) -> Option<Computed> {
    let value = to.value.zip(from.value).and_then(|(to, from)| to.sub(from).ok());
    Some(Computed { bounds: to.bounds.sub(&from.bounds).ok()?, value })
}

/// The later level over the earlier one, less one: both stand twice, so the quotient is tight.
fn relative(from: &Figure<'_>, to: &Figure<'_>) -> Option<Computed> {
    let percent = |ratio: Ratio| ratio.scaled(100)?.sub(Ratio::integer(100));
    let bounds = to.bounds.div(&from.bounds).ok()?.scaled(100).ok()?;
    let bounds = bounds.sub(&Bounds::exact(Ratio::integer(100))).ok()?;
    let value = to.value.zip(from.value);
    let value = value.and_then(|(to, from)| percent(to.div(from).ok()?).ok());
    Some(Computed { bounds, value })
}

fn hold(
    audit: &mut Audit<'_>,
    figure: &Figure<'_>,
    against: [&Figure<'_>; 2],
    [from, to]: [String; 2],
    computed: &Computed,
) {
    let Some((said, down)) = signed(figure) else { return };
    let verdict = computed.verdict(&said);
    let Some(shown) = unsigned(&computed.bounds, down) else { return };
    audit.tell(Rule::Change, verdict, figure, &against, &shown, |computed| {
        Problem::ChangeDiffers { said: figure.written(), from, to, computed }
    });
}

/// A change as its verb tells it: what falls is told without a sign.
fn unsigned(bounds: &Bounds, down: bool) -> Option<Bounds> {
    if down { bounds.scaled(-1).ok() } else { Some(*bounds) }
}

fn difference(audit: &mut Audit<'_>, figure: &Figure<'_>, from: &Figure<'_>, to: &Figure<'_>) {
    if let Some(computed) = apart(from, to) {
        hold(audit, figure, [from, to], [from.written(), to.written()], &computed);
    }
}

fn growth(audit: &mut Audit<'_>, figure: &Figure<'_>, from: &Figure<'_>, to: &Figure<'_>) {
    if let Some(computed) = relative(from, to) {
        hold(audit, figure, [from, to], [from.written(), to.written()], &computed);
    }
}

/// 翻两番 is four times what was, 增长2倍 three times.
fn multiple(audit: &mut Audit<'_>, figure: &Figure<'_>, from: &Figure<'_>, to: &Figure<'_>) {
    let doubled = figure.found.quantity.convention == Convention::Doubled;
    let more = Ratio::integer(i128::from(!doubled));
    if !doubled && !GROWS.contains(&figure.found.verb.as_str()) {
        return;
    }
    let times = || {
        let bounds = to.bounds.div(&from.bounds).ok()?.sub(&Bounds::exact(more)).ok()?;
        let value = to.value.zip(from.value);
        let value = value.and_then(|(to, from)| to.div(from).ok()?.sub(more).ok());
        Some(Computed { bounds, value })
    };
    if let Some(computed) = times() {
        hold(audit, figure, [from, to], [from.written(), to.written()], &computed);
    }
}

/// Between two percentages, a change in % is relative; what is their difference is 百分点.
fn of_percentages(audit: &mut Audit<'_>, figure: &Figure<'_>, from: &Figure<'_>, to: &Figure<'_>) {
    let (Some(points), Some(relative)) = (apart(from, to), relative(from, to)) else { return };
    let Some((said, down)) = signed(figure) else { return };
    let is_points = points.verdict(&said) != Verdict::Contradicts;
    if !is_points || relative.verdict(&said) != Verdict::Contradicts {
        return hold(audit, figure, [from, to], [from.written(), to.written()], &relative);
    }
    let Some(shown) = unsigned(&points.bounds, down) else { return };
    audit.tell(Rule::Change, Verdict::Contradicts, figure, &[from, to], &shown, |_| {
        Problem::PercentForPoints {
            said: figure.written(),
            from: from.written(),
            to: to.written(),
            points: format!("{}个百分点", shown.interval()),
        }
    });
}

/// 29.48万所，比上年增加3117所，增长1.07%: the change over the level less the change.
fn by_its_amount(audit: &mut Audit<'_>, figure: &Figure<'_>, before: &[Figure<'_>]) {
    let [.., level, amount] = before else { return };
    let fits = amount.found.sort == Sort::Change
        && level.is_level()
        && !level.found.earlier
        && is_of(figure, level)
        && level.counts == amount.counts
        && level.counts != "%";
    let Some((change, down)) = signed(amount).filter(|_| fits) else { return };
    let value =
        amount.value.and_then(|value| if down { value.negated().ok() } else { Some(value) });
    // The change stands in both, so d / (b - d) is taken at the ends, where it is monotone.
    let Some(bounds) = growth_bounds(&change, &level.bounds) else { return };
    let value = value
        .zip(level.value)
        .and_then(|(change, level)| change.scaled(100).ok()?.div(level.sub(change).ok()?).ok());
    let sign = if down { "+" } else { "-" };
    let earlier = format!("{} {sign} {}", level.written(), amount.written());
    hold(audit, figure, [level, amount], [earlier, level.written()], &Computed { bounds, value });
}

/// 100 d / (b - d), which grows with d; with b it falls where d is above 0, and grows where it is below.
fn growth_bounds(change: &Bounds, level: &Bounds) -> Option<Bounds> {
    let ends = |bounds: &Bounds| Some([finite(bounds.lo)?, finite(bounds.hi)?]);
    let (changes, levels) = (ends(change)?, ends(level)?);
    let mut corners = Vec::new();
    for (change, change_closed) in changes {
        for (level, level_closed) in levels {
            let earlier = level.sub(change).ok().filter(|earlier| *earlier > Ratio::ZERO)?;
            corners
                .push((change.scaled(100).ok()?.div(earlier).ok()?, change_closed && level_closed));
        }
    }
    let end =
        |(value, closed): (Ratio, bool)| if closed { End::Closed(value) } else { End::Open(value) };
    let lo = corners.iter().copied().min_by(|a, b| a.0.cmp(&b.0))?;
    let hi = corners.iter().copied().max_by(|a, b| a.0.cmp(&b.0))?;
    Some(Bounds { lo: end(lo), hi: end(hi) })
}

fn finite(end: End) -> Option<(Ratio, bool)> {
    match end {
        End::Closed(value) => Some((value, true)),
        End::Open(value) => Some((value, false)),
        End::Infinite => None,
    }
}
