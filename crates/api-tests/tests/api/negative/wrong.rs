//! Requests that are wrong in one way or another, made from the document of the API.

use rand::rngs::StdRng;
use rand::seq::IndexedRandom as _;
use rand::{Rng as _, SeedableRng as _};
use serde_json::{Map, Value, json};

use crate::Request;

/// How deep made values are nested at most.
const DEEPEST: u32 = 6;
/// Characters of a parameter at most.
const LONGEST: usize = 1_000;

/// Texts that something somewhere may stumble over.
const TEXTS: &[&str] = &[
    "",
    " ",
    "0",
    "-1",
    "1",
    "9223372036854775807",
    "99999999999999999999",
    "1e400",
    "NaN",
    "null",
    "default",
    "world",
    "H-1",
    "number:H-1",
    "number:",
    "../../etc/passwd",
    "'; DROP TABLE sites; --",
    "%s%n",
    "\u{0}",
    "\u{feff}a",
    "\u{202e}abc",
    "ä😀\u{0301}",
    "<script>alert(1)</script>",
    "=1+1",
    "2026-05-01",
    "2026-13-45",
    "2026-05-01T00:00:00Z",
    "2026-05-01T00:00:00+23:59",
    "1899-12-31T23:59:59Z",
    "1970-01-01T00:00:00Z",
    "0000-01-01T00:00:00Z",
    "9999-12-31T23:59:59.999999999Z",
    "+262143-12-31T23:59:59Z",
    "2026-05",
    "9999-12",
    "Europe/Berlin",
    "EUR",
    "http://127.0.0.1:1/",
    "postgres://",
    "15m",
    "1h",
    "month",
];

const NUMBERS: &[f64] = &[
    0.0,
    -0.0,
    -1.0,
    0.1,
    1.0,
    59.0,
    1e6,
    -1e9,
    2_147_483_648.0,
    9_007_199_254_740_993.0,
    1e19,
    6e27,
    1e300,
    f64::MAX,
    f64::MIN_POSITIVE,
];

/// What makes wrong requests, the same ones from the same seed.
pub(super) struct Wrong<'a> {
    random: StdRng,
    schemas: &'a Value,
}

impl<'a> Wrong<'a> {
    pub(super) fn new(document: &'a Value, seed: u64) -> Self {
        let schemas = &document["components"]["schemas"];
        Self { random: StdRng::seed_from_u64(seed), schemas }
    }

    /// A request of an operation.
    pub(super) fn request(&mut self, method: &str, path: &str, operation: &Value) -> Request {
        let mut path = self.path(path);
        path.push_str(&self.query(operation));
        let request = Request::new(&method.to_uppercase(), &path);
        let request = match self.random.random_range(0..20) {
            0 => request.header("Accept", "text/html"),
            1 => request.header("Accept-Encoding", "gzip, br, zstd"),
            2 => request.header("If-None-Match", "\"x\""),
            3 => request.header("Range", "bytes=0-1,5-"),
            4 => request.header("Last-Event-ID", "999999999999999999999"),
            _ => request,
        };
        let schema = &operation["requestBody"]["content"]["application/json"]["schema"];
        if schema.is_null() && method == "get" {
            return request;
        }
        match self.random.random_range(0..10) {
            0 => self.malformed(request),
            1 => request.header("Content-Type", "text/plain").body("a=1"),
            _ => {
                let body = self.value(schema, 0);
                let body = if self.random.random_bool(0.1) { json!([body]) } else { body };
                request.json(&body)
            }
        }
    }

    fn malformed(&mut self, request: Request) -> Request {
        let deep = "[".repeat(100_000);
        let bodies: [&[u8]; 8] = [
            b"",
            b"{",
            b"{\"a\":1e400}",
            b"{\"a\":\"\xff\xfe\"}",
            b"{\"a\":1,\"a\":2}",
            b"\"\\ud800\"",
            b"[{},{},",
            deep.as_bytes(),
        ];
        let body = bodies.choose(&mut self.random).copied().unwrap_or_default().to_vec();
        request.header("Content-Type", "application/json").body(body)
    }

    fn path(&mut self, path: &str) -> String {
        let parts = path.split('/').map(|part| {
            if !part.starts_with('{') {
                return part.to_owned();
            }
            let word = self.word();
            encoded(if word.is_empty() { "-" } else { word })
        });
        parts.collect::<Vec<_>>().join("/")
    }

