//! Messages of one meter gathered into one reading.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use domain::{MeterId, Quality, Reading, Source, Values};
use tokio::time::Instant;

use super::acks::Ticket;
use super::sums::{Addend, Sums};
use crate::sample::ChannelSample;

/// How long a row waits for the meter's other topics.
pub(super) const GATHER: Duration = Duration::from_millis(500);

/// Rows that arrive at once are told apart by microseconds; what lies further behind the row before it is
/// a clock that was set back.
const SET_BACK: TimeDelta = TimeDelta::minutes(1);

/// What a message adds to a row.
pub(super) struct Part {
    pub(super) topic: String,
    pub(super) sample: ChannelSample,
    pub(super) ticket: Ticket,
    /// It waited at the broker while nobody listened: when it was sent is not known.
    pub(super) belated: bool,
}

/// Messages of one meter gathered into one reading.
pub(super) struct Row {
    values: Values,
    /// Parts of values, which are not added up yet.
    addends: Vec<Addend>,
    at: Option<DateTime<Utc>>,
    arrived: DateTime<Utc>,
    pub(super) closes: Instant,
    topics: Vec<String>,
    tickets: Vec<Ticket>,
    belated: bool,
}

impl Row {
    /// A row begun by a message that arrived now.
    pub(super) fn new(part: Part, arrived: DateTime<Utc>) -> Self {
        let mut row = Self {
            values: Values::default(),
            addends: Vec::new(),
            at: None,
            arrived,
            closes: Instant::now() + GATHER,
            topics: Vec::new(),
            tickets: Vec::new(),
            belated: part.belated,
        };
        row.add(part);
        row
    }

    /// Whether a message belongs to the same instant: its topic and its values are new to the row,
    /// and it does not state another time.
    pub(super) fn accepts(&self, part: &Part) -> bool {
        let repeats = self.topics.contains(&part.topic)
            || part.sample.values.present().any(|(field, _)| self.values.get(field).is_some());
        let elsewhen = matches!((self.at, part.sample.at), (Some(a), Some(b)) if a != b);
        !repeats && !elsewhen && self.belated == part.belated
    }

    /// Takes a message that it accepts.
    pub(super) fn add(&mut self, part: Part) {
        for (field, value) in part.sample.values.present() {
            if part.sample.addends.contains(&field) {
                self.addends.push((field, part.topic.clone(), value));
            } else {
                self.values.set(field, Some(value));
            }
        }
        self.at = self.at.or(part.sample.at);
        self.topics.push(part.topic);
        self.tickets.push(part.ticket);
    }

    /// How many topics it has heard.
    pub(super) fn topics(&self) -> usize {
        self.topics.len()
    }

    /// How many messages wait for it.
    pub(super) fn waiting(&self) -> usize {
        self.tickets.len()
    }

    /// The reading, later than `last` unless the meter itself states the time or the clock was set back, and
    /// the messages it was made of.
    pub(super) fn close(
        mut self,
        meter: MeterId,
        last: &mut DateTime<Utc>,
        sums: &mut Sums,
    ) -> (Reading, Vec<Ticket>) {
        for (field, total) in sums.add(self.addends) {
            self.values.set(field, Some(total));
        }
        let is_undated = self.at.is_none();
        let is_set_back = is_undated && *last - self.arrived > SET_BACK;
        let at = self.at.unwrap_or_else(|| {
            // A microsecond is what storage can tell apart.
            let next = *last + TimeDelta::microseconds(1);
            *last = if is_set_back { self.arrived } else { self.arrived.max(next) };
            *last
        });
        let is_guessed = is_undated && (self.belated || is_set_back);
        let quality = if is_guessed { Quality::Estimated } else { Quality::Good };
        let reading = Reading { meter, at, quality, source: Source::Mqtt, values: self.values };
        (reading, self.tickets)
    }
}

#[cfg(test)]
mod tests {
    use domain::Field;

    use super::*;

    fn part(topic: &str, field: Field, value: f64) -> Part {
        let mut sample = ChannelSample::default();
        sample.put(field, Ok(value));
        Part { topic: topic.to_owned(), sample, ticket: Ticket::default(), belated: false }
    }

    fn time(second: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(second, 0).unwrap()
    }

    #[test]
    fn topics_gather_until_one_repeats() {
        let mut row = Row::new(part("p", Field::ActivePowerKw, 1.0), time(10));
        let voltage = part("v", Field::VoltageL1, 230.0);
        assert!(row.accepts(&voltage));
        row.add(voltage);
        assert!(!row.accepts(&part("p", Field::CurrentL1, 2.0)));
        assert!(!row.accepts(&part("other/p", Field::ActivePowerKw, 2.0)));
        let mut last = time(0);
        let (reading, tickets) = row.close(MeterId(1), &mut last, &mut Sums::default());
        assert_eq!(reading.values.present().count(), 2);
        assert_eq!((reading.at, reading.quality, tickets.len()), (time(10), Quality::Good, 2));
    }

    #[test]
    fn the_meters_own_time_counts_and_another_one_begins_a_row() {
        let dated = |topic: &str, field, second| {
            let mut part = part(topic, field, 1.0);
            part.sample.at = Some(time(second));
            part
        };
        let mut row = Row::new(part("p", Field::ActivePowerKw, 1.0), time(10));
        row.add(dated("v", Field::VoltageL1, 7));
        assert!(!row.accepts(&dated("i", Field::CurrentL1, 8)));
        assert_eq!(row.close(MeterId(1), &mut time(0), &mut Sums::default()).0.at, time(7));
    }

    #[test]
    fn a_clock_that_was_set_back_dates_messages_by_itself_again() {
        let mut last = time(0);
        let mut close = |second| {
            let row = Row::new(part("p", Field::ActivePowerKw, 1.0), time(second));
            let (reading, _) = row.close(MeterId(1), &mut last, &mut Sums::default());
            (reading.at, reading.quality)
        };
        assert_eq!(close(7_200), (time(7_200), Quality::Good));
        // A few seconds are within what a clock is trimmed by.
        let trimmed = time(7_200) + TimeDelta::microseconds(1);
        assert_eq!(close(7_195), (trimmed, Quality::Good));
        assert_eq!(close(3_600), (time(3_600), Quality::Estimated));
        assert_eq!(close(3_605), (time(3_605), Quality::Good));
    }

    #[test]
    fn undated_messages_that_waited_are_estimated_and_stay_in_order() {
        let mut last = time(0);
        let mut times = Vec::new();
        for value in [1.0, 2.0, 3.0] {
            let part = Part { belated: true, ..part("p", Field::ActivePowerKw, value) };
            let (reading, _) =
                Row::new(part, time(10)).close(MeterId(1), &mut last, &mut Sums::default());
            assert_eq!(reading.quality, Quality::Estimated);
            times.push(reading.at);
        }
        assert!(times.is_sorted_by(|a, b| a < b), "{times:?}");
    }
}
