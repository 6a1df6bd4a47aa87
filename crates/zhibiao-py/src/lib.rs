//! The extension module `zhibiao._native`: extract, release the interpreter, one core call, map the
//! error.

use pyo3::prelude::*;

#[pymodule]
mod _native {}
