//! The 37 figures of the Pingyao report: each has its measure or indicator, and its value is kept.

use zhibiao::{Catalog, Query, Table};
use zhibiao_tests::{project, table, texts};

fn figures() -> zhibiao::Frame {
    table(&std::fs::read_to_string(project("examples/pingyao-2022/figures.csv")).unwrap())
}

#[test]
fn every_figure_has_its_measure_or_indicator() {
    let catalog = Catalog::builtin();
    let names = texts(&figures(), "measure");
    assert_eq!(names.len(), 37);
    for name in &names {
        let known = catalog.measure(name).is_ok() || catalog.indicator(name).is_ok();
        assert!(known, "{name}");
    }
}

/// Each figure comes back by its indicator: the total of its measure, or itself.
#[test]
fn every_figure_comes_back_as_written() {
    let catalog = Catalog::builtin();
    let frame = figures();
    let (names, values) = (texts(&frame, "measure"), texts(&frame, "value"));
    for (name, written) in names.iter().zip(&values) {
        let total = catalog.indicators().find(|indicator| {
            indicator.id == *name
                || (indicator.kind.denominator().is_none()
                    && indicator.kind.numerator() == Some(name))
        });
        let id = total.unwrap_or_else(|| panic!("no indicator tells {name}")).id.clone();
        let path = project("examples/pingyao-2022/figures.csv");
        let table = Query::new(&catalog)
            .indicators([id.as_str()])
            .run(Table::read([path]).unwrap())
            .unwrap();
        assert_eq!(table.findings(), &[], "{name}");
        let shown = table.rows().next().unwrap().display().unwrap().unwrap();
        let shown = if shown.contains('.') && !written.contains('.') {
            shown.trim_end_matches('0').trim_end_matches('.').to_owned()
        } else {
            shown
        };
        assert_eq!(shown, *written, "{name} by {id}");
    }
}

#[test]
fn coverage_of_aid_exists_and_says_what_it_lacks() {
    let catalog = Catalog::builtin();
    let table = Table::read([project("examples/pingyao-2022/figures.csv")]).unwrap();
    let error = Query::new(&catalog).indicators(["aid.coverage"]).run(table).unwrap_err();
    assert_eq!(error.code(), "missing-column");
    assert!(error.to_string().contains("enrolled_students"), "{error}");
}

#[test]
fn person_times_over_persons_are_refused_as_coverage() {
    let toml = r#"
        [measures.visits]
        name = { zh = "资助人次" }
        unit = "person_time"
        kind = "count"
        [indicators."mine.coverage"]
        name = { zh = "按人次计的资助覆盖率" }
        kind = "rate"
        numerator = "visits"
        denominator = "enrolled_students"
        unit = "%"
    "#;
    assert_eq!(Catalog::parse(toml, "mine.toml").unwrap_err().code(), "unit-clash");
}
