//! The OpenAPI 3.1 document, made from the table of routes and the types of bodies and answers.

use std::sync::OnceLock;

use schemars::generate::SchemaSettings;
use schemars::{Schema, SchemaGenerator};
use serde_json::{Map, Value, json};

use crate::error::Failure;
use crate::routes::{Answer, Body, Route, Rule, SchemaOf, table};

/// The document.
pub(crate) fn document() -> &'static Value {
    static DOCUMENT: OnceLock<Value> = OnceLock::new();
    DOCUMENT.get_or_init(build)
}

fn build() -> Value {
    let mut settings = SchemaSettings::draft2020_12();
    settings.definitions_path = "/components/schemas".into();
    settings.meta_schema = None;
    let mut generator = settings.into_generator();
    let mut paths = Map::new();
    for route in table() {
        let operation = operation(&route, &mut generator);
        let path = paths.entry(route.path).or_insert_with(|| json!({}));
        path[route.method.as_str().to_lowercase()] = operation;
    }
    let failure: Value = generator.subschema_for::<Failure>().into();
    let schemas: Map<String, Value> = generator.take_definitions(true);
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Wattlens",
            "version": env!("CARGO_PKG_VERSION"),
            "license": {"name": env!("CARGO_PKG_LICENSE")},
        },
        "paths": paths,
        "components": {
            "schemas": schemas,
            "responses": {
                "Failure": {
                    "description": "A refusal or failure",
                    "content": {"application/json": {"schema": failure}},
                },
            },
        },
    })
}

fn operation(route: &Route, generator: &mut SchemaGenerator) -> Value {
    let (status, answer) = answer(route.answer, generator);
    let mut operation = json!({
        "summary": route.summary,
        "description": match route.rule {
            Rule::Public => "Open to anyone.".to_owned(),
            Rule::Needs(role) => format!("Needs the role {}.", format!("{role:?}").to_lowercase()),
        },
        "parameters": parameters(route, generator),
        "responses": {
            status: answer,
            "default": {"$ref": "#/components/responses/Failure"},
        },
    });
    if let Some(body) = route.body {
        let schema = body_schema(body, generator);
        let content = json!({"application/json": {"schema": schema}});
        operation["requestBody"] = json!({"required": true, "content": content});
    }
    operation
}

fn parameters(route: &Route, generator: &mut SchemaGenerator) -> Vec<Value> {
    let mut parameters: Vec<Value> = route
        .path
        .split('/')
        .filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'))
        .map(|name| json!({"name": name, "in": "path", "required": true, "schema": {"type": "string"}}))
        .collect();
    if let Some(query) = route.query {
        let query = inlined(query, generator);
        for (name, schema) in query["properties"].as_object().into_iter().flatten() {
            let description = schema["description"].clone();
            let mut parameter = json!({"name": name, "in": "query", "schema": schema});
            if !description.is_null() {
                parameter["description"] = description;
            }
            parameters.push(parameter);
        }
    }
    parameters
}

fn body_schema(body: Body, generator: &mut SchemaGenerator) -> Value {
    match body {
        Body::Whole(schema) => schema(generator).into(),
        Body::Changes(schema) => {
            let mut schema = inlined(schema, generator);
            if let Value::Object(fields) = &mut schema {
                fields.remove("required");
            }
            schema
        }
    }
}

/// The schema itself where the generator answers a reference to it.
fn inlined(schema: SchemaOf, generator: &mut SchemaGenerator) -> Value {
    let schema: Schema = schema(generator);
    let named = schema.get("$ref").and_then(Value::as_str).and_then(|path| path.rsplit('/').next());
    let inlined = named.and_then(|name| generator.definitions().get(name)).cloned();
    inlined.unwrap_or_else(|| schema.into())
}

fn answer(answer: Answer, generator: &mut SchemaGenerator) -> (String, Value) {
    let envelope = |properties: Value, required: Value| json!({"type": "object", "properties": properties, "required": required});
    match answer {
        Answer::One(status, schema) => {
            let data: Value = schema(generator).into();
            let schema = envelope(
                json!({"success": {"const": true}, "data": data}),
                json!(["success", "data"]),
            );
            let content = json!({"application/json": {"schema": schema}});
            let description = status.canonical_reason().unwrap_or_default();
            (status.as_str().to_owned(), json!({"description": description, "content": content}))
        }
        Answer::Bare(status, schema) => {
            let object: Value = schema(generator).into();
            let content = json!({"application/json": {"schema": object}});
            let description = status.canonical_reason().unwrap_or_default();
            (status.as_str().to_owned(), json!({"description": description, "content": content}))
        }
        Answer::Many(schema) => {
            let item: Value = schema(generator).into();
            let schema = envelope(
                json!({
                    "success": {"const": true},
                    "data": {"type": "array", "items": item},
                    "count": {"type": "integer"},
                    "nextCursor": {"type": "string"},
                }),
                json!(["success", "data", "count"]),
            );
            let content = json!({
                "application/json": {"schema": schema},
                "text/csv": {"schema": {"type": "string"}},
            });
            ("200".to_owned(), json!({"description": "OK", "content": content}))
        }
        Answer::Other(media_type) => {
            let content = json!({media_type: {}});
            ("200".to_owned(), json!({"description": "OK", "content": content}))
        }
    }
}
