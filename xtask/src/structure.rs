//! Guards the shape of the workspace: the rules that a compiler does not check.

mod areas;
mod circles;
mod documented;
mod handed;
mod imports;
mod language;
mod named;
mod sentences;

use std::path::Path;

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::files;
use crate::workspace::Workspace;

/// The crates of the workspace that a crate may depend on. Tests may use more.
const ARROWS: &[(&str, &[&str])] = &[
    ("domain", &[]),
    ("cluster", &[]),
    ("markup-macro", &[]),
    ("markup", &["markup-macro"]),
    ("storage", &["domain"]),
    ("acquisition", &["domain"]),
    ("simulator", &["domain"]),
    ("notify", &["domain", "acquisition"]),
    ("service", &["domain", "storage", "acquisition", "notify"]),
    ("texts", &["domain", "markup"]),
    ("tables", &["domain"]),
    ("ui", &["domain", "markup", "service", "tables", "texts"]),
    ("pages-energy", DRAWN),
    ("pages-setup", DRAWN),
    ("pages-sites", DRAWN),
    ("pages-utility", DRAWN),
    (
        "app",
        &[
            "domain",
            "markup",
            "pages-energy",
            "pages-setup",
            "pages-sites",
            "pages-utility",
            "service",
            "tables",
            "texts",
            "ui",
        ],
    ),
    ("islands", &["ui"]),
    ("live", &["app", "ui"]),
    ("map", &["app", "ui"]),
    (
        "server",
        &[
            "acquisition",
            "app",
            "cluster",
            "domain",
            "notify",
            "service",
            "simulator",
            "storage",
            "tables",
        ],
    ),
    ("api-tests", &[]),
    ("benchmark", &[]),
    ("service-tests", &[]),
    // What it holds the service against is worth something for as long as it shares nothing with it.
    ("field-cases", &[]),
    ("second-opinion", &[]),
    // It plays the program from outside.
    ("soak", &[]),
    ("pack", &[]),
    ("xtask", &["benchmark", "cluster"]),
];

/// The dependencies of pages rendered by the server alone. None uses another.
const DRAWN: &[&str] = &["domain", "markup", "service", "tables", "texts", "ui"];

/// The most lines a file may have; a longer one holds two things.
const LONGEST: usize = 400;

pub(crate) fn check(workspace: &Workspace) -> Result<()> {
    let packages = workspace.metadata["packages"].as_array().context("no packages")?;
    let mut faults = Vec::new();
    let mut folders = vec![workspace.root.join("style"), workspace.end2end()];
    let mut sources = named::Sources::new();
    for package in packages {
        faults.extend(wrong_arrows(package));
        faults.extend(rows_elsewhere(package));
        let manifest = package["manifest_path"].as_str().context("no manifest_path")?;
        let text = String::from_utf8(files::read(Path::new(manifest))?)?;
        faults.extend(own_versions(manifest, &text));
        let folder = Path::new(manifest).parent().context("no folder")?;
        faults.extend(documented::faults(&workspace.root, folder)?);
        let name = package["name"].as_str().context("no name")?.replace('-', "_");
        sources.insert(name, folder.join("src"));
        folders.push(folder.to_owned());
    }
    let mut language = language::Counts::default();
    for folder in folders {
        for file in files::below(&folder)? {
            let ending = file.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
            if ["rs", "css", "ts", "sql"].contains(&ending) {
                let name = file.strip_prefix(&workspace.root)?;
                let text = String::from_utf8(files::read(&file)?)?;
                faults.extend(misplaced(name, &text));
                language.add(name, &text);
                faults.extend(handed::faults(&name.display().to_string(), &text));
            }
        }
    }
    faults.extend(language.faults());
    faults.extend(areas::faults(&workspace.root)?);
    faults.extend(sentences::faults(&workspace.root)?);
    faults.extend(named::faults(&workspace.root, &sources)?);
    if !faults.is_empty() {
        bail!("{}", faults.join("\n"));
    }
    println!(
        "{} crates keep to the arrows, the areas, the shared versions and the file length, and the documents name what is there",
        packages.len()
    );
    Ok(())
}

/// Dependencies against the direction of the layers.
fn wrong_arrows(package: &Value) -> Vec<String> {
    let name = package["name"].as_str().unwrap_or_default();
    let Some((_, allowed)) = ARROWS.iter().find(|(crate_name, _)| *crate_name == name) else {
        return vec![format!("{name}: say in xtask/src/structure.rs what it may depend on")];
    };
    let dependencies = package["dependencies"].as_array().map(Vec::as_slice).unwrap_or_default();
    dependencies
        .iter()
        .filter(|dependency| dependency["path"].is_string() && dependency["kind"] != "dev")
        .filter_map(|dependency| dependency["name"].as_str())
        .filter(|dependency| !allowed.contains(dependency))
        .map(|dependency| format!("{name} must not depend on {dependency}"))
        .collect()
}

