//! All else that pages have forms for: neighbours and their bills, readings in doubt, people who are told, and what
//! waits to be stored.

use chrono::{TimeDelta, Utc};
use reqwest::Method;
use serde_json::{Value, json};

use super::super::browser::Browser;
use super::super::forms::led_by;
use super::Visitor;
use super::installation::{Installation, moment};

/// Adds it; answers addresses of pages that have its forms.
pub(super) async fn add(visitor: &Visitor, installation: &Installation) -> Vec<String> {
    people_are_told(visitor).await;
    let mut pages = readings_in_doubt(visitor).await;
    pages.extend(neighbours(visitor).await);
    pages.extend(previews(visitor, installation).await);
    let table = "meterNumber,meterName,protocol,url\nSPARE,Spare,http,http://127.0.0.1:9/\n";
    let staged = "/api/devices/import/staged?site=default";
    pages.push(led_by(visitor, staged, &[("table", table)]).await);
    let document = visitor.get("/api/configuration").await.text;
    let mut document: Value = serde_json::from_str(&document).unwrap();
    let mut sites = document["sites"].as_array_mut().unwrap().iter_mut();
    sites.find(|site| site["isDefault"] == true).unwrap()["gridCapacityKw"] = json!(777);
    let (staged, document) = ("/api/configuration/staged", document.to_string());
    pages.push(led_by(visitor, staged, &[("document", &document)]).await);
    pages
}

async fn people_are_told(visitor: &Visitor) {
    let boss = "boss@plant.example";
    let recipient = json!({"kind": "email", "address": boss});
    visitor.done(Method::POST, "/api/alarm-recipients", &recipient).await;
    let schedule = json!({"addresses": [boss], "day": 3, "hour": 6, "language": "en"});
    visitor.done(Method::POST, "/api/report-schedules", &schedule).await;
    let readings = json!([{"timestamp": moment(Utc::now()), "activePowerKw": 8,
        "totalEnergyKwh": 1_025}]);
    visitor.done(Method::POST, "/api/Energy/meters/H-2/readings", &readings).await;
    visitor.offers("/alarms", "alarm-acknowledge").await;
}

/// A register that jumped, and one that showed 0 twice, about which somebody has decided.
async fn readings_in_doubt(visitor: &Visitor) -> Vec<String> {
    let begun = Utc::now() - TimeDelta::minutes(90);
    let meter = async |number: &str, minutes: i32, registers: &[f64]| {
        let meter = json!({"meterNumber": number, "meterName": number, "meterType": "Main",
            "ratedPowerKw": 10, "registerStepKwh": 0.01});
        let made = visitor.done(Method::POST, "/api/Energy/meters", &meter).await;
        let reading = |(n, kwh): (i32, &f64)| {
            let at = moment(begun + TimeDelta::minutes(minutes.into()) * n);
            json!({"timestamp": at, "totalEnergyKwh": kwh})
        };
        let readings: Value = (0..).zip(registers).map(reading).collect();
        let path = format!("/api/Energy/meters/{number}/readings");
        visitor.done(Method::POST, &path, &readings).await;
        made["id"].as_i64().unwrap()
    };
    let jumped = [100.0, 101.0, 102.0, 100_000.0, 100_001.0, 100_001.5];
    let jumped = format!("/meters/{}/corrections", meter("H-3", 10, &jumped).await);
    visitor.offers(&jumped, "accept").await;
    let odd = meter("H-4", 1, &[1234.50, 1234.51, 0.0, 0.0, 1234.52, 1234.53]).await;
    let days = [begun - TimeDelta::days(1), Utc::now()].map(|day| day.format("%Y-%m-%d"));
    let registers =
        format!("/meters/{odd}/registers?period=custom&from={}&to={}", days[0], days[1]);
    visitor.offers(&registers, "count-reading").await;
    let decision = json!({"meterId": odd, "timestamp": moment(begun + TimeDelta::minutes(2)),
        "field": "totalEnergyKwh", "value": 0, "decision": "reject"});
    visitor.done(Method::POST, "/api/outliers", &decision).await;
    visitor.offers(&registers, "undo-reading").await;
    vec![jumped, registers]
}

