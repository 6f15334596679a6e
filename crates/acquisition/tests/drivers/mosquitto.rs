//! A stock mosquitto that keeps its queue on disk: what waited there outlives the broker, and comes
//! once.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::time::Duration;

use acquisition::Supervisor;
use chrono::{DateTime, SubsecRound, TimeDelta, Utc};
use domain::Field;
use domain::devices::Protocol;
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use serde_json::json;
use tempfile::TempDir;
use tokio::process::Child;
use tokio::time::{sleep, timeout};

use crate::broker::{self, PATIENCE, Publisher, free_port};
use crate::collector::{Collector, Seen, device};

const TOPIC: &str = "m/reading";
/// More than mosquitto has under way at once, which is 20: most wait behind those.
const BACKLOG: i64 = 60;

/// A broker and its files, which the next one on them takes over.
struct Mosquitto {
    process: Child,
    files: TempDir,
    port: u16,
}

impl Mosquitto {
    async fn start() -> Self {
        let files = tempfile::tempdir().unwrap();
        let port = free_port();
        let process = run(files.path(), port).await;
        Self { process, files, port }
    }

    fn signal(&self, signal: Signal) {
        let id = self.process.id().unwrap().try_into().unwrap();
        kill(Pid::from_raw(id), signal).unwrap();
    }

    /// Has it write its queue to disk, and waits until `payload` stands there.
    async fn save(&self, payload: &str) {
        self.signal(Signal::SIGUSR1);
        let queue = self.files.path().join("mosquitto.db");
        let is_saved = || {
            let saved = fs::read(&queue).unwrap_or_default();
            saved.windows(payload.len()).any(|part| part == payload.as_bytes())
        };
        let saved = async {
            while !is_saved() {
                sleep(Duration::from_millis(20)).await;
            }
        };
        assert!(timeout(PATIENCE, saved).await.is_ok(), "mosquitto does not save its queue");
    }

    /// Ends it, and starts another on its files.
    async fn replace(&mut self, end: Signal) {
        self.signal(end);
        self.process.wait().await.unwrap();
        self.process = run(self.files.path(), self.port).await;
    }
}

async fn run(files: &Path, port: u16) -> Child {
    let queue = format!("persistence true\npersistence_location {}/\n", files.display());
    broker::run(files, port, &format!("allow_anonymous true\n{queue}")).await
}

/// Reads the meter of the topic, in a session that the broker keeps.
async fn follow(collector: &Collector, broker: &Mosquitto) -> Supervisor {
    let mut supervisor = collector.supervisor(broker.port, "mosquitto-test");
    let settings = json!({"topicPower": TOPIC, "topicEnergy": TOPIC});
    supervisor.apply(vec![device(1, Protocol::Mqtt, &settings)]).await;
    supervisor
}

/// The message of a second: each has a register position of its own.
fn message(start: DateTime<Utc>, second: i64) -> String {
    let at = start + TimeDelta::seconds(second);
    json!({"power_kw": 5.5, "total_kwh": second, "timestamp": at.to_rfc3339()}).to_string()
}

fn has_come(second: i64) -> impl Fn(&Seen) -> bool {
    move |seen| seen.has(1, Field::TotalEnergyKwh, second as f64)
}

/// Publishes while nobody reads, ends the broker once it has saved, and expects every reading once.
async fn backlog_comes_once(end: Signal) {
    let mut broker = Mosquitto::start().await;
    let collector = Collector::start();
    let supervisor = follow(&collector, &broker).await;
    let start = (Utc::now() - TimeDelta::hours(1)).trunc_subsecs(0);
    let mut publisher = Publisher::connect(broker.port);
    while !collector.look(has_come(0)) {
        publisher.publish(TOPIC, &message(start, 0)).await;
        sleep(Duration::from_millis(20)).await;
    }
    supervisor.stop().await;

    for second in 1..=BACKLOG {
        publisher.publish(TOPIC, &message(start, second)).await;
    }
    broker.save(&message(start, BACKLOG)).await;
    broker.replace(end).await;

    let supervisor = follow(&collector, &broker).await;
    collector.until("the end of the backlog", has_come(BACKLOG)).await;
    // The broker sends in order: after this one nothing of the backlog can come again.
    publisher.publish(TOPIC, &message(start, BACKLOG + 1)).await;
    collector.until("what is published now", has_come(BACKLOG + 1)).await;
    supervisor.stop().await;

    let mut times = BTreeMap::new();
    collector.look(|seen| {
        for reading in seen.of(1).filter(|reading| reading.at > start) {
            *times.entry((reading.at - start).num_seconds()).or_insert(0) += 1;
        }
    });
    assert_eq!(times, (1..=BACKLOG + 1).map(|second| (second, 1)).collect());
}

#[tokio::test]
async fn a_backlog_outlives_a_broker_that_is_killed_and_comes_once() {
    backlog_comes_once(Signal::SIGKILL).await;
}

#[tokio::test]
async fn a_backlog_outlives_a_broker_that_is_stopped_and_comes_once() {
    backlog_comes_once(Signal::SIGTERM).await;
}
