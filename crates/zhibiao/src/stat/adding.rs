//! Sums of floats that lose nothing on the way.

/// ln(value / base) of positive numbers, accurate also where they are nearly the same.
pub(super) fn log_ratio(value: f64, base: f64) -> f64 {
    let excess = (value - base) / base;
    if excess.abs() < 0.5 { excess.ln_1p() } else { (value / base).ln() }
}

/// The weighted mean, of equal values their very value.
pub(super) fn mean_of(pairs: &(impl Iterator<Item = (f64, f64)> + Clone)) -> f64 {
    let whole = sum(pairs.clone().map(|(_, weight)| weight));
    let from =
        |base: f64| sum(pairs.clone().map(|(value, weight)| weight * (value - base))) / whole;
    let rough = from(0.0);
    rough + from(rough)
}

/// A figure that exists.
pub(super) fn finite(figure: f64) -> Option<f64> {
    Some(figure).filter(|figure| figure.is_finite())
}

/// The sum, with what rounding lost on the way added at the end (Neumaier 1974, Zeitschrift für
/// Angewandte Mathematik und Mechanik 54:39–51).
pub(super) fn sum(terms: impl IntoIterator<Item = f64>) -> f64 {
    terms.into_iter().fold(Sum::default(), Sum::plus).value()
}

#[derive(Clone, Copy, Default)]
struct Sum {
    rounded: f64,
    lost: f64,
}

impl Sum {
    fn plus(self, term: f64) -> Self {
        let rounded = self.rounded + term;
        let lost = if self.rounded.abs() >= term.abs() {
            (self.rounded - rounded) + term
        } else {
            (term - rounded) + self.rounded
        };
        Self { rounded, lost: self.lost + lost }
    }

    fn value(self) -> f64 {
        self.rounded + self.lost
    }
}

/// The sum of so many terms after each.
pub(super) fn running(terms: impl Iterator<Item = f64>) -> Vec<f64> {
    terms
        .scan(Sum::default(), |sum, term| {
            *sum = sum.plus(term);
            Some(sum.value())
        })
        .collect()
}
