//! Clauses (分句): where sentences and their parts begin, under which headings.

use std::rc::Rc;

/// Characters that end a sentence.
const STOPS: [char; 7] = ['。', '！', '？', '；', '!', '?', ';'];

/// Characters that end a clause within a sentence.
const COMMAS: [char; 4] = ['，', '：', ',', ':'];

/// Those of the stops that go on to what belongs together.
const HALF_STOPS: [char; 2] = ['；', ';'];

/// Letters of the longest heading that is kept.
const LONGEST_HEADING: usize = 60;

/// A part of a sentence, up to the next comma.
#[derive(Clone, Debug)]
pub(super) struct Clause<'a> {
    /// Without its closing mark.
    pub(super) text: &'a str,
    /// First byte in the whole text.
    pub(super) start: usize,
    /// The sentence it stands in, counted from 0.
    pub(super) sentence: usize,
    /// The sentence up to its full stop, counted from 0: several that 。 does not part.
    pub(super) full: usize,
    /// The text of the sentence so far, this clause included.
    pub(super) so_far: &'a str,
    /// Line and column of its first letter, from 1.
    pub(super) line: usize,
    pub(super) column: usize,
    /// Whether nothing stands before it on its line.
    pub(super) opens_line: bool,
    /// The headings above it, the highest first.
    pub(super) headings: Rc<[String]>,
}

/// All clauses of a text.
pub(super) fn of(text: &str) -> Vec<Clause<'_>> {
    let mut clauses = Vec::new();
    let mut headings = Headings::default();
    let (mut sentence, mut full) = (0_usize, 0_usize);
    let mut start = 0_usize;
    for (index, line) in text.split('\n').enumerate() {
        let (mut opens_line, mut column) = (true, 1_usize);
        let mut sentence_start = 0_usize;
        for (at, piece) in pieces(line) {
            let plain = piece
                .trim_end_matches(|letter| COMMAS.contains(&letter) || STOPS.contains(&letter));
            headings.pass(plain, opens_line);
            if !plain.trim().is_empty() {
                let end = at.saturating_add(plain.len());
                clauses.push(Clause {
                    text: plain,
                    start: start.saturating_add(at),
                    sentence,
                    full,
                    so_far: line.get(sentence_start..end).unwrap_or(plain),
                    line: index.saturating_add(1),
                    column,
                    opens_line,
                    headings: headings.path(),
                });
                opens_line = false;
            }
            if piece.ends_with(STOPS) {
                sentence = sentence.saturating_add(1);
                full = full.saturating_add(usize::from(!piece.ends_with(HALF_STOPS)));
                sentence_start = at.saturating_add(piece.len());
            }
            column = column.saturating_add(piece.chars().count());
        }
        (sentence, full) = (sentence.saturating_add(1), full.saturating_add(1));
        start = start.saturating_add(line.len()).saturating_add(1);
    }
    clauses
}

/// The clauses of a line with their closing marks, and where they begin.
fn pieces(line: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut rest = line;
    let mut at = 0_usize;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let (piece, behind) = rest.split_at_checked(clause_length(rest))?;
        let start = at;
        at = at.saturating_add(piece.len());
        rest = behind;
        Some((start, piece))
    })
}

/// Bytes up to the first mark that ends a clause, with that mark; those within numbers end none.
fn clause_length(text: &str) -> usize {
    let mut before = None;
    let mut letters = text.char_indices().peekable();
    while let Some((at, letter)) = letters.next() {
        let next = letters.peek().map(|(_, next)| *next);
        let within = |side: Option<char>| side.is_some_and(is_digit);
        let within_number = within(before) && within(next) && !matches!(letter, '，');
        let wide_number = matches!((before, next), (Some('０'..='９'), Some('０'..='９')));
        let split = letter == '，' && within(before) && is_grouped(text, at);
        let closes = COMMAS.contains(&letter) && !within_number && !wide_number && !split;
        if STOPS.contains(&letter) || closes {
            return at.saturating_add(letter.len_utf8());
        }
        before = Some(letter);
    }
    text.len()
}

