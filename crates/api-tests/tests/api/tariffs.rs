//! Tariffs, and which meter is priced with which.

use serde_json::{Value, json};

use crate::{World, has, in_one_world};

const PATH: &str = "/api/tariffs";

fn grid(valid_from: &str) -> Value {
    json!({"name": "Grid HT", "currency": "EUR", "validFrom": valid_from, "fixedPerMonth": "1500",
        "holidays": ["2026-12-25"], "demandPerKw": "240.50", "taxPercent": "9", "energy": [
            {"direction": "import", "price": "8.25", "toKwh": 500},
            {"direction": "import", "price": "9.10", "fromKwh": 500},
            {"direction": "import", "price": "6.00", "fromTime": "22:00", "toTime": "06:00"},
            {"direction": "export", "price": "3.5", "days": "weekend", "fromMonth": 10, "toMonth": 3},
            {"direction": "export", "price": "3"}]})
}

async fn made(world: &World, body: &Value) -> Value {
    let answer = world.post(PATH, body).await.is(201);
    answer.data()
}

in_one_world! { tariffs:
    a_tariff_is_created_shown_changed_sent_back_and_removed,
    versions_of_one_tariff_follow_each_other_and_never_overlap, what_a_tariff_cannot_be,
    a_meter_gets_a_tariff_of_its_own, every_change_is_in_the_audit_log,
}

async fn a_tariff_is_created_shown_changed_sent_back_and_removed(world: &World) {
    let tariff = made(world, &grid("2026-01-01")).await;
    let path = format!("{PATH}/{}", tariff["id"]);
    assert_eq!(tariff["site"], world.site());
    assert_eq!(tariff["isDefault"], true, "the first tariff of a site is its default");
    has!(tariff, {"validTo": null, "fixedPerMonth": "1500", "fixedPerDay": "0", "netting": "none"});
    assert_eq!(tariff["energy"][0]["toKwh"], 500.0);
    assert_eq!(tariff["energy"][2]["fromTime"], "22:00");
    assert_eq!(world.get(&path).await.json()["data"], tariff);

    let mut edited = tariff.clone();
    edited["taxPercent"] = "18".into();
    edited["validTo"] = "2027-01-01".into();
    let changed = world.send("PATCH", &path, &edited).await.is(200);
    assert_eq!(changed.json()["data"], edited);
    let all = world.get(PATH).await.json();
    assert_eq!((&all["count"], &all["data"][0]), (&json!(1), &edited));

    let currency = world.send("PATCH", "/api/sites/default", &json!({"currency": "INR"})).await;
    currency.refused(409, "currency_in_use", Some("currency"));
    let renamed = world.send("PATCH", &path, &json!({"name": "Other"})).await;
    renamed.refused(422, "read_only", Some("name"));
    assert_eq!(world.delete(&path).await.json()["data"], edited);
    world.get(&path).await.refused(404, "tariff_not_found", None);
}

async fn versions_of_one_tariff_follow_each_other_and_never_overlap(world: &World) {
    let mut first = grid("2026-01-01");
    first["validTo"] = "2026-04-01".into();
    let first = made(world, &first).await;
    let second = made(world, &grid("2026-04-01")).await;
    assert_eq!(second["isDefault"], true, "versions of one name are the default together");
    let mut other = grid("2026-02-01");
    other["name"] = "Night".into();
    assert_eq!(made(world, &other).await["isDefault"], false);
    let mut next = grid("2027-01-01");
    (next["name"], next["isDefault"]) = ("Standard 2027".into(), true.into());
    let next = made(world, &next).await;
    let all = world.get(PATH).await.json();
    let defaults = all["data"].as_array().unwrap().iter();
    let defaults: Vec<_> =
        defaults.filter(|it| it["isDefault"] == true).map(|it| &it["id"]).collect();
    assert_eq!(defaults, [&first["id"], &second["id"], &next["id"]], "the days before keep theirs");
    world.delete(&format!("{PATH}/{}", next["id"])).await.is(200);

    let mut inside = grid("2026-02-01");
    inside["validTo"] = "2026-03-01".into();
    for body in [grid("2026-03-31"), grid("2026-04-01"), grid("2030-01-01"), inside] {
        world.post(PATH, &body).await.refused(409, "tariff_overlap", Some("validFrom"));
    }
    let mut before = grid("2025-01-01");
    before["validTo"] = "2026-01-02".into();
    world.post(PATH, &before).await.refused(409, "tariff_overlap", Some("validFrom"));
    before["validTo"] = "2026-01-01".into();
    made(world, &before).await;
    let longer = json!({"validTo": null});
    let path = format!("{PATH}/{}", first["id"]);
    world.send("PATCH", &path, &longer).await.refused(409, "tariff_overlap", Some("validFrom"));
    assert_eq!(world.count("tariffs").await, 4);
    assert_eq!(world.get(&path).await.json()["data"], first);
}

