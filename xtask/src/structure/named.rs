//! Names of files and items in the documents must exist in the tree.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::Result;

use crate::files;

/// Documents that lead through the tree.
const DOCUMENTS: [&str; 3] = ["docs/ARCHITECTURE.md", "CONTRIBUTING.md", "docs/glossary.md"];
/// How files end that stand in a document without their folder.
const ENDINGS: [&str; 7] = [".rs", ".md", ".toml", ".sql", ".css", ".ts", ".properties"];
/// The characters at which the variable part of a path begins.
const CHOSEN: [char; 3] = ['*', '<', '{'];

/// The source folder of each crate, by its name in code.
pub(super) type Sources = BTreeMap<String, PathBuf>;

/// Names that lead nowhere, in sentences that say what to do.
pub(super) fn faults(root: &Path, sources: &Sources) -> Result<Vec<String>> {
    let mut faults = Vec::new();
    for document in DOCUMENTS {
        let text = String::from_utf8(files::read(&root.join(document))?)?;
        for (n, line) in text.lines().enumerate() {
            for name in quoted(line) {
                if let Some(fault) = fault(root, sources, name)? {
                    faults.push(format!("{document}:{}: {fault}", n + 1));
                }
            }
        }
    }
    Ok(faults)
}

/// The texts between backticks.
fn quoted(line: &str) -> impl Iterator<Item = &str> {
    line.split('`').skip(1).step_by(2)
}

fn fault(root: &Path, sources: &Sources, name: &str) -> Result<Option<String>> {
    // A command, an address, a line of code.
    if name.contains([' ', '(', '"']) || name.starts_with(['/', '.']) {
        return Ok(None);
    }
    if let Some((first, rest)) = name.split_once("::") {
        return Ok(match sources.get(first) {
            None => Some(format!("begin `{name}` with its crate, so that it can be found")),
            Some(folder) if is_item(folder, rest)? => None,
            Some(_) => Some(format!("`{name}` is not there: name what took its place")),
        });
    }
    let is_path = name.contains('/') || ENDINGS.iter().any(|ending| name.ends_with(ending));
    let is_there = || root.join(given(name)).exists();
    Ok((is_path && !is_there())
        .then(|| format!("`{name}` is not there: name what took its place, from the root on")))
}

/// The folders and the file of a path up to what its reader chooses.
fn given(path: &str) -> &str {
    let Some(chosen) = path.find(CHOSEN) else { return path };
    path[..chosen].rfind('/').map_or("", |folder| &path[..folder])
}

/// Whether a path of modules leads to a module, or to words that stand in the last of them.
fn is_item(folder: &Path, path: &str) -> Result<bool> {
    let (mut place, mut file) = (folder.to_owned(), folder.join("lib.rs"));
    let mut steps = path.trim_end_matches('!').split("::").peekable();
    while let Some(step) = steps.peek() {
        let within = place.join(step);
        let module = within.with_extension("rs");
        if !module.exists() && !within.exists() {
            break;
        }
        (place, file) = (within, module);
        steps.next();
    }
    if steps.peek().is_none() || !file.exists() {
        return Ok(steps.peek().is_none());
    }
    let text = String::from_utf8(files::read(&file)?)?;
    let is_there = |step| text.split(|c: char| !c.is_alphanumeric() && c != '_').any(|w| w == step);
    Ok(steps.all(is_there))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workspace::Workspace;

    #[test]
    fn a_name_that_leads_nowhere_is_named() {
        let root = Workspace::load().unwrap().root;
        let sources = Sources::from([("xtask".to_owned(), root.join("xtask/src"))]);
        let fault = |name| fault(&root, &sources, name).unwrap();
        for there in [
            "xtask/src/structure.rs",
            "docs/decisions/<number>-<what>.md",
            "crates/pages-*",
            "xtask::structure::named::is_item",
            "/api/live",
            "cargo xtask run",
            "rollup_queue",
            "who.require(Role::Admin)?",
        ] {
            assert_eq!(fault(there), None, "{there}");
        }
        for gone in ["xtask/src/gone.rs", "gone.md", "gone/<name>.rs", "xtask::structure::gone"] {
            assert!(fault(gone).unwrap().contains("is not there"), "{gone}");
        }
        assert!(
            fault("named::faults").unwrap().starts_with("begin `named::faults` with its crate")
        );
    }
}
