//! How long things took.

use std::time::Instant;

use tokio::task::JoinSet;

use crate::Result;

/// Times in seconds.
#[derive(Default)]
pub(crate) struct Took(Vec<f64>);

impl Took {
    pub(crate) fn add(&mut self, since: Instant) {
        self.0.push(since.elapsed().as_secs_f64());
    }

    pub(crate) fn count(&self) -> usize {
        self.0.len()
    }

    pub(crate) fn micros(self, what: &str, target: Option<u32>) {
        self.line(what, 1e6, "µs", target);
    }

    pub(crate) fn millis(self, what: &str, target: Option<u32>) {
        self.line(what, 1e3, "ms", target);
    }

    fn line(mut self, what: &str, per_second: f64, unit: &str, target: Option<u32>) {
        self.0.sort_by(f64::total_cmp);
        let at = |thousandths: usize| {
            let place = self.0.len().saturating_sub(1) * thousandths / 1000;
            self.0.get(place).copied().unwrap_or(f64::NAN) * per_second
        };
        let target = target.map_or(String::new(), |target| format!("p99 {target} {unit}"));
        println!(
            "| {what}, p50 / p99 / p99.9 / most | {:.1} / {:.1} / {:.1} / {:.1} {unit} | {target} |",
            at(500),
            at(990),
            at(999),
            at(1000)
        );
    }
}

/// All that the tasks took.
pub(crate) async fn joined(mut tasks: JoinSet<Result<Took>>) -> Result<Took> {
    let mut all = Took::default();
    while let Some(took) = tasks.join_next().await {
        all.0.extend(took??.0);
    }
    Ok(all)
}
