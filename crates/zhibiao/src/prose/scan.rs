//! The one pass over a text.

use std::collections::VecDeque;

use super::clauses::{self, Clause, is_digit, list_mark};
use super::passed::{self, Reason};
use super::phrase::{self, Counted, tail};
use super::proposals::Names;
use super::{Claim, Found, Options, Passed, Position, Reading, Sort, claims, earlier};
use crate::catalog::Catalog;
use crate::period::Period;
use crate::quantity::{Convention, Quantity};
use crate::unit::Unit;

/// Letters of the longest clause that is kept whole.
const LONGEST_CLAUSE: usize = 200;

/// Letters of the longest title.
const LONGEST_TITLE: usize = 60;

/// What a school is called.
const SCHOOLS: [&str; 8] = ["学校", "小学", "中学", "幼儿园", "学院", "高中", "一中", "职中"];

/// Verbs of recognition.
const RECOGNISED: [&str; 10] = [
    "创建为",
    "创建成为",
    "创成",
    "获评",
    "被评为",
    "评为",
    "被认定为",
    "被命名为",
    "被授予",
    "入选",
];

/// Levels at which something is recognised.
const LEVELS: [&str; 9] =
    ["国家级", "省级", "市级", "县级", "区级", "全国", "全省", "全市", "全县"];

/// What a school is after it was recognised, if that is still a school.
const INSTITUTIONS: [&str; 7] =
    ["单位", "示范校", "示范园", "特色校", "学校", "先进集体", "示范化单位"];

/// Verbs with which an ordinal is a place.
const PLACED: [&str; 10] = ["居", "列", "排名", "排", "获", "夺得", "位居", "名列", "取得", "全"];

pub(super) fn read(text: &str, file: &str, catalog: &Catalog, options: Options) -> Reading {
    let reading = Reading {
        file: file.to_owned(),
        quantities: Vec::new(),
        claims: Vec::new(),
        passed_over: Vec::new(),
        year: options.year.or_else(|| title_year(text)),
    };
    let names = Names::of(catalog);
    let mut scan = Scan {
        text,
        last_end: 0,
        reading,
        names,
        told: None,
        base: None,
        sentence: 0,
        subject: String::new(),
        listed: VecDeque::new(),
        listed_by: None,
    };
    for clause in clauses::of(text) {
        scan.clause(&clause);
    }
    earlier::mark(&mut scan.reading);
    scan.reading
}

struct Scan<'a> {
    text: &'a str,
    /// Where the last figure of the sentence ended, or the sentence began.
    last_end: usize,
    reading: Reading,
    names: Names,
    /// The year that the sentence told last.
    told: Option<u16>,
    /// A year that is told only to compare, and the byte where it ends.
    base: Option<(u16, usize)>,
    sentence: usize,
    /// The subject of the figure before, for lists.
    subject: String,
    /// The subjects of the figures to come, where 分别 told them before.
    listed: VecDeque<String>,
    /// The verb of the first of them, and whether it tells a change.
    listed_by: Option<(String, bool)>,
}

/// Where the scan stands in a clause.
struct Cursor<'c, 'a> {
    clause: &'c Clause<'a>,
    at: usize,
    column: usize,
}

impl<'a> Cursor<'_, 'a> {
    fn rest(&self) -> &'a str {
        self.clause.text.get(self.at..).unwrap_or_default()
    }

    fn before(&self) -> &'a str {
        self.clause.text.get(..self.at).unwrap_or_default()
    }

    /// Takes bytes; where they stand.
    fn take(&mut self, length: usize) -> (&'a str, Position) {
        let taken = self.rest().get(..length).unwrap_or_default();
        let start = self.clause.start.saturating_add(self.at);
        let bytes = start..start.saturating_add(taken.len());
        let position = Position { line: self.clause.line, column: self.column, bytes };
        self.at = self.at.saturating_add(taken.len());
        self.column = self.column.saturating_add(taken.chars().count());
        (taken, position)
    }
}

