//! The areas of the product, which are the same at every layer, and which may use which.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use anyhow::Result;

use super::circles;
use super::imports::{Module, Modules};

/// A layer that is divided into areas.
struct Layer {
    folder: &'static str,
    /// The names of modules that hold what pages show.
    shown: &'static str,
    /// The floors of a crate, from the ground up: an area, a module that stands elsewhere than the rest of its area, or a
    /// file that many of them need. It may use what stands before it.
    floors: &'static str,
}

impl Layer {
    fn floors(&self) -> impl Iterator<Item = &'static str> {
        self.floors.split_whitespace()
    }

    /// The floor of a module, counted from the ground: that of what pages show, or else its own or its area's.
    ///
    /// What a page shows is drawn from several areas. It stands on a floor of its own, whatever area it is about.
    fn floor(&self, module: &Module) -> Option<(usize, &'static str)> {
        if self.is_shown(module) {
            return self.floors().enumerate().find(|(_, floor)| *floor == self.shown);
        }
        let steps = |floor: &str| floor.split("::").count();
        let holds = |floor: &str| floor.split("::").eq(module.iter().take(steps(floor)));
        let floors = self.floors().enumerate().filter(|(_, floor)| holds(floor));
        floors.max_by_key(|(_, floor)| steps(floor))
    }

    fn is_shown(&self, module: &Module) -> bool {
        module.iter().any(|part| part == self.shown)
    }
}

const LAYERS: [Layer; 4] = [
    Layer {
        folder: "crates/domain/src",
        shown: "view",
        floors: "stored message ids units quality people language figures entry strict patch find month window operation grid sites \
                 meters readings energy ownership losses live carbon bills devices simulation alarms period \
                 view history reports overview configuration messages",
    },
    Layer {
        folder: "crates/storage/src",
        shown: "view",
        floors: "error pool span people sites rollup meters readings energy losses recount carbon \
                 bills grid devices simulation alarms reports operation configuration",
    },
    Layer {
        folder: "crates/service/src",
        shown: "page",
        floors: "error named json body patch instants validity window vault optimistic_lock recent prices registry operation::supervision operation::pace \
                 people::principal people::limits people::sessions core people::audit operation sites resolve people recount energy losses carbon rollup live \
                 request_cache::asked readings::arrived readings::ingest::counters alarms::open grid::reach grid::index grid::copy \
                 simulation::engine devices::acquisuite::gate devices::commissioning::trials devices::report \
                 devices::staged configuration::document configuration::report configuration::import::progress \
                 configuration::taken service \
                 readings meters bills devices grid simulation alarms retention request_cache pages page reports \
                 operation::set_aside history overview configuration tasks",
    },
    Layer {
        folder: "server/src/api",
        shown: "view",
        floors: "sites people meters readings losses carbon bills live grid devices simulation alarms \
                 history overview reports operation configuration forms health",
    },
];

/// The floor from which `service` draws from several areas: for pages, and for what is above them.
const DRAWS_FROM_SEVERAL: &str = "request_cache";

/// Whether a file of `service` stands above the use cases of the areas.
pub(super) fn is_above_use_cases(file: &str) -> bool {
    let [.., service, _] = &LAYERS;
    let path = file.strip_prefix(service.folder).unwrap_or(file).trim_start_matches('/');
    let module = path.trim_end_matches(".rs").split('/').map(str::to_owned).collect();
    let first = service.floors().position(|floor| floor == DRAWS_FROM_SEVERAL);
    service.floor(&module).map(|(floor, _)| floor) >= first
}

/// Returns the faults in the areas of a workspace, each with what to do.
pub(super) fn faults(root: &Path) -> Result<Vec<String>> {
    let mut faults = Vec::new();
    for layer in &LAYERS {
        let modules = Modules::read(&root.join(layer.folder))?;
        let uses = modules.uses();
        faults.extend(homeless(layer, uses.keys()));
        faults.extend(against_the_floors(layer, &uses));
        faults.extend(in_circles(layer, &uses));
    }
    Ok(faults)
}

/// Files in no area.
fn homeless<'a>(layer: &Layer, modules: impl Iterator<Item = &'a Module>) -> Vec<String> {
    let tops: BTreeSet<&String> = modules.filter_map(|module| module.first()).collect();
    let unknown = tops.into_iter().filter(|top| !layer.floors().any(|floor| floor == *top));
    unknown
        .map(|top| {
            format!(
                "{}/{top}: it is in no area; move it into the one that it is about, or add it to the floors in \
                 xtask/src/structure/areas.rs",
                layer.folder
            )
        })
        .collect()
}

