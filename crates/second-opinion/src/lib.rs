//! A second opinion on every figure: a small, slow model of the energy accounting, for tests alone.
//!
//! [`scenario`] says what happens at a made-up site, as a list of events; [`generate`] makes such lists
//! from seeds; [`model`] says what is right, in rational numbers and straight from the rules in
//! `docs/metering.md`, sharing no code with the service (the structure check holds it to that);
//! [`shrink`] makes a failing list small. The test `agreement` plays scenarios through the real service
//! on a real Postgres, compares figures, and checks laws that need no model.
//!
//! `cargo xtask check-figures` plays any number of scenarios; what [`model`] lists is in none of them.

pub mod exact;
pub mod generate;
pub mod model;
pub mod scenario;
pub mod shrink;
