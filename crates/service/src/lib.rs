//! The use cases: what people and programs can do with Wattlens, each as one function.
//!
//! Every function takes the acting [`Principal`] and checks it there, once; REST handlers and server
//! functions only parse, call and answer. Here too: the one ingest path (validate, commit, then
//! acknowledge), the live state with its stream, the health of the devices and their secrets, the
//! engine of alarms.
//!
//! Each area has a folder; its `page` loads what pages show of it. The areas stand on floors
//! (`xtask/src/structure/areas.rs`), and each file uses what stands below its own: what all need, what
//! is computed from readings, what people do with it, what pages show. A function takes the [`Core`],
//! which all stand on. A use case that needs what areas keep in memory takes the [`Service`], which
//! holds both, and hands on the parts. [`tasks::TABLE`] lists what runs beside the use cases.
//!
//! Not here: SQL (that is `storage`), protocols (that is `acquisition`), formulas (those are
//! `domain`), HTTP and HTML. Of `acquisition` the types of a batch and of a device's health, the
//! reading of what loggers upload, and trials of a device are used; no driver is started here.

pub mod alarms;
#[cfg_attr(not(test), deny(clippy::indexing_slicing, clippy::string_slice))]
pub mod bills;
pub mod body;
pub mod carbon;
pub mod configuration;
mod core;
pub mod devices;
pub mod energy;
pub mod error;
pub mod grid;
pub mod history;
mod instants;
pub mod json;
#[cfg_attr(not(test), deny(clippy::indexing_slicing, clippy::string_slice))]
pub mod live;
pub mod losses;
pub mod meters;
mod named;
pub mod operation;
mod optimistic_lock;
pub mod overview;
pub mod pages;
mod patch;
pub mod people;
#[cfg_attr(not(test), deny(clippy::indexing_slicing, clippy::string_slice))]
mod prices;
pub mod readings;
mod recent;
mod recount;
mod registry;
pub mod reports;
mod request_cache;
mod resolve;
pub mod retention;
pub mod rollup;
mod service;
pub mod simulation;
pub mod sites;
pub mod tasks;
mod validity;
pub mod vault;
mod window;

pub use crate::core::Core;
pub use crate::people::principal::Principal;
pub use crate::service::{Metrics, Service};
pub use crate::tasks::{Tasks, start, start_quick, start_under};
pub use domain::people::Action;
pub use error::Error;
pub use named::{Named, named};
pub use patch::{Fixed, Patch, Patched};
pub use vault::Vault;
pub use window::SiteWindow;
