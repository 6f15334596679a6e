//! What carbon is counted with.

pub(crate) mod factors;
