//! Numerals (数字): digits of half and full width, and Chinese numerals.

use super::Convention;
use crate::number::{Decimal, pow10};

/// Letters of the longest numeral that is read.
const LONGEST: usize = 64;

/// A number as it is written, before any word or unit.
#[derive(Clone, Copy, Debug)]
pub(super) struct Numeral {
    /// The number; of several the smallest.
    pub(super) least: Decimal,
    /// The largest.
    pub(super) most: Decimal,
    /// `Exact`, `SomeDigit` or `Neighbors`.
    pub(super) convention: Convention,
    /// Power of ten of the last digit.
    pub(super) place: i8,
    /// Whether multiples may follow: 3.5万, but not 三万万.
    pub(super) digits: bool,
}

/// The half-width form of a digit, sign or mark.
pub(super) fn half_width(letter: char) -> char {
    match letter {
        '０'..='９' | '％' | '．' | '，' | '－' | '＋' | '～' | '：' | '／' => {
            let code = u32::from(letter).wrapping_sub(0xFEE0);
            char::from_u32(code).unwrap_or(letter)
        }
        '−' => '-',
        '∶' => ':',
        other => other,
    }
}

/// The numeral at the beginning of a text, and what follows it.
pub(super) fn read(text: &str) -> Option<(Numeral, &str)> {
    arabic(text).or_else(|| chinese(text))
}

/// The value of a Chinese digit.
pub(super) fn chinese_digit(letter: char) -> Option<u8> {
    Some(match letter {
        '零' | '〇' => 0,
        '一' | '壹' => 1,
        '二' | '两' | '贰' => 2,
        '三' | '叁' => 3,
        '四' | '肆' => 4,
        '五' | '伍' => 5,
        '六' | '陆' => 6,
        '七' | '柒' => 7,
        '八' | '捌' => 8,
        '九' | '玖' => 9,
        _ => return None,
    })
}

/// The power of ten of a Chinese unit below 万.
pub(super) fn chinese_unit(letter: char) -> Option<u8> {
    Some(match letter {
        '十' | '拾' => 1,
        '百' | '佰' => 2,
        '千' | '仟' => 3,
        _ => return None,
    })
}

/// The power of ten of 万 or 亿.
pub(super) fn myriad(letter: char) -> Option<u8> {
    match letter {
        '万' | '萬' => Some(4),
        '亿' | '億' => Some(8),
        _ => None,
    }
}

/// Digits with marks between groups of three, and a point.
fn arabic(text: &str) -> Option<(Numeral, &str)> {
    let sign = text.chars().next().filter(|letter| matches!(half_width(*letter), '-' | '+'));
    let unsigned = text.get(sign.map_or(0, char::len_utf8)..)?;
    let (whole, rest) = grouped(unsigned)?;
    let (fraction, rest) = match point(rest) {
        Some(decimals) => plain(decimals),
        None => (String::new(), rest),
    };
    let minus = if sign.is_some_and(|sign| half_width(sign) == '-') { "-" } else { "" };
    let written = if fraction.is_empty() { whole } else { format!("{whole}.{fraction}") };
    let number: Decimal = format!("{minus}{written}").parse().ok()?;
    let place = i8::try_from(number.scale()).ok()?.saturating_neg();
    let convention = Convention::Exact;
    Some((Numeral { least: number, most: number, convention, place, digits: true }, rest))
}

/// What follows a point that stands before a digit.
fn point(text: &str) -> Option<&str> {
    let decimals = text.strip_prefix(['.', '．'])?;
    decimals
        .chars()
        .next()
        .is_some_and(|next| half_width(next).is_ascii_digit())
        .then_some(decimals)
}

/// Digits, in half width.
fn plain(text: &str) -> (String, &str) {
    let mut digits = String::new();
    let mut rest = text;
    while let Some(letter) = rest.chars().next() {
        let digit = half_width(letter);
        if !digit.is_ascii_digit() || digits.len() >= LONGEST {
            break;
        }
        digits.push(digit);
        rest = rest.get(letter.len_utf8()..).unwrap_or_default();
    }
    (digits, rest)
}

