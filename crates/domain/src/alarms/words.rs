//! Alarms in words, for pages and notifications alike.

use super::{Direction, Kind, Measured, Said, Terms};
use crate::figures::{about as figure, fixed};
use crate::message::{Message, Sentences};

/// The text of an alarm, money in `currency`: the figure that raised it, and its limit.
pub fn about(terms: &Terms, currency: &str, measured: &Measured) -> Message {
    let why = || measured.reasons.first().cloned().map(Box::new);
    let reported = || Sentences(measured.reasons.clone());
    let value = measured.value.map(|value| terms.value(value, currency)).unwrap_or_default();
    let limit = terms.limits.map(|limits| terms.limit(limits.raise, currency)).unwrap_or_default();
    let phase = measured.phase.map(|phase| format!("L{phase}")).unwrap_or_default();
    let nominal = measured.nominal.map(figure).unwrap_or_default();
    let said = match terms.kind {
        Kind::Offline => why().map_or(Said::Offline, |why| Said::OfflineSince { why }),
        Kind::Stale => why().map_or(Said::Stale, |why| Said::StaleSince { why }),
        Kind::Tamper => Said::Tampered { reported: reported() },
        Kind::MeterError => Said::Failed { reported: reported() },
        Kind::Quarantine => {
            let held = measured.reasons.first().cloned();
            return held.unwrap_or_else(|| Message::foreign(""));
        }
        Kind::Outliers => Said::Outliers { value, limit },
        Kind::PhaseImbalance => Said::PhaseImbalance { phase, value, limit },
        Kind::PhaseExport => Said::PhaseExport { phase, value, limit },
        Kind::Voltage => Said::Voltage { phase, value, nominal, limit },
        Kind::Frequency => Said::Frequency { value, nominal, limit },
        Kind::PowerFactor => Said::PowerFactor { value, limit },
        Kind::Threshold => {
            let channel = terms.watch().figure();
            match terms.limits.map_or(Direction::Above, |limits| limits.direction) {
                Direction::Above => Said::Above { channel, value, limit },
                Direction::Below => Said::Below { channel, value, limit },
            }
        }
        Kind::DieselLow => Said::DieselLow { value, litres: nominal, limit },
        Kind::Loss => Said::Loss { value, limit },
        Kind::LossPercent => Said::LossPercent { value, limit },
        Kind::LossCost => Said::LossCost { value, limit },
        Kind::Demand => {
            let minutes = measured.nominal.map(|minutes| fixed(minutes, 0)).unwrap_or_default();
            Said::Demand { minutes, value, limit }
        }
        Kind::Cost => {
            let usual = measured.nominal.map(|usual| terms.value(usual, currency));
            Said::Cost { value, usual: usual.unwrap_or_default(), limit }
        }
        Kind::DataQuality => {
            let found = measured.agreement.unwrap_or_default();
            Said::DataQuality {
                time: with_unit(found.hours(), "h"),
                register: figure(found.register_kwh),
                integral: figure(found.integral_kwh),
                value,
                limit,
            }
        }
    };
    said.into()
}

impl Terms {
    /// A figure in the unit of the rule, as people read it.
    pub fn value(&self, value: f64, currency: &str) -> String {
        with_unit(value / self.scale(), &self.shown_unit(currency))
    }

    /// A limit, to a thousandth of the unit in which people typed it.
    pub fn limit(&self, limit: f64, currency: &str) -> String {
        let text = fixed(limit / self.scale(), 3);
        let text = text.trim_end_matches('0').trim_end_matches('.');
        format!("{text} {}", self.shown_unit(currency)).trim_end().to_owned()
    }
}

/// A figure with its unit, without places that say nothing.
fn with_unit(value: f64, unit: &str) -> String {
    let text = if value.fract() == 0.0 { fixed(value, 0) } else { figure(value) };
    if unit.is_empty() { text } else { format!("{text} {unit}") }
}
