//! One process works on a database. Another one stands by, and takes over when the first is gone.

use std::panic::AssertUnwindSafe;
use std::process;
use std::sync::{Arc, LazyLock, OnceLock};

use acquisition::panic_message;
use chrono::Utc;
use futures::FutureExt as _;
use storage::PgPool;
use storage::operation::lease::{Holder, Lease, LeaseAnswer};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::standby::{StandBy, pause};
use crate::start::StartError;

/// Postgres takes names of sessions up to this length, in bytes.
const LONGEST_NAME: usize = 63;

/// The lease of the database, held until it is given back.
pub(crate) struct Held {
    looking_after: JoinHandle<()>,
    end: CancellationToken,
    lost: Arc<OnceLock<Holder>>,
}

impl Held {
    /// Gives it back; an error where another process had taken it.
    pub(crate) async fn release(self) -> Result<(), StartError> {
        self.end.cancel();
        if let Err(error) = self.looking_after.await {
            tracing::error!("what looks after the lease ended badly: {error}");
        }
        self.lost.get().map_or(Ok(()), |holder| Err(StartError::Replaced(holder.name.clone())))
    }
}

/// Waits for the lease, standing by where another process has it. None where it is stopped before. A lease
/// that is lost to another process stops the program.
pub(crate) async fn wait(
    pool: &PgPool,
    stand_by: &mut StandBy<'_>,
) -> Result<Option<Held>, StartError> {
    loop {
        let goes_on = match Lease::ask(pool, name()).await {
            Ok(LeaseAnswer::Held(lease)) => {
                return Ok(Some(hold(lease, pool.clone(), stand_by.stop().clone())));
            }
            Ok(LeaseAnswer::By(holder)) => stand_by.behind(holder).await?,
            Ok(LeaseAnswer::HeldBefore) => stand_by.pause().await,
            Err(error) if stand_by.is_waiting() => {
                tracing::warn!("the lease of the database could not be asked for: {error}");
                stand_by.pause().await
            }
            Err(error) => return Err(error.into()),
        };
        if !goes_on {
            return Ok(None);
        }
    }
}

fn hold(lease: Lease, pool: PgPool, stop: CancellationToken) -> Held {
    let (end, lost) = (CancellationToken::new(), Arc::<OnceLock<Holder>>::default());
    let until = stop.clone();
    let looking = look_after(lease, pool, end.clone(), stop, Arc::clone(&lost));
    let looking_after = tokio::spawn(async move {
        // With its session the lease is gone: another process may work on the database already.
        if let Err(panic) = AssertUnwindSafe(looking).catch_unwind().await {
            let cause = panic_message(panic.as_ref());
            tracing::error!("nobody looks after the lease any more, this process stops: {cause}");
            until.cancel();
        }
    });
    Held { looking_after, end, lost }
}

/// Holds the lease, asks for it again where its session ended, and stops the program where another process
/// was first.
async fn look_after(
    mut lease: Lease,
    pool: PgPool,
    end: CancellationToken,
    stop: CancellationToken,
    lost: Arc<OnceLock<Holder>>,
) {
    while pause(&end).await {
        let Err(error) = lease.hold().await else { continue };
        tracing::warn!("the session of the lease ended, it is asked for again: {error}");
        lease = loop {
            match Lease::ask(&pool, name()).await {
                Ok(LeaseAnswer::Held(lease)) => break lease,
                Ok(LeaseAnswer::By(holder)) => {
                    tracing::error!(
                        "{} works on this database now: this process stops",
                        holder.name
                    );
                    lost.set(holder).ok();
                    return stop.cancel();
                }
                Ok(LeaseAnswer::HeldBefore) => {
                    tracing::debug!("the database has not seen the end of the last session yet");
                }
                Err(error) => tracing::debug!("the lease cannot be asked for yet: {error}"),
            }
            if !pause(&end).await {
                return;
            }
        };
    }
    lease.release().await;
}

/// Who this is, for others to name it. In containers, hosts and processes of one name are common: the moment
/// it began tells them apart.
pub(crate) fn name() -> &'static str {
    static NAME: LazyLock<String> = LazyLock::new(|| {
        let begun = Utc::now().timestamp_subsec_micros();
        let number = format!(", process {} ({begun:05x})", process::id());
        let mut name =
            format!("wattlens on {}", nix::unistd::gethostname().unwrap_or_default().display());
        while name.len() + number.len() > LONGEST_NAME {
            name.pop();
        }
        name + &number
    });
    &NAME
}
