//! The pieces that pages share.

pub mod balance_bar;
pub mod chart;
pub mod erased_view;
pub mod fetched;
pub mod figure;
pub mod gauge;
pub mod island;
pub mod layout;
pub mod load;
pub mod mark;
pub mod not_found;
pub mod patterns;
pub mod reactive;
pub mod search;
pub mod sheet;
pub mod sparkline;
pub mod title;
pub mod waiting;
