//! The clock by which old readings go: it follows the computer's, and stands still where that leapt.

use chrono::{DateTime, TimeDelta, Utc};
use domain::operation::retention::Clock;
use domain::people::Difference;
use schemars::JsonSchema;
use serde::Serialize;
use sqlx::PgPool;
use tokio::time::Instant;

use crate::people::audit::Change;
use crate::{Action, Core, Error, Principal};

/// The clock by which old readings go.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ClockView {
    /// What it shows: what is too old at this instant is dropped.
    pub at: DateTime<Utc>,
    /// What the computer's clock shows.
    pub now: DateTime<Utc>,
    /// When the computer's clock leapt, by that clock; null while it is believed.
    pub leapt_at: Option<DateTime<Utc>>,
}

impl ClockView {
    fn of(clock: Clock, now: DateTime<Utc>) -> Self {
        Self { at: clock.at, now, leapt_at: clock.leap.map(|leap| leap.seen) }
    }
}

/// How it stands.
///
/// # Errors
/// The caller may not see it; the database fails.
pub async fn standing(core: &Core, who: &Principal) -> Result<ClockView, Error> {
    who.require(Action::See)?;
    seen(core).await
}

/// Whether it leapt, and nobody has said since that it is right.
pub(crate) async fn has_leapt(core: &Core) -> Result<bool, Error> {
    Ok(seen(core).await?.leapt_at.is_some())
}

async fn seen(core: &Core) -> Result<ClockView, Error> {
    let now = Utc::now();
    let stored = storage::operation::retention_clock::get(core.pool()).await?;
    Ok(ClockView::of(stored.unwrap_or(Clock::new(now)), now))
}

/// Says that the computer's clock is right: what is too old by it is dropped within the hour.
///
/// # Errors
/// The caller may not say so; the database fails.
pub async fn confirm(core: &Core, who: &Principal) -> Result<ClockView, Error> {
    who.require(Action::Administer)?;
    let mut change = Change::begin(core, who).await?;
    let now = Utc::now();
    let stored = storage::operation::retention_clock::get(&mut *change.db).await?;
    let before = stored.unwrap_or(Clock::new(now));
    let clock = before.confirmed(now);
    storage::operation::retention_clock::set(&mut *change.db, clock).await?;
    let view = ClockView::of(clock, now);
    let difference = Difference::between(&ClockView::of(before, now), &view);
    change.commit_difference("retention.confirm_clock", "retention", difference).await?;
    Ok(view)
}

/// Lets the clock go on by the time that really passed.
pub(super) struct Measured {
    pool: PgPool,
    /// When it went on last, since this program started.
    last: Option<Instant>,
}

impl Measured {
    pub(super) const fn new(pool: PgPool) -> Self {
        Self { pool, last: None }
    }

    /// What it shows now.
    pub(super) async fn advance(&mut self) -> Result<DateTime<Utc>, Error> {
        let (measured, now) = (Instant::now(), Utc::now());
        let passed = self.last.map(|last| measured - last);
        let passed = passed.and_then(|passed| TimeDelta::from_std(passed).ok()).unwrap_or_default();
        let mut transaction = self.pool.begin().await.map_err(storage::Error::from)?;
        let stored = storage::operation::retention_clock::get(&mut *transaction).await?;
        let clock = stored.map_or(Clock::new(now), |clock| clock.advance(passed, now));
        storage::operation::retention_clock::set(&mut *transaction, clock).await?;
        transaction.commit().await.map_err(storage::Error::from)?;
        self.last = Some(measured);
        let was_believed = stored.is_none_or(|clock| clock.leap.is_none());
        if clock.leap.is_some() && was_believed {
            tracing::warn!(
                "the computer's clock leapt from about {} to {now}: old readings are kept until a \
                 person says in the settings that it is right, or until it has gone on for a week",
                clock.at
            );
        }
        Ok(clock.at)
    }
}
