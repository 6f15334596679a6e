//! Steps that are too large to be true, and what happens when somebody decides.

use serde_json::{Value, json};

use crate::forms::send;
use crate::{World, has, in_one_world};

/// A meter of 10 kW whose register jumps by 99,898 kWh within ten minutes.
async fn plant(world: &World) {
    world
        .meter(&json!({"meterNumber": "M-1", "meterName": "Main", "meterType": "Main",
            "ratedPowerKw": 10, "registerStepKwh": 0.1}))
        .await;
    let registers =
        [(0, 100.0), (10, 101.0), (20, 102.0), (30, 100_000.0), (40, 100_001.0), (46, 100_001.5)];
    let row = |(minute, kwh): (u32, f64)| json!({"timestamp": format!("2026-11-01T10:{minute:02}:00Z"), "totalEnergyKwh": kwh});
    let rows: Vec<_> = registers.into_iter().map(row).collect();
    let stored = world.post("/api/Energy/meters/M-1/readings", &json!(rows)).await.is(201);
    assert_eq!(stored.json()["data"]["quarantined"], 1, "{}", stored.text);
}

/// Waits until the quarter-hours of all meters of the site add up to so many kWh.
pub(crate) async fn adds_up_to(world: &World, kwh: f64) {
    let mut sum = f64::NAN;
    for _ in 0..400 {
        let statement = format!(
            "SELECT coalesce(sum(import_kwh), 0) FROM energy_intervals WHERE meter_id IN ({})",
            world.meters()
        );
        let statement = sqlx::AssertSqlSafe(statement);
        sum = sqlx::query_scalar(statement).fetch_one(&world.pool).await.unwrap();
        if (sum - kwh).abs() < 1e-6 {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(25)).await;
    }
    panic!("the quarter-hours add up to {sum}, not to {kwh}");
}

in_one_world! { steps_in_quarantine:
    a_step_past_a_struck_reading_is_taken_back_whole, a_step_counts_when_somebody_accepts_it,
    what_is_set_apart_is_counted_in_the_answer_to_who_sent_it,
    energy_is_computed_again_after_an_exchange_and_a_correction,
    an_unmetered_load_is_declared_and_replaced, a_step_says_what_is_asked,
    a_step_beyond_the_rated_power_says_all_that_would_count,
}

async fn a_step_says_what_is_asked(world: &World) {
    let from =
        |first: f64, step: f64, many: u32| (0..many).map(move |i| first + step * f64::from(i));
    let rises = from(100.0, 1.0, 2);
    let cases: [(&str, Vec<f64>, Value, Value); 4] = [
        ("step", rises.clone().chain(from(9000.0, 1.0, 4)).collect(), Value::Null, Value::Null),
        ("step_back", rises.clone().chain(from(95.0, 1.0, 4)).collect(), Value::Null, Value::Null),
        ("beyond_rated", rises.chain(from(107.0, 5.0, 5)).collect(), json!(10.0), json!(32.0)),
        ("counts_down", from(100.0, -0.5, 12).collect(), Value::Null, Value::Null),
    ];
    for (kind, shown, rated, needed) in cases {
        let meter = json!({"meterNumber": kind, "meterName": kind, "meterType": "Main",
            "ratedPowerKw": 10, "registerStepKwh": 0.1});
        world.meter(&meter).await;
        let row = |(i, kwh): (u32, f64)| {
            let (hour, minute) = (10 + i / 6, i % 6 * 10);
            json!({"timestamp": format!("2026-11-01T{hour}:{minute:02}:00Z"), "totalEnergyKwh": kwh})
        };
        let rows: Vec<_> = (0..).zip(shown).map(row).collect();
        world.post(&format!("/api/Energy/meters/{kind}/readings"), &json!(rows)).await.is(201);
        let path = format!("/api/quarantine?meter={kind}");
        let asked = world.eventually(&path, |list| list["count"] == 1).await;
        has!(asked["data"][0], {"kind": kind, "state": "open", "ratedKw": rated, "neededKw": needed});
        // A browser that runs nothing answers, too.
        let n = asked["data"][0]["n"].to_string();
        let sent = send(world, "/act/reject?next=/alarms", &[("n", &n)]).await;
        assert_eq!(sent.status, 200, "{}", sent.text);
        assert_eq!(world.get(&path).await.json()["data"][0]["state"], "rejected");
    }
}

