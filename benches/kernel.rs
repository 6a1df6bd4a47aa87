//! From rows to states: few and many sums, sorted and shuffled, without nulls and with a tenth.

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use polars::prelude::DataFrame;
use zhibiao::{Catalog, Query};
use zhibiao_benches::{shuffled, sizes, with_nulls};
use zhibiao_examples::INDICATORS;

type Change = fn(&DataFrame) -> DataFrame;

const ORDERS: [(&str, Change); 2] = [("sorted", DataFrame::clone), ("shuffled", shuffled)];
const NULLS: [(&str, Change); 2] = [("no nulls", DataFrame::clone), ("10 % null", with_nulls)];

fn kernel(criterion: &mut Criterion) {
    let catalog = Catalog::builtin();
    let many = Query::new(&catalog).indicators(INDICATORS).records(true);
    let few = Query::new(&catalog).indicators(["aid.coverage"]).records(true);
    let mut group = criterion.benchmark_group("kernel");
    group.sample_size(10);
    for size in sizes() {
        let panel = size.panel().drop("school").expect("the panel has schools");
        group.throughput(Throughput::Elements(u64::try_from(panel.height()).expect("rows")));
        for (order, ordered) in ORDERS {
            for (nulls, made) in NULLS {
                let frame = made(&ordered(&panel));
                for (sums, query) in [("2 sums", &few), ("17 sums", &many)] {
                    let id = BenchmarkId::new(format!("{sums}, {order}, {nulls}"), size.name);
                    group.bench_function(id, |bencher| {
                        bencher.iter(|| query.states(&frame).expect("the panel is sound"));
                    });
                }
            }
        }
    }
    group.finish();
}

criterion_group!(benches, kernel);
criterion_main!(benches);
