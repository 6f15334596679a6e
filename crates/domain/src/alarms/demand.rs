//! The demand of a meter as of its newest reading.

use chrono::{DateTime, TimeDelta, Utc};

use super::live::Demand;
use crate::Kwh;
use crate::bills::tariff::DemandInterval;
use crate::energy::register_history::RegisterHistory;
use crate::figures::thousandths;

/// Demand is taken of what readings back at least this far, as it is billed.
const COVERAGE: f64 = 0.9;

impl Demand {
    /// The demand at the newest reading, of which `passed` lies in the interval under way: energy so far, and the
    /// present power for the rest. Of an interval that ended since the reading before nothing was known yet: its own
    /// demand counts where it is higher, and alone where the newest reading is its end, as of a logger that reports
    /// each quarter-hour. None where nothing of this is known.
    pub fn of(
        trail: &RegisterHistory,
        interval: DemandInterval,
        passed: TimeDelta,
        power_kw: Option<f64>,
    ) -> Option<Self> {
        let at = trail.last_at()?;
        let start = at - passed;
        let whole = TimeDelta::minutes(interval.minutes().into());
        let ended = trail.read_before().filter(|before| *before < start);
        let ended = ended.and_then(|_| drawn(trail, start - whole, start));
        let ended = ended.map(|drawn| interval.projected_kw(drawn, whole, 0.0));
        let so_far = if passed.is_zero() { Some(Kwh::ZERO) } else { drawn(trail, start, at) };
        let heading = so_far.zip(power_kw);
        let heading = heading.map(|(so_far, kw)| interval.projected_kw(so_far, passed, kw));
        let kw = if passed.is_zero() {
            ended.or(heading)
        } else {
            ended.into_iter().chain(heading).reduce(f64::max)
        };
        Some(Self { projected_kw: thousandths(kw?), minutes: interval.minutes() })
    }
}

fn drawn(trail: &RegisterHistory, from: DateTime<Utc>, to: DateTime<Utc>) -> Option<Kwh> {
    let energy = trail.energy(from, to)?;
    (energy.coverage >= COVERAGE).then_some(energy.import)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::energy::register_history::HistorySample;
    use crate::meters::Meter;
    use crate::meters::hierarchy::tests::meter;

    /// Seconds since ten o'clock, and the register then.
    type Samples<'a> = &'a [(i64, f64)];

    /// The demand after samples of a meter that is read every so many minutes.
    fn demand(samples: Samples<'_>, poll: i64, power_kw: Option<f64>) -> Option<f64> {
        let ten: DateTime<Utc> = "2026-05-05T10:00:00Z".parse().unwrap();
        let grid = Meter { rated_power_kw: Some(10_000.0), ..meter(1, None, 0, "Grid") };
        let mut trail = RegisterHistory::new(&grid, TimeDelta::minutes(poll));
        for (second, total) in samples {
            let sample = HistorySample {
                at: ten + TimeDelta::seconds(*second),
                total_kwh: Some(*total),
                import_kwh: None,
                export_kwh: None,
                power_kw,
                runtime_hours: None,
                is_computed: false,
            };
            trail.push(&sample).unwrap();
        }
        let interval = DemandInterval::Quarter;
        let passed = interval.passed(trail.last_at().unwrap().naive_utc());
        Demand::of(&trail, interval, passed, power_kw).map(|demand| demand.projected_kw)
    }

    #[test]
    fn the_demand_of_an_interval_that_ended_between_two_readings_is_seen() {
        let each_minute: Vec<_> = (0..=20_i32).map(|n| (60 * i64::from(n), f64::from(n))).collect();
        let on_time: Samples<'_> = &[(0, 100.0), (900, 125.0)];
        let after_silence: Samples<'_> = &[(0, 100.0), (3_600, 200.0)];
        // Two minutes after the quarter-hour.
        let late: Samples<'_> = &[(120, 100.0), (1_020, 125.0), (1_920, 150.0)];
        let cases = [
            ("on the quarter-hour", on_time, 15, Some(10.0), 100.0),
            ("of a register alone", on_time, 15, None, 100.0),
            ("of the first reading, its power", &on_time[..1], 15, Some(10.0), 10.0),
            ("after a silence, its power", after_silence, 15, Some(10.0), 10.0),
            ("the beginning of what ended was not read", &late[..2], 15, Some(40.0), 48.0),
            ("ended, and higher than the one under way", late, 15, Some(0.0), 100.0),
            ("ended, and lower than the one under way", late, 15, Some(400.0), 360.0),
            ("within an interval", &each_minute[..], 1, Some(80.0), 73.333),
        ];
        for (case, samples, poll, power_kw, expected) in cases {
            let found = demand(samples, poll, power_kw).unwrap();
            assert!((found - expected).abs() < 1e-6, "{case}: {found}, not {expected}");
        }
        assert_eq!(demand(&on_time[..1], 15, None), None, "neither energy nor power");
    }
}