async fn a_step_beyond_the_rated_power_says_all_that_would_count(world: &World) {
    let meter = json!({"meterNumber": "M-1", "meterName": "Main", "meterType": "Main",
        "ratedPowerKw": 5, "registerStepKwh": 0.01});
    world.meter(&meter).await;
    let row = |minute: i32| {
        let kwh = 100.0 + f64::from(minute) / 3.0;
        json!({"timestamp": format!("2026-11-01T10:{minute:02}:00Z"), "totalEnergyKwh": kwh})
    };
    let rows: Vec<_> = (0..60).map(row).collect();
    world.post("/api/Energy/meters/M-1/readings", &json!(rows)).await.is(201);
    let all = 59.0 / 3.0;
    let shows_all = |list: &Value| {
        list["data"][0]["delta"].as_f64().is_some_and(|delta| (delta - all).abs() < 1e-6)
    };
    world.eventually("/api/quarantine", shows_all).await;
    // Its first quarter-hours are computed again, and nothing else.
    let again = format!(
        "INSERT INTO rollup_queue (meter_id, bucket_start) \
         SELECT id, '2026-11-01T10:00:00Z'::timestamptz + n * interval '15 minutes' \
         FROM energy_meters, generate_series(0, 1) AS n WHERE id IN ({}) ON CONFLICT DO NOTHING",
        world.meters()
    );
    sqlx::query(sqlx::AssertSqlSafe(again)).execute(&world.pool).await.unwrap();
    let waits = format!("SELECT count(*) FROM rollup_queue WHERE meter_id IN ({})", world.meters());
    for _ in 0..400 {
        let waits = sqlx::query_scalar(sqlx::AssertSqlSafe(waits.clone()));
        if waits.fetch_one(&world.pool).await.is_ok_and(|count: i64| count == 0) {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(25)).await;
    }
    let held = world.get("/api/quarantine").await.json();
    assert!(shows_all(&held), "{held}");
    let path = format!("/api/quarantine/{}/accept", held["data"][0]["n"]);
    world.send("POST", &path, &json!({})).await.is(200);
    adds_up_to(world, all).await;
}

/// The step began at the reading before the one that was struck out: all of it is computed again.
async fn a_step_past_a_struck_reading_is_taken_back_whole(world: &World) {
    let meter = json!({"meterNumber": "M-1", "meterName": "Main", "meterType": "Main",
        "ratedPowerKw": 60});
    world.meter(&meter).await;
    let shown = [
        ("02:00", 50),
        ("03:00", 52),
        ("03:30", 776),
        ("04:00", 795),
        ("04:30", 816),
        ("05:00", 837),
    ];
    let reading =
        |(time, kwh)| json!({"timestamp": format!("2026-05-05T{time}:00Z"), "totalEnergyKwh": kwh});
    let rows = Value::from(shown.map(reading).to_vec());
    world.post("/api/Energy/meters/M-1/readings", &rows).await.is(201);
    let struck = json!({"timestamp": "2026-05-05T03:30:00Z", "field": "totalEnergyKwh",
        "value": null, "reason": "misread"});
    world.post("/api/Energy/meters/M-1/corrections", &struck).await.is(201);
    adds_up_to(world, 44.0).await;
    let held = world.eventually("/api/quarantine", |list| {
        list["data"][0]["timestamp"] == "2026-05-05T04:00:00Z"
    });
    let path = format!("/api/quarantine/{}", held.await["data"][0]["n"]);
    world.send("POST", &format!("{path}/accept"), &json!({})).await.is(200);
    adds_up_to(world, 787.0).await;
    world.send("POST", &format!("{path}/reject"), &json!({})).await.is(200);
    adds_up_to(world, 44.0).await;
}

async fn a_step_counts_when_somebody_accepts_it(world: &World) {
    plant(world).await;
    let held = world.eventually("/api/quarantine", |list| list["count"] == 1).await;
    let step = &held["data"][0];
    has!(step, {"meterNumber": "M-1", "timestamp": "2026-11-01T10:30:00Z",
        "field": "totalEnergyKwh", "previous": 102.0, "value": 100_000.0, "delta": 99_898.0,
        "state": "open"});
    adds_up_to(world, 3.5).await;

    let path = format!("/api/quarantine/{}", step["n"]);
    let accepted = world.send("POST", &format!("{path}/accept"), &json!({})).await.is(200);
    assert_eq!(accepted.json()["data"]["state"], "accepted");
    assert!(accepted.json()["data"]["decidedAt"].is_string());
    adds_up_to(world, 99_901.5).await;
    let rejected = world.send("POST", &format!("{path}/reject"), &json!({})).await;
    assert_eq!(rejected.json()["data"]["state"], "rejected");
    adds_up_to(world, 3.5).await;

    // A meter of a gigawatt could have counted it: what was decided stands.
    let larger = json!({"ratedPowerKw": 1_000_000});
    world.send("PATCH", "/api/Energy/meters/M-1", &larger).await.is(200);
    let later = json!({"timestamp": "2026-11-01T10:50:00Z", "totalEnergyKwh": 100_002.0});
    world.post("/api/Energy/meters/M-1/readings", &later).await.is(201);
    adds_up_to(world, 4.0).await;

    let listed = async |query: &str| world.get(&format!("/api/quarantine?{query}")).await.json();
    assert_eq!(listed("state=rejected&meter=M-1").await["data"][0]["n"], step["n"]);
    assert_eq!(listed("state=open").await["data"], json!([]));
    world.get("/api/quarantine?state=maybe").await.invalid("state");
    world.get("/api/quarantine?meter=M-9").await.refused(404, "meter_not_found", None);
    let nothing = world.send("POST", "/api/quarantine/999/accept", &json!({})).await;
    nothing.refused(404, "step_not_found", None);
    assert_eq!(world.noted().await, ["quarantine.accept", "quarantine.reject", "meter.update"]);
}

