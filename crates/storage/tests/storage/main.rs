//! The store against a real Postgres server: `DATABASE_URL` names one where databases may be made.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on should say so and stop")]

mod accounts;
mod adoption;
mod bills;
mod derived;
mod devices;
mod guide;
mod insert;
mod lease;
mod loggers;
mod meters;
mod partitions;
mod pool;
mod refusals;
mod refused;
mod registers;
mod rollup;
mod rows;
mod sites;
mod world;
