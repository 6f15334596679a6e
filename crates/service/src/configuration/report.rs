//! What taking a document in does: what of each kind is added, changed and removed.

use std::collections::{BTreeMap, HashMap};

use domain::message::Said;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

use super::Document;
use crate::Error;
use crate::body::ChangedField;

/// What a document does, or why it is refused.
#[derive(Debug, Clone, Default, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Report {
    /// Why nothing of it is taken: of each entry the first fault.
    pub faults: Vec<Fault>,
    /// What it does, by kind; kinds of which nothing changes are left out.
    pub sections: Vec<Section>,
}

/// What is wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Fault {
    /// Stable code, such as `invalid_value`.
    pub code: &'static str,
    /// The place in the document, such as `meters[2].parent`.
    pub field: Option<String>,
    /// What is wrong and how to mend it.
    #[serde(flatten)]
    pub said: Said,
}

/// Entries of a kind.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Section {
    /// The kind, as the document calls it.
    pub name: &'static str,
    /// Entries that are new.
    pub added: usize,
    /// Entries that change.
    pub changed: usize,
    /// Entries that go.
    pub removed: usize,
    /// Those entries.
    pub entries: Vec<Entry>,
}

/// An entry that does not stay as it is.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Entry {
    /// What it is called: the values of its natural key.
    pub key: String,
    /// What becomes of it.
    pub outcome: Outcome,
    /// What changes of it.
    pub changes: Vec<ChangedField>,
}

/// What becomes of an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    /// It is new.
    Added,
    /// It changes.
    Changed,
    /// It goes.
    Removed,
}

/// The kinds with the fields that tell their entries apart. Rules of alarms have none but all they say.
const KINDS: [(&str, &[&str]); 15] = [
    ("sites", &["slug"]),
    ("meters", &["site", "meterNumber"]),
    ("devices", &["site", "meterNumber"]),
    ("tariffs", &["site", "name", "validFrom"]),
    ("meterTariffs", &["site", "meterNumber", "validFrom"]),
    ("emissionFactors", &["site", "kind", "meterNumber", "validFrom"]),
    ("virtualMeters", &["site", "meterNumber"]),
    ("unmeteredLoads", &["site", "meterNumber", "validFrom"]),
    ("brokers", &["name"]),
    ("loggers", &["serialNumber"]),
    ("alarmRules", &[]),
    ("alarmRecipients", &["site", "kind", "address"]),
    ("reportSchedules", &["site", "addresses"]),
    ("meterExchanges", &["site", "meterNumber", "timestamp"]),
    ("readingCorrections", &["site", "meterNumber", "timestamp", "field"]),
];

impl Report {
    /// The report of a document that is refused.
    ///
    /// # Errors
    /// What no change of the document would mend.
    pub(super) fn refused(errors: Vec<Error>) -> Result<Self, Error> {
        let mut faults = Vec::with_capacity(errors.len());
        for error in errors {
            faults.push(match error {
                Error::Invalid { code, field, message }
                | Error::Conflict { code, field, message } => {
                    Fault { code, field, said: message.into() }
                }
                Error::NotFound { code, message } => {
                    Fault { code, field: None, said: message.into() }
                }
                other => return Err(other),
            });
        }
        Ok(Self { faults, sections: Vec::new() })
    }

    /// How many entries are added, changed and removed.
    pub fn counts(&self) -> (usize, usize, usize) {
        let sum = |of: fn(&Section) -> usize| self.sections.iter().map(of).sum();
        (sum(|kind| kind.added), sum(|kind| kind.changed), sum(|kind| kind.removed))
    }
}

/// Compares what was there with what is.
pub(super) fn compare(before: &Document, after: &Document) -> Report {
    let json = |document| serde_json::to_value(document).unwrap_or_default();
    let (before, after): (Value, Value) = (json(before), json(after));
    let sections = KINDS.iter().map(|(name, key)| section(name, key, &before[name], &after[name]));
    Report { faults: Vec::new(), sections: sections.filter(|it| !it.entries.is_empty()).collect() }
}

