//! The files.

use std::sync::LazyLock;

use super::Profile;

macro_rules! files {
    ($($id:literal)*) => {
        /// Id and text of each file, in the order of the ids.
        pub(super) const FILES: &[(&str, &str)] = &[
            $(($id, include_str!(concat!("../../../profiles/", $id, ".json"))),)*
        ];
    };
}

files! {
    "abb-a43"
    "abb-b23"
    "abb-b24"
    "carlo-gavazzi-em24"
    "carlo-gavazzi-em24-e1"
    "carlo-gavazzi-em330"
    "carlo-gavazzi-em340"
    "eastron-sdm120"
    "eastron-sdm230"
    "eastron-sdm630"
    "esphome"
    "fronius-http"
    "fronius-smart-meter"
    "generic-http"
    "janitza-umg96"
    "phoenix-contact-eem-ma370"
    "schneider-iem3155"
    "schneider-iem3255"
    "schneider-pm5000"
    "shelly-gen1"
    "shelly-gen1-3em"
    "shelly-gen1-3em-http"
    "shelly-gen1-counter"
    "shelly-gen1-http"
    "shelly-gen1-relay"
    "shelly-gen2"
    "shelly-gen2-em1"
    "shelly-gen2-em1-http"
    "shelly-gen2-http"
    "shelly-gen2-pm1"
    "shelly-gen2-switch"
    "siemens-pac2200"
    "siemens-pac3200"
    "socomec-countis-e34"
    "solaredge-meter"
    "sunspec-meter"
    "tasmota"
    "tasmota-http"
    "tasmota-multi"
    "zigbee2mqtt"
}

static ALL: LazyLock<Vec<Profile>> =
    LazyLock::new(|| FILES.iter().filter_map(|(id, text)| Profile::read(id, text).ok()).collect());

/// All profiles, in the order of their ids. A test sees to it that each file can be read.
pub fn all() -> &'static [Profile] {
    &ALL
}

/// The profile of this id.
pub fn find(id: &str) -> Option<&'static Profile> {
    let place = all().binary_search_by(|profile| profile.id.as_str().cmp(id)).ok()?;
    all().get(place)
}
