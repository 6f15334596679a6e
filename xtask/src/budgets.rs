//! The sizes of downloads, against their budgets.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Result, bail};

use crate::files;
use crate::site;
use crate::workspace::Workspace;

/// The most a visitor may have to load, in bytes as sent: navigation, script and module of a page without islands of its
/// own, and of any page; the navigation alone; the style sheet. The same source weighs a few kilobytes more or less in
/// another folder.
const PAGE: u64 = 100_000;
const ANY_PAGE: u64 = 160_000;
const NAVIGATION: u64 = 6_000;
const STYLE: u64 = 20_000;
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
    let faults = over_budget(&sizes);
    if !faults.is_empty() {
        bail!("over budget: {}", faults.join("; "));
    }
    Ok(())
}

/// The budgets exceeded by files with their `sizes`.
fn over_budget(sizes: &BTreeMap<String, u64>) -> Vec<String> {
    let size = |name: &str| sizes.get(name).copied().unwrap_or_default();
    let page = |module: &str| {
        let files = [site::navigate::SCRIPT, &format!("{module}.js"), &format!("{module}_bg.wasm")];
        files.into_iter().map(size).sum()
    };
    let pages = site::MODULES.map(|module| {
        let most = if module == "islands" { PAGE } else { ANY_PAGE };
        (format!("a page with the module {module}"), page(module), most)
    });
    let named = |name: &str, most| (name.to_owned(), size(name), most);
    let map = sizes.iter().filter(|(name, _)| Path::new(name).starts_with(site::leaflet::FOLDER));
    let of_map = map.map(|(name, &size)| (name.clone(), size, MAP));
    let others = [named(site::navigate::SCRIPT, NAVIGATION), named("main.css", STYLE)];
    let all = pages.into_iter().chain(others).chain(of_map);
    all.filter_map(|(what, size, most)| {
        println!("{size:>8} of {most:>6}  {what}");
        (size > most).then(|| format!("{what} weighs {size}, {most} at most"))
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn over(sizes: &[(&str, u64)]) -> usize {
        over_budget(&sizes.iter().map(|(name, size)| ((*name).to_owned(), *size)).collect()).len()
    }

    #[test]
    fn a_page_is_weighed_with_its_module_and_the_navigation() {
        let sizes = |most: u64, more: u64| most - NAVIGATION - 5_000 + more;
        for (module, most) in [("islands", PAGE), ("live", ANY_PAGE), ("map", ANY_PAGE)] {
            let (script, wasm) = (format!("{module}.js"), format!("{module}_bg.wasm"));
            let all = |more| {
                over(&[(&script, 5_000), (&wasm, sizes(most, more)), ("navigate.js", NAVIGATION)])
            };
            assert_eq!((all(0), all(1)), (0, 1), "{module}");
        }
    }

    #[test]
    fn some_files_have_a_limit_of_their_own() {
        for (name, most) in
            [("navigate.js", NAVIGATION), ("main.css", STYLE), ("leaflet/leaflet.js", MAP)]
        {
            assert_eq!((over(&[(name, most)]), over(&[(name, most + 1)])), (0, 1), "{name}");
        }
        assert_eq!(over(&[("x.svg", 1_000_000)]), 0);
    }
}
