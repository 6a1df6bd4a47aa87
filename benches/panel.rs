//! All of it: 11 indicators from 17 sums at four tiers, with keys checked; and one county.

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use zhibiao::{Catalog, Query};
use zhibiao_benches::{ALL_SCHOOLS, COUNTIES, FOUR_TIERS, SOME_SCHOOLS, shuffled};
use zhibiao_examples::INDICATORS;

fn panel(criterion: &mut Criterion) {
    let catalog = Catalog::builtin();
    let query = Query::new(&catalog).indicators(INDICATORS);
    let mut group = criterion.benchmark_group("panel");
    let county = COUNTIES.panel().head(Some(1));
    group.bench_function("one county, ten indicators", |bencher| {
        let query = query.clone().indicators(INDICATORS.into_iter().take(10));
        bencher.iter(|| query.run(&county).expect("the county is sound"));
    });
    group.sample_size(10);
    let query = query.tiers(FOUR_TIERS);
    for size in [SOME_SCHOOLS, ALL_SCHOOLS] {
        let sorted = size.panel();
        group.throughput(Throughput::Elements(u64::try_from(sorted.height()).expect("rows")));
        for (order, frame) in [("sorted", &sorted), ("shuffled", &shuffled(&sorted))] {
            group.bench_function(BenchmarkId::new(order, size.name), |bencher| {
                bencher.iter(|| {
                    let table = query.run(frame).expect("the panel is sound");
                    assert_eq!(table.findings().len(), 0);
                    table
                });
            });
        }
    }
    group.finish();
}

criterion_group!(benches, panel);
criterion_main!(benches);
