//! Tails and quantiles of the beta, gamma, normal and Student distributions.
//!
//! Densities are put together of deviances and the error of Stirling's formula, so that nothing
//! large cancels; quantiles are roots of the logarithm of a tail, which is concave there, so that
//! Newton's steps cannot leave its good side.
//!
//! # References
//! Loader (2000), *Fast and accurate computation of binomial probabilities*; Didonato & Morris
//! (1992), *Algorithm 708*, ACM TOMS 18:360–373; Lentz (1976), *Applied Optics* 15:668–671, for
//! continued fractions; Abramowitz & Stegun (1964) 6.5.29, 6.5.31, 26.2.23.

use std::f64::consts::PI;

/// Which tail of a distribution.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Tail {
    Lower,
    Upper,
}

/// A fraction and what it lacks of one, both to their own last digit.
#[derive(Clone, Copy, Debug)]
pub(super) struct Fraction {
    pub(super) x: f64,
    pub(super) rest: f64,
}

impl Fraction {
    fn of_odds(odds: f64) -> Self {
        Self { x: odds / (1.0 + odds), rest: 1.0 / (1.0 + odds) }
    }
}

/// Steps after which a search has always ended.
const STEPS: usize = 200;

/// Terms of a continued fraction after which it is as near as it will come.
const TERMS: usize = 1_000_000;

/// The largest step of a search, in logarithms.
const FARTHEST: f64 = 4.0;

/// Shapes from which the first guess, by the normal distribution, is as near as floats are.
const LARGE: f64 = 1e10;

/// A step after which the next, being its square, is below the last digit.
const LAST: f64 = 1e-9;

/// The fraction below or above which a beta distribution has the share `tail`, at most a half.
pub(super) fn beta_quantile(a: f64, b: f64, of: Tail, tail: f64) -> Fraction {
    let z = normal_quantile(tail);
    let sign = if of == Tail::Lower { 1.0 } else { -1.0 };
    let mut at = Fraction::of_odds(a / b * (-sign * z * (1.0 / a + 1.0 / b).sqrt()).exp());
    if a.min(b) > LARGE {
        return at;
    }
    for _ in 0..STEPS {
        let (lower, upper) = beta_tails(a, b, at);
        let own = if of == Tail::Lower { lower } else { upper };
        // d ln(tail) / d ln(odds) = density · x · (1 − x) / tail
        let slope = binomial_term(a, b, at) * (a * b / (a + b)) / own;
        let step = bounded(sign * (tail / own).ln() / slope);
        at = Fraction::of_odds(at.x / at.rest * step.exp());
        if step.abs() < LAST {
            break;
        }
    }
    at
}

/// The shares of a beta distribution below and above a fraction.
pub(super) fn beta_tails(a: f64, b: f64, at: Fraction) -> (f64, f64) {
    if at.x < (a + 1.0) / (a + b + 2.0) {
        let lower = beta_lower(a, b, at);
        (lower, 1.0 - lower)
    } else {
        let upper = beta_lower(b, a, Fraction { x: at.rest, rest: at.x });
        (1.0 - upper, upper)
    }
}

/// The share below, by the continued fraction of Didonato & Morris.
fn beta_lower(a: f64, b: f64, at: Fraction) -> f64 {
    let Fraction { x, rest } = at;
    // a − (a + b)·x, without taking one large number from another.
    let apart = a * rest - b * x;
    let first = binomial_term(a, b, at) * (a * b / (a + b));
    let mut n = 0.0;
    continued_fraction(first, a / (a + 1.0) * (apart + 1.0), || {
        n += 1.0;
        let odd = a + 2.0 * n - 1.0;
        let above = (a + n - 1.0) * (a + b + n - 1.0) * n * (b - n) * (x / odd) * (x / odd);
        let below = (a + n) / (a + 2.0 * n + 1.0) * (apart + 1.0 + n * (1.0 + rest));
        (above, n + n * (b - n) * x / odd + below)
    })
}

