//! Tables in batches: frames of the same columns, gathered to pieces that are read at once.

use std::fmt;
use std::iter::Peekable;
use std::sync::{Arc, Mutex};

use polars::prelude::DataFrame;

use super::Table;
use super::read::{Files, in_columns_of, unreadable};
use crate::error::{Error, Place, Problem, Result};
use crate::watch::Watch;

/// Rows that are read at once, unless it is told otherwise.
const ROWS_AT_ONCE: usize = 1 << 20;

/// A table that comes in batches (分批的表), for what does not fit into memory.
///
/// Batches are frames of the same columns and types; any may be empty. Rows are counted through all
/// of them, as if they were one table. Some flaws show only when all rows are known: two rows of
/// one key, or an empty group beside filled ones. A table that has such is opened and read again,
/// at most twice; others only once.
///
/// # Example
/// ```
/// use polars::prelude::df;
/// use zhibiao::{Batches, Catalog, Query};
/// let catalog = Catalog::builtin();
/// let months = [
///     df!["area" => ["140728"], "projects" => [60], "projects_done" => [52]]?,
///     df!["area" => ["140729"], "projects" => [40], "projects_done" => [40]]?,
/// ];
/// let batches = Batches::new(|| Ok(months.iter().cloned().map(Ok)));
/// let query = Query::new(&catalog).indicators(["projects.completion"]);
/// let table = query.run_batches(batches)?;
/// assert_eq!(table.rows().count(), 2);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Batches<'a> {
    open: Box<dyn FnMut() -> Result<Frames<'a>> + 'a>,
    rows_at_once: usize,
    /// Files that were met so far, where it is those of files.
    files: Option<Arc<Mutex<Files>>>,
}

type Frames<'a> = Box<dyn Iterator<Item = Result<DataFrame>> + 'a>;

impl fmt::Debug for Batches<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Batches").field("rows_at_once", &self.rows_at_once).finish_non_exhaustive()
    }
}

impl<'a> Batches<'a> {
    /// Batches that `open` gives from the first on, each time it is called.
    pub fn new<I>(mut open: impl FnMut() -> Result<I> + 'a) -> Self
    where
        I: IntoIterator<Item = Result<DataFrame>>,
        I::IntoIter: 'a,
    {
        let open = move || -> Result<Frames<'a>> { Ok(Box::new(open()?.into_iter())) };
        Self { open: Box::new(open), rows_at_once: ROWS_AT_ONCE, files: None }
    }

    /// Rows to gather before they are read, 2^20 unless set. Fewer need less memory, and more time.
    #[must_use]
    pub fn rows_at_once(mut self, rows: usize) -> Self {
        self.rows_at_once = rows.max(1);
        self
    }

    /// Batches that are read as they come, and may differ in types.
    pub(super) fn of_files(self, files: Arc<Mutex<Files>>) -> Self {
        Self { rows_at_once: 1, files: Some(files), ..self }
    }

    pub(crate) fn open(&mut self) -> Result<Pieces<'a>> {
        let frames = (self.open)()?.peekable();
        let (rows_at_once, files) = (self.rows_at_once, self.files.clone());
        Ok(Pieces { frames, header: None, rows: 0, rows_at_once, files })
    }
}

/// The pieces of a table that comes in batches.
pub(crate) struct Pieces<'a> {
    frames: Peekable<Frames<'a>>,
    /// Columns and types of the first batch.
    header: Option<DataFrame>,
    /// Rows that were gathered.
    rows: usize,
    rows_at_once: usize,
    files: Option<Arc<Mutex<Files>>>,
}

impl Pieces<'_> {
    /// The next piece; one without rows is the end.
    pub(crate) fn next(&mut self, watch: &Watch) -> Result<Table> {
        let nothing = self.header.clone().unwrap_or_default();
        let gathered = self.gather(nothing, self.rows_at_once, watch)?;
        let table = Table::from_row(gathered, self.rows, self.files());
        self.rows = self.rows.saturating_add(table.rows());
        Ok(table)
    }

    /// The first piece with all that follow.
    pub(crate) fn rest_after(&mut self, first: Table, watch: &Watch) -> Result<Table> {
        self.gather(first.frame, usize::MAX, watch).map(Table::from)
    }

    /// The files that were met so far.
    pub(crate) fn files(&self) -> Files {
        let files = self.files.as_ref().and_then(|files| files.lock().ok());
        files.map_or_else(Files::default, |files| files.clone())
    }

    /// Whether nothing is left.
    pub(crate) fn is_at_end(&mut self) -> bool {
        self.frames.peek().is_none()
    }

    /// Adds batches to a frame until it has rows enough.
    fn gather(
        &mut self,
        mut gathered: DataFrame,
        enough: usize,
        watch: &Watch,
    ) -> Result<DataFrame> {
        while gathered.height() < enough {
            watch.check()?;
            let Some(frame) = self.frames.next().transpose()? else { break };
            match &self.header {
                _ if self.files.is_some() => gathered = frame,
                None => {
                    self.header = Some(frame.clear());
                    gathered = frame;
                }
                Some(header) => {
                    let frame = in_columns_of(header, &frame, "batch")?;
                    same_types(header, &frame)?;
                    gathered.vstack_mut(&frame).map_err(|error| unreadable(&error))?;
                }
            }
        }
        Ok(gathered)
    }
}

fn same_types(header: &DataFrame, frame: &DataFrame) -> Result<()> {
    for (wanted, given) in header.columns().iter().zip(frame.columns()) {
        if wanted.dtype() != given.dtype() {
            let problem = Problem::ColumnType {
                given: given.dtype().to_string(),
                wanted: format!("{}, as in the first batch,", wanted.dtype()),
            };
            let column = Some(given.name().to_string());
            return Err(Error::new(
                problem,
                Place::Cell { file: None, sheet: None, row: None, column },
            ));
        }
    }
    Ok(())
}
