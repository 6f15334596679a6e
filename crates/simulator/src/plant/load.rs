//! What the consumers draw: when they run, how they cycle, what they idle at.

use super::moment::Moment;
use super::noise::Noise;

/// When a consumer is wanted, as a share of its full use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Profile {
    /// Three shifts, the general one by day the strongest.
    Production,
    /// Six in the morning to ten at night.
    TwoShifts,
    /// Processes that cannot stop.
    Continuous,
    DayShift,
    /// Office hours.
    Office,
    /// Cooling of halls: follows the weather and the shifts.
    HallCooling,
    /// Cooling of offices: follows the weather and office hours.
    OfficeCooling,
    /// Lights of halls: follow the shifts and the daylight.
    HallLights,
    /// Lights outdoors: burn while it is dark.
    YardLights,
    /// Meals.
    Kitchen,
    /// Charging in breaks and after the shifts.
    Charging,
    /// Always the same.
    Constant,
}

/// Points of a day: the hour and the share from there on to the next, in a straight line.
type Curve = &'static [(f64, f64)];

const PRODUCTION: Curve = &[
    (0.0, 0.35),
    (5.75, 0.35),
    (7.5, 0.9),
    (9.0, 1.0),
    (12.75, 1.0),
    (13.1, 0.65),
    (13.6, 0.65),
    (13.9, 1.0),
    (16.5, 1.0),
    (18.0, 0.72),
    (21.5, 0.5),
    (22.5, 0.35),
];
const TWO_SHIFTS: Curve = &[
    (0.0, 0.03),
    (5.75, 0.03),
    (6.5, 0.8),
    (8.5, 1.0),
    (12.75, 1.0),
    (13.1, 0.5),
    (13.6, 0.5),
    (13.9, 1.0),
    (17.0, 0.95),
    (21.5, 0.7),
    (22.25, 0.03),
];
const CONTINUOUS: Curve = &[(0.0, 0.86), (6.0, 0.86), (9.0, 1.0), (17.0, 1.0), (22.0, 0.88)];
const DAY_SHIFT: Curve = &[
    (0.0, 0.04),
    (7.75, 0.04),
    (8.5, 1.0),
    (12.9, 1.0),
    (13.1, 0.4),
    (13.7, 0.4),
    (13.9, 1.0),
    (17.2, 1.0),
    (18.0, 0.04),
];
const OFFICE: Curve = &[
    (0.0, 0.12),
    (7.5, 0.15),
    (9.5, 0.95),
    (13.0, 1.0),
    (13.3, 0.8),
    (14.0, 1.0),
    (17.5, 0.95),
    (19.0, 0.3),
    (21.0, 0.12),
];
const KITCHEN: Curve = &[
    (0.0, 0.1),
    (6.0, 0.1),
    (7.0, 0.7),
    (8.5, 0.4),
    (11.0, 0.9),
    (13.0, 1.0),
    (14.5, 0.3),
    (18.5, 0.7),
    (20.5, 0.6),
    (22.0, 0.1),
];
const CHARGING: Curve = &[
    (0.0, 0.6),
    (4.0, 0.3),
    (6.0, 0.15),
    (13.0, 0.5),
    (14.0, 0.4),
    (17.5, 0.5),
    (19.0, 0.8),
    (22.5, 0.9),
];

fn on(curve: Curve, of_day: i64) -> f64 {
    let hour = of_day as f64 / 60.0;
    let next = curve.partition_point(|(from, _)| *from <= hour);
    let (from, share) = curve[next - 1];
    let (until, then) = curve.get(next).copied().unwrap_or((24.0, curve[0].1));
    share + (then - share) * (hour - from) / (until - from)
}

/// The share of every profile in one minute.
#[derive(Debug)]
pub(super) struct Levels([f64; Profile::Constant as usize + 1]);

impl Levels {
    pub(super) fn new(moment: &Moment) -> Self {
        let staffed = if moment.day_off { 0.15 } else { 1.0 };
        let hold = if moment.day_off { 0.85 } else { 1.0 };
        let production = on(PRODUCTION, moment.of_day) * staffed;
        let office = on(OFFICE, moment.of_day) * if moment.day_off { 0.3 } else { 1.0 };
        let warmth = ((moment.outdoor_c - 16.0) / 16.0).clamp(0.1, 1.0);
        let daylight = (moment.sun * 2.0).clamp(0.0, 1.0) * moment.sky;
        let mut levels = [0.0; Profile::Constant as usize + 1];
        let mut set = |profile: Profile, level: f64| levels[profile as usize] = level;
        set(Profile::Production, production);
        set(Profile::TwoShifts, on(TWO_SHIFTS, moment.of_day) * staffed);
        set(Profile::Continuous, on(CONTINUOUS, moment.of_day) * hold);
        set(Profile::DayShift, on(DAY_SHIFT, moment.of_day) * staffed);
        set(Profile::Office, office);
        set(Profile::HallCooling, warmth * (0.3 + 0.7 * production));
        set(Profile::OfficeCooling, warmth * office);
        set(Profile::HallLights, (0.3 + 0.7 * production) * (1.0 - 0.3 * daylight));
        set(Profile::YardLights, (0.5 - moment.sun * 10.0).clamp(0.0, 1.0));
        set(Profile::Kitchen, on(KITCHEN, moment.of_day) * hold);
        set(Profile::Charging, on(CHARGING, moment.of_day) * staffed);
        set(Profile::Constant, 1.0);
        Self(levels)
    }

    fn of(&self, profile: Profile) -> f64 {
        self.0[profile as usize]
    }
}

/// How a consumer follows its profile.
#[derive(Debug, Clone, Copy)]
pub(super) enum Duty {
    /// In step with it.
    Steady,
    /// In whole jobs of this many minutes, more of them the more it is wanted.
    Jobs(i64),
    /// On and off around every period of this many minutes, on for longer the more it is wanted.
    Cycle(i64),
}

/// A consumer.
#[derive(Debug, Clone, Copy)]
pub(super) struct Load {
    pub(super) profile: Profile,
    pub(super) duty: Duty,
    /// Power in full use, kW.
    pub(super) full_kw: f64,
    /// Power while it waits, as a share of the full.
    pub(super) idle: f64,
    /// Inductive.
    pub(super) power_factor: f64,
    /// Phase it hangs on, 0 to 2; none for all three.
    pub(super) phase: Option<usize>,
}

/// Widest deviation of a consumer from its profile.
const UNREST: f64 = 0.04;

impl Load {
    /// Mean power in kW over one minute.
    pub(super) fn power_kw(&self, moment: &Moment, levels: &Levels, noise: Noise) -> f64 {
        let level = levels.of(self.profile);
        let use_share = match self.duty {
            Duty::Steady => level,
            Duty::Jobs(length) => {
                let job = (moment.minute + noise.below(length)).div_euclid(length);
                if noise.stream(1).uniform(job) < level {
                    0.8 + 0.2 * noise.stream(2).uniform(job)
                } else {
                    0.0
                }
            }
            Duty::Cycle(period) => {
                let phase = (moment.minute + noise.below(period)).rem_euclid(period) as f64;
                (level * period as f64 - phase).clamp(0.0, 1.0)
            }
        };
        let unrest = 1.0 + UNREST * noise.drift(moment.minute, 7);
        self.full_kw * (self.idle + (1.0 - self.idle) * use_share) * unrest
    }
}