/// Ways by which `domain` would know of the database for others than `storage`, as for the browser.
fn rows_elsewhere(package: &Value) -> Vec<String> {
    let name = package["name"].as_str().unwrap_or_default();
    let dependencies = package["dependencies"].as_array().map(Vec::as_slice).unwrap_or_default();
    let reads_rows = |dependency: &Value| match dependency["name"].as_str() {
        Some("sqlx") => name == "domain" && dependency["optional"] != true,
        Some("domain") => {
            let features = dependency["features"].as_array();
            name != "storage" && features.is_some_and(|features| features.contains(&"sqlx".into()))
        }
        _ => false,
    };
    let wrong = dependencies.iter().any(reads_rows);
    wrong
        .then(|| format!("{name}: types of domain read rows for storage alone"))
        .into_iter()
        .collect()
}

/// Dependencies whose version is not the workspace's.
fn own_versions(manifest: &str, text: &str) -> Vec<String> {
    let mut in_dependencies = false;
    let mut faults = Vec::new();
    for line in text.lines().map(str::trim) {
        if line.starts_with('[') {
            in_dependencies = line.ends_with("dependencies]");
        } else if in_dependencies
            && line.contains('=')
            && !line.starts_with('#')
            && !line.contains("workspace = true")
        {
            faults.push(format!("{manifest}: `{line}` must take its version from the workspace"));
        }
    }
    faults
}

/// Files that are too long, or modules laid out in the old way.
fn misplaced(name: &Path, text: &str) -> Vec<String> {
    let mut faults = Vec::new();
    let lines = text.lines().count();
    if lines > LONGEST {
        faults.push(format!("{}: {lines} lines, {LONGEST} at most", name.display()));
    }
    if name.ends_with("mod.rs") {
        faults.push(format!("{}: name the file after its module", name.display()));
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn an_arrow_against_the_layers_is_named() {
        let package =
            |name: &str, dependency: Value| json!({"name": name, "dependencies": [dependency]});
        let service = json!({"name": "service", "path": "crates/service", "kind": null});
        assert_eq!(
            wrong_arrows(&package("domain", service.clone())),
            ["domain must not depend on service"]
        );
        assert!(wrong_arrows(&package("app", service)).is_empty());
        let for_tests = json!({"name": "simulator", "path": "crates/simulator", "kind": "dev"});
        assert!(wrong_arrows(&package("service", for_tests)).is_empty());
        let foreign = json!({"name": "serde", "path": null, "kind": null});
        assert!(wrong_arrows(&package("domain", foreign)).is_empty());
        assert_eq!(wrong_arrows(&json!({"name": "new"})).len(), 1);
    }

    #[test]
    fn rows_are_read_for_storage_alone() {
        let package = |name: &str, dependency: Value| {
            rows_elsewhere(&json!({"name": name, "dependencies": [dependency]})).len()
        };
        let with_rows = json!({"name": "domain", "features": ["sqlx"]});
        assert_eq!((package("storage", with_rows.clone()), package("ui", with_rows)), (0, 1));
        let sqlx = |optional: bool| json!({"name": "sqlx", "optional": optional});
        assert_eq!((package("domain", sqlx(true)), package("domain", sqlx(false))), (0, 1));
    }

    #[test]
    fn a_version_of_its_own_is_named() {
        let text = "[package]\nversion = \"1\"\n[dependencies]\na.workspace = true\nb = \"1\"\n\
                    [target.'cfg(unix)'.dependencies]\nc = { workspace = true }\nd = { version = \"2\" }\n";
        let faults = own_versions("x/Cargo.toml", text);
        assert_eq!(faults.len(), 2, "{faults:?}");
        assert!(faults[0].contains("`b = \"1\"`") && faults[1].contains("`d = "), "{faults:?}");
    }

    #[test]
    fn long_files_and_mod_rs_are_named() {
        assert!(misplaced(Path::new("a.rs"), &"x\n".repeat(LONGEST)).is_empty());
        assert_eq!(misplaced(Path::new("a.rs"), &"x\n".repeat(LONGEST + 1)).len(), 1);
        assert_eq!(misplaced(Path::new("a/mod.rs"), "").len(), 1);
    }
}
