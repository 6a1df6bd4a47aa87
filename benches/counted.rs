//! A fixed piece of work, done some times: `counted WORK TIMES`, whose instructions are counted.
//!
//! What it needs beside the work is the same for any number of times, so that two counts tell the work.

use std::env::args;
use std::error::Error;
use std::hint::black_box;

use polars::prelude::DataFrame;
use zhibiao::{Catalog, Query};
use zhibiao_benches::{FOUR_TIERS, SOME_SCHOOLS, shuffled, with_nulls};
use zhibiao_examples::INDICATORS;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = args().skip(1).collect();
    let [work, times] = arguments.as_slice() else { return Err("counted WORK TIMES".into()) };
    let times: usize = times.parse()?;
    let catalog = Catalog::builtin();
    let panel = SOME_SCHOOLS.panel();
    let query = Query::new(&catalog).indicators(INDICATORS);
    let plain = ["projects.completion", "aid.coverage", "aid.travel_recipients"];
    let filtered = ["preschool.inclusive_coverage", "preschool.public_share"];
    let states = |frame: &DataFrame, ids: &[&str]| -> Result<(), Box<dyn Error>> {
        let query = Query::new(&catalog).indicators(ids.iter().copied()).records(true);
        for _ in 0..times {
            black_box(query.states(frame)?);
        }
        Ok(())
    };
    match work.as_str() {
        "sorted" => states(&panel, &plain)?,
        "shuffled" => states(&shuffled(&panel), &plain)?,
        "filtered" => states(&panel, &filtered)?,
        "nulls" => states(&with_nulls(&panel), &plain)?,
        "amounts" => states(&panel, &["aid.per_recipient", "aid.loan_per_borrower"])?,
        "keys" => {
            let query = query.indicators(["projects.completion"]);
            for _ in 0..times {
                black_box(query.states(&panel)?);
            }
        }
        "evaluate" => {
            let query = query.tiers(FOUR_TIERS);
            let states = query.states(&panel)?;
            for _ in 0..times {
                black_box(query.finish(&states)?);
            }
        }
        "frame" => {
            let table = query.run(&panel)?;
            for _ in 0..times {
                black_box(table.frame()?);
            }
        }
        other => return Err(format!("no such work: {other}").into()),
    }
    Ok(())
}
