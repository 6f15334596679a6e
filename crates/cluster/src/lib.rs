//! The private Postgres cluster of an installation: found, created, started, adopted, stopped. And copies of
//! a database as one file, with the tools that come with Postgres.
//!
//! Without a database URL the server keeps its data in a cluster of its own under its data
//! folder. The cluster listens on a Unix socket only, in a folder no one else can enter, and
//! never runs as root.
//!
//! What may live here: processes, folders and files of Postgres. What may not: SQL beyond
//! creating the empty database, connection pools, anything asynchronous, any other crate of the
//! workspace.

mod binaries;
mod cluster;
mod dump;
mod error;
mod folder;
mod initdb;
mod owner;
mod postmaster;
mod socket;

pub use binaries::Binaries;
pub use cluster::{Cluster, Options};
pub use dump::{Step, Tools};
pub use error::Error;
