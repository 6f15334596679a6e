//! Keeps a leap of the clock in the database until nothing is left to do about it, so that a process that is killed
//! meanwhile leaves it to the next.

use std::time::Duration;

use domain::leap::Leap;
use tokio::time::Instant;

use crate::{Error, Service};

/// How long a database that did not take it is left alone.
const AGAIN: Duration = Duration::from_secs(1);

/// What the database says of a leap.
#[derive(Debug, Default)]
pub(super) struct Note {
    /// Which start of the machine this is; none where the system does not tell.
    boot: Option<String>,
    /// Not known before the database answers for the first time.
    stored: Option<Option<Leap>>,
    /// The last leap that was not known to be over.
    last: Option<Leap>,
    failed: Option<Instant>,
}

impl Note {
    /// Stores what is known of a leap now, of one that is over until that is set right. Answers whether the database
    /// says so too.
    pub(super) async fn keep(
        &mut self,
        service: &Service,
        leap: Option<Leap>,
        is_open: bool,
    ) -> bool {
        self.last = leap.or(self.last);
        if self.failed.is_some_and(|failed| failed.elapsed() < AGAIN) {
            return false;
        }
        let kept = self.agree(service, leap, is_open).await;
        self.failed = kept.is_err().then(Instant::now);
        if let Err(error) = &kept {
            tracing::warn!("how the clock leapt is not stored yet: {}", error.cause());
        }
        kept.is_ok()
    }

    async fn agree(
        &mut self,
        service: &Service,
        leap: Option<Leap>,
        is_open: bool,
    ) -> Result<(), Error> {
        let pool = service.pool();
        let Some(stored) = self.stored else {
            self.boot = boot();
            let earlier = match &self.boot {
                Some(boot) => storage::clock_leaps::get(pool, boot).await?,
                None => None,
            };
            match earlier {
                Some(earlier) => {
                    service.computer().remember(earlier);
                    self.last.get_or_insert(earlier);
                }
                // What was seen before the machine was started anew says nothing of its clock now.
                None => storage::clock_leaps::clear(pool).await?,
            }
            self.stored = Some(earlier);
            return Ok(());
        };
        let wanted = if is_open { self.last } else { leap };
        match (wanted, &self.boot) {
            _ if wanted == stored => return Ok(()),
            (Some(leap), Some(boot)) => storage::clock_leaps::set(pool, leap, boot).await?,
            (Some(_), None) => {}
            (None, _) => storage::clock_leaps::clear(pool).await?,
        }
        self.stored = Some(wanted);
        Ok(())
    }
}

/// Since when the machine's clock was never switched off: one that begins anew with a wrong time, and is set later, was
/// not ahead before.
fn boot() -> Option<String> {
    let told = std::fs::read_to_string("/proc/sys/kernel/random/boot_id").ok()?;
    Some(told.trim().to_owned())
}
