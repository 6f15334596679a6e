//! The state of one register: the track that is believed, and those beside it.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

pub(crate) use super::counter::{Point, Track, are_alike, rate};
use super::counter::{SHORTEST, note_among_three};
use super::registers::Register;

/// Readings that left the believed track and fit each other.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Rival {
    /// When it was read first.
    #[serde(rename = "s")]
    pub(super) since: DateTime<Utc>,
    /// Its landing: from here on it goes on as a register does.
    #[serde(rename = "f")]
    pub(super) first: Point,
    #[serde(rename = "k")]
    pub(super) track: Track,
    /// Its readings from where it landed, those between equal ones left out.
    #[serde(rename = "p", default, skip_serializing_if = "Vec::is_empty")]
    pub(super) points: Vec<Point>,
    #[serde(rename = "n")]
    pub(super) readings: u32,
    /// How often it rose.
    #[serde(rename = "r", default, skip_serializing_if = "is_nothing")]
    pub(super) rises: u32,
    /// Rises beyond the limit, one after the other and alike, with the one that led to it.
    #[serde(rename = "b", default, skip_serializing_if = "is_nothing")]
    pub(super) beyond: u32,
    /// The readings of those before where it landed last.
    #[serde(rename = "o", default, skip_serializing_if = "Vec::is_empty")]
    pub(super) led: Vec<Point>,
    /// Whether it is a rise of the believed track that waits for a later reading.
    #[serde(rename = "w", default, skip_serializing_if = "is_nothing")]
    pub(super) waits: bool,
    /// The track that was left and that it is on, where it is on one.
    #[serde(rename = "l", default, skip_serializing_if = "Option::is_none")]
    pub(super) back: Option<DateTime<Utc>>,
    /// How often in succession the register fell, and since when.
    #[serde(rename = "d", default, skip_serializing_if = "Option::is_none")]
    pub(super) falling: Option<(u32, DateTime<Utc>)>,
    /// How often it came again higher after it was dropped, and since when it is known.
    #[serde(rename = "a", default, skip_serializing_if = "Option::is_none")]
    pub(super) again: Option<(u32, DateTime<Utc>)>,
}

impl Rival {
    pub(super) fn new(read: Point) -> Self {
        Self {
            since: read.0,
            first: read,
            track: Track::new(read),
            points: vec![read],
            readings: 1,
            rises: 0,
            beyond: 1,
            led: Vec::new(),
            waits: false,
            back: None,
            falling: None,
            again: None,
        }
    }

    /// A reading that is on a track which was left, and goes on there.
    pub(super) fn returning(left: &Track, read: Point) -> Self {
        let mut track = *left;
        track.follow(read);
        Self { track, back: Some(left.at), ..Self::new(read) }
    }

    /// A reading that fits it.
    pub(super) fn grow(&mut self, read: Point) {
        self.readings += 1;
        self.rises += u32::from(read.1 > self.track.value);
        self.track.follow(read);
        let point = self.track.point();
        if let [.., one, two] = self.points.as_mut_slice()
            && one.1.to_bits() == two.1.to_bits()
            && two.1.to_bits() == point.1.to_bits()
        {
            *two = point;
        } else {
            self.points.push(point);
        }
    }

    /// A reading that rose like those before it, by more than the limit: it lands there anew.
    pub(super) fn land(&mut self, read: Point) {
        self.readings += 1;
        self.beyond += 1;
        self.led.append(&mut self.points);
        (self.first, self.track, self.points, self.rises) = (read, Track::new(read), vec![read], 0);
    }

    /// How often it came again higher, beside the believed track, and since when it is known.
    pub(super) fn seen(&self) -> (u32, DateTime<Utc>) {
        self.again.unwrap_or((0, self.since))
    }
}

/// A track that was believed and left.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub(crate) struct Left {
    #[serde(rename = "k")]
    pub(super) track: Track,
    /// Until when a reading may return to it.
    #[serde(rename = "u")]
    pub(super) until: DateTime<Utc>,
    /// Whether it was left by a fall.
    #[serde(rename = "f", default, skip_serializing_if = "is_nothing")]
    fell: bool,
}

/// Values that somebody estimated since the last actual one.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub(crate) struct Estimates {
    /// The last of them that was above the one before.
    #[serde(rename = "l")]
    pub(super) last: Point,
    /// The sum of their rises.
    #[serde(rename = "r")]
    pub(super) rises: f64,
    /// How much of their rises counts.
    #[serde(rename = "s")]
    pub(super) scale: f64,
    /// Whether the register began with one.
    #[serde(rename = "b", default, skip_serializing_if = "is_nothing")]
    pub(super) begun: bool,
}

impl Estimates {
    pub(super) const fn new(last: Point, scale: f64) -> Self {
        Self { last, rises: 0.0, scale, begun: false }
    }
}

/// A question before whose answer nothing counts.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub(crate) struct Asked {
    /// Since when the other register was seen.
    #[serde(rename = "f")]
    pub(super) from: DateTime<Utc>,
    #[serde(rename = "a")]
    pub(super) at: Point,
    #[serde(rename = "p")]
    pub(super) previous: Point,
}

