//! What could not be computed and is left out.

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::task::Work;
use crate::MeterId;
use crate::message::Message;

/// What could not be computed of a meter, or by a schedule of reports.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "sqlx", derive(sqlx::FromRow))]
#[serde(rename_all = "camelCase")]
pub struct Aside {
    /// `energy`: quarter-hours of the meter; `hour`, `day`: balances of the node; `derived`: the points of
    /// a virtual meter; `bill`: bills of the meter; `report`: reports by mail.
    pub work: Work,
    /// The meter; null of reports, which are of a site.
    pub meter_id: Option<MeterId>,
    /// Its number.
    pub meter_number: Option<String>,
    /// Its name.
    pub meter_name: Option<String>,
    /// How many quarter-hours, hours, days or months.
    #[cfg_attr(feature = "sqlx", sqlx(try_from = "i64"))]
    pub parts: u64,
    /// The start of the first of them; of bills and reports midnight UTC of the first day of the month.
    pub first: DateTime<Utc>,
    /// The start of the last of them.
    pub last: DateTime<Utc>,
    /// Why the one that failed last did.
    pub error: String,
    /// The same by its code, with what stands in it.
    pub error_said: Message,
    /// When that was.
    pub failed_at: DateTime<Utc>,
    /// The schedule by which reports are sent; null of what is of a meter.
    pub schedule_id: Option<i64>,
}
