//! How much memory the program takes, over time.

use std::fs;
use std::sync::Arc;
use std::time::Duration;

use parking_lot::Mutex;
use tokio::task::JoinHandle;
use tokio::time::interval;

const EVERY: Duration = Duration::from_secs(5);
/// Samples of one process that tell anything: what it needs at the start is not counted.
const ENOUGH: usize = 108;

/// What is seen: the process, and its memory in kB.
type Samples = Arc<Mutex<Vec<(u32, u64)>>>;

/// Looks at the program until it is dropped.
pub(crate) struct Watch {
    process: Arc<Mutex<Option<u32>>>,
    samples: Samples,
    looking: JoinHandle<()>,
}

impl Watch {
    pub(crate) fn start() -> Self {
        let (process, samples) = (Arc::<Mutex<Option<u32>>>::default(), Samples::default());
        let (watched, seen) = (Arc::clone(&process), Arc::clone(&samples));
        let looking = tokio::spawn(async move {
            let mut next = interval(EVERY);
            loop {
                next.tick().await;
                let process = *watched.lock();
                seen.lock().extend(process.and_then(|id| Some((id, resident(id)?))));
            }
        });
        Self { process, samples, looking }
    }

    /// From now on another process is the program.
    pub(crate) fn follow(&self, process: Option<u32>) {
        *self.process.lock() = process;
    }

    /// The most that was seen, in kB.
    pub(crate) fn most(&self) -> u64 {
        self.samples.lock().iter().map(|(_, kb)| *kb).max().unwrap_or_default()
    }

    /// By how much the mean of the last third of the longest life is above that of the middle one, in per
    /// cent; none where no process lived long enough.
    pub(crate) fn growth(&self) -> Option<f64> {
        let samples = self.samples.lock();
        let lives = samples.chunk_by(|(a, _), (b, _)| a == b);
        let longest = lives.max_by_key(|life| life.len()).filter(|life| life.len() >= ENOUGH)?;
        let third = longest.len() / 3;
        let mean = |part: &[(u32, u64)]| {
            part.iter().map(|(_, kb)| *kb as f64).sum::<f64>() / part.len() as f64
        };
        let (middle, last) = (mean(&longest[third..2 * third]), mean(&longest[2 * third..]));
        Some(100.0 * (last / middle - 1.0))
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.looking.abort();
    }
}

fn resident(process: u32) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    line.split_whitespace().next()?.parse().ok()
}
