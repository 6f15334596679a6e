//! Why energy is not shown or computed as it is asked for.

use chrono::{DateTime, Utc};

use crate::message::messages;

messages! {
    /// Why energy is not shown or computed as it is asked for.
    pub enum EnergyRefusal in "energy" {
        TooManyMeters { most: usize } => "At most {most} meters can be asked for at once.",
        NoShow { show: String } => "The tree shows energy, cost or co2, not {show}.",
        EmptySpan => "the span is empty: to must be later than from",
        Aside { count: u64, meter: String } =>
            "{count} quarter-hours of meter {meter} could not be computed and stand aside: the log says \
             why",
        Dropped { meter: String, until: String } =>
            "the readings of meter {meter} before {until} are dropped, so that its energy there cannot \
             be computed again; begin at that time or later",
        Frozen { at: DateTime<Utc> } =>
            "the readings around {at} are no longer kept, so its energy stays as it is; keep readings \
             longer by the site's retention.rawDays",
    }
}
