//! Topics whose makers publish in other units than kW and kWh.

use super::filter;

/// kW or kWh per unit of a plain value on a topic whose maker publishes in other units.
///
/// Shelly's first generation: `power` in W, `total` in Wh, `energy` in watt-minutes
/// (<https://shelly-api-docs.shelly.cloud/gen1/#shelly-em-mqtt>).
pub(super) fn unit_of(topic: &str) -> Option<f64> {
    const WATT: f64 = 1e-3;
    const WATT_MINUTE: f64 = 1e-3 / 60.0;
    const PATTERNS: [(&str, f64); 6] = [
        ("shellies/+/emeter/+/power", WATT),
        ("shellies/+/emeter/+/total", WATT),
        ("shellies/+/emeter/+/total_returned", WATT),
        ("shellies/+/emeter/+/energy", WATT_MINUTE),
        ("shellies/+/relay/+/power", WATT),
        ("shellies/+/relay/+/energy", WATT_MINUTE),
    ];
    PATTERNS.iter().find(|(pattern, _)| filter::matches(pattern, topic)).map(|(_, unit)| *unit)
}
