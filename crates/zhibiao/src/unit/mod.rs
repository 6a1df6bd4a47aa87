//! Units (计量单位): what a figure counts, and by how much it is scaled.
//!
//! The invariant: a figure is converted only within its quantity. 元, 万元 and 亿元 convert; 人 and
//! 人次 (person-times) never do; a percent is not a percentage point (百分点).
//!
//! May use `error`, `label` and `number`.

mod powers;

use crate::error::{Problem, Result, near};
use crate::label::{Label, Lang};
use crate::number::{Bounds, Decimal, Ratio};

pub(crate) use self::powers::Powers;

/// What is counted: one row of [`COUNTED`].
type Counted = u8;

struct Entry {
    id: &'static str,
    zh: &'static str,
    en: &'static str,
    aliases: &'static [&'static str],
}

const fn entry(
    id: &'static str,
    zh: &'static str,
    en: &'static str,
    aliases: &'static [&'static str],
) -> Entry {
    Entry { id, zh, en, aliases }
}

/// Base units, one a quantity. Amounts of each are kept in this unit.
const COUNTED: &[Entry] = &[
    entry("person", "人", "persons", &["名", "生"]),
    entry("person_time", "人次", "person-times", &[]),
    entry("institution", "所", "institutions", &[]),
    entry("item", "个", "items", &["件"]),
    entry("project", "项", "projects", &[]),
    entry("set", "套", "sets", &[]),
    entry("class", "班", "classes", &["个班"]),
    entry("yuan", "元", "yuan", &[]),
    entry("square_metre", "㎡", "m²", &["平方米", "m²"]),
    entry("room", "间", "rooms", &[]),
    entry("book", "册", "books", &["本"]),
    entry("device", "台", "devices", &[]),
    entry("kind", "类", "kinds", &[]),
    entry("rank", "位", "places", &["名次", "个名次"]),
    entry("household", "户", "households", &[]),
    entry("area_unit", "县", "counties", &["个县"]),
];

/// Multiples written before a base unit, as powers of ten.
const MULTIPLES: &[(&str, i8)] = &[("百", 2), ("千", 3), ("万", 4), ("亿", 8)];

/// What a unit measures.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Quantity {
    Counted(Counted),
    /// A part of a whole of the same quantity: %, ‰, x:1.
    Fraction,
    /// A difference of percentages.
    Points,
    Quotient(Counted, Counted),
}

/// What figures measure, for those that need no more of their unit.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Measured(Quantity);

/// How a value and its unit are written together.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Form {
    Plain,
    /// `16.97:1`
    ToOne,
    /// `1:16.97`
    OneTo,
}

/// A unit (计量单位).
///
/// # Example
/// ```
/// use zhibiao::number::Decimal;
/// use zhibiao::unit::Unit;
/// let wan = Unit::parse("万元")?;
/// assert_eq!(wan.to_base("965".parse()?, &Unit::parse("yuan")?)?, Decimal::integer(9_650_000));
/// let refused = Unit::parse("人次")?.to_base("6000".parse()?, &Unit::parse("人")?);
/// assert_eq!(refused.unwrap_err().code(), "unit-mismatch");
/// # Ok::<(), zhibiao::Error>(())
/// ```
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Unit {
    label: Label,
    quantity: Quantity,
    /// A figure in this unit times 10^power is the figure in base units.
    power: i8,
    form: Form,
}

impl Unit {
    /// Reads a unit by id (`person`), Chinese sign (`人`, `万元`, `%`) or quotient (`元/人`,
    /// `人/百生`); `1` is a plain number.
    ///
    /// # Errors
    /// `unknown-unit`, with the nearest known ones.
    pub fn parse(text: &str) -> Result<Self> {
        let text = text.trim();
        let special = |zh: &str, en: &str, quantity, power, form| Self {
            label: Label { zh: zh.to_owned(), en: en.to_owned() },
            quantity,
            power,
            form,
        };
        let unit = match text {
            "%" | "％" | "percent" => Some(special("%", "%", Quantity::Fraction, -2, Form::Plain)),
            "‰" | "permille" => Some(special("‰", "‰", Quantity::Fraction, -3, Form::Plain)),
            "百分点" | "个百分点" | "point" => {
                Some(special("个百分点", "percentage points", Quantity::Points, -2, Form::Plain))
            }
            "x:1" | ":1" => Some(special(":1", ":1", Quantity::Fraction, 0, Form::ToOne)),
            "1" => Some(special("", "", Quantity::Fraction, 0, Form::Plain)),
            "1:x" => Some(special("1:", "1:", Quantity::Fraction, 0, Form::OneTo)),
            _ => text.split_once('/').map_or_else(
                || Multiple::parse(text).map(Multiple::unit),
                |(num, den)| {
                    let den = den.trim_end_matches("·年").trim_end_matches("/年");
                    Some(Multiple::parse(num)?.over(&Multiple::parse(den)?))
                },
            ),
        };
        unit.ok_or_else(|| {
            let names = COUNTED.iter().flat_map(|entry| [entry.zh, entry.id]);
            let near =
                near(text, names.chain(["%", "‰", "百分点", "元/人", "人/百生", "x:1", "1"]));
            Problem::UnknownUnit { unit: text.to_owned(), near }.into()
        })
    }

