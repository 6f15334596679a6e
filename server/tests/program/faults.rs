use std::collections::BTreeSet;
use std::path::Path;
use std::time::Duration;

use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use reqwest::Method;
use serde_json::{Value, json};

use super::{Program, client, database_url, ended};

/// Acknowledged readings before and after the fault.
pub(super) const BEFORE: usize = 60;
pub(super) const AFTER: usize = 60;

pub(super) async fn register(program: &Program) {
    let body = json!({"meterNumber": "M-1", "meterName": "Main", "meterType": "Grid"});
    let path = "/api/Energy/meters";
    let (status, answer) = program.send(&client(), Method::POST, path, Some(&body)).await.unwrap();
    assert_eq!(status, 201, "{answer}");
}

fn name(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Millis, true)
}

/// Posts readings one second apart until `count` are acknowledged or `stop` says so; answers the
/// times that were acknowledged. What is not acknowledged is sent again, as a source would.
pub(super) async fn post(
    program: &Program,
    next: &mut DateTime<Utc>,
    count: usize,
    stop: impl Fn() -> bool,
) -> BTreeSet<String> {
    let client = client();
    let mut acknowledged = BTreeSet::new();
    while acknowledged.len() < count && !stop() {
        let batch: Vec<_> = (0..5).map(|i| *next + TimeDelta::seconds(i)).collect();
        let rows: Vec<_> = batch
            .iter()
            .map(|at| json!({"timestamp": name(*at), "totalEnergyKwh": at.timestamp() % 100_000}))
            .collect();
        let path = "/api/Energy/meters/M-1/readings";
        match program.send(&client, Method::POST, path, Some(&Value::Array(rows))).await {
            Ok((201, _)) => {
                acknowledged.extend(batch.iter().map(|at| name(*at)));
                *next += TimeDelta::seconds(5);
            }
            Ok((503, _)) | Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
            Ok((status, answer)) => panic!("unexpected answer {status}: {answer}"),
        }
    }
    acknowledged
}

pub(super) async fn stored(program: &Program, from: DateTime<Utc>) -> BTreeSet<String> {
    let to = from + TimeDelta::hours(1);
    let path = format!(
        "/api/Energy/meters/M-1/readings?resolution=raw&limit=10000&from={}&to={}",
        name(from),
        name(to)
    );
    let (status, answer) = program.send(&client(), Method::GET, &path, None).await.unwrap();
    assert_eq!(status, 200, "{answer}");
    let rows = answer["data"].as_array().unwrap();
    let at = |row: &Value| row["timestamp"].as_str().unwrap().parse::<DateTime<Utc>>().unwrap();
    rows.iter().map(|row| name(at(row))).collect()
}

pub(super) fn postmaster(data_dir: &Path) -> Option<Pid> {
    // Beside the data folder, or where an unprivileged user can reach it.
    let url = database_url(data_dir)?;
    let socket = url.split("host=").nth(1)?.replace("%2F", "/");
    let lock = std::fs::read_to_string(Path::new(&socket).join(".s.PGSQL.5432.lock")).ok()?;
    Some(Pid::from_raw(lock.lines().next()?.parse().ok()?))
}

#[tokio::test]
async fn a_killed_server_has_lost_no_acknowledged_reading() {
    let folder = tempfile::tempdir().unwrap();
    let data_dir = folder.path().join("data");
    let begin = Utc::now() - TimeDelta::minutes(30);
    let mut next = begin;
    let program = Program::start(&data_dir);
    register(&program).await;
    let mut acknowledged = post(&program, &mut next, BEFORE, || false).await;
    let kill_it = async {
        tokio::time::sleep(Duration::from_millis(15)).await;
        program.signal(Signal::SIGKILL);
    };
    let killed = std::cell::Cell::new(false);
    let (more, ()) = tokio::join!(post(&program, &mut next, 10_000, || killed.get()), async {
        kill_it.await;
        tokio::time::sleep(Duration::from_millis(200)).await;
        killed.set(true);
    });
    acknowledged.extend(more);
    drop(program);

    let program = Program::start(&data_dir);
    acknowledged.extend(post(&program, &mut next, AFTER, || false).await);
    let stored = stored(&program, begin).await;
    let lost: Vec<_> = acknowledged.difference(&stored).collect();
    assert!(lost.is_empty(), "lost {lost:?}");
    assert!(acknowledged.len() >= BEFORE + AFTER);
    program.signal(Signal::SIGTERM);
}

#[tokio::test]
async fn a_killed_postgres_comes_back_as_soon_as_it_can_and_has_lost_no_acknowledged_reading() {
    let folder = tempfile::tempdir().unwrap();
    let data_dir = folder.path().join("data");
    let begin = Utc::now() - TimeDelta::minutes(30);
    let mut next = begin;
    let mut program = Program::start(&data_dir);
    register(&program).await;
    let mut acknowledged = post(&program, &mut next, BEFORE, || false).await;
    let pid = postmaster(&data_dir).expect("the private database runs");
    kill(pid, Signal::SIGKILL).unwrap();
    acknowledged.extend(post(&program, &mut next, AFTER, || false).await);
    assert_ne!(postmaster(&data_dir), Some(pid), "another server took its place");
    let stored = stored(&program, begin).await;
    let lost: Vec<_> = acknowledged.difference(&stored).collect();
    assert!(lost.is_empty(), "lost {lost:?}");
    a_postgres_that_cannot_be_started_again_is_tried_until_it_can(&program, &data_dir).await;
    program.signal(Signal::SIGTERM);
    assert_eq!(ended(&mut program.child, Duration::from_secs(10)), Some(0));
    assert_eq!(postmaster(&data_dir), None, "the private database stopped with the server");
}

async fn a_postgres_that_cannot_be_started_again_is_tried_until_it_can(
    program: &Program,
    data_dir: &Path,
) {
    let pid = postmaster(data_dir).expect("the private database runs");
    let settings = data_dir.join("postgres").join("postgresql.auto.conf");
    let before = std::fs::read_to_string(&settings).unwrap();
    std::fs::write(&settings, "no_such_setting = on\n").unwrap();
    kill(pid, Signal::SIGKILL).unwrap();
    let failed = || std::fs::read_to_string(data_dir.join("postgres-startup.log"));
    while !failed().unwrap().contains("no_such_setting") {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let client = client();
    let ready = || program.send(&client, Method::GET, "/readyz", None);
    assert!(matches!(ready().await, Ok((503, _))));
    std::fs::write(&settings, before).unwrap();
    while !matches!(ready().await, Ok((200, _))) {
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}
