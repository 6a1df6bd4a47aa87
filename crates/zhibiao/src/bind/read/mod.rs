//! Tables (表): frames and files, with the place of every row.

mod files;
mod grids;
mod open;
mod options;
mod paths;
mod text;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use polars::prelude::{
    AnyValue, Column, DataFrame, DataType, ParquetReader, PlSmallStr, PolarsError, SerReader,
};

pub(crate) use self::files::Files;
pub(super) use self::open::{Kind, open, opened, unreadable_file};
pub use self::options::ReadOptions;
pub(crate) use self::paths::expanded;
use crate::error::{Error, Place, Problem, Result, near};
use crate::grid::{self, Book};
use crate::symbol::Dialect;

/// A table (表) that indicators are computed from: a frame, or one or several files.
///
/// # Example
/// ```
/// use polars::prelude::df;
/// use zhibiao::Table;
/// let table = Table::from(df!["area" => ["140728"], "projects" => [60], "projects_done" => [52]]?);
/// assert_eq!(table.rows(), 1);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Table {
    pub(super) frame: DataFrame,
    files: Files,
    /// Rows that stand before it, where it is a piece of a larger table.
    pub(super) first_row: usize,
    /// What was told while it was read.
    notes: Vec<Error>,
    /// How it was read, and whose symbols its cells have, where it says so.
    how: Arc<ReadOptions>,
    /// Whether its figures are targets: of a total it has that of the measure, of all else a figure
    /// that stands by itself.
    pub(super) targets: bool,
}

impl From<DataFrame> for Table {
    fn from(frame: DataFrame) -> Self {
        Self::from_row(frame, 0, Files::default())
    }
}

impl From<&DataFrame> for Table {
    fn from(frame: &DataFrame) -> Self {
        Self::from(frame.clone())
    }
}

impl From<&Self> for Table {
    fn from(table: &Self) -> Self {
        table.clone()
    }
}

impl Table {
    /// Reads text files (`.csv`, `.tsv`, also packed by gzip or zstd), workbooks (`.xlsx`, `.xlsm`,
    /// `.xlsb`, `.xls`, `.ods`) and Parquet files of the same columns as one table.
    ///
    /// A path is a file, a folder or a pattern, see [`paths`](Self::paths). Cells of text stay text
    /// until they are bound to a measure: nothing is inferred. Text may be UTF-8, UTF-16 or GB18030,
    /// with any of the usual separators; what is not UTF-8 with commas is told. Of a workbook the one
    /// table that is not hidden is read; [`grid`](crate::grid) says how it is found, and within which
    /// limits. Parts of a header of several rows are joined by `_`.
    ///
    /// # Errors
    /// Those of [`paths`](Self::paths); `damaged-file` of a packed file, `unknown-format`, those of
    /// [`grid::read`](crate::grid::read), `several-tables`, `unreadable-table`, `empty-table`,
    /// `duplicate-column`, `missing-column` when a later file lacks a column of the first.
    pub fn read<P: AsRef<Path>>(paths: impl IntoIterator<Item = P>) -> Result<Self> {
        Self::read_with(paths, &ReadOptions::default())
    }

    /// Reads files as [`read`](Self::read) does: a named sheet, columns by a
    /// [mapping](crate::mapping::Mapping), symbols of a dialect.
    ///
    /// # Errors
    /// As for [`read`](Self::read); `unknown-sheet`, and those of
    /// [`Mapping::lines`](crate::mapping::Mapping::lines). A Parquet file has neither sheets nor a
    /// mapping (`bad-option`).
    pub fn read_with<P: AsRef<Path>>(
        paths: impl IntoIterator<Item = P>,
        how: &ReadOptions,
    ) -> Result<Self> {
        let mut table: Option<Self> = None;
        for path in expanded(paths)? {
            let in_file = Place::file(&path);
            let next = read_one(&path, how).map_err(|error| error.at(in_file.clone()))?;
            match &mut table {
                None => table = Some(next),
                Some(table) => table.append(next).map_err(|error| error.at(in_file))?,
            }
        }
        let table = table.ok_or_else(|| Error::from(Problem::EmptyTable {}))?;
        Ok(Self { how: Arc::new(how.clone()), ..table })
    }