    /// The sign of the unit.
    #[must_use]
    pub fn label(&self, lang: Lang) -> &str {
        self.label.text(lang)
    }

    /// A printed number with its unit: `86.7 %`, `16.97:1`, `1:13.9`.
    #[must_use]
    pub fn attach(&self, number: &str, lang: Lang) -> String {
        match self.beside(number, lang) {
            (number, "") => number,
            (number, sign) => format!("{number} {sign}"),
        }
    }

    /// A printed number and the sign that stands apart from it; none is apart in `16.97:1`.
    pub(crate) fn beside(&self, number: &str, lang: Lang) -> (String, &str) {
        let sign = self.label(lang);
        match self.form {
            Form::Plain => (number.to_owned(), sign),
            Form::ToOne => (format!("{number}{sign}"), ""),
            Form::OneTo => (format!("{sign}{number}"), ""),
        }
    }

    /// The unit in which a difference of two values of this unit is told: 百分点 for %.
    #[must_use]
    pub fn of_difference(&self) -> Self {
        if self.is_percent() {
            let label = Label { zh: "个百分点".to_owned(), en: "percentage points".to_owned() };
            Self { label, quantity: Quantity::Points, power: -2, form: Form::Plain }
        } else {
            self.clone()
        }
    }

    /// Whether figures are percentages, whose differences are told in points.
    pub(crate) const fn is_percent(&self) -> bool {
        matches!((self.quantity, self.power), (Quantity::Fraction, -2))
    }

    /// Whether figures are amounts of money (元).
    pub(crate) fn is_money(&self) -> bool {
        Self::parse("yuan").is_ok_and(|yuan| yuan.quantity == self.quantity)
    }

    /// Whether figures are places in a ranking (位).
    pub(crate) fn is_rank(&self) -> bool {
        Self::parse("rank").is_ok_and(|rank| rank.quantity == self.quantity)
    }

    /// The unit that is counted and the power of ten of its multiple: 元 and 4 for 万元. What is no
    /// multiple of a base unit stays as it is.
    ///
    /// # Example
    /// ```
    /// use zhibiao::unit::Unit;
    /// assert_eq!(Unit::parse("万元")?.without_multiple(), (Unit::parse("元")?, 4));
    /// assert_eq!(Unit::parse("%")?.without_multiple(), (Unit::parse("%")?, 0));
    /// # Ok::<(), zhibiao::Error>(())
    /// ```
    #[must_use]
    pub fn without_multiple(&self) -> (Self, i8) {
        match self.quantity {
            Quantity::Counted(counted) => COUNTED.get(usize::from(counted)).map(|entry| {
                let label = Label { zh: entry.zh.to_owned(), en: entry.en.to_owned() };
                (Self { label, power: 0, ..self.clone() }, self.power)
            }),
            _ => None,
        }
        .unwrap_or_else(|| (self.clone(), 0))
    }

    /// Whether it is 百分点, the unit of differences of shares.
    #[must_use]
    pub const fn is_points(&self) -> bool {
        matches!(self.quantity, Quantity::Points)
    }

    /// 100 for %, 1000 for ‰; none for units without a whole.
    #[must_use]
    pub const fn whole(&self) -> Option<i128> {
        match (self.quantity, self.power) {
            (Quantity::Fraction, -2) => Some(100),
            (Quantity::Fraction, -3) => Some(1000),
            _ => None,
        }
    }

    /// Whether a number says the same in both units: 名 and 人, not 万元 and 元.
    pub(crate) fn is_same(&self, other: &Self) -> bool {
        self.same_quantity(other) && self.power == other.power && self.form == other.form
    }

    /// Whether a figure in this unit times 10^power is one in the base unit that `own` has.
    pub(crate) fn is_multiple_of(&self, own: Measured, power: i8) -> bool {
        self.quantity == own.0 && self.power == power && self.form == Form::Plain
    }

    /// What figures of the unit measure.
    pub(crate) const fn measured(&self) -> Measured {
        Measured(self.quantity)
    }

    /// Whether figures of both units can be converted into each other.
    #[must_use]
    pub fn same_quantity(&self, other: &Self) -> bool {
        self.quantity == other.quantity
    }

