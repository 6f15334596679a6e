//! Keeps the index in step with the database, whoever writes to it.

use std::time::Duration;

use sqlx::PgPool;
use storage::grid::transformers::{self, Mark, Stored};
use tokio_util::sync::CancellationToken;

use super::copy::Grid;
use crate::Error;
use crate::operation::supervision::Pulse;

/// How often changes are looked for.
const EVERY: Duration = Duration::from_secs(1);
/// How often transformers are counted, in looks: a row deleted by plain SQL leaves no other trace.
const COUNTED_EVERY: u32 = 60;
/// Rows that are read at a time.
const PAGE: i64 = 50_000;

/// Reads all transformers, and follows their changes until the stop.
pub(crate) async fn run(pool: PgPool, grid: Grid, stop: CancellationToken, pulse: Pulse) {
    let following = async {
        let mut mark = None;
        let mut looks = 0;
        loop {
            match look(&pool, &grid, mark, looks).await {
                Ok(next) => {
                    mark = next;
                    pulse.beat();
                }
                Err(error) => {
                    tracing::warn!("transformers could not be read, trying again: {error}");
                }
            }
            looks = (looks + 1) % COUNTED_EVERY;
            tokio::time::sleep(EVERY).await;
        }
    };
    tokio::select! {
        () = following => {}
        () = stop.cancelled() => {}
    }
}

/// Takes in what changed since the mark, or all where there is none. Answers the next mark.
async fn look(
    pool: &PgPool,
    grid: &Grid,
    mark: Option<Mark>,
    looks: u32,
) -> Result<Option<Mark>, Error> {
    let _turn = grid.turn.lock().await;
    let next = transformers::mark(pool).await?;
    let Some(mark) = mark else {
        grid.replace(all(pool).await?);
        return Ok(Some(next));
    };
    grid.take_in(transformers::changed_since(pool, mark).await?);
    if looks == 0 {
        let stored = usize::try_from(transformers::count(pool).await?).unwrap_or_default();
        if stored < grid.index.read().len() {
            tracing::info!("transformers were deleted from the database; reading all again");
            return Ok(None);
        }
    }
    Ok(Some(next))
}

async fn all(pool: &PgPool) -> Result<Vec<Stored>, Error> {
    let mut all: Vec<Stored> = Vec::new();
    loop {
        let after = all.last().map_or(i64::MIN, |last| last.n);
        let page = transformers::page(pool, after, PAGE).await?;
        if page.is_empty() {
            return Ok(all);
        }
        all.extend(page);
    }
}
