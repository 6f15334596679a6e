//! Monthly reports: the list, one month in its forms, and to whom they are sent.

use std::sync::Arc;

use acquisition::Outbound;
use chrono::{Datelike as _, Months, NaiveDate, TimeDelta, Utc};
use domain::operation::task::Task;
use domain::reports::Month;
use notify::{Notifier, SmtpServer};
use serde_json::{Value, json};
use service::reports::Mailer;
use sqlx::PgPool;
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio_util::sync::CancellationToken;

use crate::{World, has, in_one_world};

const SCHEDULES: &str = "/api/report-schedules";

/// The first day of the month before this one.
fn last_month() -> NaiveDate {
    Utc::now().date_naive().with_day(1).unwrap() - Months::new(1)
}

impl World {
    /// One day of the month that begins on `first`, read each quarter-hour: 96 kWh in, 90 kWh out.
    async fn one_day(&self, first: NaiveDate) {
        let body = json!({"meterNumber": "GRID-001", "meterName": "Main Grid", "meterType": "Grid",
            "accuracyClass": 0.2});
        let grid = self.meter(&body).await;
        let body = json!({"meterNumber": "UNIT-A", "meterName": "Unit A", "meterType": "Unit",
            "parentMeterId": grid, "accuracyClass": 0.2});
        self.meter(&body).await;
        let begin = (first + TimeDelta::days(9)).and_hms_opt(0, 0, 0).unwrap().and_utc();
        for (number, step) in [("GRID-001", 1.0), ("UNIT-A", 0.9375)] {
            let reading = |i: i32| {
                json!({"timestamp": begin + TimeDelta::minutes(15) * i,
                    "totalEnergyKwh": 1000.0 + f64::from(i) * step})
            };
            let rows: Vec<Value> = (0..=96).map(reading).collect();
            let path = format!("/api/Energy/meters/{number}/readings");
            self.post(&path, &json!(rows)).await.is(201);
        }
    }
}

fn near(value: &Value, expected: f64) -> bool {
    value.as_f64().is_some_and(|value| (value - expected).abs() < 1e-6)
}

in_one_world! { reports_and_their_schedules:
    a_month_is_listed_and_told_in_every_form,
    what_is_no_month_or_has_not_begun_is_refused_with_words, a_schedule_is_made_changed_and_removed,
    a_report_that_stands_aside_is_listed_and_tried_again,
}

async fn a_month_is_listed_and_told_in_every_form(world: &World) {
    let first = last_month();
    world.one_day(first).await;
    let month = first.format("%Y-%m").to_string();
    let path = format!("/api/reports/{month}");
    let is_summed = |answer: &Value| {
        let total = &answer["data"]["total"];
        near(&total["energy"]["gridKwh"], 96.0) && near(&total["lost"]["kwh"], 6.0)
    };
    let report = world.eventually(&path, is_summed).await["data"].clone();
    assert_eq!((&report["isOver"], &report["total"]["days"]), (&json!(true), &json!(2)));
    // The last reading, at midnight, says something of the next day, too.
    assert!(near(&report["loss"]["kwh"], 6.0), "{}", report["loss"]);
    assert!(near(&report["sources"][0]["peak"]["kw"], 4.0), "{}", report["sources"]);
    let days = report["days"].as_array().unwrap();
    let sum: f64 = days.iter().filter_map(|day| day["energy"]["gridKwh"].as_f64()).sum();
    assert!((sum - 96.0).abs() < 1e-6);
    assert_eq!(days.iter().filter(|day| day["energy"].is_null()).count(), days.len() - 2);

    let list = world.get("/api/reports").await.json();
    let row = list["data"].as_array().unwrap().iter().find(|row| row["month"] == month).unwrap();
    assert!(near(&row["total"]["energy"]["gridKwh"], 96.0));
    assert!(near(&row["total"]["lost"]["kwh"], 6.0), "{row}");
    assert_eq!(row["lossPercent"], report["loss"]["percent"]);
    let table = world.get(&format!("{path}.csv")).await;
    assert!(table.text.starts_with("date,energy.gridKwh,"), "{}", table.text);
    assert_eq!(table.text.lines().count(), days.len() + 1);
    let picture = world.get(&format!("{path}.svg?chart=losses")).await;
    assert!(picture.text.starts_with("<svg ") && picture.text.contains("Main Grid"));
    let german = world.get(&format!("{path}.html?language=de")).await;
    assert!(german.text.contains("Energie- und Verlustbericht"), "{}", german.text);
    assert!(german.text.contains("96,0 kWh"), "figures in German marks: {}", german.text);
}

