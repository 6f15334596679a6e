//! Changes to JSON documents.

use serde_json::{Map, Value};

/// Applies a merge patch (RFC 7396): what is absent stays, null removes, objects are merged.
pub fn merge(target: &mut Value, patch: Value) {
    let Value::Object(patch) = patch else {
        *target = patch;
        return;
    };
    if !target.is_object() {
        *target = Value::Object(Map::new());
    }
    let Value::Object(fields) = target else { return };
    for (name, value) in patch {
        if value.is_null() {
            fields.remove(&name);
        } else {
            merge(fields.entry(name).or_insert(Value::Null), value);
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_example_of_the_merge_patch_standard() {
        let mut target = json!({"a": "b", "c": {"d": "e", "f": "g"}});
        merge(&mut target, json!({"a": "z", "c": {"f": null}}));
        assert_eq!(target, json!({"a": "z", "c": {"d": "e"}}));
    }

    #[test]
    fn lists_are_replaced_and_plain_values_give_way_to_objects() {
        let mut target = json!({"list": [1, 2], "plain": 1});
        merge(&mut target, json!({"list": [3], "plain": {"a": 1, "b": null}}));
        assert_eq!(target, json!({"list": [3], "plain": {"a": 1}}));
    }
}
