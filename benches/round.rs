//! From ratios to digits, and from digits to numbers.

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use zhibiao::number::{Decimal, Ratio, RoundMode};

const COUNT: i128 = 10_000;

/// Ratios of counts as counties have them.
fn ratios() -> Vec<Ratio> {
    let ratio = |at: i128| Ratio::new(at * 7_919 % 60_013, at * 104_729 % 60_013 + 1);
    (0..COUNT).map(|at| ratio(at).expect("no denominator is zero")).collect()
}

fn each<T, U>(items: &[T], made: impl Fn(&T) -> U) {
    for item in items {
        black_box(made(item));
    }
}

fn round(criterion: &mut Criterion) {
    let ratios = ratios();
    let rounded = |ratio: &Ratio| {
        let percent = ratio.scaled(100).expect("it fits");
        percent.rounded(2, RoundMode::HalfAway).expect("it fits")
    };
    let decimals: Vec<Decimal> = ratios.iter().map(rounded).collect();
    let texts: Vec<String> = decimals.iter().map(ToString::to_string).collect();
    let mut group = criterion.benchmark_group("round");
    group.throughput(Throughput::Elements(u64::try_from(COUNT).expect("a count")));
    group.bench_function("ratio to two decimals", |bencher| {
        bencher.iter(|| each(&ratios, rounded));
    });
    group.bench_function("ratio to the nearest float", |bencher| {
        bencher.iter(|| each(&ratios, |ratio| ratio.to_f64()));
    });
    group.bench_function("decimal to text", |bencher| {
        bencher.iter(|| each(&decimals, ToString::to_string));
    });
    group.bench_function("text to decimal", |bencher| {
        bencher.iter(|| each(&texts, |text| text.parse::<Decimal>()));
    });
    group.finish();
}

criterion_group!(benches, round);
criterion_main!(benches);
