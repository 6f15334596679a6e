//! One register: which of its steps are believed.

use chrono::{DateTime, TimeDelta, Utc};

use super::{Base, Decision, Decisions, Exchange, Flags, Quarantined, Stepped};
use crate::energy::QUARTER;
use crate::{Field, Kw};

/// What follows from a reading of a register.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Event {
    /// It moved by `delta` between two instants.
    Moved { from: DateTime<Utc>, to: DateTime<Utc>, delta: f64, flag: Flags, weight: Option<f64> },
    /// A reading was left out.
    Glitch(DateTime<Utc>),
    /// A step was too large to be true.
    TooLarge(Quarantined),
    /// The register went with its meter, and where it and the new one stood nobody said.
    Replaced(DateTime<Utc>),
}

/// What a register may do.
#[derive(Debug, Clone, Copy)]
pub(super) struct Limits<'a> {
    pub(super) field: Field,
    pub(super) net: bool,
    pub(super) step: f64,
    pub(super) modulus: Option<f64>,
    pub(super) rated: Option<Kw>,
    /// The highest power that was sampled, kW; 0 of registers that do not count energy.
    pub(super) highest_kw: f64,
    pub(super) exchanges: &'a [Exchange],
    pub(super) decisions: &'a Decisions,
}

/// Falls up to this share of a register may be noise.
const NOISE_SHARE: f64 = 1e-3;
/// How far above its rated power, or the highest that was sampled, a meter may run.
const HEADROOM: f64 = 1.25;
/// How far above the highest rate that a register has shown it may go on after a fall.
const SHOWN_HEADROOM: f64 = 5.0;
/// The largest share of its modulus that a register may move by when it wraps, without a rated power.
const WRAPPED_SHARE: f64 = 0.1;
/// A register that falls by less than this share stands where it was a while ago.
const STEP_BACK_SHARE: f64 = 0.1;

