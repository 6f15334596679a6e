//! Every exchange of these tests is held against the document of the API: what was answered, and of what was
//! not refused also what was asked. A contradiction fails the test in which it happened.

use std::cell::RefCell;
use std::collections::HashMap;

use boon::{Compiler, Draft, SchemaIndex, Schemas};
use serde_json::{Map, Value};
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
    let method = request.method.to_lowercase();
    if !operations.contains_key(&method) || OF_HTTP.contains(&answer.status) {
        return Ok(());
    }
    let place = format!("{} {template}", request.method);
    let operation = Part::document().at("paths").at(template).at(&method);
    answered(&operation, answer).map_err(|why| format!("{place}: {why}"))?;
    if answer.status < 400 {
        sent(&operation, request).map_err(|why| format!("{place}: {why}"))?;
        queried(&operation, query).map_err(|why| format!("{place}: {why}"))?;
    }
    Ok(())
}

/// A part of the document, and the pointer that leads to it (RFC 6901).
struct Part {
    pointer: String,
    content: &'static Value,
}

impl Part {
    fn document() -> Self {
        Self { pointer: String::new(), content: document() }
    }

    fn at(&self, name: &str) -> Self {
        let pointer = format!("{}/{}", self.pointer, name.replace('~', "~0").replace('/', "~1"));
        let content = document().pointer(&pointer).unwrap_or(&Value::Null);
        Self { pointer, content }
    }

    /// What it refers to, where it says nothing itself.
    fn followed(self) -> Self {
        let Some(reference) = self.content["$ref"].as_str() else { return self };
        let pointer = reference.trim_start_matches('#').to_owned();
        let content = document().pointer(&pointer).unwrap_or(&Value::Null);
        Self { pointer, content }
    }

    /// Holds a value against it, which is a schema.
    fn allows(&self, value: &Value) -> Result<(), String> {
        thread_local! {
            static COMPILED: RefCell<Compiled> = RefCell::default();
        }
        COMPILED.with_borrow_mut(|compiled| {
            let index = compiled.index(&self.pointer);
            compiled.schemas.validate(value, index).map_err(|fault| fault.to_string())
        })
    }
}

/// The path of the document that an address is of: one that names more of its parts goes before.
fn template(path: &str) -> Option<(&'static str, &'static Map<String, Value>)> {
    let paths = document()["paths"].as_object()?;
    // Each exchange is held against some two hundred of them: most differ in their second part.
    let fits = |template: &str| {
        let mut parts = path.split('/');
        let mut wanted = template.split('/');
        let fits = |wanted: &str| {
            let part = parts.next();
            part.is_some_and(|part| {
                if wanted.starts_with('{') { !part.is_empty() } else { part == wanted }
            })
        };
        wanted.all(fits) && parts.next().is_none()
    };
    let found = paths.iter().filter(|(template, _)| fits(template));
    let (template, operations) = found.min_by_key(|(template, _)| template.matches('{').count())?;
    Some((template, operations.as_object()?))
}

/// Whether an operation takes a site in its query.
pub(crate) fn asks_for_a_site(method: &str, path: &str) -> bool {
    let Some((_, operations)) = template(path) else { return false };
    let parameters = operations.get(&method.to_lowercase()).map(|it| &it["parameters"]);
    let parameters = parameters.and_then(Value::as_array).into_iter().flatten();
    parameters.into_iter().any(|known| known["in"] == "query" && known["name"] == "site")
}

/// Whether what is posted somewhere may name a site.
pub(crate) fn takes_a_site(path: &str) -> bool {
    let Some((template, _)) = template(path) else { return false };
    let operation = Part::document().at("paths").at(template).at("post");
    let body = operation.at("requestBody").at("content").at("application/json").at("schema");
    !body.followed().at("properties").at("site").content.is_null()
}

