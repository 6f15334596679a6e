//! Meters that are exchanged for others.

use chrono::{DateTime, Utc};

use super::super::track::{Base, Point, Rival, Track};
use super::super::{Decision, Exchange, Flags, Question, Stepped};
use super::limit::Fit;
use super::{Event, Limits};

impl Limits<'_> {
    /// The rise of a register from its last reading to this one, whatever is believed of either: how
    /// finely it counts shows in that. None where the meter was exchanged in between; from where a new
    /// register began it rose as from a reading.
    pub(crate) fn risen(&self, base: &Base, (at, value): Point) -> Option<f64> {
        let (mut since, mut from) = base.last_read();
        for exchange in self.exchanges.iter().filter(|exchange| exchange.at <= at) {
            let speaks = exchange.tells_of(self.field);
            if speaks && exchange.at > since {
                (since, from) = (exchange.at, exchange.new_initial_kwh);
            } else if !speaks && exchange.at >= since {
                return None;
            }
        }
        (since < at).then_some(value - from).filter(|rise| *rise > 0.0)
    }

    /// The figure of a register that was put in with its meter at an instant.
    pub(crate) fn begun(&self, at: DateTime<Utc>) -> Option<f64> {
        let put_in = |exchange: &&Exchange| exchange.at == at && exchange.tells_of(self.field);
        let put_in = self.exchanges.iter().rfind(put_in);
        put_in.map(|exchange| exchange.new_initial_kwh)
    }

    /// The new meter begins where it was entered; the old one's last figure must be as plausible as a
    /// reading, and tells which track the old one was on.
    pub(super) fn exchanged(&self, base: &mut Base, exchange: &Exchange, events: &mut Vec<Event>) {
        let last = (exchange.at, exchange.old_final_kwh);
        if let Some(rival) = base.rival.take().map(|rival| *rival) {
            let is_on_base = self.fit(base, &base.track, last) != Fit::Off;
            if rival.waits {
                self.end_wait(base, &rival, events);
            } else if is_on_base || self.fit(base, &rival.track, last) == Fit::Off {
                events.push(Event::Dropped);
            } else {
                self.believe_rival(base, &rival, None, events);
            }
        }
        let begun = (exchange.at, exchange.new_initial_kwh);
        let delta = last.1 - base.track.value;
        let step = Stepped { previous: base.track.value, value: begun.1, delta };
        let decision = self.decisions.about(begun.0, self.field, &step);
        let fits = self.fit(base, &base.track, last) != Fit::Off && (delta >= 0.0 || self.net);
        if fits && decision != Some(Decision::Reject) {
            let (from, flag) = (base.track.at, Flags::EXCHANGE);
            events.push(Event::Moved { from, to: begun.0, delta, flag, weight: base.weight });
            (base.track, base.weight, base.samples) = (Track::new(begun), None, 0);
        } else {
            self.ask(base, Question::Exchange, begun, delta, events);
        }
        (base.dropped, base.stretch) = (None, None);
        base.left.clear();
    }

    /// A rise that waits for a reading that will not come.
    fn end_wait(&self, base: &mut Base, waits: &Rival, events: &mut Vec<Event>) {
        if base.could_rise_to(waits.first) {
            waits.points.iter().for_each(|point| self.move_to(base, *point, None, events));
        } else {
            events.push(Event::Dropped);
        }
    }

    /// An exchange that tells of another column: this one begins anew with the new meter, too, and what
    /// it counted between the readings around it is not known.
    pub(super) fn replaced(
        &self,
        base: &mut Base,
        exchanged: DateTime<Utc>,
        read: Point,
        weight: Option<f64>,
        events: &mut Vec<Event>,
    ) {
        match base.rival.take() {
            Some(rival) if rival.waits => self.end_wait(base, &rival, events),
            Some(_) => events.push(Event::Dropped),
            None => {}
        }
        events.push(Event::Replaced(exchanged));
        (base.track, base.weight, base.samples) = (Track::new(read), weight, 0);
        (base.dropped, base.stretch) = (None, None);
        base.left.clear();
    }
}
