//! Scopes (范围): what figures are of, beside what their phrase says.

use super::Figure;
use super::parts::is_part;
use crate::period::Period;
use crate::prose::{earlier, groups, phrase};

/// Words that tell that a figure is of all.
pub(super) const ALL: [&str; 15] = [
    "全国", "全省", "全市", "全县", "全区", "全旗", "全州", "全盟", "全镇", "我国", "我省", "我市",
    "我县", "我区", "我州",
];

/// Last letters of the names of areas, the widest first.
pub(super) const AREAS: [char; 10] = ['国', '省', '州', '盟', '市', '区', '县', '旗', '乡', '镇'];

/// Letters of the shortest name of an area.
const SHORTEST_NAME: usize = 3;

/// Letters before 全县 where it begins what is said, and is no word of another: 占全县, 居全市.
const OPENS: &str = "年月日底末前度";

/// Words of what is meant to be.
const PLANNED: [&str; 13] = [
    "力争",
    "预计",
    "下一步",
    "要达",
    "将达",
    "计划到",
    "目标是",
    "拟建",
    "目标：",
    "任务：",
    "目标为",
    "任务为",
    "任务数",
];

/// Times that tell no year by themselves.
const WHEN: [&str; 12] = [
    "期初",
    "年初",
    "去年",
    "上年",
    "前年",
    "期末",
    "年末",
    "年底",
    "今年",
    "本年",
    "上半年",
    "下半年",
];

/// Those at the beginning of what a year has at its end.
const BEGIN: [&str; 2] = ["期初", "年初"];

/// Those at the end of the year of the report.
const NOW: [&str; 5] = ["期末", "年末", "年底", "今年", "本年"];

/// Those that tell an earlier year, if that of the report is known.
const BEFORE: [&str; 3] = ["去年", "上年", "前年"];

/// Words of institutions that say nothing of which ones.
const ANY: [&str; 12] = [
    "各级各类",
    "各级",
    "各类",
    "现有",
    "共有",
    "全部",
    "所有",
    "幼儿园",
    "学校",
    "性",
    "园",
    "校",
];

/// What institutions are called that are counted by 个.
const INSTITUTIONS: [&str; 7] = ["园", "校", "教学点", "小学", "初中", "高中", "中学"];

/// Of what a figure is (范围).
#[derive(Clone, Debug, Default)]
pub(super) struct Scope {
    /// What stands before it in the sentence, and the place that a heading names.
    pub(super) words: String,
    /// As much of that as stands in its clause, or in the heading.
    near: String,
    /// Whether it is said to be of all: 全县.
    pub(super) of_all: bool,
    /// The last letter of the area that it is said to be of: 县 of 全县.
    pub(super) area: Option<char>,
    /// The institutions counted before it, where these are not all: 小学80所，专任教师1500人.
    pub(super) within: String,
    /// A time that tells no year.
    when: &'static str,
    /// Whether it tells what is meant to be, and not what is.
    pub(super) planned: bool,
}

impl Scope {
    /// Whether it is of a place within what a table is of, or of some of what is counted. Only what
    /// there is (`stock`) is of the institutions before it: rates and deeds may be of all.
    pub(super) fn is_narrow(&self, name: &str, stock: bool) -> bool {
        let some = groups::leading(&self.near).is_some_and(|word| !name.contains(word));
        let counted = stock && !self.within.is_empty() && !name.contains(&self.within);
        some || counted || groups::is_within(&self.near)
    }

    /// Whether it is said to be of another area than the named one: 全市 beside a table of a county.
    pub(super) fn is_of_other(&self, area: Option<&str>) -> bool {
        let Some(area) = area else { return false };
        let last = area.chars().next_back().filter(|letter| AREAS.contains(letter));
        let tier = self.area.zip(last).is_some_and(|(said, own)| said != own);
        let name = self.near.ends_with(AREAS) && self.near.chars().count() >= SHORTEST_NAME;
        let named = name && !self.near.ends_with(area);
        tier || named
    }

    /// Whether it was before the end of a year, or in one that is not known.
    pub(super) fn is_before(&self, period: Option<Period>) -> bool {
        BEGIN.contains(&self.when) || (period.is_none() && BEFORE.contains(&self.when))
    }

    /// The time, where it is another than that of a figure without one.
    pub(super) fn when_in(&self, period: Option<Period>) -> &'static str {
        let told = period.is_some() && BEFORE.contains(&self.when);
        if told || NOW.contains(&self.when) { "" } else { self.when }
    }
}