impl Scan<'_> {
    fn clause(&mut self, clause: &Clause<'_>) {
        if clause.sentence != self.sentence {
            (self.sentence, self.told) = (clause.sentence, None);
            self.subject.clear();
            self.last_end = clause.start;
        }
        let first = self.reading.quantities.len();
        self.base = None;
        self.listed.clear();
        self.listed_by = None;
        let mut cursor = Cursor { clause, at: 0, column: clause.column };
        let blank = clause.text.len().saturating_sub(clause.text.trim_start().len());
        cursor.take(blank);
        if let Some((mark, _)) = list_mark(cursor.rest(), clause.opens_line) {
            self.pass(&mut cursor, mark.len(), Reason::ListMark);
        }
        while let Some(letter) = cursor.rest().chars().next() {
            self.step(&mut cursor, letter);
        }
        if self.reading.quantities.len() == first {
            self.implied(clause);
        }
        self.claim(clause);
    }

    fn pass(&mut self, cursor: &mut Cursor<'_, '_>, length: usize, reason: Reason) {
        let (written, position) = cursor.take(length);
        self.reading.passed_over.push(Passed { written: written.to_owned(), reason, position });
    }

    /// Takes what begins here: a name, an ordinal, a date, a quantity, or a letter.
    fn step(&mut self, cursor: &mut Cursor<'_, '_>, letter: char) {
        let (before, rest) = (cursor.before(), cursor.rest());
        if let Some((year, length)) = relative_year(rest, self.reading.year) {
            self.tells(cursor, year, length);
        }
        if let Some((length, reason)) = passed::enclosed(rest) {
            return self.pass(cursor, length, reason);
        }
        if letter == '第'
            && let Some((quantity, length)) = ordinal(rest)
        {
            match quantity.filter(|_| PLACED.iter().any(|verb| tail_has(before, verb))) {
                Some(quantity) => self.found(cursor, quantity, length, Some(Sort::Rank)),
                None => self.pass(cursor, length, Reason::Ordinal),
            }
            return;
        }
        if let Some((length, reason)) = passed::formed(before, rest) {
            if let Some(year) = year_of(rest).filter(|_| reason == Reason::Date) {
                self.tells(cursor, year, length);
            }
            return self.pass(cursor, length, reason);
        }
        if let Some(length) = clauses::split_number(rest) {
            return self.pass(cursor, length, Reason::Unreadable);
        }
        let word = passed::belongs_before(before, rest) || passed::is_syllable(rest);
        let read = Quantity::at_start(rest).filter(|_| !word);
        match read {
            Some((quantity, behind)) => self.quantity(cursor, quantity, behind),
            None if is_digit(letter) => {
                let length = passed::digits(rest);
                self.pass(cursor, length, Reason::Unreadable);
            }
            None => {
                cursor.take(letter.len_utf8());
            }
        }
    }

    /// A year is that of what follows, unless something is only compared with it.
    fn tells(&mut self, cursor: &Cursor<'_, '_>, year: u16, length: usize) {
        if earlier::opens(cursor.before()) {
            self.base = Some((year, cursor.at.saturating_add(length)));
        } else {
            self.told = Some(year);
        }
    }

    /// The year of an earlier level: one right before the figure that is told only to compare.
    fn base(&mut self, before: &str) -> Option<u16> {
        let (year, end) = self.base.take()?;
        before.get(end..).filter(|between| earlier::is_time(between)).map(|_| year)
    }

    fn quantity(&mut self, cursor: &mut Cursor<'_, '_>, mut quantity: Quantity, behind: &str) {
        let (before, rest) = (cursor.before(), cursor.rest());
        let length = rest.len().saturating_sub(behind.len());
        // 近三年 is no number of years that is nearly reached.
        if let Some(reason) = passed::reason(before, &quantity, behind) {
            let length = length.saturating_add(passed::belonging(reason, behind));
            return self.pass(cursor, length, reason);
        }
        let signed = rest.starts_with(['-', '－', '−', '+', '＋']);
        if signed
            && before.ends_with(|letter: char| letter.is_alphanumeric() && !is_verb_end(letter))
        {
            cursor.take(rest.chars().next().map_or(1, char::len_utf8));
            return;
        }
        if quantity.counted == "位" && behind.starts_with(|letter: char| letter.is_alphabetic()) {
            quantity.unit = Unit::parse("人").ok();
        }
        self.found(cursor, quantity, length, None);
    }

    fn found(
        &mut self,
        cursor: &mut Cursor<'_, '_>,
        mut quantity: Quantity,
        length: usize,
        sort: Option<Sort>,
    ) {
        let before = cursor.before();
        let since = self.last_end.saturating_sub(cursor.clause.start);
        let since = before.get(since..).unwrap_or(before);
        self.list(since, cursor.rest());
        let base = self.base(before);
        let (written, position) = cursor.take(length);
        let behind = cursor.rest();
        written.clone_into(&mut quantity.written);
        let counted = match quantity.counted.as_str() {
            "名" | "人" | "位" => Counted::Persons,
            "%" | "％" | "‰" => Counted::Share,
            _ => Counted::Other,
        };
        let mut phrase = phrase::of(since, behind, counted);
        if sort == Some(Sort::Rank) {
            let held = claims::held(since).unwrap_or(since.len());
            phrase.subject = phrase::trimmed(since.get(..held).unwrap_or_default());
            phrase.inherits = false;
        }
        if phrase.inherits && !self.is_bare_total(cursor.clause, since, &quantity) {
            phrase.subject.clone_from(&self.subject);
        }
        if let Some(subject) = self.listed.pop_front() {
            phrase.subject = subject;
            let (verb, change) =
                self.listed_by.get_or_insert_with(|| (phrase.verb.clone(), phrase.change));
            (phrase.verb, phrase.change) = (verb.clone(), *change);
        }
        // 占比 alone is that of the part before it.
        if matches!(phrase.subject.as_str(), "占比" | "比例" | "比重" | "占") {
            phrase.subject.insert_str(0, &self.subject);
        }
        self.subject.clone_from(&phrase.subject);
        let lead = self.lead(&position);
        let sort = sort.unwrap_or_else(|| sort_of(&quantity, phrase.change));
        let near = format!("{}{}{}", phrase.verb, phrase.subject, quantity.counted);
        let clause = format!("{}{}", tail(before), phrase::head(behind));
        let (proposals, ambiguous) = if sort == Sort::Change && !quantity.unit_is_rank() {
            (Vec::new(), false)
        } else {
            let texts = [near.as_str(), &clause, &context(cursor.clause)];
            self.names.propose(&quantity, &phrase.verb, texts)
        };
        self.reading.quantities.push(Found {
            sort,
            subject: phrase.subject,
            verb: phrase.verb,
            sentence: excerpt(cursor.clause.text, before.len(), length),
            headings: cursor.clause.headings.to_vec(),
            position,
            period: base.or(self.told).map(Period::Year),
            implied: false,
            proposals,
            ambiguous,
            in_sentence: cursor.clause.sentence,
            in_full: cursor.clause.full,
            lead,
            earlier: base.is_some(),
            quantity,
        });
    }

    /// Whether a figure of the same unit as the one before is of all of them: 小学80所，初中20所，共100所.
    fn is_bare_total(&self, clause: &Clause<'_>, since: &str, quantity: &Quantity) -> bool {
        let last = self.reading.quantities.last();
        let last = last.filter(|last| last.in_sentence == clause.sentence);
        phrase::is_bare_total(since) && last.is_some_and(|l| l.quantity.counted == quantity.counted)
    }

    /// Tells the figures of a series their subjects, where 分别 stands before it: each its own if
    /// there are as many, else none.
    fn list(&mut self, since: &str, rest: &str) {
        let Some(items) = phrase::listed(since) else { return };
        let figures = series(rest);
        self.listed_by = None;
        self.listed = if items.len() == figures {
            items.into()
        } else {
            std::iter::repeat_n(String::new(), figures).collect()
        };
    }

    /// One school that was recognised as a school of some level counts 1.
    fn implied(&mut self, clause: &Clause<'_>) {
        let Some((at, level)) = recognised(clause.text) else { return };
        let (Ok(mut quantity), Some(name)) = (Quantity::parse("1所"), clause.text.get(level..))
        else {
            return;
        };
        let mut cursor = Cursor { clause, at: 0, column: clause.column };
        cursor.take(at);
        let (written, position) = cursor.take(clause.text.len().saturating_sub(at));
        written.clone_into(&mut quantity.written);
        let lead = self.lead(&position);
        let (proposals, ambiguous) =
            self.names.propose(&quantity, "", [name, clause.text, &context(clause)]);
        self.reading.quantities.push(Found {
            quantity,
            sort: Sort::Count,
            subject: name.to_owned(),
            verb: clause.text.get(at..level).unwrap_or_default().to_owned(),
            sentence: excerpt(clause.text, at, clause.text.len().saturating_sub(at)),
            headings: clause.headings.to_vec(),
            position,
            period: self.told.map(Period::Year),
            implied: true,
            proposals,
            ambiguous,
            in_sentence: clause.sentence,
            in_full: clause.full,
            lead,
            earlier: false,
        });
    }

    /// The text between the figure before and this one, within the sentence.
    fn lead(&mut self, position: &Position) -> String {
        let lead = self.text.get(self.last_end..position.bytes.start).unwrap_or_default();
        self.last_end = position.bytes.end;
        tail(lead).to_owned()
    }

    fn claim(&mut self, clause: &Clause<'_>) {
        let Some((kind, words, at, subject)) = claims::of(clause.text) else { return };
        let mut cursor = Cursor { clause, at: 0, column: clause.column };
        cursor.take(at);
        let (words, position) = cursor.take(words.len());
        self.reading.claims.push(Claim {
            kind,
            words: words.to_owned(),
            subject,
            sentence: excerpt(clause.text, at, words.len()),
            position,
        });
    }
}

