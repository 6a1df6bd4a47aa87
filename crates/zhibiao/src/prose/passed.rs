//! What holds a number and is no quantity (非数量): each rule with its reason, in one place.

use super::clauses::is_digit;
use crate::label::Lang;
use crate::quantity::{Convention, Quantity};

/// Why a number is no quantity (不计原因).
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum Reason {
    /// The mark of a list: 一、 5、 一是.
    ListMark,
    /// A name in quotation marks, or a fixed expression: “四个一流”, “双减”.
    Slogan,
    /// A title: 《…》.
    Title,
    /// The number of a document or a hotline: 〔2020〕1号.
    DocumentNumber,
    /// The number of a place in an order: 第十五届.
    Ordinal,
    /// A year or a day: 2022年, 9月10日.
    Date,
    /// How long something lasts: 1小时, 近三年.
    Duration,
    /// An age: 3—6岁.
    Age,
    /// How good or how high something is: 一等奖, 一级, 七年级.
    Grade,
    /// 一 as an article: 一所学校.
    Article,
    /// A name that holds digits: 5+1, G20.
    Name,
    /// A numeral that is part of a word: 一体, 五育.
    Word,
    /// Digits without a unit.
    NoUnit,
    /// Digits that are no number.
    Unreadable,
}

impl Reason {
    /// Every reason.
    pub const ALL: [Self; 14] = [
        Self::ListMark,
        Self::Slogan,
        Self::Title,
        Self::DocumentNumber,
        Self::Ordinal,
        Self::Date,
        Self::Duration,
        Self::Age,
        Self::Grade,
        Self::Article,
        Self::Name,
        Self::Word,
        Self::NoUnit,
        Self::Unreadable,
    ];

    /// Stable name.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::ListMark => "list-mark",
            Self::Slogan => "slogan",
            Self::Title => "title",
            Self::DocumentNumber => "document-number",
            Self::Ordinal => "ordinal",
            Self::Date => "date",
            Self::Duration => "duration",
            Self::Age => "age",
            Self::Grade => "grade",
            Self::Article => "article",
            Self::Name => "name",
            Self::Word => "word",
            Self::NoUnit => "no-unit",
            Self::Unreadable => "unreadable",
        }
    }

    /// The reason for readers.
    #[must_use]
    pub const fn label(self, lang: Lang) -> &'static str {
        match self {
            Self::ListMark => lang.of("序号", "mark of a list"),
            Self::Slogan => lang.of("口号或固定说法", "name or fixed expression"),
            Self::Title => lang.of("书名号内", "title"),
            Self::DocumentNumber => lang.of("文号或号码", "number of a document"),
            Self::Ordinal => lang.of("序数", "ordinal"),
            Self::Date => lang.of("年份或日期", "date"),
            Self::Duration => lang.of("时长", "duration"),
            Self::Age => lang.of("年龄", "age"),
            Self::Grade => lang.of("等级", "grade"),
            Self::Article => lang.of("泛指的“一”", "one as an article"),
            Self::Name => lang.of("名称中的数字", "digits of a name"),
            Self::Word => lang.of("词语中的数字", "numeral within a word"),
            Self::NoUnit => lang.of("没有单位", "no unit"),
            Self::Unreadable => lang.of("读不出的数", "no number"),
        }
    }
}

/// Letters within quotation marks that are looked at for a name.
const LONGEST_NAME: usize = 12;

/// Letters of the longest title.
const LONGEST_TITLE: usize = 60;

const NUMERALS: &str = "〇零一二两三四五六七八九十百千万亿双";

/// What follows 个 in fixed political expressions: 四个意识, 两个确立.
const FIXED: [&str; 9] = ["一", "意识", "自信", "维护", "确立", "全面", "代表", "务必", "结合"];

/// What follows 双 in names of policies.
const DOUBLES: [&str; 6] = ["减", "创", "高", "一流", "师型", "随机"];

/// Words that are no word of a number after these letters: 签约30家, 附近3所.
const NOT_AFTER: [(&str, &str); 4] =
    [("约", "签节预违制合条公大"), ("近", "附邻最靠临贴亲"), ("超", "赶反"), ("不到", "达想")];

/// Units of time that make a duration, not a figure.
const DURATIONS: [&str; 13] = [
    "小时",
    "个小时",
    "分钟",
    "天",
    "周",
    "年",
    "个月",
    "学年",
    "学期",
    "日",
    "月",
    "时",
    "个工作日",
];

