//! How quarter-hours are computed from readings, for whoever has to: the rollup, which stores them, windows that end
//! within one, derived meters, and what a change of a meter would alter.

mod awaited;
pub(crate) mod compute;
mod corrected;
pub(crate) mod filled;
mod frozen;
mod judged;
mod otherwise;
mod piece;
mod reader;
mod subjects;

pub(crate) use awaited::{Awaited, Ended, after, awaited, go_on};
pub(crate) use corrected::{Corrected, CorrectedQuarter, corrected};
pub(crate) use frozen::frozen_among;
pub(crate) use judged::set_apart;
pub(crate) use otherwise::{Recount, recount};
pub(crate) use piece::{Piece, pieces};
pub(crate) use reader::Reader;
pub(crate) use subjects::{Subject, subjects};
