//! The way out of the drivers.

use domain::Reading;
use tokio::sync::{mpsc, oneshot};

use crate::{Batch, Health, NotStored, Outcome};

/// The way out of the drivers: readings and health.
#[derive(Debug, Clone)]
pub struct Outbox {
    /// Readings to be stored. Bounded, so that a slow store slows its sources.
    pub batches: mpsc::Sender<Batch>,
    /// States of devices.
    pub health: mpsc::Sender<Health>,
}

impl Outbox {
    /// Hands readings over and waits until they are stored.
    ///
    /// # Errors
    /// [`NotStored`] when storage is unavailable: the source must not be acknowledged.
    pub async fn submit(&self, readings: Vec<Reading>) -> Result<Outcome, NotStored> {
        let (reply, answer) = oneshot::channel();
        self.batches.send(Batch { readings, reply }).await.map_err(|_| NotStored)?;
        answer.await.map_err(|_| NotStored)?
    }
}
