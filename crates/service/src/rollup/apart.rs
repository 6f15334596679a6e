//! A batch that fails is taken apart, down to the quarter-hour that is at fault: the others are computed.

use std::sync::atomic::Ordering::Relaxed;

use domain::operation::task::Work;
use futures::FutureExt as _;
use futures::future::BoxFuture;
use storage::operation::set_aside::Part;
use storage::span::Key;

use super::Rollup;
use super::claims::{Run, runs};
use crate::Error;
use crate::operation::failures::caught;

/// Quarter-hours that may fail in one round. Where more do, the fault is not theirs, and taking all of
/// them apart would take long.
const MOST: u32 = 16;

impl Rollup {
    /// Computes a batch, or of one that fails whatever can be.
    pub(super) fn batch_or_parts(&self, batch: Vec<Run>) -> BoxFuture<'_, Result<(), Error>> {
        async move {
            let claims: Vec<Key> = batch.iter().flat_map(|run| run.claims.clone()).collect();
            let Err(error) = caught(self.batch(batch)).await else {
                self.memory
                    .failures
                    .forget(|failed| claims.iter().any(|done| part(*done) == *failed));
                return Ok(());
            };
            match claims.as_slice() {
                _ if error.is_passing() => Err(error),
                [] => Ok(()),
                [claim] => self.fail_quarter(*claim, error).await,
                _ => {
                    let (one, other) = claims.split_at(claims.len() / 2);
                    self.batch_or_parts(runs(one)).await?;
                    self.batch_or_parts(runs(other)).await
                }
            }
        }
        .boxed()
    }

    /// Notes that a quarter-hour could not be computed: it is tried again in the next round, or set aside.
    async fn fail_quarter(&self, claim: Key, error: Error) -> Result<(), Error> {
        let mut transaction = self.pool.begin().await.map_err(storage::Error::from)?;
        if self.memory.failures.note(&mut transaction, part(claim), &error).await? {
            storage::rollup::drop_claim(&mut transaction, claim).await?;
        }
        transaction.commit().await.map_err(storage::Error::from)?;
        let failed = self.memory.failed.fetch_add(1, Relaxed) + 1;
        if failed < MOST { Ok(()) } else { Err(error) }
    }
}

fn part((meter, start): Key) -> Part {
    Part::of_meter(Work::Energy, meter, start)
}
