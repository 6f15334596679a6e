//! The figure that a rule looks at, from what a meter shows now.

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive as _;

use super::{Agreement, CostToday, Demand, Kind, Position, Rule, suggested_limit};
use crate::MeterId;
use crate::live::{BalanceLive, Status};
use crate::losses::balance::Verdict;
use crate::message::Message;
use crate::meters::{Meter, PhaseType};
use crate::readings::channel::{MeterChannels, Name};
use crate::simulation::EventKind;

/// A meter below this share of its rated power is idle: its power factor and the shares of its phases
/// say nothing.
const IDLE_SHARE: f64 = 0.05;
/// The same in kW, for a meter that states no rated power.
const IDLE_KW: f64 = 0.5;
/// The imbalance of phases that cancel out is counted as if their mean were this share of the largest,
/// so that it stays a number.
const LEAST_MEAN: f64 = 0.01;
/// Usual voltages between phase and neutral (IEC 60038), V.
const VOLTAGES: [f64; 2] = [120.0, 230.0];
/// Usual frequencies, Hz.
const FREQUENCIES: [f64; 2] = [50.0, 60.0];

/// What a meter shows now.
#[derive(Debug, Clone, Copy)]
pub struct Seen<'a> {
    pub meter: &'a Meter,
    /// Its connection.
    pub status: Status,
    /// Why it is not online.
    pub reason: Option<&'a Message>,
    /// Its channels; none where it was never read. Only those count that are good.
    pub channels: Option<&'a MeterChannels>,
    /// Litres that its generator burnt since the tank was filled.
    pub diesel_used_l: Option<f64>,
    /// Its energy by its register and by its power; none where that is not known.
    pub agreement: Option<Agreement>,
    /// What it reported and nobody has acknowledged, the oldest first.
    pub reported: &'a [EventKind],
    /// What of it waits for somebody's decision; none where nothing does.
    pub held: Option<&'a Message>,
    /// Readings that are left out on this day of its site; none where that is not known.
    pub outliers: Option<u32>,
    /// Its balance; none where it is no node.
    pub balance: Option<&'a BalanceLive>,
    /// Its demand under way; none where that is not known.
    pub demand: Option<Demand>,
    /// The cost of its energy today; none where that is not known.
    pub cost: Option<CostToday>,
}

impl<'a> Seen<'a> {
    /// A meter of which nothing is known.
    pub const fn nothing(meter: &'a Meter) -> Self {
        Self {
            meter,
            status: Status::None,
            reason: None,
            channels: None,
            diesel_used_l: None,
            agreement: None,
            reported: &[],
            held: None,
            outliers: None,
            balance: None,
            demand: None,
            cost: None,
        }
    }

    fn value(&self, name: Name) -> Option<f64> {
        self.channels.and_then(|channels| channels.good(name))
    }
}

/// A figure, and what it says.
#[derive(Debug, Clone, PartialEq)]
pub struct Measured {
    /// Where it stands towards the limits.
    pub position: Position,
    /// The figure, in the unit of the rule.
    pub value: Option<f64>,
    /// The phase it is of, 1 to 3, where it is the worst of several.
    pub phase: Option<u8>,
    /// The figure that it is compared with: V, Hz, litres, or money; of a demand, the minutes of its interval.
    pub nominal: Option<f64>,
    /// Why the meter is not online, what it reported, or what of it waits for a decision.
    pub reasons: Vec<Message>,
    /// The energies that were compared.
    pub agreement: Option<Agreement>,
}

impl Measured {
    const UNKNOWN: Self = Self::at(Position::Unknown);
    /// An idle meter gives no reason for an alarm, and none to keep one.
    const IDLE: Self = Self::at(Position::Within);

    const fn at(position: Position) -> Self {
        Self {
            position,
            value: None,
            phase: None,
            nominal: None,
            reasons: Vec::new(),
            agreement: None,
        }
    }

    /// Puts the figure in its place towards the limits of a rule.
    fn placed(self, rule: &Rule) -> Self {
        match rule.terms.limits.zip(self.value) {
            Some((limits, value)) => Self { position: limits.position(value), ..self },
            None => self,
        }
    }
}

