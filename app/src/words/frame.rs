//! The frame around every page.

use domain::live::SimulatedClock;

pub(crate) const SKIP: &str = "Skip to content";
pub(crate) const NAVIGATION: &str = "Main";
pub(crate) const SHORT_NAVIGATION: &str = "Pages";
pub(crate) const METERS: &str = "Meters";
pub(crate) const THIS_PAGE: &str = "This page";
pub(crate) const PERIOD: &str = "Period";
pub(crate) const THIS_PERIOD: &str = "This period";
pub(crate) const MORE: &str = "More";
pub(crate) const FIND_A_METER: &str = "Find a meter";
pub(crate) const NO_MATCH: &str = "No meter has this in its name or number";
pub(crate) const MENU: &str = "Menu";

pub(crate) const OPENING: &str = "Not live yet";
pub(crate) const LOST: &str = "Not live";

pub(crate) fn plant(meters: usize) -> String {
    match meters {
        1 => "1 meter".to_owned(),
        _ => format!("{meters} meters"),
    }
}

pub(crate) fn live(good: usize, all: usize) -> String {
    format!("Live, {good} of {all} good")
}

pub(crate) const fn simulated(clock: SimulatedClock) -> &'static str {
    match clock {
        SimulatedClock::Runs => "Simulated clock",
        SimulatedClock::Asked => "Simulated clock, paused",
        SimulatedClock::Unwatched => "Simulated clock, paused: nobody looked for an hour",
    }
}

pub(crate) fn stream_lost(since: &str, at: &str) -> String {
    format!(
        "The live stream was lost {since} ago. Values are those of {at}; they go on by themselves \
         when the server answers again."
    )
}

pub(crate) const TRY_AGAIN: &str = "Try again";

pub(crate) fn cannot_show(what: &str) -> String {
    format!("{what} cannot be shown")
}

pub(crate) const NOT_FOUND_TITLE: &str = "Not found";
pub(crate) const NOT_FOUND: &str = "There is no such page";
pub(crate) const NOT_FOUND_HELP: &str =
    "The address may be mistyped, or what it named was removed.";
pub(crate) const TO_OVERVIEW: &str = "Go to the overview";
pub(crate) const TO_METERS: &str = "See all meters";

pub(crate) const EMPTY: &str = "No meters yet";
pub(crate) const EMPTY_WHY: &str = "Wattlens needs one meter that reads what comes into the site. \
                                    Losses appear as soon as something below it is metered.";
pub(crate) const EMPTY_HOW: &str =
    "Add the first meter with one request, for example a Modbus meter:";
pub(crate) const EMPTY_SQL: &str =
    "Or insert rows into energy_meters with SQL: they show here within a minute.";
pub(crate) const EMPTY_DOCS: &str = "All fields and protocols";
pub(crate) const EMPTY_REQUEST: &str = r#"curl http://127.0.0.1:3000/api/energy-meters \
  -H 'content-type: application/json' -d '{
  "name": "Main Grid",
  "location": "Main building",
  "meterType": "grid",
  "protocol": "modbus",
  "pollInterval": 5000,
  "communication": {
    "host": "192.168.1.150",
    "port": 502,
    "unitId": 1,
    "registers": { "power": 20480, "energy": 20482, "energyScale": 0.001 }
  }
}'"#;

#[cfg(test)]
mod tests {
    use domain::device::{Communication, Protocol};

    use super::*;

    #[test]
    fn the_request_that_newcomers_copy_is_accepted() {
        let body = EMPTY_REQUEST.split('\'').nth(3).unwrap();
        let body: serde_json::Value = serde_json::from_str(body).unwrap();
        let protocol = Protocol::parse(body["protocol"].as_str().unwrap()).unwrap();
        Communication::parse(protocol, &body["communication"]).unwrap();
    }
}