async fn what_is_no_month_or_has_not_begun_is_refused_with_words(world: &World) {
    for month in ["2026-13", "2026-1", "next", "2999-01"] {
        let refused = world.get(&format!("/api/reports/{month}")).await;
        refused.invalid("month");
    }
    let empty = world.get("/api/reports/2020-01").await.json();
    assert_eq!(
        (&empty["data"]["total"]["days"], &empty["data"]["firstMonth"]),
        (&json!(0), &Value::Null)
    );
    assert_eq!(world.get("/api/reports").await.json()["data"], json!([]));
    world.get("/api/reports/2020-01.pdf").await.is(404);
    world.get("/api/reports?site=nowhere").await.refused(404, "site_not_found", None);
}

async fn a_schedule_is_made_changed_and_removed(world: &World) {
    let new = json!({"addresses": ["a@plant.example"], "day": 2, "hour": 7, "language": "de"});
    let made = world.post(SCHEDULES, &new).await.is(201).data();
    has!(made, {"day": 2, "language": "de", "version": 1});
    let path = format!("{SCHEDULES}/{}", made["id"]);
    // What GET shows can be sent back.
    let same = world.send("PATCH", &path, &made).await;
    assert_eq!((same.status, &same.json()["data"]["day"]), (200, &json!(2)), "{}", same.text);
    let stale = world.send("PATCH", &path, &json!({"day": 4, "version": 1})).await;
    stale.refused(409, "changed_meanwhile", Some("version"));
    for (change, field) in [
        (json!({"day": 29}), "day"),
        (json!({"hour": 24}), "hour"),
        (json!({"language": "fr"}), "language"),
        (json!({"addresses": []}), "addresses"),
        (json!({"addresses": ["nobody"]}), "addresses"),
        (json!({"day": "first"}), "day"),
    ] {
        world.send("PATCH", &path, &change).await.invalid(field);
    }
    let simulated = json!({"site": "world", "addresses": ["a@plant.example"]});
    world.post(SCHEDULES, &simulated).await.invalid("site");
    let queued = world.post(&format!("{path}/send"), &json!({})).await.json();
    assert_eq!(queued["data"]["waiting"], 1);
    world.delete(&path).await.is(200);
    world.delete(&path).await.refused(404, "report_schedule_not_found", None);
    assert_eq!(world.count("report_outbox").await, 0);
    let noted = world.noted().await;
    let what = ["create", "update", "send", "delete"];
    assert_eq!(noted, what.map(|what| format!("report_schedule.{what}")));
}

