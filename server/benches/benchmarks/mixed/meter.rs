//! What every meter shows: 10 kW, a little more or less, and its counters of all time.

use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::{Map, Value, json};

/// Where the counters stand in the registers, and where the rest does.
const COUNTERS: (u16, [&str; 3]) =
    (0x5000, ["totalEnergyKwh", "energyImportKwh", "reactiveEnergyImportKvarh"]);
const INSTANTANEOUS: (u16, [(&str, f64); 15]) = (
    0x5B00,
    [
        ("voltageL1", 230.0),
        ("voltageL2", 231.0),
        ("voltageL3", 229.0),
        ("voltageL12", 399.0),
        ("voltageL23", 398.0),
        ("voltageL31", 397.0),
        ("currentL1", 14.5),
        ("currentL2", 14.6),
        ("currentL3", 14.4),
        ("activePowerKw", 10.0),
        ("activePowerL1Kw", 3.3),
        ("activePowerL2Kw", 3.4),
        ("activePowerL3Kw", 3.3),
        ("powerFactor", 0.95),
        ("frequencyHz", 50.0),
    ],
);
/// Each value is a signed number of 32 bits, in thousandths.
const SCALE: f64 = 0.001;

/// Seconds since 1970.
pub(crate) fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
}

/// What a counter shows at a time, at 10 kW.
pub(crate) fn counter(seconds: i64) -> f64 {
    (seconds - 1_700_000_000) as f64 / 360.0
}

/// What a value of this size shows at a time.
pub(crate) fn wave(base: f64, seconds: i64) -> f64 {
    base * (1.0 + 0.005 * (seconds as f64 / 7.0).sin())
}

/// `registers` of the settings.
pub(crate) fn registers() -> Map<String, Value> {
    let counters = COUNTERS.1.iter().zip(0_u16..).map(|(name, i)| (*name, COUNTERS.0 + 2 * i));
    let rest = INSTANTANEOUS.1.iter().zip(0_u16..);
    let rest = rest.map(|((name, _), i)| (*name, INSTANTANEOUS.0 + 2 * i));
    let point = |address| json!({"address": address, "type": "i32", "scale": SCALE});
    counters.chain(rest).map(|(name, address)| (name.to_owned(), point(address))).collect()
}

/// What stands in registers; zero where there is nothing.
pub(crate) fn words(first: u16, count: u16, seconds: i64) -> Vec<u16> {
    (first..).take(usize::from(count)).map(|address| word(address, seconds)).collect()
}

fn word(address: u16, seconds: i64) -> u16 {
    let place = |start: u16| Some(usize::from(address.checked_sub(start)? / 2));
    let value = match (place(INSTANTANEOUS.0), place(COUNTERS.0)) {
        (Some(place), _) => INSTANTANEOUS.1.get(place).map(|(_, base)| wave(*base, seconds)),
        (None, Some(place)) => COUNTERS.1.get(place).map(|_| counter(seconds)),
        (None, None) => None,
    };
    #[expect(
        clippy::cast_possible_truncation,
        reason = "the counters stay below 2,000,000 for many years"
    )]
    let [a, b, c, d] = ((value.unwrap_or_default() / SCALE).round() as i32).to_be_bytes();
    u16::from_be_bytes(if address.is_multiple_of(2) { [a, b] } else { [c, d] })
}

/// The same as a document.
pub(crate) fn document(seconds: i64) -> Value {
    json!({
        "power_kw": wave(10.0, seconds),
        "total_kwh": counter(seconds),
        "voltage": wave(230.0, seconds),
        "current": wave(14.5, seconds),
        "power_factor": wave(0.95, seconds),
        "frequency": wave(50.0, seconds),
    })
}
