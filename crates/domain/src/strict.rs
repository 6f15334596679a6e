//! Strict reading of JSON objects: what is unknown, missing or wrong is named by its path.

use serde::de::DeserializeOwned;
use serde_json::Value;

/// What is wrong with a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FaultKind {
    /// It means nothing here.
    Unknown,
    /// It is needed and absent.
    Missing,
    /// Its value has the wrong type or cannot be.
    Value,
}

impl FaultKind {
    /// The code as programs see it.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Unknown => "unknown_field",
            Self::Missing => "missing_field",
            Self::Value => "invalid_value",
        }
    }
}

/// The first field at fault.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Path of the field, such as `retention.rawDays`; none where the whole object is at fault.
    pub field: Option<String>,
    /// What is wrong with it.
    pub kind: FaultKind,
    /// The same in words.
    pub message: String,
}

/// Reads an object.
///
/// # Errors
/// The first field at fault, or the whole when it is not an object.
pub fn read<T: DeserializeOwned>(value: &Value) -> Result<T, Fault> {
    if !value.is_object() {
        return Err(Fault {
            field: None,
            kind: FaultKind::Value,
            message: "expected a JSON object".into(),
        });
    }
    serde_path_to_error::deserialize(value).map_err(|error| {
        let path = error.path().to_string();
        fault(&path, error.into_inner().to_string())
    })
}

/// Places an error of serde: it names unknown and missing fields in its message, not in the path.
pub fn fault(path: &str, message: String) -> Fault {
    let named = |start: &str| message.strip_prefix(start)?.split('`').next();
    let (kind, name) = if let Some(name) = named("unknown field `") {
        (FaultKind::Unknown, name)
    } else if let Some(name) = named("missing field `") {
        (FaultKind::Missing, name)
    } else {
        (FaultKind::Value, "")
    };
    let field = match (path, name) {
        ("." | "", "") => None,
        ("." | "", name) => Some(name.to_owned()),
        (path, "") => Some(path.to_owned()),
        (path, name) if path.rsplit('.').next() == Some(name) => Some(path.to_owned()),
        (path, name) => Some(format!("{path}.{name}")),
    };
    Fault { field, kind, message }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;
    use serde_json::json;

    use super::*;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Outer {
        #[expect(dead_code, reason = "only its reading is tested")]
        inner: Inner,
    }

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Inner {
        #[expect(dead_code, reason = "only its reading is tested")]
        count: u8,
    }

    fn refused(value: &Value) -> (Option<String>, FaultKind) {
        let fault = read::<Outer>(value).unwrap_err();
        (fault.field, fault.kind)
    }

    #[test]
    fn each_fault_is_named_by_its_path() {
        let at = |path: &str| Some(path.to_owned());
        assert_eq!(refused(&json!({})), (at("inner"), FaultKind::Missing));
        assert_eq!(refused(&json!({"inner": {}})), (at("inner.count"), FaultKind::Missing));
        assert_eq!(refused(&json!({"inner": {"x": 1}})), (at("inner.x"), FaultKind::Unknown));
        assert_eq!(
            refused(&json!({"inner": {"count": "1"}})),
            (at("inner.count"), FaultKind::Value)
        );
        assert_eq!(refused(&json!([{"count": 1}])), (None, FaultKind::Value));
    }
}
