//! One module per page.

pub(crate) mod empty;
pub(crate) mod grid;
pub(crate) mod history;
pub(crate) mod meter;
pub(crate) mod meters;
pub(crate) mod overview;
pub(crate) mod server_page;
