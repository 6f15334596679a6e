//! The pages that there are, in the order of the rail.

use service::Action;
use texts::language::Text;
use texts::words::{frame as words, places};

#[derive(Clone, Copy)]
pub(crate) struct Place {
    /// The first part of its path.
    pub(crate) at: &'static str,
    pub(crate) name: Text,
    /// The key that leads there after `g`.
    pub(crate) key: &'static str,
    /// It is for those who may do this on the site.
    pub(crate) needs: Action,
    /// It is for those, too, who have a meter of their own on the site.
    pub(crate) is_for_owners: bool,
}

/// Places that belong together, under a name; the first section needs none.
pub(crate) struct Section {
    pub(crate) name: Text,
    pub(crate) places: &'static [Place],
}

pub(super) const HOME: Place = place("", places::OVERVIEW, "o", Action::See);
pub(super) const METERS: &str = "meters";
pub(super) const ALARMS: &str = "alarms";

const fn place(at: &'static str, name: Text, key: &'static str, needs: Action) -> Place {
    Place { at, name, key, needs, is_for_owners: false }
}

/// A place that shows those who have meters of their own what belongs to these.
const fn also_own(place: Place) -> Place {
    Place { is_for_owners: true, ..place }
}

pub(crate) const SECTIONS: [Section; 5] = [
    Section {
        name: Text("", ""),
        places: &[
            HOME,
            place(METERS, words::METERS, "m", Action::See),
            place("losses", places::LOSSES, "l", Action::See),
            place("carbon", places::CARBON, "c", Action::See),
            place("history", places::HISTORY, "h", Action::See),
            place(ALARMS, places::ALARMS, "a", Action::See),
            place("reports", places::REPORTS, "r", Action::See),
        ],
    },
    Section {
        name: places::COMMISSIONING,
        places: &[
            place("devices", places::DEVICES, "d", Action::See),
            place("loggers", places::LOGGERS, "u", Action::See),
        ],
    },
    Section {
        name: places::NETWORK,
        places: &[
            place("grid", places::GRID, "n", Action::SeeGrid),
            place("connections", places::CONNECTIONS, "k", Action::SeeGrid),
            place("simulator", places::SIMULATOR, "w", Action::SeeGrid),
        ],
    },
    Section {
        name: places::ACCOUNTS,
        places: &[
            also_own(place("bills", places::BILLS, "b", Action::SeeBills)),
            also_own(place("trades", places::TRADES, "t", Action::SeeBills)),
            also_own(place("energy", places::MY_ENERGY, "e", Action::SeeBills)),
        ],
    },
    Section {
        name: places::ADMINISTRATION,
        places: &[place("settings", places::SETTINGS, "s", Action::See)],
    },
];

pub(crate) fn all() -> impl Iterator<Item = Place> {
    SECTIONS.into_iter().flat_map(|section| section.places).copied()
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn every_page_has_a_key_of_its_own() {
        let keys: HashSet<_> = all().map(|place| place.key).collect();
        assert_eq!(keys.len(), all().count());
        assert!(keys.iter().all(|key| key.len() == 1 && *key != "g"));
    }
}
