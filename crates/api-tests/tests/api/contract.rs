//! Every exchange of these tests is held against the document of the API: what was answered, and of what was
//! not refused also what was asked. A contradiction fails the test in which it happened.

use std::collections::HashMap;
use std::sync::{Mutex, OnceLock};

use boon::{Compiler, Draft, SchemaIndex, Schemas};
use serde_json::{Map, Value, json};
use server::openapi::document;

use crate::Answer;

/// Answers of the protocol below: hyper speaks before there is an operation.
const OF_HTTP: &[u16] = &[414, 431];

/// Fails where an exchange is not as the document says.
pub(crate) fn hold(asked: &str, request: &Exchanged<'_>, answer: &Answer) {
    if let Err(why) = held(request, answer) {
        panic!(
            "{asked}\nwas answered {} {}\nwhich the document does not say: {why}",
            answer.status, answer.text
        );
    }
}

/// What a request was, apart from its connection.
pub(crate) struct Exchanged<'a> {
    pub(crate) method: &'a str,
    pub(crate) target: &'a str,
    pub(crate) content_type: Option<&'a str>,
    pub(crate) body: &'a [u8],
}

fn held(request: &Exchanged<'_>, answer: &Answer) -> Result<(), String> {
    let (path, query) = request.target.split_once('?').unwrap_or((request.target, ""));
    let Some((template, operations)) = template(path) else { return Ok(()) };
    let Some(operation) = operations.get(&request.method.to_lowercase()) else { return Ok(()) };
    if OF_HTTP.contains(&answer.status) {
        return Ok(());
    }
    let place = format!("{} {template}", request.method);
    answered(&place, operation, answer).map_err(|why| format!("{place}: {why}"))?;
    if answer.status < 400 {
        sent(&place, operation, request).map_err(|why| format!("{place}: {why}"))?;
        queried(&place, operation, query).map_err(|why| format!("{place}: {why}"))?;
    }
    Ok(())
}

/// The path of the document that an address is of: one that names more of its parts goes before.
fn template(path: &str) -> Option<(&'static str, &'static Map<String, Value>)> {
    let parts: Vec<&str> = path.split('/').collect();
    let paths = document()["paths"].as_object()?;
    let fits = |template: &str| {
        let wanted: Vec<&str> = template.split('/').collect();
        let fits = |(part, wanted): (&&str, &&str)| {
            if wanted.starts_with('{') { !part.is_empty() } else { part == wanted }
        };
        wanted.len() == parts.len() && parts.iter().zip(&wanted).all(fits)
    };
    let found = paths.iter().filter(|(template, _)| fits(template));
    let (template, operations) = found.min_by_key(|(template, _)| template.matches('{').count())?;
    Some((template, operations.as_object()?))
}

fn answered(place: &str, operation: &Value, answer: &Answer) -> Result<(), String> {
    let responses = &operation["responses"];
    let response = &responses[answer.status.to_string()];
    let response = match response["$ref"].as_str() {
        Some(reference) => {
            document().pointer(reference.trim_start_matches('#')).ok_or(reference)?
        }
        None => response,
    };
    if response.is_null() {
        return Err(format!("status {} is not one of its answers", answer.status));
    }
    let Some(content) = response["content"].as_object() else {
        let is_empty = answer.text.is_empty();
        return if is_empty { Ok(()) } else { Err("an answer without a body has one".to_owned()) };
    };
    let stated = answer.headers.get("content-type").map(String::as_str);
    let essence = essence(stated);
    let Some(of_type) = content.get(&essence) else {
        return Err(format!("{essence:?} is none of {:?}", content.keys().collect::<Vec<_>>()));
    };
    if essence != "application/json" {
        return Ok(());
    }
    let body: Value = serde_json::from_str(&answer.text).map_err(|error| error.to_string())?;
    let key = format!("{place} {}", answer.status);
    valid(&key, &of_type["schema"], &body).map_err(|why| format!("answer {}: {why}", answer.status))
}

/// What was not refused is a body that the document knows.
fn sent(place: &str, operation: &Value, request: &Exchanged<'_>) -> Result<(), String> {
    let known = &operation["requestBody"];
    if known.is_null() {
        // Who takes none looks at none.
        return Ok(());
    }
    if request.body.is_empty() {
        let needs = known["required"] == true;
        return if needs { Err("a body is needed, and none was sent".to_owned()) } else { Ok(()) };
    }
    let essence = essence(request.content_type);
    let Some(of_type) = known["content"].get(&essence) else {
        return Err(format!("a body of {essence:?} was taken"));
    };
    if essence != "application/json" {
        return Ok(());
    }
    let body: Value = serde_json::from_slice(request.body).map_err(|error| error.to_string())?;
    valid(&format!("{place} body"), &of_type["schema"], &body).map_err(|why| format!("body: {why}"))
}