/// Takes one mail, as RFC 5321 has it.
async fn one_mail(listener: TcpListener, heard: oneshot::Sender<String>) -> std::io::Result<()> {
    let (stream, _) = listener.accept().await?;
    let (read, mut write) = stream.into_split();
    let mut lines = BufReader::new(read).lines();
    let (mut said, mut in_message) = (String::new(), false);
    write.write_all(b"220 mail.example ready\r\n").await?;
    while let Some(line) = lines.next_line().await? {
        let is_end = in_message && line == ".";
        let is_begin = !in_message && line == "DATA";
        if !in_message || is_end {
            let answer: &[u8] = if is_begin { b"354 go on\r\n" } else { b"250 fine\r\n" };
            write.write_all(answer).await?;
        }
        in_message = (in_message || is_begin) && !is_end;
        said.push_str(&line);
        said.push('\n');
        if is_end {
            break;
        }
    }
    heard.send(said).ok();
    Ok(())
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn a_report_is_mailed_in_its_language_with_its_files(pool: PgPool) {
    let world = World::start(&pool).await;
    let first = last_month();
    world.one_day(first).await;
    let month = first.format("%Y-%m").to_string();
    let is_summed = |answer: &Value| near(&answer["data"]["total"]["lost"]["kwh"], 6.0);
    world.eventually(&format!("/api/reports/{month}"), is_summed).await;
    let new = json!({"addresses": ["boss@plant.example"], "language": "de"});
    let made = world.post(SCHEDULES, &new).await.json();
    world.post(&format!("{SCHEDULES}/{}/send", made["data"]["id"]), &json!({})).await;

    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("smtp://{}", listener.local_addr().unwrap());
    let (sender, heard) = oneshot::channel();
    tokio::spawn(one_mail(listener, sender));
    let (service, tasks) = service::start(pool.clone(), service::Vault::random()).await.unwrap();
    let smtp = SmtpServer::parse(&url, "Wattlens <reports@plant.example>").unwrap();
    let mailer = Arc::new(Mailer {
        notifier: Notifier::new(Outbound::new(true), Some(smtp)).unwrap(),
        draw: server::report_letters::draw(),
        pages: None,
    });
    let stop = CancellationToken::new();
    let task = service.keep(Task::Reports, &stop, move |service, stop, pulse| {
        service::reports::send(service, Arc::clone(&mailer), stop, pulse)
    });
    let limit = std::time::Duration::from_secs(30);
    let mail = tokio::time::timeout(limit, heard).await.unwrap().unwrap();
    for part in
        ["RCPT TO:<boss@plant.example>", "multipart/alternative", "text/html", "lang=3D\"de\""]
    {
        assert!(mail.contains(part), "{part} is not in {mail}");
    }
    for name in ["days", "losses"] {
        assert!(mail.contains(&format!("{name}-{month}.svg")), "{name}");
    }
    assert!(mail.contains(&format!("days-{month}.csv")));
    stop.cancel();
    task.await.unwrap();
    tasks.stop().await;
    world.end().await;
}

async fn a_report_that_stands_aside_is_listed_and_tried_again(world: &World) {
    let made = world.post(SCHEDULES, &json!({"addresses": ["a@plant.example"]})).await;
    let schedule = made.json()["data"]["id"].clone();
    let part = storage::operation::set_aside::Part::report(
        schedule.as_i64().unwrap(),
        Month::of(last_month()),
    );
    let mut db = world.pool.acquire().await.unwrap();
    storage::operation::set_aside::put(
        &mut db,
        part,
        3,
        &domain::message::Message::foreign("there was no ink"),
        "1",
    )
    .await
    .unwrap();
    let listed = world.get("/api/set-aside").await.json()["data"][0].clone();
    assert_eq!((&listed["work"], &listed["scheduleId"]), (&json!("report"), &schedule));
    assert_eq!((&listed["meterId"], &listed["error"]), (&Value::Null, &json!("there was no ink")));
    let metrics = world.get("/metrics").await.text;
    assert!(metrics.contains("wattlens_set_aside{work=\"report\"} 1"), "{metrics}");
    let page = world.get("/api/set-aside?format=csv").await.text;
    assert!(page.lines().nth(1).is_some_and(|line| line.starts_with("report,")), "{page}");
    let again = format!("/api/set-aside/reports/{schedule}/again");
    let tried = world.post(&again, &json!({})).await;
    assert_eq!(tried.json()["data"], json!({"scheduleId": schedule, "parts": 1}));
    assert_eq!(world.get("/api/set-aside").await.json()["data"], json!([]));
    let nobody = world.post("/api/set-aside/reports/0/again", &json!({})).await;
    nobody.refused(404, "report_schedule_not_found", None);
}
