//! The way from the writer of readings to the live state.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::time::Duration;

use domain::Reading;
use domain::operation::task::Task;
use tokio::sync::mpsc;

use crate::operation::supervision::Supervision;

/// Committed groups that may wait for the live state: at three thousand readings each some 30 MB.
const WAITING_COMMITS: usize = 20;
/// A live state that is busy gets this long to take what was written.
const PATIENCE: Duration = Duration::from_secs(10);

/// The way on, to the live state.
pub(crate) fn channel(supervision: Supervision) -> (CommittedState, Committed) {
    let (to, readings) = mpsc::channel(WAITING_COMMITS);
    let missed = Arc::<AtomicBool>::default();
    (
        CommittedState { to, missed: Arc::clone(&missed), supervision },
        Committed { readings, missed },
    )
}

/// The way on to the live state.
#[derive(Clone)]
pub(crate) struct CommittedState {
    to: mpsc::Sender<Vec<Reading>>,
    /// Whether something was not taken, and what is stored has to be read again.
    missed: Arc<AtomicBool>,
    supervision: Supervision,
}

/// What was written, for the live state.
pub(crate) struct Committed {
    /// In the order in which it was written.
    pub(crate) readings: mpsc::Receiver<Vec<Reading>>,
    missed: Arc<AtomicBool>,
}

impl Committed {
    /// Whether something was written since that did not come here.
    pub(crate) fn missed(&self) -> bool {
        self.missed.swap(false, Relaxed)
    }
}

impl CommittedState {
    /// Hands on what was written. A live state that is down or hangs holds up no reading: it is waited for
    /// once, and reads from the database what it missed when it is back.
    pub(crate) async fn hand_on(&self, written: Vec<Reading>) {
        let is_behind = self.missed.load(Relaxed) || self.supervision.is_down(Task::Live);
        let wait = if is_behind { Duration::ZERO } else { PATIENCE };
        if written.is_empty() || self.to.send_timeout(written, wait).await.is_ok() {
            return;
        }
        if !self.missed.swap(true, Relaxed) {
            tracing::warn!("the live state takes no readings; what is stored is shown later");
        }
    }
}

#[cfg(test)]
mod tests {
    use chrono::Utc;
    use domain::{MeterId, Quality, Source, Values};
    use tokio_util::sync::CancellationToken;

    use super::*;

    #[tokio::test]
    async fn a_live_state_that_fell_holds_up_no_reading_and_learns_that_it_missed_some() {
        let (supervision, stop) = (Supervision::default(), CancellationToken::new());
        let fall = supervision.clone().keep(Task::Live, stop, |_| async { panic!("by test") });
        let kept = tokio::spawn(fall);
        while !supervision.is_down(Task::Live) {
            tokio::task::yield_now().await;
        }
        let (shown, committed) = channel(supervision);
        let reading = Reading {
            meter: MeterId(1),
            at: Utc::now(),
            quality: Quality::Good,
            source: Source::Api,
            values: Values::default(),
        };
        let all = async {
            for _ in 0..=WAITING_COMMITS {
                shown.hand_on(vec![reading.clone()]).await;
            }
        };
        tokio::time::timeout(PATIENCE, all).await.unwrap();
        assert!(committed.missed());
        assert!(!committed.missed(), "it is told once");
        kept.abort();
    }
}
