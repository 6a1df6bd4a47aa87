//! What of a reading is told in words (文字).

use super::{Found, Reading, Reason};
use crate::label::Lang;

impl Reading {
    /// How many numbers were passed over for each reason that was met.
    pub fn reasons(&self) -> impl Iterator<Item = (Reason, usize)> {
        Reason::ALL.into_iter().filter_map(|reason| {
            let count = self.passed_over.iter().filter(|passed| passed.reason == reason).count();
            (count > 0).then_some((reason, count))
        })
    }
}

impl Found {
    /// The unit as it is written; in English the label of one that converts.
    #[must_use]
    pub fn unit_label(&self, lang: Lang) -> &str {
        match &self.quantity.unit {
            Some(unit) if lang == Lang::En => unit.label(lang),
            _ => &self.quantity.counted,
        }
    }
}