/// Rises beyond the rated power that a person is asked about as one.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub(crate) struct Stretch {
    /// The first reading of it.
    #[serde(rename = "t")]
    pub(super) at: DateTime<Utc>,
    /// The reading before.
    #[serde(rename = "p")]
    pub(super) previous: Point,
    /// The last reading of it.
    #[serde(rename = "l")]
    pub(super) last: DateTime<Utc>,
    #[serde(rename = "d")]
    pub(super) delta: f64,
    /// The rate of its rises, units an hour.
    #[serde(rename = "r")]
    pub(super) rate: f64,
    /// The highest power that a rise of it takes, kW.
    #[serde(rename = "k", default)]
    pub(super) needed: f64,
    /// Whether a person accepted it.
    #[serde(rename = "a", default, skip_serializing_if = "is_nothing")]
    pub(super) counts: bool,
}

/// A register as far as it is known.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Base {
    #[serde(rename = "f")]
    pub field: Register,
    /// The track that is believed.
    #[serde(flatten)]
    pub track: Track,
    /// A reading that was doubted, in what was stored before there were rivals.
    #[serde(rename = "d", default, skip_serializing)]
    doubted: Option<Point>,
    /// Energy by power samples since it was believed last, in this register's direction, kWh; none where
    /// they do not follow each other closely enough to tell.
    #[serde(rename = "w", default, skip_serializing_if = "Option::is_none")]
    pub weight: Option<f64>,
    /// The highest rate, in what was stored before there were three.
    #[serde(rename = "s", default, skip_serializing)]
    shown: f64,
    /// Its three highest rates, units an hour, the highest first.
    #[serde(rename = "h", default, skip_serializing_if = "Vec::is_empty")]
    pub(super) rates: Vec<f64>,
    /// The beginning of the next rate: changes that follow each other closely, on one track, make one.
    #[serde(rename = "m", default, skip_serializing_if = "Option::is_none")]
    rate_from: Option<Point>,
    /// Samples of power since it last changed, up to twenty.
    #[serde(rename = "n", default, skip_serializing_if = "is_nothing")]
    pub(super) samples: u8,
    #[serde(rename = "y", default, skip_serializing_if = "Option::is_none")]
    pub(super) rival: Option<Box<Rival>>,
    /// Tracks that were left, the last one last.
    #[serde(rename = "l", default, skip_serializing_if = "Vec::is_empty")]
    pub(super) left: Vec<Left>,
    /// The last rival that was dropped.
    #[serde(rename = "z", default, skip_serializing_if = "Option::is_none")]
    pub(super) dropped: Option<Box<Rival>>,
    #[serde(rename = "e", default, skip_serializing_if = "Option::is_none")]
    pub(super) stretch: Option<Stretch>,
    /// The question before whose answer nothing of it counts: which of two registers is the meter's.
    #[serde(rename = "x", default, skip_serializing_if = "Option::is_none")]
    pub(super) asked: Option<Asked>,
    #[serde(rename = "g", default, skip_serializing_if = "Option::is_none")]
    pub(super) estimates: Option<Estimates>,
    /// Whether a person has said so.
    #[serde(rename = "u", default, skip_serializing_if = "is_nothing")]
    pub(super) is_told: bool,
    /// Whether it was found to count down.
    #[serde(rename = "o", default, skip_serializing_if = "is_nothing")]
    pub(super) counts_down: bool,
    /// The last reading, where it is on no track.
    #[serde(rename = "i", default, skip_serializing_if = "Option::is_none")]
    apart: Option<Point>,
}

pub(super) fn is_nothing<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

impl Base {
    pub(super) fn new(field: Register, read: Point, weight: Option<f64>) -> Self {
        Self {
            field,
            track: Track::new(read),
            doubted: None,
            weight,
            shown: 0.0,
            rates: Vec::new(),
            rate_from: None,
            samples: 0,
            rival: None,
            left: Vec::new(),
            dropped: None,
            stretch: None,
            asked: None,
            estimates: None,
            is_told: false,
            counts_down: false,
            apart: None,
        }
    }

    /// Reads what was stored before there were rivals.
    pub(super) fn renew(&mut self) {
        if let Some(doubted) = self.doubted.take() {
            self.rival = Some(Box::new(Rival::new(doubted)));
        }
        if self.shown > 0.0 && self.rates.is_empty() {
            self.rates = vec![self.shown; 3];
        }
        self.shown = 0.0;
    }

    /// A register of which nobody has read anything yet.
    pub(super) fn estimated(field: Register, read: Point, scale: Option<f64>) -> Self {
        let begun = Estimates { begun: true, ..Estimates::new(read, scale.unwrap_or(1.0)) };
        Self { estimates: Some(begun), ..Self::new(field, read, None) }
    }