/// Digits with or without marks between groups of three; none where a mark stands otherwise.
fn grouped(text: &str) -> Option<(String, &str)> {
    let (mut digits, mut rest) = plain(text);
    if digits.is_empty() {
        return None;
    }
    if digits.len() > 3 {
        return Some((digits, rest));
    }
    let wide = text.chars().next().is_some_and(|first| !first.is_ascii());
    let mark = if wide { '，' } else { ',' };
    while let Some(behind) = rest.strip_prefix(mark) {
        let (group, after) = plain(behind);
        match group.len() {
            3 => digits.push_str(&group),
            0 => break,
            _ => return None,
        }
        rest = after;
    }
    Some((digits, rest))
}

/// What is read of a Chinese numeral.
#[derive(Default)]
struct Reading {
    /// Whole of 亿 and 万 that are closed.
    closed: [i128; 2],
    /// Sum below the next 万.
    section: [i128; 2],
    /// Digits that wait for their unit: smallest and largest.
    waiting: Option<[i128; 2]>,
    /// Power of the last unit.
    last: u8,
    /// Power of the last 万 or 亿.
    myriad: u8,
    zero: bool,
    some: bool,
    neighbors: bool,
}

impl Reading {
    fn digit(&mut self, digit: u8) -> Option<()> {
        let digit = i128::from(digit);
        self.waiting = match self.waiting {
            None => Some([digit, digit]),
            Some([least, most])
                if least == most
                    && !self.neighbors
                    && (1..=2).contains(&digit.checked_sub(most)?) =>
            {
                self.neighbors = true;
                Some([least, digit])
            }
            Some(_) => return None,
        };
        Some(())
    }

    fn some_digit(&mut self) -> Option<()> {
        if self.waiting.is_some() || self.some {
            return None;
        }
        self.some = true;
        let first = self.section == [0, 0] && self.closed == [0, 0];
        self.waiting = Some([if first { 2 } else { 1 }, 9]);
        Some(())
    }

    fn unit(&mut self, power: u8) -> Option<()> {
        if self.last != 0 && power >= self.last {
            return None;
        }
        let [least, most] = self.waiting.take().unwrap_or([1, 1]);
        let factor = pow10(power.into())?;
        let filled = if self.some { factor.checked_sub(1)? } else { 0 };
        let [low, high] = self.section;
        self.section = [
            low.checked_add(least.checked_mul(factor)?)?,
            high.checked_add(most.checked_mul(factor)?.checked_add(filled)?)?,
        ];
        self.last = power;
        self.zero = false;
        Some(())
    }

    fn close(&mut self, power: u8) -> Option<()> {
        if self.myriad != 0 && power >= self.myriad && !(power == 8 && self.myriad == 4) {
            return None;
        }
        self.join()?;
        let factor = pow10(power.into())?;
        if self.section == [0, 0] && self.closed == [0, 0] {
            self.section = [1, 1];
        }
        for end in 0..2 {
            let section = *self.section.get(end)?;
            let closed = self.closed.get_mut(end)?;
            *closed = if power == 8 {
                closed.checked_add(section)?.checked_mul(factor)?
            } else {
                closed.checked_add(section.checked_mul(factor)?)?
            };
        }
        if self.some {
            let last = self.closed.last_mut()?;
            *last = last.checked_add(factor.checked_sub(1)?)?;
        }
        self.section = [0, 0];
        (self.last, self.myriad, self.zero) = (0, power, false);
        Some(())
    }

    /// Adds the digits that wait to the section: 三万五 is 35000, 三百零五 is 305.
    fn join(&mut self) -> Option<()> {
        let Some(waiting) = self.waiting.take() else { return Some(()) };
        let above = if self.last == 0 { self.myriad } else { self.last };
        let short = above >= 2 && !self.zero && !self.some;
        let factor = if short { pow10(u32::from(above).checked_sub(1)?)? } else { 1 };
        for (section, digits) in self.section.iter_mut().zip(waiting) {
            *section = section.checked_add(digits.checked_mul(factor)?)?;
        }
        Some(())
    }

