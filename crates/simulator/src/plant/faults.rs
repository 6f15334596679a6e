//! Faults planted in the history of the demonstration, so that there is something to find.
//!
//! Times are given on the plant's clock, in days before the day of the *anchor*, the instant at which
//! the plant was first shown. All lie further back than the live figures look, each on another node
//! or another day. The plant itself goes on as ever: only what a meter shows, or where it was said to
//! hang, is wrong.

use chrono::{DateTime, TimeDelta, Utc};

use super::dial::Dial;
use super::moment::LOCAL_OFFSET_MINUTES;
use super::{Plant, PlantMeter};

/// What went wrong with a meter.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Fault {
    /// Its register was set back to zero and counts on from there.
    Reset,
    /// Its register passed its largest figure and began again at zero.
    Rollover {
        /// Where it wraps, kWh.
        modulus_kwh: f64,
    },
    /// It was not heard. Its register counted on.
    Gap,
    /// Its current transformers were mounted the wrong way round: power is negative, and energy goes
    /// into the export register.
    Reversed,
    /// It was registered below another meter than the one that feeds it, until someone moved it.
    Misplaced {
        /// Number of the meter it was said to hang below.
        below: &'static str,
    },
}

/// One row of the table: whose fault, which, and when.
#[derive(Debug, Clone, Copy)]
struct Plan {
    meter: &'static str,
    fault: Fault,
    /// Days before the anchor's day, hour and minute.
    begins: (i64, i64, i64),
    lasts: TimeDelta,
}

/// The faults, in order of time.
const PLANS: [Plan; 5] = [
    // Moved to hall A on paper, though hall B feeds it, for four days. Node PA-001 gives
    // out more than it takes, node PB-001 loses what nobody sees; the cause of both is B-02.
    Plan {
        meter: "B-02",
        fault: Fault::Misplaced { below: "PA-001" },
        begins: (8, 0, 0),
        lasts: TimeDelta::days(4),
    },
    // The interval is marked `rollover`; energy goes on as if nothing had been.
    Plan {
        meter: "SM-003",
        fault: Fault::Rollover { modulus_kwh: 100_000.0 },
        begins: (6, 3, 20),
        lasts: TimeDelta::zero(),
    },
    // Hatched, marked `gap`: the energy is real, its place an estimate, the coverage lower.
    Plan { meter: "AD-005", fault: Fault::Gap, begins: (5, 12, 5), lasts: TimeDelta::minutes(75) },
    // The interval is marked `reset`; energy goes on as if nothing had been.
    Plan { meter: "A-03", fault: Fault::Reset, begins: (4, 10, 35), lasts: TimeDelta::zero() },
    // Node PB-001 loses twice what B-01 draws; the cause is its reversed direction.
    Plan { meter: "B-01", fault: Fault::Reversed, begins: (3, 9, 0), lasts: TimeDelta::hours(6) },
];

/// A fault that a plant has.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Planted {
    /// Index of the meter in [`Plant::meters`].
    pub meter: usize,
    /// What went wrong.
    pub fault: Fault,
    /// Since when.
    pub from: DateTime<Utc>,
    /// Until when; the same instant where it is over at once.
    pub to: DateTime<Utc>,
}

/// The faults of a plant that was first shown at `anchor`.
pub(super) fn planted(meters: &[PlantMeter], anchor: DateTime<Utc>) -> Vec<Planted> {
    let offset = TimeDelta::minutes(LOCAL_OFFSET_MINUTES);
    let midnight =
        (anchor + offset).date_naive().and_time(chrono::NaiveTime::MIN).and_utc() - offset;
    let plant = |plan: &Plan| {
        let meter = meters.iter().position(|meter| meter.number == plan.meter)?;
        let (days, hours, minutes) = plan.begins;
        let from = midnight - TimeDelta::days(days)
            + TimeDelta::hours(hours)
            + TimeDelta::minutes(minutes);
        Some(Planted { meter, fault: plan.fault, from, to: from + plan.lasts })
    };
    PLANS.iter().filter_map(plant).collect()
}

/// How the registers of each meter show what they count, for the faults of a sound plant.
pub(super) fn dials(plant: &Plant, faults: &[Planted]) -> Vec<Dial> {
    let ends = |fault: &Planted| [(fault.meter, fault.from), (fault.meter, fault.to)];
    let ends: Vec<_> = faults.iter().flat_map(ends).collect();
    let counted = plant.counted_kwh(&ends);
    let mut dials = vec![Dial::Straight; plant.meters().len()];
    for (fault, &[from_kwh, to_kwh]) in faults.iter().zip(counted.as_chunks::<2>().0) {
        dials[fault.meter] = match fault.fault {
            Fault::Reset => Dial::Reset { at_kwh: from_kwh },
            Fault::Rollover { modulus_kwh } => Dial::Rollover { at_kwh: from_kwh, modulus_kwh },
            Fault::Reversed => Dial::Reversed { from_kwh, to_kwh },
            Fault::Gap | Fault::Misplaced { .. } => Dial::Straight,
        };
    }
    dials
}

#[cfg(test)]
mod tests;
