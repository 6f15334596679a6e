//! A second process beside the first. Two at work on one database would fight over brokers and over the clock
//! of the world.

use std::cell::Cell;
use std::collections::BTreeSet;
use std::net::TcpListener;
use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

use chrono::{DateTime, TimeDelta, Utc};
use nix::sys::signal::Signal;
use reqwest::Method;

use super::faults::{AFTER, BEFORE, post, postmaster, register, stored};
use super::{Program, client, database_url, ended, wattlens};

/// How long the second may take once the first is gone.
const TAKES_OVER: Duration = Duration::from_secs(30);

/// Starts one without waiting for it to be ready, which it is not.
fn second(data_dir: &Path, arguments: &[&str]) -> Program {
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let listen = format!("127.0.0.1:{port}");
    let child = wattlens(data_dir)
        .args(["--listen", &listen])
        .args(arguments)
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    Program { child, address: format!("http://{listen}") }
}

/// Expects it to stand by, and to name the first.
async fn stands_by(second: &Program, first: &Program) {
    let (client, begun) = (client(), Instant::now());
    let refused = loop {
        match second.send(&client, Method::GET, "/readyz", None).await {
            Ok(answer) => break answer,
            Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
        }
        assert!(begun.elapsed() < TAKES_OVER, "it answers nothing");
    };
    assert_eq!(refused.0, 503, "{}", refused.1);
    assert_eq!(refused.1["error"]["code"], "standing_by");
    let named = refused.1["error"]["message"].as_str().unwrap().to_owned();
    assert!(named.contains(&format!("process {}", first.child.id())), "{named}");
    let (status, _) = second.send(&client, Method::GET, "/api/sites", None).await.unwrap();
    assert_eq!(status, 503);
    let (status, _) = second.send(&client, Method::GET, "/healthz", None).await.unwrap();
    assert_eq!(status, 200, "it lives");
}

/// Ends the first among posts, which go on at the second. Answers what was acknowledged by either.
async fn change_over(
    first: &Program,
    second: &Program,
    next: &mut DateTime<Utc>,
    end: Signal,
) -> BTreeSet<String> {
    let (has_ended, begun) = (Cell::new(false), *next);
    let some_are_stored = async {
        while stored(first, begun).await.is_empty() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        first.signal(end);
        has_ended.set(true);
    };
    let (mut acknowledged, ()) =
        tokio::join!(post(first, next, usize::MAX, || has_ended.get()), some_are_stored);
    let ended = Instant::now();
    acknowledged.extend(post(second, next, AFTER, || false).await);
    assert!(ended.elapsed() < TAKES_OVER, "took over after {:?}", ended.elapsed());
    acknowledged
}

#[tokio::test]
async fn a_second_process_stands_by_and_takes_over_when_the_first_dies() {
    let folder = tempfile::tempdir().unwrap();
    let data_dir = folder.path().join("data");
    let begin = Utc::now() - TimeDelta::minutes(30);
    let mut next = begin;
    let first = Program::start(&data_dir);
    register(&first).await;
    let mut acknowledged = post(&first, &mut next, BEFORE, || false).await;

    let url = database_url(&data_dir).expect("the private database runs");
    let mut second = second(&folder.path().join("second"), &["--database-url", &url]);
    stands_by(&second, &first).await;
    acknowledged.extend(change_over(&first, &second, &mut next, Signal::SIGKILL).await);
    let stored = stored(&second, begin).await;
    assert_eq!(stored, acknowledged, "none is lost, and none is there that was not sent");
    drop(first);
    second.signal(Signal::SIGTERM);
    assert_eq!(ended(&mut second.child, Duration::from_secs(10)), Some(0));
    // The first one's database outlives it: whoever starts there next adopts it, and stops it.
    let mut next = Program::start(&data_dir);
    next.signal(Signal::SIGTERM);
    assert_eq!(ended(&mut next.child, Duration::from_secs(10)), Some(0));
}

/// A second process on the data folder of the first, of which the private database is a part, and a third one.
#[tokio::test]
async fn a_second_process_on_the_same_folder_takes_over_when_the_first_ends_or_is_killed() {
    let folder = tempfile::tempdir().unwrap();
    let data_dir = folder.path().join("data");
    let begin = Utc::now() - TimeDelta::minutes(30);
    let mut next = begin;
    let mut first = Program::start(&data_dir);
    register(&first).await;
    whoever_does_not_serve_says_who_uses_the_folder_and_ends(&first, &data_dir);
    let mut acknowledged = post(&first, &mut next, BEFORE, || false).await;
    for end in [Signal::SIGTERM, Signal::SIGKILL] {
        let database = postmaster(&data_dir);
        let second = second(&data_dir, &[]);
        stands_by(&second, &first).await;
        acknowledged.extend(change_over(&first, &second, &mut next, end).await);
        let stored = stored(&second, begin).await;
        assert_eq!(stored, acknowledged, "none is lost, and none is there that was not sent");
        let code = ended(&mut first.child, Duration::from_secs(10));
        assert_eq!(code, (end == Signal::SIGTERM).then_some(0), "it ended as it was told to");
        let is_adopted = postmaster(&data_dir) == database;
        let is_kept = end == Signal::SIGKILL;
        assert_eq!(is_adopted, is_kept, "its database ends with it in good order alone");
        first = second;
    }
    first.signal(Signal::SIGTERM);
    assert_eq!(ended(&mut first.child, Duration::from_secs(10)), Some(0));
    assert_eq!(postmaster(&data_dir), None, "the private database stopped with the last");
}

fn whoever_does_not_serve_says_who_uses_the_folder_and_ends(first: &Program, data_dir: &Path) {
    let mut migrate = std::process::Command::new(env!("CARGO_BIN_EXE_wattlens"));
    migrate.arg("migrate").arg("--data-dir").arg(data_dir).env_remove("DATABASE_URL");
    let said = migrate.output().unwrap();
    assert_eq!(said.status.code(), Some(2));
    let said = String::from_utf8(said.stderr).unwrap();
    let named = format!("process {}", first.child.id());
    assert!(said.contains("is in use by") && said.contains(&named), "{said}");
}
