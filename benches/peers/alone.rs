//! What no peer is asked: one county, sixty indicators after the sums, and cost by rows.
//!
//! `alone [MILLIONS…]`; prints JSON. The cost by rows is that of 17 sums in memory.

use std::error::Error;
use std::hint::black_box;
use std::io::{Write, stdout};
use std::time::Instant;

use zhibiao::{Catalog, Query};
use zhibiao_benches::{COUNTIES, FOUR_TIERS, Size, many_indicators};
use zhibiao_examples::INDICATORS;

fn main() -> Result<(), Box<dyn Error>> {
    let catalog = Catalog::builtin();
    let query = Query::new(&catalog);
    let mut out = stdout().lock();

    let county = COUNTIES.panel().head(Some(1));
    let ten = query.clone().indicators(INDICATORS.into_iter().take(10));
    let seconds = median(1001, || Ok(ten.run(&county)?))?;
    writeln!(out, "{{\"one_county\": {seconds}, ")?;

    let (frame, ids) = many_indicators(&catalog, 60);
    let sixty = query.clone().indicators(ids).tiers(FOUR_TIERS);
    let states = sixty.states(&frame)?;
    let table = sixty.finish(&states)?;
    let finish = median(5, || Ok(sixty.finish(&states)?))?;
    let shown = median(5, || Ok(table.frame()?))?;
    writeln!(
        out,
        "\"sixty_rows\": {}, \"sixty_table\": {finish}, \"sixty_frame\": {shown}, ",
        table.len()
    )?;
    drop((table, states, frame));

    let sums = query.indicators(INDICATORS).records(true);
    let mut by_rows = Vec::new();
    for millions in std::env::args().skip(1) {
        let panel = Size::of_millions(millions.parse()?).panel().drop("school")?;
        let seconds = median(5, || Ok(sums.states(&panel)?))?;
        by_rows.push(format!("[{}, {seconds}]", panel.height()));
    }
    writeln!(out, "\"by_rows\": [{}]}}", by_rows.join(", "))?;
    Ok(())
}

/// Median of the seconds that some runs need, after one to warm up.
fn median<T>(
    runs: usize,
    run: impl Fn() -> Result<T, Box<dyn Error>>,
) -> Result<f64, Box<dyn Error>> {
    run()?;
    let mut seconds = Vec::new();
    for _ in 0..runs {
        let start = Instant::now();
        let answer = black_box(run()?);
        seconds.push(start.elapsed().as_secs_f64());
        drop(answer);
    }
    seconds.sort_by(f64::total_cmp);
    Ok(seconds[runs / 2])
}
