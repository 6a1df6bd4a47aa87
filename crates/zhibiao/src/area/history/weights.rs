//! Shares in which an area was divided, as its user knows them.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use crate::area::{AreaCode, lines};
use crate::error::{Error, Place, Problem, Result};
use crate::number::{Decimal, Ratio, RoundMode, apportion};

/// Weights by area and year: how figures of a divided area fall to its successors (权重).
type Parts = BTreeMap<(AreaCode, u16), Vec<(AreaCode, Decimal)>>;

/// Names of the columns of a file of weights.
const CODE: [&str; 2] = ["code", "代码"];
const YEAR: [&str; 2] = ["year", "年份"];
const TO: [&str; 2] = ["to", "去向"];
const WEIGHT: [&str; 2] = ["weight", "权重"];

/// Shares in which areas were divided (权重), such as those of their inhabitants.
///
/// # Example
/// ```
/// use zhibiao::area::history::Weights;
/// let datong = "140202".parse()?;
/// let shares = [("140213".parse()?, "0.9".parse()?), ("140214".parse()?, "0.1".parse()?)];
/// let weights = Weights::new().divide(datong, 2017, &shares)?;
/// let error = weights.divide(datong, 2017, &shares[..1]).unwrap_err();
/// assert_eq!(error.code(), "bad-shares");
/// assert!(error.to_string().contains("add up to 0.9"));
/// # Ok::<(), zhibiao::Error>(())
/// ```
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Weights(Parts);

impl Weights {
    /// No shares.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Reads weights from a file; [`parse`](Self::parse) says what it looks like.
    ///
    /// # Errors
    /// `unreadable-file`, and those of [`parse`](Self::parse).
    pub fn load(path: impl AsRef<Path>) -> Result<Self> {
        let path = path.as_ref();
        let text = std::fs::read_to_string(path).map_err(|error| {
            let problem = Problem::UnreadableFile { reason: error.to_string() };
            Error::new(problem, Place::file(path))
        })?;
        Self::parse(&text, &path.display().to_string())
    }

    /// Reads weights from text, by comma or tab; `file` is named in errors. Lines that begin with `#`
    /// are comments.
    ///
    /// A header with the columns `code`, `year`, `to` and `weight` (代码, 年份, 去向, 权重), and a row for
    /// each successor. Weights of one area and year are taken [in proportion](Self::in_proportion).
    ///
    /// # Errors
    /// `bad-share-row` with its row; `bad-shares`.
    ///
    /// # Example
    /// ```
    /// use zhibiao::area::history::Weights;
    /// let inhabitants = "code,year,to,weight\n140202,2017,140213,300000\n140202,2017,140214,100000";
    /// let weights = Weights::parse(inhabitants, "inhabitants.csv")?;
    /// let error = Weights::parse("code,year,to\n", "short.csv").unwrap_err();
    /// assert_eq!(error.code(), "bad-share-row");
    /// # Ok::<(), zhibiao::Error>(())
    /// ```
    pub fn parse(text: &str, file: &str) -> Result<Self> {
        let mut lines = lines::of(text.trim_start_matches('\u{feff}'));
        let refused = |line: u64, reason: &str| {
            let problem = Problem::BadShareRow { reason: reason.to_owned() };
            Error::new(problem, lines::place(file, line))
        };
        let wanted = "have no header with the columns code, year, to and weight";
        let (line, header) = lines.next().ok_or_else(|| refused(1, wanted))?;
        let separator = if header.contains('\t') { '\t' } else { ',' };
        let headers = lines::fields(&header.to_lowercase(), separator).unwrap_or_default();
        let position = |names: [&str; 2]| {
            let found = headers.iter().position(|header| names.contains(&header.as_str()));
            found.ok_or_else(|| refused(line, wanted))
        };
        let (code, year, to) = (position(CODE)?, position(YEAR)?, position(TO)?);
        let weight = position(WEIGHT)?;
        let mut given = Vec::new();
        for (line, content) in lines {
            let fields = lines::fields(content, separator).unwrap_or_default();
            let field = |at: usize| fields.get(at).map_or("", String::as_str);
            let bad = |what: &str, at: usize| {
                let name = headers.get(at).map_or("", String::as_str);
                refused(line, &format!("have `{}` in column {name}, which is no {what}", field(at)))
            };
            given.push((
                field(code).parse().map_err(|_| bad("area code", code))?,
                field(year).parse().map_err(|_| bad("year", year))?,
                field(to).parse().map_err(|_| bad("area code", to))?,
                field(weight).parse().map_err(|_| bad("number", weight))?,
            ));
        }
        Self::of(given).map_err(|error| error.at(Place::file(file)))
    }

