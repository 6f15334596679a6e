//! What may go wrong between us and Postgres.

mod refused;

use domain::message::Message;
use domain::stored::Unknown;
use sqlx::error::{DatabaseError, ErrorKind};
use sqlx::postgres::PgDatabaseError;
use thiserror::Error;

/// An error of the store. What is merely absent is an `Option`, not an error.
#[derive(Debug, Error)]
pub enum Error {
    /// The database cannot be reached or gave up on this attempt; the same call may succeed later.
    #[error("the database is not available: {0}")]
    Unavailable(#[source] sqlx::Error),
    /// A statement took longer than it may.
    #[error("it took too long and was stopped")]
    TooLong,
    /// A named constraint of the schema refused the row.
    #[error("refused by {name}: {message}")]
    Constraint {
        /// Name of the constraint, such as `energy_meters_number_key`.
        name: String,
        /// What Postgres says about it.
        message: String,
    },
    /// A rule over several rows refused the change.
    #[error("{message}")]
    Refused {
        /// The rule, such as `parent_cycle`.
        code: String,
        /// What is wrong and how to mend it.
        message: Message,
    },
    /// A stored value that the product does not know, written by other means than the product.
    #[error("{column} holds {value:?}, which is not known; correct it in the database")]
    Unreadable {
        /// The column, with its table where that is known.
        column: String,
        /// The value found.
        value: String,
    },
    /// The schema could not be brought up to date.
    #[error("the database could not be migrated: {0}")]
    Migration(#[source] sqlx::migrate::MigrateError),
    /// The database belongs to another version of the program.
    #[error(
        "the database has schema {found} and this program needs {wanted}: use the program that runs on \
         it, or stop that one and run `wattlens migrate`"
    )]
    OtherSchema {
        /// The schema of the database.
        found: i64,
        /// The schema of this program.
        wanted: i64,
    },
    /// An earlier program left the database, and it was not taken over yet.
    #[error(
        "the database is one of an earlier program: use that one on it, or stop it and run `wattlens migrate`"
    )]
    Earlier,
    /// An earlier program left the database with a schema that was not its last.
    #[error(
        "an earlier program left the database at step {found} of its schema, and this one takes over no other \
         than step {last}: run `wattlens migrate` of the last program that had these steps on it (see \
         Upgrading in docs/operating.md), then start this one again"
    )]
    Unfinished {
        /// The last step that it has taken.
        found: i64,
        /// The last one that there is.
        last: i64,
    },
    /// Any other error of the database.
    #[error("database error: {0}")]
    Database(#[source] sqlx::Error),
}

/// SQLSTATE of the refusals raised by the triggers of `energy_meters`.
const REFUSED: &str = "WL001";

/// SQLSTATE of a statement that was stopped: by an operator, or since it took too long.
const CANCELED: &str = "57014";

/// Starts of SQLSTATEs after which the same statement may succeed: connection lost, transaction rolled
/// back (deadlock), no database or one that takes no connections, no resources (disk full, too many
/// connections), lock timeout, an operator's intervention (cancelled, server stopping or starting).
const TRANSIENT: &[&str] = &["08", "3D000", "40", "53", "55000", "55P03", "57"];

/// Starts of SQLSTATEs that say that a value is at fault: data exceptions, broken constraints, what a
/// trigger raised.
const OF_DATA: &[&str] = &["22", "23", "P0001"];

impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Self {
        match &error {
            sqlx::Error::Database(inner) => match of_database(inner.as_ref()) {
                Some(named) => named,
                None if is_transient(inner.as_ref()) => Self::Unavailable(error),
                None => Self::Database(error),
            },
            sqlx::Error::ColumnDecode { index, source } => match source.downcast_ref() {
                Some(Unknown(value)) => Self::Unreadable {
                    column: index.trim_matches('"').to_owned(),
                    value: value.clone(),
                },
                None => Self::Database(error),
            },
            sqlx::Error::Io(_)
            | sqlx::Error::Tls(_)
            | sqlx::Error::PoolTimedOut
            | sqlx::Error::PoolClosed
            | sqlx::Error::WorkerCrashed => Self::Unavailable(error),
            _ => Self::Database(error),
        }
    }
}

fn of_database(error: &dyn DatabaseError) -> Option<Error> {
    if error.code().as_deref() == Some(CANCELED) && error.message().contains("statement timeout") {
        return Some(Error::TooLong);
    }
    let name = error.constraint()?.to_owned();
    if error.code().as_deref() == Some(REFUSED) {
        let detail = error.try_downcast_ref::<PgDatabaseError>().and_then(PgDatabaseError::detail);
        let said = detail.and_then(|detail| refused::said(&name, detail));
        let message = said.unwrap_or_else(|| Message::foreign(error.message()));
        return Some(Error::Refused { code: name, message });
    }
    Some(Error::Constraint { name, message: error.message().to_owned() })
}

fn is_transient(error: &dyn DatabaseError) -> bool {
    let code = error.code().unwrap_or_default();
    // A check violation without a name is the default partition's: its month was given a partition
    // of its own while the row was under way.
    TRANSIENT.iter().any(|start| code.starts_with(start))
        || matches!(error.kind(), ErrorKind::CheckViolation)
}

impl Error {
    /// Whether what was to be stored is at fault, and not the schema or the statement.
    pub fn is_of_data(&self) -> bool {
        match self {
            Self::Constraint { .. } | Self::Refused { .. } => true,
            Self::Database(sqlx::Error::Database(error)) => {
                let code = error.code().unwrap_or_default();
                OF_DATA.iter().any(|start| code.starts_with(start))
            }
            _ => false,
        }
    }

    /// Whether the same call may succeed a little later.
    pub fn is_transient(&self) -> bool {
        matches!(self, Self::Unavailable(_))
    }
}
