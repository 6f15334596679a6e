//! The simulated world.

use domain::world::PausedBecause;

pub(crate) const TITLE: &str = "Simulator";
pub(crate) const GO: &str = "Go on";
pub(crate) const PAUSE: &str = "Pause";
pub(crate) const SPEED: &str = "Speed";
pub(crate) const SET: &str = "Set";
pub(crate) const JUMP: &str = "Jump forward to";
pub(crate) const JUMP_GO: &str = "Jump";
pub(crate) const RECORD: &str = "Record";
pub(crate) const REAL_TIME: &str = "real time";

pub(crate) fn hours_a_minute(hours: &str) -> String {
    format!("{hours} h a minute")
}

pub(crate) fn days_a_minute(days: &str) -> String {
    if days == "1.0" { "1 day a minute".to_owned() } else { format!("{days} days a minute") }
}

pub(crate) fn minutes(minutes: u32) -> String {
    format!("{minutes} min")
}

pub(crate) fn runs(speed: &str) -> String {
    format!("The world's clock runs, {speed}.")
}

pub(crate) const fn paused(why: PausedBecause) -> &'static str {
    match why {
        PausedBecause::Asked => {
            "Paused: someone stopped the clock. Nothing is recorded until it goes on."
        }
        PausedBecause::Unwatched => {
            "Paused: nobody looked for a while. It goes on now that someone does."
        }
    }
}

pub(crate) const METERS: &str = "Meters of the world";

pub(crate) fn count(meters: usize) -> String {
    if meters == 1 {
        "1 meter; newest record, what it makes below zero".to_owned()
    } else {
        format!("{meters} meters; newest record, what they make below zero")
    }
}

pub(crate) const CHOOSE_ONE: &str = "Choose a meter to see its waveform and to change it.";
pub(crate) const EMPTY: &str = "The world is empty";
pub(crate) const EMPTY_HELP: &str =
    "Create a resource, a meter, and link them: then its readings begin.";
pub(crate) const METER: &str = "Meter";
pub(crate) const KIND: &str = "Kind";
pub(crate) const FACTORS: &str = "Factor K of consumption, and of production where it differs";
pub(crate) const STATUS: &str = "Status";
pub(crate) const PARENT: &str = "sum";
pub(crate) const NOT_LINKED: &str = "not linked";
pub(crate) const ON: &str = "ON";
pub(crate) const OFF: &str = "OFF";

pub(crate) const SUM_OF_CHILDREN: &str = "shows the sum of the meters below it";
pub(crate) const NOT_LINKED_HELP: &str = "no resource is linked to it, so it records nothing";

pub(crate) fn resource(name: &str, kind: &str) -> String {
    format!("{name}, {kind}")
}

pub(crate) const RECORDS: &str = "Records";
pub(crate) const WAVE: &str = "Waveform";
pub(crate) const NO_RECORDS: &str =
    "No record yet. It comes with the next step of the world's clock.";
pub(crate) const TIME: &str = "Time";
pub(crate) const USED_KWH: &str = "Consumption kWh";
pub(crate) const MADE_KWH: &str = "Production kWh";

pub(crate) fn newest(used: &str) -> String {
    format!("kW; now uses {used} kW")
}

pub(crate) fn newest_both(used: &str, made: &str) -> String {
    format!("kW; now uses {used} kW, makes {made} kW")
}

pub(crate) fn wave_label(meter: &str, count: usize) -> String {
    format!("Power of {meter} over its newest {count} records: used as a line, made as an area")
}

pub(crate) const FACTOR: &str = "Factor K";
pub(crate) const FACTOR_NOTE: &str = "0 switches off, 1 is as it is, up to 1,000";
pub(crate) const K_CONSUMPTION: &str = "K of consumption";
pub(crate) const K_PRODUCTION: &str = "K of production";
pub(crate) const APPLIANCES: &str = "Appliances";
pub(crate) const APPLIANCES_NOTE: &str = "with their own K, on top of the meter's";
pub(crate) const NO_APPLIANCES: &str = "None: it draws nothing.";
pub(crate) const MAKES_NOTE: &str = " at full sun";
pub(crate) const IDLE_NOTE: &str = ", idle: the household is a consumer";
pub(crate) const ADD: &str = "Add an appliance";
pub(crate) const ADD_GO: &str = "Add";
pub(crate) const REPLACE: &str = "Replace all appliances";
pub(crate) const APPLIANCE_LIST: &str = "Appliances, separated by commas";
pub(crate) const REPLACE_GO: &str = "Replace";
pub(crate) const SET_K: &str = "Set K";
pub(crate) const REMOVE: &str = "Remove";

