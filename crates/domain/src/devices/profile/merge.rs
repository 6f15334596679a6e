//! What a person writes, over what the profile says.

use std::borrow::Cow;

use serde_json::{Map, Value};

use super::{all, find};
use crate::devices::refusal::ProfileRefusal;
use crate::devices::{Protocol, SHORT, SettingError};
use crate::patch;

/// The settings as they hold: those of the profile that `communication.profile` names, with the
/// others merged over them (RFC 7396: null takes one away). Settings without a profile stay as they
/// are.
///
/// # Errors
/// When the profile is not known, or is one of another protocol.
pub fn settings(protocol: Protocol, written: &Value) -> Result<Cow<'_, Value>, SettingError> {
    let Some((fields, name)) = written
        .as_object()
        .and_then(|fields| Some((fields, fields.get("profile").filter(|name| !name.is_null())?)))
    else {
        return Ok(Cow::Borrowed(written));
    };
    let unknown = || {
        let (profile, usable) = (name.to_string(), of(protocol));
        SettingError::new("profile", ProfileRefusal::Unknown { profile, usable })
    };
    let profile = name.as_str().and_then(find).ok_or_else(unknown)?;
    if profile.protocol != protocol {
        let refused = ProfileRefusal::OfOther {
            profile: profile.id.clone(),
            protocol: profile.protocol.as_str(),
            spoken: protocol.as_str(),
            usable: of(protocol),
        };
        return Err(SettingError::new("profile", refused));
    }
    let mut whole = profile.communication.clone();
    let mut own = fields.clone();
    own.remove("profile");
    drop_renamed(&mut whole, &own);
    patch::merge(&mut whole, Value::Object(own));
    Ok(Cow::Owned(whole))
}

/// A register under a name of the guide takes the place of the profile's for the same field.
fn drop_renamed(whole: &mut Value, own: &Map<String, Value>) {
    let Some(own) = own.get("registers").and_then(Value::as_object) else { return };
    let Some(registers) = whole.get_mut("registers").and_then(Value::as_object_mut) else { return };
    for (short, field) in SHORT {
        if own.contains_key(short) {
            registers.remove(field.json());
        }
    }
}

/// The ids of a protocol's profiles.
fn of(protocol: Protocol) -> String {
    let ids = all().iter().filter(|profile| profile.protocol == protocol);
    ids.map(|profile| profile.id.as_str()).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::devices::Communication;

    #[test]
    fn without_a_profile_settings_stay_as_they_are() {
        let written = json!({"host": "h", "registers": {"power": 1}});
        assert!(matches!(settings(Protocol::Modbus, &written), Ok(Cow::Borrowed(_))));
        assert!(matches!(settings(Protocol::Modbus, &json!(7)), Ok(Cow::Borrowed(_))));
    }

    #[test]
    fn own_settings_hold_over_the_profiles() {
        let written = json!({"profile": "abb-b23", "host": "h", "unitId": 5, "registers": {
            "power": 9, "voltageL1": {"scale": 1}, "voltageL2": null}});
        let whole = settings(Protocol::Modbus, &written).unwrap();
        assert_eq!((&whole["host"], &whole["unitId"]), (&json!("h"), &json!(5)));
        assert_eq!(whole.get("profile"), None);
        let registers = &whole["registers"];
        assert_eq!((&registers["power"], registers.get("activePowerKw")), (&json!(9), None));
        assert_eq!(registers["voltageL1"]["address"], 0x5B00);
        assert_eq!(registers["voltageL1"]["scale"], 1);
        assert_eq!(registers.get("voltageL2"), None);
        assert_eq!(registers["energyImportKwh"]["address"], 0x5000);
    }

    #[test]
    fn each_short_name_stands_for_the_register_it_replaces() {
        for (short, field) in SHORT {
            let mut written = json!({"profile": "abb-b23", "host": "h", "registers": {}});
            written["registers"][short] = json!(9);
            let Ok(Communication::Modbus(read)) = Communication::parse(Protocol::Modbus, &written)
            else {
                panic!("{short}");
            };
            let of: Vec<_> = read.points.iter().filter(|point| point.field == field).collect();
            assert_eq!(of.iter().map(|point| point.address).collect::<Vec<_>>(), [9], "{short}");
        }
    }

    #[test]
    fn an_unknown_profile_and_one_of_another_protocol_are_refused_with_those_that_fit() {
        for wrong in [json!("abb-b99"), json!(7), json!("ABB-B23"), json!("shelly-gen1")] {
            let error = settings(Protocol::Modbus, &json!({"profile": wrong})).unwrap_err();
            assert_eq!(error.field, "communication.profile");
            let told = error.to_string();
            assert!(told.contains("abb-b23, "), "{told}");
            assert!(!told.contains("tasmota"), "{told}");
        }
    }
}
