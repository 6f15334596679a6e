//! Demand: the highest mean power of a month.

use std::ops::Range;

use chrono::{NaiveDateTime, TimeDelta, Timelike as _};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::Kwh;
use crate::strict::Carried;

use super::Quarter;
use super::refusal::TermsRefusal;

/// Minutes of a quarter-hour.
const QUARTER: u16 = 15;
/// Minutes of an hour.
const HOUR: u16 = 60;
/// Demand is taken of intervals that readings back at least this far, in millionths. Coverage is kept
/// with seven digits: what is nine tenths is a hair below it by then.
const COVERAGE: f64 = 900_000.0;
const MILLION: f64 = 1e6;

/// Over how long demand is the mean of power.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "u16", into = "u16")]
pub enum DemandInterval {
    /// A quarter-hour.
    #[default]
    Quarter,
    /// Half an hour.
    Half,
    Hour,
}

impl DemandInterval {
    /// Every one of them.
    pub const ALL: [Self; 3] = [Self::Quarter, Self::Half, Self::Hour];

    /// Its minutes.
    pub const fn minutes(self) -> u16 {
        match self {
            Self::Quarter => QUARTER,
            Self::Half => 30,
            Self::Hour => HOUR,
        }
    }

    fn quarters(self) -> u16 {
        self.minutes() / QUARTER
    }

    /// When the interval begins that a local time lies in.
    pub(crate) fn start(self, local: NaiveDateTime) -> NaiveDateTime {
        let into = local.minute() % u32::from(self.minutes());
        local - TimeDelta::minutes(into.into())
    }

    /// The time since the interval began that a local time lies in.
    pub fn passed(self, local: NaiveDateTime) -> TimeDelta {
        let of_minute = TimeDelta::seconds(local.second().into())
            + TimeDelta::nanoseconds(local.nanosecond().into());
        local - self.start(local - of_minute)
    }

    /// The demand of an interval in kW if `power_kw` holds to its end, of which `passed` is over and in which
    /// `counted` was drawn.
    pub fn projected_kw(self, counted: Kwh, passed: TimeDelta, power_kw: f64) -> f64 {
        let whole = f64::from(self.minutes()) / f64::from(HOUR);
        let rest = (whole - passed.as_seconds_f64() / 3600.0).max(0.0);
        (counted.0 + power_kw.max(0.0) * rest) / whole
    }
}

impl TryFrom<u16> for DemandInterval {
    type Error = Carried;

    fn try_from(minutes: u16) -> Result<Self, Carried> {
        let found = Self::ALL.into_iter().find(|interval| interval.minutes() == minutes);
        found.ok_or_else(|| Carried::new(TermsRefusal::DemandMinutes { minutes }))
    }
}

impl From<DemandInterval> for u16 {
    fn from(interval: DemandInterval) -> Self {
        interval.minutes()
    }
}

#[cfg(feature = "schema")]
impl schemars::JsonSchema for DemandInterval {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "DemandInterval".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "type": "integer",
            "description": "Minutes over which demand is the mean of power.",
            "enum": [15, 30, 60]
        })
    }
}

/// The highest demand, kW; none where no interval is backed by readings.
pub(super) fn highest(quarters: &[Quarter], interval: DemandInterval) -> Option<Decimal> {
    demands(quarters, interval).map(|(_, kw)| kw).max()
}

/// The intervals that readings back, each as the places of its quarter-hours with its mean power, kW.
/// A quarter-hour that is not there is not covered.
pub(crate) fn demands(
    quarters: &[Quarter],
    interval: DemandInterval,
) -> impl Iterator<Item = (Range<usize>, Decimal)> {
    let whole = interval.quarters();
    let mut next = 0;
    std::iter::from_fn(move || {
        while next < quarters.len() {
            let from = next;
            let start = interval.start(quarters[from].start);
            let mut last = start;
            // Where the clock is set back, the same times come twice: the second ones are another interval.
            let within = quarters[from..].iter().map(|quarter| quarter.start).take_while(|at| {
                interval.start(*at) == start && std::mem::replace(&mut last, *at) <= *at
            });
            next += within.count();
            let found = &quarters[from..next];
            let covered: f64 = found.iter().map(|quarter| quarter.coverage).sum();
            if (covered / f64::from(whole) * MILLION).round() >= COVERAGE {
                let kwh: Decimal = found.iter().map(|quarter| quarter.metered).sum();
                let kw = kwh * Decimal::from(HOUR / interval.minutes());
                return Some((from..next, kw));
            }
        }
        None
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_demand_is_projected_by_the_present_power() {
        let at = |text: &str| text.parse::<NaiveDateTime>().unwrap();
        let half = DemandInterval::Half;
        let passed = half.passed(at("2026-11-19T12:40:30.5"));
        assert_eq!(passed, TimeDelta::milliseconds(10 * 60_000 + 30_500));
        for (counted, minutes, power_kw, kw) in [
            (20.0, 10, 90.0, 100.0),
            (20.0, 30, 90.0, 40.0),
            (0.0, 0, 90.0, 90.0),
            (20.0, 15, -60.0, 40.0),
        ] {
            let projected = half.projected_kw(Kwh(counted), TimeDelta::minutes(minutes), power_kw);
            assert!((projected - kw).abs() < 1e-9, "{projected} for {kw}");
        }
    }
}
