//! What of an address cannot be shown, and what to do about it. The rest is shown all the same.

use chrono::NaiveDate;
use thiserror::Error;

use super::{Channel, MOST};

/// Something that was asked for and is not shown.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Trouble {
    /// No meter and channel.
    #[error(
        "\u{201c}{0}\u{201d} names no series: write a meter, a dot and a channel, such as 7.power"
    )]
    Unreadable(String),
    /// A word that is no channel.
    #[error(
        "\u{201c}{word}\u{201d}, asked of meter {meter}, is no channel: choose one of {}",
        words()
    )]
    NoChannel {
        /// The meter, as asked for.
        meter: String,
        /// The word.
        word: String,
    },
    /// There is no such meter on the site.
    #[error(
        "there is no meter {0} on this site: it may have been taken away, or be on another site"
    )]
    NoMeter(String),
    /// The meter never gave a value of this channel.
    #[error("{meter} gives no {}: choose another of its channels", channel.word())]
    Lacks {
        /// The meter's name.
        meter: String,
        /// The channel.
        channel: Channel,
    },
    /// A third unit.
    #[error("{meter} {} is in {unit}, and both axes are taken: remove another series, or open it alone", channel.word())]
    NoAxis {
        /// The meter's name.
        meter: String,
        /// What stands for the series in an address.
        series: String,
        /// The channel.
        channel: Channel,
        /// Its unit.
        unit: &'static str,
    },
    /// More series than a chart can show.
    #[error("a chart shows {MOST} series at most: {0} more are left out")]
    Surplus(usize),
    /// The same series once more.
    #[error("{0} is chosen twice and drawn once")]
    Twice(String),
    /// Too many readings to look through.
    #[error("{meter} {} has too many readings for this period: choose {days} days or less", channel.word())]
    Long {
        /// The meter's name.
        meter: String,
        /// The channel.
        channel: Channel,
        /// What could be shown.
        days: i64,
    },
    /// Its readings are not kept for so long.
    #[error("readings of {meter} are kept from {since} on, and {} is not kept otherwise: choose a later period", channel.word())]
    Dropped {
        /// The meter's name.
        meter: String,
        /// The channel.
        channel: Channel,
        /// The first day with readings.
        since: NaiveDate,
    },
    /// The period cannot be meant; today is shown.
    #[error("{0} Today is shown instead.")]
    Period(String),
    /// The zoom cannot be meant; the whole period is shown.
    #[error("the zoom is no stretch of this period: give two instants of it, joined by _")]
    Zoom,
}

fn words() -> String {
    Channel::ALL.iter().map(|(word, _)| *word).collect::<Vec<_>>().join(", ")
}
