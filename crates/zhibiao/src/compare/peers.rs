//! Values against those of an area's neighbors together.

use hashbrown::HashMap;

use super::answer::{Compared, Figure, Figures, Of, Own, Shown};
use super::ranks::Order;
use super::{Neighbors, Reason};
use crate::area::{AreaCode, Tier};
use crate::catalog::Kind;
use crate::error::Result;
use crate::number::Ratio;
use crate::period::Period;
use crate::stat::{Ties, places};
use crate::table::{IndicatorTable, Named, Row, Value};

/// A value against its neighbors' (与近邻比较).
#[derive(Clone, Debug, PartialEq)]
pub struct PeerFigures {
    /// How many neighbors the area has.
    pub neighbors: usize,
    /// How many of them have a value.
    pub peers: usize,
    /// Their figure in the unit of the indicator.
    pub peer_value: Option<f64>,
    /// `ratio_of_sums`, or `mean_of_rates` where their parts are not known; of totals `mean`.
    pub method: Option<&'static str>,
    /// Value minus figure; percentage points for %.
    pub difference: Option<f64>,
    /// Value over figure.
    pub ratio: Option<f64>,
    /// Place of the area among itself and those neighbors; equal ones share it.
    pub rank: Option<f64>,
}

impl Figures for PeerFigures {
    const TITLE: [&'static str; 2] = ["与近邻比较", "Against neighbors"];
    const COLUMNS: &'static [Figure<Self>] = &[
        Figure::new(
            "neighbors",
            ["近邻数", "neighbors"],
            Of::Whole(|own| u64::try_from(own.neighbors).ok()),
        ),
        Figure::new(
            "peers",
            ["有值近邻数", "peers"],
            Of::Whole(|own| u64::try_from(own.peers).ok()),
        ),
        Figure::new(
            "peer_value",
            ["近邻值", "peer value"],
            Of::Number(|own| own.peer_value, Shown::InUnit),
        ),
        Figure::new("method", ["算法", "method"], Of::Words(|own| own.method)),
        Figure::new(
            "difference",
            ["差", "difference"],
            Of::Number(|own| own.difference, Shown::Difference),
        ),
        Figure::new("ratio", ["比", "ratio"], Of::Number(|own| own.ratio, Shown::Plain(3))),
        Figure::new("rank", ["位次", "rank"], Of::Number(|own| own.rank, Shown::Plain(0))),
    ];
}

/// An area of a tier, or of any.
type Place<'a> = (Option<Tier>, AreaCode, Option<Period>, &'a Named);

impl IndicatorTable {
    /// Every value against that of the area's neighbors together (与近邻比较): one row per row.
    ///
    /// # Formula
    /// Where the parts of all neighbors are known, their figure is the ratio of the sums of these
    /// (`ratio_of_sums`). Else it is the mean of their values, and says so (`mean_of_rates`): a small
    /// neighbor then counts as much as a large one. Of totals it is their mean (`mean`).
    ///
    /// # Missing values
    /// Neighbors without a value do not count; `peers` says how many do. `no_reference` where none
    /// does. Schools and areas that are nowhere in the neighbors have none.
    ///
    /// # Errors
    /// `overflow` when a number leaves 128 bits.
    ///
    /// # Example
    /// ```
    /// use polars::prelude::df;
    /// use zhibiao::area::Areas;
    /// use zhibiao::compare::Neighbors;
    /// use zhibiao::{Catalog, Query};
    /// let catalog = Catalog::builtin();
    /// let counties = df!["area" => ["140703", "140728", "140729"], "projects" => [100, 60, 10], "projects_done" => [90, 52, 1]]?;
    /// let table = Query::new(&catalog).indicators(["projects.completion"]).run(&counties)?;
    /// let pairs = df!["area" => ["140728", "140728"], "neighbor" => ["140703", "140729"]]?;
    /// let compared = table.peers(&Neighbors::read(&pairs, &Areas::builtin())?)?;
    /// let pingyao = compared.rows().nth(1).unwrap().figures().clone();
    /// // 91 of 110, not the mean of 90 % and 10 %.
    /// assert_eq!((pingyao.peer_value.unwrap() * 10.0).round(), 827.0);
    /// assert_eq!(pingyao.method, Some("ratio_of_sums"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn peers(&self, neighbors: &Neighbors) -> Result<Compared<PeerFigures>> {
        let mut places: HashMap<Place<'_>, usize> = HashMap::new();
        for (position, group) in self.groups.iter().enumerate().filter(|(_, g)| g.school.is_none())
        {
            let any = (None, group.area, group.period, &group.slices);
            places.entry(any).or_insert(position);
            places.insert((Some(group.tier), group.area, group.period, &group.slices), position);
        }
        let mut answer = Compared::about(self);
        for (position, group) in self.groups.iter().enumerate() {
            let given = match group.school {
                Some(_) => &[][..],
                None => neighbors.at(group.area, group.tier),
            };
            let others: Vec<usize> = given
                .iter()
                .filter_map(|other| {
                    let at = |tier| places.get(&(tier, other.area, group.period, &group.slices));
                    at(Some(group.tier)).or_else(|| at(None)).copied()
                })
                .collect();
            for (at, row) in self.rows_of(position).enumerate() {
                let others = others.iter().filter_map(|other| self.rows_of(*other).nth(at));
                let others: Vec<Row<'_>> = others.filter(|other| other.value().is_some()).collect();
                let figures = figures(row, &others, given.len())?;
                let own = Own::of(row)?;
                let own = match figures.peer_value {
                    None if own.value.is_some() => own.because(Reason::NoReference),
                    _ => own,
                };
                answer.push((position, at), own, figures);
            }
        }
        Ok(answer)
    }
}

