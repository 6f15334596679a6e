//! The page of all meters.