    fn ends(mut self) -> Option<[i128; 2]> {
        self.join()?;
        let [least, most] = self.closed;
        let [low, high] = self.section;
        Some([least.checked_add(low)?, most.checked_add(high)?])
    }
}

/// A Chinese numeral with units (两千, 三万五千), of digits one by one (二〇二二), or with a point.
fn chinese(text: &str) -> Option<(Numeral, &str)> {
    if let Some(found) = one_by_one(text) {
        return Some(found);
    }
    let mut reading = Reading::default();
    let mut rest = text;
    let mut length = 0_usize;
    while let Some(letter) = rest.chars().next().filter(|_| length < LONGEST) {
        let taken = match (letter, chinese_digit(letter), chinese_unit(letter), myriad(letter)) {
            ('几' | '数', ..) if may_be_some(rest, reading.last) => reading.some_digit(),
            (_, Some(0), ..) if length > 0 && reading.waiting.is_none() => {
                reading.zero = true;
                Some(())
            }
            (_, Some(digit), ..) => reading.digit(digit),
            (_, _, Some(power), _) => reading.unit(power),
            (.., Some(power)) => reading.close(power),
            _ => break,
        };
        taken?;
        length = length.checked_add(1)?;
        rest = rest.get(letter.len_utf8()..)?;
    }
    if length == 0 {
        return None;
    }
    let convention = match (reading.some, reading.neighbors) {
        (true, _) => Convention::SomeDigit,
        (_, true) => Convention::Neighbors,
        _ => Convention::Exact,
    };
    let [least, most] = reading.ends()?;
    let decimals =
        rest.strip_prefix('点').map(digits_one_by_one).filter(|(digits, _)| !digits.is_empty());
    let (least, most, rest) = match decimals {
        Some((digits, after)) if convention == Convention::Exact => {
            let number: Decimal = format!("{least}.{digits}").parse().ok()?;
            (number, number, after)
        }
        _ => (Decimal::integer(least), Decimal::integer(most), rest),
    };
    let place = i8::try_from(least.scale()).ok()?.saturating_neg();
    Some((Numeral { least, most, convention, place, digits: false }, rest))
}

/// 几 stands for a digit before a unit, after a higher one, or before what is counted; 数 only
/// before a unit, for it also means number.
fn may_be_some(rest: &str, last: u8) -> bool {
    let mut letters = rest.chars();
    let (first, second) = (letters.next(), letters.next());
    let before_unit =
        second.is_some_and(|next| chinese_unit(next).or_else(|| myriad(next)).is_some());
    match first {
        Some('几') => before_unit || last != 0 || second.is_some(),
        _ => before_unit,
    }
}

/// At least three digits without units, of which one is a zero: a year.
fn one_by_one(text: &str) -> Option<(Numeral, &str)> {
    let (digits, rest) = digits_one_by_one(text);
    let follows = rest.chars().next();
    let unit = follows.is_some_and(|next| chinese_unit(next).or_else(|| myriad(next)).is_some());
    if digits.len() < 3 || unit || !digits.contains('0') {
        return None;
    }
    let number: Decimal = digits.parse().ok()?;
    let convention = Convention::Exact;
    Some((Numeral { least: number, most: number, convention, place: 0, digits: false }, rest))
}

fn digits_one_by_one(text: &str) -> (String, &str) {
    let mut digits = String::new();
    let mut rest = text;
    while let Some(letter) = rest.chars().next().filter(|_| digits.len() < LONGEST) {
        let Some(digit) = chinese_digit(letter) else { break };
        digits.push(char::from(b'0'.wrapping_add(digit)));
        rest = rest.get(letter.len_utf8()..).unwrap_or_default();
    }
    (digits, rest)
}
