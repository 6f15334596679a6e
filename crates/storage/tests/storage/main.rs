//! The store against a real Postgres server: `DATABASE_URL` names one where databases may be made.

mod devices;
mod guide;
mod insert;
mod meters;
mod partitions;
mod refusals;
mod registers;
mod rows;
mod sites;
mod world;
