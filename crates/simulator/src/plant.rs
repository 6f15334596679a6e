//! The plant: its meters and what they show at any instant.
//!
//! Pure arithmetic. The table of meters is in `tree`, what consumers do in `load`, how it adds up
//! and is counted in `walk`, how a meter shows it in `electrical` and `dial`. What went wrong in its
//! history is in [`faults`].

mod dial;
mod electrical;
mod equipment;
pub mod faults;
mod feeder;
mod generator;
mod load;
mod moment;
pub(crate) mod noise;
mod tree;
mod walk;

#[cfg(test)]
mod tests;

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use domain::Values;
use domain::meters::{ImportRegister, LoadRole, MeterType, PhaseType};

use dial::Dial;
use faults::{Fault, Planted};
use noise::Noise;
pub use tree::UNMETERED_KW;
use tree::{Behind, Place};
pub(crate) use walk::Walk;

/// Degrees north of the plant: Chakan, near Pune.
pub const LATITUDE: f64 = 18.7606;
/// Degrees east of the plant.
pub const LONGITUDE: f64 = 73.8636;

/// How much a meter shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shows {
    /// Power, energy, power factor, frequency, voltage and current of the first phase.
    Basic,
    /// The same with power, voltage and current of each phase.
    Standard,
    /// The same with reactive and apparent power and the voltages between phases.
    Network,
}

/// A meter of the plant, as it is to be registered.
#[derive(Debug, Clone, PartialEq)]
pub struct PlantMeter {
    /// Its number, unique in the plant.
    pub number: &'static str,
    /// Its name, unique too.
    pub name: &'static str,
    pub meter_type: MeterType,
    /// 0 grid to 4 machine.
    pub level: i16,
    /// Number of the meter above it.
    pub parent: Option<&'static str>,
    /// Number of the meter it was moved below by mistake, when, and when it came back to its parent.
    pub misplaced: Option<(&'static str, DateTime<Utc>, DateTime<Utc>)>,
    /// Whether it feeds its parent's bus.
    pub feeds_parent: bool,
    pub area: &'static str,
    /// What it counts as in the load status.
    pub load_role: LoadRole,
    /// How it is connected.
    pub phase_type: PhaseType,
    /// Rated power in kW; its power never passes it.
    pub rated_power_kw: f64,
    /// Accuracy class in per cent.
    pub accuracy_class: f64,
    /// The smallest rise of its register, in kWh.
    pub register_step_kwh: f64,
    /// Where its register wraps, kWh.
    pub register_modulus_kwh: Option<f64>,
    /// Which register holds its import.
    pub import_register: ImportRegister,
    /// How much it shows.
    pub shows: Shows,
    /// Degrees north.
    pub latitude: f64,
    /// Degrees east.
    pub longitude: f64,
}

/// What the whole plant shows at one instant: the index of each meter in [`Plant::meters`] with its
/// values.
pub type Snapshot = Vec<(usize, Values)>;

/// A plant, the same for the same seed and epoch. Cloning is cheap.
#[derive(Debug, Clone)]
pub struct Plant(Arc<Parts>);

#[derive(Debug, Clone)]
struct Parts {
    epoch_minute: i64,
    noise: Noise,
    /// Parents before children.
    places: Vec<Place>,
    meters: Vec<PlantMeter>,
    /// Index of the meter above each, and the sign with which it counts there.
    above: Vec<Option<(usize, f64)>>,
    noises: Vec<Noise>,
    first_registers: Vec<f64>,
    faults: Vec<Planted>,
    dials: Vec<Dial>,
}

impl Plant {
    /// A plant whose registers began to count at `epoch`, taken to the full minute.
    pub fn new(seed: u64, epoch: DateTime<Utc>) -> Self {
        let noise = Noise::new(seed);
        let places = tree::places();
        let meters: Vec<_> = places.iter().map(|place| place.meter.clone()).collect();
        let noises: Vec<_> = (100..).take(places.len()).map(|n| noise.stream(n)).collect();
        Self(Arc::new(Parts {
            epoch_minute: epoch.timestamp().div_euclid(60),
            noise,
            above: meters.iter().map(|meter| above(meter, &meters)).collect(),
            first_registers: places.iter().zip(&noises).map(first_register).collect(),
            faults: Vec::new(),
            dials: vec![Dial::Straight; places.len()],
            places,
            meters,
            noises,
        }))
    }