async fn what_a_tariff_cannot_be(world: &World) {
    let line = |line: Value| {
        let mut line = line;
        line["direction"] = "import".into();
        json!({"energy": [line]})
    };
    let night =
        json!({"direction": "import", "price": "1", "fromTime": "22:00", "toTime": "06:00"});
    let cases = [
        (json!({"name": ""}), "invalid_value", "name"),
        (json!({"currency": "INR"}), "invalid_value", "currency"),
        (json!({"validFrom": "soon"}), "invalid_value", "validFrom"),
        (json!({"validFrom": "+99999-01-01"}), "invalid_value", "validFrom"),
        (json!({"validTo": "2026-01-01"}), "invalid_value", "validTo"),
        (json!({"colour": 1}), "unknown_field", "colour"),
        (json!({"taxPercent": "many"}), "invalid_value", "taxPercent"),
        (json!({"demandMinutes": 20}), "invalid_value", "demandMinutes"),
        (json!({"fixedPerDay": "-0.01"}), "invalid_value", "fixedPerDay"),
        (line(json!({"price": "1.23456789012"})), "invalid_value", "energy[0].price"),
        (line(json!({"price": "1", "days": "weekday"})), "invalid_value", "energy"),
        (line(json!({"price": "1", "toKwh": 100})), "invalid_value", "energy"),
        (line(json!({"price": "1", "fromTime": "06:10"})), "invalid_value", "energy[0].fromTime"),
        (line(json!({"price": "1", "fromMonth": 0})), "invalid_value", "energy[0].fromMonth"),
        (line(json!({"price": "1", "hours": 3})), "unknown_field", "energy[0].hours"),
        (line(json!({})), "missing_field", "energy[0].price"),
        (line(json!({"price": "1", "fromKwh": 9, "toKwh": 9})), "invalid_value", "energy[0].toKwh"),
        (json!({"energy": [night, night]}), "invalid_value", "energy[1]"),
        (json!({"energy": [night], "netting": "month"}), "invalid_value", "energy[0]"),
    ];
    let body = json!({"name": "T", "validFrom": "2026-01-01"});
    world.refuses("POST", PATH, &body, &cases).await;
    world.post(PATH, &json!({"name": "T"})).await.refused(422, "missing_field", Some("validFrom"));
    let elsewhere = json!({"name": "T", "site": "mars", "validFrom": "2026-01-01"});
    world.post(PATH, &elsewhere).await.refused(404, "site_not_found", None);
    assert_eq!(world.count("tariffs").await, 0);
    assert_eq!(world.count("audit_log").await, 0);
}

async fn a_meter_gets_a_tariff_of_its_own(world: &World) {
    let meter =
        world.meter(&json!({"meterNumber": "M-1", "meterName": "Main", "meterType": "Main"})).await;
    let tariff = made(world, &grid("2026-01-01")).await;
    let path = "/api/Energy/meters/M-1/tariff";
    let body = json!({"tariffId": tariff["id"], "validFrom": "2026-05-01"});
    let given = world.send("PUT", path, &body).await.is(200);
    let expected = json!({"meterId": meter, "tariffId": tariff["id"], "tariffName": "Grid HT",
        "validFrom": "2026-05-01"});
    assert_eq!(given.json()["data"], expected);
    assert_eq!(world.send("PUT", path, &body).await.status, 200, "again is harmless");
    assert_eq!(world.count("meter_tariffs").await, 1);

    let unknown = json!({"tariffId": 999, "validFrom": "2026-05-01"});
    world.send("PUT", path, &unknown).await.invalid("tariffId");
    let nobody = world.send("PUT", "/api/Energy/meters/M-2/tariff", &body).await;
    nobody.refused(404, "meter_not_found", None);
    let in_use = world.delete(&format!("{PATH}/{}", tariff["id"])).await;
    in_use.refused(409, "tariff_in_use", None);

    let site = json!({"slug": "b", "name": "B"});
    world.post("/api/sites", &site).await.is(201);
    let mut foreign = grid("2026-01-01");
    foreign["site"] = "b".into();
    let foreign = made(world, &foreign).await;
    let body = json!({"tariffId": foreign["id"], "validFrom": "2026-05-01"});
    world.send("PUT", path, &body).await.invalid("tariffId");
}

async fn every_change_is_in_the_audit_log(world: &World) {
    let tariff = made(world, &grid("2026-01-01")).await;
    let path = format!("{PATH}/{}", tariff["id"]);
    world.send("PATCH", &path, &json!({"taxPercent": "5"})).await;
    world.delete(&path).await;
    let log = world.get("/api/audit?limit=2").await.json();
    let actions: Vec<_> = log["data"].as_array().unwrap().iter().map(|e| &e["action"]).collect();
    assert_eq!(actions, ["tariff.delete", "tariff.update"]);
    assert_eq!(log["data"][1]["after"]["taxPercent"], "5");
    assert_eq!(log["data"][0]["subject"], format!("tariff:{}", tariff["id"]));
    let next = format!("/api/audit?limit=2&cursor={}", log["nextCursor"].as_str().unwrap());
    let rest = world.get(&next).await.json();
    assert_eq!(&rest["data"][0]["action"], "tariff.create");
    let none = world.get("/api/audit?subject=meter:0").await.json();
    assert_eq!(none["count"], 0);
    let meter = json!({"meterNumber": "M-1", "meterName": "Main", "meterType": "Main"});
    let meter = format!("meter:{}", world.meter(&meter).await);
    let moved = json!({"feedsParent": true, "effectiveFrom": "2026-05-01T00:00:00Z"});
    world.send("PATCH", "/api/Energy/meters/M-1", &moved).await.is(200);
    let noted = world.get(&format!("/api/audit?subject={meter}")).await.json();
    assert_eq!((&noted["count"], &noted["data"][0]["after"]), (&json!(2), &moved));
    world.get("/api/audit?cursor=zz").await.refused(422, "invalid_cursor", Some("cursor"));
}