/// The narrowest area that figures are said to be of: that of the report.
pub(super) fn narrowest(scopes: &[Scope]) -> Option<char> {
    let areas = scopes.iter().filter_map(|scope| scope.area);
    areas.max_by_key(|area| AREAS.iter().position(|letter| letter == area))
}

/// The scopes of figures, in their order. Where a figure has none, that before it holds on in the
/// sentence; that of counted institutions up to the full stop.
pub(super) fn of(figures: &[Figure<'_>]) -> Vec<Scope> {
    let mut scopes: Vec<Scope> = Vec::with_capacity(figures.len());
    let mut first: Option<&Figure<'_>> = None;
    let (mut within, mut full) = (String::new(), 0);
    for figure in figures {
        let whole = first.filter(|first| first.found.in_sentence == figure.found.in_sentence);
        first = whole.or(Some(figure));
        let before = scopes.last().filter(|_| whole.is_some());
        let mut scope = scope(figure, whole, before);
        if is_of_all(&figure.found.lead) || figure.found.in_full != full {
            within.clear();
        }
        full = figure.found.in_full;
        scope.within = match institutions(figure) {
            Some(next) => {
                within = next;
                String::new()
            }
            None => within.clone(),
        };
        scopes.push(scope);
    }
    scopes
}

/// Which institutions a figure counts, if it counts any; empty where it says nothing of which.
fn institutions(figure: &Figure<'_>) -> Option<String> {
    let found = figure.found;
    let by_pieces = || INSTITUTIONS.iter().any(|word| found.subject.ends_with(word));
    let counts = match found.quantity.counted.as_str() {
        "所" => true,
        "个" | "家" => by_pieces(),
        _ => false,
    };
    let (verb, subject) = (found.verb.as_str(), phrase::trimmed(&found.subject));
    let which = ALL.iter().chain(&ANY).fold(subject, |text, word| text.replace(word, ""));
    let done = if phrase::is_state(verb) || which == verb { "" } else { verb };
    let part = if is_part(figure) && which.is_empty() { "其中" } else { "" };
    (counts && found.is_level()).then(|| format!("{part}{done}{which}"))
}

/// The scope of a figure behind the first one of its sentence, and behind that before it.
fn scope(figure: &Figure<'_>, whole: Option<&Figure<'_>>, before: Option<&Scope>) -> Scope {
    let lead = figure.found.lead.as_str();
    let says = |words: &[&str]| words.iter().any(|word| lead.contains(word));
    let planned = before.is_some_and(|before| before.planned) || says(&PLANNED);
    let of_all = is_of_all(lead);
    let area = area(lead).or(before.and_then(|before| before.area));
    let when = when(lead).or(before.map(|before| before.when)).unwrap_or_default();
    let mut said = said(figure);
    let mut near = said.pop().unwrap_or_default();
    let mut words = said.concat() + &near;
    match (whole, before) {
        (Some(whole), _) if is_part(figure) => words.push_str(&whole.found.subject),
        (_, Some(before)) if words.is_empty() && !of_all => {
            return Scope { area, when, planned, ..before.clone() };
        }
        _ => {}
    }
    if !of_all {
        for title in figure.found.headings.iter().filter(|title| groups::is_place(title)) {
            words.push_str(title);
            near.push_str(title);
        }
    }
    Scope { words, near, of_all, area, when, planned, within: String::new() }
}

/// The time that a text tells, other than one that something is compared with: 较去年.
fn when(lead: &str) -> Option<&'static str> {
    let tells = |word: &&str| {
        lead.match_indices(*word).any(|(at, _)| !earlier::opens(lead.get(..at).unwrap_or_default()))
    };
    WHEN.into_iter().find(tells)
}

fn is_of_all(lead: &str) -> bool {
    ALL.iter().any(|word| lead.contains(word))
}

/// The last letter of the area that a text says last that it is of.
fn area(lead: &str) -> Option<char> {
    let said = ALL.iter().flat_map(|word| lead.match_indices(word)).filter(|(at, _)| {
        let before = lead.get(..*at).unwrap_or_default().chars().next_back();
        before.is_none_or(|letter| !letter.is_alphabetic() || OPENS.contains(letter))
    });
    said.max_by_key(|(at, _)| *at).and_then(|(_, word)| word.chars().next_back())
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
