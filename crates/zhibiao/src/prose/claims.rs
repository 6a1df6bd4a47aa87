//! Claims (论断): what is said to be first, or complete, without a digit.

use super::Position;
use super::phrase::trimmed;
use crate::label::Lang;

/// What a claim says (论断类别).
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum ClaimKind {
    /// A place in an order: 位居全市之首.
    Rank,
    /// That all are reached: 实现了教师全覆盖.
    Coverage,
}

impl ClaimKind {
    /// Stable name.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::Rank => "rank",
            Self::Coverage => "coverage",
        }
    }

    /// The kind for readers.
    #[must_use]
    pub const fn label(self, lang: Lang) -> &'static str {
        match self {
            Self::Rank => lang.of("名次", "place"),
            Self::Coverage => lang.of("全覆盖", "full coverage"),
        }
    }
}

/// What is said without a digit (论断).
#[derive(Clone, Debug, PartialEq)]
pub struct Claim {
    /// What it says.
    pub kind: ClaimKind,
    /// The words that say it.
    pub words: String,
    /// Of what it is said; empty where that stands elsewhere.
    pub subject: String,
    /// The clause.
    pub sentence: String,
    /// Where the words stand.
    pub position: Position,
}

const PLACES: &[&str] = &["之首", "首位", "榜首", "前列", "前茅"];

const HOLD: &[&str] = &["位居", "位列", "名列", "排名", "稳居", "跃居", "居", "列", "走在", "处于"];

const COMPLETE: &[&str] = &["全覆盖", "清零", "零辍学", "全达标"];

const ACHIEVED: &[&str] = &["实现了", "实现", "做到了", "做到", "达到了", "达到"];

/// Words of what is meant to be, not of what is.
const INTENDED: &[&str] =
    &["推进", "推动", "力争", "促进", "争取", "确保", "努力", "计划", "将", "要", "目标", "逐步"];

/// The claim of a clause: its kind, the words, their first byte, and the subject.
pub(super) fn of(clause: &str) -> Option<(ClaimKind, &str, usize, String)> {
    rank(clause).or_else(|| coverage(clause))
}

fn rank(clause: &str) -> Option<(ClaimKind, &str, usize, String)> {
    let (at, place) = first_of(clause, PLACES)?;
    let lead = clause.get(..at)?;
    let start = held(lead)?;
    let intended = INTENDED.iter().any(|word| lead.contains(word));
    let words = clause.get(start..at.checked_add(place.len())?)?;
    (!intended)
        .then(|| (ClaimKind::Rank, words, start, trimmed(lead.get(..start).unwrap_or_default())))
}

/// Where the last verb of holding a place begins: 位居.
pub(super) fn held(text: &str) -> Option<usize> {
    let holds = HOLD.iter().filter_map(|verb| Some((text.rfind(verb)?, verb.len())));
    let (start, _) = holds.max_by_key(|(at, length)| (at.saturating_add(*length), *length))?;
    Some(start)
}

fn coverage(clause: &str) -> Option<(ClaimKind, &str, usize, String)> {
    let (at, word) = first_of(clause, COMPLETE)?;
    let lead = clause.get(..at)?;
    if INTENDED.iter().any(|word| lead.contains(word)) {
        return None;
    }
    let end = at.checked_add(word.len())?;
    let achieved = ACHIEVED.iter().filter_map(|verb| Some((lead.rfind(verb)?, verb.len())));
    let achieved = achieved.max_by_key(|(at, length)| (*at, *length));
    let Some((start, length)) = achieved else {
        let closes = clause.get(end..)?.trim().is_empty() && !trimmed(lead).is_empty();
        return closes.then(|| (ClaimKind::Coverage, word, at, trimmed(lead)));
    };
    let behind = start.checked_add(length)?;
    let between = lead.get(behind..)?;
    let (subject, from) =
        if trimmed(between).is_empty() { (lead.get(..start)?, start) } else { (between, behind) };
    Some((ClaimKind::Coverage, clause.get(from..end)?, from, trimmed(subject)))
}

/// The first of these words in a text.
fn first_of<'a>(text: &str, words: &[&'a str]) -> Option<(usize, &'a str)> {
    words.iter().filter_map(|word| Some((text.find(word)?, *word))).min()
}
