//! Fingerprints of definitions (定义指纹): whatever could change a figure changes them.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use serde_json::Value;
use sha2::{Digest, Sha256};

use super::formula::Condition;
use super::{Catalog, Kind};
use crate::error::{Error, Problem, Result};

/// Keys that change no figure.
const WORDS: [&str; 8] =
    ["name", "aliases", "note", "source", "confidence", "better", "goal", "replaces"];

/// A section of a catalogue, and an id in it.
type Entry = (&'static str, String);

impl Catalog {
    /// The SHA-256 of the definition of an indicator and of all that it stands on, as hexadecimal
    /// digits.
    ///
    /// Names, aliases, notes and sources do not count: a definition that is only described in other
    /// words has the same hash.
    ///
    /// # Errors
    /// `unknown-id` when the catalogue has no such indicator.
    ///
    /// # Example
    /// ```
    /// use zhibiao::Catalog;
    /// let hash = Catalog::builtin().definition_hash("preschool.public_share")?;
    /// assert_eq!(hash.len(), 64);
    /// # Ok::<(), zhibiao::Error>(())
    /// ```
    pub fn definition_hash(&self, indicator: &str) -> Result<String> {
        let id = self.indicator(indicator)?.id.clone();
        let written = self.written()?;
        let mut open = vec![("indicators", id)];
        let mut seen: BTreeSet<Entry> = BTreeSet::new();
        while let Some(entry) = open.pop() {
            if seen.insert(entry.clone()) {
                open.extend(self.stands_on(&entry));
            }
        }
        let mut hash = Sha256::new();
        for entry in &seen {
            let definition = written.get(entry).map(Value::to_string).unwrap_or_default();
            hash.update(format!("{} {} {definition}\n", entry.0, entry.1));
        }
        Ok(hexadecimal(&hash.finalize()))
    }

    /// What a definition names.
    fn stands_on(&self, (section, id): &Entry) -> Vec<Entry> {
        let measure = |id: &str| ("measures", id.to_owned());
        let mut found = Vec::new();
        match *section {
            "indicators" => {
                let Some(indicator) = self.indicators().find(|indicator| indicator.id == *id)
                else {
                    return found;
                };
                let earlier = indicator.earlier.iter().map(|earlier| &earlier.kind);
                for kind in std::iter::once(&indicator.kind).chain(earlier) {
                    found.extend(kind.parts().map(measure));
                    found.extend(kind.inputs().map(|input| self.input(input)));
                    if let Kind::Dispersion { filter: Some(filter), .. } = kind {
                        found.extend(tested(filter));
                        let rows = filter.rows().into_iter().flat_map(|row| &row.parts);
                        found.extend(rows.map(|(_, id)| measure(id)));
                    }
                }
            }
            "measures" => {
                let known = self.measures().find(|measure| measure.id == *id);
                if let Some(define) = known.and_then(|measure| measure.define.as_ref()) {
                    found.extend(define.measures().into_iter().map(measure));
                    found.extend(define.conditions().flat_map(tested));
                }
            }
            _ => {}
        }
        found
    }

    /// An indicator, else the measure whose total it is.
    fn input(&self, id: &str) -> Entry {
        let known = self.indicators().any(|indicator| indicator.id == id);
        (if known { "indicators" } else { "measures" }, id.to_owned())
    }

    /// Every definition as it is written, without the words; later ones hide earlier ones.
    fn written(&self) -> Result<BTreeMap<Entry, Value>> {
        let mut all = BTreeMap::new();
        for source in &self.sources {
            let file: Value = toml::from_str(source.text())
                .map_err(|error| Error::from(Problem::BadToml { reason: error.to_string() }))?;
            for section in ["dimensions", "measures", "indicators"] {
                for (id, definition) in
                    file.get(section).and_then(Value::as_object).into_iter().flatten()
                {
                    let mut definition = wordless(section, definition);
                    let measure = self.measures().find(|measure| measure.id == *id);
                    if let Some(grades) = definition.get_mut("grades")
                        && let Some(measure) = measure
                    {
                        // Their order is their meaning.
                        *grades = measure.grades.iter().map(|grade| grade.id.clone()).collect();
                    }
                    all.insert((section, id.clone()), definition);
                }
            }
        }
        Ok(all)
    }
}

/// Dimensions that a condition tests.
fn tested(condition: &Condition) -> impl Iterator<Item = Entry> {
    condition.tests().into_iter().map(|(dimension, _)| ("dimensions", dimension.to_owned()))
}

/// A definition without the keys that change no figure, and with its keys in order. Of a dimension
/// the ids of its values are left.
fn wordless(section: &str, definition: &Value) -> Value {
    let keys = definition.as_object().into_iter().flatten();
    let kept = keys.filter(|(key, _)| !WORDS.contains(&key.as_str()));
    let told = kept.map(|(key, value)| {
        let value = match (section, key.as_str(), value) {
            ("dimensions", "values", Value::Object(values)) => values.keys().cloned().collect(),
            ("indicators", "earlier", Value::Array(all)) => {
                all.iter().map(|earlier| wordless(section, earlier)).collect()
            }
            _ => sorted(value),
        };
        (key.clone(), value)
    });
    sorted(&told.collect())
}

/// A value with the keys of all its tables in order.
fn sorted(value: &Value) -> Value {
    match value {
        Value::Object(keys) => {
            let keys: BTreeMap<&String, Value> =
                keys.iter().map(|(key, value)| (key, sorted(value))).collect();
            keys.into_iter().map(|(key, value)| (key.clone(), value)).collect()
        }
        Value::Array(items) => items.iter().map(sorted).collect(),
        other => other.clone(),
    }
}

/// Bytes as hexadecimal digits.
pub(crate) fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing to a text does not fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}
