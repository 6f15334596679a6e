//! How long a line is left alone after connecting, before it is asked.
//!
//! Some gateways connect to what is behind them only now, and swallow requests meanwhile. Where no
//! setting says how long that takes, it is learned from a request that had to be asked twice.

use std::collections::HashMap;
use std::sync::{LazyLock, Mutex, PoisonError};
use std::time::Duration;

use domain::devices::Line;

static LEARNED: LazyLock<Mutex<HashMap<String, Duration>>> = LazyLock::new(Mutex::default);

/// Answers lost now and then must not let the wait grow without end.
const LONGEST_LEARNED: Duration = Duration::from_secs(10);

/// The wait that is set, else the learned one.
pub(super) fn of(line: &Line) -> Duration {
    line.first_wait().unwrap_or_else(|| {
        let learned = LEARNED.lock().unwrap_or_else(PoisonError::into_inner);
        learned.get(&line.name()).copied().unwrap_or_default()
    })
}

/// Remembers that the line answered what was asked this long after connecting, and nothing before.
pub(super) fn learn(line: &Line, wait: Duration) {
    let mut learned = LEARNED.lock().unwrap_or_else(PoisonError::into_inner);
    learned.insert(line.name(), wait.min(LONGEST_LEARNED));
}