/// Takes the figure of a rule.
pub fn measure(rule: &Rule, seen: &Seen<'_>) -> Measured {
    let terms = &rule.terms;
    match terms.kind {
        Kind::Offline | Kind::Stale => connection(terms.kind, seen),
        Kind::PhaseImbalance => imbalance(seen).placed(rule),
        Kind::PhaseExport => export(seen).placed(rule),
        Kind::Voltage => voltage(terms.nominal, seen).placed(rule),
        Kind::Frequency => frequency(terms.nominal, seen).placed(rule),
        Kind::PowerFactor => power_factor(seen).placed(rule),
        Kind::Threshold => {
            let value = terms.channel.and_then(|name| seen.value(name));
            Measured { value, ..Measured::UNKNOWN }.placed(rule)
        }
        Kind::DieselLow => diesel(rule, seen).placed(rule),
        Kind::DataQuality => data_quality(rule, seen),
        Kind::Tamper | Kind::MeterError => reported(terms.kind, seen),
        Kind::Quarantine => waits(seen),
        Kind::Loss | Kind::LossPercent | Kind::LossCost => {
            seen.balance.map_or(Measured::UNKNOWN, |balance| loss(rule, balance))
        }
        Kind::Demand => {
            let (value, minutes) =
                seen.demand.map(|it| (it.projected_kw, it.minutes.into())).unzip();
            Measured { value, nominal: minutes, ..Measured::UNKNOWN }.placed(rule)
        }
        Kind::Cost => {
            let (value, usual) = seen.cost.map(|it| (it.amount - it.usual, it.usual)).unzip();
            Measured { value, nominal: usual, ..Measured::UNKNOWN }.placed(rule)
        }
        Kind::Outliers => {
            let value = seen.outliers.map(f64::from);
            Measured { value, ..Measured::UNKNOWN }.placed(rule)
        }
    }
}

fn connection(kind: Kind, seen: &Seen<'_>) -> Measured {
    let position = match (kind, seen.status) {
        (Kind::Offline, Status::Offline | Status::Error) | (Kind::Stale, Status::Stale) => {
            Position::Beyond
        }
        (Kind::Offline, Status::Online | Status::Stale) | (_, Status::Online) => Position::Within,
        // Whether a meter that does not answer would be stale cannot be said, nor of one never read.
        _ => Position::Unknown,
    };
    let reasons = seen.reason.cloned().into_iter().collect();
    Measured { position, reasons, ..Measured::UNKNOWN }
}

/// What a meter reported stands until somebody acknowledges it, each kind once.
fn reported(kind: Kind, seen: &Seen<'_>) -> Measured {
    let mut reasons: Vec<Message> = Vec::new();
    for event in seen.reported.iter().filter(|event| event.class().alarm() == kind) {
        let told = event.told().into();
        if !reasons.contains(&told) {
            reasons.push(told);
        }
    }
    if reasons.is_empty() {
        return Measured::IDLE;
    }
    Measured { position: Position::Beyond, reasons, ..Measured::UNKNOWN }
}

fn waits(seen: &Seen<'_>) -> Measured {
    let beyond = |held: &Message| Measured {
        position: Position::Beyond,
        reasons: vec![held.clone()],
        ..Measured::UNKNOWN
    };
    seen.held.map_or(Measured::IDLE, beyond)
}

/// The values of the three phases of a channel, as far as the meter has them.
fn phases(seen: &Seen<'_>, names: [Name; 3]) -> Vec<(u8, f64)> {
    let values = names.map(|name| seen.value(name));
    (1..).zip(values).filter_map(|(phase, value)| Some((phase, value?))).collect()
}

const POWERS: [Name; 3] = [Name::ActivePowerL1, Name::ActivePowerL2, Name::ActivePowerL3];

fn is_idle(meter: &Meter, watts: f64) -> bool {
    watts / 1000.0 < meter.rated_power_kw.map_or(IDLE_KW, |rated| rated * IDLE_SHARE)
}

fn largest(values: impl IntoIterator<Item = (u8, f64)>) -> Option<(u8, f64)> {
    values.into_iter().max_by(|(_, one), (_, other)| one.total_cmp(other))
}

/// The largest deviation of a phase from the mean of the phases, over that mean (NEMA MG 1, 12.45, for
/// power instead of voltage).
fn imbalance(seen: &Seen<'_>) -> Measured {
    let powers = phases(seen, POWERS);
    if powers.len() < 2 || seen.meter.phase_type == Some(PhaseType::Single) {
        return Measured::UNKNOWN;
    }
    if is_idle(seen.meter, powers.iter().map(|(_, power)| power.abs()).sum()) {
        return Measured::IDLE;
    }
    let mean = powers.iter().map(|(_, power)| power).sum::<f64>() / powers.len() as f64;
    let size = powers.iter().map(|(_, power)| power.abs()).fold(0.0, f64::max);
    let base = mean.abs().max(size * LEAST_MEAN);
    let apart = powers.iter().map(|&(phase, power)| (phase, (power - mean).abs() / base * 100.0));
    of_phase(largest(apart), None)
}

fn export(seen: &Seen<'_>) -> Measured {
    // A source's own positive power flows towards the grid.
    let sign = if seen.meter.feeds_parent && seen.meter.parent.is_some() { 1.0 } else { -1.0 };
    let delivered = phases(seen, POWERS).into_iter().map(|(phase, power)| (phase, sign * power));
    of_phase(largest(delivered), None)
}

