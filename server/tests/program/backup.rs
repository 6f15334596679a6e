use std::cell::Cell;
use std::path::Path;
use std::process::{Command, Output};
use std::time::{Duration, Instant};

use chrono::{DateTime, DurationRound as _, SecondsFormat, TimeDelta, Utc};
use nix::sys::signal::Signal;
use reqwest::Method;
use serde_json::{Value, json};
use sqlx::PgPool;

use super::people::{PASSWORD, create};
use super::{Program, client, database_url, ended};

const METERS: i64 = 10;
/// Readings of a meter in a post, a second apart; a round of all meters each second is a thousand readings.
const BATCH: i64 = 100;
const ROUND: Duration = Duration::from_secs(1);
/// Rounds that are acknowledged before the copy begins.
const BEFORE: i64 = 5;
/// What a register gains from one reading to the next, in kWh.
const GAIN: f64 = 0.001;

fn run(name: &str, file: &Path, data_dir: &Path) -> (Option<i32>, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_wattlens"));
    for name in ["DATABASE_URL", "WATTLENS_DATA_DIR", "WATTLENS_SECRET_KEY"] {
        command.env_remove(name);
    }
    let Output { status, stdout, stderr } =
        command.arg(name).arg(file).arg("--data-dir").arg(data_dir).output().unwrap();
    let said = [stdout, stderr].concat();
    (status.code(), String::from_utf8_lossy(&said).into_owned())
}

fn name(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Secs, true)
}

async fn send(program: &Program, method: Method, path: &str, body: Option<&Value>) -> Value {
    let (status, answer) = program.send(&client(), method, path, body).await.unwrap();
    assert!(status < 300, "{path}: {status} {answer}");
    answer["data"].clone()
}

async fn make_meters(program: &Program) {
    for n in 0..METERS {
        let body = json!({"meterNumber": format!("M-{n}"), "meterName": "M", "meterType": "Grid"});
        send(program, Method::POST, "/api/Energy/meters", Some(&body)).await;
    }
}

/// The reading with this number of a meter.
fn register(meter: i64, n: i64) -> f64 {
    f64::from(i32::try_from(1_000 * meter + 1_000).unwrap())
        + f64::from(i32::try_from(n).unwrap()) * GAIN
}

/// Posts rounds until `stop`; counts those that are acknowledged whole.
async fn post(program: &Program, begin: DateTime<Utc>, rounds: &Cell<i64>, stop: &Cell<bool>) {
    let mut tick = tokio::time::interval(ROUND);
    while !stop.get() {
        tick.tick().await;
        let from = rounds.get() * BATCH;
        let sent = (0..METERS).map(|meter| async move {
            let row = |n: i64| json!({"timestamp": name(begin + TimeDelta::seconds(n)), "totalEnergyKwh": register(meter, n)});
            let rows = Value::Array((from..from + BATCH).map(row).collect());
            let path = format!("/api/Energy/meters/M-{meter}/readings");
            send(program, Method::POST, &path, Some(&rows)).await;
        });
        futures::future::join_all(sent).await;
        rounds.set(rounds.get() + 1);
    }
}

/// How many readings of each meter there are, which have to be the first ones of those that were sent.
async fn stored(data_dir: &Path, begin: DateTime<Utc>) -> Vec<i64> {
    let pool = PgPool::connect(&database_url(data_dir).unwrap()).await.unwrap();
    let mut counts = Vec::new();
    for meter in 0..METERS {
        let rows: Vec<(DateTime<Utc>, f64)> = sqlx::query_as(
            "SELECT \"timestamp\", total_energy_kwh FROM meter_readings WHERE meter_id = \
             (SELECT id FROM energy_meters WHERE meter_number = $1) ORDER BY \"timestamp\"",
        )
        .bind(format!("M-{meter}"))
        .fetch_all(&pool)
        .await
        .unwrap();
        let sent = |n: i64| (begin + TimeDelta::seconds(n), register(meter, n));
        let count = i64::try_from(rows.len()).unwrap();
        assert_eq!(rows, (0..count).map(sent).collect::<Vec<_>>());
        counts.push(count);
    }
    pool.close().await;
    counts
}

