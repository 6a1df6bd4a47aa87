//! Lines around a table (表上表下的文字): the units that they state, and of what.

use super::above::UnitsAbove;
use super::headers::plain;
use crate::unit::Unit;

/// What may stand between the word 单位 and the units.
const MARKS: [&str; 5] = [":", "均为", "为", "是", "("];

/// What parts claims from each other, and units within one.
const BETWEEN: [char; 3] = ['、', ',', ';'];

/// What may stand between units too. A stroke may as well be a part of one.
const WITHIN: [char; 4] = ['和', '或', '及', ')'];

/// Where 单位 is no unit of figures, but an office.
const OFFICES: [&str; 10] = [
    "填报单位",
    "填表单位",
    "编制单位",
    "制表单位",
    "报送单位",
    "上报单位",
    "主管单位",
    "单位负责人",
    "单位名称",
    "单位盖章",
];

/// What may stand before 单位 where all amounts of the table are meant.
const OF_ALL: [&str; 13] = [
    "计量", "金额", "货币", "数据", "本表", "表内", "表中", "各项", "所有", "备注", "说明", "注",
    "的",
];

/// Amounts of these are in another unit than 元.
const MULTIPLES: [&str; 4] = ["百元", "千元", "万元", "亿元"];

/// Multiples without a unit; 数以万计 is none of figures.
const MULTIPLES_ALONE: [&str; 3] = ["以千计", "以万计", "以亿计"];

/// Signs of traditional writing.
const TRADITIONAL: [(char, char); 4] = [('單', '单'), ('萬', '万'), ('億', '亿'), ('圓', '元')];

/// Reads a line; above a table, its words are apart: a title stands beside the unit of the table.
pub(super) fn read(line: &str, is_above: bool, units: &mut UnitsAbove) {
    let line = simplified(line);
    let line = if is_above { apart(&line) } else { plain(&line) };
    let line = line.to_lowercase().replace("units:", "单位:").replace("unit:", "单位:");
    let line = OFFICES.iter().fold(line, |line, office| line.replace(office, "。"));
    for sentence in line.split('。') {
        // Whether the claim that goes on is of all amounts.
        let mut claim = None;
        for piece in sentence.split(BETWEEN).filter(|piece| !piece.is_empty()) {
            let is_unit = |part: &str| part.is_empty() || Unit::parse(part).is_ok();
            claim = match (piece.rsplit_once("单位"), claim) {
                (Some((subject, behind)), _) => read_claim(subject, behind, is_above, units),
                (None, Some(is_of_all)) if piece.split(WITHIN).all(is_unit) => {
                    read_units(piece, is_of_all, units);
                    claim
                }
                (None, _) => {
                    mention(piece, units);
                    claim
                }
            };
        }
    }
}

/// A line with the signs that units are written with in their simplified form.
pub(super) fn simplified(line: &str) -> String {
    let simple =
        |c: char| TRADITIONAL.iter().find(|(other, _)| *other == c).map_or(c, |(_, own)| *own);
    line.chars().map(simple).collect()
}

/// A text with a full stop in place of the blanks between words, but not within 单  位 or a list.
fn apart(line: &str) -> String {
    let mut text = String::new();
    let mut goes_on = true;
    for word in line.split_whitespace().map(plain) {
        let signs = |c| BETWEEN.contains(&c) || c == ':' || c == '(';
        if !goes_on && !text.ends_with(signs) && !word.starts_with(signs) {
            text.push('。');
        }
        text.push_str(&word);
        goes_on = word.chars().count() == 1;
    }
    text
}

/// Reads what stands before and behind the word 单位; whether it is said of all amounts, if it is
/// a claim.
fn read_claim(subject: &str, behind: &str, is_above: bool, units: &mut UnitsAbove) -> Option<bool> {
    let stated = MARKS.iter().find_map(|mark| behind.strip_prefix(mark));
    let Some(stated) = stated.or_else(|| Unit::parse(behind).is_ok().then_some(behind)) else {
        mention(subject, units);
        mention(behind, units);
        return None;
    };
    let is_of_all = is_of_all(subject, is_above);
    if !is_of_all {
        mention(subject, units);
    }
    read_units(stated, is_of_all, units);
    Some(is_of_all)
}

/// Whether nothing is named that a unit could be of alone. Above a table, what stands before the
/// bracket around the unit is its title.
fn is_of_all(subject: &str, is_above: bool) -> bool {
    let title = subject.rsplit_once('(').filter(|_| is_above);
    let subject = title.map_or(subject, |(_, inside)| inside).to_owned();
    let rest = OF_ALL.iter().fold(subject, |rest, word| rest.replace(word, ""));
    rest.chars().all(|c| !c.is_alphanumeric() || c.is_ascii_digit())
}

fn read_units(text: &str, is_of_all: bool, units: &mut UnitsAbove) {
    let parts = text.split(WITHIN).map(|unit| unit.trim_end_matches('.'));
    for part in parts.filter(|part| !part.is_empty()) {
        let ways = part.split('/').count();
        if ways > 1 {
            units.doubt();
        }
        for unit in part.split('/') {
            let is_multiple =
                Unit::parse(unit).is_ok_and(|unit| unit.is_money() && unit.power_of_base() != 0);
            if is_multiple && !is_of_all {
                units.doubt();
            }
            units.state(unit);
        }
    }
}

/// Money that a text speaks of without a number before it: 以万元计, 金额:万元, a title with （万元）.
/// It may be the unit of all amounts, of one, or of none.
fn mention(text: &str, units: &mut UnitsAbove) {
    for multiple in MULTIPLES {
        for (at, _) in text.match_indices(multiple) {
            let before = text.get(..at).unwrap_or_default();
            let stem = before.trim_end_matches(['百', '千', '万']);
            if stem.ends_with(is_numeral) {
                continue;
            }
            units.doubt();
            if stem.len() == before.len() {
                units.state(multiple);
            }
        }
    }
    for multiple in MULTIPLES_ALONE {
        let before = text.match_indices(multiple).filter_map(|(at, _)| text.get(..at));
        if before.into_iter().any(|before| !before.ends_with('数')) {
            units.doubt();
        }
    }
    let mut yuan = text.match_indices("yuan").map(|(at, _)| text.get(..at).unwrap_or_default());
    if yuan.any(|before| !before.ends_with(|c: char| c.is_ascii_alphabetic())) {
        units.doubt();
    }
    let bare = text.trim_end_matches([')', '计']);
    if bare == "元" || ["(元", ":元", "为元", "是元", "以元"].iter().any(|it| bare.ends_with(it))
    {
        units.state("元");
    }
}

fn is_numeral(c: char) -> bool {
    c.is_ascii_digit() || "〇一二三四五六七八九十两几数余多.".contains(c)
}
