//! Where balances cannot be computed, those at fault are found and left out: the others are computed.

use futures::FutureExt as _;
use futures::future::BoxFuture;
use sqlx::{Connection as _, PgConnection};
use storage::losses::Analysis;
use storage::span::Key;

use super::{Ledger, Task};
use crate::Error;
use crate::operation::failures::caught;
use crate::rollup::Rollup;

/// Balances of a site that may fail at once. Where more do, the fault is not theirs, and finding all of
/// them would take long.
const MOST: usize = 16;

impl Rollup {
    /// Computes balances, or of those that fail whatever can be; whether all could be.
    pub(super) fn balance_or_parts<'a>(
        &'a self,
        connection: &'a mut PgConnection,
        ledger: &'a mut Ledger<'_>,
        tasks: &'a [Task],
    ) -> BoxFuture<'a, Result<bool, Error>> {
        async move {
            let mut part = connection.begin().await.map_err(storage::Error::from)?;
            let Err(error) = caught(self.balance_tasks(&mut part, ledger, tasks)).await else {
                part.commit().await.map_err(storage::Error::from)?;
                return Ok(true);
            };
            part.rollback().await.map_err(storage::Error::from)?;
            match tasks {
                _ if error.is_passing() => Err(error),
                _ if ledger.failed >= MOST => {
                    queue_again(connection, ledger, tasks).await?;
                    Ok(false)
                }
                [] => Ok(true),
                [task] => {
                    self.fail_balance(connection, ledger, task, &error).await?;
                    Ok(false)
                }
                _ => {
                    let (one, other) = tasks.split_at(tasks.len() / 2);
                    let one = self.balance_or_parts(&mut *connection, ledger, one).await?;
                    Ok(self.balance_or_parts(connection, ledger, other).await? && one)
                }
            }
        }
        .boxed()
    }

    /// Notes that a balance could not be computed: it waits again, or is set aside, and no older figure
    /// stands for it.
    async fn fail_balance(
        &self,
        connection: &mut PgConnection,
        ledger: &mut Ledger<'_>,
        task: &Task,
        error: &Error,
    ) -> Result<(), Error> {
        ledger.failed += 1;
        if !self.memory.failures.note(&mut *connection, task.part(), error).await? {
            return queue_again(connection, ledger, std::slice::from_ref(task)).await;
        }
        let none = Analysis { window: task.window(), resolution: task.resolution, balance: None };
        Ok(storage::losses::write(connection, &[none]).await?)
    }
}

async fn queue_again(
    connection: &mut PgConnection,
    ledger: &Ledger<'_>,
    tasks: &[Task],
) -> Result<(), Error> {
    let hour = |task: &Task| (task.node, ledger.site.hour_start(task.from));
    let hours: Vec<Key> = tasks.iter().map(hour).collect();
    Ok(storage::losses::queue(connection, &hours).await?)
}
