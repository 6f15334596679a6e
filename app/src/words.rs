//! Every text a person reads, gathered per page.

pub(crate) mod frame;
pub(crate) mod meter;
pub(crate) mod meters;
pub(crate) mod overview;
pub(crate) mod state;