/// The answer says what becomes of the readings, however far the rollup has come.
async fn what_is_set_apart_is_counted_in_the_answer_to_who_sent_it(world: &World) {
    world
        .meter(&json!({"meterNumber": "M-1", "meterName": "Main", "meterType": "Main",
            "ratedPowerKw": 10, "registerStepKwh": 0.1}))
        .await;
    let post = async |rows: &Value| {
        let answer = world.post("/api/Energy/meters/M-1/readings", rows).await.is(201);
        answer.data()
    };
    let row = |time: &str, kwh: f64| json!({"timestamp": format!("2026-11-{time}:00Z"), "totalEnergyKwh": kwh});
    assert_eq!(post(&row("01T10:00", 100.0)).await["quarantined"], 0);
    // At once, and when the readings before are summed up already. The readings after it decide.
    let sent =
        json!([row("01T10:05", 9_000.0), row("01T10:10", 9_001.0), row("01T10:20", 9_002.0)]);
    assert_eq!(post(&sent).await["quarantined"], 1);
    world.eventually("/api/quarantine", |list| list["count"] == 1).await;
    let sent =
        json!([row("03T10:00", 90_000.0), row("03T10:10", 90_001.0), row("03T10:20", 90_002.0)]);
    assert_eq!(post(&sent).await["quarantined"], 1);
    world.eventually("/api/quarantine", |list| list["count"] == 2).await;
    let sent = json!([
        row("05T10:00", 90_010.0),
        row("05T10:10", 190_000.0),
        row("05T10:20", 190_001.0),
        row("05T10:30", 190_002.0),
        row("09T10:20", 800_000.0),
        row("09T10:30", 800_001.0),
        row("09T10:40", 800_002.0)
    ]);
    let stored = post(&sent).await;
    assert_eq!((&stored["accepted"], &stored["quarantined"]), (&json!(7), &json!(2)));
    world.eventually("/api/quarantine", |list| list["count"] == 4).await;
    let power = json!({"timestamp": "2026-11-09T11:00:00Z", "activePowerKw": 5});
    assert_eq!(post(&power).await["quarantined"], 0);
}

async fn energy_is_computed_again_after_an_exchange_and_a_correction(world: &World) {
    plant(world).await;
    adds_up_to(world, 3.5).await;
    let exchange = json!({"timestamp": "2026-11-01T10:25:00Z", "oldFinalKwh": 102.5,
        "newInitialKwh": 99_999.0, "reason": "replaced"});
    let made = world.post("/api/Energy/meters/M-1/exchanges", &exchange).await.is(201);
    adds_up_to(world, 5.0).await;
    let one = format!("/api/Energy/meters/M-1/exchanges/{}", made.json()["data"]["n"]);
    world.delete(&one).await.is(200);
    adds_up_to(world, 3.5).await;

    let correct = async |at: &str, value: Value| {
        let body =
            json!({"timestamp": at, "field": "totalEnergyKwh", "value": value, "reason": "typed"});
        world.post("/api/Energy/meters/M-1/corrections", &body).await.json()["data"]["n"].clone()
    };
    correct("2026-11-01T10:30:00Z", json!(103.0)).await;
    correct("2026-11-01T10:46:00Z", json!(104.5)).await;
    let n = correct("2026-11-01T10:40:00Z", json!(104.0)).await;
    adds_up_to(world, 4.5).await;
    let one = format!("/api/Energy/meters/M-1/corrections/{n}");
    world.delete(&one).await.is(200);
    adds_up_to(world, 4.5).await;
    let outliers = world.eventually("/api/outliers?meter=M-1", |list| list["count"] == 1).await;
    assert_eq!(outliers["data"][0]["value"], 100_001.0, "the readings around it decide");
}

async fn an_unmetered_load_is_declared_and_replaced(world: &World) {
    plant(world).await;
    let path = "/api/Energy/meters/M-1/unmetered";
    let body = json!({"validFrom": "2026-11-01", "powerKw": 1.5, "reason": "street lights"});
    let made = world.post(path, &body).await.is(201);
    assert_eq!(made.json()["data"]["validFrom"], "2026-11-01T00:00:00Z");
    world.post(path, &body).await.refused(409, "load_exists", Some("validFrom"));
    let other = json!({"validFrom": "2026-11-01T00:00:00Z", "powerKw": 2, "reason": "more lights"});
    world.send("PUT", path, &other).await.is(200);
    let list = world.get(path).await.json();
    assert_eq!((&list["count"], &list["data"][0]["powerKw"]), (&json!(1), &json!(2.0)));
    let body = json!({"validFrom": "2026-12-01", "powerKw": 1, "reason": "lights"});
    world
        .refuses(
            "PUT",
            path,
            &body,
            &[
                (json!({"powerKw": -1}), "invalid_value", "powerKw"),
                (json!({"validFrom": "noon"}), "invalid_value", "validFrom"),
                (json!({"reason": ""}), "invalid_value", "reason"),
                (json!({"kw": 1}), "unknown_field", "kw"),
            ],
        )
        .await;
    assert_eq!(world.count("unmetered_loads").await, 1);
}
