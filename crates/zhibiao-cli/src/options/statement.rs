//! What a warehouse is to sum.

use std::path::PathBuf;

use clap::Args;
use zhibiao::plan::Policy;
use zhibiao::{Error, Query, sql};

use super::load;

/// What a statement is to sum.
#[derive(Args, Debug)]
pub(crate) struct Statement {
    /// Ids or exact names of indicators
    #[arg(required = true, value_name = "INDICATOR")]
    indicators: Vec<String>,
    /// Whose SQL: duckdb, postgres, spark, trino
    #[arg(long)]
    dialect: sql::Dialect,
    /// Name of the table, its parts before points
    #[arg(long, default_value = "measures", value_name = "NAME")]
    table: String,
    /// Dimension to split by; repeat for several
    #[arg(long = "slice", value_name = "ID")]
    slices: Vec<String>,
    /// Rows are records, of which many have one key
    #[arg(long)]
    records: bool,
    /// Where a part is missing: any, complete, or a share of rows such as 0.95
    #[arg(long, default_value = "any")]
    policy: Policy,
    /// A catalogue file or folder that extends the built-in one
    #[arg(long, value_name = "FILE")]
    catalog: Option<PathBuf>,
}

impl Statement {
    pub(crate) fn text(&self) -> Result<String, Error> {
        let catalog = load(self.catalog.as_deref())?;
        let query = Query::new(&catalog)
            .indicators(self.indicators.iter())
            .slices(self.slices.iter())
            .records(self.records)
            .policy(self.policy);
        let model = query.model(self.table.split('.'))?;
        Ok(format!("{}\n", query.pushdown(&model)?.sql(self.dialect)?))
    }
}
