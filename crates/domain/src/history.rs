//! The history of meters in one chart: which series an address names, and how their samples become
//! as many points as a chart can show.

mod channel;
pub mod reduce;
mod series;
mod trouble;
pub mod view;

pub use channel::{Channel, Counter};
pub use series::{Named, SeriesList, Wanted};
pub use trouble::{Aside, Trouble};

/// Series in one chart at most: more cannot be told apart.
pub const MOST: usize = 12;