fn answered(operation: &Part, answer: &Answer) -> Result<(), String> {
    let response = operation.at("responses").at(&answer.status.to_string()).followed();
    if response.content.is_null() {
        return Err(format!("status {} is not one of its answers", answer.status));
    }
    let content = response.at("content");
    let Some(types) = content.content.as_object() else {
        let is_empty = answer.text.is_empty();
        return if is_empty { Ok(()) } else { Err("an answer without a body has one".to_owned()) };
    };
    let essence = essence(answer.headers.get("content-type").map(String::as_str));
    if !types.contains_key(&essence) {
        return Err(format!("{essence:?} is none of {:?}", types.keys().collect::<Vec<_>>()));
    }
    if essence != "application/json" {
        return Ok(());
    }
    let body: Value = serde_json::from_str(&answer.text).map_err(|error| error.to_string())?;
    let schema = content.at(&essence).at("schema");
    schema.allows(&body).map_err(|why| format!("answer {}: {why}", answer.status))
}

/// What was not refused is a body that the document knows.
fn sent(operation: &Part, request: &Exchanged<'_>) -> Result<(), String> {
    let known = operation.at("requestBody");
    if known.content.is_null() {
        // Who takes none looks at none.
        return Ok(());
    }
    if request.body.is_empty() {
        let needs = known.content["required"] == true;
        return if needs { Err("a body is needed, and none was sent".to_owned()) } else { Ok(()) };
    }
    let essence = essence(request.content_type);
    let of_type = known.at("content").at(&essence);
    if of_type.content.is_null() {
        return Err(format!("a body of {essence:?} was taken"));
    }
    if essence != "application/json" {
        return Ok(());
    }
    let body: Value = serde_json::from_slice(request.body).map_err(|error| error.to_string())?;
    of_type.at("schema").allows(&body).map_err(|why| format!("body: {why}"))
}

/// Parameters that were not refused are known, and those that are needed were there.
fn queried(operation: &Part, query: &str) -> Result<(), String> {
    let parameters = operation.at("parameters");
    let count = parameters.content.as_array().map_or(0, Vec::len);
    let all = (0..count).map(|place| parameters.at(&place.to_string()));
    let known: Vec<Part> = all.filter(|known| known.content["in"] == "query").collect();
    let pairs: Vec<(&str, &str)> = query
        .split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
        .collect();
    for (name, value) in &pairs {
        let Some(parameter) = known.iter().find(|known| known.content["name"] == *name) else {
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
        let schema = parameter.at("schema");
        if !value.iter().chain(&text).any(|value| schema.allows(value).is_ok()) {
            return Err(format!("parameter {name:?} was taken with {text:?}"));
        }
    }
    let missing = known.iter().filter(|known| known.content["required"] == true);
    let missing = missing.filter_map(|known| known.content["name"].as_str());
    match missing.into_iter().find(|name| pairs.iter().all(|pair| pair.0 != *name)) {
        Some(name) => Err(format!("parameter {name:?} was not needed")),
        None => Ok(()),
    }
}

fn essence(content_type: Option<&str>) -> String {
    let essence = content_type.and_then(|stated| stated.split(';').next()).unwrap_or_default();
    essence.trim().to_lowercase()
}

/// Where the compiler finds the document.
const DOCUMENT: &str = "memory:///document";

/// The schemas that values were held against so far.
struct Compiled {
    compiler: Compiler,
    schemas: Schemas,
    indices: HashMap<String, SchemaIndex>,
}

impl Default for Compiled {
    fn default() -> Self {
        let mut compiler = Compiler::new();
        compiler.set_default_draft(Draft::V2020_12);
        compiler.enable_format_assertions();
        compiler.add_resource(DOCUMENT, document().clone()).unwrap();
        Self { compiler, schemas: Schemas::new(), indices: HashMap::new() }
    }
}

impl Compiled {
    fn index(&mut self, pointer: &str) -> SchemaIndex {
        if let Some(known) = self.indices.get(pointer) {
            return *known;
        }
        let place = format!("{DOCUMENT}#{pointer}");
        let index = self.compiler.compile(&place, &mut self.schemas).unwrap();
        self.indices.insert(pointer.to_owned(), index);
        index
    }
}

#[test]
fn what_the_document_does_not_say_is_found() {
    let asked = |target| Exchanged { method: "GET", target, content_type: None, body: b"" };
    let answer = |status, content_type: &str, text: &str| Answer {
        status,
        headers: HashMap::from([("content-type".to_owned(), content_type.to_owned())]),
        cookies: Vec::new(),
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
