//! Whose turn it is on a line.
//!
//! A serial line carries one conversation at a time, and many gateways take one connection only. The
//! task that polls a line and a person who looks at one of its units therefore take turns: whoever
//! holds a connection holds the turn, and the task gives both up when somebody waits. Turns are kept
//! for the whole process, since a line is one thing whoever speaks on it.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex, PoisonError, Weak};

use tokio::sync::{Mutex as Lock, OwnedMutexGuard, watch};

static LINES: LazyLock<Mutex<HashMap<String, Weak<Shared>>>> = LazyLock::new(Mutex::default);

/// What all who use a line share.
struct Shared {
    turn: Arc<Lock<()>>,
    /// How many wait.
    waiting: watch::Sender<usize>,
}

/// The right to speak on a line, until it is dropped.
pub(super) struct LineLock {
    shared: Arc<Shared>,
    _held: OwnedMutexGuard<()>,
}

impl LineLock {
    /// Waits for the turn on the line of this name; who came first goes first.
    pub(super) async fn take(line: &str) -> Self {
        let shared = shared(line);
        let waiting = Waiting::begin(&shared);
        let held = shared.turn.clone().lock_owned().await;
        drop(waiting);
        Self { shared, _held: held }
    }

    /// Returns when somebody else waits for the turn.
    pub(super) fn wanted(&self) -> impl Future<Output = ()> + Send + use<> {
        let mut waiting = self.shared.waiting.subscribe();
        async move {
            // An error is that nobody uses the line any more.
            waiting.wait_for(|&waiting| waiting > 0).await.ok();
        }
    }
}

fn shared(line: &str) -> Arc<Shared> {
    let mut lines = LINES.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(shared) = lines.get(line).and_then(Weak::upgrade) {
        return shared;
    }
    lines.retain(|_, shared| shared.strong_count() > 0);
    let shared = Arc::new(Shared { turn: Arc::default(), waiting: watch::Sender::new(0) });
    lines.insert(line.to_owned(), Arc::downgrade(&shared));
    shared
}

/// Somebody waits, also until the waiting is given up.
struct Waiting<'a>(&'a Shared);

impl<'a> Waiting<'a> {
    fn begin(shared: &'a Shared) -> Self {
        shared.waiting.send_modify(|waiting| *waiting += 1);
        Self(shared)
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.waiting.send_modify(|waiting| *waiting -= 1);
    }
}

#[cfg(test)]
mod tests {
    use futures::FutureExt;

    use super::*;

    #[tokio::test]
    async fn one_at_a_time_and_the_holder_learns_that_another_waits() {
        let first = LineLock::take("one").await;
        assert!(first.wanted().now_or_never().is_none());
        let mut second = Box::pin(LineLock::take("one"));
        assert!((&mut second).now_or_never().is_none());
        first.wanted().await;
        drop(first);
        let second = second.await;
        assert!(second.wanted().now_or_never().is_none());
    }

    #[tokio::test]
    async fn who_gives_up_waiting_is_not_waited_for() {
        let held = LineLock::take("two").await;
        assert!(LineLock::take("two").now_or_never().is_none());
        assert!(held.wanted().now_or_never().is_none());
    }

    #[tokio::test]
    async fn other_lines_are_not_concerned() {
        let _held = LineLock::take("three").await;
        assert!(LineLock::take("four").now_or_never().is_some());
    }
}
