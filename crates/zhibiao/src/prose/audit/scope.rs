//! Scopes (范围): what figures are of, beside what their phrase says.

use super::Figure;
use super::parts::is_part;
use crate::prose::{earlier, groups, phrase};

/// Words that tell that a figure is of all.
const ALL: [&str; 11] =
    ["全国", "全省", "全市", "全县", "全区", "全旗", "我省", "我市", "我县", "我区", "全镇"];

/// Words of what is meant to be.
const PLANNED: [&str; 8] = ["力争", "预计", "下一步", "要达", "将达", "计划到", "目标是", "拟建"];

/// Of what a figure is (范围).
#[derive(Clone, Debug, Default)]
pub(super) struct Scope {
    /// What stands before it in the sentence, and the place that a heading names.
    pub(super) words: String,
    /// As much of that as stands in its clause, or in the heading.
    near: String,
    /// Whether it is said to be of all: 全县.
    pub(super) of_all: bool,
    /// Whether it tells what is meant to be, and not what is.
    pub(super) planned: bool,
}

impl Scope {
    /// Whether it is of a place within what a table is of, or of some of what is counted.
    pub(super) fn is_narrow(&self, name: &str) -> bool {
        let some = groups::leading(&self.near).is_some_and(|word| !name.contains(word));
        some || groups::is_within(&self.near)
    }
}

/// The scopes of figures, in their order. Where a figure has none, that before it holds on in the
/// sentence.
pub(super) fn of(figures: &[Figure<'_>]) -> Vec<Scope> {
    let mut scopes: Vec<Scope> = Vec::with_capacity(figures.len());
    let mut first: Option<&Figure<'_>> = None;
    for figure in figures {
        let whole = first.filter(|first| first.found.in_sentence == figure.found.in_sentence);
        first = whole.or(Some(figure));
        let before = scopes.last().filter(|_| whole.is_some());
        scopes.push(scope(figure, whole, before));
    }
    scopes
}

/// The scope of a figure behind the first one of its sentence, and behind that before it.
fn scope(figure: &Figure<'_>, whole: Option<&Figure<'_>>, before: Option<&Scope>) -> Scope {
    let says = |words: &[&str]| words.iter().any(|word| figure.found.lead.contains(word));
    let planned = before.is_some_and(|before| before.planned) || says(&PLANNED);
    let of_all = says(&ALL);
    let mut said = said(figure);
    let mut near = said.pop().unwrap_or_default();
    let mut words = said.concat() + &near;
    match (whole, before) {
        (Some(whole), _) if is_part(figure) => words.push_str(&whole.found.subject),
        (_, Some(before)) if words.is_empty() && !of_all => {
            return Scope { planned, ..before.clone() };
        }
        _ => {}
    }
    if !of_all {
        for title in figure.found.headings.iter().filter(|title| groups::is_place(title)) {
            words.push_str(title);
            near.push_str(title);
        }
    }
    Scope { words, near, of_all, planned }
}

/// What stands before the verb and the subject of a figure, by clauses, without when it was.
fn said(figure: &Figure<'_>) -> Vec<String> {
    let lead = figure.found.lead.as_str();
    let of_phrase = [&figure.found.subject, &figure.found.verb];
    let starts = of_phrase.into_iter().filter(|word| !word.is_empty());
    let end = starts.filter_map(|word| lead.rfind(word.as_str())).min().unwrap_or(lead.len());
    let before = lead.get(..end).unwrap_or_default();
    let clauses = before.split(['，', ',', '：', '（', '(']).map(|clause| {
        let clause = ALL.iter().fold(phrase::trimmed(clause), |text, word| text.replace(word, ""));
        let clause = phrase::trimmed(&clause);
        if earlier::is_time(&clause) { String::new() } else { clause }
    });
    clauses.collect()
}
