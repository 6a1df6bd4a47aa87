//! From a stream to frames.

use std::collections::HashSet;
use std::ffi::{CStr, c_char, c_int, c_void};
use std::ptr;

use polars::prelude::{ArrowField, Column, DataFrame, DataType, PlSmallStr, PolarsError, Series};
use polars_arrow::array::{Array, new_empty_array, new_null_array};
use polars_arrow::datatypes::ArrowDataType;
use polars_arrow::ffi::{
    ArrowArray, ArrowArrayStream, ArrowSchema, import_array_from_c, import_field_from_c,
};
use pyo3::exceptions::{PyException, PyImportError, PyTypeError};
use pyo3::prelude::*;
use pyo3::types::PyCapsule;
use zhibiao::Watch;

use super::Refusal;
use super::check::Array as RawArray;
use super::layout::{Layout, Schema};
use crate::error::Failure;

/// Frames of a stream, one a batch. Columns keep the buffers of their producer.
pub(crate) struct Stream {
    source: Box<ArrowArrayStream>,
    watch: Watch,
    fields: Vec<Field>,
    /// Whether a batch has been given.
    begun: bool,
    ended: bool,
}

/// A column of the stream.
struct Field {
    name: PlSmallStr,
    /// Its layout and type; none where they are of nothing that a figure or key can be.
    kept: Option<(Layout, ArrowField)>,
}

/// The C struct `ArrowArrayStream`, of which the library keeps the fields to itself.
#[repr(C)]
struct RawStream {
    get_schema: Option<unsafe extern "C" fn(*mut ArrowArrayStream, *mut ArrowSchema) -> c_int>,
    get_next: Option<unsafe extern "C" fn(*mut ArrowArrayStream, *mut ArrowArray) -> c_int>,
    get_last_error: Option<unsafe extern "C" fn(*mut ArrowArrayStream) -> *const c_char>,
    release: Option<unsafe extern "C" fn(*mut ArrowArrayStream)>,
    private_data: *const c_void,
}

/// Takes the stream out of what `__arrow_c_stream__` gives.
pub(crate) fn stream(source: &Bound<'_, PyAny>) -> PyResult<Box<ArrowArrayStream>> {
    let exported = source.call_method0("__arrow_c_stream__");
    let exported = exported.map_err(|error| unexportable(source.py(), error))?;
    let capsule = exported.cast_into::<PyCapsule>()?;
    let pointer = capsule.pointer_checked(Some(c"arrow_array_stream"))?;
    let pointer = pointer.cast::<ArrowArrayStream>().as_ptr();
    // SAFETY: the name of the capsule says what it holds; the interpreter is held, so that nobody
    // else takes it at the same time. What is left is released, as the interface asks.
    let stream = unsafe { ptr::replace(pointer, ArrowArrayStream::empty()) };
    let stream = Box::new(stream);
    if raw(&stream).release.is_none() {
        return Err(PyTypeError::new_err("the Arrow stream was consumed already"));
    }
    Ok(stream)
}

/// A frame that its library cannot make a stream of, such as a column of numbers and text.
fn unexportable(py: Python<'_>, error: PyErr) -> PyErr {
    if !error.is_instance_of::<PyException>(py) || error.is_instance_of::<PyImportError>(py) {
        return error;
    }
    let refusal = Refusal::Unexportable(error.value(py).to_string());
    let told = PyErr::from(Failure::from(refusal));
    told.set_cause(py, Some(error));
    told
}

fn raw(stream: &ArrowArrayStream) -> &RawStream {
    // SAFETY: both are the C struct of the interface.
    unsafe { &*ptr::from_ref(stream).cast::<RawStream>() }
}

impl Stream {
    /// Reads the schema of a stream. Must not be called with the interpreter held: the producer may
    /// need it.
    pub(crate) fn open(mut stream: Box<ArrowArrayStream>, watch: Watch) -> Result<Self, Refusal> {
        let mut schema = ArrowSchema::empty();
        let get_schema = raw(&stream).get_schema;
        let get_schema = get_schema.ok_or_else(|| Refusal::Malformed("no `get_schema`".into()))?;
        // SAFETY: called as the interface says, on a stream that is not released.
        if unsafe { get_schema(&raw mut *stream, &raw mut schema) } != 0 {
            return Err(Refusal::Broken(last_error(&mut stream)));
        }
        // SAFETY: the producer has initialised the schema.
        let columns = unsafe { (*(&raw const schema).cast::<Schema>()).columns() };
        let columns = columns.map_err(Refusal::Malformed)?.into_iter().map(|column| {
            let (name, kept) = (column.name.as_str().into(), column.layout);
            let Some(layout) = kept else { return Ok(Field { name, kept: None }) };
            // SAFETY: name, format and metadata were checked.
            let field = unsafe { import_field_from_c(&*column.schema.cast::<ArrowSchema>()) };
            // Metadata say how another library would read the values, and are not to be trusted.
            let plain = |field: ArrowField| ArrowField::new(field.name, storage(field.dtype), true);
            let field = field.map(plain);
            Ok(Field { name, kept: Some((layout, field.map_err(|error| malformed(&error))?)) })
        });
        let fields: Vec<Field> = columns.collect::<Result<_, _>>()?;
        let mut names = HashSet::new();
        if let Some(twice) = fields.iter().find(|field| !names.insert(field.name.clone())) {
            return Err(Refusal::Twice(twice.name.to_string()));
        }
        Ok(Self { source: stream, watch, fields, begun: false, ended: false })
    }

