//! What stands in the halls: consumers by what they are, with the power they draw in full use.

use super::load::{Duty, Load, Profile};

impl Load {
    /// On another profile than its kind's usual one.
    pub(super) const fn when(self, profile: Profile) -> Self {
        Self { profile, ..self }
    }

    /// On one phase, 0 to 2.
    pub(super) const fn single(self, phase: usize) -> Self {
        Self { phase: Some(phase), ..self }
    }
}

const fn load(profile: Profile, duty: Duty, full_kw: f64, idle: f64, power_factor: f64) -> Load {
    Load { profile, duty, full_kw, idle, power_factor, phase: None }
}

/// Cuts one part after the other, then waits for the next.
pub(super) const fn machine_tool(full_kw: f64) -> Load {
    load(Profile::Production, Duty::Jobs(14), full_kw, 0.12, 0.84)
}

/// Presses, moulders and robot cells: short jobs.
pub(super) const fn press(full_kw: f64) -> Load {
    load(Profile::Production, Duty::Jobs(6), full_kw, 0.15, 0.8)
}

/// Loads and unloads around its pressure.
pub(super) const fn compressor(full_kw: f64) -> Load {
    load(Profile::Production, Duty::Cycle(9), full_kw, 0.28, 0.86)
}

/// Cools a hall.
pub(super) const fn hall_cooling(full_kw: f64) -> Load {
    load(Profile::HallCooling, Duty::Cycle(16), full_kw, 0.25, 0.88)
}

/// Cools offices.
pub(super) const fn office_cooling(full_kw: f64) -> Load {
    load(Profile::OfficeCooling, Duty::Cycle(18), full_kw, 0.15, 0.88)
}

/// Holds its heat day and night.
pub(super) const fn furnace(full_kw: f64) -> Load {
    load(Profile::Continuous, Duty::Cycle(24), full_kw, 0.3, 0.97)
}

/// Runs with its line.
pub(super) const fn line(full_kw: f64) -> Load {
    load(Profile::TwoShifts, Duty::Steady, full_kw, 0.04, 0.87)
}

/// Fans and pumps of processes that go on.
pub(super) const fn fan(full_kw: f64) -> Load {
    load(Profile::Continuous, Duty::Steady, full_kw, 0.1, 0.83)
}

/// Pumps around a level.
pub(super) const fn pump(full_kw: f64) -> Load {
    load(Profile::Production, Duty::Cycle(35), full_kw, 0.02, 0.82)
}

/// Compressors of cold rooms.
pub(super) const fn refrigeration(full_kw: f64) -> Load {
    load(Profile::Continuous, Duty::Cycle(20), full_kw, 0.2, 0.85)
}

/// Workshops and rooms used by day.
pub(super) const fn day_room(full_kw: f64) -> Load {
    load(Profile::DayShift, Duty::Steady, full_kw, 0.08, 0.92)
}

/// Desks, screens, printers.
pub(super) const fn office(full_kw: f64) -> Load {
    load(Profile::Office, Duty::Steady, full_kw, 0.1, 0.94)
}

/// Lights of a hall.
pub(super) const fn hall_lights(full_kw: f64) -> Load {
    load(Profile::HallLights, Duty::Steady, full_kw, 0.1, 0.95)
}

/// Lights outdoors.
pub(super) const fn yard_lights(full_kw: f64) -> Load {
    load(Profile::YardLights, Duty::Steady, full_kw, 0.02, 0.95)
}

/// Cooks.
pub(super) const fn kitchen(full_kw: f64) -> Load {
    load(Profile::Kitchen, Duty::Steady, full_kw, 0.08, 0.98)
}

/// Charges vehicles.
pub(super) const fn charger(full_kw: f64) -> Load {
    load(Profile::Charging, Duty::Jobs(40), full_kw, 0.03, 0.96)
}

/// Runs all the time.
pub(super) const fn always(full_kw: f64) -> Load {
    load(Profile::Constant, Duty::Steady, full_kw, 0.0, 0.93)
}
