//! Every way to make a meter takes its rated power.

use serde_json::{Value, json};

use crate::forms::send;
use crate::{Request, World, in_one_world};

/// The rated power of the meter with a number.
async fn rated(world: &World, number: &str) -> Value {
    let shown = world.get(&format!("/api/Energy/meters/{number}")).await;
    assert_eq!(shown.status, 200, "{number}: {}", shown.text);
    shown.json()["data"]["ratedPowerKw"].clone()
}

async fn made(world: &World, path: &str, body: &Value) -> Value {
    let answer = world.post(path, body).await;
    assert!([200, 201].contains(&answer.status), "{path}: {}", answer.text);
    answer.json()
}

in_one_world! { rated_power_of_meters:
    programs_state_it_with_a_device_a_sum_and_a_simulated_meter,
    a_table_and_the_form_of_a_device_state_it, the_settings_of_a_logger_state_it_for_its_devices,
}

async fn programs_state_it_with_a_device_a_sum_and_a_simulated_meter(world: &World) {
    let device = json!({"name": "Furnace", "protocol": "http", "meterType": "zone",
        "ratedPowerKw": 63.5, "communication": {"url": "http://127.0.0.1:9/"}});
    let device = made(world, "/api/energy-meters", &device).await["data"].clone();
    assert_eq!(device["ratedPowerKw"], 63.5);
    assert_eq!(rated(world, "EM-1").await, 63.5);
    let path = format!("/api/energy-meters/{}", device["id"].as_str().unwrap());
    let changed = world.send("PUT", &path, &json!({"location": "Hall"})).await;
    assert_eq!(changed.json()["data"]["ratedPowerKw"], 63.5, "{}", changed.text);
    let changed = world.send("PUT", &path, &json!({"ratedPowerKw": 80})).await;
    assert_eq!(changed.json()["data"]["ratedPowerKw"], 80.0, "{}", changed.text);
    let none = json!({"name": "Furnace", "protocol": "http", "meterType": "zone",
        "ratedPowerKw": 0, "communication": {"url": "http://127.0.0.1:9/"}});
    world.post("/api/energy-meters", &none).await.invalid("ratedPowerKw");

    let sum = json!({"meterNumber": "V-1", "meterName": "Sum", "ratedPowerKw": 400,
        "terms": [{"meterId": "EM-1", "factor": 2}]});
    let sum = made(world, "/api/virtual-meters", &sum).await;
    assert_eq!(
        (&sum["data"]["ratedPowerKw"], rated(world, "V-1").await),
        (&json!(400.0), json!(400.0))
    );

    let simulated = json!({"meter_id": "MT-1", "rated_power_kw": 9});
    made(world, "/admin/meter", &simulated).await;
    let shown = world.get("/api/Energy/meters/number:MT-1?site=world").await;
    assert_eq!(shown.json()["data"]["ratedPowerKw"], 9.0, "{}", shown.text);
}

async fn a_table_and_the_form_of_a_device_state_it(world: &World) {
    let import = async |table: &str| {
        let request = Request::new("POST", &world.on_own_site("POST", "/api/devices/import"))
            .header("Content-Type", "text/csv");
        request.body(table).send(world.address).await
    };
    let head = "meterNumber,meterName,protocol,url,ratedPowerKw\n";
    import(&format!("{head}A,A,http,http://127.0.0.1:9/,250.5\nB,B,http,http://127.0.0.1:9/,\n"))
        .await
        .is(200);
    assert_eq!((rated(world, "A").await, rated(world, "B").await), (json!(250.5), Value::Null));
    import("meterNumber,meterName\nA,Renamed\n").await.is(200);
    assert_eq!(rated(world, "A").await, 250.5, "a column that is not there changes nothing");
    for wrong in ["much", "0", "-5", "inf"] {
        let refused = import(&format!("{head}C,C,http,http://127.0.0.1:9/,{wrong}\n")).await;
        refused.invalid("ratedPowerKw");
    }
    let exported = world.get("/api/devices.csv").await.text;
    assert!(exported.contains(",250.5,"), "{exported}");

    let site = world.site();
    // The form, where the first steps, a known type and an announced device lead, saves so.
    let fields = [
        ("site", site.as_str()),
        ("protocol", "http"),
        ("url", "http://127.0.0.1:9/"),
        ("meterName", "Main"),
        ("meterNumber", "MAIN"),
        ("ratedPowerKw", "630"),
    ];
    let saved = send(world, "/act/device-save?next=/devices", &fields).await;
    assert_eq!(saved.status, 200, "{}", saved.text);
    assert_eq!(rated(world, "MAIN").await, 630.0);
}

async fn the_settings_of_a_logger_state_it_for_its_devices(world: &World) {
    let logger = json!({"serialNumber": "001EC6000D80", "password": "long enough",
        "utilityMeterId": 1, "ratedPowerKw": {"1": 200, "7": 63}});
    let made = made(world, "/api/acquisuite/loggers", &logger).await["data"].clone();
    assert_eq!(made["ratedPowerKw"], json!({"1": 200.0, "7": 63.0}));
    let of = async |address: u32| rated(world, &format!("001EC6000D80_{address}")).await;
    assert_eq!((of(1).await, of(7).await), (json!(200.0), json!(63.0)));
    let seven = world.get("/api/Energy/meters/001EC6000D80_7").await.json();
    assert_eq!(seven["data"]["placed"], false, "its power says nothing of its place");

    let path = "/api/acquisuite/loggers/001EC6000D80";
    let change = json!({"ratedPowerKw": {"1": 250, "7": null, "9": 5}});
    let changed = world.send("PUT", path, &change).await.json();
    assert_eq!(changed["data"]["ratedPowerKw"], json!({"1": 250.0, "9": 5.0}));
    let back = world.send("PUT", path, &changed["data"]).await;
    assert_eq!(back.status, 200, "get, edit, send back: {}", back.text);
    for wrong in [json!({"1": 0}), json!({"x": 5}), json!({"1": "much"}), json!(5)] {
        let refused = world.send("PUT", path, &json!({"ratedPowerKw": wrong})).await;
        assert_eq!(refused.status, 422, "{wrong}: {}", refused.text);
        let field = refused.json()["error"]["field"].as_str().unwrap_or_default().to_owned();
        assert!(field.starts_with("ratedPowerKw"), "{wrong}: {}", refused.text);
    }
    let form = [("serial", "001EC6000D80"), ("utility", "1"), ("ratedPowerKw", r#"{"1": 300}"#)];
    let sent = send(world, "/act/change-logger?next=/loggers", &form).await;
    assert_eq!(sent.status, 200, "{}", sent.text);
    assert_eq!((of(1).await, of(9).await), (json!(300.0), Value::Null));
}
