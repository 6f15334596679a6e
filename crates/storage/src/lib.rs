//! What is kept: the Postgres schema and every SQL statement of the product.
//!
//! `migrations/` holds the schema. Each module holds one table: its row type, the conversion to the
//! domain's types and the statements, side by side. `readings` is the large one and has its statements
//! by use: ingest, rows, register boundaries, steps for charts. `partitions` makes the months that
//! readings are stored in. `pool` opens and migrates a database, `error` says what may go wrong.
//!
//! Not here: rules of metering (they are in `domain`), authorisation, caches of latest values, starting
//! a Postgres server (`cluster` does that). Statements are static strings with bound parameters and
//! name their columns; statements over readings keep `meter_id` first, so that they can be distributed.
//!
//! `examples/measure.rs` times the statements over readings. Depends on `domain` only.

pub mod alarm_agreement;
pub mod alarm_looks;
pub mod alarm_outbox;
pub mod alarm_recipients;
pub mod alarm_rules;
pub mod alarms;
pub mod audit;
pub mod backup;
pub mod bill_runs;
pub mod bills;
pub mod brokers;
pub mod cadences;
pub mod clock_leaps;
pub mod configuration;
pub mod conflicts;
pub mod connections;
pub mod corrections;
pub mod days;
pub mod derived;
pub mod devices;
pub mod energy;
pub mod energy_resources;
mod error;
pub mod events;
pub mod exchanges;
pub mod factors;
pub mod intervals;
pub mod lease;
pub mod loggers;
pub mod losses;
pub mod meter_events;
pub mod meters;
pub mod partitions;
pub mod placements;
mod pool;
pub mod quarantine;
pub mod readings;
pub mod recount;
pub mod refusals;
pub mod registers;
pub mod report_outbox;
pub mod report_schedules;
pub mod requeue;
pub mod retention;
pub mod retention_clock;
pub mod rollup;
pub mod set_aside;
pub mod simulated_meters;
pub mod simulation_clock;
pub mod sites;
pub mod spikes;
pub mod tariffs;
pub mod trades;
pub mod transformers;
pub mod unmetered;
pub mod virtual_meters;
pub mod zones;

pub use error::Error;
pub use pool::{MIGRATOR, beside, connect, migrate, migrate_if_empty, ping};
pub use sqlx::PgPool;
