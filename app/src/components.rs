//! The pieces that pages share.

pub(crate) mod balance_bar;
pub(crate) mod chart;
pub(crate) mod fetched;
pub(crate) mod figure;
pub(crate) mod frame;
pub(crate) mod gauge;
pub(crate) mod lean;
pub(crate) mod load;
pub(crate) mod mark;
pub(crate) mod plot;
pub(crate) mod search;
pub(crate) mod sheet;
pub(crate) mod sparkline;
pub(crate) mod title;
pub(crate) mod waiting;
pub(crate) mod whole;