/// Files that use something of a floor above their own.
fn against_the_floors(layer: &Layer, uses: &BTreeMap<Module, BTreeSet<Module>>) -> Vec<String> {
    let mut faults = Vec::new();
    for (module, used) in uses {
        for used in used {
            let floors = layer.floor(module).zip(layer.floor(used));
            if let Some(((from, own), (to, above))) = floors
                && to > from
                // What pages show of an area may use all of it, wherever that stands.
                && !(layer.is_shown(module) && module.first() == used.first())
            {
                faults.push(format!(
                    "{}/{}.rs uses {}, but `{}` stands above `{}`: move what it needs down, or the file up \
                     (xtask/src/structure/areas.rs has the floors)",
                    layer.folder,
                    module.join("/"),
                    used.join("::"),
                    above,
                    own,
                ));
            }
        }
    }
    faults
}

/// Files that use each other in a circle. That a file uses what its own folder holds, and that uses what the file itself
/// defines, is none.
fn in_circles(layer: &Layer, uses: &BTreeMap<Module, BTreeSet<Module>>) -> Vec<String> {
    let circle = |circle: Vec<Module>| {
        let files: Vec<String> = circle.iter().map(|module| module.join("::")).collect();
        format!(
            "{}: {} use each other in a circle: move what they share into one of them, or into the file above them",
            layer.folder,
            files.join(", ")
        )
    };
    circles::of(uses).into_iter().map(circle).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const LAYER: Layer =
        Layer { folder: "x/src", shown: "view", floors: "ids energy losses view energy::sum" };

    fn uses(arrows: &[(&str, &str)]) -> BTreeMap<Module, BTreeSet<Module>> {
        let module = |path: &str| -> Module { path.split("::").map(str::to_owned).collect() };
        let mut uses: BTreeMap<Module, BTreeSet<Module>> = BTreeMap::new();
        for (from, to) in arrows {
            uses.entry(module(to)).or_default();
            uses.entry(module(from)).or_default().insert(module(to));
        }
        uses
    }

    #[test]
    fn a_file_in_no_area_is_named() {
        let uses = uses(&[("energy::window", "ids"), ("odds", "ids")]);
        let faults = homeless(&LAYER, uses.keys());
        assert_eq!(faults.len(), 1);
        assert!(faults[0].starts_with("x/src/odds: it is in no area; move"), "{faults:?}");
    }

    #[test]
    fn an_import_against_the_floors_is_named() {
        let uses = uses(&[
            ("losses::balance", "energy"),
            ("energy::view", "losses"),
            ("energy", "losses::balance"),
        ]);
        let faults = against_the_floors(&LAYER, &uses);
        assert_eq!(faults.len(), 1, "{faults:?}");
        assert!(faults[0].starts_with("x/src/energy.rs uses losses::balance"), "{faults:?}");
    }

    #[test]
    fn a_module_may_stand_higher_than_the_rest_of_its_area() {
        let uses = uses(&[("energy::sum::of", "losses"), ("losses", "energy::sum")]);
        let faults = against_the_floors(&LAYER, &uses);
        assert_eq!(faults.len(), 1, "{faults:?}");
        assert!(faults[0].starts_with("x/src/losses.rs uses energy::sum"), "{faults:?}");
    }

    #[test]
    fn an_area_that_stands_below_what_is_shown_of_it_does_not_use_that() {
        let faults = against_the_floors(&LAYER, &uses(&[("energy", "energy::view")]));
        assert_eq!(faults.len(), 1, "{faults:?}");
    }

    #[test]
    fn files_in_a_circle_are_named_and_a_folder_with_its_file_is_none() {
        let found = in_circles(&LAYER, &uses(&[("energy", "energy::a"), ("energy::a", "energy")]));
        assert!(found.is_empty(), "{found:?}");
        let found = in_circles(
            &LAYER,
            &uses(&[
                ("energy::a", "energy::b"),
                ("energy::b", "energy::c"),
                ("energy::c", "energy::a"),
                ("losses", "energy::a"),
            ]),
        );
        assert_eq!(found.len(), 1);
        assert!(found[0].contains("energy::a, energy::b, energy::c use each other"), "{found:?}");
    }
}
