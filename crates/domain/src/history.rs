//! The history of meters in one chart: which series an address names, and how their samples become
//! as many points as a chart can show.

mod channel;
pub mod reduce;
mod series;
mod trouble;

pub use channel::{Channel, Counter};
pub use series::{Asked, MOST, Named, Wanted};
pub use trouble::Trouble;
