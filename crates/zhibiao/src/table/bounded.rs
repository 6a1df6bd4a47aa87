//! Values whose parts are known within bounds only (界): told by words, below the unit, or withheld.

use std::collections::BTreeMap;

use hashbrown::HashMap;

use super::ReportedValue;
use super::evaluate::Definition;
use super::rolled::State;
use crate::bind::{Bounded, Why};
use crate::catalog::Kind;
use crate::error::Result;
use crate::label::Lang;
use crate::number::{BoundedQuotient, Bounds, Decimal, End, QuotientPart, Ratio, pow10};
use crate::plan::{Combination, Policy};
use crate::state::{BoundedRow, States};

/// Bounded rows by the state that they belong to.
pub(super) struct BoundedRows<'a>(HashMap<usize, Vec<&'a BoundedRow>>);

/// What is known of a value.
pub(super) enum Known {
    /// A figure that stands for it, and what is left open.
    Reported(ReportedValue),
    /// Bounds only: a part of it is withheld.
    Withheld(Withheld),
    /// All of it, for what is lacking does not exist: numerator and denominator, as integers of
    /// scales.
    Exact { numerator: i128, denominator: Option<i128>, scales: (u8, Option<u8>) },
    /// It does not exist, like all figures of one of its parts.
    NotApplicable,
    /// Its denominator is exactly 0, whatever else is not known.
    ZeroDenominator,
}

/// A value of which a part is withheld (不予公布).
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Withheld {
    pub(super) bounds: Bounds,
    /// The bounds in digits.
    pub(super) written: String,
}

/// Figures by row and position in it, each with how often it is above and below.
type Figures = BTreeMap<(usize, usize), (Bounded, [Ratio; 2])>;

impl<'a> BoundedRows<'a> {
    /// The bounded rows of states; none where they could tell nothing.
    pub(super) fn of(states: &'a States) -> Option<Self> {
        let mut rows: HashMap<usize, Vec<&BoundedRow>> = HashMap::new();
        for row in &states.bounded {
            if let Ok(state) = states.keys.binary_search(&row.key) {
                rows.entry(state).or_default().push(row);
            }
        }
        (!rows.is_empty() && states.plan().policy == Policy::Any).then_some(Self(rows))
    }