/// 第三位, 第15届: the place, where it is one, and its bytes.
fn ordinal(rest: &str) -> Option<(Option<Quantity>, usize)> {
    let behind = rest.strip_prefix('第')?;
    let (number, after) = Quantity::at_start(behind)?;
    let whole = number.written.trim_end_matches(number.counted.as_str());
    let unit = match number.counted.as_str() {
        "" | "名" | "位" | "名次" => Some("位"),
        _ => None,
    };
    let place = unit.and_then(|unit| Quantity::parse(&format!("{whole}{unit}")).ok());
    let place = place.filter(|place| place.word.is_empty() && place.number.scale() == 0);
    // 第一课 and 第一中学 are names.
    let named =
        number.counted.is_empty() && after.starts_with(|letter: char| letter.is_alphanumeric());
    Some((place.filter(|_| !named), rest.len().checked_sub(after.len())?))
}

fn tail_has(before: &str, verb: &str) -> bool {
    let near = tail(before).char_indices().rev().nth(7);
    let near = near.map_or(before, |(at, _)| tail(before).get(at..).unwrap_or_default());
    near.contains(verb)
}

/// A sign after these letters belongs to the number: 增长-3.2%.
fn is_verb_end(letter: char) -> bool {
    matches!(letter, '长' | '幅' | '为' | '至' | '了' | '达' | '率')
}

