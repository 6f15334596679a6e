//! Running other programs.

use std::collections::VecDeque;
use std::env;
use std::io::{BufRead as _, BufReader};
use std::path::PathBuf;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

use crate::progress::Activity;
use crate::trouble;

/// Runs a command with its output on ours; it never waits for input.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    let status = command.stdin(Stdio::null()).status().with_context(|| line(command))?;
    if !status.success() {
        bail!("`{}` failed ({status})", line(command));
    }
    Ok(())
}

/// Runs what fetches something, with its output on ours. Where it fails, the reason says how to go on.
pub(crate) fn fetch(command: &mut Command) -> Result<()> {
    listen(command, |text| eprintln!("{text}"))
}

/// Runs Cargo and says by its lines how far it is; warnings and errors go into ours. Where it fails,
/// the reason says how to go on. Warnings fail it in the end.
pub(crate) fn watch(command: &mut Command, activity: &Activity, who: &'static str) -> Result<()> {
    // Verbose: it names the crates that are up to date, too.
    command.arg("--verbose").env("CARGO_TERM_PROGRESS_WHEN", "never");
    let mut compiled = 0;
    let mut warned = Vec::new();
    let done = listen(command, |text| {
        let mut words = text.split_whitespace();
        match (words.next().unwrap_or_default(), words.next()) {
            ("Compiling", Some(name)) if text.starts_with("   ") => {
                compiled += 1;
                activity.work(|work| work.done(who, name));
                activity.now(who, format!("{compiled} crates ({name})"));
            }
            ("Fresh", Some(name)) => activity.work(|work| work.skip(who, name)),
            ("Running" | "Dirty" | "Executable", _) => {}
            (word, _) if QUIET.contains(&word) => activity.now(who, text.trim().to_owned()),
            _ => {
                // Cargo says so of each crate, also of those that it does not compile again.
                if text.starts_with("warning: `") && text.contains(" generated ") {
                    warned.push(text.trim_start_matches("warning: ").to_owned());
                }
                eprintln!("{text}");
            }
        }
    });
    done?;
    if !warned.is_empty() {
        bail!("warnings stand above: {}", warned.join("; "));
    }
    Ok(())
}

/// How many of the last lines tell why a program failed.
const LAST_LINES: usize = 200;

/// Runs a command, hands on each line of its standard error, and says by the last ones why it failed.
fn listen(command: &mut Command, mut hear: impl FnMut(&str)) -> Result<()> {
    command.stdin(Stdio::null()).stderr(Stdio::piped());
    let mut child = command.spawn().with_context(|| line(command))?;
    let mut last = VecDeque::new();
    for text in BufReader::new(child.stderr.take().context("no standard error")?).split(b'\n') {
        let text = String::from_utf8_lossy(&text?).into_owned();
        hear(&text);
        last.push_back(text);
        if last.len() > LAST_LINES {
            last.pop_front();
        }
    }
    let status = child.wait()?;
    if status.success() {
        return Ok(());
    }
    let printed: Vec<_> = last.into_iter().chain([status.to_string()]).collect();
    match trouble::advice(&printed.join("\n")) {
        Some(advice) => bail!("{advice}"),
        None => bail!("`{}` failed ({status}): the reason stands above", line(command)),
    }
}

/// How lines of Cargo begin that say how far it is and no more.
const QUIET: [&str; 7] =
    ["Blocking", "Adding", "Downloaded", "Downloading", "Finished", "Locking", "Updating"];

/// Runs a command and returns what it prints; its errors go into ours.
pub(crate) fn output(command: &mut Command) -> Result<String> {
    let output = command.stdin(Stdio::null()).output().with_context(|| line(command))?;
    if !output.status.success() {
        let error = String::from_utf8_lossy(&output.stderr);
        let advice =
            trouble::advice(&error).map(|advice| format!("\n{advice}")).unwrap_or_default();
        bail!("`{}` failed ({}): {}{advice}", line(command), output.status, error.trim());
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Whether a command can be run and succeeds, silently.
pub(crate) fn succeeds(command: &mut Command) -> bool {
    let command = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}

/// Folders of daemons, often outside a user's `PATH`.
const DAEMONS: [&str; 3] = ["/usr/sbin", "/usr/local/sbin", "/opt/homebrew/sbin"];

/// The first of these programs found on `PATH` or among the daemons.
pub(crate) fn find(names: &[&str]) -> Option<PathBuf> {
    let path = env::var_os("PATH")?;
    let folders: Vec<_> = env::split_paths(&path).chain(DAEMONS.map(PathBuf::from)).collect();
    names.iter().find_map(|name| {
        let name = format!("{name}{}", env::consts::EXE_SUFFIX);
        folders.iter().map(|folder| folder.join(&name)).find(|file| file.is_file())
    })
}

/// The command as one would type it.
fn line(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words.map(|word| word.to_string_lossy()).collect::<Vec<_>>().join(" ")
}
