//! What is right, in rational numbers.
//!
//! [`Truth`] gathers what holds at the end of a scenario, whatever the order in which it was heard of;
//! [`register`] says which steps of a register count, [`flow`] what passed a meter in a window,
//! [`balance`] what that makes of nodes, [`carbon`] of sources, [`bill`] of a month. Nothing is remembered between windows:
//! each is worked out from all readings.
//!
//! Not in it yet: trades, litres of fuel counters, energy from power samples alone, unmetered
//! load, causes, values that are estimated, samples of power that are outliers, and cadences
//! (scenarios read about every five minutes).

pub mod balance;
pub mod bill;
pub mod carbon;
pub mod cost;
pub mod flow;
pub mod register;
pub mod truth;

#[cfg(test)]
mod tests;

pub use truth::Truth;