/// Waits until the energy of each meter is what its register gained.
async fn counted(program: &Program, begin: DateTime<Utc>, counts: &[i64]) {
    let begun = Instant::now();
    for (meter, count) in counts.iter().enumerate() {
        let to = name(begin + TimeDelta::seconds(*count));
        let path = format!("/api/Energy/meters/hierarchy?from={}&to={to}", name(begin));
        let gained = GAIN * f64::from(i32::try_from(count - 1).unwrap());
        loop {
            let tree = send(program, Method::GET, &path, None).await;
            let number = Value::String(format!("M-{meter}"));
            let found = tree.as_array().unwrap().iter().find(|node| node["meterNumber"] == number);
            let energy = found.and_then(|node| node["energyKwh"].as_f64());
            if energy.is_some_and(|energy| (energy - gained).abs() < 1e-6) {
                break;
            }
            assert!(begun.elapsed() < Duration::from_mins(1), "{energy:?}, not {gained}");
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }
}

#[tokio::test]
async fn a_backup_under_load_brings_back_all_that_was_acknowledged_before_it() {
    let folder = tempfile::tempdir().unwrap();
    let (data_dir, restored) = (folder.path().join("data"), folder.path().join("restored"));
    let file = folder.path().join("wattlens.backup");
    let begin = Utc::now().duration_trunc(TimeDelta::seconds(1)).unwrap() - TimeDelta::hours(6);
    let mut program = Program::start(&data_dir);
    make_meters(&program).await;

    let (rounds, stop) = (Cell::new(0), Cell::new(false));
    let copy = async {
        while rounds.get() < BEFORE {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        let acknowledged = rounds.get() * BATCH;
        let (into, from) = (file.clone(), data_dir.clone());
        let copied = tokio::task::spawn_blocking(move || run("backup", &into, &from)).await;
        stop.set(true);
        (acknowledged, copied.unwrap())
    };
    let ((), (acknowledged, (code, said))) =
        tokio::join!(post(&program, begin, &rounds, &stop), copy);
    assert_eq!(code, Some(0), "{said}");
    program.signal(Signal::SIGTERM);
    assert_eq!(ended(&mut program.child, Duration::from_secs(10)), Some(0));

    let (code, said) = run("restore", &file, &restored);
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("secret.key"), "the key is not in the file: {said}");
    let mut program = Program::start(&restored);
    let counts = stored(&restored, begin).await;
    for count in &counts {
        assert!(*count >= acknowledged, "{count} of at least {acknowledged}");
        assert_eq!(count % BATCH, 0, "a post is there as a whole or not at all");
    }
    counted(&program, begin, &counts).await;
    program.signal(Signal::SIGTERM);
    assert_eq!(ended(&mut program.child, Duration::from_secs(10)), Some(0));

    let (code, said) = run("restore", &file, &restored);
    assert_eq!(code, Some(2), "{said}");
    assert!(said.contains("something in the database already"), "{said}");
}

/// Every row of the log of changes.
async fn log(pool: &PgPool) -> String {
    let rows = "SELECT string_agg(audit_log::text, '\n' ORDER BY id) FROM audit_log";
    sqlx::query_scalar(rows).fetch_one(pool).await.unwrap()
}

#[tokio::test]
async fn a_restored_log_is_whole_and_only_grows_and_everybody_signs_in_again() {
    let folder = tempfile::tempdir().unwrap();
    let (data_dir, restored) = (folder.path().join("data"), folder.path().join("restored"));
    let file = folder.path().join("wattlens.backup");
    let (code, said) = create(&data_dir, "asha", "admin", PASSWORD);
    assert_eq!(code, Some(0), "{said}");
    let client = client();
    let post = async |program: &Program, path: &str, cookie: &str, body: Value| {
        let asked = client.post(format!("{}{path}", program.address)).header("cookie", cookie);
        let asked = asked.header("content-type", "application/json").body(body.to_string());
        asked.send().await.unwrap().error_for_status().unwrap()
    };
    let status = async |program: &Program, path: &str, (name, value): (&str, &str)| {
        let asked = client.get(format!("{}{path}", program.address)).header(name, value);
        asked.send().await.unwrap().status().as_u16()
    };
    let mut program = Program::start(&data_dir);
    let body = json!({"name": "asha", "password": PASSWORD});
    let signed_in = post(&program, "/api/session", "", body).await;
    let session = signed_in.headers()["set-cookie"].to_str().unwrap().split(';').next().unwrap();
    let made = async |path: &str, body: Value| -> Value {
        let made = post(&program, path, session, body).await.bytes().await.unwrap();
        serde_json::from_slice(&made).unwrap()
    };
    let ends = Utc::now() + TimeDelta::days(1);
    let token = json!({"name": "export", "actions": ["see"], "expiresAt": ends});
    let token = made("/api/tokens", token).await["data"]["token"].as_str().unwrap().to_owned();
    let token = format!("Bearer {token}");
    let ravi = made("/api/users", json!({"name": "ravi", "roles": [{"role": "viewer"}]})).await;
    let link = ravi["data"]["invitation"].as_str().unwrap();
    let all = [
        ("/api/sites", ("cookie", session)),
        ("/api/sites", ("authorization", &*token)),
        (link, ("accept", "text/html")),
    ];
    for (path, header) in all {
        assert_eq!(status(&program, path, header).await, 200, "{path} {header:?}");
    }
    let (code, said) = run("backup", &file, &data_dir);
    assert_eq!(code, Some(0), "{said}");
    let pool = PgPool::connect(&database_url(&data_dir).unwrap()).await.unwrap();
    let noted = log(&pool).await;
    for action in ["user.create", "session.begin", "token.create"] {
        assert!(noted.contains(action), "{noted}");
    }
    pool.close().await;
    program.signal(Signal::SIGTERM);
    assert_eq!(ended(&mut program.child, Duration::from_secs(10)), Some(0));

    let (code, said) = run("restore", &file, &restored);
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("everybody has to sign in again"), "{said}");
    let program = Program::start(&restored);
    for ((path, header), expected) in all.into_iter().zip([401, 200, 410]) {
        assert_eq!(status(&program, path, header).await, expected, "{path} {header:?}");
    }
    let pool = PgPool::connect(&database_url(&restored).unwrap()).await.unwrap();
    for statement in [
        "UPDATE audit_log SET who = 'nobody'",
        "DELETE FROM audit_log",
        "TRUNCATE audit_log, audit_addresses",
    ] {
        let refused = sqlx::query(statement).execute(&pool).await.unwrap_err().to_string();
        assert!(refused.contains("only ever added"), "{statement}: {refused}");
    }
    assert_eq!(log(&pool).await, noted);
    pool.close().await;
}

#[test]
fn what_is_no_backup_is_refused_and_an_older_backup_stays() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("wattlens.backup");
    let (code, said) = run("backup", &file, &folder.path().join("none"));
    assert_eq!(code, Some(2), "{said}");
    assert!(!file.exists());
    let (code, said) = run("restore", &file, &folder.path().join("data"));
    assert_eq!(code, Some(2), "{said}");
    assert!(!folder.path().join("data").exists(), "{said}");
    std::fs::write(&file, "a letter").unwrap();
    let (code, said) = run("restore", &file, &folder.path().join("data"));
    assert_eq!(code, Some(2), "{said}");
    assert!(said.contains("is no backup of Wattlens"), "{said}");
    let (code, said) = run("backup", &file, &folder.path().join("data"));
    assert_eq!(code, Some(2), "an empty database is nothing to copy: {said}");
    assert_eq!(std::fs::read_to_string(&file).unwrap(), "a letter");
}