/// `Γ(a + b + 1) / (Γ(a + 1) Γ(b + 1)) · xᵃ (1 − x)ᵇ`.
fn binomial_term(a: f64, b: f64, Fraction { x, rest }: Fraction) -> f64 {
    let n = a + b;
    // a − n·x, without taking one large number from another.
    let apart = a * rest - b * x;
    let stirling = stirling_error(n) - stirling_error(a) - stirling_error(b);
    let apart = deviance(a, n * x, apart) + deviance(b, n * rest, -apart);
    (n / (2.0 * PI * a * b)).sqrt() * (stirling - apart).exp()
}

/// `first / (base + a₁/(b₁ + a₂/(b₂ + …)))` by the method of Lentz.
fn continued_fraction(first: f64, base: f64, mut next: impl FnMut() -> (f64, f64)) -> f64 {
    let (mut value, mut c, mut d) = (base, base, 0.0);
    for _ in 0..TERMS {
        let (a, b) = next();
        d = 1.0 / away(b + a * d);
        c = away(b + a / c);
        value *= c * d;
        let moved = (c * d - 1.0).abs();
        if moved < f64::EPSILON || moved.is_nan() {
            break;
        }
    }
    first / value
}

/// What may stand below a fraction line.
fn away(number: f64) -> f64 {
    if number == 0.0 { f64::MIN_POSITIVE } else { number }
}

/// The number below or above which a gamma distribution of a shape has the share `tail`, at most a
/// half.
pub(super) fn gamma_quantile(shape: f64, of: Tail, tail: f64) -> f64 {
    let z = normal_quantile(tail);
    let sign = if of == Tail::Lower { 1.0 } else { -1.0 };
    // Wilson & Hilferty (1931); where that fails, the first term of the series.
    let cube_root = 1.0 - 1.0 / (9.0 * shape) - sign * z / (3.0 * shape.sqrt());
    let mut at = if cube_root > 0.1 {
        shape * cube_root.powi(3)
    } else {
        (tail.ln() / shape).exp() * shape.min(1.0)
    };
    if shape > LARGE {
        return at;
    }
    for _ in 0..STEPS {
        let (lower, upper) = gamma_tails(shape, at);
        let own = if of == Tail::Lower { lower } else { upper };
        let slope = poisson_term(shape, at) * shape / own;
        let step = bounded(sign * (tail / own).ln() / slope);
        at *= step.exp();
        if step.abs() < LAST {
            break;
        }
    }
    at
}

/// The shares of a gamma distribution below and above a number.
pub(super) fn gamma_tails(shape: f64, at: f64) -> (f64, f64) {
    if at <= 0.0 { (0.0, 1.0) } else { gamma_tails_by(shape, at, poisson_term(shape, at)) }
}

/// The same, given `xᵃ e⁻ˣ / Γ(a + 1)`.
fn gamma_tails_by(shape: f64, at: f64, term: f64) -> (f64, f64) {
    if at < shape + 1.0 {
        let (mut sum, mut part, mut below) = (1.0, 1.0, shape);
        while part > sum * f64::EPSILON / 4.0 {
            below += 1.0;
            part *= at / below;
            sum += part;
        }
        let lower = term * sum;
        (lower, 1.0 - lower)
    } else {
        // 6.5.31 in its even form.
        let mut n = 0.0;
        let upper = continued_fraction(term * shape, at + 1.0 - shape, || {
            n += 1.0;
            (-n * (n - shape), at + 2.0 * n + 1.0 - shape)
        });
        (1.0 - upper, upper)
    }
}

/// `xᵃ e⁻ˣ / Γ(a + 1)`.
fn poisson_term(a: f64, x: f64) -> f64 {
    (-stirling_error(a) - deviance(a, x, a - x)).exp() / (2.0 * PI * a).sqrt()
}

