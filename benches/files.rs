//! From files to indicators.

use std::fs::File;
use std::path::Path;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use zhibiao::report::Format;
use zhibiao::{Catalog, Query};
use zhibiao_benches::{ALL_SCHOOLS, SOME_SCHOOLS};
use zhibiao_examples::INDICATORS;

fn files(criterion: &mut Criterion) {
    let catalog = Catalog::builtin();
    let query = Query::new(&catalog).indicators(INDICATORS);
    let mut group = criterion.benchmark_group("files");
    group.sample_size(10);
    for size in [SOME_SCHOOLS, ALL_SCHOOLS] {
        let panel = size.panel();
        group.throughput(Throughput::Elements(u64::try_from(panel.height()).expect("rows")));
        for (name, format) in [("parquet", Format::Parquet), ("csv", Format::Csv)] {
            let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("panel.{name}"));
            let mut file = File::create(&path).expect("the directory is there");
            format.write(&panel, &mut file, name).expect("the panel can be written");
            group.bench_function(BenchmarkId::new(name, size.name), |bencher| {
                bencher.iter(|| query.run_files([&path]).expect("the panel is sound"));
            });
        }
    }
    group.finish();
}

criterion_group!(benches, files);
criterion_main!(benches);
