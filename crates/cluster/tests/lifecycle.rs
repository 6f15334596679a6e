//! The life of a cluster, with real Postgres.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on should say so and stop")]

use std::env;
use std::fs::{self, Permissions};
use std::io::{BufRead, BufReader};
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use cluster::{Cluster, Error, Options};
use nix::sys::signal::{Signal, kill};
use nix::unistd::{Pid, geteuid};
use sqlx::{Connection, PgConnection, Row};
use tempfile::TempDir;

/// Names the data folder to the process that is killed.
const HOLD: &str = "CLUSTER_TEST_HOLD";

/// A folder the cluster's user may enter, whoever runs the tests.
fn open_folder() -> TempDir {
    folder_of_mode(0o755)
}

fn folder_of_mode(mode: u32) -> TempDir {
    tempfile::Builder::new().permissions(Permissions::from_mode(mode)).tempdir().unwrap()
}

fn start(data: &Path) -> Result<Cluster, Error> {
    Cluster::start(
        data,
        &Options { settings: vec![("fsync".into(), "off".into())], ..Options::default() },
    )
}

fn query(url: &str, sql: &str) -> String {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let mut connection = PgConnection::connect(url).await.unwrap();
        let sql = sqlx::raw_sql(sqlx::AssertSqlSafe(sql));
        sql.fetch_one(&mut connection).await.unwrap().get(0)
    })
}

fn postmaster(cluster: &Path) -> Pid {
    let text = fs::read_to_string(cluster.join("postmaster.pid")).unwrap();
    Pid::from_raw(text.lines().next().unwrap().trim().parse().unwrap())
}

#[test]
fn keeps_its_data_over_a_stop() {
    let data = open_folder();
    let cluster = start(data.path()).unwrap();
    let folder = fs::metadata(cluster.folder()).unwrap();
    assert_eq!(folder.mode() & 0o777, 0o700);
    assert_ne!(folder.uid(), 0);
    assert_eq!(query(&cluster.url(), "SHOW listen_addresses"), "");
    assert_eq!(query(&cluster.url(), "SHOW synchronous_commit"), "on");
    assert_eq!(query(&cluster.url(), "SHOW TimeZone"), "UTC");
    assert_eq!(query(&cluster.url(), "CREATE TABLE kept AS SELECT 42 AS n; SELECT ''"), "");
    assert_eq!(Cluster::running_url(data.path()).unwrap(), cluster.url());
    cluster.stop().unwrap();
    assert!(matches!(Cluster::running_url(data.path()), Err(Error::NotRunning(_))));

    let cluster = start(data.path()).unwrap();
    assert_eq!(query(&cluster.url(), "SELECT n::text FROM kept"), "42");
}

#[test]
fn a_dropped_cluster_stops_and_a_detached_one_does_not() {
    let data = open_folder();
    drop(start(data.path()).unwrap());
    assert!(Cluster::running_url(data.path()).is_err());

    let cluster = start(data.path()).unwrap();
    let first = postmaster(cluster.folder());
    cluster.detach();
    let adopted = start(data.path()).unwrap();
    assert_eq!(postmaster(adopted.folder()), first);
    adopted.stop().unwrap();
}

#[test]
fn two_processes_do_not_share_a_data_folder() {
    let data = open_folder();
    let options = Options {
        settings: vec![("fsync".into(), "off".into())],
        name: "the first one".into(),
        ..Options::default()
    };
    let cluster = Cluster::start(data.path(), &options).unwrap();
    // Whoever asks does not take the name away.
    for _ in 0..2 {
        let refused = start(data.path()).unwrap_err();
        assert!(matches!(&refused, Error::InUse { by, .. } if by == "the first one"), "{refused}");
    }
    cluster.stop().unwrap();
    start(data.path()).unwrap().stop().unwrap();
}

/// Not a test of its own: what `a_cluster_outlives_its_killed_starter` starts and kills.
#[test]
#[ignore = "runs only as the process that another test kills"]
fn hold_a_cluster() {
    let data = PathBuf::from(env::var_os(HOLD).unwrap());
    let _cluster = start(&data).unwrap();
    println!("\nholding");
    loop {
        std::thread::park();
    }
}

