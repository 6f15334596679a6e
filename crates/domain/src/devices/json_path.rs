//! Places in JSON documents.

use serde::{Deserialize, Deserializer, de};
use serde_json::Value;

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

impl JsonPath {
    /// Reads a path.
    ///
    /// # Errors
    /// What is wrong with it, in words.
    pub fn parse(text: &str) -> Result<Self, String> {
        if text.len() > LONGEST || depth(text) > DEEPEST || many(text) > 1 {
            let begin: String = text.chars().take(40).collect();
            return Err(format!(
                "`{begin}` is not the place of one value: give at most {LONGEST} characters, brackets at most \
                 {DEEPEST} deep, and one of `..`, `*` and `?` at most"
            ));
        }
        serde_json_path::JsonPath::parse(text).map(Self).map_err(|error| {
            format!("`{text}` is not a JSONPath, such as $.emeters[0].power: {error}")
        })
    }

    /// The value that stands there; none where there is nothing, or null.
    ///
    /// # Errors
    /// When the path leads to several values, in words.
    pub fn find<'a>(&self, document: &'a Value) -> Result<Option<&'a Value>, String> {
        match self.0.query(document).at_most_one() {
            Ok(found) => Ok(found.filter(|value| !value.is_null())),
            Err(_) => Err(format!("{} leads to several values: make it lead to one", self.0)),
        }
    }
}

impl std::fmt::Display for JsonPath {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

impl<'de> Deserialize<'de> for JsonPath {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::parse(&String::deserialize(deserializer)?).map_err(de::Error::custom)
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
        assert!(at("$.emeters[*].power").unwrap_err().contains("several"));
    }

    #[test]
    fn a_path_that_would_take_all_memory_or_the_whole_stack_is_refused() {
        let deep = format!("$[?{}@.a{}]", "(".repeat(800), ")".repeat(800));
        let nots = format!("$[?{}@.a]", "!".repeat(400));
        let long = format!("$.{}", "a.".repeat(400) + "b");
        for wrong in [deep.as_str(), &nots, &long, "$..*..*..*", "$.a[*].b[*]", "$..[?@.a]"] {
            assert!(JsonPath::parse(wrong).unwrap_err().contains("one value"), "{wrong}");
        }
        for right in ["$.emeters[?@.id==0].power", "$..power", "$['a.b'][0]['c']"] {
            JsonPath::parse(right).unwrap();
        }
    }

    #[test]
    fn what_is_no_path_is_named() {
        for wrong in ["power", "$.", "", "$[power]"] {
            assert!(JsonPath::parse(wrong).unwrap_err().contains(wrong), "{wrong}");
        }
    }
}