/// A house of the world, whose bill rests on something else by now, and a connection.
async fn neighbours(visitor: &Visitor) -> Vec<String> {
    let clock = json!({"paused": true});
    let resource = json!({"name": "House", "type": "prosumer", "appliance_type": ["Oven"]});
    let place = json!({"latitude": 37.7749, "longitude": -122.4194});
    made(visitor, "/api/simulation-time", &clock).await;
    let resource = made(visitor, "/api/admin/er", &resource).await;
    let house = made(visitor, "/api/admin/meter", &json!({"meter_id": "W-1"})).await["id"].clone();
    let link = json!({"meter_id": house, "er_id": resource["id"]});
    made(visitor, "/api/admin/meter/link", &link).await;

    let draft = json!({"meterId": house, "month": "2025-05"});
    let draft = visitor.done(Method::POST, "/api/bills", &draft).await;
    let issue = json!({"override": {"who": "Mira", "reason": "nobody was at home"}});
    let path = format!("/api/bills/{}/issue", draft["id"].as_str().unwrap());
    let issued = visitor.done(Method::POST, &path, &issue).await;
    let readings = json!([
        {"timestamp": "2025-05-01T07:00:00Z", "energyImportKwh": 1_000},
        {"timestamp": "2025-06-01T07:00:00Z", "energyImportKwh": 1_150}]);
    visitor.done(Method::POST, "/api/Energy/meters/W-1/readings?site=world", &readings).await;
    let bill = format!("/bills/{}?site=world", issued["number"].as_str().unwrap());
    visitor.offers(&bill, "credit-bill").await;

    let mut transformer = place.clone();
    transformer["name"] = json!("TX-1");
    transformer["capacity_kVA"] = json!(1_000);
    made(visitor, "/api/transformers", &transformer).await;
    let mut request = place;
    request["type"] = json!("consumer");
    request["requested_consumption_kW"] = json!(15);
    made(visitor, "/api/connection", &request).await;
    let checked = "/grid?lat=37.7749&lon=-122.4194&consumption=5";
    visitor.offers(checked, "connect").await;
    let others = [checked, "/connections", "/bills?site=world&month=2025-06", "/trades?site=world"];
    let draft = format!("/bills/draft/{house}/2025-06?site=world");
    let simulator = format!("/simulator?site=world&meter={house}");
    others.map(str::to_owned).into_iter().chain([bill, draft, simulator]).collect()
}

/// Pages that say first what a form would do.
async fn previews(visitor: &Visitor, installation: &Installation) -> Vec<String> {
    let tariff = json!({"name": "Day", "currency": "EUR", "validFrom": "2026-01-01",
        "energy": [{"direction": "import", "price": "8.25"}]});
    visitor.done(Method::POST, "/api/tariffs", &tariff).await;
    let factor = json!({"kind": "grid", "value": 0.71, "unit": "kg/kWh", "source": "the grid",
        "validFrom": "2026-04-01"});
    visitor.done(Method::POST, "/api/emission-factors", &factor).await;
    let asked: [(&str, &[(&str, &str)]); 5] = [
        ("/settings/site", &[("zone", "Asia/Tokyo")]),
        (
            "/settings/tariffs",
            &[("name", "Night"), ("validFrom", "2031-01-01"), ("price0", "9.75")],
        ),
        ("/settings/meters?meter=LOAD", &[("ratedPowerKw", "90")]),
        ("/devices/new?meter=READ", &[("meterName", "Read")]),
        ("/meters/LOAD/corrections", &[("value", "7")]),
    ];
    let mut pages = Vec::new();
    for (page, typed) in asked {
        let mut browser = Browser::open(visitor, "en", &installation.path(page)).await;
        browser.ask(typed).await;
        pages.push(browser.path);
    }
    let others = [
        "/settings/meters?preview=1&mLOAD=on&area=Hall",
        "/devices/new?protocol=modbus&host=127.0.0.1&port=9",
        "/devices/new?protocol=mqtt&host=127.0.0.1&port=9",
    ];
    pages.extend(others.map(|path| installation.path(path)));
    pages
}

/// Posts what is to be made, and answers it as it is answered.
async fn made(visitor: &Visitor, path: &str, body: &Value) -> Value {
    let sent = visitor.program.send(&visitor.client, Method::POST, path, Some(body)).await;
    let (status, answer) = sent.unwrap();
    assert!([200, 201].contains(&status), "{path}: {answer}");
    answer
}