    /// When it was last read or estimated, believed or not.
    pub fn last_read_at(&self) -> DateTime<Utc> {
        let estimated = self.estimates.map(|estimates| estimates.last.0);
        self.last_read().0.max(estimated.unwrap_or(self.track.at))
    }

    /// When it was last read, and the figure that it showed, believed or not.
    pub(super) fn last_read(&self) -> Point {
        let track = self.rival.as_ref().map_or(&self.track, |rival| &rival.track);
        let on_track = (track.at, track.read.unwrap_or(track.value));
        self.apart.filter(|apart| apart.0 > on_track.0).unwrap_or(on_track)
    }

    /// Notes a reading that was judged, so that the next one follows it wherever it is.
    pub(super) fn note_read(&mut self, read: Point) {
        self.apart = None;
        if read.0 != self.track.at {
            self.apart = Some(read).filter(|read| read.0 > self.last_read_at());
        }
    }

    /// Since when its readings are not decided.
    pub(super) fn undecided_since(&self) -> Option<DateTime<Utc>> {
        self.rival.as_ref().map(|rival| rival.since)
    }

    /// A rise that waits while nothing is known of the register, if no load could be called too small for it.
    pub(super) fn waiting(&self) -> Option<Waiting> {
        let rival = self.rival.as_ref().filter(|rival| rival.waits && self.rates.len() < 3)?;
        let (from, before) = self.track.point();
        let (risen_at, value) = rival.first;
        let (to, delta, weight) = (rival.track.at, value - before, self.weight);
        let waiting = Waiting { from, risen_at, to, delta, weight };
        self.could_rise_to(rival.first).then_some(waiting)
    }

    /// Whether a rise is not absurd whatever the meter.
    pub(super) fn could_rise_to(&self, to: Point) -> bool {
        /// Units an hour.
        const MOST: f64 = 100_000.0;
        rate(self.track.point(), to) <= MOST
    }

    /// Whether readings after the believed one are not decided yet.
    pub(crate) fn is_undecided(&self) -> bool {
        self.rival.is_some() && self.asked.is_none()
    }

    /// Whether all that is known of it are estimates, which were too high.
    pub(super) fn begun_above(&self, read: Point) -> bool {
        self.estimates.is_some_and(|estimates| estimates.begun) && read.1 < self.track.value
    }

    /// Whether a later reading may change what it counted.
    pub fn is_provisional(&self) -> bool {
        self.is_undecided() || self.estimates.is_some()
    }

    /// From when on readings bear on it: since it was believed, but for a rival that stands for long and is decided
    /// one day; or since it was estimated.
    pub fn decides_from(&self) -> Option<DateTime<Utc>> {
        const LONG: TimeDelta = TimeDelta::hours(1);
        let is_near = |rival: &Rival| rival.waits || rival.track.at - rival.since <= LONG;
        let decides =
            self.rival.as_ref().is_none_or(|rival| is_near(rival)) && self.asked.is_none();
        let estimated = self.estimates.filter(|_| self.rival.is_none());
        decides.then_some(estimated.map_or(self.track.at, |estimates| estimates.last.0))
    }

    /// Notes the rate of the last changes, once the reading after them did not take the last one back.
    pub(super) fn note_rate(&mut self) {
        let Some(before) = self.track.before() else {
            self.rate_from = None;
            return;
        };
        if self.track.stood() {
            return;
        }
        let begun = self.rate_from.take().filter(|from| before.0 - from.0 < SHORTEST);
        let (from, to) = (begun.unwrap_or(before), self.track.point());
        if to.0 - from.0 < SHORTEST {
            self.rate_from = Some(from);
        } else if rate(from, to) > 0.0 {
            note_among_three(&mut self.rates, rate(from, to));
        }
    }
}

/// A rise that waits for a later reading.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Waiting {
    pub(super) from: DateTime<Utc>,
    pub(super) risen_at: DateTime<Utc>,
    /// Until when it was seen there.
    pub(super) to: DateTime<Utc>,
    pub(super) delta: f64,
    pub(super) weight: Option<f64>,
}

impl Base {
    /// Forgets tracks that no reading may return to: one that the register has passed since it fell from it is no
    /// other track any more.
    pub(super) fn forget_left(&mut self, at: DateTime<Utc>) {
        let back = self.rival.as_ref().and_then(|rival| rival.back);
        let value = self.track.value;
        self.left.retain(|left| {
            let is_near = left.until >= at || back == Some(left.track.at);
            is_near && !(left.fell && value >= left.track.value)
        });
    }

    /// Remembers the track that is left now.
    pub(super) fn leave(&mut self, until: DateTime<Utc>, to: f64) {
        const MOST: usize = 4;
        let fell = to < self.track.value;
        self.left.push(Left { track: self.track, until, fell });
        if self.left.len() > MOST {
            self.left.remove(0);
        }
    }

    /// Notes the rate of a load that was not seen before: three rises were alike.
    pub(super) fn note_load(&mut self, to: Point) {
        let rate = rate(self.track.point(), to);
        (0..3).for_each(|_| note_among_three(&mut self.rates, rate));
    }
}
