//! What a register showed that waits for somebody's decision.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use super::{Register, Waits};
use crate::Field;
use crate::energy::interval::{Quarantined, Question};
use crate::figures::{about, fixed};
use crate::message::Message;

/// A question, and what its answers do; `others` of the same meter wait too. Times are those of
/// `zone`.
pub fn held(step: &Quarantined, others: usize, zone: Tz) -> Message {
    let time = |at: DateTime<Utc>| at.with_timezone(&zone).format("%Y-%m-%d %H:%M:%S").to_string();
    let (register, unit) = (named(step.field), step.field.unit());
    let (previous, value) = (exact(step.previous), exact(step.value));
    let (from, to, counted) = (time(step.previous_at), time(step.at), exact(step.delta));
    let kw = |power: Option<f64>| about(power.unwrap_or_default());
    let first = match step.kind {
        Question::Step => Waits::Rose { register, previous, value, unit, from, to, counted },
        Question::StepBack => Waits::Fell { register, previous, value, unit, from, to, counted },
        Question::Exchange => {
            let last = exact(step.previous + step.delta);
            Waits::Exchanged { register, previous, last, unit, from, to, counted }
        }
        Question::BeyondRated => {
            let (rated, needed) = (kw(step.rated_kw), kw(step.needed_kw));
            Waits::BeyondRated { register, previous, value, unit, from, rated, needed, counted }
        }
        Question::TwoRegisters => Waits::TwoRegisters { previous, value, unit, from, to },
        Question::CountsDown => Waits::CountsDown { register, previous, value, unit, from, to },
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
