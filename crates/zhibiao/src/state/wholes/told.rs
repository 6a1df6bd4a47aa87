//! What is told of wholes (说明).

use hashbrown::HashSet;

use super::Wholes;
use super::place::{Of, Place, Row, choices};
use crate::catalog::Dimension;
use crate::error::Result;
use crate::label::Lang;
use crate::number::Decimal;
use crate::state::Key;

/// A whole that is more than its parts, of which some are not there.
#[derive(Debug)]
pub(crate) struct Beyond {
    /// Of the row that says 合计.
    pub(crate) key: Key,
    /// Names of the values that it is of.
    pub(crate) of: String,
    pub(crate) measure: String,
    pub(crate) given: Decimal,
    pub(crate) sum: Decimal,
    /// Names of the values that are not there.
    pub(crate) absent: Vec<String>,
}

impl Wholes<'_> {
    /// Tells the wholes of a place that are more than their parts, of which some are not there.
    pub(super) fn tell(&self, place: &Place, lang: Lang, told: &mut Vec<Beyond>) -> Result<()> {
        for whole in &place.wholes {
            let parts = place.parts_of(&whole.of);
            let Some(key) = self.rows.keys.get(whole.at) else { continue };
            if parts.is_empty() || self.are_all(&parts, &whole.of) {
                continue;
            }
            for measure in &self.measures {
                let both = self.sum(measure, &[whole]).zip(self.sum(measure, &parts));
                let exceeds =
                    |(given, sum): &(i128, i128)| self.exceeds(place, measure, *given, *sum);
                let Some((given, sum)) = both.filter(exceeds) else { continue };
                told.push(Beyond {
                    key: key.clone(),
                    of: self.names(&whole.of, lang),
                    measure: measure.id.clone(),
                    given: Decimal::new(given, measure.scale)?,
                    sum: Decimal::new(sum, measure.scale)?,
                    absent: self.absent(&parts, &whole.of, lang),
                });
            }
        }
        Ok(())
    }

    /// Names of the declared values of what is asked that are not among parts.
    fn absent(&self, parts: &[&Row], asked: &[Of], lang: Lang) -> Vec<String> {
        let there: HashSet<&[Of]> = parts.iter().map(|part| part.of.as_slice()).collect();
        let each = self.dimensions.iter().zip(asked).map(|(dimension, of)| match of {
            Of::All => Of::each(dimension),
            of => vec![*of],
        });
        let absent = choices(each).into_iter().filter(|of| !there.contains(of.as_slice()));
        absent.map(|of| self.names(&of, lang)).collect()
    }

    fn names(&self, of: &[Of], lang: Lang) -> String {
        let name = |(of, dimension): (&Of, &&Dimension)| {
            let Of::Value(value) = of else { return None };
            let value = dimension.values.get(usize::try_from(*value).ok()?)?;
            Some(value.name.text(lang).to_owned())
        };
        let names: Vec<String> = of.iter().zip(&self.dimensions).filter_map(name).collect();
        names.join(" ")
    }
}
