//! The pieces that pages share.

pub mod balance_bar;
pub mod chart;
pub mod fetched;
pub mod figure;
pub mod frame;
pub mod gauge;
pub mod lean;
pub mod load;
pub mod mark;
pub mod not_found;
pub mod plot;
pub mod search;
pub mod sheet;
pub mod sparkline;
pub mod title;
pub mod waiting;
pub mod whole;
