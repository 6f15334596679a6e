//! What is kept: the Postgres schema and every SQL statement of the product.
//!
//! `migrations/` holds the schema: a file for each area, as it was written down once. What changes from then on is
//! added as further files, with numbers from 50 on; those that are there never change, since databases know them by
//! their checksums. Each area has a folder, and in it each table a module: its row type, the conversion to the
//! domain's types and the statements, side by side. `readings` is the large one and has its statements by use:
//! ingest, rows, register boundaries, steps for charts. `pool` opens and migrates a database, `error` says what may
//! go wrong.
//!
//! Not here: rules of metering (they are in `domain`), authorisation, caches of latest values, starting
//! a Postgres server (`cluster` does that). Statements are static strings with bound parameters and
//! name their columns; statements over readings keep `meter_id` first, so that they can be distributed.
//!
//! `examples/measure.rs` times the statements over readings. Depends on `domain` only.

pub mod alarms;
pub mod bills;
pub mod carbon;
pub mod configuration;
pub mod devices;
pub mod energy;
mod error;
pub mod grid;
pub mod losses;
pub mod meters;
pub mod operation;
pub mod people;
mod pool;
pub mod readings;
pub mod recount;
pub mod reports;
pub mod rollup;
pub mod simulation;
pub mod sites;
pub mod span;

pub use error::Error;
pub use pool::{MIGRATOR, beside, connect, figures, migrate, migrate_if_empty, ping, showing};
pub use sqlx::PgPool;
