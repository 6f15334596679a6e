//! The metrics in the Prometheus text format, version 0.0.4.

use std::fmt::Write as _;

use domain::live::Status;
use domain::operation::task::Work;
use service::operation::disk::Disk;
use service::operation::supervision::Report;
use service::readings::ingest;
use service::{Metrics, rollup};

/// All families, in the order in which they are read best.
pub(crate) fn text(
    metrics: &Metrics,
    aside: Option<&[(Work, u64)]>,
    outliers: Option<u64>,
    disk: Option<Disk>,
) -> String {
    let mut text = Text(String::new());
    text.ingest(&metrics.ingest);
    text.gauge(
        "wattlens_ingest_queue_batches",
        "Batches that wait to be written.",
        &one(wide(metrics.queue_batches)),
    );
    text.gauge(
        "wattlens_live_subscribers",
        "Open live streams.",
        &one(wide(metrics.live_subscribers)),
    );
    text.rollup(&metrics.rollup);
    let meters = metrics.meters.iter();
    let meters: Vec<_> = meters
        .map(|&(status, count)| (format!("{{status=\"{}\"}}", word(status)), wide(count)))
        .collect();
    text.gauge("wattlens_meters", "Meters by status.", &meters);
    text.tasks(&metrics.tasks);
    if let Some(aside) = aside {
        let parts = Work::ALL.into_iter().map(|work| {
            let count = aside.iter().find(|(of, _)| *of == work).map_or(0, |(_, count)| *count);
            (format!("{{work=\"{}\"}}", work.as_str()), count)
        });
        text.gauge(
            "wattlens_set_aside",
            "Parts of the work that failed again and again and are left out.",
            &parts.collect::<Vec<_>>(),
        );
    }
    if let Some(outliers) = outliers {
        let what = "Values of readings that are kept and do not count, since they do not fit.";
        text.gauge("wattlens_outliers", what, &one(outliers));
    }
    if let Some(Disk { free, size }) = disk {
        let what = "of the disk of the private database.";
        text.gauge("wattlens_disk_free_bytes", &format!("Bytes left {what}"), &one(free));
        text.gauge("wattlens_disk_size_bytes", &format!("All bytes {what}"), &one(size));
    }
    text.0
}

type Sample = (String, u64);

struct Text(String);

impl Text {
    fn counter(&mut self, name: &str, help: &str, samples: &[Sample]) {
        self.family(name, "counter", help, samples);
    }

    fn gauge(&mut self, name: &str, help: &str, samples: &[Sample]) {
        self.family(name, "gauge", help, samples);
    }

    fn family(&mut self, name: &str, kind: &str, help: &str, samples: &[Sample]) {
        let _ = write!(self.0, "# HELP {name} {help}\n# TYPE {name} {kind}\n");
        for (labels, value) in samples {
            let _ = writeln!(self.0, "{name}{labels} {value}");
        }
    }

    fn ingest(&mut self, of: &ingest::Totals) {
        self.counter("wattlens_readings_accepted_total", "Readings stored.", &one(of.accepted));
        self.counter(
            "wattlens_readings_duplicate_total",
            "Readings that were there already.",
            &one(of.duplicates),
        );
        self.counter(
            "wattlens_readings_conflict_total",
            "Readings whose time held other values already.",
            &one(of.conflicts),
        );
        let refused = of.refused.iter();
        let refused: Vec<_> =
            refused.map(|(reason, &count)| (format!("{{reason=\"{reason}\"}}"), count)).collect();
        self.counter("wattlens_readings_refused_total", "Readings not taken.", &refused);
        self.counter(
            "wattlens_write_failures_total",
            "Writes that failed and were tried again.",
            &one(of.write_failures),
        );
    }

    fn rollup(&mut self, of: &rollup::Totals) {
        self.counter(
            "wattlens_rollup_intervals_total",
            "Quarter-hours computed and found changed.",
            &one(of.computed),
        );
        self.gauge(
            "wattlens_rollup_queue_intervals",
            "Quarter-hours that wait to be computed.",
            &one(of.waiting),
        );
        self.gauge(
            "wattlens_rollup_lag_seconds",
            "Seconds for which quarter-hours have been waiting.",
            &one(of.lag_seconds),
        );
        self.gauge(
            "wattlens_rollup_causes_waiting",
            "Days of nodes whose balance does not close and was not looked into yet.",
            &one(of.causes),
        );
    }

    fn tasks(&mut self, reports: &[Report]) {
        let of_each = |value: fn(&Report) -> u64| -> Vec<Sample> {
            let label = |report: &Report| format!("{{task=\"{}\"}}", report.task.as_str());
            reports.iter().map(|report| (label(report), value(report))).collect()
        };
        self.counter(
            "wattlens_task_restarts_total",
            "How often a task fell and was begun again.",
            &of_each(|report| report.restarts),
        );
        self.gauge(
            "wattlens_task_beat_age_seconds",
            "Seconds since a task last said that it goes on.",
            &of_each(|report| report.beat_age.as_secs()),
        );
    }
}

/// The samples of a family that has no labels.
fn one(value: u64) -> [Sample; 1] {
    [(String::new(), value)]
}

fn wide(count: usize) -> u64 {
    u64::try_from(count).unwrap_or(u64::MAX)
}

fn word(status: Status) -> &'static str {
    match status {
        Status::Online => "online",
        Status::Offline => "offline",
        Status::Error => "error",
        Status::Stale => "stale",
        Status::None => "none",
    }
}
