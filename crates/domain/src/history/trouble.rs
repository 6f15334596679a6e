//! What of an address cannot be shown, and what to do about it. The rest is shown all the same.

use std::fmt;

use chrono::NaiveDate;

use super::Channel;
use crate::MeterId;
use crate::message::{Message, Param, messages};

messages! {
    /// Something that was asked for and is not shown.
    #[derive(Eq)]
    pub enum Trouble in "history" {
        Unreadable { text: String } =>
            "\u{201c}{text}\u{201d} names no series: write a meter, a dot and a channel, such as 7.power",
        NoChannel { meter: String, word: String, known: String } =>
            "\u{201c}{word}\u{201d}, asked of meter {meter}, is no channel: choose one of {known}",
        NoMeter { meter: String } =>
            "there is no meter {meter} on this site: it may have been taken away, or be on another site",
        Lacks { meter: String, channel: Channel } =>
            "{meter} gives no {channel}: choose another of its channels",
        NoAxis { series: Aside, unit: &'static str } =>
            "{series} is in {unit}, and both axes are taken: remove another series, or open it alone",
        Surplus { most: usize, count: usize } =>
            "a chart shows {most} series at most: {count} more are left out",
        Twice { series: String } => "{series} is chosen twice and drawn once",
        Long { meter: String, channel: Channel, days: i64 } =>
            "{meter} {channel} has too many readings for this period: choose {days} days or less",
        Dropped { meter: String, since: NaiveDate, channel: Channel } =>
            "readings of {meter} are kept from {since} on, and {channel} is not kept otherwise: choose \
             a later period",
        Period { why: Box<Message> } => "{why} Today is shown instead.",
        Zoom => "the zoom is no stretch of this period: give two instants of it, joined by _",
        NothingChosen =>
            "say which series: a meter, a dot and a channel each, joined by _, such as 7.power_9.energy",
    }
}

/// A series that found no axis, and may be opened alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Aside {
    pub id: MeterId,
    /// Its name.
    pub meter: String,
    pub channel: Channel,
}

impl fmt::Display for Aside {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.meter, self.channel)
    }
}

impl From<Aside> for Param {
    fn from(aside: Aside) -> Self {
        Self::Text(aside.to_string())
    }
}

impl fmt::Display for Channel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

impl From<Channel> for Param {
    fn from(channel: Channel) -> Self {
        Self::Text(channel.word().to_owned())
    }
}
