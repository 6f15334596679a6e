//! Every text a person reads, gathered per page.

#[cfg(feature = "ssr")]
pub(crate) mod bill;
#[cfg(feature = "ssr")]
pub(crate) mod bills;
#[cfg(feature = "ssr")]
pub(crate) mod carbon;
#[cfg(feature = "ssr")]
pub(crate) mod energy;
pub(crate) mod frame;
#[cfg(feature = "ssr")]
pub(crate) mod grid;
#[cfg(feature = "ssr")]
pub(crate) mod losses;
pub(crate) mod map;
pub(crate) mod meter;
pub(crate) mod meters;
#[cfg(feature = "ssr")]
pub(crate) mod my_energy;
pub(crate) mod overview;
#[cfg(feature = "ssr")]
pub(crate) mod period;
#[cfg(feature = "ssr")]
pub(crate) mod simulator;
pub(crate) mod state;
#[cfg(feature = "ssr")]
pub(crate) mod trades;
