//! People, where they are signed in, and what they changed.

pub mod accounts;
pub mod audit;
pub mod invitations;
pub mod own_meters;
pub mod sessions;
pub mod tokens;
