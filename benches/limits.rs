//! Limits, inequality, ranks and comparisons of many areas.

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use rayon::prelude::*;
use zhibiao::stat::{
    CountMethod, Level, ProportionMethod, Theil, Ties, count_limits, decompose, gini, places,
    proportion_limits,
};

const PAIRS: u32 = 1_000_000;
const COUNTIES: u32 = 3_000;

/// Counts of children and how many of them are in public kindergartens.
fn pairs() -> Vec<(f64, f64)> {
    let pair = |at: u32| {
        let n = at.wrapping_mul(2_654_435_761) % 100_000 + 1;
        (f64::from(at.wrapping_mul(40_503) % (n + 1)), f64::from(n))
    };
    (0..PAIRS).map(pair).collect()
}

fn limits(criterion: &mut Criterion) {
    let (pairs, level) = (pairs(), Level::new(0.95).expect("a level"));
    let mut group = criterion.benchmark_group("limits");
    group.sample_size(10).throughput(Throughput::Elements(PAIRS.into()));
    let methods = [
        ("wilson, all threads", ProportionMethod::Wilson),
        ("agresti-coull, all threads", ProportionMethod::AgrestiCoull),
        ("clopper-pearson, all threads", ProportionMethod::ClopperPearson),
        ("jeffreys, all threads", ProportionMethod::Jeffreys),
    ];
    let mut found = Vec::with_capacity(pairs.len());
    for (name, method) in methods {
        group.bench_function(name, |bencher| {
            bencher.iter(|| {
                let limits = |(x, n): &(f64, f64)| proportion_limits(*x, *n, level, method);
                pairs.par_iter().map(limits).collect_into_vec(&mut found);
                black_box(&found);
            });
        });
    }
    group.bench_function("byar, all threads", |bencher| {
        bencher.iter(|| {
            let limits = |(x, _): &(f64, f64)| count_limits(*x, level, CountMethod::ExactByar);
            pairs.par_iter().map(limits).collect_into_vec(&mut found);
            black_box(&found);
        });
    });
    group.finish();
}

fn counties(criterion: &mut Criterion) {
    let values: Vec<f64> = (0..COUNTIES).map(|at| f64::from(at * 7_919 % 10_007 + 1)).collect();
    let weights: Vec<f64> = (0..COUNTIES).map(|at| f64::from(at * 104_729 % 60_013 + 1)).collect();
    let level = |size: u32| (0..COUNTIES).map(|at| (at / size) as usize).collect::<Vec<_>>();
    let levels = [level(100), level(10)];
    let mut group = criterion.benchmark_group("3,000 counties");
    group.bench_function("gini", |bencher| bencher.iter(|| gini(&values, &weights)));
    group.bench_function("theil, decomposed", |bencher| {
        bencher.iter(|| decompose(Theil::T, &values, &weights, &levels));
    });
    group.bench_function("ranks", |bencher| {
        bencher.iter(|| places(&values, f64::total_cmp, Ties::Min));
    });
    group.finish();
}

criterion_group!(benches, limits, counties);
criterion_main!(benches);
