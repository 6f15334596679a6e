//! The one way in for readings, bounded in batches and in readings: what does not fit waits at its source.

use std::sync::Arc;

use domain::Reading;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc, oneshot};

use crate::{NotStored, Outcome};

/// Readings to be stored together.
#[derive(Debug)]
pub struct Batch {
    pub readings: Vec<Reading>,
    /// Answered after the commit; only then may the source be acknowledged.
    pub reply: oneshot::Sender<Result<Outcome, NotStored>>,
    /// The room that it takes until it is answered or dropped.
    room: OwnedSemaphorePermit,
}

impl Batch {
    /// What it brings, whom to answer, and the room that it takes until that is dropped.
    pub fn open(self) -> (Vec<Reading>, oneshot::Sender<Result<Outcome, NotStored>>, Room) {
        (self.readings, self.reply, Room { _taken: self.room })
    }
}

/// The room of readings that are being stored.
#[derive(Debug)]
pub struct Room {
    /// Gives it back when it is dropped.
    _taken: OwnedSemaphorePermit,
}

/// The way in; cheap to clone.
#[derive(Debug, Clone)]
pub struct Inlet {
    to: mpsc::Sender<Batch>,
    room: Arc<Semaphore>,
    /// Readings that may wait.
    most: u32,
}

/// A way in for as many batches with as many readings in all, and where they come out. A reading has a size of
/// its own, so that the readings bound the bytes.
pub fn inlet(batches: usize, readings: u32) -> (Inlet, mpsc::Receiver<Batch>) {
    let (to, waiting) = mpsc::channel(batches);
    let room = Semaphore::new(usize::try_from(readings).unwrap_or(Semaphore::MAX_PERMITS));
    (Inlet { to, room: Arc::new(room), most: readings }, waiting)
}

impl Inlet {
    /// Hands readings over and waits until they are stored. Of a caller that stops waiting nothing is left
    /// behind, unless it was being stored just then.
    ///
    /// # Errors
    /// [`NotStored`] when storage is unavailable: the source must not be acknowledged.
    pub async fn submit(&self, readings: Vec<Reading>) -> Result<Outcome, NotStored> {
        // A batch that is larger than all the room takes all of it.
        let wanted = u32::try_from(readings.len()).unwrap_or(u32::MAX).min(self.most);
        let room =
            Arc::clone(&self.room).acquire_many_owned(wanted).await.map_err(|_| NotStored)?;
        let (reply, answer) = oneshot::channel();
        self.to.send(Batch { readings, reply, room }).await.map_err(|_| NotStored)?;
        answer.await.map_err(|_| NotStored)?
    }

    /// Batches that wait.
    pub fn waiting(&self) -> usize {
        self.to.max_capacity() - self.to.capacity()
    }
}

#[cfg(test)]
mod tests {
    use domain::{MeterId, Quality, Source, Values};
    use futures::poll;

    use super::*;

    fn readings(count: i64) -> Vec<Reading> {
        let row = |n: i64| Reading {
            meter: MeterId(1),
            at: chrono::DateTime::from_timestamp(n, 0).unwrap(),
            quality: Quality::Good,
            source: Source::Api,
            values: Values::default(),
        };
        (0..count).map(row).collect()
    }

    #[tokio::test]
    async fn readings_wait_at_their_source_while_there_is_no_room() {
        let (inlet, mut waiting) = inlet(8, 100);
        let mut large = Box::pin(inlet.submit(readings(250)));
        assert!(poll!(large.as_mut()).is_pending());
        let mut small = Box::pin(inlet.submit(readings(1)));
        assert!(poll!(small.as_mut()).is_pending());
        assert_eq!(inlet.waiting(), 1, "the large one takes all the room");
        let (batch, reply, room) = waiting.recv().await.unwrap().open();
        assert_eq!(batch.len(), 250);
        assert!(poll!(small.as_mut()).is_pending());
        assert_eq!(inlet.waiting(), 0, "it is being stored and takes room still");
        reply.send(Ok(Outcome::default())).unwrap();
        drop(room);
        assert!(poll!(small.as_mut()).is_pending());
        assert_eq!(inlet.waiting(), 1);
        assert_eq!(large.await, Ok(Outcome::default()));
    }
}
