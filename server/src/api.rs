//! Handlers of the API, one file per noun: read, call one use case, answer.

pub(crate) mod alarms;
pub(crate) mod bills;
pub(crate) mod carbon;
pub(crate) mod configuration;
pub(crate) mod devices;
pub(crate) mod grid;
pub(crate) mod health;
pub(crate) mod history;
pub(crate) mod live;
pub(crate) mod losses;
pub(crate) mod meters;
pub(crate) mod operation;
pub(crate) mod overview;
pub(crate) mod people;
pub(crate) mod readings;
pub(crate) mod reports;
pub(crate) mod simulation;
pub(crate) mod sites;
