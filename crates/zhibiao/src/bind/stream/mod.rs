//! Files batch by batch (流式读取), decoded on a thread of their own, a few batches ahead of what
//! sums them.
//!
//! The invariant: rows, cells and flaws are those of [`Table::read`](super::Table::read). Files of
//! which that cannot be told from their headers are not read so.

mod csv;
mod parquet;

use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;

use polars::prelude::DataFrame;

use super::read::{Files, Kind, in_columns_of};
use super::{Batches, Matched};
use crate::error::{Error, Place, Problem, Result};

/// Batches that may wait to be summed.
const AHEAD: usize = 2;
/// Bytes that a byte of a packed file is taken to hold.
const PACKED: u64 = 4;

/// How files are cut.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cut {
    /// Files that are smaller together are read whole.
    pub(crate) least_bytes: u64,
    /// Rows of a Parquet file that are decoded at once; at least a row group.
    pub(crate) rows: usize,
    /// Bytes of a CSV file that are decoded at once.
    pub(crate) bytes: usize,
}

/// Files that can be read batch by batch.
#[derive(Clone, Debug)]
pub(crate) struct Streamed {
    paths: Vec<PathBuf>,
    header: DataFrame,
    cut: Cut,
}

/// What is read of files.
#[derive(Clone, Debug)]
struct Wanted {
    columns: Vec<String>,
    /// Columns whose cells are whole numbers, as a rule.
    whole: Vec<String>,
    cut: Cut,
}

/// Rows of a file, in order.
struct Batch {
    file: String,
    frame: DataFrame,
}

impl Streamed {
    /// The files, if they are large, and of one form and one header.
    ///
    /// # Errors
    /// Those of the first file that cannot be read; none where reading all of it tells more.
    pub(crate) fn of(paths: &[PathBuf], cut: Cut) -> Option<Self> {
        let kind = Kind::of(paths.first()?).ok()?;
        let mut bytes = 0_u64;
        let mut header: Option<DataFrame> = None;
        for path in paths {
            let (here, held) = match kind {
                _ if Kind::of(path).ok()? != kind => return None,
                Kind::Text => {
                    let packed = if Kind::is_packed(path) { PACKED } else { 1 };
                    let held = std::fs::metadata(path).ok()?.len();
                    (csv::header(path)?, held.saturating_mul(packed))
                }
                Kind::Workbook => return None,
                Kind::Parquet => parquet::header(path)?,
            };
            bytes = bytes.saturating_add(held);
            match &header {
                Some(first) => {
                    let aligned = in_columns_of(first, &here, "file").ok()?;
                    if first.schema() != aligned.schema() {
                        return None;
                    }
                }
                None => header = Some(here),
            }
        }
        let header = header.filter(|_| bytes >= cut.least_bytes)?;
        Some(Self { paths: paths.to_vec(), header, cut })
    }

    /// A table of the columns without rows.
    pub(crate) const fn header(&self) -> &DataFrame {
        &self.header
    }

    /// The columns of them that serve some measures, in batches.
    pub(crate) fn batches(&self, matched: &Matched<'_>, needed: &[String]) -> Batches<'static> {
        let (columns, whole) = matched.column_names(needed);
        let wanted = Wanted { columns, whole, cut: self.cut };
        let (paths, files) = (self.paths.clone(), Arc::new(Mutex::new(Files::default())));
        let known = Arc::clone(&files);
        let open = move || {
            if let Ok(mut known) = known.lock() {
                *known = Files::default();
            }
            Ok(Frames::open(paths.clone(), wanted.clone(), Arc::clone(&known)))
        };
        Batches::new(open).of_files(files)
    }
}

/// The frames of files; dropping it ends the thread that reads them.
struct Frames {
    batches: Option<Receiver<Result<Batch>>>,
    reader: Option<JoinHandle<()>>,
    files: Arc<Mutex<Files>>,
}

impl Frames {
    fn open(paths: Vec<PathBuf>, wanted: Wanted, files: Arc<Mutex<Files>>) -> Self {
        let (sender, batches) = sync_channel(AHEAD);
        let reader = std::thread::spawn(move || {
            for path in &paths {
                if !read(path, &wanted, &sender) {
                    return;
                }
            }
        });
        Self { batches: Some(batches), reader: Some(reader), files }
    }

    /// Ends the reader, whose panic is that of whoever reads.
    fn end(&mut self) {
        self.batches = None;
        if let Some(Err(panic)) = self.reader.take().map(JoinHandle::join)
            && !std::thread::panicking()
        {
            std::panic::resume_unwind(panic);
        }
    }
}

impl Iterator for Frames {
    type Item = Result<DataFrame>;

    fn next(&mut self) -> Option<Result<DataFrame>> {
        let Ok(batch) = self.batches.as_ref()?.recv() else {
            self.end();
            return None;
        };
        Some(batch.map(|Batch { file, frame }| {
            if let Ok(mut files) = self.files.lock() {
                files.note(file, frame.height());
            }
            frame
        }))
    }
}

impl Drop for Frames {
    fn drop(&mut self) {
        self.end();
    }
}

/// Reads a file, and tells whether to go on.
fn read(path: &Path, wanted: &Wanted, sender: &SyncSender<Result<Batch>>) -> bool {
    let file = path.display().to_string();
    let (mut went_away, mut is_empty) = (false, true);
    let mut put = |frame: DataFrame| {
        is_empty = false;
        went_away = sender.send(Ok(Batch { file: file.clone(), frame })).is_err();
        !went_away
    };
    let read = Kind::of(path).and_then(|kind| match kind {
        Kind::Parquet => parquet::read(path, wanted, &mut put),
        // They are never read in batches.
        Kind::Workbook => Ok(()),
        Kind::Text => csv::read(path, wanted, &mut put),
    });
    let empty = || Err(Problem::EmptyTable {}.into());
    match read.and_then(|()| if is_empty { empty() } else { Ok(()) }) {
        Ok(()) => !went_away,
        Err(error) => {
            let place = Place::file(&file);
            // Whoever reads may have gone away.
            let _ = sender.send(Err(Error::at(error, place)));
            false
        }
    }
}