    fn query(&mut self, operation: &Value) -> String {
        let parameters = operation["parameters"].as_array().map(Vec::as_slice).unwrap_or_default();
        let mut query = Vec::new();
        for parameter in parameters.iter().filter(|parameter| parameter["in"] == "query") {
            if self.random.random_bool(0.4) {
                let name = parameter["name"].as_str().unwrap_or_default();
                let value = match self.value(&parameter["schema"], 0) {
                    Value::String(text) => text,
                    other => other.to_string(),
                };
                // Of an address that is too long nothing is read.
                let value: String = value.chars().take(LONGEST).collect();
                query.push(format!("{name}={}", encoded(&value)));
            }
        }
        if self.random.random_bool(0.05) {
            query.push(format!("{}={}", encoded(self.word()), encoded(self.word())));
        }
        if query.is_empty() { String::new() } else { format!("?{}", query.join("&")) }
    }

    fn word(&mut self) -> &'static str {
        TEXTS.choose(&mut self.random).copied().unwrap_or_default()
    }

    /// A value that is about what a schema wants.
    fn value(&mut self, schema: &Value, depth: u32) -> Value {
        if depth > DEEPEST || self.random.random_bool(0.08) {
            return self.anything(depth);
        }
        if let Some(name) = schema["$ref"].as_str().and_then(|path| path.rsplit('/').next()) {
            let schemas = self.schemas;
            return self.value(&schemas[name], depth + 1);
        }
        for choice in ["oneOf", "anyOf"] {
            if let Some(choices) = schema[choice].as_array() {
                let one = choices.choose(&mut self.random).cloned().unwrap_or_default();
                return self.value(&one, depth + 1);
            }
        }
        if let Some(all) = schema["allOf"].as_array().and_then(|all| all.first()) {
            return self.value(&all.clone(), depth + 1);
        }
        if let Some(words) = schema["enum"].as_array() {
            return words.choose(&mut self.random).cloned().unwrap_or_default();
        }
        if !schema["const"].is_null() {
            return schema["const"].clone();
        }
        let kind = match &schema["type"] {
            Value::Array(kinds) => kinds.choose(&mut self.random).cloned().unwrap_or_default(),
            kind => kind.clone(),
        };
        match kind.as_str() {
            Some("object") => self.object(schema, depth),
            Some("array") => {
                let count = self.random.random_range(0..3);
                (0..count).map(|_| self.value(&schema["items"], depth + 1)).collect()
            }
            Some("string") => Value::String(self.text()),
            Some("number" | "integer") => self.number(),
            Some("boolean") => self.random.random_bool(0.5).into(),
            Some("null") => Value::Null,
            _ => self.anything(depth),
        }
    }

    fn object(&mut self, schema: &Value, depth: u32) -> Value {
        let mut object = Map::new();
        for (name, of) in schema["properties"].as_object().into_iter().flatten() {
            let is_needed =
                schema["required"].as_array().is_some_and(|all| all.contains(&json!(name)));
            if self.random.random_bool(if is_needed { 0.95 } else { 0.3 }) {
                object.insert(name.clone(), self.value(of, depth + 1));
            }
        }
        if self.random.random_bool(0.05) {
            object.insert(self.text(), self.anything(depth + 1));
        }
        Value::Object(object)
    }

    fn text(&mut self) -> String {
        if self.random.random_bool(0.03) {
            return "long ".repeat(20_000);
        }
        self.word().to_owned()
    }

    fn number(&mut self) -> Value {
        let number = NUMBERS.choose(&mut self.random).copied().unwrap_or_default();
        if self.random.random_bool(0.4) {
            return json!(self.random.random_range(-3..200_i64));
        }
        json!(number)
    }

    fn anything(&mut self, depth: u32) -> Value {
        match self.random.random_range(0..8) {
            0 => Value::Null,
            1 => true.into(),
            2 | 3 => self.number(),
            4 | 5 => Value::String(self.text()),
            6 if depth < DEEPEST => json!([self.anything(depth + 1), self.anything(depth + 1)]),
            7 if depth < DEEPEST => {
                let mut object = Map::new();
                object.insert(self.text(), self.anything(depth + 1));
                Value::Object(object)
            }
            _ => json!([]),
        }
    }
}

/// As a part of an address.
fn encoded(text: &str) -> String {
    let byte = |byte: u8| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b':' => {
            char::from(byte).to_string()
        }
        _ => format!("%{byte:02X}"),
    };
    text.bytes().map(byte).collect()
}
