//! The grammar: a word, a number, a word, a unit, a word; and what has a form of its own.

use super::numeral::{self, Numeral, chinese_digit, myriad};
use super::words::{AFTER, BEFORE, BETWEEN, COUNTERS, DIVISORS, TO, UNITS, longest, longest_of};
use super::{Convention, Quantity};
use crate::error::{Problem, Result};
use crate::number::{Bounds, Decimal, End, Ratio, RoundMode};
use crate::unit::Unit;

/// A quantity and what follows it; none where the text does not begin with one.
pub(super) type Read<'a> = Option<(Quantity, &'a str)>;

/// A number in its unit.
#[derive(Clone, Debug)]
struct Figure {
    numeral: Numeral,
    unit: Option<Unit>,
    counted: String,
    /// The word between number and unit.
    between: Option<(&'static str, Convention)>,
    /// The power of ten of 万 or 亿 where they are part of the number, for want of a unit.
    power: i8,
    /// Whether it is told in tenths (成).
    tenths: bool,
    /// The words between number and unit of the two ends of a range.
    range: Option<(Said, Said)>,
    /// The exact percentage of a fraction such as 三分之二.
    fraction: Option<Ratio>,
}

/// Reads the longest quantity at the beginning of a text.
pub(super) fn quantity(text: &str) -> Result<Read<'_>> {
    let before = longest_of(text, BEFORE);
    let rest = spaces(text.get(before.map_or(0, |(word, _)| word.len())..).unwrap_or_default());
    let Some((first, rest)) = hundreds(rest).or_else(|| figure(rest)) else { return Ok(None) };
    // 百 is a hundred in 近百所 and 百余所, but not in 百日.
    let unit_alone = text.starts_with(['百', '千', '万', '亿']) && !first.0.numeral.digits;
    if unit_alone && first.0.between.is_none() {
        return Ok(None);
    }
    let (first, said) = first;
    let (figure, rest) = upper(&first, rest).unwrap_or((first, rest));
    let after = longest_of(spaces(rest), AFTER);
    let rest = after.map_or(rest, |(word, _)| spaces(rest).get(word.len()..).unwrap_or_default());
    let words: Vec<(&str, Convention)> =
        [before, said, figure.between, after].into_iter().flatten().collect();
    let written = text.get(..text.len().saturating_sub(rest.len())).unwrap_or_default();
    let quantity = joined(figure, &words, written)?;
    Ok(Some((quantity, rest)))
}

