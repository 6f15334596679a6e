//! Keeps a leap of the clock in the database until nothing is left to do about it, so that a process that is killed
//! meanwhile leaves it to the next.

use std::time::Duration;

use domain::operation::leap::Leap;
use sqlx::PgPool;
use tokio::time::Instant;

use super::boot;
use crate::Error;

/// How long a database that did not take it is left alone.
const AGAIN: Duration = Duration::from_secs(1);

/// What the database says of a leap.
#[derive(Debug, Default, Clone, Copy, PartialEq)]
enum Stored {
    /// It was not asked yet.
    #[default]
    Unknown,
    Known(Option<Leap>),
}

/// What is known of a leap, and what of it is stored.
#[derive(Debug, Default)]
pub(super) struct Note {
    stored: Stored,
    /// The last leap that was not known to be over.
    last: Option<Leap>,
    failed: Option<Instant>,
}

/// The leap that an earlier process saw since the machine was started.
pub(super) async fn left(pool: &PgPool) -> Result<Option<Leap>, Error> {
    let Some(boot) = boot::id() else { return Ok(None) };
    Ok(storage::operation::clock_leaps::get(pool, &boot).await?)
}

impl Note {
    /// Stores what is known of a leap now, of one that is over until that is set right. Answers whether the database
    /// says so too.
    pub(super) async fn keep(&mut self, pool: &PgPool, leap: Option<Leap>, is_open: bool) -> bool {
        if self.failed.is_some_and(|failed| failed.elapsed() < AGAIN) {
            return false;
        }
        let kept = self.agree(pool, leap, is_open).await;
        self.failed = kept.is_err().then(Instant::now);
        if let Err(error) = &kept {
            tracing::warn!("how the clock leapt is not stored yet: {}", error.cause());
        }
        kept.is_ok()
    }

    async fn agree(
        &mut self,
        pool: &PgPool,
        leap: Option<Leap>,
        is_open: bool,
    ) -> Result<(), Error> {
        self.last = leap.or(self.last);
        let stored = match self.stored {
            Stored::Known(stored) => stored,
            Stored::Unknown => left(pool).await?,
        };
        self.last = self.last.or(stored);
        let wanted = if is_open { self.last } else { leap };
        match (wanted, boot::id()) {
            _ if self.stored == Stored::Known(wanted) => {}
            (Some(leap), Some(boot)) => {
                storage::operation::clock_leaps::set(pool, leap, &boot).await?;
            }
            (Some(_), None) => {}
            // What another start of the machine left says nothing of its clock now.
            (None, _) => storage::operation::clock_leaps::clear(pool).await?,
        }
        self.stored = Stored::Known(wanted);
        Ok(())
    }
}