    /// Whether `num` over `den` is a figure of this unit.
    #[must_use]
    pub fn is_quotient_of(&self, num: &Self, den: &Self) -> bool {
        match (self.quantity, num.quantity, den.quantity) {
            (Quantity::Fraction, Quantity::Counted(num), Quantity::Counted(den)) => num == den,
            (Quantity::Quotient(a, b), Quantity::Counted(num), Quantity::Counted(den)) => {
                (a, b) == (num, den)
            }
            _ => false,
        }
    }

    /// Whether the unit is a part of a whole (%, ‰).
    #[must_use]
    pub const fn is_fraction(&self) -> bool {
        matches!(self.quantity, Quantity::Fraction)
    }

    /// A figure of this unit in the base unit of `wanted`.
    ///
    /// # Errors
    /// `unit-mismatch` across quantities; `overflow`.
    pub fn to_base(&self, figure: Decimal, wanted: &Self) -> Result<Decimal> {
        figure.shifted(self.power_to_base(wanted)?)
    }

    /// The power of ten of [`to_base`](Self::to_base).
    pub(crate) fn power_to_base(&self, wanted: &Self) -> Result<i8> {
        if self.same_quantity(wanted) { Ok(self.power) } else { Err(self.mismatch(wanted)) }
    }

    /// A ratio in base units as a figure of this unit: 52/60 is 86.67 in %.
    ///
    /// # Errors
    /// `overflow` beyond 128 bits.
    pub fn of_base(&self, ratio: Ratio) -> Result<Ratio> {
        ratio.mul(self.per_base()?)
    }

    /// Bounds given in this unit as bounds in the unit `wanted`.
    ///
    /// # Errors
    /// `unit-mismatch` across quantities; `overflow`.
    pub fn convert(&self, bounds: &Bounds, wanted: &Self) -> Result<Bounds> {
        if !self.same_quantity(wanted) {
            return Err(self.mismatch(wanted));
        }
        bounds.mul(&Bounds::exact(wanted.per_base()?.div(self.per_base()?)?))
    }

    /// The power of ten between figures of this unit and of another of the same quantity.
    pub(crate) const fn power_between(&self, other: &Self) -> i8 {
        self.power.saturating_sub(other.power)
    }

    /// The power of ten by which a figure in base units becomes one of this unit.
    pub(crate) const fn power_of_base(&self) -> i8 {
        self.power.saturating_neg()
    }

    fn per_base(&self) -> Result<Ratio> {
        Ok(Decimal::integer(1).shifted(self.power_of_base())?.ratio())
    }

    fn mismatch(&self, wanted: &Self) -> crate::Error {
        let name = |unit: &Self| unit.label.zh.clone();
        Problem::UnitMismatch { given: name(self), wanted: name(wanted) }.into()
    }
}

/// A counted unit with a multiple: 万元, 百生.
struct Multiple {
    counted: Counted,
    power: i8,
    label: Label,
}

impl Multiple {
    fn parse(text: &str) -> Option<Self> {
        let known = |text: &str| {
            let same = |entry: &Entry| {
                entry.id == text || entry.zh == text || entry.aliases.contains(&text)
            };
            let index = COUNTED.iter().position(same)?;
            Some((Counted::try_from(index).ok()?, COUNTED.get(index)?))
        };
        let (power, rest) = match known(text) {
            Some(_) => (0, text),
            None => MULTIPLES
                .iter()
                .find_map(|(sign, power)| Some((*power, text.strip_prefix(sign)?)))?,
        };
        let (counted, entry) = known(rest)?;
        let zh = if entry.id == text { entry.zh.to_owned() } else { text.to_owned() };
        let en = match power {
            0 => entry.en.to_owned(),
            2 => format!("100 {}", entry.en),
            3 => format!("1,000 {}", entry.en),
            4 => format!("10,000 {}", entry.en),
            _ => format!("100 million {}", entry.en),
        };
        Some(Self { counted, power, label: Label { zh, en } })
    }

    fn unit(self) -> Unit {
        Unit {
            label: self.label,
            quantity: Quantity::Counted(self.counted),
            power: self.power,
            form: Form::Plain,
        }
    }

    fn over(self, den: &Self) -> Unit {
        let one = |label: &str| label.strip_suffix('s').unwrap_or(label).to_owned();
        let en = if den.power == 0 { one(&den.label.en) } else { den.label.en.clone() };
        Unit {
            label: Label {
                zh: format!("{}/{}", self.label.zh, den.label.zh),
                en: format!("{} per {en}", self.label.en),
            },
            quantity: Quantity::Quotient(self.counted, den.counted),
            power: self.power.saturating_sub(den.power),
            form: Form::Plain,
        }
    }
}
