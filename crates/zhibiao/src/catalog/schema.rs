//! The JSON schema of catalogue files, for editors and other programs.

use serde_json::Value;

use super::Catalog;
use super::source::Said;

impl Catalog {
    /// The JSON schema (JSON 模式) of catalogue files: every section and key, with what it means.
    ///
    /// It knows types and keys; what keys a kind needs, and whether references and units hold, is
    /// checked only when a catalogue is read.
    ///
    /// # Example
    /// ```
    /// let schema = zhibiao::Catalog::schema();
    /// assert!(schema["properties"]["indicators"].is_object());
    /// ```
    #[must_use]
    pub fn schema() -> Value {
        let mut schema = schemars::schema_for!(Said);
        schema.insert("title".to_owned(), Value::from("zhibiao catalogue 指标目录"));
        schema.to_value()
    }
}
