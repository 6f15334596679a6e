//! What a meter records of a stretch of time, and what its registers show after it.

#[cfg(test)]
mod tests;

use chrono::{DateTime, TimeDelta, Utc};

use super::appliance::{Appliance, Use};
use super::chance::{self, Purpose};
use super::daily::{self, Moment};
use super::sun::{self, Place};
use super::{Profile, ResourceType, SpikeKind};
use crate::{MeterId, Values};

/// What of a world holds for all of its meters.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Nature {
    /// What is random follows from it.
    pub seed: u64,
    /// Share of the light that the thickest clouds take.
    pub clouds: f64,
}

/// An appliance behind a meter, with the factors of the meter and its own multiplied.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Installed {
    /// Which.
    pub appliance: &'static Appliance,
    /// K of what it draws.
    pub consumption: f64,
    /// K of what it makes.
    pub production: f64,
}

/// What is behind a meter.
#[derive(Debug, Clone, PartialEq)]
pub struct Behind {
    /// Whether it makes energy.
    pub kind: ResourceType,
    pub appliances: Vec<Installed>,
    /// How they run over a day.
    pub profile: Profile,
    /// Where it is.
    pub place: Place,
    /// What happens to it for a time.
    pub spikes: Vec<Spike>,
}

/// A sudden load or a new source, for a time.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Spike {
    /// Which.
    pub kind: SpikeKind,
    /// How large it is.
    pub size: SpikeSize,
    /// Since when.
    pub from: DateTime<Utc>,
    /// Until when, itself not in it.
    pub to: DateTime<Utc>,
}

/// How large a spike is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum SpikeSize {
    /// kW that come on top.
    Kw(f64),
    /// What the meter's own is multiplied by.
    Factor(f64),
}

/// Energy of a record, in kWh and kvarh to the microwatt-hour, and the quality of its supply.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Energy {
    /// Drawn.
    pub consumption_kwh: f64,
    /// Made; none of a consumer.
    pub production_kwh: Option<f64>,
    /// Reactive energy of what is drawn.
    pub consumption_kvarh: f64,
    /// Reactive energy of what is made.
    pub production_kvarh: Option<f64>,
    /// 0.8 to 1.0.
    pub power_factor: f64,
    /// 230 to 250 V.
    pub voltage: f64,
}

/// Registers count to this.
const DIGITS: f64 = 1e9;

/// To the microwatt-hour.
pub fn rounded(kwh: f64) -> f64 {
    (kwh * DIGITS).round() / DIGITS
}

/// Reactive energy: sqrt(kVAh² − kWh²) with kVAh = kWh / power factor.
pub fn reactive(kwh: f64, power_factor: f64) -> f64 {
    let kvah = kwh / power_factor;
    (kvah * kvah - kwh * kwh).max(0.0).sqrt()
}

/// Energy of the record of `minutes` from `start` on.
pub fn record(
    nature: Nature,
    meter: MeterId,
    behind: &Behind,
    start: DateTime<Utc>,
    minutes: u32,
) -> Energy {
    let consumption = consumption(nature, meter, behind, start, minutes);
    let production = match behind.kind {
        ResourceType::Consumer => None,
        ResourceType::Prosumer => Some(production(nature, behind, start, minutes)),
    };
    let unit = |purpose| chance::unit(nature.seed, meter, start, purpose);
    let power_factor = 0.8 + 0.2 * unit(Purpose::PowerFactor);
    let consumption = spiked(behind, SpikeKind::Load, consumption, start, minutes);
    let production =
        production.map(|made| rounded(spiked(behind, SpikeKind::Source, made, start, minutes)));
    let consumption_kwh = rounded(consumption);
    Energy {
        consumption_kwh,
        production_kwh: production,
        consumption_kvarh: rounded(reactive(consumption_kwh, power_factor)),
        production_kvarh: production.map(|made| rounded(reactive(made, power_factor))),
        power_factor,
        voltage: 230.0 + 20.0 * unit(Purpose::Voltage),
    }
}

fn consumption(
    nature: Nature,
    meter: MeterId,
    behind: &Behind,
    start: DateTime<Utc>,
    minutes: u32,
) -> f64 {
    let loads = || behind.appliances.iter().filter(|installed| !installed.appliance.source);
    match behind.profile {
        Profile::Flat => {
            let per_minute: f64 =
                loads().map(|load| load.appliance.base_kwh * load.consumption).sum();
            per_minute * f64::from(minutes)
        }
        Profile::Daily => {
            let mut total = 0.0;
            let end = start + TimeDelta::minutes(minutes.into());
            let mut from = start;
            while from < end {
                let moment = Moment::new(behind.place, from);
                let to = (moment.slot() + daily::SLOT).min(end);
                let length = (to - from).as_seconds_f64() / 60.0;
                for (place, load) in (0_u64..).zip(loads()) {
                    let runs = daily::drawn(load.appliance.use_, moment, nature.seed, meter, place);
                    total += load.appliance.base_kwh * load.consumption * runs * length;
                }
                from = to;
            }
            total
        }
    }
}

