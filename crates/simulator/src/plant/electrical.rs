//! From power to what a meter shows: voltages, currents, power factor, registers.

use std::ops::{AddAssign, Mul};

use domain::Values;
use domain::meters::{ImportRegister, PhaseType};

use super::moment::Moment;
use super::noise::Noise;
use super::tree::Behind;
use super::{PlantMeter, Shows};

/// Power of the three phases.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Flow {
    /// Active, kW.
    p: [f64; 3],
    /// Reactive, kvar, inductive positive.
    q: [f64; 3],
    /// The phase that a single-phase meter hangs on.
    only: Option<usize>,
}

impl Flow {
    /// A loss, spread over the phases.
    pub(super) fn lost(kw: f64) -> Self {
        Self { p: [kw / 3.0; 3], ..Self::default() }
    }

    fn active_kw(&self) -> f64 {
        self.p.iter().sum()
    }

    fn reactive_kvar(&self) -> f64 {
        self.q.iter().sum()
    }
}

impl AddAssign for Flow {
    fn add_assign(&mut self, other: Self) {
        for phase in 0..3 {
            self.p[phase] += other.p[phase];
            self.q[phase] += other.q[phase];
        }
    }
}

impl Mul<f64> for Flow {
    type Output = Self;
    fn mul(self, factor: f64) -> Self {
        Self { p: self.p.map(|p| p * factor), q: self.q.map(|q| q * factor), ..self }
    }
}

/// Power factors of the sources.
const INVERTER_POWER_FACTOR: f64 = 0.998;
const GENERATOR_POWER_FACTOR: f64 = 0.88;
/// Widest deviation of a phase from a third.
const IMBALANCE: f64 = 0.012;

/// The phases of a leaf that has `kw` now.
pub(super) fn leaf(behind: &Behind, kw: f64, moment: &Moment, noise: Noise) -> Flow {
    let (power_factor, only) = match behind {
        Behind::Load(load) => (load.power_factor, load.phase),
        Behind::Generator => (GENERATOR_POWER_FACTOR, None),
        Behind::Solar(_) | Behind::Feeder(_) => (INVERTER_POWER_FACTOR, None),
    };
    let shares = only.map_or_else(
        || {
            let [a, b] = [1, 2].map(|n| IMBALANCE * (noise.stream(6).uniform(n) * 2.0 - 1.0));
            [1.0 / 3.0 + a, 1.0 / 3.0 + b, 1.0 / 3.0 - a - b]
        },
        |phase| std::array::from_fn(|i| if i == phase { 1.0 } else { 0.0 }),
    );
    let slope = power_factor.acos().tan() * (1.0 + 0.06 * noise.stream(7).drift(moment.minute, 15));
    let p = shares.map(|share| kw * share);
    Flow { p, q: p.map(|p| p * slope), only }
}

/// Nominal voltage between phase and neutral.
const NOMINAL_V: f64 = 231.0;

/// What the grid supplies in one minute, the same for the whole plant.
#[derive(Debug)]
pub(super) struct Supply {
    voltage_v: [f64; 3],
    frequency_hz: f64,
}

impl Supply {
    pub(super) fn new(moment: &Moment, noise: Noise) -> Self {
        let common = 2.2 * noise.stream(10).drift(moment.minute, 45);
        let voltage = |phase: u64| {
            NOMINAL_V + common + 0.9 * noise.stream(11 + phase).drift(moment.minute, 8)
        };
        let slow = 0.035 * noise.stream(14).drift(moment.minute, 20);
        let fast = 0.012 * noise.stream(15).drift(moment.minute, 2);
        Self { voltage_v: [voltage(0), voltage(1), voltage(2)], frequency_hz: 50.0 + slow + fast }
    }
}

/// Voltage lost from one level to the next, V.
const DROP_PER_LEVEL_V: f64 = 0.45;

/// What a meter shows of a flow, without its registers.
pub(super) fn values(meter: &PlantMeter, flow: &Flow, supply: &Supply) -> Values {
    let drop = DROP_PER_LEVEL_V * f64::from(meter.level);
    let volts = supply.voltage_v.map(|voltage| voltage - drop);
    let amps: [f64; 3] =
        std::array::from_fn(|phase| flow.p[phase].hypot(flow.q[phase]) * 1000.0 / volts[phase]);
    let (active, reactive) = (flow.active_kw(), flow.reactive_kvar());
    let apparent = active.hypot(reactive);
    // A meter of one phase calls it the first.
    let first = flow.only.unwrap_or(0);
    let mut values = Values {
        active_power_kw: Some(active),
        power_factor: Some(if apparent > 0.0 { active / apparent } else { 1.0 }),
        frequency_hz: Some(supply.frequency_hz),
        voltage_l1: Some(volts[first]),
        current_l1: Some(amps[first]),
        ..Values::default()
    };
    if meter.shows == Shows::Basic || meter.phase_type == PhaseType::Single {
        return values;
    }
    [values.active_power_kw_l1, values.active_power_kw_l2, values.active_power_kw_l3] =
        flow.p.map(Some);
    [values.voltage_l2, values.voltage_l3] = [Some(volts[1]), Some(volts[2])];
    [values.current_l2, values.current_l3] = [Some(amps[1]), Some(amps[2])];
    if meter.shows == Shows::Network {
        values.reactive_power_kvar = Some(reactive);
        values.apparent_power_kva = Some(apparent);
        let between = |a: f64, b: f64| Some((a * a + b * b + a * b).sqrt());
        values.voltage_l12 = between(volts[0], volts[1]);
        values.voltage_l23 = between(volts[1], volts[2]);
        values.voltage_l31 = between(volts[2], volts[0]);
    }
    values
}

/// Adds the energy registers, which rise in whole steps.
pub(super) fn count(values: &mut Values, meter: &PlantMeter, (import, export): (f64, f64)) {
    let step = meter.register_step_kwh;
    let [import, export] = [import, export].map(|kwh| Some((kwh / step).floor() * step));
    values.total_energy_kwh = import;
    if meter.import_register == ImportRegister::Import {
        values.energy_import_kwh = import;
        values.energy_export_kwh = export;
    }
}
