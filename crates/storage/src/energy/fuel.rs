//! The time that the diesel of generators covers.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use domain::MeterId;
use domain::energy::interval::{Beside, Fuel};
use serde::Deserialize;
use sqlx::PgPool;
use sqlx::types::Json;

use crate::Error;

/// A day of a generator on which litres were counted.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FuelDay {
    /// The measuring point.
    pub meter: MeterId,
    pub day: NaiveDate,
    /// The time that they cover; none where nobody noted it: then it is the whole day.
    pub span: Option<FuelSpan>,
}

/// The time of a day that litres cover, and what was produced beside it.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct FuelSpan {
    /// The first quarter-hour with litres.
    pub first: Fuel,
    /// When it begins.
    first_start: DateTime<Utc>,
    /// The last quarter-hour with litres.
    pub last: Fuel,
    /// When it begins.
    last_start: DateTime<Utc>,
    /// What passed in the quarter-hours before the first.
    pub head: Beside,
    /// What passed in the quarter-hours after the last.
    pub rest: Beside,
}

impl FuelSpan {
    /// When the first quarter-hour with litres begins.
    pub fn begins(&self) -> DateTime<Utc> {
        self.first_start
    }

    /// When the last quarter-hour with litres ends.
    pub fn ends(&self) -> DateTime<Utc> {
        self.last_start + TimeDelta::minutes(15)
    }
}

type Row = (i64, NaiveDate, Option<Json<FuelSpan>>);

/// Of each meter the days on which litres were counted, from one to another, in order.
pub async fn fuel_days(
    pool: &PgPool,
    meters: &[MeterId],
    (first, last): (NaiveDate, NaiveDate),
) -> Result<Vec<FuelDay>, Error> {
    let rows: Vec<Row> = sqlx::query_as(
        "SELECT meter_id, day, fuel FROM energy_days \
         WHERE meter_id = ANY($1) AND day >= $2 AND day <= $3 AND diesel_l IS NOT NULL \
         ORDER BY meter_id, day",
    )
    .bind(meters)
    .bind(first)
    .bind(last)
    .fetch_all(pool)
    .await?;
    let day = |(meter, day, fuel): Row| FuelDay {
        meter: MeterId(meter),
        day,
        span: fuel.map(|Json(span)| span),
    };
    Ok(rows.into_iter().map(day).collect())
}
