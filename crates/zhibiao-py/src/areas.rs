//! The table of areas.

use std::path::PathBuf;

use pyo3::prelude::*;
use zhibiao::Result;
use zhibiao::area::{AreaCode, Tier};

use crate::error::raised;

/// Codes, names, parents and tiers.
#[pyclass(frozen, module = "zhibiao._native")]
pub(crate) struct Areas(pub(crate) zhibiao::area::Areas);

#[pymethods]
impl Areas {
    #[staticmethod]
    fn builtin() -> Self {
        Self(zhibiao::area::Areas::builtin())
    }

    #[staticmethod]
    fn load(py: Python<'_>, path: PathBuf) -> PyResult<Self> {
        raised(py.detach(|| zhibiao::area::Areas::load(path))).map(Self)
    }

    #[staticmethod]
    fn parse(py: Python<'_>, text: &str, file: &str) -> PyResult<Self> {
        raised(py.detach(|| zhibiao::area::Areas::parse(text, file))).map(Self)
    }

    fn in_force(&self) -> &str {
        self.0.in_force()
    }

    fn codes(&self) -> Vec<String> {
        self.0.codes().map(|code| code.to_string()).collect()
    }

    fn code(&self, area: &str) -> PyResult<String> {
        raised(code(&self.0, area)).map(|code| code.to_string())
    }

    fn name(&self, area: &str, lang: &str) -> PyResult<Option<String>> {
        let code = raised(code(&self.0, area))?;
        Ok(self.0.name(code, raised(lang.parse())?))
    }

    fn tier(&self, area: &str) -> PyResult<Option<&'static str>> {
        Ok(self.0.tier(raised(code(&self.0, area))?).map(Tier::id))
    }

    fn parent(&self, area: &str) -> PyResult<Option<String>> {
        let parent = self.0.parent(raised(code(&self.0, area))?);
        Ok(parent.map(|parent| parent.to_string()))
    }

    fn children(&self, area: &str) -> PyResult<Vec<String>> {
        let children = self.0.children(raised(code(&self.0, area))?);
        Ok(children.iter().map(ToString::to_string).collect())
    }

    fn is_within(&self, area: &str, outer: &str) -> PyResult<bool> {
        let (area, outer) = (raised(code(&self.0, area))?, raised(code(&self.0, outer))?);
        Ok(self.0.is_within(area, outer))
    }
}

/// An area by its code, or by its name where only one area bears it.
pub(crate) fn code(areas: &zhibiao::area::Areas, area: &str) -> Result<AreaCode> {
    match areas.codes_named(area).as_slice() {
        [only] => Ok(*only),
        _ => areas.code(area),
    }
}
