//! What is asked for (所求): the indicators themselves, and those that they stand on.

use crate::catalog::{Better, Catalog, Indicator, Kind, Measure};
use crate::error::Result;

/// Indicators asked for, then those that they stand on, each once.
#[derive(Clone, Debug)]
pub(crate) struct Asked {
    pub(crate) indicators: Vec<Indicator>,
    /// How many of them were asked for.
    pub(crate) shown: usize,
}

impl Asked {
    /// # Errors
    /// `unknown-id` where the catalogue has not what is asked for.
    pub(crate) fn of(catalog: &Catalog, ids: &[String]) -> Result<Self> {
        let mut indicators: Vec<Indicator> = Vec::new();
        for id in ids {
            let indicator = catalog.indicator(id)?;
            if indicators.iter().all(|other| other.id != indicator.id) {
                indicators.push(indicator.clone());
            }
        }
        let shown = indicators.len();
        let mut next = 0;
        while let Some(indicator) = indicators.get(next) {
            let inputs: Vec<String> = indicator.kind.inputs().map(ToOwned::to_owned).collect();
            for id in inputs {
                if indicators.iter().all(|other| other.id != id) {
                    indicators.push(input(catalog, &id)?);
                }
            }
            next = next.saturating_add(1);
        }
        Ok(Self { indicators, shown })
    }

    /// Indicators that stand on no others.
    pub(crate) fn only(indicators: &[&Indicator]) -> Self {
        let indicators: Vec<Indicator> = indicators.iter().copied().cloned().collect();
        Self { shown: indicators.len(), indicators }
    }

    /// Where an indicator stands.
    pub(super) fn position(&self, id: &str) -> usize {
        // An input is always there: it was put there above.
        self.indicators.iter().position(|indicator| indicator.id == id).unwrap_or(usize::MAX)
    }

    /// The indicators asked for that stand on another, itself included.
    pub(crate) fn asked_for(&self, id: &str) -> impl Iterator<Item = &Indicator> {
        self.indicators.iter().take(self.shown).filter(move |asked| self.stands_on(&asked.id, id))
    }

    fn stands_on(&self, outer: &str, inner: &str) -> bool {
        let indicator = self.indicators.get(self.position(outer));
        outer == inner
            || indicator.is_some_and(|indicator| {
                indicator.kind.inputs().any(|input| self.stands_on(input, inner))
            })
    }
}

/// An indicator, or the total of a measure.
fn input(catalog: &Catalog, id: &str) -> Result<Indicator> {
    match catalog.indicators().find(|indicator| indicator.id == id) {
        Some(indicator) => Ok(indicator.clone()),
        None => catalog.measure(id).map(total),
    }
}

/// The total of a measure, as an indicator.
pub(crate) fn total(measure: &Measure) -> Indicator {
    Indicator {
        id: measure.id.clone(),
        name: measure.name.clone(),
        aliases: Vec::new(),
        kind: Kind::Total { measure: measure.id.clone() },
        earlier: Vec::new(),
        unit: measure.unit.clone(),
        decimals: i8::try_from(measure.scale).unwrap_or(0),
        better: Better::None,
        goal: None,
        source: measure.source.clone(),
        confidence: measure.confidence,
        note: measure.note.clone(),
    }
}
