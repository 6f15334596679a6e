//! The plant minute by minute: powers, generator, registers.
//!
//! Every consumer holds its mean power for a minute and swings a little around it; losses hold for the
//! minute. All of it adds up linearly from the leaves to the grid, and the swing cancels over a whole
//! minute, so that registers are exact integrals of the power shown.

use std::f64::consts::TAU;
use std::ops::{AddAssign, Mul};

use chrono::{DateTime, Utc};
use domain::{Kw, Values};

use super::electrical::{Flow, Supply};
use super::generator::Generator;
use super::load::Levels;
use super::moment::Moment;
use super::tree::Behind;
use super::{Plant, electrical};

/// Largest swing of a consumer within a minute, as a share of its power.
const SWING: f64 = 0.02;
/// What the solar inverters leave to the grid, so that the site never exports, kW.
const LEAST_IMPORT_KW: f64 = 25.0;
/// What panels give with the sun overhead, as a share of their peak power.
const SOLAR_YIELD: f64 = 0.9;
/// Low sun gives less than in proportion: air mass and reflection.
const SOLAR_EXPONENT: f64 = 1.15;
/// Minutes that the generator had run before the epoch.
const FIRST_RUN_MINUTES: u32 = 110_000;
/// Fuel of the generator: with its load, and for turning at all.
const LITRES_PER_KWH: f64 = 0.265;
const LITRES_PER_HOUR: f64 = 2.5;
/// Steps of its counters.
const LITRES_STEP: f64 = 0.1;
const HOURS_STEP: f64 = 0.01;
const SECONDS_PER_MINUTE: f64 = 60.0;
const SECONDS_PER_HOUR: f64 = 3600.0;
const MINUTES_PER_HOUR: f64 = 60.0;

/// The plant at one instant. It only goes forward: its registers never go back.
#[derive(Debug, Clone)]
pub(crate) struct Walk {
    plant: Plant,
    moment: Moment,
    /// Seconds into the minute.
    seconds: f64,
    generator: Generator,
    /// What each meter adds by itself in this minute, kW: a leaf its power, a node its loss.
    own_kw: Vec<f64>,
    /// Mean power at each meter in this minute, kW.
    mean_kw: Vec<f64>,
    /// Registers at the beginning of the minute, kWh.
    registers_kwh: Vec<f64>,
}

impl Walk {
    /// The plant at its epoch.
    pub(super) fn new(plant: &Plant) -> Self {
        let count = plant.places().len();
        let mut walk = Self {
            plant: plant.clone(),
            moment: Moment::new(plant.epoch_minute(), plant.noise()),
            seconds: 0.0,
            generator: Generator::new(FIRST_RUN_MINUTES),
            own_kw: vec![0.0; count],
            mean_kw: vec![0.0; count],
            registers_kwh: plant.first_registers().to_vec(),
        };
        walk.load_minute();
        walk
    }

    /// Goes on to an instant; stays where it is if that has passed.
    pub(crate) fn advance(&mut self, to: DateTime<Utc>) {
        let seconds =
            to.timestamp().rem_euclid(60) as f64 + f64::from(to.timestamp_subsec_millis()) / 1000.0;
        let minute = to.timestamp().div_euclid(60);
        while self.moment.minute < minute {
            self.next_minute();
        }
        if self.moment.minute == minute {
            self.seconds = self.seconds.max(seconds);
        }
    }

    fn next_minute(&mut self) {
        for (register, mean) in self.registers_kwh.iter_mut().zip(&self.mean_kw) {
            *register += mean / MINUTES_PER_HOUR;
        }
        self.generator.run_minutes += u32::from(self.generator.is_running());
        self.seconds = 0.0;
        self.moment = Moment::new(self.moment.minute + 1, self.plant.noise());
        self.load_minute();
    }

