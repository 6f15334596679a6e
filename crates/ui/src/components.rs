//! The pieces that pages share.

pub mod balance_bar;
pub mod chart;
pub mod erased_view;
pub mod figure;
pub mod island;
pub mod layout;
pub mod mark;
pub mod reactive;
pub mod search;
