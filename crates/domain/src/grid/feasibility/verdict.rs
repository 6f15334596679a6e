//! How good a voltage is.

use serde::{Deserialize, Serialize};

/// Between these it passes: per cent of nominal.
pub const LIMITS_PERCENT: [f64; 2] = [95.0, 105.0];
/// Between these it is still tolerated: range B of ANSI C84.1, service voltage of 240 V systems.
pub const RANGE_B_PERCENT: [f64; 2] = [91.7, 105.8];

/// How good a voltage is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// Within the limits.
    Pass,
    /// Beyond them, within range B.
    Warn,
    /// Beyond range B.
    Fail,
}

impl Verdict {
    pub(super) fn of(percent: Option<f64>) -> Self {
        let within = |[least, most]: [f64; 2]| {
            percent.is_some_and(|percent| (least..=most).contains(&percent))
        };
        if within(LIMITS_PERCENT) {
            Self::Pass
        } else if within(RANGE_B_PERCENT) {
            Self::Warn
        } else {
            Self::Fail
        }
    }
}
