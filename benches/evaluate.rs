//! From states to tables: 11 and 60 indicators of 20 years at four tiers, rounded, and as frames; and sums.

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use zhibiao::{Catalog, Query};
use zhibiao_benches::{ALL_SCHOOLS, FOUR_TIERS, many_indicators};
use zhibiao_examples::INDICATORS;

fn evaluate(criterion: &mut Criterion) {
    let catalog = Catalog::builtin();
    let mut group = criterion.benchmark_group("evaluate");
    group.sample_size(10);
    let (frame, ids) = many_indicators(&catalog, 60);
    let query = Query::new(&catalog).tiers(FOUR_TIERS);
    let eleven = query.clone().indicators(INDICATORS);
    for (name, query, frame) in [
        ("11 indicators", eleven, ALL_SCHOOLS.panel()),
        ("60 indicators", query.indicators(ids), frame),
    ] {
        let states = query.states(&frame).expect("the table is sound");
        let table = query.finish(&states).expect("the states are sound");
        group.throughput(Throughput::Elements(u64::try_from(table.len()).expect("rows")));
        group.bench_function(format!("{name}, table"), |bencher| {
            bencher.iter(|| query.finish(&states).expect("the states are sound"));
        });
        group.bench_function(format!("{name}, sums of the rows"), |bencher| {
            bencher.iter(|| query.sums(&frame).expect("all sums fit"));
        });
        group.bench_function(format!("{name}, frame with texts"), |bencher| {
            bencher.iter(|| table.frame().expect("all figures fit"));
        });
    }
    group.finish();
}

criterion_group!(benches, evaluate);
criterion_main!(benches);
