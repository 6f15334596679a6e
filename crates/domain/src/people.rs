//! Accounts, roles and the audit log.

pub mod account;
pub mod audit;
pub mod password;
pub mod refusal;
pub mod role;
pub mod session;
pub mod token;

pub use account::{AccountName, Person, PersonMeter, PersonRole, UserId};
pub use audit::{AuditEntry, Difference};
pub use role::{Action, Grant, Role};
pub use session::{Session, SessionId};
pub use token::{TokenId, TokenView};
