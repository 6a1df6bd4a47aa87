//! zhibiao, measured as its peers are: `peers WAY TABLE NULLS FILE SOURCE TIERS RUNS ANSWER`.
//!
//! Prints JSON: seconds of each run after the first, and the most memory that was used. The answer
//! of the last run is written to a file, to be compared.

mod answer;
mod limit;
mod table;

use std::env::args;
use std::error::Error;
use std::fs;
use std::hint::black_box;
use std::io::{Write, stdout};
use std::path::Path;
use std::time::Instant;

use zhibiao::Query;
use zhibiao::area::Tier;
use zhibiao::plan::Policy;
use zhibiao::table::Coverage;
use zhibiao_examples::INDICATORS;

use self::table::{kentucky, panel, read, with_categories};

const FOUR: [Tier; 4] = [Tier::Nation, Tier::Province, Tier::Prefecture, Tier::County];

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = args().skip(1).collect();
    let [way, table, nulls, file, source, tiers, runs, answer] = arguments.as_slice() else {
        return Err("peers WAY TABLE NULLS FILE SOURCE TIERS RUNS ANSWER".into());
    };
    let (file, answer, runs) = (Path::new(file), Path::new(answer), runs.parse()?);
    let mut asked = if table == "kentucky" { kentucky(file)? } else { panel()? };
    // Schools in the table have keys, which are then checked: peers do not, nor do most ways.
    let with_keys = way == "keys" || way == "indicators";
    if with_keys {
        asked.columns.push("school");
    }
    // Where figures are missing, they are left out as by peers; else nothing is said of them.
    let policy = if nulls == "0" { Policy::Any } else { Policy::Complete };
    let query = Query::new(&asked.catalog).areas(asked.areas.clone());
    let query = query.policy(policy).coverage(Coverage::Given).records(!with_keys);
    let query = if tiers == "four" { query.tiers(FOUR) } else { query };
    let sums = asked.sums.iter().map(|(id, _)| format!("total.{id}"));
    let sums = query.clone().indicators(sums);
    let frame = || read(file, &asked.columns);
    match (way.as_str(), source.as_str()) {
        ("limit", _) => {
            let columns = limit::columns(&frame()?);
            let pieces = limit::pieces(&columns)?;
            measured(runs, || Ok(limit::read_once(&pieces)))?;
        }
        ("indicators", _) => {
            let frame = frame()?;
            let query = query.indicators(INDICATORS);
            measured(runs, || Ok(query.run(&frame)?.frame()?))?;
        }
        (_, "memory") => {
            let frame = with_categories(frame()?)?;
            let frame = measured(runs, || Ok(sums.sums(&frame)?))?;
            answer::write(answer::of_frame(&frame, &asked.sums)?, answer)?;
        }
        _ => {
            let frame = measured(runs, || Ok(sums.sums_files([file])?))?;
            answer::write(answer::of_frame(&frame, &asked.sums)?, answer)?;
        }
    }
    Ok(())
}

/// Runs once to warm up, then some times more; tells the times, and gives the last answer.
fn measured<T>(
    runs: usize,
    run: impl Fn() -> Result<T, Box<dyn Error>>,
) -> Result<T, Box<dyn Error>> {
    let mut last = run()?;
    let mut seconds = Vec::new();
    for _ in 0..runs {
        let start = Instant::now();
        last = black_box(run()?);
        seconds.push(start.elapsed().as_secs_f64());
    }
    let peak = peak_bytes().map_or_else(|| "null".to_owned(), |bytes| bytes.to_string());
    writeln!(stdout(), "{{\"seconds\": {seconds:?}, \"peak\": {peak}}}")?;
    Ok(last)
}

/// The most memory that this process had; none where the system does not tell.
fn peak_bytes() -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kilobytes: u64 = line.trim().trim_end_matches(" kB").parse().ok()?;
    kilobytes.checked_mul(1024)
}
