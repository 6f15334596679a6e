//! Every text a person reads, gathered per page.

pub(crate) mod frame;
#[cfg(feature = "ssr")]
pub(crate) mod losses;
pub(crate) mod meter;
pub(crate) mod meters;
pub(crate) mod overview;
#[cfg(feature = "ssr")]
pub(crate) mod period;
pub(crate) mod state;
