//! What a register showed that waits for somebody's decision.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use super::{Register, Waits};
use crate::Field;
use crate::energy::interval::Quarantined;
use crate::figures::fixed;
use crate::message::Message;

/// A step, and what the two buttons beside it do; `others` of the same meter wait too. Times are those of
/// `zone`.
pub fn held(step: &Quarantined, others: usize, zone: Tz) -> Message {
    let time = |at: DateTime<Utc>| at.with_timezone(&zone).format("%Y-%m-%d %H:%M:%S").to_string();
    let (register, unit) = (named(step.field), step.field.unit());
    let (previous, value) = (exact(step.previous), exact(step.value));
    let (from, to, counted) = (time(step.previous_at), time(step.at), exact(step.delta));
    let moved = step.value - step.previous;
    let first = if step.delta.abs() <= 0.0 {
        Waits::TwoRegisters { previous, value, unit, from, to }
    } else if step.delta < 0.0 && (step.delta - moved).abs() <= 0.0 {
        Waits::CountsDown { register, previous, value, unit, from, to }
    } else if step.value < step.previous {
        Waits::Fell { register, previous, value, unit, from, to, counted }
    } else {
        Waits::Rose { register, previous, value, unit, from, to, counted }
    };
    let boxed = |first: Waits| Box::new(Message::from(first));
    match others {
        0 => first,
        1 => Waits::AndAnother { first: boxed(first) },
        _ => Waits::AndOthers { first: boxed(first), others },
    }
    .into()
}

/// What people call a register.
const fn named(field: Field) -> Register {
    match field {
        Field::EnergyImportKwh => Register::Import,
        Field::EnergyExportKwh => Register::Export,
        Field::ReactiveEnergyImportKvarh => Register::ReactiveImport,
        Field::ReactiveEnergyExportKvarh => Register::ReactiveExport,
        Field::DieselConsumptionLiters => Register::Diesel,
        Field::RuntimeHours => Register::RunningHours,
        _ => Register::Other,
    }
}

/// A figure of a register, to a thousandth and without places that say nothing.
fn exact(value: f64) -> String {
    let text = fixed(value, 3);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}