fn production(nature: Nature, behind: &Behind, start: DateTime<Utc>, minutes: u32) -> f64 {
    let sources = behind.appliances.iter().filter(|installed| installed.appliance.source);
    let (mut under_sun, mut steady) = (0.0, 0.0);
    for source in sources {
        let per_minute = source.appliance.base_kwh * source.production;
        match source.appliance.use_ {
            Use::Sun => under_sun += per_minute,
            _ => steady += per_minute,
        }
    }
    if under_sun == 0.0 {
        return steady * f64::from(minutes);
    }
    let half = TimeDelta::seconds(30);
    let light: f64 = (0..i64::from(minutes))
        .map(|minute| start + TimeDelta::minutes(minute) + half)
        .map(|at| behind.place.clear_sky(at) * sun::through_clouds(nature.seed, nature.clouds, at))
        .sum();
    steady * f64::from(minutes) + under_sun * light
}

/// Energy with the spikes of a kind.
fn spiked(behind: &Behind, kind: SpikeKind, own: f64, start: DateTime<Utc>, minutes: u32) -> f64 {
    let end = start + TimeDelta::minutes(minutes.into());
    let mut total = own;
    for spike in behind.spikes.iter().filter(|spike| spike.kind == kind) {
        let hours = (spike.to.min(end) - spike.from.max(start)).as_seconds_f64() / 3_600.0;
        if hours > 0.0 {
            total += match spike.size {
                SpikeSize::Kw(kw) => kw * hours,
                SpikeSize::Factor(factor) => {
                    own * (factor - 1.0) * hours * 60.0 / f64::from(minutes)
                }
            };
        }
    }
    total
}

/// What a meter above others records: their sum. Active and reactive energy add up; the power factor
/// follows from both. None without a record below.
pub fn sum(below: &[Energy]) -> Option<Energy> {
    if below.is_empty() {
        return None;
    }
    let all = |of: fn(&Energy) -> f64| rounded(below.iter().map(of).sum());
    let some = |of: fn(&Energy) -> Option<f64>| {
        let known: Vec<f64> = below.iter().filter_map(of).collect();
        (!known.is_empty()).then(|| rounded(known.iter().sum()))
    };
    let mean = |of: fn(&Energy) -> f64| below.iter().map(of).sum::<f64>() / below.len() as f64;
    let (active, reactive) = (all(|e| e.consumption_kwh), all(|e| e.consumption_kvarh));
    let apparent = active.hypot(reactive);
    Some(Energy {
        consumption_kwh: active,
        production_kwh: some(|e| e.production_kwh),
        consumption_kvarh: reactive,
        production_kvarh: some(|e| e.production_kvarh),
        power_factor: if apparent > 0.0 { active / apparent } else { mean(|e| e.power_factor) },
        voltage: mean(|e| e.voltage),
    })
}

/// Where the registers of a simulated meter stand, in kWh and kvarh.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Registers {
    /// All that was drawn.
    pub import_kwh: f64,
    /// All that was made; none as long as nothing ever was to be made.
    pub export_kwh: Option<f64>,
    /// Reactive energy of what was drawn.
    pub import_kvarh: f64,
    /// Reactive energy of what was made.
    pub export_kvarh: Option<f64>,
}

impl Registers {
    /// The registers that a reading shows; none where it shows no import.
    pub fn of(values: &Values) -> Option<Self> {
        Some(Self {
            import_kwh: values.energy_import_kwh?,
            export_kwh: values.energy_export_kwh,
            import_kvarh: values.reactive_energy_import_kvarh.unwrap_or_default(),
            export_kvarh: values.reactive_energy_export_kvarh,
        })
    }

    /// The registers after a record.
    #[must_use]
    pub fn after(self, energy: &Energy) -> Self {
        let on = |register: f64, more: f64| rounded(register + more);
        let some = |register: Option<f64>, more: Option<f64>| match more {
            Some(more) => Some(on(register.unwrap_or_default(), more)),
            None => register,
        };
        Self {
            import_kwh: on(self.import_kwh, energy.consumption_kwh),
            export_kwh: some(self.export_kwh, energy.production_kwh),
            import_kvarh: on(self.import_kvarh, energy.consumption_kvarh),
            export_kvarh: some(self.export_kvarh, energy.production_kvarh),
        }
    }

    /// The same, with registers of production at 0 where it has none.
    #[must_use]
    pub fn with_production(self) -> Self {
        Self {
            export_kwh: Some(self.export_kwh.unwrap_or_default()),
            export_kvarh: Some(self.export_kvarh.unwrap_or_default()),
            ..self
        }
    }

    /// A reading of the registers alone.
    pub fn values(self) -> Values {
        Values {
            energy_import_kwh: Some(self.import_kwh),
            energy_export_kwh: self.export_kwh,
            reactive_energy_import_kvarh: Some(self.import_kvarh),
            reactive_energy_export_kvarh: self.export_kvarh,
            ..Values::default()
        }
    }

    /// The reading at the end of a record, after which the registers stand here.
    pub fn reading(self, energy: &Energy, minutes: u32) -> Values {
        let hours = f64::from(minutes) / 60.0;
        let net_kw = (energy.consumption_kwh - energy.production_kwh.unwrap_or_default()) / hours;
        let net_kvar =
            (energy.consumption_kvarh - energy.production_kvarh.unwrap_or_default()) / hours;
        Values {
            active_power_kw: Some(net_kw),
            reactive_power_kvar: Some(net_kvar),
            apparent_power_kva: Some(net_kw.hypot(net_kvar)),
            power_factor: Some(energy.power_factor),
            voltage_l1: Some(energy.voltage),
            current_l1: Some(net_kw.hypot(net_kvar) * 1_000.0 / energy.voltage),
            ..self.values()
        }
    }
}