impl Limits<'_> {
    /// Takes the next reading; `weight` is what the base begins with when it moves there.
    pub(super) fn read(
        &self,
        base: &mut Base,
        (at, value): (DateTime<Utc>, f64),
        weight: Option<f64>,
        events: &mut Vec<Event>,
    ) {
        for exchange in self.exchanges.iter().filter(|exchange| exchange.at <= at) {
            let speaks = exchange.tells_of(self.field);
            if speaks && exchange.at > base.at {
                self.settle_doubt(base, exchange.old_final_kwh, exchange.at, events);
                self.exchanged(base, exchange, events);
            } else if !speaks && (base.at..=at).contains(&exchange.at) {
                self.replaced(base, exchange.at, (at, value), weight, events);
            }
        }
        // Where a meter is exchanged, the exchange says where both registers stood.
        if base.at >= at {
            return;
        }
        self.settle_doubt(base, value, at, events);
        self.step(base, (at, value), weight, events);
    }

    /// What a register rose by from its last reading to this one, whatever is believed of either: how
    /// finely it counts shows in that. None where the meter was exchanged in between; from where a new
    /// register began it rose as from a reading.
    pub(super) fn risen(&self, base: &Base, (at, value): (DateTime<Utc>, f64)) -> Option<f64> {
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

    /// Where the register of a meter stood that was put in at an instant.
    pub(super) fn begun(&self, at: DateTime<Utc>) -> Option<f64> {
        let put_in = |exchange: &&Exchange| exchange.at == at && exchange.tells_of(self.field);
        let put_in = self.exchanges.iter().rfind(put_in);
        put_in.map(|exchange| exchange.new_initial_kwh)
    }

    /// Decides on a doubted reading by the one after it.
    fn settle_doubt(
        &self,
        base: &mut Base,
        next: f64,
        next_at: DateTime<Utc>,
        events: &mut Vec<Event>,
    ) {
        let Some((at, value)) = base.doubted.take() else { return };
        let back = next - base.value;
        let plausible = self.plausible(next_at - base.at);
        let fits = back.abs() <= plausible;
        let not_below = back >= 0.0 || self.is_noise(base, -back);
        let wraps = next < base.value && self.wrapped(base, next, next_at - base.at).is_some();
        let could_flow = next - value <= self.after_fall(base, next_at - at);
        // A net register goes either way: one that was rejected is taken back by what is nearer to the
        // figure before.
        let is_nearer = back.abs() < (next - value).abs();
        let taken_back = match (self.net, value < base.value) {
            (true, _) => {
                fits && (is_nearer || !self.is_rejected(base, (at, value), value - base.value))
            }
            (false, true) => {
                (not_below && fits && !could_flow)
                    || (wraps && !self.may_fall_to(base, (at, value)))
            }
            (false, false) => wraps || (next < value && not_below && fits),
        };
        if taken_back {
            events.push(Event::Glitch(at));
        } else {
            self.stands(base, (at, value), events);
        }
    }

    /// What was doubted and is not taken back.
    fn stands(&self, base: &mut Base, (at, value): (DateTime<Utc>, f64), events: &mut Vec<Event>) {
        if value < base.value && !self.net {
            self.fell(base, (at, value), events);
        } else {
            self.too_large(base, (at, value), value - base.value, None, events);
        }
    }

    fn step(
        &self,
        base: &mut Base,
        (at, value): (DateTime<Utc>, f64),
        weight: Option<f64>,
        events: &mut Vec<Event>,
    ) {
        let delta = value - base.value;
        if delta < 0.0 && !self.net {
            if self.is_noise(base, -delta) {
                let kept = base.value;
                moved(base, (at, value), 0.0, Flags::NOISE, weight, events);
                *base = Base { value: kept, read: Some(value), ..*base };
            } else {
                base.doubted = Some((at, value));
            }
        } else {
            let decided = self.decided(base, (at, value), delta);
            let most = self.plausible(at - base.at).min(self.below_modulus(base, value));
            if delta.abs() <= most && decided != Some(Decision::Reject) {
                moved(base, (at, value), delta, Flags::default(), weight, events);
            } else if decided == Some(Decision::Accept) {
                self.too_large(base, (at, value), delta, weight, events);
            } else {
                base.doubted = Some((at, value));
            }
        }
    }

    /// A fall that stands: the register wrapped, or was set back.
    fn fell(&self, base: &mut Base, (at, value): (DateTime<Utc>, f64), events: &mut Vec<Event>) {
        if self.is_rejected(base, (at, value), value) {
            self.too_large(base, (at, value), value, None, events);
        } else if let Some(delta) = self.wrapped(base, value, at - base.at) {
            moved(base, (at, value), delta, Flags::ROLLOVER, None, events);
        } else if self.begins_anew(base, (at, value)) {
            moved(base, (at, value), value, Flags::RESET, None, events);
        } else {
            self.too_large(base, (at, value), value, None, events);
        }
    }

    /// The new meter begins where it was entered; the old one's last figure must be as plausible as a
    /// reading.
    fn exchanged(&self, base: &mut Base, exchange: &Exchange, events: &mut Vec<Event>) {
        let delta = exchange.old_final_kwh - base.value;
        let end = (exchange.at, exchange.new_initial_kwh);
        let forward = delta >= 0.0 || self.net;
        let is_plausible = delta.abs() <= self.plausible(exchange.at - base.at);
        if forward && is_plausible && !self.is_rejected(base, end, delta) {
            moved(base, end, delta, Flags::EXCHANGE, None, events);
        } else {
            self.too_large(base, end, delta, None, events);
        }
    }

    /// An exchange that tells of another column: this one begins anew with the new meter, too, and what
    /// it counted between the readings around it is not known.
    fn replaced(
        &self,
        base: &mut Base,
        exchanged: DateTime<Utc>,
        (at, value): (DateTime<Utc>, f64),
        weight: Option<f64>,
        events: &mut Vec<Event>,
    ) {
        if let Some(doubted) = base.doubted.take() {
            self.stands(base, doubted, events);
        }
        events.push(Event::Replaced(exchanged));
        *base = Base { at, value, read: None, doubted: None, weight, ..*base };
    }

    fn too_large(
        &self,
        base: &mut Base,
        (at, value): (DateTime<Utc>, f64),
        delta: f64,
        weight: Option<f64>,
        events: &mut Vec<Event>,
    ) {
        let decision = self.decided(base, (at, value), delta);
        events.push(Event::TooLarge(Quarantined {
            at,
            field: self.field,
            previous_at: base.at,
            previous: base.value,
            value,
            delta,
            plausible: if value < base.value && !self.net {
                self.after_fall(base, at - base.at)
            } else {
                self.plausible(at - base.at).min(self.below_modulus(base, value))
            },
            decision,
        }));
        if decision == Some(Decision::Accept) {
            let shown = base.shown;
            // An old meter that is said to have ended below what it had shown returned nothing by that.
            let counted = if self.net { delta } else { delta.max(0.0) };
            moved(base, (at, value), counted, Flags::default(), weight, events);
            base.shown = shown;
        } else {
            *base = Base { at, value, read: None, doubted: None, weight, ..*base };
        }
    }

    fn decided(
        &self,
        base: &Base,
        (at, value): (DateTime<Utc>, f64),
        delta: f64,
    ) -> Option<Decision> {
        let step = Stepped { previous: base.value, value, delta };
        self.decisions.about(at, self.field, &step)
    }

    fn is_rejected(&self, base: &Base, read: (DateTime<Utc>, f64), delta: f64) -> bool {
        self.decided(base, read, delta) == Some(Decision::Reject)
    }

    /// The largest rise to a figure that a register which wraps can show: one that showed more already
    /// has another modulus than was stated, and that was told when it first did.
    fn below_modulus(&self, base: &Base, value: f64) -> f64 {
        let passed = self.modulus.filter(|modulus| base.value < *modulus && value >= *modulus);
        passed.map_or(f64::INFINITY, |modulus| modulus - base.value)
    }

    /// The step of a register that passed its largest figure, where that is plausible.
    fn wrapped(&self, base: &Base, value: f64, elapsed: TimeDelta) -> Option<f64> {
        let modulus = self.modulus?;
        let delta = value + modulus - base.value;
        let share = if self.rated.is_some() { f64::INFINITY } else { modulus * WRAPPED_SHARE };
        // One that has shown nothing yet is held to its modulus alone.
        let most = if self.has_shown(base) { self.after_fall(base, elapsed) } else { share };
        (0.0..=most.min(share)).contains(&delta).then_some(delta)
    }

    /// Whether a register that fell may have begun again at zero. One that fell by little may not: a
    /// device that restored what it had last saved stands there.
    fn begins_anew(&self, base: &Base, (at, value): (DateTime<Utc>, f64)) -> bool {
        let is_step_back = base.value - value < STEP_BACK_SHARE * base.value;
        !is_step_back && (0.0..=self.after_fall(base, at - base.at)).contains(&value)
    }

    fn may_fall_to(&self, base: &Base, (at, value): (DateTime<Utc>, f64)) -> bool {
        self.wrapped(base, value, at - base.at).is_some() || self.begins_anew(base, (at, value))
    }

    fn is_noise(&self, base: &Base, fall: f64) -> bool {
        fall <= 2.0 * self.step && fall <= base.value.abs() * NOISE_SHARE
    }

    /// The largest rise that can be true.
    fn plausible(&self, elapsed: TimeDelta) -> f64 {
        plausible_rise(self.rated, self.step, elapsed)
    }

    fn has_shown(&self, base: &Base) -> bool {
        self.rated.is_some() || base.shown > 0.0 || self.highest_kw > 0.0
    }

    /// The most that can have passed after a fall: as for a rise, but without a rated power 5 × the
    /// highest rate that the register has shown, or 1.25 × the highest power that was sampled.
    fn after_fall(&self, base: &Base, elapsed: TimeDelta) -> f64 {
        if self.rated.is_some() {
            return self.plausible(elapsed);
        }
        let rate = (SHOWN_HEADROOM * base.shown).max(HEADROOM * self.highest_kw);
        rate * hours(elapsed) + 2.0 * self.step
    }
}

/// The largest rise of a register that can be true, in kWh: 1.25 × rated power over the time, at least a
/// quarter-hour, and two steps of the register. Without a rated power any can.
pub(crate) fn plausible_rise(rated: Option<Kw>, step_kwh: f64, elapsed: TimeDelta) -> f64 {
    rated.map_or(f64::INFINITY, |rated| HEADROOM * rated.0 * hours(elapsed) + 2.0 * step_kwh)
}

/// Hours of a time, at least a quarter-hour's: over less, the step of a register says too much.
fn hours(elapsed: TimeDelta) -> f64 {
    elapsed.max(QUARTER).as_seconds_f64() / 3600.0
}

/// Believes a reading: the register moved there.
fn moved(
    base: &mut Base,
    (to, value): (DateTime<Utc>, f64),
    delta: f64,
    flag: Flags,
    weight: Option<f64>,
    events: &mut Vec<Event>,
) {
    events.push(Event::Moved { from: base.at, to, delta, flag, weight: base.weight });
    let is_ordinary = flag == Flags::default();
    let rate = if is_ordinary { delta / hours(to - base.at) } else { 0.0 };
    let shown = base.shown.max(rate);
    *base = Base { at: to, value, read: None, doubted: None, weight, shown, ..*base };
}