type Said = Option<(&'static str, Convention)>;

/// 上百 is at least a hundred.
fn hundreds(text: &str) -> Option<((Figure, Said), &str)> {
    let rest = text.strip_prefix('上')?;
    rest.chars().next().filter(|next| matches!(next, '百' | '千' | '万' | '亿'))?;
    let ((figure, _), rest) = figure(rest)?;
    Some(((figure, Some(("上", Convention::AtLeast))), rest))
}

fn figure(text: &str) -> Option<((Figure, Said), &str)> {
    special(text).or_else(|| fraction(text)).or_else(|| ratio(text)).or_else(|| {
        let (figure, rest) = counted(text)?;
        Some(((figure, None), rest))
    })
}

/// The power of ten of a tenth (成), in percent.
const TENTH: i8 = 1;

/// Decimals of a percentage that no decimal holds.
const DECIMALS: i8 = 4;

fn percent() -> Option<Unit> {
    Unit::parse("%").ok()
}

/// 翻番, 翻两番, 一半, 半数.
fn special(text: &str) -> Option<((Figure, Said), &str)> {
    if let Some(rest) = text.strip_prefix('翻') {
        let rest = rest.strip_prefix('了').unwrap_or(rest);
        let (numeral, rest) = numeral::read(rest).map_or((None, rest), |(n, rest)| (Some(n), rest));
        let rest = rest.strip_prefix('番')?;
        let mut figure = plain(Decimal::integer(2), None, "倍");
        if let Some(times) = numeral {
            let power = |times: Decimal| {
                let times = u32::try_from(times.mantissa()).ok().filter(|_| times.scale() == 0)?;
                2_i128.checked_pow(times).map(Decimal::integer)
            };
            figure.numeral.least = power(times.least)?;
            figure.numeral.most = power(times.most)?;
            figure.numeral.convention = times.convention;
        }
        return Some(((figure, Some(("翻番", Convention::Doubled))), rest));
    }
    let above = Some(("过", Convention::Above));
    let (rest, said) = [("一半", None), ("半数", None), ("过半数", above), ("过半", above)]
        .into_iter()
        .find_map(|(word, said)| Some((text.strip_prefix(word)?, said)))?;
    Some(((plain(Decimal::integer(50), percent(), "%"), said), rest))
}

/// 百分之七十六点六, 三分之二, 三成五.
fn fraction(text: &str) -> Option<((Figure, Said), &str)> {
    let (figure, rest) = per(text).or_else(|| tenths(text))?;
    Some(((figure, None), rest))
}

fn per(text: &str) -> Option<(Figure, &str)> {
    let near = text.get(..text.char_indices().nth(5).map_or(text.len(), |(at, _)| at))?;
    let (whole, _) = near.split_once("分之")?;
    let (den, "") = numeral::read(whole)? else { return None };
    let (num, rest) = numeral::read(text.get(whole.len()..)?.strip_prefix("分之")?)?;
    let exact = |of: &Numeral| of.convention == Convention::Exact && of.least.mantissa() > 0;
    if !exact(&den) || !exact(&num) {
        return None;
    }
    let permille = den.least == Decimal::integer(1000);
    let (unit, counted) =
        if permille { (Unit::parse("‰").ok(), "‰") } else { (percent(), "%") };
    let decimal = [(100, 0), (1000, 0), (10_000, -2)]
        .into_iter()
        .find(|(whole, _)| den.least == Decimal::integer(*whole));
    let mut figure = if let Some((_, power)) = decimal {
        plain(num.least.shifted(power).ok()?, unit, counted)
    } else {
        let value = num.least.ratio().scaled(100).ok()?.div(den.least.ratio()).ok()?;
        let number = value.rounded(DECIMALS, RoundMode::HalfAway).ok()?.trimmed();
        let mut figure = Figure { fraction: Some(value), ..plain(number, unit, counted) };
        figure.numeral.place = TENTH;
        figure
    };
    let (between, rest) = word_between(rest);
    figure.between = between;
    Some((figure, rest))
}

/// 三成, 三成五, 八成多.
fn tenths(text: &str) -> Option<(Figure, &str)> {
    let (numeral, rest) = numeral::read(text)?;
    let ends = [numeral.least, numeral.most];
    let ten = Decimal::integer(10);
    if ends.iter().any(|end| end.scale() > 1 || *end > ten || end.mantissa() <= 0) {
        return None;
    }
    let rest = rest.strip_prefix('成')?;
    // 三成立 and 五成员 are no tenths.
    if rest
        .starts_with(['立', '员', '果', '功', '效', '绩', '就', '为', '长', '熟', '人', '套', '不'])
    {
        return None;
    }
    let half = rest.chars().next().and_then(chinese_digit).filter(|digit| *digit > 0);
    let rest = half.map_or(Some(rest), |_| rest.get(3..))?;
    let tenths = |end: Decimal| -> Option<Decimal> {
        let more = Ratio::integer(half.unwrap_or(0).into());
        let percent = end.ratio().scaled(10).ok()?.add(more).ok()?;
        percent.rounded(0, RoundMode::HalfAway).ok().filter(|whole| whole.ratio() == percent)
    };
    let (between, rest) = word_between(rest);
    let mut figure = plain(tenths(numeral.least)?, percent(), "%");
    figure.numeral.most = tenths(numeral.most)?;
    if half.is_none() && numeral.least.scale() == 0 {
        figure.numeral.place = TENTH;
    }
    figure.tenths = true;
    figure.numeral.convention = numeral.convention;
    figure.between = between;
    Some((figure, rest))
}

/// 12.66:1 and 1:13.9.
fn ratio(text: &str) -> Option<((Figure, Said), &str)> {
    let (num, rest) = numeral::read(text).filter(|(num, _)| num.digits)?;
    let rest = rest.strip_prefix([':', '：', '∶'])?;
    let (den, rest) = numeral::read(rest).filter(|(den, _)| den.digits)?;
    let one = Decimal::integer(1);
    let (number, unit) = match (num.least == one, den.least == one) {
        (_, true) => (num.least, "x:1"),
        (true, _) => (den.least, "1:x"),
        _ => return None,
    };
    Some(((plain(number, Unit::parse(unit).ok(), unit), None), rest))
}

/// A number, 万 or 亿, and a unit.
fn counted(text: &str) -> Option<(Figure, &str)> {
    let (mut numeral, rest) = numeral::read(text)?;
    let (mut between, mut rest) = word_between(rest);
    let mut power = 0;
    if numeral.digits || between.is_some() {
        (power, rest) = multiples(rest);
        if between.is_none() {
            (between, rest) = word_between(rest);
        }
        if between.is_none() && power != 0 {
            (numeral, power, rest) = smaller(numeral, power, rest);
        }
    }
    let (unit, after) = unit(spaces(rest));
    if !unit.is_empty() {
        rest = after;
    }
    let mut figure = Figure {
        numeral,
        unit: None,
        counted: String::new(),
        between,
        power: 0,
        tenths: false,
        range: None,
        fraction: None,
    };
    let multiple = match power % 4 {
        0 if power >= 8 => Some(("亿", 8)),
        0 if power == 4 => Some(("万", 4)),
        _ if power > 8 => Some(("亿", 8)),
        _ if power > 4 => Some(("万", 4)),
        _ => None,
    };
    match (multiple, known(&unit)) {
        (Some((sign, of_unit)), Some(base)) if base.whole().is_none() => {
            figure.shift(power.checked_sub(of_unit)?)?;
            figure.counted = format!("{sign}{unit}");
            figure.unit = Unit::parse(&figure.counted).ok();
        }
        (_, known) => {
            figure.shift(power)?;
            figure.power = power;
            (figure.counted, figure.unit) = (unit, known);
        }
    }
    Some((figure, rest))
}

/// 余, 多 or 来 where more of the quantity, or its end, follows.
fn word_between(text: &str) -> (Said, &str) {
    let between = longest_of(text, BETWEEN);
    let rest = text.get(between.map_or(0, |(word, _)| word.len())..).unwrap_or_default();
    (between, rest)
}

/// The power of ten of 百, 千, 万, 亿 in a row.
fn multiples(text: &str) -> (i8, &str) {
    let (mut power, mut rest) = (0_i8, text);
    for _ in 0..4 {
        let Some(letter) = rest.chars().next() else { break };
        // 千米 and 百分点 are units.
        if longest(rest, COUNTERS).or_else(|| longest(rest, UNITS)).is_some() {
            break;
        }
        let Some(more) = numeral::chinese_unit(letter).or_else(|| myriad(letter)) else { break };
        power = power.saturating_add(i8::try_from(more).unwrap_or(0));
        rest = rest.get(letter.len_utf8()..).unwrap_or_default();
    }
    (power, rest)
}

/// The smaller part of 1亿5千万, added to the larger one.
fn smaller(numeral: Numeral, power: i8, text: &str) -> (Numeral, i8, &str) {
    let unchanged = (numeral, power, text);
    let added = || {
        let (part, rest) = numeral::read(text).filter(|(part, _)| part.digits)?;
        let (below, rest) = multiples(rest);
        if below == 0 || below >= power {
            return None;
        }
        let whole = numeral.least.shifted(power).ok()?.trimmed();
        let part = part.least.shifted(below).ok()?.trimmed();
        if whole.scale() > 0 || part.scale() > 0 || part.mantissa() < 0 {
            return None;
        }
        let sum = Decimal::integer(whole.mantissa().checked_add(part.mantissa())?);
        Some((Numeral { least: sum, most: sum, place: below, ..numeral }, 0, rest))
    };
    added().unwrap_or(unchanged)
}

/// The unit at the beginning of a text, with what it is divided by.
fn unit(text: &str) -> (String, &str) {
    let of = |words| longest(text, words).unwrap_or_default();
    let (known, other) = (of(UNITS), of(COUNTERS));
    let unit = if other.len() > known.len() { other } else { known };
    let rest = text.get(unit.len()..).unwrap_or_default();
    let divided = rest.strip_prefix(['/', '／']).filter(|_| !known.is_empty());
    let by = divided.and_then(|behind| Some((longest(behind, DIVISORS)?, behind)));
    match by {
        Some((by, behind)) => (format!("{unit}/{by}"), behind.get(by.len()..).unwrap_or_default()),
        None => (unit.to_owned(), rest),
    }
}

/// The unit, if it is one that converts.
fn known(unit: &str) -> Option<Unit> {
    let first = unit.split('/').next()?;
    UNITS.contains(&first).then(|| Unit::parse(unit).ok()).flatten()
}

/// The range that begins with this figure.
fn upper<'a>(lower: &Figure, text: &'a str) -> Option<(Figure, &'a str)> {
    let to = longest(text, TO)?;
    let ((upper, _), rest) = figure(text.get(to.len()..)?)?;
    Some((lower.clone().up_to(upper)?, rest))
}

