//! Which process works on a database: one at a time.
//!
//! The lease is an advisory lock of a session of its own, so that it ends with the process that holds it,
//! however that ends; where its whole machine is gone, keep-alives tell within some 15 s.

use std::time::Duration;

use chrono::{DateTime, Utc};
use sqlx::{Connection as _, PgConnection, PgPool};
use tokio::time::timeout;

use crate::Error;

/// The lock; chosen at random.
const KEY: i32 = 1_618_033_989;
/// How soon a session whose machine is gone is closed, where it came over TCP.
const KEEP_ALIVE: [(&str, &str); 3] =
    [("tcp_keepalives_idle", "5"), ("tcp_keepalives_interval", "5"), ("tcp_keepalives_count", "2")];
/// How long the database may take to say that the lease is held.
const PATIENCE: Duration = Duration::from_secs(10);

/// The right to work on a database, as long as this lives and its session does.
#[derive(Debug)]
pub struct Lease(PgConnection);

/// Who holds a lease.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holder {
    /// As it called itself.
    pub name: String,
    /// Since when.
    pub since: DateTime<Utc>,
}

/// What came of asking for a lease.
#[derive(Debug)]
pub enum LeaseAnswer {
    /// It is ours.
    Held(Lease),
    /// It is ours by an earlier session, which the database has not seen the end of yet: one to ask again for.
    HeldBefore,
    /// Another process has it.
    By(Holder),
}

impl Lease {
    /// Asks for the lease of the database of a pool, by a name of at most 63 bytes that no other process has.
    ///
    /// # Errors
    /// The database cannot be asked.
    pub async fn ask(pool: &PgPool, name: &str) -> Result<LeaseAnswer, Error> {
        timeout(PATIENCE, Self::asked(pool, name)).await.map_err(|_| sqlx::Error::PoolTimedOut)?
    }

    async fn asked(pool: &PgPool, name: &str) -> Result<LeaseAnswer, Error> {
        let options = (*pool.connect_options()).clone().application_name(name).options(KEEP_ALIVE);
        let mut session = PgConnection::connect_with(&options).await?;
        let is_held: bool = sqlx::query_scalar("SELECT pg_try_advisory_lock($1, 0)")
            .bind(KEY)
            .fetch_one(&mut session)
            .await?;
        if is_held {
            return Ok(LeaseAnswer::Held(Self(session)));
        }
        let holder: Option<(String, DateTime<Utc>)> = sqlx::query_as(
            "SELECT holder.application_name, holder.backend_start \
             FROM pg_locks AS lock JOIN pg_stat_activity AS holder USING (pid) \
             WHERE lock.locktype = 'advisory' AND lock.granted AND lock.objsubid = 2 \
                 AND lock.classid = $1::bigint::oid AND lock.objid = 0 \
                 AND lock.database = (SELECT oid FROM pg_database WHERE datname = current_database())",
        )
        .bind(i64::from(KEY))
        .fetch_optional(&mut session)
        .await?;
        session.close().await?;
        // It may have gone meanwhile: whoever asks again finds out.
        let (holds, since) = holder.unwrap_or_else(|| ("another process".to_owned(), Utc::now()));
        let is_own = holds == name;
        Ok(if is_own {
            LeaseAnswer::HeldBefore
        } else {
            LeaseAnswer::By(Holder { name: holds, since })
        })
    }

    /// Makes sure that its session goes on.
    ///
    /// # Errors
    /// It does not: the lease may be lost.
    pub async fn hold(&mut self) -> Result<(), Error> {
        let answered = sqlx::query("SELECT 1").execute(&mut self.0);
        timeout(PATIENCE, answered).await.map_err(|_| sqlx::Error::PoolTimedOut)??;
        Ok(())
    }

    /// Gives it back.
    pub async fn release(self) {
        if let Err(error) = self.0.close().await {
            tracing::debug!("the session of the lease was gone already: {error}");
        }
    }
}