#[test]
fn a_cluster_outlives_its_killed_starter() {
    let data = open_folder();
    let mut holder = Command::new(env::current_exe().unwrap())
        .args(["--exact", "hold_a_cluster", "--ignored", "--nocapture"])
        .env(HOLD, data.path())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(holder.stdout.take().unwrap()).lines();
    assert!(lines.any(|line| line.unwrap() == "holding"));
    let url = Cluster::running_url(data.path()).unwrap();
    holder.kill().unwrap();
    holder.wait().unwrap();

    assert_eq!(query(&url, "SELECT 'alive'"), "alive");
    let left = postmaster(&data.path().join("postgres"));
    let adopted = start(data.path()).unwrap();
    assert_eq!(postmaster(adopted.folder()), left);
    adopted.stop().unwrap();
    assert!(Cluster::running_url(data.path()).is_err());
}

#[test]
fn recovers_from_a_killed_postmaster() {
    let data = open_folder();
    let mut cluster = start(data.path()).unwrap();
    let url = cluster.url();
    query(&url, "CREATE TABLE kept AS SELECT 42 AS n; SELECT ''");
    assert!(!cluster.revive().unwrap());
    let killed = postmaster(cluster.folder());
    kill(killed, Signal::SIGKILL).unwrap();
    while !cluster.revive().unwrap() {
        std::thread::yield_now();
    }
    assert_ne!(postmaster(cluster.folder()), killed);
    assert_eq!(query(&cluster.url(), "SELECT n::text FROM kept"), "42");
    cluster.stop().unwrap();
}

#[test]
fn a_process_number_that_lives_on_is_no_obstacle() {
    let data = open_folder();
    let cluster = start(data.path()).unwrap();
    let folder = cluster.folder().to_owned();
    let left = fs::read_to_string(folder.join("postmaster.pid")).unwrap();
    cluster.stop().unwrap();
    let ours = std::process::id().to_string();
    let number = left.lines().next().unwrap();
    let left = left.replacen(number, &ours, 1);
    fs::write(folder.join("postmaster.pid"), left).unwrap();
    fs::write(folder.join(".s.PGSQL.5432.lock"), format!("{ours}\n")).unwrap();

    let cluster = start(data.path()).unwrap();
    assert_eq!(query(&cluster.url(), "SELECT 'alive'"), "alive");
}

#[test]
fn refuses_the_files_of_another_major_version() {
    let data = open_folder();
    let cluster = start(data.path()).unwrap();
    let folder = cluster.folder().to_owned();
    let installed = cluster.binaries().major().to_string();
    cluster.stop().unwrap();
    fs::write(folder.join("PG_VERSION"), "12\n").unwrap();

    let message = start(data.path()).unwrap_err().to_string();
    assert!(message.contains("made by PostgreSQL 12"), "{message}");
    assert!(message.contains(&installed), "{message}");
    assert!(!message.contains('\n'), "{message}");
}

#[test]
fn refuses_a_folder_that_is_no_cluster() {
    let data = open_folder();
    fs::create_dir(data.path().join("postgres")).unwrap();
    fs::write(data.path().join("postgres/letter.txt"), "keep me").unwrap();
    assert!(matches!(start(data.path()), Err(Error::NotACluster(_))));
    assert!(data.path().join("postgres/letter.txt").exists());
}

#[test]
fn a_long_path_gets_its_socket_elsewhere() {
    let data = open_folder();
    let long = data.path().join("länge, mit Leerzeichen").join("a".repeat(100));
    let cluster = start(&long).unwrap();
    let url = cluster.url();
    assert!(!url.contains("aaaa"), "{url}");
    assert_eq!(query(&url, "SELECT 'alive'"), "alive");
    cluster.stop().unwrap();

    let cluster = start(&long).unwrap();
    assert_eq!(cluster.url(), url);
}

#[test]
fn a_folder_closed_to_the_clusters_user_leads_to_one_that_is_not() {
    if !geteuid().is_root() {
        // Only root starts a cluster for someone else.
        return;
    }
    let data = folder_of_mode(0o700);
    let cluster = start(data.path()).unwrap();
    let folder = cluster.folder().to_owned();
    assert!(folder.starts_with("/var/lib/wattlens"), "{}", folder.display());
    query(&cluster.url(), "CREATE TABLE kept AS SELECT 42 AS n; SELECT ''");
    cluster.stop().unwrap();

    let cluster = start(data.path()).unwrap();
    assert_eq!(cluster.folder(), folder);
    assert_eq!(query(&cluster.url(), "SELECT n::text FROM kept"), "42");
    cluster.stop().unwrap();
    fs::remove_dir_all(folder).unwrap();
}
