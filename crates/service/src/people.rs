//! People: who acts, what they may do, how they sign in, and what they changed.

pub mod account;
pub mod accounts;
pub mod audit;
pub mod demo;
pub(crate) mod hash;
pub mod invitations;
pub(crate) mod limits;
pub mod me;
pub mod own_meters;
pub mod page;
pub mod principal;
pub(crate) mod sessions;
pub mod sign_in;
pub mod tokens;
