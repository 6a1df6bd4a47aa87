//! Audits (审核): whether the figures of a report follow from each other, and from tables.
//!
//! Verdicts are by intervals: a figure is contradicted only if no number that it may be is one that
//! its parts may give. Percentages, decimals and figures in 万 and 亿 are taken as rounded.

mod changes;
mod known;
mod parts;
mod rest;
mod same;
mod scope;
mod sums;

use super::{Found, Position, Reading};
use crate::error::{Error, Problem};
use crate::label::Lang;
use crate::number::{Bounds, Ratio};
use crate::quantity::Quantity;
use crate::unit::Unit;

pub use self::known::Known;

/// Figures of a sentence that are looked back at.
const BACK: usize = 12;

/// What is checked (规则).
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Rule {
    /// A share is part over whole (占比).
    Share,
    /// A part is no larger than its whole (其中).
    Part,
    /// Parts add up to their whole (合计).
    Sum,
    /// A change is the later level less the earlier one, over that where it is a percentage (增减).
    Change,
    /// An amount per head is amount over heads (人均).
    PerHead,
    /// One thing has one figure (同一事项).
    Same,
    /// A figure is that of a table (与表核对).
    Table,
}

impl Rule {
    /// Stable name.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::Share => "share",
            Self::Part => "part",
            Self::Sum => "sum",
            Self::Change => "change",
            Self::PerHead => "per-head",
            Self::Same => "same",
            Self::Table => "table",
        }
    }

    /// The rule for readers.
    #[must_use]
    pub const fn label(self, lang: Lang) -> &'static str {
        match self {
            Self::Share => lang.of("占比等于部分除以整体", "a share is part over whole"),
            Self::Part => lang.of("部分不大于整体", "a part is no larger than its whole"),
            Self::Sum => lang.of("部分合计等于整体", "parts add up to their whole"),
            Self::Change => lang.of("增减等于两期之差", "a change is the difference of levels"),
            Self::PerHead => {
                lang.of("人均等于总额除以人数", "an amount per head is amount over heads")
            }
            Self::Same => lang.of("同一事项数字一致", "one thing has one figure"),
            Self::Table => lang.of("与表一致", "a figure is that of the table"),
        }
    }
}

/// How a figure stands to what it is held against (结论).
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Verdict {
    /// It follows (相符): what was computed prints as what is said, or lies within it.
    Follows,
    /// It is contradicted (矛盾): no number that may be meant agrees.
    Contradicts,
    /// It may follow (不能断定): some numbers that may be meant agree, others do not.
    CannotTell,
}

impl Verdict {
    /// Stable name.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::Follows => "follows",
            Self::Contradicts => "contradicts",
            Self::CannotTell => "cannot-tell",
        }
    }

    /// The verdict for readers.
    #[must_use]
    pub const fn label(self, lang: Lang) -> &'static str {
        match self {
            Self::Follows => lang.of("相符", "follows"),
            Self::Contradicts => lang.of("矛盾", "contradicts"),
            Self::CannotTell => lang.of("不能断定", "cannot tell"),
        }
    }
}

/// One figure of a report, held against others (审核结果).
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// What was checked.
    pub rule: Rule,
    /// How it came out.
    pub verdict: Verdict,
    /// The figure, counted from 0 in [`Reading::quantities`].
    pub figure: usize,
    /// The figures it was held against; empty for a table.
    pub against: Vec<usize>,
    /// What the figure is by these, in its own unit.
    pub computed: Bounds,
    /// Where the figure stands.
    pub position: Position,
    /// Where the first of the others stands.
    pub other: Option<Position>,
    /// The problem and its place, where it is contradicted.
    pub error: Option<Error>,
}

impl Reading {
    /// Holds figures against each other, and against what tables know (审核).
    ///
    /// What is checked: shares with both parts in the sentence (占, 完成率), parts after 其中 or in
    /// brackets, totals (共计), changes with both levels or with the change itself, amounts per
    /// head, one thing with two figures, and figures of tables. A figure that nothing in the text
    /// bears on has no finding.
    ///
    /// # Example
    /// ```
    /// use zhibiao::Catalog;
    /// use zhibiao::prose::{Options, Verdict, read};
    /// let text = "2022年启建项目60个，目前52个项目已完成，完成率85%。";
    /// let reading = read(text, "report.txt", &Catalog::builtin(), Options::default())?;
    /// let findings = reading.audit(None);
    /// let told = findings.iter().find_map(|finding| finding.error.as_ref()).unwrap();
    /// assert_eq!(told.code(), "share-differs");
    /// assert!(told.to_string().starts_with("report.txt:1:28: 85% is said, but 52个 of 60个 is 86.6667%"));
    /// # Ok::<(), zhibiao::Error>(())
    /// ```
    #[must_use]
    pub fn audit(&self, against: Option<&[Known]>) -> Vec<Finding> {
        let figures: Vec<Figure<'_>> = self.quantities.iter().enumerate().map(Figure::of).collect();
        let mut audit = Audit { reading: self, findings: Vec::new() };
        for sentence in figures.chunk_by(|a, b| a.found.in_sentence == b.found.in_sentence) {
            for (at, figure) in sentence.iter().enumerate() {
                let before = sentence.get(at.saturating_sub(BACK)..at).unwrap_or_default();
                parts::share(&mut audit, figure, before);
                parts::per_head(&mut audit, figure, before);
                sums::total(&mut audit, figure, before);
                changes::change(&mut audit, figure, before);
            }
            parts::parts(&mut audit, sentence);
        }
        let scopes = scope::of(&figures);
        same::figures(&mut audit, &figures, &scopes);
        known::figures(&mut audit, &figures, &scopes, against.unwrap_or_default());
        let mut findings = audit.findings;
        findings.sort_by_key(|finding| finding.figure);
        findings
    }
}

