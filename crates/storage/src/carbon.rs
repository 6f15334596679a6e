//! What carbon is counted with.

pub mod factors;
