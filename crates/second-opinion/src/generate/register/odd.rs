//! Faults of a register that pass, and changes of it that stay.

use rand::Rng as _;
use rand::rngs::StdRng;
use rand::seq::IndexedRandom as _;

use super::{CALM, Counter, Due, whole};
use crate::generate::{Kind, Range};

/// Figures that a register shows in place of its value.
#[derive(Debug, Clone, Copy)]
pub(super) enum Shows {
    Fixed(i64),
    /// Its value and so much more.
    Offset(i64),
}

impl Shows {
    pub(super) fn figure(self, counter: &Counter<'_>) -> i64 {
        match self {
            Self::Fixed(figure) => figure,
            Self::Offset(more) => counter.value + more,
        }
    }
}

impl Kind {
    fn is_exchange(self) -> bool {
        [Self::Exchange, Self::ExchangeAtReading].contains(&self)
    }

    /// It is over after a while, and the register goes on as if nothing had been.
    fn is_passing(self) -> bool {
        use Kind::{Absurd, ErrorCode, MinusOne, Noise, Offset, Slip, Stale, Zero};
        [Absurd, ErrorCode, MinusOne, Noise, Offset, Slip, Stale, Zero].contains(&self)
    }

    fn may_happen_to(self, counter: &Counter<'_>) -> bool {
        let meter = counter.meter;
        if self.is_exchange() {
            return meter.modulus_kwh.is_none() && counter.every == 1;
        }
        let lasts = [Self::Reset, Self::Jump, Self::StepBack, Self::Swap, Self::NewLoad];
        let is_plain = meter.modulus_kwh.is_none() && !meter.net && counter.every == 1;
        let is_blind = (meter.net || counter.every > 1)
            && [Self::Noise, Self::Slip, Self::Stale].contains(&self);
        !meter.both && if lasts.contains(&self) { is_plain } else { self.is_passing() && !is_blind }
    }
}

