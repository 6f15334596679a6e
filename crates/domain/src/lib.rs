//! What energy metering means, and nothing else.
//!
//! Here live the words every other crate uses: ids and units, readings and their fields, meters and
//! their tree, the balance of a node with its error band, the messages of the live stream, the
//! settings of a device. Everything is a plain value or a pure function of plain values. Each area has a
//! folder; its `view` is what pages show of it.
//!
//! Not here, ever: I/O, a clock, randomness, SQL, HTTP. What needs the time takes it as an
//! argument. How values stand in rows of the database ([`stored`]) is behind a feature. The crate builds for wasm32, since the browser shows the same types; types that reach
//! the browser therefore carry no time-zone tables.
//!
//! Depends on no other crate of the workspace.

pub mod alarms;
pub mod bills;
pub mod carbon;
pub mod configuration;
pub mod devices;
pub mod energy;
pub mod entry;
pub mod figures;
pub mod find;
pub mod grid;
pub mod history;
pub mod ids;
pub mod language;
pub mod live;
pub mod losses;
pub mod message;
pub mod messages;
pub mod meters;
pub mod month;
pub mod operation;
pub mod overview;
pub mod ownership;
pub mod patch;
pub mod people;
pub mod period;
pub mod quality;
pub mod readings;
pub mod reports;
pub mod simulation;
pub mod sites;
pub mod stored;
pub mod strict;
pub mod units;
pub mod view;
pub mod window;

pub use crate::readings::{Field, NewReading, Reading, Source, Values, is_measurable};
pub use ids::{DeviceId, MeterId, SiteId, SiteSlug};
pub use quality::Quality;
pub use units::{Kw, Kwh};