    /// The same plant with the faults of one that was first shown at `anchor`. This walks from the
    /// epoch.
    #[must_use]
    pub fn with_faults(&self, anchor: DateTime<Utc>) -> Self {
        let mut parts = (*self.0).clone();
        parts.faults = faults::planted(&parts.meters, anchor);
        parts.dials = faults::dials(self, &parts.faults);
        for fault in &parts.faults {
            let meter = &mut parts.meters[fault.meter];
            match fault.fault {
                Fault::Rollover { modulus_kwh } => meter.register_modulus_kwh = Some(modulus_kwh),
                Fault::Misplaced { below } => {
                    meter.misplaced = Some((below, fault.from, fault.to));
                }
                Fault::Reset | Fault::Gap | Fault::Reversed => {}
            }
        }
        Self(Arc::new(parts))
    }

    /// What went wrong in its history, in order of time.
    pub fn faults(&self) -> &[Planted] {
        &self.0.faults
    }

    /// Its 92 meters, parents before children.
    pub fn meters(&self) -> &[PlantMeter] {
        &self.0.meters
    }

    /// What one meter shows at an instant, at the epoch if that is later. This walks from the epoch:
    /// for many instants use [`Plant::history`].
    pub fn reading_at(&self, meter: usize, at: DateTime<Utc>) -> Option<Values> {
        let mut walk = self.walk();
        walk.advance(at);
        walk.values().into_iter().nth(meter)
    }

    /// Energy that has passed meters up to an instant each, kWh, whatever their registers show of it, in
    /// the order asked. This walks from the epoch, once for all.
    pub fn counted_kwh(&self, asked: &[(usize, DateTime<Utc>)]) -> Vec<f64> {
        let mut in_time: Vec<usize> = (0..asked.len()).collect();
        in_time.sort_by_key(|&i| asked[i].1);
        let mut walk = self.walk();
        let mut counted = vec![0.0; asked.len()];
        for i in in_time {
            let (meter, at) = asked[i];
            walk.advance(at);
            counted[i] = walk.registers()[meter];
        }
        counted
    }

    /// Snapshots of all meters at instants in order of time, such as [`steps`], without those before the epoch
    /// and without meters that are in a gap. This walks from the epoch, once for all.
    pub fn history<I: Iterator<Item = DateTime<Utc>>>(
        &self,
        instants: I,
    ) -> impl Iterator<Item = (DateTime<Utc>, Snapshot)> + use<I> {
        let epoch_minute = self.0.epoch_minute;
        let mut walk = self.walk();
        let plant = self.clone();
        instants.filter(move |at| at.timestamp().div_euclid(60) >= epoch_minute).map(move |at| {
            walk.advance(at);
            let shown = walk.values().into_iter().enumerate();
            (at, shown.filter(|(meter, _)| plant.is_heard(*meter, at)).collect())
        })
    }

    fn is_heard(&self, meter: usize, at: DateTime<Utc>) -> bool {
        let mut gaps = self.0.faults.iter().filter(|f| f.meter == meter && f.fault == Fault::Gap);
        !gaps.any(|gap| gap.from < at && at < gap.to)
    }

    pub(crate) fn walk(&self) -> Walk {
        Walk::new(self)
    }

    fn places(&self) -> &[Place] {
        &self.0.places
    }

    fn above(&self, meter: usize) -> Option<(usize, f64)> {
        self.0.above[meter]
    }

    fn dial(&self, meter: usize) -> Dial {
        self.0.dials[meter]
    }

    fn noise(&self) -> Noise {
        self.0.noise
    }

    fn noise_of(&self, meter: usize) -> Noise {
        self.0.noises[meter]
    }

    fn epoch_minute(&self) -> i64 {
        self.0.epoch_minute
    }

    fn first_registers(&self) -> &[f64] {
        &self.0.first_registers
    }
}

/// The instants `from`, `from + step`, … before `to`. A step that is not positive gives the first only.
pub fn steps(
    from: DateTime<Utc>,
    to: DateTime<Utc>,
    step: TimeDelta,
) -> impl Iterator<Item = DateTime<Utc>> {
    let next = move |at: &DateTime<Utc>| at.checked_add_signed(step).filter(|next| next > at);
    std::iter::successors(Some(from), next).take_while(move |at| *at < to)
}

fn above(meter: &PlantMeter, meters: &[PlantMeter]) -> Option<(usize, f64)> {
    let parent = meters.iter().position(|other| Some(other.number) == meter.parent)?;
    Some((parent, if meter.feeds_parent { -1.0 } else { 1.0 }))
}

/// What a meter had counted before the epoch: some years of ordinary use.
fn first_register((place, noise): (&Place, &Noise)) -> f64 {
    const HOURS_PER_YEAR: f64 = 8766.0;
    let years = 1.0 + 3.0 * noise.stream(8).uniform(0);
    let use_share = match place.behind {
        Behind::Feeder(_) => 0.35,
        Behind::Load(_) => 0.45,
        Behind::Solar(_) => 0.16,
        Behind::Generator => 0.03,
    };
    place.meter.rated_power_kw * use_share * years * HOURS_PER_YEAR
}
