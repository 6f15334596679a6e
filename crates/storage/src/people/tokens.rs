//! Tokens by which programs act for users.

use chrono::{DateTime, Utc};
use domain::people::{TokenId, TokenView, UserId};
use domain::{MeterId, SiteId};
use sqlx::{FromRow, PgExecutor, PgPool};

use super::sessions::TokenHash;
use crate::Error;

/// A token to store.
#[derive(Debug)]
pub struct NewToken<'a> {
    /// SHA-256 of what the program sends.
    pub token: TokenHash,
    /// For whom it acts.
    pub user: UserId,
    /// By which lists call it.
    pub name: &'a str,
    /// Names of the actions that it allows.
    pub actions: &'a [String],
    /// The site; all sites of the user without one.
    pub site: Option<SiteId>,
    /// The meters; all without one.
    pub meters: &'a [MeterId],
    /// When it ends.
    pub expires_at: DateTime<Utc>,
}

/// The scope of a token, and for whom it acts.
#[derive(Debug, FromRow)]
pub struct TokenRow {
    /// Its id.
    pub id: TokenId,
    /// For whom it acts.
    pub user_id: UserId,
    /// Their user name.
    pub name: String,
    /// The name that others see.
    pub display_name: String,
    /// Names of actions.
    pub actions: Vec<String>,
    /// The site.
    pub site_id: Option<SiteId>,
    /// Whether it is for single meters, which may be gone by now.
    pub is_for_meters: bool,
    /// Those that are there, with their sites.
    #[sqlx(skip)]
    pub meters: Vec<(MeterId, SiteId)>,
}

/// Stores a token.
pub async fn insert(db: impl PgExecutor<'_>, new: &NewToken<'_>) -> Result<TokenId, Error> {
    Ok(sqlx::query_scalar(
        "INSERT INTO tokens (token, user_id, name, actions, site_id, meters, expires_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING id",
    )
    .bind(new.token.as_slice())
    .bind(new.user)
    .bind(new.name)
    .bind(new.actions)
    .bind(new.site)
    .bind(new.meters)
    .bind(new.expires_at)
    .fetch_one(db)
    .await?)
}

/// The token of this hash, and that it was used; nothing of one that has ended or whose owner is disabled.
pub async fn use_token(pool: &PgPool, token: &TokenHash) -> Result<Option<TokenRow>, Error> {
    let found: Option<TokenRow> = sqlx::query_as(
        "SELECT tokens.id, user_id, users.name, display_name, actions, site_id, \
             cardinality(meters) > 0 AS is_for_meters FROM tokens \
         JOIN users ON users.id = user_id \
         WHERE token = $1 AND disabled_at IS NULL AND expires_at > now()",
    )
    .bind(token.as_slice())
    .fetch_optional(pool)
    .await?;
    let Some(mut found) = found else { return Ok(None) };
    let noted = sqlx::query(
        "UPDATE tokens SET used_at = now() \
         WHERE id = $1 AND (used_at IS NULL OR used_at < now() - interval '1 minute')",
    )
    .bind(found.id)
    .execute(pool)
    .await;
    if let Err(error) = noted {
        // Nobody is kept out of a database that takes nothing more.
        tracing::warn!("it is not noted that somebody was here: {error}");
    }
    found.meters = sqlx::query_as(
        "SELECT energy_meters.id, energy_meters.site_id FROM tokens JOIN energy_meters ON energy_meters.id = ANY (tokens.meters) \
         WHERE tokens.id = $1",
    )
    .bind(found.id)
    .fetch_all(pool)
    .await?;
    Ok(Some(found))
}

/// The tokens of somebody or of everybody, those that were made last first.
pub async fn list(pool: &PgPool, user: Option<UserId>) -> Result<Vec<TokenView>, Error> {
    Ok(sqlx::query_as(
        "SELECT tokens.id, tokens.name, users.name AS user_name, actions, slug AS site, \
             ARRAY(SELECT meter_number FROM energy_meters WHERE energy_meters.id = ANY (tokens.meters) \
                   ORDER BY meter_number) AS meters, \
             expires_at, tokens.created_at, used_at \
         FROM tokens JOIN users ON users.id = user_id LEFT JOIN sites ON sites.id = site_id \
         WHERE $1::bigint IS NULL OR user_id = $1 ORDER BY tokens.id DESC",
    )
    .bind(user)
    .fetch_all(pool)
    .await?)
}

/// Ends a token; none where there is none, or none of this user.
pub async fn end(
    db: impl PgExecutor<'_>,
    id: TokenId,
    user: Option<UserId>,
) -> Result<Option<UserId>, Error> {
    Ok(sqlx::query_scalar(
        "DELETE FROM tokens WHERE id = $1 AND ($2::bigint IS NULL OR user_id = $2) RETURNING user_id",
    )
    .bind(id)
    .bind(user)
    .fetch_optional(db)
    .await?)
}

/// Ends all tokens of somebody.
pub async fn end_all(db: impl PgExecutor<'_>, user: UserId) -> Result<(), Error> {
    sqlx::query("DELETE FROM tokens WHERE user_id = $1").bind(user).execute(db).await?;
    Ok(())
}