fn voltage(nominal: Option<f64>, seen: &Seen<'_>) -> Measured {
    let mut volts = phases(seen, [Name::VoltageL1, Name::VoltageL2, Name::VoltageL3]);
    if volts.is_empty() {
        let between = phases(seen, [Name::VoltageL12, Name::VoltageL23, Name::VoltageL31]);
        volts = between.into_iter().map(|(phase, volts)| (phase, volts / 3_f64.sqrt())).collect();
    }
    let Some((_, highest)) = largest(volts.iter().copied()) else { return Measured::UNKNOWN };
    let nominal = nominal.unwrap_or_else(|| nearest(highest, VOLTAGES));
    let apart = volts.iter().map(|&(phase, volts)| (phase, off(volts, nominal)));
    of_phase(largest(apart), Some(nominal))
}

fn frequency(nominal: Option<f64>, seen: &Seen<'_>) -> Measured {
    let Some(hertz) = seen.value(Name::Frequency) else { return Measured::UNKNOWN };
    let nominal = nominal.unwrap_or_else(|| nearest(hertz, FREQUENCIES));
    Measured { value: Some(off(hertz, nominal)), nominal: Some(nominal), ..Measured::UNKNOWN }
}

fn power_factor(seen: &Seen<'_>) -> Measured {
    let Some(factor) = seen.value(Name::PowerFactor) else { return Measured::UNKNOWN };
    match seen.value(Name::ActivePower) {
        Some(watts) if is_idle(seen.meter, watts.abs()) => Measured::IDLE,
        _ => Measured { value: Some(factor.abs()), ..Measured::UNKNOWN },
    }
}

fn diesel(rule: &Rule, seen: &Seen<'_>) -> Measured {
    let Some((tank, used)) = rule.terms.tank.zip(seen.diesel_used_l) else {
        return Measured::UNKNOWN;
    };
    // More than it held: it was filled since and nobody said so. It is taken as empty until they do.
    let left = (tank.litres - used).max(0.0) / tank.litres * 100.0;
    Measured { value: Some(left), nominal: Some(tank.litres), ..Measured::UNKNOWN }
}

fn data_quality(rule: &Rule, seen: &Seen<'_>) -> Measured {
    let Some(agreement) = seen.agreement.filter(Agreement::is_enough) else {
        return Measured::UNKNOWN;
    };
    if agreement.is_little() {
        return Measured::IDLE;
    }
    let value = Some(agreement.apart_percent());
    let found = Measured { value, agreement: Some(agreement), ..Measured::UNKNOWN }.placed(rule);
    match found.position {
        Position::Beyond if !agreement.is_certain() => {
            Measured { position: Position::Between, ..found }
        }
        _ => found,
    }
}

impl Rule {
    /// Whether it warns of a loss of this size: its limit is at most the one that is suggested for the loss.
    pub fn covers(&self, node: MeterId, balance: &BalanceLive) -> bool {
        let terms = &self.terms;
        let is_of_node = self.meter.is_none_or(|meter| meter == node);
        let limit = terms.limits.map(|limits| limits.raise);
        let highest = loss_value(terms.kind, balance).map(|it| suggested_limit(it).unwrap_or(it));
        terms.enabled
            && terms.kind.is_of_loss()
            && is_of_node
            && limit.zip(highest).is_some_and(|(limit, highest)| limit <= highest)
    }
}

/// The loss in the unit of a kind of rule.
fn loss_value(kind: Kind, balance: &BalanceLive) -> Option<f64> {
    match kind {
        Kind::LossPercent => balance.loss_percent,
        Kind::LossCost => {
            let day = balance.cost_per_hour.and_then(|hour| hour.checked_mul(Decimal::from(24)));
            day.and_then(|amount| amount.to_f64())
        }
        _ => balance.loss_kw,
    }
}

/// The loss of a node as a rule of this kind looks at it. One within its error band raises nothing.
fn loss(rule: &Rule, balance: &BalanceLive) -> Measured {
    if balance.loss_kw.is_none() {
        return Measured::UNKNOWN;
    }
    if rule.terms.kind == Kind::LossPercent && balance.in_kw <= 0.0 {
        return Measured::IDLE;
    }
    let value = loss_value(rule.terms.kind, balance);
    let found = Measured { value, ..Measured::UNKNOWN }.placed(rule);
    match (found.position, balance.verdict) {
        (Position::Beyond, Verdict::WithinError) => {
            Measured { position: Position::Between, ..found }
        }
        _ => found,
    }
}

fn of_phase(worst: Option<(u8, f64)>, nominal: Option<f64>) -> Measured {
    let (phase, value) = worst.unzip();
    Measured { value, phase, nominal, ..Measured::UNKNOWN }
}

/// Per cent of the nominal value that a value is off it.
fn off(value: f64, nominal: f64) -> f64 {
    (value - nominal).abs() / nominal * 100.0
}

/// The usual value that a value is nearest to, by ratio.
fn nearest(value: f64, [low, high]: [f64; 2]) -> f64 {
    if value < (low * high).sqrt() { low } else { high }
}
