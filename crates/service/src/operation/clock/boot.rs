//! How long the machine has been running, by a clock that nobody sets and all processes share.

use std::time::Duration;

use chrono::TimeDelta;
use nix::time::{ClockId, clock_gettime};

/// Since the machine was started, sleep included.
pub(super) fn passed() -> TimeDelta {
    let running = clock_gettime(CLOCK).map(Duration::from).unwrap_or_default();
    TimeDelta::from_std(running).unwrap_or(TimeDelta::MAX)
}

/// Which start of the machine this is: one that begins anew with a wrong time, and is set later, was not ahead before.
/// None where the system does not tell.
pub(super) fn id() -> Option<String> {
    let told = std::fs::read_to_string("/proc/sys/kernel/random/boot_id").ok()?;
    Some(told.trim().to_owned())
}

#[cfg(target_os = "linux")]
const CLOCK: ClockId = ClockId::CLOCK_BOOTTIME;
#[cfg(not(target_os = "linux"))]
const CLOCK: ClockId = ClockId::CLOCK_MONOTONIC;