    fn read(&mut self) -> Result<Option<DataFrame>, Refusal> {
        let mut array = ArrowArray::empty();
        let get_next = raw(&self.source).get_next;
        let get_next = get_next.ok_or_else(|| Refusal::Malformed("no `get_next`".into()))?;
        // SAFETY: called as the interface says, on a stream that is not released.
        if unsafe { get_next(&raw mut *self.source, &raw mut array) } != 0 {
            return Err(Refusal::Broken(last_error(&mut self.source)));
        }
        // SAFETY: both are the C struct of the interface.
        let checked = unsafe { &*(&raw const array).cast::<RawArray>() };
        if checked.is_released() {
            return Ok(None);
        }
        let layouts: Vec<Option<&Layout>> = self.fields.iter().map(Field::layout).collect();
        // SAFETY: what can be checked is checked here; that buffers are as long as they say is the
        // promise of the producer.
        let checked = unsafe { checked.check_batch(&layouts, &self.watch) };
        let rows = checked.map_err(|(column, reason)| {
            let name = column.and_then(|at| self.fields.get(at)).map(|field| field.name.as_str());
            let place = name.map_or_else(String::new, |name| format!("column `{name}`: "));
            Refusal::Malformed(format!("{place}{reason}"))
        })?;
        let columns = self.fields.iter().enumerate().map(|(index, field)| {
            let Some((_, kept)) = &field.kept else { return Ok(field.unread(rows.len())) };
            // SAFETY: the child is there, and is taken once. What is left is released with its
            // parent, as the interface asks.
            let child = unsafe { take_child(&raw mut array, index) };
            // SAFETY: both are the C struct of the interface.
            let taken = unsafe { &*(&raw const child).cast::<RawArray>() };
            let values = if rows.is_empty() {
                new_empty_array(kept.dtype.clone())
            } else if taken.is_released() {
                return Err(Refusal::Malformed(format!("column `{}` is another, too", field.name)));
            } else if taken.is_empty_dictionary() {
                // All keys are null, as was checked.
                new_null_array(kept.dtype.clone(), rows.len())
            } else {
                // SAFETY: checked above.
                let all = unsafe { import_array_from_c(child, kept.dtype.clone()) };
                all.map_err(|error| malformed(&error))?.sliced(rows.start, rows.len())
            };
            column(kept, values)
        });
        let columns = columns.collect::<Result<Vec<_>, _>>()?;
        DataFrame::new(rows.len(), columns).map(Some).map_err(|error| malformed(&error))
    }

    /// A frame without rows, of a stream without batches.
    fn empty(&self) -> Result<DataFrame, Refusal> {
        let columns = self.fields.iter().map(|field| match &field.kept {
            Some((_, kept)) => column(kept, new_empty_array(kept.dtype.clone())),
            None => Ok(field.unread(0)),
        });
        let columns = columns.collect::<Result<Vec<_>, _>>()?;
        DataFrame::new(0, columns).map_err(|error| malformed(&error))
    }
}

impl Field {
    fn layout(&self) -> Option<&Layout> {
        self.kept.as_ref().map(|(layout, _)| layout)
    }

    /// A column of a type that is refused where a figure or key must stand, and is passed over
    /// elsewhere.
    fn unread(&self, rows: usize) -> Column {
        let dtype = DataType::List(Box::new(DataType::Null));
        Column::full_null(self.name.clone(), rows, &dtype)
    }
}

/// The type of the values themselves.
fn storage(dtype: ArrowDataType) -> ArrowDataType {
    match dtype {
        ArrowDataType::Extension(extension) => storage(extension.inner),
        other => other,
    }
}

fn column(kept: &ArrowField, values: Box<dyn Array>) -> Result<Column, Refusal> {
    let series = Series::try_from((kept, vec![values]));
    series.map(Column::from).map_err(|error| malformed(&error))
}

/// Takes a child out of its parent.
///
/// # Safety
/// The parent has the child, and nobody else reads it.
unsafe fn take_child(parent: *mut ArrowArray, index: usize) -> ArrowArray {
    // SAFETY: both are the C struct of the interface.
    let child = unsafe { (*parent.cast::<RawArray>()).child(index) };
    // SAFETY: the caller's promise.
    unsafe { ptr::replace(child.cast::<ArrowArray>(), ArrowArray::empty()) }
}

fn malformed(error: &PolarsError) -> Refusal {
    Refusal::Malformed(error.to_string())
}

impl Iterator for Stream {
    type Item = Result<DataFrame, Refusal>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.ended {
            return None;
        }
        let frame = match self.read() {
            Ok(None) if !self.begun => Some(self.empty()),
            read => read.transpose(),
        };
        self.begun = true;
        self.ended = !matches!(frame, Some(Ok(_)));
        frame
    }
}

fn last_error(stream: &mut ArrowArrayStream) -> String {
    let untold = || "its producer gave no reason".to_owned();
    let Some(get_last_error) = raw(stream).get_last_error else { return untold() };
    // SAFETY: called as the interface says, right after a call that failed.
    let text = unsafe { get_last_error(stream) };
    if text.is_null() {
        return untold();
    }
    // SAFETY: the interface promises a text that ends with 0 and lives until the next call.
    unsafe { CStr::from_ptr(text) }.to_string_lossy().into_owned()
}
