//! The simplest of Home Assistant's templates, as paths.

use domain::devices::reason::look::Unusable;

use crate::json::excerpt;

/// Filters that change nothing about a number that is there, but for digits that nobody reads.
const HARMLESS: [&str; 5] = ["float", "int", "round", "default", "is_defined"];

/// The place that a template reads; none for the whole message.
///
/// Understood are `{{ value }}`, `{{ value_json.a['b'][0] }}`, and the same with `| float`.
///
/// # Errors
/// When the template does more than that.
pub(super) fn path(template: &str) -> Result<Option<String>, Unusable> {
    let refused = || Unusable::Template { template: excerpt(template) };
    let inner = template.trim().strip_prefix("{{").and_then(|rest| rest.strip_suffix("}}"));
    let mut parts = inner.ok_or_else(refused)?.split('|').map(str::trim);
    let source = parts.next().unwrap_or_default();
    let harmless = |filter: &str| {
        let name = filter.split('(').next().unwrap_or_default().trim();
        HARMLESS.contains(&name) && (filter == name || filter.ends_with(')'))
    };
    if !parts.all(harmless) {
        return Err(refused());
    }
    if source == "value" {
        return Ok(None);
    }
    let mut rest = source.strip_prefix("value_json").filter(|rest| !rest.is_empty());
    let mut path = "$".to_owned();
    while let Some(left) = rest.filter(|left| !left.is_empty()) {
        let (step, after) = step(left).ok_or_else(refused)?;
        path.push_str(&step);
        rest = Some(after);
    }
    rest.map(|_| Some(path)).ok_or_else(refused)
}

/// The first step of `.a['b'][0]` as a path writes it, and what follows.
fn step(text: &str) -> Option<(String, &str)> {
    if let Some(text) = text.strip_prefix('.') {
        let end = text.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(text.len());
        let (name, after) = text.split_at(end);
        return (!name.is_empty()).then(|| (format!("['{name}']"), after));
    }
    let (inside, after) = text.strip_prefix('[')?.split_once(']')?;
    let quoted = |mark: char| inside.strip_prefix(mark)?.strip_suffix(mark);
    let step = match quoted('\'').or_else(|| quoted('"')) {
        Some(name) if !name.contains(['\'', '"', '\\']) => format!("['{name}']"),
        _ => format!("[{}]", inside.parse::<u16>().ok()?),
    };
    Some((step, after))
}

#[cfg(test)]
mod tests {
    use domain::devices::JsonPath;

    use super::*;

    #[test]
    fn a_template_that_reads_a_value_is_a_path() {
        for (template, expected) in [
            ("{{ value_json.power }}", Some("$['power']")),
            ("{{value_json['ENERGY'].Power[1] | float}}", Some("$['ENERGY']['Power'][1]")),
            ("{{ value_json.a.b_c | float(0) | is_defined }}", Some("$['a']['b_c']")),
            ("{{ value_json[\"em:0\"].act }}", Some("$['em:0']['act']")),
            ("{{ value_json.a | default(0) | round(1) }}", Some("$['a']")),
            ("{{ value }}", None),
            ("{{ value | float }}", None),
        ] {
            let found = path(template).unwrap();
            assert_eq!(found.as_deref(), expected, "{template}");
            assert!(found.is_none_or(|path| JsonPath::parse(&path).is_ok()), "{template}");
        }
    }

    #[test]
    fn anything_else_is_refused() {
        for template in [
            "{{ value_json.a * 2 }}",
            "{{ value_json.a | float * 2 }}",
            "{% if value_json.a %}1{% endif %}",
            "{{ states('sensor.x') }}",
            "{{ value_json }}",
            "{{ value_json. }}",
            "{{ value_json['a }}",
            "{{ }}",
            "",
        ] {
            let refused = path(template);
            assert!(refused.is_err(), "{template}: {refused:?}");
        }
    }
}
