//! The lines by which somebody who waits knows what goes on, and how far it is.

use std::fmt::Display;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

const EVERY: Duration = Duration::from_secs(5);

/// Says something once.
pub fn say(text: impl Display) {
    eprintln!("   {text}");
}

/// Says that something begins, and every five seconds how far it is, until this is dropped.
#[derive(Debug)]
pub struct Progress {
    done: Arc<AtomicU64>,
    _end: mpsc::Sender<()>,
}

impl Progress {
    /// Begins. What is counted in it has no known end.
    pub fn new(what: impl Into<String>) -> Self {
        Self::begin(what.into(), String::new())
    }

    /// Begins something that is done once so many are counted.
    pub fn of(what: impl Into<String>, whole: u64) -> Self {
        Self::begin(what.into(), format!(" of {whole}"))
    }

    fn begin(what: String, of_whole: String) -> Self {
        say(&what);
        let (done, began) = (Arc::new(AtomicU64::new(0)), Instant::now());
        let (end, ended) = mpsc::channel();
        let counted = Arc::clone(&done);
        thread::spawn(move || {
            while ended.recv_timeout(EVERY) == Err(RecvTimeoutError::Timeout) {
                let far = match counted.load(Ordering::Relaxed) {
                    0 => String::new(),
                    done => format!(" {done}{of_whole},"),
                };
                say(format_args!("{what}:{far} {} s", began.elapsed().as_secs()));
            }
        });
        Self { done, _end: end }
    }

    /// Counts so many more.
    pub fn add(&self, count: u64) {
        self.done.fetch_add(count, Ordering::Relaxed);
    }
}
