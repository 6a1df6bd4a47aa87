//! Plans of sums that were divided: they have more decimals than their figures.

use super::{Combination, How, Plan, PlannedParts};

impl Plan {
    /// The same plan over sums of so many decimals more, of the units of a crosswalk.
    pub(crate) fn of_units(&self, units: &str, decimals: u8) -> Self {
        let mut plan = Self { units: Some((units.to_owned(), decimals)), ..self.clone() };
        for sum in &mut plan.sums {
            sum.scale = sum.scale.saturating_add(decimals);
        }
        let finer = |combination: &mut Combination| {
            combination.scale = combination.scale.saturating_add(decimals);
        };
        for planned in &mut plan.indicators {
            match &mut planned.how {
                How::Quotient(versions) => {
                    for version in versions {
                        if decimals > 0 {
                            version.counted = (false, false);
                        }
                        let Some(parts) = &mut version.parts else { continue };
                        let PlannedParts { numerator, denominator, lagged, .. } = parts;
                        finer(numerator);
                        denominator.iter_mut().for_each(finer);
                        if let Some(lagged) = lagged {
                            finer(&mut lagged.denominator);
                        }
                    }
                }
                How::Dispersion(Some(parts)) => {
                    finer(&mut parts.resource);
                    finer(&mut parts.weight);
                }
                How::Dispersion(None)
                | How::Change { .. }
                | How::Derived { .. }
                | How::Composite { .. } => {}
            }
        }
        plan
    }
}
