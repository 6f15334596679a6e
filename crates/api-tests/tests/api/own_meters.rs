//! Prosumers and their own meters.

use serde_json::{Value, json};
use sqlx::PgPool;

use crate::Request;
use crate::bills::Street;
use crate::people::{PASSWORD, ask, cookies, sign_in};

/// Creates the first administrator and whoever owns meters, and signs them in.
async fn sign_in_with(street: &Street, people: &[(&str, Value)]) -> Vec<String> {
    let world = &street.world;
    let admin = json!({"name": "asha", "password": PASSWORD, "roles": [{"role": "admin"}]});
    world.post("/api/users", &admin).await.is(201);
    let mut kept = vec![cookies(&sign_in(world, "asha", PASSWORD).await)];
    for (name, body) in people {
        let mut body = body.clone();
        body["name"] = json!(name);
        body["password"] = json!(PASSWORD);
        ask(world, &kept[0], "POST", "/api/users", Some(body)).await.is(201);
        kept.push(cookies(&sign_in(world, name, PASSWORD).await));
    }
    kept
}

fn owner(number: &str, from: Option<&str>, to: Option<&str>) -> Value {
    json!({"roles": [{"role": "prosumer", "site": "world"}],
        "meters": [{"meterNumber": number, "site": "world", "validFrom": from, "validTo": to}]})
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn a_prosumer_sees_their_own_meter_for_as_long_as_it_is_theirs(pool: PgPool) {
    let street = Street::start(&pool).await;
    street.at_the_ends(street.prosumer, 300.0, 200.0).await;
    street.at_the_ends(street.consumer, 400.0, 0.0).await;
    street.trade(50.0, 5.5).await;
    street.consumed(street.prosumer, 300.0).await;
    street.consumed(street.consumer, 400.0).await;
    let site = json!({"pricePerKwh": "8.00"});
    Request::new("PATCH", "/api/sites/world").json(&site).send(street.world.address).await.is(200);
    let drafts = [street.draft(street.prosumer).await, street.draft(street.consumer).await];
    let people = [
        ("lena", owner("HH-1", Some("2025-05-01"), Some("2025-06-01"))),
        ("omar", owner("HH-2", Some("2025-05-16"), None)),
        ("moved", owner("HH-2", None, Some("2025-05-16"))),
    ];
    let kept = sign_in_with(&street, &people).await;
    let [lena, omar, moved] = [&kept[1], &kept[2], &kept[3]];
    let (mine, other) = (street.prosumer, street.consumer);
    let get = async |who: &str, path: String| ask(&street.world, who, "GET", &path, None).await;

    let me = get(lena, "/api/me".to_owned()).await.done();
    assert_eq!(me["meters"][0]["meterId"], mine);
    assert_eq!((&me["roles"], &me["actions"]), (&json!(["prosumer"]), &json!([])));
    // Their own month, with its trade; of the neighbour nothing but the other side of that trade.
    let bill = get(lena, "/api/bill?meter_id=HH-1&month=2025-05".to_owned()).await.is(200).json();
    assert_eq!(bill["total_consumed_kWh"], 300.0);
    get(lena, format!("/api/bill?meter_id={other}&month=2025-05")).await.refused(
        404,
        "meter_not_found",
        None,
    );
    let listed = get(lena, "/api/bills".to_owned()).await.done();
    let of: Vec<_> = listed.as_array().unwrap().iter().map(|bill| &bill["meterId"]).collect();
    assert_eq!(of, [&json!(mine)]);
    assert_eq!(
        get(lena, "/api/p2p-trade?month=2025-05".to_owned()).await.done()[0]["units_kWh"],
        50.0
    );
    get(lena, format!("/api/bills/{}", drafts[0])).await.is(200);
    for path in ["", "/lines/0", ".csv", ".xml", ".svg"] {
        let path = format!("/api/bills/{}{path}", drafts[1]);
        get(lena, path).await.refused(404, "bill_not_found", None);
    }
    let readings = get(lena, format!("/api/Energy/meters/{mine}/readings")).await.done();
    assert_eq!(readings.as_array().unwrap().len(), 1, "the reading at the end is the next owner's");
    for path in
        [format!("/api/Energy/meters/{other}/readings"), format!("/api/Energy/meters/{mine}")]
    {
        get(lena, path).await.refused(404, "meter_not_found", None);
    }

    // Neither side sees the bill of the month in which the meter passed on.
    for who in [omar, moved] {
        get(who, format!("/api/bills/{}", drafts[1])).await.refused(404, "bill_not_found", None);
        let bill = get(who, "/api/bill?meter_id=HH-2&month=2025-05".to_owned()).await;
        bill.refused(404, "bill_not_found", None);
        assert_eq!(get(who, "/api/bills".to_owned()).await.done(), json!([]));
    }
    let trades = async |who: &str| {
        get(who, "/api/p2p-trade?month=2025-05".to_owned()).await.done().as_array().unwrap().len()
    };
    assert_eq!((trades(moved).await, trades(omar).await), (1, 0), "it was agreed on the tenth");
    // What of it counts, and the month as one step, would tell what the other side used: each sees its part.
    let trade = get(moved, "/api/p2p-trade?month=2025-05".to_owned()).await.done();
    assert_eq!(trade[0]["settled_kWh"], Value::Null, "{trade}");
    for who in [omar, moved] {
        let path = format!(
            "/api/Energy/meters/{other}/readings?resolution=1mo&from=2025-05-01&to=2025-06-01"
        );
        let month = get(who, path).await.done();
        let own = if who == omar { ["05-16", "06-01"] } else { ["05-01", "05-16"] };
        let [start, end] = own.map(|day| json!(format!("2025-{day}T07:00:00Z")));
        let shown = &month.as_array().unwrap()[0];
        assert_eq!((&shown["start"], &shown["end"]), (&start, &end), "{month}");
        assert_eq!((month.as_array().unwrap().len(), &shown["partial"]), (1, &json!(true)));
        let path = format!(
            "/api/Energy/meters/{other}/readings?resolution=1d&from=2025-05-01&to=2025-06-01&explain=true"
        );
        let days = get(who, path).await.done();
        assert!(
            !days.to_string().contains(if who == omar { "2025-05-01T07" } else { "2025-06-01T07" }),
            "{days}"
        );
    }
    get(omar, format!("/api/Energy/meters/{other}")).await.is(200);
    get(moved, format!("/api/Energy/meters/{other}")).await.refused(404, "meter_not_found", None);

    // A connection is checked where their meter stands, as long as it is theirs.
    let place = json!({"latitude": 37.7599, "longitude": -122.4148});
    for meter in [mine, other] {
        let path = format!("/api/Energy/meters/{meter}");
        ask(&street.world, &kept[0], "PATCH", &path, Some(place.clone())).await.is(200);
    }
    let check = async |who: &str, north: f64, explain: bool| {
        let body = json!({"type": "consumer", "requested_consumption_kW": 5.0, "latitude": north,
            "longitude": -122.4148, "explain": explain});
        ask(&street.world, who, "POST", "/api/feasibility-check", Some(body)).await
    };
    check(omar, 37.7600, false).await.is(200);
    for answer in [
        check(omar, 37.7700, false).await,
        check(omar, 37.7599, true).await,
        check(moved, 37.7599, false).await,
    ] {
        answer.refused(403, "forbidden", None);
    }
    for day in [15, 16] {
        sqlx::query(
            "INSERT INTO alarms (site_id, meter_id, kind, severity, about, unit, raised_at, acknowledged_at, acknowledged_by, note) \
             SELECT site_id, id, 'offline', 'critical', \
                 jsonb_build_object('code', 'alarm.offline', 'message', 'Offline'), '', \
                 day, day, 'asha', 'who is in?' \
             FROM energy_meters, make_timestamptz(2025, 5, $2, 12, 0, 0, 'UTC') day WHERE id = $1",
        )
        .bind(other)
        .bind(day)
        .execute(&street.world.pool)
        .await
        .unwrap();
    }
    for (who, day) in [(moved, "2025-05-15T12:00:00Z"), (omar, "2025-05-16T12:00:00Z")] {
        let told = get(who, format!("/api/alarms?meter={other}&state=all")).await.done();
        let of: Vec<_> = told.as_array().unwrap().iter().map(|alarm| &alarm["raisedAt"]).collect();
        assert_eq!((of, &told[0]["note"]), (vec![&json!(day)], &Value::Null), "{told}");
    }
    get(lena, format!("/api/alarms?meter={other}")).await.refused(404, "meter_not_found", None);
    get(lena, format!("/api/live?meter={other}")).await.refused(404, "meter_not_found", None);

    // There is nothing else for them.
    for path in [
        "/api/Energy/meters/hierarchy?site=world",
        "/api/history.csv?site=world",
        "/api/transformers",
        "/api/alarms?site=world",
        "/api/bills/run",
        "/api/live?site=world",
        "/api/live?site=world&show=site",
        "/api/admin/meter",
        "/api/portfolio",
        "/metrics",
        "/api/users",
    ] {
        get(lena, path.to_owned()).await.refused(403, "forbidden", None);
    }
    let trade = json!({"buyer_meter_id": "HH-2", "seller_meter_id": "HH-1", "units_kWh": 5.0,
        "price_per_kWh": 5.5});
    ask(&street.world, lena, "POST", "/api/p2p-trade", Some(trade)).await.refused(
        403,
        "forbidden",
        None,
    );
    street.end().await;
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn a_token_may_do_what_it_says_and_never_more_than_its_owner(pool: PgPool) {
    let street = Street::start(&pool).await;
    let operator = json!({"roles": [{"role": "operator", "site": "world"}]});
    let owned = owner("HH-1", None, None);
    let kept = sign_in_with(&street, &[("mina", operator), ("lena", owned)]).await;
    let (admin, mina, lena) = (&kept[0], &kept[1], &kept[2]);
    let world = &street.world;
    let tomorrow = chrono::Utc::now() + chrono::TimeDelta::days(1);
    let make = async |who: &str, change: Value| {
        let body = json!({"name": "logger", "actions": ["send_readings"], "expiresAt": tomorrow});
        ask(world, who, "POST", "/api/tokens", Some(crate::with(&body, &change))).await
    };
    for (wrong, field) in [
        (json!({"name": " "}), "name"),
        (json!({"expiresAt": "2020-01-01T00:00:00Z"}), "expiresAt"),
        (json!({"actions": []}), "actions"),
        (json!({"actions": ["rule"]}), "actions"),
        (json!({"actions": ["manage_people"]}), "actions"),
        (json!({"actions": ["administer"]}), "actions"),
        (json!({"role": "viewer"}), "actions"),
        (json!({"meters": ["HH-9"], "site": "world"}), "meters"),
    ] {
        make(mina, wrong).await.invalid(field);
    }
    make(mina, json!({"site": "default"})).await.refused(404, "site_not_found", None);
    make(lena, json!({})).await.invalid("actions");

    let made = make(mina, json!({"site": "world", "meters": ["HH-1"]})).await.done();
    let token = made["token"].as_str().unwrap().to_owned();
    assert!(token.starts_with("wl_") && token.len() == 43, "{token}");
    let send = async |token: &str, method: &str, path: &str, body: Option<Value>| {
        let request =
            Request::new(method, path).header("Authorization", &format!("Bearer {token}"));
        let request = match &body {
            Some(body) => request.json(body),
            None => request,
        };
        request.send(world.address).await
    };
    let reading = || Some(json!({"timestamp": "2025-05-02T00:00:00Z", "energyImportKwh": 1.0}));
    let to = |meter: i64| format!("/api/Energy/meters/{meter}/readings");
    send(&token, "POST", &to(street.prosumer), reading()).await.is(201);
    send(&token, "POST", "/api/Energy/meters/HH-1/readings?site=world", reading()).await.is(201);
    send(&token, "POST", &to(street.consumer), reading()).await.refused(
        404,
        "meter_not_found",
        None,
    );
    send(&token, "GET", &to(street.prosumer), None).await.refused(403, "forbidden", None);
    send(
        &token,
        "POST",
        "/api/tokens",
        Some(json!({"name": "x", "actions": ["see"], "expiresAt": tomorrow})),
    )
    .await
    .refused(403, "forbidden", None);
    for foreign in ["wl_", &token[..20], "wl_0000000000000000000000000000000000000000"] {
        let refused = send(foreign, "GET", "/api/sites", None).await;
        refused.refused(401, "sign_in_failed", None);
    }
    // An owner's token sees their meter alone.
    let own = make(lena, json!({"actions": ["see", "see_bills"]})).await.done();
    let own = own["token"].as_str().unwrap();
    send(own, "GET", &to(street.prosumer), None).await.is(200);
    send(own, "GET", &to(street.consumer), None).await.refused(404, "meter_not_found", None);
    // Prometheus asks with one of an administrator.
    let watching = make(admin, json!({"actions": ["see_system"]})).await.done();
    send(watching["token"].as_str().unwrap(), "GET", "/metrics", None).await.is(200);

    // One for a meter sees nothing below it, and nothing at all once the meter is gone.
    let seeing = make(mina, json!({"actions": ["see"], "site": "world", "meters": ["HH-1"]})).await;
    let seeing = seeing.done()["token"].as_str().unwrap().to_owned();
    let below = format!("/api/Energy/meters/{}/children", street.prosumer);
    send(&seeing, "GET", &below, None).await.refused(403, "forbidden", None);
    let typo = json!({"meterNumber": "HH-1O", "meterName": "typo", "meterType": "Household"});
    let typo = ask(world, admin, "POST", "/api/Energy/meters?site=world", Some(typo)).await.done();
    let narrow = make(mina, json!({"site": "world", "meters": ["HH-1O"]})).await.done();
    let gone = format!("/api/Energy/meters/{}", typo["id"]);
    ask(world, admin, "DELETE", &gone, None).await.is(200);
    let narrow = narrow["token"].as_str().unwrap();
    let (method, consumer) = ("POST", to(street.consumer));
    send(narrow, method, &consumer, reading()).await.refused(404, "meter_not_found", None);
    // A refusal says no more than was typed.
    let other = make(lena, json!({"actions": ["see"], "meters": [street.consumer]})).await;
    assert!(other.status == 404 || !other.text.contains("HH-2"), "{}", other.text);
    // Brokers are read by all sites: who works on one does not change them.
    let broker = Some(json!({"url": "mqtt://10.0.0.5"}));
    let broker = ask(world, mina, "PUT", "/api/mqtt/brokers/default", broker).await;
    broker.refused(403, "forbidden", None);

    // Everybody ends their own; with the rights of its owner a token loses its own, and with its owner it ends.
    let tokens = ask(world, admin, "GET", "/api/tokens", None).await.done();
    assert_eq!(tokens.as_array().unwrap().len(), 5, "{tokens}");
    assert!(!tokens.to_string().contains("wl_"));
    let used = ask(world, mina, "GET", "/api/tokens", None).await.done();
    assert!(used[0]["usedAt"].is_string(), "{used}");
    let path = format!("/api/tokens/{}", made["id"]);
    ask(world, lena, "DELETE", &path, None).await.refused(404, "token_not_found", None);
    let users = ask(world, admin, "GET", "/api/users", None).await.done();
    let id = |name: &str| {
        let found = users.as_array().unwrap().iter().find(|user| user["name"] == name);
        format!("/api/users/{}", found.unwrap()["id"])
    };
    let viewer = json!({"roles": [{"role": "viewer", "site": "world"}]});
    ask(world, admin, "PATCH", &id("mina"), Some(viewer)).await.is(200);
    send(&token, "POST", &to(street.prosumer), reading()).await.refused(403, "forbidden", None);
    ask(world, admin, "PATCH", &id("mina"), Some(json!({"isDisabled": true}))).await.is(200);
    send(&token, "POST", &to(street.prosumer), reading()).await.refused(
        401,
        "sign_in_failed",
        None,
    );
    ask(world, admin, "DELETE", &path, None).await.is(200);
    // A password that somebody else sets ends it, too.
    let reset = Some(json!({"password": "windmill lamp 4 sea"}));
    ask(world, admin, "PATCH", &id("lena"), reset).await.is(200);
    send(own, "GET", &to(street.prosumer), None).await.refused(401, "sign_in_failed", None);
    street.end().await;
}
