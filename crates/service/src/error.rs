//! Why a use case refuses or fails.

mod constraint;

use std::fmt;

use acquisition::panic_message;
use domain::message::Message;
use domain::meters::refusal::MeterRefusal;
use domain::operation::unable::Unable;
use domain::people::Action;
use domain::people::refusal::SignInRefusal;
use domain::sites::refusal::SiteRefusal;
use domain::strict::Fault;

/// Why a use case refuses or fails. The message tells a person what to do.
#[derive(Debug)]
pub enum Error {
    /// Nobody is signed in.
    Unauthorized {
        /// The action that was tried.
        action: Action,
    },
    /// The role of the user does not allow this.
    Forbidden {
        /// The action that was tried.
        action: Action,
    },
    /// Nobody is signed in by what was given.
    NotSignedIn(SignInRefusal),
    /// The thing is not there.
    NotFound {
        /// Stable code, such as `meter_not_found`.
        code: &'static str,
        /// What was looked for, in words.
        message: Message,
    },
    /// A value is refused.
    Invalid {
        /// Stable code, such as `invalid_value`.
        code: &'static str,
        /// The field at fault.
        field: Option<String>,
        /// What is wrong and how to mend it.
        message: Message,
    },
    /// Lines of a list are refused, and the whole list with them.
    Lines(Vec<LineError>),
    /// It contradicts what is there.
    Conflict {
        /// Stable code, such as `has_children`.
        code: &'static str,
        /// The field at fault.
        field: Option<String>,
        /// What it contradicts and how to mend it.
        message: Message,
    },
    /// Too many of these go on at once.
    Busy(Message),
    /// What it rests on was changed a moment ago and is not computed yet.
    NotComputed(Message),
    /// The database cannot be reached now, or too much is waiting for it.
    Unavailable,
    /// Tasks that this cannot do without are down or late.
    NotKept(String),
    /// A fault of ours; the cause is logged, never shown.
    Storage(storage::Error),
    /// A fault of ours; what was said of it is logged, never shown.
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
    pub message: Message,
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.message().fmt(f)
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Storage(cause) => Some(cause),
            _ => None,
        }
    }
}

/// The first line that is refused; there is one wherever lines are.
fn first(lines: &[LineError]) -> Message {
    lines.first().map_or_else(|| Unable::Internal.into(), |line| line.message.clone())
}

impl Error {
    /// The meter is not there.
    pub fn no_meter(what: impl fmt::Display) -> Self {
        Self::not_found("meter_not_found", MeterRefusal::Unknown { meter: what.to_string() })
    }

    /// The site is not there.
    pub fn no_site(slug: impl fmt::Display) -> Self {
        Self::not_found("site_not_found", SiteRefusal::Unknown { slug: slug.to_string() })
    }

    /// What it says to a person.
    pub fn message(&self) -> Message {
        match self {
            Self::NotFound { message, .. }
            | Self::Invalid { message, .. }
            | Self::Conflict { message, .. }
            | Self::Busy(message)
            | Self::NotComputed(message) => message.clone(),
            Self::Unauthorized { action } => Unable::SignIn { action: *action }.into(),
            Self::Forbidden { action } => Unable::Forbidden { action: *action }.into(),
            Self::NotSignedIn(why) => why.clone().into(),
            Self::Lines(lines) => {
                Unable::Lines { count: lines.len(), first: Box::new(first(lines)) }.into()
            }
            Self::Unavailable => Unable::Unavailable.into(),
            Self::NotKept(tasks) => Unable::NotReady { tasks: tasks.clone() }.into(),
            Self::Storage(_) | Self::Panicked(_) => Unable::Internal.into(),
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

    /// The same as a sentence; a fault of ours is told in the words of what it came from.
    pub(crate) fn cause_told(&self) -> Message {
        if self.is_fault() { Message::foreign(self.cause()) } else { self.message() }
    }

    /// A value of `field` is refused.
    pub fn invalid(field: impl Into<String>, message: impl Into<Message>) -> Self {
        Self::refused("invalid_value", message).at(field)
    }

    /// What was sent is refused under a code of its own.
    pub(crate) fn refused(code: &'static str, message: impl Into<Message>) -> Self {
        Self::Invalid { code, field: None, message: message.into() }
    }

    /// What is looked for is not there.
    pub(crate) fn not_found(code: &'static str, message: impl Into<Message>) -> Self {
        Self::NotFound { code, message: message.into() }
    }

    /// It contradicts what is there.
    pub(crate) fn conflict(code: &'static str, message: impl Into<Message>) -> Self {
        Self::Conflict { code, field: None, message: message.into() }
    }

    /// The same with the field at fault.
    pub(crate) fn at(mut self, at: impl Into<String>) -> Self {
        if let Self::Invalid { field, .. } | Self::Conflict { field, .. } = &mut self {
            *field = Some(at.into());
        }
        self
    }
}

impl From<domain::devices::SettingError> for Error {
    fn from(error: domain::devices::SettingError) -> Self {
        let (code, field) = (error.kind.code(), Some(error.field));
        Self::Invalid { code, field, message: error.message }
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
            storage::Error::TooLong => Some(Self::Busy(Unable::TooLong.into())),
            storage::Error::Constraint { name, .. } => constraint::broken(name),
            storage::Error::Refused { code, message } => constraint::refused(code, message.clone()),
            _ => None,
        };
        known.unwrap_or(Self::Storage(error))
    }
}
