//! One operation: what it is asked with, what it takes, and everything that it may answer.

use axum::http::{Method, StatusCode};
use serde_json::{Map, Value, json};

use super::changes;
use super::schemas::{Schemas, inlined, without_null};
use crate::routes::{Answer, Body, Route, Rule};

/// The name of what is answered to whoever is refused.
pub(super) const REFUSED: &str = "Failure";
/// The same, where it is worth trying again.
pub(super) const REFUSED_FOR_NOW: &str = "FailureForNow";

/// What any request may meet: the name of another host, another site behind it, a database that is away, an
/// answer that is too long.
const ANY: [StatusCode; 5] = [
    StatusCode::FORBIDDEN,
    StatusCode::MISDIRECTED_REQUEST,
    StatusCode::UNPROCESSABLE_ENTITY,
    StatusCode::INTERNAL_SERVER_ERROR,
    StatusCode::SERVICE_UNAVAILABLE,
];
/// Of who has to be known.
const KNOWN: [StatusCode; 2] = [StatusCode::UNAUTHORIZED, StatusCode::TOO_MANY_REQUESTS];
/// Of what has a body.
const BODIES: [StatusCode; 4] = [
    StatusCode::BAD_REQUEST,
    StatusCode::REQUEST_TIMEOUT,
    StatusCode::PAYLOAD_TOO_LARGE,
    StatusCode::UNSUPPORTED_MEDIA_TYPE,
];

const JSON: &str = "application/json";

/// The operation of a route.
pub(super) fn operation(route: &Route, schemas: &mut Schemas) -> Value {
    let mut operation = json!({
        "summary": route.summary,
        "description": match route.rule {
            Rule::Public => "Open to anyone.".to_owned(),
            Rule::SignedIn => "Open to anyone who has signed in, to each as their roles allow.".to_owned(),
            Rule::Needs(action) => format!("For those who may {action}."),
            Rule::NeedsOrOwn(action) => format!("For those who may {action}, and of meters of one's own."),
        },
        "parameters": parameters(route, schemas),
        "responses": responses(route, schemas),
    });
    if let Some(body) = route.body {
        let required = !matches!(body, Body::Optional(_));
        let (media_type, content) = body_content(body, schemas);
        operation["requestBody"] = json!({"required": required, "content": {media_type: content}});
    }
    operation
}

fn parameters(route: &Route, schemas: &mut Schemas) -> Vec<Value> {
    let mut parameters: Vec<Value> = route
        .path
        .split('/')
        .filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'))
        .map(|name| json!({"name": name, "in": "path", "required": true, "schema": {"type": "string", "minLength": 1}}))
        .collect();
    let query = route.query.map(|query| inlined(query, &mut schemas.taken)).unwrap_or_default();
    for (name, schema) in query["properties"].as_object().into_iter().flatten() {
        let mut schema = without_null(schema.clone());
        let description = schema.as_object_mut().and_then(|schema| schema.remove("description"));
        let required = query["required"].as_array().is_some_and(|all| all.contains(&json!(name)));
        let mut parameter =
            json!({"name": name, "in": "query", "required": required, "schema": schema});
        if let Some(description) = description {
            parameter["description"] = description;
        }
        parameters.push(parameter);
    }
    parameters.extend(route.header.map(|(name, longest)| {
        let schema = json!({"type": "string", "minLength": 1, "maxLength": longest});
        json!({"name": name, "in": "header", "schema": schema})
    }));
    parameters
}

fn body_content(body: Body, schemas: &mut Schemas) -> (&'static str, Value) {
    let (media_type, schema) = match body {
        Body::Whole(schema) | Body::Optional(schema) => (JSON, schema(&mut schemas.taken).into()),
        Body::Changes(changes) => (JSON, changes::schema(changes, schemas)),
        // Text is no value of JSON, which is all that a schema can describe.
        Body::Text(media_type) => return (media_type, json!({})),
        Body::Form(schema) => ("multipart/form-data", schema(&mut schemas.taken).into()),
    };
    (media_type, json!({"schema": schema}))
}

fn responses(route: &Route, schemas: &mut Schemas) -> Map<String, Value> {
    let mut responses = Map::new();
    for status in refusals(route) {
        let later =
            matches!(status, StatusCode::SERVICE_UNAVAILABLE | StatusCode::TOO_MANY_REQUESTS);
        let name = if later { REFUSED_FOR_NOW } else { REFUSED };
        let response = json!({"$ref": format!("#/components/responses/{name}")});
        responses.insert(status.as_str().to_owned(), response);
    }
    for answer in &route.answers {
        let (status, content) = content(*answer, schemas);
        let description = status.canonical_reason().unwrap_or_default();
        let known = responses.remove(status.as_str()).filter(|known| known["content"].is_object());
        let mut response = known.unwrap_or_else(|| json!({"description": description}));
        for (media_type, schema) in content {
            response["content"][media_type] = json!({"schema": schema});
        }
        if status == StatusCode::SEE_OTHER {
            response["headers"] = json!({"Location": {"schema": {"type": "string"}}});
        }
        responses.insert(status.as_str().to_owned(), response);
    }
    responses
}

/// Everything that a route may refuse with.
fn refusals(route: &Route) -> Vec<StatusCode> {
    let names_something = route.path.contains('{') || route.query.is_some() || route.body.is_some();
    let mut refusals = ANY.to_vec();
    if route.rule != Rule::Public {
        refusals.extend(KNOWN);
    }
    if names_something {
        // Two sites may have what is named.
        refusals.extend([StatusCode::NOT_FOUND, StatusCode::CONFLICT]);
    }
    if route.method != Method::GET {
        refusals.push(StatusCode::CONFLICT);
    }
    if route.body.is_some() {
        refusals.extend(BODIES);
    }
    refusals.extend(route.also_refuses);
    refusals
}

/// The content of an answer, by media type.
fn content(answer: Answer, schemas: &mut Schemas) -> (StatusCode, Vec<(&'static str, Value)>) {
    let made = &mut schemas.answered;
    match answer {
        Answer::One(status, schema) => {
            let whole = envelope(json!({"data": schema(made)}), &["success", "data"]);
            (status, vec![(JSON, whole)])
        }
        Answer::Bare(status, schema) => (status, vec![(JSON, schema(made).into())]),
        Answer::Many(schema) => {
            let list = json!({
                "data": {"type": "array", "items": schema(made)},
                "count": {"type": "integer", "minimum": 0},
                "nextCursor": {"type": "string"},
            });
            let whole = envelope(list, &["success", "data", "count"]);
            (StatusCode::OK, vec![(JSON, whole), ("text/csv", json!({"type": "string"}))])
        }
        Answer::Text(status, media_type) => (status, vec![(media_type, json!({"type": "string"}))]),
        Answer::Nothing(status) => (status, Vec::new()),
    }
}

fn envelope(mut properties: Value, required: &[&str]) -> Value {
    properties["success"] = json!({"const": true});
    json!({"type": "object", "properties": properties, "required": required})
}
