//! Changes that rest on what somebody saw: nobody's change in between is lost.

use domain::operation::request::ChangeRefusal;
use serde::Serialize;
use serde_json::Value;

use crate::Error;
use crate::patch::Patch;

/// The field of a change that holds what whoever made it saw: of some of its fields the value then.
const EXPECTED: &str = "expected";

/// Takes what was seen out of a change and holds it against what is there. What the change leaves as it
/// was seen is not part of it; what it sets and somebody else set otherwise meanwhile is a conflict.
///
/// # Errors
/// `changed_meanwhile` with the field, and what was seen, is there, and was sent.
pub(crate) fn settle<T>(current: &impl Serialize, patch: &mut Patch<T>) -> Result<(), Error> {
    let patch = &mut patch.fields;
    let seen = match patch.remove(EXPECTED) {
        None | Some(Value::Null) => return Ok(()),
        Some(Value::Object(seen)) => seen,
        Some(_) => return Err(Error::invalid(EXPECTED, ChangeRefusal::SeenNoObject)),
    };
    let current = serde_json::to_value(current).unwrap_or_default();
    for (name, seen) in seen {
        let Some(now) = current.get(&name) else {
            let field = format!("{EXPECTED}.{name}");
            return Err(Error::invalid(field, ChangeRefusal::SeenNoField));
        };
        let Some(sent) = patch.get(&name) else { continue };
        if is_same(sent, &seen) {
            patch.remove(&name);
        } else if !is_same(now, &seen) && !is_same(now, sent) {
            let (seen, now, sent) = (seen.to_string(), now.to_string(), sent.to_string());
            let refusal = ChangeRefusal::Meanwhile { name: name.clone(), seen, now, sent };
            return Err(Error::conflict("changed_meanwhile", refusal).at(name));
        }
    }
    Ok(())
}

/// Whether two values say the same: 1 and 1.0 do, and so do a text that is empty and none.
fn is_same(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Number(one), Value::Number(other)) => one.as_f64() == other.as_f64(),
        (Value::Null, Value::String(text)) | (Value::String(text), Value::Null) => text.is_empty(),
        (Value::Object(one), Value::Object(other)) => {
            // A patch may say a part of an object.
            let shared = one.iter().filter_map(|(name, value)| Some((value, other.get(name)?)));
            shared.into_iter().all(|(one, other)| is_same(one, other))
        }
        (one, other) => one == other,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn settled(now: &Value, patch: Value) -> Result<Value, Error> {
        let mut patch: Patch<()> = serde_json::from_value(patch).unwrap();
        settle(now, &mut patch)?;
        Ok(Value::Object(patch.fields))
    }

    #[test]
    fn what_was_left_as_it_was_seen_does_not_undo_the_change_of_another() {
        let now = json!({"area": "Hall 2", "level": 3});
        let patch = json!({"area": "Hall 1", "level": 4.0,
            "expected": {"area": "Hall 1", "level": 3}});
        assert_eq!(settled(&now, patch).unwrap(), json!({"level": 4.0}));
    }

    #[test]
    fn two_values_for_one_field_are_both_told() {
        let now = json!({"area": "Hall 2"});
        let patch = json!({"area": "Hall 3", "expected": {"area": "Hall 1"}});
        let refused = settled(&now, patch).unwrap_err();
        assert!(matches!(refused, Error::Conflict { code: "changed_meanwhile", .. }));
        let message = refused.to_string();
        assert!(["Hall 1", "Hall 2", "Hall 3"].iter().all(|hall| message.contains(hall)));
    }

    #[test]
    fn the_same_change_twice_is_none() {
        let patch = json!({"area": "Hall 2", "expected": {"area": "Hall 1"}});
        assert!(settled(&json!({"area": "Hall 2"}), patch).is_ok());
        let patch = json!({"area": null, "expected": {"area": ""}});
        assert_eq!(settled(&json!({"area": "Hall 2"}), patch).unwrap(), json!({}));
    }
}