impl Counter<'_> {
    /// Something that happens to the register; none where it would be a matter of taste. What passes has
    /// passed when `room` readings are left.
    pub(super) fn special(
        &mut self,
        random: &mut StdRng,
        range: &Range,
        due: &Due,
        room: usize,
    ) -> Option<i64> {
        let kinds = range.kinds.iter().filter(|kind| kind.may_happen_to(self));
        let kinds: Vec<Kind> = kinds.copied().collect();
        let &kind = kinds.choose(random)?;
        let is_undecided = room == due.left;
        if kind.is_passing() && kind != Kind::Noise {
            let shows = self.shows(random, kind, due);
            let most = match (kind, shows) {
                (Kind::Slip, _) => 1,
                // A second one would make it go on from there.
                (_, Some(Shows::Fixed(figure))) if Some(figure) == self.before => 1,
                (Kind::Absurd | Kind::Stale, _) => 2,
                _ => 36,
            };
            let count = match random.random_range(0..3) {
                0 => 1,
                1 => random.random_range(1..6),
                _ => random.random_range(1..37),
            };
            let count = if is_undecided { room + 1 } else { count.min(most).min(room) };
            let is_believed = count > most || (is_undecided && kind == Kind::Slip);
            let shows = shows.filter(|_| count > 0 && !is_believed)?;
            if matches!(kind, Kind::Absurd | Kind::Offset) {
                self.left.push(shows.figure(self));
            }
            self.shows = Some((shows, count - 1));
            self.go_on(random, due);
            return Some(shows.figure(self));
        }
        if is_undecided || due.left < CALM {
            return None;
        }
        // A kWh that counts for less than nothing is no noise.
        let last = self.value;
        match kind {
            Kind::Exchange | Kind::ExchangeAtReading => {
                return Some(self.exchange(random, kind == Kind::ExchangeAtReading, due));
            }
            Kind::Noise if self.value > 4_000 => return Some(self.value - 1),
            Kind::Reset if self.value > self.flows(2) => {
                self.value = random.random_range(0..=due.rise / 2);
                self.counted += self.value;
            }
            Kind::Jump => self.value += self.flows(30) * random.random_range(1..9),
            Kind::StepBack if self.value > 12 * self.flows(2) => {
                let most = self.value / self.flows(2);
                self.value -= self.value / random.random_range(12..=most.min(40));
            }
            Kind::Swap if self.value > 4 * self.flows(30) => {
                self.value = self.flows(30) * random.random_range(1..3);
            }
            // The model has no samples of power that wait for others like them.
            Kind::NewLoad
                if self.most * self.step * 3600.0 < 2.0
                    && due.left > 3 * CALM
                    && !self.is_sampled =>
            {
                self.load = random.random_range(CALM..2 * CALM);
                let rise = self.rise(random, due.elapsed());
                self.drawn = self.power(&Due { rise, ..*due });
                self.value += rise;
                self.counted += rise;
                self.shown.push(self.value);
                return Some(self.value);
            }
            _ => return None,
        }
        if self.is_near_one_that_was_left(self.value) || self.value == last {
            self.counted -= if kind == Kind::Reset { self.value } else { 0 };
            self.value = last;
            return None;
        }
        self.left.push(last);
        self.before.get_or_insert(last);
        if kind != Kind::Reset {
            self.run.odd.push(due.at);
        }
        self.shown = vec![self.value];
        Some(self.value)
    }

    /// The figures of a fault: so far away that it could not have come there within a day, nor from there.
    fn shows(&self, random: &mut StdRng, kind: Kind, due: &Due) -> Option<Shows> {
        let kwh = |kwh: f64| whole(kwh / self.step);
        let far = self.flows(30) * random.random_range(1..30);
        let shows = match kind {
            Kind::Zero => Shows::Fixed(0),
            Kind::MinusOne => Shows::Fixed(-kwh(1.0)),
            Kind::ErrorCode => Shows::Fixed(kwh(f64::from(1 << 24))),
            Kind::Absurd => Shows::Fixed(self.value + far + random.random_range(0..100)),
            Kind::Offset if random.random_bool(0.5) => Shows::Offset(far),
            Kind::Offset => Shows::Offset(-far),
            // Within what can flow: mostly more than it will have risen by at the next reading.
            Kind::Slip => {
                let most = whole(self.most * 1.2 * super::steps(due.elapsed()));
                (most > 4).then_some(Shows::Fixed(self.value + most))?
            }
            Kind::Stale if random.random_bool(0.5) => {
                let is_far = |before: &i64| (before - self.value).abs() > self.flows(2);
                return self.before.filter(is_far).map(Shows::Fixed);
            }
            _ => {
                let place = self.shown.len().checked_sub(CALM)?;
                let older = self.shown[place];
                // Those far below that rise are another register.
                let is_older = self.value - older > 8 && older * 10 > self.value * 9;
                is_older.then_some(Shows::Fixed(older))?
            }
        };
        let figure = shows.figure(self);
        let is_far = (figure - self.value).abs() >= self.flows(30);
        let is_low = figure < self.value && !self.meter.net && !matches!(shows, Shows::Offset(_));
        let is_right = match kind {
            // On a small register it might go on from another low figure of before.
            Kind::Stale => self.value > self.flows(30),
            Kind::Slip => return (self.value > self.flows(2)).then_some(shows),
            Kind::Zero => is_far || (is_low && self.value > self.flows(2)),
            _ => (is_far || is_low) && (figure >= 0 || kind == Kind::MinusOne),
        };
        (is_right && !self.is_near_one_that_was_left(figure)).then_some(shows)
    }

    /// Steps that may flow in some hours, by whatever is taken for possible at any time.
    fn flows(&self, hours: i64) -> i64 {
        whole(800.0 / self.step) * hours
    }

    /// A register that comes back to where it was left goes on from there.
    fn is_near_one_that_was_left(&self, figure: i64) -> bool {
        let near = |left: &i64| (left - self.flows(4)..=left + self.flows(30)).contains(&figure);
        figure > 0 && self.left.iter().any(near)
    }
}