    /// From the consumers up to the grid: children stand behind their parents, so that a bus is
    /// complete when its meter is reached. The sources come first on their bus and are reached last.
    fn load_minute(&mut self) {
        let levels = Levels::new(&self.moment);
        let places = self.plant.places();
        self.mean_kw.fill(0.0);
        for (i, place) in places.iter().enumerate().rev() {
            let above = self.plant.above(i);
            let demand = above.map_or(0.0, |(parent, _)| self.mean_kw[parent]);
            let own = match &place.behind {
                Behind::Load(load) => load.power_kw(&self.moment, &levels, self.plant.noise_of(i)),
                Behind::Feeder(feeder) => feeder.lost(Kw(self.mean_kw[i])).0,
                Behind::Solar(peak_kw) => {
                    solar_kw(*peak_kw, &self.moment).min(demand - LEAST_IMPORT_KW).max(0.0)
                }
                Behind::Generator => self.generator.next_minute(demand),
            };
            self.own_kw[i] = own;
            self.mean_kw[i] += own;
            if let Some((parent, sign)) = above {
                self.mean_kw[parent] += self.mean_kw[i] * sign;
            }
        }
    }

    /// What all meters show.
    pub(crate) fn values(&self) -> Vec<Values> {
        let flows = self.flows();
        let registers = self.registers();
        let supply = Supply::new(&self.moment, self.plant.noise());
        (0..flows.len()).map(|i| self.shown(i, &flows[i], registers[i], &supply)).collect()
    }

    fn shown(&self, i: usize, flow: &Flow, counted_kwh: f64, supply: &Supply) -> Values {
        let place = &self.plant.places()[i];
        let dial = self.plant.dial(i);
        let meter = &self.plant.meters()[i];
        let mut values = electrical::values(meter, &(*flow * dial.sign(counted_kwh)), supply);
        electrical::count(&mut values, meter, dial.registers(counted_kwh));
        if matches!(place.behind, Behind::Generator) {
            let hours = self.run_hours();
            let litres = LITRES_PER_KWH * counted_kwh + LITRES_PER_HOUR * hours;
            values.runtime_hours = Some((hours / HOURS_STEP).floor() * HOURS_STEP);
            values.diesel_consumption_liters = Some((litres / LITRES_STEP).floor() * LITRES_STEP);
        }
        values
    }

    /// Hours that the generator has run.
    fn run_hours(&self) -> f64 {
        let now = if self.generator.is_running() { self.seconds / SECONDS_PER_MINUTE } else { 0.0 };
        (f64::from(self.generator.run_minutes) + now) / MINUTES_PER_HOUR
    }

    /// Power at each meter now, by phase.
    fn flows(&self) -> Vec<Flow> {
        let own = self.plant.places().iter().enumerate().map(|(i, place)| match &place.behind {
            Behind::Feeder(_) => Flow::lost(self.own_kw[i]),
            behind => {
                let (turns, start) = self.swing(i);
                let at = TAU * turns * self.seconds / SECONDS_PER_MINUTE + start;
                let power = self.own_kw[i] * (1.0 + SWING * at.sin());
                electrical::leaf(behind, power, &self.moment, self.plant.noise_of(i))
            }
        });
        self.sum_up(own.collect())
    }

    /// What each meter has counted up to now, kWh.
    pub(super) fn registers(&self) -> Vec<f64> {
        let own = self.plant.places().iter().enumerate().map(|(i, place)| {
            let steady = self.own_kw[i] * self.seconds;
            let swung = if let Behind::Feeder(_) = &place.behind {
                0.0
            } else {
                let (turns, start) = self.swing(i);
                let speed = TAU * turns / SECONDS_PER_MINUTE;
                let passed = start.cos() - (speed * self.seconds + start).cos();
                self.own_kw[i] * SWING * passed / speed
            };
            (steady + swung) / SECONDS_PER_HOUR
        });
        let since = self.sum_up(own.collect());
        self.registers_kwh.iter().zip(since).map(|(register, since)| register + since).collect()
    }

    /// Whole turns per minute of a leaf's swing, and the angle at which it begins.
    fn swing(&self, i: usize) -> (f64, f64) {
        let noise = self.plant.noise_of(i).stream(5);
        (1.0 + noise.below(3) as f64, TAU * noise.stream(1).uniform(self.moment.minute))
    }

    fn sum_up<T: Copy + AddAssign + Mul<f64, Output = T>>(&self, mut values: Vec<T>) -> Vec<T> {
        for i in (0..values.len()).rev() {
            if let Some((parent, sign)) = self.plant.above(i) {
                let added = values[i] * sign;
                values[parent] += added;
            }
        }
        values
    }
}

fn solar_kw(peak_kw: f64, moment: &Moment) -> f64 {
    peak_kw * SOLAR_YIELD * moment.sun.max(0.0).powf(SOLAR_EXPONENT) * moment.sky
}
