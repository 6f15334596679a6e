use domain::devices::settings::SETTINGS;

use super::*;

fn spread_of(settings: &Value) -> Texts {
    let mut texts = Texts::from([(REST.to_owned(), settings.to_string())]);
    spread(&mut texts);
    texts
}

fn settings(texts: &Texts) -> Result<Value, Error> {
    let mut all = texts.get(REST).map(|text| object(text)).transpose()?.unwrap_or_default();
    put(&mut all, texts)?;
    Ok(Value::Object(all))
}

#[test]
fn every_setting_without_a_column_has_a_field() {
    let fields: Vec<_> = fields().collect();
    let others = SETTINGS.iter().filter(|setting| matches!(setting.kind, Kind::Other));
    for setting in others.filter(|setting| setting.name != super::super::registers::NAME) {
        let has = |field: &String| field.split('.').next() == Some(setting.name);
        assert!(fields.iter().any(has), "{}", setting.name);
    }
    for other in OTHER_SETTINGS {
        let whole = other.name.split('.').next();
        assert!(SETTINGS.iter().any(|it| Some(it.name) == whole), "{}", other.name);
    }
}

#[test]
fn settings_are_shown_in_fields_and_come_back() {
    for all in [
        json!({"maxRegisters": 20, "firstWait": 0, "strictTransactions": false, "sunspec": 2,
            "invertPhases": ["L1", "L3"]}),
        json!({"units": {"power": "W"}, "timePath": "$.ts",
            "status": {"topic": "a/s", "online": ["up", "on"], "offline": ["down"]}}),
        json!({"headers": {"Accept": "*/*", "X-Site": "7"}, "values": [
            {"field": "activePowerKw", "path": "$.a + $.b", "unit": "W", "scale": -2},
            {"field": "voltageL1", "scale": 0.1, "invert": true, "topic": "t", "sum": false},
            {"field": "activePowerKw",
                "path": {"path": "$.p", "negativeWhen": {"path": "$.d", "is": "out"}}}]}),
    ] {
        let texts = spread_of(&all);
        assert!(!texts.contains_key(REST), "{texts:?}");
        assert_eq!(settings(&texts).unwrap(), all);
    }
    assert_eq!(spread_of(&json!({"sunspec": true}))["sunspec"], "1");
}

#[test]
fn what_no_field_can_give_back_stays_as_it_is_written() {
    for all in [
        json!({"values": [{"field": "active_power_kw", "path": "$.a"}]}),
        json!({"values": [{"field": "activePowerKw", "path": "$.a", "plus": "$.b"}]}),
        json!({"values": [{"field": "activePowerKw", "path": ["$.a", "$.b"]}]}),
        json!({"values": []}),
        json!({"headers": {"Accept": ""}}),
        json!({"status": {"online": ["a,b"]}, "maxRegisters": "20", "sunspec": false}),
    ] {
        let texts = spread_of(&all);
        assert_eq!(texts, Texts::from([(REST.to_owned(), all.to_string())]));
        assert_eq!(settings(&texts).unwrap(), all);
    }
}

#[test]
fn a_header_with_a_secret_is_named_and_its_value_stays_out_of_addresses() {
    let shown = json!({"headers": {"Accept": "*/*", "X-Api-Key": null}});
    let plain = json!({"headers": {"Accept": "*/*"}});
    let mut texts = spread_of(&shown);
    assert!(!texts.contains_key(REST), "{texts:?}");
    assert_eq!(settings(&texts).unwrap(), plain);
    let secret = secret_headers(&texts);
    let [header] = &secret[..] else { panic!("{texts:?}") };
    assert_eq!((header.name.as_str(), header.is_stored), ("X-Api-Key", true));
    let field = header.field.clone();

    texts.insert(field.clone(), "k".to_owned());
    assert_eq!(settings(&texts).unwrap()["headers"]["X-Api-Key"], "k");
    withhold_secrets(&mut texts);
    assert_eq!(settings(&texts).unwrap(), plain);
    assert_eq!(removed_headers(&texts), [""; 0]);

    texts.insert(field.replace("value", "name"), String::new());
    assert_eq!(settings(&texts).unwrap(), plain);
    assert_eq!(removed_headers(&texts), ["X-Api-Key"]);
    // JSON that no rows can show keeps the stored ones.
    let odd = json!({"headers": {"Accept": "", "X-Api-Key": null}});
    assert_eq!(settings(&spread_of(&odd)).unwrap(), json!({"headers": {"Accept": ""}}));
}

#[test]
fn what_is_wrong_is_said_at_its_field() {
    let refused = |typed: &[(&str, &str)]| {
        let typed = typed.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned()));
        match settings(&typed.collect()) {
            Err(Error::Invalid { field, .. }) => field.unwrap_or_default(),
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(refused(&[("maxRegisters", "many")]), "maxRegisters");
    assert_eq!(refused(&[("headers.1.value", "*/*")]), "headers.1.name");
    assert_eq!(refused(&[("headers.1.name", "Accept")]), "headers.1.value");
    let (one, other) = (
        [("headers.0.name", "A"), ("headers.0.value", "x")],
        [("headers.3.name", "A"), ("headers.3.value", "y")],
    );
    assert_eq!(refused(&[one, other].concat()), "headers.3.name");
    assert_eq!(refused(&[("values.2.scale", "1,000")]), "values.2.scale");
    assert_eq!(refused(&[("values.0.negativePath", "$.d")]), "values.0.path");
    let directed = [("values.0.path", "$.p"), ("values.0.negativePath", "$.d")];
    assert_eq!(refused(&directed), "values.0.negativeWhen");
    let twice = [("timePath", "$.t"), (REST, "{\"timePath\": \"$.s\"}")];
    assert_eq!(refused(&twice), REST);
}

#[test]
fn a_refused_setting_is_found_in_its_row() {
    let texts = [("headers.2.name", "A b"), ("values.1.field", "x"), ("values.4.field", "y")];
    let texts = texts.map(|(name, text)| (name.to_owned(), text.to_owned())).into();
    for (setting, field) in [
        ("timePath", "timePath"),
        ("status.topic", "status.topic"),
        ("headers.A b", "headers.2.name"),
        ("values[0].path", "values.1.path"),
        ("values[1]", "values.4.field"),
        ("values", "values.1.topic"),
    ] {
        let found = refused_field(&format!("communication.{setting}"), &texts);
        assert_eq!(found.as_deref(), Some(field), "{setting}");
    }
    assert_eq!(refused_field("communication.url", &texts), None);
    assert_eq!(refused_field("communication.values[7].path", &texts), None);
}
