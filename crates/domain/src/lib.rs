//! What energy metering means, and nothing else.
//!
//! Here live the words every other crate uses: ids and units, readings and their fields, meters and
//! their tree, the balance of a node with its error band, the messages of the live stream, the
//! settings of a device. Everything is a plain value or a pure function of plain values.
//!
//! Not here, ever: I/O, a clock, randomness, SQL, HTTP. What needs the time takes it as an
//! argument. The crate builds for wasm32, since the browser shows the same types; types that reach
//! the browser therefore carry no time-zone tables.
//!
//! Depends on no other crate of the workspace.

pub mod alarm;
pub mod balance;
pub mod bill;
pub mod cadence;
pub mod carbon;
pub mod cause;
pub mod channel;
pub mod derive;
pub mod device;
pub mod feasibility;
pub mod figures;
pub mod find;
pub mod hierarchy;
pub mod history;
pub mod ids;
pub mod interval;
pub mod language;
pub mod leap;
pub mod live;
pub mod logger;
pub mod meter;
pub mod overview;
pub mod patch;
pub mod period;
pub mod profile;
pub mod quality;
pub mod reading;
pub mod report;
pub mod retention;
pub mod settlement;
pub mod silence;
pub mod site;
pub mod solar;
pub mod strict;
pub mod tariff;
pub mod task;
pub mod trail;
pub mod units;
pub mod view;
pub mod window;
pub mod world;

pub use ids::{DeviceId, MeterId, SiteId};
pub use quality::Quality;
pub use reading::{Field, NewReading, Reading, Source, Values, is_measurable};
pub use units::{Kw, Kwh};
