//! Handlers of the API, one file per noun: read, call one use case, answer.

pub(crate) mod acquisuite;
pub(crate) mod alarms;
pub(crate) mod audit;
pub(crate) mod bills;
pub(crate) mod brokers;
pub(crate) mod channels;
pub(crate) mod corrections;
pub(crate) mod devices;
pub(crate) mod energy;
pub(crate) mod energy_meters;
pub(crate) mod factors;
pub(crate) mod forms;
pub(crate) mod grid;
pub(crate) mod history;
pub(crate) mod live;
pub(crate) mod load_status;
pub(crate) mod meters;
pub(crate) mod operations;
pub(crate) mod profiles;
pub(crate) mod readings;
pub(crate) mod reports;
pub(crate) mod sites;
pub(crate) mod tariffs;
pub(crate) mod trades;
pub(crate) mod virtual_meters;
pub(crate) mod world;
