//! The catalogue: objects of the Python side are made from plain dictionaries.

use std::path::PathBuf;

use pyo3::prelude::*;
use pyo3::types::PyDict;
use zhibiao::Lang;
use zhibiao::catalog::{Confidence, Explanation, Measure};
use zhibiao::report::html;

use crate::error::raised;

/// A checked catalogue.
#[pyclass(frozen, module = "zhibiao._native")]
pub(crate) struct Catalog(pub(crate) zhibiao::Catalog);

#[pymethods]
impl Catalog {
    #[staticmethod]
    fn builtin() -> Self {
        Self(zhibiao::Catalog::builtin())
    }

    #[staticmethod]
    fn load(py: Python<'_>, path: PathBuf) -> PyResult<Self> {
        raised(py.detach(|| zhibiao::Catalog::load(path))).map(Self)
    }

    #[staticmethod]
    fn parse(py: Python<'_>, text: &str, file: &str) -> PyResult<Self> {
        raised(py.detach(|| zhibiao::Catalog::parse(text, file))).map(Self)
    }

    fn extend(&self, py: Python<'_>, other: &Self) -> PyResult<Self> {
        raised(py.detach(|| self.0.extend(other.0.clone()))).map(Self)
    }

    fn files(&self) -> Vec<String> {
        self.0.files()
    }

    fn indicators(&self) -> Vec<&str> {
        self.0.indicators().map(|indicator| indicator.id.as_str()).collect()
    }

    fn measures(&self) -> Vec<&str> {
        self.0.measures().map(|measure| measure.id.as_str()).collect()
    }

    fn dimensions(&self) -> Vec<&str> {
        self.0.dimensions().map(|dimension| dimension.id.as_str()).collect()
    }

    fn standards(&self) -> Vec<&str> {
        self.0.standards().map(|standard| standard.id.as_str()).collect()
    }

    fn search(&self, words: &str) -> Vec<&str> {
        self.0.search(words).into_iter().map(|indicator| indicator.id.as_str()).collect()
    }

    fn indicator<'py>(
        &self,
        py: Python<'py>,
        id: &str,
        lang: &str,
    ) -> PyResult<Bound<'py, PyDict>> {
        let (lang, indicator) = (raised(lang.parse())?, raised(self.0.indicator(id))?);
        let told = PyDict::new(py);
        told.set_item("id", &indicator.id)?;
        told.set_item("name", indicator.name.text(lang))?;
        told.set_item("name_zh", &indicator.name.zh)?;
        told.set_item("name_en", &indicator.name.en)?;
        told.set_item("aliases", indicator.aliases.clone())?;
        told.set_item("kind", indicator.kind.label(Lang::En))?;
        told.set_item("unit", indicator.unit.label(lang))?;
        let grades = indicator.grades.iter().map(|grade| grade.name.text(lang).to_owned());
        told.set_item("grades", grades.collect::<Vec<_>>())?;
        told.set_item("decimals", indicator.decimals)?;
        told.set_item("better", format!("{:?}", indicator.better).to_lowercase())?;
        told.set_item("goal", indicator.goal.map(|goal| goal.to_string()))?;
        told.set_item("numerator", indicator.kind.numerator())?;
        told.set_item("denominator", indicator.kind.denominator())?;
        told.set_item("source", &indicator.source)?;
        told.set_item("confidence", letter(indicator.confidence))?;
        told.set_item("note", indicator.note.text(lang))?;
        Ok(told)
    }

    fn measure<'py>(&self, py: Python<'py>, id: &str, lang: &str) -> PyResult<Bound<'py, PyDict>> {
        let (lang, measure): (Lang, &Measure) =
            (raised(lang.parse())?, raised(self.0.measure(id))?);
        let told = PyDict::new(py);
        told.set_item("id", &measure.id)?;
        told.set_item("name", measure.name.text(lang))?;
        told.set_item("name_zh", &measure.name.zh)?;
        told.set_item("name_en", &measure.name.en)?;
        told.set_item("aliases", measure.aliases.clone())?;
        told.set_item("unit", measure.unit.label(lang))?;
        told.set_item("scale", measure.scale)?;
        told.set_item("define", measure.formula.as_deref())?;
        told.set_item("part_of", measure.part_of.as_deref())?;
        told.set_item("source", &measure.source)?;
        told.set_item("confidence", letter(measure.confidence))?;
        told.set_item("note", measure.note.text(lang))?;
        Ok(told)
    }

    fn dimension<'py>(
        &self,
        py: Python<'py>,
        id: &str,
        lang: &str,
    ) -> PyResult<Bound<'py, PyDict>> {
        let (lang, dimension) = (raised(lang.parse::<Lang>())?, raised(self.0.dimension(id))?);
        let told = PyDict::new(py);
        told.set_item("id", &dimension.id)?;
        told.set_item("name", dimension.name.text(lang))?;
        told.set_item("aliases", dimension.aliases.clone())?;
        let values = dimension.values.iter();
        let values = values.map(|value| (value.id.clone(), value.name.text(lang).to_owned()));
        told.set_item("values", values.collect::<Vec<_>>())?;
        Ok(told)
    }

    fn standard<'py>(&self, py: Python<'py>, id: &str, lang: &str) -> PyResult<Bound<'py, PyDict>> {
        standard(py, raised(self.0.standard(id))?, raised(lang.parse())?)
    }

    fn explain(&self, id: &str, lang: &str) -> PyResult<Told> {
        Ok(told(&raised(self.0.explain(id))?, raised(lang.parse())?))
    }

    fn definition_hash(&self, id: &str) -> PyResult<String> {
        raised(self.0.definition_hash(id))
    }

    /// JSON schema of catalogue files, as text.
    #[staticmethod]
    fn schema() -> String {
        format!("{:#}", zhibiao::Catalog::schema())
    }
}

