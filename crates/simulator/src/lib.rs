//! The demo plant: a physical model of a factory with 92 meters, and the devices that show it. And
//! the demo neighbourhood: who lives where, for the simulated world to make their energy; and
//! [`transformers`] of their city.
//!
//! [`plant`] is pure arithmetic: loads, losses, sun and generator as a function of a seed and the
//! time. [`devices`] serves its meters over real protocols on loopback ports, for the ordinary
//! drivers to read. [`demo`] says which plant the demonstration shows, and where it stands.
//!
//! Not here: drivers, storage, the registry. Whoever starts the demo registers the meters and
//! devices that this crate describes, and founds the neighbourhood. Only `devices` does I/O or looks at the clock.

pub mod demo;
pub mod devices;
pub mod neighbourhood;
pub mod plant;
pub mod transformers;
