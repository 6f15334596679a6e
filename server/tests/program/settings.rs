use std::process::{Command, Stdio};
use std::time::Duration;

use nix::sys::signal::Signal;
use reqwest::Method;

use super::{Program, client, ended, wattlens};

/// Runs to the end; answers the code and what was said.
fn run(command: &mut Command) -> (Option<i32>, String) {
    let output = command.stdout(Stdio::null()).stderr(Stdio::piped()).output().unwrap();
    (output.status.code(), String::from_utf8_lossy(&output.stderr).trim().to_owned())
}

fn refused(command: &mut Command, hint: &str) {
    let (code, said) = run(command);
    assert_eq!(code, Some(2), "{said}");
    assert_eq!(said.lines().count(), 1, "{said}");
    assert!(said.contains(hint), "{said}");
}

#[test]
fn a_bad_setting_is_one_line_that_says_how_to_mend_it() {
    let folder = tempfile::tempdir().unwrap();
    let data_dir = folder.path().join("data");
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let taken = taken.local_addr().unwrap().to_string();
    let file = folder.path().join("file");
    std::fs::write(&file, "not a folder").unwrap();
    refused(wattlens(&data_dir).arg("--colour"), "--colour");
    refused(wattlens(&data_dir).args(["--listen", "nowhere"]), "--listen");
    refused(wattlens(&data_dir).args(["--listen", "0.0.0.0:0"]), "create-user");
    refused(
        wattlens(&data_dir).args(["--listen", "127.0.0.1:0", "--smtp-url", "mail"]),
        "--smtp-url",
    );
    refused(wattlens(&data_dir).args(["--listen", &taken]), "--listen");
    refused(wattlens(&file).args(["--listen", "127.0.0.1:0"]), "--data-dir");
    let url = ["--listen", "127.0.0.1:0", "--database-url", "postgres://nobody@127.0.0.1:1/none"];
    refused(wattlens(&data_dir).args(url), "--database-url");
    let url = ["--listen", "127.0.0.1:0", "--database-url", "mysql://localhost/x"];
    refused(wattlens(&data_dir).args(url), "--database-url");
}

#[tokio::test]
async fn without_the_demo_an_empty_default_site_waits_for_meters() {
    let folder = tempfile::tempdir().unwrap();
    let data_dir = folder.path().join("data");
    let mut program = Program::start(&data_dir);
    let get = |path| {
        let program = &program;
        async move { program.send(&client(), Method::GET, path, None).await.unwrap() }
    };
    let (status, meters) = get("/api/energy-meters").await;
    assert_eq!((status, &meters["count"]), (200, &serde_json::json!(0)));
    let (status, sites) = get("/api/sites").await;
    assert_eq!((status, &sites["data"][0]["slug"]), (200, &serde_json::json!("default")));
    assert_eq!(get("/readyz").await.0, 200);

    let url = Command::new(env!("CARGO_BIN_EXE_wattlens"))
        .args(["database-url", "--data-dir"])
        .arg(&data_dir)
        .output()
        .unwrap();
    let url = String::from_utf8(url.stdout).unwrap();
    let pool = sqlx::PgPool::connect(url.trim()).await.unwrap();
    let sites: i64 =
        sqlx::query_scalar("SELECT count(*) FROM sites").fetch_one(&pool).await.unwrap();
    assert!(sites >= 1);
    pool.close().await;

    program.signal(Signal::SIGINT);
    assert_eq!(ended(&mut program.child, Duration::from_secs(10)), Some(0));
}