/// The z above which the standard normal distribution has the share `tail`, at most a half.
pub(super) fn normal_quantile(tail: f64) -> f64 {
    if tail > 0.25 {
        return normal_middle(0.5 - tail);
    }
    let t = (-2.0 * tail.ln()).sqrt();
    let above = 2.515_517 + t * (0.802_853 + t * 0.010_328);
    let mut z = t - above / (1.0 + t * (1.432_788 + t * (0.189_269 + t * 0.001_308)));
    for _ in 0..STEPS {
        let own = normal_tail(z);
        let density = (-z * z / 2.0).exp() / (2.0 * PI).sqrt();
        let step = (own / tail).ln() * own / density;
        z += step;
        if step.abs() < LAST {
            break;
        }
    }
    z
}

/// The z below which, from 0 on, the standard normal distribution has a share.
fn normal_middle(share: f64) -> f64 {
    let mut z = share * (2.0 * PI).sqrt();
    for _ in 0..STEPS {
        let density = (-z * z / 2.0).exp() / (2.0 * PI).sqrt();
        let step = (share - normal_halves(z).0) / density;
        z += step;
        if step.abs() <= z.abs() * LAST {
            break;
        }
    }
    z
}

/// The share of the standard normal distribution above a z that is not negative.
pub(super) fn normal_tail(z: f64) -> f64 {
    normal_halves(z).1
}

/// The shares of the standard normal distribution between 0 and a z, and above it.
fn normal_halves(z: f64) -> (f64, f64) {
    let at = z * z / 2.0;
    // Γ(3/2) = √π / 2
    let (below, above) = gamma_tails_by(0.5, at, 2.0 * (at / PI).sqrt() * (-at).exp());
    (below / 2.0, above / 2.0)
}

/// The t above which Student's distribution has the share `tail`, at most a half.
pub(super) fn student_quantile(tail: f64, freedom: f64) -> f64 {
    if tail >= 0.5 {
        return 0.0;
    }
    // Both tails together are the lower one of a beta distribution: x = ν / (ν + t²).
    let both = 2.0 * tail;
    let at = if both <= 0.5 {
        beta_quantile(freedom / 2.0, 0.5, Tail::Lower, both)
    } else {
        beta_quantile(freedom / 2.0, 0.5, Tail::Upper, 1.0 - both)
    };
    (freedom * at.rest / at.x).sqrt()
}

/// The share of a chi-square distribution above a number.
pub(super) fn chi_square_tail(at: f64, freedom: f64) -> f64 {
    gamma_tails(freedom / 2.0, at / 2.0).1
}

fn bounded(step: f64) -> f64 {
    if step.is_nan() { 0.0 } else { step.clamp(-FARTHEST, FARTHEST) }
}

/// `ln Γ(a + 1) − (a + ½) ln a + a − ½ ln 2π`.
fn stirling_error(a: f64) -> f64 {
    let (mut a, mut sum) = (a, 0.0);
    while a < 16.0 {
        sum += (a + 0.5) * (1.0 / a).ln_1p() - 1.0;
        a += 1.0;
    }
    let square = a * a;
    let terms = [1.0 / 1188.0, -1.0 / 1680.0, 1.0 / 1260.0, -1.0 / 360.0, 1.0 / 12.0];
    let last = -691.0 / 360_360.0;
    sum + terms.into_iter().fold(last, |sum, term| sum / square + term) / a
}

/// `x ln(x / m) + m − x`, where `apart` is `x − m`.
fn deviance(x: f64, m: f64, apart: f64) -> f64 {
    if apart.abs() >= 0.1 * (x + m) {
        return x * (x / m).ln() - apart;
    }
    let ratio = apart / (x + m);
    let (mut sum, mut power, mut odd) = (apart * ratio, 2.0 * x * ratio, 1.0);
    loop {
        power *= ratio * ratio;
        odd += 2.0;
        let next = sum + power / odd;
        let moved = (next - sum).abs();
        if moved <= 0.0 || moved.is_nan() {
            return sum;
        }
        sum = next;
    }
}
