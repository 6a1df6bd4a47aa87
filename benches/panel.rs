//! The national panel: 11 indicators from 17 sums at four tiers, in memory.
//!
//! 5.7 million rows: 2,850 areas × 20 years × 100 schools, sorted by area; then the same shuffled.

use std::hint::black_box;
use std::time::Duration;

use criterion::{Criterion, criterion_group, criterion_main};
use polars::prelude::{DataFrame, IdxCa, IdxSize, NewChunkedArray};
use zhibiao::area::Tier;
use zhibiao::{Catalog, Query};
use zhibiao_examples::{INDICATORS, Panel};

/// Rows in an order that a prime step makes.
fn shuffled(frame: &DataFrame) -> DataFrame {
    let rows = frame.height();
    let order = (0..rows).map(|row| IdxSize::try_from(row * 1_000_003 % rows).expect("an index"));
    frame.take(&IdxCa::from_iter_values("order".into(), order)).expect("indices are in range")
}

fn panel(criterion: &mut Criterion) {
    let catalog = Catalog::builtin();
    let query = Query::new(&catalog).indicators(INDICATORS);
    let four = [Tier::Nation, Tier::Province, Tier::Prefecture, Tier::County];
    let mut group = criterion.benchmark_group("panel");
    group.sample_size(10).measurement_time(Duration::from_secs(10));
    for (name, schools) in [("285 thousand rows", 5), ("5.7 million rows", 100)] {
        let sorted = Panel { years: 20, schools, seed: 2023 }.frame().expect("the panel");
        for (order, frame) in [("sorted", &sorted), ("shuffled", &shuffled(&sorted))] {
            group.bench_function(format!("{name}, {order}, four tiers"), |bencher| {
                let query = query.clone().tiers(four);
                bencher.iter(|| {
                    let table = query.run(frame).expect("the panel is sound");
                    assert_eq!(table.findings().len(), 0);
                    black_box(table.len())
                });
            });
        }
    }
    group.finish();
}

criterion_group!(benches, panel);
criterion_main!(benches);
