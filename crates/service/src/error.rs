//! Why a use case refuses or fails.

mod constraint;

use acquisition::panic_message;
use domain::strict::Fault;
use thiserror::Error;

use crate::Role;

/// What is said of a question that the database was stopped over.
const TOO_LONG: &str = "this took too long and was stopped: ask for a shorter time";

/// Why a use case refuses or fails. The message tells a person what to do.
#[derive(Debug, Error)]
pub enum Error {
    /// Nobody is signed in.
    #[error("sign in as {needed:?} to do this")]
    Unauthorized {
        /// The role that is needed.
        needed: Role,
    },
    /// The thing is not there.
    #[error("{message}")]
    NotFound {
        /// Stable code, such as `meter_not_found`.
        code: &'static str,
        /// What was looked for, in words.
        message: String,
    },
    /// A value is refused.
    #[error("{message}")]
    Invalid {
        /// Stable code, such as `invalid_value`.
        code: &'static str,
        /// The field at fault.
        field: Option<String>,
        /// What is wrong and how to mend it.
        message: String,
    },
    /// Lines of a list are refused, and the whole list with them.
    #[error("{} of the lines are refused and nothing was stored; the first: {}", .0.len(), first(.0))]
    Lines(Vec<LineError>),
    /// It contradicts what is there.
    #[error("{message}")]
    Conflict {
        /// Stable code, such as `has_children`.
        code: &'static str,
        /// The field at fault.
        field: Option<String>,
        /// What it contradicts and how to mend it.
        message: String,
    },
    /// Too many of these go on at once.
    #[error("{0}")]
    Busy(&'static str),
    /// What it rests on was changed a moment ago and is not computed yet.
    #[error("{0}")]
    NotComputed(String),
    /// The database cannot be reached now, or too much is waiting for it.
    #[error("the database is not available now; try again in a few seconds")]
    Unavailable,
    /// Tasks that this cannot do without are down or late.
    #[error("not ready: {0}; it is tried again by itself, and the log says why")]
    NotKept(String),
    /// A fault of ours; the cause is logged, never shown.
    #[error("internal error; the log has the cause")]
    Storage(#[source] storage::Error),
    /// A fault of ours; what was said of it is logged, never shown.
    #[error("internal error; the log has the cause")]
    Panicked(String),
}

/// A line of a list that is refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LineError {
    /// Its place in the list, from 0.
    pub index: usize,
    /// Stable code, such as `invalid_value`.
    pub code: &'static str,
    /// The field at fault.
    pub field: Option<String>,
    /// What is wrong and how to mend it.
    pub message: String,
}

fn first(lines: &[LineError]) -> &str {
    lines.first().map_or("", |line| &line.message)
}

impl Error {
    /// The meter is not there.
    pub fn no_meter(what: impl std::fmt::Display) -> Self {
        Self::NotFound { code: "meter_not_found", message: format!("no meter {what}") }
    }

    /// The site is not there.
    pub fn no_site(slug: impl std::fmt::Display) -> Self {
        Self::NotFound {
            code: "site_not_found",
            message: format!("there is no site {slug}: it may have been renamed or removed"),
        }
    }

    /// Work on a thread of its own ended without an answer.
    pub(crate) fn of_ended(ended: tokio::task::JoinError) -> Self {
        match ended.try_into_panic() {
            Ok(panic) => Self::Panicked(panic_message(panic.as_ref())),
            Err(_) => Self::Unavailable,
        }
    }

    /// Whether the same may succeed a little later, without anybody doing anything.
    pub(crate) const fn is_passing(&self) -> bool {
        matches!(self, Self::Unavailable)
    }

    /// Whether the fault is ours: neither a refusal, which says what to mend, nor something that passes.
    pub(crate) const fn is_fault(&self) -> bool {
        matches!(self, Self::Storage(_) | Self::Panicked(_))
    }

    /// What went wrong, for the log and for whoever operates the server.
    pub(crate) fn cause(&self) -> String {
        match self {
            Self::Storage(cause) => cause.to_string(),
            Self::Panicked(said) => said.clone(),
            other => other.to_string(),
        }
    }

    /// A value of `field` is refused.
    pub fn invalid(field: impl Into<String>, message: impl Into<String>) -> Self {
        Self::Invalid { code: "invalid_value", field: Some(field.into()), message: message.into() }
    }
}

impl From<domain::devices::SettingError> for Error {
    fn from(error: domain::devices::SettingError) -> Self {
        Self::from(Fault { field: Some(error.field), kind: error.kind, message: error.message })
    }
}

impl From<Fault> for Error {
    fn from(fault: Fault) -> Self {
        Self::Invalid { code: fault.kind.code(), field: fault.field, message: fault.message }
    }
}

impl From<storage::Error> for Error {
    fn from(error: storage::Error) -> Self {
        let known = match &error {
            storage::Error::Unavailable(cause) => {
                tracing::warn!(%cause, "the database is not available");
                Some(Self::Unavailable)
            }
            storage::Error::TooLong => Some(Self::Busy(TOO_LONG)),
            storage::Error::Constraint { name, .. } => constraint::broken(name),
            storage::Error::Refused { code, message } => constraint::refused(code, message.clone()),
            _ => None,
        };
        known.unwrap_or(Self::Storage(error))
    }
}
