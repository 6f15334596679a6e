//! MQTT brokers that meters name, and the name of this installation's sessions on them.

use sqlx::{FromRow, PgExecutor, PgPool};

use crate::Error;

/// A broker as stored.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct BrokerRow {
    pub name: String,
    /// Scheme, host and port.
    pub url: String,
    /// Who connects.
    pub username: Option<String>,
    /// The password, sealed.
    pub password: Option<String>,
    /// PEM of whom to trust to vouch for it.
    pub ca_certificate: Option<String>,
}

macro_rules! select {
    ($condition:literal) => {
        concat!(
            "SELECT name, url, username, password, ca_certificate FROM mqtt_brokers ",
            $condition
        )
    };
}

/// Every broker, by name.
pub async fn list(pool: &PgPool) -> Result<Vec<BrokerRow>, Error> {
    Ok(sqlx::query_as(select!("ORDER BY name")).fetch_all(pool).await?)
}

/// The broker of this name, which nobody else changes before the transaction ends.
pub async fn lock(db: impl PgExecutor<'_>, name: &str) -> Result<Option<BrokerRow>, Error> {
    Ok(sqlx::query_as(select!("WHERE name = $1 FOR UPDATE")).bind(name).fetch_optional(db).await?)
}

/// Stores a broker in place of the one of the same name.
pub async fn put(db: impl PgExecutor<'_>, broker: &BrokerRow) -> Result<(), Error> {
    sqlx::query(
        "INSERT INTO mqtt_brokers (name, url, username, password, ca_certificate) \
         VALUES ($1, $2, $3, $4, $5) \
         ON CONFLICT ON CONSTRAINT mqtt_brokers_pkey DO UPDATE SET url = excluded.url, \
             username = excluded.username, password = excluded.password, \
             ca_certificate = excluded.ca_certificate",
    )
    .bind(&broker.name)
    .bind(&broker.url)
    .bind(&broker.username)
    .bind(&broker.password)
    .bind(&broker.ca_certificate)
    .execute(db)
    .await?;
    Ok(())
}

/// The name by which brokers know the sessions of this installation.
pub async fn client_name(pool: &PgPool) -> Result<String, Error> {
    Ok(sqlx::query_scalar("SELECT name FROM mqtt_client").fetch_one(pool).await?)
}
