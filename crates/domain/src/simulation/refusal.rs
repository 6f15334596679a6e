//! Why something in the simulated world is refused, and what its meters report.

use chrono::{DateTime, Utc};

use crate::message::messages;

messages! {
    /// Why it is not plain which meters of the world are meant, or those cannot be.
    pub enum MeterRefusal in "world_meter" {
        NoSelector =>
            "say which meters: give meter_id, parent_meter_id, appliance_type or pincode, or several of them",
        NoSwitch => "say what to switch: give er_id or meter_id",
        None { meter: String } => "no meter {meter} in the simulated world",
        NoParent { number: String } => "no meter {number} before it",
        Sums { number: String } =>
            "meter {number} shows the sum of the meters below it: parent_meter_id changes all of those",
        ParentLinked { number: String } =>
            "meter {number} is linked to an energy resource: nothing can hang below it",
        HasChildren { number: String } =>
            "meter {number} has meters below it and shows their sum: link one of those",
        Linked { number: String } => "meter {number} is linked already",
        Factor { factor: f64 } => "a load factor is 0 to 1,000, not {factor}",
    }

    /// Why nothing is done with an energy resource.
    pub enum ResourceRefusal in "energy_resource" {
        None { id: String } => "no energy resource {id}",
        NotNamed => "expected an id as a number, or a UUID as a text",
        NotLinked { id: String } => "energy resource {id} is not linked to a meter: link it first",
        LinkedElsewhere { id: String, number: String } =>
            "energy resource {id} is linked to meter {number}, not to this one",
        Linked { id: i64, number: String } =>
            "energy resource {id} is linked to meter {number} already",
        TooMany { most: usize } => "a resource has at most {most} appliances",
        NoAppliance { name: String, known: String } => "no appliance {name:?}: there are {known}",
        NoKind => "choose consumer or prosumer",
    }

    /// Why a spike cannot be.
    pub enum SpikeRefusal in "spike" {
        Duration => "a spike lasts 1 minute to 366 days",
        NoProsumer =>
            "none of these meters belongs to a prosumer: only those can take a source",
        Power => "give a power above 0 and at most 1,000,000 kW",
        Factor => "a factor is 0 to 1,000",
        EitherSize => "give either magnitude_kW or factor",
        NoKind => "a spike is a load or a source",
    }

    /// Why the clock of the world is not set, or there is no world.
    pub enum WorldRefusal in "world" {
        None => "there is no simulated site: its clock was taken away",
        Backwards { recorded: DateTime<Utc> } =>
            "the world has records up to {recorded}: its time only goes forward",
        Speed => "give a speed above 0 and at most 100; paused: true stops the clock",
        RecordLength => "a record has 1 to 60 minutes",
        Jump { readings: i64, most: i64 } =>
            "this jump would record {readings} readings: jump in steps of at most {most}, or make \
             records longer first",
        NoTime { text: String } => "{text:?} is no time of the world's clock: choose another",
        NoReport => "choose what the meter reports",
    }

    /// What a meter reports of itself.
    pub enum Told in "meter_event" {
        CoverOpened => "the cover was opened",
        MagneticField => "a magnetic field was found",
        ReversedFlow => "energy flows the wrong way",
        ClockSet => "its clock was set",
        MemoryFault => "its memory failed",
        MeasurementFault => "its measuring failed",
        BatteryLow => "its battery is low",
    }
}
