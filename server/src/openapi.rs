//! The OpenAPI 3.1 document, made from the table of routes and the types of bodies and answers.

mod changes;
mod operation;
mod schemas;

use std::sync::OnceLock;

use serde_json::{Map, Value, json};

use self::operation::{REFUSED, REFUSED_FOR_NOW, operation};
use self::schemas::Schemas;
use crate::error::Failure;
use crate::routes::table;

/// The document.
pub fn document() -> &'static Value {
    static DOCUMENT: OnceLock<Value> = OnceLock::new();
    DOCUMENT.get_or_init(build)
}

fn build() -> Value {
    let mut schemas = Schemas::new();
    let mut paths = Map::new();
    for route in table() {
        let operation = operation(&route, &mut schemas);
        let path = paths.entry(route.path).or_insert_with(|| json!({}));
        path[route.method.as_str().to_lowercase()] = operation;
    }
    let failure = schemas.answered.subschema_for::<Failure>();
    let content = json!({"application/json": {"schema": failure}});
    let seconds = json!({"schema": {"type": "string"}, "description": "Seconds"});
    schemas.into_document(json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Wattlens",
            "version": env!("CARGO_PKG_VERSION"),
            "license": {"name": env!("CARGO_PKG_LICENSE")},
        },
        "paths": paths,
        "components": {
            "responses": {
                REFUSED: {"description": "A refusal or failure", "content": content},
                REFUSED_FOR_NOW: {
                    "description": "A refusal or failure that a later try may not meet",
                    "headers": {"Retry-After": seconds},
                    "content": content,
                },
            },
        },
    }))
}
