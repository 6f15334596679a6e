//! Programs and libraries of other makers that tests and benchmarks talk to, as a plant would have them.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result};

use crate::workspace::Workspace;
use crate::{files, process, tools};

/// A stock MQTT broker.
pub(crate) fn mosquitto() -> Result<()> {
    tools::package(&["mosquitto"], "mosquitto", "mosquitto").map(|_| ())
}

/// A database for time series, which takes the same readings as the benchmark of ours.
pub(crate) fn influxdb() -> Result<()> {
    tools::package(&["influxd"], "influxdb", "influxdb@1").map(|_| ())
}

/// libfaketime, which shows a program another time.
pub(crate) fn faketime() -> Result<()> {
    tools::package(&["faketime"], "faketime", "libfaketime").map(|_| ())
}

/// The broker's clients, curl for uploads, and a Modbus server.
pub(crate) fn others(workspace: &Workspace) -> Result<()> {
    tools::package(&["mosquitto_pub"], "mosquitto-clients", "mosquitto")?;
    tools::package(&["curl"], "curl", "curl")?;
    pymodbus(workspace)
}

/// The folder of pymodbus, for Python's search path.
pub(crate) fn python_path(workspace: &Workspace) -> PathBuf {
    workspace.tools().join("pymodbus")
}

fn pymodbus(workspace: &Workspace) -> Result<()> {
    let list = workspace.end2end().join("peers/requirements.txt");
    let folder = python_path(workspace);
    tools::once(&list, &folder, || {
        let python = tools::package(&["python3"], "python3", "python")?;
        let pip = || {
            let mut pip = Command::new(&python);
            pip.args(["-m", "pip"]).env("PIP_ROOT_USER_ACTION", "ignore");
            pip
        };
        if !process::succeeds(pip().arg("--version")) {
            tools::package(&["pip3"], "python3-pip", "python")?;
        }
        files::remove_folder(&folder)?;
        let quiet = ["install", "--quiet", "--disable-pip-version-check", "--require-hashes"];
        process::fetch(pip().args(quiet).arg("--target").arg(&folder).arg("-r").arg(&list))
            .context("pymodbus needs Python 3.10 or newer with pip, and its package index")
    })
}
