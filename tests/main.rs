//! One binary, so that polars is linked once.

mod cases;
