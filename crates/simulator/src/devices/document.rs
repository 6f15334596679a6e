//! A meter's values as MQTT and HTTP meters write them.

use domain::Values;
use serde::Serialize;

/// Power, energy and the first phase.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct Document {
    power_kw: Option<f64>,
    total_kwh: Option<f64>,
    voltage: Option<f64>,
    current: Option<f64>,
    power_factor: Option<f64>,
    frequency: Option<f64>,
}

impl From<Values> for Document {
    fn from(values: Values) -> Self {
        Self {
            power_kw: values.active_power_kw,
            total_kwh: values.total_energy_kwh,
            voltage: values.voltage_l1,
            current: values.current_l1,
            power_factor: values.power_factor,
            frequency: values.frequency_hz,
        }
    }
}
