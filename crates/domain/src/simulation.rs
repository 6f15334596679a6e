//! The simulated world: what appliances draw and make, hour by hour, and what a meter records of it.
//!
//! A record's energy is base × K × minutes (see [`record`]): the base is the chart of
//! [`appliance`], K the factors of the meter and of the appliance, and production follows the sun
//! ([`sun`]). The profile `daily` adds the shape of a day ([`daily`]). What is random follows from a
//! seed, the meter and the time alone ([`chance`]), so that a record made twice is the same record.

pub mod appliance;
pub mod chance;
pub mod daily;
mod event;
pub mod record;
pub mod refusal;
mod resource;
pub mod sun;
pub mod view;

use crate::stored::words;

pub use resource::{Resource, SimulatedMeter, Whereabouts};

words!(
    /// What an energy resource does.
    ResourceType {
        /// It only draws.
        Consumer = "consumer",
        /// It draws and makes.
        Prosumer = "prosumer",
    }
);

words!(
    /// Whether a meter records.
    MeterStatus {
        /// It records.
        On = "ON",
        /// It records nothing.
        Off = "OFF",
    }
);

words!(
    /// How a resource's consumption goes over a day.
    Profile {
        /// The same at every hour: base × K, exactly.
        Flat = "flat",
        /// Duty cycles and the shape of a day.
        Daily = "daily",
    }
);

words!(
    /// Which side of a meter a change is about.
    LogType {
        /// What it draws.
        Consumption = "consumption",
        /// What it makes.
        Production = "production",
        /// Both.
        Both = "both",
    }
);

words!(
    /// What a spike is.
    SpikeKind {
        /// A sudden load.
        Load = "load",
        /// A new source, such as a solar farm.
        Source = "source",
    }
);

words!(
    /// What a meter reports of itself.
    EventKind {
        /// Its cover was opened.
        CoverOpened = "cover_opened",
        /// A magnetic field that can disturb its measuring.
        MagneticField = "magnetic_field",
        /// Energy flows the other way than it is connected for.
        ReversedFlow = "reversed_flow",
        /// Its clock was set.
        ClockSet = "clock_set",
        /// Its memory failed.
        MemoryFault = "memory_fault",
        /// Its measuring failed.
        MeasurementFault = "measurement_fault",
        /// Its battery is low.
        BatteryLow = "battery_low",
    }
);

words!(
    /// What such a report is a sign of.
    EventClass {
        /// A fault of the meter.
        Error = "error",
        /// Somebody had a hand in it.
        Tamper = "tamper",
    }
);

words!(
    /// How a meter is, by what it reported.
    MeterHealth {
        /// It reported nothing.
        Good = "good",
        /// It reported an error.
        Error = "error",
        /// It reported that somebody had a hand in it.
        Tampered = "tampered",
    }
);

words!(
    /// Why the world's clock stands still.
    PausedBecause {
        /// Someone paused it.
        Asked = "asked",
        /// Nobody looked for a while; it goes on when someone does.
        Unwatched = "unwatched",
    }
);

/// The largest K.
pub const MOST_LOAD_FACTOR: f64 = 1_000.0;
