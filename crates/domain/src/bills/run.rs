//! A run over a site's month.

use chrono::{DateTime, Utc};
use serde::Serialize;
use uuid::Uuid;

use super::LeftOut;
use crate::ids::id;
use crate::message::{Message, maybe_in_english};
use crate::month::Month;
use crate::stored::words;
use crate::{MeterId, SiteId};

id!(
    /// A run.
    RunId(Uuid)
);

words!(
    /// Where a run stands.
    RunState {
        /// It goes on.
        Running = "running",
        /// It came to its end.
        Done = "done",
        /// Somebody ended it.
        Cancelled = "cancelled",
        /// Something was in its way that was no fault of one bill.
        Failed = "failed",
    }
);

/// A run, and how far it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "sqlx", derive(sqlx::FromRow))]
#[serde(rename_all = "camelCase")]
pub struct Run {
    /// Its UUID.
    pub id: Uuid,
    #[serde(skip)]
    pub site_id: SiteId,
    /// Slug of the site.
    pub site: String,
    /// The month.
    pub month: Month,
    /// Whether bills are issued, too.
    pub issue: bool,
    /// Who asked for it.
    pub who: String,
    /// Where it stands.
    pub state: RunState,
    /// Meters to bill.
    pub total: i32,
    /// Meters that are done.
    pub done: i32,
    /// Bills issued.
    pub issued: i32,
    /// Of these meters, those without a new bill, or whose bill was not issued.
    pub held_back: i32,
    /// Bills with something that somebody should look at: their `concerns` say what.
    pub doubtful: i32,
    /// The meter that was done last.
    #[serde(skip)]
    pub last_meter: MeterId,
    /// Why it failed.
    #[cfg_attr(feature = "schema", schemars(with = "Option<String>"))]
    #[serde(serialize_with = "maybe_in_english")]
    pub problem: Option<Message>,
    /// When it began, in real time.
    pub started_at: DateTime<Utc>,
    /// When it ended.
    pub finished_at: Option<DateTime<Utc>>,
}

/// A run with the meters that it leaves out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct RunDetail {
    /// The run.
    #[serde(flatten)]
    pub run: Run,
    /// The meters of the site that have no bill by it, as far as it has come, or whose bill it did not
    /// issue; by their numbers.
    pub left_out: Vec<LeftOutMeter>,
}

/// A meter that a run leaves out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "sqlx", derive(sqlx::FromRow))]
#[serde(rename_all = "camelCase")]
pub struct LeftOutMeter {
    /// Its id.
    pub meter_id: MeterId,
    /// Its number.
    pub meter_number: String,
    /// Its name.
    pub meter_name: String,
    /// Why.
    pub reason: LeftOut,
    /// Why, in words.
    #[cfg_attr(feature = "sqlx", sqlx(rename = "reason", try_from = "LeftOut"))]
    pub message: String,
}
