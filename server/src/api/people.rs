//! Who changed what.

pub(crate) mod audit;
