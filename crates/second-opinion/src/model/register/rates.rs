//! How fast a register goes.

use chrono::TimeDelta;
use num_traits::Signed as _;

use crate::exact::{Exact, hours};

/// How fast a meter was seen to rise, kW.
#[derive(Debug, Default)]
pub(super) struct Rates {
    pub(super) highest: Exact,
}

impl Rates {
    pub(super) fn note(&mut self, moved: &Exact, elapsed: TimeDelta) {
        if elapsed <= TimeDelta::zero() {
            return;
        }
        // Over less than a quarter-hour the step of a register says too much.
        let rate = moved.abs() / hours(elapsed.max(TimeDelta::minutes(15)));
        if rate > self.highest {
            self.highest = rate;
        }
    }
}