    /// What is known of the value of a group whose sums lack nothing but bounded rows.
    pub(super) fn known(
        &self,
        of: Definition<'_>,
        state: State<'_>,
        states: &[usize],
        lang: Lang,
    ) -> Result<Option<Known>> {
        let parts = of.version.parts.as_ref().filter(|parts| parts.lagged.is_none());
        let Some(parts) = parts else { return Ok(None) };
        let rows = states.iter().filter_map(|state| self.0.get(state)).flatten();
        let sums = Sums { state, rows: &rows.copied().collect::<Vec<_>>() };
        let mut figures = Figures::new();
        let Some(above) = sums.side(&parts.numerator, 0, &mut figures)? else { return Ok(None) };
        let below = match &parts.denominator {
            None => Some(Ratio::integer(1)),
            Some(denominator) => sums.side(denominator, 1, &mut figures)?,
        };
        let Some(below) = below.filter(|_| !figures.is_empty()) else { return Ok(None) };
        let whys: Vec<Why> = figures.values().map(|(bounded, _)| bounded.why).collect();
        if whys.iter().all(|why| *why == Why::NotApplicable) {
            let none = std::iter::once(&parts.numerator)
                .chain(&parts.denominator)
                .any(|part| sums.lacks_all(part));
            if none {
                return Ok(Some(Known::NotApplicable));
            }
            let scales = (parts.numerator.scale, parts.denominator.as_ref().map(|part| part.scale));
            let Some(numerator) = integer(above, scales.0) else { return Ok(None) };
            let denominator = scales.1.and_then(|scale| integer(below, scale));
            return Ok(Some(Known::Exact { numerator, denominator, scales }));
        }
        if below == Ratio::ZERO && figures.values().all(|(_, [_, below])| *below == Ratio::ZERO) {
            return Ok(Some(Known::ZeroDenominator));
        }
        let told: Option<Vec<Ratio>> =
            figures.values().map(|(bounded, _)| bounded.figure).collect();
        let part = |(bounded, [above, below]): (Bounded, [Ratio; 2])| QuotientPart {
            above,
            below,
            bounds: bounded.bounds,
        };
        let parts = figures.into_values().map(part).collect();
        let quotient = BoundedQuotient { above, below, parts };
        let bounds = match quotient.bounds()? {
            Some(bounds) => bounds,
            None if told.is_none() => quotient.bounds_above_zero()?,
            None => return Ok(None),
        };
        let one = of.indicator.unit.of_base(Ratio::integer(1))?;
        let mut bounds = bounds.mul(&Bounds::exact(one))?;
        if matches!(of.indicator.kind, Kind::Share { .. }) {
            let whole = Bounds { lo: End::Closed(Ratio::ZERO), hi: End::Closed(one) };
            let Some(possible) = bounds.both(&whole) else { return Ok(None) };
            bounds = possible;
        }
        let written = bounds.written(of.indicator.decimals)?;
        let Some(told) = told else {
            return Ok(Some(Known::Withheld(Withheld { bounds, written })));
        };
        let reading = if whys.contains(&Why::BelowUnit) {
            lang.of("含不足最小单位的数", "with figures below the unit")
        } else {
            lang.of("由上报值推算", "from reported figures")
        };
        Ok(Some(Known::Reported(ReportedValue {
            figure: quotient.at(told)?.mul(one)?,
            bounds,
            written,
            reading: reading.to_owned(),
            inferred: true,
        })))
    }
}

/// The sums of a group, and its bounded rows.
struct Sums<'a> {
    state: State<'a>,
    rows: &'a [&'a BoundedRow],
}

impl Sums<'_> {
    /// What a combination of sums exactly has, in base units; its bounded figures are noted. None
    /// where a sum lacks more than bounded rows.
    fn side(
        &self,
        combination: &Combination,
        side: usize,
        figures: &mut Figures,
    ) -> Result<Option<Ratio>> {
        let mut exact = Ratio::ZERO;
        for (coefficient, sum) in &combination.terms {
            let coefficient = i128::from(*coefficient);
            let Some(total) = self.state.total(*sum) else { return Ok(None) };
            let total = Decimal::new(total, combination.scale)?.ratio();
            exact = exact.add(total.scaled(coefficient)?)?;
            let mut lacking = self.state.missing(*sum);
            for (at, row) in self.rows.iter().enumerate() {
                for part in row.parts.iter().filter(|part| part.sum == *sum) {
                    lacking = lacking.saturating_sub(1);
                    exact = exact.add(part.exact.scaled(coefficient)?)?;
                    for (factor, position) in &part.terms {
                        let Some(bounded) = row.figures.get(*position) else { return Ok(None) };
                        let none = || (*bounded, [Ratio::ZERO; 2]);
                        let (_, sides) = figures.entry((at, *position)).or_insert_with(none);
                        if let Some(own) = sides.get_mut(side) {
                            let times = Ratio::integer((*factor).into()).scaled(coefficient)?;
                            *own = own.add(times)?;
                        }
                    }
                }
            }
            if lacking > 0 {
                return Ok(None);
            }
        }
        Ok(Some(exact))
    }

    /// Whether each row of the group lacks a part of it.
    fn lacks_all(&self, combination: &Combination) -> bool {
        let rows = self.state.rows();
        combination.terms.iter().any(|(_, sum)| self.state.missing(*sum) == rows)
    }
}

/// A number in base units as an integer of a scale, if it is one.
fn integer(value: Ratio, scale: u8) -> Option<i128> {
    let scaled = value.scaled(pow10(scale.into())?).ok()?;
    (scaled.den() == 1).then(|| scaled.num())
}
