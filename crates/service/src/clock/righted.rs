//! Sets right what was dated by a clock that was ahead for a while.
//!
//! Meters that say no time are dated by the computer's clock. Where that leaps ahead and is set back by as much,
//! what came meanwhile lies in the future: it would be taken for a step of the register when that time comes.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use domain::leap::Watch;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::AHEAD;
use crate::supervision::Pulse;
use crate::{Error, Service};

/// How often the clock is looked at.
const LOOK: Duration = Duration::from_secs(1);
/// How often, and for how long, it is looked for what a wrong clock dated: some of it is still on its way.
const SEEK: Duration = Duration::from_secs(5);
const SOUGHT_FOR: Duration = Duration::from_mins(10);

/// What is to be set right: by how much the clock was ahead, and since when it is not any more.
#[derive(Debug, Clone, Copy)]
struct Task {
    by: TimeDelta,
    since: Instant,
    next: Instant,
}

/// Runs until the stop signal.
pub(crate) async fn run(service: Service, stop: CancellationToken, pulse: Pulse) {
    let begun = Instant::now();
    let mut watch = Watch::new(Utc::now());
    let mut task: Option<Task> = None;
    while stop.run_until_cancelled(tokio::time::sleep(LOOK)).await.is_some() {
        let now = Instant::now();
        let passed = TimeDelta::from_std(now - begun).unwrap_or(TimeDelta::MAX);
        if let Some(by) = watch.look(passed, Utc::now()) {
            tracing::warn!("the clock was ahead by {} s and is set right", by.num_seconds());
            task = Some(Task { by, since: now, next: now });
        }
        let Some(due) = task.filter(|task| task.next <= now) else {
            pulse.beat();
            continue;
        };
        match right(&service, due.by, Utc::now()).await {
            Ok(count) => {
                pulse.beat();
                if count > 0 {
                    tracing::info!("{count} readings that the clock dated too late are dated anew");
                }
                let is_over = now - due.since > SOUGHT_FOR;
                task = (!is_over).then_some(Task { next: now + SEEK, ..due });
            }
            Err(error) => {
                let cause = error.cause();
                tracing::warn!("what the clock dated too late is not set right yet: {cause}");
                task = Some(Task { next: now + SEEK, ..due });
            }
        }
    }
}

/// Dates anew what the meters of real sites show later than the present, by which a clock was ahead that is
/// right now; answers how many readings these were.
///
/// # Errors
/// The database fails; then nothing is changed.
pub async fn right(service: &Service, by: TimeDelta, now: DateTime<Utc>) -> Result<u64, Error> {
    let meters = service.registry().known().real_meters();
    let (after, until) = (now + AHEAD, now + by + AHEAD);
    Ok(storage::readings::redate(service.pool(), &meters, after, until, by).await?)
}
