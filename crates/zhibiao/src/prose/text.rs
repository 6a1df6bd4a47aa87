//! A reading as text (文本).

use super::{Found, Reading};
use crate::label::Lang;
use crate::number::{Bounds, End, Ratio, RoundMode};

/// Decimals of an end that no shorter decimal holds.
const DECIMALS: i8 = 4;

impl Reading {
    /// The reading as a plain table (对照表): a figure a line with number, figure as written, bounds,
    /// unit, subject, proposal, and line:column, between tabs; then claims, and how many numbers
    /// were passed over for which reason.
    #[must_use]
    pub fn text(&self, lang: Lang) -> String {
        let mut lines = vec![
            lang.of(
                "序号\t原文\t界\t单位\t对象\t建议指标\t位置",
                "no\tfigure\tbounds\tunit\tsubject\tproposal\tline:column",
            )
            .to_owned(),
        ];
        for (at, found) in self.quantities.iter().enumerate() {
            lines.push(format!("{}\t{}", at.saturating_add(1), found.line(lang)));
        }
        for claim in &self.claims {
            let (kind, place) = (claim.kind.label(lang), &claim.position);
            let (line, column) = (place.line, place.column);
            lines.push(format!(
                "-\t{}\t{kind}\t\t{}\t\t{line}:{column}",
                claim.words, claim.subject
            ));
        }
        let unplaced = self.unplaced().count();
        lines.push(match lang {
            Lang::Zh => format!("数量{}个，其中{unplaced}个没有对应的指标", self.quantities.len()),
            Lang::En => format!("{} figures, {unplaced} without a proposal", self.quantities.len()),
        });
        for (reason, count) in self.reasons() {
            lines.push(format!("{}\t{count}", reason.label(lang)));
        }
        lines.push(String::new());
        lines.join("\n")
    }

    /// How many numbers were passed over for each reason that was met.
    pub fn reasons(&self) -> impl Iterator<Item = (super::Reason, usize)> {
        super::Reason::ALL.into_iter().filter_map(|reason| {
            let count = self.passed_over.iter().filter(|passed| passed.reason == reason).count();
            (count > 0).then_some((reason, count))
        })
    }
}

impl Found {
    fn line(&self, lang: Lang) -> String {
        let quantity = &self.quantity;
        let proposal = self.proposals.first().map_or("-", |proposal| proposal.id.as_str());
        let doubt = if self.ambiguous { "?" } else { "" };
        let unit = match &quantity.unit {
            Some(unit) if lang == Lang::En => unit.label(lang),
            _ => quantity.counted.as_str(),
        };
        let (bounds, subject) = (shown(&quantity.bounds), &self.subject);
        let (line, column) = (self.position.line, self.position.column);
        let written = &quantity.written;
        format!("{written}\t{bounds}\t{unit}\t{subject}\t{proposal}{doubt}\t{line}:{column}")
    }
}

/// Bounds as intervals are written: `[740, 750)`, `(80, ∞)`; an exact number stands alone.
#[must_use]
pub(super) fn shown(bounds: &Bounds) -> String {
    let lo = match bounds.lo {
        End::Closed(lo) => format!("[{}", number(lo)),
        End::Open(lo) => format!("({}", number(lo)),
        End::Infinite => "(-∞".to_owned(),
    };
    match bounds.hi {
        End::Closed(hi) if bounds.lo == End::Closed(hi) => number(hi),
        End::Closed(hi) => format!("{lo}, {}]", number(hi)),
        End::Open(hi) => format!("{lo}, {})", number(hi)),
        End::Infinite => format!("{lo}, ∞)"),
    }
}

fn number(value: Ratio) -> String {
    let rounded = value.rounded(DECIMALS, RoundMode::HalfAway);
    rounded.map_or_else(|_| "…".to_owned(), |number| number.trimmed().to_string())
}