    /// A text file or workbook as [grids](crate::grid), before a table on it is chosen.
    ///
    /// # Errors
    /// `unreadable-file`, `damaged-file`, `unknown-format`, those of [`grid::read`](crate::grid::read).
    pub fn book(path: impl AsRef<Path>) -> Result<Book> {
        let path = path.as_ref();
        let bytes = match Kind::of(path).map_err(|error| error.at(Place::file(path)))? {
            Kind::Parquet => {
                let problem = Problem::UnknownFormat { extension: "parquet".to_owned() };
                return Err(Error::new(problem, Place::file(path)));
            }
            Kind::Text => text::bytes_of(path)?,
            Kind::Workbook => grids::bytes_of(path)?,
        };
        grid::read(&bytes, &path.display().to_string())
    }

    /// The files (文件) that paths stand for, in order.
    ///
    /// A file stays. A folder gives the text files, workbooks and Parquet files that lie directly in
    /// it, by name, without hidden ones and those that Excel leaves while a workbook is open. A pattern of `*`, `?`, `[…]` and `**` that is
    /// not the name of a file gives what it matches, by name. A file named twice is there twice.
    ///
    /// # Errors
    /// `empty-folder`, `no-match`; `unreadable-file` of a folder. That a file is not there is told
    /// when it is read.
    ///
    /// # Example
    /// ```
    /// use zhibiao::Table;
    /// let files = Table::paths(["2022.csv", "2023.csv.gz"])?;
    /// assert_eq!(files.len(), 2);
    /// assert_eq!(Table::paths(["nowhere/*.csv"]).unwrap_err().code(), "no-match");
    /// # Ok::<(), zhibiao::Error>(())
    /// ```
    pub fn paths<P: AsRef<Path>>(paths: impl IntoIterator<Item = P>) -> Result<Vec<PathBuf>> {
        expanded(paths)
    }

    /// A piece of a larger table.
    pub(super) fn from_row(frame: DataFrame, first_row: usize, files: Files) -> Self {
        Self { frame, files, first_row, notes: Vec::new(), how: Arc::default(), targets: false }
    }

    /// The same table, whose figures are targets (任务); a frame goes by that name in findings.
    pub(crate) fn of_targets(mut self) -> Self {
        if self.files.is_empty() {
            self.files.note("targets".to_owned(), self.frame.height());
        }
        Self { targets: true, ..self }
    }

    /// The same table, in whose cells the symbols of a dialect may stand in place of figures, whatever
    /// is asked of it.
    ///
    /// # Example
    /// ```
    /// use polars::prelude::df;
    /// use zhibiao::{Catalog, Query, Table, symbol::Dialect};
    /// let catalog = Catalog::builtin();
    /// let frame = df!["area" => ["140728"], "projects" => ["…"], "projects_done" => ["0"]]?;
    /// let table = Table::from(frame).symbols(Dialect::Nbs);
    /// let answer = Query::new(&catalog).indicators(["projects.number"]).run(table);
    /// # let _ = answer;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn symbols(self, dialect: Dialect) -> Self {
        let how = ReadOptions { symbols: Some(dialect), ..(*self.how).clone() };
        Self { how: Arc::new(how), ..self }
    }

    /// The dialect of its symbols; that which is asked for, where it has none of its own.
    pub(crate) fn symbols_or(&self, asked: Dialect) -> Dialect {
        self.how.dialect().unwrap_or(asked)
    }

    /// How it was read.
    pub(crate) fn how(&self) -> &ReadOptions {
        &self.how
    }

    /// Number of rows.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.frame.height()
    }

    /// Where a cell stands.
    pub(crate) fn place(&self, row: Option<usize>, column: Option<&str>) -> Place {
        self.files.place(row.map(|row| row.saturating_add(self.first_row)), column)
    }

    /// The frame, or what the files were read to: of CSV, text.
    #[must_use]
    pub const fn frame(&self) -> &DataFrame {
        &self.frame
    }

    /// What was told while it was read: an encoding that had to be found out, what is hidden,
    /// formulas without a value, columns that nothing names.
    #[must_use]
    pub fn notes(&self) -> &[Error] {
        &self.notes
    }

    /// How its text was read, where that was told: why names of columns may not be known.
    pub(crate) fn read_as(&self) -> impl Iterator<Item = Error> {
        let is_it = |note: &&Error| matches!(note.problem(), Problem::ReadAs { .. });
        self.notes.iter().filter(is_it).cloned()
    }

    /// The files of the table.
    pub(crate) fn files(&self) -> &Files {
        &self.files
    }

    /// Whether no cell of a row in some columns holds anything: what spreadsheets leave below a
    /// table.
    pub(crate) fn is_blank(&self, row: usize, columns: &[usize]) -> bool {
        let columns = columns.iter().filter_map(|index| self.frame.select_at_idx(*index));
        columns.into_iter().all(|column| match column.get(row) {
            Ok(AnyValue::Null) | Err(_) => true,
            Ok(AnyValue::String(text)) => text.trim().is_empty(),
            Ok(_) => false,
        })
    }

    /// Adds the rows of another file.
    fn append(&mut self, next: Self) -> Result<()> {
        let aligned = in_columns_of(&self.frame, &next.frame, "file")?;
        self.frame.vstack_mut(&aligned).map_err(|error| unreadable(&error))?;
        self.files.append(next.files);
        self.notes.extend(next.notes);
        Ok(())
    }
}