    /// Weights by rows: an area of a year, and of what it became one with its number. Those of one area
    /// and year are taken [in proportion](Self::in_proportion).
    ///
    /// # Errors
    /// `bad-shares`, `overflow`.
    pub fn of(rows: impl IntoIterator<Item = (AreaCode, u16, AreaCode, Decimal)>) -> Result<Self> {
        let mut given = Parts::new();
        for (code, year, to, weight) in rows {
            given.entry((code, year)).or_default().push((to, weight));
        }
        given.into_iter().try_fold(Self::new(), |weights, ((code, year), parts)| {
            weights.in_proportion(code, year, &parts)
        })
    }

    /// Adds the shares of an area of one year, by the areas of the year that the crosswalk leads to.
    ///
    /// They hold for all years in which the area stands under that code and name, and for what
    /// became it.
    ///
    /// # Errors
    /// `bad-shares` where a share is below 0, an area has two, or they do not add up to exactly 1;
    /// `overflow`.
    pub fn divide(self, code: AreaCode, year: u16, shares: &[(AreaCode, Decimal)]) -> Result<Self> {
        let weights = self.in_proportion(code, year, shares)?;
        let sum = sum_of(shares)?;
        if sum != Ratio::integer(1) {
            let decimals = shares.iter().map(|(_, share)| share.scale()).max().unwrap_or(0);
            let decimals = i8::try_from(decimals).unwrap_or(i8::MAX);
            let sum = sum.rounded(decimals, RoundMode::HalfAway)?;
            return Err(bad(code, year, format!("add up to {sum}")));
        }
        Ok(weights)
    }

    /// As [`divide`](Self::divide), with numbers such as inhabitants, of which each area has its part: a
    /// share in millionths (最大余数法).
    ///
    /// # Errors
    /// `bad-shares` where a number is below 0, an area has two, or all are 0; `overflow`.
    pub fn in_proportion(
        mut self,
        code: AreaCode,
        year: u16,
        parts: &[(AreaCode, Decimal)],
    ) -> Result<Self> {
        let mut seen = BTreeSet::new();
        for (to, part) in parts {
            if *part < Decimal::integer(0) {
                return Err(bad(code, year, format!("have {part} for {to}")));
            }
            if !seen.insert(*to) {
                return Err(bad(code, year, format!("have two shares for {to}")));
            }
        }
        if sum_of(parts)? == Ratio::ZERO {
            return Err(bad(code, year, "add up to 0".to_owned()));
        }
        self.0.insert((code, year), parts.to_vec());
        Ok(self)
    }

    /// What was given, by area and year.
    pub fn given(&self) -> impl Iterator<Item = (AreaCode, u16, &[(AreaCode, Decimal)])> {
        self.0.iter().map(|((code, year), parts)| (*code, *year, parts.as_slice()))
    }
}

/// Decimals of a share: sums that are divided get so many more, and are exact.
pub(crate) const DECIMALS: u8 = 6;

/// The parts of a whole that parts stand for, in millionths that add up to it (最大余数法); their sum is
/// not 0.
pub(super) fn shares(parts: &[(AreaCode, Decimal)]) -> Result<Vec<(AreaCode, Ratio)>> {
    let sum = sum_of(parts)?;
    let exact = parts.iter().map(|(_, part)| part.ratio().div(sum)).collect::<Result<Vec<_>>>()?;
    let decimals = i8::try_from(DECIMALS).unwrap_or(i8::MAX);
    let shares = apportion(&exact, Ratio::integer(1), decimals, RoundMode::HalfAway)?;
    Ok(parts.iter().map(|(to, _)| *to).zip(shares.iter().map(|share| share.ratio())).collect())
}

fn sum_of(parts: &[(AreaCode, Decimal)]) -> Result<Ratio> {
    parts.iter().try_fold(Ratio::ZERO, |sum, (_, part)| sum.add(part.ratio()))
}

fn bad(code: AreaCode, year: u16, reason: String) -> Error {
    Problem::BadShares { code: code.to_string(), year: year.into(), reason }.into()
}
