//! The sizes of downloads, against their budgets.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};

use crate::files;
use crate::site;
use crate::workspace::Workspace;

/// The most a visitor may have to load, in bytes as sent: scripts and modules of the heaviest
/// first page, one lazy chunk, the style sheet. The aim for a first page is 300,000; the same source
/// weighs a few kilobytes more or less in another folder, hence the margin.
const FIRST_PAGE: u64 = 306_000;
const CHUNK: u64 = 80_000;
const STYLE: u64 = 20_000;
/// Scripts and module of a page that the server draws whole, and its navigation alone.
const DRAWN_PAGE: u64 = 100_000;
const NAVIGATION: u64 = 8_000;
/// The map library, which one page loads.
const MAP: u64 = 40_000;

pub(crate) fn check(workspace: &Workspace) -> Result<()> {
    let package = site::package(workspace)?;
    let mut sizes = BTreeMap::new();
    for file in files::below(&package)? {
        let name = file.strip_prefix(&package)?.to_string_lossy().into_owned();
        if let Some(name) = name.strip_suffix(".br") {
            sizes.insert(name.to_owned(), fs::metadata(&file)?.len());
        }
    }
    let manifest = files::read(&package.join("__wasm_split_manifest.json"))?;
    let chunks: BTreeMap<String, Vec<String>> = serde_json::from_slice(&manifest)?;

    let faults = over_budget(&sizes, &chunks)?;
    if !faults.is_empty() {
        bail!("over budget: {}", faults.join("; "));
    }
    Ok(())
}

/// The budgets exceeded by files with their `sizes` and pages with the `chunks` they load.
fn over_budget(
    sizes: &BTreeMap<String, u64>,
    chunks: &BTreeMap<String, Vec<String>>,
) -> Result<Vec<String>> {
    let mut faults = Vec::new();
    let mut compare = |what: &str, size: u64, most: u64| {
        println!("{size:>8} of {most:>6}  {what}");
        if size > most {
            faults.push(format!("{what} weighs {size}, {most} at most"));
        }
    };
    let sum = |of: fn(Kind) -> bool| -> u64 {
        sizes.iter().filter(|(name, _)| of(kind(name))).map(|(_, size)| size).sum()
    };
    let start = sum(|kind| kind == Kind::Start);

    let mut heaviest = 0;
    for loaded in chunks.values() {
        let mut page = 0;
        for chunk in loaded {
            let size = sizes.get(&format!("{chunk}.wasm"));
            page +=
                size.with_context(|| format!("the manifest names {chunk}, which is missing"))?;
        }
        heaviest = heaviest.max(page);
    }
    let what = "what every hydrated page loads and the heaviest page's chunks";
    compare(what, start + heaviest, FIRST_PAGE);
    let drawn = sum(|kind| matches!(kind, Kind::Islands | Kind::Navigation));
    compare("what a page loads that the server draws whole", drawn, DRAWN_PAGE);
    for (name, &size) in sizes {
        match kind(name) {
            Kind::Chunk => compare(name, size, CHUNK),
            Kind::Style => compare(name, size, STYLE),
            Kind::Map => compare(name, size, MAP),
            Kind::Navigation => compare(name, size, NAVIGATION),
            Kind::Start | Kind::Islands | Kind::Other => println!("{size:>8}            {name}"),
        }
    }
    Ok(faults)
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// Loaded by every page that is hydrated.
    Start,
    /// Loaded by every page that the server draws whole, as is the navigation.
    Islands,
    Navigation,
    /// Loaded by some pages.
    Chunk,
    Style,
    /// The map library's.
    Map,
    Other,
}

fn kind(name: &str) -> Kind {
    if Path::new(name).starts_with(site::leaflet::FOLDER) {
        return Kind::Map;
    }
    match name.rsplit_once('.') {
        _ if name == site::navigate::SCRIPT => Kind::Navigation,
        Some(("islands", "js") | ("islands_bg", "wasm")) => Kind::Islands,
        Some((_, "js")) => Kind::Start,
        Some((module, "wasm")) if module.starts_with("frontend") => Kind::Start,
        Some((_, "wasm")) => Kind::Chunk,
        Some((_, "css")) => Kind::Style,
        _ => Kind::Other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn over(sizes: &[(&str, u64)], chunks: &[(&str, &[&str])]) -> Vec<String> {
        let sizes = sizes.iter().map(|(name, size)| ((*name).to_owned(), *size)).collect();
        let owned = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        let chunks = chunks.iter().map(|(name, of)| ((*name).to_owned(), owned(of))).collect();
        over_budget(&sizes, &chunks).unwrap()
    }

    #[test]
    fn a_page_is_weighed_with_the_chunks_it_loads() {
        let start = FIRST_PAGE - 100_000;
        let sizes = [
            ("frontend_bg.wasm", start - 9_000),
            ("frontend.js", 9_000),
            ("a.wasm", 70_000),
            ("b.wasm", 60_000),
        ];
        assert!(over(&sizes, &[("a", &["a"]), ("b", &["b"])]).is_empty());
        assert_eq!(over(&sizes, &[("a", &["a", "b"])]).len(), 1);
    }

    #[test]
    fn a_page_that_the_server_draws_is_weighed_apart_from_hydrated_ones() {
        let module = DRAWN_PAGE - NAVIGATION - 5_000;
        let sizes = |more: u64| {
            [
                ("frontend_bg.wasm", FIRST_PAGE),
                ("islands.js", 5_000),
                ("islands_bg.wasm", module + more),
                ("navigate.js", NAVIGATION),
            ]
        };
        assert!(over(&sizes(0), &[]).is_empty());
        assert_eq!(over(&sizes(1), &[]).len(), 1);
        assert_eq!(over(&[("navigate.js", NAVIGATION + 1)], &[]).len(), 1);
    }

    #[test]
    fn each_chunk_and_the_style_sheet_have_a_limit_of_their_own() {
        assert_eq!(over(&[("a.wasm", CHUNK + 1)], &[]).len(), 1);
        assert_eq!(over(&[("main.css", STYLE + 1)], &[]).len(), 1);
        assert!(over(&[("a.wasm", CHUNK), ("main.css", STYLE), ("x.svg", 1)], &[]).is_empty());
        assert!(over(&[("leaflet/leaflet.js", MAP)], &[]).is_empty());
        assert_eq!(over(&[("leaflet/leaflet.js", MAP + 1)], &[]).len(), 1);
    }
}
