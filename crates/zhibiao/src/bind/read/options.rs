//! How files are read.

use crate::catalog::Catalog;
use crate::mapping::Mapping;
use crate::symbol::Dialect;

/// What is said of files beside their names (读取选项).
///
/// # Example
/// ```no_run
/// use zhibiao::{Catalog, ReadOptions, Table, mapping::Mapping};
/// let catalog = Catalog::builtin();
/// let mapping = Mapping::load("map.toml", &catalog)?;
/// let how = ReadOptions { sheet: Some("表1".to_owned()), ..ReadOptions::mapped(mapping, &catalog) };
/// let table = Table::read_with(["2022.xlsx"], &how)?;
/// # Ok::<(), zhibiao::Error>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct ReadOptions {
    /// The sheet of a workbook, where several have tables.
    pub sheet: Option<String>,
    /// What the columns are, and by which catalogue.
    pub mapping: Option<(Mapping, Catalog)>,
    /// Whose symbols may stand in place of figures; else what the mapping says, or the query.
    pub symbols: Option<Dialect>,
}

impl ReadOptions {
    /// Columns as a mapping has them.
    #[must_use]
    pub fn mapped(mapping: Mapping, catalog: &Catalog) -> Self {
        Self { mapping: Some((mapping, catalog.clone())), ..Self::default() }
    }

    /// The dialect of the files, where one is said.
    pub(crate) fn dialect(&self) -> Option<Dialect> {
        self.symbols.or_else(|| self.mapping.as_ref()?.0.symbols())
    }
}
