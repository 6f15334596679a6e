//! Schemas of what is taken and of what is answered: the two may differ for one type, as a field that has
//! a usual value is always answered and need not be sent.

use std::collections::BTreeSet;

use schemars::SchemaGenerator;
use schemars::generate::SchemaSettings;
use serde_json::{Map, Value, json};

use crate::routes::SchemaOf;

const TAKEN: &str = "#/components/schemas/";
const ANSWERED: &str = "#/components/answers/";
/// What the name of a schema ends with where what is taken has the name itself.
const APART: &str = "Answer";

/// The makers of both.
pub(super) struct Schemas {
    pub(super) taken: SchemaGenerator,
    pub(super) answered: SchemaGenerator,
}

impl Schemas {
    pub(super) fn new() -> Self {
        let settings = |path: &'static str| {
            SchemaSettings::draft2020_12().with(|settings| {
                settings.definitions_path =
                    path.trim_start_matches('#').trim_end_matches('/').into();
                settings.meta_schema = None;
            })
        };
        Self {
            taken: settings(TAKEN).for_deserialize().into_generator(),
            answered: settings(ANSWERED).for_serialize().into_generator(),
        }
    }

    /// The document with the schemas that it refers to, under one name each.
    pub(super) fn into_document(mut self, mut document: Value) -> Value {
        let taken = self.taken.take_definitions(true);
        let answered = self.answered.take_definitions(true);
        let apart = apart(&taken, &answered);
        let mut schemas = taken;
        for (name, schema) in answered {
            schemas.insert(named(&name, &apart), schema);
        }
        document["components"]["schemas"] = Value::Object(schemas);
        settle(&mut document, &apart);
        document
    }
}

/// The schema itself where a generator answers a reference to it.
pub(super) fn inlined(schema: SchemaOf, generator: &mut SchemaGenerator) -> Value {
    let schema = schema(generator);
    followed(schema.as_value(), generator).unwrap_or_else(|| schema.into())
}

/// What a reference leads to.
pub(super) fn followed(schema: &Value, generator: &SchemaGenerator) -> Option<Value> {
    let name = schema["$ref"].as_str()?.rsplit('/').next()?;
    generator.definitions().get(name).cloned()
}

/// A schema without null, which no address and no part of a form can say.
pub(super) fn without_null(mut schema: Value) -> Value {
    if let Some(kinds) = schema.get_mut("type").and_then(Value::as_array_mut) {
        kinds.retain(|kind| kind != "null");
        if let [kind] = kinds.as_slice() {
            schema["type"] = kind.clone();
        }
    }
    if let Some(choices) = schema.get_mut("anyOf").and_then(Value::as_array_mut) {
        choices.retain(|choice| choice["type"] != "null");
        if let [Value::Object(only)] = choices.as_slice() {
            let only = only.clone();
            if let Value::Object(whole) = &mut schema {
                whole.remove("anyOf");
                whole.extend(only);
            }
        }
    }
    if let Value::Object(whole) = &mut schema {
        whole.retain(|name, value| !(name == "default" && value.is_null()));
    }
    schema
}

/// The names under which the two contracts mean different things, themselves or by what they refer to.
fn apart(taken: &Map<String, Value>, answered: &Map<String, Value>) -> BTreeSet<String> {
    let both =
        || taken.iter().filter_map(|(name, schema)| Some((name, schema, answered.get(name)?)));
    let same = |one: &Value, other: &Value| {
        let (one, other) = (one.to_string(), other.to_string().replace(ANSWERED, TAKEN));
        one == other
    };
    let mut apart: BTreeSet<String> =
        both().filter(|(_, one, other)| !same(one, other)).map(|(name, ..)| name.clone()).collect();
    loop {
        let leads = |schema: &Value| {
            let text = schema.to_string();
            apart.iter().any(|name| text.contains(&format!("\"{TAKEN}{name}\"")))
        };
        let more: Vec<String> = both()
            .filter(|(name, schema, _)| !apart.contains(*name) && leads(schema))
            .map(|(name, ..)| name.clone())
            .collect();
        if more.is_empty() {
            return apart;
        }
        apart.extend(more);
    }
}

fn named(name: &str, apart: &BTreeSet<String>) -> String {
    if apart.contains(name) { format!("{name}{APART}") } else { name.to_owned() }
}

/// Puts the names into references, and says of whole numbers how large they may be.
fn settle(value: &mut Value, apart: &BTreeSet<String>) {
    match value {
        Value::Object(fields) => {
            if let Some(Value::String(reference)) = fields.get_mut("$ref")
                && let Some(name) = reference.strip_prefix(ANSWERED)
            {
                *reference = format!("{TAKEN}{}", named(name, apart));
            }
            let limits = fields.get("format").and_then(Value::as_str).and_then(limits);
            for (limit, number) in
                ["minimum", "maximum"].into_iter().zip(limits.into_iter().flatten())
            {
                fields.entry(limit).or_insert(number);
            }
            fields.values_mut().for_each(|field| settle(field, apart));
        }
        Value::Array(items) => items.iter_mut().for_each(|item| settle(item, apart)),
        _ => {}
    }
}

/// The least and the most of a format of whole numbers.
fn limits(format: &str) -> Option<[Value; 2]> {
    match format {
        "int32" => Some([json!(i32::MIN), json!(i32::MAX)]),
        "int64" => Some([json!(i64::MIN), json!(i64::MAX)]),
        "uint32" => Some([json!(0), json!(u32::MAX)]),
        "uint" | "uint64" => Some([json!(0), json!(u64::MAX)]),
        _ => None,
    }
}
