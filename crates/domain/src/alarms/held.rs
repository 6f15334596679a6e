//! What a register showed that waits for somebody's decision, in words.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use crate::Field;
use crate::energy::interval::Quarantined;
use crate::figures::fixed;

/// Lets a step count: what the button says.
pub const ACCEPT: &str = "It is right, count it";
/// Keeps it from counting for good.
pub const REJECT: &str = "It is wrong, leave it out";

/// A step, and what the two buttons beside it do; `others` of the same meter wait too. Times are those of
/// `zone`.
pub fn held(step: &Quarantined, others: usize, zone: Tz) -> String {
    let unit = step.field.unit();
    let time = |at: DateTime<Utc>| at.with_timezone(&zone).format("%Y-%m-%d %H:%M:%S");
    let moved = if step.value < step.previous { "fell" } else { "rose" };
    let first = format!(
        "{} {moved} from {} to {} {unit} between {} and {}. Nothing of it counts until somebody decides: \
         \"{ACCEPT}\" counts {} {unit}, \"{REJECT}\" counts nothing",
        named(step.field),
        exact(step.previous),
        exact(step.value),
        time(step.previous_at),
        time(step.at),
        exact(step.delta),
    );
    match others {
        0 => first,
        1 => format!("{first}; another step of the meter waits"),
        _ => format!("{first}; {others} other steps of the meter wait"),
    }
}

/// What people call a register.
const fn named(field: Field) -> &'static str {
    match field {
        Field::EnergyImportKwh => "The import register",
        Field::EnergyExportKwh => "The export register",
        Field::ReactiveEnergyImportKvarh => "The register of reactive import",
        Field::ReactiveEnergyExportKvarh => "The register of reactive export",
        Field::DieselConsumptionLiters => "The counter of diesel",
        Field::RuntimeHours => "The counter of running hours",
        _ => "The register",
    }
}

/// A figure of a register, to a thousandth and without places that say nothing.
fn exact(value: f64) -> String {
    let text = fixed(value, 3);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}
