//! From columns to integers: keys and figures in the types that tables have them in.

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use polars::prelude::{Categories, DataFrame, DataType};
use zhibiao::{Catalog, Query};
use zhibiao_benches::{ALL_SCHOOLS, SOME_SCHOOLS};

/// A frame with some columns in another type.
fn cast(frame: &DataFrame, columns: &[&str], to: &DataType) -> DataFrame {
    let mut frame = frame.clone();
    for column in columns {
        let cast = frame.column(column).and_then(|column| column.cast(to)).expect("it can be cast");
        frame.with_column(cast).expect("as many rows");
    }
    frame
}

fn bind(criterion: &mut Criterion) {
    let catalog = Catalog::builtin();
    let counts = Query::new(&catalog).indicators(["projects.completion"]).records(true);
    let amounts = Query::new(&catalog).indicators(["aid.per_recipient"]).records(true);
    let keys = ["area", "period"];
    let categories = DataType::from_categories(Categories::global());
    let mut group = criterion.benchmark_group("bind");
    group.sample_size(10);
    for size in [SOME_SCHOOLS, ALL_SCHOOLS] {
        let panel = size.panel();
        let panel = panel
            .select(["area", "period", "projects", "projects_done", "aid_amount", "aid_recipients"])
            .expect("the panel has them");
        let texts = cast(&panel, &keys, &DataType::String);
        group.throughput(Throughput::Elements(u64::try_from(panel.height()).expect("rows")));
        for (name, query, frame) in [
            ("keys as integers", &counts, panel.clone()),
            ("keys as categories", &counts, cast(&texts, &keys, &categories)),
            ("keys as texts", &counts, texts),
            ("amounts as floats", &amounts, panel.clone()),
            ("amounts as texts", &amounts, cast(&panel, &["aid_amount"], &DataType::String)),
        ] {
            group.bench_function(BenchmarkId::new(name, size.name), |bencher| {
                bencher.iter(|| query.states(&frame).expect("the panel is sound"));
            });
        }
    }
    group.finish();
}

criterion_group!(benches, bind);
criterion_main!(benches);
