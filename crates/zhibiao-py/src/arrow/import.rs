//! From a stream to frames.

use std::ffi::{CStr, c_char, c_int, c_void};
use std::ptr;

use polars::prelude::{ArrowField, Column, DataFrame, Series};
use polars_arrow::array::StructArray;
use polars_arrow::datatypes::ArrowDataType;
use polars_arrow::ffi::{
    ArrowArray, ArrowArrayStream, ArrowSchema, import_array_from_c, import_field_from_c,
};
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::PyCapsule;

use super::Refusal;
use super::check::Array;
use super::layout::{Layout, Schema};

/// Frames of a stream, one a batch. Columns keep the buffers of their producer.
pub(crate) struct Stream {
    source: Box<ArrowArrayStream>,
    fields: Vec<ArrowField>,
    layouts: Vec<Layout>,
    /// Whether a batch has been given.
    begun: bool,
    ended: bool,
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
    let capsule = source.call_method0("__arrow_c_stream__")?.cast_into::<PyCapsule>()?;
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

fn raw(stream: &ArrowArrayStream) -> &RawStream {
    // SAFETY: both are the C struct of the interface.
    unsafe { &*ptr::from_ref(stream).cast::<RawStream>() }
}

impl Stream {
    /// Reads the schema of a stream. Must not be called with the interpreter held: the producer may
    /// need it.
    pub(crate) fn open(mut stream: Box<ArrowArrayStream>) -> Result<Self, Refusal> {
        let mut schema = ArrowSchema::empty();
        let get_schema = raw(&stream).get_schema;
        let get_schema = get_schema.ok_or_else(|| Refusal::Malformed("no `get_schema`".into()))?;
        // SAFETY: called as the interface says, on a stream that is not released.
        if unsafe { get_schema(&raw mut *stream, &raw mut schema) } != 0 {
            return Err(Refusal::Broken(last_error(&mut stream)));
        }
        // SAFETY: the producer has initialised the schema.
        let columns = unsafe { (*(&raw const schema).cast::<Schema>()).columns() };
        let columns = columns.map_err(Refusal::Malformed)?;
        let mut layouts = Vec::with_capacity(columns.len());
        for column in columns {
            let (name, layout) = (column.name, column.layout);
            layouts.push(layout.map_err(|given| Refusal::Type { column: name, given })?);
        }
        // SAFETY: names, formats and metadata were checked.
        let field = unsafe { import_field_from_c(&schema) };
        let field = field.map_err(|error| Refusal::Malformed(error.to_string()))?;
        let ArrowDataType::Struct(fields) = field.dtype else {
            return Err(Refusal::Malformed("no struct".to_owned()));
        };
        Ok(Self { source: stream, fields, layouts, begun: false, ended: false })
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
        let checked = unsafe { &*(&raw const array).cast::<Array>() };
        if checked.is_released() {
            return Ok(None);
        }
        let names = self.fields.iter().map(|field| field.name.as_str());
        let columns: Vec<(&str, &Layout)> = names.zip(&self.layouts).collect();
        // SAFETY: what can be checked is checked here; that buffers are as long as they say is the
        // promise of the producer.
        unsafe { checked.check_batch(&columns) }.map_err(Refusal::Malformed)?;
        let dtype = ArrowDataType::Struct(self.fields.clone());
        let malformed = |error: polars::prelude::PolarsError| Refusal::Malformed(error.to_string());
        // SAFETY: checked above.
        let array = unsafe { import_array_from_c(array, dtype) }.map_err(malformed)?;
        let rows = array.len();
        let Some(batch) = array.as_any().downcast_ref::<StructArray>() else {
            return Err(Refusal::Malformed("no struct".to_owned()));
        };
        let columns = self.fields.iter().zip(batch.values()).map(|(field, values)| {
            Series::try_from((field, vec![values.clone()])).map(Column::from).map_err(|_| {
                let (column, given) = (field.name.to_string(), format!("{:?}", field.dtype));
                Refusal::Type { column, given }
            })
        });
        let columns = columns.collect::<Result<Vec<_>, _>>()?;
        DataFrame::new(rows, columns).map(Some).map_err(malformed)
    }

    /// A frame without rows, of a stream without batches.
    fn empty(&self) -> Result<DataFrame, Refusal> {
        let columns = self.fields.iter().map(|field| {
            Series::try_from((
                field,
                vec![polars_arrow::array::new_empty_array(field.dtype.clone())],
            ))
        });
        let columns = columns.map(|series| series.map(Column::from)).collect::<Result<Vec<_>, _>>();
        let frame = columns.and_then(|columns| DataFrame::new(0, columns));
        frame.map_err(|error| Refusal::Malformed(error.to_string()))
    }
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