fn section(name: &'static str, key: &[&str], before: &Value, after: &Value) -> Section {
    let (before, after) = (keyed(key, before), keyed(key, after));
    let mut entries = Vec::new();
    for (key, now) in &after {
        match before.get(key) {
            None => entries.push(entry(key, Outcome::Added, Vec::new())),
            Some(was) if !same(was, now) => {
                entries.push(entry(key, Outcome::Changed, changes(was, now)));
            }
            Some(_) => {}
        }
    }
    let gone = before.keys().filter(|key| !after.contains_key(*key));
    entries.extend(gone.map(|key| entry(key, Outcome::Removed, Vec::new())));
    let count = |outcome| entries.iter().filter(|entry| entry.outcome == outcome).count();
    Section {
        name,
        added: count(Outcome::Added),
        changed: count(Outcome::Changed),
        removed: count(Outcome::Removed),
        entries,
    }
}

/// The name of an entry, and its place among those of the same name.
type Key = (String, usize);

fn keyed<'a>(key: &[&str], entries: &'a Value) -> BTreeMap<Key, &'a Value> {
    let mut keyed: BTreeMap<Key, &Value> = BTreeMap::new();
    let mut same_name: HashMap<String, usize> = HashMap::new();
    for entry in entries.as_array().into_iter().flatten() {
        let fields = entry.as_object().into_iter().flatten();
        let names = fields.filter(|(name, value)| {
            !value.is_null() && (key.is_empty() || key.contains(&name.as_str()))
        });
        let mut parts: Vec<_> =
            names.map(|(name, value)| (place(key, name), plain(value))).collect();
        parts.sort_by_key(|(place, _)| *place);
        let name = parts.into_iter().map(|(_, text)| text).collect::<Vec<_>>().join(", ");
        let same = same_name.entry(name.clone()).or_default();
        keyed.insert((name, *same), entry);
        *same += 1;
    }
    keyed
}

fn place(key: &[&str], name: &str) -> usize {
    key.iter().position(|part| *part == name).unwrap_or(key.len())
}

fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn entry(key: &Key, outcome: Outcome, changes: Vec<ChangedField>) -> Entry {
    Entry { key: key.0.clone(), outcome, changes }
}

/// Whether two values say the same. A program that reads a document and writes it again may turn 1.0
/// into 1.
fn same(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Number(one), Value::Number(other)) => one.as_f64() == other.as_f64(),
        (Value::Array(one), Value::Array(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| same(one, other))
        }
        (Value::Object(one), Value::Object(other)) => {
            let in_other = |(name, value): (&String, &Value)| {
                other.get(name).is_some_and(|it| same(value, it))
            };
            one.len() == other.len() && one.iter().all(in_other)
        }
        _ => one == other,
    }
}

fn changes(before: &Value, after: &Value) -> Vec<ChangedField> {
    let fields = after.as_object().into_iter().flatten();
    let changed = fields.filter(|(name, now)| !before.get(*name).is_some_and(|it| same(it, now)));
    changed
        .map(|(name, now)| ChangedField {
            field: name.clone(),
            before: before.get(name).cloned().unwrap_or_default(),
            after: now.clone(),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use schemars::schema_for;

    use super::super::Imported;
    use super::*;

    /// The names of the fields of a type, as its JSON has them.
    fn fields(schema: &schemars::Schema) -> BTreeSet<String> {
        let properties = schema.get("properties").and_then(Value::as_object).unwrap();
        properties.keys().cloned().collect()
    }

    #[test]
    fn each_kind_of_the_document_is_told_before_and_after_it_is_taken_in() {
        let mut kinds = fields(&schema_for!(Document));
        kinds.remove("version");
        let told = KINDS.iter().map(|(name, _)| (*name).to_owned()).collect();
        assert_eq!(kinds, told, "KINDS of the report lacks a kind, or has one too many");
        assert_eq!(kinds, fields(&schema_for!(Imported)), "so does Imported");
    }
}
