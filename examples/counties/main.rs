//! Computes indicators of the made-up national panel at four tiers in one call, and tells the time.
//!
//! `counties [YEARS [SCHOOLS [SEED]]]`; `counties --csv FILE …` writes the panel instead.

use std::error::Error;
use std::io::{Write, stdout};
use std::time::Instant;

use zhibiao::area::{AreaCode, Areas, Tier};
use zhibiao::report::Format;
use zhibiao::{Catalog, Query};
use zhibiao_examples::{INDICATORS, Panel};

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments: Vec<String> = std::env::args().skip(1).collect();
    let mut file = None;
    if arguments.first().is_some_and(|first| first == "--csv") {
        file = arguments.get(1).cloned();
        arguments.drain(..arguments.len().min(2));
    }
    let number =
        |index: usize, default: u64| arguments.get(index).map_or(Ok(default), |text| text.parse());
    let panel = Panel {
        years: u16::try_from(number(0, 5)?)?,
        schools: u32::try_from(number(1, 10)?)?,
        seed: number(2, 2023)?,
    };
    let frame = panel.frame()?;
    if let Some(file) = file {
        let mut writer = std::io::BufWriter::new(std::fs::File::create(&file)?);
        Format::Csv.write(&frame, &mut writer, &file)?;
        return Ok(());
    }
    let mut out = stdout().lock();
    let rows = frame.height();
    writeln!(
        out,
        "全国模拟面板：{} 个县级区划 × {} 年 × {} 校 = {rows} 行",
        Panel::counties().len(),
        panel.years,
        panel.schools
    )?;
    let catalog = Catalog::builtin();
    let query = Query::new(&catalog).indicators(INDICATORS).tiers([
        Tier::Nation,
        Tier::Province,
        Tier::Prefecture,
        Tier::County,
    ]);
    let start = Instant::now();
    let table = query.run(&frame)?;
    let time = start.elapsed();
    let last = table.rows().filter_map(|row| row.period()).max();
    let pingyao: AreaCode = "140728".parse()?;
    let areas = Areas::builtin();
    let holds_it = |area| areas.is_within(pingyao, area);
    for row in table.rows().filter(|row| row.period() == last && holds_it(row.area())) {
        if ["preschool.inclusive_coverage", "aid.per_recipient"]
            .contains(&row.indicator().id.as_str())
        {
            let value = row.display_with_unit()?.unwrap_or_default();
            let (areas, _) = row.coverage();
            writeln!(
                out,
                "  {} {}（{areas} 个县级区划）：{} {value}",
                row.place(),
                row.area_name(),
                row.indicator().name.zh,
            )?;
        }
    }
    let (rows, findings) = (table.len(), table.findings().len());
    writeln!(
        out,
        "四级一次算出 {} 个指标、{rows} 行结果，用时 {:.2} 秒，发现 {findings} 个问题",
        INDICATORS.len(),
        time.as_secs_f64()
    )?;
    Ok(())
}
