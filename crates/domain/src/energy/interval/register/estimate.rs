//! Values that somebody estimated: they count until the next actual one, which gives back what was too much.

use chrono::{DateTime, TimeDelta, Utc};

use super::super::Flags;
use super::super::track::{Base, Estimates, Point, Rival, Track};
use super::limit::Fit;
use super::{Event, Limits};

impl Limits<'_> {
    /// Takes an estimated value: it moves no track, widens no limit and is never asked about. `scale` tells how much
    /// of the rises after an actual reading counts, where a later one has shown it.
    pub(crate) fn estimate(
        &self,
        base: &mut Base,
        read: Point,
        scale: impl Fn(DateTime<Utc>) -> Option<f64>,
        events: &mut Vec<Event>,
    ) {
        for exchange in self.exchanges.iter().filter(|exchange| exchange.at <= read.0) {
            if exchange.tells_of(self.field) && exchange.at > base.track.at {
                let since = base.track.point();
                self.exchanged(base, exchange, events);
                self.settle(base, since, events);
            }
        }
        let knows = |rival: &Rival| rival.waits && read.1 >= rival.track.value;
        if base.rival.as_ref().is_some_and(|rival| knows(rival)) {
            self.confirm(base, events);
        }
        if base.rival.is_some() || base.asked.is_some() || read.0 <= base.track.at {
            return;
        }
        let since = base.track.point();
        let begun = || Estimates::new(since, scale(since.0).unwrap_or(1.0));
        let estimates = base.estimates.unwrap_or_else(begun);
        let (from, before) = estimates.last;
        let rise = read.1 - before;
        // One that is not above another, or by more than could flow, says nothing of the time between them.
        let could_flow = self.fit(base, &Track::new(estimates.last), read) != Fit::Off;
        if could_flow && (rise > 0.0 || (self.net && rise < 0.0)) {
            let (delta, flag) = (rise * estimates.scale, Flags::GAP);
            events.push(Event::Moved { from, to: read.0, delta, flag, weight: None });
            let rises = estimates.rises + rise;
            base.estimates = Some(Estimates { last: read, rises, ..estimates });
        }
    }

    /// Believes a rise that waits: the estimate is above it, and was made by somebody who knew of it.
    fn confirm(&self, base: &mut Base, events: &mut Vec<Event>) {
        let Some(rival) = base.rival.take() else { return };
        let since = base.track.point();
        rival.points.iter().for_each(|point| self.move_to(base, *point, None, events));
        self.settle(base, since, events);
    }

    /// Of what a register moved by since an actual reading, counts what the estimates left.
    pub(crate) fn settle(&self, base: &mut Base, actual: Point, events: &mut Vec<Event>) {
        let Some(estimates) = base.estimates.take() else { return };
        let is_since =
            |event: &&mut Event| matches!(event, Event::Moved { from, .. } if *from == actual.0);
        // A step that is asked about counts nothing.
        let Some(Event::Moved { from, to, delta, flag, weight }) = events.iter_mut().find(is_since)
        else {
            return;
        };
        let (before, moved) = (*to, *delta);
        (*from, *weight) = (estimates.last.0, None);
        // A register that began anew moved by this since; before that by its estimates.
        let is_reset = flag.has(Flags::RESET);
        *flag = flag.with(Flags::GAP);
        if is_reset {
            return;
        }
        *delta = moved - estimates.rises * estimates.scale;
        let scale = self.scale(base, actual, &estimates, (before, moved));
        if (scale - estimates.scale).abs() > 1e-9 * scale {
            events.push(Event::Rescaled { after: actual.0, before, scale });
        }
    }

    /// How much of the estimates' rises counts, where the register moved so much until an instant. Where they left
    /// less than nothing, or more than could flow, they are shares of it.
    fn scale(&self, base: &Base, actual: Point, estimates: &Estimates, (to, moved): Point) -> f64 {
        let Estimates { last, rises, .. } = *estimates;
        let estimated = Track::new((last.0, actual.1 + rises));
        let could_flow = self.fit(base, &estimated, (to, actual.1 + moved)) != Fit::Off;
        if self.net || rises <= 0.0 || (moved >= rises && could_flow) {
            return 1.0;
        }
        let hours = |from: DateTime<Utc>, to| TimeDelta::as_seconds_f64(to - from);
        // The time after the last estimate has what they rose by on the average.
        moved / rises * hours(actual.0, last.0) / hours(actual.0, to)
    }
}
