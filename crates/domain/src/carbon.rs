//! The factors that diesel and carbon are counted with, by default the guide's.

mod factors;
pub mod lever;
pub mod refusal;
pub mod solar;
pub mod view;

pub use factors::{Factor, FactorId, FactorKind, FactorSource, Factors};
pub use refusal::FactorStored;