/// The year that a word such as 去年 tells, and the bytes of the word.
fn relative_year(rest: &str, year: Option<u16>) -> Option<(u16, usize)> {
    let words = [("今年", 0), ("本年度", 0), ("本年", 0), ("去年", 1), ("上年", 1), ("前年", 2)];
    let (word, back) = words.into_iter().find(|(word, _)| rest.starts_with(word))?;
    Some((year?.checked_sub(back)?, word.len()))
}

/// The one year that the title tells: the first line, if it is no sentence.
fn title_year(text: &str) -> Option<u16> {
    let title = text.lines().map(str::trim).find(|line| !line.is_empty())?;
    let plain = title.chars().count() <= LONGEST_TITLE && !title.contains(['。', '，', '；']);
    let mut years = title.match_indices('年').filter_map(|(at, _)| {
        let digits = title.get(at.checked_sub(4)?..at)?;
        digits.starts_with("20").then(|| digits.parse().ok()).flatten()
    });
    let year = years.next().filter(|_| plain)?;
    years.all(|other| other == year).then_some(year)
}

/// How many figures stand one beside the other at the beginning of a text: 60所、30所和5所.
fn series(rest: &str) -> usize {
    let mut figures = 0_usize;
    let mut rest = Some(rest);
    while let Some((_, behind)) = rest.and_then(Quantity::at_start) {
        figures = figures.saturating_add(1);
        let links = ["、", "和", "及", "与"];
        rest = links.into_iter().find_map(|link| behind.strip_prefix(link));
    }
    figures
}

