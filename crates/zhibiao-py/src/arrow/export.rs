//! From a frame to a stream.

use polars::prelude::{ArrowField, CompatLevel, DataFrame};
use polars_arrow::array::{Array, StructArray};
use polars_arrow::datatypes::ArrowDataType;
use polars_arrow::ffi::export_iterator;
use pyo3::prelude::*;
use pyo3::types::PyCapsule;

/// What `__arrow_c_stream__` gives: the frame batch by batch, without copying.
pub(crate) fn capsule(py: Python<'_>, mut frame: DataFrame) -> PyResult<Bound<'_, PyCapsule>> {
    if frame.should_rechunk() {
        frame.rechunk_mut();
    }
    let level = CompatLevel::newest();
    let fields = frame.columns().iter().map(|column| column.field().to_arrow(level));
    let dtype = ArrowDataType::Struct(fields.collect());
    let batches: Vec<Box<dyn Array>> = frame
        .iter_chunks(level, false)
        .map(|batch| {
            let rows = batch.len();
            StructArray::new(dtype.clone(), rows, batch.into_arrays(), None).boxed()
        })
        .collect();
    let field = ArrowField::new("".into(), dtype, false);
    let stream = export_iterator(Box::new(batches.into_iter().map(Ok)), field);
    PyCapsule::new_with_value(py, stream, c"arrow_array_stream")
}
