//! The table of areas.

use std::path::PathBuf;
use std::sync::Arc;

use pyo3::prelude::*;
use zhibiao::area::history::{Crosswalk, Translation, Weights};
use zhibiao::area::{AreaCode, History, Tier};
use zhibiao::number::Decimal;
use zhibiao::{Error, Result};

use crate::error::raised;

/// Codes, names, parents and tiers; of several years, how those of others are brought into them.
#[pyclass(frozen, module = "zhibiao._native")]
#[derive(Clone)]
pub(crate) struct Areas {
    pub(crate) table: zhibiao::area::Areas,
    pub(crate) walk: Option<Arc<Crosswalk>>,
}

impl From<zhibiao::area::Areas> for Areas {
    fn from(table: zhibiao::area::Areas) -> Self {
        Self { table, walk: None }
    }
}

/// An area of one year, the one that it goes to, and the weight of that part.
type Weight = (String, u16, String, String);

#[pymethods]
impl Areas {
    #[staticmethod]
    fn builtin() -> Self {
        zhibiao::area::Areas::builtin().into()
    }

    #[staticmethod]
    fn load(py: Python<'_>, path: PathBuf) -> PyResult<Self> {
        raised(py.detach(|| zhibiao::area::Areas::load(path))).map(Self::from)
    }

    #[staticmethod]
    fn parse(py: Python<'_>, text: &str, file: &str) -> PyResult<Self> {
        raised(py.detach(|| zhibiao::area::Areas::parse(text, file))).map(Self::from)
    }

    #[staticmethod]
    fn at(year: u16) -> PyResult<Self> {
        raised(zhibiao::area::Areas::at(year)).map(Self::from)
    }

    #[staticmethod]
    fn harmonised(
        py: Python<'_>,
        year: u16,
        years: Vec<u16>,
        weights: Vec<Weight>,
        file: Option<PathBuf>,
    ) -> PyResult<Self> {
        raised(py.detach(move || {
            let weights = file.map_or_else(|| given(&weights), Weights::load)?;
            let walk = Crosswalk::weighted(year, &years, &weights)?;
            Ok(Self { table: walk.areas()?, walk: Some(Arc::new(walk)) })
        }))
    }

    /// The units that stand for several areas, with the codes of these.
    fn units(&self) -> Vec<(String, Vec<String>)> {
        let unions = self.walk.iter().flat_map(|walk| walk.unions());
        let unit = |union: &zhibiao::area::history::Union| {
            let members = union.members.iter().map(|member| member.code.to_string()).collect();
            (union.code.to_string(), members)
        };
        unions.map(unit).collect()
    }

    fn in_force(&self) -> &str {
        self.table.in_force()
    }

    fn codes(&self) -> Vec<String> {
        self.table.codes().map(|code| code.to_string()).collect()
    }

    fn code(&self, area: &str) -> PyResult<String> {
        raised(code(&self.table, area)).map(|code| code.to_string())
    }

    fn name(&self, area: &str, lang: &str) -> PyResult<Option<String>> {
        let code = raised(code(&self.table, area))?;
        Ok(self.table.name(code, raised(lang.parse())?))
    }

    fn tier(&self, area: &str) -> PyResult<Option<&'static str>> {
        Ok(self.table.tier(raised(code(&self.table, area))?).map(Tier::id))
    }

    fn parent(&self, area: &str) -> PyResult<Option<String>> {
        let parent = self.table.parent(raised(code(&self.table, area))?);
        Ok(parent.map(|parent| parent.to_string()))
    }

    fn children(&self, area: &str) -> PyResult<Vec<String>> {
        let children = self.table.children(raised(code(&self.table, area))?);
        Ok(children.iter().map(ToString::to_string).collect())
    }

    fn is_within(&self, area: &str, outer: &str) -> PyResult<bool> {
        let (area, outer) = (raised(code(&self.table, area))?, raised(code(&self.table, outer))?);
        Ok(self.table.is_within(area, outer))
    }
}

/// An area by its code, or by its name where only one area bears it.
pub(crate) fn code(areas: &zhibiao::area::Areas, area: &str) -> Result<AreaCode> {
    match areas.codes_named(area).as_slice() {
        [only] => Ok(*only),
        _ => areas.code(area),
    }
}

/// Weights as Python gives them.
fn given(rows: &[Weight]) -> Result<Weights> {
    let rows = rows.iter().map(|(code, year, to, weight)| {
        Ok((code.parse()?, *year, to.parse()?, weight.parse::<Decimal>()?))
    });
    Weights::of(rows.collect::<Result<Vec<_>>>()?)
}

/// A code and a name.
type Named = (String, String);

/// An area of the other year: code, name, and how the first one lies to it.
type Other = (String, String, String);

/// A change: its year, what was before, what after, its kind, and whether it was guessed.
type Changed = (u16, Named, Option<Named>, String, bool);

/// What became of an area: it, what it is in the other year, the changes in between, and whether a part
/// of it is lost.
type Translated = (Named, Vec<Other>, Vec<Changed>, bool);

/// What an area of one year is in another.
#[pyfunction]
pub(crate) fn translate(area: &str, year: u16, to: u16) -> PyResult<Translated> {
    let named = |area: &zhibiao::area::history::Named| (area.code.to_string(), area.name.clone());
    let translated = || -> Result<Translation, Error> {
        let areas = zhibiao::area::Areas::at(year)?;
        History::builtin().translate(code(&areas, area)?, year, to)
    };
    let Translation { area, areas, changes, lost, .. } = raised(translated())?;
    let areas = areas
        .into_iter()
        .map(|area| (area.code.to_string(), area.name, area.relation.id().to_owned()));
    let changes = changes.iter().map(|change| {
        let (old, new) = (named(&change.old), change.new.as_ref().map(named));
        (change.year, old, new, change.kind.id().to_owned(), change.guessed)
    });
    Ok((named(&area), areas.collect(), changes.collect(), lost))
}
