//! The demonstration: founded once, looked at from all sides, and as it was after a restart.
//!
//! Its folder is left as it is, so that tests in a browser need not found it once more.

mod history;
mod neighbourhood;
mod pages;

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use simulator::plant::Plant;
use sqlx::PgPool;

use super::pages::Visitor;
use super::{Program, database_url, ended};

/// Stands in the folder once all is founded.
const FOUNDED: &str = "founded";

/// A running demonstration.
struct Demo {
    began: DateTime<Utc>,
    plant: Plant,
    anchor: DateTime<Utc>,
    pool: PgPool,
    visitor: Visitor,
}

impl Demo {
    async fn start(data_dir: &Path) -> Self {
        let visitor = Visitor::of(Program::start_with(data_dir, &["--demo"]));
        let pool = PgPool::connect(&database_url(data_dir).unwrap()).await.unwrap();
        let anchor: DateTime<Utc> = sqlx::query_scalar(
            "SELECT installed_at + interval '35 days' FROM energy_meters WHERE meter_number = 'GRID-001'",
        )
        .fetch_one(&pool)
        .await
        .unwrap();
        Self {
            began: Utc::now(),
            plant: simulator::demo::plant(Some(anchor)),
            anchor,
            pool,
            visitor,
        }
    }

    /// Waits until a condition of the database holds.
    async fn until(&self, what: &str, within: Duration, holds: impl AsyncFn() -> bool) {
        let deadline = Instant::now() + within;
        while !holds().await {
            assert!(Instant::now() < deadline, "{what}");
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
    }

    /// Resident memory of its program, MB; none where the system does not say.
    fn memory_mb(&self) -> Option<u64> {
        let process = self.visitor.program.child.id();
        let status = fs::read_to_string(format!("/proc/{process}/status")).ok()?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
        Some(line.split_whitespace().next()?.parse::<u64>().ok()? / 1024)
    }

    async fn stop(mut self) {
        self.pool.close().await;
        self.visitor.program.signal(nix::sys::signal::Signal::SIGTERM);
        assert_eq!(ended(&mut self.visitor.program.child, Duration::from_mins(1)), Some(0));
    }
}

/// An empty folder that outlives the test. The program of a try before, which was ended, may still hold it.
async fn folder() -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("demo");
    // A cluster lives elsewhere, behind a link, if the folder is closed to Postgres' user.
    let cluster = fs::canonicalize(folder.join("postgres"));
    let deadline = Instant::now() + Duration::from_mins(1);
    for old in cluster.iter().chain([&folder]) {
        while old.exists() && fs::remove_dir_all(old).is_err() {
            assert!(Instant::now() < deadline, "{} is in use", old.display());
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
    }
    folder
}

#[tokio::test(flavor = "multi_thread")]
async fn the_demonstration_is_founded_and_goes_on_after_a_restart() {
    let folder = folder().await;
    let demo = Demo::start(&folder).await;
    history::each_fault_is_found_and_named(&demo).await;
    pages::look(&demo.visitor).await;
    let stood = neighbourhood::settles(&demo).await;
    // A day a minute takes a good part of the machine, and says nothing more of the pages.
    neighbourhood::pause(&demo, true).await;
    pages::agree(&demo.visitor).await;
    pages::lead_on(&demo.visitor).await;
    pages::links::lead_on(&demo.visitor).await;
    pages::seen_as_others(&demo.visitor).await;
    neighbourhood::pause(&demo, false).await;
    let founded_mb = demo.memory_mb();
    demo.stop().await;

    let demo = Demo::start(&folder).await;
    neighbourhood::goes_on(&demo, stood).await;
    if let Some((founded, goes_on)) = founded_mb.zip(demo.memory_mb()) {
        let said = format!("{founded} MB once it is founded, {goes_on} MB after a restart");
        assert!(founded <= 2 * goes_on + 100, "it keeps what founding took: {said}");
    }
    demo.stop().await;
    fs::write(folder.join(FOUNDED), "").unwrap();
}