pub(crate) fn k_of(appliance: &str) -> String {
    format!("K of {appliance}")
}

pub(crate) fn remove(appliance: &str) -> String {
    format!("Remove {appliance}")
}

pub(crate) const SPIKE: &str = "Spike";
pub(crate) const SPIKE_NOTE: &str = "a sudden load, or a new source";
pub(crate) const LOAD: &str = "Load";
pub(crate) const SOURCE: &str = "Source";
pub(crate) const WHAT: &str = "What";
pub(crate) const SIZE: &str = "Size";
pub(crate) const UNIT: &str = "Unit";
pub(crate) const TIMES: &str = "times";
pub(crate) const FOR_MINUTES: &str = "Minutes";
pub(crate) const SPIKE_GO: &str = "Add the spike";

pub(crate) fn span(from: &str, to: &str) -> String {
    format!("{from} to {to}")
}

pub(crate) const CONTROL: &str = "Control many";
pub(crate) const CONTROL_HELP: &str =
    "Sets K of all meters that match every choice; of an appliance, only that appliance's own K.";
pub(crate) const BELOW: &str = "Below";
pub(crate) const ANY: &str = "any";
pub(crate) const PINCODE: &str = "Pincode";
pub(crate) const ONLY_APPLIANCE: &str = "Appliance";
pub(crate) const WHOLE_METER: &str = "the whole meter";
pub(crate) const FACTOR_FIELD: &str = "Factor K";
pub(crate) const SIDE: &str = "Side";
pub(crate) const BOTH: &str = "both";
pub(crate) const CONSUMPTION: &str = "consumption";
pub(crate) const PRODUCTION: &str = "production";
pub(crate) const CONTROL_GO: &str = "Set K of all";

pub(crate) const NEW_RESOURCE: &str = "New resource";
pub(crate) const NAME: &str = "Name";
pub(crate) const TYPE: &str = "Type";
pub(crate) const CONSUMER: &str = "consumer";
pub(crate) const PROSUMER: &str = "prosumer";
pub(crate) const CREATE: &str = "Create";

pub(crate) fn catalogue(names: &str) -> String {
    format!("Known: {names}.")
}

pub(crate) const NEW_METER: &str = "New meter";
pub(crate) const METER_NUMBER: &str = "Meter number";
pub(crate) const PARENT_METER: &str = "Below the meter";
pub(crate) const NO_PARENT: &str = "none";
pub(crate) const CITY: &str = "City";
pub(crate) const STATE: &str = "State";
pub(crate) const LATITUDE: &str = "Latitude";
pub(crate) const LONGITUDE: &str = "Longitude";

pub(crate) const LINK: &str = "Link a meter to a resource";
pub(crate) const LINK_HELP: &str = "Its readings begin with the next record.";
pub(crate) const RESOURCE: &str = "Resource";
pub(crate) const CHOOSE: &str = "choose";
pub(crate) const LINK_GO: &str = "Link";

pub(crate) mod done {
    //! What was done.
    pub(crate) const CLOCK: &str = "The world's clock is set.";
    pub(crate) const APPLIANCES: &str = "Its appliances are changed; the next record shows it.";
    pub(crate) const SPIKED: &str = "The spike is on; the next record shows it.";
    pub(crate) const RESOURCE: &str = "The resource is created; link a meter to it.";
    pub(crate) const METER: &str = "The meter is created; link it to a resource.";
    pub(crate) const LINKED: &str = "Linked: its readings begin with the next record.";

    pub(crate) fn controlled(count: usize) -> String {
        match count {
            1 => "K of one meter is set; the next record shows it.".to_owned(),
            _ => format!("K of {count} meters is set; the next record shows it."),
        }
    }

    pub(crate) fn switched(status: &str) -> String {
        format!("It is {status} now.")
    }
}
