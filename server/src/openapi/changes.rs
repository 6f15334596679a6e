//! Bodies of changes: any field of what there is, null where that removes it, and what is only shown.

use schemars::SchemaGenerator;
use serde_json::{Map, Value, json};

use super::schemas::{Schemas, followed, inlined};
use crate::routes::Changes;

/// What `expected` says.
const EXPECTED: &str = "What was seen of some fields: a change of one of them by somebody else meanwhile is a conflict.";

/// The schema of a change.
pub(super) fn schema(changes: Changes, schemas: &mut Schemas) -> Value {
    let mut schema = partial(inlined(changes.new, &mut schemas.taken), &schemas.taken);
    let shown = inlined(changes.shown, &mut schemas.answered);
    if let Some(fields) = schema.get_mut("properties").and_then(Value::as_object_mut) {
        for (name, field) in shown["properties"].as_object().into_iter().flatten() {
            fields.entry(name).or_insert_with(|| field.clone());
        }
        if changes.expects {
            let seen = json!({"type": ["object", "null"], "description": EXPECTED});
            fields.insert("expected".to_owned(), seen);
        }
    }
    schema
}

/// An object of which any field may be left out, and of the objects in it as well.
fn partial(mut schema: Value, generator: &SchemaGenerator) -> Value {
    let Value::Object(whole) = &mut schema else { return schema };
    let required = whole.remove("required").unwrap_or_default();
    let is_required =
        |name: &String| required.as_array().is_some_and(|all| all.contains(&json!(name)));
    for (name, field) in
        whole.get_mut("properties").and_then(Value::as_object_mut).into_iter().flatten()
    {
        let inner = within(field.take(), generator);
        *field = if is_required(name) { inner } else { or_null(inner) };
    }
    schema
}

/// A field, partial where it is an object by itself.
fn within(mut field: Value, generator: &SchemaGenerator) -> Value {
    if let Some(choices) = field.get_mut("anyOf").and_then(Value::as_array_mut) {
        for choice in choices {
            *choice = within(choice.take(), generator);
        }
    }
    let target = followed(&field, generator).filter(|target| target["properties"].is_object());
    let Some(target) = target else { return field };
    let mut inner = partial(target, generator);
    if let (Value::Object(inner), Value::Object(mut beside)) = (&mut inner, field) {
        beside.remove("$ref");
        inner.extend(beside);
    }
    inner
}

/// A field that null removes.
fn or_null(field: Value) -> Value {
    let nothing = json!({"type": "null"});
    let Value::Object(fields) = &field else { return field };
    let is_null = |kind: &Value| kind == "null";
    let in_list = |list: &Value, is: &dyn Fn(&Value) -> bool| {
        list.as_array().is_some_and(|all| all.iter().any(is))
    };
    let allows =
        in_list(&field["type"], &is_null) || in_list(&field["anyOf"], &|choice| *choice == nothing);
    if allows || fields.keys().all(|name| name == "description") {
        return field;
    }
    let mut outer = Map::new();
    let mut inner = fields.clone();
    for name in ["description", "default"] {
        outer.extend(inner.remove_entry(name));
    }
    outer.insert("anyOf".to_owned(), json!([inner, nothing]));
    Value::Object(outer)
}
