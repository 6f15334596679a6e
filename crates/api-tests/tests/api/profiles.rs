//! Device profiles.

use serde_json::{Value, json};

use crate::{World, has, one_after_another};

const PATH: &str = "/api/profiles";

one_after_another! { device_profiles:
    profiles_are_listed_by_page_and_as_a_table,
    a_profile_says_where_its_values_stand_and_who_says_so,
    a_meter_is_connected_by_its_profile_and_keeps_only_what_was_written,
}

async fn profiles_are_listed_by_page_and_as_a_table(world: &World) {
    let all = world.get(PATH).await.json();
    let ids: Vec<_> = all["data"].as_array().unwrap().iter().map(|one| &one["id"]).collect();
    assert!(ids.len() > 30 && ids.contains(&&json!("abb-b23")), "{ids:?}");
    assert_eq!(all["count"], ids.len());

    let first = world.get(&format!("{PATH}?limit=5")).await.json();
    let next = format!("{PATH}?limit=5&cursor={}", first["nextCursor"].as_str().unwrap());
    let second = world.get(&next).await.json();
    let shown = [&first, &second].map(|page| page["data"].as_array().unwrap().clone()).concat();
    assert_eq!(json!(shown), json!(all["data"].as_array().unwrap()[..10]));

    let table = world.get(&format!("{PATH}?format=csv")).await;
    assert!(table.text.starts_with("id,maker,model,protocol,source,convention,registers\r\n"));
    assert_eq!(table.text.lines().count(), ids.len() + 1);
}

async fn a_profile_says_where_its_values_stand_and_who_says_so(world: &World) {
    let data = async |id: &str| world.get(&format!("{PATH}/{id}")).await.data();
    let abb = data("abb-b23").await;
    has!(abb, {"maker": "ABB", "protocol": "modbus", "model": "B23", "models": ["B23"]});
    assert_eq!(
        abb["registers"][0],
        json!({"field": "activePowerKw", "address": 0x5B14, "function": "holding", "type": "i32",
            "wordOrder": "big", "scale": 0.00001, "invert": false})
    );
    let sources = abb["sources"].as_array().unwrap();
    assert!(sources.len() > 1 && sources.iter().all(|from| from["url"].is_string()), "{abb}");
    assert!(!abb["convention"].as_str().unwrap().is_empty());

    let shelly = data("shelly-gen1").await;
    let power = &shelly["registers"][0];
    assert_eq!(power["topic"], "shellies/{device}/emeter/{channel}/power");
    assert_eq!((&power["scale"], power.get("address")), (&json!(0.001), None));
    assert_eq!(data("sunspec-meter").await["registers"], json!([]));
    world.get(&format!("{PATH}/abb-b99")).await.refused(404, "profile_not_found", None);
}

async fn a_meter_is_connected_by_its_profile_and_keeps_only_what_was_written(world: &World) {
    let body = |profile: Value| {
        json!({"name": "Main", "protocol": "modbus", "meterType": "grid",
            "communication": {"host": "127.0.0.1", "port": 9, "profile": profile}})
    };
    let made = world.post("/api/energy-meters", &body(json!("abb-b23"))).await.is(201);
    let path = format!("/api/energy-meters/{}", made.json()["data"]["id"].as_str().unwrap());
    let stored = world.get(&path).await.json()["data"]["communication"].clone();
    assert_eq!(stored, body(json!("abb-b23"))["communication"]);

    for wrong in [json!("abb-b99"), json!("tasmota"), json!(5)] {
        let answer = world.post("/api/energy-meters", &body(wrong)).await;
        answer.invalid("communication.profile");
        assert!(answer.text.contains("eastron-sdm630"), "{}", answer.text);
    }
}
