//! Whether two bills rest on the same inputs.

use std::fmt::Write as _;

use domain::bill::Inputs;
use sha2::{Digest as _, Sha256};

/// SHA-256 of the inputs, in hexadecimal digits.
pub(super) fn of(inputs: &Inputs) -> String {
    let bytes = serde_json::to_vec(inputs).unwrap_or_default();
    Sha256::digest(&bytes).iter().fold(String::with_capacity(64), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}
