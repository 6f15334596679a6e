//! Accounts and their roles.

use std::collections::HashMap;

use domain::language::Language;
use domain::people::{AccountName, Grant, Person, PersonMeter, PersonRole, Role, UserId};
use sqlx::{FromRow, PgConnection, PgExecutor, PgPool};

use super::own_meters;
use crate::Error;

/// The account and password hash behind a user name.
#[derive(Debug, FromRow)]
pub struct Credentials {
    /// The account.
    pub id: UserId,
    /// Hash of the password; nobody gets in without one.
    pub password: Option<String>,
}

/// Whether anybody can have an account.
pub async fn is_any(db: impl PgExecutor<'_>) -> Result<bool, Error> {
    Ok(sqlx::query_scalar("SELECT EXISTS (SELECT FROM users WHERE NOT is_demo)")
        .fetch_one(db)
        .await?)
}

/// Adds an account without roles. A name that is there already is `users_name_key`.
pub async fn insert(
    db: impl PgExecutor<'_>,
    name: &AccountName,
    display_name: &str,
    password: Option<&str>,
) -> Result<UserId, Error> {
    Ok(sqlx::query_scalar(
        "INSERT INTO users (name, display_name, password) VALUES ($1, $2, $3) RETURNING id",
    )
    .bind(name)
    .bind(display_name)
    .bind(password)
    .fetch_one(db)
    .await?)
}

/// Adds an account of a demonstration, or finds it.
pub async fn found_demo(
    db: impl PgExecutor<'_>,
    name: &AccountName,
    display_name: &str,
) -> Result<UserId, Error> {
    Ok(sqlx::query_scalar(
        "INSERT INTO users (name, display_name, is_demo) VALUES ($1, $2, true) \
         ON CONFLICT (name) DO UPDATE SET display_name = excluded.display_name RETURNING id",
    )
    .bind(name)
    .bind(display_name)
    .fetch_one(db)
    .await?)
}

/// The account of a demonstration of this name.
pub async fn demo(pool: &PgPool, name: &AccountName) -> Result<Option<UserId>, Error> {
    Ok(sqlx::query_scalar(
        "SELECT id FROM users WHERE name = $1 AND is_demo AND disabled_at IS NULL",
    )
    .bind(name)
    .fetch_optional(pool)
    .await?)
}

/// The accounts of a demonstration.
pub async fn demos(db: impl PgExecutor<'_>) -> Result<Vec<UserId>, Error> {
    Ok(sqlx::query_scalar("SELECT id FROM users WHERE is_demo AND disabled_at IS NULL")
        .fetch_all(db)
        .await?)
}

/// Gives a role, unless it is there.
pub async fn grant(db: impl PgExecutor<'_>, user: UserId, grant: Grant) -> Result<(), Error> {
    sqlx::query(
        "INSERT INTO user_roles (user_id, site_id, role) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
    )
    .bind(user)
    .bind(grant.site)
    .bind(grant.role)
    .execute(db)
    .await?;
    Ok(())
}

/// The roles of somebody.
pub async fn grants(db: impl PgExecutor<'_>, user: UserId) -> Result<Vec<Grant>, Error> {
    Ok(sqlx::query_as("SELECT role, site_id FROM user_roles WHERE user_id = $1")
        .bind(user)
        .fetch_all(db)
        .await?)
}

/// The id behind a name.
pub async fn by_name(db: impl PgExecutor<'_>, name: &AccountName) -> Result<Option<UserId>, Error> {
    Ok(sqlx::query_scalar("SELECT id FROM users WHERE name = $1")
        .bind(name)
        .fetch_optional(db)
        .await?)
}

/// The credentials of a user name; none of a disabled account.
pub async fn credentials(pool: &PgPool, name: &AccountName) -> Result<Option<Credentials>, Error> {
    Ok(sqlx::query_as("SELECT id, password FROM users WHERE name = $1 AND disabled_at IS NULL")
        .bind(name)
        .fetch_optional(pool)
        .await?)
}

/// Sets the hash of a password, after which no link of the user works any more.
pub async fn set_password(
    db: impl PgExecutor<'_>,
    user: UserId,
    password: &str,
) -> Result<(), Error> {
    sqlx::query(
        "WITH ended AS (\
             UPDATE invitations SET used_at = now() WHERE user_id = $1 AND used_at IS NULL\
         ) \
         UPDATE users SET password = $2 WHERE id = $1",
    )
    .bind(user)
    .bind(password)
    .execute(db)
    .await?;
    Ok(())
}

/// The address for mail of an account, where one is stated.
pub async fn email(db: impl PgExecutor<'_>, user: UserId) -> Result<Option<String>, Error> {
    let query = sqlx::query_scalar("SELECT email FROM users WHERE id = $1").bind(user);
    let email: Option<Option<String>> = query.fetch_optional(db).await?;
    Ok(email.flatten())
}

/// The hash of a password.
pub async fn password(db: impl PgExecutor<'_>, user: UserId) -> Result<Option<String>, Error> {
    Ok(sqlx::query_scalar("SELECT password FROM users WHERE id = $1")
        .bind(user)
        .fetch_one(db)
        .await?)
}

