//! Readings: one wide row per meter and instant.

pub mod cadences;
pub mod conflicts;
mod copy;
pub mod corrections;
mod field;
mod insert;
mod neighbours;
mod next;
pub mod partitions;
mod redate;
pub mod refused;
mod registers;
mod rows;
mod simulated;
mod spans;

use chrono::{DateTime, Utc};
use domain::{Field, Quality, Reading, Values, is_measurable};
use sqlx::postgres::PgRow;
use sqlx::{FromRow, Row as _};

pub use copy::{fewest_copied, insert_new};
pub use field::{FieldAsked, field};
pub use insert::{Inserted, insert};
pub use neighbours::{Neighbours, neighbours};
pub use next::{last_of, next_of};
pub use redate::{redate, set_aside};
pub use registers::{Bracket, RegisterSample, brackets, recent};
pub use rows::{
    PowerStep, last, last_before, last_of_each, newest, page, power_steps, stored_since,
    written_by_sql_since,
};
pub use simulated::{newest_simulated, simulated, simulated_until};
pub use spans::{following, spans};

pub use crate::readings::partitions::move_default_rows;

/// The value columns, in the order of [`Field::ALL`].
macro_rules! value_columns {
    () => {
        "active_power_kw, active_power_kw_l1, active_power_kw_l2, active_power_kw_l3, \
         reactive_power_kvar, reactive_power_kvar_l1, reactive_power_kvar_l2, \
         reactive_power_kvar_l3, apparent_power_kva, power_factor, frequency_hz, rocof_hz_s, \
         voltage_l1, voltage_l2, voltage_l3, voltage_l12, voltage_l23, voltage_l31, current_l1, \
         current_l2, current_l3, total_energy_kwh, energy_import_kwh, energy_export_kwh, \
         reactive_energy_import_kvarh, reactive_energy_export_kvarh, diesel_consumption_liters, \
         runtime_hours"
    };
}

/// The columns of a [`Row`].
macro_rules! columns {
    () => {
        concat!("meter_id, \"timestamp\", quality, source, ", crate::readings::value_columns!())
    };
}

use {columns, value_columns};

/// A row of [`columns`].
struct Row(Reading);

impl FromRow<'_, PgRow> for Row {
    fn from_row(row: &PgRow) -> sqlx::Result<Self> {
        let mut quality = row.try_get(2)?;
        let mut values = Values::default();
        for (index, &field) in Field::ALL.iter().enumerate() {
            let stored: Option<f64> = row.try_get(index + 4)?;
            let value = stored.filter(|value| is_measurable(*value));
            // Only plain SQL can store what no meter shows: no value, and the row says that it is wrong.
            if value != stored {
                quality = Quality::Error;
            }
            values.set(field, value);
        }
        Ok(Self(Reading {
            meter: row.try_get(0)?,
            at: row.try_get::<DateTime<Utc>, _>(1)?,
            quality,
            source: row.try_get(3)?,
            values,
        }))
    }
}
