//! Constants of the engine (引擎参数), each set by `benches/crossover.rs`.

/// Where the engine turns from one way of working to another; no value of it changes a result.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Tuning {
    /// Rows of one group are summed as runs where those are at least this long on average; shorter
    /// ones cost more in turning from one to the next than in adding row by row.
    pub long_run: usize,
    /// A key is found in a table while there are at most this many possible keys a row; beyond, the
    /// table is larger than what sorting costs.
    pub table_per_row: usize,
    /// Rows that one task adds at least.
    pub task_rows: usize,
    /// Files that hold fewer bytes together, of Parquet once decoded, are read whole; starting to read
    /// ahead costs more.
    pub stream_bytes: u64,
    /// Rows of a Parquet file that are decoded at once, if a row group is not larger.
    pub batch_rows: usize,
    /// Bytes of a CSV file that are decoded at once.
    pub batch_bytes: usize,
}

impl Default for Tuning {
    fn default() -> Self {
        Self {
            long_run: 8,
            table_per_row: 4,
            task_rows: 1 << 17,
            stream_bytes: 1 << 24,
            batch_rows: 1 << 18,
            batch_bytes: 1 << 24,
        }
    }
}