/// What begins in quotation marks or brackets and is a name or number of something.
pub(super) fn enclosed(rest: &str) -> Option<(usize, Reason)> {
    let first = rest.chars().next()?;
    let (close, longest, reason) = match first {
        '“' => ('”', LONGEST_NAME, Reason::Slogan),
        '‘' => ('’', LONGEST_NAME, Reason::Slogan),
        '「' => ('」', LONGEST_NAME, Reason::Slogan),
        '《' => ('》', LONGEST_TITLE, Reason::Title),
        '〔' => ('〕', LONGEST_NAME, Reason::DocumentNumber),
        _ => return None,
    };
    let mut letters = rest.char_indices().skip(1).take(longest.saturating_add(1));
    let (end, _) = letters.find(|(_, letter)| *letter == close)?;
    let inner = rest.get(first.len_utf8()..end)?;
    let numerals = inner.contains(|letter| NUMERALS.contains(letter));
    let digits = inner.contains(is_digit);
    let named = match reason {
        Reason::Slogan => (numerals && !digits) || (digits && inner.contains('+')),
        _ => numerals || digits,
    };
    let mut length = end.checked_add(close.len_utf8())?;
    if reason == Reason::DocumentNumber {
        let number = rest.get(length..)?;
        let behind = number.trim_start_matches(is_digit);
        let behind = behind.strip_prefix('号').unwrap_or(behind);
        length = length.checked_add(number.len().checked_sub(behind.len())?)?;
    }
    named.then_some((length, reason))
}

/// What has a form by which it is known to be no quantity, whatever is counted.
pub(super) fn formed(before: &str, rest: &str) -> Option<(usize, Reason)> {
    double(rest).or_else(|| digits_of_name(before, rest)).or_else(|| date(before, rest))
}

/// 双减
fn double(rest: &str) -> Option<(usize, Reason)> {
    let behind = rest.strip_prefix('双')?;
    let word = DOUBLES.into_iter().find(|word| behind.starts_with(word))?;
    Some(('双'.len_utf8().checked_add(word.len())?, Reason::Slogan))
}

/// 5+1, 1+N, G20, 5G.
fn digits_of_name(before: &str, rest: &str) -> Option<(usize, Reason)> {
    let length = digits(rest);
    if length == 0 {
        return None;
    }
    let behind = rest.get(length..)?;
    let lettered = before.chars().next_back().is_some_and(|letter| letter.is_ascii_alphabetic());
    let letters = behind.chars().next().is_some_and(|letter| letter.is_ascii_alphabetic())
        && !["m²", "km", "kg"].iter().any(|unit| behind.starts_with(unit));
    let sum = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '+' | '＋');
    if behind.starts_with(['+', '＋']) || letters || lettered {
        let name = rest.len().checked_sub(rest.trim_start_matches(sum).len())?;
        return Some((name.max(length), Reason::Name));
    }
    None
}

/// 2022年, 2021—2022学年, 2022-12-30, 二〇二二年, 9月10日, 12月.
fn date(before: &str, rest: &str) -> Option<(usize, Reason)> {
    let length = digits(rest);
    let number = rest.get(..length)?;
    let behind = rest.get(length..)?;
    let year = |text: &str| text.len() == 4 && (text.starts_with("19") || text.starts_with("20"));
    let dated = |length: usize| Some((length, Reason::Date));
    if length == 0 {
        let mut letters = rest.strip_prefix("二〇")?.chars();
        let digit = |letter: char| "〇零一二三四五六七八九".contains(letter);
        let year = letters.by_ref().take(2).filter(|letter| digit(*letter)).count() == 2;
        return (year && letters.next() == Some('年')).then(|| dated("二〇二二年".len())).flatten();
    }
    if year(number) {
        let to = behind.trim_start_matches(['—', '-', '–', '至', '－', '~', '～', '年', '.', '/']);
        let second = digits(to);
        let connected = behind.len().checked_sub(to.len()).filter(|between| *between > 0);
        if let (Some(between), true) = (connected, second > 0) {
            let end = length.checked_add(between)?.checked_add(second)?;
            let after = rest.get(end..)?;
            let ends = ["年", "学年", "月", "日", "-", "."];
            let is_date = ends.iter().any(|end| after.starts_with(end));
            // 2022年35所 is a year and a figure.
            if is_date && !behind.starts_with('年') || year(to.get(..second)?) {
                return dated(end.checked_add(date_end(after))?);
            }
        }
        let suffix =
            ["年", "学年", "级", "届"].into_iter().find(|suffix| behind.starts_with(suffix));
        return dated(length.checked_add(suffix?.len())?);
    }
    let small = number.parse::<u32>().is_ok_and(|number| (1..=31).contains(&number));
    let after_month = before.ends_with(['月', '年', '至', '—', '-']);
    let suffix = ["月", "日"].into_iter().find(|suffix| behind.starts_with(suffix))?;
    (small && (suffix == "月" || after_month))
        .then(|| dated(length.checked_add(suffix.len())?))
        .flatten()
}

