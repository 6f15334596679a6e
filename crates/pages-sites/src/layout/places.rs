//! The pages that there are, in the order of the rail.

use texts::language::Text;
use texts::words::{frame as words, places};

/// A page that exists, and where it is.
#[derive(Clone, Copy)]
pub(crate) struct Place {
    /// The first part of its path.
    pub(crate) at: &'static str,
    pub(crate) name: Text,
    /// The key that leads there after `g`.
    pub(crate) key: &'static str,
}

/// Places that belong together, under a name; the first section needs none.
pub(crate) struct Section {
    pub(crate) name: Text,
    pub(crate) places: &'static [Place],
}

pub(super) const HOME: Place = place("", places::OVERVIEW, "o");
pub(super) const METERS: &str = "meters";
pub(super) const ALARMS: &str = "alarms";

const fn place(at: &'static str, name: Text, key: &'static str) -> Place {
    Place { at, name, key }
}

pub(crate) const SECTIONS: [Section; 5] = [
    Section {
        name: Text("", ""),
        places: &[
            HOME,
            place(METERS, words::METERS, "m"),
            place("losses", places::LOSSES, "l"),
            place("carbon", places::CARBON, "c"),
            place("history", places::HISTORY, "h"),
            place(ALARMS, places::ALARMS, "a"),
            place("reports", places::REPORTS, "r"),
        ],
    },
    Section {
        name: places::COMMISSIONING,
        places: &[place("devices", places::DEVICES, "d"), place("loggers", places::LOGGERS, "u")],
    },
    Section {
        name: places::NETWORK,
        places: &[
            place("grid", places::GRID, "n"),
            place("connections", places::CONNECTIONS, "k"),
            place("simulator", places::SIMULATOR, "w"),
        ],
    },
    Section {
        name: places::ACCOUNTS,
        places: &[
            place("bills", places::BILLS, "b"),
            place("trades", places::TRADES, "t"),
            place("energy", places::MY_ENERGY, "e"),
        ],
    },
    Section { name: places::ADMINISTRATION, places: &[place("settings", places::SETTINGS, "s")] },
];

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn every_page_has_a_key_of_its_own() {
        let places = || SECTIONS.iter().flat_map(|section| section.places);
        let keys: HashSet<_> = places().map(|place| place.key).collect();
        assert_eq!(keys.len(), places().count());
        assert!(keys.iter().all(|key| key.len() == 1 && *key != "g"));
    }
}
