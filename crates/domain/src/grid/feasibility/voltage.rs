//! What a connection does to the voltage.
//!
//! A source behind a transformer behind a service drop, solved by backward/forward sweep: currents
//! from the loads to the source, voltages from the source to the loads, until they agree (Shirmohammadi
//! et al., "A compensation-based power flow method for weakly meshed distribution and transmission
//! networks", IEEE Trans. Power Systems 3(2), 1988). Everything is in per unit of the transformer's
//! capacity and of 240 V.

use super::power::GENERAL_POWER_FACTOR;
use super::{Case, LIMITS_PERCENT, Loading, Percents, Request, Scenario, Verdict, Voltage};

const NOMINAL_V: f64 = 240.0;
/// A service drop is at least this long unless stated, m.
const SHORTEST_M: f64 = 10.0;
const SWEEPS: usize = 200;
const AGREED: f64 = 1e-12;

/// A complex number: an impedance, a voltage, a power.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Complex {
    re: f64,
    im: f64,
}

const ZERO: Complex = Complex { re: 0.0, im: 0.0 };

impl Complex {
    fn plus(self, other: Self) -> Self {
        Self { re: self.re + other.re, im: self.im + other.im }
    }

    fn minus(self, other: Self) -> Self {
        Self { re: self.re - other.re, im: self.im - other.im }
    }

    fn times(self, other: Self) -> Self {
        Self {
            re: self.re * other.re - self.im * other.im,
            im: self.re * other.im + self.im * other.re,
        }
    }

    fn scaled(self, by: f64) -> Self {
        Self { re: self.re * by, im: self.im * by }
    }

    /// The current that a power draws at this voltage: the conjugate of power over voltage.
    fn current(self, power: Self) -> Self {
        let square = self.re * self.re + self.im * self.im;
        let over = power.times(Self { re: self.re, im: -self.im });
        Self { re: over.re / square, im: -over.im / square }
    }

    fn size(self) -> f64 {
        self.re.hypot(self.im)
    }
}

/// R and X of a transformer, per unit of its capacity. Up to 500 kVA (the range of ANSI C57.12.20)
/// those of centre-tapped pole types; above, of pad-mounted ones with 5.75 % (ANSI C57.12.34), of
/// which 1 % is resistance.
fn transformer(capacity_kva: f64) -> Complex {
    if capacity_kva <= 500.0 {
        Complex { re: 0.012, im: 0.017 }
    } else {
        Complex { re: 0.010, im: 0.0566 }
    }
}

/// Load of a power factor, lagging.
fn load(kw: f64, power_factor: f64) -> Complex {
    Complex { re: kw, im: kw * power_factor.acos().tan() }
}

/// To six decimals, so that a voltage at a limit is not beyond it by the last bit of a float.
fn rounded(percent: f64) -> f64 {
    (percent * 1e6).round() / 1e6
}

/// A transformer with a service drop.
struct Circuit {
    source_pu: f64,
    transformer: Complex,
    drop: Complex,
}

impl Circuit {
    /// Voltages when powers in per unit are drawn at the transformer and at the premises.
    fn solve(&self, at_transformer: Complex, at_premises: Complex) -> Percents {
        let source = Complex { re: self.source_pu, im: 0.0 };
        let (mut near, mut far) = (source, source);
        for _ in 0..SWEEPS {
            let service = far.current(at_premises);
            let all = near.current(at_transformer).plus(service);
            let next_near = source.minus(self.transformer.times(all));
            let next_far = next_near.minus(self.drop.times(service));
            let moved = next_near.minus(near).size().max(next_far.minus(far).size());
            (near, far) = (next_near, next_far);
            if moved < AGREED {
                let percent = |voltage: Complex| Some(rounded(100.0 * voltage.size()));
                return Percents {
                    transformer_percent: percent(near),
                    premises_percent: percent(far),
                };
            }
        }
        Percents { transformer_percent: None, premises_percent: None }
    }
}

/// Estimates the voltages with and without a connection to a transformer at a distance.
pub fn screen(request: &Request, loading: Loading, distance_m: f64) -> Voltage {
    let capacity = loading.capacity.kilo();
    let base_ohm = NOMINAL_V * NOMINAL_V / (capacity * 1000.0);
    let length_km = length_m(request, distance_m) / 1000.0;
    let line = request.line;
    let drop =
        Complex { re: line.r_ohm_per_km, im: line.x_ohm_per_km }.scaled(length_km / base_ohm);
    let circuit =
        Circuit { source_pu: request.source_voltage_pu, transformer: transformer(capacity), drop };
    scenarios(request, loading, |near, far| {
        circuit.solve(near.scaled(1.0 / capacity), far.scaled(1.0 / capacity))
    })
}

/// Whether the service drop alone breaks range B, so that no transformer this far away or farther can
/// help.
pub fn hopeless(request: &Request, distance_m: f64) -> bool {
    let ohm = Complex { re: request.line.r_ohm_per_km, im: request.line.x_ohm_per_km };
    let base_ohm = NOMINAL_V * NOMINAL_V / 1000.0;
    let drop = ohm.scaled(length_m(request, distance_m) / 1000.0 / base_ohm);
    let circuit = Circuit { source_pu: request.source_voltage_pu, transformer: ZERO, drop };
    let verdict = |draws| Verdict::of(circuit.solve(ZERO, draws).premises_percent);
    let peak = verdict(load(request.consumption.kilo(), request.premises.power_factor()));
    peak.max(verdict(load(-request.production.kilo(), 1.0))) == Verdict::Fail
}

fn length_m(request: &Request, distance_m: f64) -> f64 {
    request.service_length_m.unwrap_or_else(|| distance_m.max(SHORTEST_M))
}

fn scenarios(
    request: &Request,
    loading: Loading,
    solve: impl Fn(Complex, Complex) -> Percents,
) -> Voltage {
    let scenario = |name, connected, requested| Scenario {
        name,
        after: solve(connected, requested),
        before: solve(connected, ZERO),
    };
    let peak = scenario(
        Case::PeakLoad,
        load(loading.consumption.kilo(), GENERAL_POWER_FACTOR),
        load(request.consumption.kilo(), request.premises.power_factor()),
    );
    let production = scenario(
        Case::FullProduction,
        load(-loading.production.kilo(), 1.0),
        load(-request.production.kilo(), 1.0),
    );
    let scenarios = [peak, production];
    let verdicts = scenarios.iter().flat_map(|scenario| {
        [scenario.after.transformer_percent, scenario.after.premises_percent].map(Verdict::of)
    });
    Voltage {
        verdict: verdicts.max().unwrap_or(Verdict::Fail),
        limits_percent: LIMITS_PERCENT,
        scenarios,
    }
}
