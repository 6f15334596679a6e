//! Accounts, roles and the audit log.

pub mod account;
pub mod audit;
pub mod password;
pub mod refusal;
pub mod role;

pub use account::{AccountName, Person, PersonRole, UserId};
pub use audit::{AuditEntry, Difference};
pub use role::{Action, Grant, Role};
