//! What is asked for (所求): the indicators themselves, and those that they stand on.

use crate::catalog::{Catalog, Indicator, Kind};
use crate::error::Result;

/// Indicators asked for, then those that they stand on, each once.
#[derive(Clone, Debug)]
pub(crate) struct Asked {
    pub(crate) indicators: Vec<Indicator>,
    /// How many of them were asked for.
    pub(crate) shown: usize,
    /// Whether totals alone are summed, and all else is a figure that the table gives.
    pub(crate) as_given: bool,
}

impl Asked {
    /// # Errors
    /// `unknown-id` where the catalogue has not what is asked for.
    pub(crate) fn of(catalog: &Catalog, ids: &[String]) -> Result<Self> {
        let asked = ids.iter().map(|id| catalog.indicator(id).cloned());
        Self::beside_inputs(catalog, asked.collect::<Result<_>>()?)
    }

    /// Indicators, or the totals of measures: that of the catalogue, where it has one.
    ///
    /// # Errors
    /// As for [`of`](Self::of).
    pub(crate) fn figures<S: AsRef<str>>(catalog: &Catalog, ids: &[S]) -> Result<Self> {
        let figure = |id: &S| match catalog.indicator(id.as_ref()) {
            Ok(indicator) => Ok(indicator.clone()),
            Err(unknown) => {
                let measure = catalog.measure(id.as_ref()).map_err(|_| unknown)?;
                let totals = |kind: &Kind| *kind == Kind::Total { measure: measure.id.clone() };
                let known = catalog.indicators().find(|indicator| totals(&indicator.kind));
                Ok(known.cloned().unwrap_or_else(|| Indicator::total_of(measure)))
            }
        };
        Self::beside_inputs(catalog, ids.iter().map(figure).collect::<Result<_>>()?)
    }

    /// Those of these that a table gives, without what they stand on.
    pub(crate) fn given(&self, gives: impl Fn(&Indicator) -> bool) -> Self {
        let shown = self.indicators.iter().take(self.shown).filter(|indicator| gives(indicator));
        let indicators: Vec<Indicator> = shown.cloned().collect();
        Self { shown: indicators.len(), indicators, as_given: true }
    }

    /// Indicators, each once, then those that they stand on.
    fn beside_inputs(catalog: &Catalog, asked: Vec<Indicator>) -> Result<Self> {
        let mut indicators: Vec<Indicator> = Vec::new();
        for indicator in asked {
            if indicators.iter().all(|other| other.id != indicator.id) {
                indicators.push(indicator);
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
        Ok(Self { indicators, shown, as_given: false })
    }

    /// Indicators that stand on no others.
    pub(crate) fn only(indicators: &[&Indicator]) -> Self {
        let indicators: Vec<Indicator> = indicators.iter().copied().cloned().collect();
        Self { shown: indicators.len(), indicators, as_given: false }
    }

    /// Where an indicator stands.
    pub(super) fn position(&self, id: &str) -> usize {
        // An input is always there: it was put there above.
        self.indicators.iter().position(|indicator| indicator.id == id).unwrap_or(usize::MAX)
    }

    /// The indicators asked for that stand on another, itself included.
    pub(crate) fn asked_for(&self, id: &str) -> impl Iterator<Item = &Indicator> {
        let inner = self.position(id);
        let stands_on = move |outer: &(usize, &Indicator)| self.beneath(outer.0).contains(&inner);
        let asked = self.indicators.iter().take(self.shown).enumerate();
        asked.filter(stands_on).map(|(_, indicator)| indicator)
    }

    /// Positions of all that an indicator stands on, itself first, each once.
    fn beneath(&self, outer: usize) -> Vec<usize> {
        let inputs = |at: usize| {
            let indicator = self.indicators.get(at);
            let inputs = indicator.into_iter().flat_map(|indicator| indicator.kind.inputs());
            inputs.map(|id| self.position(id)).collect()
        };
        beneath(outer, inputs)
    }
}

/// Positions of all that can be reached from one, itself first, each once.
pub(super) fn beneath(start: usize, inputs: impl Fn(usize) -> Vec<usize>) -> Vec<usize> {
    let mut found = vec![start];
    let mut next = 0;
    while let Some(at) = found.get(next).copied() {
        for input in inputs(at) {
            if !found.contains(&input) {
                found.push(input);
            }
        }
        next = next.saturating_add(1);
    }
    found
}

/// An indicator, or the total of a measure.
fn input(catalog: &Catalog, id: &str) -> Result<Indicator> {
    match catalog.indicators().find(|indicator| indicator.id == id) {
        Some(indicator) => Ok(indicator.clone()),
        None => catalog.measure(id).map(Indicator::total_of),
    }
}
