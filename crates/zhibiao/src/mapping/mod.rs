//! Mappings (映射): what the columns of a file are, where their headers do not say it plainly.
//!
//! A mapping is TOML of its own (DESIGN.md section 13): proposed from the headers of a table,
//! edited by a person, used again for the next file. What is not clear is asked, never guessed.
//!
//! May use `error`, `label`, `unit`, `symbol`, `period`, `grid` and `catalog`.

mod above;
mod around;
mod figure;
mod headers;
mod hold;
mod propose;
mod read;
mod said;
mod split;
mod stated;
mod turn;
mod write;

use std::ops::Range;
use std::path::Path;

use self::figure::{Figure, Is};
use crate::catalog::{Catalog, Role, Source};
use crate::error::{Error, Place, Result};
use crate::grid::{Block, Book, Grid};
use crate::label::Lang;
use crate::period::Period;
use crate::symbol::Dialect;

pub(crate) use self::above::{SaidAbove, UnitsAbove};
pub use self::propose::Proposal;

/// A mapping (映射) of the columns of a table to measures, keys and groups.
///
/// # Example
/// ```
/// use zhibiao::{Catalog, Lang, grid, mapping::Mapping};
/// let catalog = Catalog::builtin();
/// let book = grid::read("代码,资助金额（万元）,受资助学生数\n140728,965,7838\n".as_bytes(), "aid.csv")?;
/// let (grid, block) = book.table(None)?;
/// let proposal = Mapping::propose(grid, &block, &catalog);
/// let mapping = Mapping::parse(&proposal.toml(Lang::En), "map.toml", &catalog)?;
/// let (lines, _) = mapping.lines(grid, &block, &catalog)?;
/// assert_eq!(lines.columns, ["area", "aid_amount(万元)", "aid_recipients"]);
/// # Ok::<(), zhibiao::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Mapping {
    sheet: Option<String>,
    /// Rows of the header, from 0.
    header: Option<Range<usize>>,
    symbols: Option<Dialect>,
    /// What stands in place of figures in this table, beside the dialect, and what it means.
    signs: Vec<(String, Sign)>,
    /// The area of a table that has no column of it.
    area: Option<String>,
    /// The period of a table that has no column of it.
    period: Option<Period>,
    columns: Vec<Entry>,
    /// What the names of rows stand for, beside the names of the catalogue.
    rows: Vec<Entry>,
    /// What figures are where their column or row does not say it.
    figures: Figure,
}

impl Sign {
    const ALL: [Self; 2] = [Self::Missing, Self::Zero];

    const fn word(self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::Zero => "zero",
        }
    }

    /// The cell that says the same everywhere.
    fn cell(self) -> Option<String> {
        (self == Self::Zero).then(|| "0".to_owned())
    }
}

/// What a sign in place of a figure means (符号的含义).
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Sign {
    Missing,
    Zero,
}

/// A header, or the name of a row, and what it stands for.
#[derive(Clone, Debug)]
struct Entry {
    name: String,
    is: Is,
    place: Place,
}

impl Mapping {
    /// Reads a file.
    ///
    /// # Errors
    /// `unreadable-file`; `bad-toml` for text that does not parse and for unknown keys; `bad-mapping`,
    /// `unmapped-column` for a header left open (`?`), `duplicate-column`, `unknown-id`,
    /// `unknown-value` and those of units and periods, with file, line and column;
    /// [`Error::others`](crate::Error::others) has those after the first.
    pub fn load(path: impl AsRef<Path>, catalog: &Catalog) -> Result<Self> {
        read::read(&Source::load(path.as_ref())?, catalog)
    }

    /// Reads a mapping from text; `file` is named in errors.
    ///
    /// # Errors
    /// As for [`load`](Self::load).
    pub fn parse(text: &str, file: &str, catalog: &Catalog) -> Result<Self> {
        read::read(&Source::parse(file.to_owned(), text.to_owned())?, catalog)
    }

    /// The sheet that the table stands on, if it is named.
    #[must_use]
    pub fn sheet(&self) -> Option<&str> {
        self.sheet.as_deref()
    }

    /// The dialect in which signs such as `-` and `…` are read, if it is named.
    #[must_use]
    pub const fn symbols(&self) -> Option<Dialect> {
        self.symbols
    }

    /// The table of a file that the mapping is for: on a sheet that is named, or the one that the
    /// mapping names, else the only one there is.
    ///
    /// # Errors
    /// `unknown-sheet`, `no-table`; `several-tables`, which `sheet` or `header` decides.
    pub fn block<'b>(&self, book: &'b Book, sheet: Option<&str>) -> Result<(&'b Grid, Block)> {
        let sheet = sheet.or(self.sheet());
        match &self.header {
            None => book.table(sheet),
            Some(header) => {
                let grid = book.sheet(sheet)?;
                Ok((grid, grid.block_below(header.clone())))
            }
        }
    }

    /// The units around a table that hold for cells of its column of units that are empty.
    pub(crate) fn units_around(&self, block: &Block) -> UnitsAbove {
        if self.has(Role::Unit) { UnitsAbove::of(block) } else { UnitsAbove::default() }
    }

    fn has(&self, role: Role) -> bool {
        self.columns.iter().any(|entry| entry.is == Is::Role(role))
    }
}

/// The proposal of a mapping for a file, as TOML to edit (建议的映射).
///
/// # Errors
/// `unknown-sheet`, `no-table`, `several-tables`.
pub fn propose_file(
    book: &Book,
    sheet: Option<&str>,
    catalog: &Catalog,
    lang: Lang,
) -> Result<String> {
    propose_table(book, sheet, None, catalog).map(|(proposal, _)| proposal.toml(lang))
}

/// The proposal of a mapping for a table of a file, and what users should know of its sheet
/// (建议的映射). One of several tables on a sheet is chosen by the rows of its header, from 0. The only
/// sheet that is not hidden is not named, for it may be called otherwise in the next file.
///
/// # Errors
/// As for [`propose_file`].
pub fn propose_table(
    book: &Book,
    sheet: Option<&str>,
    header: Option<Range<usize>>,
    catalog: &Catalog,
) -> Result<(Proposal, Vec<Error>)> {
    let (grid, block) = match &header {
        None => book.table(sheet)?,
        Some(header) => {
            let grid = book.sheet(sheet)?;
            (grid, grid.block_below(header.clone()))
        }
    };
    let mut proposal = Mapping::propose(grid, &block, catalog);
    let others = book.grids.iter().filter(|other| !other.hidden && other.sheet != grid.sheet);
    if grid.hidden || others.count() > 0 {
        proposal.sheet.clone_from(&grid.sheet);
    }
    proposal.header = header;
    Ok((proposal, book.findings_on(grid)))
}
