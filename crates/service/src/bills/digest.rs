//! Whether two bills rest on the same inputs.

use std::fmt::Write as _;

use domain::bills::{Inputs, Point};
use sha2::{Digest as _, Sha256};

/// A milliwatt-hour and a millionth of coverage: what is summed up in another order differs by less.
const DIGITS: f64 = 1e6;

/// SHA-256 of the inputs, in hexadecimal digits.
pub(super) fn of(inputs: &Inputs) -> String {
    let rounded = |value: f64| (value * DIGITS).round() / DIGITS;
    let point = |point: &Point| Point {
        start: point.start,
        import: rounded(point.import),
        export: rounded(point.export),
        coverage: rounded(point.coverage),
        estimated: rounded(point.estimated),
    };
    let inputs = Inputs {
        series: inputs.series.iter().map(point).collect(),
        coverage: rounded(inputs.coverage),
        // It follows from the others, and from gaps that say nothing of the amount.
        estimated: 0.0,
        ..inputs.clone()
    };
    let bytes = serde_json::to_vec(&inputs).unwrap_or_default();
    Sha256::digest(&bytes).iter().fold(String::with_capacity(64), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}
