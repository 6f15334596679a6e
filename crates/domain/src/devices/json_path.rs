//! Places in JSON documents.

use serde_json::Value;

use super::SettingError;
use super::reason::answer::NoValue;
use super::refusal::ValueRefusal;

/// The place of one value in a JSON document (RFC 9535), such as `$.emeters[0].power`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JsonPath(serde_json_path::JsonPath);

/// A path is read and followed by recursion, and each part that leads to several values multiplies what is looked at:
/// one that is longer or deeper, or has more of these, leads to no single value of a meter.
const LONGEST: usize = 500;
const DEEPEST: usize = 16;

/// How deep brackets stand in one another; those in quotes count, too.
fn depth(text: &str) -> usize {
    let mut depth = 0_usize;
    let mut deepest = 0;
    for character in text.chars() {
        match character {
            '(' | '[' | '!' => depth += 1,
            ')' | ']' => depth = depth.saturating_sub(1),
            _ => {}
        }
        deepest = deepest.max(depth);
    }
    deepest
}

/// How many parts lead to several values; those in quotes count, too.
fn many(text: &str) -> usize {
    text.matches("..").count() + text.matches(['*', '?']).count()
}

/// The place that a setting states, where it states one.
///
/// # Errors
/// What is wrong with it, at the setting `at`.
pub(super) fn at(at: &str, text: Option<&str>) -> Result<Option<JsonPath>, SettingError> {
    text.map(JsonPath::parse).transpose().map_err(|why| SettingError::new(at, why))
}

impl JsonPath {
    /// Reads a path.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn parse(text: &str) -> Result<Self, ValueRefusal> {
        if text.len() > LONGEST || depth(text) > DEEPEST || many(text) > 1 {
            let begin: String = text.chars().take(40).collect();
            let (longest, deepest) = (LONGEST, DEEPEST);
            return Err(ValueRefusal::NoPlace { path: begin, longest, deepest });
        }
        serde_json_path::JsonPath::parse(text)
            .map(Self)
            .map_err(|error| ValueRefusal::NoPath { path: text.to_owned(), why: error.to_string() })
    }

    /// The value that stands there; none where there is nothing, or null.
    ///
    /// # Errors
    /// When the path leads to several values.
    pub fn find<'a>(&self, document: &'a Value) -> Result<Option<&'a Value>, NoValue> {
        match self.0.query(document).at_most_one() {
            Ok(found) => Ok(found.filter(|value| !value.is_null())),
            Err(_) => Err(NoValue::Several { path: self.0.to_string() }),
        }
    }
}

impl std::fmt::Display for JsonPath {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_path_leads_to_one_value_or_to_none() {
        let document = json!({"emeters": [{"power": 5}, {"power": null}], "em:0": {"a": 1}});
        let at = |path: &str| {
            JsonPath::parse(path).unwrap().find(&document).map(Option::<&Value>::cloned)
        };
        assert_eq!(at("$.emeters[0].power"), Ok(Some(json!(5))));
        assert_eq!(at("$['em:0'].a"), Ok(Some(json!(1))));
        assert_eq!(at("$.emeters[1].power"), Ok(None));
        assert_eq!(at("$.emeters[2].power"), Ok(None));
        assert!(at("$.emeters[*].power").unwrap_err().to_string().contains("several"));
    }

    #[test]
    fn a_path_that_would_take_all_memory_or_the_whole_stack_is_refused() {
        let deep = format!("$[?{}@.a{}]", "(".repeat(800), ")".repeat(800));
        let nots = format!("$[?{}@.a]", "!".repeat(400));
        let long = format!("$.{}", "a.".repeat(400) + "b");
        for wrong in [deep.as_str(), &nots, &long, "$..*..*..*", "$.a[*].b[*]", "$..[?@.a]"] {
            assert!(
                JsonPath::parse(wrong).unwrap_err().to_string().contains("one value"),
                "{wrong}"
            );
        }
        for right in ["$.emeters[?@.id==0].power", "$..power", "$['a.b'][0]['c']"] {
            JsonPath::parse(right).unwrap();
        }
    }

    #[test]
    fn what_is_no_path_is_named() {
        for wrong in ["power", "$.", "", "$[power]"] {
            assert!(JsonPath::parse(wrong).unwrap_err().to_string().contains(wrong), "{wrong}");
        }
    }
}
