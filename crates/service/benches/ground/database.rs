//! A database of the benchmark's own.

use std::error::Error;

use sqlx::postgres::PgConnectOptions;
use sqlx::{ConnectOptions as _, PgPool};

/// Makes a database beside the one that `DATABASE_URL` names, so that each run starts from nothing,
/// with this version's schema.
pub(crate) async fn fresh() -> Result<PgPool, Box<dyn Error>> {
    let url = std::env::var("DATABASE_URL")?;
    let beside = storage::connect(&url).await?;
    sqlx::query("DROP DATABASE IF EXISTS wattlens_bench WITH (FORCE)").execute(&beside).await?;
    sqlx::query("CREATE DATABASE wattlens_bench").execute(&beside).await?;
    let options: PgConnectOptions = url.parse()?;
    let own = options.database("wattlens_bench").to_url_lossy();
    let pool = storage::connect(own.as_str()).await?;
    storage::migrate(&pool).await?;
    Ok(pool)
}