/// Bytes of what ends a date.
fn date_end(after: &str) -> usize {
    let ends = ["学年", "年", "月", "日"];
    let end = ends.into_iter().find(|end| after.starts_with(end));
    let more = after.len().saturating_sub(
        after.trim_start_matches(|letter| is_digit(letter) || matches!(letter, '-' | '.')).len(),
    );
    end.map_or(more, str::len)
}

/// Bytes of the digits at the beginning.
pub(super) fn digits(text: &str) -> usize {
    text.len().saturating_sub(text.trim_start_matches(is_digit).len())
}

/// Whether the first letter belongs to the word before it, and not to a number: 签约30家.
pub(super) fn belongs_before(before: &str, rest: &str) -> bool {
    NOT_AFTER.iter().any(|(word, letters)| {
        rest.starts_with(word)
            && before.chars().next_back().is_some_and(|last| letters.contains(last))
    })
}

/// Whether the first letter is a digit of cheques that stands alone, as in 队伍.
pub(super) fn is_syllable(rest: &str) -> bool {
    let mut letters = rest.chars();
    let cheque = |letter: Option<char>| {
        letter.is_some_and(|letter| "壹贰叁肆伍陆柒捌玖拾佰仟".contains(letter))
    };
    cheque(letters.next()) && !cheque(letters.next())
}

/// Why a quantity is none, by what stands around it.
pub(super) fn reason(before: &str, quantity: &Quantity, rest: &str) -> Option<Reason> {
    let counted = quantity.counted.as_str();
    if counted.contains('岁') {
        return Some(Reason::Age);
    }
    if rest.starts_with("年级") || (counted == "年" && rest.starts_with('级')) {
        return Some(Reason::Grade);
    }
    if DURATIONS.contains(&counted) {
        return Some(Reason::Duration);
    }
    if rest.starts_with('号') {
        return Some(Reason::DocumentNumber);
    }
    if quantity.written.contains(is_digit) {
        return (counted.is_empty() && !stands_as_total(before, rest)).then_some(Reason::NoUnit);
    }
    chinese(before, quantity, rest)
}

/// Bytes behind a numeral that are shown with it: 一等奖, 二十大.
pub(super) fn belonging(reason: Reason, behind: &str) -> usize {
    let ends: &[&str] = match reason {
        Reason::Grade => &["等奖", "等", "级", "流", "年级"],
        Reason::Name => &["大"],
        Reason::Slogan => &FIXED,
        _ => &[],
    };
    ends.iter().find(|end| behind.starts_with(**end)).map_or(0, |end| end.len())
}

/// A number without unit that a sentence ends with: 共计35.
fn stands_as_total(before: &str, rest: &str) -> bool {
    let total = ["共计", "总计", "合计", "达", "达到", "增至", "降至"];
    total.iter().any(|word| before.ends_with(word))
        && !rest.starts_with(|letter: char| {
            letter.is_alphanumeric() || matches!(letter, '.' | '-' | '/' | ':')
        })
}

/// Chinese numerals are words more often than they are figures.
fn chinese(before: &str, quantity: &Quantity, rest: &str) -> Option<Reason> {
    let counted = quantity.counted.as_str();
    if matches!(counted, "%" | "‰" | "倍") {
        return None;
    }
    if rest.starts_with(['等', '级', '流']) {
        return Some(Reason::Grade);
    }
    if counted.is_empty() {
        let large = quantity.number >= crate::number::Decimal::integer(100);
        let plain = quantity.word.is_empty() && !large;
        return plain.then(|| if rest.starts_with('大') { Reason::Name } else { Reason::Word });
    }
    // 三支一扶, 三位一体
    let numeral = |letter: Option<char>| letter.is_some_and(|letter| NUMERALS.contains(letter));
    if numeral(rest.chars().next()) && counted != "个" || numeral(before.chars().next_back()) {
        return Some(Reason::Word);
    }
    let value = quantity.number;
    let below = |limit| value < crate::number::Decimal::integer(limit);
    match quantity.convention {
        Convention::SomeDigit if below(10) => Some(Reason::Word),
        Convention::Exact if below(2) && !only(before) => Some(Reason::Article),
        Convention::Exact if counted == "个" && FIXED.iter().any(|word| rest.starts_with(word)) => {
            Some(Reason::Slogan)
        }
        _ if below(10) && matches!(counted, "类" | "本") => Some(Reason::Grade),
        Convention::Exact if below(100) && matches!(counted, "班" | "校") => Some(Reason::Name),
        Convention::Exact
            if below(10)
                && matches!(counted, "元" | "对" | "步" | "道" | "部" | "只" | "手" | "块") =>
        {
            Some(Reason::Word)
        }
        _ => None,
    }
}

/// Words that make 一 a number: 仅一所.
fn only(before: &str) -> bool {
    ["仅", "只有", "仅有", "共", "共有", "新增", "增加", "减少", "各"]
        .iter()
        .any(|word| before.ends_with(word))
}
