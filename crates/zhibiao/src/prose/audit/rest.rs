//! The rest of a subject (其余词): what it says beside the name that a figure was recognised by.

use super::scope::{ALL, AREAS};
use crate::prose::Sort;

/// Words that say no more than the name does.
const NEUTRAL: [&str; 22] = [
    "各级各类",
    "各级",
    "各类",
    "现有",
    "全部",
    "所有",
    "教育系统",
    "幼儿园",
    "学校",
    "在校",
    "在园",
    "在职",
    "总人数",
    "人数",
    "总数",
    "数量",
    "总量",
    "规模",
    "合计",
    "总计",
    "总",
    "数",
];

/// Whether a subject tells something else than a name, or some of it: 实验幼儿园在园幼儿, 在园幼儿体检.
pub(super) fn tells_other(subject: &str, name: &str, sort: Sort, area: Option<&str>) -> bool {
    let Some((before, behind)) = around(subject, name) else { return false };
    !is_neutral(&without_area(&before, area)) || (sort != Sort::Share && !is_neutral(&behind))
}

/// What stands before the first pair of letters that a name has, too, and behind the last.
fn around(subject: &str, name: &str) -> Option<(String, String)> {
    let letters = |text: &str| text.chars().collect::<Vec<char>>();
    let (subject, name) = (letters(subject), letters(name));
    let shared = |pair: &[char]| name.windows(2).any(|other| other == pair);
    let first = subject.windows(2).position(shared)?;
    let last = subject.windows(2).rposition(shared)?.saturating_add(2);
    Some((subject.get(..first)?.iter().collect(), subject.get(last..)?.iter().collect()))
}

/// A text without the name of the area of a table; without that of any, where none is known.
fn without_area(text: &str, area: Option<&str>) -> String {
    let Some(area) = area else {
        return text.rsplit(AREAS).next().unwrap_or(text).to_owned();
    };
    let short = area.trim_end_matches(AREAS);
    text.replace(area, "").replace(if short.chars().count() > 1 { short } else { area }, "")
}

/// Whether nothing is left without the words that say nothing; those of another area were looked at.
fn is_neutral(text: &str) -> bool {
    let words = ALL.iter().chain(&NEUTRAL);
    let rest = words.fold(text.to_owned(), |rest, word| rest.replace(word, ""));
    !rest.chars().any(char::is_alphanumeric)
}
