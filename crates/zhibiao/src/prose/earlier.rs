//! Earlier levels (基期数): what something was before, told beside what it is now.

use super::{Found, Reading};

/// Words that tell from where.
const FROM: [char; 2] = ['由', '从'];

/// Letters that make other words of them: 由于, 从事.
const OTHER: [char; 6] = ['于', '此', '事', '而', '来', '业'];

/// Words that tell with what is compared.
const COMPARED: [char; 4] = ['较', '比', '同', '与'];

/// Words that tell where to.
const REACHED: [char; 3] = ['到', '至', '为'];

/// Letters of words that tell when.
const TIME: &str = "年月季上去前今同期末底初度学的了0123456789";

/// Marks the earlier levels. What has no year of its own has no known one.
pub(super) fn mark(reading: &mut Reading) {
    let next = |at: usize, found: &Found| {
        let next = reading.quantities.get(at.saturating_add(1))?;
        (next.in_sentence == found.in_sentence).then_some(next)
    };
    let earlier: Vec<bool> = reading
        .quantities
        .iter()
        .enumerate()
        .map(|(at, found)| {
            let from_here = next(at, found).is_some_and(|next| goes(found, next));
            found.is_level() && (from_here || is_compared(&found.lead))
        })
        .collect();
    for (found, earlier) in reading.quantities.iter_mut().zip(earlier) {
        if earlier && !found.earlier {
            (found.earlier, found.period) = (true, None);
        }
    }
}

/// Whether a year after this text is that of an earlier level.
pub(super) fn opens(before: &str) -> bool {
    before.ends_with(COMPARED) || before.ends_with(FROM)
}

/// Whether a text tells only when.
pub(super) fn is_time(text: &str) -> bool {
    text.chars().all(|letter| TIME.contains(letter))
}

/// Whether a text goes from one level to the next: 由A提高到B.
fn goes(from: &Found, to: &Found) -> bool {
    let starts = last_clause(&from.lead).match_indices(FROM).any(|(at, word)| {
        let behind = last_clause(&from.lead).get(at.saturating_add(word.len())..);
        !behind.unwrap_or_default().starts_with(OTHER)
    });
    let ends = to.lead.rfind(REACHED).is_some_and(|at| {
        let mut behind = to.lead.get(at..).unwrap_or_default().chars();
        behind.next();
        is_time(behind.as_str())
    });
    let same = match (&from.quantity.unit, &to.quantity.unit) {
        (Some(from), Some(to)) => from.same_quantity(to),
        _ => from.quantity.counted == to.quantity.counted,
    };
    starts && ends && same && to.is_level()
}

/// Whether a level is one that something is compared with: 较2020年的10000人.
fn is_compared(lead: &str) -> bool {
    let lead = last_clause(lead);
    lead.rfind(COMPARED).is_some_and(|at| {
        let mut behind = lead.get(at..).unwrap_or_default().chars();
        behind.next();
        behind.as_str().contains(['年', '期']) && is_time(behind.as_str())
    })
}

fn last_clause(lead: &str) -> &str {
    lead.rsplit(['，', ',', '：', '（', '(']).next().unwrap_or(lead)
}
