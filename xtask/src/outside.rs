//! A tester of another maker, which knows of the program what the document of its API says.

use std::process::Command;

use anyhow::{Context, Result};

use crate::process;
use crate::workspace::Workspace;

/// The version that the document is held to.
const SCHEMATHESIS: &str = "schemathesis==4.32.5";
/// Streams have no end, and a reader that waits for it sees nothing.
const ENDLESS: &str = "/live(/ws)?$";

/// Sends a running program so many requests of each operation, and prints what contradicts its document. It
/// changes what the program holds: one with the demo plant and an empty folder is meant.
pub(crate) fn check(workspace: &Workspace, server: &str, requests: u64) -> Result<()> {
    let place = workspace.target.join("schemathesis");
    let program = place.join("bin/st");
    if !program.exists() {
        let made = process::run(Command::new("python3").args(["-m", "venv"]).arg(&place));
        made.context("Python 3 with its venv is missing")?;
        process::fetch(Command::new(place.join("bin/pip")).args([
            "install",
            "--quiet",
            SCHEMATHESIS,
        ]))?;
    }
    let mut tester = Command::new(program);
    // It keeps what it found where it is called.
    tester.current_dir(&place);
    tester.args(["run", &format!("{}/api/openapi.json", server.trim_end_matches('/'))]);
    // What a schema allows may still be refused, as a meter that is not there.
    tester.args(["--checks", "all", "--exclude-checks", "positive_data_acceptance"]);
    tester.args(["--phases", "examples,coverage,fuzzing", "--continue-on-failure"]);
    tester.args(["--generation-allow-x00", "false", "--exclude-path-regex", ENDLESS]);
    // A change of a site's clock waits for what is counted by the old one.
    tester.args(["--request-timeout", "30", "--max-response-time", "30"]);
    tester.args(["--max-examples", &requests.to_string()]);
    process::run(&mut tester)
}
