//! Sessions of users.

use std::net::IpAddr;

use domain::people::{Session, SessionId, UserId};
use sqlx::types::Uuid;
use sqlx::{FromRow, PgExecutor, PgPool};

use crate::Error;

/// A session that has not been used for so long has ended, and so has one that began so long ago.
macro_rules! ended {
    () => {
        "(used_at < now() - interval '7 days' OR sessions.created_at < now() - interval '30 days')"
    };
}

/// SHA-256 of a session token.
pub type TokenHash = [u8; 32];

/// Whose a session is.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct SessionRow {
    /// By which it is ended.
    pub session: Uuid,
    /// Whose it is.
    pub user: UserId,
    /// The user name.
    pub name: String,
    /// The name that others see.
    pub display_name: String,
    /// Whether the account is one to see a demonstration as.
    pub is_demo: bool,
    /// Tag of the language of pages.
    pub language: Option<String>,
}

/// Begins a session.
pub async fn insert(
    db: impl PgExecutor<'_>,
    token: &TokenHash,
    user: UserId,
    (address, device): (IpAddr, &str),
) -> Result<(), Error> {
    sqlx::query(
        "INSERT INTO sessions (token, user_id, address, device) VALUES ($1, $2, $3::inet, $4)",
    )
    .bind(token.as_slice())
    .bind(user)
    .bind(address.to_string())
    .bind(device)
    .execute(db)
    .await?;
    Ok(())
}

/// Whose a token is, and that it was used; nothing of one that has ended or whose owner is disabled.
pub async fn use_token(pool: &PgPool, token: &TokenHash) -> Result<Option<SessionRow>, Error> {
    let found: Option<SessionRow> = sqlx::query_as(concat!(
        "SELECT sessions.id AS session, user_id AS \"user\", name, display_name, is_demo, language FROM sessions \
         JOIN users ON users.id = user_id WHERE token = $1 AND disabled_at IS NULL AND NOT ",
        ended!()
    ))
    .bind(token.as_slice())
    .fetch_optional(pool)
    .await?;
    if found.is_some() {
        let noted = sqlx::query(
            "UPDATE sessions SET used_at = now() \
             WHERE token = $1 AND used_at < now() - interval '1 minute'",
        )
        .bind(token.as_slice())
        .execute(pool)
        .await;
        if let Err(error) = noted {
            // Nobody is kept out of a database that takes nothing more.
            tracing::warn!("it is not noted that somebody was here: {error}");
        }
    }
    Ok(found)
}

/// The sessions of a user that have not ended, those used last first.
pub async fn list(pool: &PgPool, user: UserId) -> Result<Vec<Session>, Error> {
    Ok(sqlx::query_as(concat!(
        "SELECT id, device, host(address) AS address, created_at AS begun_at, used_at FROM sessions \
         WHERE user_id = $1 AND NOT ",
        ended!(),
        " ORDER BY used_at DESC, created_at DESC"
    ))
    .bind(user)
    .fetch_all(pool)
    .await?)
}

/// Ends a session of somebody.
pub async fn end(db: impl PgExecutor<'_>, user: UserId, session: SessionId) -> Result<(), Error> {
    sqlx::query("DELETE FROM sessions WHERE user_id = $1 AND id = $2")
        .bind(user)
        .bind(session)
        .execute(db)
        .await?;
    Ok(())
}

/// Ends all sessions of somebody.
pub async fn end_all(db: impl PgExecutor<'_>, user: UserId) -> Result<(), Error> {
    sqlx::query("DELETE FROM sessions WHERE user_id = $1").bind(user).execute(db).await?;
    Ok(())
}

/// Ends all sessions of a user but one.
pub async fn end_others(
    db: impl PgExecutor<'_>,
    user: UserId,
    kept: SessionId,
) -> Result<(), Error> {
    sqlx::query("DELETE FROM sessions WHERE user_id = $1 AND id <> $2")
        .bind(user)
        .bind(kept)
        .execute(db)
        .await?;
    Ok(())
}

/// Forgets the sessions that have ended.
pub async fn forget_ended(db: impl PgExecutor<'_>) -> Result<(), Error> {
    sqlx::query(concat!("DELETE FROM sessions WHERE ", ended!())).execute(db).await?;
    Ok(())
}
