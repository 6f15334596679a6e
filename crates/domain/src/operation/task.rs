//! The tasks that run as long as the program does, beside what people ask for.

use crate::stored::words;
use serde::{Deserialize, Serialize};

/// A task of which there is one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Task {
    /// Looks after the private database.
    Postgres,
    /// Stores readings.
    Writer,
    /// Keeps what is shown live.
    Live,
    /// Sums readings up into quarter-hours, days and losses.
    Rollup,
    /// Takes the stored figures of today into what is shown live.
    Today,
    /// Reads the devices.
    Drivers,
    /// Computes virtual meters.
    Derive,
    /// Raises and clears alarms.
    Alarms,
    /// Tells people of alarms.
    Messages,
    /// Bills whole sites.
    Bills,
    /// Sends reports by mail.
    Reports,
    /// Follows the transformers of the grid.
    Transformers,
    /// Lets the clock of simulated sites go on.
    World,
    /// Drops what is older than a site keeps.
    Retention,
    /// Looks after the room on the disk of the private database.
    Disk,
    /// Sets right what was dated by a clock that was set back since.
    Clock,
}

impl Task {
    /// All of them, the most needed first.
    pub const ALL: [Self; 16] = [
        Self::Postgres,
        Self::Writer,
        Self::Live,
        Self::Rollup,
        Self::Today,
        Self::Drivers,
        Self::Derive,
        Self::Alarms,
        Self::Messages,
        Self::Bills,
        Self::Reports,
        Self::Transformers,
        Self::World,
        Self::Retention,
        Self::Disk,
        Self::Clock,
    ];

    /// Its name in logs, metrics and answers.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Postgres => "postgres",
            Self::Writer => "writer",
            Self::Live => "live",
            Self::Rollup => "rollup",
            Self::Today => "today",
            Self::Drivers => "drivers",
            Self::Derive => "derive",
            Self::Alarms => "alarms",
            Self::Messages => "messages",
            Self::Bills => "bills",
            Self::Reports => "reports",
            Self::Transformers => "transformers",
            Self::World => "world",
            Self::Retention => "retention",
            Self::Disk => "disk",
            Self::Clock => "clock",
        }
    }

    /// Whether the program cannot do what it is for without it.
    pub const fn is_vital(self) -> bool {
        matches!(self, Self::Postgres | Self::Writer | Self::Live | Self::Rollup)
    }
}

words!(
    /// What is computed in parts, of which one that fails again and again is left out.
    Work {
        /// A quarter-hour of a meter.
        Energy = "energy",
        /// The balance of a node over an hour.
        Hour = "hour",
        /// The balance of a node over a day.
        Day = "day",
        /// The points of a derived meter.
        Derived = "derived",
        /// The bill of a meter's month.
        Bill = "bill",
        /// The report of a month by mail.
        Report = "report",
    }
);
