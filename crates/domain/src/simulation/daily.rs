//! The shape of a day: which share of the time an appliance runs, and when it does.

use chrono::{DateTime, Datelike as _, DurationRound as _, TimeDelta, Utc, Weekday};

use super::appliance::Use;
use super::chance::{self, Purpose};
use super::sun::Place;
use crate::MeterId;

/// An appliance is on or off for this long.
pub const SLOT: TimeDelta = TimeDelta::minutes(5);

/// Where and when something runs.
#[derive(Debug, Clone, Copy)]
pub struct Moment {
    /// Hour of the day by the sun, 0 to 24.
    hour: f64,
    /// 1 at the height of summer, -1 in the depth of winter.
    warmth: f64,
    weekend: bool,
    slot: DateTime<Utc>,
}

impl Moment {
    /// The moment of an instant at a place: the begin of its slot.
    pub fn new(place: Place, at: DateTime<Utc>) -> Self {
        let slot = at.duration_trunc(SLOT).unwrap_or(at);
        let (hour, local) = place.solar_time(slot);
        // Warmest about the end of July, as many days after the solstice as is usual.
        let year = std::f64::consts::TAU * (f64::from(local.ordinal()) - 205.0) / 365.25;
        let weekend = matches!(local.weekday(), Weekday::Sat | Weekday::Sun);
        let warmth = year.cos() * place.latitude.signum();
        Self { hour, warmth, weekend, slot }
    }

    /// Begin of its slot.
    pub const fn slot(self) -> DateTime<Utc> {
        self.slot
    }
}

/// A hump of the day, 0 to 1, centred on an hour.
fn around(hour: f64, centre: f64, width: f64) -> f64 {
    let apart = (hour - centre).rem_euclid(24.0);
    let apart = apart.min(24.0 - apart);
    (-(apart / width).powi(2)).exp()
}

/// The share of the time in which an appliance runs about this moment, 0 to 1.
fn share(use_: Use, moment: Moment) -> f64 {
    let hour = moment.hour;
    let awake = 0.15 + 0.5 * around(hour, 8.0, 1.5) + 0.85 * around(hour, 20.0, 3.0);
    let share = match use_ {
        Use::Cycling => 0.4 + 0.05 * moment.warmth,
        Use::Home if moment.weekend => awake + 0.3 * around(hour, 13.0, 4.0),
        Use::Home => awake,
        Use::Light => 0.03 + 0.6 * around(hour, 6.5, 1.0) + 0.95 * around(hour, 20.5, 2.5),
        Use::Meals => {
            0.12 * around(hour, 7.5, 0.8)
                + 0.12 * around(hour, 12.5, 0.8)
                + 0.3 * around(hour, 18.5, 1.2)
        }
        Use::Mornings => 0.25 * around(hour, 6.8, 0.9) + 0.12 * around(hour, 21.0, 1.0),
        Use::Chores => (if moment.weekend { 0.16 } else { 0.06 }) * around(hour, 11.0, 4.0),
        Use::Cooling => (0.25 + 0.55 * moment.warmth) * around(hour, 16.5, 4.0),
        Use::Heating => {
            (0.2 - 0.45 * moment.warmth) * (around(hour, 6.5, 2.0) + around(hour, 20.5, 3.0))
        }
        Use::Office if moment.weekend => 0.12,
        Use::Office => 0.12 + 0.8 * around(hour, 12.5, 4.0),
        Use::Night => 0.75 * around(hour, 1.0, 2.5),
        Use::Many => 0.3 + 0.25 * around(hour, 7.5, 1.8) + 0.45 * around(hour, 20.0, 2.8),
        Use::Sun => 1.0,
    };
    share.clamp(0.0, 1.0)
}

/// What of an appliance's power is drawn at a moment: single ones are on or off, the many of an
/// office or a block of flats are on in their share.
pub fn drawn(use_: Use, moment: Moment, seed: u64, meter: MeterId, place: u64) -> f64 {
    let share = share(use_, moment);
    let chance = chance::unit(seed, meter, moment.slot, Purpose::Runs(place));
    match use_ {
        Use::Office | Use::Many => share * (0.9 + 0.2 * chance),
        _ if chance < share => 1.0,
        _ => 0.0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLACE: Place = Place { latitude: 37.7749, longitude: -122.4194 };

    /// Mean over the hours of a month, by the clock of San Francisco.
    fn mean(use_: Use, month: &str, hours: std::ops::Range<i64>) -> f64 {
        let start: DateTime<Utc> = format!("{month}-01T08:00:00Z").parse().unwrap();
        let slots = (0..28 * 288)
            .map(|i| start + SLOT * i)
            .filter(|at| hours.contains(&((*at - start).num_hours() % 24)));
        let values: Vec<f64> =
            slots.map(|at| drawn(use_, Moment::new(PLACE, at), 1, MeterId(1), 0)).collect();
        values.iter().sum::<f64>() / values.len() as f64
    }

    #[test]
    fn days_have_the_shape_that_people_give_them() {
        assert!(mean(Use::Home, "2025-06", 19..22) > 3.0 * mean(Use::Home, "2025-06", 2..5));
        assert!(mean(Use::Office, "2025-06", 11..14) > 3.0 * mean(Use::Office, "2025-06", 0..4));
        assert!(
            mean(Use::Cooling, "2025-07", 14..19) > 3.0 * mean(Use::Cooling, "2025-01", 14..19)
        );
        assert!(mean(Use::Heating, "2025-01", 0..24) > 3.0 * mean(Use::Heating, "2025-07", 0..24));
        let fridge = mean(Use::Cycling, "2025-04", 0..24);
        assert!((0.3..0.5).contains(&fridge), "{fridge}");
    }
}
