//! Times that people enter.

use chrono::{DateTime, Datelike as _, NaiveDate, TimeDelta, Utc};
use domain::MeterId;
use sqlx::PgExecutor;

use crate::{Error, window};

/// How far a clock may run ahead of its site's.
const AHEAD: TimeDelta = TimeDelta::minutes(5);

/// Refuses a day that no tariff or factor has.
pub(crate) fn day(field: &str, day: NaiveDate) -> Result<(), Error> {
    if (1900..=9999).contains(&day.year()) {
        return Ok(());
    }
    Err(Error::invalid(field, "give a day in the years 1900 to 9999"))
}

/// An instant at which something happened, as the database keeps it; `now` is the site's present.
pub(crate) fn past(
    field: &str,
    at: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Result<DateTime<Utc>, Error> {
    if !(window::EARLIEST..window::FAR).contains(&at) {
        return Err(Error::invalid(field, "give a time in the years 1900 to 9999"));
    }
    if at > now + AHEAD {
        return Err(Error::Invalid {
            code: "future_timestamp",
            field: Some(field.to_owned()),
            message: format!("{at} lies in the future: give a time that has passed"),
        });
    }
    Ok(window::stored(at))
}

/// Refuses to change what can no longer be computed again.
pub(crate) async fn computable(
    db: impl PgExecutor<'_>,
    meter: MeterId,
    at: DateTime<Utc>,
) -> Result<(), Error> {
    if storage::requeue::is_frozen(db, meter, at).await? { Err(frozen(at)) } else { Ok(()) }
}

/// The refusal of a change to a time whose readings are gone.
pub(crate) fn frozen(at: DateTime<Utc>) -> Error {
    Error::Invalid {
        code: "period_frozen",
        field: Some("timestamp".to_owned()),
        message: format!(
            "the readings around {at} are no longer kept, so its energy stays as it is; keep \
             readings longer by the site's retention.rawDays"
        ),
    }
}