/// A figure, with what it may be in base units.
struct Figure<'a> {
    at: usize,
    found: &'a Found,
    /// What is counted: the base unit, or the unit as written.
    counts: String,
    /// In base units.
    bounds: Bounds,
    /// The number itself, in base units, where no word makes bounds.
    value: Option<Ratio>,
}

impl<'a> Figure<'a> {
    fn of((at, found): (usize, &'a Found)) -> Self {
        let quantity = &found.quantity;
        let rounded = quantity.clone().as_rounded();
        let bounds = rounded.map_or(quantity.bounds, |rounded| rounded.bounds);
        let (base, _) = base(quantity);
        let based = |bounds: &Bounds| match (&quantity.unit, &base) {
            (Some(unit), Some(base)) => unit.convert(bounds, base).unwrap_or(*bounds),
            _ => *bounds,
        };
        let counts = base.as_ref().map_or(quantity.counted.as_str(), |base| base.label(Lang::Zh));
        let value = quantity.word.is_empty().then(|| based(&quantity.bounds));
        let value = value.and_then(|bounds| match bounds.lo {
            crate::number::End::Closed(value) if bounds == Bounds::exact(value) => Some(value),
            _ => None,
        });
        Self { at, found, counts: counts.to_owned(), bounds: based(&bounds), value }
    }

    fn written(&self) -> String {
        self.found.quantity.written.clone()
    }

    /// Whether both count the same, and neither is a change.
    fn is_like(&self, other: &Self) -> bool {
        self.counts == other.counts && self.is_level() && other.is_level()
    }

    fn is_level(&self) -> bool {
        self.found.is_level()
    }

    /// Bounds in base units as bounds in the unit of this figure.
    fn in_unit(&self, bounds: &Bounds) -> Bounds {
        let quantity = &self.found.quantity;
        match (&quantity.unit, base(quantity).0) {
            (Some(unit), Some(base)) => base.convert(bounds, unit).unwrap_or(*bounds),
            _ => *bounds,
        }
    }
}

/// The base unit of a quantity, and the power of ten of its own.
fn base(quantity: &Quantity) -> (Option<Unit>, i8) {
    let parts = quantity.unit.as_ref().map(Unit::without_multiple);
    parts.map_or((None, 0), |(base, power)| (Some(base), power))
}

/// What was computed: bounds, and the value of the printed numbers where there is one.
struct Computed {
    bounds: Bounds,
    value: Option<Ratio>,
}

impl Computed {
    /// By intervals: contradicted only if these exclude each other.
    fn verdict(&self, said: &Bounds) -> Verdict {
        if !said.overlaps(&self.bounds) {
            return Verdict::Contradicts;
        }
        let printed = self.value.is_some_and(|value| said.contains(value));
        let within = said.both(&self.bounds) == Some(self.bounds);
        if printed || within { Verdict::Follows } else { Verdict::CannotTell }
    }
}

/// Findings as they are made.
struct Audit<'a> {
    reading: &'a Reading,
    findings: Vec<Finding>,
}

impl Audit<'_> {
    /// Holds a figure against what others give.
    fn hold(
        &mut self,
        rule: Rule,
        figure: &Figure<'_>,
        against: &[&Figure<'_>],
        computed: &Computed,
        problem: impl FnOnce(String) -> Problem,
    ) {
        let verdict = computed.verdict(&figure.bounds);
        self.tell(rule, verdict, figure, against, &computed.bounds, problem);
    }

    fn tell(
        &mut self,
        rule: Rule,
        verdict: Verdict,
        figure: &Figure<'_>,
        against: &[&Figure<'_>],
        computed: &Bounds,
        problem: impl FnOnce(String) -> Problem,
    ) {
        let contradicted = verdict == Verdict::Contradicts;
        let error = contradicted.then(|| {
            let shown = figure.in_unit(computed).interval();
            let unit = figure.found.quantity.counted.as_str();
            let place = self.reading.place(&figure.found.position);
            Error::new(problem(format!("{shown}{unit}")), place)
        });
        self.findings.push(Finding {
            rule,
            verdict,
            figure: figure.at,
            against: against.iter().map(|other| other.at).collect(),
            computed: figure.in_unit(computed),
            other: against.first().map(|other| other.found.position.clone()),
            position: figure.found.position.clone(),
            error,
        });
    }
}
