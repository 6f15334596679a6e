//! The audit log: changes, each with the fields that differ.

use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::{Map, Value};

use super::{TokenId, UserId};

/// A change that was made.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "sqlx", derive(sqlx::FromRow))]
#[serde(rename_all = "camelCase")]
pub struct AuditEntry {
    /// Counts up.
    pub id: i64,
    /// The time of the change.
    #[cfg_attr(feature = "sqlx", sqlx(rename = "at"))]
    pub timestamp: DateTime<Utc>,
    /// By whom: the name of a user, or `loopback` for whoever sat at the server while there was none.
    pub who: String,
    /// Id of the user; null where none acted.
    pub user_id: Option<UserId>,
    /// Id of the token by which a program acted for the user.
    pub token_id: Option<TokenId>,
    /// The address from which the request came; null after 90 days.
    pub address: Option<String>,
    /// Slug of the site; null for changes of the whole installation.
    pub site: Option<String>,
    /// The kind of change, such as `meter_exchange.create`.
    pub action: String,
    /// The changed object, such as `meter:12`.
    pub subject: String,
    /// The fields that differ as they were; null where the object is new.
    pub before: Option<Value>,
    /// The fields that differ as they are since; null where the object is gone.
    pub after: Option<Value>,
    /// Why, in the words of whoever made the change.
    pub reason: Option<String>,
}

/// Fields whose texts are secret or personal. The log holds their names, with [`HIDDEN`] for the value.
const PRIVATE: &[&str] =
    &["address", "addresses", "displayName", "email", "headers", "password", "sealed", "token"];
const HIDDEN: &str = "(hidden)";

/// The fields in which an object differs before and after a change.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Difference {
    pub before: Option<Value>,
    pub after: Option<Value>,
}

impl Difference {
    /// Compares an object before and after a change; objects within it are compared by their fields.
    pub fn between(before: &impl Serialize, after: &impl Serialize) -> Self {
        let nothing = || Value::Object(Map::new());
        let (before, after) = (as_value(before), as_value(after));
        let (before, after) = differing(&before, &after).unwrap_or((nothing(), nothing()));
        Self { before: Some(public(before)), after: Some(public(after)) }
    }

    /// All fields of a new object.
    pub fn created(after: &impl Serialize) -> Self {
        Self { before: None, after: Some(public(as_value(after))).filter(|value| !value.is_null()) }
    }

    /// All fields of an object that is gone.
    pub fn removed(before: &impl Serialize) -> Self {
        Self { before: Self::created(before).after, after: None }
    }
}

fn as_value(object: &impl Serialize) -> Value {
    serde_json::to_value(object).unwrap_or_default()
}

/// Both values cut down to the fields that differ; none where they are equal. An absent field counts as null.
fn differing(before: &Value, after: &Value) -> Option<(Value, Value)> {
    let (Value::Object(old), Value::Object(new)) = (before, after) else {
        return (before != after).then(|| (before.clone(), after.clone()));
    };
    let (mut was, mut is) = (Map::new(), Map::new());
    for name in old.keys().chain(new.keys().filter(|name| !old.contains_key(*name))) {
        let of = |fields: &Map<String, Value>| fields.get(name).cloned().unwrap_or_default();
        if let Some((old, new)) = differing(&of(old), &of(new)) {
            was.insert(name.clone(), old);
            is.insert(name.clone(), new);
        }
    }
    (!was.is_empty()).then_some((was.into(), is.into()))
}

/// A value with the texts of private fields hidden; one that is not set stays null.
fn public(value: Value) -> Value {
    let hidden = |name: &str, value: Value| match value {
        Value::Null | Value::Bool(_) | Value::Number(_) => value,
        _ if PRIVATE.contains(&name) => HIDDEN.into(),
        value => public(value),
    };
    match value {
        Value::Object(fields) => {
            fields.into_iter().map(|(name, value)| (name.clone(), hidden(&name, value))).collect()
        }
        Value::Array(items) => items.into_iter().map(public).collect(),
        value => value,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn only_fields_that_differ_are_kept() {
        let before = json!({"name": "A", "kept": {"rawDays": 90, "dailyDays": 9}, "level": 1});
        let after = json!({"name": "B", "kept": {"rawDays": 30, "dailyDays": 9}, "level": 1,
            "site": "x"});
        assert_eq!(
            Difference::between(&before, &after),
            Difference {
                before: Some(json!({"name": "A", "kept": {"rawDays": 90}, "site": null})),
                after: Some(json!({"name": "B", "kept": {"rawDays": 30}, "site": "x"})),
            }
        );
        let same = Difference::between(&after, &after);
        assert_eq!((same.before, same.after), (Some(json!({})), Some(json!({}))));
    }

    #[test]
    fn secrets_and_personal_values_appear_as_names_alone() {
        let before = json!({"email": null, "devices": [{"password": "one"}], "password": true});
        let after = json!({"email": "a@b.c", "devices": [{"password": "two"}], "password": false});
        assert_eq!(
            Difference::between(&before, &after),
            Difference {
                before: Some(
                    json!({"email": null, "devices": [{"password": HIDDEN}], "password": true})
                ),
                after: Some(
                    json!({"email": HIDDEN, "devices": [{"password": HIDDEN}], "password": false})
                ),
            }
        );
        assert_eq!(Difference::removed(&()), Difference::default());
    }
}
