//! Places in JSON documents.

use serde::{Deserialize, Deserializer, de};
use serde_json::Value;

/// The place of one value in a JSON document (RFC 9535), such as `$.emeters[0].power`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JsonPath(serde_json_path::JsonPath);

impl JsonPath {
    /// Reads a path.
    ///
    /// # Errors
    /// What is wrong with it, in words.
    pub fn parse(text: &str) -> Result<Self, String> {
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
    fn what_is_no_path_is_named() {
        for wrong in ["power", "$.", "", "$[power]"] {
            assert!(JsonPath::parse(wrong).unwrap_err().contains(wrong), "{wrong}");
        }
    }
}