/// The year at the beginning of a date.
fn year_of(rest: &str) -> Option<u16> {
    let digits = rest.get(..4).filter(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()))?;
    rest.get(4..)?.starts_with('年').then(|| digits.parse().ok()).flatten()
}

/// The heading, and the sentence up to the clause, as far as proposals look.
fn context(clause: &Clause<'_>) -> String {
    let before = clause.so_far.len().saturating_sub(clause.text.len());
    let so_far = clause.so_far.get(..before).unwrap_or_default();
    let heading = clause.headings.last().map_or("", String::as_str);
    format!("{heading} {}", tail(so_far))
}

/// A clause, or what is near the figure in a long one.
fn excerpt(clause: &str, at: usize, length: usize) -> String {
    if clause.len() <= LONGEST_CLAUSE.saturating_mul(3) {
        return clause.trim().to_owned();
    }
    let end = at.saturating_add(length);
    let (before, figure) = (clause.get(..at), clause.get(at..end));
    let behind = clause.get(end..).unwrap_or_default();
    format!(
        "{}{}{}",
        tail(before.unwrap_or_default()),
        figure.unwrap_or_default(),
        phrase::head(behind)
    )
}

fn sort_of(quantity: &Quantity, change: bool) -> Sort {
    let counted = quantity.counted.as_str();
    let Some(unit) = &quantity.unit else {
        let doubled = quantity.convention == Convention::Doubled;
        return match counted {
            _ if change || doubled => Sort::Change,
            "亩" | "公顷" | "平方公里" => Sort::Amount,
            _ => Sort::Count,
        };
    };
    if change || counted.ends_with("百分点") {
        Sort::Change
    } else if unit.is_rank() {
        Sort::Rank
    } else if counted.contains('/') || matches!(counted, "x:1" | "1:x") {
        Sort::Quotient
    } else if unit.is_fraction() {
        Sort::Share
    } else if unit.is_money() || counted.ends_with("平方米") || counted.ends_with('㎡') {
        Sort::Amount
    } else if counted.ends_with("人次") {
        Sort::PersonTimes
    } else {
        Sort::Count
    }
}

/// Where one named school is recognised as a school: the verb, and the level behind it.
fn recognised(clause: &str) -> Option<(usize, usize)> {
    let verb = RECOGNISED.iter().filter_map(|verb| Some((clause.find(verb)?, verb.len()))).min()?;
    let (at, length) = verb;
    let level = at.checked_add(length)?;
    let name = clause.get(level..)?;
    let school =
        clause.get(..at).is_some_and(|lead| SCHOOLS.iter().any(|school| lead.contains(school)));
    let levelled = LEVELS.iter().any(|level| name.starts_with(level));
    let institution = INSTITUTIONS.iter().any(|end| name.trim_end().ends_with(end));
    // Several schools would need a number.
    let one = clause.get(..at).is_some_and(|lead| !lead.contains(['、', '等', '和', '及']));
    (school && levelled && institution && one).then_some((at, level))
}
