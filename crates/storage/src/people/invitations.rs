//! Links by which users set their password.

use domain::people::UserId;
use sqlx::{FromRow, PgExecutor};

use super::sessions::TokenHash;
use crate::Error;

/// The user to whom a link belongs.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct InvitationRow {
    pub user: UserId,
    /// The user name.
    pub name: String,
    /// False of a link that was used or ended or is too old, or whose user is disabled.
    pub is_open: bool,
}

/// Stores the link of a user, in place of an earlier one.
pub async fn put(db: impl PgExecutor<'_>, user: UserId, token: &TokenHash) -> Result<(), Error> {
    sqlx::query(
        "INSERT INTO invitations (user_id, token) VALUES ($1, $2) \
         ON CONFLICT (user_id) DO UPDATE \
         SET token = excluded.token, created_at = now(), used_at = NULL",
    )
    .bind(user)
    .bind(token.as_slice())
    .execute(db)
    .await?;
    Ok(())
}

/// Ends the link of a user.
pub async fn end(db: impl PgExecutor<'_>, user: UserId) -> Result<(), Error> {
    sqlx::query("UPDATE invitations SET used_at = now() WHERE user_id = $1 AND used_at IS NULL")
        .bind(user)
        .execute(db)
        .await?;
    Ok(())
}

/// Finds a link.
pub async fn find(
    db: impl PgExecutor<'_>,
    token: &TokenHash,
) -> Result<Option<InvitationRow>, Error> {
    Ok(sqlx::query_as(
        "SELECT user_id AS \"user\", name, used_at IS NULL AND disabled_at IS NULL \
             AND invitations.created_at > now() - interval '24 hours' AS is_open \
         FROM invitations JOIN users ON users.id = user_id WHERE token = $1",
    )
    .bind(token.as_slice())
    .fetch_optional(db)
    .await?)
}