fn figures(row: Row<'_>, others: &[Row<'_>], neighbors: usize) -> Result<PeerFigures> {
    let sums = ratio_of_sums(others)?;
    let value = row.value().map(Value::figure);
    let (peer_value, method) = match sums {
        Some(sums) => (Some(sums.to_f64()), Some("ratio_of_sums")),
        None if others.is_empty() => (None, None),
        None => {
            let values = others.iter().filter_map(Row::value);
            let (sum, count) = values.fold((0.0, 0.0), |(sum, count), value| {
                (sum + value.figure().to_f64(), count + 1.0)
            });
            let total = matches!(row.indicator().kind, Kind::Total { .. });
            (Some(sum / count), Some(if total { "mean" } else { "mean_of_rates" }))
        }
    };
    let (difference, ratio) = match (value, sums, peer_value) {
        (Some(value), Some(sums), _) => {
            let ratio = if sums == Ratio::ZERO { None } else { Some(value.div(sums)?.to_f64()) };
            (Some(value.sub(sums)?.to_f64()), ratio)
        }
        (Some(value), None, Some(mean)) => {
            let value = value.to_f64();
            (Some(value - mean), (mean.abs() > 0.0).then_some(value / mean))
        }
        _ => (None, None),
    };
    let rank = value.filter(|_| !others.is_empty()).and_then(|value| {
        let order = Order::of(row.indicator());
        let others = others.iter().filter_map(Row::value);
        let all = std::iter::once(value).chain(others.map(Value::figure));
        let keys: Vec<Ratio> = all.map(|value| order.key(value)).collect();
        let places = places(&keys, |a, b| order.best_first(a, b), Ties::Min);
        places.first().map(|place| place.rank)
    });
    Ok(PeerFigures { neighbors, peers: others.len(), peer_value, method, difference, ratio, rank })
}

/// The ratio of the sums of numerators and denominators in the unit of the indicator; none where one
/// row has no parts, or there are none.
fn ratio_of_sums(rows: &[Row<'_>]) -> Result<Option<Ratio>> {
    let Some(first) = rows.first() else { return Ok(None) };
    let (mut above, mut below) = (Ratio::ZERO, Ratio::ZERO);
    for row in rows {
        let (Some(numerator), Some(denominator)) = (row.numerator(), row.denominator()) else {
            return Ok(None);
        };
        // A reported figure may stand beside parts that contradict it.
        if !matches!(row.value(), Some(Value::Exact(_))) {
            return Ok(None);
        }
        above = above.add(numerator.ratio())?;
        below = below.add(denominator.ratio())?;
    }
    if below == Ratio::ZERO {
        return Ok(None);
    }
    let unit = &first.indicator().unit;
    let quotient = above.div(below)?;
    Ratio::of_scaled(quotient.num(), quotient.den(), unit.power_of_base().into()).map(Some)
}
