//! The tasks that run as long as the program does: what each does, what it owns, and what it may lock.
//!
//! They stop in the order in which they stand here. `service` begins those in the middle by this table; the program
//! (`server::start`, `server::database`, `server::disk`) begins the first and the last ones, since it has what they
//! need, and keeps them under the same supervision.
//!
//! The advisory locks are those of `storage`, each held for one transaction: `storage::rollup` has that of the queue
//! and the worker's, `storage::losses` that of the hours, `storage::operation::retention` its own. Whoever takes both
//! takes that of the queue before that of the hours. The lease of the database (`storage::operation::lease`) is held by
//! the process, not by a task.

use domain::operation::task::Task;

/// A task, and what is its own.
#[derive(Debug, Clone, Copy)]
pub struct Background {
    /// Its name.
    pub task: Task,
    pub does: &'static str,
    /// Tables that no other task has: use cases may change rows of them.
    pub owns: &'static [&'static str],
    /// Tables of other tasks, or of none, of which it changes rows.
    pub changes: &'static [&'static str],
    /// What it keeps in memory.
    pub keeps: &'static str,
    /// What it may hold while others wait.
    pub locks: &'static [&'static str],
    /// When it stops.
    pub stops: Stops,
}

/// When a task stops; those of one time do so in the order of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stops {
    /// As soon as no request is under way any more.
    WithRequests,
    /// Before the writer, and the writer last of them: they make readings, or may wait for some to be stored.
    BeforeTheWriter,
    /// When nothing is written any more.
    AfterTheWriter,
    /// When nobody asks the database any more.
    WithTheDatabase,
}

const FILLS_THE_QUEUE: &str = "the queue, shared";
const EMPTIES_THE_QUEUE: &str = "the queue, alone";

