//! Times and values that people enter.

use chrono::{DateTime, Datelike as _, NaiveDate, Utc};
use domain::energy::refusal::EnergyRefusal;
use domain::entry::Entry;
use domain::period::FIRST_YEAR;
use domain::period::refusal::TimeRefusal;
use domain::{MeterId, is_measurable};
use sqlx::PgExecutor;

use crate::{Error, instants};
use instants::AHEAD;

/// Refuses a day that no tariff or factor has.
pub(crate) fn day(field: &str, day: NaiveDate) -> Result<(), Error> {
    match day.year() {
        ..FIRST_YEAR => Err(too_early(field)),
        FIRST_YEAR..=9999 => Ok(()),
        _ => Err(too_late(field)),
    }
}

/// Refuses a time that nothing has.
pub(crate) fn time(field: &str, at: DateTime<Utc>) -> Result<(), Error> {
    if at < instants::EARLIEST {
        return Err(too_early(field));
    }
    if at >= instants::FAR {
        return Err(too_late(field));
    }
    Ok(())
}

fn too_early(field: &str) -> Error {
    Error::refused("too_early", TimeRefusal::TooEarly { year: FIRST_YEAR }).at(field)
}

fn too_late(field: &str) -> Error {
    Error::invalid(field, TimeRefusal::TooLate)
}

/// An instant at which something happened, as the database keeps it; `now` is the site's present.
pub(crate) fn past(
    field: &str,
    at: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Result<DateTime<Utc>, Error> {
    time(field, at)?;
    if at > now + AHEAD {
        return Err(Error::refused("future_timestamp", TimeRefusal::Future { at }).at(field));
    }
    Ok(instants::stored(at))
}

/// Refuses a value that no meter shows, and what is no number.
pub(crate) fn measurable(field: &str, value: f64) -> Result<(), Error> {
    if is_measurable(value) {
        return Ok(());
    }
    let name = field.rsplit('.').next().unwrap_or(field).to_owned();
    Err(Error::refused("beyond_measure", Entry::BeyondMeasure { name }).at(field))
}

/// Refuses to change what can no longer be computed again.
pub(crate) async fn computable(
    db: impl PgExecutor<'_>,
    meter: MeterId,
    at: DateTime<Utc>,
) -> Result<(), Error> {
    if storage::recount::requeue::is_frozen(db, meter, at).await? {
        Err(frozen(at))
    } else {
        Ok(())
    }
}

/// The refusal of a change to a time whose readings are gone.
pub(crate) fn frozen(at: DateTime<Utc>) -> Error {
    Error::refused("period_frozen", EnergyRefusal::Frozen { at }).at("timestamp")
}
