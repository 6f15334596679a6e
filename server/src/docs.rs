//! The reference page: the OpenAPI document as plain HTML, without scripts.

use std::fmt::Write as _;

use serde_json::Value;

/// The page's style.
pub(crate) const STYLE: &str = "\
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { max-width: 60rem; margin: 0 auto; padding: 1rem; }
details { border-top: 1px solid color-mix(in srgb, currentColor 20%, transparent); padding: .4rem 0; }
summary { cursor: pointer; }
code { font: .9em ui-monospace, monospace; overflow-wrap: anywhere; }
dt { margin-top: .4rem; }
dd { margin-left: 1.5rem; }
.method { display: inline-block; min-width: 4.5rem; font-weight: 600; }
";

/// The page of a document.
pub(crate) fn page(document: &Value) -> String {
    let mut html = String::from(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width\"><title>Wattlens API</title>\
         <link rel=\"stylesheet\" href=\"/api/docs/style.css\"></head><body><h1>Wattlens API</h1>\
         <p>Answers are <code>{\"success\":true,\"data\":…}</code>, lists with <code>count</code> and \
         <code>nextCursor</code>; refusals <code>{\"success\":false,\"error\":{\"code\",\"message\",\"field\"}}\
         </code>. The same as <a href=\"/api/openapi.json\">OpenAPI 3.1</a>.</p><h2>Calls</h2>",
    );
    for (path, methods) in document["paths"].as_object().into_iter().flatten() {
        for (method, operation) in methods.as_object().into_iter().flatten() {
            call(&mut html, path, method, operation);
        }
    }
    html.push_str("<h2>Objects</h2>");
    for (name, schema) in document["components"]["schemas"].as_object().into_iter().flatten() {
        let _ = write!(
            html,
            "<details id=\"{0}\"><summary><code>{0}</code> {1}</summary>",
            escaped(name),
            text(&schema["description"])
        );
        fields(&mut html, schema);
        html.push_str("</details>");
    }
    html.push_str("</body></html>");
    html
}

fn call(html: &mut String, path: &str, method: &str, operation: &Value) {
    let _ = write!(
        html,
        "<details><summary><code class=\"method\">{}</code> <code>{}</code> {}</summary><p>{}</p><dl>",
        method.to_uppercase(),
        escaped(path),
        text(&operation["summary"]),
        text(&operation["description"]),
    );
    for parameter in operation["parameters"].as_array().into_iter().flatten() {
        let _ = write!(
            html,
            "<dt><code>{}</code> {}</dt><dd>{}</dd>",
            text(&parameter["name"]),
            text(&parameter["in"]),
            text(&parameter["description"]),
        );
    }
    html.push_str("</dl>");
    let body = &operation["requestBody"]["content"]["application/json"]["schema"];
    if !body.is_null() {
        let _ = write!(html, "<p>Takes {}</p>", kind(body));
        fields(html, body);
    }
    for (status, answer) in operation["responses"].as_object().into_iter().flatten() {
        let whole = &answer["content"]["application/json"]["schema"];
        let data = &whole["properties"]["data"];
        let (object, beside) =
            if data.is_null() { (whole, ", outside the envelope") } else { (data, "") };
        if !object.is_null() {
            let _ = write!(html, "<p>Answers {}: {}{beside}</p>", escaped(status), kind(object));
        }
    }
    html.push_str("</details>");
}

fn fields(html: &mut String, schema: &Value) {
    html.push_str("<dl>");
    for (name, field) in schema["properties"].as_object().into_iter().flatten() {
        let _ = write!(
            html,
            "<dt><code>{}</code> {}</dt><dd>{}</dd>",
            escaped(name),
            kind(field),
            text(&field["description"]),
        );
    }
    html.push_str("</dl>");
}

/// What a schema takes, in a word or two; objects lead to their description.
fn kind(schema: &Value) -> String {
    if let Some(name) = schema["$ref"].as_str().and_then(|path| path.rsplit('/').next()) {
        let name = escaped(name);
        return format!("<a href=\"#{name}\"><code>{name}</code></a>");
    }
    for choice in ["anyOf", "oneOf"] {
        if let Some(choices) = schema[choice].as_array() {
            return choices.iter().map(kind).collect::<Vec<_>>().join(" or ");
        }
    }
    if !schema["const"].is_null() {
        return escaped(&schema["const"].to_string());
    }
    if let Some(words) = schema["enum"].as_array() {
        return words.iter().map(text).collect::<Vec<_>>().join(", ");
    }
    match &schema["type"] {
        Value::String(word) if word == "array" => format!("list of {}", kind(&schema["items"])),
        Value::String(word) => escaped(word),
        Value::Array(words) => words.iter().map(text).collect::<Vec<_>>().join(" or "),
        _ => "any".to_owned(),
    }
}

fn text(value: &Value) -> String {
    escaped(value.as_str().unwrap_or_default())
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
