//! The settings of a device by each way in: the form of its page, a body of the API, a line of a table.

use serde_json::{Value, json};

use crate::forms::send;
use crate::{Answer, Request, World, in_one_world};

in_one_world! { settings_of_devices:
    a_form_a_body_and_a_line_store_the_same, a_setting_that_cannot_be_is_refused_at_its_field,
}

type Fields<'a> = &'a [(&'a str, &'a str)];

/// The settings that are typed alike into a form and a table; the others are JSON there.
const OF_COLUMNS: [&str; 6] = ["host", "port", "unitId", "url", "method", "topicPower"];

/// Settings of each protocol, with the fields of the form for those that have no column.
fn cases() -> [(&'static str, Value, Fields<'static>); 3] {
    let modbus = json!({"host": "127.0.0.1", "port": 9, "unitId": 3,
        "registers": {
            "power": {"address": 10, "type": "f32", "wordOrder": "little", "scale": 0.001},
            "activePowerL1Kw": {"address": 14, "function": "input", "type": "i32"}},
        "maxRegisters": 20, "firstWait": 50, "strictTransactions": false, "invertPhases": ["L1"]});
    let of_modbus: Fields<'_> = &[
        ("registers.shown", "1"),
        ("registers.0.channel", "activePowerKw"),
        ("registers.0.address", "10"),
        ("registers.0.type", "f32"),
        ("registers.0.order", "cdab"),
        ("registers.0.scale", "0,001"),
        ("registers.3.channel", "activePowerL1Kw"),
        ("registers.3.address", "14"),
        ("registers.3.function", "input"),
        ("registers.3.type", "i32"),
        ("maxRegisters", "20"),
        ("firstWait", "50"),
        ("strictTransactions", "false"),
        ("invertPhases", "L1"),
    ];
    let mqtt = json!({"host": "127.0.0.1", "port": 9, "topicPower": "hall/power",
        "units": {"power": "W"}, "timePath": "$.ts",
        "status": {"topic": "hall/state", "online": ["up"], "offline": ["down", "gone"]},
        "values": [
            {"topic": "hall/u", "field": "voltageL1", "path": "$.u", "scale": 0.1},
            {"topic": "hall/e", "field": "energyImportKwh", "unit": "Wh", "sum": true}]});
    let of_mqtt: Fields<'_> = &[
        ("units.power", "W"),
        ("timePath", "$.ts"),
        ("status.topic", "hall/state"),
        ("status.online", "up"),
        ("status.offline", "down, gone"),
        ("values.0.topic", "hall/u"),
        ("values.0.field", "voltageL1"),
        ("values.0.path", "$.u"),
        ("values.0.scale", "0,1"),
        ("values.2.topic", "hall/e"),
        ("values.2.field", "energyImportKwh"),
        ("values.2.unit", "Wh"),
        ("values.2.sum", "true"),
    ];
    let http = json!({"url": "http://127.0.0.1:9/", "method": "POST",
        "headers": {"Accept": "*/*", "X-Site": "7"},
        "values": [{"field": "activePowerKw", "unit": "W", "invert": true,
            "path": {"path": "$.p", "negativeWhen": {"path": "$.d", "is": "out"}}}]});
    let of_http: Fields<'_> = &[
        ("headers.0.name", "Accept"),
        ("headers.0.value", "*/*"),
        ("headers.2.name", "X-Site"),
        ("headers.2.value", "7"),
        ("values.1.field", "activePowerKw"),
        ("values.1.unit", "W"),
        ("values.1.invert", "true"),
        ("values.1.path", "$.p"),
        ("values.1.negativePath", "$.d"),
        ("values.1.negativeWhen", "out"),
    ];
    [("modbus", modbus, of_modbus), ("mqtt", mqtt, of_mqtt), ("http", http, of_http)]
}

/// The texts of the settings with a column, and the settings without one.
fn parted(settings: &Value) -> (Vec<(String, String)>, Value) {
    let (of_columns, rest): (Vec<_>, Vec<_>) = settings
        .as_object()
        .unwrap()
        .clone()
        .into_iter()
        .partition(|(name, _)| OF_COLUMNS.contains(&name.as_str()));
    let text = |value: Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let texts = of_columns.into_iter().map(|(name, value)| (name, text(value)));
    (texts.collect(), Value::Object(rest.into_iter().collect()))
}

async fn save(world: &World, protocol: &str, number: &str, fields: Fields<'_>) -> Answer {
    let site = world.site();
    let meter = [
        ("site", site.as_str()),
        ("protocol", protocol),
        ("meterNumber", number),
        ("meterName", "Press"),
        ("parentMeterNumber", "TOP"),
        ("role", "building"),
        ("ratedPowerKw", "63"),
        ("pollInterval", "7000"),
    ];
    send(world, "/act/device-save?next=/devices", &[&meter[..], fields].concat()).await
}