/// Parameters that were not refused are known, and those that are needed were there.
fn queried(place: &str, operation: &Value, query: &str) -> Result<(), String> {
    let parameters = operation["parameters"].as_array().map(Vec::as_slice).unwrap_or_default();
    let known: Vec<&Value> = parameters.iter().filter(|known| known["in"] == "query").collect();
    let pairs: Vec<(&str, &str)> = query
        .split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
        .collect();
    for (name, value) in &pairs {
        let Some(parameter) = known.iter().find(|known| known["name"] == *name) else {
            // Operations without any parameters look at none.
            if known.is_empty() {
                continue;
            }
            return Err(format!("parameter {name:?} was taken"));
        };
        let value = serde_json::from_str(value)
            .ok()
            .filter(|value: &Value| !value.is_string() && !value.is_null());
        let text = pairs.iter().find(|pair| pair.0 == *name).map(|pair| Value::from(pair.1));
        let schema = &parameter["schema"];
        let key = format!("{place} {name}");
        let fits = |value: &Value| valid(&key, schema, value).is_ok();
        if !value.iter().chain(&text).any(fits) {
            return Err(format!("parameter {name:?} was taken with {text:?}"));
        }
    }
    let missing = known.iter().filter(|known| known["required"] == true);
    let missing = missing.filter_map(|known| known["name"].as_str());
    match missing.into_iter().find(|name| pairs.iter().all(|pair| pair.0 != *name)) {
        Some(name) => Err(format!("parameter {name:?} was not needed")),
        None => Ok(()),
    }
}

fn essence(content_type: Option<&str>) -> String {
    let essence = content_type.and_then(|stated| stated.split(';').next()).unwrap_or_default();
    essence.trim().to_lowercase()
}

/// Holds a value against a schema of the document.
fn valid(key: &str, schema: &Value, value: &Value) -> Result<(), String> {
    static COMPILED: OnceLock<Mutex<Compiled>> = OnceLock::new();
    let mut compiled = COMPILED.get_or_init(Mutex::default).lock().unwrap();
    let index = compiled.index(key, schema);
    compiled.schemas.validate(value, index).map_err(|fault| fault.to_string())
}

/// The schemas that values were held against so far.
#[derive(Default)]
struct Compiled {
    schemas: Schemas,
    indices: HashMap<String, SchemaIndex>,
}

impl Compiled {
    fn index(&mut self, key: &str, schema: &Value) -> SchemaIndex {
        if let Some(known) = self.indices.get(key) {
            return *known;
        }
        let components = json!({"schemas": document()["components"]["schemas"]});
        let whole = json!({"allOf": [schema], "components": components});
        let place = format!("memory:///{}", self.indices.len());
        let mut compiler = Compiler::new();
        compiler.set_default_draft(Draft::V2020_12);
        compiler.enable_format_assertions();
        compiler.add_resource(&place, whole).unwrap();
        let index = compiler.compile(&place, &mut self.schemas).unwrap();
        self.indices.insert(key.to_owned(), index);
        index
    }
}

#[test]
fn what_the_document_does_not_say_is_found() {
    let asked = |target| Exchanged { method: "GET", target, content_type: None, body: b"" };
    let answer = |status, content_type: &str, text: &str| Answer {
        status,
        headers: HashMap::from([("content-type".to_owned(), content_type.to_owned())]),
        text: text.to_owned(),
    };
    let list = r#"{"success":true,"count":0,"data":[]}"#;
    let sites = |target, status, content_type, text| {
        held(&asked(target), &answer(status, content_type, text)).is_ok()
    };
    assert!(sites("/api/sites?limit=2", 200, "application/json", list));
    assert!(!sites("/api/sites?limit=0", 200, "application/json", list), "a limit below the least");
    assert!(!sites("/api/sites?colour=1", 200, "application/json", list), "no such parameter");
    assert!(!sites("/api/sites", 206, "application/json", list), "no such status");
    assert!(!sites("/api/sites", 200, "text/html", list), "no such media type");
    assert!(!sites("/api/sites", 200, "application/json", r#"{"success":true}"#), "no data");
    assert!(!sites("/api/sites", 404, "application/json", list), "no refusal");
}
