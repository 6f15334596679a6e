//! The worker behind runs. What it has done and where it is are stored in one transaction, so that it
//! can be killed at any time and goes on where it was.

use std::sync::Arc;
use std::time::Duration;

use domain::MeterId;
use domain::bills::{Run, RunState};
use futures::StreamExt as _;
use storage::bills::runs;
use tokio_util::sync::CancellationToken;

use super::apart::Biller;
use super::aside;
use crate::bills::Billing;
use crate::operation::clock;
use crate::operation::failures::{Failures, caught};
use crate::operation::supervision::Pulse;
use crate::{Core, Error, sites};

/// Runs are looked for this often.
const LOOK: Duration = Duration::from_millis(500);
/// A run that waits for energy to be computed waits this long before all that its bills rest on is asked for again.
const AGAIN: Duration = Duration::from_secs(2);
/// Meters of a piece that are priced by the day, and by the quarter-hour: a hundred times the rows.
const BY_DAY: usize = 1_000;
const BY_QUARTER: usize = 100;
/// Pieces that are read and computed while others are written.
const AHEAD: usize = 2;

/// Does the runs there are, one after the other, until it is told to stop, and tries again what stood
/// aside of them.
pub(crate) async fn work(core: Core, stop: CancellationToken, pulse: Pulse) {
    let failures = Failures::default();
    let all = async {
        loop {
            let tried = aside::try_again(&core, &failures, &pulse).await;
            match one(&core, &failures, &pulse).await.and(tried) {
                Ok(()) => pulse.beat(),
                Err(error) => tracing::warn!(%error, "a run of bills is tried again"),
            }
            tokio::time::sleep(LOOK).await;
        }
    };
    stop.run_until_cancelled(Box::pin(all)).await;
}

/// Goes on with the oldest run. A database that is away leaves it under way; any other fault that is not of
/// a bill ends it.
async fn one(core: &Core, failures: &Failures, pulse: &Pulse) -> Result<(), Error> {
    let pool = core.pool();
    let Some(run) = runs::under_way(pool).await? else { return Ok(()) };
    let ended = match caught(go_on(core, &run, failures, pulse)).await {
        Ok(true) => runs::end(pool, run.id, RunState::Done, None).await?,
        Ok(false) => {
            tokio::time::sleep(AGAIN).await;
            None
        }
        Err(Error::Unavailable) => return Err(Error::Unavailable),
        Err(error) => {
            tracing::error!(run = %run.id, "a run of bills failed: {}", error.cause());
            runs::end(pool, run.id, RunState::Failed, Some(&error.message())).await?
        }
    };
    if let Some(run) = ended {
        tracing::info!(run = %run.id, done = run.done, issued = run.issued, "{}", run.state.as_str());
    }
    Ok(())
}

/// Whether the run came to its end; else it was cancelled, or goes on at the next look.
async fn go_on(core: &Core, run: &Run, failures: &Failures, pulse: &Pulse) -> Result<bool, Error> {
    let pool = core.pool();
    let site = sites::by_id(pool, run.site_id).await?;
    let now = clock::now(core, &site);
    let billing = Arc::new(Billing::load(pool, site, run.month, now).await?);
    let mut meters =
        storage::bills::to_bill(pool, run.site_id, billing.from(), billing.to()).await?;
    meters.retain(|meter| *meter > run.last_meter);
    let at_once = if billing.needs_quarters() { BY_QUARTER } else { BY_DAY };
    let pieces: Vec<Vec<MeterId>> = meters.chunks(at_once).map(<[MeterId]>::to_vec).collect();
    let biller = Biller { pool, billing, run, failures, pulse };
    let computed = futures::stream::iter(pieces).map(|piece| biller.ahead(piece)).buffered(AHEAD);
    let mut computed = std::pin::pin!(computed);
    let mut from = run.last_meter;
    while let Some((meters, piece)) = computed.next().await {
        if !biller.whole_or_parts(from, &meters, piece).await? {
            return Ok(false);
        }
        from = meters.last().copied().unwrap_or(from);
        pulse.beat();
    }
    Ok(true)
}
