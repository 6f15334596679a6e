//! Reading meters: Modbus, MQTT and HTTP; and the files that AcquiSuite loggers upload.
//!
//! Here live the drivers, what they share (back-off, the outbound guard, the JSON field names), and
//! the `Supervisor` that keeps one task per gateway, broker and HTTP document in step with the
//! registry. What the drivers read leaves through the [`Outbox`]: batches of readings, each answered
//! once it is stored, and the health of every device. `probe` tries a device once, before it is saved.
//!
//! Not here: storage, the registry of devices, authorisation, what a reading means. Meters are
//! read-only: no code path writes to a device.
//!
//! Depends on `domain` alone.

#![cfg_attr(not(test), deny(clippy::indexing_slicing, clippy::string_slice))]

pub mod acquisuite;
mod backoff;
mod health;
mod http;
mod inlet;
mod json;
mod modbus;
mod mqtt;
pub mod outbound;
mod outbox;
mod outcome;
pub mod probe;
mod sample;
mod schedule;
mod supervisor;

pub use backoff::Backoff;
pub use health::{Figures, Health};
pub use inlet::{Batch, Inlet, Room, inlet};
pub use modbus::{ConnectPolicy, SerialPorts};
pub use mqtt::{Unreadable, UnreadableLog, check_certificate};
pub use outbound::Outbound;
pub use outbox::Outbox;
pub use outcome::{NotStored, Outcome, RefusedReading};
pub use supervisor::{Brokers, Settings, Supervisor, panic_message};