/// What all parts say together.
fn joined(figure: Figure, words: &[(&'static str, Convention)], written: &str) -> Result<Quantity> {
    let refused = |reason: &str| {
        let (value, reason) = (written.to_owned(), reason.to_owned());
        crate::Error::from(Problem::NotAQuantity { value, reason })
    };
    let mut convention = figure.numeral.convention;
    let Figure { numeral, unit, counted, fraction, range, .. } = figure;
    let (least, most) = (numeral.least, numeral.most);
    let ends = |said| match fraction {
        Some(value) => meant_of_fraction(said, value),
        None => Ok(Bounds { lo: meant(said, least)?.lo, hi: meant(said, most)?.hi }),
    };
    let of_ends = range.map(|(lower, upper)| {
        let said = |word: Said| word.map_or(Convention::Exact, |(_, said)| said);
        Ok(Bounds { lo: meant(said(lower), least)?.lo, hi: meant(said(upper), most)?.hi })
    });
    let mut bounds = of_ends.unwrap_or_else(|| ends(Convention::Exact))?;
    for (word, said) in words.iter().filter(|(_, said)| *said != Convention::Exact) {
        let needs_more_than_0 = matches!(said, Convention::AndMore | Convention::Nearly);
        if needs_more_than_0 && least.mantissa() <= 0 {
            return Err(refused(&format!("`{word}` needs a number above 0")));
        }
        let range = ends(*said)?;
        let first = matches!(
            convention,
            Convention::Exact | Convention::Range | Convention::Neighbors | Convention::SomeDigit
        );
        bounds = if first { Some(range) } else { bounds.both(&range) }
            .ok_or_else(|| refused("its words contradict each other"))?;
        convention = *said;
    }
    let (lower, upper) = range.unwrap_or_default();
    let of_ends = [lower, upper].into_iter().flatten();
    let word: Vec<&str> = of_ends.chain(words.iter().copied()).map(|(word, _)| word).collect();
    Ok(Quantity {
        number: least,
        unit,
        counted,
        bounds,
        word: word.join("…"),
        convention,
        written: written.to_owned(),
        place: numeral.place,
    })
}

/// What a word makes of a fraction, whose last digit is taken to be a tenth (成): 约三分之一 is half
/// a tenth to either side.
fn meant_of_fraction(said: Convention, value: Ratio) -> Result<Bounds> {
    let tenths = Decimal::integer(30);
    let apart = value.sub(tenths.ratio())?;
    meant(said, tenths)?.add(&Bounds::exact(apart))
}

/// What a word makes of a number.
fn meant(said: Convention, number: Decimal) -> Result<Bounds> {
    let (closed, open) = (End::Closed(number.ratio()), End::Open(number.ratio()));
    Ok(match said {
        Convention::AndMore => Bounds::and_more(number)?,
        Convention::Nearly => Bounds::nearly(number)?,
        Convention::About => Bounds::about(number)?,
        Convention::Above => Bounds { lo: open, hi: End::Infinite },
        Convention::AtLeast => Bounds { lo: closed, hi: End::Infinite },
        Convention::Below => Bounds { lo: End::Infinite, hi: open },
        Convention::AtMost => Bounds { lo: End::Infinite, hi: closed },
        _ => Bounds::exact(number.ratio()),
    })
}

impl Figure {
    fn shift(&mut self, power: i8) -> Option<()> {
        let numeral = &mut self.numeral;
        numeral.least = numeral.least.shifted(power).ok()?;
        numeral.most = numeral.most.shifted(power).ok()?;
        numeral.place = numeral.place.checked_add(power)?;
        Some(())
    }

    /// Both figures as one, in the unit of the first, or of the second where the first has none.
    fn up_to(mut self, mut upper: Self) -> Option<Self> {
        let exact = |figure: &Self| figure.numeral.convention == Convention::Exact;
        if !exact(&self) || !exact(&upper) {
            return None;
        }
        let is_bare = self.unit.is_none() && self.counted.is_empty() && self.power == 0;
        let smaller = self.numeral.least < upper.numeral.least;
        match (&self.unit, &upper.unit) {
            // 五至六成: both are tenths.
            (None, _) if is_bare && upper.tenths => {
                self.shift(TENTH)?;
                (self.unit, self.counted) = (upper.unit.clone(), upper.counted.clone());
            }
            (None, Some(unit)) if self.counted.is_empty() => {
                // 80万—100万元, 5000—1.2万元: the first is a number of yuan.
                if self.power != 0 || !smaller {
                    let (_, power) = unit.without_multiple();
                    self.shift(power.checked_neg()?)?;
                    self.numeral.least = self.numeral.least.trimmed();
                }
                self.unit = Some(unit.clone());
                self.counted.clone_from(&upper.counted);
            }
            (None, _) if self.counted.is_empty() || self.counted == upper.counted => {
                // 10至20万: both are so many 万; 5000至1万: the first is not.
                let digits = upper.numeral.least.shifted(upper.power.checked_neg()?).ok()?;
                if is_bare && upper.power != 0 && self.numeral.least < digits {
                    self.shift(upper.power)?;
                }
                self.counted.clone_from(&upper.counted);
            }
            (Some(own), Some(other)) if own.same_quantity(other) => {
                let power = other.power_between(own);
                upper.shift(power)?;
            }
            _ => return None,
        }
        self.numeral.most = upper.numeral.most;
        self.range = Some((self.between.take(), upper.between));
        self.numeral.convention = Convention::Range;
        self.numeral.place = self.numeral.place.min(upper.numeral.place);
        (self.numeral.least < self.numeral.most).then_some(self)
    }
}

fn plain(number: Decimal, unit: Option<Unit>, counted: &str) -> Figure {
    let place = i8::try_from(number.scale()).unwrap_or(i8::MAX).saturating_neg();
    let convention = Convention::Exact;
    let numeral = Numeral { least: number, most: number, convention, place, digits: true };
    Figure {
        numeral,
        unit,
        counted: counted.to_owned(),
        between: None,
        power: 0,
        tenths: false,
        range: None,
        fraction: None,
    }
}

/// The text without spaces before it.
fn spaces(text: &str) -> &str {
    text.trim_start_matches([' ', '\u{3000}', '\u{a0}'])
}
