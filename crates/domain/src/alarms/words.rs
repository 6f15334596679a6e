//! Alarms and rules in words, for pages and notifications alike.

use super::{Direction, Kind, Measured, Said, Terms};
use crate::figures::{about as figure, fixed};
use crate::language::Language;
use crate::message::{Message, Sentences};
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
        Kind::Outliers => language.of("Outliers of a day", "Ausreißer eines Tages"),
    };
    let Some(limits) = terms.limits else { return name.to_owned() };
    let side = match limits.direction {
        Direction::Above => language.of("above", "über"),
        Direction::Below => language.of("below", "unter"),
    };
    format!("{name} {side} {}", language.marks(with_unit(limits.raise, unit)))
}

/// What an alarm says: the figure that raised it, and its limit.
pub fn about(terms: &Terms, measured: &Measured) -> Message {
    let unit = terms.unit();
    let why = || measured.reasons.first().cloned().map(Box::new);
    let reported = || Sentences(measured.reasons.clone());
    let value = measured.value.map(|value| with_unit(value, unit)).unwrap_or_default();
    let limit = terms.limits.map(|limits| with_unit(limits.raise, unit)).unwrap_or_default();
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
            let channel = terms.channel.map_or("Threshold", Name::as_str);
            match terms.limits.map_or(Direction::Above, |limits| limits.direction) {
                Direction::Above => Said::Above { channel, value, limit },
                Direction::Below => Said::Below { channel, value, limit },
            }
        }
        Kind::DieselLow => Said::DieselLow { value, litres: nominal, limit },
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

/// A figure with its unit, without places that say nothing.
fn with_unit(value: f64, unit: &str) -> String {
    let text = if value.fract() == 0.0 { fixed(value, 0) } else { figure(value) };
    if unit.is_empty() { text } else { format!("{text} {unit}") }
}
