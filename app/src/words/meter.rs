//! The page of one meter.