/// A frame with its columns in the order of the first one, which must have the same.
pub(super) fn in_columns_of(first: &DataFrame, frame: &DataFrame, what: &str) -> Result<DataFrame> {
    let wanted = first.get_column_names_owned();
    if let Some(missing) = wanted.iter().find(|column| frame.column(column).is_err()) {
        let headers = frame.get_column_names_owned();
        return Err(Problem::MissingColumn {
            column: missing.to_string(),
            aliases: format!("the first {what} has it"),
            near: near(missing, headers.iter().map(PlSmallStr::as_str)),
        }
        .into());
    }
    let known = |column: &&PlSmallStr| !wanted.contains(column);
    if let Some(extra) = frame.get_column_names().into_iter().find(known) {
        return Err(Problem::MissingColumn {
            column: extra.to_string(),
            aliases: format!("this {what} has it, the first has not"),
            near: near(extra, wanted.iter().map(PlSmallStr::as_str)),
        }
        .into());
    }
    frame.select(wanted).map_err(|error| unreadable(&error))
}

fn read_one(path: &Path, how: &ReadOptions) -> Result<Table> {
    match Kind::of(path)? {
        Kind::Text => text::read_text(path, how),
        Kind::Workbook => grids::read_workbook(path, how),
        Kind::Parquet => {
            if how.sheet.is_some() || how.mapping.is_some() {
                let option = if how.sheet.is_some() { "sheet" } else { "mapping" };
                return Err(Problem::BadOption {
                    option: format!("{option} of a Parquet file"),
                    value: path.display().to_string(),
                    wanted: "it with text files and workbooks".to_owned(),
                }
                .into());
            }
            let read = ParquetReader::new(open(path)?).finish();
            let frame = read.map_err(|error| unreadable(&error))?;
            if frame.height() == 0 {
                return Err(Problem::EmptyTable {}.into());
            }
            let mut table = Table::from(frame);
            table.files.note(path.display().to_string(), table.rows());
            Ok(table)
        }
    }
}

pub(super) fn unreadable(error: &PolarsError) -> Error {
    // What follows the first line is advice on the options of the reader.
    let reason = error.to_string();
    let reason = reason.lines().next().unwrap_or_default().to_owned();
    Problem::UnreadableTable { reason }.into()
}

/// A column as one chunk of text; numbers are refused, categories are spelled out.
pub(super) fn text_column(column: &Column) -> Result<Column> {
    match column.dtype() {
        DataType::String => Ok(column.rechunk()),
        DataType::Categorical(..) | DataType::Enum(..) => {
            Ok(column.cast(&DataType::String).map_err(|error| unreadable(&error))?.rechunk())
        }
        DataType::Null => {
            Ok(Column::full_null(column.name().clone(), column.len(), &DataType::String))
        }
        other => {
            Err(Problem::ColumnType { given: other.to_string(), wanted: "text".to_owned() }.into())
        }
    }
}
