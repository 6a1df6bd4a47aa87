//! Watching a run from outside: progress, and cancelling in the midst of it.

use std::time::{Duration, Instant};

use zhibiao::area::Tier;
use zhibiao::check::Check;
use zhibiao::{Catalog, Query, Table, Watch};
use zhibiao_examples::{INDICATORS, Panel};

fn panel(schools: u32) -> Table {
    Table::from(Panel { years: 20, schools, seed: 7 }.frame().unwrap())
}

#[test]
fn progress_goes_from_nothing_to_the_total() {
    let (catalog, watch, table) = (Catalog::builtin(), Watch::default(), panel(5));
    let query = Query::new(&catalog).indicators(INDICATORS).tiers([Tier::Nation]).watch(&watch);
    assert_eq!((watch.rows(), watch.total()), (0, None));
    let seen = std::thread::scope(|scope| {
        let run = scope.spawn(|| query.run(&table).unwrap());
        let mut seen = vec![0];
        while !run.is_finished() {
            seen.push(watch.rows());
        }
        seen
    });
    assert!(seen.windows(2).all(|pair| pair[0] <= pair[1]), "progress goes forward");
    let rows = u64::try_from(table.rows()).unwrap();
    assert_eq!((watch.rows(), watch.total()), (rows, Some(rows)));
    assert!(seen.iter().any(|seen| (1..rows).contains(seen)), "progress is seen on the way");
}

#[test]
fn a_run_is_cancelled_wherever_it_is() {
    let (catalog, table) = (Catalog::builtin(), panel(20));
    let query = Query::new(&catalog).indicators(INDICATORS).tiers([Tier::Nation, Tier::County]);
    let begun = Instant::now();
    query.run(&table).unwrap();
    let whole = begun.elapsed();
    let mut cancelled = 0;
    for part in 0..8 {
        let watch = Watch::default();
        let query = query.clone().watch(&watch);
        let (answer, late) = std::thread::scope(|scope| {
            let run = scope.spawn(|| query.run(&table));
            std::thread::sleep(whole.mul_f64(f64::from(part) / 10.0));
            watch.cancel();
            let asked = Instant::now();
            (run.join().unwrap(), asked.elapsed())
        });
        // Generous: what else the machine does counts too.
        assert!(late < Duration::from_millis(500), "stopped after {late:?}");
        if let Err(error) = answer {
            assert_eq!(error.code(), "cancelled");
            cancelled += 1;
        }
    }
    assert!(cancelled > 0, "no run was cancelled");
}

#[test]
fn a_check_is_cancelled_and_ends_with_the_total() {
    let (catalog, watch, table) = (Catalog::builtin(), Watch::default(), panel(1));
    let check = Check::new(&catalog).records(true).watch(&watch);
    check.run(&table).unwrap();
    assert_eq!(watch.total(), u64::try_from(table.rows()).ok());
    assert_eq!(watch.total(), Some(watch.rows()));
    watch.cancel();
    assert_eq!(check.run(&table).unwrap_err().code(), "cancelled");
}
