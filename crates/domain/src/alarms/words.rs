//! Alarms and rules in words, for pages and notifications alike.

use super::{Direction, Kind, Measured, Terms};
use crate::figures::{about as figure, fixed};
use crate::language::Language;
use crate::readings::channel::Name;

/// What a rule watches: `Phase imbalance above 20 %`.
pub fn title(terms: &Terms, language: Language) -> String {
    let unit = terms.unit();
    let name = match terms.kind {
        Kind::Offline => language.of("Offline", "Nicht erreichbar"),
        Kind::Stale => language.of("Stale", "Veraltet"),
        Kind::PhaseImbalance => language.of("Phase imbalance", "Schieflast"),
        Kind::PhaseExport => language.of("Export on a phase", "Lieferung auf einer Phase"),
        Kind::Voltage => {
            language.of("Voltage off its nominal value", "Spannung abseits des Nennwerts")
        }
        Kind::Frequency => {
            language.of("Frequency off its nominal value", "Frequenz abseits des Nennwerts")
        }
        Kind::PowerFactor => language.of("Power factor", "Leistungsfaktor"),
        Kind::Threshold => {
            terms.channel.map_or(language.of("Threshold", "Grenzwert"), Name::as_str)
        }
        Kind::DieselLow => language.of("Diesel in the tank", "Diesel im Tank"),
        Kind::DataQuality => language.of(
            "Register off the integral of power",
            "Zählwerk abseits des Integrals der Leistung",
        ),
        Kind::Tamper => language.of("Tampering reported", "Manipulation gemeldet"),
        Kind::MeterError => language.of("Error reported", "Fehler gemeldet"),
        Kind::Quarantine => language.of("Step in quarantine", "Sprung in Quarantäne"),
    };
    let Some(limits) = terms.limits else { return name.to_owned() };
    let side = match limits.direction {
        Direction::Above => language.of("above", "über"),
        Direction::Below => language.of("below", "unter"),
    };
    format!("{name} {side} {}", language.marks(with_unit(limits.raise, unit)))
}

/// What an alarm says: the figure that raised it, and its limit. It is stored as it was said, in
/// English.
pub fn about(terms: &Terms, measured: &Measured) -> String {
    let unit = terms.unit();
    let reason =
        || measured.reason.as_ref().map(|reason| format!(": {reason}")).unwrap_or_default();
    let value = measured.value.map(|value| with_unit(value, unit)).unwrap_or_default();
    let limit = terms.limits.map(|limits| with_unit(limits.raise, unit)).unwrap_or_default();
    let phase = measured.phase.map(|phase| format!("L{phase}")).unwrap_or_default();
    let nominal = measured.nominal.map(figure).unwrap_or_default();
    match terms.kind {
        Kind::Offline => format!("Offline{}", reason()),
        Kind::Stale => format!("Stale{}", reason()),
        Kind::Tamper => format!("Tampering reported{}", reason()),
        Kind::MeterError => format!("Error reported{}", reason()),
        Kind::Quarantine => measured.reason.clone().unwrap_or_default(),
        Kind::PhaseImbalance => {
            format!("{phase} is {value} off the mean of the phases, limit {limit}")
        }
        Kind::PhaseExport => format!("{phase} exports {value}, limit {limit}"),
        Kind::Voltage => format!("{phase} is {value} off {nominal} V, limit {limit}"),
        Kind::Frequency => format!("The frequency is {value} off {nominal} Hz, limit {limit}"),
        Kind::PowerFactor => format!("Power factor {value}, limit {limit}"),
        Kind::Threshold => {
            let channel = terms.channel.map_or("Threshold", Name::as_str);
            let side = terms.limits.map_or(Direction::Above, |limits| limits.direction);
            format!("{channel} is {value}, {} {limit}", side.as_str())
        }
        Kind::DieselLow => format!("{value} of {nominal} L of diesel is left, limit {limit}"),
        Kind::DataQuality => {
            let found = measured.agreement.unwrap_or_default();
            format!(
                "In {} the register counted {} kWh and power adds up to {} kWh: {value} apart, \
                 limit {limit}; check the scales and the CT ratio",
                with_unit(found.hours(), "h"),
                figure(found.register_kwh),
                figure(found.integral_kwh)
            )
        }
    }
}

/// A figure with its unit, without places that say nothing.
fn with_unit(value: f64, unit: &str) -> String {
    let text = if value.fract() == 0.0 { fixed(value, 0) } else { figure(value) };
    if unit.is_empty() { text } else { format!("{text} {unit}") }
}
