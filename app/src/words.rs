//! Every text a person reads, gathered per page.

#[cfg(feature = "ssr")]
pub(crate) mod carbon;
#[cfg(feature = "ssr")]
pub(crate) mod energy;
pub(crate) mod frame;
#[cfg(feature = "ssr")]
pub(crate) mod losses;
pub(crate) mod meter;
pub(crate) mod meters;
pub(crate) mod overview;
#[cfg(feature = "ssr")]
pub(crate) mod period;
pub(crate) mod state;