/// Whether a mark stands between a digit group and one of three digits: 3，000.
fn is_grouped(text: &str, at: usize) -> bool {
    let (before, behind) = text.split_at_checked(at).unwrap_or_default();
    let digits = before.chars().rev().take_while(|letter| is_digit(*letter)).take(4).count();
    let behind = behind.chars().skip(1).take_while(|letter| is_digit(*letter)).take(4);
    (1..=3).contains(&digits) && behind.count() == 3
}

/// The bytes of a number whose digit groups stand apart by what parts words: 3 000, 3，000.
pub(super) fn split_number(text: &str) -> Option<usize> {
    let mut end = digits(text).filter(|end| *end <= 3)?;
    let first = end;
    while let Some(mark) = text.get(end..)?.chars().next() {
        let next = end.saturating_add(mark.len_utf8());
        if !matches!(mark, ' ' | '\u{a0}' | '，') || digits(text.get(next..)?) != Some(3) {
            break;
        }
        end = next.saturating_add(3);
    }
    (end > first).then_some(end)
}

/// How many digits a text begins with, where it does.
fn digits(text: &str) -> Option<usize> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    (digits > 0).then_some(digits)
}

pub(super) fn is_digit(letter: char) -> bool {
    letter.is_ascii_digit() || matches!(letter, '０'..='９')
}

/// The headings that hold at a place.
#[derive(Default)]
struct Headings {
    open: Vec<(Level, String)>,
    path: Option<Rc<[String]>>,
}

/// How headings are marked, the highest first.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
enum Level {
    /// 一、 or 5、
    Chapter,
    /// （一）
    Section,
    /// 1.
    Point,
    /// 一是
    Item,
}

impl Headings {
    fn pass(&mut self, clause: &str, opens_line: bool) {
        let Some((level, title)) = heading(clause, opens_line) else { return };
        while self.open.last().is_some_and(|(open, _)| *open >= level) {
            self.open.pop();
        }
        self.open.push((level, title.chars().take(LONGEST_HEADING).collect()));
        self.path = None;
    }

    fn path(&mut self) -> Rc<[String]> {
        let open = &self.open;
        let path =
            self.path.get_or_insert_with(|| open.iter().map(|(_, title)| title.clone()).collect());
        Rc::clone(path)
    }
}

/// The level and the words of a heading.
fn heading(clause: &str, opens_line: bool) -> Option<(Level, &str)> {
    let clause = clause.trim();
    let (mark, title) = list_mark(clause, opens_line)?;
    let level = match mark.chars().next_back()? {
        '、' => Level::Chapter,
        '）' | ')' => Level::Section,
        '是' => Level::Item,
        _ => Level::Point,
    };
    Some((level, title.trim()))
}

/// A mark of a list at the beginning of a clause, and what follows it: 一、 5、 （一） 1. 一是.
pub(super) fn list_mark(clause: &str, opens_line: bool) -> Option<(&str, &str)> {
    let inner = clause.strip_prefix(['（', '(']);
    let numbered = inner.unwrap_or(clause);
    let letters = numbered
        .chars()
        .take(4)
        .take_while(|letter| is_digit(*letter) || "一二三四五六七八九十".contains(*letter));
    let number: String = letters.collect();
    let behind = numbered.get(number.len()..).filter(|_| !number.is_empty())?;
    let closes = behind.chars().next()?;
    let digits = number.chars().all(is_digit);
    let marks = match (inner.is_some(), closes) {
        (true, '）' | ')') | (false, '、') => opens_line,
        (false, '.' | '．') => {
            opens_line && digits && !behind.chars().nth(1).is_some_and(is_digit)
        }
        (false, '是' | '要') => !digits,
        _ => false,
    };
    let length = clause.len().checked_sub(behind.len())?.checked_add(closes.len_utf8())?;
    marks.then(|| clause.split_at_checked(length)).flatten()
}
