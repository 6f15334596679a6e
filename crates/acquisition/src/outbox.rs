//! The way out of the drivers.

use std::time::Duration;

use domain::Reading;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use crate::backoff::Backoff;
use crate::{Health, Inlet, NotStored, Outcome};

/// The way out of the drivers: readings and health.
#[derive(Debug, Clone)]
pub struct Outbox {
    /// Readings to be stored. Bounded, so that a slow store slows its sources.
    pub batches: Inlet,
    /// States of devices.
    pub health: mpsc::Sender<Health>,
}

/// How long readings in hand are still offered after the order to stop.
const GRACE: Duration = Duration::from_secs(2);

impl Outbox {
    /// Hands readings over and waits until they are stored.
    ///
    /// # Errors
    /// [`NotStored`] when storage is unavailable: the source must not be acknowledged.
    pub async fn submit(&self, readings: Vec<Reading>) -> Result<Outcome, NotStored> {
        self.batches.submit(readings).await
    }

    /// Offers readings until they are stored, or until shortly after `stop`. `None` when they were
    /// not stored.
    pub(crate) async fn deliver(
        &self,
        readings: Vec<Reading>,
        stop: &CancellationToken,
    ) -> Option<Outcome> {
        let count = readings.len();
        let too_late = async {
            stop.cancelled().await;
            tokio::time::sleep(GRACE).await;
        };
        tokio::select! {
            outcome = self.offer(readings) => {
                for refusal in &outcome.refused {
                    tracing::warn!(meter = %refusal.meter, at = %refusal.at, reason = %refusal.reason,
                        "a reading was refused");
                }
                Some(outcome)
            }
            () = too_late => {
                tracing::warn!(count, "readings were not stored before the stop");
                None
            }
        }
    }

    async fn offer(&self, readings: Vec<Reading>) -> Outcome {
        let mut backoff = Backoff::new(Duration::from_millis(250), Duration::from_secs(15));
        loop {
            match self.submit(readings.clone()).await {
                Ok(outcome) => return outcome,
                Err(NotStored) => tokio::time::sleep(backoff.fail()).await,
            }
        }
    }
}