/// All of them, in the order in which they stop.
pub const TABLE: [Background; Task::ALL.len()] = [
    Background {
        task: Task::Drivers,
        does: "reads the devices, and follows the registry with it",
        owns: &[],
        changes: &[],
        keeps: "the drivers (`acquisition::Supervisor`)",
        locks: &[],
        stops: Stops::WithRequests,
    },
    Background {
        task: Task::Disk,
        does: "looks after the room on the disk of the private database",
        owns: &[],
        changes: &[],
        keeps: "how full it was last (`operation::disk::Seen`)",
        locks: &[],
        stops: Stops::WithRequests,
    },
    Background {
        task: Task::Messages,
        does: "tells people of alarms, and of a full disk",
        owns: &["alarm_outbox"],
        changes: &["alarm_recipients"],
        keeps: "who knows of the disk, and whether there is a mail server (`alarms::tell`)",
        locks: &["rows of alarm_outbox that nobody has locked"],
        stops: Stops::WithRequests,
    },
    Background {
        task: Task::Reports,
        does: "sends reports by mail",
        owns: &["report_outbox"],
        changes: &["report_schedules", "set_aside"],
        keeps: "how often parts failed",
        locks: &["a row of report_outbox that nobody has locked"],
        stops: Stops::WithRequests,
    },
    Background {
        task: Task::World,
        does: "lets the clock of the simulated site go on, and makes the records of its meters",
        owns: &["simulation_clock"],
        changes: &[],
        keeps: "the world (`simulation::engine::world`), which a use case may hold still, and its clock in the registry",
        locks: &["the tables of months, while one is added"],
        stops: Stops::BeforeTheWriter,
    },
    Background {
        task: Task::Alarms,
        does: "raises and clears alarms",
        owns: &["alarms", "alarm_looks"],
        changes: &["alarm_outbox", "meter_events"],
        keeps: "the open alarms (`alarms::open`), and how far the rules have looked",
        locks: &[],
        stops: Stops::BeforeTheWriter,
    },
    Background {
        task: Task::Bills,
        does: "bills whole sites, piece by piece",
        owns: &["bill_runs", "bill_run_omissions"],
        changes: &["bills", "bill_numbers", "audit_log", "set_aside"],
        keeps: "how often parts failed",
        locks: &["a row of bill_numbers, until the bills of a piece are issued"],
        stops: Stops::BeforeTheWriter,
    },
    Background {
        task: Task::Derive,
        does: "writes the readings of virtual meters",
        owns: &["derived_anew"],
        changes: &["meter_readings", "meter_registers", "rollup_queue", "set_aside"],
        keeps: "meters that were left in the middle, and how often parts failed",
        locks: &[FILLS_THE_QUEUE, "a row of meter_registers"],
        stops: Stops::BeforeTheWriter,
    },
    Background {
        task: Task::Transformers,
        does: "follows the transformers of the grid",
        owns: &[],
        changes: &[],
        keeps: "all of them (`grid::copy`)",
        locks: &[],
        stops: Stops::BeforeTheWriter,
    },
    Background {
        task: Task::Writer,
        does: "stores readings, and acknowledges them",
        owns: &["meter_readings", "reading_conflicts", "refused_readings"],
        changes: &["rollup_queue"],
        keeps: "what was written, until the rules of alarms and the live state have it",
        locks: &[FILLS_THE_QUEUE],
        stops: Stops::BeforeTheWriter,
    },
    Background {
        task: Task::Live,
        does: "keeps what is shown live",
        owns: &[],
        changes: &[],
        keeps: "the live state (`live::LiveState`) and how devices are doing (`live::watch`)",
        locks: &[],
        stops: Stops::AfterTheWriter,
    },
    Background {
        task: Task::Today,
        does: "takes the stored figures of today into what is shown live",
        owns: &[],
        changes: &[],
        keeps: "of the live state what was counted today, what is normal, and how generators ran",
        locks: &[],
        stops: Stops::AfterTheWriter,
    },
    Background {
        task: Task::Rollup,
        does: "sums readings up into quarter-hours, days and losses",
        owns: &[
            "rollup_queue",
            "rollup_claims",
            "loss_queue",
            "energy_intervals",
            "energy_days",
            "power_loss_analysis",
            "quarantine",
            "outliers",
            "meter_registers",
            "meter_cadences",
        ],
        changes: &["meter_readings", "refused_readings", "set_aside"],
        keeps: "what it need not read again (`rollup::Memory`), and its figures (`rollup::Progress`)",
        locks: &["the worker's, all the while it computes", EMPTIES_THE_QUEUE, "the hours"],
        stops: Stops::AfterTheWriter,
    },
    Background {
        task: Task::Retention,
        does: "drops what is older than a site keeps, and freezes what was computed from it",
        owns: &["retention_clock"],
        changes: &[
            "meter_readings",
            "energy_intervals",
            "energy_days",
            "power_loss_analysis",
            "meter_registers",
            "outliers",
            "reading_conflicts",
            "refused_readings",
            "alarms",
            "meter_events",
            "audit_addresses",
            "audit_refusals",
        ],
        keeps: "nothing",
        locks: &[
            "retention's, all the while it drops",
            EMPTIES_THE_QUEUE,
            "a month, while it goes",
        ],
        stops: Stops::AfterTheWriter,
    },
    Background {
        task: Task::Clock,
        does: "sets right what was dated by a clock that was set back since",
        owns: &["clock_leaps"],
        changes: &["meter_readings", "meter_exchanges", "reading_corrections", "rollup_queue"],
        keeps: "what is known of the computer's clock (`operation::clock::Computer`)",
        locks: &[FILLS_THE_QUEUE],
        stops: Stops::AfterTheWriter,
    },
    Background {
        task: Task::Postgres,
        does: "looks after the private database",
        owns: &[],
        changes: &[],
        keeps: "its process (`cluster::Cluster`)",
        locks: &["its folder"],
        stops: Stops::WithTheDatabase,
    },
];

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn every_task_is_listed_once() {
        let listed: HashSet<Task> = TABLE.iter().map(|entry| entry.task).collect();
        let missing: Vec<Task> =
            Task::ALL.into_iter().filter(|task| !listed.contains(task)).collect();
        assert!(missing.is_empty(), "not in the table: {missing:?}");
    }

    #[test]
    fn tasks_stand_in_the_order_in_which_they_stop_and_the_writer_last_of_its_time() {
        assert!(TABLE.is_sorted_by_key(|entry| entry.stops));
        let before = TABLE.iter().rfind(|entry| entry.stops == Stops::BeforeTheWriter);
        assert_eq!(before.map(|entry| entry.task), Some(Task::Writer));
    }

    #[test]
    fn no_table_is_owned_by_two_tasks() {
        let mut owned = HashSet::new();
        for entry in &TABLE {
            for table in entry.owns {
                assert!(owned.insert(table), "{table} is owned by {:?}, too", entry.task);
            }
        }
    }
}