async fn top(world: &World) {
    let top = json!({"meterNumber": "TOP", "meterName": "Top", "meterType": "Grid"});
    world.post("/api/Energy/meters", &top).await.done();
}

async fn a_form_a_body_and_a_line_store_the_same(world: &World) {
    top(world).await;
    for (protocol, settings, others) in &cases() {
        let (columns, rest) = parted(settings);
        let texts = columns.iter().map(|(name, text)| (name.as_str(), text.as_str()));
        let fields: Vec<_> = texts.chain(others.iter().copied()).collect();
        save(world, protocol, &format!("FORM-{protocol}"), &fields).await.is(200);

        let body = json!({"name": "Press", "meterType": "building", "protocol": protocol,
            "pollInterval": 7000, "ratedPowerKw": 63, "parentMeterNumber": "TOP",
            "communication": settings});
        world.post("/api/energy-meters", &body).await.is(201);

        let (names, texts): (Vec<_>, Vec<_>) =
            columns.iter().map(|(name, text)| (name.as_str(), text.as_str())).unzip();
        let (names, texts) = (names.join(","), texts.join(","));
        let rest = rest.to_string().replace('"', "\"\"");
        let head =
            "meterNumber,meterName,parentMeterNumber,role,ratedPowerKw,protocol,pollInterval";
        let line =
            format!("LINE-{protocol},Press,TOP,building,63,{protocol},7000,{texts},\"{rest}\"");
        let table = format!("{head},{names},communication\n{line}\n");
        let request = Request::new("POST", &world.on_own_site("POST", "/api/devices/import"));
        let request = request.header("Content-Type", "text/csv").body(table);
        request.send(world.address).await.is(200);
    }
    let stored: Vec<Value> = sqlx::query_scalar(
        "SELECT (to_jsonb(m) - '{id,uuid,meter_number,channel_prefix}'::text[]) \
             || jsonb_build_object('device', to_jsonb(d) - '{id,meter_id}'::text[]) \
         FROM energy_meters m JOIN devices d ON d.meter_id = m.id \
         WHERE m.site_id = $1 ORDER BY m.id",
    )
    .bind(world.site_id())
    .fetch_all(&world.pool)
    .await
    .unwrap();
    assert_eq!(stored.len(), 9);
    for ((protocol, settings, _), ways) in cases().iter().zip(stored.chunks(3)) {
        let device = json!({"protocol": protocol, "poll_interval_ms": 7000, "enabled": true,
            "communication": settings});
        assert_eq!(ways[0]["device"], device, "the form over {protocol}");
        assert_eq!(ways[0], ways[1], "the form and the API over {protocol}");
        assert_eq!(ways[0], ways[2], "the form and a table over {protocol}");
    }
}

async fn a_setting_that_cannot_be_is_refused_at_its_field(world: &World) {
    top(world).await;
    let modbus = [
        ("host", "h"),
        ("registers.shown", "1"),
        ("registers.0.channel", "voltageL1"),
        ("registers.0.address", "1"),
    ];
    let cases: [(&str, Fields<'_>, Fields<'_>, &str); 9] = [
        ("modbus", &modbus, &[("maxRegisters", "126")], "maxRegisters"),
        ("modbus", &modbus, &[("firstWait", "long")], "firstWait"),
        ("modbus", &modbus, &[("invertPhases", "L1, L4")], "invertPhases"),
        ("mqtt", &[("topicPower", "p")], &[("units.power", "kWh")], "units.power"),
        ("mqtt", &[("topicPower", "p")], &[("timePath", "ts")], "timePath"),
        (
            "mqtt",
            &[("values.1.topic", "a/#/b")],
            &[("values.1.field", "voltageL1")],
            "values.1.topic",
        ),
        ("http", &[("url", "http://h/")], &[("values.2.field", "power")], "values.2.field"),
        (
            "http",
            &[("url", "http://h/"), ("values.2.field", "voltageL1")],
            &[("values.2.unit", "kW")],
            "values.2.unit",
        ),
        (
            "http",
            &[("url", "http://h/")],
            &[("headers.1.name", "A b"), ("headers.1.value", "x")],
            "headers.1.name",
        ),
    ];
    for (protocol, sound, wrong, field) in cases {
        let fields = [sound, wrong].concat();
        save(world, protocol, "BAD", &fields).await.invalid(field);
    }
    assert_eq!(world.count("devices").await, 0, "nothing is half done");
}