/// Sets the address for mail.
pub async fn set_email(
    db: impl PgExecutor<'_>,
    user: UserId,
    email: Option<&str>,
) -> Result<(), Error> {
    sqlx::query("UPDATE users SET email = $2 WHERE id = $1")
        .bind(user)
        .bind(email)
        .execute(db)
        .await?;
    Ok(())
}

/// Sets the language of pages; that of the browser without one.
pub async fn set_language(
    db: impl PgExecutor<'_>,
    user: UserId,
    language: Option<Language>,
) -> Result<(), Error> {
    sqlx::query("UPDATE users SET language = $2 WHERE id = $1")
        .bind(user)
        .bind(language.map(Language::tag))
        .execute(db)
        .await?;
    Ok(())
}

/// Sets the name that others see.
pub async fn set_display_name(
    db: impl PgExecutor<'_>,
    user: UserId,
    name: &str,
) -> Result<(), Error> {
    sqlx::query("UPDATE users SET display_name = $2 WHERE id = $1")
        .bind(user)
        .bind(name)
        .execute(db)
        .await?;
    Ok(())
}

/// Keeps anybody from signing in with an account, or lets them again.
pub async fn disable(
    db: impl PgExecutor<'_>,
    user: UserId,
    is_disabled: bool,
) -> Result<(), Error> {
    sqlx::query(
        "UPDATE users SET disabled_at = CASE WHEN $2 THEN coalesce(disabled_at, now()) END WHERE id = $1",
    )
    .bind(user)
    .bind(is_disabled)
    .execute(db)
    .await?;
    Ok(())
}

/// Takes all roles away.
pub async fn take_roles(db: impl PgExecutor<'_>, user: UserId) -> Result<(), Error> {
    sqlx::query("DELETE FROM user_roles WHERE user_id = $1").bind(user).execute(db).await?;
    Ok(())
}

/// Leaves nothing of an account but its number.
pub async fn empty(db: impl PgExecutor<'_>, user: UserId) -> Result<(), Error> {
    sqlx::query(
        "UPDATE users SET name = 'erased-' || id, display_name = 'erased', email = NULL, \
             language = NULL, password = NULL, disabled_at = coalesce(disabled_at, now()) \
         WHERE id = $1",
    )
    .bind(user)
    .execute(db)
    .await?;
    Ok(())
}

/// How many can sign in as administrators of all sites.
pub async fn admins(db: impl PgExecutor<'_>) -> Result<i64, Error> {
    Ok(sqlx::query_scalar(
        "SELECT count(DISTINCT users.id) FROM users JOIN user_roles ON user_id = users.id \
         WHERE role = 'admin' AND site_id IS NULL AND disabled_at IS NULL \
             AND password IS NOT NULL AND NOT is_demo",
    )
    .fetch_one(db)
    .await?)
}

/// Holds until the end of a transaction that nobody else changes who there is or what they may do.
pub async fn lock(db: &mut PgConnection) -> Result<(), Error> {
    sqlx::query("LOCK TABLE users, user_roles IN SHARE ROW EXCLUSIVE MODE").execute(db).await?;
    Ok(())
}

#[derive(FromRow)]
struct PersonRow {
    id: UserId,
    name: String,
    display_name: String,
    email: Option<String>,
    has_password: bool,
    is_disabled: bool,
    last_seen: Option<chrono::DateTime<chrono::Utc>>,
}

/// Everybody by name, or one of them.
pub async fn list(pool: &PgPool, only: Option<UserId>) -> Result<Vec<Person>, Error> {
    let people: Vec<PersonRow> = sqlx::query_as(
        "SELECT id, name, display_name, email, password IS NOT NULL AS has_password, \
             disabled_at IS NOT NULL AS is_disabled, \
             (SELECT max(used_at) FROM sessions WHERE user_id = users.id) AS last_seen \
         FROM users WHERE NOT is_demo AND ($1::bigint IS NULL OR id = $1) ORDER BY name",
    )
    .bind(only)
    .fetch_all(pool)
    .await?;
    let roles: Vec<(UserId, Option<String>, Role)> = sqlx::query_as(
        "SELECT user_id, slug, role FROM user_roles LEFT JOIN sites ON sites.id = site_id \
         WHERE $1::bigint IS NULL OR user_id = $1 ORDER BY slug NULLS FIRST, role",
    )
    .bind(only)
    .fetch_all(pool)
    .await?;
    let mut roles_of: HashMap<UserId, Vec<PersonRole>> = HashMap::new();
    for (user, site, role) in roles {
        roles_of.entry(user).or_default().push(PersonRole { site, role });
    }
    let mut meters_of: HashMap<UserId, Vec<PersonMeter>> = HashMap::new();
    for (user, meter) in own_meters::of_people(pool, only).await? {
        meters_of.entry(user).or_default().push(meter);
    }
    let person = |row: PersonRow| Person {
        roles: roles_of.remove(&row.id).unwrap_or_default(),
        meters: meters_of.remove(&row.id).unwrap_or_default(),
        id: row.id,
        name: row.name,
        display_name: row.display_name,
        email: row.email,
        has_password: row.has_password,
        is_disabled: row.is_disabled,
        last_seen: row.last_seen,
    };
    Ok(people.into_iter().map(person).collect())
}