/// A standard as a dictionary.
pub(crate) fn standard<'py>(
    py: Python<'py>,
    standard: &zhibiao::catalog::Standard,
    lang: Lang,
) -> PyResult<Bound<'py, PyDict>> {
    let told = PyDict::new(py);
    told.set_item("id", &standard.id)?;
    told.set_item("name", standard.name.text(lang))?;
    told.set_item("source", &standard.source)?;
    told.set_item("note", standard.note.text(lang))?;
    let criteria = standard.criteria.iter().map(|criterion| {
        let told = PyDict::new(py);
        told.set_item("name", criterion.name())?;
        told.set_item("indicator", &criterion.indicator)?;
        let thresholds = criterion.thresholds.iter();
        let thresholds = thresholds.map(|(sign, value)| (sign.sign(), value.to_string()));
        told.set_item("thresholds", thresholds.collect::<Vec<_>>())?;
        told.set_item("rule", criterion.rule.as_deref())?;
        told.set_item("tier", criterion.tier.map(zhibiao::area::Tier::id))?;
        told.set_item("scope", criterion.scope.to_string())?;
        told.set_item("stage", criterion.stage.as_deref())?;
        told.set_item("valid_from", criterion.valid_from.map(|month| month.to_string()))?;
        told.set_item("valid_to", criterion.valid_to.map(|month| month.to_string()))?;
        told.set_item("source", &criterion.source)?;
        told.set_item("confidence", letter(criterion.confidence))?;
        told.set_item("note", criterion.note.text(lang))?;
        Ok(told)
    });
    told.set_item("criteria", criteria.collect::<PyResult<Vec<_>>>()?)?;
    let rules = standard.rules.iter().map(|rule| {
        let told = PyDict::new(py);
        told.set_item("id", &rule.id)?;
        told.set_item("name", rule.name.text(lang))?;
        told.set_item("part_of", rule.part_of.as_deref())?;
        told.set_item("needs", rule.needs)?;
        told.set_item("floor", rule.floor.map(|floor| floor.to_string()))?;
        told.set_item("per", rule.per.map(|per| format!("{per:?}").to_lowercase()))?;
        told.set_item("source", &rule.source)?;
        told.set_item("confidence", letter(rule.confidence))?;
        told.set_item("note", rule.note.text(lang))?;
        Ok(told)
    });
    told.set_item("rules", rules.collect::<PyResult<Vec<_>>>()?)?;
    Ok(told)
}

/// Headings and texts of an explanation, and both as HTML.
pub(crate) type Told = (Vec<(String, String)>, String);

pub(crate) fn told(explained: &Explanation, lang: Lang) -> Told {
    let lines = explained.lines(lang).map(|(heading, text)| (heading.to_owned(), text.to_owned()));
    (lines.collect(), html::explanation(explained, lang))
}

fn letter(confidence: Option<Confidence>) -> Option<String> {
    confidence.map(|confidence| format!("{confidence:?}"))
}
