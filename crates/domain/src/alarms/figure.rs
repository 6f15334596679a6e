//! The figures that rules watch, by the names that people know.

use super::{Direction, Kind, Side, Terms};
use crate::message::{Message, messages};
use crate::readings::channel::Name;

messages! {
    /// A figure that a rule watches.
    pub enum Figure in "alarm_figure" {
        Offline => "Silence: the device does not answer",
        Stale => "Silence: no new readings",
        PhaseImbalance => "Phase imbalance",
        PhaseExport => "Export on a phase",
        Voltage => "Voltage off its nominal value",
        FrequencyOff => "Frequency off its nominal value",
        PowerFactor => "Power factor",
        Threshold => "Threshold",
        DieselLow => "Diesel in the tank",
        DataQuality => "Difference between energy register and power",
        Tamper => "Tampering reported",
        MeterError => "Error reported",
        Quarantine => "Jump in the meter's register, held back for review",
        Outliers => "Outliers of a day",
        Loss => "Loss",
        LossPercent => "Loss as a share of the input",
        LossCost => "Cost of the loss",
        Demand => "Demand",
        Cost => "Cost above normal",
        ActivePower => "Active power",
        ActivePowerL1 => "Active power L1",
        ActivePowerL2 => "Active power L2",
        ActivePowerL3 => "Active power L3",
        ReactivePower => "Reactive power",
        ReactivePowerL1 => "Reactive power L1",
        ReactivePowerL2 => "Reactive power L2",
        ReactivePowerL3 => "Reactive power L3",
        ApparentPower => "Apparent power",
        Frequency => "Frequency",
        FrequencyRocof => "Rate of change of frequency",
        VoltageL1 => "Voltage L1",
        VoltageL2 => "Voltage L2",
        VoltageL3 => "Voltage L3",
        VoltageL12 => "Voltage L1\u{2013}L2",
        VoltageL23 => "Voltage L2\u{2013}L3",
        VoltageL31 => "Voltage L3\u{2013}L1",
        CurrentL1 => "Current L1",
        CurrentL2 => "Current L2",
        CurrentL3 => "Current L3",
        EnergyImport => "Import register",
        EnergyExport => "Export register",
        EnergyNet => "Import less export",
        ReactiveEnergyImport => "Reactive import register",
        ReactiveEnergyExport => "Reactive export register",
    }

    /// A rule in a few words.
    pub enum Title in "alarm_title" {
        Beyond { figure: Figure, side: Side, limit: String } => "{figure} {side} {limit}",
    }
}

/// The figure of a kind of rule, and the channel of a threshold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Watch {
    pub kind: Kind,
    pub channel: Option<Name>,
}

impl Watch {
    /// The kinds for which a limit, or nothing, is all that a rule needs; the usual reasons first.
    const KINDS: [Kind; 15] = [
        Kind::Loss,
        Kind::LossPercent,
        Kind::LossCost,
        Kind::Demand,
        Kind::Cost,
        Kind::Stale,
        Kind::Offline,
        Kind::PhaseImbalance,
        Kind::PhaseExport,
        Kind::Voltage,
        Kind::Frequency,
        Kind::PowerFactor,
        Kind::DataQuality,
        Kind::Outliers,
        Kind::Quarantine,
    ];

    pub const fn kind(kind: Kind) -> Self {
        Self { kind, channel: None }
    }

    pub const fn channel(name: Name) -> Self {
        Self { kind: Kind::Threshold, channel: Some(name) }
    }

    /// All that a form can add a rule on.
    pub fn all() -> impl Iterator<Item = Self> {
        let channels = Name::ALL.iter().copied().map(Self::channel);
        Self::KINDS.into_iter().map(Self::kind).chain(channels)
    }

    /// Its word in addresses and forms: the kind, or the name of the channel.
    pub fn word(self) -> &'static str {
        self.channel.map_or(self.kind.as_str(), Name::as_str)
    }

    /// Reads such a word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::all().find(|watch| watch.word() == word)
    }

    /// The terms that it has unless somebody says otherwise.
    pub fn usual(self) -> Terms {
        Terms { channel: self.channel, ..self.kind.usual() }
    }

    pub const fn figure(self) -> Figure {
        match self.kind {
            Kind::Offline => Figure::Offline,
            Kind::Stale => Figure::Stale,
            Kind::PhaseImbalance => Figure::PhaseImbalance,
            Kind::PhaseExport => Figure::PhaseExport,
            Kind::Voltage => Figure::Voltage,
            Kind::Frequency => Figure::FrequencyOff,
            Kind::PowerFactor => Figure::PowerFactor,
            Kind::Threshold => match self.channel {
                Some(name) => of_channel(name),
                None => Figure::Threshold,
            },
            Kind::DieselLow => Figure::DieselLow,
            Kind::DataQuality => Figure::DataQuality,
            Kind::Tamper => Figure::Tamper,
            Kind::MeterError => Figure::MeterError,
            Kind::Quarantine => Figure::Quarantine,
            Kind::Outliers => Figure::Outliers,
            Kind::Loss => Figure::Loss,
            Kind::LossPercent => Figure::LossPercent,
            Kind::LossCost => Figure::LossCost,
            Kind::Demand => Figure::Demand,
            Kind::Cost => Figure::Cost,
        }
    }
}

const fn of_channel(name: Name) -> Figure {
    match name {
        Name::ActivePower => Figure::ActivePower,
        Name::ActivePowerL1 => Figure::ActivePowerL1,
        Name::ActivePowerL2 => Figure::ActivePowerL2,
        Name::ActivePowerL3 => Figure::ActivePowerL3,
        Name::ReactivePower => Figure::ReactivePower,
        Name::ReactivePowerL1 => Figure::ReactivePowerL1,
        Name::ReactivePowerL2 => Figure::ReactivePowerL2,
        Name::ReactivePowerL3 => Figure::ReactivePowerL3,
        Name::ApparentPower => Figure::ApparentPower,
        Name::PowerFactor => Figure::PowerFactor,
        Name::Frequency => Figure::Frequency,
        Name::FrequencyRocof => Figure::FrequencyRocof,
        Name::VoltageL1 => Figure::VoltageL1,
        Name::VoltageL2 => Figure::VoltageL2,
        Name::VoltageL3 => Figure::VoltageL3,
        Name::VoltageL12 => Figure::VoltageL12,
        Name::VoltageL23 => Figure::VoltageL23,
        Name::VoltageL31 => Figure::VoltageL31,
        Name::CurrentL1 => Figure::CurrentL1,
        Name::CurrentL2 => Figure::CurrentL2,
        Name::CurrentL3 => Figure::CurrentL3,
        Name::EnergyImport => Figure::EnergyImport,
        Name::EnergyExport => Figure::EnergyExport,
        Name::EnergyNet => Figure::EnergyNet,
        Name::ReactiveEnergyImport => Figure::ReactiveEnergyImport,
        Name::ReactiveEnergyExport => Figure::ReactiveEnergyExport,
    }
}

impl Terms {
    /// The figure that they are about.
    pub const fn watch(&self) -> Watch {
        Watch { kind: self.kind, channel: self.channel }
    }
}

/// The title of a rule, money in `currency`: `Phase imbalance above 20 %`.
pub fn title(terms: &Terms, currency: &str) -> Message {
    let figure = terms.watch().figure();
    let Some(limits) = terms.limits else { return figure.into() };
    let side = match limits.direction {
        Direction::Above => Side::Above,
        Direction::Below => Side::Below,
    };
    Title::Beyond { figure, side, limit: terms.limit(limits.raise, currency) }.into()
}
